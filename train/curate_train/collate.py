"""From encoded documents to the tensors of a step: packed, with positions that start anew in each document.

There is no ``attention_mask``: where one is given, or a cache is kept, transformers looks at no positions, and
documents of one sequence see each other. Without both it builds the mask of blocks from ``position_ids`` (or hands
the blocks to the flash kernels), which ``selfcheck.py`` proves on the model at hand before the first step.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    import torch

    from curate_train.packing import Packed

IGNORED = -100
"""The label that cross-entropy leaves out."""


class Document(Protocol):
    """What is packed: token ids, and which of them are to be learned."""

    @property
    def ids(self) -> Sequence[int]:
        """Token ids."""

    @property
    def trained(self) -> Sequence[bool]:
        """Of the same length: whether the token is part of an answer."""


class Packs:
    """Documents by packs, as a dataset: item i is the list of the documents of sequence i.

    The tokens of all documents stand in two arrays of 32 bits, so that a million rows cost what their tokens cost.

    Attributes:
        packed: which documents stand where.
        trained: tokens that are learned.
    """

    def __init__(self, documents: Sequence[Document], packed: Packed) -> None:
        self.packed = packed
        self._ends = np.cumsum([len(one.ids) for one in documents], dtype=np.int64)
        size = int(self._ends[-1]) if len(documents) else 0
        self._ids = np.fromiter((token for one in documents for token in one.ids), np.int32, size)
        mask = np.fromiter((flag for one in documents for flag in one.trained), np.bool_, size)
        self._labels = np.where(mask, self._ids, np.int32(IGNORED))
        # The first token of a document would be learned from the last of the one before it.
        self._labels[np.concatenate(([0], self._ends[:-1])) if size else []] = IGNORED
        self.trained = int((self._labels != IGNORED).sum())

    def __len__(self) -> int:
        return len(self.packed.packs)

    def __getitem__(self, number: int) -> list[tuple[np.ndarray, np.ndarray]]:
        """Ids and labels of each document of a pack."""
        return [
            (self._ids[place], self._labels[place]) for place in map(self._place, self.packed.packs[number])
        ]

    def _place(self, document: int) -> slice:
        return slice(int(self._ends[document - 1]) if document else 0, int(self._ends[document]))


@dataclass(frozen=True)
class Collator:
    """Packs as one batch.

    Attributes:
        pad_id: the token that fills the gap at the end of a sequence; it is never learned, and a document of its own.
        flat: all packs in one sequence, as the flash kernels want it; otherwise a line each, padded to the longest.
    """

    pad_id: int
    flat: bool = False

    def __call__(self, packs: Sequence[Sequence[tuple[np.ndarray, np.ndarray]]]) -> dict[str, torch.Tensor]:
        """``input_ids``, ``position_ids`` and ``labels``, each of packs × tokens (or 1 × all tokens)."""
        import torch  # noqa: PLC0415 (heavy)

        if self.flat:
            packs = [[document for pack in packs for document in pack]]
        width = max(sum(len(ids) for ids, _ in pack) for pack in packs)
        columns = zip(*(self._line(pack, width) for pack in packs), strict=True)
        names = ("input_ids", "position_ids", "labels")
        return {
            name: torch.from_numpy(np.stack(lines).astype(np.int64))
            for name, lines in zip(names, columns, strict=True)
        }

    def _line(
        self, pack: Sequence[tuple[np.ndarray, np.ndarray]], width: int
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """One sequence, filled up to ``width``."""
        gap = width - sum(len(ids) for ids, _ in pack)
        lengths = [*(len(ids) for ids, _ in pack), gap]
        ids = [*(ids for ids, _ in pack), np.full(gap, self.pad_id, np.int32)]
        labels = [*(labels for _, labels in pack), np.full(gap, IGNORED, np.int32)]
        positions = [np.arange(length, dtype=np.int32) for length in lengths]
        return np.concatenate(ids), np.concatenate(positions), np.concatenate(labels)
