"""Where personal data stands in the texts of some rows: by the checks, the user's patterns and the user's list.

What is found once in a row is found wherever it stands in the row, in any spelling: a number that a word beside it
gives away in one turn is the same number where it stands alone in the next.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

import polars as pl

from curate.checks.pii.card import Card
from curate.checks.pii.email import Email
from curate.checks.pii.iban import Iban
from curate.checks.pii.ip import Ip
from curate.checks.pii.nhs import Nhs
from curate.checks.pii.phone import Phone
from curate.checks.pii.secret import Secret
from curate.checks.pii.ssn import Ssn
from curate.fixing.seen import as_batch
from curate.text.known_names import Hit, settle
from curate.text.linear_search import spans_of, whole_matches
from curate.text.placeholders import STANDING
from curate.text.spellings import folded, spelled

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from curate.core.check import RowCheck
    from curate.fixing.pii_known import Listed

CHECKS: dict[str, type[RowCheck]] = {
    "secret": Secret,
    "email": Email,
    "card": Card,
    "iban": Iban,
    "ssn": Ssn,
    "nhs": Nhs,
    "phone": Phone,
    "ip": Ip,
}
"""What is found without any list, by kind."""

_DIGITS = ("card", "ssn", "nhs", "phone")
"""Kinds whose keys are digits, the one with the strictest test first."""


class Place(NamedTuple):
    """A place in a text, its kind, and the key of the value or person that stands there."""

    start: int
    end: int
    kind: str
    key: str


class Wanted(NamedTuple):
    """What to look for.

    Attributes:
        kinds: of ``CHECKS``.
        patterns: name and expression of the user's own.
        listed: the user's list.
        allow: check and expression; a value that an expression matches whole stays.
    """

    kinds: tuple[str, ...]
    patterns: tuple[tuple[str, str], ...]
    listed: Listed | None
    allow: tuple[tuple[str, str], ...]

    def spares(self, kind: str, value: str) -> bool:
        """Whether the user lets a value stay."""
        about = (f"pii.{kind}", "pii")
        known = pl.Series([value], dtype=pl.String)
        return any(
            whole_matches(re.compile(pattern), known).any() for check, pattern in self.allow if check in about
        )


def places(texts: pl.DataFrame, wanted: Wanted) -> list[list[Place]]:
    """The places of each text, sorted and without overlaps.

    Args:
        texts: lines with ``row``, ``at``, ``part``, ``role`` and ``text``, those of a row together.
        wanted: what to look for.
    """
    contents = texts["text"].to_list()
    known: list[list[Place]] = [[] for _ in contents]
    for line, place in (*_by_checks(texts, wanted), *_by_patterns(texts["text"], wanted)):
        known[line].append(place)
    rows = texts.with_row_index("line").group_by("row", maintain_order=True).agg("line")
    for lines in rows["line"].to_list():
        _look_everywhere(lines, contents, known, wanted)
    return [_resolved(text, found) for text, found in zip(contents, known, strict=True)]


def _by_checks(texts: pl.DataFrame, wanted: Wanted) -> Iterator[tuple[int, Place]]:
    batch = as_batch(texts)
    at = {place: line for line, place in enumerate(texts.select("row", "at").iter_rows())}
    contents = texts["text"]
    for kind in wanted.kinds:
        hits = CHECKS[kind]().examine(batch).select("row", "at", "start", "end")
        for row, pointer, start, end in hits.iter_rows():
            line = at[row, pointer]
            value = contents[line][start:end]
            if not wanted.spares(kind, value):
                yield line, Place(start, end, kind, folded(kind, value))


def _by_patterns(texts: pl.Series, wanted: Wanted) -> Iterator[tuple[int, Place]]:
    for name, pattern in wanted.patterns:
        for line, spans in enumerate(spans_of(pattern, texts)):
            for start, end in spans:
                value = texts[line][start:end]
                if not wanted.spares(name, value):
                    yield line, Place(start, end, name, value)


def _look_everywhere(
    lines: Sequence[int], contents: Sequence[str], known: list[list[Place]], wanted: Wanted
) -> None:
    """Add, for one row, the listed names and every other place of each value that is known."""
    _agree(lines, known)
    values = {(place.kind, place.key) for line in lines for place in known[line]}
    if wanted.listed:
        for line in lines:
            values.update(wanted.listed.present(contents[line]))
    for kind, key in sorted(values):
        pattern = spelled(kind, key)
        for line in lines:
            for hit in pattern.finditer(contents[line]):
                if not wanted.spares(kind, hit[0]):
                    known[line].append(Place(*hit.span(), kind, key))
    for kind, names in wanted.listed.words.items() if wanted.listed else ():
        hits: list[list[Hit]] = [names.find(contents[line]) for line in lines]
        for line, settled in zip(lines, settle(hits), strict=True):
            known[line] += [Place(hit.start, hit.end, kind, who) for hit, who in settled]


def _agree(lines: Sequence[int], known: list[list[Place]]) -> None:
    """The same digits are one number: where two checks see it, the one that holds it for the rarer thing names it."""
    kinds: dict[str, str] = {}
    for place in (place for line in lines for place in known[line] if place.kind in _DIGITS):
        kinds[place.key] = min(kinds.get(place.key, place.kind), place.kind, key=_DIGITS.index)
    for line in lines:
        known[line] = [
            place._replace(kind=kinds[place.key]) if place.kind in _DIGITS else place for place in known[line]
        ]


def _resolved(text: str, found: Iterable[Place]) -> list[Place]:
    """Without overlaps, the longest first; what a placeholder holds already is no place."""
    taken = [hit.span() for hit in STANDING.finditer(text)] if "[" in text else []
    chosen: list[Place] = []
    for place in sorted(found, key=lambda one: (one.start - one.end, one.start, one.kind, one.key)):
        if all(place.end <= start or end <= place.start for start, end in taken):
            taken.append((place.start, place.end))
            chosen.append(place)
    return sorted(chosen)
