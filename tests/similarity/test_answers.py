from __future__ import annotations

import pytest

from curate.similarity.answers import equivalent

SAME = [
    ("Lima", "Lima."),
    ("lima", "Lima"),
    ("Lima.<|endoftext|>", "Lima."),
    ("Lima</s>", "Lima"),
    ("Answer: Lima", "Lima"),
    ("The answer is Lima.", "Lima"),
    ("The correct answer is: Lima", "Lima"),
    ("Sure! Here is a list of rivers:\nRhine, Elbe", "Rhine, Elbe"),
    ("Certainly! Here are some rivers: Rhine, Elbe", "Rhine, Elbe"),
    ("Of course! The Rhine is a river.", "The Rhine is a river."),
    ("The Rhine is a river. I hope this helps!", "The Rhine is a river."),
    ("The Rhine is a river. Let me know if you have any questions.", "The Rhine is a river."),
    ("The Rhine is a river. I hope this helps! Feel free to ask more.", "The Rhine is a river."),
    ("The colour is grey.", "The color is gray."),
    ("The Rhine   is\u00a0a river", "The Rhine is a river."),
    ("“Yes,” he said.", '"Yes," he said.'),
    ("The capital of Peru is Lima.", "Lima"),
    ("It is Lima.", "Lima"),
]
OTHER = [
    ("Lima", "Cusco"),
    ("Yes", "No"),
    ("5", "5.5"),
    ("5 mg", "5 mcg"),
    ("It is not Lima", "Lima"),
    ("Lima or Cusco", "Lima"),
    ("Lima, the capital of Peru since 1535.", "Lima"),
    ("The capital of Chile is Lima.", "Lima"),
    ("The Rhine is a river. It is long.", "The Rhine is a river."),
    ("Sure, here is a list of rivers:", "Sure"),
    ("Here is a list of three rivers that I would avoid: Rhine", "Elbe"),
    ("A", "B"),
    ("A", "a cat"),
    ("a", ""),
    ("!", "?"),
    ("x = [1]\nprint(x)", "x = [1]\nprint(X)"),
    ("def f():\n  return 1", "def f():\n    return 1"),
    ("I do hope this helps him", "I do"),
]


@pytest.mark.parametrize(("one", "two"), SAME)
def test_equivalent_answers(one: str, two: str) -> None:
    assert equivalent(one, two, asked="What is the capital of Peru?")
    assert equivalent(two, one, asked="What is the capital of Peru?")


@pytest.mark.parametrize(("one", "two"), OTHER)
def test_other_answers(one: str, two: str) -> None:
    assert not equivalent(one, two, asked="What is the capital of Peru?")
    assert not equivalent(two, one, asked="What is the capital of Peru?")


@pytest.mark.parametrize(("one", "two"), [("Lima", "lima"), ("The cat.", "The cat"), ("a cat", "cat")])
def test_where_form_matters_answers_are_compared_as_written(one: str, two: str) -> None:
    assert equivalent(one, two)
    assert not equivalent(one, two, verbatim=True)
    assert equivalent(f"{one}\n", f"{one}<|endoftext|>", verbatim=True)
