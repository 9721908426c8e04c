"""Writing a source again without some of its records, every other byte as it was.

What is kept and what is cut are hashed together as they pass: unless they are, byte for byte, what was read
before, nothing is written.
"""

from __future__ import annotations

import hashlib
import io
import shutil
from typing import IO, TYPE_CHECKING, NamedTuple

import polars as pl
from polars.io.plugins import register_io_source

from curate.core.errors import UnreadableError, UsageError
from curate.formats.columnar import table_chunks, write_table
from curate.formats.keep_cuts import Cursor, Cut, DocumentCuts, Extent, line_cuts
from curate.formats.keep_output import open_output, packing_of
from curate.formats.parse import parse_chunk
from curate.formats.stream import decoded_blocks, encode_back
from curate.formats.table_metadata import table_metadata

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator
    from pathlib import Path

    from curate.formats.chunk import Chunk
    from curate.formats.read import Opened

RECORDS = pl.Schema({"start": pl.Int64, "end": pl.Int64, "reason": pl.String})
"""Every record of a file in order: its place, and why it cannot be read; null for rows."""


class Removed(NamedTuple):
    """A dropped record.

    Attributes:
        ordinal: of the record in its file, from 0.
        start: offset of ``raw`` in the input after decompression, in the input's own encoding.
        raw: the bytes that went, joiner or line end included; none where they had to stay. For a table, an
            Arrow IPC stream of the one row.
    """

    ordinal: int
    start: int
    raw: bytes


class Written(NamedTuple):
    """What was written: hash and size before compression, and the brackets that were added at the end."""

    sha256: str
    size: int
    dropped: int
    added: bytes = b""


def records_of(opened: Opened) -> pl.DataFrame:
    """All records of a source, as a frame of the ``RECORDS`` schema."""
    frames = [pl.DataFrame(schema=RECORDS)]
    for chunk in opened.chunks():
        parsed = parse_chunk(chunk)
        rows = parsed.batch.rows.select("row", "start", "end", pl.lit(None, pl.String).alias("reason"))
        both = pl.concat([rows, parsed.quarantine.select("row", "start", "end", "reason")])
        frames.append(both.sort("row").drop("row"))
    return pl.concat(frames)


def write_kept(
    opened: Opened,
    dropped: Collection[int] | pl.Series,
    out: Path,
    *,
    records: pl.DataFrame | None = None,
    tell: Callable[[Removed], None] | None = None,
) -> Written:
    """Write a source again without some of its records.

    The file is written in place: see :class:`curate.formats.keep_output.Stage` for writing it whole or not at
    all. It has the source's encoding and the compression that its suffix asks for. Where nothing is dropped
    the source is copied. Collections that a damaged JSON document leaves open are closed.

    Args:
        opened: the source.
        dropped: ordinals of records in the source, from 0.
        out: the file to write; parquet for tables.
        records: all records of the source (schema ``RECORDS``), if they are known.
        tell: told of each dropped record in order.

    Raises:
        UnreadableError: the source changed since it was opened, or its encoding does not give its bytes back.
        UsageError: ``out`` has a suffix that the source cannot be written to.
    """
    goes = set(dropped)
    tell = tell or _ignore
    if opened.survey is None:
        return _write_table(opened, goes, out, tell)
    if not goes and packing_of(out) == opened.survey.packing and opened.source.path is not None:
        shutil.copyfile(opened.source.path, out)
        return Written(opened.survey.sha256, opened.survey.size, 0)
    known = records if records is not None else records_of(opened)
    cuts, added = _plan(opened, known, goes)
    return _copy(opened, cuts, out, tell, added)._replace(dropped=len(cuts))


def write_edited(opened: Opened, cuts: Iterable[Cut], out: Path, tell: Callable[[Removed], None]) -> Written:
    """Write a text source again with some bytes replaced, every other byte as it was.

    Args:
        opened: the source.
        cuts: what goes and what comes in its place, in order and without overlaps; taken as the copy proceeds.
        out: the file to write, as for :func:`write_kept`.
        tell: told of what went, in order.

    Raises:
        UnreadableError: as for :func:`write_kept`.
    """
    return _copy(opened, cuts, out, tell, b"")


