"""The sample corpora are what their truth files say, and come out of their generator byte for byte."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections import defaultdict
from itertools import combinations, pairwise
from pathlib import Path
from typing import Any

import pytest

DATA = Path(__file__).parents[2] / "data"
CORPORA = ("contracts", "support_chats")
LEFT_OPEN = {"schema.no-target", "schema.unknown-layout", "schema.mixed-layouts"}
NUMBER = re.compile(r"\d[\d,.]*\d|\d")
TOKENS = re.compile(r"<\||\[/?INST\]|</?s>|<think>|### |Below is an instruction|As an AI|\ufffd|â€|Ã|Â")
UNSEEN = re.compile("[\u0000-\u0008\u000b-\u001f\u007f\u00a0\u00ad\u200b-\u200f\u2060\ufeff]")

Row = dict[str, Any]


def lines(corpus: str) -> list[bytes]:
    return (DATA / f"{corpus}.jsonl").read_bytes().removesuffix(b"\n").split(b"\n")


def truth(corpus: str) -> list[Row]:
    return [json.loads(line) for line in (DATA / f"{corpus}.truth.jsonl").read_bytes().splitlines()]


def record(corpus: str, line: int) -> Row:
    row: Row = json.loads(lines(corpus)[line - 1])
    return row


def clean(corpus: str) -> dict[int, Row]:
    listed = {entry["line"] for entry in truth(corpus)}
    listed |= {at + 1 for at, line in enumerate(lines(corpus), start=1) if at in listed and line[-1:] != b"}"}
    return {at: json.loads(line) for at, line in enumerate(lines(corpus), start=1) if at not in listed}


def value(row: Row, pointer: str) -> Any:
    found: Any = row
    for step in pointer.split("/")[1:]:
        found = found[int(step)] if isinstance(found, list) else found[step]
    return found


def folded(row: Row) -> tuple[str, str]:
    """Prompt and answer, whatever their case and white space."""
    if "messages" in row:
        said = [json.dumps(message, sort_keys=True) for message in row["messages"]]
        return "\n".join(said[:-1]), said[-1]
    parts = [" ".join(str(row[name]).lower().split()) for name in ("instruction", "input", "output")]
    return f"{parts[0]}\n{parts[1]}", parts[2]


def answers(row: Row) -> list[str]:
    if "messages" not in row:
        return [row["output"]]
    return [said["content"] for said in row["messages"] if said["role"] == "assistant" and said["content"]]


def shingles(row: Row) -> frozenset[tuple[str, ...]]:
    told = row.get("messages") or [{"content": f"{row['instruction']} {row['input']} {row['output']}"}]
    text = " ".join(said["content"] or "" for said in told if said.get("role") != "system")
    words = re.findall(r"[\u4e00-\u9fff]|[^\W_]+", text.lower())
    return frozenset(tuple(words[at : at + 5]) for at in range(max(1, len(words) - 4)))


def test_the_generator_gives_the_committed_bytes(tmp_path: Path) -> None:
    command = [sys.executable, str(DATA / "make_samples.py"), "--out", str(tmp_path)]
    subprocess.run(command, check=True, timeout=120)
    made = {path.name: path.read_bytes() for path in tmp_path.iterdir() if path.is_file()}
    names = {f"{corpus}.{end}" for corpus in CORPORA for end in ("jsonl", "truth.jsonl")}
    names |= {
        "tickets.csv",
        "ticket_comments.csv",
        "preferences.jsonl",
        "coverage.jsonl",
        "coverage.truth.jsonl",
    }
    names |= {f"{corpus}.truth.jsonl" for corpus in ("tickets", "ticket_comments", "preferences")}
    assert set(made) == names
    assert [name for name in sorted(names) if made[name] != (DATA / name).read_bytes()] == []


def test_the_corpora_are_small() -> None:
    assert sum(path.stat().st_size for path in DATA.glob("*.jsonl")) < 1_000_000


@pytest.mark.parametrize("corpus", CORPORA)
def test_spans_stand_where_the_truth_says(corpus: str) -> None:
    for entry in truth(corpus):
        if entry["check"] == "quarantine":
            continue
        found = value(record(corpus, entry["line"]), entry["at"])
        if entry["span"] is None:
            continue
        if isinstance(found, float):
            assert entry["span"] in {"NaN", "-Infinity"}
            assert json.dumps(found) == entry["span"]
        else:
            assert entry["span"] in found, entry


@pytest.mark.parametrize("corpus", CORPORA)
def test_only_the_quarantined_lines_are_unreadable(corpus: str) -> None:
    unreadable: set[int] = set()
    for at, line in enumerate(lines(corpus), start=1):
        if at - 1 in unreadable:
            continue  # the second line of a record that a raw newline cut
        try:
            if not isinstance(json.loads(line.decode("utf-8")), dict):
                unreadable.add(at)
        except ValueError:
            unreadable.add(at)
    assert unreadable == {entry["line"] for entry in truth(corpus) if entry["check"] == "quarantine"}


@pytest.mark.parametrize("corpus", CORPORA)
def test_every_kind_is_planted_more_than_once_and_far_apart(corpus: str) -> None:
    planted: dict[str, list[int]] = defaultdict(list)
    for entry in truth(corpus):
        planted[entry["check"]].append(entry["line"])
    for check, at in planted.items():
        assert len(at) >= 2, check
        gaps = [after - before for before, after in pairwise(at)]
        assert min(gaps) >= 10, (check, at)


@pytest.mark.parametrize("corpus", CORPORA)
def test_copies_and_conflicts_follow_their_originals(corpus: str) -> None:
    pairs = [entry for entry in truth(corpus) if entry["check"].startswith("duplicate.")]
    assert pairs
    for entry in pairs:
        assert entry["related_line"] + 20 < entry["line"]
        assert entry["related_line"] in clean(corpus)
        first, again = (folded(record(corpus, entry[key])) for key in ("related_line", "line"))
        assert first[0] == again[0]
        assert (first[1] == again[1]) == (entry["check"] == "duplicate.exact")


@pytest.mark.parametrize("corpus", CORPORA)
def test_clean_rows_are_clean(corpus: str) -> None:
    rows = clean(corpus)
    assert len(rows) > 180
    for at, row in rows.items():
        text = json.dumps(row, ensure_ascii=False)
        assert not TOKENS.search(text), (at, TOKENS.search(text))
        assert not any(UNSEEN.search(said) for said in strings(row)), at
        assert all(
            answer.strip() and answer.upper() not in {"TODO", "N/A", "TBD"} for answer in answers(row)
        ), at
        assert not re.search(r"\{[a-z]\w*\}", text.replace("{HTTPS}", "")), at


def strings(found: Any) -> list[str]:
    if isinstance(found, dict):
        return [text for part in found.values() for text in strings(part)]
    if isinstance(found, list):
        return [text for part in found for text in strings(part)]
    return [found] if isinstance(found, str) else []


@pytest.mark.parametrize("corpus", CORPORA)
def test_no_two_clean_rows_are_near_duplicates_or_share_a_prompt(corpus: str) -> None:
    rows = clean(corpus)
    assert len({folded(row)[0] for row in rows.values()}) == len(rows)
    sets = {at: shingles(row) for at, row in rows.items()}
    for one, other in combinations(sets, 2):
        shared = len(sets[one] & sets[other])
        assert shared < 0.6 * len(sets[one] | sets[other]), (one, other)


def test_contract_answers_use_only_numbers_of_the_clause() -> None:
    rows = [row for row in clean("contracts").values() if row["input"]]
    assert len(rows) > 250
    for row in rows:
        given = set(NUMBER.findall(row["input"]))
        said = NUMBER.findall(re.sub(r"(?m)^\d+\. ", "", row["output"]))
        assert [number for number in said if number not in given] == [], row["id"]


def test_contract_answers_name_only_people_and_firms_of_the_clause() -> None:
    pools = json.loads(
        subprocess.run(
            [sys.executable, "-c", "import json, making.slots as s; print(json.dumps(dict(s.names())))"],
            check=True,
            capture_output=True,
            cwd=DATA,
        ).stdout
    )
    known = [name for pool in ("person", "co", "escrow", "county", "city", "estate") for name in pools[pool]]
    named = 0
    for row in clean("contracts").values():
        said = [name for name in known if name in row["output"]]
        named += len(said)
        assert [name for name in said if name not in row["input"]] == [], row["id"]
    assert named > 100


def test_clean_chats_are_well_formed() -> None:
    for at, row in clean("support_chats").items():
        roles = [said["role"] for said in row["messages"] if said["role"] != "system"]
        assert "system" not in [said["role"] for said in row["messages"][1:]], at
        assert roles[0] == "user", at
        assert roles[-1] == "assistant", at
        assert all(one != other for one, other in pairwise(roles)), at
        calls = [call for said in row["messages"] for call in said.get("tool_calls", [])]
        results = [said["tool_call_id"] for said in row["messages"] if said["role"] == "tool"]
        assert [call["id"] for call in calls] == results, at
        assert all(isinstance(json.loads(call["function"]["arguments"]), dict) for call in calls), at


def test_several_tools_vendors_and_languages_occur() -> None:
    rows = clean("support_chats").values()
    assert {row["lang"] for row in rows} == {"en", "de", "es", "zh"}
    assert len({row["vendor"] for row in rows}) == 2
    assert len({row["source"] for row in clean("contracts").values()}) == 3
    called = {
        call["function"]["name"]
        for row in rows
        for said in row["messages"]
        for call in said.get("tool_calls", [])
    }
    assert len(called) >= 6


def test_missing_fields_are_really_missing() -> None:
    for entry in truth("contracts"):
        if entry["check"] in LEFT_OPEN:
            assert "output" not in record("contracts", entry["line"])
