from __future__ import annotations

import csv
import io
import json
import os
import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from curate.core.errors import UnreadableError
from curate.formats import csv_table
from curate.formats.chunk import BLOCK, Chunk
from curate.formats.csv_table import decode_record, split_csv


def split(data: bytes, name: str = "", size: int = BLOCK) -> list[Chunk]:
    """All chunks, after checking that their segments are the input and that their lines are true."""
    chunks = list(split_csv([data[at : at + size] for at in range(0, len(data), size)], 3, name))
    assert b"".join(chunk.blob for chunk in chunks) == data
    offset, line = 0, 1
    for chunk in chunks:
        assert (chunk.file, chunk.container, chunk.offset, chunk.line) == (3, "csv", offset, line)
        at = 0
        for segment in chunk.segments or ():
            assert (segment.start, segment.line) == (at, line)
            assert segment.start < segment.end
            line += chunk.blob.count(b"\n", segment.start, segment.end)
            at = segment.end
        assert at == len(chunk.blob)
        offset += len(chunk.blob)
    return chunks


def records(data: bytes, name: str = "", size: int = BLOCK) -> list[tuple[dict[str, object] | str, int]]:
    """Every row, or the reason of a quarantine entry, with its line."""
    found: list[tuple[dict[str, object] | str, int]] = []
    for chunk in split(data, name, size):
        for segment in chunk.segments or ():
            raw = chunk.blob[segment.start : segment.end]
            if segment.kind == "row":
                row, _, error = decode_record(raw, chunk.context)
                assert not error
                found.append((row, segment.line))
            elif segment.kind == "quarantine":
                found.append((segment.reason, segment.line))
            else:
                assert not segment.reason
    return found


def rows(data: bytes, name: str = "") -> list[dict[str, object]]:
    return [row for row, _ in records(data, name) if isinstance(row, dict)]


def reasons(data: bytes) -> list[tuple[str, int]]:
    return [(row, line) for row, line in records(data) if isinstance(row, str)]


# --- dialects


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("bom", [b"", b"\xef\xbb\xbf"])
def test_dialects_are_found_although_other_delimiters_stand_in_the_text(
    delimiter: str, end: str, bom: bytes
) -> None:
    table = [
        ["instruction", "output"],
        ["say a, b; c|d", "e,f\tg"],
        ["two\nlines", 'he said "no"'],
        ["ü", ""],
    ]
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter, lineterminator=end).writerows(table)
    data = bom + text.getvalue().encode()
    assert rows(data) == [dict(zip(table[0], row, strict=True)) for row in table[1:]]
    assert split(data)[0].context["delimiter"] == delimiter


def test_prose_with_commas_does_not_outvote_the_header() -> None:
    prose = "Well, this, then; that|so"
    data = f"prompt\tcompletion\n{prose}\t{prose}\n{prose}\t{prose}\n".encode()
    assert rows(data) == [{"prompt": prose, "completion": prose}] * 2


def test_the_file_name_decides_only_between_equals() -> None:
    both = b"a,b\tc\n1,2\t3\n"
    assert rows(both) == [{"a": "1", "b\tc": "2\t3"}]
    assert rows(both, "x.tsv") == [{"a,b": "1,2", "c": "3"}]
    assert rows(b"a,b\n1,2\n", "x.tsv") == [{"a": "1", "b": "2"}]


def test_spaces_before_an_opening_quote_are_no_text_where_the_file_writes_so() -> None:
    assert rows(b'"a", "b"\n"x, y", "z" \n1, 2\n') == [{"a": "x, y", "b": "z"}, {"a": "1", "b": " 2"}]
    assert rows(b'a,b\nx, "y" said he\n') == [{"a": "x", "b": ' "y" said he'}]


def test_excels_sep_line_names_the_delimiter_and_is_no_header() -> None:
    assert records(b"sep=;\r\na;b,c\r\n1;2\r\n") == [({"a": "1", "b,c": "2"}, 3)]


