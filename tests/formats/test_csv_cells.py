from __future__ import annotations

import csv
import io
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from curate.formats.csv_table import (
    EXCEL_LIMIT,
    CellEdit,
    cell_bytes,
    cell_text,
    decode_record,
    patch_record,
    span_bytes,
    split_csv,
)


def context(*columns: str, delimiter: str = ",", skip_space: bool = False) -> dict[str, object]:
    return {"columns": list(columns), "delimiter": delimiter, "skip_space": skip_space}


# --- cells


def test_json_is_read_only_in_columns_where_a_layout_expects_it() -> None:
    turns = [{"role": "user", "content": 'a "b"\nc'}]
    cells = {"messages": json.dumps(turns), "output": "[1]", "prompt": '{"a": 1}', "tools": "[broken"}
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, list(cells))
    writer.writeheader()
    writer.writerow(cells)
    raw = text.getvalue().encode().split(b"\r\n", 1)[1].removesuffix(b"\r\n")
    assert decode_record(raw, context(*cells)) == ({**cells, "messages": turns}, (), "")
    assert decode_record(b'"[""x""]"', context("prompt"))[0] == {"prompt": ["x"]}


def test_notes_of_json_cells_point_into_the_cell() -> None:
    row, notes, _ = decode_record(b'"[{""a"": 1, ""a"": NaN}]"', context("tools"))
    assert {(note.kind, note.at) for note in notes} == {
        ("duplicate-key", "/tools/0/a"),
        ("nonfinite", "/tools/0/a"),
    }
    assert list(row) == ["tools"]


@pytest.mark.parametrize(
    ("text", "cut"),
    [
        ("x" * EXCEL_LIMIT, True),
        ("x" * (EXCEL_LIMIT - 1), False),
        ("x" * (EXCEL_LIMIT + 1), False),
        ("😀" * (EXCEL_LIMIT // 2) + "x", True),
        ("😀" * (EXCEL_LIMIT // 2), False),
    ],
)
def test_a_cell_of_excels_longest_length_is_noted(text: str, cut: bool) -> None:
    _, notes, error = decode_record(f"1,{text}".encode(), context("id", "a/b"))
    assert not error
    assert [(note.kind, note.at) for note in notes] == ([("cell-cut", "/a~1b")] if cut else [])


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b"1,2,3", "3 cells where the header has 2"),
        (b'1,"2', "the quote that opens cell 2 is never closed"),
        (b'"1"x,2', "text after the closing quote of cell 1"),
        (b'"1",2\n', "a quoted cell does not end where it should"),
    ],
)
def test_what_is_no_record_is_an_error_not_an_exception(raw: bytes, reason: str) -> None:
    assert decode_record(raw, context("a", "b")) == ({}, (), reason)


def test_places_inside_a_record() -> None:
    raw = 'é,"say ""ü"" now",x'.encode()
    where = context("a", "b", "c")
    assert cell_bytes(raw, "a", where) == (0, 2)
    assert cell_text(raw, "b", where) == 'say "ü" now'
    start, end = cell_bytes(raw, "b", where) or (0, 0)
    assert raw[start:end] == 'say ""ü"" now'.encode()
    start, end = span_bytes(raw, "b", 4, 7, where) or (0, 0)
    assert raw[start:end] == '""ü""'.encode()
    start, end = span_bytes(raw, "b", 5, 6, where) or (0, 0)
    assert raw[start:end] == "ü".encode()
    assert (
        cell_bytes(raw, "d", where) is cell_text(raw, "d", where) is span_bytes(raw, "d", 0, 0, where) is None
    )
    assert span_bytes(raw, "c", 0, 2, where) is None
    assert cell_bytes(b'"open', "a", where) is None


@pytest.mark.parametrize(
    ("raw", "edits", "patched"),
    [
        (b"teh,2", [("a", 0, 3, "the")], b"the,2"),
        (b"a b,2", [("a", 1, 2, ", ")], b'"a, b",2'),
        (b'"x""y",2', [("a", 1, 2, "-"), ("a", 3, 3, '"')], b'"x-y""",2'),
        (b'5" pipe,2', [("a", 3, 7, "tube")], b'5" tube,2'),
        (b'5" pipe,2', [("a", 0, 1, "")], b'""" pipe",2'),
        (b'"5 pipe",2', [("a", 2, 6, "tube")], b'"5 tube",2'),
        (b"1,2", [("b", 1, 1, "\r"), ("a", 0, 1, "0")], b'0,"2\r"'),
        (b"1,2", [("a", 0, 1, "")], b",2"),
        (b"1,2", [], b"1,2"),
    ],
)
def test_patches_keep_every_other_byte(
    raw: bytes, edits: list[tuple[str, int, int, str]], patched: bytes
) -> None:
    assert patch_record(raw, edits, context("a", "b")) == patched


def test_an_emptied_cell_of_a_single_column_is_not_a_blank_line() -> None:
    assert patch_record(b"x", [CellEdit("a", 0, 1, "")], context("a")) == b'""'


@pytest.mark.parametrize("edit", [("c", 0, 0, "x"), ("a", 0, 9, "x"), ("a", 1, 0, "x"), ("a", -1, 0, "x")])
def test_edits_that_fit_nowhere_are_refused(edit: tuple[str, int, int, str]) -> None:
    with pytest.raises(ValueError, match=r"column '\w'"):
        patch_record(b"1,2", [edit], context("a", "b"))


def test_overlapping_edits_are_refused() -> None:
    with pytest.raises(ValueError, match="overlap"):
        patch_record(b"abc,2", [("a", 0, 2, "x"), ("a", 1, 3, "y")], context("a", "b"))


# --- properties

TEXT = st.text(st.sampled_from('ab ,;\t|"\n\rü😀0'), max_size=8)


def written(delimiter: str, quoting: int, end: str, table: list[list[str]]) -> bytes:
    if any("\r" in cell for row in table for cell in row):
        quoting = csv.QUOTE_ALL  # Python writes a carriage return bare where lines end with a newline
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter, quoting=quoting, lineterminator=end).writerows(table)
    return text.getvalue().encode()


