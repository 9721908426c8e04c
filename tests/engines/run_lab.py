"""What tests of runs share: dirty rows in every container, and the run of them."""

from __future__ import annotations

import gzip
import json
from typing import TYPE_CHECKING, Any

import polars as pl

from curate.api import run
from curate.core.plan import Plan

if TYPE_CHECKING:
    from pathlib import Path

    from curate.engines.running import Ran


def row(instruction: str, output: str, source: str = "a") -> dict[str, Any]:
    return {"instruction": instruction, "input": "", "output": output, "source": source}


ROWS = [
    row("Who repairs the roof?", "The landlord repairs the roof at his own cost within a month."),
    row("Who cleans the stairs?", "The tenants of each floor clean the stairs in turn.<|im_end|>"),
    row("Who repairs the roof?", "The landlord repairs the roof at his own cost within a month."),
    row("When is the rent due?", "", "b"),
    row("Where are the keys?", "The keys\u200b are with the agent in the high street.", "b"),
    row("Which law governs the lease?", "[insert answer here]"),
    row("May a dog be kept?", "Yes, one small dog may be kept if the neighbours agree in writing.", "b"),
    row("please, who cleans the stairs?", "The tenants of each floor clean the stairs in turn."),
    row("Who insures the house?", "The owner takes out the insurance and bears the premium."),
]
"""Of nine rows three go for what blocks or repeats, one more as a near duplicate, and two are repaired."""

BROKEN = b'{"instruction": "Who pays?", "output": "The ten\n'


def jsonl(rows: list[dict[str, Any]] = ROWS, *, broken: bool = True) -> bytes:
    lines = [json.dumps(one).encode() + b"\n" for one in rows]
    return b"".join([*lines[:4], *([BROKEN] if broken else []), b"\n", *lines[4:]])


def write(path: Path) -> Path:
    """The rows in the container that the name asks for."""
    frame = pl.DataFrame(ROWS)
    if path.suffix == ".parquet":
        frame.write_parquet(path)
    elif path.suffix == ".csv":
        frame.write_csv(path)
    elif path.suffix == ".json":
        path.write_text(json.dumps(ROWS, indent=1))
    else:
        path.write_bytes(gzip.compress(jsonl(), mtime=0) if path.suffix == ".gz" else jsonl())
    return path


CONTAINERS = ("data.jsonl", "data.jsonl.gz", "data.json", "data.csv", "data.parquet")

PLAN = Plan(select=("schema", "answer", "template", "text", "duplicate"))
"""Checks of the rows alone, so that a run takes a fraction of a second."""


def ran(*data: Path, out: Path, plan: Plan = PLAN) -> Ran:
    return run(*map(str, data), out=out, plan=plan)


def files(folder: Path) -> dict[str, bytes]:
    """All files of a folder by name."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_bytes().splitlines() if line]
