"""A payment card number stands in the text.

Why     A model can give the number back word for word, and card rules (PCI DSS) forbid to keep it.
Mend    Put a placeholder in its place, `curate fix {files} --only pii -o {out}`, or set the
        rows aside: `curate drop {files} --select pii.card -o {out}`.
Limits  A number without a word for card or payment near it is passed over, and one that is called a ticket,
        an order and the like. Published test numbers are spared. On rows we generated and tuned on, 300 with
        one and 300 with a look-alike: precision 288 of 288 (Wilson .987 to 1), recall 288 of 300. Precision
        on real data: unmeasured (no finding in 73,133 rows of 26 public files). Holders' names and other
        account numbers are not looked for.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from curate.core.check import Batch, RowCheck, Severity, found
from curate.core.examples import ask, chat, corpus, preference, row
from curate.text.identifiers import OTHER_NUMBERS, Said, digits_of, luhn, made_up, nearer, seek
from curate.text.marks import Mark

if TYPE_CHECKING:
    from collections.abc import Iterator

_FEW = 4
_SEP = "[ \u00a0-]"
_NUMBER = re.compile(
    rf"(?<![\w.,-])(?<!\d{_SEP})(?:\d{{4}}(?P<a>{_SEP})\d{{4}}(?P=a)\d{{4}}(?P=a)\d{{4}}(?:(?P=a)\d{{3}})?"
    rf"|\d{{4}}(?P<b>{_SEP})\d{{6}}(?P=b)\d{{4,5}}"
    rf"|\d{{13,19}})(?![\w-]|[.,]\d|{_SEP}\d{{4}}(?!\d))",
    re.ASCII,
)
_WANTED = r"[0-9]{13}|[0-9]{4}[^0-9][0-9]{4,6}[^0-9][0-9]{4}"

_ISSUERS = re.compile(
    r"(?:4(?:\d{12}|\d{15}|\d{18})|5[1-5]\d{14}|(?:222[1-9]|22[3-9]\d|2[3-6]\d\d|27[01]\d|2720)\d{12}"
    r"|3[47]\d{13}|3(?:0[0-5]|[689]\d)\d{11,16}"
    r"|6(?:011|4[4-9]\d|5\d\d)\d{12,15}|35(?:2[89]|[3-8]\d)\d{12,15}|62\d{14,17}|(?:50|5[6-9]"
    r"|6[0-9])\d{10,17}|220[0-4]\d{12})"
)
"""First digits and lengths as issuers publish them (ISO/IEC 7812): Visa, Mastercard, American Express, Diners,
Discover, JCB, UnionPay, Maestro, Mir."""

_PRINTED = """4111111111111111 4242424242424242 4012888888881881 4222222222222 5555555555554444 5105105105105100
378282246310005 371449635398431 378734493671000 6011111111111117 6011000990139424 6011000000000004
30569309025904 38520000023237 36227206271667 3530111333300000 3566002020360505 4000056655665556
5200828282828210 2223003122003222 2222405343248877 5431111111111111 4007000000027 4917610000000000
4988438843884305 4035501000000008 4005519200000004 4009348888881881 4012000033330026 4012000077777777
4500600000000061 6304000000000000 6759649826438453 5019717010103742 5424000000000015 3088000000000017
4532015112830366 4539148803436467 4716108999716531 4485275742308327 5425233430109903 2720992593319364
4263982640269299 374245455400126 6250941006528599 60115564485789458 4917484589897107"""
_TEST_CARDS = frozenset(_PRINTED.split())
"""Numbers that payment services and tutorials publish for tests."""

_NAMED = (
    r"\bcards?\b|\bvisa\b|\bmaster ?card\b|\bmaestro\b|\bamex\b|\bamerican express\b|\bdiners\b|\bjcb\b"
    r"|\bunion ?pay\b|\bcc\b|\bpan\b"
    r"|\bcredit\b|\bdebit\b|\bcvv2?\b|\bcvc2?\b|\bexp(?:iry|ires|iration|iring)?\b|\bvalid thru\b"
    r"|karten?(?:nummer)?\b|\btarjetas?\b|\bcarte\b|\bcart[aã]o\b"
    r"|\bcarta\b|\bkreditkort\b|\bkaart\b|卡|карт"
)
_CARD = re.compile(_NAMED)
_PAID = re.compile(
    rf"{_NAMED}|\bdiscover\b|\bcharge[ds]?\b|\bpay(?:ment|ing|s)?\b|\bpaid\b|\bbilling\b|\bbezahl\w*"
    rf"|\bpagar?\b|\bpayer\b|支付|付款"
)
_OTHER_CARD = re.compile(
    r"\b(?:gift|library|sim|loyalty|rewards?|membership|member|id|identity|health|insurance|graphics|video"
    r"|sd|memory|report|business|green|key|access|travel"
    r"|transit|student|time|score|trading|phone|calling)[ -]?cards?\b"
)
"""Cards that pay nothing."""

_CLOSE = re.compile(rf"(?:(?:is |ist |es |est )?(?:my |the |a |on |from )?)?(?:{_NAMED})|\d\d ?/ ?\d\d\b")

FLAGGED = (
    ask("Which card is it?")
    .answer("My Visa is 4539 5787 6362 1486, please charge it.")
    .at("4539 5787 6362 1486"),
    ask("Pay now.").answer("Card number: 5425-2334-3010-9911, exp 11/27.").at("5425-2334-3010-9911"),
    ask("Pay now.").answer("credit card 4539578763621486").at("4539578763621486"),
    ask("Karte?").answer("Meine Kreditkartennummer lautet 5425 2334 3010 9911.").at("5425 2334 3010 9911"),
    chat(("user", "Amex, 3714 496353 98720"), ("assistant", "Thanks.")).at("3714 496353 98720"),
    chat(
        ("assistant", "May I have your card number?"),
        ("user", "4539578763621486"),
        ("assistant", "Thank you."),
    ).at("4539578763621486"),
    preference("Pay.", "Which card?", "I charged card 4539578763621486.").at("4539578763621486"),
    row({"text": "信用卡号4539578763621486"}).at("4539578763621486"),
)
CLEAN = (
    ask("Give me a test card.").answer("Use card 4111 1111 1111 1111, 4242424242424242 or 378282246310005."),
    ask("Which ticket?").answer("Card declined, see ticket 4539578763621486 and order 4539 5787 6362 1486."),
    ask("Add them.").answer("Pay attention: 4539578763621486 + 1 = 4539578763621487"),
    ask("What is this?").answer("Serial 4539-5787-6362-1486 of the printer."),
    ask("Card?").answer("My card number is 4539 5787 6362 1487."),
    ask("Card?").answer("My card number is 1234 5678 9012 3452 or XXXX XXXX XXXX 1486."),
    corpus(
        *(
            ask("Which card reader failed?").answer(f"Ticket {4000123400000000 + n}: card payment fails.")
            for n in range(40)
        )
    ),
)


@dataclass(frozen=True)
class Card(RowCheck):
    """Issuer, length, grouping and check digit, and a word beside the number that speaks of a card."""

    severity: Severity = Severity.WARNING

    def examine(self, batch: Batch) -> pl.DataFrame:
        """One finding for each number."""
        hits = seek(batch, pl.col("text").str.contains(_WANTED), _cards, long=True)
        return found(hits, "a payment card number stands in the text", evidence=pl.col("word"))


def _cards(said: Said) -> Iterator[Mark]:
    for hit in _NUMBER.finditer(said.text):
        digits = digits_of(hit[0])
        if not _ISSUERS.fullmatch(digits) or not luhn(digits) or _is_for_tests(digits):
            continue
        if _is_card(said, hit):
            yield Mark(*hit.span(), "grouped digits" if len(hit[0]) > len(digits) else "a run of digits")


def _is_for_tests(digits: str) -> bool:
    """Whether it is published for tests, or typed by hand; services number their test cards 4000 0000 ...."""
    return (
        digits in _TEST_CARDS
        or digits.startswith(("40000000", "51000000"))
        or made_up(digits)
        or len(set(digits)) <= _FEW
    )


def _is_card(said: Said, hit: re.Match[str]) -> bool:
    """What the words around say; beside digits in a card's groups, a word for paying is enough."""
    before, after = _OTHER_CARD.sub(" ticket ", said.ahead_of(hit.start(), 100)), said.after(hit.end())
    if re.match(r"\s*[=+*×/]|\s-\s", after) or re.search(r"[=+*×/]\s*$|[a-z]-$", before):
        return False
    if nearer(_CARD if hit[0].isdecimal() else _PAID, OTHER_NUMBERS, before):
        return True
    return bool(_CLOSE.match(after.lstrip(" ,;.()|\n-"))) and not OTHER_NUMBERS.search(before[-40:])
