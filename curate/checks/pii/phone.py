"""A telephone number stands in the text.

Why     A model repeats numbers that it was trained on, and calls reach whoever has them.
Mend    Put a placeholder in its place, `curate fix {files} --only pii -o {out}`, let known ones pass with
        `allow`, or set the rows aside: `curate drop {files} --select pii.phone -o {out}`.
Limits  Numbers of services (free, shared or premium rate), of fiction (555, Ofcom's) and local ones without an area
        code are spared. Without a country code, only the American form needs no word beside it. On rows we
        generated and tuned on, 300 with one and 300 with a look-alike: precision 300 of 300 (Wilson .987 to 1),
        recall 300 of 300. Precision on real data (tuned on it): 71 of 71 read (Wilson .949 to 1), 40 different
        ones, in c4 24 of 24, MedQuAD 36 of 36 (all of agencies), T0 11 of 11. Names, addresses and dates of birth
        are not looked for. In clean corpora: MedQuAD 36 hits, 36 of 36 read right. All belong to agencies and
        societies.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import polars as pl

from curate.core.check import Batch, RowCheck, Severity, found
from curate.core.examples import ask, chat, corpus, preference, row
from curate.text.identifiers import OTHER_NUMBERS, Said, digits_of, made_up, nearer, seek
from curate.text.marks import Mark

if TYPE_CHECKING:
    from collections.abc import Iterator

    from phonenumbers import PhoneNumber

_GAP = "[ \u00a0\u2011./()-]"
_STRETCH = re.compile(rf"\d(?:{_GAP}{{0,3}}\d){{6,}}+", re.ASCII)
_FROM_ABROAD = re.compile(
    rf"(?<![\w+])(?:\+|(?<!\d )\b00(?=[1-9]))\(?[1-9](?:{_GAP}{{0,3}}\d){{6,17}}(?!-?\w)", re.ASCII
)
_AMERICAN = re.compile(
    r"(?<![\w.,/+=-])(?<!\d )(?:\+?1[-. ]{1,2})?(?:\([2-9]\d\d\)[ -]{0,2}[2-9]\d\d[-. \u2011]"
    r"|(?P<a>[2-9]\d\d(?P<s>[-\u2011])[2-9]\d\d(?P=s)))\d{4}(?![\w=-]|[.,/]\d| \d)",
    re.ASCII,
)
_NATIONAL = re.compile(
    r"(?<![\w.,$€£+<-])(?<!\d )(?:\(?0\d[\d \u00a0./()-]{5,18}|\(?[1-9][\d \u00a0.()-]{5,18})(?<=\d)(?!-?\w"
    r"|[.,=/]\d|=)",
    re.ASCII,
)
_WANTED = r"[0-9](?:[() .\-/]{0,3}[0-9]){6}"

_STRONG = re.compile(
    r"(?:\b(?:tele)?phones?(?: (?:number|no))?|\btel(?:efon|[eé]fono|efone|ephone|efoonnummer|\. ?no)?"
    r"|\bt[eé]l(?:[eé]phone)?|\bm[oó]vil|\bcel(?:l|ular)?"
    r"|\bcellulare|\bcell ?phone|\bmob(?:ile?)?|\bhandy(?:nummer)?|\btelefonnummer|\brufnummer|\bportable"
    r"|\bfax|\bwhats ?app|\bsms|\bsignal|\bhotline|\bhelpline"
    r"|电话|電話|手机|手機|座机|传真|联系方式|携帯|전화|telefono|телефон)(?:号码?|號碼?|番号|번호)?"
    r"(?: (?:number|no|is|was|at|on|num"
    r"|ist|lautet|es|est|nummer|nr|under|unter))*[^\w\n]{0,4}(?:是|为|はです)?[^\w\n]{0,3}$"
)
_WEAK = re.compile(
    r"(?:\b(?:call|calls|calling|ring|dial|text|reach|contact|phone)\b(?: \w+){0,5}(?: (?:on|at|under))"
    r"|\b(?:call|ring|dial|text|phone)(?: (?:me|us|him|her|them|now|back))?"
    r"|\b(?:ruf|rufe|rufen sie|rufst du)(?: (?:mich|uns|ihn|sie|ihr|dort|doch|bitte|gerne?|jederzeit|einfach|kurz|an))*"
    r"|\bcontact number|\b(?:ruf(?:en)? sie|anrufen|erreichbar|appelez|llam[ae]|llame al))\W{0,4}(?:unter"
    r"|au|al|is)?\W{0,2}$"
)
_OTHER = re.compile(
    rf"(?:{OTHER_NUMBERS.pattern}|\b(?:isbn|nhs|chi|ssn|mrn|rma|po|upc|vin|npi|ndc|instrument|deed|account"
    rf"|acct|policy|claim|licen[cs]e|permit|model|version|file"
    r"|device|terminal|meter|asset|folio|member|employee|bates|registration|certificate|route|bus|size|series|range)\b"
    r"|(?<!phone )(?<!tel )(?<!tel\. )(?<!mobile )(?<!cell )(?<!fax )\bno\b|§)"
    r"[^\d\n]{0,16}$"
)
_DATE = re.compile(
    r"\(?(?:19|20)\d\d[./ -]{1,3}\d|\(?[0-3]?\d[./-][0-3]?\d[./-](?:19|20)?\d\d(?!\d)|(?:19"
    r"|20)\d\d ?[-–/] ?(?:19|20)\d\d$"
)
_CALCULATION, _SUM = re.compile(r"[=*×/<]\s*$"), re.compile(r"[\d=*×/]\s*$")
_SHORTEST, _LONGEST = 8, 15
_SERVICE = re.compile(
    r"\(?(?:\+?1[-. ]{0,2})?\(?8(?:00|33|44|55|66|77|88)\b|\(?0(?:800|808|845|870|871|900|3[03]\d)\b"
    r"|1[38]00\b|[48]00[- ]"
)
"""How numbers of services begin in many countries: free, shared or at a premium."""

_ANY = "ZZ"
REGIONS = (
    "US",
    "GB",
    "DE",
    "FR",
    "ES",
    "IT",
    "NL",
    "BE",
    "AT",
    "CH",
    "PL",
    "SE",
    "PT",
    "IE",
    "CN",
    "JP",
    "KR",
    "IN",
    "AU",
    "NZ",
    "BR",
    "MX",
    "ZA",
    "TR",
    "RU",
)
"""Where a number without a country code may come from; it counts only behind a word such as "phone"."""

_NOT_PERSONAL = frozenset((3, 4, 5, 8, 9, 10, 99))
"""Toll-free, premium rate, shared cost, universal access, voicemail and paging are numbers of services, not of people;
99 is the type of what is no valid number."""

_FICTION = re.compile(
    r"\+(?:1\d{3}555\d{4}|44(?:2079460|1(?:1[3-8]|[2-6]1)4960|1914980|2896496|2920180|1632960|7700900|3069990)\d+"
    r"|49(?:3023125|6990009|4066969|2214710|8999998|1522881738|1522889545|17139200|1729968532|1760406)\d+"
    r"|33(?:19900|26191|35301|46571|53649|63998)\d+|61(?:[2378]5550|[2378]7010|491570)\d+)"
)
"""What the numbering plans set aside for films and examples (NANPA 555, Ofcom, Bundesnetzagentur, Arcep, ACMA)."""

FLAGGED = (
    ask("How do I reach her?").answer("Her mobile is +49 171 8842391.").at("+49 171 8842391"),
    ask("How do I reach him?").answer("Call (415) 692-8834 after six.").at("(415) 692-8834"),
    ask("Contact?").answer("Dave, 951-704-3374.").at("951-704-3374"),
    ask("Kontakt?").answer("Telefon: 030 90182 4417").at("030 90182 4417"),
    ask("联系方式？").answer("我的手机号码是13812049967。").at("13812049967"),
    ask("Kontakt?").answer("Rufen Sie mich an: 0171/2856943.").at("0171/2856943"),
    ask("Kontakt?").answer("Ruf 06221-784412 an.").at("06221-784412"),
    chat(("assistant", "What is your phone number?"), ("user", "07885 577 899"), ("assistant", "Thanks.")).at(
        "07885 577 899"
    ),
    preference("Who?", "I may not say.", "Ring +33 6 71 22 84 19.").at("+33 6 71 22 84 19"),
    row({"text": "Tel. 0044 20 7219 4272"}).at("0044 20 7219 4272"),
)
CLEAN = (
    ask("Emergency?").answer("Call 911, 112, 999 or 1-800-273-8255; text 741741; NHS 111; 0800 1111."),
    ask("Sample?").answer(
        "Phone: (555) 123-4567, 212-555-0147, 123-456-7890, +44 20 7946 0958 or 07700 900123."
    ),
    ask("Sum?").answer("150-1200-2000 = 2050 and 472547338\n+960397912423686\n9876543 * 100 = 987654300"),
    ask("When?").answer("From 2001-02-2004 to 12.05.2006 10:30; ISBN 978-3-16-148410-0, DOI 10.1000/182."),
    ask("Which?").answer(
        "Call 4155550000 is open; case 415-692-8834, ticket 212-692-8834, order 0049171884239."
    ),
    ask("Cite.").answer("410 U.S. 113, 42 CFR 482.12, docket 415-692-88345, 252 642 7293 4833 balls."),
    ask("Phone?").answer("The phone costs 1299 and was sold 12345678 times; phones 2007-2010."),
    corpus(*(ask("Which?").answer(f"Ticket {2126920000 + n}: phone is dead.") for n in range(30))),
)


@dataclass(frozen=True)
class Phone(RowCheck):
    """Numbers that can be dialled (ITU-T E.164), as the tables of Google's libphonenumber know them.

    A country code or the American form is enough; any other number needs a word before it that speaks of a phone.
    """

    severity: Severity = Severity.WARNING
    regions: tuple[str, ...] = REGIONS

    def examine(self, batch: Batch) -> pl.DataFrame:
        """One finding for each number."""
        hits = seek(batch, pl.col("text").str.contains(_WANTED), partial(_phones, regions=self.regions))
        return found(
            hits, pl.format("a telephone number {} stands in the text", "word"), evidence=pl.col("word")
        )


def _phones(said: Said, regions: tuple[str, ...]) -> Iterator[Mark]:
    done = 0
    for start, end, word, homes in sorted(_candidates(said, regions)):
        if start < done:
            continue
        place = _dialled(said.text[start:end], homes)
        if place:
            done = start + place
            yield Mark(start, done, word)


def _candidates(said: Said, regions: tuple[str, ...]) -> Iterator[tuple[int, int, str, tuple[str, ...]]]:
    """Spans that may be numbers, why, and the regions to try; those that the text calls something else are left out."""
    text = said.text
    for stretch in _STRETCH.finditer(text):
        window = max(0, stretch.start() - 4), stretch.end() + 4
        near = text[slice(*window)]
        for hit in _FROM_ABROAD.finditer(text, *window) if "+" in near or "00" in near else ():
            before = said.ahead_of(hit.start(), 60)
            sure = hit[0][0] != "0" or _is_called(before, strong=True)
            if sure and not _SUM.search(before) and not _is_other(before):
                yield *hit.span(), "with a country code", (_ANY,)
        for hit in _AMERICAN.finditer(text, *window) if any(map(near.__contains__, "(-\u2011")) else ():
            before = said.ahead_of(hit.start(), 60)
            if not _is_other(before) and not _CALCULATION.search(before):
                yield *hit.span(), "in American form", ("US",)
        for hit in _NATIONAL.finditer(text, *window):
            before = said.ahead_of(hit.start(), 60)
            if not _DATE.match(hit[0]) and _is_called(before, strong=hit[0].isdecimal() and hit[0][0] != "0"):
                yield *hit.span(), "behind a word for phone", regions


def _is_other(before: str) -> bool:
    """Whether the last words call the number a ticket, an order, an account and the like."""
    return bool(_OTHER.search(before))


def _is_called(before: str, *, strong: bool) -> bool:
    """Whether the words before a number speak of a phone; ``call`` does so only beside a formatted number."""
    if before.endswith("\n"):
        return nearer(_ASKED, OTHER_NUMBERS, before)
    return bool(_STRONG.search(before)) or (not strong and bool(_WEAK.search(before)))


_ASKED = re.compile(
    r"\b(?:phone|mobile|cell|telephone|contact) number\b|telefonnummer|handynummer|n[uú]mero de (?:tel"
    r"|m[oó]vil)|num[eé]ro de t|电话|手机"
)


def _dialled(text: str, regions: tuple[str, ...]) -> int:
    """How many characters of a candidate make a valid number of a person or a firm, or 0."""
    digits = digits_of(text)
    if made_up(digits[-7:]) or made_up(digits[-10:]) or _SERVICE.match(text):
        return 0
    for end in _ends(text):
        numbers = [number for region in regions if (number := _parsed(text[:end], region))]
        if any(map(_is_fiction, numbers)):
            return 0
        if any(map(_is_personal, numbers)):
            return end
    return 0


def _ends(text: str) -> Iterator[int]:
    """The end, and the ends of groups before a blank, the longest first: figures may follow a number."""
    for group in reversed(list(re.finditer(r"\d(?= |$)", text))):
        if _SHORTEST <= len(digits_of(text[: group.end()])) <= _LONGEST + 2:
            yield group.end()


def _parsed(text: str, region: str) -> PhoneNumber | None:
    """The number as it is dialled from a region; None where it cannot be one."""
    import phonenumbers  # noqa: PLC0415 (its tables are needed for candidates only)

    if region == _ANY and text.startswith("00"):
        text = f"+{text[2:]}"
    try:
        return phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return None


def _is_fiction(number: PhoneNumber) -> bool:
    """Whether it is set aside for films and examples."""
    import phonenumbers  # noqa: PLC0415 (the same)

    return bool(_FICTION.fullmatch(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)))


def _is_personal(number: PhoneNumber) -> bool:
    """Whether its country gives out such numbers to persons or firms; a number of no type is none at all."""
    import phonenumbers  # noqa: PLC0415 (the same)

    return phonenumbers.number_type(number) not in _NOT_PERSONAL
