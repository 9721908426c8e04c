from __future__ import annotations

import io
import json
import os
import random
import shutil
import struct
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from curate.core.errors import MissingExtraError, UnreadableError
from curate.formats.chunk import BLOCK, Chunk
from curate.formats.columnar import CHUNK_ROWS, decode_table, table_chunks, write_table


def chats(rows: int, first: int = 0) -> list[dict[str, Any]]:
    return [
        {
            "id": n,
            "messages": [
                {"role": "user", "content": f"question {n}", "weight": None},
                {"role": "assistant", "content": None if n % 5 == 0 else f"añswer {n}", "weight": 0.5},
            ],
            "meta": None if n % 3 == 0 else {"tags": ["a", None]},
        }
        for n in range(first, first + rows)
    ]


def chat_frame(rows: int) -> pl.DataFrame:
    return pl.DataFrame(chats(rows))


def read(source: object) -> list[dict[str, object]]:
    """All rows, after checking what every chunk must be."""
    found: list[dict[str, object]] = []
    for chunk in table_chunks(source, 7):
        assert (chunk.file, chunk.container, chunk.line, chunk.segments) == (7, "table", 0, None)
        assert chunk.offset == len(found)
        rows = decode_table(chunk)
        assert 0 < len(rows) <= CHUNK_ROWS
        found += rows
    return found


def refused(source: object) -> UnreadableError:
    with pytest.raises(UnreadableError) as caught:
        list(table_chunks(source, 0))
    assert caught.value.hint
    assert "\n" not in caught.value.what
    return caught.value


# --- files


@pytest.mark.parametrize("rows", [1, CHUNK_ROWS - 1, CHUNK_ROWS, CHUNK_ROWS + 1, 3 * CHUNK_ROWS])
def test_parquet_rows_come_in_order_with_nested_values(tmp_path: Path, rows: int) -> None:
    chat_frame(rows).write_parquet(tmp_path / "x.parquet", row_group_size=1000)
    assert read(tmp_path / "x.parquet") == chats(rows)
    assert read(str(tmp_path / "x.parquet")) == chats(rows)


@pytest.mark.parametrize("compression", ["uncompressed", "lz4", "zstd"])
def test_arrow_and_feather_files(tmp_path: Path, compression: Any) -> None:
    chat_frame(9000).write_ipc(tmp_path / "x.feather", compression=compression)
    assert read(tmp_path / "x.feather") == chats(9000)


@pytest.mark.parametrize("compression", ["uncompressed", "lz4", "zstd"])
def test_arrow_streams(tmp_path: Path, compression: Any) -> None:
    frame = pl.concat([chat_frame(2500), pl.DataFrame(chats(2500, first=2500))], rechunk=False)
    frame.write_ipc_stream(tmp_path / "x.arrow", compression=compression)
    assert read(tmp_path / "x.arrow") == chats(5000)


def test_arrow_streams_with_dictionaries(tmp_path: Path) -> None:
    values = [f"v{n % 7}" for n in range(3000)]
    pl.DataFrame({"c": values}, schema={"c": pl.Categorical}).write_ipc_stream(tmp_path / "x.arrow")
    assert read(tmp_path / "x.arrow") == [{"c": value} for value in values]


def test_the_kind_of_a_file_is_read_from_its_bytes(tmp_path: Path) -> None:
    chat_frame(3).write_parquet(tmp_path / "a*[b].arrow")
    assert read(tmp_path / "a*[b].arrow") == chats(3)


def test_chunks_do_not_depend_on_row_groups(tmp_path: Path) -> None:
    frame = chat_frame(10_000)
    blobs = []
    for size in (100, 5000, 100_000):
        frame.write_parquet(tmp_path / "x.parquet", row_group_size=size)
        blobs.append(
            [(chunk.offset, decode_table(chunk)) for chunk in table_chunks(tmp_path / "x.parquet", 0)]
        )
    assert blobs[0] == blobs[1] == blobs[2]
    assert [offset for offset, _ in blobs[0]] == [0, CHUNK_ROWS, 2 * CHUNK_ROWS]


