"""Measures of ``train eval`` equal sacrebleu and rouge-score where these are right, and hold in every script."""

from __future__ import annotations

import importlib
import random
from typing import TYPE_CHECKING

import numpy as np
from curate_train.agreement import agreement
from curate_train.examples import read_dataset
from curate_train.metrics.corpus import bleu, chrf, row_sums, score_sums
from curate_train.metrics.resampling import Groups, difference, ratio
from curate_train.metrics.rouge import Rouge, rouge
from curate_train.metrics.tables import tables

from benchmarks.bar import Outcome, needs_data, real_data
from tests.train.test_agreement import KRIPPENDORFF_2011, units
from tests.train.test_metrics import SCRIPTS, answered

if TYPE_CHECKING:
    from pathlib import Path

PAIRS = 1000
SLACK = 1e-9
REFERENCE = {"nominal": 0.743, "ordinal": 0.815, "interval": 0.849, "ratio": 0.797}
"""Krippendorff 2011, example C."""


def run() -> list[Outcome]:
    """Equality on real answers, every script, agreement, and the honesty of comparisons."""
    return [*_equal(), _scripts(), _alpha(), _null()]


def _equal() -> list[Outcome]:
    line = f"{PAIRS:,} pairs of real English answers: BLEU, chrF and ROUGE against sacrebleu and rouge-score"
    bar = "equal to 1e-9"
    folder = real_data()
    if folder is None:
        return [needs_data(line, bar)]
    try:
        import sacrebleu  # noqa: PLC0415 (an extra)

        scorer = importlib.import_module("rouge_score.rouge_scorer").RougeScorer(list(Rouge._fields))
    except ImportError as error:
        return [Outcome(line, f"not run: {error.name} is not installed", bar, None)]
    answers, references = _pairs(folder)
    gaps = {}
    for name, ours, theirs in (
        ("BLEU", bleu("13a"), sacrebleu.corpus_bleu(answers, [references])),
        ("chrF", chrf(), sacrebleu.corpus_chrf(answers, [references])),
    ):
        sums = row_sums(ours, answers, references).sum(axis=0, keepdims=True)
        gaps[name] = abs(score_sums(ours, sums)[0] - theirs.score)
    for answer, reference in zip(answers, references, strict=True):
        theirs_too = scorer.score(reference, answer)
        for name, value in rouge(answer, reference)._asdict().items():
            gaps[name] = max(gaps.get(name, 0.0), abs(value - theirs_too[name].fmeasure))
    told = ", ".join(f"{name} {gap:.1e}" for name, gap in gaps.items())
    return [Outcome(line, f"largest gaps: {told}", bar, max(gaps.values()) < SLACK)]


def _pairs(folder: Path) -> tuple[list[str], list[str]]:
    """Answers of GSM8K, each beside another one, in ASCII."""
    rows = read_dataset(folder / "gsm8k" / "test.jsonl", force=True).examples
    texts = [row.answer for row in rows if row.answer.isascii() and len(row.answer.split()) > 1]
    draw = random.Random(0)  # noqa: S311 (texts, no secrets)
    first, second = draw.sample(texts, PAIRS), draw.sample(texts, PAIRS)
    return first, second


def _scripts() -> Outcome:
    worst, wrong = 100.0, []
    for script, text in SCRIPTS.items():
        values = tables([answered(at, text, text) for at in range(2)], samples=2).whole.values
        low = min(values[name].value or 0.0 for name in ("bleu", "chrf", "rouge1", "rouge2", "rougeL"))
        worst = min(worst, low)
        if low < 100 - SLACK:
            wrong.append(script)
    return Outcome(
        f"identical answers in {len(SCRIPTS)} scripts: the lowest of BLEU, chrF and ROUGE",
        f"{worst:.1f}" + "".join(f"; {one}" for one in wrong),
        "100",
        not wrong,
    )


def _alpha() -> Outcome:
    made = {level: agreement(units(KRIPPENDORFF_2011), level).alpha.value or 0.0 for level in REFERENCE}
    return Outcome(
        "Krippendorff's alpha on his example of four observers: nominal, ordinal, interval, ratio",
        ", ".join(f"{value:.3f}" for value in made.values()),
        ", ".join(f"{value:.3f}" for value in REFERENCE.values()),
        all(abs(made[level] - value) < 5e-4 for level, value in REFERENCE.items()),
    )


def _null() -> Outcome:
    draw = np.random.default_rng(0)
    tries, shown = 400, 0
    for trial in range(tries):
        first, second = (np.stack([one, np.ones(60)], axis=1) for one in draw.normal(size=(2, 60)))
        groups = Groups.make(range(60), samples=300, seed=trial)
        shown += difference(first, second, ratio, groups, seed=trial).is_shown
    return Outcome(
        f"{tries} comparisons of equal systems over 60 groups: differences shown",
        f"{shown} ({shown / tries:.1%})",
        "<= 7.5 % (the level is 5 %)",
        shown <= 0.075 * tries,
    )
