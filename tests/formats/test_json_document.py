"""Splitting of JSON documents: every byte once, every good record kept, whatever is damaged."""

from __future__ import annotations

import json
import os
import random
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from curate.formats.chunk import BLOCK
from curate.formats.json_document import looks_like_lines, split_document
from curate.formats.json_row import decode_row

if TYPE_CHECKING:
    from collections.abc import Callable

    from curate.formats.chunk import Chunk, Segment

FLAT = [{"q": f"What is {n}?", "a": f"It's {{{n}}}, [or] not \"{n}\"; é 😀\n"} for n in range(5)]
CHATS = [
    {
        "messages": [
            {"role": "user", "content": f"Hello {n}, {{you}}"},
            {"role": "assistant", "content": f'Bye "{n}" [é]'},
        ],
        "meta": {"score": n, "tags": ["x", None, 1.5]},
    }
    for n in range(5)
]


def joined(records: list[str], style: str) -> str:
    """Records as a document; each record is a text of one line."""
    pretty = [record.replace("\n", "\n  ") for record in records]
    ids = [f'"id{n}": ' for n in range(len(records))]
    keyed = [key + record for key, record in zip(ids, records, strict=True)]
    return {
        "one line": "[" + ", ".join(records) + "]",
        "tight": "[" + ",".join(records) + "]\n",
        "a line each": "[\n" + ",\n".join(records) + "\n]\n",
        "comma first": "[\n" + "\n,".join(records) + "\n]\n",
        "indented": "[\n  " + ",\n  ".join(pretty) + "\n]",
        "wrapper": '{"version": 1, "data": [' + ", ".join(records) + '], "end": true}',
        "wrapper indented": '{\n "version": 1,\n "data": [\n  ' + ",\n  ".join(pretty) + "\n ]\n}\n",
        "keyed": "{" + ", ".join(keyed) + "}",
        "keyed indented": "{\n  " + ",\n  ".join(keyed).replace("\r", "") + "\n}\n",
        "sequence": "\n".join(records) + "\n",
    }[style]


STYLES = [
    "one line",
    "tight",
    "a line each",
    "comma first",
    "indented",
    "wrapper",
    "wrapper indented",
    "keyed",
    "keyed indented",
    "sequence",
]


def split(data: bytes, size: int = BLOCK) -> list[Chunk]:
    """The chunks, after the promises that hold for any input at all were checked."""
    blocks = (data[at : at + size] for at in range(0, len(data), size))
    chunks = list(split_document(blocks, 3))
    assert b"".join(chunk.blob for chunk in chunks) == data
    done = 0
    for chunk in chunks:
        assert (chunk.file, chunk.container, chunk.offset) == (3, "json", done)
        assert chunk.line == 1 + data.count(b"\n", 0, done)
        at = 0
        for segment in chunk.segments or ():
            assert segment.start == at < segment.end
            assert segment.line == 1 + data.count(b"\n", 0, done + at)
            assert bool(segment.reason) == (segment.kind == "quarantine")
            at = segment.end
        assert at == len(chunk.blob)
        done += at
    return chunks


def segments(chunks: list[Chunk], kind: str) -> list[tuple[bytes, Segment]]:
    pairs = [(chunk.blob[s.start : s.end], s) for chunk in chunks for s in chunk.segments or ()]
    return [(blob, segment) for blob, segment in pairs if segment.kind == kind]


def rows(chunks: list[Chunk]) -> list[object]:
    decoded = [decode_row(blob) for blob, _ in segments(chunks, "row")]
    return [one.value for one in decoded if not one.error]


def faults(chunks: list[Chunk]) -> list[str]:
    """Reasons of the quarantined segments and of the rows that cannot be read, in order."""
    found = []
    for chunk in chunks:
        for s in chunk.segments or ():
            found.append(s.reason or (s.kind == "row" and decode_row(chunk.blob[s.start : s.end]).error))
    return [reason for reason in found if reason]


def texts(values: list[dict[str, object]], indent: int | None = None) -> list[str]:
    return [json.dumps(value, ensure_ascii=False, indent=indent) for value in values]


# Whole documents.


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("values", [FLAT, CHATS], ids=["flat", "chats"])
@pytest.mark.parametrize("indent", [None, 0, 2])
@pytest.mark.parametrize("size", [1, 7, BLOCK])
def test_good_documents_give_their_rows(
    style: str, values: list[dict[str, object]], indent: int | None, size: int
) -> None:
    chunks = split(joined(texts(values, indent), style).encode(), size)
    assert rows(chunks) == values
    assert faults(chunks) == []


def test_keys_are_ids() -> None:
    chunks = split(b'{"216\\u00e9": {"a": 1}, "x": {"a": 2}}')
    assert [(s.id, blob) for blob, s in segments(chunks, "row")] == [("216é", b'{"a": 1}'), ("x", b'{"a": 2}')]


def test_byte_order_mark_and_comments_are_separators() -> None:
    chunks = split(b'\xef\xbb\xbf// head\n[ /* "{ */ {"a":1}, // x\n{"a":2} /**/ ] // tail')
    assert rows(chunks) == [{"a": 1}, {"a": 2}]
    assert faults(chunks) == []


