"""Decoding of single records: values, notes, and reasons that name the place but never the text."""

from __future__ import annotations

import base64
import json
import math
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curate.formats.json_document import split_document
from curate.formats.json_row import MAX_DEPTH, Note, decode_row

SUITE = Path(__file__).parents[1] / "data" / "jsontestsuite.jsonl"


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(VALUES)
def test_what_json_writes_is_read_without_notes(value: object) -> None:
    for ascii_only in (True, False):
        decoded = decode_row(json.dumps(value, ensure_ascii=ascii_only).encode())
        assert decoded == (value, (), "")


def test_duplicate_key_takes_the_last_and_is_noted() -> None:
    decoded = decode_row(b'{"m": [{"a/b": 1, "c": 2, "a/b": 3, "a/b": 4}]}')
    assert decoded.value == {"m": [{"a/b": 4, "c": 2}]}
    assert decoded.notes == (Note("duplicate-key", "/m/0/a~1b", "a/b"),)


def test_duplicate_inside_of_what_is_replaced_has_no_place() -> None:
    decoded = decode_row(b'{"a": {"x": 1, "x": 2}, "a": 3}')
    assert decoded.value == {"a": 3}
    assert decoded.notes == (Note("duplicate-key", "/a", "a"), Note("duplicate-key", "", "x"))


def test_numbers_that_are_not_finite_are_noted() -> None:
    decoded = decode_row(b'{"a": [NaN, 1, Infinity], "b": -Infinity, "c": 1e999}')
    value: Any = decoded.value
    assert math.isnan(value["a"][0])
    assert value["b"] == -math.inf
    assert decoded.notes == (
        Note("nonfinite", "/a/0", "NaN"),
        Note("nonfinite", "/a/2", "Infinity"),
        Note("nonfinite", "/b", "-Infinity"),
        Note("nonfinite", "/c", "Infinity"),
    )


@pytest.mark.parametrize(
    ("raw", "text", "count"),
    [
        (rb'"\ud83d\ude00"', "😀", 0),
        (rb'"\uD83D\uDE00"', "😀", 0),
        (rb'"a\ud83d"', "a\ufffd", 1),
        (rb'"\ude00b"', "\ufffdb", 1),
        (rb'"\ud83dx\ude00"', "\ufffdx\ufffd", 2),
        (rb'"\ud83d\ud83d\ude00"', "\ufffd😀", 1),
        (rb'"\ud83d\ude00\ude00"', "😀\ufffd", 1),
        (rb'"\\ud83d"', "\\ud83d", 0),
        (rb'"\\ud83d\ude00"', "\\ud83d\ufffd", 1),
        (rb'"\\\ud83d\ude00"', "\\😀", 0),
        (rb'"\uDBFF\uDFFF"', "\U0010ffff", 0),
    ],
)
def test_lone_surrogates_are_replaced(raw: bytes, text: str, count: int) -> None:
    decoded = decode_row(raw)
    assert decoded.value == text
    assert decoded.notes == ((Note("surrogate", "", str(count)),) if count else ())
    text.encode()


def test_lone_surrogates_in_keys_are_replaced() -> None:
    decoded = decode_row(rb'{"x": {"\ud800": 1, "b": 2}}')
    assert decoded.value == {"x": {"\ufffd": 1, "b": 2}}
    assert decoded.notes == (Note("surrogate", "/x/\ufffd", "in a key"),)