def test_a_header_whose_rows_are_all_ragged_stays_a_header() -> None:
    assert reasons(b"a,b\n1,2,3\n4,5,6\n") == [
        ("3 cells where the header has 2", 2),
        ("3 cells where the header has 2", 3),
    ]


# --- files at the edge


def test_an_empty_file_has_no_chunk() -> None:
    assert split(b"") == []


@pytest.mark.parametrize(
    "data", [b"\xef\xbb\xbf", b"\n\r\n\n", b"\xef\xbb\xbf\r\n", b"sep=;\n", b"\n" * (BLOCK + 9)]
)
def test_a_file_without_a_header_is_all_separators(data: bytes) -> None:
    assert {s.kind for chunk in split(data) for s in chunk.segments or ()} == {"separator"}


@pytest.mark.parametrize("data", [b"a,b", b"a,b\n", b"\xef\xbb\xbfa,b\r\n\r\n", b"a,b\r"])
def test_a_header_alone_is_all_separators(data: bytes) -> None:
    if data.endswith(b"b\r"):
        data += b"\n"
    (chunk,) = split(data)
    assert {s.kind for s in chunk.segments or ()} == {"separator"}
    assert chunk.context["columns"] == ["a", "b"]


def test_rows_after_megabytes_of_blank_lines_are_read() -> None:
    data = b"\n" * BLOCK + b"a,b\n1,2\n"
    assert records(data) == [({"a": "1", "b": "2"}, BLOCK + 2)]


def test_one_column() -> None:
    data = b'text\n"Hello, world"\nplain\n\n""\n"two\nlines"\n'
    assert records(data) == [
        ({"text": "Hello, world"}, 2),
        ({"text": "plain"}, 3),
        ({"text": ""}, 5),
        ({"text": "two\nlines"}, 6),
    ]
    assert rows(b"text\nHello, world\nbye\n") == [{"text": "Hello, world"}, {"text": "bye"}]


def test_the_last_line_needs_no_end() -> None:
    assert rows(b"a,b\n1,2") == rows(b'a,b\r\n1,"2"') == rows(b"a,b\r\n1,2\r") == [{"a": "1", "b": "2"}]


def test_lines_are_those_where_records_begin() -> None:
    data = b'a,b\n1,"x\r\n\ny"\n\n\n2,z\r\n"\n",w\n'
    assert [line for _, line in records(data)] == [2, 7, 8]


def test_a_lone_carriage_return_inside_a_cell_is_text() -> None:
    assert rows(b"a,b\n1\r2,3\r4\r\n") == [{"a": "1\r2", "b": "3\r4"}]


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"a,b,a\n1,2,3\n", "columns 1 and 3 are both named 'a'"),
        (b",a\n0,x\n", "column 1 of 2 has no name"),
        (b"a,,b\n", "column 2 of 3 has no name"),
        (b"a,b\r1,2\r3,4\r", "lone carriage return"),
        (b'a,"b\n1,2\n', "the quote that opens cell 2 is never closed"),
        (b'"a"x,b\n1,2\n', "text after the closing quote of cell 1"),
        (b"a,caf\xe9\n1,2\n", "the header is not UTF-8"),
        (b"a" + b",a" * 20_000 + b"\n1\n", "more than 10,000 cells"),
    ],
)
def test_a_bad_header_is_an_error_with_a_place_and_a_hint(data: bytes, what: str) -> None:
    with pytest.raises(UnreadableError) as caught:
        list(split_csv([b"\n" + data], 0, "t.csv"))
    assert what in caught.value.what
    assert caught.value.where == "t.csv:2"
    assert caught.value.hint


def test_the_index_that_pandas_writes_is_explained() -> None:
    with pytest.raises(UnreadableError, match="index=False"):
        list(split_csv([b",a\n0,x\n"], 0))


# --- records that cannot be read


