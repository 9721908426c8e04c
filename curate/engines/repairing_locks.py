"""The locks that hold for edits of an editor: nothing protected, nothing that carries meaning, nothing copied.

They look at nothing but the text, the edit and what the row says elsewhere, so what is refused once is refused by the
next run as well.
"""

from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from curate.engines.repairing_texts import Change, apply, keeps_digits
from curate.text.backquotes import code_spans

if TYPE_CHECKING:
    from collections.abc import Sequence

    from curate.protect import Given, Protected

ANSWERS = ("target", "rejected")
"""Parts that are taught, and may be copied from what is given."""

REMEMBERED = 256
"""Texts of which protected spans and words are kept."""

COPIED = "copy"
DIGITS = "its digits would change"
JOINS = "what it keeps apart would become one word or number"

TOGETHER = "all edits of the row taken back: together they change its "
"""Stands before the kinds of meaning where no single edit is at fault, and so the whole row goes back."""

WORKED = re.compile(r"<<[^<>\n]*=[^<>\n]*>>|^#### \S", re.MULTILINE)
"""Calculator annotations and the marked result of a worked answer (Cobbe et al., Training verifiers to solve math word
problems, 2021): programs read such a text, letter by letter."""

FOREIGN = "foreign"

FREED = {"unit": ("number",), "acronym": ("acronym", "mixed"), "name": ("name", "mixed"), FOREIGN: (FOREIGN,)}
"""Kinds of protected places that an edit may reach into, by what it declares: to change such a meaning, or to come from
an engine that speaks the language of the text."""


class Spot(NamedTuple):
    """A text of a row.

    Attributes:
        at: RFC 6901 pointer.
        part: prompt, target, context or rejected.
        text: as it stands now.
        elsewhere: of an answer, what is given; of what is given, the answers: text that stands in both stays in both.
        is_call: whether it is the arguments of a tool call.
        beside: of an answer of a preference, what the other answer says.
    """

    at: str
    part: str
    text: str
    elsewhere: str
    is_call: bool = False
    beside: str = ""


def refused(spot: Spot, change: Change) -> str:
    """Which lock holds an edit back, or nothing."""
    if not _keeps_shape(spot.text, change):
        return "meaning: lines"
    if not keeps_digits(spot.text, [change]):
        return "meaning: number"
    kind = "maths" if WORKED.search(spot.text) else _touched(spot.text, change)
    if kind:
        return f"protected: {kind}"
    if _given(spot.elsewhere).copied(spot.text, change.start, change.end):
        return COPIED
    return meaning(spot.text, apply(spot.text, [change]), change.declared)


def damaging(spot: Spot, change: Change) -> str:
    """Why a repair of characters is not made, or nothing: a digit, code and its like, or two words that it would join.

    Tokens of templates look like markup, and end commands as they end prose: they are held back between fences and
    backquotes alone. A control character in a formula may be what is left of a command: its backslash may be put
    back.
    """
    from curate.protect import AS_WRITTEN, joins  # noqa: PLC0415 (loads much)

    if not keeps_digits(spot.text, [change]):
        return DIGITS
    free = frozenset[str]()
    if change.check.startswith("template."):
        return "protected: code" if _is_shown(spot.text, change) else ""
    if change.check == "text.control" and change.after.startswith("\\"):
        free = frozenset(("maths",))
    elif change.check == "text.escape":
        free = AS_WRITTEN
    for one in _protected(spot.text):
        if one.kind in AS_WRITTEN - free and _reaches(spot.text, change, one):
            return f"protected: {one.kind}"
    return JOINS if joins(spot.text, change.start, change.end, change.after) else ""


def _is_shown(text: str, change: Change) -> bool:
    """Whether a token stands between fences or backquotes."""
    spans = code_spans(text)
    return any(start < change.end and change.start < end for start, end in spans)


def meaning(before: str, after: str, declared: frozenset[str]) -> str:
    """What of the meaning of a text is not as before, or nothing."""
    from curate.protect import broken  # noqa: PLC0415 (loads much)

    kinds = broken(before, after, declared - {FOREIGN})
    return f"meaning: {', '.join(dict.fromkeys(kinds))}" if kinds else ""


def words_of(lock: str, text: str, change: Change) -> tuple[str, ...]:
    """The words because of which a lock holds an edit back: the protected place, or what the edit would change."""
    if lock.startswith("protected: "):
        hit = next((one for one in _protected(text) if _reaches(text, change, one)), None)
        return (text[hit.start : hit.end],) if hit else ()
    if lock.startswith("meaning: "):
        before, after = (_WORD.findall(one) for one in (text, apply(text, [change])))
        differing = [*(Counter(before) - Counter(after)), *(Counter(after) - Counter(before))]
        return tuple(dict.fromkeys(differing))
    return (text[change.start : change.end],) if lock == COPIED else ()


_WORD = re.compile(r"\w+(?:['’.,-]\w+)*|[^\w\s]")


def _keeps_shape(text: str, change: Change) -> bool:
    return text.count("\n", change.start, change.end) == change.after.count("\n")


def _touched(text: str, change: Change) -> str:
    """The kind of the protected place that an edit reaches into, or nothing; what it declares is free to it."""
    free = frozenset[str]().union(*(FREED.get(kind, ()) for kind in change.declared))
    for one in _protected(text):
        if one.end < change.start:
            continue
        if one.start > change.end:
            break
        if one.kind not in free and _reaches(text, change, one):
            return one.kind
    return ""


def _reaches(text: str, change: Change, one: Protected) -> bool:
    """Whether an edit has a character in common with a protected place, or grows a word at one of its ends."""
    if change.start < one.end and one.start < change.end:
        return True
    if change.start < change.end:
        return False
    if one.start < change.start < one.end:
        return True
    edge = text[one.end - 1 : one.end] + change.after[:1] if change.start == one.end else ""
    edge = change.after[-1:] + text[one.start : one.start + 1] if change.start == one.start else edge
    return edge.isalnum() and len(edge) == len("ab")


@lru_cache(REMEMBERED)
def _protected(text: str) -> Sequence[Protected]:
    from curate.protect import protected_spans  # noqa: PLC0415 (loads much)

    return protected_spans(text)


@lru_cache(REMEMBERED)
def _given(text: str) -> Given:
    from curate.protect import Given  # noqa: PLC0415 (loads much)

    return Given(text)
