"""``curate run``: from the dirty files to the validated set, in one command that can be killed at any moment.

The steps work in a folder of their own (``engines.resuming``). When all is there, and the last check has been made, the
files are put in their places one by one, the lock file as the last: where there is a lock file, all it names is there.
"""

from __future__ import annotations

import os
import shutil
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from curate import __version__
from curate.core.errors import CurateError, UnreadableError, UsageError
from curate.core.ledger import Header, Totals, read_ledger
from curate.core.lock_file import NAME, SCHEMA, lock_bytes, read_lock, rows_digest
from curate.core.plan import Plan
from curate.core.report import RowAccount
from curate.engines.advice import suffix_of
from curate.engines.between import RowSketch
from curate.engines.by import FILE
from curate.engines.dropping import targets_of
from curate.engines.locking import COLUMNS, locked_rows
from curate.engines.registry import load_checks
from curate.engines.resuming import FOLDER, Workshop, alone, digest_of, file_hash, plan_fields
from curate.engines.running_files import CHAIN, DROPPED, QUARANTINE, Journal, Link
from curate.engines.running_rows import Rows
from curate.engines.running_splits import SPLITS, split_step
from curate.engines.running_steps import LEDGER, MAKERS, Work, steps_of
from curate.engines.scan import refuse_unknown, scan
from curate.formats.keep import table_identity
from curate.formats.keep_output import refuse_outputs
from curate.formats.sources import Discovered, Source, discover

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from curate.core.report import Report
    from curate.engines.local import Engine
    from curate.engines.resuming import Made
    from curate.engines.running_files import Told
    from curate.engines.scan import Progress, Scan

CLEAN, REPORT = "clean", "report.html"


@dataclass(frozen=True)
class Ran:
    """What was done.

    Attributes:
        rows: rows in = kept + dropped + quarantined.
        report: on what is left.
        reasons: step, action, check (empty for what cannot be read, or is left out as asked) and how many entries.
        steps: those that were made.
        reused: those that an earlier run, which was killed, had finished.
        outputs: what was written, the lock file as the last.
        head: the hash of the lock file, which holds that of the ledger and of everything else that is written.
        splits: rows by split.
    """

    rows: RowAccount
    report: Report
    reasons: tuple[tuple[str, str, str, int], ...]
    steps: tuple[str, ...]
    reused: tuple[str, ...]
    outputs: tuple[Path, ...]
    head: str
    splits: dict[str, int]


@dataclass(frozen=True)
class Finish:
    """What only the layers above know: the report of a scan, and its page with a sentence on what was done before."""

    report: Callable[[Scan, Plan], Report]
    page: Callable[[Report, str], str]


def run(  # noqa: PLR0913 (the options of the command)
    *inputs: object,
    out: str | Path,
    finish: Finish,
    plan: Plan | None = None,
    force: bool = False,
    engine: Engine | None = None,
    progress: Progress | None = None,
) -> Ran:
    """Make of data a validated set: repaired, without what blocks and what repeats, checked, with its ledger.

    Args:
        *inputs: paths, globs, folders, or data frames.
        out: the folder to write.
        finish: makes the report.
        plan: all that the run does; see :class:`curate.core.run_plan.RunPlan`.
        force: overwrite the files of another run, though never an input.
        engine: where tasks run; chosen by the size of the input if None.
        progress: told how far the reading of each step is.

    Raises:
        UsageError: an output would destroy something, or another run writes to the same folder.
        CurateError: an input cannot be read at all, the plan is wrong, or a check crashed.
    """
    plan = plan or Plan()
    found, folder = discover(inputs), Path(out)
    _refuse(found, folder, force=force)
    with alone(folder):
        return _Run(found, folder, plan, finish, engine, progress).run()


