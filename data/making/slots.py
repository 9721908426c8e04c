"""Slots of the templates: ``{rent}``, ``{days_w}``, ``{person2}`` and what may stand in them.

A name that ends in a digit comes from the same pool as the name without it, and never has the same value in
one row: ``{person}`` and ``{person2}`` are two people. ``{days_w}`` is the value of ``{days}`` in words and
figures, as contracts write it. Values of ``few``, ``days`` and ``long`` never overlap, and so for
``low``, ``sum`` and ``big``: a template may rely on the order.
"""

from __future__ import annotations

import re
import tomllib
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from making.dice import Dice

TEXTS = Path(__file__).parent.parent / "sample_text"

SLOT = re.compile(r"\{([a-z]\w*)\}")

_MONEY = {
    "rent": range(1150, 4900, 25),
    "deposit": range(1000, 6500, 50),
    "fee": range(35, 340, 5),
    "low": range(400, 2400, 50),
    "sum": range(2500, 24000, 250),
    "earnest": range(5000, 40000, 500),
    "loan": range(180000, 480000, 2500),
    "price": range(500000, 1250000, 2500),
    "big": range(500000, 3000001, 250000),
    "sqft": range(1200, 3600, 100),
}
"""Amounts, written with a comma at the thousands."""

_NUMBER: dict[str, Sequence[int | str]] = {
    "small": (2, 3, 4),
    "few": range(2, 8),
    "days": (10, 12, 14, 15, 18, 20, 21, 25, 28, 30),
    "long": (45, 50, 60, 75, 90, 100, 120),
    "days0": (90, 180),
    "months": (3, 4, 6, 9, 12, 18),
    "years": (2, 3, 4, 5, 7, 10),
    "hours": (12, 24, 36, 48, 72),
    "weeks": (4, 6, 8, 12),
    "years30": (15, 20, 25, 30),
    "pct": ("3", "3.5", "4", "5", "5.5", "6", "6.25", "7", "8", "9.5"),
    "pctlow": ("1", "1.5", "2", "2.5"),
    "pctbig": (20, 25, 30, 35, 40, 50, 60),
    "pctfull": range(86, 99),
    "psf": ("18.50", "21.00", "24.75", "29.00", "32.50", "41.00"),
    "load": (125, 150, 250, 300, 350),
    "pounds": (25, 30, 40, 50, 60),
    "feet": range(6, 31),
    "qty": range(3, 60),
    "hour1": (7, 8, 9),
    "hour2": (5, 6, 7, 8),
    "night": (9, 10, 11),
    "year": range(2009, 2017),
    "oldyear": range(1921, 1975),
    "radon": ("4.0", "2.7"),
    "titleno": [
        f"{letters}{number}" for letters in ("KT", "NF", "SGL") for number in range(104517, 986000, 70321)
    ],
    "n": range(8, 25),
    "gb": range(12, 90),
    "mb": range(70, 500, 7),
    "ttl": (7200, 14400, 43200, 86400),
    "ver": ("4.2", "4.7", "5.0", "5.1", "5.3"),
    "clock": [f"{hour:02}:{minute:02}" for hour in range(6, 14) for minute in range(0, 60, 5)],
    "server": [f"web-{number}" for number in range(11, 80)],
    "inv": [f"INV-{number}" for number in range(20118, 98000, 613)],
    "acct": [f"AC-{number}" for number in range(3107, 9900, 91)],
    "vat": [
        f"{land}{number}" for land in ("ATU", "DE2", "IT072") for number in range(20304150, 99000000, 7300411)
    ],
}


@cache
def names() -> Mapping[str, Sequence[str]]:
    """The pools of ``sample_text/names.toml``."""
    pools: dict[str, list[str]] = tomllib.loads((TEXTS / "names.toml").read_text(encoding="utf-8"))
    return pools


def texts(stem: str) -> dict[str, Any]:
    r"""A table of ``sample_text``; ``\n`` in a literal string of TOML stands for a line break."""
    table: dict[str, Any] = _unescape(tomllib.loads((TEXTS / f"{stem}.toml").read_text(encoding="utf-8")))
    return table


