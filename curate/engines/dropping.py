"""Dropping rows: a scan says which, the files are written again without them, and the ledger keeps them."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections import Counter
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, NamedTuple

import polars as pl

from curate import __version__
from curate.core.errors import CurateError, UsageError
from curate.core.finding import FOUND, Severity
from curate.core.ledger import (
    Entry,
    FileMark,
    Header,
    Totals,
    entry_line,
    header_line,
    ledger_beside,
    totals_line,
    write_raw,
)
from curate.core.plan import Plan
from curate.core.report import RowAccount
from curate.engines.examples import key_of
from curate.engines.registry import load_checks
from curate.engines.scan import refuse_unknown, scan
from curate.formats.keep import Removed, table_identity, write_kept
from curate.formats.keep_output import (
    Stage,
    make_folders,
    refuse_one_file,
    refuse_outputs,
    refuse_suffixes,
)
from curate.formats.sources import discover
from curate.text.visible import text_name

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from curate.core.check import Check
    from curate.engines.local import Engine
    from curate.engines.scan import Progress, Scan
    from curate.formats.keep import Written
    from curate.formats.read import Opened
    from curate.formats.sources import Source

RANK = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.INFO: 2}


@dataclass(frozen=True)
class Dropped:
    """What was done.

    Attributes:
        rows: rows in = kept + dropped + quarantined.
        checks: dropped rows by the check that decided, or the option that left them out, most first.
        inputs: what was read.
        outputs: what was written, one file for each input.
        ledger: where the rows that were left out are.
        files: checks that found faults of whole files, for which no row is dropped.
    """

    rows: RowAccount
    checks: tuple[tuple[str, int], ...]
    inputs: tuple[str, ...]
    outputs: tuple[Path, ...]
    ledger: Path
    files: tuple[str, ...] = ()


def drop(  # noqa: PLR0913 (the options of the command)
    *inputs: object,
    out: str | Path,
    plan: Plan | None = None,
    ledger: str | Path | None = None,
    force: bool = False,
    blocking_only: bool | None = None,
    engine: Engine | None = None,
    progress: Progress | None = None,
) -> Dropped:
    """Write data again without the rows that checks flag; the rest is copied byte for byte.

    Records that cannot be read are left out too. All that is left out is in the ledger. Of duplicates only the
    later copies have findings, so that one is kept.

    Args:
        *inputs: paths, globs, folders, or data frames.
        out: the file to write; a folder if there are several inputs, in which they keep their names.
        plan: the checks; all that are on by default if None.
        ledger: the ledger's path; ``out`` with ``.ledger.jsonl`` if None.
        force: overwrite files, though never an input.
        blocking_only: use only checks of severity error; if None, unless the plan selects checks. Checks that
            only inform are used where the plan selects them by their full name.
        engine: where tasks run; chosen by the size of the input if None.
        progress: told how far the reading is.

    Raises:
        UsageError: an output would destroy something, or has a name that does not suit; or the checks to use are
            none.
        CurateError: an input cannot be read at all, the plan is wrong, or a check crashed.
    """
    plan = plan or Plan()
    found = discover(inputs)
    targets, book = outputs_of(found.sources, out, ledger, force=force)
    checks = _choose(load_checks(plan), plan, blocking_only=blocking_only)
    seen = scan(found, checks, plan, engine, progress)
    refuse_unknown(seen.opened, seen.tallies, plan)
    refuse_suffixes(targets, found.sources, [one.container for one in seen.opened])
    return Writing(seen, plan, targets, book).run()


def _choose(checks: tuple[Check, ...], plan: Plan, *, blocking_only: bool | None) -> tuple[Check, ...]:
    """The checks that decide."""
    blocking = not plan.select if blocking_only is None else blocking_only
    if blocking:
        chosen = tuple(check for check in checks if check.severity is Severity.ERROR)
    else:
        chosen = tuple(c for c in checks if c.severity is not Severity.INFO or c.name in plan.select)
    if not chosen:
        raise UsageError("no check is left to drop rows by", hint="name one: --select duplicate.exact")
    return chosen


def outputs_of(
    sources: Sequence[Source], out: str | Path, ledger: str | Path | None, *, force: bool
) -> tuple[list[Path], Path]:
    """Where each input goes, and the ledger.

    Raises:
        UsageError: an output would destroy something, or has a name that does not suit.
    """
    root = Path(out)
    is_folder = str(out).endswith(os.sep) or root.is_dir()
    refuse_one_file(root, sources, is_folder=is_folder)
    targets = targets_of(sources, root, is_folder=is_folder)
    book = Path(ledger if ledger is not None else ledger_beside(str(out)))
    refuse_outputs([*targets, book], sources, force=force, below=None if root in targets else root)
    refuse_suffixes(targets, sources)
    return targets, book


def targets_of(sources: Sequence[Source], out: Path, *, is_folder: bool) -> list[Path]:
    """Where each input goes: below their common folder, several inputs keep their paths."""
    if len(sources) == 1 and not is_folder:
        return [out]
    parents = [
        str(source.path.resolve().parent) for source in sources if source.path and source.name[:1] != "<"
    ]
    common = os.path.commonpath(parents) if parents else ""
    return [out / _name(source, common) for source in sources]


def _name(source: Source, common: str) -> Path:
    if source.path is None or source.name.startswith("<"):
        return Path(source.name.strip("<>").replace(" ", "-") + (".parquet" if source.is_table else ".jsonl"))
    name = source.path.resolve().relative_to(common)
    if not source.is_table or name.suffix.lower() == ".parquet":
        return name
    return name.with_name(name.name + ".parquet")


_GONE = ("ordinal", "row", "line", "reason")


class _Gone(NamedTuple):
    """A record that is left out: of which row it is a line, and why it cannot be read, if so."""

    ordinal: int
    row: int
    line: int | None
    reason: str | None


class Twin(NamedTuple):
    """How a dropped row compares to the related one that is kept: see :class:`curate.core.ledger.Entry`."""

    similarity: float
    differences: tuple[tuple[str, str, str], ...] = ()
    related: Mapping[str, object] | None = None  # where the other row is not in the scan


class Writing:
    """Writing files and ledger without the rows that have findings.

    Args:
        seen: the scan; its findings decide.
        plan: by which it was made.
        targets: where each input goes.
        ledger: where what is left out goes.
        step: the name of the command.
        twins: of dropped rows that were compared with the related row.
    """

    def __init__(  # noqa: PLR0913 (a step's inputs, outputs and name)
        self,
        seen: Scan,
        plan: Plan,
        targets: Sequence[Path],
        ledger: Path,
        step: str = "drop",
        twins: Mapping[int, Twin] | None = None,
    ) -> None:
        self._scan = seen
        self._plan = plan
        self._targets = targets
        self._ledger = ledger
        self._step = step
        self._twins = twins or {}
        self._reasons = _reasons(seen)
        self._places = _places(seen, self._reasons)
        self._why: dict[int, str | dict[str, Any]] = _why(seen, self._reasons)
        self._told = {"drop": 0, "quarantine": 0}
        self._counts: Counter[str] = Counter()
        self._lines = 0

    def run(self) -> Dropped:
        """Write everything, or nothing but the folders."""
        make_folders(self._targets)
        with Stage() as stage, tempfile.TemporaryFile() as spool:
            book = stage.place(self._ledger)
            marks = []
            for opened, target, first in zip(
                self._scan.opened, self._targets, self._scan.first_rows, strict=True
            ):
                written = self._write(opened, stage.place(target), first, spool)
                marks.append(output_mark(target, written))
            account = self._account()
            with book.open("wb") as handle:
                handle.write(header_line(self._header(marks)))
                spool.seek(0)
                shutil.copyfileobj(spool, handle)
                handle.write(
                    totals_line(Totals(account.in_, account.kept, account.dropped, account.quarantined))
                )
        counts = sorted(self._counts.items(), key=lambda item: (-item[1], item[0]))
        names = tuple(one.source.name for one in self._scan.opened)
        of_files = tuple(
            c.name for c in self._scan.checks if c.about == "file" and c.name in self._scan.found
        )
        decided = tuple(one for one in counts if one[1])
        return Dropped(account, decided, names, tuple(self._targets), self._ledger, of_files)

    def _write(self, opened: Opened, out: Path, first: int, spool: IO[bytes]) -> Written:
        """One file, and the entries of what it lacks; all lines of a conversation go together."""
        records = records_of(self._scan, opened, first)
        self._lines += len(records)
        is_going = pl.col("row").is_in(list(self._why))
        going = {
            gone.ordinal: gone for gone in map(_Gone._make, records.filter(is_going).select(_GONE).rows())
        }

        def tell(removed: Removed) -> None:
            entry = self._entry(opened, removed, going[removed.ordinal])
            self._told[entry.action] += 1
            self._counts[entry.check or entry.message] += entry.action == "drop"
            spool.write(entry_line(entry))

        return write_kept(
            opened, set(going), out, records=records.select("start", "end", "reason"), tell=tell
        )

    def _entry(self, opened: Opened, removed: Removed, gone: _Gone) -> Entry:
        is_table = opened.survey is None
        entry = partial(
            Entry,
            file=opened.source.name,
            line=gone.line,
            row=removed.ordinal + 1,
            bytes=None if is_table else (removed.start, removed.start + len(removed.raw)),
            raw=write_raw(removed.raw, is_table=is_table),
        )
        decided = self._why[gone.row]
        if isinstance(decided, dict):
            twin = self._twins.get(gone.row)
            return entry(
                action="drop",
                key=self._places[gone.row][0],
                check=decided["check"],
                severity=decided["severity"],
                message=decided["message"],
                also=tuple(decided["also"]),
                related=(twin.related if twin else None) or self._related(decided["related"], opened),
                similarity=twin.similarity if twin else None,
                differences=twin.differences if twin else (),
            )
        is_left_out = gone.reason is None
        return entry(
            action="drop" if is_left_out else "quarantine",
            key=None,
            check=None,
            severity=(Severity.INFO if is_left_out else Severity.ERROR).value,
            message=decided if is_left_out else gone.reason or "",
        )

    def _related(self, row: int | None, opened: Opened) -> dict[str, object] | None:
        """Key and line of another row, and its file, unless it is the same."""
        if row is None or row not in self._places:
            return None
        key, line, file = self._places[row]
        other = {} if file == opened.index else {"file": self._scan.opened[file].source.name}
        return {"key": key, "line": line, **other}

    def _account(self) -> RowAccount:
        """The account of the rows; of a grouped table, of its lines.

        Raises:
            CurateError: it does not balance: a fault of curate, before which nothing is written.
        """
        dropped, quarantined = self._told["drop"], self._told["quarantine"]
        kept = self._lines - dropped - quarantined
        account = RowAccount(sum(tally.lines for tally in self._scan.tallies), kept, dropped, quarantined, 0)
        if not account.balanced:
            raise CurateError(f"rows are lost: {account}", hint="nothing was written; please report this")
        return account

    def _header(self, outputs: Sequence[FileMark]) -> Header:
        return header_of(self._step, self._scan.opened, outputs, self._plan, self._scan.checks)


def header_of(
    step: str, opened: Sequence[Opened], outputs: Sequence[FileMark], plan: Plan, checks: Sequence[Check]
) -> Header:
    """The header of a step's ledger: its inputs and outputs, and what decided."""
    decided = {
        check.name: {"severity": check.severity.value, **plan.options.get(check.name, {})} for check in checks
    }
    told = {
        "select": plan.select,
        "ignore": plan.ignore,
        "encoding": plan.encoding,
        **({"mapping": asdict(plan.mapping)} if plan.mapping else {}),
        "checks": json.loads(json.dumps(decided, default=str)),
    }
    return Header(__version__, step, tuple(_input_mark(one) for one in opened), tuple(outputs), told)


