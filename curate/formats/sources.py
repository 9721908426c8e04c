"""From what the user names (files, globs, folders, ``-``, data frames) to a list of sources."""

from __future__ import annotations

import atexit
import difflib
import glob
import os
import shutil
import stat
import sys
import tempfile
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import IO, TYPE_CHECKING

from curate.core.errors import UnreadableError
from curate.core.telling import tell
from curate.formats import xlsx
from curate.formats.containers import begins_as_data
from curate.formats.stream import first_bytes
from curate.text.visible import text_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

TEXT_SUFFIXES = {".jsonl", ".ndjson", ".json", ".csv", ".tsv", ".txt"}
TABLE_SUFFIXES = {".parquet", ".arrow", ".feather", ".ipc", *xlsx.SUFFIXES}
DESCRIPTIONS = {"dataset_info.json", "dataset_infos.json", "dataset_dict.json", "state.json"}
"""Files that lie beside data and describe it."""

PACKED_SUFFIXES = {".gz", ".zst", ".zstd", ".bz2", ".xz"}
TABLE_MAGIC = (b"PAR1", b"ARROW1", b"\xff\xff\xff\xff", b"FEA1")
"""How parquet, Arrow files, Arrow streams and the first feather begin."""
HIDDEN = "hidden"
NO_ROWS = "neither JSON nor a table by its beginning"
SNIFFED = 64 * 1024
"""Bytes that tell data from prose."""

MOST_SKIPPED, MOST_NAMED = 3, 6
"""Files that an error names, and a note for each reason; all are in the JSON report."""


@dataclass(frozen=True)
class Source:
    """One input: a file, a dataset folder, or an object in memory."""

    name: str
    path: Path | None = None
    data: object = None

    @property
    def suffix(self) -> str:
        """The suffix that tells the container, compression set aside."""
        suffixes = [s.lower() for s in Path(self.name).suffixes]
        while suffixes and suffixes[-1] in PACKED_SUFFIXES:
            suffixes.pop()
        return suffixes[-1] if suffixes else ""

    @cached_property
    def is_table(self) -> bool:
        """Whether rows have no bytes of their own: parquet, Arrow, a dataset folder, a data frame.

        The first bytes tell where the name does not.
        """
        if self.path is None or self.suffix in TABLE_SUFFIXES or self.path.is_dir():
            return True
        if self.suffix in TEXT_SUFFIXES - {".txt"}:
            return False
        try:
            with self.path.open("rb") as file:
                return file.read(6).startswith(TABLE_MAGIC)
        except OSError:
            return False


@dataclass(frozen=True)
class Discovered:
    """The sources to read, the files of folders that were passed over with the reason, and what the user typed."""

    sources: tuple[Source, ...]
    skipped: tuple[tuple[str, str], ...]
    arguments: tuple[str, ...] = ()


def discover(inputs: Sequence[object]) -> Discovered:
    """Everything that the inputs name, in a stable order, each file once.

    Raises:
        UnreadableError: an input names nothing; close names in its folder are suggested. Or no input holds data.
    """
    typed = tuple(str(item) for item in inputs if isinstance(item, str | Path))
    found: dict[str, Source] = {}
    skipped: list[tuple[str, str]] = []
    for item in inputs:
        for source in _expand(item, len(found), skipped):
            found.setdefault(str(source.path) if source.path else source.name, source)
    if not found:
        raise UnreadableError("no data file to read", where=", ".join(typed), hint=_passed_over(skipped))
    seen = [(name, reason) for name, reason in skipped if reason != HIDDEN]
    if seen:
        tell(told_skipped(seen))
    return Discovered(tuple(found.values()), tuple(skipped), typed)


def told_skipped(skipped: Sequence[tuple[str, str]]) -> str:
    """How many files were not read, with their names by reason."""
    reasons: dict[str, list[str]] = {}
    for name, reason in skipped:
        reasons.setdefault(reason, []).append(name)
    told = [f"{_some(names)} ({reason})" for reason, names in reasons.items()]
    return f"{len(skipped):,} file{'s' * (len(skipped) != 1)} not read: {'; '.join(told)}"


def _some(names: Sequence[str]) -> str:
    more = f" and {len(names) - MOST_NAMED:,} more" if len(names) > MOST_NAMED else ""
    return ", ".join(names[:MOST_NAMED]) + more


def _expand(item: object, count: int, skipped: list[tuple[str, str]]) -> Iterable[Source]:
    if not isinstance(item, str | Path):
        return [Source(f"<data {count + 1}>", data=item)]
    text = str(item)
    if text == "-":
        return [Source("<stdin>", path=_spool_stdin())]
    path = Path(text)
    mode = _mode(path)
    if mode is not None:
        return _walk(path, skipped) if stat.S_ISDIR(mode) else [Source(text_name(text), _regular(path, mode))]
    if glob.has_magic(text):
        return [source for match in _matching(text, skipped) for source in _expand(match, count, skipped)]
    raise UnreadableError("no such file", where=text, hint=_suggest(path))