def in_words(number: int) -> str:
    """The English words for a whole number from 1 to 199.

    >>> in_words(45)
    'forty-five'
    """
    hundreds, rest = divmod(number, 100)
    if hundreds:
        return "one hundred" + (f" {in_words(rest)}" if rest else "")
    ones, tens = names()["ones"], names()["tens"]
    if rest <= len(ones):
        return ones[rest - 1]
    return tens[rest // 10 - 2] + (f"-{ones[rest % 10 - 1]}" if rest % 10 else "")


class Slots:
    """The values of one row: each slot is drawn when it is first met and then stays."""

    def __init__(self, dice: Dice, **fixed: str) -> None:
        """Values drawn from ``dice``; ``fixed`` ones are given."""
        self._dice = dice
        self._values: dict[str, str] = dict(fixed)

    def fill(self, template: str) -> str:
        """The template with every slot filled."""
        return SLOT.sub(lambda slot: self[slot.group(1)], template)

    def __getitem__(self, name: str) -> str:
        if name.endswith("_w"):
            number = int(self[name.removesuffix("_w")])
            return f"{in_words(number)} ({number})"
        if name not in self._values:
            self._values[name] = self._draw(name)
        return self._values[name]

    def _draw(self, name: str) -> str:
        made = _MADE.get(name)
        if made:
            return made(self, self._dice.child(name))
        base = name if name in _NUMBER else name.rstrip("0123456789")
        dice = self._dice.child(name)
        taken = {value for other, value in self._values.items() if other.rstrip("0123456789") == base}
        while True:
            value = _value(base, dice)
            if value not in taken:
                return value


def _value(base: str, dice: Dice) -> str:
    if base in _MONEY:
        return f"{dice.pick(_MONEY[base]):,}"
    if base in _NUMBER:
        return str(dice.pick(_NUMBER[base]))
    return dice.pick(names()[base])


def _day(dice: Dice, first: date, span: int) -> str:
    day = first + timedelta(days=dice.below(span))
    return f"{day:%B} {day.day}, {day.year}"


def _house(_: Slots, dice: Dice) -> str:
    return f"{2 + dice.below(980)} {dice.pick(names()['street'])}, {dice.pick(names()['city'])}"


def _unit(_: Slots, dice: Dice) -> str:
    unit = dice.pick((f"Unit {1 + dice.below(9)}{dice.pick('ABCD')}", f"Flat {1 + dice.below(24)}"))
    return f"{unit}, {2 + dice.below(980)} {dice.pick(names()['street'])}, {dice.pick(names()['city'])}"


def _half(slots: Slots, _: Dice) -> str:
    return f"{int(slots['sum'].replace(',', '')) // 2:,}"


def _section(_: Slots, dice: Dice) -> str:
    number = f"{2 + dice.below(26)}.{1 + dice.below(9)}"
    return dice.pick((number, f"Section {number}", f"§ {number}", f"Clause {number}"))


def _reference(_: Slots, dice: Dice) -> str:
    return f"{dice.pick(('Section', 'Clause', 'Article'))} {28 + dice.below(12)}"


def _later(slots: Slots, dice: Dice) -> str:
    year = int(slots["date"][-4:])
    return _day(dice, date(year + 1, 1, 8), 300)


def _iso(_: Slots, dice: Dice) -> str:
    return (date(2024, 2, 1) + timedelta(days=dice.below(600))).isoformat()


def _amount(slots: Slots, _: Dice) -> str:
    return f"{int(slots['amt2'][:-3]) + 9 * int(slots['few'])}.00"


def _mail(slots: Slots, dice: Dice) -> str:
    return f"{dice.pick(names()['role'])}@{slots['site']}"


def _end(slots: Slots, dice: Dice) -> str:
    return f"{int(slots['clock'][:2]) + 2 + dice.below(3):02}:{dice.pick(('00', '30'))}"


_MADE: dict[str, Callable[[Slots, Dice], str]] = {
    "addr": _house,
    "unit": _unit,
    "half": _half,
    "sec": _section,
    "sec2": _reference,
    "date": lambda _, dice: _day(dice, date(2024, 3, 1), 600),
    "date2": _later,
    "isodate": _iso,
    "amt2": lambda _, dice: f"{dice.pick((19, 24, 29, 35, 39, 49, 59))}.00",
    "amt": _amount,
    "site": lambda _, dice: f"{dice.pick(names()['site_name'])}.example",
    "mail": _mail,
    "clock2": lambda slots, dice: (
        f"{int(slots['clock'][:2]) + 2 + dice.below(3):02}:{dice.pick(('00', '30'))}"
    ),
    "year2": lambda _, dice: str(2017 + dice.below(5)),
}
"""Slots that are built rather than picked: addresses, dates in order, sums of others."""


def _unescape(value: Any) -> Any:  # noqa: ANN401 - a TOML document holds anything
    if isinstance(value, str):
        return value.replace("\\n", "\n")
    if isinstance(value, list):
        return [_unescape(item) for item in value]
    if isinstance(value, dict):
        return {key: _unescape(item) for key, item in value.items()}
    return value
