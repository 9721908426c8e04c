"""Texts as vectors of meaning, by a language model that the user has as a folder.

Means of the last layer's vectors over the tokens, of length one (N. Reimers and I. Gurevych, Sentence-BERT, EMNLP
2019): texts that mean alike have a cosine near 1. A vector finds candidates and decides nothing.

curate must start and install without a deep learning framework, so no module of it imports one: torch and transformers
are loaded by name when a folder is opened, and are no dependency but of the extra ``semantic``.
"""

from __future__ import annotations

import importlib
import importlib.util
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from curate.core.errors import MissingExtraError, UnreadableError, UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    F32: TypeAlias = NDArray[np.float32]

MOST_TOKENS = 128
"""Tokens of a text that are read, its beginning and end marks included."""

BATCH = 32
"""Texts that the model reads at once."""

SLICE = 4096
"""Texts that are made tokens at once."""

EXTRA = "semantic"
NEEDED = ("torch", "transformers")
CONFIG = "config.json"


@dataclass(frozen=True)
class Embedder:
    """A model and its tokenizer.

    Attributes:
        model: of the package ``transformers``, with ``last_hidden_state``.
        tokenizer: that belongs to it.
        most_tokens: tokens of a text that are read.
    """

    model: Any
    tokenizer: Any
    most_tokens: int = MOST_TOKENS

    def embed(self, texts: Sequence[str]) -> F32:
        """One row a text, of length 1; a text of which the model sees nothing has a row of zeros.

        Texts that are one as far as the model reads are embedded once and have one vector, to the bit. What is batched
        with what depends on the set of texts alone: they give the same vectors on one machine, in any order.
        """
        tokens = [cell for at in range(0, len(texts), SLICE) for cell in self._tokens(texts[at : at + SLICE])]
        distinct = sorted(set(tokens), key=lambda cell: (len(cell), cell))
        parts = [self._batch(distinct[at : at + BATCH]) for at in range(0, len(distinct), BATCH)]
        if not parts:
            return np.zeros((0, int(self.model.config.hidden_size)), np.float32)
        vectors: F32 = np.concatenate(parts)
        place = {cell: at for at, cell in enumerate(distinct)}
        return vectors[[place[cell] for cell in tokens]]

    def _tokens(self, texts: Sequence[str]) -> list[bytes]:
        """What the model reads of each text: numbers of tokens, as bytes."""
        read = [text.encode("utf-8", "replace").decode() for text in texts]
        cut = self.tokenizer(read, truncation=True, max_length=self.most_tokens)
        return [np.array(ids, np.int64).tobytes() for ids in cut["input_ids"]]

    def _batch(self, cells: list[bytes]) -> F32:
        """The vectors of some texts, the longest last, to whose length the others are padded."""
        torch = importlib.import_module("torch")
        rows = [np.frombuffer(cell, np.int64) for cell in cells]
        ids = np.full((len(rows), max(1, len(rows[-1]))), self.tokenizer.pad_token_id or 0, np.int64)
        mask = np.zeros_like(ids)
        for at, row in enumerate(rows):
            ids[at, : len(row)], mask[at, : len(row)] = row, 1
        with torch.inference_mode():
            read = self.model(input_ids=torch.from_numpy(ids), attention_mask=torch.from_numpy(mask))
        return _unit_means(read.last_hidden_state.numpy(), mask)


def _unit_means(hidden: F32, mask: NDArray[np.int64]) -> F32:
    """Mean vectors of the tokens that are no padding, of length 1: (texts, tokens, width) to (texts, width)."""
    weights = mask[:, :, None].astype(np.float64)
    sums = (hidden * weights).sum(axis=1)
    lengths = np.linalg.norm(sums, axis=1, keepdims=True)
    unit: F32 = np.divide(sums, lengths, out=np.zeros_like(sums), where=lengths > 0).astype(np.float32)
    return unit


def load_embedder(folder: str | Path) -> Embedder:
    """The model of a folder; nothing is looked up elsewhere, and no code that lies in it is run.

    Args:
        folder: as ``save_pretrained`` writes it, the tokenizer with it.

    Raises:
        MissingExtraError: torch or transformers is not installed.
        UsageError: it is no folder with a model; the name of a model on a hub is none.
        UnreadableError: the folder holds a model that cannot be loaded.
    """
    path = Path(folder)
    if not (path / CONFIG).is_file():
        raise UsageError(
            f"is no folder with a {CONFIG}",
            where=str(folder),
            hint="name the folder of a model that is on this machine; nothing is downloaded",
        )
    if any(importlib.util.find_spec(name) is None for name in NEEDED):
        raise MissingExtraError("finding paraphrases with a model", EXTRA)
    try:
        model, tokenizer = _opened(path)
    except Exception as error:  # the package raises no narrower type
        raise UnreadableError(
            "holds no model that transformers can load",
            where=str(folder),
            hint=f"{type(error).__name__}: {str(error).partition(chr(10))[0]}",
        ) from error
    reach = int(getattr(model.config, "max_position_embeddings", MOST_TOKENS))
    return Embedder(model.float().eval(), tokenizer, min(MOST_TOKENS, reach))


def _opened(path: Path) -> tuple[Any, Any]:
    """The model and the tokenizer, without the progress bar that the package draws for each file it opens."""
    transformers = importlib.import_module("transformers")
    told = transformers.utils.logging
    drawn = told.is_progress_bar_enabled()
    local = {"local_files_only": True, "trust_remote_code": False}
    told.disable_progress_bar()
    try:
        tokenizer = transformers.AutoTokenizer.from_pretrained(str(path), **local)
        return transformers.AutoModel.from_pretrained(str(path), use_safetensors=True, **local), tokenizer
    finally:
        if drawn:
            told.enable_progress_bar()