def _input_mark(opened: Opened) -> FileMark:
    if opened.survey is not None:
        return FileMark(opened.source.name, opened.survey.sha256, opened.survey.size)
    path = opened.source.path
    return FileMark(opened.source.name, *(table_identity(path) if path is not None else ("", 0)))


def output_mark(target: Path, written: Written) -> FileMark:
    """An output by its content."""
    return FileMark(text_name(str(target)), written.sha256, written.size, write_raw(written.added))


def records_of(seen: Scan, opened: Opened, first: int) -> pl.DataFrame:
    """Every record of a source in order: its row among all inputs, its place, why it cannot be read."""
    if opened.mapping.group is not None:
        is_bad = pl.col("kind") == "quarantine"
        return opened.grouped.members.sort("ordinal").select(
            "ordinal",
            (pl.col("entry") + first).alias("row"),
            *("line", "start", "end"),
            pl.when(is_bad).then("reason").alias("reason"),
        )
    columns = ("row", "line", "start", "end")
    is_here = pl.col("file") == opened.index
    nothing = pl.lit(None, pl.String).alias("reason")
    frames = [frame.filter(is_here).select(*columns, nothing) for frame in (seen.index, seen.left_out)]
    bad = seen.quarantine.filter(is_here).select(*columns, pl.col("reason").cast(pl.String))
    return pl.concat([*frames, bad]).sort("row").with_columns((pl.col("row") - first).alias("ordinal"))