def _refuse(found: Discovered, out: Path, *, force: bool) -> None:
    """A folder that holds results needs ``force``, and what it holds of a run that was killed does not."""
    if out.exists() and not out.is_dir():
        raise UsageError("is a file, and a run writes a folder", where=str(out), hint="name a folder")
    top = {*(CHAIN, DROPPED, QUARANTINE, REPORT, NAME, SPLITS, CLEAN)}
    there = sorted(path.name for path in out.glob("*") if path.name in top or path.stem == CLEAN)
    if there and not force and not (out / FOLDER).exists():
        raise UsageError(
            f"holds {', '.join(there)} already", where=str(out), hint="name another folder, or add --force"
        )
    inside = [one.name for one in found.sources if one.path and out.resolve() in one.path.resolve().parents]
    if inside:
        raise UsageError("is an input, and lies in the folder to write", where=inside[0])
    refuse_outputs([out / CHAIN], found.sources, force=True, below=out)


class _Run:
    def __init__(  # noqa: PLR0913 (what a run is made of)
        self,
        found: Discovered,
        out: Path,
        plan: Plan,
        finish: Finish,
        engine: Engine | None,
        progress: Progress | None,
    ) -> None:
        self._found = found
        self._out = out
        self._plan = plan
        self._finish = finish
        self._engine = engine
        self._progress = progress
        self._facets = tuple(name for name in plan.by if name != FILE)

    def run(self) -> Ran:
        """All steps, and then the files in their places."""
        first = scan(self._found, (), self._plan, self._engine, self._progress)
        refuse_unknown(first.opened, first.tallies, self._plan)
        rows = Rows(first)
        total = sum(rows.counts)
        marks = [_input_hash(source) for source in self._found.sources]
        told_plan = plan_fields(self._plan)
        shop = Workshop(self._out, digest_of(told_plan, marks))
        self._work = Work(self._plan, self._names(first), self._engine, self._progress)
        made = self._steps(shop)
        stage = shop.root / "publish"
        shutil.rmtree(stage, ignore_errors=True)
        stage.mkdir(parents=True)
        last = self._place(made[-1], stage)
        split = self._split(shop, stage, last)
        done = self._close(stage, rows, made, total, split, marks, told_plan)
        _publish(stage, self._out)
        shop.clear()
        return replace(done, reused=tuple(shop.reused))

    def _names(self, first: Scan) -> tuple[Path, ...]:
        """Where each input goes: ``clean`` with a suffix, or below the folder ``clean``."""
        if len(first.opened) == 1:
            return (Path(CLEAN + suffix_of(first.opened[0])),)
        return tuple(targets_of(self._found.sources, Path(CLEAN), is_folder=True))

    def _steps(self, shop: Workshop) -> list[Made]:
        """Every step reads what the one before it wrote; the first one the inputs.

        Raises:
            UsageError: none of the steps that are asked for has anything to do.
        """
        inputs: Sequence[object] = [
            source.path if source.path is not None else source.data for source in self._found.sources
        ]
        made: list[Made] = []
        for name in steps_of(self._plan):
            work = MAKERS[name]
            given = tuple(inputs)
            made.append(shop.step(name, lambda folder, w=work, i=given: w(folder, i, self._work)))  # type: ignore[misc]
            inputs = made[-1].outputs
        if not made:
            raise UsageError("none of the steps has anything to do", hint="run repair, drop, dedup and fix")
        return made

    def _place(self, last: Made, stage: Path) -> list[Path]:
        """The files of the last step under their final names."""
        places = [stage / name for name in self._work.names]
        for path, place in zip(last.outputs, places, strict=True):
            _link(path, place)
        return places

    def _split(self, shop: Workshop, stage: Path, clean: Sequence[Path]) -> dict[str, int]:
        if self._plan.run.split is None:
            return {}
        made = shop.step("split", lambda folder: split_step(folder, clean, self._work))
        for path in sorted(made.folder.rglob("*")):
            if path.is_file() and path.name != "done.json":
                _link(path, stage / SPLITS / path.relative_to(made.folder))
        return {str(name): int(count) for name, count in made.told.items()}

    def _close(  # noqa: PLR0913 (all that the last files tell of)
        self,
        stage: Path,
        rows: Rows,
        made: Sequence[Made],
        total: int,
        split: dict[str, int],
        marks: Sequence[tuple[str, str, int]],
        told_plan: dict[str, Any],
    ) -> Ran:
        """The last check, and the files that tell of the run: all of them, or none."""
        seen = self._scan_clean(stage)
        plain = replace(
            seen, checks=tuple(c for c in seen.checks if not isinstance(c, RowSketch)), sketches={}
        )
        report = self._finish.report(plain, self._plan)
        manifest = stage / SPLITS / "split.jsonl" if self._plan.run.split is not None else None
        locked = locked_rows(seen, self._plan, self._facets, manifest)
        journal = Journal(stage, rows)
        kept = sum(tally.lines for tally in seen.tallies)
        journal.write(self._links(made))
        account = _account(total, rows, kept, journal.told)
        (stage / REPORT).write_text(self._finish.page(report, _said(account)), "utf-8")
        journal.close(*self._checked(stage, made[-1], report, locked, kept))
        reasons = tuple((*key, count) for key, count in sorted(journal.told.reasons.items()))
        fields = {
            **_told(report, account, file_hash(stage / CHAIN).sha256, told_plan),
            "inputs": [dict(zip(("name", "sha256", "size"), one, strict=True)) for one in marks],
            "outputs": self._outputs(stage, seen),
            "reasons": [list(one) for one in reasons],
            "facets": list(self._facets),
            "columns": [*COLUMNS, *self._facets],
            "rows_sha256": rows_digest(locked),
        }
        with (stage / NAME).open("wb") as handle:
            handle.writelines(lock_bytes(fields, locked))
        outputs = tuple(self._out / path.relative_to(stage) for path in sorted(_files(stage), key=_order))
        steps = tuple(_step_of(one) for one in made)
        head = file_hash(stage / NAME).sha256
        return Ran(account, report, reasons, steps, (), outputs, head, split)

    def _scan_clean(self, stage: Path) -> Scan:
        """What is left, with all checks; its files are named as in the folder of the run."""
        sources = tuple(Source(name.as_posix(), stage / name) for name in self._work.names)
        found = Discovered(sources, (), (self._work.names[0].parts[0],))
        sketch = RowSketch()
        return scan(found, (*load_checks(self._plan), sketch), self._plan, self._engine, self._progress)

    def _links(self, made: Sequence[Made]) -> list[Link]:
        """The ledgers in order, each with the names of its files: of the inputs, of the steps, of the outputs."""
        names = tuple(source.name for source in self._found.sources)
        links = []
        for at, one in enumerate(made, 1):
            step = _step_of(one)
            clean = tuple(name.as_posix() for name in self._work.names)
            after = clean if at == len(made) else tuple(f"{step}/{name}" for name in clean)
            links.append(Link(step, one.folder / LEDGER, names, after))
            names = after
        return links

    def _checked(
        self, stage: Path, last: Made, report: Report, locked: Sequence[Sequence[Any]], kept: int
    ) -> tuple[Header, Totals]:
        """The end of the chain: the verdict, and the hashes of what is written besides, bound to the head."""
        outputs = tuple(
            replace(mark, name=name.as_posix(), added="")
            for mark, name in zip(
                read_ledger(last.folder / LEDGER).header.outputs, self._work.names, strict=True
            )
        )
        told = {
            "status": report.verdict.status,
            "exit_code": report.verdict.exit_code,
            "rows_sha256": rows_digest(locked),
            "files": {
                path.relative_to(stage).as_posix(): file_hash(path).sha256
                for path in sorted(_files(stage))
                if path.name != CHAIN
            },
        }
        return Header(__version__, "check", outputs, outputs, told), Totals(kept, kept, 0, 0)

    def _outputs(self, stage: Path, seen: Scan) -> list[dict[str, Any]]:
        counts = {
            name.as_posix(): tally.records for name, tally in zip(self._work.names, seen.tallies, strict=True)
        }
        listed = []
        for path in sorted(_files(stage), key=_order):
            name = path.relative_to(stage).as_posix()
            kind = _kind(name, counts)
            mark = file_hash(path)
            rows = {"rows": counts[name]} if name in counts else {}
            listed.append({"name": name, "kind": kind, "sha256": mark.sha256, "size": mark.size, **rows})
        return listed


