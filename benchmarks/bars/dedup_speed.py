"""User CPU of whole processes, from start to groups: the exact join beside the peers, on the same words.

``CURATE_BENCH_ROWS`` caps the rows for a quick look; lines that it shrinks are not judged.
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

import numpy as np
import polars as pl

from benchmarks.bar import Outcome, needs_data, real_data
from benchmarks.near_corpus import enlarged, plain_words, real_texts, sampled
from benchmarks.near_peers import CURATE, PEERS, cost, install

PEAK = 2e9 / 2**20
"""MiB that a join of a million rows may take."""


class Bar(NamedTuple):
    """How many times faster than a peer."""

    peer: str
    rows: int
    times: float


BARS = (
    Bar("datasketch", 30_000, 6),
    Bar("data-juicer", 30_000, 10),
    Bar("text-dedup", 30_000, 10),
    Bar("rensa", 250_000, 3.5),
    Bar("daft", 250_000, 1.2),
    Bar("daft", 1_000_000, 1.8),
)
WHOLE = 30_000
"""Up to so many rows are real ones as they are; larger corpora are passages and changed copies of them."""


def run() -> list[Outcome]:
    """Each peer at its size, with recall and precision of the rows that it puts together."""
    folder = real_data()
    if folder is None:
        return [needs_data("near-duplicate join against peers", "≥ 1.2 to 10 times faster")]
    words = plain_words(real_texts(folder))
    cap = int(os.environ.get("CURATE_BENCH_ROWS", "0")) or 10**9
    outcomes: list[Outcome] = []
    for rows in sorted({bar.rows for bar in BARS}):
        texts = sampled(words, min(rows, cap)) if rows <= WHOLE else enlarged(words, min(rows, cap))
        with tempfile.TemporaryDirectory() as scratch:
            corpus = Path(scratch) / "corpus.parquet"
            pl.DataFrame({"text": texts}).write_parquet(corpus)
            outcomes += _beside(corpus, texts, [bar for bar in BARS if bar.rows == rows])
    return outcomes


def corpus_bytes(texts: pl.Series) -> int:
    """The size of all texts."""
    return int(texts.str.len_bytes().sum())


def _beside(corpus: Path, texts: pl.Series, bars: list[Bar]) -> list[Outcome]:
    size = f"{len(texts):,} rows, {corpus_bytes(texts) / 1e6:.0f} MB"
    flags = corpus.with_suffix(".npy")
    mine = cost(Path(sys.executable), CURATE, corpus, flags)
    if mine is None:
        return [Outcome(f"join: {size}", "failed", "runs", held=False)]
    truth = np.load(flags)
    outcomes = []
    if bars[0].rows == max(bar.rows for bar in BARS):
        held = mine.peak_mib <= PEAK if len(texts) == bars[0].rows else None
        outcomes.append(Outcome(f"join: peak memory at {size}", f"{mine.peak_mib:.0f} MiB", "≤ 2 GB", held))
    for bar in bars:
        python, aim = install(PEERS[bar.peer]), f"≥ {bar.times}×"
        line = f"join against {bar.peer}: {size}, user CPU"
        theirs = cost(python, PEERS[bar.peer].program, corpus, flags) if python else None
        if theirs is None:
            outcomes.append(Outcome(line, "not run: the peer could not be installed or failed", aim, None))
            continue
        found = np.load(flags)
        both = int((truth & found).sum())
        figure = f"{theirs.user / mine.user:.2f}× ({mine.user:.2f} s, exact; {bar.peer} {theirs.user:.2f} s, "
        figure += f"row recall {both / truth.sum():.3f}, precision {both / max(int(found.sum()), 1):.3f})"
        held = theirs.user >= bar.times * mine.user if len(texts) == bar.rows else None
        outcomes.append(Outcome(line, figure, aim, held))
    return outcomes