def _copy(
    opened: Opened, cuts: Iterable[Cut], out: Path, tell: Callable[[Removed], None], added: bytes
) -> Written:
    with open_output(out) as sink:
        copier = _Copier(opened, cuts, sink, tell)
        copier.run()
        copier.keep(added)
    copier.verify()
    return Written(copier.written.hexdigest(), copier.size, 0, added)


def _ignore(_: Removed) -> None:
    """Nobody wants to know."""


def _plan(opened: Opened, records: pl.DataFrame, goes: set[int]) -> tuple[list[Cut], bytes]:
    """All cuts, and the brackets to add at the end, which is where a cut document may lack them."""
    if not goes:
        return [], b""
    assert opened.survey is not None  # noqa: S101 (tables have no bytes to cut)
    cursor = Cursor(decoded_blocks(opened.source, opened.survey.encoding))
    if opened.container != "json":
        places = records.with_row_index("ordinal").filter(pl.col("ordinal").is_in(list(goes)))
        return list(line_cuts(places.select("ordinal", "start", "end").rows(), cursor)), b""
    extents = [
        Extent(start, end, ordinal in goes, reason or "")
        for ordinal, (start, end, reason) in enumerate(records.iter_rows())
    ]
    document = DocumentCuts(extents, cursor)
    cuts = sorted(document)
    is_clean = all(extent.goes for extent in extents if extent.reason)
    return cuts, document.closers.decode().encode(opened.survey.encoding) if is_clean else b""


class _Copier:
    """Passes a decoded stream on, in its own encoding, without what the cuts take out and with what they put in."""

    def __init__(
        self, opened: Opened, cuts: Iterable[Cut], sink: IO[bytes], tell: Callable[[Removed], None]
    ) -> None:
        assert opened.survey is not None  # noqa: S101 (tables have no bytes to cut)
        self._opened = opened
        self._survey = opened.survey
        self._cuts = iter(cuts)
        self._next = next(self._cuts, None)
        self._sink = sink
        self._tell = tell
        self._seen = hashlib.sha256()
        self.written = hashlib.sha256()
        self.size = 0
        self._passed = 0  # bytes of the source
        self._cut: list[bytes] = []

    def run(self) -> None:
        """Copy the whole stream."""
        base = 0
        for block in decoded_blocks(self._opened.source, self._survey.encoding):
            self._block(block, base)
            base += len(block)
        self._tell_due(base)

    def _block(self, block: bytes, base: int) -> None:
        at, end = base, base + len(block)
        while at < end:
            self._tell_due(at)
            cut = self._next
            stop = min(end, max(cut.start, at) if cut else end)
            if stop > at:
                self._pass(encode_back(block[at - base : stop - base], self._survey.encoding))
            at = stop
            if cut and at < end:
                stop = min(end, cut.end)
                self._cut.append(block[at - base : stop - base])
                at = stop

    def _tell_due(self, at: int) -> None:
        """Tell of the cuts that are complete, and of those that take nothing and put nothing in."""
        while (cut := self._next) and (cut.end <= at or (cut.start == cut.end and not cut.put)):
            raw = encode_back(b"".join(self._cut), self._survey.encoding)
            self._seen.update(raw)
            self._tell(Removed(cut.ordinal, self._passed, raw))
            self._passed += len(raw)
            self._cut.clear()
            self.keep(encode_back(cut.put, self._survey.encoding))
            self._next = next(self._cuts, None)

    def _pass(self, raw: bytes) -> None:
        self._seen.update(raw)
        self._passed += len(raw)
        self.keep(raw)

    def keep(self, raw: bytes) -> None:
        """Write bytes."""
        self.written.update(raw)
        self.size += len(raw)
        self._sink.write(raw)

    def verify(self) -> None:
        """Make sure that what was kept and what was cut are together what was read.

        Raises:
            UnreadableError: they are not.
        """
        if self._seen.hexdigest() == self._survey.sha256:
            return
        name = self._opened.source.name
        if self._survey.encoding == "utf-8":
            raise UnreadableError("changed while it was read", where=name, hint="run again")
        raise UnreadableError(
            f"{self._survey.encoding} does not give back the bytes of the file",
            where=name,
            hint=f"convert it to UTF-8 first: iconv -f {self._survey.encoding} -t UTF-8",
        )


