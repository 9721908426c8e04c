"""Whatever happens to a server, nothing that it did not look at counts as clean, and nobody waits for long."""

from __future__ import annotations

import re
import socket
import threading
import time
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

import pytest

from curate.core.errors import CurateError, UsageError
from curate.grammar.languagetool import errors
from curate.grammar.languagetool.engine import LanguageTool
from curate.grammar.languagetool.server import find_jar, find_java, release_of
from tests.languagetool_lab import Reply, fake, found, free_port, opening, script, texts, told, words

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

AT_ONCE, TRIES = 2.0, 3
"""Seconds in which an absence must be said, in one of some tries: what else a machine does may slow one down."""

PRETENDS = 'case "$1" in -version) echo \'openjdk version "17.0.1"\' >&2;; *) {};; esac'


@contextmanager
def listening(says: bytes | None) -> Iterator[str]:
    """The address of something that takes connections and says nothing, or something that is not HTTP."""
    kept: list[socket.socket] = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            with suppress(OSError):
                while True:
                    kept.append(server.accept()[0])
                    if says is not None:
                        kept[-1].sendall(says)
                        kept[-1].shutdown(socket.SHUT_WR)

        thread = threading.Thread(target=serve)
        thread.start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}"
        server.shutdown(socket.SHUT_RDWR)
        thread.join()
    for connection in kept:
        connection.close()


