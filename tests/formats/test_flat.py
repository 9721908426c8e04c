"""Rows that are read as columns are those that are read one by one, frame for frame."""

from __future__ import annotations

import gc
import json
import random
from importlib.util import find_spec
from typing import TYPE_CHECKING

import polars as pl
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from curate.formats import lines, parse
from curate.formats.chunk import Chunk, Segment
from curate.formats.content import content_hash
from curate.formats.flat import read_flat
from curate.formats.flat_kernel import find_lines, read_rows
from curate.formats.layouts.rest import REST
from curate.formats.lines import segment_lines, split_lines
from curate.formats.parse import parse_chunk
from curate.similarity.kernels import VARIABLE

if TYPE_CHECKING:
    from pathlib import Path

    from curate.formats.parse import Parsed

pytestmark = pytest.mark.skipif(
    find_spec("curate.formats._kernels") is None,
    reason="the extension is not built: no C compiler was found when curate was installed",
)

METADATA = ((), (REST, "id", "source", "ok", "score"))
KEYS = (
    "prompt",
    "completion",
    "question",
    "answer",
    "instruction",
    "output",
    "text",
    "id",
    "source",
    "ok",
    "score",
)
SAID = (
    *(
        "",
        "Fig.",
        "Name a fruit.",
        "naïve Über €",
        "日本",
        "🙂🙂🙂🙂",
        'say "so"',
        "back\\slash",
        "\x7f",
        "\u2028z",
    ),
    *(
        " x",
        "\tx",
        "\u00a0x",
        "\u3000x",
        "\u1680x",
        "\u202fx",
        "\u205fx",
        "\x1cx",
        "\x85x",
        "[1]",
        "{",
        "「x」",
    ),
    *(
        "a" * 12,
        "a" * 13,
        "é" * 6,
        "é" * 7,
        "\0",
        "\b\f\n\r\t\x1f and more",
        "/",
        "\ufffd",
        "line\nbreak " * 40,
    ),
)
WRITTEN = (
    *(
        '"\\/\\u0041\\u00e9\\ud83d\\ude00 and"',
        '"\\u000a\\u000A\\b"',
        '"\\ud800"',
        '"\\ude00\\ud83d"',
        '"\\\\ud800"',
    ),
    *(
        '"\\ud83d\\u0041"',
        '"\\x"',
        '"\\u12"',
        '"\\u12g4"',
        '"tab\there"',
        '"open',
        "'a'",
        '"\\u0020x"',
        '"\\u005b1]"',
    ),
    *(
        "0",
        "-0",
        "-0.0",
        "1",
        "-1",
        "01",
        "1.",
        ".5",
        "1.50",
        "-2.25",
        "1e5",
        "1E400",
        "1.0e2",
        "-",
        "--1",
        "0.1",
    ),
    *("123456789012345678", "1234567890123456789", "-123456789012345678", "18446744073709551616", "9" * 5000),
    *(
        "null",
        "true",
        "false",
        "nul",
        "True",
        "NaN",
        "Infinity",
        "-Infinity",
        "undefined",
        "nulll",
        "0." + "1" * 300,
    ),
    *("[]", "{}", '["a"]', '{"a": 1}', '[{"role": "user", "content": "Hi"}]', "[" * 600, ""),
)
ODD = (
    *(
        "",
        " ",
        "\r",
        "\t\x0b\x0c",
        "{}",
        "[]",
        "null",
        '"text"',
        "{",
        '{"prompt"',
        '{"prompt":',
        '{"prompt": "a",}',
    ),
    *(
        '{"prompt": "a"} x',
        '{"prompt": "a"}, ',
        ' {"prompt": "a", "completion": "b"} ',
        '{"prompt": "a" "b": 1}',
    ),
    *(
        '{"a": 1, "a": 2}',
        '{"\\u0061": 1, "b": "x"}',
        '{"": "x"}',
        '{"é": "x", "z": "y"}',
        '{,"a": 1}',
        "# no",
    ),
)
DAMAGE = (
    b"\xff",
    b"\xe2\x82",
    b"\xc0\xaf",
    b"\xed\xa0\x80",
    b"\xf4\x90\x80\x80",
    b"\xf0\x8f\xbf\xbf",
    b"\xe9t\xe9",
)


