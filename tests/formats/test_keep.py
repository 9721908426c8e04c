"""Each container written again without some of its records: what goes with them, and what stays."""

from __future__ import annotations

import bz2
import gzip
import io
import json
import lzma
from typing import TYPE_CHECKING

import polars as pl
import pytest
import zstandard

from curate.core.errors import UnreadableError, UsageError
from curate.formats.keep import Removed, records_of, write_kept
from curate.formats.keep_cuts import Cursor
from curate.formats.keep_output import Stage, open_output, refuse_outputs
from curate.formats.read import open_source
from curate.formats.sources import Source

if TYPE_CHECKING:
    from pathlib import Path


def kept(folder: Path, name: str, data: bytes, *dropped: int, encoding: str | None = None) -> bytes:
    path, out = folder / name, folder / f"out-{name}"
    path.write_bytes(data)
    write_kept(open_source(Source(str(path), path), 0, encoding), set(dropped), out)
    return out.read_bytes()


LINES = b'{"text": "a"}\r\n\r\n{"text": "b"}\n{"text": "c"}'


@pytest.mark.parametrize(
    ("dropped", "left"),
    [
        ((0,), b'\r\n{"text": "b"}\n{"text": "c"}'),
        ((1,), b'{"text": "a"}\r\n\r\n{"text": "c"}'),
        ((2,), b'{"text": "a"}\r\n\r\n{"text": "b"}\n'),
        ((0, 1, 2), b"\r\n"),
        ((), LINES),
    ],
)
def test_a_line_goes_with_its_line_end(tmp_path: Path, dropped: tuple[int, ...], left: bytes) -> None:
    assert kept(tmp_path, "a.jsonl", LINES, *dropped) == left


def test_csv_keeps_its_header_and_quoted_line_breaks(tmp_path: Path) -> None:
    data = b'\xef\xbb\xbfquestion,answer\r\n"a\r\nb",1\r\nc,2\r\n"d",3'
    assert kept(tmp_path, "a.csv", data, 0) == b'\xef\xbb\xbfquestion,answer\r\nc,2\r\n"d",3'
    assert kept(tmp_path, "a.csv", data, 1, 2) == b'\xef\xbb\xbfquestion,answer\r\n"a\r\nb",1\r\n'


ARRAY = b'[\n  {"id": 1},\n  {"id": 2} ,\n  {"id": 3}\n]\n'


@pytest.mark.parametrize(
    ("dropped", "left"),
    [
        ((0,), b'[\n  {"id": 2} ,\n  {"id": 3}\n]\n'),
        ((1,), b'[\n  {"id": 1} ,\n  {"id": 3}\n]\n'),
        ((2,), b'[\n  {"id": 1},\n  {"id": 2}\n]\n'),
        ((0, 1), b'[\n  {"id": 3}\n]\n'),
        ((1, 2), b'[\n  {"id": 1}\n]\n'),
        ((0, 2), b'[\n  {"id": 2}\n]\n'),
        ((0, 1, 2), b"[\n  \n]\n"),
    ],
)
def test_an_element_goes_with_its_joiner(tmp_path: Path, dropped: tuple[int, ...], left: bytes) -> None:
    assert kept(tmp_path, "a.json", ARRAY, *dropped) == left


@pytest.mark.parametrize(
    ("dropped", "left"),
    [
        ((0,), b'{\n "b,": {"n": 2},\n "c": {"n": 3}}'),
        ((1,), b'{\n "a": {"n": 1},\n "c": {"n": 3}}'),
        ((2,), b'{\n "a": {"n": 1},\n "b,": {"n": 2}}'),
        ((0, 1, 2), b"{\n }"),
    ],
)
def test_a_member_goes_with_its_key(tmp_path: Path, dropped: tuple[int, ...], left: bytes) -> None:
    data = b'{\n "a": {"n": 1},\n "b,": {"n": 2},\n "c": {"n": 3}}'
    assert kept(tmp_path, "a.json", data, *dropped) == left


def test_what_stands_around_the_rows_of_a_wrapper_stays(tmp_path: Path) -> None:
    data = b'{"version": "1,[", "data": [{"id": 1}, {"id": 2}], "note": [1, {"a": "], {"}]}'
    assert (
        kept(tmp_path, "a.json", data, 0)
        == b'{"version": "1,[", "data": [{"id": 2}], "note": [1, {"a": "], {"}]}'
    )
    assert (
        kept(tmp_path, "a.json", data, 0, 1) == b'{"version": "1,[", "data": [], "note": [1, {"a": "], {"}]}'
    )


def test_a_sequence_of_values_needs_no_joiner(tmp_path: Path) -> None:
    data = b'{\n "text": "a"\n}\n{\n "text": "b"\n}\n// c\n{\n "text": "c"\n}\n'
    assert kept(tmp_path, "a.json", data, 1) == b'{\n "text": "a"\n}\n// c\n{\n "text": "c"\n}\n'


