"""Where sentences end, in the scripts that mark it, and whether a text stops before one does."""

from __future__ import annotations

import re
from typing import NamedTuple

import polars as pl

from curate.text.ends import END

STOPS = ".!?…。！？．｡؟۔।॥։።။"
"""What ends a sentence: Latin, Chinese, Japanese, Arabic, Urdu, Hindi, Armenian, Ethiopic, Burmese."""

CLOSERS = "\"'”’»›)\\]}*_`>）】」』》"
"""What may stand behind the stop and belongs to the sentence."""

_STOP = re.compile(rf"[{re.escape(STOPS)}][{CLOSERS}]*(?=\s|$|[^\x00-\x7f])")
_PARAGRAPH_STOPS = frozenset(STOPS + ":;：；")
_CLOSING = CLOSERS.replace("\\", "")
_ABBREVIATION = re.compile(
    r"\b(?:Mr|Mrs|Ms|Dr|Prof|St|Jr|Sr|Inc|Ltd|Co|Corp|No|vs|etc|e\.g|i\.e|approx|fig|vol|pp?|[A-Z]"
    r"|[a-z]\.[a-z])\.$"
)
_LONGEST_ABBREVIATION = 8
_FENCE = re.compile(r"^ {0,3}(`{3,}|~{3,})([^`\n]*)$", re.MULTILINE)
_ITEM = re.compile(r"^\s*(?:\d{1,3}[.)、]|[-*•–+]|[a-zA-Z][.)])\s+")
_FUNCTION_WORDS = frozenset(
    re.findall(
        r"\w+",
        "the to and are were that for it with be by this not have can may you they she from which their its if when"
        " while than into",
    )
)
"""Of English alone: "a", "in", "of", "is", "was", "will" and their like are words of other languages, too."""

_FOREIGN_WORDS = {
    language: frozenset(words.split("|"))
    for language, words in {
        "de": "der|die|das|und|ist|nicht|mit|den|dem|ein|eine|einen|einer|sie|wird|werden|wurde|sich|auch|für|von|zu"
        "|auf|bei|nach|über|kann|muss|nur|wenn|oder|ihre|ihr|ihren|aus|zur|zum|vom|beim|dann|sollte|soll|jedoch|dass|als"
        "|wie|es|ich|wir|man|noch|hat|haben|sind|diese|dieser|dieses|im",
        "fr": "le|la|les|et|est|ne|pas|avec|un|une|des|du|il|elle|vous|nous|dans|pour|sur|par|au|aux|ce|cette|sont|sera"
        "|peut|doit|que|qui|votre|leur|de|plus|être",
        "es": "el|la|los|las|y|es|no|con|un|una|de|del|al|en|por|para|que|se|su|sus|lo|como|está|son|puede|debe|más"
        "|esta|este|usted",
    }.items()
}
_FEW_FOREIGN = 3
NEVER_LAST = {
    "de": "und|oder|sowie|als|in|von|die|eine|seine|seiner|ihrer|dass|weil|wenn|falls|sofern|obwohl|bevor|nachdem"
    "|sobald|im|am|zum|zur|beim|vom|ins|des|dem|der|den|einem|eines|einen|für|deren|zwischen",
    "fr": "et|ou|les|des|une|du|de|le|au|aux|que|qui|dans|ce|cette|ces|ses|dont|votre|notre|leurs",
    "es": "y|o|el|los|las|del|al|una|de|que|en|con|por|para|su|sus|como|cuando|donde",
}
"""Words that end no sentence in German, French and Spanish."""

_TAIL = 80
_MOSTLY, _NEARLY_ALL = 0.6, 0.8
_LINE = 40
"""Characters of a line that is longer than headings and names are."""

COMMON = frozenset(
    re.findall(
        r"\w+",
        "in on to no so do go up at by me my us we he if it is as be am an or of per one out man can car for the",
    )
)
"""Short words that are whole words, although longer ones begin with them."""


class Rest(NamedTuple):
    """What stands behind the last end of a sentence, and where it begins."""

    start: int
    text: str


def ended() -> pl.Expr:
    """Whether ``text`` ends in a stop, brackets and quotation marks behind it aside."""
    return pl.col("text").str.tail(_TAIL).str.contains(rf"[{re.escape(STOPS)}][{CLOSERS}]*{END[:-2]}*$")


def rest_of(text: str) -> Rest:
    """What follows the last end of a sentence in the last line; abbreviations and list marks end none."""
    begin = text.rfind("\n") + 1
    line = text[begin:]
    mark = _ITEM.match(line)
    start = mark.end() if mark else 0
    ends = [hit.end() for hit in _STOP.finditer(line, start) if hit.end() < len(line)]
    start = next((end for end in reversed(ends) if not _is_abbreviated(line, end)), start)
    rest = line[start:]
    return Rest(begin + start + len(rest) - len(rest.lstrip()), rest.strip())


def _is_abbreviated(line: str, end: int) -> bool:
    """Whether the stop before a place belongs to an abbreviation."""
    return (
        line[end - 1] == "."
        and _ABBREVIATION.search(line, max(0, end - _LONGEST_ABBREVIATION), end) is not None
    )


def is_prose(rest: str, least: int = 4) -> bool:
    """Whether a piece of text reads like a part of an English sentence: lower case, and a function word."""
    words = re.findall(r"[^\W\d_]+(?:['’-][^\W\d_]+)*", rest)
    if len(words) < least:
        return False
    small = sum(word[0].islower() for word in words)
    return small >= _MOSTLY * len(words) and any(word in _FUNCTION_WORDS for word in words)


def is_foreign_prose(rest: str, language: str) -> bool:
    """Whether a piece of text reads like a part of a sentence of a language: several of its function words.

    The last word does not count, for it is in question. Of German, half of the words may be capitalised.
    """
    words = re.findall(r"[^\W\d_]+", rest)[:-1]
    own = {word.lower() for word in words} & _FOREIGN_WORDS[language]
    small = sum(word[0].islower() for word in words)
    return len(own) >= _FEW_FOREIGN and 2 * small >= len(words)


def paragraphs_stop(text: str) -> bool:
    """Whether nearly all longer lines but the last one end like sentences do."""
    lines = [line.strip() for line in text.split("\n")[:-1]]
    long = [line for line in lines if len(line) >= _LINE]
    ended = sum(line.rstrip(_CLOSING)[-1:] in _PARAGRAPH_STOPS for line in long)
    return ended >= _NEARLY_ALL * len(long)


def open_fence(text: str) -> int | None:
    """Where a fenced block opens (CommonMark 4.5) that the text does not close, and in which something stands."""
    if "```" not in text and "~~~" not in text:
        return None
    opened: tuple[int, str] | None = None
    for hit in _FENCE.finditer(text):
        if opened is None:
            opened = (hit.start(), hit[1])
        elif hit[1].startswith(opened[1]) and not hit[2].strip():
            opened = None
    if opened is None or "\n" not in text[opened[0] :].strip():
        return None
    return opened[0]
