"""What every grammar engine speaks: masked texts in, lints out.

An engine says what looks wrong; it never says what may be applied. That is measured, in :mod:`curate.grammar.trust`.
An engine is a frozen dataclass, so that it can be sent to a worker process; whatever it needs there (a child process,
a connection) it makes for itself when it is first asked.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, NamedTuple, Protocol

from curate.core.errors import MissingExtraError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from contextlib import AbstractContextManager

ENGLISH = "en"


def package_version(package: str) -> str:
    """A package of the extra ``grammar``, and its version.

    Raises:
        MissingExtraError: it is not installed.
    """
    try:
        return f"{package} {version(package)}"
    except PackageNotFoundError:
        raise MissingExtraError("grammar", "grammar") from None


class Masked(NamedTuple):
    """A text and what an engine must leave alone in it.

    Attributes:
        text: the text as it stands in the row.
        spans: protected places as (start, end) in code points, sorted, without overlaps.
        language: ISO 639-1 code of the language the text is written in; ``und`` where nobody can say.
    """

    text: str
    spans: tuple[tuple[int, int], ...] = ()
    language: str = ENGLISH

    def touches(self, start: int, end: int) -> bool:
        """Whether a place has a character in common with a protected one; an insertion, whether it is inside one."""
        at = bisect_right(self.spans, (max(end - 1, start), len(self.text) + 1)) - 1
        if at < 0:
            return False
        first, last = self.spans[at]
        return first < start < last if start == end else last > start and first < end


class Lint(NamedTuple):
    """One thing that an engine says about one text.

    Attributes:
        start: where it begins, in code points of the text as given.
        end: where it ends; equal to ``start`` for an insertion.
        suggestions: what might stand in its place, the engine's first choice first; whole replacements of the span.
        rule: the engine's own name of the rule.
        category: the engine's own group of rules.
        message: one sentence of the engine. It may quote the text, so it is shown only where row text may be shown.
    """

    start: int
    end: int
    suggestions: tuple[str, ...]
    rule: str
    category: str
    message: str


@dataclass(frozen=True)
class Unchecked:
    """Stands where the lints of a text would stand if the engine could have looked at it."""

    reason: str


Verdict = list[Lint] | Unchecked
"""What an engine says of one text. No lints means that it looked and found nothing."""


class Engine(Protocol):
    """A grammar engine."""

    @property
    def name(self) -> str:
        """The engine's name, as the plan and the trust table write it: ``harper``, ``languagetool``."""

    def version(self) -> str:
        """Name and version, and whatever else decides what it finds; it stands in the ledger and in cache keys.

        Raises:
            MissingExtraError: the engine is not installed.
        """

    def checks(self, language: str) -> bool:
        """Whether texts in a language (ISO 639-1) are checked."""

    def opened(self) -> AbstractContextManager[Engine]:
        """What all workers share is there while this is open; gives the engine that they are sent.

        Raises:
            CurateError: the engine cannot be started; what was tried, and what to do about it.
        """

    def lint(self, texts: Sequence[Masked]) -> list[Verdict]:
        """What is wrong in each text, in their order.

        Lints are sorted by place, none touches a protected span, and none depends on the other texts. A text in a
        language that the engine does not check has no lints. A text that the engine should have looked at and could
        not is :class:`Unchecked`.
        """
