"""Closed lists of English errors that have one reading, written for this project."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable


class Phrase(NamedTuple):
    """A wrong phrase.

    Attributes:
        guard: its list.
        needs: words, and pairs of neighbouring words, of which a text with the phrase has one; all small.
        pattern: what is found.
        after: what stands there instead; a template of the pattern.
    """

    guard: str
    needs: frozenset[str | tuple[str, str]]
    pattern: re.Pattern[str]
    after: str


_CONTRACTED = (
    "don't doesn't didn't isn't aren't wasn't weren't haven't hasn't hadn't wouldn't couldn't shouldn't "
    "mustn't needn't can't you're they're you've we've they've that's there's what's he's she's it'll "
)
CONTRACTIONS = {
    **{word.replace("'", ""): word for word in re.findall(r"[a-z']+", _CONTRACTED)},
    "im": "I'm",
    "ive": "I've",
}
"""Contractions by what is left of them without the apostrophe. "its", "were", "well", "ill", "wed", "shell", "hell",
"id", "wont" and "lets" are words of their own."""

PARTICIPLES = (
    r"been|gone|had|made|said|done|seen|taken|given|known|come|become|got|gotten|thought|told|found|felt|kept|left|put"
    r"|led|lost|met|paid|read|sent|set|shown|spent|won|written|chosen|begun|broken|caught|bought|brought|built|happened"
    r"|[a-z]{3,}ed"
)
"""What stands behind "could have" and never behind "could of course"."""


LABELS = (
    "vitamin|hepatitis|types?|grades?|groups?|class|options?|appendix|section|schedule|part|plan|figure|table"
    "|influenza|protein|factor|stage|level|chain|form|choice|answer|letter|vowel|note|team|blood|list|series|model"
    "|variant|subunit|receptor|item|step|case|point|line|column|row|box|street|unit|room|block|from|either|or"
)
"""Behind these, *a* may be a letter."""

NO_NOUNS = frozenset(
    re.findall(
        r"\w+",
        "and are the this that with from for but nor not yet was were has have had can could will would may "
        "might must shall should its his her their our your these those which who whom what when where why "
        "how than then there here also into onto per via las los des una uno dei del posteriori priori "
        "capella cappella fortiori contrario alot abit all any each every our other another anyone anything everyone "
        "everything although unless until among about above after again against almost already also always amid "
        "around aside away ever even only once one ",
    )
)
"""Before these, *a* is no article of theirs."""

TAKES_AN = frozenset(
    re.findall(
        r"\w+",
        "is was be been being am isn wasn as in on of for with to by from at into onto upon over under through during "
        "without within after before between like than that if or but and so because while when where have has had "
        "having not such quite what just only even still also both make makes made making give gives gave given "
        "giving take takes took taken taking get gets got getting use uses used using need needs needed needing see "
        "sees saw seen find finds found become becomes became play plays played provide provides provided providing "
        "create creates created offer offers offered offering include includes included including show shows showed "
        "require requires required requiring represent represents represented remain remains remained want wants "
        "wanted buy buys bought write writes wrote add adds added choose chooses chose consider considered contain "
        "contains contained want hold holds held keep keeps kept bring brings brought ",
    )
)
"""Behind these *an* is an article; behind a noun it may be half of "and"."""

NO_ADVERBS = frozenset(re.findall(r"\w+", "family reply supply fly rely jelly belly lily bully rally"))
"""These end like adverbs."""

TWICE = "the|a|an|of|and|with|from|our|their|your|its|his"
"""Words that never follow themselves; "that that", "had had", "is is", "in in" and "to to" may, as in "like this this
month" and "my my"."""

BEHIND_I = (
    "(?:am|was|have|had|think|thought|know|knew|will|would|can|could|cannot|can't|do|did|don't|didn't|feel|felt|want"
    "|wanted|need|like|love|believe|hope|guess|mean|see|saw|got|get|went|just|really|also|never|always|should|might|may"
    r"|must|wish|understand|agree|suggest|recommend)\b"
)
"""What follows the pronoun, and no index, list mark or number."""

OPENERS = "the|this|these|those|they|he|she|we|it|there|however|although|because"
"""Words that begin sentences and are never written small there for their own sake, as "mRNA" is."""

