"""What the gate said of the files that are to be trained on, read from the lock file beside them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from curate.core.errors import UnreadableError, UsageError
from curate.core.lock_file import NAME, Lock, read_lock, stale
from curate.core.table_map import Grouping, TableMap

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

UPWARDS = 3
"""Folders above a file in which its lock file is looked for: splits lie below the run's folder."""


class Marks(NamedTuple):
    """What the lock file says of a row."""

    split: str | None = None
    group: str | None = None
    facets: Mapping[str, str] = {}


@dataclass(frozen=True)
class Gate:
    """The files to read, and their verdict.

    Attributes:
        files: in order.
        verdict: ``fit``, ``unfit``, ``nothing``, ``stale`` or ``missing``.
        why: what speaks against them.
        hint: what to do about it.
        lock: the lock file.
        splits: the names of the splits, in the order of their first rows.
        marks: of each row, by its key.
        encoding: of the files, where the plan says it.
        mapping: how the plan reads own tables.
    """

    files: tuple[Path, ...]
    verdict: str
    why: str = ""
    hint: str = ""
    lock: Path | None = None
    splits: tuple[str, ...] = ()
    marks: Mapping[str, Marks] = field(default_factory=dict)
    encoding: str | None = None
    mapping: TableMap | None = None

    def marks_of(self, key: str) -> Marks:
        """What is known of a row; a copy of it in a file of its own counts anew, so copies share what is known."""
        return self.marks.get(key) or self.marks.get(key.partition(".")[0], Marks())

    def refuse(self) -> None:
        """Stop where the verdict does not let the files through.

        Raises:
            UsageError: it is missing, failed or stale.
        """
        if self.verdict != "fit":
            raise UsageError(self.why, where=str(self.lock or self.files[0]), hint=self.hint)


def gate_of(paths: Sequence[Path]) -> Gate:
    """The verdict of a run's folder, or of files that one run wrote.

    Raises:
        UnreadableError: a path names nothing, or the lock file is damaged.
        UsageError: the files come from several runs.
    """
    for path in paths:
        if not path.exists():
            raise UnreadableError("no such file", where=str(path), hint="name a run's folder, or data files")
    locks = {place for path in paths if (place := _lock_of(path)) is not None}
    if len(locks) > 1:
        told = " and ".join(sorted(map(str, locks)))
        raise UsageError(
            f"the files come from several runs: {told}", hint="make one run of all data: curate run A B"
        )
    lock = read_lock(locks.pop()) if locks else None
    files = tuple(one for path in paths for one in _files(path, lock))
    unknown = [path for path in files if lock is None or _name_in(lock, path) is None]
    if lock is None or unknown:
        why = "no gate has seen this data: no curate.lock.json speaks of it"
        rerun = " ".join(map(str, paths))
        hint = f"run: curate run {rerun} -o out/, and train on out/; or go on without a verdict: --force"
        return Gate(files or tuple(paths), "missing", why, hint)
    verdict, why, hint = _judged(lock)
    marks = _marks(lock)
    splits = tuple(dict.fromkeys(mark.split for mark in marks.values() if mark.split))
    plan = lock.fields["plan"]
    mapping = _mapping(plan.get("mapping") or {})
    return Gate(files, verdict, why, hint, lock.path, splits, marks, plan.get("encoding"), mapping)


def _judged(lock: Lock) -> tuple[str, str, str]:
    changed = stale(lock)
    if changed:
        hint = "run it again: curate run; or go on with what is there: --force"
        return "stale", "the data is not what the gate saw: " + "; ".join(changed), hint
    if lock.status != "fit":
        said = str(lock.fields["verdict"].get("headline", lock.status))
        hint = f"look at {lock.folder / 'report.html'}, mend the data and run it again; or go on: --force"
        return lock.status, f"the data did not pass its gate: {said}", hint
    return "fit", "", ""


def _lock_of(path: Path) -> Path | None:
    """The lock file of a run's folder, or the one above a file."""
    if path.is_dir():
        return (path / NAME).resolve() if (path / NAME).is_file() else None
    folders = list(path.resolve().parents)[:UPWARDS]
    return next((folder / NAME for folder in folders if (folder / NAME).is_file()), None)


def _files(path: Path, lock: Lock | None) -> tuple[Path, ...]:
    """The cleaned data of a run's folder; any other path itself."""
    if lock is None or not path.is_dir() or path.resolve() != lock.folder.resolve():
        return (path,)
    return tuple(path / one.name for one in lock.outputs if one.kind == "clean")


def _name_in(lock: Lock, path: Path) -> str | None:
    """The name under which the lock file has this file as data, if it has it."""
    data = {
        (lock.folder / one.name).resolve(): one.name for one in lock.outputs if one.kind in ("clean", "split")
    }
    return data.get(path.resolve())


def _mapping(plan: Mapping[str, Any]) -> TableMap | None:
    """How the run read own tables; None if it read none."""
    columns, drop = (
        {name: tuple(values) for name, values in (plan.get(part) or {}).items()}
        for part in ("columns", "drop")
    )
    group = plan.get("group")
    mapping = TableMap(columns, Grouping(**group) if group else None, drop)
    return mapping or None


def _marks(lock: Lock) -> dict[str, Marks]:
    facets = lock.columns[3:]
    return {
        key: Marks(
            split,
            group,
            {name: str(value) for name, value in zip(facets, values, strict=True) if value is not None},
        )
        for key, split, group, *values in lock.rows
    }
