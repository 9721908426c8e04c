"""Measures equal those that everybody uses, and hold in every script."""

from __future__ import annotations

import random
from typing import Any

import numpy as np
import pytest
from curate_train.metrics.answered import Answered
from curate_train.metrics.corpus import bleu, bleu_tokenizer, chrf, row_sums, score_sums
from curate_train.metrics.form import form, is_same_form
from curate_train.metrics.measures import measures
from curate_train.metrics.rouge import common_subsequence, rouge
from curate_train.metrics.tables import tables
from curate_train.metrics.words import normalised, words

PAIRS = (
    ("The cat sat on the mat.", "A cat was sitting on the mat, wasn't it?"),
    ("Take 5 mg twice a day, with food.", "Take 5 mg once a day, without food."),
    ("No.", "Yes, the court may grant bail under section 12(b)."),
    ("the the the the", "the cat the dog"),
    ("", "Something was expected here."),
    ("Über naïve café habits", "Uber naive cafe habits of the café"),
    ("def f(x):\n    return x_1 + 2", "def f(x):\n    return x_2 + 1"),
    ("line one\nline two\n\nline three", "line two\nline one\n\nline three and more"),
)
SCRIPTS = {
    "Japanese": "東京の天気は晴れです。明日は雨が降るでしょう。",
    "Chinese": "保释是指被告在审判前被释放。",
    "Cyrillic": "Залог — это денежная сумма, которую вносят до суда.",
    "Greek": "Η εγγύηση είναι ένα χρηματικό ποσό.",
    "Arabic": "الكفالة مبلغ من المال يدفع قبل المحاكمة.",
    "Hebrew": "ערבות היא סכום כסף שמשולם לפני המשפט.",
    "Hindi": "जमानत मुकदमे से पहले दी जाने वाली राशि है।",
    "Thai": "เงินประกันคือเงินที่จ่ายก่อนการพิจารณาคดี",
    "Korean": "보석금은 재판 전에 내는 돈이다.",
    "Khmer": "ប្រាក់ធានាគឺជាប្រាក់",
    "Georgian": "გირაო არის ფულადი თანხა.",
}


def answered(at: int, answer: str, reference: str, **changes: Any) -> Answered:
    made: dict[str, Any] = {
        "key": f"{at:04}",
        "group": f"{at:04}",
        "facets": {},
        "where": f"rows.jsonl:{at + 1}",
        "prompt": (("user", "Explain bail."),),
        "reference": reference,
        "answer": answer,
        "is_stopped": True,
        "generated": 5,
        "nll": 4.0,
        "tokens": 8,
    }
    return Answered(**{**made, **changes})


def test_rouge_equals_the_reference_on_english() -> None:
    scorer = pytest.importorskip("rouge_score.rouge_scorer", reason="needs rouge-score").RougeScorer(
        ["rouge1", "rouge2", "rougeL"]
    )
    draw = random.Random(3)  # noqa: S311 (texts, no secrets)
    vocabulary = ["a", "b", "c", "d", "e", "the", "of", "to", "bail", "12", "x_1", "don't", "no-one"]
    made = [
        tuple(" ".join(draw.choices(vocabulary, k=draw.randint(2, 40))) for _ in "ab") for _ in range(200)
    ]
    for answer, reference in [pair for pair in PAIRS if "".join(pair).isascii()] + made:
        theirs = scorer.score(reference, answer)
        ours = rouge(answer, reference)._asdict()
        assert ours == pytest.approx({name: one.fmeasure for name, one in theirs.items()}), (
            answer,
            reference,
        )


def test_sums_give_what_sacrebleu_gives() -> None:
    sacrebleu = pytest.importorskip("sacrebleu", reason="needs sacrebleu")
    answers, references = (list(side) for side in zip(*PAIRS, strict=True))
    for ours, theirs in (
        (bleu("13a"), sacrebleu.corpus_bleu(answers, [references])),
        (chrf(), sacrebleu.corpus_chrf(answers, [references])),
    ):
        sums = row_sums(ours, answers, references).sum(axis=0, keepdims=True)
        assert score_sums(ours, sums)[0] == pytest.approx(theirs.score)
        assert 0 < theirs.score < 100


@pytest.mark.parametrize("script", SCRIPTS)
def test_identical_answers_score_100_in_every_script(script: str) -> None:
    pytest.importorskip("sacrebleu", reason="needs sacrebleu")
    text = SCRIPTS[script]
    values = tables([answered(0, text, text), answered(1, text, text)]).whole.values
    for name in ("bleu", "chrf", "rouge1", "rouge2", "rougeL"):
        assert values[name].value == pytest.approx(100), name
    assert values["exact_match"].value == 1


