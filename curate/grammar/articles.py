"""Whether *a* or *an* stands before a word: a matter of its first sound, which its letters mostly tell.

Only lower-case words are judged. Names, acronyms, letters and numbers are read aloud in too many ways, and "an
historic" is right where it is said so.
"""

from __future__ import annotations

import re

_AN = re.compile(
    r"[ai]|e(?!u|w)|o(?!n(?:e(?!r)|ce)|uija)|u(?:n(?!i|o$)|ni(?:n|m|d(?!i))|p|m|l(?!u)|tt|tmost|rg|rb|rn|sh|d|g)|"
    r"h(?:our|onest|ono|eir(?!l))"
)
_A = re.compile(
    r"[bcdfgjklmnpqrstvwz]|y[aeou]|e[uw]|on(?:es|e$|ce)|u(?:ni(?=[tvfcoqslp])|s[eua]|t[ei]|r[aei]|biq|fo|vu)"
)
_SHORTEST = 3
"""Letters of a word that is surely none of a formula, a list or another language."""


def article(word: str) -> str | None:
    """``a`` or ``an``; None where the spelling does not tell.

    >>> [article(word) for word in ("apple", "university", "uncle", "hour", "house", "historic", "one", "MRI")]
    ['an', 'a', 'an', 'an', None, None, 'a', None]
    """
    if len(word) < _SHORTEST or not word.isascii() or not word.isalpha() or not word.islower():
        return None
    is_an, is_a = _AN.match(word) is not None, _A.match(word) is not None
    return None if is_an == is_a else ("an" if is_an else "a")
