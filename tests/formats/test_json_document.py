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

FLAT = [{"q": f"What is {n}?", "a": f'It\'s {{{n}}}, [or] not "{n}"; é 😀\n'} for n in range(5)]
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
    done, line = 0, 1
    for chunk in chunks:
        assert (chunk.file, chunk.container, chunk.offset, chunk.line) == (3, "json", done, line)
        at = 0
        for segment in chunk.segments or ():
            assert segment.start == at < segment.end
            assert segment.line == line
            assert bool(segment.reason) == (segment.kind == "quarantine")
            at = segment.end
            line += chunk.blob.count(b"\n", segment.start, at)
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
    pairs = [(chunk.blob[s.start : s.end], s) for chunk in chunks for s in chunk.segments or ()]
    found = [s.reason or (decode_row(blob).error if s.kind == "row" else "") for blob, s in pairs]
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
    assert [(s.id, blob) for blob, s in segments(chunks, "row")] == [
        ("216é", b'{"a": 1}'),
        ("x", b'{"a": 2}'),
    ]


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
    if damage == "last bracket missing" and style.startswith("keyed") and at == len(values) - 1:
        assert rows(chunks) in (kept, values)  # the file's last bracket may be the record's
    else:
        assert rows(chunks) == kept
    if damage != "nothing" or (style != "sequence" and not style.startswith("keyed")):
        assert faults(chunks)
    assert len(faults(chunks)) <= 4


def test_two_damaged_records_in_a_row() -> None:
    records = texts(CHATS)
    records[1], records[2] = records[1][:-2], records[2].replace('": "', '": "x" ', 1)
    for style in STYLES:
        assert rows(split(joined(records, style).encode())) == [CHATS[0], *CHATS[3:]]


def test_neighbours_with_other_keys_are_kept() -> None:
    chunks = split(b'[{"a": "x}, {"b": "y"}, {"c": {"d": 1}}, {"e": \'z\'}, {"f": [1, 2]}, {"a": 3}]')
    assert rows(chunks) == [{"b": "y"}, {"c": {"d": 1}}, {"f": [1, 2]}, {"a": 3}]


def test_damaged_first_record_does_not_hide_how_records_begin() -> None:
    for record in (
        '{"messa1es": [{"role": "user"}, {"role": "x}]}',
        '{"}essages": [{"role": "user"}, {"x": "y"]}',
    ):
        records = [record, *texts(CHATS)]
        assert rows(split(joined(records, "one line").encode())) == CHATS


def test_object_by_id_is_known_although_its_first_record_is_damaged() -> None:
    chunks = split(b'{"1": {"Q": "x"}, "2": // c\n "Q": "y"}, "3": {"Q": "z"}}')
    assert {"Q": "x"} in rows(chunks)
    assert {"Q": "z"} in rows(chunks)


def test_trees_with_the_same_key_at_each_level() -> None:
    tree = {"text": "a", "replies": [{"text": "b", "replies": []}, {"text": "c", "replies": []}]}
    good = json.dumps(tree)
    bad = good.replace('"c"', '"c\\x"')
    chunks = split(f"[{good}, {bad}, {good}]".encode())
    assert rows(chunks) == [tree, tree]


def test_collection_that_is_never_closed_leaves_evidence() -> None:
    for text, reason in (
        (b'[{"a": 1}', "the array that holds the rows is never closed"),
        (b'{"x": {"a": 1}, "y": {"a": 2}', "the object that holds the rows is never closed"),
        (b"[", "the array that holds the rows is never closed"),
        (b'[{"a": 1}, ', "the array that holds the rows is never closed"),
    ):
        assert faults(split(text)) == [reason]


def test_stray_commas_and_brackets_are_named() -> None:
    chunks = split(b'[, {"a": 1},, {"a": 2}}, {"a": 3} {"a": 4}, ]')
    assert rows(chunks) == [{"a": n} for n in (1, 2, 3, 4)]
    assert faults(chunks) == [
        "a stray comma",
        "a stray comma",
        "a closing bracket that nothing opened",
        "a trailing comma",
    ]


def test_array_that_closes_too_early_goes_on() -> None:
    chunks = split(b'[{"a": 1}], {"a": 2}, {"a": 3}]')
    assert rows(chunks) == [{"a": 1}, {"a": 2}, {"a": 3}]
    assert faults(chunks) == ["a comma after the end of the rows, which go on"]


def test_reasons_hold_no_text_of_the_row() -> None:
    records = texts(CHATS)
    for damage in DAMAGES.values():
        broken = [records[0], damage(records[1]), records[2]]
        for reason in faults(split(joined(broken, "one line").encode())):
            assert not any(
                word in reason for word in ("Hello", "Bye", "role", "user", "assistant", "garbage")
            )


@pytest.mark.parametrize(
    "text",
    [
        "[" * 50_000,
        '{"a":' * 15_000,
        '[{"a":' * 10_000,
        '"' * 50_000,
        "[" + '"' * 50_000,
        "[" + '{"a":[' * 10_000,
        "[" + '{"m":[{"r":1},\n' * 5_000,
        "[" + "{a}," * 12_500,
        "[" + "},{" * 15_000,
        "[" + '{"a":"x},' * 5_000,
        "[" + '\\"' * 25_000,
        "[{" + " " * 150_000 + "}]",
        "[" + "\n{" * 15_000,
        "/*" * 25_000,
        "," * 15_000,
        "[" + "]" * 15_000,
        "[" + "{}" * 10_000,
        "{" + '"k":{"a":1},' * 5_000,
        "{" + '"k":{"a":1,' * 5_000,
        "[1" * 15_000,
    ],
    ids=lambda text: text[:12],
)
def test_hostile_text_takes_linear_time(text: str) -> None:
    """Four times the text may take four times as long; eight times leaves room for noise, sixteen is a square."""
    once, often = (_seconds(text * times) for times in (1, 4))
    assert often < 9 * once + 0.5


