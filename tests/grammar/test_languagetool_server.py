"""Against the real server, where it is at hand."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from http.client import HTTPConnection, HTTPResponse
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl
import psutil  # type: ignore[import-untyped]
import pytest

from curate.fixing.grammar import Grammar
from curate.grammar.engine import Lint, Masked, Unchecked
from curate.grammar.languagetool.client import Client
from curate.grammar.languagetool.engine import LanguageTool
from curate.grammar.languagetool.errors import StartError, UnknownLanguageError
from curate.grammar.languagetool.packing import LOOKING_AROUND
from tests.fixing import lab
from tests.languagetool_lab import javas, needs_languagetool, opening, real_texts, server_of, texts, words

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = needs_languagetool

GONE_WITHIN = 30.0
"""Seconds on a machine with much else to do; one that is idle needs a tenth of a second."""

LET_GO_WITHIN = 10.0
"""The same, until rows of a server that does not come back are unchecked: far less than a server may take to come."""

AT_ONCE, TRIES = 2.0, 3
"""Seconds in which it is said that a server does not start, in the best of some tries: others slow one down."""

HOLDER = """
import sys, time
from curate.grammar.languagetool.engine import LanguageTool
with LanguageTool().opened() as engine:
    print(engine.folder, flush=True)
    {then}
