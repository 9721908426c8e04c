"""Where the next record begins after a damaged one.

Two guesses, and both are needed: the brackets and quotes of the damaged record still balance (then it ends
there), or the text looks like the beginning of a record again (see :class:`Starts`).
"""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING

from curate.formats.json_shape import COMMENT, DECODER, FIELDS, HEAD, QUOTED

if TYPE_CHECKING:
    from collections.abc import Sequence

_FIRST_KEY = re.compile(r'\{[ \t\r\n]*+"([^"\\\n]*+)"[ \t\r\n]*+:')
_TOKEN = re.compile(rf'{QUOTED}(?:"|(\Z))|[\[\]{{}}]|{COMMENT}', re.DOTALL)
_LABEL = rf'{QUOTED}"[ \t\r\n]*+:[ \t\r\n]*+'
FLAT = [
    re.compile(rf'\{{[^\[{{]*\}}[ \t\r\n]*,[ \t\r\n]*(?={label}\{{[ \t\r\n]*")', re.DOTALL)
    for label in ("", _LABEL)
]
"""A record without lists and objects inside, up to the next record: in an array, and in an object by id."""
_MAYBE_KEY = re.compile(r"\{[ \t\r\n]*+[\"']?+(\w++)")
_MANY = 64  # objects to look at for the key that records begin with
_ENOUGH = 8  # a file whose records begin with more different keys is not known by them
_OPENER = {"]": "[", "}": "{"}


def tolerant_end(text: str, at: int, limit: int) -> int | None:
    """The end of the container or string at ``at`` if brackets and quotes balance before ``limit``.

    Strings may hold raw line breaks and any escapes here: what is wrong inside is for ``decode_row`` to say.
    """
    opened: list[str] = []
    for token in _TOKEN.finditer(text, at, limit):
        mark = token[0][0]
        if mark in "[{":
            opened.append(mark)
        elif mark in "]}" and opened.pop() != _OPENER[mark]:
            return None
        if not opened:
            return token.end() if token.lastindex is None else None
    return None


_S = r"[ \t\r\n]*+"
_FOLLOW = {
    "sequence": re.compile(rf"{_S},?+{_S}(?:[{{\[/]|\Z)"),
    "array": re.compile(rf"{_S},?+{_S}(?:[{{\[/]|\Z|\]{_S}(?:[{{\[]|\Z))"),
    "array in a wrapper": re.compile(rf'{_S},?+{_S}(?:[{{\[/]|\Z|\]{_S}(?:\}}|\Z|,{_S}"))'),
    "wrapper": re.compile(rf"{_S},?+{_S}(?:{_LABEL}|\Z|\}})", re.DOTALL),
    "keyed": re.compile(rf"{_S},?+{_S}(?:{_LABEL}\{{|\Z|\}})", re.DOTALL),
}
_BEFORE_NEXT = {
    "array": re.compile(rf"{_S},?+{_S}(?:[{{\[/]|\Z)"),
    "keyed": re.compile(rf"{_S},?+{_S}\Z"),
}


def fits(text: str, end: int, begin: int | None, frames: Sequence[str]) -> bool:
    """Whether a record can end at ``end``: quotes that are out of step make brackets balance by accident.

    Args:
        text: what is being looked at.
        end: where the brackets balance.
        begin: where the next record seems to begin.
        frames: the collections that are open.
    """
    kind = frames[-1] if frames else "sequence"
    if begin is not None:
        follow = _BEFORE_NEXT["keyed" if kind == "keyed" else "array"]
        return follow.match(text, end, begin) is not None
    return _FOLLOW["array in a wrapper" if len(frames) > 1 else kind].match(text, end) is not None


def _longest(text: str, at: int) -> str:
    """The first key of the longest object among the next ones that can be read."""
    best = done = 0
    key = ""
    for start in islice(_FIRST_KEY.finditer(text, at, at + HEAD), _MANY):
        if start.start() < done:
            continue
        try:
            size = DECODER.raw_decode(text[start.start() : start.start() + HEAD])[1]
        except (ValueError, RecursionError):
            continue
        done = start.start() + size
        if size > best:
            best, key = size, start[1]
    return key


class Starts:
    """How records begin in this file: the indentation of their lines, and their first keys.

    Where a record is damaged, the next place that looks like such a beginning is taken for the next record. A
    pattern that also occurs inside the last good record (trees with the same key at each level) is not used.
    """

    def __init__(self) -> None:
        self.indent: str | None = None
        self._guesses = 0
        self.is_sure = False  # no pattern in use occurs inside the last good record
        self.sample = ""
        self.keys: dict[str, None] = {}
        self._opening = "\0"
        self._known: tuple[str, str | None, int, bool] | None = None
        self._pattern = re.compile(r"(?!)")

    def knows(self, text: str, at: int) -> bool:
        """Whether the object at ``at`` begins like a record that was seen."""
        key = _FIRST_KEY.match(text, at)
        return key is not None and key[1] in self.keys

    def learn(self, text: str, start: int, end: int) -> None:
        """A good record."""
        self.sample = text[start:end]
        if not self.sample.startswith(self._opening):
            self._learn_key(text, start)

    def guess(self, text: str, at: int) -> None:
        """A damaged record where no good one was seen yet: take its own key, or that of a later record.

        Its own key may be what is damaged. Of the objects that can be read after it, the longest is a record
        and no part of one; it must have a key that only records have if the damaged one has a key that is fine.
        """
        if self.keys or self._guesses == _ENOUGH:
            return
        self._guesses += 1
        own, later = _FIRST_KEY.match(text, at), _longest(text, at + 1)
        if own and (own[1] == later or later not in FIELDS):
            self.keys[own[1]] = None
        elif later:
            self.keys[later] = None
        elif key := _MAYBE_KEY.match(text, at):
            self.keys[key[1]] = None

    def _learn_key(self, text: str, at: int) -> None:
        key = _FIRST_KEY.match(text, at)
        if key:
            self._opening = key[0]
            if len(self.keys) < _ENOUGH:
                self.keys[key[1]] = None

    def pattern(self, *, keyed: bool) -> re.Pattern[str]:
        """What the beginning of the next record, or the end of the collection, looks like."""
        known = (self.sample, self.indent, len(self.keys), keyed)
        if known != self._known:
            self._known = known
            chosen = [p for p in self._candidates(keyed=keyed) if not re.search(p, self.sample[1:])]
            self.is_sure = bool(chosen)
            self._pattern = re.compile("|".join(chosen or self._candidates(keyed=keyed)), re.DOTALL)
        return self._pattern

    def _candidates(self, *, keyed: bool) -> list[str]:
        label = _LABEL if keyed else ""
        made = []
        if self.indent is not None:
            made.append(rf"\n{re.escape(self.indent)}(?={label}\{{)")
            made.append(rf"\n[ \t]{{0,{len(self.indent) - 1}}}(?=[\]}}])" if self.indent else r"\n(?=\])")
        if self.keys:
            keys = "|".join(map(re.escape, self.keys))
            made.append(rf'{label}\{{[ \t\r\n]*+"(?:{keys})"[ \t\r\n]*+:')
        return made or [rf'\}}[ \t\r\n]*+,[ \t\r\n]*+(?={label}\{{[ \t\r\n]*+")']
