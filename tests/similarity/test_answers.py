from __future__ import annotations

import pytest

from curate.similarity.answers import equivalent

SAME = [
    ("Lima", "Lima."),
    ("Lima.<|endoftext|>", "Lima."),
    ("Lima</s>", "Lima"),
    ("Answer: Lima", "Lima"),
    ("The answer is Lima.", "Lima"),
    ("The correct answer is: Lima", "Lima"),
    ("Sure! Here is the list: Rhine, Elbe", "Rhine, Elbe"),
    ("Of course! The Rhine is a river.", "The Rhine is a river."),
    ("The Rhine is a river. I hope this helps!", "The Rhine is a river."),
    ("The Rhine is a river. Let me know if you have any questions.", "The Rhine is a river."),
    ("The Rhine   is\u00a0a river", "The Rhine is a river."),
    ("“Yes,” he said.", '"Yes," he said.'),
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
    ("lima", "Lima"),
    ("It is Lima.", "Lima"),
    ("No, treatment is needed.", "No treatment is needed."),
    ("Don't. Stop taking them slowly.", "Don't stop taking them slowly."),
    ("Here is the dose per day: 5 mg", "Here is the dose per hour: 5 mg"),
    ("Take it. Let me know if you have black stools.", "Take it."),
    ("5 Mg", "5 mg"),
    ("an hour", "a hour"),
    ("git add .", "git add"),
    ("Monday – Friday", "Monday, Friday"),
    ("A", "a cat"),
    ("a", ""),
    ("!", "?"),
    ("x = [1]\nprint(x)", "x = [1]\nprint(X)"),
    ("def f():\n  return 1", "def f():\n    return 1"),
    ("I do hope this helps him", "I do"),
]


@pytest.mark.parametrize(("one", "two"), SAME)
def test_equivalent_answers(one: str, two: str) -> None:
    assert equivalent(one, two)
    assert equivalent(two, one)


@pytest.mark.parametrize(("one", "two"), OTHER)
def test_other_answers(one: str, two: str) -> None:
    assert not equivalent(one, two)
    assert not equivalent(two, one)


@pytest.mark.parametrize(("one", "two"), [("The cat.", "The cat"), ("a  cat", "a cat")])
def test_where_form_matters_answers_are_compared_as_written(one: str, two: str) -> None:
    assert equivalent(one, two)
    assert not equivalent(one, two, verbatim=True)
    assert equivalent(f"{one}\n", f"{one}<|endoftext|>", verbatim=True)
