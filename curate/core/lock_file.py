"""``curate.lock.json``: what a run read and wrote, by which plan and with which verdict, and its rows by key.

It is the one file that training reads. ``docs/reference/lock-file.md`` describes every field.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from curate.core.errors import UnreadableError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

SCHEMA = "curate.lock/1"
"""The version of the format; a field is only ever added within one version."""

NAME = "curate.lock.json"

_NEEDED: dict[str, type | tuple[type, ...]] = {
    **dict.fromkeys(("lock", "curate", "plan_sha256", "rows_sha256"), str),
    **dict.fromkeys(("plan", "verdict", "ledger", "totals"), dict),
    **dict.fromkeys(("inputs", "outputs", "columns", "facets", "rows", "reasons"), list),
}


@dataclass(frozen=True)
class Locked:
    """A file of the lock: its name, hash and size on the disk; of an output its kind, and its rows if it has any."""

    name: str
    sha256: str
    size: int
    kind: str = "input"
    rows: int | None = None


@dataclass(frozen=True)
class Lock:
    """A lock file.

    Attributes:
        path: where it lies; its outputs are named from its folder, its inputs as the user named them.
        curate: the version that wrote it.
        plan_sha256: of the plan.
        status: the verdict of the last check: ``fit``, ``unfit`` or ``nothing``.
        exit_code: of the last check.
        head: of the ledger.
        inputs: what was read.
        outputs: what was written.
        columns: what each entry of ``rows`` holds.
        rows: a list for each row of the cleaned data, in order.
        fields: all of it.
    """

    path: Path
    curate: str
    plan_sha256: str
    status: str
    exit_code: int
    head: str
    inputs: tuple[Locked, ...]
    outputs: tuple[Locked, ...]
    columns: tuple[str, ...]
    rows: Sequence[Sequence[Any]]
    fields: Mapping[str, Any]

    @property
    def folder(self) -> Path:
        """The folder of the outputs."""
        return self.path.parent


def read_lock(path: Path) -> Lock:
    """Read a lock file, or the one in a folder.

    Raises:
        UnreadableError: there is none, or it is damaged, or of another version.
    """
    place = path / NAME if path.is_dir() else path
    try:
        fields = json.loads(place.read_text("utf-8"))
    except OSError as error:
        raise UnreadableError(f"cannot be opened: {error.strerror}", where=str(place)) from error
    except (ValueError, RecursionError) as error:
        raise UnreadableError("is no lock file, or a damaged one", where=str(place)) from error
    if not isinstance(fields, dict) or fields.get("lock") != SCHEMA:
        raise UnreadableError(f"is no lock file of the version {SCHEMA}", where=str(place))
    for name, kind in _NEEDED.items():
        if not isinstance(fields.get(name), kind):
            raise UnreadableError(f"is damaged: `{name}` is missing, or something else", where=str(place))
    try:
        return _lock(place, fields)
    except (KeyError, TypeError) as error:
        raise UnreadableError(f"is damaged: {error}", where=str(place)) from error


def _lock(place: Path, fields: dict[str, Any]) -> Lock:
    verdict = fields["verdict"]
    return Lock(
        path=place,
        curate=fields["curate"],
        plan_sha256=fields["plan_sha256"],
        status=str(verdict["status"]),
        exit_code=int(verdict["exit_code"]),
        head=str(fields["ledger"]["head"]),
        inputs=tuple(Locked(**one) for one in fields["inputs"]),
        outputs=tuple(Locked(**one) for one in fields["outputs"]),
        columns=tuple(fields["columns"]),
        rows=fields["rows"],
        fields=fields,
    )


def lock_bytes(fields: Mapping[str, object], rows: Iterable[Sequence[object]]) -> Iterator[bytes]:
    """The file, piece by piece: all fields, and then the rows, one on a line."""
    yield b"{\n"
    for name, value in fields.items():
        yield f" {json.dumps(name)}: {_spread(value)},\n".encode("utf-8", "backslashreplace")
    yield b' "rows": [\n'
    joiner = b""
    for row in rows:
        yield joiner + row_line(row)
        joiner = b",\n"
    yield b"\n ]\n}\n"


def _spread(value: object) -> str:
    """A value on one line; a list of several things on as many."""
    if isinstance(value, list) and any(isinstance(one, dict | list) for one in value):
        return "[\n  " + ",\n  ".join(json.dumps(one, ensure_ascii=False) for one in value) + "\n ]"
    return json.dumps(value, ensure_ascii=False)


def row_line(row: Sequence[object]) -> bytes:
    """A row as it stands in the file, without its comma."""
    return json.dumps(row, ensure_ascii=False).encode("utf-8", "backslashreplace")


def rows_digest(rows: Iterable[Sequence[object]]) -> str:
    """The hash of all rows, which the chain of ledgers holds."""
    digest = hashlib.sha256()
    for row in rows:
        digest.update(row_line(row) + b"\n")
    return digest.hexdigest()


def stale(lock: Lock) -> list[str]:
    """What is not as the lock says, in words: outputs that are gone or changed, inputs that are there and changed.

    Inputs need not be there: a dataset may be handed on without them.
    """
    told = []
    for one in lock.outputs:
        path = lock.folder / one.name
        if not path.is_file():
            told.append(f"{one.name} is missing")
        elif differs(path, one):
            told.append(f"{one.name} was changed since the run")
    return told + [
        f"the input {one.name} was changed since the run"
        for one in lock.inputs
        if Path(one.name).is_file() and differs(Path(one.name), one)
    ]


def differs(path: Path, mark: Locked) -> bool:
    """Whether a file is another one than the lock says; of another size it is not read."""
    if path.stat().st_size != mark.size:
        return True
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest() != mark.sha256
