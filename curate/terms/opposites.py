"""Replacements that turn a text round: opposites, a negation by prefix, what is allowed for what is forbidden.

A glossary renames things; an entry that writes *dead* for *alive* is a slip of a row in a table, and would go through a
data set as an edit. Words that only look like a negation and mean the same (*inflammable*) are listed.
"""

from __future__ import annotations

import re
from itertools import product
from typing import TYPE_CHECKING

from curate.protect.lookalikes import LAW, PARTIES, TERMS, are_opposed
from curate.terms.folding import fold

if TYPE_CHECKING:
    from collections.abc import Iterable

_PAIRS = """alive/dead living/dead life/death alive/deceased birth/death tolerant/allergic tolerant/intolerant
safe/dangerous safe/unsafe hot/cold warm/cold wet/dry high/low tall/short long/short big/small
large/small more/less most/least many/few all/none always/never everything/nothing before/after
first/last early/late old/new old/young open/closed open/shut opens/closes on/off start/stop
starts/stops begin/end begins/ends left/right top/bottom front/back above/below over/under in/out
inside/outside up/down full/empty strong/weak heavy/light thick/thin fast/slow quick/slow
easy/difficult easy/hard good/bad good/evil right/wrong correct/wrong correct/false present/absent
pass/fail passed/failed passes/fails success/failure succeed/fail succeeds/fails win/lose won/lost
gain/loss profit/loss buy/sell bought/sold borrow/lend give/take given/taken send/receive
sent/received push/pull add/remove added/removed raise/lower rise/fall rises/falls rising/falling
improve/worsen improved/worsened improvement/deterioration strengthen/weaken love/hate like/dislike
friend/enemy peace/war male/female man/woman men/women boy/girl husband/wife mother/father
healthy/sick healthy/ill well/ill sober/drunk awake/asleep conscious/unconscious public/private
rich/poor cheap/expensive true/untrue single/married guilty/acquitted innocent/convicted
active/inactive active/passive active/retired temporary/permanent voluntary/mandatory
voluntary/compulsory optional/mandatory optional/required optional/compulsory credit/debt plus/minus
multiply/divide positive/negative with/without for/against accept/reject accepted/rejected
accepts/rejects accept/refuse accepted/refused accepts/refuses confirm/deny confirmed/denied
confirms/denies admit/deny admits/denies approve/reject approved/rejected approves/rejects
allow/deny allowed/denied approved/denied valid/void winner/loser manages/fails manage/fail
managed/failed able/unable hit/miss found/lost install/uninstall lock/unlock visible/hidden
day/night summer/winter sweet/sour sharp/blunt smooth/rough tight/loose wide/narrow deep/shallow"""

_MEANS = {
    "what is allowed": "allow allows allowed allowing permit permits permitted permitting authorise authorised"
    " authorize authorized entitle entitled license licensed legal lawful eligible enable enables enabled let lets",
    "what is forbidden": "forbid forbids forbidden prohibit prohibits prohibited bar bars barred ban bans banned"
    " disallow disallows disallowed illegal unlawful ineligible exclude excludes excluded restrict restricted"
    " prevent prevents prevented block blocks blocked outlaw outlawed",
    "what is required": "require requires required oblige obliges obliged obligated mandatory compulsory need needs"
    " bound forced",
    "what is left open": "optional voluntary recommended suggested advised encouraged discretionary",
}
"""What somebody may, must not, must or need not do."""

_SAME = """inflammable/flammable irregardless/regardless unravel/ravel unthaw/thaw unloose/loose imbed/embed
impanel/empanel inquire/enquire inquiry/enquiry insure/ensure imbue/embue disassociate/associate"""
"""Words of one meaning that look like opposites."""


def _pairs(*texts: str) -> frozenset[frozenset[str]]:
    return frozenset(frozenset(pair.replace("-", "").split("/")) for text in texts for pair in text.split())


OPPOSITES = _pairs(_PAIRS, *PARTIES, *LAW, *TERMS)
_ALIKE = _pairs(_SAME)
_NEGATING = frozenset(("non", "un", "anti", "counter", "contra", "im", "in", "dis"))
_PREFIXES = ("contra", "contra-", "non-", "anti-", "un-", "mal")
_CLASS = {word: said for said, words in _MEANS.items() for word in words.split()}
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")


def turned_round(form: str, preferred: str) -> str:
    """How a replacement turns a text round, in words for an error message; empty if it does not.

    >>> turned_round("alive", "dead"), turned_round("is barred from", "is allowed to")
    ("'alive' and 'dead' are opposites", 'what is forbidden becomes what is allowed')
    >>> turned_round("inflammable", "flammable"), turned_round("blood sugar", "glucose")
    ('', '')
    """
    one, two = _words(form), _words(preferred)
    gone, new = [word for word in one if word not in two], [word for word in two if word not in one]
    if _letters(form) == _letters(preferred):
        return ""
    for word, other in product(gone, new):
        if _are_opposites(word, other):
            return f"'{word}' and '{other}' are opposites"
    if not (gone and new) and (prefixes := [word for word in gone + new if word in _NEGATING]):
        return f"'{prefixes[0]}' turns the words round"
    before, after = _said(gone), _said(new)
    if before and after and before != after:
        return f"{' and '.join(before)} becomes {' and '.join(after)}"
    return ""


def _words(text: str) -> list[str]:
    """The words, of hyphenated ones also the whole: *anti-body* is *antibody*, *high-dose* also *high*, *dose*."""
    found = _WORD.findall(fold(text))
    whole = [word.replace("-", "") for word in found]
    split = [word.split("-") for word in found if "-" in word]
    return [*whole, *(part for parts in split if parts[0] not in _NEGATING for part in parts)]


def _letters(text: str) -> str:
    return re.sub(r"[\W_]+", "", fold(text))


def _are_opposites(one: str, other: str) -> bool:
    pair = frozenset((one, other))
    if pair in _ALIKE:
        return False
    long, short = max(one, other, key=len), min(one, other, key=len)
    return (
        pair in OPPOSITES or are_opposed(one, other) or long in {f"{prefix}{short}" for prefix in _PREFIXES}
    )


def _said(words: Iterable[str]) -> list[str]:
    return sorted({_CLASS[word] for word in words if word in _CLASS})
