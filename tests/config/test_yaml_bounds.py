"""A plan in YAML that stands for more than any machine holds is refused at once, with its line."""

from __future__ import annotations

import itertools
import time

import pytest

from curate.config.load import load_plan
from curate.core.errors import ConfigError

LETTERS = "abcdefghij"


def bomb(form: str) -> str:
    """Each line holds the one before it ten times: with ten lines, ten billion values."""
    lines = [f"{LETTERS[0]}: &{LETTERS[0]} {form.format('1', '2')}"]
    for before, name in itertools.pairwise(LETTERS):
        lines.append(f"{name}: &{name} [{', '.join([f'*{before}'] * 10)}]")
    return "\n".join(lines)


MERGED = "a: &a {k: 1}\n" + "\n".join(
    f"{name}: &{name} {{<<: [{', '.join([f'*{before}'] * 10)}]}}"
    for before, name in itertools.pairwise(LETTERS)
)
CHAIN = "a0: &a0 [1]\n" + "\n".join(f"a{at}: &a{at} [*a{at - 1}]" for at in range(1, 300))
HOSTILE = {
    "billions of values": bomb("[{}, {}]"),
    "billions of merged keys": MERGED,
    "a list that holds itself": "budget: &a [*a]",
    "a table that holds itself": "budget: &a {x: *a}",
    "a chain of aliases": CHAIN,
    "deep lists": "budget: " + "[" * 20_000,
    "deep tables": "budget: " + "{a: " * 20_000,
    "deep blocks": "\n".join(" " * at + "a:" for at in range(2_000)),
    "many values": "select:\n" + "  - answer.echo\n" * 200_000,
    "a large text": "# " + "x" * 5_000_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_it_is_refused_at_once(name: str) -> None:
    began = time.process_time()
    with pytest.raises(ConfigError, match=r"^plan.yaml:\d+: is no plan: it holds more than"):
        load_plan(HOSTILE[name], "plan.yaml")
    assert time.process_time() - began < 1


def test_aliases_of_a_plan_are_read() -> None:
    text = "budget: &some\n  answer.echo: 3\nseverity: {answer.echo: &low warning, answer.html: *low}\n"
    plan = load_plan(text, "plan.yaml")
    assert plan.severity["answer.html"] == "warning"
    assert plan.budget["answer.echo"].count == 3
