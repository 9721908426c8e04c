"""What 100 changed rows of 40,000 cost with ``--cache``, as a share of a full pass; the bytes must be those without it.

A full pass is ``curate fix``: it reads and checks all rows, repairs characters, and asks Harper about every answer with
all its rules, whose suggestions go to the ledger. With the rules alone that edit by themselves, most answers are never
shown to the engine, and so there is less to save: that share is told beside it.
"""

from __future__ import annotations

import json
import os
import random
import re
import tempfile
from pathlib import Path
from typing import NamedTuple

from benchmarks.bar import Outcome, curate, measure, needs_data, real_data

ROWS = 40_000
CHANGED = 400
"""Of so many rows one is changed."""

SENTENCES = 2
"""Sentences of an answer: two of MedQuAD, drawn anew for each row, so that no two rows are one text."""

LINE = "fix with --cache after one row in 400 was changed"
BAR = "≤ 10 % of a full pass, same bytes"
EVERY_RULE = "[fix.options.grammar]\nsuggest = true\n"


class Passes(NamedTuple):
    """CPU seconds of a pass over the changed data without a cache and with one, and whether the bytes are the same."""

    full: float
    cached: float
    same: bool


def run() -> list[Outcome]:
    """Both kinds of grammar pass over the same rows."""
    folder = real_data()
    if folder is None:
        return [needs_data(LINE, BAR)]
    rows = int(os.environ.get("CURATE_CACHE_ROWS", ROWS))
    with tempfile.TemporaryDirectory() as name:
        _write(folder / "medquad" / "medquad_health.jsonl", Path(name), rows)
        every, trusted = (_passes(Path(name), plan) for plan in (EVERY_RULE, ""))
    share = every.cached / every.full
    return [
        Outcome(
            f"{LINE}, {rows:,} rows",
            f"{share:.1%} of {every.full:.0f} CPU s, same bytes: {every.same} "
            f"(trusted rules alone: {trusted.cached / trusted.full:.0%} of {trusted.full:.0f} s, "
            f"same bytes: {trusted.same})",
            BAR,
            share <= 0.1 and every.same and trusted.same,
        )
    ]


def _write(source: Path, folder: Path, rows: int) -> None:
    """The rows, and the same with every 400th changed."""
    dice = random.Random(11)  # noqa: S311 (repeatable)
    sentences = [
        sentence
        for line in source.read_bytes().splitlines()
        for sentence in re.findall(r"[A-Z][^.!?\n]{60,240}[.!?](?=\s)", json.loads(line)["output"])
    ]
    with (folder / "one.jsonl").open("w") as one, (folder / "two.jsonl").open("w") as two:
        for number in range(rows):
            answer = " ".join(dice.sample(sentences, SENTENCES))
            line = json.dumps({"instruction": f"Say something about item {number}.", "output": answer}) + "\n"
            one.write(line)
            two.write(line if number % CHANGED else line.replace('"}', ' This is new."}'))


def _passes(folder: Path, plan: str) -> Passes:
    (folder / "plan.toml").write_text(plan)
    cache = str(folder / f"cache-{len(plan)}")
    _fix(folder, "one", "--cache", cache)
    cached, told = _fix(folder, "two", "--cache", cache)
    full, untold = _fix(folder, "two")
    return Passes(full, cached, told == untold)


def _fix(folder: Path, name: str, *options: str) -> tuple[float, tuple[bytes, bytes]]:
    """CPU seconds of a pass in one process and its engine, and the bytes that it wrote."""
    out = folder / "out.jsonl"
    words = ("--plan", "plan.toml", "--workers", "1", "--force", "-q", "--only", "text,grammar")
    done = measure(curate("fix", f"{name}.jsonl", "-o", "out.jsonl", *words, *options), cwd=folder)
    if done.code not in (0, 1):
        raise RuntimeError(done.stderr)
    return done.cpu, (out.read_bytes(), (folder / "out.jsonl.ledger.jsonl").read_bytes())
