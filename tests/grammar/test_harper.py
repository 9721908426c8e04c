"""Harper in its child: places, aborts, and that no child is left behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from typing import TYPE_CHECKING

import psutil
import pytest

from curate.grammar import harper as harper_module
from curate.grammar.engine import Masked, Unchecked
from curate.grammar.harper import LONGEST_BLOCK, Harper

if TYPE_CHECKING:
    from collections.abc import Iterator

WRONG = "They did not recieve teh letter."


@pytest.fixture(scope="module")
def harper() -> Iterator[Harper]:
    with Harper(("SpellCheck", "AnA")).opened() as engine:
        yield engine


def found(engine: Harper, text: str, spans: tuple[tuple[int, int], ...] = ()) -> list[str]:
    (verdict,) = engine.lint([Masked(text, spans)])
    assert not isinstance(verdict, Unchecked)
    return [text[lint.start : lint.end] for lint in verdict]


def children() -> list[psutil.Process]:
    return [one for one in psutil.Process().children() if "harper_child.py" in " ".join(one.cmdline())]


def test_places_are_code_points_of_the_text(harper: Harper) -> None:
    assert found(harper, WRONG) == ["recieve", "teh"]
    assert found(harper, "😀 👩‍👩‍👧 – “one”: " + WRONG + " 😀") == ["recieve", "teh"]


def test_a_text_of_several_blocks_has_the_places_of_the_text(harper: Harper) -> None:
    sentence = "This is a sentence that is right. "
    text = sentence * (2 * LONGEST_BLOCK // len(sentence)) + WRONG
    assert len(text) > 2 * LONGEST_BLOCK
    assert found(harper, text) == ["recieve", "teh"]


def test_a_word_is_not_cut_where_a_block_ends(harper: Harper) -> None:
    text = "water " * LONGEST_BLOCK
    assert found(harper, text) == []


def test_protected_places_have_no_lints(harper: Harper) -> None:
    start = WRONG.index("recieve")
    assert found(harper, WRONG, ((start, start + 7),)) == ["teh"]
    assert found(harper, WRONG, ((0, len(WRONG)),)) == []


def test_other_languages_are_not_looked_at(harper: Harper) -> None:
    assert harper.lint([Masked("Das ist ein Satz.", (), "de")]) == [[]]


def test_a_long_run_is_masked_and_costs_nothing(harper: Harper) -> None:
    assert found(harper, "a" * 20_000 + " and they recieve it.") == ["recieve"]


def test_an_abort_costs_one_text(harper: Harper, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(harper_module, "LONGEST_RUN", 10**9)
    monkeypatch.setattr(harper_module, "LONGEST_BLOCK", 10**9)
    monkeypatch.setattr(harper_module, "_RUN", harper_module.re.compile("(?!)"))
    before, aborted, after = harper.lint([Masked(WRONG), Masked("a" * 20_000), Masked(WRONG)])
    assert isinstance(aborted, Unchecked)
    assert "Harper ended" in aborted.reason
    assert before == after != []


def test_a_text_that_takes_too_long_is_unchecked() -> None:
    text = " ".join(f"wrod{chr(97 + at % 26)}{chr(97 + at // 26 % 26)}" for at in range(3000))
    with Harper(None, seconds=0.01).opened() as engine:
        (verdict,) = engine.lint([Masked(text)])
    assert isinstance(verdict, Unchecked)
    assert "longer than" in verdict.reason


def test_a_child_that_somebody_kills_is_replaced(harper: Harper) -> None:
    first = harper.lint([Masked(WRONG)])
    (child,) = [one for one in children() if one.status() != psutil.STATUS_ZOMBIE]
    child.kill()
    assert harper.lint([Masked(WRONG)]) == first


def test_closing_ends_the_child() -> None:
    before = {one.pid for one in children()}
    with Harper(("AnA",), dialect="british").opened() as engine:
        engine.lint([Masked(WRONG)])
        (mine,) = [one for one in children() if one.pid not in before]
    assert not mine.is_running()


@pytest.mark.parametrize("sent", [signal.SIGKILL, signal.SIGTERM, None])
def test_no_child_outlives_its_parent(sent: signal.Signals | None) -> None:
    script = (
        "import sys, time\n"
        "from curate.grammar.harper import Harper\n"
        "from curate.grammar.engine import Masked\n"
        "Harper(('AnA',)).lint([Masked('It is a apple.')])\n"
        "import psutil\n"
        "print(psutil.Process().children()[0].pid, flush=True)\n"
        "sys.stdin.readline()\n"
    )
    parent = subprocess.Popen(
        [sys.executable, "-c", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert parent.stdout is not None
    child = int(parent.stdout.readline())
    if sent is not None:
        os.kill(parent.pid, sent)
    parent.communicate()
    ends = time.monotonic() + 30  # a loaded machine is slow to end it
    while psutil.pid_exists(child) and time.monotonic() < ends:
        with suppress(psutil.NoSuchProcess):
            if psutil.Process(child).status() == psutil.STATUS_ZOMBIE:
                break
        time.sleep(0.05)
    assert time.monotonic() < ends


def test_the_version_names_the_package(harper: Harper) -> None:
    assert harper.version().startswith("harper-py ")
