"""Rows of public sets that grammar must leave as they are."""

from __future__ import annotations

import gzip
import json
from typing import TYPE_CHECKING

import pytest

from curate.fixing.grammar import Grammar
from tests.fixing.lab import said

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(scope="module")
def grammar() -> Iterator[Grammar]:
    with Grammar().opened() as editor:
        yield editor


def test_code_is_left(grammar: Grammar, real_data: Path) -> None:
    with gzip.open(real_data / "humaneval/HumanEval.jsonl.gz", "rt", encoding="utf-8") as lines:
        tasks = [json.loads(line) for line in lines]
    texts = [task[key] for task in tasks for key in ("prompt", "canonical_solution", "test")]
    texts += [task["prompt"] + task["canonical_solution"] for task in tasks]
    assert grammar.offers(said(*texts)).offers.is_empty()


def test_worked_arithmetic_is_left(grammar: Grammar, real_data: Path) -> None:
    lines = (real_data / "gsm8k/test.jsonl").read_text("utf-8").splitlines()
    answers = [json.loads(line)["answer"] for line in lines]
    assert grammar.offers(said(*answers)).offers.is_empty()


def test_chinese_is_left(grammar: Grammar, real_data: Path) -> None:
    rows = json.loads((real_data / "llamafactory/alpaca_zh_demo.json").read_text("utf-8"))
    assert grammar.offers(said(*(row["output"] for row in rows[:300]))).offers.is_empty()
