"""Splits of real data share no near pair, by brute force: another tokeniser, every pair counted."""

from __future__ import annotations

import json
import tempfile
from fractions import Fraction
from itertools import combinations
from pathlib import Path

from benchmarks.bar import Outcome, needs_data, real_data
from curate.engines.dealing import Dealing
from curate.engines.splitting import split
from tests.similarity import oracle

SEEDS = 3
THRESHOLD = Fraction(7, 10)
GRAMS = (3, 5)
LINE = "pairs that cross a split of MedQuAD, by brute force"


def run() -> list[Outcome]:
    """Questions, and questions with their answers, for several seeds."""
    folder = real_data()
    if folder is None:
        return [needs_data(LINE, "0")]
    return [_line(folder / "medquad" / "medquad_health.jsonl", n) for n in GRAMS]


def _line(path: Path, n: int) -> Outcome:
    crossing, shares = 0, []
    with tempfile.TemporaryDirectory() as name:
        for seed in range(SEEDS):
            done = split(path, out=Path(name), dealing=Dealing(seed=seed), force=True)
            parts = [[json.loads(line) for line in out.read_bytes().splitlines()] for out in done.outputs]
            shares.append("/".join(str(len(part)) for part in parts))
            crossing += _crossing([[row["instruction"] for row in part] for part in parts], n)
            crossing += _crossing(
                [[f"{row['instruction']}\n{row['output']}" for row in part] for part in parts], n
            )
    every = [json.loads(line)["instruction"] for line in path.read_bytes().splitlines()]
    naive = _crossing([every[::2], every[1::2]], n)
    return Outcome(
        f"{LINE}: {n}-grams, similarity ≥ {float(THRESHOLD)}, asks and whole rows, {SEEDS} seeds",
        f"{crossing} (rows {', '.join(shares)}; every second row instead: {naive:,})",
        "0",
        crossing == 0 and naive > 0,
    )


def _crossing(parts: list[list[str]], n: int) -> int:
    numbers: dict[tuple[str, ...], int] = {}
    sets = [oracle.number(texts, n, numbers) for texts in parts]
    return sum(len(oracle.all_pairs(one, two, THRESHOLD)) for one, two in combinations(sets, 2))
