"""Whether an answer does nothing but decline.

Each sentence is one of four: it declines, it helps (advice, an offer with substance, a question back), it is polite
filling, or it says something else. An answer declines as a whole if one of its first sentences does, none helps, and
what it says beside that is little. Where a machine declines, sending on to a professional is no help but part of
the formula. Phrases alone do not tell, because helpful answers hold them, too.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from curate.text.declining_signs import CLOSES, SIGNS
from curate.text.declining_words import LANGUAGES

if TYPE_CHECKING:
    from curate.text.declining_words import Language

__all__ = ["LONGEST", "SIGNS", "Decline", "declines"]

LONGEST = 1500
"""Code points beyond which an answer says more than no."""

_MOST_ELSE = 0.34
_FIRST = 2
_SENTENCE = re.compile(r"[^.!?。！？\n]+(?:[.!?。！？]+(?=\s|$|[^\x00-\x7f])|\n|$|[.!?])?")


class Decline(NamedTuple):
    """The declining words, in code points, and the language."""

    start: int
    end: int
    language: str


def declines(text: str) -> Decline | None:
    """The declining words, if that is all that the text does."""
    if len(text) > LONGEST:
        return None
    plain = text.lower().replace("’", "'")
    if len(plain) != len(text):
        return None
    return next((hit for language in LANGUAGES if (hit := _declines(plain, language))), None)


def _declines(text: str, language: Language) -> Decline | None:
    sentences = [match for match in _SENTENCE.finditer(text) if match[0].strip()]
    hit = _first_no(sentences[:_FIRST], language)
    if hit is None:
        return None
    other, by_machine = 0, any(language.machine.search(sentence[0]) for sentence in sentences[:_FIRST])
    for sentence in sentences:
        said = sentence[0]
        closes = sentence is not sentences[0] and CLOSES.search(said) is not None
        no = language.declines.search(said) is not None
        refers = by_machine and language.refers.search(said) is not None and not no
        if language.helps.search(said) and not refers and (no or not closes):
            return None
        if not (no or closes or refers or language.fills.search(said) or _is_marked(said, language)):
            other += len(said)
    return hit if other <= _MOST_ELSE * len(text) else None


def _first_no(sentences: list[re.Match[str]], language: Language) -> Decline | None:
    """Where one of the sentences declines: as a machine, with an apology for a service, or plainly."""
    sorry = machine = False
    for sentence in sentences:
        said = sentence[0]
        sorry = sorry or language.apology.search(said) is not None
        machine = machine or language.machine.search(said) is not None
        no = language.declines.search(said)
        if no and (machine or (sorry and language.serves.search(said)) or language.plain.search(said)):
            return Decline(sentence.start() + no.start(), sentence.start() + no.end(), language.name)
    return None


def _is_marked(said: str, language: Language) -> bool:
    return language.apology.search(said) is not None or language.machine.search(said) is not None