@st.composite
def patches(draw: st.DrawFn) -> tuple[bytes, dict[str, object], list[str], list[CellEdit]]:
    width = draw(st.integers(1, 4))
    names = [f"c{n}" for n in range(width)]
    texts = draw(st.lists(TEXT, min_size=width, max_size=width))
    delimiter = draw(st.sampled_from(",;\t|"))
    quoting = draw(st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]))
    raw = written(delimiter, quoting, "\n", [texts]).removesuffix(b"\n")
    edits = []
    for name, text in zip(names, texts, strict=True):
        cuts = sorted(draw(st.lists(st.integers(0, len(text)), max_size=4, unique=True)))
        edits += [CellEdit(name, a, b, draw(TEXT)) for a, b in zip(cuts[::2], cuts[1::2], strict=False)]
    skip = draw(st.booleans())
    return raw, context(*names, delimiter=delimiter, skip_space=skip), texts, edits


@settings(deadline=None, max_examples=500)
@given(patches())
def test_a_patch_is_the_edits_applied_and_nothing_else(
    made: tuple[bytes, dict[str, object], list[str], list[CellEdit]],
) -> None:
    raw, where, texts, edits = made
    before = {f"c{n}": cell_text(raw, f"c{n}", where) for n in range(len(texts))}
    expected = dict(before)
    for edit in reversed(edits):
        text = expected[edit.column] or ""
        expected[edit.column] = text[: edit.start] + edit.text + text[edit.end :]
    patched = patch_record(raw, edits, where)
    assert decode_record(patched, where) == (expected, (), "")
    for name in set(before) - {edit.column for edit in edits}:
        old, new = cell_bytes(raw, name, where), cell_bytes(patched, name, where)
        assert old
        assert new
        assert raw[slice(*old)] == patched[slice(*new)]
    header = "\n".join(["sep=" + str(where["delimiter"]), str(where["delimiter"]).join(before), ""]).encode()
    (chunk,) = split_csv([header + patch_record(raw, edits, {**where, "skip_space": False})], 0)
    assert [s.line for s in chunk.segments or () if s.kind == "row"] == [3]
