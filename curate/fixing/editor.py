"""An editor offers changes of texts; it never makes them.

The engine chooses among what all editors offer, applies what is safe, holds the result against the locks, and writes
the ledger. An editor is a frozen dataclass whose fields are its options, so that it can be sent to a worker process.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, ClassVar

import polars as pl

if TYPE_CHECKING:
    from collections.abc import Iterator


class Safety(StrEnum):
    """What may be done with an offer: apply it, apply it after somebody agreed, or only tell it."""

    AUTO = "auto"
    SUGGEST = "suggest"
    REPORT = "report"


EDITABLE = pl.Schema(
    {
        "row": pl.Int64,
        "at": pl.String,  # RFC 6901 pointer of the text
        "part": pl.String,  # prompt, target, context or rejected
        "role": pl.String,
        "text": pl.String,
        "given": pl.String,  # what the model is given before it: prompts and contexts of the row, blank lines between
    }
)
"""What an editor looks at: one line for a text."""

OFFERS = pl.Schema(
    {
        "row": pl.Int64,
        "at": pl.String,
        "start": pl.Int32,  # span in the text as given, in code points
        "end": pl.Int32,
        "after": pl.String,  # what would stand there
        "check": pl.String,  # the class of the edit: grammar.spelling, terms.variant, text.entity, pii.email, …
        "rule": pl.String,  # the engine's own name for why; empty where ``check`` says it all
        "engine": pl.String,  # the engine and its version; empty for curate's own
        "safety": pl.String,  # of Safety
        "severity": pl.String,
        "message": pl.String,  # one sentence; no text of the row
        "declares": pl.String,  # kinds of meaning that it openly changes, with commas: unit, name, acronym
    }
)
"""What an editor returns: one line for an offer."""

UNCHECKED = pl.Schema({"row": pl.Int64, "at": pl.String, "reason": pl.String})
"""Texts that an editor could not look at; they are counted and told, never taken for clean."""


@dataclass(frozen=True)
class Offered:
    """What an editor says of some texts."""

    offers: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=OFFERS))
    unchecked: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=UNCHECKED))


@dataclass(frozen=True)
class Editor:
    """What offers changes of one kind.

    Attributes:
        kind: ``text``, ``ticket``, ``pii``, ``terms`` or ``grammar``: the word behind ``--only``.
        parts: which texts it is shown unless the plan says otherwise.
        locked: whether protected spans, the meaning lock and the copy lock hold for what it offers.
        by_text: whether what it offers for a text depends on nothing but the text, its part and what is given; only
            then may its verdicts be cached by text.
    """

    kind: ClassVar[str] = "text"
    parts: ClassVar[tuple[str, ...]] = ("target", "rejected")
    locked: ClassVar[bool] = True
    by_text: ClassVar[bool] = True

    def identity(self) -> str:
        """Name, versions and options: whatever decides what is offered. It stands in the ledger and in cache keys."""
        return repr(self)

    @contextmanager
    def opened(self) -> Iterator[Editor]:
        """What all workers share (a server, a connection) is there while this is open; gives what they are sent."""
        yield self

    def offers(self, texts: pl.DataFrame) -> Offered:
        """What could be changed in texts of the schema ``EDITABLE``; rows of a batch come together.

        An editor that cannot look at a text says so in ``unchecked``; it raises only for a mistake of the user
        (:class:`curate.core.errors.CurateError`) or of its own.
        """
        raise TypeError(f"{self.kind} does not say what it offers for {len(texts)} texts")