def _step_of(made: Made) -> str:
    """The name of a step, by that of its folder."""
    return made.folder.name.split("-")[1]


def _told(report: Report, account: RowAccount, head: str, plan: dict[str, Any]) -> dict[str, Any]:
    """The first fields of the lock file: by which plan, with which verdict, and the account of the rows."""
    verdict = report.verdict
    return {
        "lock": SCHEMA,
        "curate": __version__,
        "plan_sha256": digest_of(plan),
        "plan": plan,
        "verdict": {
            "status": verdict.status,
            "exit_code": verdict.exit_code,
            "headline": verdict.headline,
        },
        "ledger": {"name": CHAIN, "head": head},
        "totals": {
            "in": account.in_,
            "kept": account.kept,
            "dropped": account.dropped,
            "quarantined": account.quarantined,
            "edited": account.edited,
        },
    }


def _kind(name: str, clean: dict[str, int]) -> str:
    if name in clean:
        return CLEAN
    if name.startswith(f"{SPLITS}/"):
        return "manifest" if name.endswith("split.jsonl") else "split"
    return {CHAIN: "ledger", DROPPED: "dropped", QUARANTINE: "quarantine", REPORT: "report"}.get(name, "lock")


def _account(total: int, rows: Rows, kept: int, told: Told) -> RowAccount:
    """The account of the whole run.

    Raises:
        CurateError: it does not balance: a fault of curate, before which nothing is published.
    """
    account = RowAccount(total, kept, told.dropped, told.quarantined, told.edited)
    if not account.balanced or kept != sum(rows.counts):
        raise CurateError(f"rows are lost: {account}", hint="nothing was written; please report this")
    return account


