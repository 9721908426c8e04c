"""What is known of a chunk while its rows are repaired, and what of it is told at the end."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, NamedTuple, TypeVar

import polars as pl

from curate.core.fix_plan import KINDS
from curate.engines.private import taken_out
from curate.engines.repairing_locks import words_of
from curate.engines.repairing_records import TableRecords, TextRecords
from curate.engines.repairing_results import Edit, Repaired, RowEdit, Sample
from curate.engines.repairing_texts import Change, apply

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from curate.engines.repairing_locks import Spot
    from curate.engines.repairing_rows import Share
    from curate.formats.parse import Parsed


Key = TypeVar("Key")


@dataclass
class Row:
    """A row under repair.

    Attributes:
        texts: before any change, by pointer.
        changes: of these texts.
        base: the changes as they stood before terminology and grammar.
        hash: of the content as it is now.
    """

    texts: dict[str, str] = field(default_factory=dict)
    changes: dict[str, list[Change]] = field(default_factory=dict)
    base: dict[str, list[Change]] = field(default_factory=dict)
    hash: int = 0

    def expected(self) -> Iterable[tuple[str, str]]:
        """The texts as they must be read again."""
        return ((at, apply(self.texts[at], changes)) for at, changes in self.changes.items())

    def news(self, parts: Collection[str] = (), of: Mapping[str, str] | None = None) -> list[str]:
        """The classes of the edits that are not in ``base``, one for each finding that asked for one.

        Args:
            parts: only edits in texts of these parts; all if there are none.
            of: the part of each text.
        """
        names: Counter[str] = Counter()
        for at, changes in self.changes.items():
            if not parts or (of or {}).get(at) in parts:
                names += _names(changes) - _names(self.base.get(at, ()))
        return list(names.elements())


def _names(changes: Iterable[Change]) -> Counter[str]:
    return Counter(name for change in changes for name in change.names)


class Suggested(NamedTuple):
    """What is only suggested for a text as it stands."""

    spot: Spot
    change: Change
    refused: str


class Noted:
    """What is not made, and why. Of what a stage says, its last look counts: it saw the row as it is written."""

    def __init__(self) -> None:
        self.left: dict[tuple[str, str], Counter[tuple[int, str]]] = {}
        self._suggested: dict[tuple[int, int], list[Suggested]] = {}
        self._reported: dict[tuple[int, int], list[str]] = {}
        self._unchecked: dict[tuple[int, int], list[tuple[str, str]]] = {}
        self._own: dict[tuple[int, int], list[tuple[str, str]]] = {}

    def forget(self, stage: int, rows: Iterable[int]) -> None:
        """A stage looks at rows again."""
        for row in rows:
            for kept in (self._suggested, self._reported, self._unchecked, self._own):
                kept.pop((row, stage), None)

    def leave(self, row: int, at: str | None, reason: str, checks: Iterable[str]) -> None:
        """Count repairs of checks that are left in a text; what later looks leave there again is counted once."""
        for check, findings in Counter(checks).items():
            known = self.left.setdefault((check, reason), Counter())
            known[row, at or ""] = max(known[row, at or ""], findings)

    def refuse_own(self, stage: int, row: int, spot: Spot, check: str) -> None:
        """A repair of a check that is not made."""
        self._own.setdefault((row, stage), []).append((spot.part, check))

    def suggest(self, stage: int, row: int, suggested: Mapping[Spot, Sequence[tuple[Change, str]]]) -> None:
        """Edits that are only suggested."""
        made = [Suggested(spot, *one) for spot, several in suggested.items() for one in several]
        if made:
            self._suggested[row, stage] = made

    def report(self, stage: int, row: int, reported: Mapping[Spot, Sequence[str]]) -> None:
        """Classes of edits that are only counted."""
        names = [name for several in reported.values() for name in several]
        if names:
            self._reported[row, stage] = names

    def unchecked(self, stage: int, kind: str, texts: pl.DataFrame) -> None:
        """Texts that an editor of a kind could not look at."""
        for row, reason in texts.select("row", "reason").iter_rows():
            self._unchecked.setdefault((row, stage), []).append((kind, reason))

    def refusals(self, row: int) -> Iterator[tuple[str, str]]:
        """Part and class of the edits that are refused in a row as it stands."""
        for stage in range(len(KINDS)):
            for one in self._suggested.get((row, stage), ()):
                if one.refused:
                    yield one.spot.part, one.change.check
            yield from self._own.get((row, stage), ())

    def suggestions(self) -> dict[int, tuple[Edit, ...]]:
        """What is suggested for each row, in the order of the stages."""
        by_row: dict[int, list[Edit]] = defaultdict(list)
        for (row, _), several in sorted(self._suggested.items(), key=lambda item: item[0]):
            for spot, change, refused in several:
                before = spot.text[change.start : change.end]
                by_row[row].append(Edit(spot.at, change, before, is_made=False, refused=refused))
        return {row: tuple(edits) for row, edits in by_row.items()}

    def texts(self) -> dict[tuple[int, str], str]:
        """The texts for which something is suggested, by row and pointer."""
        return {
            (row, one.spot.at): one.spot.text for (row, _), many in self._suggested.items() for one in many
        }

    def reports(self) -> dict[str, tuple[int, int]]:
        """What is only counted and the rows that it is in, by class."""
        return _counted((row, name) for (row, _), names in self._reported.items() for name in names)

    def unlooked(self) -> dict[tuple[str, str], tuple[int, int]]:
        """Texts that were not looked at and their rows, by kind and by reason."""
        return _counted((row, why) for (row, _), several in self._unchecked.items() for why in several)


def _counted(pairs: Iterable[tuple[int, Key]]) -> dict[Key, tuple[int, int]]:
    counts: Counter[Key] = Counter()
    rows: dict[Key, set[int]] = defaultdict(set)
    for row, key in pairs:
        counts[key] += 1
        rows[key].add(row)
    return {key: (count, len(rows[key])) for key, count in counts.items()}


class Told(NamedTuple):
    """What became of the rows of a chunk."""

    parsed: Parsed
    records: TextRecords | TableRecords
    rows: Mapping[int, Row]
    noted: Noted


def concluded(told: Told, share: Share, samples: int) -> Repaired:
    """What a chunk gives, with so many samples of each class of edit."""
    changed = [row for row in sorted(told.rows) if any(told.rows[row].changes.values())]
    suggestions = told.noted.suggestions()
    rows = told.parsed.batch.rows
    speaking = sorted({*changed, *suggestions})
    lines = dict(rows.filter(pl.col("row").is_in(speaking)).select("row", "line").iter_rows())
    edited = tuple(_row_edit(told, row, lines[row], suggestions.get(row, ())) for row in speaking)
    last = share.is_last
    return Repaired(
        file=share.chunk.file,
        size=len(share.chunk.blob) if last else 0,
        records=told.parsed.records if last else 0,
        index=_index(told, changed, speaking),
        rows=edited,
        columns={} if isinstance(told.records, TextRecords) else told.records.columns(changed),
        left={key: (found.total(), len({row for row, _ in found})) for key, found in told.noted.left.items()},
        unread=tuple(told.parsed.quarantine.select("line", "row", "reason").rows()) if last else (),
        samples=tuple(_samples(told, edited, samples)) if samples else (),
        left_out=len(told.parsed.left_out) if last else 0,
        reported=told.noted.reports(),
        unchecked=told.noted.unlooked(),
    )


def _index(told: Told, changed: Sequence[int], speaking: Sequence[int]) -> pl.DataFrame:
    hashes = pl.DataFrame(
        {"row": changed, "new_hash": [told.rows[row].hash for row in changed]},
        schema={"row": pl.Int64, "new_hash": pl.UInt64},
    )
    rows = told.parsed.batch.rows.select("row", "hash")
    index = rows.join(hashes, on="row", how="left", maintain_order="left")
    return index.select(
        "hash",
        pl.coalesce("new_hash", "hash").alias("new_hash"),
        pl.col("row").is_in(list(speaking)).alias("told"),
    )


def _row_edit(told: Told, row: int, line: int | None, suggestions: tuple[Edit, ...]) -> RowEdit:
    known = told.rows.get(row, Row())
    edits = tuple(
        Edit(at, change, known.texts[at][change.start : change.end])
        for at, changes in known.changes.items()
        for change in changes
    )
    is_spliced = bool(edits) and isinstance(told.records, TextRecords)
    splice = told.records.splice(row) if is_spliced and isinstance(told.records, TextRecords) else None
    return RowEdit(row, line, splice, edits, suggestions)


def _samples(told: Told, rows: Sequence[RowEdit], most: int) -> Iterator[Sample]:
    taken: Counter[tuple[str, bool, str]] = Counter()
    texts = told.noted.texts()
    for one in rows:
        edits = (*one.edits, *one.suggestions)
        private = taken_out((edit.change.names, edit.before) for edit in edits)
        for edit in edits:
            if taken[edit.group] < most:
                taken[edit.group] += 1
                yield replace(_sample(told, one, edit, texts), private=private)


def _sample(told: Told, one: RowEdit, edit: Edit, texts: Mapping[tuple[int, str], str]) -> Sample:
    if not edit.is_made:
        text = texts[one.row, edit.at]
        after = apply(text, [edit.change])
        held = words_of(edit.refused, text, edit.change)
        return Sample(one.row, one.line, edit, text, after, edit.change.start, held=held)
    known = told.rows[one.row]
    text, changes = known.texts[edit.at], known.changes[edit.at]
    before = changes[: changes.index(edit.change)]
    start = len(apply(text[: edit.change.start], before))
    return Sample(one.row, one.line, edit, text, apply(text, changes), start)
