"""How numbers are written in words."""

from __future__ import annotations

from functools import lru_cache

_SMALL = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"),
    *("eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"),
)
_TENS = ("", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_ORDINALS = {"one": "first", "two": "second", "three": "third", "five": "fifth", "eight": "eighth"} | {
    "nine": "ninth",
    "twelve": "twelfth",
}
_SCALES = (("trillion", 10**12), ("billion", 10**9), ("million", 10**6), ("thousand", 1000))
_OTHER_WORDS: dict[float, tuple[str, ...]] = dict(
    (
        *(
            (10.0, ("decade",)),
            (12.0, ("dozen",)),
            (14.0, ("fortnight",)),
            (20.0, ("score",)),
            (24.0, ("two dozen",)),
        ),
        *((25.0, ("quarter",)), (33.0, ("third",)), (50.0, ("half",)), (66.0, ("two thirds", "two-thirds"))),
        *(
            (67.0, ("two thirds", "two-thirds")),
            (75.0, ("three quarters", "three-quarters")),
            (100.0, ("centur",)),
        ),
    )
)
"""Further words for values; those of shares stand for percentages."""

_MOST_KEPT = 4096


@lru_cache(maxsize=_MOST_KEPT)
def spelled(value: float) -> tuple[str, ...]:
    """The words for a value; none for what nobody spells out.

    >>> spelled(25)[:3]
    ('twenty-five', 'twenty five', 'twenty-fifth')
    >>> spelled(250_000)
    ('two hundred and fifty thousand', 'two hundred and fiftieth thousand', 'two hundred fifty thousand', \
'two hundred fiftieth thousand')
    """
    other = _OTHER_WORDS.get(value, ())
    if value != int(value) or not 0 <= value < 1000 * _SCALES[0][1]:
        return other
    number = int(value)
    for name, unit in _SCALES:
        if number >= unit:
            even = number % unit == 0
            return tuple(f"{word} {name}" for word in spelled(number // unit)) if even else ()
    return (*(_hundreds(number) if number >= 100 else _below_hundred(number)), *other)  # noqa: PLR2004


def _hundreds(number: int) -> tuple[str, ...]:
    head, rest = f"{_SMALL[number // 100]} hundred", number % 100
    if rest == 0:
        return (head, "a hundred") if number == 100 else (head,)  # noqa: PLR2004
    return tuple(f"{head}{joint}{word}" for joint in (" and ", " ") for word in _below_hundred(rest))


def _below_hundred(number: int) -> tuple[str, ...]:
    if number < len(_SMALL):
        return (_SMALL[number], _ordinal(_SMALL[number]))
    tens, unit = _TENS[number // 10], _SMALL[number % 10]
    if number % 10 == 0:
        return (tens, tens[:-1] + "ieth")
    ordinal = _ordinal(unit)
    return (f"{tens}-{unit}", f"{tens} {unit}", f"{tens}-{ordinal}", f"{tens} {ordinal}")


def _ordinal(word: str) -> str:
    return _ORDINALS.get(word, word + "th")
