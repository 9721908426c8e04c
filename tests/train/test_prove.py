"""A proof finds what is there, says when it could not have found it, and is not fooled by overlap."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from click.testing import CliRunner
from curate_train.cli.prove_command import command
from curate_train.examples import read_dataset
from curate_train.prove import PAGE, PROOF, Question, prove
from curate_train.prove_overlap import refuse_overlap
from curate_train.prove_report import dose_plot, points_of, render_proof
from curate_train.prove_stats import SMALLEST, Contrast, contrast, t_quantile
from curate_train.recipe import read_recipe, with_changes

from curate.core.errors import UsageError
from tests.train import lab

if TYPE_CHECKING:
    from pathlib import Path

    from curate_train.examples import Dataset

ROWS = lab.every_row()
HELD_OUT, TRAIN = ROWS[3::8], [row for at, row in enumerate(ROWS) if at % 8 != 3]


@pytest.mark.parametrize(
    ("share", "freedom", "quantile"),
    [
        (0.975, 1, 12.7062),
        (0.975, 2, 4.3027),
        (0.975, 3.5, 2.9401),
        (0.975, 10, 2.2281),
        (0.975, 1000, 1.9623),
        (0.8, 2, 1.0607),
        (0.5, 7, 0.0),
        (0.025, 5, -2.5706),
    ],
)
def test_quantiles_of_student(share: float, freedom: float, quantile: float) -> None:
    """Values of the usual tables; that of 3.5 degrees of scipy.stats.t.ppf."""
    assert t_quantile(share, freedom) == pytest.approx(quantile, abs=5e-4)


def drawn(
    draw: np.random.Generator, gain: float, seeds: int = 3, rows: int = 300
) -> tuple[list[np.ndarray], list[np.ndarray], np.ndarray, np.ndarray]:
    """Two arms whose seeds and groups both vary."""
    tokens = draw.integers(5, 30, size=rows).astype(float)
    groups = np.arange(rows) // 3
    shift = draw.normal(scale=0.05, size=rows // 3)[groups]

    def arm(better: float, sign: float) -> list[np.ndarray]:
        return [
            tokens * (2 - better - sign * shift + draw.normal(scale=0.01) + draw.normal(scale=0.1, size=rows))
            for _ in range(seeds)
        ]

    return arm(0, 0), arm(gain, 1), tokens, groups


def test_intervals_over_seeds_and_groups_cover_the_truth() -> None:
    draw = np.random.default_rng(1)
    covered = 0
    for _ in range(200):
        made = contrast(*drawn(draw, 0.05))
        covered += made.low <= 0.05 <= made.high
    assert covered >= 186


def test_a_null_is_called_a_gain_no_more_often_than_the_level() -> None:
    draw = np.random.default_rng(2)
    told = [contrast(*drawn(draw, 0.0)).verdict for _ in range(200)]
    assert told.count("gain") <= 9
    assert told.count("harm") <= 9


def test_what_is_called_detectable_is_mostly_shown() -> None:
    draw = np.random.default_rng(3)
    size = float(np.median([contrast(*drawn(draw, 0.0)).detectable for _ in range(50)]))
    shown = sum(contrast(*drawn(draw, size)).verdict == "gain" for _ in range(200))
    assert 125 <= shown <= 195  # 80 %, less what three seeds leave uncertain


def test_none_counts_only_where_something_would_have_been_seen() -> None:
    assert Contrast(0.001, -0.01, 0.012, SMALLEST, (), 9).verdict == "none"
    assert Contrast(0.001, -0.02, 0.022, SMALLEST * 1.01, (), 9).verdict == "undecided"
    assert Contrast(0.1, 0.01, 0.2, 1.0, (), 9).verdict == "gain"
    assert Contrast(-0.1, -0.2, -0.01, 0.001, (), 9).verdict == "harm"
    with pytest.raises(ValueError, match="as many seeds"):
        contrast([np.ones(3)], [np.ones(3)], np.ones(3), np.arange(3))


def read(folder: Path, name: str, rows: list[dict[str, str]]) -> Dataset:
    return read_dataset(lab.write_rows(folder / f"{name}.jsonl", rows), force=True)


def test_held_out_rows_that_are_trained_on_are_refused(tmp_path: Path) -> None:
    asked = {"prompt": "Explain to me how bail works in Scotland.", "completion": "It is money."}
    held = read(tmp_path, "held", [*HELD_OUT[:9], asked])
    refuse_overlap(held, [read(tmp_path, "train", TRAIN)])
    with pytest.raises(UsageError, match=r"1 held-out rows are in the training data: .*held.jsonl:5"):
        refuse_overlap(held, [read(tmp_path, "same", [*TRAIN, HELD_OUT[4]])])
    louder = {"prompt": HELD_OUT[4]["prompt"].upper() + "!", "completion": "Else."}
    with pytest.raises(UsageError, match=r"held.jsonl:5"):
        refuse_overlap(held, [read(tmp_path, "words", [*TRAIN, louder])])
    polite = {"prompt": "Please explain to me how bail works in Scotland.", "completion": "Else."}
    with pytest.raises(UsageError, match=r"held.jsonl:10"):
        refuse_overlap(held, [read(tmp_path, "polite", [*TRAIN, polite])])


@pytest.fixture
def question(tiny_model: Path, tmp_path: Path) -> Question:
    """Raw data of which two answers in three say nothing, and which holds rows of noise."""
    clean = TRAIN[::4][:80]
    raw = [{**row, "completion": "I do not know that."} if at % 3 else row for at, row in enumerate(clean)]
    raw += [{"prompt": f"Noise {at}?", "completion": "At at at at."} for at in range(5)]
    recipe = with_changes(
        read_recipe("tiny-cpu"), {"model": str(tiny_model), "lr": 1e-2, "batch_size": 1, "epochs": 2.0}
    )
    return Question(
        read(tmp_path, "raw", raw),
        read(tmp_path, "clean", clean),
        read(tmp_path, "held", HELD_OUT),
        recipe,
        range(3),
    )


def test_a_gain_is_found_and_nothing_is_trained_twice(question: Question, tmp_path: Path) -> None:
    told: list[str] = []
    proof = prove(question, tmp_path / "prove", told.append)
    assert proof.verdict == "gain", proof.headline
    assert [one.name for one in proof.arms] == ["raw", "clean", "random-drop", "wrong-rows"]
    assert (proof.dropped, proof.edited, proof.held_out["rows"]) == (5, 53, 64)
    assert len(told) == 12
    assert "Cleaning pays" in (page := render_proof(proof))
    assert page == render_proof(proof)
    first = (tmp_path / "prove" / PROOF).read_bytes()
    told.clear()
    assert prove(question, tmp_path / "prove", told.append) == proof
    assert (tmp_path / "prove" / PROOF).read_bytes() == first
    assert told == []


def test_a_null_corpus_is_trained_with_other_seeds(question: Question, tmp_path: Path) -> None:
    proof = prove(replace(question, clean=question.raw, tokens=1500), tmp_path / "null")
    assert proof.is_null
    assert [one.name for one in proof.arms] == ["raw", "clean"]
    assert proof.verdict in {"none", "undecided"}
    assert proof.arms[0].nll != proof.arms[1].nll


def test_what_cannot_be_proved_is_refused(question: Question, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="3 seeds"):
        prove(replace(question, seeds=(0, 1)), tmp_path)
    with pytest.raises(UsageError, match="training data"):
        prove(replace(question, held_out=question.clean), tmp_path)
    told = CliRunner().invoke(
        command,
        ["a", "b", "--held-out", "c", "-r", "tiny-cpu", "-o", str(tmp_path), "--doses", "100"],
        standalone_mode=False,
    )
    assert told.exception is not None


def test_the_command_writes_a_page(question: Question, tmp_path: Path) -> None:
    words = [
        str(tmp_path / "raw.jsonl"),
        str(tmp_path / "clean.jsonl"),
        "--held-out",
        str(tmp_path / "held.jsonl"),
    ]
    words += [
        "-r",
        "tiny-cpu",
        "--model",
        question.recipe.model,
        "--tokens",
        "400",
        "-o",
        str(tmp_path / "p"),
        "-q",
    ]
    told = CliRunner().invoke(command, [*words, "--doses", "", "--json"], standalone_mode=False)
    assert told.return_value in (0, 1), told.exception
    assert json.loads(told.stdout)["seeds"] == [0, 1, 2]
    assert "Does the cleaning pay?" in (tmp_path / "p" / PAGE).read_text()


def test_the_plot_shows_every_dose() -> None:
    gain = Contrast(0.05, 0.02, 0.08, 0.03, (0.05,), 9)
    arms = [type("Arm", (), {"dose": dose, "gain": gain if dose < 1 else None})() for dose in (1.0, 0.0, 0.3)]
    points = points_of([*arms, type("Arm", (), {"dose": None, "gain": gain})()])
    assert [one.dose for one in points] == [0.0, 0.3, 1.0]
    drawing = str(dose_plot(points))
    assert drawing.count("<circle") == 3
    assert drawing.count('class="reach"') == 3
    assert "30%" in drawing
