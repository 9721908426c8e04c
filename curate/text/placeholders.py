"""What stands for a value that was taken out: a numbered or keyed placeholder, or a surrogate of the same shape.

Surrogates are taken from what is set aside for examples, so that they are nobody's: ``example.com`` (RFC 2606), 555
numbers (NANPA) and those of Ofcom, the Bundesnetzagentur and Arcep, 192.0.2.0/24 (RFC 5737) and 2001:db8::/32
(RFC 3849), test cards, an IBAN with check digits that no bank can issue (00), an SSN of the area 000.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from itertools import count
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

STANDING = re.compile(r"\[([A-Z][A-Z0-9_]*)_(\d{1,9}|[A-Z2-7]{10})\]")
"""A placeholder as :func:`numbered` and :func:`keyed` write it."""

_KEYED_BYTES = 7
_KEYED_LENGTH = 10
_NUMBER = re.compile(r"\d")


def word_of(kind: str) -> str:
    """The word of a placeholder: ``case-no`` becomes ``CASE_NO``."""
    return re.sub(r"[^A-Z0-9]+", "_", kind.upper()).strip("_")


def numbered(kind: str, number: int) -> str:
    """``[EMAIL_1]``."""
    return f"[{word_of(kind)}_{number}]"


def keyed(kind: str, key: str, secret: str) -> str:
    """The same for the same value wherever it stands, and worth nothing without the secret (HMAC, RFC 2104).

    Ten characters hold 50 bits: among 100,000 values the chance that any two share one is 4 in a million.
    """
    code = hmac.new(secret.encode(), f"{kind}\0{key}".encode(), hashlib.sha256).digest()
    return f"[{word_of(kind)}_{base64.b32encode(code[:_KEYED_BYTES]).decode()[:_KEYED_LENGTH]}]"


def highest(texts: Iterable[str]) -> dict[str, int]:
    """For each word, the highest number that a placeholder in these texts has."""
    known: dict[str, int] = {}
    for text in texts:
        for word, number in STANDING.findall(text) if "[" in text else ():
            if number.isdecimal():
                known[word] = max(known.get(word, 0), int(number))
    return known


def surrogate(kind: str, value: str, taken: Iterable[str]) -> str | None:
    """A value of the same shape that is nobody's and stands in none of the texts; None where there is no such shape.

    Args:
        kind: of the value.
        value: as it is written; digits are replaced where they stand, so that grouping stays.
        taken: the texts of the row, and surrogates that are already given.
    """
    make = _MAKERS.get(kind)
    if make is None:
        return None
    known = list(taken)
    for number in count(1):
        made = make(value, number)
        if made is None or not any(made in text for text in known):
            return made
    return None


def _email(value: str, number: int) -> str:
    name = re.split(r"[@\[({<]", value)[0].strip()
    return f"{'person'[: max(1, len(name) - len(str(number)))]}{number}@example.com"


_PLANS = (
    (re.compile(r"(?:\+|00)44|0(?=7)"), "7", "7700900", 3),
    (re.compile(r"(?:\+|00)44|0(?=20)"), "20", "2079460", 3),
    (re.compile(r"(?:\+|00)49"), "1", "17139200", 2),
    (re.compile(r"(?:\+|00)49"), "", "3023125", 3),
    (re.compile(r"(?:\+|00)33"), "", "19900", 4),
    (re.compile(r"(?:\+?1(?=\d{10}$))?"), "", "20255501", 2),
)
"""The code ahead of a national number, how the number begins, and the digits that are set aside there, with how many
more are free."""


def _phone(value: str, number: int) -> str | None:
    """The digits of a number that is set aside, in the same groups; the American one where none has as many digits."""
    plain = re.sub(r"[^0-9+]", "", value)
    for code, begins, fixed, free in _PLANS:
        ahead = code.match(plain)
        rest = plain[ahead.end() :].lstrip("0") if ahead else ""
        digits = f"{fixed}{number:0{free}}"
        if rest.startswith(begins) and len(rest) == len(digits):
            return _put(value, digits)
    return f"+1 202-555-{100 + number:04}" if number < _FREE else None


_FREE = 100


def _put(value: str, digits: str) -> str:
    """The last digits of a value replaced by these."""
    places = [hit.start() for hit in _NUMBER.finditer(value)][-len(digits) :]
    chars = list(value)
    for place, digit in zip(places, digits, strict=True):
        chars[place] = digit
    return "".join(chars)


def _card(value: str, number: int) -> str:
    """4000 00, where payment services keep their test cards, a counter and the check digit (ISO/IEC 7812-1)."""
    length = len(_NUMBER.findall(value))
    body = f"40000000{number:0{length - 9}}"
    doubled = [int(d) * 2 - 9 * (d > "4") if at % 2 == 0 else int(d) for at, d in enumerate(reversed(body))]
    return _put(value, f"{body}{-sum(doubled) % 10}")


def _iban(value: str, number: int) -> str:
    length = len(_NUMBER.findall(value))
    return _put(value, f"{number:0{length}}")


def _ssn(value: str, number: int) -> str:
    return _put(value, f"00001{number:04}")


def _nhs(value: str, number: int) -> str:
    """999, the range for tests."""
    return _put(value, f"999{number:07}")


def _ip(value: str, number: int) -> str | None:
    if ":" in value:
        return f"2001:db8::{number:x}"
    return f"192.0.2.{number}" if number < 2**8 - 1 else None


_MAKERS = {
    "email": _email,
    "phone": _phone,
    "card": _card,
    "iban": _iban,
    "ssn": _ssn,
    "nhs": _nhs,
    "ip": _ip,
}
