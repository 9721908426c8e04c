"""Applying the repairs that findings offer: texts change in place, every other byte stays, the ledger says how.

Two passes over each file. The first repairs chunk by chunk, anywhere, and keeps of each changed row the few bytes
that differ; the second copies the file with these bytes put in.
"""

from __future__ import annotations

import pickle
import shutil
import tempfile
from collections import Counter, deque
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from functools import partial
from typing import IO, TYPE_CHECKING, NamedTuple

import polars as pl

from curate.core.check import RowCheck
from curate.core.errors import CurateError, UsageError
from curate.core.ledger import Entry, Totals, entry_line, header_line, totals_line, write_raw
from curate.core.plan import Plan
from curate.core.report import RowAccount
from curate.engines.dropping import header_of, output_mark, outputs_of
from curate.engines.examples import key_of
from curate.engines.local import choose_engine
from curate.engines.registry import load_checks
from curate.engines.repairing_records import with_values
from curate.engines.repairing_rows import NONE, Repaired, RowEdit, Sample, repair
from curate.formats.keep import RECORDS, write_edited, write_edited_table, write_kept
from curate.formats.keep_cuts import Cut
from curate.formats.keep_output import Stage, make_folders, refuse_suffixes
from curate.formats.read import open_sources
from curate.formats.sources import discover
from curate.formats.stream import encode_back
from curate.text.visible import shell_word

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from curate.core.check import Check
    from curate.core.ledger import FileMark
    from curate.engines.local import Engine
    from curate.engines.scan import Progress
    from curate.formats.chunk import Chunk
    from curate.formats.keep import Removed, Written
    from curate.formats.read import Opened

SAMPLES = 10
"""Edits of each check that are given with their texts, if samples are asked for."""

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
        edits: name of a check, its edits and the rows that they are in; most edits first.
        left: name of a check, why findings of it were not repaired, how many, and in how many rows; most findings
            first.
        unread: how many records cannot be read.
        unread_examples: the first of them.
        inputs: what was read.
        outputs: what was written, one file for each input; none in a dry run.
        ledger: where the edits are; None in a dry run.
        samples: of a dry run, the first edits of each check, with the name of the file and the row number in it.
        left_out: rows that the mapping leaves out: they are among the kept, and were not looked at.
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


def fix(  # noqa: PLR0913 (the options of the command)
    *inputs: object,
    out: str | Path | None,
    plan: Plan | None = None,
    ledger: str | Path | None = None,
    force: bool = False,
    engine: Engine | None = None,
    progress: Progress | None = None,
) -> Fixed:
    """Write data again with the repairs that findings offer; every other byte is copied.

    A repair is made only if the text then still says something, has the same digits, and is read again as what
    was meant. Records that cannot be read are copied as they are, and so are those that the plan's mapping leaves
    out. In own tables the one cell is repaired.

    Args:
        *inputs: paths, globs, folders, or data frames.
        out: the file to write; a folder if there are several inputs, in which they keep their names. None for a
            dry run, which writes nothing and gives samples.
        plan: the checks; all that are on by default if None.
        ledger: the ledger's path; ``out`` with ``.ledger.jsonl`` if None.
        force: overwrite files, though never an input.
        engine: where tasks run; chosen by the size of the input if None.
        progress: told how far the reading is.

    Raises:
        UsageError: an output would destroy something, or has a name that does not suit; no check that was chosen
            offers repairs; or the plan groups the lines of own tables.
        CurateError: an input cannot be read at all, the plan is wrong, or a check crashed.
    """
    plan = plan or Plan()
    found = discover(inputs)
    _refuse_grouping(plan, found.arguments)
    target = _Target(*outputs_of(found.sources, out, ledger, force=force)) if out is not None else None
    checks = _offering(plan)
    opened = open_sources(found.sources, plan.encoding, plan.mapping)
    if target is not None:
        refuse_suffixes(target.files, found.sources, [one.container for one in opened])
    with tempfile.TemporaryFile() as spool:
        gathered = _Gathered(opened, spool, progress)
        task = partial(
            repair,
            checks=checks,
            plan=plan,
            encodings=[one.survey.encoding if one.survey else "utf-8" for one in opened],
            samples=SAMPLES if target is None else 0,
        )
        chosen = nullcontext(engine) if engine else choose_engine(gathered.total, plan.workers, plan.checks)
        with chosen as one:
            gathered.run(task, one)
        if target is not None:
            _Writing(gathered, plan, checks, target).run()
    return gathered.fixed(plan, target)


def _offering(plan: Plan) -> tuple[RowCheck, ...]:
    checks = tuple(check for check in load_checks(plan) if isinstance(check, RowCheck))
    if not checks:
        raise UsageError(
            "no check is left that offers repairs", hint="name one: --select template.leaked-token"
        )
    return checks