def test_two_arrays_stay_two_arrays(tmp_path: Path) -> None:
    data = b'[\n{"id": 1},\n{"id": 2}\n]\n[\n{"id": 3}\n]\n'
    assert kept(tmp_path, "a.json", data, 1, 2) == b'[\n{"id": 1}\n]\n[\n\n]\n'


@pytest.mark.parametrize(
    ("data", "left"),
    [
        (b'[\n{"id": 1},\n{"id": 2}, {"id": ', b'[\n{"id": 1},\n{"id": 2}]'),
        (b'[\n{"id": 1},\n{"id": 2},', b'[\n{"id": 1},\n{"id": 2}]'),
        (b'[\n{"id": 1},\n{"id": 2}\n', b'[\n{"id": 1},\n{"id": 2}]'),
        (b'[\n{"id": 1},\n{"id": 2}', b'[\n{"id": 1},\n{"id": 2}]'),
        (b'[{"id": 1}', b'[{"id": 1}]'),
        (b'{"data": [{"id": 1}, {"id": 2}, {"i', b'{"data": [{"id": 1}, {"id": 2}]}'),
        (b'{"a": {"n": 1}, "b": {"n": 2}, "c": ', b'{"a": {"n": 1}, "b": {"n": 2}}'),
        (b'{"a": {"n": 1}, "b": {"n": 2}', b'{"a": {"n": 1}, "b": {"n": 2}}'),
        (b'[\n{"id": 1},,\n{"id": 2},\n]', b'[\n{"id": 1},\n{"id": 2}\n]'),
        (b'[\n,{"id": 1},\n{"id": 2}]', b'[\n{"id": 1},\n{"id": 2}]'),
        (b'[\n{"id": 1}, @@\n{"id": 2}]', b'[\n{"id": 1},\n{"id": 2}]'),
        (b'[\n{"id": 1},\n{"id" 9},\n{"id": 2}]', b'[\n{"id": 1},\n{"id": 2}]'),
        (b'[\n{"id" 9},\n{"id": 1},\n42,\n{"id": 2}]', b'[\n{"id": 1},\n{"id": 2}]'),
    ],
)
def test_a_damaged_document_without_its_damage_is_valid(tmp_path: Path, data: bytes, left: bytes) -> None:
    path, out = tmp_path / "a.json", tmp_path / "out.json"
    path.write_bytes(data)
    opened = open_source(Source(str(path), path), 0)
    records = records_of(opened).with_row_index("at")
    bad = records.filter(pl.col("reason").is_not_null())["at"]
    write_kept(opened, bad, out, records=records.drop("at"))
    assert out.read_bytes() == left
    assert json.loads(left)


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "cp1252"])
def test_the_encoding_stays(tmp_path: Path, encoding: str) -> None:
    text = '{"text": "Müller"}\n{"text": "café €5"}\n{"text": "naïve ideas"}\n'
    mark = "" if encoding == "cp1252" else "\ufeff"
    left = kept(tmp_path, "a.jsonl", (mark + text).encode(encoding), 1)
    assert left == (mark + '{"text": "Müller"}\n{"text": "naïve ideas"}\n').encode(encoding)


def test_a_document_in_utf16_is_closed_in_utf16(tmp_path: Path) -> None:
    path, out = tmp_path / "a.json", tmp_path / "out.json"
    path.write_bytes('[\n{"text": "é"},\n{"te'.encode("utf-16"))
    written = write_kept(open_source(Source(str(path), path), 0), {1}, out)
    assert out.read_bytes().decode("utf-16") == '[\n{"text": "é"}]'
    assert written.added == "]".encode("utf-16-le")


def test_an_encoding_that_does_not_give_its_bytes_back_is_refused(tmp_path: Path) -> None:
    data = b'{"text": "\xfa\x55"}\n{"text": "b"}\n'  # an IBM extension that cp932 writes with other bytes
    assert data.decode("cp932").encode("cp932") != data
    with pytest.raises(UnreadableError, match="does not give back the bytes"):
        kept(tmp_path, "a.jsonl", data, 1, encoding="cp932")


UNPACK = {
    ".gz": gzip.decompress,
    ".bz2": bz2.decompress,
    ".xz": lzma.decompress,
    ".zst": lambda data: zstandard.ZstdDecompressor().stream_reader(io.BytesIO(data)).read(),
    "": bytes,
}


@pytest.mark.parametrize("suffix", UNPACK)
def test_the_suffix_decides_the_compression(tmp_path: Path, suffix: str) -> None:
    outs = [tmp_path / f"{name}.jsonl{suffix}" for name in "ab"]
    path = tmp_path / "in.jsonl.gz"
    path.write_bytes(gzip.compress(LINES))
    for out in outs:
        write_kept(open_source(Source(str(path), path), 0), {0}, out)
    assert outs[0].read_bytes() == outs[1].read_bytes()
    assert UNPACK[suffix](outs[0].read_bytes()) == b'\r\n{"text": "b"}\n{"text": "c"}'


