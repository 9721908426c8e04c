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
BLOCKS = (
    "0E00-0EFF 1000-109F 1100-11FF 1780-17FF 1950-19DF 1A20-1AAF 1B00-1B7F 3005-3007 3021-303B 3040-31FF 3400-4DBF "
    "4E00-A4CF A960-A9FF AA60-AADF AC00-D7FF F900-FAFF FF66-FFDC 1AFF0-1B16F 1D372-1D376 20000-3FFFF"
)
"""Thai, Lao, Myanmar, Khmer, Tai, Balinese, Javanese, Hangul, Kana, Bopomofo, Han and Yi blocks."""
SPACELESS = [tuple(int(end, 16) for end in block.split("-")) for block in BLOCKS.split()]


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
            yield (
                f"{codes[0] - last:x}+{codes[-1] - codes[0]:x}" if len(codes) > 1 else f"{codes[0] - last:x}"
            )
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