def test_ragged_rows_are_counted_and_their_neighbours_kept() -> None:
    data = b'a,b,c\n1,2,3\n1,2\n4,"x\ny",6,7\n \n7,8,9\n'
    assert records(data) == [
        ({"a": "1", "b": "2", "c": "3"}, 2),
        ("2 cells where the header has 3", 3),
        ("4 cells where the header has 3", 4),
        ("1 cell where the header has 3", 6),
        ({"a": "7", "b": "8", "c": "9"}, 7),
    ]


@pytest.mark.parametrize("end", [b"\n", b"\r\n"])
@pytest.mark.parametrize("after", [b'5,"hello, world"', b'"5",six', b'5,said "so"', b"5,six"])
def test_an_unclosed_quote_costs_one_line(end: bytes, after: bytes) -> None:
    lines = [b"a,b", b"1,2", b'3,"four', after, *[b"%d,x" % n for n in range(50)]]
    found = records(end.join(lines) + end)
    assert len(found) == len(lines) - 1
    assert found[1] == ("the quote that opens cell 2 is never closed", 3) or (
        "closing quote" in str(found[1][0]) and found[1][1] == 3
    )
    assert all(isinstance(row, dict) for at, (row, _) in enumerate(found) if at != 1)


def test_text_after_a_closing_quote_costs_one_line() -> None:
    data = b'a,b\n1,"He said "no" to me"\n3,4\n'
    assert records(data) == [("text after the closing quote of cell 2", 2), ({"a": "3", "b": "4"}, 3)]


def test_a_quote_that_swallows_a_thousand_records_is_not_believed() -> None:
    data = b'a,b\n1,"x\n' + b"2,y\n" * 1500 + b'3,5"\n4,z\n'
    found = records(data)
    assert len(found) == 1503
    assert found[0] == ("a quoted cell does not end where it should", 2)
    assert found[-2][0] == {"a": "3", "b": '5"'}


def test_a_cell_of_many_lines_that_are_no_records_is_believed() -> None:
    code = "\n".join(f"print({n})" for n in range(3000))
    assert rows(f'a,b\n1,"{code}"\n'.encode()) == [{"a": "1", "b": code}]


def test_a_cell_that_does_not_close_within_the_limit_is_not_believed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(csv_table, "LONGEST_QUOTED", 2000)
    long_line = "x" * 4000
    data = f'a,b\n1,"{long_line}"\n2,"{"y" * 1000}\n{"z" * 1200}"\n3,4\n'.encode()
    assert [row for row, _ in records(data)] == [
        {"a": "1", "b": long_line},
        "a quoted cell does not end where it should",
        "1 cell where the header has 2",
        {"a": "3", "b": "4"},
    ]


def test_invalid_utf8_is_quarantined_with_its_place() -> None:
    data = "a,b\n1,naïve\n".encode() + b"2,na\xefve\n3,\xe2\x82\n4,ok\n"
    found = records(data)
    assert found[0][0] == {"a": "1", "b": "naïve"}
    assert "byte 5" in str(found[1][0])
    assert "looks like cp1252: mend this record in its source" in str(found[1][0])
    assert "byte 3" in str(found[2][0])
    assert "cp1252" not in str(found[2][0])
    assert [line for _, line in found] == [2, 3, 4, 5]
    assert found[3] == ({"a": "4", "b": "ok"}, 5)


def test_a_line_of_millions_of_cells_is_quarantined_without_reading_them_all() -> None:
    assert records(b"a,b\n" + b"," * 3_000_000 + b"\n1,2\n") == [
        ("more than 10,000 cells", 2),
        ({"a": "1", "b": "2"}, 3),
    ]


# --- streaming


def test_chunks_do_not_depend_on_how_the_stream_is_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(csv_table, "BLOCK", 256)
    data = b"a,b\r\n" + b"".join(b'%d,"x ""%d""\r\n y"\r\n' % (n, n) for n in range(200)) + b'1,"open\r\n2,3'
    whole = split(data)
    assert len(whole) > 10
    assert whole == split(data, size=1) == split(data, size=7) == split(data, size=300)


