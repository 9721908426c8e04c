"""Writes ``curate/similarity/unicode_table.py`` from this Python's ``unicodedata``.

``python -m tests.similarity.unicode_lab > curate/similarity/unicode_table.py`` (with the newest Python at hand).
"""

from __future__ import annotations

import itertools
import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

LIMIT = 0x40000
SPACELESS = (
    *((0x0E00, 0x0EFF), (0x1000, 0x109F), (0x1100, 0x11FF), (0x1780, 0x17FF), (0x1950, 0x19DF), (0x1A20, 0x1AAF)),
    *((0x1B00, 0x1B7F), (0x3005, 0x3007), (0x3021, 0x3029), (0x3031, 0x3035), (0x3040, 0x31FF), (0x3400, 0x4DBF)),
    *((0x4E00, 0xA4CF), (0xA960, 0xA9FF), (0xAA60, 0xAADF), (0xAC00, 0xD7FF), (0xF900, 0xFAFF), (0xFF66, 0xFFDC)),
    *((0x1AFF0, 0x1B16F), (0x20000, 0x3FFFF)),
)
"""Thai, Lao, Myanmar, Khmer, Tai, Balinese, Javanese, Hangul, Kana, Bopomofo, Han and Yi blocks."""


def kind(code: int) -> str:
    """``w`` in a word, ``c`` a token of its own, ``o`` an operator or symbol, a space for what separates."""
    category = unicodedata.category(chr(code))
    if category[0] in "LMN" or code == ord("_"):
        if 0xFE00 <= code <= 0xFE0F:
            return " "
        return "c" if any(low <= code <= high for low, high in SPACELESS) else "w"
    if category in {"Sm", "Sc", "So"} or chr(code) in "#%&*/@\\^":
        return "o"
    return " "


def folded(code: int) -> int:
    """The simple case fold: one code point for one, and only where both are of words."""
    text = chr(code)
    fold = next((f for f in (text.casefold(), text.lower()) if len(f) == 1), text)
    return ord(fold) if kind(code) == kind(ord(fold)) == "w" else code


def ranges(of: Callable[[int], bool]) -> Iterator[str]:
    """Inclusive ranges in hexadecimal, each first code point as the distance from the last of the range before."""
    last = 0
    for inside, group in itertools.groupby(range(LIMIT), key=of):
        if inside:
            codes = list(group)
            yield f"{codes[0] - last:x}+{codes[-1] - codes[0]:x}" if len(codes) > 1 else f"{codes[0] - last:x}"
            last = codes[-1]


def folds() -> Iterator[str]:
    """Runs ``first+distance*step+delta`` of code points that fold by the same distance."""
    pairs = [(code, folded(code) - code) for code in range(LIMIT) if folded(code) != code]
    while pairs:
        first, delta = pairs[0]
        step = next((c - first for c, d in pairs[1:3] if d == delta and c - first <= 2), 1)
        run = [first]
        known = dict(pairs)
        while known.get(run[-1] + step) == delta:
            run.append(run[-1] + step)
        taken = set(run)
        pairs = [pair for pair in pairs if pair[0] not in taken]
        yield f"{first:x},{len(run):x},{step:x},{delta:x}"


def lines(name: str, says: str, items: Iterator[str]) -> str:
    """One constant of the module."""
    text, line = "", '    "'
    for item in items:
        if len(line) + len(item) > 106:
            text, line = text + line + ' "\n', '    "'
        line += ("" if line.endswith('"') else " ") + item
    return f'{name} = (\n{text}{line}"\n)\n"""{says}"""\n'


HEAD = f'''"""Which code points make words, stand alone, or are symbols, and how case is folded: Unicode {{}}.

Written by ``tests/similarity/unicode_lab.py`` and kept, so that every Python gives the same tokens. A range is
``gap+more`` in hexadecimal: its first code point lies ``gap`` after the last one of the range before. A fold is
``first,count,step,delta``. Code points from {LIMIT:x} on separate.
"""

UNICODE = "{{}}"
'''


def main() -> None:
    """Print the module."""
    version = unicodedata.unidata_version
    print(HEAD.format(version, version))  # noqa: T201 (its purpose)
    print(lines("WORDS", "Letters, digits and marks.", ranges(lambda c: kind(c) == "w")))  # noqa: T201
    says = "Letters, digits and marks of scripts that write no spaces between words."
    print(lines("ALONE", says, ranges(lambda c: kind(c) == "c")))  # noqa: T201
    print(lines("SYMBOLS", "Operators and other symbols.", ranges(lambda c: kind(c) == "o")))  # noqa: T201
    print(lines("FOLDS", "Simple case folding of words.", folds()), end="")  # noqa: T201


if __name__ == "__main__":
    main()
