"""Containers whose rows have no bytes of their own: parquet, Arrow, feather, workbooks, datasets, data frames.

Rows flow as Arrow IPC streams of some thousand rows, so that a worker needs nothing but the chunk. polars
does the reading; pandas, pyarrow and datasets are needed only for their own objects.
"""

from __future__ import annotations

import base64
import io
import json
import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import polars as pl

from curate.core.errors import MissingExtraError, UnreadableError
from curate.formats.arrow_stream import CONTINUATION, stream_frames
from curate.formats.chunk import BLOCK, Chunk
from curate.formats.containers import refuse_foreign
from curate.formats.table_metadata import table_metadata
from curate.formats.xlsx import is_workbook, sheet_frames

CHUNK_ROWS = 4_096
"""Most rows of a chunk; fewer where they would not fit in about ``BLOCK`` bytes."""

_FAULTS = (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError)
_CONVERSION_FAULTS = (pl.exceptions.PolarsError, TypeError, ValueError, NotImplementedError, OverflowError)
_EXTRA = ("reading pandas and datasets objects", "hf")
_PARQUET, _ARROW_FILE, _FEATHER_1 = b"PAR1", b"ARROW1", b"FEA1"
_FETCH_AGAIN = "the file is truncated or damaged: fetch or write it again"


@dataclass(frozen=True)
class _Part:
    """A file, a split or an object: its name in errors, its frames, and what its chunks' context says."""

    where: str
    frames: Iterable[pl.DataFrame]
    context: Mapping[str, Any] = field(default_factory=dict)


# --- reading --------------------------------------------------------------------------------------------


def table_chunks(source: object, file: int) -> Iterator[Chunk]:
    """The rows of a columnar source as chunks; ``offset`` is the ordinal of a chunk's first row.

    Files are streamed. The splits of a dataset dict follow each other; the context names the ``split``.

    Args:
        source: the path of a parquet, Arrow or feather file or of a saved dataset (one split or several), or
            a frame of polars or pandas, a pyarrow table, or a dataset (or dict of them) of ``datasets``.
        file: index of the source among the inputs.

    Raises:
        UnreadableError: the source cannot be read, or holds values that are no data.
        MissingExtraError: the packages of an object from elsewhere are not installed.
    """
    offset = 0
    for part in _parts(source):
        for height, blob in _guarded(part):
            yield Chunk(file, "table", offset, 0, blob, None, part.context)
            offset += height


def decode_table(chunk: Chunk) -> list[dict[str, object]]:
    """The rows of a chunk as JSON would hold them: structs are dicts, lists are lists, null is None.

    What JSON lacks becomes text: dates and times in ISO 8601, decimals in digits, binary values in base64.
    """
    frame = pl.read_ipc_stream(io.BytesIO(chunk.blob))
    rows: list[dict[str, object]] = frame.to_dicts()
    foreign = [name for name, dtype in frame.schema.items() if not _is_json(dtype)]
    for row in rows:
        for name in foreign:
            row[name] = _plain(row[name])
    return rows


def _is_json(dtype: pl.DataType) -> bool:
    if isinstance(dtype, pl.Struct):
        return all(_is_json(inner.dtype) for inner in dtype.fields)  # type: ignore[arg-type]
    if isinstance(dtype, pl.List | pl.Array):
        return _is_json(dtype.inner)  # type: ignore[arg-type]
    names = (pl.String, pl.Categorical, pl.Enum, pl.Boolean, pl.Null)
    return dtype.is_integer() or dtype.is_float() or isinstance(dtype, names)


def _plain(value: object) -> object:
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_plain(inner) for inner in value]
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    if isinstance(value, date | datetime | time):
        return value.isoformat()
    return value if value is None or isinstance(value, str | bool | int | float) else str(value)


def _guarded(part: _Part) -> Iterator[tuple[int, bytes]]:
    """The packed frames of a part; what polars reports becomes an error that names the source."""
    try:
        for frame in _rebatched(_without_objects(frame, part.where) for frame in part.frames):
            yield from _packed(frame)
    except _FAULTS as error:
        raise _unreadable(error, part.where) from error


def _unreadable(error: BaseException, where: str) -> UnreadableError:
    lines = str(error).strip().splitlines() or [type(error).__name__]
    return UnreadableError(f"cannot be read as a table: {lines[0]}", where=where, hint=_FETCH_AGAIN)


def _rebatched(frames: Iterable[pl.DataFrame]) -> Iterator[pl.DataFrame]:
    """Frames of ``CHUNK_ROWS`` rows whatever the row groups were; a new schema begins a new frame."""
    held: list[pl.DataFrame] = []
    rows = 0
    for frame in frames:
        if held and held[0].schema != frame.schema:
            yield pl.concat(held)
            held, rows = [], 0
        at = 0
        while rows + frame.height - at >= CHUNK_ROWS:
            taken = CHUNK_ROWS - rows
            yield pl.concat([*held, frame.slice(at, taken)])
            held, rows, at = [], 0, at + taken
        if at < frame.height:
            held.append(frame.slice(at))
            rows += frame.height - at
    if held:
        yield pl.concat(held)