# Tables.


def _write_table(opened: Opened, goes: set[int], out: Path, tell: Callable[[Removed], None]) -> Written:
    source = opened.source
    path = source.path
    if not goes and path is not None and path.is_file() and path.suffix.lower() == out.suffix.lower():
        shutil.copyfile(path, out)
        return Written(*table_identity(path), 0)
    _refuse_other_tables(out)
    rows = 0
    found = 0
    for chunk in table_chunks(path or source.data, opened.index):
        frame = pl.read_ipc_stream(io.BytesIO(chunk.blob))
        for at in (at for at in range(frame.height) if chunk.offset + at in goes):
            tell(Removed(chunk.offset + at, chunk.offset + at, _packed(frame.slice(at, 1))))
            found += 1
        rows += frame.height
    keep = pl.Series(range(rows), dtype=pl.Int64).filter(
        ~pl.Series(range(rows), dtype=pl.Int64).is_in(list(goes))
    )
    write_table(path or source.data, keep, out)
    return Written(*table_identity(out), found)


def _refuse_other_tables(out: Path) -> None:
    if out.suffix.lower() != ".parquet":
        raise UsageError(
            f"a table cannot be written as '{out.suffix}'", where=str(out), hint="give it the suffix .parquet"
        )


def write_edited_table(
    opened: Opened, edited: Callable[[int, pl.DataFrame], pl.DataFrame], out: Path
) -> Written:
    """Write a table again, some thousand rows at a time, with some values replaced: same schema, same order.

    Args:
        opened: the source.
        edited: from the ordinal of a frame's first row, and the frame, to the frame to write.
        out: the parquet file; written in place.

    Raises:
        UnreadableError: its splits differ in their columns.
        UsageError: ``out`` has another suffix.
    """
    _refuse_other_tables(out)
    chunks = opened.chunks()
    first = _frame(next(chunks))

    def frames(*_: object) -> Iterator[pl.DataFrame]:
        yield edited(0, first)
        for chunk in chunks:
            frame = _frame(chunk)
            if frame.schema != first.schema:
                raise UnreadableError("the splits differ in their columns", where=opened.source.name)
            yield edited(chunk.offset, frame)

    metadata = table_metadata(opened.source.path, first.schema)
    register_io_source(frames, schema=first.schema).sink_parquet(out, maintain_order=True, metadata=metadata)
    return Written(*table_identity(out), 0)


def _frame(chunk: Chunk) -> pl.DataFrame:
    return pl.read_ipc_stream(io.BytesIO(chunk.blob))


def _packed(row: pl.DataFrame) -> bytes:
    stream = io.BytesIO()
    row.write_ipc_stream(stream, compat_level=pl.CompatLevel.oldest())
    return stream.getvalue()


def table_identity(path: Path) -> tuple[str, int]:
    """Hash and size of a table: of a file's bytes, or of a saved dataset's file names and files in their order."""
    digest = hashlib.sha256()
    size = 0
    is_folder = path.is_dir()
    for file in sorted(one for one in path.rglob("*") if one.is_file()) if is_folder else [path]:
        if is_folder:
            digest.update(file.relative_to(path).as_posix().encode() + b"\0")
        with file.open("rb") as handle:
            while block := handle.read(1 << 20):
                digest.update(block)
                size += len(block)
    return digest.hexdigest(), size
