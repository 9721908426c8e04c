"""What an edit may not touch, told a second time: by scanners of our own that share no code with ``curate.protect``.

The scanners are deliberately narrow: what they name is protected beyond doubt, so a touched place is a fault of the
fixer and not a matter of taste.
"""

from __future__ import annotations

import re
from typing import NamedTuple


class Place(NamedTuple):
    """``text[start:end]`` in code points, and what it is."""

    start: int
    end: int
    kind: str


HARD = frozenset({"code", "url", "e-mail", "path", "markup", "placeholder", "chat token"})
"""What no edit of any kind may touch. Numbers, quotations, citations and formulas may still have their encoding mended:
a form feed in a formula is the beginning of ``\\frac``."""

_SCANNERS = {
    "url": re.compile(r"(?:https?|ftp)://[^\s<>\"')\]]+|\bwww\.[^\s<>\"')\]]+", re.IGNORECASE),
    "e-mail": re.compile(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}"),
    "path": re.compile(r"(?<![\w/.])/(?:[\w.-]+/)+[\w.-]+|\b[A-Z]:\\(?:[\w .-]+\\)*[\w.-]+"),
    "markup": re.compile(r"</?[A-Za-z][A-Za-z0-9]*(?:\s+[a-zA-Z-]+=(?:\"[^\"<>]*\"|'[^'<>]*'))*\s*/?>"),
    "placeholder": re.compile(
        r"\{\{[^{}\n]{1,60}\}\}|\{[a-z_]{1,40}\}|\[[A-Z][A-Z_ ]{2,40}\]|\$\{[A-Za-z_]+\}"
    ),
    "chat token": re.compile(r"<\|[a-z_]+\|>|\[/?INST\]|<</?SYS>>"),
    "citation": re.compile(
        r"\b\d+ U\.S\.C\. §+ ?\d+\w*|\b\d+ F\.(?:2d|3d|4th) \d+|\bdoi:\s?10\.\d{4,9}/\S+|\barXiv:\d{4}\.\d{4,5}"
        r"|\((?:[A-Z][a-z]+(?: et al\.| and [A-Z][a-z]+)?,? (?:19|20)\d\d)\)"
    ),
    "quotation": re.compile(r'(?<!\w)"[^"\n]{1,200}"(?!\w)|“[^”\n]{1,200}”|«[^»\n]{1,200}»'),
    "number": re.compile(
        r"(?<![\w.])[-+]?\d[\d,.]*\d?\s?(?:mg|mcg|µg|g|kg|ml|mL|l|L|IU|mmol|%|°C|°F|km|cm|mm|m|ft|mph|kHz|MHz|GHz"
        r"|GB|MB|KB|USD|EUR|GBP)?(?![\w])"
    ),
}

_MATHS = re.compile(
    r"\$\$[^$]+\$\$|(?<![\w$])\$[^$\n]*[\\^_{][^$\n]*\$(?!\w)|\\\[.+?\\\]|\\\(.+?\\\)", re.DOTALL
)
_FENCE = re.compile(r"^ {0,3}(`{3,}|~{3,})[^\n]*$", re.MULTILINE)
_INLINE = re.compile(r"(?<!`)(`+)(?!`)(.+?)(?<!`)\1(?!`)", re.DOTALL)


def places(text: str) -> list[Place]:
    """All places beyond doubt, sorted; they may overlap."""
    found = [Place(*span, "code") for span in _fences(text)]
    found += [Place(*hit.span(), "code") for hit in _INLINE.finditer(text) if "\n\n" not in hit[0]]
    found += [Place(*hit.span(), "maths") for hit in _MATHS.finditer(text)]
    for kind, pattern in _SCANNERS.items():
        found += [Place(*hit.span(), kind) for hit in pattern.finditer(text) if hit.end() > hit.start()]
    return sorted(found)


def _fences(text: str) -> list[tuple[int, int]]:
    """Fenced blocks, from the opening line to the closing one or the end (CommonMark 0.31, 4.5)."""
    spans = []
    opened: re.Match[str] | None = None
    for line in _FENCE.finditer(text):
        if opened is None:
            opened = line
        elif line[1][0] == opened[1][0] and len(line[1]) >= len(opened[1]) and line[0].strip() == line[1]:
            spans.append((opened.start(), line.end()))
            opened = None
    return [*spans, (opened.start(), len(text))] if opened is not None else spans


