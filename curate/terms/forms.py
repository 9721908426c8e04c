"""Forms of a term: regular plurals, hyphens, letter case, and the article before it."""

from __future__ import annotations

import re

from curate.terms.folding import straight

SMALL = frozenset("a an and as at but by for from in into of on or per the to with".split())  # noqa: SIM905 (a list of words)
"""Words that stay small in a heading."""

_HEAD = re.compile(r"(?<=\w)(?=[ -](?:of|in|at|for|with|by|to|from|on|per)[ -])")
_WORD = re.compile(r"[^\W_]+")


def plural(form: str) -> str:
    """The regular English plural of a noun; of its head, where a preposition follows: powers of attorney."""
    head = _HEAD.search(form)
    at = head.start() if head else len(form)
    noun, rest = form[:at], form[at:]
    low = noun.lower()
    if low.endswith("sis"):
        return noun[:-2] + "es" + rest
    if low.endswith("itis"):
        return noun[:-1] + "des" + rest
    if low.endswith(("s", "x", "z", "ch", "sh")):
        return noun + "es" + rest
    if re.search("[^aeiou]y$", low):
        return noun[:-1] + "ies" + rest
    return noun + "s" + rest


def other_hyphens(form: str) -> tuple[str, ...]:
    """The form with spaces for its hyphens, and with hyphens for its spaces."""
    return tuple(
        dict.fromkeys(other for other in (form.replace("-", " "), form.replace(" ", "-")) if other != form)
    )


def carried(found: str, listed: str, after: str) -> str | None:
    """The replacement in the letter case of what was found; None if that case follows no rule.

    Args:
        found: as it stands in the text.
        listed: the same form as the glossary has it.
        after: the replacement as the glossary has it.
    """
    if found == listed or (found := straight(found)) == listed or found.islower():
        return after
    if found.isupper():
        return after.upper() if len(_WORD.findall(found)) > 1 or len(found) > 1 else _capital(after)
    if found[:1].isupper() and found[1:] in (listed[1:], listed[1:].lower()):
        return _capital(after)
    return _title(after) if _is_title(found) else None


def _capital(text: str) -> str:
    """The first letter large, unless the first word has its own case: iPhone, mRNA."""
    first = _WORD.search(text)
    if first is None or not first[0].islower():
        return text
    at = first.start()
    return text[:at] + text[at].upper() + text[at + 1 :]


def _is_title(text: str) -> bool:
    """Whether all words but small ones begin with a large letter, and no other letter is large."""
    words = _WORD.findall(text)
    return len(words) > 1 and all(
        word[:1].isupper() and not word[1:].strip("s").isupper() and word[1:] == word[1:].lower()
        for word in words
        if word not in SMALL and word != "s"
    )


def _title(text: str) -> str:
    """Every word but small ones with a large first letter."""

    def large(hit: re.Match[str]) -> str:
        is_free = hit[0].islower() and (not hit.start() or hit[0] not in SMALL)
        is_ending = text[max(0, hit.start() - 1) : hit.start()] == "'"
        return hit[0][0].upper() + hit[0][1:] if is_free and not is_ending else hit[0]

    return _WORD.sub(large, text)


_VOWEL_LETTERS = frozenset("AEFHILMNORSX")
_SPELLED = re.compile(r"[A-Z][A-Z0-9]+\b")
_AN = re.compile("hour|honest|honou?r|heir", re.IGNORECASE)
_YOU = re.compile(
    "(?:eu|ewe|ubiq|uk[eru]|uni(?:corn|f[iy]|form|lat|on|q|s|t|v|pol|mod)|ur(?:anium|e|i[cn]|o)|us(?:a[bg]|e|u)"
    "|ut(?:er[iou]|ens|il|op))|(?:one|once)(?![a-z])",
    re.IGNORECASE,
)
"""Words that begin with a vowel letter and the sound of *you* or *won*: *an* urgent, unidentified use of *a* unit."""


def article(text: str) -> str | None:
    """``a`` or ``an``, by how the first word sounds; None where that is not certain.

    A word of large letters is taken to be spelled out (an ECG) only without a vowel: a NASA, an ASA are not certain.
    """
    word = text.lstrip("(\"'“‘")
    spelled = _SPELLED.match(word)
    if spelled:
        is_spelled = not set(spelled[0]) & set("AEIOU")
        return ("an" if word[0] in _VOWEL_LETTERS else "a") if is_spelled else None
    if not word[:1].isascii() or not word[:1].isalpha():
        return None
    if _AN.match(word):
        return "an"
    if _YOU.match(word):
        return "a"
    return "an" if word[0].lower() in "aeiou" else "a"
