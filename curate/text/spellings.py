"""One value, however it is written: what two spellings share, and where a value stands in any of them.

A telephone number is known by its national significant number (ITU-T E.164), because the country code is left out as
often as not; two numbers that differ in nothing but the country code count as one, which hides too much rather than
too little.
"""

from __future__ import annotations

import re

_GAP = "[ \u00a0\u2007\u202f\u2011./()-]{0,3}"
_OPENS, _CLOSES = r"[ ]?[\[({<] ?", r" ?[\])}>][ ]?"
_AT, _DOT = f"(?:@|{_OPENS}(?:at|@){_CLOSES})", rf"(?:\.|{_OPENS}(?:dot|\.){_CLOSES})"
_AHEAD = (
    rf"(?:(?:\+|00)\(?[1-9]\d{{0,2}}\)?{_GAP}(?:\(0\){_GAP})?|\(?0{_GAP}|1[-. ]{{1,2}}|[1-9]\d{{0,2}}[-./])?"
    r"(?:\((?=[0-9]{1,5}\)))?"
)
_AMERICAN = re.compile(r"1[-. ]{1,2}\(?[2-9]\d\d\b")
_SIGNS = re.compile(r"(?i) ?[\[({<] ?(at|@|dot|\.) ?[\])}>] ?")

NUMBERS = ("card", "ssn", "nhs", "iban")
"""Kinds whose digits and letters alone count."""


def folded(kind: str, value: str) -> str:
    """What all spellings of a value have in common.

    Args:
        kind: ``email``, ``phone``, ``card``, ``iban``, ``ssn``, ``nhs``, ``ip``, ``secret``, or a name of the user's.
        value: as it is written.
    """
    if kind == "email":
        return _SIGNS.sub(lambda hit: "@" if hit[1].lower() in ("at", "@") else ".", value).lower()
    if kind == "phone":
        return _national(value)
    if kind in NUMBERS:
        return "".join(char for char in value if char.isascii() and char.isalnum()).upper()
    if kind == "id":
        return re.sub(r"[\W_]+", "", value).upper()
    return value.lower() if kind == "ip" else value


def _national(value: str) -> str:
    """The national significant number without leading zeros."""
    digits = re.sub(r"[^0-9]", "", value)
    if value.lstrip("( ").startswith(("+", "00")):
        import phonenumbers  # noqa: PLC0415 (its tables are needed where there is a number)

        try:
            return str(phonenumbers.parse("+" + digits.lstrip("0"), None).national_number)
        except phonenumbers.NumberParseException:
            return digits.lstrip("0")
    return digits[1:] if _AMERICAN.match(value) else digits.lstrip("0")


def spelled(kind: str, key: str) -> re.Pattern[str]:
    """Where a value stands in any spelling; every repetition is bounded.

    Args:
        kind: as in :func:`folded`.
        key: what :func:`folded` gave.
    """
    if kind == "email":
        name, _, domain = key.rpartition("@")
        there = _AT + _DOT.join(map(re.escape, domain.split(".")))
        return re.compile(rf"(?i)(?<![a-z0-9_.+-]){re.escape(name)}{there}(?![a-z0-9_-])")
    if kind == "phone":
        return re.compile(rf"(?<![0-9+]){_AHEAD}{_GAP.join(key)}(?![0-9])", re.ASCII)
    if kind in NUMBERS:
        return re.compile(rf"(?i)(?<![a-z0-9]){_GAP.join(key)}(?![a-z0-9])", re.ASCII)
    if kind == "id":
        gap = "" if key.isdecimal() else "[ /.-]?"
        return re.compile(rf"(?i)(?<![a-z0-9]){gap.join(map(re.escape, key))}(?![a-z0-9])")
    if kind == "ip":
        return re.compile(rf"(?i)(?<![\w.:]){re.escape(key)}(?![\w:]|\.\d)", re.ASCII)
    before = r"(?<![A-Za-z0-9])" if key[:1].isalnum() and kind != "secret" else ""
    after = r"(?![A-Za-z0-9])" if key[-1:].isalnum() and kind != "secret" else ""
    return re.compile(f"{before}{re.escape(key)}{after}")
