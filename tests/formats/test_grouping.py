"""Lines by conversation: none is lost, none comes twice, whatever the file and wherever its lines stand."""

from __future__ import annotations

import gzip
import json
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from curate.core.plan import Plan
from curate.core.table_map import Grouping, TableMap
from curate.engines.local import InlineEngine
from curate.engines.scan import scan
from curate.formats import grouping
from curate.formats.fetch import fetch
from curate.formats.parse import parse_chunk
from curate.formats.read import Opened, open_sources
from curate.formats.sources import discover

if TYPE_CHECKING:
    from pathlib import Path

HEAD = "ticket,created,author,internal,comment\n"
MAPPING = TableMap({"text": ("comment",)}, Grouping("ticket", "created", "author"), {"internal": ("yes",)})
LINES = (
    "A,2024-01-01 10:00,Ann,no,Hi\n"  # line 2
    'B,2024-01-01 10:05,Bea,no,"Hello,\nyou"\n'  # lines 3 and 4
    "A,2024-01-01 12:00,Bob,no,Bye\n"  # 5
    "A,2024-01-01 11:00,Bob,yes,secret\n"
    ",2024-01-01 11:00,Bob,no,lost\n"
    "only,two\n"
    "A,2024-01-01 11:30,Bob,no,Wait\n"  # 9
)


def opened(path: Path, mapping: TableMap = MAPPING) -> Opened:
    (one,) = open_sources(discover([str(path)]).sources, None, mapping)
    return one


def csv(tmp_path: Path, text: str = HEAD + LINES, name: str = "c.csv", encoding: str = "utf-8") -> Path:
    path = tmp_path / name
    data = text.encode(encoding)
    path.write_bytes(gzip.compress(data) if name.endswith(".gz") else data)
    return path


def turns(one: Opened) -> list[tuple[Any, ...]]:
    frames = [parse_chunk(chunk).batch.turns for chunk in one.chunks()]
    return pl.concat(frames).select("row", "role", "text", "at").rows()


EXPECTED = [
    (0, "user", "Hi", "/@2/comment"),
    (0, "assistant", "Wait", "/@9/comment"),
    (0, "assistant", "Bye", "/@5/comment"),
    (1, "user", "Hello,\nyou", "/@3/comment"),
]


@pytest.mark.parametrize(
    ("name", "encoding"), [("c.csv", "utf-8"), ("c.csv.gz", "utf-8"), ("c.csv", "utf-16-le")]
)
def test_lines_come_together_in_their_order(tmp_path: Path, name: str, encoding: str) -> None:
    assert turns(opened(csv(tmp_path, name=name, encoding=encoding))) == EXPECTED


def test_every_line_and_every_byte_has_its_place(tmp_path: Path) -> None:
    one = opened(csv(tmp_path))
    (chunk,) = one.chunks()
    parsed = parse_chunk(chunk)
    assert parsed.records == 5
    assert parsed.batch.rows.select("row", "line", "id", "layout").rows() == [
        (0, 2, "A", "messages"),
        (1, 3, "B", "messages"),
    ]
    assert parsed.left_out.select("row", "line", "reason").rows() == [(2, 6, "internal=yes")]
    assert parsed.quarantine.select("row", "line", "reason").rows() == [
        (3, 7, "no value in 'ticket', by which lines are grouped"),
        (4, 8, "2 cells where the header has 5"),
    ]
    assert parsed.row_bytes + parsed.quarantined_bytes + parsed.separator_bytes == len(HEAD + LINES)


def test_other_containers(tmp_path: Path) -> None:
    rows = [
        {"ticket": 1, "created": 2, "author": "Bob", "internal": False, "comment": "Bye"},
        {"ticket": 1, "created": 1, "author": "Ann", "internal": False, "comment": "Hi"},
        {"ticket": 2, "created": 1, "author": "Cem", "internal": True, "comment": "Hm"},
    ]
    mapping = TableMap({}, MAPPING.group, {"internal": ("true",)})
    path = tmp_path / "c.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    pl.DataFrame(rows).write_parquet(tmp_path / "c.parquet")
    expected = [(0, "user", "Hi", "/@2/comment"), (0, "assistant", "Bye", "/@1/comment")]
    assert turns(opened(path, mapping)) == expected
    assert turns(opened(tmp_path / "c.parquet", mapping)) == expected


