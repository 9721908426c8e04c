"""LanguageTool (https://languagetool.org) as a grammar engine: English, Spanish, and what else its server checks."""

from __future__ import annotations

import ipaddress
import os
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from curate.core.errors import UsageError
from curate.grammar.engine import Lint, Unchecked
from curate.grammar.languagetool.client import PREFLIGHT, Client
from curate.grammar.languagetool.errors import RemoteError, UnknownLanguageError
from curate.grammar.languagetool.packing import LOOKING_AROUND, packed, pieces
from curate.grammar.languagetool.server import (
    HEAP,
    STARTS_WITHIN,
    Local,
    find_jar,
    local_server,
    release_of,
)
from curate.grammar.languagetool.session import Session

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from curate.grammar.engine import Masked, Verdict

PROBE = [{"text": "This is a sentence."}]
"""What a server is asked to check before any row."""


@dataclass(frozen=True)
class LanguageTool:
    """A LanguageTool server, of our own or somebody's.

    Attributes:
        url: where the server is; empty for one that is started here and ends with us.
        allow_remote: whether it may be another machine: all texts are sent to it.
        languages: LanguageTool's codes of the languages that are checked; a text in another has no lints.
        texts: texts in one request. One a request gives the same lints, slowly.
        characters: characters in one request; a longer text is split.
        timeout: seconds for one request.
        heap: memory of a server of our own, as Java writes it.
        folder: where the server of our own leaves word; set while it is open.
    """

    url: str = ""
    allow_remote: bool = False
    languages: tuple[str, ...] = ("en-US", "es")
    texts: int = 20
    characters: int = 10_000
    timeout: float = 60.0
    heap: str = HEAP
    folder: str = ""

    @property
    def name(self) -> str:
        """As the plan writes it."""
        return "languagetool"

    def version(self) -> str:
        """Name and version of LanguageTool, and the languages that it checks.

        Raises:
            LanguageToolError: there is no server, or it is not to be asked.
        """
        if self.url and not self.folder:
            self._allowed()
            with closing(Client(self.url, self.timeout)) as client:
                client.languages()
                release = client.check(PROBE, self.languages[0], {}).release
        else:
            release = release_of(find_jar())
        return " ".join((self.name, release, *self.languages))

    @contextmanager
    def opened(self) -> Iterator[LanguageTool]:
        """The server is there and checks what it is asked to; gives the engine that workers are sent.

        Raises:
            LanguageToolError: whatever is wrong, before any text is sent.
        """
        if self.url:
            self._allowed()
            with _forgotten(_checked(self)):
                yield self
            return
        with local_server(self.heap) as local:
            ours = _checked(replace(self, url=local.url, folder=local.folder), STARTS_WITHIN)
            _warm(ours)
            with _forgotten(ours):
                yield ours

    def lint(self, texts: Sequence[Masked]) -> list[Verdict]:
        """What the server finds in each text; of a text that it could not check, why not."""
        session = self._session()
        verdicts: list[Verdict] = [[] for _ in texts]
        for code in self.languages:
            stretches = (
                stretch
                for number, text in enumerate(texts)
                if self._code(text.language) == code
                for stretch in pieces(number, code, text, self.characters)
            )
            for stretch, said in session.verdicts(packed(stretches, self.texts, self.characters)):
                verdicts[stretch.text] = _joined(verdicts[stretch.text], said)
        return verdicts

    def checks(self, language: str) -> bool:
        """Whether texts of a language (ISO 639-1) are checked."""
        return bool(self._code(language))

    def _code(self, language: str) -> str:
        """The first code of a language, ``en-US`` for ``en``; empty if it is not checked."""
        return next((code for code in self.languages if code.partition("-")[0] == language), "")

    def _session(self) -> Session:
        if not self.url:
            raise UsageError("no LanguageTool server is open", hint="use: with engine.opened() as engine: …")
        key = (os.getpid(), self)
        if key not in _SESSIONS:
            options = {"disabledRules": ",".join(LOOKING_AROUND)}
            local = Local(self.url, self.folder) if self.folder else None
            _SESSIONS[key] = Session(Client(self.url, self.timeout), local, options)
        return _SESSIONS[key]

    def _allowed(self) -> None:
        parts = urlsplit(self.url)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise UsageError(
                f"{self.url} is not the address of a server", hint="such as http://localhost:8081"
            )
        if not self.allow_remote and not _is_here(parts.hostname):
            raise RemoteError(
                f"{parts.hostname} is another machine: every checked text would leave this one",
                hint="allow it with --allow-remote, or start LanguageTool here",
            )


def _checked(engine: LanguageTool, within: float = PREFLIGHT) -> LanguageTool:
    """The engine, if its server is there within some seconds and knows its languages."""
    with closing(Client(engine.url)) as client:
        known = client.languages(within)
    unknown = [code for code in engine.languages if code not in known]
    if unknown:
        raise UnknownLanguageError(
            f"LanguageTool at {engine.url} does not check {', '.join(unknown)}",
            hint=f"it checks {', '.join(sorted(known))}",
        )
    return engine


def _warm(engine: LanguageTool) -> None:
    """A first check, without a row: it loads the rules, and takes seconds where later ones take milliseconds."""
    with closing(Client(engine.url, STARTS_WITHIN)) as client:
        client.check(PROBE, engine.languages[0], {})


_SESSIONS: dict[tuple[int, LanguageTool], Session] = {}
"""The session of this process for each engine; a fork must not talk on the connection of its parent."""


@contextmanager
def _forgotten(engine: LanguageTool) -> Iterator[None]:
    """This process keeps no connection to the engine's server when this is left."""
    try:
        yield
    finally:
        for key in [key for key in _SESSIONS if key[1].url == engine.url]:
            _SESSIONS.pop(key).client.close()


def _is_here(host: str) -> bool:
    """Whether a name or address is this machine's own; no name is looked up."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _joined(before: Verdict, said: list[Lint] | Unchecked) -> Verdict:
    """What is known of a text and of its next part: a text of which a part is unchecked is unchecked."""
    if isinstance(before, Unchecked):
        return before
    return said if isinstance(said, Unchecked) else sorted([*before, *said])
