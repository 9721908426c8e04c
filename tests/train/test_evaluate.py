"""Evaluation with a tiny model: the same answers whatever the batch, the model's own likelihood, resumable."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner
from curate_train.adapters import Opened, open_model
from curate_train.cli.eval_command import command
from curate_train.encode import Encoded, Encoder
from curate_train.evaluate import Asking, default_new_tokens, evaluate
from curate_train.evaluate_folder import METRICS, PREDICTIONS
from curate_train.examples import read_dataset
from curate_train.recipe import read_recipe

from tests.train import lab

if TYPE_CHECKING:
    from pathlib import Path

    from curate_train.evaluate_folder import Evaluation
    from curate_train.examples import Dataset

lab.needs_training_packages()

import torch  # noqa: E402 (after the skip)
from curate_train.evaluate_answers import Decoding, _said, likelihoods  # noqa: E402 (the same)


@pytest.fixture(scope="module")
def opened(tiny_model: Path) -> Opened:
    return open_model(tiny_model)


@pytest.fixture(scope="module")
def asking() -> Asking:
    return Asking(read_recipe("tiny-cpu"), Decoding(12), batch_size=4)


@pytest.fixture
def dataset(tmp_path: Path) -> Dataset:
    rows = lab.every_row()[::40]
    rows.append({"prompt": "Where? " * 300, "completion": "Too long to be measured."})
    return read_dataset(lab.write_rows(tmp_path / "rows.jsonl", rows), force=True)


def spoken(done: Evaluation) -> list[tuple[str, str, bool]]:
    return [(row.key, row.answer, row.is_stopped) for row in done.rows]


def test_answers_do_not_depend_on_the_batch(
    opened: Opened, asking: Asking, dataset: Dataset, tmp_path: Path
) -> None:
    together = evaluate(opened, dataset, tmp_path / "a", asking)
    alone = evaluate(opened, dataset, tmp_path / "b", replace(asking, batch_size=1))
    assert spoken(together) == spoken(alone)
    assert together.left_out == 1
    assert len(together.rows) == 13
    for one, other in zip(together.rows, alone.rows, strict=True):
        assert one.nll == pytest.approx(other.nll, rel=1e-5)
        assert one.prompt[-1][1].endswith("Where is it?")
        assert one.reference.startswith("At the")


def test_likelihood_is_that_of_the_models_own_loss(opened: Opened, dataset: Dataset) -> None:
    encoder = Encoder(opened.tokenizer, read_recipe("tiny-cpu"))
    encoded = [one for one in encoder.encode(dataset.examples) if isinstance(one, Encoded)]
    found = likelihoods(opened.model, encoded, encoder.pad_id)
    for one, how in zip(encoded, found, strict=True):
        labels = [token if flag else -100 for token, flag in zip(one.ids, one.trained, strict=True)]
        with torch.no_grad():
            loss = opened.model(input_ids=torch.tensor([one.ids]), labels=torch.tensor([labels])).loss
        assert how.tokens == sum(one.trained)
        assert how.nll / how.tokens == pytest.approx(float(loss), rel=1e-5)
    nothing = Encoded(encoded[0].ids, [False] * len(encoded[0].ids))
    assert likelihoods(opened.model, [nothing, encoded[1]], encoder.pad_id)[0] == (0.0, 0)


def test_an_answer_ends_at_its_stop_token(opened: Opened) -> None:
    ids = opened.tokenizer("At the mill", add_special_tokens=False)["input_ids"]
    stop = opened.tokenizer.eos_token_id
    assert _said(opened.tokenizer, [*ids, stop, *ids], [stop]) == ("At the mill", len(ids), True)
    assert _said(opened.tokenizer, ids, [stop]) == ("At the mill", len(ids), False)
    assert _said(opened.tokenizer, [stop], [stop]) == ("", 0, True)


def test_what_is_drawn_is_drawn_again_with_the_same_seed(
    opened: Opened, asking: Asking, dataset: Dataset, tmp_path: Path
) -> None:
    drawn = [
        replace(asking, decoding=replace(asking.decoding, temperature=1.0, seed=seed)) for seed in (1, 1, 2)
    ]
    first, again, other = (
        spoken(evaluate(opened, dataset, tmp_path / str(at), how)) for at, how in enumerate(drawn)
    )
    assert first == again
    assert first != other


def test_a_stopped_run_goes_on_to_the_same_end(
    opened: Opened, asking: Asking, dataset: Dataset, tmp_path: Path
) -> None:
    class StoppedError(Exception):
        pass

    def stop(done: int, _of: int) -> None:
        if done >= 8:
            raise StoppedError

    whole = evaluate(opened, dataset, tmp_path / "whole", asking)
    with pytest.raises(StoppedError):
        evaluate(opened, dataset, tmp_path / "stopped", asking, stop)
    assert not (tmp_path / "stopped" / METRICS).exists()
    seen: list[tuple[int, int]] = []
    resumed = evaluate(opened, dataset, tmp_path / "stopped", asking, lambda *told: seen.append(told))
    assert seen == [(12, 13), (13, 13)]
    assert resumed == whole
    for name in (METRICS, PREDICTIONS):
        assert (tmp_path / "stopped" / name).read_bytes() == (tmp_path / "whole" / name).read_bytes()


def test_fewer_rows_are_a_part_of_more(
    opened: Opened, asking: Asking, dataset: Dataset, tmp_path: Path
) -> None:
    few = evaluate(opened, dataset, tmp_path / "few", replace(asking, most=5))
    more = evaluate(opened, dataset, tmp_path / "few", replace(asking, most=9))
    assert (len(few.rows), len(more.rows)) == (5, 9)
    assert {row.key for row in few.rows} < {row.key for row in more.rows}


def test_default_length_leaves_room() -> None:
    assert default_new_tokens(13) == 32
    assert default_new_tokens(100) == 144
    assert default_new_tokens(5000) == 1024


def test_the_command(tiny_model: Path, tmp_path: Path) -> None:
    data = lab.write_rows(tmp_path / "rows.jsonl", lab.every_row()[:6])
    words = [str(tiny_model), str(data), "-o", str(tmp_path / "eval"), "--recipe", "tiny-cpu", "--quiet"]
    told = CliRunner().invoke(command, [*words, "--json"], standalone_mode=False)
    assert told.exit_code == 0, told.exception
    said = json.loads(told.stdout)
    assert said["rows"] == 6
    assert said["measures"]["bleu"]["value"] < 1
    assert "ROUGE-L" in (tmp_path / "eval" / "report.html").read_text()
    refused = CliRunner().invoke(command, [*words, "--base"], standalone_mode=False)
    assert "--base needs an adapter" in str(refused.exception)
