"""What the ``pii`` checks share: check digits, signs of an invented number, and the words that stand around one.

They report, so precision comes first; :mod:`curate.text.private` masks, so there recall does. A check digit alone
proves nothing: of ticket numbers in sequence one in eleven passes the NHS checksum, and of random 16-digit numbers one
in ten passes Luhn. A number therefore needs a word beside it that says what it is.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

import polars as pl

from curate.text.marks import Mark, mark
from curate.text.sift import sift

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from curate.core.batch import Batch

NOT_SEARCHED = (
    "names of people",
    "postal addresses",
    "dates of birth",
    "passport, driving licence, tax and national identity numbers other than US SSN and UK NHS numbers",
    "bank accounts without an IBAN",
    "patient, insurance and customer numbers",
    "user names and handles",
    "vehicle and device numbers",
    "passwords and keys without a format of their own",
    "what pictures and recordings show",
    "fields outside the conversation, such as ids and metadata",
)
"""What no check of the family looks for; a report must say so beside what was found."""

SPOKEN = ("text", "parts", "call")
"""Kinds of turn that hold words or the arguments of a call."""

_REMEMBERED = 200
_ASCENDING, _DESCENDING = "01234567890123456789", "98765432109876543210"
_RUN = 6
_LONG_NUMBER = r"[0-9]{3}[^0-9]?[0-9]{2}"
"""What stands in every long number; looked for once for all checks that want one."""


class Said(NamedTuple):
    """A text, and the end of what was said before it in its row."""

    text: str
    before: str

    def ahead_of(self, at: int, length: int = 80) -> str:
        """The characters before a place, in lower case; at the beginning of a text, what was said before it."""
        if at >= length:
            return self.text[at - length : at].lower()
        return f"{self.before}\n{self.text[:at]}"[-length:].lower()

    def after(self, at: int, length: int = 40) -> str:
        """The characters from a place on, in lower case."""
        return self.text[at : at + length].lower()


def seek(
    batch: Batch, wanted: pl.Expr, find: Callable[[Said], Iterable[Mark]], *, long: bool = False
) -> pl.DataFrame:
    """The places that ``find`` names in all that is said, whoever says it.

    Rejected answers count: what may not be in the data may not be in any part of it.

    Args:
        batch: where to look.
        wanted: a cheap expression over ``text`` that leaves few candidates.
        find: looks at each candidate.
        long: whether every candidate holds a number of nine digits or more, in groups or not.
    """
    spoken = batch.once("spoken", lambda: batch.turns.filter(pl.col("kind").is_in(SPOKEN)))
    texts = spoken.select("row", "text")
    if long:
        texts = batch.once("long numbers", lambda: texts.filter(pl.col("text").str.contains(_LONG_NUMBER)))
    rows = sift(texts, wanted).select("row").unique()
    if rows.is_empty():
        return batch.turns.clear()
    said = spoken.join(rows, on="row", how="semi", maintain_order="left")
    asked = pl.col("text").filter(pl.col("part").is_in(["prompt", "context"])).last().over("row")
    earlier = pl.when(pl.col("part") == "rejected").then(asked).otherwise(pl.col("text").shift(1).over("row"))
    lines = said.with_columns(earlier.fill_null("").str.tail(_REMEMBERED).alias("before")).filter(wanted)
    before = iter(lines["before"].to_list())
    return mark(lines, lambda text: find(Said(text, next(before)))).sort("row", "turn", "at", "start")


def luhn(digits: str) -> bool:
    """The check digit of ISO/IEC 7812-1, annex B."""
    doubled = [int(digit) * 2 - 9 * (digit > "4") for digit in digits[-2::-2]]
    return (sum(map(int, digits[-1::-2])) + sum(doubled)) % 10 == 0


def mod97(number: str) -> bool:
    """The check digits of ISO 13616 (ISO/IEC 7064, MOD 97-10), for an IBAN without blanks."""
    return int("".join(str(int(char, 36)) for char in number[4:] + number[:4])) % 97 == 1


def mod11(digits: str) -> bool:
    """The check digit of the NHS number (NHS Data Dictionary): weights 10 to 2, eleven minus the remainder."""
    rest = 11 - sum(int(digit) * (10 - at) for at, digit in enumerate(digits[:9])) % 11
    return rest % 11 == int(digits[9]) and rest != 10  # noqa: PLR2004 (10 is no digit: such numbers are not given out)


def digits_of(text: str) -> str:
    """The ASCII digits of a text."""
    return re.sub(r"[^0-9]", "", text)


def made_up(digits: str) -> bool:
    """Whether digits look typed rather than given out: counted up or down, one repeated, or hardly any different."""
    if len(set(digits)) <= 2:  # noqa: PLR2004
        return True
    windows = {digits[at : at + _RUN] for at in range(len(digits) - _RUN + 1)}
    return any(w in _ASCENDING or w in _DESCENDING or len(set(w)) == 1 for w in windows)


def nearer(words: re.Pattern[str], others: re.Pattern[str], before: str) -> bool:
    """Whether one of ``words`` stands in ``before``, and none of ``others`` after the last of them."""
    last = max((hit.start() for hit in words.finditer(before)), default=-1)
    other = max((hit.start() for hit in others.finditer(before)), default=-1)
    return last > other


OTHER_NUMBERS = re.compile(
    r"\b(?:ticket|order|invoice|tracking|reference|ref|case|request|incident|serial|imei|iccid|parcel|shipment"
    r"|consignment|isbn|ean|gtin|barcode|sku|part|product|article|transaction|confirmation|booking|docket|ids?|job|log"
    r"|record|row|line|vorgang|auftrag|bestell\w*|rechnung\w*|sendung\w*|pedido|factura|commande|facture|dossier)\b"
    r"|(?<!card)(?<!card )(?<!ssn)(?<!ssn )(?<!number)(?<!number )#|工单|订单|单号|快递|发票"
)
"""Words of numbers that are no identifier of a person; one of them nearest to a number speaks for it."""
