"""Do topics find what people called tasks? Agreement of the clusters with labels that they never saw.

Adjusted mutual information (N. X. Vinh, J. Epps & J. Bailey 2010; 0 by chance, 1 if equal) with the 283 task names of
T0 and with the question types of MedQuAD, which are the questions with their disease blanked, those of at least ten
rows. As many clusters are asked for as there are labels, so that methods differ in nothing else; beside it stands the
figure of as many as the rule finds by itself. All methods read the same distinct prompts (of T0 the 6,000 with the
smallest hashes) and have the same k-means, with the same seeds:

- *topics*: our model: words and pairs of words of the beginning and the end of a prompt, TF-IDF, truncated SVD;
- *without SVD*: the same TF-IDF, not reduced;
- *plain TF-IDF*: scikit-learn's ``TfidfVectorizer`` as it comes, over whole prompts, not reduced.

The reading window and the number of dimensions were set with both sets of labels in view, so that the figures are those
of a fit. The same result for any order of rows is a line of its own.
"""

from __future__ import annotations

import json
import random
import tempfile
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from benchmarks.bar import Outcome, needs_data, own_cpu, real_data
from benchmarks.bars.t0_report import unpack_t0
from curate.diversity.draw import Draw
from curate.diversity.spaces import one_thread, scikit
from curate.diversity.topics import ROUNDS, STARTS, TopicModel
from curate.diversity.word_space import count_terms

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

SEEDS = range(5)
PROMPTS = 6000
"""Prompts of T0: k-means over unreduced vectors costs minutes for more."""
LEAST = 10
BAR = "above both"


def run() -> list[Outcome]:
    """Both corpora, the same seeds for all methods."""
    folder = real_data()
    if folder is None:
        return [needs_data("agreement of topics with labels", BAR)]
    with tempfile.TemporaryDirectory() as scratch:
        t0 = dict(_tasks(unpack_t0(folder, Path(scratch))))
    draw = Draw(PROMPTS)
    draw.add(t0)
    kept = {text: t0[text] for text in draw.texts()}
    medical = _types(folder / "medquad" / "medquad_health.jsonl")
    return [
        *_agreement("T0's task names", kept),
        *_agreement("MedQuAD's question types", medical),
        _any_order(list(kept)),
    ]


def _tasks(path: Path) -> Iterator[tuple[str, str]]:
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            record = json.loads(line)
            yield record["prompt"], record["task"]


def _types(path: Path) -> Mapping[str, str]:
    """The type of each question, those of frequent types only."""
    found: dict[str, str] = {}
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            record = json.loads(line)
            if record["focus"]:
                found[record["instruction"]] = record["instruction"].replace(record["focus"], "X").strip()
    counts = Counter(found.values())
    return {text: kind for text, kind in found.items() if counts[kind] >= LEAST}


def _agreement(name: str, labelled: Mapping[str, str]) -> list[Outcome]:
    texts, labels = list(labelled), list(labelled.values())
    count = len(set(labels))
    ours = [_ami(labels, TopicModel.fit(texts, topics=count, seed=seed).assign(texts)) for seed in SEEDS]
    model = TopicModel.fit(texts)
    same = _unreduced(texts, labels, count)
    plain = _plain(texts, labels, count)
    best = max(float(np.mean(same)), float(np.mean(plain)))
    figure = (
        f"topics {_told(ours)}; without SVD {_told(same)}; plain TF-IDF {_told(plain)}; "
        f"with the {len(model)} topics of the rule {_ami(labels, model.assign(texts)):.3f}"
    )
    line = f"mutual information with {name} ({count}; {len(texts):,} prompts; mean and range of {len(SEEDS)} seeds)"
    return [Outcome(line, figure, BAR, float(np.mean(ours)) > best)]


def _unreduced(texts: Sequence[str], labels: Sequence[str], count: int) -> list[float]:
    counts = count_terms(texts).counts
    weights = scikit("feature_extraction.text").TfidfTransformer(sublinear_tf=True)
    return _clustered(weights.fit_transform(counts), labels, count)


def _plain(texts: Sequence[str], labels: Sequence[str], count: int) -> list[float]:
    return _clustered(scikit("feature_extraction.text").TfidfVectorizer().fit_transform(texts), labels, count)


def _clustered(vectors: Any, labels: Sequence[str], count: int) -> list[float]:  # noqa: ANN401 (a sparse matrix)
    means = scikit("cluster").KMeans
    with one_thread():
        return [
            _ami(labels, means(count, n_init=STARTS, max_iter=ROUNDS, random_state=seed).fit(vectors).labels_)
            for seed in SEEDS
        ]


def _ami(labels: Sequence[str], found: np.ndarray[Any, Any]) -> float:
    return float(scikit("metrics").adjusted_mutual_info_score(labels, found))


def _told(values: Sequence[float]) -> str:
    return f"{np.mean(values):.3f} ({min(values):.3f} to {max(values):.3f})"


def _any_order(texts: list[str]) -> Outcome:
    """Another order, with copies, and read in slices: every text must have the topic of the same name."""
    before = own_cpu()
    model = TopicModel.fit(texts)
    cost = own_cpu() - before
    other = texts + texts[:1000]
    random.Random(1).shuffle(other)  # noqa: S311 (a benchmark)
    again = TopicModel.fit(other)
    parts = [again.assign(texts[at : at + 777]) for at in range(0, len(texts), 777)]
    same = again.labels == model.labels and np.array_equal(np.concatenate(parts), model.assign(texts))
    figure = f"{'equal' if same else 'different'} ({cost:.1f} s CPU to learn {len(model)} topics)"
    line = f"topics of {len(texts):,} prompts of T0 in another order, with copies, assigned in slices"
    return Outcome(line, figure, "equal", same)
