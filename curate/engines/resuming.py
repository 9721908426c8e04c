"""A workshop for the steps of a run: what is finished is known by what it was made from, and is not made again.

Each step has a folder whose name holds a hash of all that decides its result: version, plan, the bytes of its inputs.
A step is finished once ``done.json`` lists its files with their hashes; that file appears at once, as the last one. A
run that is killed therefore finds again what is whole, and makes the rest anew, with the same result.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from curate import __version__
from curate.core.errors import UsageError
from curate.formats.keep_output import make_folders, whole

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from curate.core.plan import Plan

FOLDER = ".curate-run"
"""Where a run that is not finished keeps its steps, in the folder that it writes."""

DONE = "done.json"

_ASIDE = ("places", "workers", "show_pii", "show_text")
"""Fields of a plan that decide nothing about the data that is written."""


class FileHash(NamedTuple):
    """A file as it lies on the disk."""

    sha256: str
    size: int


def file_hash(path: Path) -> FileHash:
    """Hash and size of a file's own bytes."""
    with path.open("rb") as handle:
        return FileHash(hashlib.file_digest(handle, "sha256").hexdigest(), path.stat().st_size)


def plan_fields(plan: Plan) -> dict[str, Any]:
    """A plan as JSON holds it, without what decides nothing, and with the hash of each file that it names."""
    fields = {name: value for name, value in asdict(plan).items() if name not in _ASIDE}
    plain: dict[str, Any] = json.loads(json.dumps(fields, default=str))
    plain["fix"].pop("cache", None)
    named = sorted(name for name in _strings(plain) if _is_named(name))
    return plain | {"files": {name: _content(Path(name)) for name in named}}


def _strings(value: object) -> set[str]:
    if isinstance(value, str):
        return {value}
    if isinstance(value, dict):
        return set().union(*map(_strings, value.values()))
    return set().union(*map(_strings, value)) if isinstance(value, list) else set()


def _is_named(name: str) -> bool:
    """Whether a text of a plan names a file, or a folder of checks."""
    try:
        return bool(name) and (
            Path(name).is_file() or (Path(name).is_dir() and any(Path(name).rglob("*.py")))
        )
    except (OSError, ValueError):
        return False


def _content(path: Path) -> str:
    files = [path] if path.is_file() else sorted(path.rglob("*.py"))
    return digest_of(*((str(file), file_hash(file).sha256) for file in files))


def digest_of(*parts: object) -> str:
    """A hash of anything that JSON holds."""
    text = json.dumps(parts, sort_keys=True, ensure_ascii=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True)
class Made:
    """What a step has made.

    Attributes:
        folder: where.
        outputs: the files that go on to the next step, in the order of the inputs.
        digest: of all that decided them.
        told: what else the step says of itself, as JSON holds it.
    """

    folder: Path
    outputs: tuple[Path, ...]
    digest: str
    told: Mapping[str, Any]


class Workshop:
    """The folder of the steps.

    Args:
        out: the folder that the run writes.
        identity: a hash of version, plan and inputs.
    """

    def __init__(self, out: Path, identity: str) -> None:
        self.root = out / FOLDER
        self._digest = digest_of(__version__, identity)
        self._count = 0
        self.reused: list[str] = []

    def step(self, name: str, work: Callable[[Path], tuple[Sequence[Path], Mapping[str, Any]]]) -> Made:
        """What a step makes, taken over if it was made before.

        Args:
            name: of the step.
            work: makes it in the folder that it is given; returns the files that go on, and what it says of itself.
        """
        self._count += 1
        self._digest = digest_of(self._digest, name)
        folder = self.root / f"{self._count}-{name}-{self._digest[:16]}"
        made = self._known(folder)
        if made is not None:
            self.reused.append(name)
            return made
        shutil.rmtree(folder, ignore_errors=True)
        make_folders([folder / DONE])
        outputs, told = work(folder)
        files = {
            path.relative_to(folder).as_posix(): file_hash(path)
            for path in sorted(folder.rglob("*"))
            if path.is_file()
        }
        names = [path.relative_to(folder).as_posix() for path in outputs]
        with whole(folder / DONE) as place:
            place.write_text(json.dumps({"files": files, "outputs": names, "told": told}), "utf-8")
        return Made(folder, tuple(outputs), self._digest, told)

    def _known(self, folder: Path) -> Made | None:
        """A step that is finished and has not changed since."""
        try:
            done = json.loads((folder / DONE).read_text("utf-8"))
            hold = all(file_hash(folder / name) == tuple(mark) for name, mark in done["files"].items())
        except (OSError, ValueError, KeyError, TypeError):
            return None
        outputs = tuple(folder / name for name in done["outputs"])
        return Made(folder, outputs, self._digest, done["told"]) if hold else None

    def clear(self) -> None:
        """All is published: nothing of the work is left."""
        shutil.rmtree(self.root, ignore_errors=True)


@contextmanager
def alone(out: Path) -> Iterator[None]:
    """Two runs never write to one folder at the same time; the system forgets the claim of one that is killed.

    Raises:
        UsageError: another run writes there.
    """
    make_folders([out / FOLDER / "claim"])
    with (out / FOLDER / "claim").open("wb") as claim:
        try:
            import fcntl  # noqa: PLC0415 (there is none on Windows)

            fcntl.flock(claim, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except ImportError:
            pass
        except OSError as error:
            raise UsageError("another run writes there", where=str(out), hint="wait for it to end") from error
        yield
