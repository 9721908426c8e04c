"""All measures of an evaluation, each as what a row adds to sums and a function of such sums."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from curate_train.metrics import corpus
from curate_train.metrics.form import is_same_form
from curate_train.metrics.refusals import refusals
from curate_train.metrics.resampling import ratio
from curate_train.metrics.rouge import rouge
from curate_train.metrics.words import normalised, words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from numpy.typing import NDArray

    from curate_train.metrics.answered import Answered

    Floats = NDArray[np.float64]

TITLES = {
    "nll": "NLL, nats a token",
    "perplexity": "perplexity",
    "bleu": "BLEU",
    "chrf": "chrF",
    "rouge1": "ROUGE-1",
    "rouge2": "ROUGE-2",
    "rougeL": "ROUGE-L",
    "exact_match": "exact match",
    "length_ratio": "length of answer",
    "stop_rate": "ends by itself",
    "refusal_rate": "refuses",
    "format_rate": "form as reference",
}
"""The measures, in the order in which they are told."""

NAMES = {**TITLES, "nll": "NLL", "stop_rate": "stopping", "format_rate": "form"}
"""The same in the middle of a sentence."""

LOWER_IS_BETTER = frozenset({"nll", "perplexity"})
NEITHER_IS_BETTER = frozenset({"length_ratio", "refusal_rate"})
"""A ratio is best near 1; a refusal may be what the data asks for."""

SHARES = frozenset({"exact_match", "stop_rate", "refusal_rate", "format_rate"})
"""Shares of rows in 0 to 1, shown in percent."""


@dataclass(frozen=True)
class Measure:
    """One measure over given rows.

    Attributes:
        name: a key of ``TITLES``.
        parts: what each row adds, shape (rows, terms).
        score: figures of sums of the shape (samples, terms).
        signature: how it is computed, where that is a matter of choice.
    """

    name: str
    parts: Floats
    score: Callable[[Floats], Floats]
    signature: str = ""

    @property
    def title(self) -> str:
        """What it is called."""
        return TITLES[self.name]


def measures(rows: Sequence[Answered], *, tokenizer: str | None = None) -> list[Measure]:
    """All measures that can be taken of these rows.

    Args:
        rows: in any order; all measures keep it.
        tokenizer: of BLEU; chosen by the references if None.
    """
    answers, references = [row.answer for row in rows], [row.reference for row in rows]
    overlaps = [rouge(answer, reference) for answer, reference in zip(answers, references, strict=True)]
    refused = refusals([row.ask for row in rows], answers)
    likelihood = _terms((row.nll, row.tokens) for row in rows)
    lengths = _terms((len(words(row.answer)), len(words(row.reference))) for row in rows)
    exact = (normalised(row.answer) == normalised(row.reference) for row in rows)
    return [
        Measure("nll", likelihood, ratio),
        Measure("perplexity", likelihood, lambda sums: np.exp(ratio(sums))),
        *_of_sacrebleu(answers, references, tokenizer or corpus.bleu_tokenizer(references)),
        _mean("rouge1", (100 * one.rouge1 for one in overlaps)),
        _mean("rouge2", (100 * one.rouge2 for one in overlaps)),
        _mean("rougeL", (100 * one.rougeL for one in overlaps)),
        _mean("exact_match", exact),
        Measure("length_ratio", lengths, ratio),
        _mean("stop_rate", (row.is_stopped for row in rows)),
        *([] if refused is None else [_mean("refusal_rate", refused)]),
        _mean("format_rate", (is_same_form(row.answer, row.reference) for row in rows)),
    ]


def _of_sacrebleu(answers: list[str], references: list[str], tokenizer: str) -> list[Measure]:
    made = []
    for name, metric in (("bleu", corpus.bleu(tokenizer)), ("chrf", corpus.chrf())):
        parts = corpus.row_sums(metric, answers, references)
        signed = corpus.signature(metric)
        made.append(
            Measure(name, parts, lambda sums, metric=metric: corpus.score_sums(metric, sums), signed)  # type: ignore[misc]
        )
    return made


def _mean(name: str, values: Iterable[float]) -> Measure:
    return Measure(name, _terms((float(value), 1.0) for value in values), ratio)


def _terms(pairs: Iterable[tuple[float, float]]) -> Floats:
    return np.array(list(pairs), dtype=np.float64).reshape(-1, 2)