def touched(text: str, start: int, end: int, kinds: frozenset[str] | None = None) -> list[Place]:
    """The places that an edit of ``text[start:end]`` touches; an insertion touches what it is inside of."""
    return [
        place
        for place in places(text)
        if (kinds is None or place.kind in kinds)
        and place.start < max(end, start + 1)
        and (start < place.end)
        and not (start == end and start == place.start)
    ]


_CONTRACTED = {
    "cant": "can not",
    "can't": "can not",
    "cannot": "can not",
    "wont": "will not",
    "won't": "will not",
    "shan't": "shall not",
    "dont": "do not",
    "doesnt": "does not",
    "didnt": "did not",
    "isnt": "is not",
    "arent": "are not",
    "wasnt": "was not",
    "werent": "were not",
    "hasnt": "has not",
    "havent": "have not",
    "hadnt": "had not",
    "couldnt": "could not",
    "wouldnt": "would not",
    "shouldnt": "should not",
    "mustnt": "must not",
    "neednt": "need not",
}
_WORD = re.compile(r"[A-Za-z]+(?:['’][A-Za-z]+)?")
_NEGATIONS = frozenset(
    [
        "not",
        "no",
        "never",
        "none",
        "nobody",
        "nothing",
        "nowhere",
        "neither",
        "nor",
        "without",
        "hardly",
        "barely",
    ]
)
_MODALS = frozenset(
    ["shall", "should", "may", "might", "must", "can", "could", "will", "would", "ought", "need"]
)


_UNSEEN = re.compile(
    "\x1b\\[[0-9;]*[A-Za-z]|[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\xad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]"
)
_CODED = re.compile(r"&(?:amp;)*#[xX]?[0-9A-Fa-f]{2,6};")


def numbers(raw: str) -> list[str]:
    """The runs of digits, with what nobody sees as a boundary; the codes of character references are none."""
    return re.findall(r"\d+", _CODED.sub(" ", _UNSEEN.sub(" ", raw)))


def unseen(text: str) -> bool:
    """Whether a text holds nothing but characters that nobody sees."""
    return bool(text) and not _UNSEEN.sub("", text)


_FUNCTION_WORDS = {
    "en": "the and of to in is that for it with as was on are be this by not have from or which you at his",
    "es": "el la los las de del que y en un una por con para se es no su lo como más al este esta pero sus",
    "de": "der die das und ist nicht ein eine zu mit den von auf für im dem des auch sich es werden wird oder wie",
    "fr": "le la les des et est une un dans pour que qui sur par avec ne pas plus au du en ce cette sont il",
}
"""The commonest words of each language."""

_LEAST = 12
_LETTERS = re.compile(r"[^\W\d_]+")


def language(text: str) -> str:
    """Spanish, German or French where its commonest words make up a fifth of a text and twice those of English."""
    words = [word.lower() for word in _LETTERS.findall(text)]
    if len(words) < _LEAST:
        return ""
    shares = {
        name: sum(word in listed for word in words) / len(words)
        for name, listed in ((name, set(several.split())) for name, several in _FUNCTION_WORDS.items())
    }
    best = max(("es", "de", "fr"), key=shares.__getitem__)
    return best if shares[best] > 0.2 and shares[best] > 2 * shares["en"] else ""


def meaning(text: str) -> dict[str, list[str]]:
    """What must be the same before and after: numbers, URLs, negations and modals, in order."""
    words: list[str] = []
    for hit in _WORD.finditer(text.replace("’", "'")):
        word = hit[0].lower()
        if word in _CONTRACTED:
            words += _CONTRACTED[word].split()
        elif word.endswith("n't"):
            words += [word[:-3], "not"]
        else:
            words.append(word)
    return {
        "digits": numbers(text),
        "urls": [hit[0] for hit in _SCANNERS["url"].finditer(text)],
        "negations": [word for word in words if word in _NEGATIONS],
        "modals": [word for word in words if word in _MODALS],
    }


def changed(before: str, after: str) -> list[str]:
    """What of the meaning is not as it was."""
    was, now = meaning(before), meaning(after)
    return [kind for kind in was if was[kind] != now[kind]]
