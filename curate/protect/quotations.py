"""Quoted words: in quotation marks of any kind, in block quotes, and words that a text speaks of as words."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from curate.protect.look import Look, Protected, hits, listed

if TYPE_CHECKING:
    from collections.abc import Iterator

_MARKED = re.compile(
    r"“[^“”]{1,1000}”|„[^„“”]{1,1000}[“”]|«[^«»]{1,1000}»|»[^«»\n]{1,300}«|‹[^‹›\n]{1,300}›"
    r"|「[^「」]{1,500}」|『[^『』]{1,500}』|《[^《》\n]{1,200}》"
)
_STRAIGHT = re.compile(
    r"(?<![\d\w])\"(?=\S)(?:[^\"\n]|\n(?!\n)){1,1000}?\"|\"(?=\w)[^\"\n]{1,300}?(?<=\S)\"(?!\w)"
    r"|``[^`'\n]{1,300}''"
)
_SINGLE = re.compile(
    r"(?<![\w’'\"])'(?=[^\s'])[^'\n]{1,60}?(?:(?<=\w)'(?=[a-z]{1,2}\b)[^'\n]{0,60}?){0,3}(?<=\S)'"
    r"(?!\w)|(?<![\w’'])‘[^‘\n]{1,300}?’(?!\w)"
)
_ELISION = re.compile(r"'(?:tis|twas|em|cause|til|bout|n|round|\d\ds)\b", re.IGNORECASE)
_BLOCK = re.compile(r"^[ \t]{0,3}>+(?!>)[ \t]?\S.*(?:\n[ \t]{0,3}>.*)*", re.MULTILINE)
_SPOKEN_OF = re.compile(
    r"\b(?:words?|spell(?:s|ing|ings|ed)?|spelt|misspell(?:s|ed|ing|ings)?|misspelt|mispell\w*"
    r"|typos?|pronounc(?:e|ed|es|ing)|rhymes? with|written as|abbreviated(?: as)?|prefix|suffix"
    r"|acronym|anagram of"
    r"|palindrome|phrase|synonyms? (?:of|for)|antonyms? (?:of|for)|plural of|tense of"
    r"|corrected to)(?:\s*[:=]|,)?"
    r"(?: (?:is|are|as|of|for|like|such as|called|would be|should be|it|to|the"
    r"|with))?\s+[*_\"'“‘`(]*(?P<word>[^\W\d_]{2,}(?:[-'’][^\W\d_]+)*)"
)
_TURNED = re.compile(r"[^\W\d_]+[*_\"'”’`)]*\s*(?:→|⟶|->|=>)\s*[*_\"'“‘`(]*[^\W\d_]+")
_OF_WORDS = re.compile(
    r"[Mm]iss?pel|\b[Ss]pell?(?:ed|ing|s)?\b|\b[Ss]pelt\b|\b[Tt]ypos?\b|[\[(]sic\b"
    r"|\b[Uu]?n?[Gg]rammatical(?:ly)?\b|\b[Pp]ronounced?\b|\b[Rr]hym|\b[Aa]nagram|\b[Pp]alindrom"
    r"|\b[Gg]rammar\b|\b[Dd]ialect\b|\b[Ss]lang\b|[Pp]roofread"
)
_STOP = re.compile(r"[.!?][\"')”’\]]*(?=\s)|\n")
_SPELT = frozenset(
    listed(
        "spell spells spelling spellings spelled spelt misspell misspelled misspelt misspells"
        " misspelling misspellings mispell mispelled mispelling mispelt typo typos sic pronounce"
        " pronounced rhyme rhymes rhyming rhymed"
        " anagram anagrams palindrome palindromes palindromic dialect slang grammar grammatical"
        " grammatically ungrammatical proofread proofreading"
    )
)
_CUES = _SPELT | frozenset(
    listed(
        "word words phrase abbreviated prefix suffix acronym synonym antonym synonyms antonyms plural"
        " tense written corrected"
    )
)


def find(look: Look) -> Iterator[Protected]:
    """Every quotation and every word that is mentioned rather than used."""
    text = look.text
    if '"' in look.signs or "``" in text:
        yield from hits(_STRAIGHT, text, "quotation")
    if look.has("'", "‘"):
        for hit in _SINGLE.finditer(text):
            if not _ELISION.match(hit[0]):
                yield Protected(*hit.span(), "quotation")
    if look.has("“", "„", "«", "»", "‹", "「", "『", "《"):
        yield from hits(_MARKED, text, "quotation")
    if ">" in look.signs:
        yield from hits(_BLOCK, text, "quotation")
    if not look.words.isdisjoint(_CUES):
        yield from hits(_SPOKEN_OF, text, "mention", _SPOKEN_OF.groupindex["word"])
    if look.has("→", "⟶", ">"):
        yield from hits(_TURNED, text, "mention")
    if not look.words.isdisjoint(_SPELT):
        yield from _about_words(text)


def _about_words(text: str) -> Iterator[Protected]:
    """Whole sentences that speak of spelling, sound or grammar: any word in them may be an example."""
    stops = [0, *(stop.end() for stop in _STOP.finditer(text)), len(text)]
    for hit in _OF_WORDS.finditer(text):
        start = max(stop for stop in stops if stop <= hit.start())
        yield Protected(start, min(stop for stop in stops if stop >= hit.end()), "mention")
