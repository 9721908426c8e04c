"""Leaving out lines step by step, so that what is costly is done for few lines or not at all."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import polars as pl


def ascii_boundaries(pattern: str) -> str:
    r"""A regular expression for polars in which ``\b`` looks at ASCII letters alone.

    With Unicode's boundaries the engine leaves its fast path at the first byte beyond ASCII, such as a curly quote.
    A match more is possible only where an ASCII word touches a letter of another script, as in Chinese.
    """
    return pattern.replace(r"\b", r"(?-u:\b)")


def sift(lines: pl.DataFrame, *tests: pl.Expr) -> pl.DataFrame:
    """The lines that pass all tests; each test sees only what the ones before it left.

    One filter of polars would evaluate every test on every line. And a test is worth nothing where no line is left:
    polars keeps few compiled expressions a thread, far fewer than the checks have, so that each batch compiles all
    of them again, which costs up to some milliseconds for each, lines or none.

    Args:
        lines: any frame.
        *tests: row by row, the cheapest first; a test over a window or a whole column does not belong here.
    """
    for test in tests:
        if lines.is_empty():
            break
        lines = lines.filter(test)
    return lines
