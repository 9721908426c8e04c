"""Words that say the opposite of each other and do not look alike: leave and ban, success and failure, life and death.

To put one where the other stood negates the sentence without a negation. What looks alike is in
:mod:`curate.protect.lookalikes`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_PERMIT = (
    "allow allows allowed allowing permit permits permitted permitting permissible authorize authorizes authorized"
    " authorise authorises authorised entitled licensed free optional legal lawful let lets enable enables enabled"
    " grant grants granted approve approves approved admit admits admitted welcome"
)
_FORBID = (
    "bar bars barred ban bans banned banning forbid forbids forbidden forbade prohibit prohibits prohibited"
    " prohibiting impermissible prevent prevents prevented preclude precludes precluded prevents block blocks blocked"
    " disallow disallows disallowed illegal unlawful outlawed enjoined restrained refuse refuses refused deny denies"
    " denied reject rejects rejected refrain refrains exempt exempted excluded mandatory compulsory required"
    " obliged obligated"
)
_SIDES = (
    (_PERMIT, _FORBID),
    (
        "manage manages managed succeed succeeds succeeded success successful successfully pass passes passed",
        "fail fails failed failing failure unsuccessful unsuccessfully unable neglect neglects omit omits cease ceases",
    ),
    (
        "alive living live lives lived surviving survive survives survived",
        "dead die dies died deceased killed late",
    ),
    (
        "indicated recommended advised advisable safe",
        "contraindicated inadvisable discouraged unsafe dangerous harmful",
    ),
    (
        "tolerant tolerates tolerated tolerate immune",
        "allergic intolerant sensitive hypersensitive susceptible",
    ),
    ("present", "absent"),
    ("always", "never seldom rarely"),
    ("all every everybody everyone everything", "none nobody nothing no"),
    ("often frequently usually", "rarely seldom"),
    ("many much more most", "few little less least fewer"),
    ("before prior earlier", "after later subsequent"),
    (
        "start starts started begin begins began begun commence commences commenced continue continues continued",
        "stop stops stopped end ends ended cease ceases ceased discontinue discontinued terminate terminated withhold",
    ),
    (
        "high higher highest raise raises raised rise rises rose elevated",
        "low lower lowest reduce reduces reduced fall falls fell lowered depressed",
    ),
    ("with including", "without excluding"),
    ("safe harmless", "unsafe dangerous harmful toxic"),
    ("healthy well", "ill sick diseased"),
    ("valid binding", "invalid void null"),
    ("open opens opened", "closed close closes shut"),
    ("on", "off"),
    ("in inside within", "out outside"),
    ("win wins won", "lose loses lost"),
    ("accept accepts accepted", "reject rejects rejected refuse refuses refused decline declines declined"),
    ("remember remembers remembered", "forget forgets forgot forgotten"),
    (
        "confirm confirms confirmed affirm affirms affirmed",
        "deny denies denied refute refutes refuted reversed",
    ),
    ("guilty convicted liable", "innocent acquitted exempt"),
    ("voluntary optional", "mandatory compulsory involuntary required"),
    ("public", "private confidential secret"),
    ("left", "right"),
    ("hot warm", "cold cool"),
    ("male man men", "female woman women"),
    ("gain gains gained profit", "loss losses lost"),
    ("good", "bad poor"),
    ("same equal", "different unequal"),
)
"""Two sides each; what stands on both sides of one says nothing."""

_AT: dict[str, dict[int, int]] = {}
for _number, _both in enumerate(_SIDES):
    for _side, _words in enumerate(_both):
        for _word in _words.split():
            _AT.setdefault(_word, {})[_number] = _side


def turned(gone: Iterable[str], come: Iterable[str]) -> bool:
    """Whether a word that comes says the opposite of one that goes.

    >>> turned(["is", "barred", "from"], ["is", "allowed", "to"]), turned(["permitted"], ["allowed"])
    (True, False)

    Args:
        gone: words in lower case.
        come: likewise.
    """
    were = [_AT[word] for word in gone if word in _AT]
    if not were:
        return False
    are = [_AT[word] for word in come if word in _AT]
    return any(one[at] != other[at] for one in were for other in are for at in one.keys() & other.keys())