def test_long_rows_make_chunks_of_few_rows() -> None:
    frame = pl.DataFrame({"text": [str(n) * BLOCK for n in range(3)] + ["x" * 1000] * 8000})
    chunks = list(table_chunks(frame, 0))
    assert [row["text"] for chunk in chunks for row in decode_table(chunk)] == frame["text"].to_list()
    assert all(len(chunk.blob) <= BLOCK or len(decode_table(chunk)) == 1 for chunk in chunks)
    assert len(chunks) < 20


def test_a_chunk_holds_the_bytes_of_its_own_rows_only(tmp_path: Path) -> None:
    frame = pl.DataFrame({"text": [f"{n} " + "x" * 100 for n in range(40_000)]})
    frame.write_parquet(tmp_path / "x.parquet")
    assert (
        sum(len(chunk.blob) for chunk in table_chunks(tmp_path / "x.parquet", 0)) < 2 * frame.estimated_size()
    )


def test_tables_without_rows_have_no_chunks(tmp_path: Path) -> None:
    empty = chat_frame(1).clear()
    empty.write_parquet(tmp_path / "x.parquet")
    empty.write_ipc_stream(tmp_path / "x.arrow")
    assert read(tmp_path / "x.parquet") == read(tmp_path / "x.arrow") == read(pl.DataFrame()) == []


# --- values


def test_values_that_json_lacks_become_text() -> None:
    frame = pl.DataFrame(
        {
            "day": [date(2024, 2, 29)],
            "at": [[datetime(2024, 2, 29, 1, 2, tzinfo=UTC)]],
            "price": [{"eur": Decimal("1.50")}],
            "image": [b"\x00\xff"],
            "long": [timedelta(hours=30)],
            "none": [None],
            "kind": pl.Series(["a"], dtype=pl.Enum(["a", "b"])),
            "pair": pl.Series([[1, 2]], dtype=pl.Array(pl.Int8, 2)),
        }
    )
    (row,) = read(frame)
    assert row == {
        "day": "2024-02-29",
        "at": ["2024-02-29T01:02:00+00:00"],
        "price": {"eur": "1.50"},
        "image": "AP8=",
        "long": "1 day, 6:00:00",
        "none": None,
        "kind": "a",
        "pair": [1, 2],
    }
    assert json.loads(json.dumps(row)) == row


def test_python_objects_are_refused_by_column() -> None:
    assert "column 'b' holds Python objects" in refused(pl.DataFrame({"a": [1], "b": [object()]})).what


def test_a_polars_query_is_read() -> None:
    assert read(chat_frame(5000).lazy().filter(pl.col("id") > 10)) == chats(5000)[11:]


@pytest.mark.parametrize("source", [3, None, [{"a": 1}], {"a": [1]}, {}])
def test_what_is_no_table_is_refused(source: object) -> None:
    assert "is no table" in refused(source).what


# --- damage


@pytest.mark.parametrize("kind", ["parquet", "feather", "arrow"])
@pytest.mark.parametrize("share", [0.1, 0.5, 0.97])
def test_truncated_files_are_refused(tmp_path: Path, kind: str, share: float) -> None:
    path = tmp_path / f"x.{kind}"
    frame = chat_frame(3000)
    write = {"parquet": frame.write_parquet, "feather": frame.write_ipc, "arrow": frame.write_ipc_stream}[
        kind
    ]
    write(path)
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * share)])
    error = refused(path)
    assert error.where == str(path)
    assert "no end" in error.what or "ends early" in error.what


def test_a_stream_cut_between_two_batches_keeps_what_it_has(tmp_path: Path) -> None:
    """The format allows a stream to end without its mark, so this is no damage that a reader could see."""
    chat_frame(10).write_ipc_stream(tmp_path / "x.arrow")
    data = (tmp_path / "x.arrow").read_bytes()
    assert data.endswith(b"\xff\xff\xff\xff\0\0\0\0")
    (tmp_path / "x.arrow").write_bytes(data[:-8])
    assert read(tmp_path / "x.arrow") == chats(10)


