"""Comparisons show what is there, say so where nothing is shown, and refuse what cannot be compared."""

from __future__ import annotations

import html
import json
import random
from dataclasses import asdict, replace
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner
from curate_train.cli.compare_command import command
from curate_train.compare import OTHER_TOKENS, compare, comparison_json, holm
from curate_train.evaluate_folder import (
    METRICS,
    PREDICTIONS,
    Evaluation,
    Setup,
    append,
    begin,
    fingerprint,
    finish,
    read_evaluation,
)
from curate_train.evaluation_report import render
from curate_train.metrics.answered import Answered
from curate_train.metrics.tables import tables

from curate.core.errors import UnreadableError, UsageError

if TYPE_CHECKING:
    from pathlib import Path

pytest.importorskip("sacrebleu", reason="needs sacrebleu: pip install 'curate-data[train]'")

SETUP = Setup("tuned", "m1", "d1", "test", "fit", "t1", "fp32", 256, 64, "greedy", 0)
WORDS = [
    "bail",
    "is",
    "the",
    "money",
    "that",
    "a",
    "person",
    "pays",
    "before",
    "the",
    "trial",
    "to",
    "be",
    "released",
    "until",
    "the",
    "court",
    "decides",
]


def rows(quality: float, seed: int, count: int = 80, shift: float = 0.0) -> tuple[Answered, ...]:
    """Answers that keep each word of their reference with this probability."""
    draw = random.Random(seed)  # noqa: S311 (texts, no secrets)
    made = []
    for at in range(count):
        reference = " ".join(random.Random(at).choices(WORDS, k=12))  # noqa: S311 (the same)
        said = " ".join(word if draw.random() < quality else "no" for word in reference.split())
        nll = 24 + shift + draw.gauss(0, 1)
        made.append(
            Answered(
                key=f"k{at:03}",
                group=f"g{at // 2}",
                facets={"source": "ab"[at % 2]},
                where=f"rows.jsonl:{at + 1}",
                prompt=(("user", f"Question {at}?"),),
                reference=reference,
                answer=said,
                is_stopped=at % 5 != 0,
                generated=12,
                nll=nll,
                tokens=12,
            )
        )
    return tuple(made)


def evaluation(made: tuple[Answered, ...], **changes: object) -> Evaluation:
    return Evaluation(replace(SETUP, **changes), made, 3)


def test_a_better_system_is_called_better() -> None:
    made = compare(evaluation(rows(0.5, 1)), evaluation(rows(0.8, 2, shift=-6)), samples=500)
    told = {line.name: line.verdict for line in made.lines}
    assert told["nll"] == told["bleu"] == told["chrf"] == told["rougeL"] == "better"
    assert told["stop_rate"] == told["refusal_rate"] == "no difference shown"
    assert made.groups == 40
    assert "worse in nothing" in made.headline
    back = compare(evaluation(rows(0.8, 2, shift=-6)), evaluation(rows(0.5, 1)), samples=500)
    assert {line.name for line in back.lines if line.verdict == "worse"} == {
        line.name for line in made.lines if line.verdict == "better"
    }


def test_of_equal_systems_no_difference_is_shown() -> None:
    shown = 0
    for seed in range(20):
        made = compare(evaluation(rows(0.5, seed)), evaluation(rows(0.5, 100 + seed)), samples=300)
        shown += any(line.is_shown for line in made.lines)
    assert shown <= 3
    same = compare(evaluation(rows(0.5, 1)), evaluation(rows(0.5, 1)), samples=100)
    assert same.headline == "No difference shown."
    assert all(line.gap.value == 0 and line.detectable is None for line in same.lines)


def test_what_would_have_been_shown_shrinks_with_more_rows() -> None:
    few, many = (
        compare(evaluation(rows(0.5, 1, n)), evaluation(rows(0.5, 2, n)), samples=300) for n in (40, 640)
    )
    first, second = (
        next(line for line in made.lines if line.name == "rougeL").detectable for made in (few, many)
    )
    assert first is not None
    assert second is not None
    assert 2.5 < first / second < 6  # the square root of 16 is 4


def test_holm() -> None:
    assert holm([0.01, 0.04, 0.03]) == pytest.approx([0.03, 0.06, 0.06])
    assert holm([]) == []
    assert holm([0.9, 0.8]) == [1.0, 1.0]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"data_sha256": "d2"}, "different data"),
        ({"split": "validation"}, "different data"),
        ({"max_new_tokens": 32}, "decoded differently"),
        ({"decoding": "temperature 0.7, top-k 50, top-p 0.95"}, "decoded differently"),
    ],
)
def test_what_is_not_alike_is_refused(changes: dict[str, object], said: str) -> None:
    with pytest.raises(UsageError, match=said):
        compare(evaluation(rows(0.5, 1)), evaluation(rows(0.5, 1), **changes))


