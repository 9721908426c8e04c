"""Each exit code of ``curate check`` that the documentation names, produced."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from curate.cli.main import main

if TYPE_CHECKING:
    from collections.abc import Callable

PAGE = (Path(__file__).parents[2] / "docs" / "reference" / "exit-codes.md").read_text("utf-8")
LEAK = "<|im_end|>"
CRASHING = '''"""Tries things.

Why     To see what becomes of a check that does not work.
Mend    Mend the check, which lies in a folder of a test.
Limits  Finds nothing, whatever the data is.
"""

from dataclasses import dataclass

from curate.core.check import Batch, RowCheck


@dataclass(frozen=True)
class Trial(RowCheck):
    def examine(self, batch: Batch):
        raise RuntimeError("within")
'''


def row(at: int, more: str = "") -> dict[str, Any]:
    return {
        "prompt": f"What does clause {at} of lease {at * 7} say?",
        "completion": f"Clause {at} says that {at * 3} euros are paid each month.{more}",
    }


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Files of every kind in the current folder."""
    monkeypatch.chdir(tmp_path)
    files = {
        "good.jsonl": [row(at) for at in range(5)],
        "bad.jsonl": [*(row(at) for at in range(5)), row(6, LEAK)],
        "empty.jsonl": [],
    }
    for name, rows in files.items():
        Path(name).write_text("".join(json.dumps(one) + "\n" for one in rows))
    Path("cut.jsonl").write_text(Path("good.jsonl").read_text() + '{"prompt": "Cut\n')
    Path("garbage.jsonl").write_text('{"prompt": \n' * 3)
    Path("one.toml").write_text('quarantine = 1\n[budget]\n"template.leaked-token" = 1\n')
    Path("typo.toml").write_text('[budgets]\n"template.leaked-token" = 1\n')
    Path("many.toml").write_text("[require]\nrows = 100\n")
    Path("expired.toml").write_text(
        '[[waiver]]\ncheck = "template.leaked-token"\nowner = "Ada"\nreason = "later"\nuntil = 2001-01-01\nfile = "*"\n'
    )
    (Path("own") / "style").mkdir(parents=True)
    (Path("own") / "style" / "trial.py").write_text(CRASHING)


def code(*words: str) -> int:
    with pytest.raises(SystemExit) as stop:
        main([*words, *(["--quiet"] if words[0] in ("check", "baseline") else [])])
    assert isinstance(stop.value.code, int)
    return stop.value.code


CHECKS: dict[int, dict[str, tuple[str, ...]]] = {
    0: {
        "good data": ("good.jsonl",),
        "within the budget": ("bad.jsonl", "--plan", "one.toml"),
        "a record within the budget": ("cut.jsonl", "--plan", "one.toml"),
    },
    1: {
        "over the budget": ("bad.jsonl",),
        "a record that cannot be read": ("cut.jsonl",),
        "too few rows": ("good.jsonl", "--plan", "many.toml"),
        "an expired waiver": ("good.jsonl", "--plan", "expired.toml"),
    },
    2: {
        "no data named": (),
        "an option that there is not": ("good.jsonl", "--slect", "answer"),
        "an option of the wrong kind": ("good.jsonl", "--workers", "many"),
        "a check that there is not": ("good.jsonl", "--select", "answer.refusals"),
        "an unknown key in the plan": ("good.jsonl", "--plan", "typo.toml"),
        "no such plan": ("good.jsonl", "--plan", "none.toml"),
        "no such input": ("none.jsonl",),
        "no such baseline": ("good.jsonl", "--baseline", "none"),
        "a baseline that is none": ("good.jsonl", "--baseline", "one.toml"),
        "a ratchet without baseline": ("good.jsonl", "--ratchet"),
        "a format that there is not": ("good.jsonl", "--output", "sariff=x"),
        "an output that is an input": ("good.jsonl", "--findings", "good.jsonl"),
        "no such suite": ("good.jsonl", "--expectations", "none.json"),
    },
    3: {
        "a check that crashes": ("good.jsonl", "--checks", "own"),
        "no row": ("empty.jsonl",),
        "no record that can be read": ("garbage.jsonl",),
    },
}


@pytest.mark.parametrize(
    ("expected", "words"),
    [
        pytest.param(number, words, id=f"{number}: {name}")
        for number, cases in CHECKS.items()
        for name, words in cases.items()
    ],
)
def test_exit_code(expected: int, words: tuple[str, ...]) -> None:
    assert code("check", *words) == expected


def test_a_baseline_decides() -> None:
    assert code("baseline", "bad.jsonl", "-o", "base") == 0
    assert code("check", "bad.jsonl", "--baseline", "base") == 0
    Path("bad.jsonl").write_text(Path("bad.jsonl").read_text() + json.dumps(row(9, LEAK)) + "\n")
    assert code("check", "bad.jsonl", "--baseline", "base") == 1


def test_our_own_crash_is_3(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def crash(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("curate.api.scan_inputs", crash)
    assert code("check", "good.jsonl") == 3
    assert "please report it" in capsys.readouterr().err


def test_an_interrupt_is_130(monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("curate.api.scan_inputs", stop)
    assert code("check", "good.jsonl") == 130


OTHERS: dict[str, Callable[[], int]] = {
    "convert": lambda: code("convert", "garbage.jsonl", "--to", "messages", "-o", "out.jsonl"),
    "decontaminate": lambda: code("decontaminate", "good.jsonl", "--against", "bad.jsonl"),
    "diff": lambda: code("diff", "good.jsonl", "bad.jsonl"),
    "leaks": lambda: code("leaks", "good.jsonl", "bad.jsonl"),
    "probe": lambda: code("probe", "good.jsonl", "--count", "1", "--ignore", "answer.refusal"),
    "report": lambda: code("report", "bad.jsonl"),
}


@pytest.mark.parametrize("name", OTHERS)
def test_other_commands(name: str) -> None:
    expected = 0 if name == "report" else 1
    assert OTHERS[name]() == expected
    assert re.search(rf"^\| `{name}`.*\||`curate {name}` ends with 0", PAGE, re.MULTILINE)


def test_the_page_names_every_code_that_is_produced() -> None:
    section = PAGE.partition("## `curate check`")[2].partition("\n## ")[0]
    assert {int(found) for found in re.findall(r"^\| (\d) \|", section, re.MULTILINE)} == set(CHECKS)