def test_a_record_longer_than_many_blocks_is_one_row(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(csv_table, "BLOCK", 64)
    long = "word, " * 500
    data = f'a,b\n1,"{long}"\n2,{"y" * 1000}\n3,4'.encode()
    assert rows(data) == [{"a": "1", "b": long}, {"a": "2", "b": "y" * 1000}, {"a": "3", "b": "4"}]


# --- properties

TEXT = st.text(st.sampled_from('ab ,;\t|"\n\rü😀0'), max_size=8)


def written(delimiter: str, quoting: int, end: str, table: list[list[str]]) -> bytes:
    if any("\r" in cell for row in table for cell in row):
        quoting = csv.QUOTE_ALL  # Python writes a carriage return bare where lines end with a newline
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter, quoting=quoting, lineterminator=end).writerows(table)
    return text.getvalue().encode()


@st.composite
def tables(draw: st.DrawFn) -> tuple[bytes, list[list[str]]]:
    width = draw(st.integers(1, 4))
    cells = draw(st.lists(st.lists(TEXT, min_size=width, max_size=width), max_size=6))
    table = [[f"c{n}" for n in range(width)], *cells]
    delimiter = draw(st.sampled_from(",;\t|")) if width > 1 else ","
    quoting = draw(st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]))
    return written(delimiter, quoting, draw(st.sampled_from(["\n", "\r\n"])), table), table


@settings(deadline=None, max_examples=300)
@given(tables())
def test_what_python_writes_is_read_back(made: tuple[bytes, list[list[str]]]) -> None:
    data, (header, *cells) = made
    assert rows(data) == [dict(zip(header, row, strict=True)) for row in cells]


SEED = b'a,b,c\r\n1,"x ""y""",z\n\n2,"line\nline",\xc3\xa9\n3,4,5" 6\r\n"7","8","9"\n'


def test_mutations_lose_no_byte_and_raise_nothing_but_bad_headers() -> None:
    dice = random.Random(20250101)  # noqa: S311 (reproducible, not secret)
    alphabet = [
        b",",
        b'"',
        b"\n",
        b"\r",
        b"\r\n",
        b";",
        b"\t",
        b"x",
        b"\xff",
        b"\xc3",
        b"",
        b'""',
        b" ",
        b"\x00",
    ]
    refused = quarantined = 0
    for _ in range(4000):
        data = bytearray(SEED)
        for _ in range(dice.randint(1, 6)):
            at = dice.randrange(len(data) + 1)
            data[at : at + dice.randint(0, 3)] = dice.choice(alphabet)
        try:
            found = records(bytes(data), size=dice.choice([1, 5, BLOCK]))
        except UnreadableError:
            refused += 1
        else:
            quarantined += any(isinstance(row, str) for row, _ in found)
    assert refused > 100
    assert quarantined > 100


def test_mutations_across_chunk_borders(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(csv_table, "BLOCK", 48)
    dice = random.Random(7)  # noqa: S311 (reproducible, not secret)
    for _ in range(1500):
        data = bytearray(b"a,b,c\n" + SEED[7:] * 3)
        for _ in range(dice.randint(1, 6)):
            at = dice.randrange(6, len(data) + 1)
            data[at : at + dice.randint(0, 3)] = dice.choice([b",", b'"', b"\n", b"\r\n", b"\xff", b""])
        kinds = {s.kind for chunk in split(bytes(data)) for s in chunk.segments or ()}
        assert "separator" in kinds


# --- real data


def test_a_real_corpus_written_as_csv_is_read_back() -> None:
    folder = os.environ.get("CURATE_TEST_DATA")
    if not folder:
        pytest.skip("CURATE_TEST_DATA names no folder")
    lines = (Path(folder) / "medquad" / "medquad_health.jsonl").read_bytes().splitlines()
    corpus = [json.loads(line) for line in lines]
    header = list(corpus[0])
    data = written(
        ",", csv.QUOTE_MINIMAL, "\r\n", [header, *([str(row[name]) for name in header] for row in corpus)]
    )
    assert rows(data) == [{name: str(row[name]) for name in header} for row in corpus]
