from __future__ import annotations

import math
import random
from collections import Counter

import numpy as np
import pytest

from curate.diversity.bootstrap import draws, estimate
from curate.diversity.measures import OF_PROMPTS, OF_TEXTS, WHOLE
from curate.diversity.ngrams import Encoded, distinct, entropy, gram_entropy, self_bleu, type_token
from curate.diversity.numbers import commonest, compression, diversity_numbers, effective, repeated
from curate.diversity.templates import opening, skeleton
from curate.diversity.vendi import vendi, weighted, weights_of
from tests.diversity.corpora import varied


def test_distinct_grams_by_hand() -> None:
    texts = Encoded.of(["a b a b", "a b", "", "c"])
    assert distinct(texts, 1) == 3 / 7
    assert distinct(texts, 2) == 2 / 4  # ab ba ab | ab: no pair across two texts
    assert distinct(texts, 3) == 2 / 2
    assert distinct(Encoded.of([]), 2) == 0


def test_entropy_by_hand() -> None:
    assert entropy(np.array([1, 1, 1, 1])) == 2
    assert entropy(np.array([5])) == 0
    assert entropy(np.array([], np.int64)) == 0
    assert gram_entropy(Encoded.of(["a b", "c d"]), 2) == 1


def test_grams_are_those_of_a_plain_count() -> None:
    prompts = [row.prompt for row in varied(80)]
    for n in (1, 2, 3, 4):
        found, total = set(), 0
        for text in prompts:
            said = text.lower().replace("?", "").replace(",", "").split()
            grams = [tuple(said[at : at + n]) for at in range(len(said) - n + 1)]
            found |= set(grams)
            total += len(grams)
        assert distinct(Encoded.of(prompts), n) == len(found) / total


def test_type_token_ratio_needs_a_whole_window() -> None:
    texts = Encoded.of(["a b c d", "a a a a", "e"])
    assert type_token(texts, 4) == (1 + 1 / 4) / 2
    assert type_token(texts, 10) is None


def _bleu(texts: list[list[str]]) -> float:
    """Self-BLEU by its definition, one text at a time."""
    scores = []
    for at, said in enumerate(texts):
        others = texts[:at] + texts[at + 1 :]
        logs, matched = [], 0
        for n in range(1, 5):
            grams = [
                Counter(tuple(text[i : i + n]) for i in range(len(text) - n + 1)) for text in (said, *others)
            ]
            total = grams[0].total()
            if not total:
                continue
            most: Counter[tuple[str, ...]] = Counter()
            for other in grams[1:]:
                most |= other
            shared = (grams[0] & most).total()
            matched += shared
            logs.append(math.log((shared or 0.1) / total))
        length = min((len(other) for other in others), key=lambda size: (abs(size - len(said)), size))
        brevity = 1.0 if len(said) >= length else math.exp(1 - length / len(said))
        scores.append(brevity * math.exp(sum(logs) / len(logs)) if matched else 0.0)
    return sum(scores) / len(scores)


def _spoken(count: int, seed: int) -> list[str]:
    chance = random.Random(seed)  # noqa: S311 (a test)
    vocabulary = list("abcdef") if seed % 2 else [f"w{chr(97 + at)}" for at in range(20)]
    return [" ".join(chance.choices(vocabulary, k=chance.randint(1, 12))) for _ in range(count)]


@pytest.mark.parametrize("seed", range(6))
def test_self_bleu_is_its_definition(seed: int) -> None:
    texts = _spoken(25, seed)
    assert self_bleu(Encoded.of(texts)) == pytest.approx(_bleu([text.split() for text in texts]), abs=1e-12)


@pytest.mark.parametrize("seed", range(6))
def test_self_bleu_is_that_of_sacrebleu(seed: int) -> None:
    sacrebleu = pytest.importorskip("sacrebleu", reason="compares with the package sacrebleu")
    texts = _spoken(25, seed)
    metric = sacrebleu.BLEU(tokenize="none", smooth_method="floor", smooth_value=0.1, effective_order=True)
    scores = [
        metric.sentence_score(text, texts[:at] + texts[at + 1 :]).score / 100 for at, text in enumerate(texts)
    ]
    assert self_bleu(Encoded.of(texts)) == pytest.approx(sum(scores) / len(scores), abs=1e-9)


def test_vendi_score_of_what_is_known() -> None:
    assert vendi(np.ones((5, 1))) == pytest.approx(1)
    assert vendi(np.eye(7)) == pytest.approx(7)
    assert vendi(np.repeat(np.eye(3), 4, axis=0)) == pytest.approx(3)
    assert vendi(np.zeros((4, 2))) == 0
    texts = Encoded.of(["red green", "blue", "red green", "blue"])
    assert vendi(weighted(texts, weights_of(texts))) == pytest.approx(2)


def test_groups() -> None:
    assert repeated(np.array([1, 1, 2, 3])) == 0.5
    assert effective(np.array([1, 1, 2, 2])) == pytest.approx(2)
    assert effective(np.array([1, 1, 1, 2])) == pytest.approx(2 ** (0.25 * 2 + 0.75 * math.log2(4 / 3)))
    assert commonest(np.repeat(np.arange(20), 5)) == 0.5
    assert compression([b"same old words"] * 100) > compression(
        [bytes(range(at, at + 14)) for at in range(100)]
    )


def test_openings_and_skeletons() -> None:
    assert opening('  "What are the treatments?') == "what are the"
    assert opening("List 3 things") == "list 3 things"
    assert opening("") == opening("?!") == ""
    one = 'Write 5 lines on "The Hague" for Anna Smith, please.'
    other = 'Write 12 lines on "a dog" for Bob, please.'
    assert skeleton(one) == skeleton(other) == "write # lines on “” for @ please"


def test_draws_are_of_half_at_most_and_without_replacement() -> None:
    picked = draws(30, 1000, 5, seed=1)
    assert [len(set(rows.tolist())) for rows in picked] == [15] * 5
    assert all(np.array_equal(a, b) for a, b in zip(picked, draws(30, 1000, 5, seed=1), strict=True))
    assert len(draws(1, 10)[0]) == 1
    assert estimate([1.0, 2.0, 3.0]).value == 2


def test_a_file_has_all_numbers_with_intervals_around_them() -> None:
    rows = varied(400)
    prompts, targets = [row.prompt for row in rows], [row.target for row in rows]
    space = np.eye(400, 16, dtype=np.float32)
    numbers = diversity_numbers(
        prompts, targets, groups=np.arange(400), space=space, meaning=space, size=150, resamples=4, of=9000
    )
    expected = {f"{name}, {side}" for name in OF_TEXTS for side in ("prompts", "targets")} | set(OF_PROMPTS)
    assert {number.name for number in numbers} == expected
    assert all(number.low <= number.value <= number.high for number in numbers)
    assert {(number.n, number.of) for number in numbers if number.name != WHOLE} == {(150, 9000)}


@pytest.mark.parametrize("count", [0, 1, 2, 3])
def test_tiny_files(count: int) -> None:
    rows = varied(3)[:count]
    numbers = diversity_numbers([row.prompt for row in rows], ["" for _ in rows], groups=np.arange(count))
    assert bool(numbers) == bool(count)
    assert all(math.isfinite(number.value) for number in numbers)