@st.composite
def row(draw: st.DrawFn) -> str:
    """A line that is, nearly always, an object of texts, numbers and nulls, written in some way."""
    space = draw(st.sampled_from(("", "", " ", "\t ")))
    members = []
    for key in draw(st.lists(st.sampled_from(KEYS), min_size=1, max_size=5)):
        said = st.one_of(
            st.sampled_from(SAID), st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
        )
        written = st.builds(json.dumps, said, ensure_ascii=st.booleans())
        value = draw(st.one_of(written, written, written, st.sampled_from(WRITTEN)))
        members.append(f'"{key}"{space}:{space}{value}')
    return "{" + space + f",{space}".join(members) + "}"


LINES = st.lists(st.one_of(row(), row(), row(), row(), st.sampled_from(ODD)), max_size=8)


def both_ways(chunk: Chunk, metadata: tuple[str, ...] = ()) -> tuple[Parsed, Parsed]:
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv(VARIABLE, raising=False)
        patch.setattr(parse, "COLUMNS_FROM", 0)
        fast = parse_chunk(chunk, metadata)
        patch.setenv(VARIABLE, "numpy")
        return fast, parse_chunk(chunk, metadata)


def assert_same(chunk: Chunk, metadata: tuple[str, ...] = ()) -> None:
    fast, slow = both_ways(chunk, metadata)
    for name in ("rows", "turns", "notes"):
        assert_frame_equal(getattr(fast.batch, name), getattr(slow.batch, name))
    assert_frame_equal(fast.quarantine, slow.quarantine)
    assert_frame_equal(fast.left_out, slow.left_out)
    numbers = ("records", "guessed", "row_bytes", "quarantined_bytes", "separator_bytes")
    assert [getattr(fast, name) for name in numbers] == [getattr(slow, name) for name in numbers]


def chunk_of(*said: str, end: str = "\n", offset: int = 100) -> Chunk:
    return Chunk(2, "jsonl", offset, 7, "".join(line + end for line in said).encode("utf-8", "surrogatepass"))


@settings(max_examples=150, deadline=None)
@given(
    LINES, st.sampled_from(("\n", "\r\n")), st.sampled_from((0, 100)), st.sampled_from(METADATA), st.data()
)
def test_any_lines_are_read_as_one_by_one(
    said: list[str], end: str, offset: int, metadata: tuple[str, ...], data: st.DataObject
) -> None:
    blob = bytearray("".join(line + end for line in said).encode())
    if data.draw(st.booleans()):
        blob = bytearray(lines.BOM) + blob
    for damage in data.draw(st.lists(st.sampled_from((*DAMAGE, b"\n", b'"', b"\\", b"\0")), max_size=2)):
        at = data.draw(st.integers(0, len(blob)))
        blob[at:at] = damage
    if data.draw(st.booleans()):
        blob = blob.rstrip(b"\n")
    assert_same(Chunk(1, "jsonl", offset, 5, bytes(blob)), metadata)


@settings(max_examples=80, deadline=None)
@given(LINES, st.data())
def test_some_rows_of_a_chunk_are_read_as_one_by_one(said: list[str], data: st.DataObject) -> None:
    chunk = chunk_of(*said)
    rows = [segment for segment in segment_lines(chunk) if segment.kind == "row"]
    some = [segment for segment in rows if data.draw(st.booleans())]
    assert_same(Chunk(1, "jsonl", 0, 1, chunk.blob, tuple(some)), (REST,))


