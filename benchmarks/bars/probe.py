"""``curate probe`` on public files by the preset ``sft-strict``: its recall is what a second count finds."""

from __future__ import annotations

import csv
import json
import tempfile
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.bar import Outcome, needs_data, real_data
from curate.api import scan_inputs
from curate.config.load import load_plan
from curate.engines.export import all_findings
from curate.engines.probing import probe

if TYPE_CHECKING:
    from curate.core.plan import Plan
    from curate.engines.probing import Probed

FILES = ("gsm8k/test.jsonl", "medquad/medquad_health.jsonl", "llamafactory/kto_en_demo.json")
PAIRS = "llamafactory/dpo_en_demo.json"
COUNT = 20
LINE = "probe on {}: recall against a second count"
BAR = "the same for every fault"
OFF = "answer.refusal"


def run() -> list[Outcome]:
    """A line a file, and one for a check that is off."""
    folder = real_data()
    if folder is None:
        return [needs_data(LINE.format(name), BAR) for name in (*FILES, PAIRS)]
    plans = {
        name: replace(load_plan(f'extends = "{name}"', ""), show_text=False, workers=1) for name in PRESETS
    }
    strict = plans["sft-strict"]
    return [
        *(_of_file(folder, name, strict) for name in FILES),
        _of_file(folder, PAIRS, plans["preference"]),
        _off(folder, strict),
    ]


PRESETS = ("sft-strict", "preference")


def _of_file(folder: Path, name: str, plan: Plan) -> Outcome:
    with tempfile.TemporaryDirectory() as scratch:
        done = probe(str(folder / name), plan=plan, count=COUNT, keep=Path(scratch))
        planted, found = _recount(folder / name, Path(scratch), plan)
    wrong = [one.fault for one in done.seen if one.found != found[one.fault] or one.planted != COUNT]
    wrong += ["what was planted"] * (planted != COUNT * len(done.seen))
    return Outcome(LINE.format(name), f"{_told(done)}; differs: {', '.join(wrong) or 'none'}", BAR, not wrong)


def _told(done: Probed) -> str:
    """What was seen, and each kind that was not seen whole."""
    seen = sum(one.found for one in done.seen)
    less = [f"{one.fault} {one.found} of {one.planted}" for one in done.seen if one.found < one.planted]
    blind = [f"{one.fault} ({one.check} {one.gate})" for one in done.seen if one.is_blind]
    told = f"{seen} of {sum(one.planted for one in done.seen)} seen among {done.rows:,} rows"
    return f"{told} ({'; '.join(less) or 'all'}); blind: {', '.join(blind) or 'none'}"


def _recount(source: Path, folder: Path, plan: Plan) -> tuple[int, Counter[str]]:
    """How many lines of the copy are not of the source, and how many of each fault the gate names at their lines.

    It knows only the files: the source, the copy, the list of what was planted, and the findings in the copy.
    """
    copy = next(folder.glob("*.jsonl"))
    more = Counter(map(_value, copy.read_bytes().split(b"\n"))) - Counter(_source_values(source))
    planted = sum(more.values()) - more[b""]
    found = scan_inputs((str(copy),), plan)
    places = set(all_findings(found, plan).select("check", "line").rows())
    places |= {("quarantine", line) for line in found.quarantine["line"].to_list()}
    listed = csv.DictReader((folder / "planted.csv").read_text("utf-8").splitlines())
    return planted, Counter(one["fault"] for one in listed if (one["check"], int(one["line"])) in places)


def _source_values(source: Path) -> list[bytes]:
    if source.suffix == ".json":
        return [_value(json.dumps(one).encode()) for one in json.loads(source.read_bytes())]
    return list(map(_value, source.read_bytes().split(b"\n")))


def _value(line: bytes) -> bytes:
    """A line in one spelling; one that is no JSON, or says a key twice, as it is."""
    try:
        pairs = json.loads(line, object_pairs_hook=list)
        value = json.loads(line)
    except (ValueError, RecursionError):
        return line.strip()
    if isinstance(value, dict) and len(value) != len(pairs):
        return line.strip()
    return json.dumps(value, sort_keys=True).encode()


def _off(folder: Path, plan: Plan) -> Outcome:
    done = probe(str(folder / FILES[0]), plan=replace(plan, ignore=(OFF,)), count=5)
    told = next(one for one in done.seen if one.check == OFF)
    return Outcome(
        f"{OFF} switched off", f"{told.gate}, blind: {told.is_blind}", "off, blind: True", told.is_blind
    )
