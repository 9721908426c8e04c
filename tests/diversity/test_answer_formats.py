from __future__ import annotations

import pytest

from curate.diversity.answer_formats import FORMATS, format_of

CASES = [
    ("", "empty"),
    (" \n<|endoftext|>", "empty"),
    ('{"a": 1}', "json"),
    ("```json\n[1, 2]\n```", "json"),
    ("{not json}", "label"),
    ("```python\nx = 1\n```", "code"),
    ("def f(x):\n    return x + 1", "code"),
    ("SELECT a FROM b;", "code"),
    ("<p>Hi <b>you</b></p>", "html/xml"),
    ("| a | b |\n|---|---|\n| 1 | 2 |", "table"),
    ("a\tb\n1\t2", "table"),
    ("1. one\n2. two\n3. three", "numbered list"),
    ("Here you are:\n- one\n- two", "list"),
    ("Yes", "yes/no"),
    ("no.", "yes/no"),
    ("是", "yes/no"),
    ("42", "number"),
    ("-3.5 %", "number"),
    ("$1,200", "number"),
    ("12 km", "number"),
    ("not guilty", "label"),
    ("U.S. troops", "label"),
    ("合同", "label"),
    ("a bath room with a toilet and tiled walls", "phrase"),
    ("The tenant may leave.", "sentence"),
    ("这是一个句子。", "sentence"),
    ("The tenant may leave. He owes nothing.", "paragraph"),
    ("One.\n\nTwo.", "paragraphs"),
    ("More than 1,000 freed detainees .\nU.S. general tries .\nA. Stanford said so .", "paragraph"),
]


@pytest.mark.parametrize(("answer", "form"), CASES)
def test_forms(answer: str, form: str) -> None:
    assert format_of(answer) == form


def test_what_a_template_left_behind_does_not_count() -> None:
    assert format_of("Yes <|im_end|>\n") == "yes/no"
    assert format_of("7</s>") == "number"


def test_every_form_is_listed_and_has_a_case() -> None:
    assert {form for _, form in CASES} == set(FORMATS)


@pytest.mark.parametrize(
    "answer",
    ["[" * 100_000, "```" * 100_000, "|-" * 50_000, "a" * 200_000, "1" * 100_000, "\ud800", "-\n" * 50_000],
)
def test_hostile_answers_end(answer: str) -> None:
    assert format_of(answer) in FORMATS
