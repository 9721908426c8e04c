"""The sample tables and the preference set: what their truth files say is found, and nothing else."""

from __future__ import annotations

import csv
import json
import re
from collections import defaultdict
from itertools import combinations, pairwise
from pathlib import Path
from typing import Any

import pytest

from curate.api import scan_inputs
from curate.core.plan import Plan
from curate.core.table_map import Grouping, TableMap, read_map
from curate.engines.export import all_findings

DATA = Path(__file__).parents[2] / "data"
MAPPINGS = {
    "tickets.csv": TableMap(read_map("user=Subject+Description,assistant=Resolution,id=Ticket ID")),
    "ticket_comments.csv": TableMap(
        {"text": ("comment",)}, Grouping("ticket", "created", "author"), {"internal": ("true",)}
    ),
    "preferences.jsonl": TableMap(),
}
FILES = tuple(MAPPINGS)

Place = tuple[str, int]


def truth(name: str) -> list[dict[str, Any]]:
    path = DATA / f"{name.partition('.')[0]}.truth.jsonl"
    return [json.loads(line) for line in path.read_bytes().splitlines()]


def planted(name: str) -> set[Place]:
    return {(entry["check"], entry["line"]) for entry in truth(name) if entry["check"] != "none"}


def found(name: str) -> set[Place]:
    plan = Plan(mapping=MAPPINGS[name])
    scan = scan_inputs((str(DATA / name),), plan)
    places = {(check, line) for check, line in all_findings(scan, plan).select("check", "line").iter_rows()}
    places |= {("quarantine", line) for line in scan.quarantine["line"].to_list()}
    return places | {("left out", line) for line in scan.left_out["line"].to_list()}


@pytest.mark.parametrize("name", FILES)
def test_every_planted_fault_is_found_and_nothing_else(name: str) -> None:
    places = found(name)
    assert sorted(planted(name) - places) == [], "missed"
    assert sorted(places - planted(name)) == [], "found where nothing is planted"


@pytest.mark.parametrize("name", FILES)
def test_every_kind_is_planted_more_than_once(name: str) -> None:
    lines: dict[str, set[int]] = defaultdict(set)
    for check, line in planted(name):
        lines[check].add(line)
    assert {check for check, at in lines.items() if len(at) < 2} <= {"schema.encoding"}
    assert len(lines) >= 4


@pytest.mark.parametrize("name", FILES)
def test_the_truth_names_places_that_there_are(name: str) -> None:
    data = (DATA / name).read_bytes().decode("cp1252" if name == "tickets.csv" else "utf-8")
    lines = data.splitlines()
    for entry in truth(name):
        assert 1 <= entry["line"] <= len(lines)
        number = re.match(r"/@(\d+)/comment$", entry["at"])
        if number:
            assert lines[int(number[1]) - 1].startswith("C-")
        if entry["related_line"] is not None:
            assert entry["related_line"] < entry["line"]


def tickets() -> list[dict[str, str]]:
    with (DATA / "tickets.csv").open(encoding="cp1252", newline="") as file:
        return list(csv.DictReader(file, delimiter=";", strict=True))


def test_the_ticket_export_is_what_excel_writes() -> None:
    raw = (DATA / "tickets.csv").read_bytes()
    assert raw.startswith(b"Ticket ID;Subject;Description;Resolution;Vendor;Created;Internal\r\n")
    assert raw.endswith(b"\r\n")
    with pytest.raises(UnicodeDecodeError):
        raw.decode()
    assert b'""' in raw
    rows = tickets()
    assert 130 <= len(rows) <= 160
    assert any("\n" in row["Description"] for row in rows)
    numbers = [int(row["Ticket ID"].partition("-")[2]) for row in rows]
    assert numbers == sorted(numbers)


def test_clean_tickets_are_unlike_each_other() -> None:
    texts = {
        f"{row['Subject']} {row['Description']} {row['Resolution']}"
        for row in tickets()
        if row["Resolution"] and row["Internal"]
    }
    sets = [
        {tuple(words[at : at + 5]) for at in range(len(words) - 4)}
        for words in (re.findall(r"[^\W_]+", text.lower()) for text in sorted(texts))
    ]
    alike = [
        (len(one & other), len(one | other))
        for one, other in combinations(sets, 2)
        if len(one & other) >= 0.6 * len(one | other)
    ]
    spoiled = [check for check, _ in planted("tickets.csv") if check != "quarantine"]
    assert len(alike) <= len(spoiled)
    assert len(sets) > 110


def test_comments_of_a_thread_stand_apart() -> None:
    with (DATA / "ticket_comments.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, strict=True))
    order = [row["ticket"] for row in rows if row["ticket"]]
    breaks = sum(one != other for one, other in pairwise(order))
    assert breaks > 2 * len(set(order))
    assert [row["created"] for row in rows] == sorted(row["created"] for row in rows)


def test_wrong_figures_are_the_rejected_side() -> None:
    entries = truth("preferences.jsonl")
    listed = {entry["line"] for entry in entries}
    rows = (DATA / "preferences.jsonl").read_bytes().splitlines()
    clean = [json.loads(line) for at, line in enumerate(rows, 1) if at not in listed]
    assert len(clean) >= 60
    for row in clean:
        chosen, rejected = (re.findall(r"\d+", row[side]) for side in ("chosen", "rejected"))
        assert chosen != rejected
        assert re.sub(r"\d+", "", row["chosen"]) == re.sub(r"\d+", "", row["rejected"])