def _refuse_grouping(plan: Plan, arguments: Sequence[str]) -> None:
    """Conversations of several lines are made rows of first: a line may be repaired only with its conversation.

    Raises:
        UsageError: the plan groups the lines of own tables.
    """
    if plan.mapping.group is not None:
        files = " ".join(map(shell_word, arguments)) or "DATA"
        rows = f"curate convert {files} {plan.mapping.options} --to messages -o rows.jsonl"
        raise UsageError(
            "lines that are grouped are not repaired in place",
            hint=f"make rows of them and repair these: {rows} && curate fix rows.jsonl -o fixed.jsonl",
        )


class _Target(NamedTuple):
    """Where the outputs and the ledger go."""

    files: Sequence[Path]
    ledger: Path


class _Kept(NamedTuple):
    """What is kept of a chunk until the second pass; ``first`` is the number of its first row in the file."""

    first: int
    rows: tuple[RowEdit, ...]
    columns: dict[str, tuple[list[int], pl.Series]]


@dataclass
class _Gathered:
    """The results of the first pass, in order; changed rows are spooled to a file."""

    opened: Sequence[Opened]
    spool: IO[bytes]
    progress: Progress | None
    edits: Counter[str] = field(default_factory=Counter)
    edited: Counter[str] = field(default_factory=Counter)
    left: Counter[tuple[str, str]] = field(default_factory=Counter)
    left_rows: Counter[tuple[str, str]] = field(default_factory=Counter)
    unread: list[Unread] = field(default_factory=list)
    samples: dict[str, list[tuple[str, int, Sample]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.total = sum(one.survey.size if one.survey else 0 for one in self.opened)
        self.records = [0] * len(self.opened)
        self.chunks = [0] * len(self.opened)
        self.touched = [0] * len(self.opened)
        self.unreadable = 0
        self.left_out = 0
        self._done = 0
        self._index: list[pl.DataFrame] = []

    def run(self, task: Callable[[Chunk], Repaired], engine: Engine) -> None:
        """The whole first pass."""
        for result in engine.map(task, (chunk for one in self.opened for chunk in one.chunks())):
            self.add(result)

    def add(self, result: Repaired) -> None:
        """The next chunk's result."""
        at = result.file
        first = self.records[at]
        self._index.append(result.index)
        if result.rows:
            pickle.dump(_Kept(first, result.rows, dict(result.columns)), self.spool)
            self.chunks[at] += 1
        self._count(result)
        name = self.opened[at].source.name
        self.unreadable += len(result.unread)
        self.left_out += result.left_out
        for line, row, reason in result.unread[: MOST_UNREAD - len(self.unread)]:
            self.unread.append(Unread(name, line, first + row + 1, reason))
        for sample in result.samples:
            known = self.samples.setdefault(sample.edit.change.check, [])
            if len(known) < SAMPLES:
                known.append((name, first + sample.row + 1, sample))
        self.records[at] += result.records
        self._done += result.size
        if self.progress is not None:
            self.progress(self._done, max(self._done, self.total))

    def _count(self, result: Repaired) -> None:
        self.touched[result.file] += len(result.rows)
        for row in result.rows:
            checks = [edit.change.check for edit in row.edits]
            self.edits.update(checks)
            self.edited.update(set(checks))
        for key, (findings, rows) in result.left.items():
            self.left[key] += findings
            self.left_rows[key] += rows

    def keys(self) -> Iterator[tuple[str, str]]:
        """The keys of the changed rows in order, before and after."""
        columns = {"hash": pl.UInt64, "new_hash": pl.UInt64, "edited": pl.Boolean}
        index = pl.concat([pl.DataFrame(schema=columns), *self._index])
        counted = index.with_columns(
            pl.col(name).cum_count().over(name).alias(f"{name}_number") for name in ("hash", "new_hash")
        ).filter("edited")
        names = ("hash", "hash_number", "new_hash", "new_hash_number")
        for old, old_number, new, new_number in counted.select(names).iter_rows():
            yield key_of(old, old_number), key_of(new, new_number)

    def account(self) -> RowAccount:
        """Nothing is lost: what cannot be read is quarantined, as it is by other steps, and stays where it is."""
        total = sum(self.records)
        return RowAccount(total, total - self.unreadable, 0, self.unreadable, sum(self.touched))

    def fixed(self, plan: Plan, target: _Target | None) -> Fixed:
        """The whole of it."""
        offering = {*self.edits, *plan.select, *(check for check, reason in self.left if reason != NONE)}
        left = [(*key, count, self.left_rows[key]) for key, count in self.left.items() if key[0] in offering]
        return Fixed(
            rows=self.account(),
            edits=tuple(
                (check, count, self.edited[check])
                for check, count in sorted(self.edits.items(), key=lambda item: (-item[1], item[0]))
            ),
            left=tuple(sorted(left, key=lambda one: (-one[2], one))),
            unread=self.unreadable,
            unread_examples=tuple(self.unread),
            inputs=tuple(one.source.name for one in self.opened),
            outputs=tuple(target.files) if target else (),
            ledger=target.ledger if target else None,
            samples=tuple(_in_turn(list(self.samples.values()))),
            left_out=self.left_out,
        )


def _in_turn(lists: list[list[tuple[str, int, Sample]]]) -> list[tuple[str, int, Sample]]:
    """The first of each list, the second of each, and so on."""
    longest = max((len(one) for one in lists), default=0)
    return [one[at] for at in range(longest) for one in lists if at < len(one)]


class _Writing:
    """The second pass: files with their edits, and the ledger."""

    def __init__(self, gathered: _Gathered, plan: Plan, checks: tuple[Check, ...], target: _Target) -> None:
        self._gathered = gathered
        self._plan = plan
        self._checks = checks
        self._target = target
        self._keys = gathered.keys()

    def run(self) -> None:
        """Write everything, or nothing but the folders."""
        gathered = self._gathered
        gathered.spool.seek(0)
        make_folders(self._target.files)
        with Stage() as stage, tempfile.TemporaryFile() as entries:
            book = stage.place(self._target.ledger)
            marks: list[FileMark] = []
            for opened, target in zip(gathered.opened, self._target.files, strict=True):
                marks.append(output_mark(target, self._write(opened, stage.place(target), entries)))
            account = gathered.account()
            if next(self._keys, None) is not None:
                raise CurateError("edits are lost", hint="nothing was written; please report this")
            totals = Totals(account.in_, account.kept, 0, account.quarantined, account.edited)
            with book.open("wb") as handle:
                handle.write(header_line(header_of("fix", gathered.opened, marks, self._plan, self._checks)))
                entries.seek(0)
                shutil.copyfileobj(entries, handle)
                handle.write(totals_line(totals))

    def _write(self, opened: Opened, out: Path, entries: IO[bytes]) -> Written:
        if not self._gathered.touched[opened.index]:
            return write_kept(opened, (), out, records=pl.DataFrame(schema=RECORDS))
        if opened.survey is None:
            return self._write_table(opened, out, entries)
        return self._write_text(opened, out, entries)

    def _chunks(self, opened: Opened) -> Iterator[_Kept]:
        for _ in range(self._gathered.chunks[opened.index]):
            yield pickle.load(self._gathered.spool)  # noqa: S301 (our own bytes)

    def _write_text(self, opened: Opened, out: Path, entries: IO[bytes]) -> Written:
        assert opened.survey is not None  # noqa: S101 (a table has no text)
        encoding = opened.survey.encoding
        waiting: deque[tuple[int, RowEdit]] = deque()

        def cuts() -> Iterator[Cut]:
            for kept in self._chunks(opened):
                for row in kept.rows:
                    assert row.splice is not None  # noqa: S101 (only rows of tables have none)
                    waiting.append((kept.first + row.row, row))
                    yield Cut(kept.first + row.row, *row.splice)

        def tell(removed: Removed) -> None:
            ordinal, row = waiting.popleft()
            first, *others = self._entries(opened, ordinal, row)
            whole = replace(
                first,
                bytes=(removed.start, removed.start + len(removed.raw)),
                raw=write_raw(removed.raw),
                put=write_raw(encode_back(row.splice.put, encoding)) if row.splice else "",
            )
            entries.write(entry_line(whole))
            entries.writelines(map(entry_line, others))

        return write_edited(opened, cuts(), out, tell)

    def _write_table(self, opened: Opened, out: Path, entries: IO[bytes]) -> Written:
        kept = self._chunks(opened)
        ahead = deque([next(kept)])

        def edited(offset: int, frame: pl.DataFrame) -> pl.DataFrame:
            if not ahead or ahead[0].first != offset:
                return frame
            here = ahead.popleft()
            ahead.extend(one for one in [next(kept, None)] if one)
            for row in here.rows:
                entries.writelines(map(entry_line, self._entries(opened, offset + row.row, row)))
            return with_values(frame, here.columns)

        return write_edited_table(opened, edited, out)

    def _entries(self, opened: Opened, ordinal: int, row: RowEdit) -> list[Entry]:
        """The entries of a row's edits, without the bytes."""
        key, new_key = next(self._keys)
        return [
            Entry(
                action="edit",
                key=key,
                file=opened.source.name,
                line=row.line,
                row=ordinal + 1,
                bytes=None,
                check=edit.change.check,
                severity=edit.change.severity,
                message=edit.change.message,
                also=edit.change.also,
                new_key=new_key,
                at=edit.at,
                span=(edit.change.start, edit.change.end),
                before=edit.before,
                after=edit.change.after,
            )
            for edit in row.edits
        ]