def test_where_nothing_is_dropped_a_compressed_file_is_copied(tmp_path: Path) -> None:
    path, out = tmp_path / "in.jsonl.gz", tmp_path / "out.jsonl.gz"
    path.write_bytes(gzip.compress(LINES, compresslevel=1, mtime=1234567))
    write_kept(open_source(Source(str(path), path), 0), set(), out)
    assert out.read_bytes() == path.read_bytes()
    plain = tmp_path / "out.jsonl"
    write_kept(open_source(Source(str(path), path), 0), set(), plain)
    assert plain.read_bytes() == LINES


def test_a_file_that_changes_in_between_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(LINES)
    opened = open_source(Source(str(path), path), 0)
    records = records_of(opened)
    path.write_bytes(LINES.replace(b"b", b"x"))
    with pytest.raises(UnreadableError, match="changed while it was read"):
        write_kept(opened, {0}, tmp_path / "out.jsonl", records=records)


def test_a_table_keeps_schema_values_and_order(tmp_path: Path) -> None:
    frame = pl.DataFrame({"messages": [[{"role": "user", "n": i}] for i in range(6)], "w": [1.5, None] * 3})
    path, out = tmp_path / "a.parquet", tmp_path / "out.parquet"
    frame.write_parquet(path)
    removed: list[Removed] = []
    opened = open_source(Source(str(path), path), 0)
    write_kept(opened, {1, 4}, out, tell=removed.append)
    assert pl.read_parquet(out).equals(frame[[0, 2, 3, 5]])
    assert pl.read_parquet(out).schema == frame.schema
    assert [one.ordinal for one in removed] == [1, 4]
    rows = pl.concat([pl.read_ipc_stream(io.BytesIO(one.raw)) for one in removed])
    assert rows.equals(frame[[1, 4]])
    write_kept(opened, set(), out)
    assert out.read_bytes() == path.read_bytes()
    with pytest.raises(UsageError, match=r"cannot be written as '\.jsonl'"):
        write_kept(opened, {1}, tmp_path / "out.jsonl")


def test_a_cursor_reads_ranges_across_blocks() -> None:
    cursor = Cursor([b"abc", b"", b"defg", b"h"])
    assert [cursor.read(*pair) for pair in ((1, 2), (2, 5), (5, 5), (6, 20), (20, 30))] == [
        b"b",
        b"cde",
        b"",
        b"gh",
        b"",
    ]


# Outputs.


def test_outputs_that_would_destroy_something_are_refused(tmp_path: Path) -> None:
    path, other, link = tmp_path / "in.jsonl", tmp_path / "other.jsonl", tmp_path / "link.jsonl"
    path.write_bytes(LINES)
    other.write_bytes(b"x")
    link.symlink_to(path)
    sources = [Source(str(path), path)]
    for out in (path, link):
        with pytest.raises(UsageError, match="is an input"):
            refuse_outputs([out], sources, force=True)
    with pytest.raises(UsageError, match="exists already"):
        refuse_outputs([other], sources, force=False)
    with pytest.raises(UsageError, match="written twice"):
        refuse_outputs([other, other], sources, force=True)
    with pytest.raises(UsageError, match="is a folder"):
        refuse_outputs([tmp_path], sources, force=True)
    with pytest.raises(UsageError, match="does not exist"):
        refuse_outputs([tmp_path / "no" / "a.jsonl"], sources, force=True)
    with pytest.raises(UsageError, match="several inputs need a folder"):
        refuse_outputs([other / "a.jsonl"], sources, force=True, below=other)
    refuse_outputs([other], sources, force=True)


def write_and_fail(out: Path, error: Exception) -> None:
    with Stage() as stage:
        stage.place(out).write_bytes(b"new")
        raise error


def test_a_run_that_fails_leaves_the_old_file(tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    out.write_bytes(b"old")
    with pytest.raises(RuntimeError):
        write_and_fail(out, RuntimeError())
    assert out.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [out]
    with Stage() as stage:
        stage.place(out).write_bytes(b"new")
    assert out.read_bytes() == b"new"
    assert list(tmp_path.iterdir()) == [out]


def test_a_full_disk_is_an_error_of_the_user_not_ours(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be written: No space left"):
        write_and_fail(tmp_path / "out.jsonl", OSError(28, "No space left on device"))
    assert not list(tmp_path.iterdir())


def test_gz_holds_neither_time_nor_name(tmp_path: Path) -> None:
    with open_output(tmp_path / "a.gz") as stream:
        stream.write(b"x")
    assert (tmp_path / "a.gz").read_bytes()[3:8] == bytes(5)
