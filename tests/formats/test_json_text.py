"""Byte ranges within records, and changes in place: only what is edited differs."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curate.formats.json_row import decode_row
from curate.formats.json_text import Edit, locate, patch, span_bytes

TEXTS = st.text(
    st.characters(exclude_categories=["Cs"]) | st.sampled_from('"\\/\n\té漢😀\x00\x7f\u2028'), max_size=12
)
KEYS = st.text(st.sampled_from('ab/~"\\é#1'), max_size=3)
VALUES = st.recursive(
    TEXTS | st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=8,
)
STYLES = [(ascii_only, indent) for ascii_only in (True, False) for indent in (None, 2)]


def write(value: object, style: tuple[bool, int | None]) -> bytes:
    return json.dumps(value, ensure_ascii=style[0], indent=style[1]).encode()


def walk(value: Any, at: str = "") -> list[tuple[str, Any]]:
    found = [(at, value)]
    members: Any = ()
    if isinstance(value, dict):
        members = value.items()
    elif isinstance(value, list):
        members = enumerate(value)
    for key, member in members:
        found += walk(member, f"{at}/" + str(key).replace("~", "~0").replace("/", "~1"))
    return found


def replaced(value: Any, at: str, new: str) -> Any:
    if not at:
        return new
    head, _, rest = at[1:].partition("/")
    key = head.replace("~1", "/").replace("~0", "~")
    copy = value.copy()
    where: Any = key if isinstance(value, dict) else int(key)
    copy[where] = replaced(value[where], f"/{rest}" if "/" in at[1:] else "", new)
    return copy


# Places.


@given(VALUES, st.sampled_from(STYLES))
def test_every_value_is_located(value: object, style: tuple[bool, int | None]) -> None:
    raw = write(value, style)
    for at, member in walk(value):
        place = locate(raw, at)
        assert place is not None
        assert json.loads(raw[slice(*place)]) == member


@given(VALUES, st.sampled_from(STYLES), st.sampled_from(STYLES))
def test_every_value_of_json_in_a_string_is_located(
    value: object, inner: tuple[bool, int | None], outer: tuple[bool, int | None]
) -> None:
    raw = write({"x": [write(value, inner).decode()]}, outer)
    for at, member in walk(value):
        place = locate(raw, f"/x/0/#json{at}")
        assert place is not None
        assert json.loads(json.loads(b'"' + raw[slice(*place)] + b'"')) == member


@pytest.mark.parametrize(
    ("raw", "pointer", "expected"),
    [
        (b'{"a": 1, "a": [2]}', "/a", b"[2]"),
        (b'{"a": 1, "\\u0061": 2}', "/a", b"2"),
        (b' {"": {"x": 1}} ', "/", b'{"x": 1}'),
        (b' {"": {"x": 1}} ', "", b'{"": {"x": 1}}'),
        (b'{"a/b": 1, "m~n": 2}', "/a~1b", b"1"),
        (b'{"a/b": 1, "m~n": 2}', "/m~0n", b"2"),
        (b'{"~1": 3}', "/~01", b"3"),
        (b'{"#json": 4}', "/#json", b"4"),
        (b'{"\\ud800": 5}', "/\ufffd", b"5"),
        (b"[1, -2.5e3, null]", "/1", b"-2.5e3"),
        (b'{"a": NaN, "b": {}}', "/b", b"{}"),
        (b"[[], {}]", "/0", b"[]"),
        (b"[1]", "/1", None),
        (b"[1]", "/01", None),
        (b"[1]", "/-", None),
        (b'{"a": 1}', "/b", None),
        (b'{"a": 1}', "/a/b", None),
        (b'{"a": "x"}', "/a/0", None),
        (b'{"a": 1}', "/a/#json", None),
        (b'{"a": "no json"}', "/a/#json/0", None),
        (b'{"a": "[\\"\\\\x\\"]"}', "/a/#json/1", None),
        (b'{"a": 1}', "a", None),
        (b"{}", "/a", None),
        (b'{"a"', "/a", None),
        (b"", "", None),
    ],
)
def test_locate(raw: bytes, pointer: str, expected: bytes | None) -> None:
    place = locate(raw, pointer)
    assert (place and raw[slice(*place)]) == expected


@pytest.mark.parametrize(
    ("raw", "start", "end", "expected"),
    [
        (rb'["a\nb"]', 1, 2, rb"\n"),
        (rb'["a\u00e9b"]', 1, 2, rb"\u00e9"),
        (rb'["a\ud83d\ude00b"]', 1, 2, rb"\ud83d\ude00"),
        (rb'["a\ud83d\ude00b"]', 2, 3, b"b"),
        (rb'["\ud83d\ud83d\ude00b"]', 1, 2, rb"\ud83d\ude00"),
        ('["é漢😀z"]'.encode(), 1, 3, "漢😀".encode()),
        (rb'["\\u00e9"]', 0, 2, rb"\\u"),
        (b'["abc"]', 3, 3, b""),
        (b'[""]', 0, 0, b""),
        (b'["abc"]', 0, 3, b"abc"),
        (b'["abc"]', 1, 4, None),
        (b'["abc"]', 2, 1, None),
        (b'["abc"]', -1, 1, None),
        (b"[123]", 0, 1, None),
    ],
)
def test_spans_count_code_points(raw: bytes, start: int, end: int, expected: bytes | None) -> None:
    place = span_bytes(raw, "/0", start, end)
    assert (None if place is None else raw[slice(*place)]) == expected


def test_spans_through_two_layers() -> None:
    raw = json.dumps({"m": json.dumps([json.dumps({"t": 'say "é" 😀'})])}).encode()
    place = span_bytes(raw, "/m/#json/0/#json/t", 5, 6)
    assert place is not None
    assert raw[slice(*place)] == b"\\\\\\\\u00e9"


# Changes.


@given(VALUES, st.sampled_from(STYLES), TEXTS, st.data())
def test_patched_record_reads_as_the_edited_value(
    value: object, style: tuple[bool, int | None], new: str, data: st.DataObject
) -> None:
    raw = write(value, style)
    strings = [(at, text) for at, text in walk(value) if isinstance(text, str)]
    if not strings:
        assert patch(raw, []) == raw
        return
    at, text = data.draw(st.sampled_from(strings))
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    made = patch(raw, [Edit(at, start, end, new)])
    assert decode_row(made) == (replaced(value, at, text[:start] + new + text[end:]), (), "")
    place = span_bytes(raw, at, start, end)
    assert place is not None
    assert made.startswith(raw[: place[0]])
    assert made.endswith(raw[place[1] :])
    assert len(made) >= len(raw) - (place[1] - place[0])


@given(VALUES, st.sampled_from(STYLES), st.sampled_from(STYLES), TEXTS, st.data())
def test_patch_reaches_through_a_string(
    value: object,
    inner: tuple[bool, int | None],
    outer: tuple[bool, int | None],
    new: str,
    data: st.DataObject,
) -> None:
    strings = [(at, text) for at, text in walk(value) if isinstance(text, str)]
    if not strings:
        return
    raw = write([{"m": write(value, inner).decode()}, "é"], outer)
    at, text = data.draw(st.sampled_from(strings))
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    made: Any = decode_row(patch(raw, [Edit(f"/0/m/#json{at}", start, end, new)])).value
    assert json.loads(made[0]["m"]) == replaced(value, at, text[:start] + new + text[end:])


@given(TEXTS, st.lists(st.tuples(st.integers(0, 12), st.integers(0, 12), TEXTS), max_size=4))
def test_several_edits_of_one_string(text: str, spans: list[tuple[int, int, str]]) -> None:
    done = 0
    edits: list[Edit] = []
    expected = ""
    for start, end, new in sorted((min(a, b), max(a, b), new) for a, b, new in spans):
        if start >= done and end <= len(text) and end > start:
            edits.append(Edit("/t", start, end, new))
            expected += text[done:start] + new
            done = end
    expected += text[done:]
    for style in STYLES:
        assert decode_row(patch(write({"t": text, "u": text}, style), edits[::-1])).value == {
            "t": expected,
            "u": text,
        }


def test_everything_else_stays_as_it_was() -> None:
    raw = b'{"a" :"x\\u0041\\/ teh \\ud83d\\ude00", "b":1.0,"a2":[ ] }'
    assert patch(raw, [Edit("/a", 4, 7, "the")]) == raw.replace(b"teh", b"the")
    assert patch(raw, []) == raw


@pytest.mark.parametrize(
    ("raw", "text", "expected"),
    [
        (b'["x"]', "é", '["é"]'.encode()),
        (rb'["x", "\u00e9"]', "é😀", rb'["\u00e9\ud83d\ude00", "\u00e9"]'),
        (rb'["x", "\n\u0001"]', "é", '["é", "\\n\\u0001"]'.encode()),
        (rb'["x", "\\u00e9"]', "é", '["é", "\\\\u00e9"]'.encode()),
        ('["x", "é\\u00e9"]'.encode(), "é", '["é", "é\\u00e9"]'.encode()),
        (b'["x"]', '"\\/\n\x00\x7f', b'["\\"\\\\/\\n\\u0000\x7f"]'),
        (b'["x"]', "a\ud800", '["a\ufffd"]'.encode()),
        (b'["x"]', "", b'[""]'),
    ],
)
def test_new_text_is_escaped_as_the_record_does(raw: bytes, text: str, expected: bytes) -> None:
    assert patch(raw, [Edit("/0", 0, 1, text)]) == expected


def test_insertions_at_one_place_keep_their_order() -> None:
    assert (
        patch(b'["ac"]', [Edit("/0", 1, 1, "x"), Edit("/0", 1, 1, "b"), Edit("/0", 1, 2, "d")]) == b'["axbd"]'
    )


def seconds(raw: bytes, edits: list[Edit]) -> float:
    """The least of three runs, which is the one that was disturbed least."""
    taken = []
    for _ in range(3):
        start = time.process_time()
        patch(raw, edits)
        taken.append(time.process_time() - start)
    return min(taken)


@pytest.mark.parametrize("letter", ["a", "\\u00e9", "\\\\u00e9"], ids=["plain", "escaped", "twice"])
@pytest.mark.parametrize("spread", [False, True], ids=["one text", "many texts"])
def test_time_grows_with_the_edits_not_with_their_square(letter: str, spread: bool) -> None:
    at = "/m/#json/{}" if letter.startswith("\\\\") else "/m/{}"

    def record(count: int) -> tuple[bytes, list[Edit]]:
        texts = [f"{letter}b"] * count if spread else [f"{letter}b" * count]
        quote = '\\"' if "#json" in at else '"'
        inner = "[" + ", ".join(quote + text + quote for text in texts) + "]"
        raw = ('{"m": "' + inner + '"}' if "#json" in at else '{"m": ' + inner + "}").encode()
        places = [(n, 1) for n in range(count)] if spread else [(0, 2 * n + 1) for n in range(count)]
        return raw, [Edit(at.format(text), start, start + 1, "c") for text, start in places]

    small, large = record(500), record(4000)
    made = patch(*small)
    assert made == small[0].replace(b"9b" if "\\" in letter else b"ab", b"9c" if "\\" in letter else b"ac")
    assert seconds(*large) < 8 * 4 * seconds(*small)


@pytest.mark.parametrize(
    "edits",
    [
        [Edit("/0", 0, 2, "x"), Edit("/0", 1, 3, "y")],
        [Edit("/1", 0, 1, "x")],
        [Edit("/0", 0, 9, "x")],
        [Edit("", 0, 1, "x")],
    ],
)
def test_edits_that_cannot_be_made_are_refused(edits: list[Edit]) -> None:
    with pytest.raises(ValueError, match=r"overlap|no text"):
        patch(b'["abc"]', edits)