def _matching(pattern: str, skipped: list[tuple[str, str]]) -> Iterable[str]:
    """What a pattern matches; one that says nothing of the suffix (``data/*``) passes over what is no data.

    Raises:
        UnreadableError: it matches nothing.
    """
    matches = sorted(glob.glob(pattern, recursive=True))  # noqa: PTH207
    if not matches:
        raise UnreadableError("no file matches", where=pattern, hint="check the folder and the pattern")
    suffix = Path(pattern).suffix
    is_named = bool(suffix) and not glob.has_magic(suffix)
    for match in matches:
        path = Path(match)
        reason = "" if is_named or path.is_dir() else _reason_in_pattern(path)
        if reason:
            skipped.append((text_name(match), reason))
        else:
            yield match


def _reason_in_pattern(path: Path) -> str:
    """Why a match is passed over; parts such as ``part-00000`` have no suffix, and are data by their content."""
    source = Source(text_name(str(path)), path=path)
    if path.is_file() and not source.suffix:
        return "" if source.is_table or _has_rows(source) else NO_ROWS
    return _reason_to_skip(source, path, path.parent)


def _mode(path: Path) -> int | None:
    """What kind of thing a path names; None for nothing.

    Raises:
        UnreadableError: it is a link that leads nowhere, or may not be looked at.
    """
    try:
        return path.stat().st_mode
    except (FileNotFoundError, NotADirectoryError, ValueError):
        fault = ""
    except OSError as error:
        fault = error.strerror or str(error)
    if os.path.islink(path):  # noqa: PTH114 (pathlib's raises where a name is too long)
        raise UnreadableError(
            "is a link that leads nowhere", where=str(path), hint=f"it points to {path.readlink()}"
        )
    if fault:
        raise UnreadableError(f"cannot be opened: {fault}", where=str(path))
    return None


def _regular(path: Path, mode: int) -> Path:
    """A file as it is; what a pipe gives, as of ``<(…)`` in a shell, in a temporary file, for it is read twice.

    Raises:
        UnreadableError: it is a device or a socket.
    """
    if stat.S_ISREG(mode):
        return _in_text(path)
    if not stat.S_ISFIFO(mode):
        raise UnreadableError("is a device or a socket, not a file", where=str(path))
    try:
        with path.open("rb") as pipe:
            return _spool(pipe)
    except OSError as error:
        raise UnreadableError(f"cannot be opened: {error.strerror}", where=str(path)) from error


def _in_text(path: Path) -> Path:
    """A path itself; if its bytes are no UTF-8, which polars cannot take, a link to it in a temporary folder."""
    if text_name(str(path)) == str(path):
        return path
    folder = Path(tempfile.mkdtemp(prefix="curate-link-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    link = folder / text_name(path.name)
    link.symlink_to(path.absolute())
    return link


def _passed_over(skipped: Sequence[tuple[str, str]]) -> str:
    """What to do where there is no data, and the first files that are no data."""
    if not skipped:
        return "name a .jsonl, .json, .csv, .xlsx or .parquet file, or a folder that holds one"
    more = f"; and {len(skipped) - MOST_SKIPPED:,} more" if len(skipped) > MOST_SKIPPED else ""
    shown = "; ".join(f"{name} ({reason})" for name, reason in skipped[:MOST_SKIPPED])
    return f"passed over: {shown}{more}"


def _suggest(path: Path) -> str:
    siblings = [p.name for p in path.parent.iterdir()] if path.parent.is_dir() else []
    close = difflib.get_close_matches(path.name, siblings, n=1)
    return (
        f"did you mean {text_name(str(path.parent / close[0]))}?"
        if close
        else "check the path; globs and folders work too"
    )


def _walk(folder: Path, skipped: list[tuple[str, str]]) -> Iterable[Source]:
    """A saved dataset as one source; otherwise every data file below the folder."""
    if any(
        (folder / name).is_file() for name in ("dataset_info.json", "dataset_dict.json", "state.json")
    ) and any(folder.rglob("*.arrow")):
        yield Source(text_name(str(folder)), path=_in_text(folder))
        return
    for path in sorted(p for p in folder.rglob("*") if not p.is_dir()):
        source = Source(text_name(str(path)), path=_in_text(path))
        reason = _reason_to_skip(source, path, folder)
        if reason:
            skipped.append((source.name, reason))
        else:
            yield source


def _reason_to_skip(source: Source, path: Path, folder: Path) -> str:
    if any(part.startswith(".") for part in path.relative_to(folder).parts):
        return HIDDEN
    if not path.is_file():
        return "a link that leads nowhere" if path.is_symlink() and not path.exists() else "no regular file"
    if path.name in DESCRIPTIONS:
        return "describes data sets, by its name"
    if source.suffix not in TEXT_SUFFIXES | TABLE_SUFFIXES:
        return "not a data file by its name"
    return "" if source.suffix != ".txt" or source.is_table or _has_rows(source) else NO_ROWS


def _has_rows(source: Source) -> bool:
    """Whether a file that its name does not tell from prose, such as ``LICENSE.txt``, begins as data does."""
    head = first_bytes(source, SNIFFED)
    return begins_as_data(
        head if b"\0" not in head else head.decode("utf-16", "replace").encode(), source.name
    )


def _spool_stdin() -> Path:
    """Standard input in a temporary file: examples are read a second time."""
    return _spool(sys.stdin.buffer)


def _spool(stream: IO[bytes]) -> Path:
    with tempfile.NamedTemporaryFile(prefix="curate-stdin-", delete=False) as spool:
        path = Path(spool.name)
        atexit.register(path.unlink, missing_ok=True)
        shutil.copyfileobj(stream, spool)
    return path
