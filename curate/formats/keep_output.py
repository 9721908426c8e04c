"""Where results go: refused before any work if they would destroy something, written whole or not at all."""

from __future__ import annotations

import bz2
import gzip
import lzma
import os
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, cast

from curate.core.errors import UsageError
from curate.formats.sources import TABLE_SUFFIXES, TEXT_SUFFIXES
from curate.text.visible import text_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from types import TracebackType
    from typing import Self

    from curate.formats.sources import Source

PACKINGS = {".gz": "gz", ".zst": "zst", ".zstd": "zst", ".bz2": "bz2", ".xz": "xz"}
"""Suffixes that ask for compression."""


def packing_of(path: Path) -> str:
    """The compression that a path's suffix asks for; empty for none."""
    return PACKINGS.get(path.suffix.lower(), "")


def refuse_outputs(
    outputs: Sequence[Path], sources: Iterable[Source], *, force: bool, below: Path | None = None
) -> None:
    """Refuse to write where something would be lost, before anything is read.

    Args:
        outputs: all files that are to be written.
        sources: what is read; none of it is ever overwritten, whatever ``force`` says.
        force: whether other files may be overwritten.
        below: a folder that will be made, with all folders in it.

    Raises:
        UsageError: a path is an input, exists, is no regular file, is named twice, or has no folder to be in.
    """
    inputs = [source.path for source in sources if source.path is not None]
    seen: set[str] = set()
    if below is not None and below.exists() and not below.is_dir():
        raise UsageError(
            "is a file, and several inputs need a folder", where=str(below), hint="name a folder"
        )
    for out in outputs:
        if os.path.realpath(out) in seen:
            raise UsageError("would be written twice", where=str(out), hint="name another file")
        seen.add(os.path.realpath(out))
        if out.is_dir():
            raise UsageError("is a folder", where=str(out), hint="name a file in it")
        refuse_special(out)
        if any(_is_same(out, path) for path in inputs):
            raise UsageError(
                "is an input, which is never overwritten", where=str(out), hint="name another file"
            )
        if out.exists() and not force:
            raise UsageError("exists already", where=str(out), hint="name another file, or add --force")
        if not out.parent.is_dir() and (below is None or not out.is_relative_to(below)):
            raise UsageError(
                "the folder does not exist", where=str(out.parent), hint=f"mkdir -p {out.parent}"
            )


def refuse_special(out: Path) -> None:
    """Refuse to put a file in the place of a device, a pipe or a socket; a rename would do it.

    Raises:
        UsageError: the path is there, and no regular file.
    """
    if out.exists() and not out.is_file():
        raise UsageError("is no regular file", where=str(out), hint="name a file, which is written whole")


def make_folders(outputs: Iterable[Path]) -> None:
    """The folders of files that are to be written.

    Raises:
        UsageError: one cannot be made.
    """
    for out in outputs:
        try:
            out.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise UsageError(f"cannot be written: {error.strerror}", where=str(out)) from error


def _is_same(out: Path, path: Path) -> bool:
    return out.exists() and path.exists() and out.samefile(path)


FITTING = {
    "table": ("a table", (".parquet",)),
    "csv": ("delimited text", (".csv", ".tsv")),
    "json": ("a JSON document", (".json", "", ".txt")),
    "jsonl": ("JSON lines", (".jsonl", ".ndjson", "", ".txt")),
    "": ("text", (".jsonl", "", *sorted(TEXT_SUFFIXES))),
}
"""What containers are, and the suffixes that they can be written under; of text of which no more is known, too."""


def refuse_suffixes(
    outputs: Sequence[Path], sources: Sequence[Source], containers: Sequence[str] = ()
) -> None:
    """Refuse to write a container under a suffix of another, by which it would be misread.

    A text whose own suffix is that of another container may be written as it is named.

    Args:
        outputs: where each source goes.
        sources: what is read.
        containers: of the sources, once their bytes have been looked at.

    Raises:
        UsageError: a suffix does not suit.
    """
    for at, (out, source) in enumerate(zip(outputs, sources, strict=True)):
        is_packed = bool(packing_of(out)) and not source.is_table
        suffix = Path(out.stem if is_packed else out.name).suffix.lower()
        known = containers[at] if containers else ""
        what, fitting = FITTING["table" if source.is_table else known]
        if suffix not in fitting and (source.is_table or suffix != source.suffix):
            raise UsageError(
                f"{what} cannot be written as '{suffix}'" if suffix else f"{what} needs a suffix",
                where=str(out),
                hint=f"give it the suffix {fitting[0]}",
            )