def test_comment_inside_a_record_makes_it_unreadable() -> None:
    chunks = split(b'[{"a":1},{"a":/* "{ */2},{"a":3}]')
    assert rows(chunks) == [{"a": 1}, {"a": 3}]
    assert len(faults(chunks)) == 1


def test_values_that_are_no_rows_are_handed_on() -> None:
    chunks = split(b'[42, null, "x, {", [{"a": 1}], -1.5e3, {"a": 1}]')
    assert rows(chunks) == [42, None, "x, {", [{"a": 1}], -1500.0, {"a": 1}]


def test_single_row_is_not_a_collection() -> None:
    for text in (
        b'{\n "messages": [\n  {"role": "user"}\n ]\n}',
        b'{\n "id": 1,\n "body": "x"\n}',
        b'{\n "meta": {"x": {"y": 1}},\n "output": "x"\n}',
        b"{}",
    ):
        assert rows(split(text)) == [json.loads(text)]


def test_pretty_rows_in_sequence_are_not_taken_for_wrappers() -> None:
    value = {"id": 1, "turns": [{"role": "user"}]}
    assert rows(split((json.dumps(value, indent=1) * 2).encode())) == [value, value]


def test_other_members_of_a_wrapper_are_separators_unless_they_hold_the_same_records() -> None:
    text = b'{"meta": {"n": 1}, "train": [{"a": 1}], "authors": [{"name": "x"}], "test": [{"a": 2}], "z": []}'
    chunks = split(text)
    assert rows(chunks) == [{"a": 1}, {"a": 2}]
    assert faults(chunks) == []


def test_invalid_utf_8_stays_as_it_is() -> None:
    chunks = split(b'[{"a":"x"},{"a":"caf\xe9"},{"a":"\xed\xa0\x80"},{"a":"y"}]')
    assert rows(chunks) == [{"a": "x"}, {"a": "y"}]
    assert len(faults(chunks)) == 2


def test_chunks_are_about_a_block() -> None:
    text = ("[" + ",\n".join(['{"a":"' + "x" * 1000 + '"}'] * 10_000) + "]").encode()
    chunks = split(text)
    assert len(chunks) == 3
    assert [len(chunk.blob) > BLOCK for chunk in chunks] == [True, True, False]
    assert len(rows(chunks)) == 10_000


# Damage.

DAMAGES: dict[str, Callable[[str], str]] = {
    "string not closed": lambda r: r.replace('", ', ", ", 1),
    "last string not closed": lambda r: r[: r.rindex('"')] + r[r.rindex('"') + 1 :],
    "key not closed": lambda r: r.replace('":', ":", 1),
    "quote too many": lambda r: r.replace('": "', '": "x" ', 1),
    "quotes inside": lambda r: r.replace('": "', '": "He said "no" ', 1),
    "last bracket missing": lambda r: r[:-1],
    "two brackets missing": lambda r: r[:-2],
    "bracket too many": lambda r: r + "}",
    "wrong bracket": lambda r: r[:-1] + "]",
    "stray bracket inside": lambda r: r.replace(", ", "], ", 1),
    "cut in a string": lambda r: r[: r.index("is") if "What" in r else r.index("ello")],
    "cut after a colon": lambda r: r[: r.index(":") + 1],
    "bad escape": lambda r: r.replace('": "', '": "\\x', 1),
    "raw line break": lambda r: r.replace('": "', '": "one\ntwo', 1),
    "raw tab": lambda r: r.replace('": "', '": "one\ttwo', 1),
    "trailing comma": lambda r: r[:-1] + ",}",
    "comma missing": lambda r: r.replace('", ', '" ', 1),
    "colon missing": lambda r: r.replace('": "', '" "', 1),
    "single quotes": lambda r: "{'q': 'x'}" if "What" in r else "{'messages': [{'role': 'user'}]}",
    "constant of Python": lambda r: r.replace('": "', '": None, "z": "', 1),
    "comment": lambda r: r.replace('": "', '": /* it\'s "odd" */ "', 1),
    "garbage": lambda _: "garbage, and more of it",
    "nothing": lambda _: "",
}
REPAIRED = {"bracket too many", "nothing"}  # the record itself is whole, or there is none


@pytest.mark.parametrize("damage", DAMAGES)
@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("values", [FLAT, CHATS], ids=["flat", "chats"])
@pytest.mark.parametrize("at", [0, 2, 4])
@pytest.mark.parametrize("indent", [None, 2])
def test_damaged_record_does_not_take_its_neighbours(
    damage: str, style: str, values: list[dict[str, object]], at: int, indent: int | None
) -> None:
    records = texts(values)
    records[at] = DAMAGES[damage](records[at])
    if indent:
        good = texts(values, indent)
        records = [*good[:at], records[at], *good[at + 1 :]]
    chunks = split(joined(records, style).encode())
    kept = [value for n, value in enumerate(values) if n != at or damage == "bracket too many"]
    assert rows(chunks) == kept
    if damage != "nothing" or (style not in ("sequence",) and not style.startswith("keyed")):
        assert faults(chunks)
    assert len(faults(chunks)) <= 4