def _why(seen: Scan, reasons: pl.DataFrame) -> dict[int, str | dict[str, Any]]:
    """Why each row goes: what a check found, or the reason why it is left out or cannot be read."""
    why: dict[int, str | dict[str, Any]] = {line["row"]: line for line in reasons.iter_rows(named=True)}
    why |= dict(seen.quarantine.select("row", "reason").rows())
    why |= {
        row: f"left out as asked: {reason}" for row, reason in seen.left_out.select("row", "reason").rows()
    }
    return why


def _reasons(seen: Scan) -> pl.DataFrame:
    """``row, check, severity, message, related, also``: why each row goes, the most severe check first."""
    severities = {check.name: check.severity for check in seen.checks}
    abouts = {check.name: check.about for check in seen.checks}
    empty = pl.DataFrame(schema={**FOUND, "check": pl.String, "severity": pl.String, "rank": pl.Int32})
    frames = [
        frame.with_columns(
            check=pl.lit(name),
            severity=pl.lit(severities[name].value),
            rank=pl.lit(RANK[severities[name]], pl.Int32),
        )
        for name, frame in sorted(seen.found.items())
        if abouts[name] == "row"
    ]
    together = pl.concat([empty, *frames]).sort("row", "rank", "check", maintain_order=True)
    return (
        together.group_by("row", maintain_order=True)
        .agg(
            pl.col("check", "severity", "message", "related").first(),
            pl.col("check").unique(maintain_order=True).alias("also"),
        )
        .with_columns(pl.col("also").list.slice(1))
    )


def _places(seen: Scan, reasons: pl.DataFrame) -> dict[int, tuple[str, int | None, int]]:
    """Key, line and file of the rows that go, and of those that they are related to."""
    wanted = pl.concat([reasons["row"], reasons["related"]]).drop_nulls().unique()
    index = seen.index.with_columns(pl.col("row").cum_count().over("hash").alias("occurrence"))
    picked = index.filter(pl.col("row").is_in(wanted.implode())).select(
        "row", "hash", "occurrence", "line", "file"
    )
    return {
        row: (key_of(content, number), line, file) for row, content, number, line, file in picked.iter_rows()
    }
