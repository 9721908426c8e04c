"""Corpora whose rows share most of their words and are different examples all the same: hardly a row is lost.

By default a row goes only where ask and answer are near another's. With the guard off, as for plain text, similarity
alone decides (word 3-grams, Jaccard >= .8), once with shared boilerplate discounted and once without: that mends what a
preamble or a template does, and cannot tell two questions about one document apart.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import orjson
import polars as pl

from benchmarks.bar import Outcome, needs_data, real_data
from curate.similarity import Sets, keep_nearest, self_join, shingle
from curate.similarity.asks import Turn
from curate.similarity.boilerplate import common_shingles, discount
from curate.similarity.judge import Example, near_kept

if TYPE_CHECKING:
    from pathlib import Path

PREAMBLE = (
    "You are a careful and friendly assistant who works for a public library. Read the request below twice before"
    " you write, answer it completely and in plain English, never invent a source, and say so when you do not know."
)
TEMPLATE = (
    "{0} is a condition that should be looked at by a physician. The treatment of {0} depends on its cause, on how"
    " severe it is, and on the age and health of the patient. Some people need no treatment at all, others are given"
    " medicines or need surgery. Talk to your provider about the risks and benefits of each treatment for {0}."
)
DOCUMENTS = 0.01
CORPORA = (
    ("one preamble of 40 words before every prompt", 0.10, False),
    ("template answers about different diseases", 0.02, True),
    ("sets of questions about one document", DOCUMENTS, True),
)
"""Each with the share of rows that may be lost, and whether similarity is that of whole rows or of prompts."""


def run() -> list[Outcome]:
    """Three corpora, with the guard and without."""
    folder = real_data()
    if folder is None:
        return [needs_data(f"rows lost of: {name}", f"<= {most:.0%}") for name, most, _ in CORPORA]
    corpora = (_preambles(folder), _templates(folder), _documents(folder))
    return [
        outcome
        for (name, most, whole), rows in zip(CORPORA, corpora, strict=True)
        for outcome in _measured(name, most, rows, whole=whole)
    ]


def _measured(name: str, most: float, rows: list[Example], *, whole: bool) -> list[Outcome]:
    """What the guard loses, and what similarity of the prompts, or of ``whole`` rows, loses without it."""
    twins = near_kept(rows)
    lost = len(rows) - twins.count(None)
    texts = [f"{row.ask[0].text}\n{row.answers[0] if whole else ''}" for row in rows]
    sets = shingle(pl.Series(texts), 3)
    plain, discounted = _lost(sets), _lost(discount(sets, common_shingles(sets)).sets)
    figure = f"{discounted / len(rows):.1%}; without discount {plain / len(rows):.1%}"
    bar, guarded = f"<= {most:.0%}", f"{lost} of {len(rows)} ({lost / len(rows):.2%})"
    if most == DOCUMENTS:
        guarded += f"; guard off, boilerplate discounted {figure}"
        return [Outcome(f"rows lost of: {name}", guarded, bar, lost <= most * len(rows))]
    return [
        Outcome(f"rows lost of: {name}", guarded, bar, lost <= most * len(rows)),
        Outcome(f"guard off, boilerplate discounted: {name}", figure, bar, discounted <= most * len(rows)),
    ]


def _lost(sets: Sets) -> int:
    rank = np.arange(len(sets))
    groups = keep_nearest(self_join(sets, 0.8), rank)
    return int((groups.kept != rank).sum())


def _row(ask: str, answer: str) -> Example:
    return Example((Turn("user", ask),), (answer,))


def _medquad(folder: Path) -> pl.DataFrame:
    return pl.read_ndjson(folder / "medquad" / "medquad_health.jsonl")


def _preambles(folder: Path) -> list[Example]:
    """Distinct real questions, short and long, each after the preamble."""
    medquad = _medquad(folder).unique("instruction", maintain_order=True, keep="first").head(1500)
    pairs = list(medquad.select("instruction", "output").iter_rows())
    lines = (folder / "gsm8k" / "test.jsonl").read_bytes().splitlines()
    pairs += [(row["question"], row["answer"]) for row in map(orjson.loads, lines)]
    return [_row(f"{PREAMBLE}\n\n{question}", answer) for question, answer in pairs]


def _templates(folder: Path) -> list[Example]:
    """One question and one answer about each disease that MedQuAD names."""
    names = _medquad(folder)["focus"].drop_nulls().str.strip_chars().unique(maintain_order=True)
    folded = names.to_frame().unique(pl.col("focus").str.to_lowercase(), maintain_order=True, keep="first")
    return [
        _row(f"What are the treatments for {name}?", TEMPLATE.format(name)) for name in folded.to_series()
    ]


def _documents(folder: Path) -> list[Example]:
    """Abstracts of PubMedQA, each with its own question and one about each of its parts."""
    records = orjson.loads((folder / "pubmedqa" / "ori_pqal.json").read_bytes())
    rows: list[Example] = []
    for record in list(records.values())[:400]:
        document = "\n".join(record["CONTEXTS"])
        rows.append(_row(f"{document}\n\nQuestion: {record['QUESTION']}", record["LONG_ANSWER"]))
        for label, part in dict(zip(record["LABELS"], record["CONTEXTS"], strict=True)).items():
            question = f"What does the abstract say first about its {label.lower()}?"
            rows.append(_row(f"{document}\n\nQuestion: {question}", part.split(". ")[0]))
    return rows