def _seconds(text: str) -> float:
    start = time.process_time()
    split(text.encode())
    return time.process_time() - start


def test_one_very_long_string() -> None:
    text = b'[{"a":"' + b"x" * 50_000_000 + b'"},{"a":"y"}]'
    start = time.process_time()
    chunks = list(split_document((text[at : at + BLOCK] for at in range(0, len(text), BLOCK)), 0))
    assert time.process_time() - start < 10
    assert b"".join(chunk.blob for chunk in chunks) == text
    assert len(segments(chunks, "row")) == 2


ALPHABET = [*'"{}[],:\\\n x1/*é', "//", "null", "\ufeff", '"}', "},"]


def mutate(text: str, dice: random.Random) -> str:
    for _ in range(dice.randint(1, 4)):
        at = dice.randrange(len(text) + 1)
        what = dice.randrange(4)
        if what == 0:
            text = text[:at] + text[at + dice.randint(1, 5) :]
        elif what == 1:
            text = text[:at] + dice.choice(ALPHABET) + text[at:]
        elif what == 2:
            text = text[:at] + dice.choice(ALPHABET) + text[at + 1 :]
        else:
            text = text[:at]
        text = text or " "
    return text


def test_fuzz_conserves_every_byte_and_does_not_depend_on_blocks() -> None:
    dice = random.Random(7)  # noqa: S311
    for _ in range(1500):
        values = [[{"a": n} for n in range(3)], FLAT[:3], CHATS[:3]][dice.randrange(3)]
        text = joined(texts(values, dice.choice([None, None, 1])), dice.choice(STYLES))
        data = mutate(text, dice).encode()
        chunks = split(data)
        rows(chunks)
        pieces = split(data, dice.choice([1, 3, 50, 1000]))
        assert [c.segments for c in pieces] == [c.segments for c in chunks]


def test_fuzz_of_one_record_keeps_the_others() -> None:
    dice = random.Random(11)  # noqa: S311
    lost = 0
    cases = 1500
    for _ in range(cases):
        values = dice.choice([FLAT, CHATS])
        records = texts(values, dice.choice([None, None, 2]))
        at = dice.randrange(len(records))
        records[at] = mutate(records[at], dice)
        found = rows(split(joined(records, dice.choice(STYLES)).encode()))
        lost += any(value not in found for n, value in enumerate(values) if n != at)
    assert lost <= cases // 100


# Containers.


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('{"a": 1}\n{"a": 2}\n', True),
        ('\ufeff{"a": 1}\r\n\r\n{"a": 2}', True),
        ('{"a": "x\n{"a": 2}\n{"a": 3}\n', True),
        ("{'a': 1}\n{'a': 2}\n", True),
        ('{"a": 1}\n{"a":', True),
        ('{"instruction": "x", "output": {"a": 1}}', True),
        ('{"a": 1, "b": "x"}', True),
        ('{"messages": [{"role": "user"}]}', True),
        ('[{"role": "user"}]\n[{"role": "user"}]\n', True),
        ("", True),
        ("\n\n", True),
        ('[{"a": 1}, {"a": 2}]', False),
        ('[\n{"a": 1},\n{"a": 2}\n]\n', False),
        ('[\n{"a": 1}\n]\n', False),
        ('[{"a": 1},\n{"a": 2}]\n', False),
        ('// c\n[{"a": 1}]', False),
        ('{\n  "a": 1\n}\n{\n  "a": 2\n}\n', False),
        ('{"21645374": {"Q": "x"}, "16418930": {"Q": "y"}}', False),
        ('{"21645374": {"Q": "x"}}', False),
        ('{"1": {"Q": "x"},\n"2": {"Q": "y"}}', False),
        ('{"version": 1, "data": [{"a": 1}]}', False),
        ('{\n "data": [\n  {"a": 1},\n  {"a": 2}\n ]\n}', False),
    ],
)
def test_containers_are_told_by_their_beginning(text: str, expected: bool) -> None:
    assert looks_like_lines(text.encode()) is expected


def test_containers_are_told_by_a_part_of_the_file() -> None:
    long = "x" * 40_000
    assert looks_like_lines((f'{{"q": "{long}"}}\n' * 2)[:65536].encode())
    assert looks_like_lines((f'{{"q": "{long}{long}"}}')[:65536].encode())
    assert not looks_like_lines((f'[{{"q": "{long}{long}"}}]')[:65536].encode())
    assert not looks_like_lines((f'{{"1": {{"q": "{long}{long}"}}}}')[:65536].encode())


def test_real_files_read_as_json_does() -> None:
    root = os.environ.get("CURATE_TEST_DATA")
    if not root:
        pytest.skip("CURATE_TEST_DATA is not set")
    files = [path for path in sorted(Path(root).rglob("*.json")) if path.stat().st_size < 30_000_000]
    for path in files:
        data = path.read_bytes()
        try:
            value = json.loads(data)
        except ValueError:
            continue
        if not looks_like_lines(data[:65536]):
            assert rows(split(data)) == (value if isinstance(value, list) else list(value.values())), (
                path.name
            )