@pytest.fixture
def alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine with neither Java nor LanguageTool, and a folder for either."""
    monkeypatch.setenv("LTP_PATH", str(tmp_path))
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("JAVA_HOME", raising=False)
    return tmp_path


def jar_in(folder: Path) -> None:
    (folder / "LanguageTool-6.8").mkdir()
    (folder / "LanguageTool-6.8" / "languagetool-server.jar").touch()


def refused(engine: LanguageTool, kind: type[CurateError], words: str) -> CurateError:
    seconds = AT_ONCE
    for _ in range(TRIES):
        error, seconds = opening(engine)
        assert type(error) is kind
        assert re.search(words, str(error))
        if seconds < AT_ONCE:
            return error
    pytest.fail(f"said after {seconds:.1f} s")


@pytest.mark.usefixtures("alone")
def test_languagetool_is_absent() -> None:
    error = refused(LanguageTool(), errors.NoServerError, "no LanguageTool in")
    assert "LTP_PATH" in error.hint


def test_java_is_absent(alone: Path) -> None:
    jar_in(alone)
    assert "Java runtime" in refused(LanguageTool(), errors.NoJavaError, "none on the path").hint


@pytest.mark.parametrize(("version", "number"), [("11.0.2", 11), ("1.8.0_392", 8)])
def test_java_is_too_old(alone: Path, version: str, number: int) -> None:
    jar_in(alone)
    script(alone / "java", f"echo 'openjdk version \"{version}\" 2019' >&2")
    refused(LanguageTool(), errors.OldJavaError, f"needs Java 17 or later; .* is {number}")


@pytest.mark.parametrize(
    ("body", "words"), [("exit 1", "does not run"), ("echo hello", "does not say its version")]
)
def test_java_is_not_java(alone: Path, body: str, words: str) -> None:
    jar_in(alone)
    script(alone / "java", body)
    refused(LanguageTool(), errors.NoJavaError, words)


def test_java_is_found_by_java_home(alone: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (alone / "home" / "bin").mkdir(parents=True)
    script(alone / "home" / "bin" / "java", "echo 'openjdk version \"21\" 2023' >&2")
    monkeypatch.setenv("JAVA_HOME", str(alone / "home"))
    assert find_java() == str(alone / "home" / "bin" / "java")


def test_the_server_dies_at_its_start_and_is_quoted(alone: Path) -> None:
    jar_in(alone)
    script(alone / "java", PRETENDS.format("echo 'Unable to find module' >&2; exit 1"))
    error = refused(LanguageTool(), errors.StartError, "does not start")
    assert error.hint == "Java said: Unable to find module"


def test_the_newest_languagetool_is_found(alone: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LanguageTool-6.10", "LanguageTool-6.8"):
        (alone / name).mkdir()
        (alone / name / "languagetool-server.jar").touch()
    assert release_of(find_jar()) == "6.10"
    for place in (alone / "LanguageTool-6.8", alone / "LanguageTool-6.8" / "languagetool-server.jar"):
        monkeypatch.setenv("LTP_PATH", str(place))
        assert release_of(find_jar()) == "6.8"


def test_nobody_listens() -> None:
    refused(LanguageTool(f"http://127.0.0.1:{free_port()}"), errors.UnreachableError, "is this its port")


def test_somebody_listens_and_says_nothing() -> None:
    with listening(None) as url:
        refused(LanguageTool(url), errors.TimedOutError, "no answer in time")


@pytest.mark.parametrize("says", [b"SSH-2.0-OpenSSH_9.2\r\n", b"\x00\x01"])
def test_it_is_not_http(says: bytes) -> None:
    with listening(says) as url:
        refused(LanguageTool(url), errors.NotLanguageToolError, "does not speak HTTP")


@pytest.mark.parametrize("body", [b"<html>", b"{}", b'[{"name": "English"}]', b"\xff", b"3"])
def test_it_is_not_languagetool(body: bytes) -> None:
    with fake(languages=Reply(body=body)) as server:
        refused(LanguageTool(server.url), errors.NotLanguageToolError, "is not LanguageTool")


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, errors.BadRequestError),
        (401, errors.ForbiddenError),
        (403, errors.ForbiddenError),
        (404, errors.StatusError),
        (413, errors.TooLongError),
        (429, errors.BusyError),
        (500, errors.FailedError),
        (503, errors.BusyError),
    ],
)
def test_it_answers_an_error_at_the_start(status: int, kind: type[CurateError]) -> None:
    with fake(languages=Reply(status)) as server:
        refused(LanguageTool(server.url), kind, str(status))


def test_it_does_not_check_a_language() -> None:
    with fake() as server:
        engine = LanguageTool(server.url, languages=("en-US", "fr"))
        refused(engine, errors.UnknownLanguageError, r"does not check fr\n  it checks en, en-US, es")


@pytest.mark.parametrize("host", ["languagetool.example", "192.0.2.7", "[2001:db8::1]", "localhost.example"])
def test_another_machine_must_be_allowed(host: str) -> None:
    refused(LanguageTool(f"http://{host}:1/v2"), errors.RemoteError, "would leave this one\n.*--allow-remote")
    with pytest.raises(errors.RemoteError):
        LanguageTool(f"http://{host}:1").version()


@pytest.mark.parametrize("url", ["localhost:8081", "ftp://localhost", "http://"])
def test_an_address_must_be_one(url: str) -> None:
    refused(LanguageTool(url), UsageError, "is not the address of a server")


def test_this_machine_needs_no_leave() -> None:
    for host in ("localhost", "127.0.0.1", "127.1.2.3", "[::1]"):
        refused(LanguageTool(f"http://{host}:1"), errors.UnreachableError, "no LanguageTool answers")


def failing(reply: Reply) -> Any:
    """It fails on whatever holds the word evil."""
    return lambda text, _: reply if "evil" in text else found(text)


@pytest.mark.parametrize(
    ("reply", "reason"),
    [
        (Reply(400), "answered 400"),
        (Reply(413), "answered 413: the text is longer than it takes"),
        (Reply(500), "answered 500"),
        (Reply(after=1.0), "no answer in time"),
        (
            Reply(body=b'{"matches":[],"software":{"version":"1"},"warnings":{"incompleteResults":true}}'),
            "whole text",
        ),
    ],
)
def test_one_text_that_the_server_cannot_take_is_unchecked_alone(reply: Reply, reason: str) -> None:
    given = ["teh", "a", "evil teh", "b", "teh teh"]
    with fake(failing(reply)) as server:
        said = told(server.url, *given)
    assert reason in said.pop(2)
    assert said == [1, 0, 0, 2]


@pytest.mark.parametrize(
    ("reply", "reason"),
    [
        (Reply(403), "answered 403"),
        (Reply(429), "answered 429"),
        (Reply(503), "answered 503: its queue is full"),
        (Reply(404), "answered 404"),
        (Reply(body=b"<html>"), "is not LanguageTool"),
        (Reply(body=b'{"matches":[{}],"software":{"version":"1"}}'), "is not LanguageTool"),
        (Reply(0), "no LanguageTool answers"),
        (Reply(after=1.0), "no answer in time"),
    ],
)
def test_a_server_that_fails_for_good_leaves_everything_unchecked(reply: Reply, reason: str) -> None:
    with fake(lambda *_: reply) as server:
        began = time.monotonic()
        said = told(server.url, *["teh"] * 40)
        assert time.monotonic() - began < AT_ONCE + 1
        assert len(server.asked) < 10
    assert len(said) == 40
    assert all(reason in one for one in said)


def test_what_is_too_long_is_split_until_it_is_not() -> None:
    with fake(lambda text, _: Reply(413) if len(text) > 700 else found(text)) as server:
        text = "\n\n".join(f"Paragraph {number} has teh error." for number in range(60))
        assert told(server.url, text) == [60]


@pytest.mark.parametrize("status", [429, 502, 503])
def test_a_busy_server_is_waited_for(status: int) -> None:
    with fake(lambda text, number: found(text) if number > 2 else Reply(status)) as server:
        assert told(server.url, "teh", "a") == [1, 0]
        assert len(server.asked) == 3


def test_the_server_may_say_how_long_to_wait() -> None:
    busy = Reply(429, headers=(("Retry-After", "1"),))
    with fake(lambda text, number: found(text) if number > 1 else busy) as server:
        began = time.monotonic()
        assert told(server.url, "teh") == [1]
        assert time.monotonic() - began >= 1


def test_a_kept_connection_that_was_closed_is_opened_again() -> None:
    behave = lambda text, number: Reply(0) if number == 2 else found(text)  # noqa: E731
    with fake(behave) as server, LanguageTool(server.url).opened() as engine:
        assert [words(engine, texts("teh")) for _ in range(3)] == [[["teh"]]] * 3
        assert len(server.asked) == 4


def test_a_server_that_left_is_asked_again_with_the_next_texts() -> None:
    behave = lambda text, number: Reply(403) if number == 2 else found(text)  # noqa: E731
    with fake(behave) as server, LanguageTool(server.url).opened() as engine:
        assert words(engine, texts("teh")) == [["teh"]]
        assert "403" in words(engine, texts("teh"))[0]
        assert words(engine, texts("teh")) == [["teh"]]


def test_no_reason_holds_the_text() -> None:
    with fake(lambda *_: Reply(500, b"Error: could not check secret teh")) as server:
        assert "secret" not in str(told(server.url, "secret teh"))
