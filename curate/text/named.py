"""Whether the names of an answer are in what it was given."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from curate.text.grounding import Loose

if TYPE_CHECKING:
    from collections.abc import Iterator

_ENDINGS = "Ltd|LLC|LLP|LP|Inc|Corp|Corporation|GmbH|AG|plc|PLC|Company|Limited|Holdings|Partners|Trust|Bank"
_ENDING = re.compile(rf" (?:{_ENDINGS})\b")
_FIRM = re.compile(rf"\b(?:[A-Z][\w'’&.-]*[ -](?:& |and |of )?){{1,4}}(?:{_ENDINGS})\b")
_TITLES = ("Mr", "Ms", "Dr", "Prof", "Judge", "Justice")
_TITLED = re.compile(r"\b(?:Mr|Mrs|Ms|Dr|Prof|Judge|Justice)\.? ((?:[A-Z][\w'’-]+ ?){1,3})")
_NAMED_ONE = re.compile(
    r"[A-Z](?<=[a-z,;:] [A-Z])[a-z'’-]{2,}(?: [A-Z]\.)?(?: [A-Z][a-z'’-]{2,}){1,2}(?![\w'’-]* [A-Z])"
)
"""The capital letter stands first, because Python looks for it many times faster than for what is before it."""

_NO_NAMES = frozenset(
    (
        *(
            "united",
            "states",
            "kingdom",
            "america",
            "american",
            "european",
            "union",
            "great",
            "britain",
            "british",
        ),
        *(
            "north",
            "northern",
            "south",
            "southern",
            "east",
            "eastern",
            "west",
            "western",
            "central",
            "new",
            "york",
        ),
        *("white", "house", "prime", "minister", "president", "supreme", "court", "county", "city", "state"),
        *(
            "street",
            "national",
            "international",
            "the",
            "and",
            "for",
            "english",
            "christmas",
            "subject",
            "headings",
        ),
        *(
            "landlord",
            "tenant",
            "buyer",
            "seller",
            "lender",
            "borrower",
            "party",
            "parties",
            "company",
            "agreement",
        ),
        *("january", "february", "march", "april", "may", "june", "july", "august", "september", "october"),
        *(
            "november",
            "december",
            "monday",
            "tuesday",
            "wednesday",
            "thursday",
            "friday",
            "saturday",
            "sunday",
        ),
    )
)
"""Words of names that everybody knows or that any text may hold."""

_SUFFIX = re.compile(
    r"ltd|llc|llp|inc|corp|corporation|gmbh|plc|company|limited|holdings|partners|trust|bank|mrs|prof|judge|justice|and"
)


def loose_names(answer: str, given: str) -> Iterator[Loose]:
    """The names of firms and people in an answer of which no word stands in what was given.

    Args:
        answer: a summary, an extract, an answer from a text.
        given: the text, and what was asked about it.
    """
    low = ""
    firms = ((_FIRM, "a firm's name"),) if _ENDING.search(answer) else ()
    titled = ((_TITLED, "a person's name"),) if any(title in answer for title in _TITLES) else ()
    for pattern, kind in (*firms, *titled, (_NAMED_ONE, "a name")):
        for hit in pattern.finditer(answer):
            words = [
                word for word in re.findall(r"[^\W\d_]{3,}", hit[0].lower()) if not _SUFFIX.fullmatch(word)
            ]
            low = low or given.lower()
            known = any(word in _NO_NAMES or word[:5] in low for word in words)
            if words and not known:
                yield Loose(hit.start(), hit.end(), kind)