def _packed(frame: pl.DataFrame) -> Iterator[tuple[int, bytes]]:
    """Height and IPC stream of a frame, halved as long as it is too large.

    The oldest Arrow layout of strings is written: the newer one would drag whole buffers along with a slice.
    """
    stream = io.BytesIO()
    frame.write_ipc_stream(stream, compat_level=pl.CompatLevel.oldest())
    if stream.tell() <= BLOCK or frame.height == 1:
        yield frame.height, stream.getvalue()
        return
    half = frame.height // 2
    yield from _packed(frame.head(half))
    yield from _packed(frame.slice(half))


def _without_objects(frame: pl.DataFrame, where: str) -> pl.DataFrame:
    """The frame, if every column holds data.

    Raises:
        UnreadableError: a column holds Python objects, which only polars itself can pass on.
    """
    for name, dtype in frame.schema.items():
        if dtype == pl.Object:
            raise UnreadableError(
                f"column '{name}' holds Python objects, not data",
                where=where,
                hint="turn them into text, numbers, lists or dicts of one shape first",
            )
    return frame


# --- sources --------------------------------------------------------------------------------------------


def _parts(source: object) -> list[_Part]:
    if isinstance(source, str | Path):
        path = Path(source)
        return _folder_parts(path) if path.is_dir() else [_Part(str(path), _file_frames(path))]
    if isinstance(source, pl.DataFrame):
        return [_Part("the polars frame", [source])]
    if isinstance(source, pl.LazyFrame):
        return [_Part("the polars query", _batches(source))]
    if (
        isinstance(source, Mapping)
        and source
        and all(hasattr(split, "with_format") for split in source.values())
    ):
        return [
            _Part(f"split '{name}'", _dataset_frames(split), {"split": str(name)})
            for name, split in source.items()
        ]
    if hasattr(source, "with_format"):
        return [_Part("the dataset", _dataset_frames(source))]
    return [_Part("the data", [_from_elsewhere(source)])]


def _batches(query: pl.LazyFrame) -> Iterator[pl.DataFrame]:
    yield from query.collect_batches(chunk_size=CHUNK_ROWS, maintain_order=True)


def _lazy(path: Path) -> pl.LazyFrame | None:
    """The file as a polars query; None if it is an Arrow stream, which polars cannot query.

    Raises:
        UnreadableError: its first or last bytes show that it is none of these, or not all of it.
    """
    try:
        with path.open("rb") as file:
            head = file.read(4096)
            file.seek(max(0, file.seek(0, io.SEEK_END) - 8))
            tail = file.read(8)
    except OSError as error:
        raise UnreadableError(f"cannot be opened: {error.strerror}", where=str(path)) from error
    for magic, name, scan in ((_PARQUET, "parquet", pl.scan_parquet), (_ARROW_FILE, "Arrow", pl.scan_ipc)):
        if head.startswith(magic):
            if not tail.endswith(magic):
                raise UnreadableError(f"the {name} file has no end", where=str(path), hint=_FETCH_AGAIN)
            return scan(path, glob=False)
    if head.startswith(CONTINUATION):
        return None
    refuse_foreign(head, str(path))
    hint = "for JSON or CSV, give the file its usual suffix"
    if head.startswith(_FEATHER_1):
        hint = "this is feather version 1: write it again with version 2"
    raise UnreadableError("is neither a parquet nor an Arrow file", where=str(path), hint=hint)


def _file_frames(path: Path) -> Iterator[pl.DataFrame]:
    if is_workbook(path):
        yield from sheet_frames(path)
        return
    query = _lazy(path)
    yield from stream_frames(path) if query is None else _batches(query)


def _folder_parts(folder: Path) -> list[_Part]:
    """A dataset saved by ``save_to_disk``: the folder of a split, or of a dict of splits."""
    if (folder / "dataset_dict.json").is_file():
        splits = _names(folder / "dataset_dict.json", lambda state: state["splits"])
        return [_Part(str(folder / name), _split_frames(folder / name), {"split": name}) for name in splits]
    if (folder / "state.json").is_file():
        return [_Part(str(folder), _split_frames(folder))]
    raise UnreadableError(
        "is no saved dataset: it has neither state.json nor dataset_dict.json",
        where=str(folder),
        hint="name the data files in it, or save the dataset with save_to_disk",
    )


def _split_frames(folder: Path) -> Iterator[pl.DataFrame]:
    state = folder / "state.json"
    if not state.is_file():
        raise UnreadableError("the split is missing", where=str(folder), hint="save the dataset again")
    for name in _names(state, lambda state: [entry["filename"] for entry in state["_data_files"]]):
        path = folder / name
        if not path.is_file():
            raise UnreadableError(
                f"lacks its file {name}", where=str(folder), hint="copy the whole folder again"
            )
        yield from _file_frames(path)


