"""The words that carry meaning which no edit may change, and the misspellings and contractions that stand for them.

What is listed here is folded before two texts are compared: ``cant``, ``can't``, ``cannot`` and ``can not`` all say
``can`` and ``not``. What is not listed is another word.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from curate.protect.look import listed
from curate.protect.units import MONTHS, NAMED, NUMBER_WORDS, SPELLINGS, WEEKDAYS

if TYPE_CHECKING:
    from collections.abc import Iterable

Item = tuple[str, str]
"""A kind of meaning, and what it is."""

MODALS = listed("shall may must should can could would will might ought")
NEGATIONS = listed("not no never without none neither nor nothing nobody nowhere nope non")

_NEGATED = {
    **{verb: verb for verb in listed("do does did is are was were has have had dare")},
    **{verb: verb for verb in listed("would could should must might may need ought")},
    "ca": "can",
    "can": "can",
    "wo": "will",
    "will": "will",
    "sha": "shall",
    "ai": "be",
}
_ENDINGS = ("n't", "nt", "'nt", "n'", "t'nt", "ent", "ent'", "en't", "n't've", "nt've", "ntve")
_MISSPELT_NEGATED = {
    "dosent": "does",
    "dosen't": "does",
    "dosnt": "does",
    "dosn't": "does",
    "doesen't": "does",
    "doen't": "does",
    "doent": "does",
    "dnot": "do",
    "don't't": "do",
    "dont't": "do",
    "diddnt": "did",
    "diddn't": "did",
    "din't": "did",
    "isint": "is",
    "isin't": "is",
    "wasen't": "was",
    "wern't": "were",
    "wernt": "were",
    "canot": "can",
    "cannnot": "can",
    "cannot": "can",
    "cann't": "can",
    "cannt": "can",
    "connot": "can",
    "caanot": "can",
    "cnanot": "can",
    "woudn't": "would",
    "woudnt": "would",
    "wouln't": "would",
    "coudn't": "could",
    "coudnt": "could",
    "couln't": "could",
    "shoudn't": "should",
    "shoudnt": "should",
    "shouln't": "should",
    "wan't": "was",
}
_MODAL_FORMS = {
    "should": "shoud shuold shoudl sould shold shoulld shuld shoild shoould hsould should've shouldve"
    " shoulda",
    "would": "wuold woudl woud wold wolud owuld woould would've wouldve woulda whould",
    "could": "coudl cuold coud cuould culd cloud've could've couldve coulda colud",
    "can": "cna acn cann",
    "will": "wil wll iwll wiill youll theyll itll thatll therell wholl weve'll",
    "might": "migth mihgt migh mght might've mightve",
    "must": "muts msut mustt must've mustve",
    "may": "mayy",
    "shall": "shal shll",
    "ought": "ougth oughta oght",
    "'d": "youd theyd",
}
_NEGATION_FORMS = {
    "not": "nto noit nott nnot",
    "never": "nver nevr nevre enver neverr",
    "without": "witout wihtout withuot whithout wtihout withotu witohut withut wihout withoout",
    "neither": "niether niether neighter neithr niether",
    "nothing": "nothign nothin nohting notihng nothng",
    "nobody": "nobdoy nobodys",
    "no": "noo",
}
_NUMBER_FORMS = {
    "four": "foru fuor",
    "five": "fvie fiev",
    "eight": "eigth eihgt eigt",
    "nine": "nien",
    "ten": "tne",
    "twelve": "twleve twelv",
    "thirteen": "thriteen",
    "fourteen": "forteen",
    "fifteen": "fiveteen fiften",
    "eighteen": "eightteen",
    "nineteen": "ninteen",
    "forty": "fourty",
    "fifty": "fivety",
    "ninety": "ninty",
    "hundred": "hundered hunderd hundread",
    "thousand": "thousend thousnad thosand",
    "million": "milion millon",
    "billion": "bilion",
    "first": "fisrt frist firts fist'ly",
    "second": "secnod secound secodn seccond",
    "third": "thrid thrd",
    "fifth": "fith fivth",
    "eighth": "eigthth eightth eigth's",
    "ninth": "nineth",
    "twelfth": "twelth",
    "twice": "twcie",
    "quarter": "quater",
}
_DATE_FORMS = {
    "monday": "mondya munday",
    "tuesday": "teusday tuseday tusday tuesdy",
    "wednesday": "wensday wendesday wednsday wednesay wenesday wedensday",
    "thursday": "thrusday thursay thurday",
    "friday": "firday fridya",
    "saturday": "saterday satruday saturady",
    "sunday": "sunady",
    "january": "janurary januray janaury januery",
    "february": "febuary februrary feburary febrary",
    "april": "aprl",
    "august": "agust augst",
    "september": "septemeber setpember septmber",
    "october": "ocotber octuber octobor",
    "november": "novemeber novmber",
    "december": "decemeber decmber desember",
    "tomorrow": "tommorow tommorrow tomorow tomorroww tomrrow",
    "yesterday": "yesteday yestarday yeserday",
    "today": "todya tody",
    "tonight": "tonite",
}
_LOGIC_WORDS = listed(
    "only all some any each every both either most many few several more less least before after"
    " above below over under until unless except if whether and or always sometimes often usually"
    " rarely seldom hardly barely scarcely maximum minimum left right"
    " almost exactly solely merely entirely partly partially mostly"
)
_LOGIC_FORMS = {
    "less": ("fewer",),
    "until": ("till", "til", "untill"),
    "every": ("everyone", "everybody", "everything", "everyday", "everytime", "everywhere"),
    "any": ("anyone", "anybody", "anything", "anytime", "anywhere", "anymore", "anyhow", "anyway"),
    "some": ("someone", "somebody", "something", "sometime", "somewhere", "somehow"),
    "least": ("atleast",),
    "most": ("atmost",),
    "and": ("adn", "nad"),
    "before": ("befor",),
    "always": ("allways",),
}
_COMPOUND = {
    "noone": (("negation", "no"), ("number", "one")),
    "alright": (("logic", "all"), ("logic", "right")),
    "and/or": (("logic", "and"), ("logic", "or")),
}
_DOSING = listed(
    "daily hourly nightly weekly monthly yearly annually biweekly fortnightly overnight bid tid"
    " qid qod qhs prn tds qds b.i.d t.i.d q.i.d p.r.n"
)
_DAYS = listed("today tomorrow yesterday tonight noon midnight")
_LONG_UNIT = 5
_NO_UNITS = frozenset(
    listed("minute second stone grain degree unit spray patch night gallon mole gray point micron puff pound")
)
"""Units that are other words where no number stands before them."""

_SLIPPING = frozenset(("number", "negation", "modal", "date"))
_OTHER_WORDS = frozenset(
    listed(
        "there thee tree seen even elven cold wold fist firs fits noting nether neer singe sigh tens fory sith sven"
        " coule trid dingle fort forth meant sing hid tir shod mold coupe hales mach"
    )
)
"""Slips of listed words that are words themselves."""

_LEAST_SLIP = 5


def slips(word: str) -> frozenset[str]:
    """What fingers make of a word by one slip: a letter left out, doubled or changed with its neighbour.

    These are three of the four single errors of Damerau (1964), "A technique for computer detection and correction of
    spelling errors", within the word; a wrong letter makes other words too easily. Short words have none.
    """
    if len(word) < _LEAST_SLIP or not word.isalpha():
        return frozenset()
    inner = range(1, len(word) - 1)
    left_out = {word[:at] + word[at + 1 :] for at in inner}
    doubled = {word[:at] + word[at] + word[at:] for at in range(len(word))}
    changed = {word[:at] + word[at + 1] + word[at] + word[at + 2 :] for at in inner}
    return frozenset(left_out | doubled | changed) - _OTHER_WORDS - {word}


def _slipped(kind: str, words: Iterable[str]) -> dict[str, tuple[Item, ...]]:
    """The slips of some words, without those that two of them share."""
    found = [(slip, word) for word in dict.fromkeys(words) for slip in slips(word)]
    shared = Counter(slip for slip, _ in found)
    return {slip: ((kind, word),) for slip, word in found if shared[slip] == 1}


def _forms() -> dict[str, tuple[Item, ...]]:
    table: dict[str, tuple[Item, ...]] = {}
    for kind, words in (
        ("logic", _LOGIC_WORDS),
        ("number", NUMBER_WORDS),
        ("negation", NEGATIONS),
        ("modal", MODALS),
        ("dose", _DOSING),
        ("date", [*map(str.lower, (*MONTHS, *WEEKDAYS)), *_DAYS]),
    ):
        table.update(_slipped(kind, words) if kind in _SLIPPING else {})
        table.update({word: ((kind, word),) for word in words})
    for kind, forms in (
        ("modal", _MODAL_FORMS),
        ("negation", _NEGATION_FORMS),
        ("number", _NUMBER_FORMS),
        ("date", _DATE_FORMS),
    ):
        for word, others in forms.items():
            table.update(dict.fromkeys(others.split(), ((kind, word),)))
    for word, forms_of in _LOGIC_FORMS.items():
        table.update(dict.fromkeys(forms_of, (("logic", word),)))
    table.update(_COMPOUND)
    table.update(_negated())
    for ambiguous in ("may", "march", "august", "wold", "cann"):
        table.pop(ambiguous, None)
    table["may"] = (("modal", "may"),)
    return table


def _negated() -> dict[str, tuple[Item, ...]]:
    """``don't`` and all its siblings, with and without the apostrophe, in its place or not."""
    spelled = {stem + ending: verb for stem, verb in _NEGATED.items() for ending in _ENDINGS}
    return {
        form: (*((("modal", verb),) if verb in {*MODALS, "need"} else ()), ("negation", "not"))
        for form, verb in {**spelled, **_MISSPELT_NEGATED}.items()
    }


