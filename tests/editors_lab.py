"""Editors made for tests: they offer one word for another, and nothing else."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import ClassVar

import polars as pl

from curate.fixing.editor import OFFERS, UNCHECKED, Editor, Offered


@dataclass(frozen=True)
class Words(Editor):
    """Offers the second word of each pair wherever the expression that stands first matches.

    Attributes:
        pairs: class of the edit, expression, what it becomes.
        safety: of all offers.
        declares: likewise.
        unable: an expression; a text that it matches cannot be looked at.
    """

    pairs: tuple[tuple[str, str, str], ...] = ()
    safety: str = "auto"
    declares: str = ""
    unable: str = ""

    def offers(self, texts: pl.DataFrame) -> Offered:
        lines = []
        missed = []
        for row, at, text in texts.select("row", "at", "text").iter_rows():
            if self.unable and re.search(self.unable, text):
                missed.append((row, at, "it could not be read"))
                continue
            for check, pattern, after in self.pairs:
                for hit in re.finditer(pattern, text):
                    made = (row, at, hit.start(), hit.end(), hit.expand(after), check, pattern, "words/1")
                    lines.append((*made, self.safety, "warning", "another word is meant", self.declares))
        return Offered(
            pl.DataFrame(lines, schema=OFFERS, orient="row"),
            pl.DataFrame(missed, schema=UNCHECKED, orient="row"),
        )


@dataclass(frozen=True)
class GrammarWords(Words):
    kind: ClassVar[str] = "grammar"


@dataclass(frozen=True)
class TermWords(Words):
    kind: ClassVar[str] = "terms"


@dataclass(frozen=True)
class TextWords(Words):
    kind: ClassVar[str] = "text"
    parts: ClassVar[tuple[str, ...]] = ("prompt", "target", "context", "rejected")
    locked: ClassVar[bool] = False