def _names(path: Path, pick: Callable[[dict[str, Any]], list[str]]) -> list[str]:
    """The file or folder names that a dataset's description lists; they must lie in its own folder."""
    try:
        state = json.loads(path.read_bytes())
        names = pick(state)
        local = not state.get("_indices_data_files") and all(Path(name).name == name for name in names)
    except (ValueError, TypeError, LookupError, AttributeError, OSError) as error:
        raise UnreadableError(
            f"does not describe a saved dataset ({type(error).__name__}: {error})",
            where=str(path),
            hint="copy the whole folder again, or save the dataset again",
        ) from error
    if not local:
        raise UnreadableError(
            "describes a dataset whose rows lie outside its folder or are picked by a list of indices",
            where=str(path),
            hint="load the dataset with the version that wrote it and save it again",
        )
    return names


def _dataset_frames(dataset: Any) -> Iterator[pl.DataFrame]:  # noqa: ANN401 (duck-typed)
    """A dataset's rows in its own order: reading its table would overlook a selection or a shuffle."""
    if not hasattr(dataset, "__len__"):
        raise UnreadableError(
            "the dataset is a stream without a length",
            hint="write it to a file first: dataset.to_parquet('data.parquet')",
        )
    view = dataset.with_format("arrow")
    for start in range(0, len(dataset), CHUNK_ROWS):
        yield _from_elsewhere(view[start : start + CHUNK_ROWS])


def _from_elsewhere(data: Any) -> pl.DataFrame:  # noqa: ANN401 (duck-typed)
    """A pandas frame, or whatever exports Arrow, as a polars frame.

    Raises:
        MissingExtraError: pandas needs pyarrow for the conversion, and it is not installed.
        UnreadableError: it is no table, or a column holds values of several kinds.
    """
    is_pandas = type(data).__module__.partition(".")[0] == "pandas" and hasattr(data, "columns")
    if not is_pandas and not hasattr(data, "__arrow_c_stream__"):
        raise UnreadableError(
            f"an object of type {type(data).__name__} is no table",
            hint="give a path, or a frame of polars, pandas, pyarrow or datasets",
        )
    try:
        return pl.from_pandas(data) if is_pandas else pl.DataFrame(data)
    except ImportError as error:
        raise MissingExtraError(*_EXTRA) from error
    except _CONVERSION_FAULTS as error:
        raise _inconvertible(data, error) from error


def _inconvertible(data: Any, error: Exception) -> UnreadableError:  # noqa: ANN401 (duck-typed)
    """Which column is to blame and what kinds of value it holds; the converter's own words quote values."""
    hint = "give every column values of one kind: text, numbers, lists, or dicts of one shape"
    for index, name in enumerate(data.columns if hasattr(data, "iloc") else ()):
        column = data.iloc[:, index]
        try:
            pl.from_pandas(column)
        except _CONVERSION_FAULTS:
            kinds = sorted({type(value).__name__ for value in column if not _is_missing(value)})
            return UnreadableError(f"column '{name}' has no one type; it holds {', '.join(kinds)}", hint=hint)
    return UnreadableError(f"the frame cannot be converted: {str(error).splitlines()[0]}", hint=hint)


def _is_missing(value: object) -> bool:
    return value is None or (isinstance(value, float) and math.isnan(value))


# --- writing --------------------------------------------------------------------------------------------


def write_table(rows_like: object, keep: pl.Series | Sequence[int], out: Path) -> None:
    """Write the rows of a source whose ordinals are kept to a parquet file: same schema, values and order.

    What a parquet file says of its columns goes with them (:mod:`curate.formats.table_metadata`).

    Parquet and Arrow files are streamed; of other sources the kept rows are held in memory.

    Args:
        rows_like: any source of :func:`table_chunks`.
        keep: ordinals of rows, in any order.
        out: the parquet file; written in place.

    Raises:
        UnreadableError: the source cannot be read, its splits differ in their columns, or rows to keep
            are not in it.
    """
    kept = pl.Series(values=keep).cast(pl.get_index_type()).unique().sort()
    where = str(rows_like) if isinstance(rows_like, str | Path) else "the data"
    try:
        query = _query(rows_like)
        schema = query.collect_schema()
        index = "row"
        while index in schema:
            index += "_"
        wanted = pl.LazyFrame({index: kept})
        rows = query.with_row_index(index).join(wanted, on=index, how="semi", maintain_order="left")
        metadata = table_metadata(rows_like, schema)
        rows.drop(index).sink_parquet(out, maintain_order=True, metadata=metadata)
        written = pl.scan_parquet(out, glob=False).select(pl.len()).collect().item()
    except _FAULTS as error:
        raise _unreadable(error, where) from error
    if written != kept.len():
        raise UnreadableError(
            f"only {written:,} of the {kept.len():,} rows to keep are in the source",
            where=where,
            hint="it changed since it was read: run again",
        )


def _query(source: object) -> pl.LazyFrame:
    if isinstance(source, pl.LazyFrame):
        return source
    if isinstance(source, str | Path) and not Path(source).is_dir() and not is_workbook(source):
        query = _lazy(Path(source))
        if query is not None:
            return query
    frames = [frame for part in _parts(source) for frame in part.frames]
    return pl.concat([frame.lazy() for frame in frames]) if frames else pl.LazyFrame()
