"""Servers for tests of the LanguageTool engine: the real one where it is at hand, and one that fails to order."""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import parse_qs

import psutil  # type: ignore[import-untyped]
import pytest

from curate.core.errors import CurateError
from curate.grammar.engine import Masked, Unchecked
from curate.grammar.languagetool.client import Client
from curate.grammar.languagetool.packing import pieces
from curate.grammar.languagetool.session import Session

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from curate.grammar.languagetool.engine import LanguageTool

MISSING = (
    "needs LanguageTool and Java: set LTP_PATH to LanguageTool's folder and put Java 17 or later on the path"
)
needs_languagetool = pytest.mark.skipif(
    not os.environ.get("LTP_PATH") or shutil.which("java") is None, reason=MISSING
)

PAUSES = (0.01, 0.01)
TIMEOUT = 0.3


class Reply(NamedTuple):
    """What a server says; ``status`` 0 breaks the connection off."""

    status: int = 200
    body: bytes = b""
    after: float = 0.0
    headers: tuple[tuple[str, str], ...] = ()


def found(text: str) -> Reply:
    """What LanguageTool would say if ``teh`` were the only mistake it knows."""

    def units(at: int) -> int:
        return len(text[:at].encode("utf-16-le")) // 2

    matches = [
        {
            "offset": units(one.start()),
            "length": 3,
            "message": "Possible typo",
            "replacements": [{"value": "the"}],
            "rule": {"id": "TYPO", "category": {"id": "TYPOS"}},
        }
        for one in re.finditer(r"\bteh\b", text)
    ]
    ranges = [
        (units(one.start()), units(one.end()))
        for one in re.finditer(r"\S(?:.*?\S)??(?=\s*\n\n|\s*$)", text, re.DOTALL)
    ]
    said = {"matches": matches, "sentenceRanges": ranges, "software": {"version": "0.0"}}
    return Reply(body=json.dumps(said).encode())


class Fake:
    """A server that answers as ``behave`` says, which sees the text and the number of the request.

    Attributes:
        url: where it listens.
        asked: the texts it was asked to check.
        connections: how many connections were made to it.
    """

    def __init__(self, behave: Callable[[str, int], Reply], languages: Reply) -> None:
        self.asked: list[str] = []
        self.annotations: list[list[dict[str, str]]] = []
        self.connections = 0
        self._behave = behave
        self._languages = languages
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def answer(self, body: bytes) -> Reply:
        annotation = json.loads(parse_qs(body.decode())["data"][0])["annotation"]
        text = "".join(part.get("text", part.get("interpretAs", "")) for part in annotation)
        self.asked.append(text)
        self.annotations.append(annotation)
        return self._behave(text, len(self.asked))

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        fake = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def setup(self) -> None:
                fake.connections += 1
                super().setup()

            def do_GET(self) -> None:
                self._say(fake._languages)

            def do_POST(self) -> None:
                self._say(fake.answer(self.rfile.read(int(self.headers["Content-Length"]))))

            def log_message(self, *_: Any) -> None:
                """Nothing."""

            def _say(self, reply: Reply) -> None:
                time.sleep(reply.after)
                if not reply.status:
                    self.close_connection = True
                    self.connection.close()
                    return
                self.send_response(reply.status)
                for header in reply.headers:
                    self.send_header(*header)
                self.send_header("Content-Length", str(len(reply.body)))
                self.end_headers()
                self.wfile.write(reply.body)

            def handle_one_request(self) -> None:
                try:
                    super().handle_one_request()
                except (ConnectionError, ValueError, OSError):
                    self.close_connection = True

        return Handler


KNOWN = Reply(body=b'[{"code":"en","longCode":"en-US"},{"code":"es","longCode":"es"}]')


@contextmanager
def fake(
    behave: Callable[[str, int], Reply] = lambda text, _: found(text), languages: Reply = KNOWN
) -> Iterator[Fake]:
    server = Fake(behave, languages)
    try:
        yield server
    finally:
        server.close()


def told(url: str, *given: str) -> list[Any]:
    """What a session that loses patience quickly says of texts sent together: their lints, or the reason for none."""
    made = [one for number, text in enumerate(given) for one in pieces(number, "en-US", Masked(text), 10**6)]
    asking = Session(Client(url, TIMEOUT, PAUSES), None, {})
    said: dict[int, Any] = {}
    verdicts = [*asking.verdicts([made])]
    asking.client.close()
    for one, verdict in verdicts:
        if isinstance(verdict, Unchecked):
            said[one.text] = verdict.reason
        else:
            said[one.text] = said.get(one.text, 0) + len(verdict)
    return [said[number] for number in range(len(given))]


def texts(*given: str, language: str = "en") -> list[Masked]:
    return [Masked(text, (), language) for text in given]


def words(engine: LanguageTool, given: Sequence[Masked]) -> list[Any]:
    """What each lint stands on, or the reason why there is none."""
    return [
        said.reason if isinstance(said, Unchecked) else [one.text[lint.start : lint.end] for lint in said]
        for one, said in zip(given, engine.lint(given), strict=True)
    ]


def real_texts(folder: Path, count: int) -> list[str]:
    """Targets of four public sets, long and short, mixed; always the same."""
    few = count // 4
    sets = (
        [row["output"][:1500] for row in _lines(folder / "medquad/medquad_health.jsonl")[::9]],
        [row["answer"] for row in _lines(folder / "gsm8k/test.jsonl")],
        [
            paper["LONG_ANSWER"]
            for paper in json.loads((folder / "pubmedqa/ori_pqal.json").read_text()).values()
        ],
        [message["text"] for message in _lines(folder / "openassistant/en_100_message.jsonl")],
    )
    mixed = [text for one in sets for text in one[:few]]
    mixed += sets[1][few : few + count - len(mixed)]
    return [text for start in range(7) for text in mixed[start::7]]


def _lines(path: Path) -> list[Any]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def script(path: Path, lines: str) -> Path:
    """A command that does what a shell says."""
    path.write_text(f"#!/bin/sh\n{lines}\n")
    path.chmod(0o755)
    return path


def opening(engine: LanguageTool) -> tuple[CurateError | None, float]:
    """The error with which an engine does not open, and after how many seconds."""
    began = time.monotonic()
    try:
        with engine.opened():
            return None, time.monotonic() - began
    except CurateError as error:
        return error, time.monotonic() - began


def free_port() -> int:
    """A port at which nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


def javas() -> dict[int, list[str]]:
    """Processes of LanguageTool servers: their numbers and command lines."""
    return {
        one.pid: one.info["cmdline"]
        for one in psutil.process_iter(["cmdline"])
        if one.info["cmdline"]
        and "org.languagetool.server.HTTPServer" in one.info["cmdline"]
        and one.info["cmdline"][0].endswith("java")
    }


def server_of(engine: LanguageTool) -> int:
    """The process of an engine's own server."""
    return next(pid for pid, line in javas().items() if any(engine.folder in word for word in line))
