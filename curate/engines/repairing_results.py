"""What repairing a chunk gives: rows with their edits and suggestions, and what was left, and why."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    import polars as pl

    from curate.engines.repairing_bytes import Splice
    from curate.engines.repairing_texts import Change


class Edit(NamedTuple):
    """A change of the text at a JSON pointer, and what stood there before.

    Attributes:
        at: the pointer.
        change: of the text before any edit if it was made; of the text as it is written if it is only suggested.
        before: what stands in its span.
        is_made: whether it was made.
        refused: of a suggestion that could have been made, what held it back.
    """

    at: str
    change: Change
    before: str
    is_made: bool = True
    refused: str = ""

    @property
    def group(self) -> tuple[str, bool, str]:
        """What is counted and shown together: class, whether it was made, and what held it back."""
        return self.change.check, self.is_made, self.refused


@dataclass(frozen=True)
class RowEdit:
    """A row with edits or suggestions.

    Attributes:
        row: number in the chunk, from 0.
        line: as in the batch.
        splice: what becomes of its bytes, as offsets in the decoded file; None in tables, and where nothing changes.
        edits: in the order of the row's texts.
        suggestions: of the row as it is written.
    """

    row: int
    line: int | None
    splice: Splice | None
    edits: tuple[Edit, ...]
    suggestions: tuple[Edit, ...] = ()


@dataclass(frozen=True)
class Sample:
    """An edit or a suggestion with the whole text around it, before any edit and after all.

    Of a suggestion: the text as it is written, and with the suggestion.

    Attributes:
        row: number in the chunk, from 0.
        line: as in the batch.
        edit: the edit or the suggestion.
        text: before.
        repaired: after.
        start: where what was put in begins in ``repaired``.
        private: what is personal in the row, since an edit takes it out or would; shown nowhere.
        held: of a suggestion that a lock holds back, the words because of which it does.
    """

    row: int
    line: int | None
    edit: Edit
    text: str
    repaired: str
    start: int
    private: tuple[str, ...] = ()
    held: tuple[str, ...] = ()


@dataclass(frozen=True)
class Repaired:
    """What one chunk gives, or one share of it.

    Attributes:
        file: index of the file.
        size: bytes of the chunk; 0 of all shares but the last.
        records: rows, and records that cannot be read or are left out; 0 of all shares but the last.
        index: ``hash, new_hash, told`` of each row in order; the hashes differ where it is edited, and it is told
            where it has edits or suggestions.
        rows: the rows with edits or suggestions, in order.
        columns: of tables, the new values by column, and the rows that they belong to.
        left: findings that are not repaired and the rows that they are in, by check and by the reason why.
        unread: line, number in the chunk and reason of records that cannot be read.
        samples: the first edits of each check.
        left_out: rows that the mapping leaves out.
        reported: what is only counted and the rows that it is in, by the class of the edit.
        unchecked: texts that an editor could not look at and their rows, by its kind and by the reason.
    """

    file: int
    size: int
    records: int
    index: pl.DataFrame
    rows: tuple[RowEdit, ...]
    columns: Mapping[str, tuple[list[int], pl.Series]]
    left: Mapping[tuple[str, str], tuple[int, int]]
    unread: tuple[tuple[int, int, str], ...]
    samples: tuple[Sample, ...] = ()
    left_out: int = 0
    reported: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    unchecked: Mapping[tuple[str, str], tuple[int, int]] = field(default_factory=dict)
