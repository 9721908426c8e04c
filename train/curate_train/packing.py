"""Packing: several documents in one sequence, so that hardly a token of a batch is padding.

Best-fit decreasing (Johnson 1973, *Near-optimal bin packing algorithms*): documents from the longest on, each into the
fullest sequence that still holds it; never more than 11/9 of the optimum plus a constant, and for the lengths of
instruction data nearly no gap at all. No document is cut. Lengths are tokens.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True)
class Packed:
    """Which documents stand in which sequence.

    Attributes:
        packs: indices of documents, a tuple for each sequence.
        tokens: of all documents.
        max_length: of a sequence.
    """

    packs: tuple[tuple[int, ...], ...]
    tokens: int
    max_length: int

    @property
    def fill(self) -> float:
        """The share of the sequences that holds tokens of documents; 0 if there are none."""
        return self.tokens / (len(self.packs) * self.max_length) if self.packs else 0.0


def pack_lengths(lengths: Sequence[int], max_length: int, seed: int = 0) -> Packed:
    """Deal documents to sequences.

    The same lengths and seed give the same packs. The seed decides which of several documents of one length comes
    first, and the order of the sequences: best fit alone would put all long documents at the beginning.

    Raises:
        ValueError: a document is empty or longer than a sequence.
    """
    wrong = next((length for length in lengths if not 0 < length <= max_length), None)
    if wrong is not None:
        raise ValueError(f"a document of {wrong} tokens fits no sequence of {max_length}")
    dice = random.Random(seed)  # noqa: S311 (no secret: an order)
    order = list(range(len(lengths)))
    dice.shuffle(order)
    order.sort(key=lambda one: -lengths[one])
    packs = _best_fit(order, lengths, max_length)
    dice.shuffle(packs)
    return Packed(tuple(map(tuple, packs)), sum(lengths), max_length)


def _best_fit(order: Sequence[int], lengths: Sequence[int], max_length: int) -> list[list[int]]:
    """Each document into the fullest pack that holds it.

    ``free`` is a set of gaps as bits of one integer: the smallest gap that is large enough is the lowest bit of
    ``free`` from the document's length on, so that a document costs one shift, whatever the number of packs.
    """
    packs: list[list[int]] = []
    with_gap: list[list[int]] = [[] for _ in range(max_length + 1)]
    free = 0
    for document in order:
        length = lengths[document]
        fitting = free >> length
        if fitting:
            gap = length + (fitting & -fitting).bit_length() - 1
            pack = with_gap[gap].pop()
            if not with_gap[gap]:
                free ^= 1 << gap
        else:
            gap, pack = max_length, len(packs)
            packs.append([])
        packs[pack].append(document)
        rest = gap - length
        if rest:
            with_gap[rest].append(pack)
            free |= 1 << rest
    return packs


def one_each(lengths: Sequence[int], max_length: int) -> Packed:
    """No packing: every document is a sequence of its own."""
    return Packed(tuple((one,) for one in range(len(lengths))), sum(lengths), max_length)