def test_rows_of_one_alone_do_not_count() -> None:
    made = compare(evaluation(rows(0.5, 1, 80)), evaluation(rows(0.5, 2, 40)), samples=100)
    assert (made.rows, made.unpaired) == (40, 40)
    with pytest.raises(UsageError, match="no row in common"):
        compare(evaluation(rows(0.5, 1)), evaluation(()))


def test_likelihoods_over_other_tokens_are_not_compared() -> None:
    other = tuple(replace(row, tokens=row.tokens + 1) for row in rows(0.5, 2))
    made = compare(evaluation(rows(0.5, 1)), evaluation(other), samples=100)
    assert OTHER_TOKENS in made.notes
    assert "nll" not in {line.name for line in made.lines}


def test_a_folder_is_read_as_it_was_written(tmp_path: Path) -> None:
    made = rows(0.5, 1, 20)
    assert begin(tmp_path, SETUP) == {}
    append(tmp_path, made[:12])
    with (tmp_path / PREDICTIONS).open("a") as file:
        file.write('{"key": "half of a li')
    known = begin(tmp_path, replace(SETUP, model="the same by another path"))
    assert list(known.values()) == list(made[:12])
    append(tmp_path, made[12:])
    finish(tmp_path, Evaluation(SETUP, made, 3, tables(made, samples=50)))
    read = read_evaluation(tmp_path)
    assert read.rows == made
    assert (read.setup, read.left_out) == (SETUP, 3)
    said = json.loads((tmp_path / METRICS).read_text())
    assert said["rows"] == 20
    assert said["setup"] == asdict(SETUP)
    assert set(said["facets"]["source"]) == {"a", "b"}
    assert "tok:13a" in said["signatures"]["bleu"]


def test_a_folder_of_something_else_is_refused(tmp_path: Path) -> None:
    begin(tmp_path, SETUP)
    with pytest.raises(UsageError, match="another model_sha256, another max_new_tokens"):
        begin(tmp_path, replace(SETUP, model_sha256="m2", max_new_tokens=3))
    with pytest.raises(UnreadableError, match="no finished evaluation"):
        read_evaluation(tmp_path)
    (tmp_path / METRICS).write_text("{}")
    with pytest.raises(UnreadableError, match="this version"):
        read_evaluation(tmp_path)


def test_the_fingerprint_of_a_model_tells_weights_apart(tmp_path: Path) -> None:
    (tmp_path / "model.safetensors").write_bytes(b"weights")
    one = fingerprint(tmp_path)
    (tmp_path / "README.md").write_text("no part of the model")
    assert fingerprint(tmp_path) == one
    (tmp_path / "model.safetensors").write_bytes(b"Weights")
    assert fingerprint(tmp_path) != one


def test_the_page_is_closed_and_shows_the_worst_first() -> None:
    hostile = replace(
        rows(0.1, 1, 1)[0], key="zz", answer='<script>alert("x")</script>\u202eabc', where="rows.jsonl:99"
    )
    first, second = evaluation(rows(0.5, 1)), evaluation((*rows(0.8, 2), hostile))
    page = render(second, first, compare(first, second, samples=100))
    assert "<script>" not in page
    assert "\u202e" not in page
    assert "default-src 'none'" in html.unescape(page)
    assert page.index("rows.jsonl:99") < page.index("rows.jsonl:1<")
    assert page == render(second, first, compare(first, second, samples=100))
    alone = render(second)
    assert "Difference" not in alone
    assert "By source" in alone


def test_the_command_says_what_is_shown(tmp_path: Path) -> None:
    for name, made in (("one", rows(0.4, 1)), ("two", rows(0.9, 2))):
        finish_at = tmp_path / name
        begin(finish_at, SETUP)
        finish(finish_at, Evaluation(SETUP, made, 0, tables(made, samples=20)))
    page = tmp_path / "page.html"
    told = CliRunner().invoke(
        command, [str(tmp_path / "one"), str(tmp_path / "two"), "--html", str(page)], standalone_mode=False
    )
    assert told.exit_code == 0, told.output
    assert "Better in BLEU" in told.output
    assert "ROUGE-L" in page.read_text()
    told = CliRunner().invoke(
        command, [str(tmp_path / "one"), str(tmp_path / "two"), "--json"], standalone_mode=False
    )
    said = json.loads(told.output)
    assert said == json.loads(
        json.dumps(
            comparison_json(compare(read_evaluation(tmp_path / "one"), read_evaluation(tmp_path / "two")))
        )
    )