def test_a_conversation_is_fetched_again_with_the_places_of_its_spans(tmp_path: Path) -> None:
    path = csv(tmp_path)
    found = scan(discover([str(path)]), (), Plan(mapping=MAPPING), InlineEngine())
    again = fetch(found.opened[0], found.index)
    assert [again[row].texts("target") for row in (0, 1)] == ["Wait\nBye", ""]
    start = found.index["start"][0]
    span = again[0].span_bytes("/@9/comment", 1, 4)
    assert span is not None
    assert path.read_bytes()[start + span[0] : start + span[1]] == b"ait"
    assert again[0].span_bytes("/@77/comment", 0, 1) is None
    assert again[0].text_at("/@5/comment") == "Bye"


def test_spans_of_json_lines(tmp_path: Path) -> None:
    path = tmp_path / "c.jsonl"
    rows = [("T", "Ann", "Hi"), ("U", "Cem", "Hm"), ("T", "Bob", 'a "b"')]
    path.write_text("".join(json.dumps(dict(zip("twc", row, strict=True))) + "\n" for row in rows))
    mapping = TableMap({"text": ("c",)}, Grouping("t", role="w"))
    found = scan(discover([str(path)]), (), Plan(mapping=mapping), InlineEngine())
    again = fetch(found.opened[0], found.index)
    span = again[0].span_bytes("/@3/c", 2, 5)
    assert span is not None
    assert path.read_bytes()[span[0] : span[1]] == b'\\"b\\"'


def test_the_encoding_is_noted_once(tmp_path: Path) -> None:
    text = HEAD + LINES.replace("Hi", "Grüße")
    one = opened(csv(tmp_path, text, encoding="cp1252"))
    notes = [parse_chunk(chunk).batch.notes for chunk in one.chunks()]
    assert pl.concat(notes)["kind"].to_list() == ["encoding"]


def test_json_notes_name_the_line(tmp_path: Path) -> None:
    path = tmp_path / "c.jsonl"
    path.write_text('{"t": 1, "w": "Ann", "c": "Hi"}\n{"t": 1, "w": "Bob", "c": "Yo", "c": "You"}\n')
    mapping = TableMap({"text": ("c",)}, Grouping("t", role="w"))
    (chunk,) = opened(path, mapping).chunks()
    notes = parse_chunk(chunk).batch.notes
    assert notes.select("kind", "at").rows()[0][0] == "duplicate-key"
    assert notes["at"][0].startswith("/@2")


ROWS = st.lists(
    st.tuples(
        st.sampled_from(["A", "B", "C", " A", ""]),
        st.sampled_from(["2024-01-01", "2024-01-02", "never", ""]),
        st.sampled_from(["Ann", "Bob", "agent", ""]),
        st.sampled_from(["yes", "no"]),
        st.text('abü \n"', max_size=12),
    ),
    max_size=25,
)


@settings(max_examples=60, deadline=None)
@given(ROWS, st.integers(1, 400))
def test_nothing_is_lost_whatever_the_lines(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, ...]], block: int
) -> None:
    quoted = [",".join('"' + cell.replace('"', '""') + '"' for cell in row) for row in rows]
    path = tmp_path_factory.mktemp("g") / "c.csv"
    path.write_text(HEAD + "".join(line + "\n" for line in quoted), "utf-8", newline="")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(grouping, "BLOCK", block)
        one = opened(path)
        chunks = list(one.chunks())
    parsed = [parse_chunk(chunk) for chunk in chunks]
    size = sum(part.row_bytes + part.quarantined_bytes + part.separator_bytes for part in parsed)
    assert size == path.stat().st_size
    members = [member for chunk in chunks for entry in chunk.context["entries"] for member in entry.members]
    assert sorted(member.ordinal for member in members) == list(range(len(rows)))
    told = sorted(text for part in parsed for text in part.batch.turns["text"].to_list())
    kept = [row for row in rows if row[3] == "no" and row[0].strip()]
    assert told == sorted(row[4] for row in kept)
    assert sum(len(part.batch.rows) for part in parsed) == len({row[0].strip() for row in kept})
    assert sum(len(part.left_out) for part in parsed) == sum(row[3] == "yes" for row in rows)
