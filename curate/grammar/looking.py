"""What is looked at in a text before an engine is asked: its language, its protected places, what lists say of it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from curate.grammar.engine import ENGLISH, Masked
from curate.grammar.listed import Proposal, proposals
from curate.grammar.mentioned import asks_for_errors
from curate.protect import protected_spans
from curate.text.language import function_words, identify

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

_COMPUTED = re.compile(r"<<[^<>\n]*=[^<>\n]*>>|^#### *[-$]{0,2}[\d.,:/%]+ *$", re.MULTILINE)
"""What a program reads in a worked solution: calculator calls and the result (GSM8K: Cobbe et al. 2021, 2110.14168)."""

_ENGLISH_WORDS = 0.2
"""Share of function words from which a text too short for the model counts as English."""


class Looked(NamedTuple):
    """A text in which something may be changed.

    Attributes:
        line: which of the texts it is.
        masked: the text, its protected places and its language.
        listed: what the lists propose outside of those places.
    """

    line: int
    masked: Masked
    listed: list[Proposal]


def look(texts: Iterable[tuple[str, str]], spoken: Collection[str] = ()) -> list[Looked]:
    """The open ones of some texts, each with what the model is given before it.

    Texts in another language than English are protected, but for those in a language that an engine speaks
    (``spoken``, ISO 639-1): what it says there is suggested.

    One that is protected as a whole is not open, nor is a solution that a program checks: it stays as it was generated.
    """
    found: list[tuple[int, Masked, bool]] = []
    for line, (text, given) in enumerate(texts):
        language = language_of(text)
        spans = tuple(
            (span.start, span.end)
            for span in protected_spans(text)
            if span.kind != "foreign" or language not in spoken
        )
        if text and spans != ((0, len(text)),) and _COMPUTED.search(text) is None:
            found.append((line, Masked(text, spans, language), bool(given) and asks_for_errors(given)))
    listed = proposals([masked.text if masked.language == ENGLISH else "" for _, masked, _ in found])
    return [
        Looked(line, masked, [one for one in ours if _is_open(one, masked, of_words=of_words)])
        for (line, masked, of_words), ours in zip(found, listed, strict=True)
    ]


def _is_open(proposal: Proposal, masked: Masked, *, of_words: bool) -> bool:
    """Whether nothing speaks against a proposal: a protected place, or a prompt that asks for errors or for words."""
    return not of_words and not masked.touches(proposal.start, proposal.end)


def language_of(text: str) -> str:
    """The language in which a text is checked: the best guess of a model, English words where it has none."""
    guess = identify(text).language
    if guess == "sco":
        return ENGLISH
    if guess == "und" and text.isascii() and function_words(text, ENGLISH) >= _ENGLISH_WORDS:
        return ENGLISH
    return guess
