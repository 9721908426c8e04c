"""The editor of terminology: what a glossary calls by another name."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar, Self

import polars as pl

from curate.fixing.editor import OFFERS, Editor, Offered
from curate.terms.load import load_glossary
from curate.terms.matcher import matcher_of
from curate.terms.offering import REPORT, offers_for
from curate.terms.term import Glossary

if TYPE_CHECKING:
    from pathlib import Path

    from curate.terms.offering import Offer

SAID = {
    "terms.variant": "the glossary has another form",
    "terms.forbidden": "the glossary forbids this form",
    "terms.case": "the glossary has another case",
    "terms.first-use": "the first use is written out",
}


@dataclass(frozen=True)
class Terms(Editor):
    """Offers the preferred forms of a glossary.

    Attributes:
        glossary: the terms; without any, nothing is offered.
    """

    kind: ClassVar[str] = "terms"

    glossary: Glossary = field(default_factory=Glossary)

    @classmethod
    def of(cls, *paths: str | Path, language: str = "en") -> Self:
        """The editor of glossaries in files.

        Raises:
            CurateError: as :func:`curate.terms.load.load_glossary`.
        """
        return cls(load_glossary(*paths, language=language))

    def offers(self, texts: pl.DataFrame) -> Offered:
        """What the glossary has to say of some texts; nothing is left unchecked."""
        matcher = matcher_of(self.glossary)
        lines: list[tuple[Any, ...]] = []
        for row, at, part, text in texts.select("row", "at", "part", "text").iter_rows():
            lines.extend((row, at, *_line(offer)) for offer in offers_for(text, matcher, part))
        return Offered(pl.DataFrame(lines, schema=OFFERS, orient="row"))


def _line(offer: Offer) -> tuple[Any, ...]:
    term = offer.term
    rule = f"{offer.listed} → {term.preferred}" if offer.safety != REPORT else offer.listed
    declares = ",".join(sorted(term.declares))
    message = f"{SAID[offer.check]} ({term.place})"
    return (
        *(offer.start, offer.end, offer.after, offer.check, rule, "", offer.safety),
        *(term.severity.value, message, declares),
    )