@settings(max_examples=300, deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs"])), st.booleans())
@example('\x00\x08\x09\x0a\x0c\x0d\x1b\x1f"\\/\x7f', False)  # noqa: FBT003 (escaped or not)
@example("x" * 112, False)  # noqa: FBT003 (content of exactly one block of the hash)
@example("x" * 113, False)  # noqa: FBT003 (and one byte more)
@example("x" * 240, True)  # noqa: FBT003 (two blocks)
def test_the_hash_is_that_of_the_canonical_content(text: str, ascii_only: bool) -> None:
    value = {"z": text, "a": "x", "ä": None, "a b": -12, "t": True, "f": False, "aa": "a" + text}
    blob = json.dumps(value, ensure_ascii=ascii_only).replace('"\\u00e4"', '"ä"').encode()
    read = read_rows(blob, find_lines(blob, 0, 1))
    is_flat = (not text[:1].isspace() and text[:1] not in {"[", "{"}) or not text
    assert read.hashes.tolist() == ([content_hash(value)] if is_flat else [0])
    assert read.shapes.tolist() == ([0] if is_flat else [-1])


def test_damage_in_each_place_is_read_as_one_by_one() -> None:
    plain = '{"prompt": "What is a naïve 🙂?", "completion": "A \\"fig\\" é.", "n": 12, "id": "a"}\n'.encode()
    for damage in (*DAMAGE, b"", b'"', b"\n", b"\r", b"{", b"\xef\xbb\xbf"):
        for at in range(len(damage) % 3, len(plain), 3):
            blob = plain + plain[:at] + damage + plain[at + 1 :] + plain
            assert_same(Chunk(0, "jsonl", 9, 1, blob), (REST,))


def test_flat_rows_are_read_as_columns() -> None:
    rows = [
        {"prompt": f"What is {n}?", "completion": "A number.", "id": n, "score": n / 8} for n in range(50)
    ]
    flat = read_flat(chunk_of(*map(json.dumps, rows)))
    assert flat is not None
    assert flat.at.tolist() == list(range(50))
    others = read_flat(
        chunk_of(*map(json.dumps, rows[:3]), '{"messages": []}', '{"prompt": " [1]", "id": 3}')
    )
    assert others is not None
    assert others.at.tolist() == [0, 1, 2]


def test_more_shapes_than_are_remembered() -> None:
    chance = random.Random(3)  # noqa: S311 (repeatable)
    rows = [{"prompt": "Hi", "completion": "Ho", f"field {n % 90}": n} for n in range(300)]
    many = {f"f{n}": n for n in range(70)}
    chance.shuffle(rows)
    assert_same(chunk_of(*map(json.dumps, [*rows, many, {"prompt": "Hi", **many}])), (REST, "field 3"))


def test_other_encodings_and_maps_are_left_to_the_reader_of_rows() -> None:
    chunk = chunk_of('{"prompt": "Hi", "completion": "Ho"}')
    assert read_flat(chunk) is not None
    for context in ({"encoding": "cp1252"}, {"notes": [(1, "encoding", "x")]}, {"mapping": object()}):
        assert read_flat(Chunk(0, "jsonl", 0, 1, chunk.blob, None, context)) is None
    assert read_flat(Chunk(0, "json", 0, 1, chunk.blob)) is None
    separator = (Segment("separator", 0, 1, 1),)
    assert read_flat(Chunk(0, "jsonl", 0, 1, chunk.blob, separator)) is None


def test_a_number_beyond_64_bits_may_stand_beside_the_ask() -> None:
    rest = f"meta.{REST}"
    rows = parse_chunk(
        chunk_of('{"prompt": "a", "completion": "b", "choice": 18446744073709551616}'), (REST,)
    ).batch.rows
    assert rows[rest].to_list() == ['{"choice":18446744073709551616}']


def test_columns_outlive_what_they_were_read_from(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parse, "COLUMNS_FROM", 0)
    said = [f"a text of more than twelve bytes, number {n}, \\u00e9" for n in range(200)]
    batch = parse_chunk(chunk_of(*(f'{{"prompt": "{text}", "completion": "short"}}' for text in said))).batch
    texts, raw = batch.turns["text"].gather_every(2), batch.rows["raw"]
    del batch
    gc.collect()
    _ = [bytes(range(256)) * 300 for _ in range(50)]
    assert texts.to_list() == [text.replace("\\u00e9", "é") for text in said]
    assert json.loads(raw[199])["completion"] == "short"
    assert pl.concat([texts, texts]).unique().len() == 200


def test_lines_are_numbered_over_the_parts_of_a_block(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines, "PARTS", 3)
    blob = b"".join(b'{"text": "line %d"}\n' % number for number in range(1, 11)) + b'{"text": "line 11"}'
    chunks = list(split_lines([blob[:50], blob[50:120], blob[120:]], 0))
    assert b"".join(chunk.blob for chunk in chunks) == blob
    rows = pl.concat(parse_chunk(chunk).batch.rows for chunk in chunks)
    assert rows["line"].to_list() == list(range(1, 12))
    assert [json.loads(raw)["text"] for raw in rows["raw"]] == [f"line {number}" for number in range(1, 12)]


def test_real_files_are_read_as_one_by_one(real_data: Path) -> None:
    files = sorted(file for file in real_data.rglob("*.jsonl") if file.is_file())
    assert files
    flat = 0
    for file in files:
        with file.open("rb") as stream:
            blocks = [stream.read(1 << 20)]
        for chunk in split_lines(blocks, 0):
            assert_same(chunk, (REST, "id"))
            found = read_flat(chunk)
            flat += 0 if found is None else len(found.at)
    assert flat > 0
