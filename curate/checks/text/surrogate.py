r"""Half of a character stands in the text.

Why     A lone surrogate (such as \ud83d without its other half) is no character: no UTF-8 can hold it. Writing the
        row, or giving it to a tokenizer, fails or puts a replacement sign in its place.
Mend    Cut texts between characters, not between UTF-16 units, where the rows come from, or set the rows aside:
        `curate drop {files} --select text.surrogate -o {out}`.
Limits  Any string of the row, names of fields included. Precision 1 by construction: the reader counts them while it
        decodes. What another tool has already turned into U+FFFD is not seen.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from curate.core.check import Batch, RowCheck, Severity, found
from curate.core.examples import ask, raw

FLAGGED = (
    raw(rb'{"instruction": "Say hi.", "output": "Hi \ud83d"}'),
    raw(rb'{"instruction": "Say \ude00 hi.", "output": "Hi"}'),
    raw(
        rb'{"messages": [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Hello \ude00\ud83d"}]}'
    ),
)
CLEAN = (
    raw(rb'{"instruction": "Say hi.", "output": "Hi \ud83d\ude00"}'),
    raw(rb'{"instruction": "What is a surrogate?", "output": "Half of a pair, such as \\ud83d."}'),
    ask("Say hi.").answer("Hi 😀"),
)


@dataclass(frozen=True)
class Surrogate(RowCheck):
    """Takes over what the reader noticed."""

    severity: Severity = Severity.ERROR

    def examine(self, batch: Batch) -> pl.DataFrame:
        """One finding for each string that holds lone surrogates."""
        halves = batch.notes.filter(pl.col("kind") == "surrogate")
        return found(halves, "half of a surrogate pair stands alone and cannot be written as UTF-8")