SHORTENED = frozenset(
    re.findall(
        r"\w+",
        "etc approx incl excl esp fig figs resp viz seq dept est max min avg misc temp vol ext vers ed eds "
        "cap art sec ch par inc corp ltd co assn dist no nos pp ref refs cf ca al ibid jan feb mar apr jun "
        "jul aug sep sept oct nov dec mon tue wed thu fri sat sun std def usu spp subsp sp var syn tab tabs "
        "tel ave blvd str gov rep sen gen col capt lieut prof inj sol susp mfr prep dil conc wt gal cert reg "
        "rev prec pers sing plur adj adv obs orig equiv bros mssrs ",
    )
)
"""Abbreviations of three letters or more that take a full stop and end no sentence."""


def _phrase(guard: str, needs: Iterable[str], pattern: str, after: str) -> Phrase:
    """A phrase; what it needs is written as a word, or as two."""
    signs: list[str | tuple[str, str]] = []
    for need in needs:
        one, _, two = need.lower().partition(" ")
        signs.append((one, two) if two else one)
    return Phrase(guard, frozenset(signs), re.compile(pattern), after)


_START = r"(?:^|(?<=\n)|(?<=[.!?] ))"
_CLEAR_BEFORE = r"(?:^|(?<=\n)|(?<=[.!?] )|(?<=\bbecause )|(?<=\bbut )|(?<=\bso )|(?<=\bwhen )|(?<=\bsince ))"
"""Where a clause begins whose verb belongs to its pronoun: no "if", no "suggest that"."""

_JOINED = {
    "alot": "a lot",
    "infact": "in fact",
    "aswell": "as well",
    "eachother": "each other",
    "atleast": "at least",
    "incase": "in case",
    "eventhough": "even though",
    "ofcourse": "of course",
    "inspite": "in spite",
    "noone": "no one",
    "abit": "a bit",
    "everytime": "every time",
    "inorder": "in order",
    "thankyou": "thank you",
}
_MASS = ("information", "advice", "equipment", "furniture", "luggage", "homework", "knowledge", "feedback")
_LINKING = (
    "Furthermore|Moreover|Nevertheless|Nonetheless|Consequently|Additionally|Therefore|Similarly|Likewise|Otherwise"
    "|In addition|For example|For instance|As a result|In conclusion|In contrast|In fact|In general"
)
_SUBJECT = "he|she|it|they|we|you|I|the|this|these|those|there"
_MORE = (
    "[Mm]ore|[Ll]ess|[Ff]ewer|[Rr]ather|[Gg]reater|[Bb]etter|[Ll]arger|[Ss]maller|[Hh]igher|[Ll]ower|[Ww]orse"
)

_MODALS = ("could", "should", "would", "must", "might")
_PLURAL, _SINGULAR = "[Tt]hey|[Ww]e|[Yy]ou", "[Hh]e|[Ss]he|[Ii]t"


def _agreement(pronouns: str, wrong: str, right: str) -> Phrase:
    """A pronoun and a verb of the other number, where a clause begins."""
    needs = [f"{pronoun} {wrong}" for pronoun in re.sub(r"\[(.).\]", r"\1", pronouns).split("|")]
    return _phrase("agreement", needs, rf"{_CLEAR_BEFORE}({pronouns}) {wrong}(?= [a-z])", rf"\1 {right}")


PHRASES = (
    _phrase(
        "modal",
        [f"{modal} of" for modal in _MODALS],
        rf"\b({'|'.join(_MODALS)}) of( (?:not |also |never |always )?(?:{PARTICIPLES})\b)",
        r"\1 have\2",
    ),
    *(
        _phrase("joined", [wrong], rf"(?<![\w'’./@#-]){wrong}(?![\w'’/@-])", right)
        for wrong, right in _JOINED.items()
    ),
    *(
        _phrase("mass", [f"{noun}s"], rf"(?<![\w'’-])(?<!these )(?<!those ){noun}s(?![\w'’-])", noun)
        for noun in _MASS
    ),
    _phrase("linking", _LINKING.split("|"), rf"{_START}({_LINKING}) ({_SUBJECT})(?= [a-z])", r"\1, \2"),
    _phrase(
        "than",
        [f"{more} then" for more in re.sub(r"\[(.).\]", r"\1", _MORE).split("|")],
        rf"\b({_MORE}) then(?= (?:[a-z]|\d))",
        r"\1 than",
    ),
    _agreement(_PLURAL, "was", "were"),
    _agreement(_PLURAL, "is", "are"),
    _agreement(_PLURAL, "has", "have"),
    _agreement(_SINGULAR, "are", "is"),
    _agreement(_SINGULAR, "have", "has"),
)
"""Phrases, each with one reading where it stands."""
