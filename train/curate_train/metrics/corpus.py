"""BLEU and chrF as sacrebleu computes them, in a form that can be resampled.

K. Papineni et al., BLEU, ACL 2002; M. Popović, chrF, WMT 2015; M. Post, A call for clarity in reporting BLEU scores,
WMT 2018. Both are ratios of sums over a corpus, so a bootstrap needs the sums of each row once and no text again.
sacrebleu's own significance tests take them the same way.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

import numpy as np

from curate.core.errors import MissingExtraError
from curate_train.metrics.words import is_unspaced

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray
    from sacrebleu.metrics.base import Metric

UNSPACED_FROM = 0.3
"""The share of letters in scripts without spaces from which BLEU counts characters instead of words."""


def bleu_tokenizer(references: Sequence[str]) -> str:
    """Which of sacrebleu's tokenizers fits: ``13a`` (mteval), or ``char`` where words are not told by spaces.

    With ``13a`` a Japanese sentence is one word, and BLEU of two identical short answers is not 100.
    """
    letters = unspaced = 0
    for text in references:
        for char in text:
            letters += char.isalpha()
            unspaced += char > "\u0e00" and is_unspaced(ord(char))
    return "char" if unspaced > UNSPACED_FROM * letters else "13a"


def bleu(tokenizer: str) -> Metric:
    """Corpus BLEU-4.

    The order is the effective one: a corpus in which no answer has four words would score 0 on identical texts
    otherwise. Wherever a corpus has runs of four words, the figure is that of sacrebleu's defaults.
    """
    made: Metric = _sacrebleu().BLEU(tokenize=tokenizer, effective_order=True, force=True)
    return made


def chrf() -> Metric:
    """Corpus chrF2: character n-grams up to 6, beta 2, no words."""
    made: Metric = _sacrebleu().CHRF()
    return made


def signature(metric: Metric) -> str:
    """How the figure was computed, as sacrebleu writes it, version included."""
    return str(metric.get_signature())


def row_sums(metric: Metric, answers: Sequence[str], references: Sequence[str]) -> NDArray[np.float64]:
    """What each row adds to the sums of the corpus: shape (rows, terms)."""
    metric.corpus_score(
        list(answers[:1]), [list(references[:1])]
    )  # sets the number of references in the signature
    sums = metric._extract_corpus_statistics(list(answers), [list(references)])  # noqa: SLF001 (as sacrebleu's own tests do)
    return np.asarray(sums, dtype=np.float64)


def score_sums(metric: Metric, sums: NDArray[np.float64]) -> NDArray[np.float64]:
    """Scores of 0 to 100 from sums of the shape (samples, terms)."""
    score = metric._compute_score_from_stats  # noqa: SLF001 (the same)
    return np.array([score(row).score for row in sums.astype(np.int64).tolist()])


def _sacrebleu() -> Any:  # noqa: ANN401 (a module)
    try:
        return importlib.import_module("sacrebleu.metrics")
    except ImportError as error:
        raise MissingExtraError("BLEU and chrF", "train") from error