def refuse_one_file(out: Path, sources: Sequence[Source], *, is_folder: bool) -> None:
    """Refuse to make a folder that has the name of a data file.

    Raises:
        UsageError: there are several inputs, and ``out`` is named like a file.
    """
    suffixes = {suffix.lower() for suffix in out.suffixes[-2:]}
    if len(sources) > 1 and not is_folder and suffixes & (TEXT_SUFFIXES | TABLE_SUFFIXES):
        raise UsageError(
            f"{len(sources):,} inputs cannot be written to one file",
            where=str(out),
            hint=f"name a folder: {out.name.split('.')[0]}/",
        )


class Stage:
    """Files under construction: they get their names together, at the end, or vanish.

    Each is written beside its place, flushed to the disk and renamed over it, which POSIX does at once: a run
    that is killed leaves the old file or the new one, never half. Files are renamed in the order in which they
    were placed.
    """

    def __init__(self) -> None:
        self._placed: list[tuple[Path, Path]] = []

    def place(self, out: Path) -> Path:
        """The temporary path under which to write what will be ``out``; it has the same suffixes."""
        temporary = out.with_name(f".curate-{os.getpid()}-{len(self._placed)}-{text_name(out.name)}")
        self._placed.append((temporary, out))
        return temporary

    def forget(self, out: Path) -> None:
        """Write nothing to ``out`` after all."""
        for temporary, _ in (pair for pair in self._placed if pair[1] == out):
            temporary.unlink(missing_ok=True)
        self._placed = [pair for pair in self._placed if pair[1] != out]

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if kind is None:
                self._commit()
        except OSError as error:
            raise self._unwritable(error) from error
        finally:
            for temporary, _ in self._placed:
                temporary.unlink(missing_ok=True)
        if isinstance(value, OSError) and self._placed:
            raise self._unwritable(value) from value

    def _unwritable(self, error: OSError) -> UsageError:
        """The error, with the name that the user gave."""
        failed = str(error.filename or "")
        known = next((out for temporary, out in self._placed if str(temporary) == failed), None)
        where = known or failed or self._placed[0][1]
        return UsageError(f"cannot be written: {error.strerror or error}", where=str(where))

    def _commit(self) -> None:
        for temporary, _ in self._placed:
            _flush(temporary)
        for temporary, out in self._placed:
            temporary.replace(out)
        for folder in sorted({out.parent for _, out in self._placed}):
            _flush(folder)


def _flush(path: Path) -> None:
    """Have the system put a file or a folder on the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def whole(out: Path) -> Iterator[Path]:
    """A temporary path beside ``out`` that takes its place at the end; nothing is left if anything fails.

    Raises:
        UsageError: it cannot be written.
    """
    with Stage() as stage:
        yield stage.place(out)


@contextmanager
def open_output(path: Path) -> Iterator[IO[bytes]]:
    """A file to write bytes to, compressed as its suffix asks; the same bytes give the same file.

    The header of a ``.gz`` file (RFC 1952) holds neither a time nor a name, so that nothing differs between runs.
    """
    with path.open("wb") as raw, _packed(raw, packing_of(path)) as stream:
        yield stream


def _packed(raw: IO[bytes], packing: str) -> IO[bytes]:
    if packing == "gz":
        return cast("IO[bytes]", gzip.GzipFile(filename="", mode="wb", fileobj=raw, mtime=0))
    if packing == "bz2":
        return cast("IO[bytes]", bz2.BZ2File(raw, "wb"))
    if packing == "xz":
        return cast("IO[bytes]", lzma.LZMAFile(raw, "wb"))
    if packing == "zst":
        import zstandard  # noqa: PLC0415 (only where needed)

        return cast("IO[bytes]", zstandard.ZstdCompressor().stream_writer(raw, closefd=False))
    return _Unclosed(raw)  # type: ignore[return-value]


class _Unclosed:
    """The file itself, whose closing is left to whoever opened it."""

    def __init__(self, raw: IO[bytes]) -> None:
        self._raw = raw

    def write(self, data: bytes) -> int:
        """Write through."""
        return self._raw.write(data)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Nothing to finish."""
