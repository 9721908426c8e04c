"""In which languages answers are, from a sample: to say what is in the data, not to judge a row."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from curate.engines.rereading import parts
from curate.formats.parse import parse_chunk
from curate.text.language import NAMES, identify, is_able

if TYPE_CHECKING:
    from curate.engines.scan import Scan

SAMPLE = 400
"""Rows that are looked at, spread evenly over the data."""


def languages_of(seen: Scan) -> list[tuple[str, int]]:
    """English names of languages with the number of sampled answers, the most frequent first.

    Empty where no language model is at hand. Answers with too little prose are not counted.
    """
    if not is_able() or seen.index.is_empty():
        return []
    rows = seen.index["row"].gather_every(max(len(seen.index) // SAMPLE, 1))
    counts: Counter[str] = Counter()
    for part in parts(seen, rows):
        answers = parse_chunk(part.chunk).batch.targets.unique("row", keep="first", maintain_order=True)
        texts = [text for row, text in answers.select("row", "text").iter_rows() if row in part.rows and text]
        counts.update(guess for text in texts if (guess := identify(text).language) in NAMES)
    return sorted(((NAMES[code], count) for code, count in counts.items()), key=lambda one: (-one[1], one[0]))
