"""What a fix did: counted while it reads, in order, and told at the end."""

from __future__ import annotations

import pickle
from collections import Counter
from dataclasses import dataclass, field
from typing import IO, TYPE_CHECKING, NamedTuple

import polars as pl

from curate.core.report import RowAccount
from curate.engines.examples import key_of
from curate.engines.repairing_rows import NONE, Share

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path

    from curate.core.plan import Plan
    from curate.engines.local import Engine
    from curate.engines.repairing_results import Repaired, RowEdit, Sample
    from curate.engines.scan import Progress
    from curate.formats.read import Opened

SAMPLES = 10
"""Edits of each class, and suggestions, that are given with their texts, if samples are asked for."""

MOST_UNREAD = 5
"""Records that cannot be read that are named; all are counted."""


@dataclass(frozen=True)
class Unread:
    """A record that cannot be read and stays as it is; ``row`` counts from 1 in its file."""

    file: str
    line: int | None
    row: int
    reason: str


@dataclass(frozen=True)
class Fixed:
    """What was done.

    Attributes:
        rows: rows in = kept + quarantined; edited ones are among the kept. Nothing is left out: what cannot be read
            is in the output, too, as it stands.
        edits: class of the edit (the name of a check, or an editor's), its edits and the rows that they are in;
            most edits first.
        left: name of a check, why findings of it were not repaired, how many, and in how many rows; most findings
            first.
        unread: how many records cannot be read.
        unread_examples: the first of them.
        inputs: what was read.
        outputs: what was written, one file for each input; none in a dry run.
        ledger: where the edits are; None in a dry run.
        samples: if asked for, the first edits and suggestions of each class, with the name of the file and the row
            number in it.
        left_out: rows that the mapping leaves out: they are among the kept, and were not looked at.
        suggestions: class of the edit, the lock that held it back (empty where it is only suggested), how many, and
            in how many rows; most first.
        reported: class of the edit, how many are only counted, and in how many rows.
        unchecked: kind of edit, why texts were not looked at, how many texts, and in how many rows. They are not
            clean: nobody knows.
        notes: what was not looked at on this machine, with the command that mends it.
    """

    rows: RowAccount
    edits: tuple[tuple[str, int, int], ...]
    left: tuple[tuple[str, str, int, int], ...]
    unread: int
    unread_examples: tuple[Unread, ...]
    inputs: tuple[str, ...]
    outputs: tuple[Path, ...] = ()
    ledger: Path | None = None
    samples: tuple[tuple[str, int, Sample], ...] = ()
    left_out: int = 0
    suggestions: tuple[tuple[str, str, int, int], ...] = ()
    reported: tuple[tuple[str, int, int], ...] = ()
    unchecked: tuple[tuple[str, str, int, int], ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def is_checked(self) -> bool:
        """Whether every text was looked at that was to be."""
        return not self.unchecked


class Target(NamedTuple):
    """Where the outputs and the ledger go."""

    files: Sequence[Path]
    ledger: Path


class Kept(NamedTuple):
    """What is kept of a chunk until the second pass; ``first`` is the number of its first row in the file."""

    first: int
    rows: tuple[RowEdit, ...]
    columns: dict[str, tuple[list[int], pl.Series]]


@dataclass
class Gathered:
    """The results of the first pass, in order; changed rows are spooled to a file."""

    opened: Sequence[Opened]
    spool: IO[bytes]
    progress: Progress | None
    most: int = SAMPLES
    edits: Counter[str] = field(default_factory=Counter)
    edited: Counter[str] = field(default_factory=Counter)
    left: Counter[tuple[str, str]] = field(default_factory=Counter)
    left_rows: Counter[tuple[str, str]] = field(default_factory=Counter)
    suggested: Counter[tuple[str, str]] = field(default_factory=Counter)
    suggested_rows: Counter[tuple[str, str]] = field(default_factory=Counter)
    reported: Counter[str] = field(default_factory=Counter)
    reported_rows: Counter[str] = field(default_factory=Counter)
    unchecked: Counter[tuple[str, str]] = field(default_factory=Counter)
    unchecked_rows: Counter[tuple[str, str]] = field(default_factory=Counter)
    unread: list[Unread] = field(default_factory=list)
    samples: dict[tuple[str, bool, str], list[tuple[str, int, Sample]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.total = sum(one.survey.size if one.survey else 0 for one in self.opened)
        self.records = [0] * len(self.opened)
        self.chunks = [0] * len(self.opened)
        self.touched = [0] * len(self.opened)
        self.unreadable = 0
        self.left_out = 0
        self._done = 0
        self._index: list[pl.DataFrame] = []

    def run(self, task: Callable[[Share], Repaired], engine: Engine, most: int | None = None) -> None:
        """The whole first pass.

        Args:
            task: what is done with a share of a chunk.
            engine: where it is done.
            most: bytes of a share, about; chunks are whole shares if None.
        """
        for result in engine.map(task, self._shares(most)):
            self.add(result)

    def _shares(self, most: int | None) -> Iterator[Share]:
        for one in self.opened:
            for chunk in one.chunks():
                count = 1 if most is None else max(1, round(len(chunk.blob) / most))
                yield from (Share(chunk, number, count) for number in range(count))

    def add(self, result: Repaired) -> None:
        """The next result."""
        at = result.file
        first = self.records[at]
        self._index.append(result.index)
        if result.rows:
            pickle.dump(Kept(first, result.rows, dict(result.columns)), self.spool)
            self.chunks[at] += 1
        self._count(result)
        name = self.opened[at].source.name
        self.unreadable += len(result.unread)
        self.left_out += result.left_out
        for line, row, reason in result.unread[: MOST_UNREAD - len(self.unread)]:
            self.unread.append(Unread(name, line, first + row + 1, reason))
        for sample in result.samples:
            known = self.samples.setdefault(sample.edit.group, [])
            if len(known) < self.most:
                known.append((name, first + sample.row + 1, sample))
        self.records[at] += result.records
        self._done += result.size
        if self.progress is not None:
            self.progress(self._done, max(self._done, self.total))

    def _count(self, result: Repaired) -> None:
        for row in result.rows:
            self.touched[result.file] += bool(row.edits)
            checks = [edit.change.check for edit in row.edits]
            self.edits.update(checks)
            self.edited.update(set(checks))
            keys = [(edit.change.check, edit.refused) for edit in row.suggestions]
            self.suggested.update(keys)
            self.suggested_rows.update(set(keys))
        for counts, rows, found in (
            (self.left, self.left_rows, result.left),
            (self.unchecked, self.unchecked_rows, result.unchecked),
        ):
            for key, (count, touched) in found.items():
                counts[key] += count
                rows[key] += touched
        for name, (count, touched) in result.reported.items():
            self.reported[name] += count
            self.reported_rows[name] += touched

    def keys(self) -> Iterator[tuple[str, str]]:
        """The keys of the rows with edits or suggestions in order, before and after."""
        columns = {"hash": pl.UInt64, "new_hash": pl.UInt64, "told": pl.Boolean}
        index = pl.concat([pl.DataFrame(schema=columns), *self._index])
        counted = index.with_columns(
            pl.col(name).cum_count().over(name).alias(f"{name}_number") for name in ("hash", "new_hash")
        ).filter("told")
        names = ("hash", "hash_number", "new_hash", "new_hash_number")
        for old, old_number, new, new_number in counted.select(names).iter_rows():
            yield key_of(old, old_number), key_of(new, new_number)

    def account(self) -> RowAccount:
        """Nothing is lost: what cannot be read is quarantined, as it is by other steps, and stays where it is."""
        total = sum(self.records)
        return RowAccount(total, total - self.unreadable, 0, self.unreadable, sum(self.touched))

    def fixed(self, plan: Plan, target: Target | None, notes: tuple[str, ...] = ()) -> Fixed:
        """The whole of it."""
        offering = {*self.edits, *plan.select, *(check for check, reason in self.left if reason != NONE)}
        left = {key: count for key, count in self.left.items() if key[0] in offering}
        return Fixed(
            rows=self.account(),
            edits=_told(self.edits, self.edited),
            left=_told_with(left, self.left_rows),
            unread=self.unreadable,
            unread_examples=tuple(self.unread),
            inputs=tuple(one.source.name for one in self.opened),
            outputs=tuple(target.files) if target else (),
            ledger=target.ledger if target else None,
            samples=tuple(_in_turn(list(self.samples.values()))),
            left_out=self.left_out,
            suggestions=_told_with(self.suggested, self.suggested_rows),
            reported=_told(self.reported, self.reported_rows),
            unchecked=_told_with(self.unchecked, self.unchecked_rows),
            notes=notes,
        )


def _told(counts: dict[str, int], rows: dict[str, int]) -> tuple[tuple[str, int, int], ...]:
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return tuple((name, count, rows[name]) for name, count in ordered)


def _told_with(
    counts: dict[tuple[str, str], int], rows: dict[tuple[str, str], int]
) -> tuple[tuple[str, str, int, int], ...]:
    told = [(*key, count, rows[key]) for key, count in counts.items()]
    return tuple(sorted(told, key=lambda one: (-one[2], one)))


def _in_turn(lists: Iterable[list[tuple[str, int, Sample]]]) -> list[tuple[str, int, Sample]]:
    """The first of each list, the second of each, and so on."""
    several = list(lists)
    longest = max((len(one) for one in several), default=0)
    return [one[at] for at in range(longest) for one in several if at < len(one)]
