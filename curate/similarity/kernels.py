"""The kernels in use: compiled where the extension was built, numpy otherwise. Both give the same bytes."""

from __future__ import annotations

import os
from importlib import import_module
from typing import TYPE_CHECKING, Protocol, cast

from curate.core.errors import UsageError

if TYPE_CHECKING:
    from fractions import Fraction

    import polars as pl

    from curate.similarity.arrays import I64, U32, U64, Counters, Keys, Matches, Sets, Task, Tokens

VARIABLE = "CURATE_KERNELS"


class Kernels(Protocol):
    """What ``compiled`` and ``plain`` both are."""

    def tokens(self, texts: pl.Series) -> Tokens:
        """The tokens of texts."""

    def shingles(self, texts: pl.Series, n: int) -> Sets:
        """The sets of the n-grams of texts."""

    def blocks(self, texts: pl.Series, listed: U64, least: int, spaced: int) -> U64:
        """The sum of the hashes of the tokens of each text that are not ``listed`` (sorted).

        Only those of ``least`` characters count, unless the mean length of a text's tokens is below ``spaced``.
        """

    def fingerprints(self, sets: Sets) -> U64:
        """A hash of each set."""

    def count(self, collections: list[Sets], small_bits: int, overflow_bits: int) -> Counters:
        """In how many sets each member lies."""

    def prefixes(self, sets: Sets, order: I64, counters: Counters, threshold: Fraction) -> Keys:
        """The prefixes of sets in the global order, less what is in one set only."""

    def match(self, task: Task) -> Matches:
        """The pairs of sets that share a key and are as similar as the threshold asks, in any order."""

    def intersections(self, left: Sets, right: Sets, i: I64, j: I64) -> I64:
        """The number of members that the sets of each pair share."""

    def signatures(self, sets: Sets, rows: I64, factors: U32, offsets: U32) -> U32:
        """MinHash signatures."""


def load() -> Kernels:
    """The compiled kernels, or those of numpy if there are none or ``CURATE_KERNELS=numpy`` asks for them.

    Raises:
        UsageError: ``CURATE_KERNELS`` is neither ``numpy`` nor ``compiled``, or asks for what was not built.
    """
    wanted = os.environ.get(VARIABLE, "")
    if wanted not in {"", "numpy", "compiled"}:
        raise UsageError(f"{VARIABLE} is {wanted!r}", hint="Use numpy or compiled, or unset it.")
    if wanted != "numpy":
        try:
            return cast("Kernels", import_module("curate.similarity.compiled"))
        except ImportError:
            if wanted:
                hint = "Install again with a C compiler at hand, or unset it."
                raise UsageError(
                    f"{VARIABLE} is compiled, but the extension was not built", hint=hint
                ) from None
    return cast("Kernels", import_module("curate.similarity.plain"))
