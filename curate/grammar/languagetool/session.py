"""Asking a server for many stretches, whatever happens to it: each comes back checked, or with the reason why not.

A request that fails because of what is in it is halved until the stretch is found that the server cannot take. A
server that ended is waited for once (its keeper starts another) and the request repeated once. One that stays away is
not asked again for the texts at hand: they are all unchecked.
"""

from __future__ import annotations

import time
from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from curate.grammar.engine import Lint, Unchecked
from curate.grammar.languagetool.errors import (
    BadRequestError,
    FailedError,
    IncompleteError,
    RequestError,
    TimedOutError,
    TooLongError,
    UnreachableError,
)
from curate.grammar.languagetool.packing import SHORTEST, annotation, sorted_out, split

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from curate.grammar.languagetool.client import Client
    from curate.grammar.languagetool.masking import Piece
    from curate.grammar.languagetool.server import Local

COMES_BACK_WITHIN = 60.0
"""Seconds that a server of ours may take to be started again, while its keeper tries; one that is not ours has two."""

REMOTE_COMES_BACK_WITHIN = 2.0
PATIENCE = 3
"""Requests that may run out of time one after the other before the server counts as lost."""

_OF_THE_TEXT = (BadRequestError, FailedError, IncompleteError, TimedOutError, TooLongError)

Verdicts = tuple["Piece", "list[Lint] | Unchecked"]


@dataclass
class Session:
    """A server, as one process asks it.

    Attributes:
        client: the connection.
        local: the server, if it is ours.
        options: what every request says beside its texts.
        requests: how many requests were made.
        lost: why the server is not asked any more; empty while it is.
    """

    client: Client
    local: Local | None
    options: Mapping[str, str]
    requests: int = 0
    lost: str = ""
    _late: int = field(default=0, init=False)

    def verdicts(self, groups: Iterable[list[Piece]]) -> Iterator[Verdicts]:
        """The lints of each stretch, or why there are none to be had. A stretch that was split comes in parts."""
        if self.lost and self._is_there():
            self.lost = ""
        for first in groups:
            waiting = deque([first])
            while waiting:
                group = waiting.popleft()
                if self.lost:
                    yield from ((one, Unchecked(self.lost)) for one in group)
                else:
                    yield from self._asked(group, waiting)

    def _asked(self, group: list[Piece], waiting: deque[list[Piece]]) -> Iterator[Verdicts]:
        """What is known of the first of a group; the others go back to those that wait."""
        try:
            lints = self._lints(group)
        except _OF_THE_TEXT as error:
            self._note(error)
            if not self._divided(group, error, waiting):
                yield group[0], Unchecked(error.what)
        except RequestError as error:
            self.lost = error.what
            waiting.appendleft(group)
        else:
            self._late = 0
            yield from zip(group, lints, strict=False)
            if not lints:
                self._divided(group, None, waiting)
            elif len(lints) < len(group):
                waiting.appendleft(group[len(lints) :])

    def _note(self, error: RequestError) -> None:
        """A server that runs out of time again and again is lost."""
        self._late = self._late + 1 if isinstance(error, TimedOutError) else 0
        if self._late >= PATIENCE:
            self.lost = error.what

    def _divided(self, group: list[Piece], error: RequestError | None, waiting: deque[list[Piece]]) -> bool:
        """Whether what failed together can be tried in parts; they then wait."""
        half = len(group) // 2
        if half:
            waiting.extendleft((group[half:], group[:half]))
            return True
        if isinstance(error, TooLongError) and len(group[0].sent) > SHORTEST:
            parts = [*split(group[0], (len(group[0].sent) + 1) // 2)]
            waiting.extendleft([part] for part in reversed(parts))
            return len(parts) > 1
        return False

    def _lints(self, group: list[Piece]) -> list[list[Lint]]:
        """One request; if the server is gone, one more to the server that takes its place."""
        try:
            return self._once(group)
        except UnreachableError:
            if not self._comes_back():
                raise
        return self._once(group)

    def _once(self, group: list[Piece]) -> list[list[Lint]]:
        self.requests += 1
        return sorted_out(group, self.client.check(annotation(group), group[0].language, self.options))

    def _comes_back(self) -> bool:
        within = COMES_BACK_WITHIN if self.local else REMOTE_COMES_BACK_WITHIN
        until = time.monotonic() + within
        while time.monotonic() < until and not (self.local and self.local.has_ended()):
            if self._is_there():
                return True
            time.sleep(0.1)
        return False

    def _is_there(self) -> bool:
        try:
            self.client.languages()
        except RequestError:
            return False
        return True