def _said(account: RowAccount) -> str:
    """What the run did before the last check, said on its page."""
    return (
        f"before that, the run read {account.in_:,} rows: {account.kept:,} kept, {account.edited:,} of them edited; "
        f"{account.dropped:,} dropped ({DROPPED}), {account.quarantined:,} quarantined ({QUARANTINE})"
    )


def _input_hash(source: Source) -> tuple[str, str, int]:
    if source.path is None:
        return source.name, "", 0
    mark = file_hash(source.path) if source.path.is_file() else table_identity(source.path)
    return source.name, *mark


def _link(path: Path, place: Path) -> None:
    """The same file under another name; a copy where the disk knows no second name."""
    place.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.link(path, place)
    except OSError:
        shutil.copyfile(path, place)


def _files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def _order(path: Path) -> tuple[bool, str]:
    """The lock file comes last."""
    return path.name == NAME, path.as_posix()


def _publish(stage: Path, out: Path) -> None:
    """Put the files in their places; what an earlier run had put there goes first, its lock file before all."""
    made = {path.relative_to(stage) for path in _files(stage)}
    with suppress(UnreadableError):
        old = read_lock(out)
        old.path.unlink()
        for one in old.outputs:
            if Path(one.name) not in made:
                (out / one.name).unlink(missing_ok=True)
    (out / NAME).unlink(missing_ok=True)
    for path in sorted(_files(stage), key=_order):
        place = out / path.relative_to(stage)
        place.parent.mkdir(parents=True, exist_ok=True)
        with path.open("rb") as handle:
            os.fsync(handle.fileno())
        path.replace(place)
