"""2,000 of the 55,185 rows of T0, taken by ``curate sample``, against random draws of 2,000.

What is measured was fixed before the first measurement:

- *Openings*: different first three words (runs of word characters, in lower case) of the prompts of a sample.
- *Nearest-neighbour coverage*: of all rows, the share that has a row of the sample in its neighbourhood, the ball that
  reaches to its k-th nearest other row (Naeem et al. 2020, "Reliable Fidelity and Diversity Metrics for Generative
  Models"). k = 28, the rows that each row of the sample stands for: 55,185 / 2,000. The space is the word space of
  :mod:`curate.diversity.topics` (TF-IDF, 64 dimensions), here fitted anew, and neighbours are found by comparing all
  pairs. A random draw covers 1 - (1 - 2,000/55,185)^29 = 66 % on average, so that no sample can reach 1.53 times that.
- *Ratio*: the sample against each of five random draws (numpy's generator with seeds 0 to 4, not the draw of the
  command); the mean of the five with Student's 95 % interval, whose lower end must reach the bar.

The mean cosine of a row to the nearest one of the sample is told beside it, without a bar: random draws are so near 1
there that no sample at all could be 1.3 times better. The bound that is told is 1 over the mean of the draws.
"""

from __future__ import annotations

import json
import re
import statistics
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from benchmarks.bar import Outcome, curate, measure, needs_data, real_data
from benchmarks.bars.t0_report import unpack_t0
from curate.diversity.selection import neighbourhood
from curate.diversity.selection_measures import Ground
from curate.diversity.topics import TopicModel

if TYPE_CHECKING:
    from numpy.typing import NDArray

SIZE, SEEDS = 2_000, 5
LEAST, MOST_CPU = 1.3, 60
STUDENT = 2.776
"""97.5 % quantile of Student's t with four degrees of freedom."""

OPENINGS = "openings: 2,000 of 55,185 rows of T0 against random"
COVERAGE = "nearest-neighbour coverage: the same, k = 28"
COST = "curate sample: CPU of the whole command"


class Figures(NamedTuple):
    """What is measured of a sample."""

    openings: int
    coverage: float
    cosine: float


def run() -> list[Outcome]:
    """Openings, coverage and cost."""
    folder = real_data()
    if folder is None:
        return [needs_data(OPENINGS, f"≥ {LEAST}×")]
    with tempfile.TemporaryDirectory() as scratch:
        path, out = unpack_t0(folder, Path(scratch)), Path(scratch) / "sample.jsonl"
        done = measure(curate("sample", str(path), "--n", str(SIZE), "-o", str(out), "--json", "--quiet"))
        if done.code:
            return [Outcome(COST, f"failed: {done.stderr[-200:]}", f"≤ {MOST_CPU} s", held=False)]
        lines = path.read_bytes().splitlines()
        taken = _lines_of(lines, out.read_bytes().splitlines())
    sample, draws = _measured([json.loads(line)["prompt"] for line in lines], taken)
    beside = f"cosine {sample.cosine:.3f} against {_mean([one.cosine for one in draws]):.3f}"
    beside += f", at best {1 / _mean([one.cosine for one in draws]):.2f}×"
    return [
        _ratio(OPENINGS, sample.openings, [one.openings for one in draws], ",.0f", ""),
        _ratio(COVERAGE, sample.coverage, [one.coverage for one in draws], ".1%", f"; {beside}"),
        Outcome(COST, f"{done.cpu:.1f} s", f"≤ {MOST_CPU} s", done.cpu <= MOST_CPU),
    ]


def _lines_of(lines: list[bytes], sample: list[bytes]) -> NDArray[np.int64]:
    """The places of the sample's lines in the file: they keep their order."""
    found, at = [], 0
    for line in sample:
        at = lines.index(line, at) + 1
        found.append(at - 1)
    return np.array(found)


def _measured(prompts: list[str], taken: NDArray[np.int64]) -> tuple[Figures, list[Figures]]:
    """The figures of the sample and of the random draws; every row is asked."""
    space = TopicModel.fit(prompts).space(prompts)
    openings = [" ".join(re.findall(r"\w+", prompt[:400].lower())[:3]) for prompt in prompts]
    ground = Ground(space, neighbourhood(len(prompts), SIZE), len(prompts))

    def figures(rows: NDArray[np.int64]) -> Figures:
        return Figures(len({openings[row] for row in rows.tolist()}), *ground.standing(rows))

    draws = [np.random.default_rng(seed).choice(len(prompts), SIZE, replace=False) for seed in range(SEEDS)]
    return figures(taken), [figures(draw) for draw in draws]


def _ratio(line: str, mine: float, drawn: list[float], form: str, beside: str) -> Outcome:
    """The mean of the ratios, with its interval."""
    ratios = [mine / one for one in drawn]
    mean, spread = statistics.mean(ratios), STUDENT * statistics.stdev(ratios) / len(ratios) ** 0.5
    low, high = mean - spread, mean + spread
    figure = f"{mean:.2f}× [{low:.2f}, {high:.2f}] ({mine:{form}} against {_mean(drawn):{form}}{beside})"
    return Outcome(line, figure, f"≥ {LEAST}× at the lower end", low >= LEAST)


def _mean(values: list[float]) -> float:
    return statistics.mean(values)