@pytest.mark.parametrize(
    ("raw", "error"),
    [
        (b"", "the record is empty at byte 1"),
        (b" \t", "the record is empty at byte 1"),
        (
            b'{"a": "caf\xe9"}',
            "invalid UTF-8, 0xE9 at byte 11 (looks like cp1252: mend this record in its source)",
        ),
        (
            b'{"a": "it\x92s"}',
            "invalid UTF-8, 0x92 at byte 10 (looks like cp1252: mend this record in its source)",
        ),
        (b'{"a": "\xc3\xa9\xff"}', "invalid UTF-8, 0xFF at byte 10"),
        (b'{"a": "\xc4\xe3\xba\xc3\xc4\xe3"}', "invalid UTF-8, 0xC4 at byte 8"),
        (b'{"a": "\xed\xa0\x80"}', "invalid UTF-8, 0xED at byte 8"),
        (b'{"a": "\xc3', "the record ends too early (truncated), inside a character at byte 8"),
        (b'{"\xc3\xa9": "\\x41"}', "a bad escape inside a string at byte 9"),
        (b'{"a": "\\u12G4"}', "a bad \\u escape inside a string at byte 8"),
        (b'{"a": "b\nc"}', "a raw line break inside a string at byte 9"),
        (b'{"a": "b\tc"}', "a raw control character inside a string at byte 9"),
        (b'{"a": 1,}', "a trailing comma before a closing bracket at byte 8"),
        (b'{"a": [1 , ]}', "a trailing comma before a closing bracket at byte 10"),
        (b'{"a": 1,, "b": 2}', "a stray comma at byte 9"),
        (b"[1,,2]", "a stray comma at byte 4"),
        (b'{"a": "b', "the record ends too early (truncated), inside the string that begins at byte 7"),
        (b'{"a": ', "the record ends too early (truncated) at byte 7"),
        (b'{"a": tr', "the record ends too early (truncated) at byte 7"),
        (b'{"a": {"b": 1}', "the record ends too early (truncated) at byte 15"),
        (b"{'a': 1}", "single quotes where JSON wants double quotes at byte 2"),
        ("{“a”: 1}".encode(), "typographic quotation marks where JSON wants straight ones at byte 2"),
        (b'{"a": 1 // x\n}', "a comment, which JSON does not have, at byte 9"),
        (b'{"a": /* x */ 1}', "a comment, which JSON does not have, at byte 7"),
        (b'{"a": None}', "a Python or JavaScript constant that is not JSON at byte 7"),
        (b"{a: 1}", "a key without double quotes at byte 2"),
        (b"{: 1}", "no key where one must stand at byte 2"),
        (b'{"a" 1}', "no colon after a key at byte 6"),
        (b'{"a": 1 "b": 2}', "no comma or closing bracket after a value at byte 9"),
        (b'{"a": 1} {"b": 2}', "more text after the end of the value at byte 10"),
        (b'{"a": 01}', "no comma or closing bracket after a value at byte 8"),
        (b'{"a": .5}', "no JSON value where one must stand at byte 7"),
        (b"\xef\xbb\xbf{}", "a byte order mark inside the file at byte 1"),
        (b"1" * 5000, "a whole number has more digits than can be read"),
        (b'{"a":' * 600 + b"1" + b"}" * 600, f"the record is nested deeper than {MAX_DEPTH} levels"),
        (b"[" * 200_000, f"the record is nested deeper than {MAX_DEPTH} levels"),
        (b'{"a": NaN, "a": 1,}', "a trailing comma before a closing bracket at byte 18"),
    ],
)
def test_reason_names_the_fault_and_its_byte(raw: bytes, error: str) -> None:
    assert decode_row(raw) == (None, (), error)


def test_depth_is_a_fixed_bound() -> None:
    def deeper(calls: int, raw: bytes) -> str:
        return deeper(calls - 1, raw) if calls else decode_row(raw).error

    most = b"[" * MAX_DEPTH + b"]" * MAX_DEPTH
    assert deeper(0, most) == deeper(200, most) == ""
    assert deeper(0, b"[" + most + b"]") == deeper(200, b"[" + most + b"]") != ""
    assert decode_row(json.dumps(["[{" * 2000]).encode()).error == ""


def test_reasons_of_long_records_do_not_take_long() -> None:
    start = time.process_time()
    error = decode_row(b'{"a": "' + b"x" * 5_000_000 + b'"' + b" " * 5_000_000 + b'"').error
    assert error == "no comma or closing bracket after a value at byte 10000009"
    assert time.process_time() - start < 2


# The 318 documents of JSONTestSuite.

LINES = SUITE.read_text(encoding="utf-8").splitlines()
CASES = [(case["name"], base64.b64decode(case["base64"])) for case in map(json.loads, LINES)]

NOTED = {"n_number_NaN.json", "n_number_infinity.json", "n_number_minus_infinity.json"}
"""Refused by the standard, read here with a note."""

DOCUMENTS = {
    "n_structure_double_array.json",  # a sequence of values
    "n_object_trailing_comment.json",  # comments between records are separators
    "n_object_trailing_comment_slash_open.json",
    "n_single_space.json",  # an empty file has no rows
    "n_structure_no_data.json",
    "n_structure_UTF8_BOM_no_data.json",
}
"""Refused by the standard as one value, fine as a file of records."""


def test_the_suite_is_complete() -> None:
    kinds = [name[0] for name, _ in CASES]
    assert [kinds.count(kind) for kind in "yni"] == [95, 188, 35]


@pytest.mark.parametrize(("name", "raw"), CASES, ids=[name for name, _ in CASES])
def test_suite_as_a_record(name: str, raw: bytes) -> None:
    decoded = decode_row(raw)
    if name.startswith("y_"):
        assert decoded.error == ""
    if name.startswith("n_"):
        assert (not decoded.error) == bool(decoded.notes) == (name in NOTED)


@pytest.mark.parametrize(("name", "raw"), CASES, ids=[name for name, _ in CASES])
def test_suite_as_a_document(name: str, raw: bytes) -> None:
    chunks = list(split_document([raw], 0))
    assert b"".join(chunk.blob for chunk in chunks) == raw
    parts = [(s.kind, chunk.blob[s.start : s.end]) for chunk in chunks for s in chunk.segments or ()]
    assert b"".join(blob for _, blob in parts) == raw
    decoded = [decode_row(blob) for kind, blob in parts if kind == "row"]
    is_clean = all(kind != "quarantine" for kind, _ in parts) and not any(one.error for one in decoded)
    if name.startswith("y_"):
        assert is_clean
    if name.startswith("n_"):
        are_rows = all(isinstance(one.value, dict) for one in decoded)
        assert (is_clean and are_rows) == (name in DOCUMENTS)