"""


@pytest.fixture(scope="module")
def engine() -> Iterator[LanguageTool]:
    with LanguageTool().opened() as opened:
        yield opened


def ours(parent: int) -> list[int]:
    """Servers below a process; others may run some of their own."""
    return [one.pid for one in psutil.Process(parent).children(recursive=True) if one.pid in javas()]


def first_edits(lints: object) -> list[tuple[int, int, str, tuple[str, ...]]]:
    assert isinstance(lints, list)
    return [(lint.start, lint.end, lint.rule, lint.suggestions[:1]) for lint in lints]


def test_english_is_checked(engine: LanguageTool) -> None:
    text = "i has recieved teh letters. However it were late."
    (said,) = engine.lint(texts(text))
    assert isinstance(said, list)
    assert {"I_LOWERCASE", "MORFOLOGIK_RULE_EN_US", "SENT_START_CONJUNCTIVE_LINKING_ADVERB_COMMA"} <= {
        lint.rule for lint in said
    }
    assert ("recieved", "received") in [(text[lint.start : lint.end], lint.suggestions[0]) for lint in said]


def test_spanish_is_checked_in_spanish(engine: LanguageTool) -> None:
    spanish = "El a dicho que quiza vienen los niño."
    said = engine.lint([*texts(spanish, language="es"), *texts("The house is very big.")])
    assert isinstance(said[0], list)
    assert ("quiza", "quizá") in [(spanish[lint.start : lint.end], lint.suggestions[0]) for lint in said[0]]
    assert said[1] == []
    assert engine.lint(texts("El niño come.", "Das Kind ißt.", language="de")) == [[], []]


@pytest.mark.parametrize("emoji", ["😀", "👩‍👩‍👧", "🇪🇸", "💊💊"])
def test_places_are_right_around_emoji(engine: LanguageTool, emoji: str) -> None:
    given = [
        Masked(f"{emoji} I recieved {emoji}{emoji} a lettter {emoji}"),
        *texts(f"He recieved it {emoji}"),
    ]
    assert words(engine, given) == [["recieved", "lettter"], ["recieved"]]


def test_places_are_right_behind_hidden_code(engine: LanguageTool) -> None:
    text = (
        "😀 Run `rm -rf /` and see https://a.org/😀?q=1 then ```\nx = 1\n\ny = 2\n``` where you recieve it 😀"
    )
    spans = [
        (text.index(part), text.index(part) + len(part)) for part in ("`rm -rf /`", "https://a.org/😀?q=1")
    ]
    spans.append((text.index("```"), text.rindex("```") + 3))
    assert words(engine, [Masked(text, tuple(spans))]) == [["recieve"]]


def test_packed_rows_have_the_lints_of_rows_alone(engine: LanguageTool, real_data: Path) -> None:
    given = [Masked(text) for text in real_texts(real_data, 420)]
    assert len(given) >= 400
    packed = engine.lint(given)
    assert packed == replace(engine, texts=1).lint(given)
    assert sum(len(one) for one in packed if isinstance(one, list)) > 100
    assert packed[:100][::-1] == engine.lint(given[:100][::-1])


def test_packed_rows_have_the_edits_of_plain_requests(engine: LanguageTool, real_data: Path) -> None:
    """Against requests that this project has no hand in, but for the rules that are off."""
    given = [text for text in real_texts(real_data, 80) if text.isascii()]
    assert len(given) >= 40
    client = Client(engine.url)
    options = {"disabledRules": ",".join(LOOKING_AROUND)}
    for text, lints in zip(given, engine.lint([Masked(text) for text in given]), strict=True):
        plain = client.check([{"text": text}], "en-US", options).matches
        assert first_edits(lints) == [
            (one.start, one.end, one.rule, one.suggestions[:1]) for one in sorted(plain)
        ]
    client.close()


@pytest.mark.parametrize("name", ["languagetool", "both"])
def test_what_is_trusted_is_applied_and_the_rest_is_suggested(engine: LanguageTool, name: str) -> None:
    text = "They had a apple for the the children, who did not recieve it from the zorgles."
    with Grammar(name, language_tool=engine.url).opened() as editor:
        offers = editor.offers(lab.said(text)).offers
    assert {"grammar.article", "grammar.doubled", "grammar.spelling"} <= set(offers["check"])
    guess = offers.filter(pl.col("start") == text.index("zorgles"))
    assert "auto" not in guess["safety"].to_list()


ROWS_THAT_COULD_MEET = (
    *("The colour is red.", "The color is red.", "An email came.", "The e-mail came."),
    *('He said "yes.', 'and left".', "It is (open", "closed) now.", "We ate, drank and", "then went home."),
    *(
        "However, it rained.",
        "However, it snowed.",
        "However, it froze.",
        "Thus it is,",
        "or was;",
        "lower case start.",
    ),
    *(
        "dr. endre gyimesi is here.",
        "mr. x",
        "the end of it",
        "",
        "  ",
        "•",
        "...",
        "\u00a0",
        "\u200b",
        "1. one",
        "- two",
    ),
    *(
        "The the cat.",
        "A apple.",
        "cat",
        "cat",
        "cat",
        "I am me.",
        "I am you.",
        "I am him.",
        "?",
        "no stop here",
    ),
)


@pytest.mark.parametrize("language", ["en", "es"])
def test_rows_do_not_see_each_other(engine: LanguageTool, language: str) -> None:
    spanish = (
        "¿Qué es esto",
        "que es eso?",
        "El coche (rojo",
        "es así).",
        "Además, llueve.",
        "Además, nieva.",
        "Además, hiela.",
    )
    given = texts(*ROWS_THAT_COULD_MEET, *spanish, language=language)
    alone = replace(engine, texts=1).lint(given)
    assert engine.lint(given) == alone
    assert engine.lint(given[::-1]) == alone[::-1]


def test_long_texts_are_checked_to_their_end(engine: LanguageTool) -> None:
    text = "\n\n".join(["The sky is blue today."] * 600) + " He recieved it."
    assert words(engine, texts(text)) == [["recieved"]]


def test_the_version_names_what_decides(engine: LanguageTool) -> None:
    assert engine.version() == LanguageTool(engine.url).version() == LanguageTool().version()
    assert engine.version().startswith("languagetool 6.")
    assert replace(engine, languages=("en-GB",)).version() != engine.version()


def test_workers_share_the_server(engine: LanguageTool) -> None:
    before = ours(os.getpid())
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        said = [*pool.map(engine.lint, [texts("He recieved it."), texts("All is well.")])]
    assert [[len(lints) for lints in one if isinstance(lints, list)] for one in said] == [[1], [0]]
    assert ours(os.getpid()) == before


def test_a_language_that_it_does_not_have() -> None:
    before = ours(os.getpid())
    error, _ = opening(LanguageTool(languages=("en-US", "xx")))
    assert isinstance(error, UnknownLanguageError)
    assert ours(os.getpid()) == before


def test_java_that_dies_is_quoted() -> None:
    tries = [opening(LanguageTool(heap="1k")) for _ in range(TRIES)]
    assert all(isinstance(error, StartError) and "heap" in error.hint for error, _ in tries)
    assert min(seconds for _, seconds in tries) < AT_ONCE


def test_a_killed_server_is_replaced_once_and_then_rows_are_unchecked() -> None:
    before_all = ours(os.getpid())
    with LanguageTool().opened() as engine:
        first = server_of(engine)
        before = engine.lint(texts("He recieved it.", "All is well."))
        os.kill(first, signal.SIGKILL)
        assert engine.lint(texts("He recieved it.", "All is well.")) == before
        os.kill(server_of(engine), signal.SIGKILL)
        began = time.monotonic()
        said = engine.lint(texts("He recieved it.", "All is well."))
        assert time.monotonic() - began < LET_GO_WITHIN
        assert [isinstance(one, Unchecked) and "no LanguageTool answers" in one.reason for one in said] == [
            True
        ] * 2
        assert ours(os.getpid()) == before_all


def test_a_server_killed_in_the_middle_of_a_request(monkeypatch: pytest.MonkeyPatch) -> None:
    """It has the third request of six, and ends before it answers."""
    waits: list[HTTPConnection] = []

    def getresponse(connection: HTTPConnection) -> HTTPResponse:
        waits.append(connection)
        if len(waits) == 3:
            os.kill(first, signal.SIGKILL)
        return answer(connection)

    with LanguageTool().opened() as engine:
        first, answer = server_of(engine), HTTPConnection.getresponse
        monkeypatch.setattr(HTTPConnection, "getresponse", getresponse)
        said = engine.lint(texts(*(f"He recieved {number} letters and read them." for number in range(120))))
        assert [len(one) if isinstance(one, list) else one for one in said] == [1] * 120
        assert server_of(engine) != first


def _gone(pids: list[int]) -> bool:
    until = time.monotonic() + GONE_WITHIN
    while time.monotonic() < until:
        running = {
            one.pid for one in psutil.process_iter(["status"]) if one.info["status"] != psutil.STATUS_ZOMBIE
        }
        if not running & set(pids):
            return True
        time.sleep(0.05)
    return False


@pytest.mark.parametrize(
    ("then", "sent"),
    [
        ("pass", None),
        ("raise ValueError", None),
        ("sys.exit(3)", None),
        ("time.sleep(60)", signal.SIGTERM),
        ("time.sleep(60)", signal.SIGINT),
        ("time.sleep(60)", signal.SIGKILL),
        ("import os; os.fork() or time.sleep(60); time.sleep(3)", signal.SIGKILL),
    ],
)
def test_no_server_is_left_behind(then: str, sent: signal.Signals | None) -> None:
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDER.format(then=then)],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert holder.stdout is not None
    folder = holder.stdout.readline().strip()
    assert folder
    below = [pid for pid, line in javas().items() if any(folder in word for word in line)]
    assert len(below) == 1 or sent is None
    keeper = [psutil.Process(pid).ppid() for pid in below] if sent else []
    if sent is not None:
        holder.send_signal(sent)
    holder.wait()
    holder.stdout.close()
    assert _gone([*below, *keeper])
    assert not Path(folder).exists()


def test_no_server_is_left_behind_when_its_keeper_is_killed() -> None:
    with LanguageTool().opened() as engine:
        server = server_of(engine)
        os.kill(psutil.Process(server).ppid(), signal.SIGKILL)
        assert _gone([server])
        (said,) = engine.lint(texts("He recieved it."))
        assert isinstance(said, Unchecked)


def test_lints_are_sorted(engine: LanguageTool) -> None:
    (said,) = engine.lint(texts("i has recieved teh letter, teh end i think."))
    assert isinstance(said, list)
    assert all(isinstance(one, Lint) for one in said)
    assert said == sorted(said)
