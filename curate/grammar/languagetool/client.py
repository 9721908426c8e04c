"""One connection to a LanguageTool server: JSON of ``/v2/check`` in, matches out.

The API is documented at https://languagetool.org/http-api/. The connection is kept; one that the server closed in the
meantime is opened again without a word. Nothing here knows of rows: texts come as annotations, places go out in UTF-16
code units, as the server counts.
"""

from __future__ import annotations

import http.client
import json
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlencode, urlsplit

from curate.grammar.languagetool.errors import (
    BusyError,
    IncompleteError,
    NotLanguageToolError,
    TimedOutError,
    UnreachableError,
    status_error,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

PREFLIGHT = 1.5
"""Seconds in which a server must say that it is there."""

PAUSES = (0.25, 0.5, 1.0, 2.0, 4.0)
"""Seconds between tries while a server is busy."""

LONGEST_PAUSE = 10.0
"""Seconds that a server may ask us to wait (``Retry-After``)."""

SUGGESTIONS = 5
"""How many of the server's suggestions for a place are kept."""

OK = 200
_FORM = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}


class Match(NamedTuple):
    """One match of one rule, its place in UTF-16 code units of all annotations joined."""

    start: int
    end: int
    suggestions: tuple[str, ...]
    rule: str
    category: str
    message: str


class Answer(NamedTuple):
    """What the server says of one request.

    Attributes:
        matches: in the server's order.
        sentences: where it saw sentences, as (start, end) in UTF-16 code units; empty if it does not say.
        release: the server's version.
    """

    matches: list[Match]
    sentences: list[tuple[int, int]]
    release: str


@dataclass
class Client:
    """A server and the connection to it; not to be shared between threads or processes.

    Attributes:
        url: where the server is, with or without ``/v2`` at the end.
        timeout: seconds for one request.
        pauses: seconds between tries while the server is busy.
    """

    url: str
    timeout: float = 60.0
    pauses: tuple[float, ...] = PAUSES
    _kept: http.client.HTTPConnection | None = field(default=None, init=False, repr=False)

    def languages(self, timeout: float = PREFLIGHT) -> frozenset[str]:
        """Codes of the languages that the server checks, ``es`` and ``en-US`` alike: one quick request, no second try.

        Raises:
            RequestError: one of its kinds.
        """
        status, _, body = self._exchange("GET", "/languages", "", timeout)
        if status != OK:
            raise status_error(status, hint=f"asked {self.url} for its languages")
        with _understood(self.url):
            codes = frozenset(one[key] for one in json.loads(body) for key in ("code", "longCode"))
            if not codes:
                raise ValueError
            return codes

    def check(
        self, annotation: Sequence[Mapping[str, str]], language: str, options: Mapping[str, str]
    ) -> Answer:
        """What the server finds, after waiting if it is busy.

        Raises:
            RequestError: one of its kinds.
        """
        data = json.dumps({"annotation": annotation}, separators=(",", ":"))
        body = urlencode({"language": language, "data": data, **options})
        for pause in (*self.pauses, None):
            status, wait, told = self._exchange("POST", "/check", body, self.timeout)
            if status == OK:
                return _answer(told, self.url)
            error = status_error(status)
            if pause is None or not isinstance(error, BusyError):
                raise error
            time.sleep(min(max(pause, wait), LONGEST_PAUSE))
        raise AssertionError

    def close(self) -> None:
        """Close the connection; the next request opens another."""
        if self._kept is not None:
            self._kept.close()
            self._kept = None

    def _exchange(self, method: str, path: str, body: str, timeout: float) -> tuple[int, float, bytes]:
        """Status, seconds that the server wants us to wait, and body; a kept connection that died is replaced once."""
        is_kept = self._kept is not None
        try:
            return self._once(method, path, body, timeout)
        except (ConnectionError, http.client.BadStatusLine, http.client.CannotSendRequest) as error:
            self.close()
            if not is_kept:
                raise self._named(error) from error
        except (OSError, http.client.HTTPException, ValueError) as error:
            self.close()
            raise self._named(error) from error
        return self._exchange(method, path, body, timeout)

    def _once(self, method: str, path: str, body: str, timeout: float) -> tuple[int, float, bytes]:
        parts = urlsplit(self.url)
        connection = self._kept or _connection(parts.scheme, parts.netloc, timeout)
        self._kept = connection
        connection.timeout = timeout
        if connection.sock is not None:
            connection.sock.settimeout(timeout)
        base = parts.path.rstrip("/").removesuffix("/v2")
        connection.request(method, f"{base}/v2{path}", body or None, _FORM)
        answer = connection.getresponse()
        after = answer.getheader("Retry-After") or ""
        return answer.status, float(after) if after.isdecimal() else 0.0, answer.read()

    def _named(self, error: Exception) -> TimedOutError | UnreachableError | NotLanguageToolError:
        """The error of this module that a failure of the connection stands for."""
        if isinstance(error, TimeoutError):
            return TimedOutError(f"LanguageTool at {self.url} gives no answer in time")
        if isinstance(error, OSError | http.client.IncompleteRead):
            why = getattr(error, "strerror", None) or type(error).__name__
            return UnreachableError(
                f"no LanguageTool answers at {self.url}", hint=f"{why}; is it running, and is this its port?"
            )
        return NotLanguageToolError(f"what answers at {self.url} does not speak HTTP")


def _connection(scheme: str, place: str, timeout: float) -> http.client.HTTPConnection:
    kind = http.client.HTTPSConnection if scheme == "https" else http.client.HTTPConnection
    return kind(place, timeout=timeout)


@contextmanager
def _understood(url: str) -> Iterator[None]:
    """Whatever surprises us in an answer means that LanguageTool did not write it."""
    try:
        yield
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise NotLanguageToolError(
            f"what answers at {url} is not LanguageTool",
            hint="its answer is not what the LanguageTool HTTP API gives",
        ) from error


def _answer(body: bytes, url: str) -> Answer:
    with _understood(url):
        told = json.loads(body)
        matches = [_match(one) for one in told["matches"]]
        sentences = [(int(start), int(end)) for start, end in told.get("sentenceRanges", ())]
        release = str(told["software"]["version"])
        is_whole = not told.get("warnings", {}).get("incompleteResults", False)
    if not is_whole:
        raise IncompleteError("LanguageTool did not look at the whole text")
    return Answer(matches, sentences, release)


def _match(told: dict[str, Any]) -> Match:
    rule = told["rule"]
    return Match(
        start=int(told["offset"]),
        end=int(told["offset"]) + int(told["length"]),
        suggestions=tuple(str(one["value"]) for one in told["replacements"][:SUGGESTIONS]),
        rule=str(rule["id"]),
        category=str(rule["category"]["id"]),
        message=str(told["message"]),
    )
