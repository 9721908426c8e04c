"""Whether what an edit takes out of one answer of a preference stands in the other one as well.

A slip that is mended in one answer alone becomes a sign by which the two are told apart, and the model learns the sign.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from curate.engines.repairing_locks import ANSWERS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from curate.engines.repairing_locks import Spot
    from curate.engines.repairing_texts import Change

EXEMPT = ("pii.",)
"""Personal data goes wherever it is found."""

_SHORT = 4
"""Words of fewer letters stand in every text; they count together with the word before or behind."""

_LAST_WORD = re.compile(r"\w+\W*\Z")
_FIRST_WORD = re.compile(r"\W*\w+")
_REACH = 80


def standing(chosen: Mapping[Spot, Sequence[Change]], characters: Sequence[str]) -> frozenset[str]:
    """The classes of edits that would leave in the other answer what they take out of one.

    Args:
        chosen: by text, the edits to make.
        characters: families of edits that repair characters, which count by character and not by word.
    """
    answers = [(spot, one) for spot, several in chosen.items() if spot.part in ANSWERS for one in several]
    made: Counter[tuple[str, str, str]] = Counter()
    keyed = []
    for spot, one in answers:
        if not one.check.startswith(EXEMPT) and spot.beside:
            is_character = one.check.partition(".")[0] in characters
            forms = tuple(_forms(spot.text, one, is_character=is_character))
            key = one.check, spot.text[one.start : one.end].strip().casefold()
            made[*key, spot.part] += 1
            keyed.append((spot, key, forms, is_character))
    return frozenset(
        key[0]
        for spot, key, forms, is_character in keyed
        if _count(spot.beside, forms, is_character=is_character)
        > sum(made[*key, part] for part in ANSWERS if part != spot.part)
    )


def _forms(text: str, change: Change, *, is_character: bool) -> Iterator[str]:
    """What to look for in the other answer: the words that go, each short one with a neighbour."""
    start, end = change.start, change.end
    if is_character:
        yield text[start:end].strip("\n\t ") or text[start:end]
        return
    while start and text[start - 1].isalnum() and (start == end or text[start].isalnum()):
        start -= 1
    while end < len(text) and text[end].isalnum() and end > start and text[end - 1].isalnum():
        end += 1
    before = _LAST_WORD.search(text[max(0, start - _REACH) : start])
    behind = _FIRST_WORD.match(text, end, end + _REACH)
    first = start - len(before[0]) if before else start
    last = behind.end() if behind else end
    core = text[start:end].strip()
    if not any(map(str.isalnum, core)):
        yield text[first:last]
    elif len(core) < _SHORT:
        yield from (one for one in (text[first:end], text[start:last]) if len(one.strip()) > len(core))
    else:
        yield core


def _count(text: str, forms: Sequence[str], *, is_character: bool) -> int:
    if is_character:
        return sum(map(text.count, forms))
    wanted = "|".join(r"\s+".join(map(re.escape, form.split())) for form in forms if form.strip())
    return len(re.findall(rf"(?<!\w)(?:{wanted})(?!\w)", text, re.IGNORECASE)) if wanted else 0
