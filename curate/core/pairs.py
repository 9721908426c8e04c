"""What a deduplication did: facts only, complete before anything is rendered. Texts are masked and cut here already."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from curate.core.report import Place, RowAccount

DEDUP_SCHEMA = "curate.dedup/1"
"""The version of the JSON; a field is only ever added within one version."""


class Piece(NamedTuple):
    """A stretch of a text beside another one.

    Attributes:
        text: what it says; empty where it is left out.
        is_changed: whether it stands in this text only.
        skipped: characters that are left out here.
    """

    text: str
    is_changed: bool = False
    skipped: int = 0


class Section(NamedTuple):
    """A turn of a row: who speaks, or ``answer``; ``pieces`` is None where it says what the kept row says."""

    name: str
    pieces: tuple[Piece, ...] | None


@dataclass(frozen=True)
class Side:
    """A row as it is shown.

    Attributes:
        place: where it is.
        head: the beginning of its ask; empty if no text may be shown.
        sections: its ask, turn by turn, and its answers; turns that are the same in all rows of the group are
            left out, unless the ask ends with them.
    """

    place: Place
    head: str = ""
    sections: tuple[Section, ...] = ()


@dataclass(frozen=True)
class Member:
    """A row beside the one that is kept for it, or that it only looks like.

    Attributes:
        side: the row.
        similarity: of the asks (without the guard, of the whole rows), 0 to 1.
        differences: kind, what stands in this row, what in the other; masked and cut, or empty.
        why: why it goes; empty where it stays.
        is_exact: whether it is a copy of the other row, letter for letter.
    """

    side: Side
    similarity: float
    differences: tuple[tuple[str, str, str], ...]
    why: str = ""
    is_exact: bool = False


@dataclass(frozen=True)
class Group:
    """A row that is kept, and the rows that are compared with it.

    Attributes:
        kind: ``removed``, ``copies``, ``known`` (the kept row stands in other data), or what rows that stay are to
            each other, such as ``variant``.
        kept: the row that is kept.
        members: the others.
        more: further members, which are not shown.
        same_turns: turns that are left out, since all rows of the group have them.
    """

    kind: str
    kept: Side
    members: tuple[Member, ...]
    more: int = 0
    same_turns: int = 0

    @property
    def is_removal(self) -> bool:
        """Whether the members go."""
        return self.kind in {"removed", "copies", "known"}


@dataclass(frozen=True)
class Removals:
    """What a deduplication did.

    Attributes:
        version: of curate.
        rows: the account.
        checks: dropped rows by what decided, most first.
        variants: rows that look like another and stay; None if they were not looked for.
        conflicts: asks with several answers that stay; None without the guard.
        guard: whether asks and answers were compared, or whole rows by similarity alone.
        threshold: similarity of shingles from which rows look alike.
        ngram: words of a shingle.
        inputs: what was read.
        outputs: what was written, one for each input.
        ledger: where all removed rows are.
        near_groups: kept rows for which others go that are no copies.
        copy_groups: kept rows of which copies go.
        known_rows: rows that go because the data they were held against has them.
        groups: removed rows beside the kept ones, near ones first.
        known: rows that other data has, each beside that row.
        alike: rows that look alike, and stay.
        masked: whether secrets and personal data are masked.
        shows_text: whether text of rows is shown.
    """

    version: str
    rows: RowAccount
    checks: tuple[tuple[str, int], ...]
    variants: int | None
    conflicts: int | None
    guard: bool
    threshold: float
    ngram: int
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    ledger: str
    near_groups: int
    copy_groups: int
    known_rows: int
    groups: tuple[Group, ...]
    known: tuple[Group, ...]
    alike: tuple[Group, ...]
    masked: bool
    shows_text: bool
