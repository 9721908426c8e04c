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
        told: dict[tuple[str, ...], tuple[str, ...]] = {}
        lines: list[tuple[Any, ...]] = []
        for row, at, part, text in texts.select("row", "at", "part", "text").iter_rows():
            for offer in offers_for(text, matcher, part):
                key = (offer.term.place, offer.term.name, offer.listed, offer.check, offer.safety)
                rest = told.get(key) or told.setdefault(key, _told(offer))
                lines.append((row, at, offer.start, offer.end, offer.after, *rest))
        columns = zip(*lines, strict=True) if lines else [()] * len(OFFERS)
        return Offered(pl.DataFrame(dict(zip(OFFERS, map(list, columns), strict=True)), schema=OFFERS))


def _told(offer: Offer) -> tuple[str, ...]:
    """Check, rule, engine, safety, severity, message and what is declared."""
    term = offer.term
    rule = f"{offer.listed} → {term.preferred}" if offer.safety != REPORT else offer.listed
    message = f"{SAID[offer.check]} ({term.place})"
    declares = ",".join(sorted(term.declares))
    return offer.check, rule, "", offer.safety, term.severity.value, message, declares