SAYS = _forms()
"""What each listed word says, in lower case with straight apostrophes."""

LABELS = frozenset(
    listed(
        "article articles art art. section sections sec sec. chapter chapters title titles part parts"
        " phase stage grade type class level war factor amendment appendix annex schedule volume vol"
        " vol. book act scene rule clause paragraph division group category"
        " nerve nerves lead cranial mark pope king queen henry louis george edward elizabeth john"
        " paul pius philip charles richard william napoleon catherine nicholas"
    )
)
"""Words after which a Roman numeral is a number."""

MONTH_BEFORE = frozenset(
    listed("in of last next this since until by early late mid from through before after during and")
)

CAPITALS = frozenset(
    (
        *map(str.lower, (*MONTHS, *WEEKDAYS)),
        *listed(
            "english french german spanish italian portuguese dutch russian chinese japanese korean"
            " arabic hebrew hindi latin greek danish norwegian swedish finnish czech hungarian romanian"
            " bulgarian ukrainian thai vietnamese indonesian"
            " american british canadian australian mexican brazilian african asian european indian irish"
            " scottish christian christmas easter internet christianity islam buddhism hinduism judaism"
            " muslim jewish catholic protestant"
            " america britain england france germany italy spain russia japan india canada australia"
            " mexico brazil europe africa asia london paris i i'm i've i'll i'd"
        ),
    )
) - {"may", "march", "august"}
"""Words that a capital only spells as it should be; ``polish``, ``turkey`` and ``may`` are other words with one."""


def unit_of(word: str) -> str | None:
    """The unit that a word names, whatever its number and country; None if it names none."""
    low = word.lower()
    for singular in (low, low.removesuffix("s"), low.removesuffix("es")):
        for ending, other in SPELLINGS.items():
            if singular.endswith(ending):
                singular = singular.removesuffix(ending) + other  # noqa: PLW2901 (one spelling for one unit)
        if singular in _UNITS:
            return singular
    return None


_UNITS = frozenset(NAMED) | {"foot"}


def is_plain_unit(word: str) -> bool:
    """Whether a word names a unit even without a number before it."""
    unit = unit_of(word)
    return unit is not None and len(unit) >= _LONG_UNIT and unit not in _NO_UNITS and unit not in SAYS
