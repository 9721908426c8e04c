"""A step of the demonstration is made once, and again when anything about it changed."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from curate_train.demo import Step, StepFailedError, key_of, perform, steps

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def step(tmp_path: Path) -> Step:
    data = tmp_path / "data.jsonl"
    data.write_text('{"prompt": "Name a colour.", "completion": "Blue."}\n')
    return Step("say", "print the version", ("--version",), tmp_path / "out.txt", (data,), shows=True)


def made(step: Step, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> bool:
    """Whether the step ran, rather than stood."""
    perform(step, key_of(step, ""), tmp_path / "stamp.json")
    return "stands since" not in capsys.readouterr().out


def test_a_step_that_stands_is_passed_over(
    step: Step, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert made(step, tmp_path, capsys)
    assert step.out.read_text().startswith("curate ")
    assert not made(step, tmp_path, capsys)


def test_it_is_made_again_when_its_output_its_input_or_its_command_changed(
    step: Step, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert made(step, tmp_path, capsys)
    step.out.write_text("something else")
    assert made(step, tmp_path, capsys)
    step.inputs[0].write_text("{}\n")
    assert made(step, tmp_path, capsys)
    assert made(replace(step, words=("--help",)), tmp_path, capsys)
    assert key_of(step, "") != key_of(step, "another step before")


def test_a_step_that_was_interrupted_goes_on(
    tmp_path: Path, step: Step, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "folder"
    out.mkdir()
    (out / "checkpoint").write_text("half")
    training = replace(step, words=("explain",), out=out, shows=False, goes_on="--help")
    stamp = tmp_path / "stamp.json"
    stamp.write_text(json.dumps({"key": key_of(training, ""), "begun": True}))
    perform(training, key_of(training, ""), stamp)
    assert (out / "checkpoint").is_file()
    assert json.loads(stamp.read_text())["files"]
    perform(training, "another key", stamp)
    assert not out.exists()
    capsys.readouterr()


def test_a_step_that_fails_is_told(step: Step, tmp_path: Path) -> None:
    failing = replace(step, words=("no-such-command",))
    with pytest.raises(StepFailedError, match="the step 'say' failed"):
        perform(failing, "key", tmp_path / "stamp.json")
    assert "files" not in json.loads((tmp_path / "stamp.json").read_text())


def test_the_way_is_from_gate_to_replay(tmp_path: Path) -> None:
    found = steps([tmp_path / "data.jsonl"], tmp_path / "out", 24)
    assert [one.name for one in found if one.words[0] == "train"] == [one.name for one in found[1:]]
    assert (found[0].name, found[-1].name) == ("gate", "replay")
    assert len({one.out for one in found}) == len(found)