@pytest.mark.parametrize("script", SCRIPTS)
def test_another_answer_in_the_same_script_does_not(script: str) -> None:
    text = SCRIPTS[script]
    half = text[: len(text) // 2]
    assert 0.2 < rouge(half, text).rouge1 < 1
    assert rouge("Bail is money.", text).rouge1 == 0


def test_one_word_and_no_word() -> None:
    assert rouge("Paris", "Paris") == (1, 1, 1)
    assert rouge("Paris", "London") == (0, 0, 0)
    assert rouge("👍", "👍") == (1, 1, 1)
    assert rouge("👍", "👎") == (0, 0, 0)
    assert rouge("", "Paris") == (0, 0, 0)


def test_the_tokenizer_of_bleu_follows_the_script() -> None:
    assert bleu_tokenizer([SCRIPTS["Japanese"]]) == "char"
    assert bleu_tokenizer([SCRIPTS["Thai"]]) == "char"
    assert bleu_tokenizer([SCRIPTS["Korean"], SCRIPTS["Cyrillic"], "Plain English with one 漢."]) == "13a"


def test_longest_common_subsequence_against_the_table() -> None:
    draw = random.Random(5)  # noqa: S311 (the same)
    for _ in range(200):
        first, second = (draw.choices("abcd", k=draw.randint(0, 30)) for _ in "ab")
        table = np.zeros((len(first) + 1, len(second) + 1), dtype=int)
        for i, one in enumerate(first, 1):
            for j, other in enumerate(second, 1):
                table[i, j] = (
                    table[i - 1, j - 1] + 1 if one == other else max(table[i - 1, j], table[i, j - 1])
                )
        assert common_subsequence(first, second) == table[-1, -1]


def test_normalisation_keeps_what_has_a_meaning() -> None:
    assert normalised(" “Yes”,  he\nsaid. ") == normalised('"yes", he said')
    assert normalised("ﬁne") == normalised("fine")
    for one, other in (("1.5", "15"), ("-1", "1"), ("a b", "ab"), ("50 %", "50")):
        assert normalised(one) != normalised(other)
    assert words("x²") == ["x²"]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("", "empty"),
        ('{"a": 1}', "json object"),
        ("[1, 2]", "json list"),
        ("{not json}", "line"),
        ("-1,234.5", "number"),
        ("B", "choice"),
        ("(c)", "choice"),
        ("<p>one <b>two</b></p>", "xml"),
        ("Look:\n```python\nx = 1\n```", "code"),
        ("| a | b |\n|---|---|\n| 1 | 2 |", "table"),
        ("Do:\n- this\n- that", "list"),
        ("1. this\n2. that", "list"),
        ("One.\n\nTwo.", "paragraphs"),
        ("One.", "line"),
    ],
)
def test_forms(text: str, name: str) -> None:
    assert form(text) == name


def test_prose_is_prose_whatever_its_length() -> None:
    assert is_same_form("One.\n\nTwo.", "One.")
    assert not is_same_form("The answer is 4", "4")


def test_rates_count_rows() -> None:
    pytest.importorskip("sacrebleu", reason="needs sacrebleu")
    rows = [
        answered(0, "I'm sorry, but I can't help with that.", "Bail is money.", is_stopped=False),
        answered(1, "Bail is money.", "Bail is money", nll=2.0, tokens=2),
        answered(2, "", "Bail is money.", nll=0.0, tokens=0),
        answered(3, "- bail\n- is\n- money", "Bail is money."),
    ]
    values = {one.name: one.score(one.parts.sum(axis=0, keepdims=True))[0] for one in measures(rows)}
    assert values["refusal_rate"] == 0.25
    assert values["exact_match"] == 0.25
    assert values["stop_rate"] == 0.75
    assert values["format_rate"] == 0.5
    assert values["nll"] == pytest.approx((4 + 2 + 4) / (8 + 2 + 8))
    assert values["perplexity"] == pytest.approx(np.exp(10 / 18))
    assert values["length_ratio"] == pytest.approx((10 + 3 + 0 + 3) / 12)


def test_figures_do_not_depend_on_the_order_of_rows() -> None:
    pytest.importorskip("sacrebleu", reason="needs sacrebleu")
    rows = [answered(at, *pair, facets={"source": "ab"[at % 2]}) for at, pair in enumerate(PAIRS)]
    assert tables(rows, samples=50) == tables(rows[::-1], samples=50)
    assert set(tables(rows, samples=50).facets["source"]) == {"a", "b"}