@pytest.mark.parametrize(
    ("data", "hint"),
    [
        (b'{"a": 1}\n', "usual suffix"),
        (b"", "usual suffix"),
        (b"PAR1", "truncated or damaged"),
        (b"FEA1....FEA1", "version 2"),
        (b"\xff\xff\xff\xff\0\0\0\0", "save the dataset again"),
    ],
)
def test_files_of_other_kinds_are_refused(tmp_path: Path, data: bytes, hint: str) -> None:
    (tmp_path / "x.parquet").write_bytes(data)
    assert hint in refused(tmp_path / "x.parquet").hint


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableError, match="cannot be opened"):
        list(table_chunks(tmp_path / "no.parquet", 0))


def test_a_parquet_whose_pages_are_damaged_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.parquet"
    chat_frame(3000).write_parquet(path, compression="zstd")
    data = bytearray(path.read_bytes())
    data[200 : len(data) // 2] = b"\xaa" * (len(data) // 2 - 200)
    path.write_bytes(data)
    assert "cannot be read as a table" in refused(path).what


def test_damaged_framing_of_a_stream_never_ends_in_a_traceback(tmp_path: Path) -> None:
    path = tmp_path / "x.arrow"
    chat_frame(50).write_ipc_stream(path)
    good = path.read_bytes()
    (length,) = struct.unpack_from("<i", good, 4)
    dice = random.Random(3)  # noqa: S311 (reproducible, not secret)
    errors = 0
    for _ in range(300):
        data = bytearray(good)
        for _ in range(dice.randint(1, 3)):
            data[dice.randrange(8)] = dice.randrange(256)
        data[8 : 8 + dice.randint(0, 40)] = b"\xee" * dice.randint(0, 12)
        path.write_bytes(data)
        try:
            list(table_chunks(path, 0))
        except UnreadableError:
            errors += 1
    assert length > 0
    assert errors > 200


# --- saved datasets


def save(folder: Path, *shards: pl.DataFrame) -> None:
    """What ``datasets`` writes with ``save_to_disk``, by polars alone."""
    folder.mkdir(parents=True)
    names = [f"data-{n:05}-of-{len(shards):05}.arrow" for n in range(len(shards))]
    for name, shard in zip(names, shards, strict=True):
        shard.write_ipc_stream(folder / name, compat_level=pl.CompatLevel.oldest())
    state = {"_data_files": [{"filename": name} for name in names], "_split": None}
    (folder / "state.json").write_text(json.dumps(state))
    (folder / "dataset_info.json").write_text("{}")


def test_a_saved_dataset_is_read_shard_by_shard(tmp_path: Path) -> None:
    save(tmp_path / "ds", chat_frame(5000), pl.DataFrame(chats(300, first=5000)))
    assert read(tmp_path / "ds") == chats(5300)


def test_shards_of_different_columns_keep_their_own(tmp_path: Path) -> None:
    save(tmp_path / "ds", pl.DataFrame({"a": [1]}), pl.DataFrame({"a": ["x"], "b": [None]}))
    assert read(tmp_path / "ds") == [{"a": 1}, {"a": "x", "b": None}]


def test_a_saved_dict_is_read_split_by_split(tmp_path: Path) -> None:
    save(tmp_path / "dd" / "train", chat_frame(5))
    save(tmp_path / "dd" / "test", pl.DataFrame({"other": ["x"]}))
    (tmp_path / "dd" / "dataset_dict.json").write_text('{"splits": ["train", "test"]}')
    assert read(tmp_path / "dd") == [*chats(5), {"other": "x"}]
    assert [(c.offset, c.context) for c in table_chunks(tmp_path / "dd", 0)] == [
        (0, {"split": "train"}),
        (5, {"split": "test"}),
    ]


def test_folders_that_are_no_dataset_are_refused(tmp_path: Path) -> None:
    assert "is no saved dataset" in refused(tmp_path).what
    save(tmp_path / "ds", chat_frame(2))
    state = tmp_path / "ds" / "state.json"
    (tmp_path / "ds" / "data-00000-of-00001.arrow").unlink()
    assert "lacks its file data-00000-of-00001.arrow" in refused(tmp_path / "ds").what
    for text in (
        "{",
        "[]",
        "{}",
        '{"_data_files": [3]}',
        '{"_data_files": 3}',
        '{"_data_files": [{"filename": 3}]}',
    ):
        state.write_text(text)
        assert "does not describe a saved dataset" in refused(tmp_path / "ds").what
    for text in (
        '{"_data_files": [{"filename": "../x.arrow"}]}',
        '{"_data_files": [], "_indices_data_files": [{"filename": "i.arrow"}]}',
    ):
        state.write_text(text)
        assert "outside its folder" in refused(tmp_path / "ds").what
    (tmp_path / "dataset_dict.json").write_text('{"splits": ["gone"]}')
    assert "the split is missing" in refused(tmp_path).what


# --- objects of other packages


def test_datasets_from_disk_and_from_memory(tmp_path: Path) -> None:
    datasets = pytest.importorskip("datasets")
    datasets.disable_progress_bars()
    whole = datasets.Dataset.from_list(chats(5000))
    picked = whole.shuffle(seed=1).select(range(100))
    both = datasets.DatasetDict({"train": whole, "test": picked})
    assert read(whole) == chats(5000)
    assert read(picked) == picked.to_list() != chats(100)
    assert read(both) == [*chats(5000), *picked.to_list()]
    assert [chunk.context for chunk in table_chunks(both, 0)] == [{"split": "train"}] * 2 + [
        {"split": "test"}
    ]
    picked.save_to_disk(tmp_path / "one")
    both.save_to_disk(tmp_path / "two")
    assert read(tmp_path / "one") == picked.to_list()
    assert read(tmp_path / "two") == read(both)
    assert "stream" in refused(whole.to_iterable_dataset()).what


def test_saved_datasets_are_read_without_their_package(tmp_path: Path) -> None:
    save(tmp_path / "ds", chat_frame(3))
    code = (
        "import sys\nfrom curate.formats.columnar import decode_table, table_chunks\n"
        "print(sum(len(decode_table(c)) for c in table_chunks(sys.argv[1], 0)))\n"
        "print({'pandas', 'pyarrow', 'datasets', 'numpy'} & set(sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, tmp_path / "ds"], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.split("\n")[:2] == ["3", "set()"]


def test_pandas_and_pyarrow_objects() -> None:
    pandas = pytest.importorskip("pandas")
    pyarrow = pytest.importorskip("pyarrow")
    table = pyarrow.Table.from_pylist(chats(5000))
    assert read(table) == chats(5000)
    frame = pandas.DataFrame({"a": ["x", None], "n": [1.0, float("nan")], "m": [[{"role": "user"}], []]})
    assert read(frame) == [{"a": "x", "n": 1.0, "m": [{"role": "user"}]}, {"a": None, "n": None, "m": []}]


@pytest.mark.parametrize(
    ("column", "kinds"),
    [
        (["x", {"b": 1}], "dict, str"),
        (["x", 1, None], "int, str"),
        ([[1], "x", float("nan")], "list, str"),
        ([{"b": 1}, {"b": "secret"}], "dict"),
        ([object()], "object"),
    ],
)
def test_pandas_columns_of_mixed_kinds_are_named(column: list[object], kinds: str) -> None:
    pandas = pytest.importorskip("pandas")
    pytest.importorskip("pyarrow")
    error = refused(
        pandas.DataFrame({"good": ["x"] * len(column), "bad": pandas.Series(column, dtype="object")})
    )
    assert error.what == f"column 'bad' has no one type; it holds {kinds}"


def test_pandas_frames_with_equal_names_are_refused() -> None:
    pandas = pytest.importorskip("pandas")
    pytest.importorskip("pyarrow")
    assert "non-unique" in refused(pandas.DataFrame([[1, 2]], columns=["a", "a"])).what


def test_parquet_that_pandas_wrote(tmp_path: Path) -> None:
    pandas = pytest.importorskip("pandas")
    pytest.importorskip("pyarrow")
    frame = pandas.DataFrame(chats(50)).set_index("id").iloc[[3, 1, 4]]
    frame.to_parquet(tmp_path / "x.parquet")
    assert read(tmp_path / "x.parquet") == [chats(50)[n] for n in (3, 1, 4)]


def test_missing_packages_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    pandas = pytest.importorskip("pandas")

    def without(_data: object) -> pl.DataFrame:
        raise ModuleNotFoundError("pyarrow")

    monkeypatch.setattr(pl, "from_pandas", without)
    with pytest.raises(MissingExtraError, match=r"curate-data\[hf\]"):
        list(table_chunks(pandas.DataFrame({"a": [1]}), 0))


# --- writing


@pytest.mark.parametrize("kind", ["parquet", "feather", "arrow", "folder", "frame", "query"])
def test_kept_rows_are_written_as_they_were(tmp_path: Path, kind: str) -> None:
    frame = chat_frame(9000).with_columns(row=pl.lit("a"), row_=pl.lit(1, pl.Int8))
    source: object = tmp_path / f"x.{kind}"
    if kind == "parquet":
        frame.write_parquet(tmp_path / "x.parquet", row_group_size=1000)
    elif kind == "feather":
        frame.write_ipc(tmp_path / "x.feather")
    elif kind == "arrow":
        frame.write_ipc_stream(tmp_path / "x.arrow")
    elif kind == "folder":
        save(tmp_path / "x.folder", frame.head(4000), frame.slice(4000))
    else:
        source = frame if kind == "frame" else frame.lazy()
    keep = [n for n in range(9000) if n % 7 and not 500 < n < 6000]
    dice = random.Random(1)  # noqa: S311 (reproducible, not secret)
    shuffled = dice.sample(keep, len(keep))
    write_table(source, shuffled, tmp_path / "out.parquet")
    written = pl.read_parquet(tmp_path / "out.parquet")
    assert written.schema == frame.schema
    assert written.equals(frame[keep])
    write_table(source, pl.Series(shuffled), tmp_path / "again.parquet")
    assert (tmp_path / "again.parquet").read_bytes() == (tmp_path / "out.parquet").read_bytes()


def test_no_row_kept_leaves_the_schema(tmp_path: Path) -> None:
    frame = chat_frame(10)
    frame.write_parquet(tmp_path / "x.parquet")
    write_table(tmp_path / "x.parquet", [], tmp_path / "out.parquet")
    assert pl.read_parquet(tmp_path / "out.parquet").equals(frame.clear())


def test_rows_that_are_not_there_cannot_be_kept(tmp_path: Path) -> None:
    chat_frame(10).write_parquet(tmp_path / "x.parquet")
    with pytest.raises(UnreadableError, match="only 1 of the 2 rows"):
        write_table(tmp_path / "x.parquet", [3, 10], tmp_path / "out.parquet")


def test_splits_of_different_columns_cannot_be_written_together(tmp_path: Path) -> None:
    save(tmp_path / "dd" / "a", chat_frame(2))
    save(tmp_path / "dd" / "b", pl.DataFrame({"x": [1]}))
    (tmp_path / "dd" / "dataset_dict.json").write_text('{"splits": ["a", "b"]}')
    with pytest.raises(UnreadableError, match="cannot be read as a table"):
        write_table(tmp_path / "dd", [0, 2], tmp_path / "out.parquet")


# --- real data


def test_a_real_corpus_survives_every_container(tmp_path: Path) -> None:
    folder = os.environ.get("CURATE_TEST_DATA")
    if not folder:
        pytest.skip("CURATE_TEST_DATA names no folder")
    frame = pl.read_ndjson(Path(folder) / "medquad" / "medquad_health.jsonl")
    frame.write_parquet(tmp_path / "x.parquet")
    frame.write_ipc(tmp_path / "x.arrow", compression="zstd")
    save(tmp_path / "ds", frame)
    expected = frame.to_dicts()
    assert read(tmp_path / "x.parquet") == read(tmp_path / "x.arrow") == read(tmp_path / "ds") == expected
    shutil.rmtree(tmp_path / "ds")


def test_a_chunk_needs_nothing_but_itself() -> None:
    blob = io.BytesIO()
    pl.DataFrame({"a": [{"b": 1}, None]}).write_ipc_stream(blob)
    assert decode_table(Chunk(0, "table", 0, 0, blob.getvalue())) == [{"a": {"b": 1}}, {"a": None}]
