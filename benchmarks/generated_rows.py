"""Large files of generated rows with planted copies, near copies and variants; always the same for a seed."""

from __future__ import annotations

import json
import random
from itertools import accumulate
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from pathlib import Path

COPIES, NEAR, VARIANTS = 0.10, 0.03, 0.05
"""Shares of the rows that say again what an earlier one says: as it is, with a courtesy, with another number."""

_SYLLABLES = [f"{a}{b}" for a in "bcdfglmnprstv" for b in "aeiou"]
_REMEMBERED = 5_000


class Planted(NamedTuple):
    """How many rows of each kind a file has."""

    rows: int
    copies: int
    near: int
    variants: int


def write_rows(path: Path, rows: int, seed: int = 7) -> Planted:
    """Write rows of about 600 bytes, as JSON lines of a question and its answer.

    Words follow a Zipf law over 20,000 made-up ones, so that texts share words as real ones do.
    """
    rng = random.Random(seed)  # noqa: S311 (repeatable)
    words = list(
        dict.fromkeys("".join(rng.choices(_SYLLABLES, k=rng.choice((2, 3, 3, 4)))) for _ in range(24_000))
    )[:20_000]
    weights = list(accumulate(1 / (rank + 10) for rank in range(len(words))))
    counts = {"copies": 0, "near": 0, "variants": 0}
    known: list[tuple[str, int, str]] = []
    with path.open("w", encoding="utf-8") as out:
        for number in range(rows):
            draw = rng.random()
            if known and draw < COPIES + NEAR + VARIANTS:
                ask, amount, answer = known[rng.randrange(len(known))]
                kind = "copies" if draw < COPIES else "near" if draw < COPIES + NEAR else "variants"
                counts[kind] += 1
                out.write(_line(*_again(kind, ask, amount, answer, number)))
                continue
            drawn = rng.choices(words, cum_weights=weights, k=82)
            fresh = (" ".join(drawn[:36]), number, " ".join(drawn[36:]))
            known.append(fresh) if len(known) < _REMEMBERED else known.__setitem__(
                rng.randrange(_REMEMBERED), fresh
            )
            out.write(_line(*fresh, "Calculate"))
    return Planted(rows, **counts)


def _again(kind: str, ask: str, amount: int, answer: str, number: int) -> tuple[str, int, str, str]:
    if kind == "variants":
        return ask, number + 10**9, answer, "Calculate"
    return ask, amount, answer, "Calculate" if kind == "copies" else "Please calculate"


def _line(ask: str, amount: int, answer: str, verb: str) -> str:
    question = f"{verb} what follows for {amount} of them: {ask}."
    return json.dumps({"question": question, "answer": f"{answer}."}) + "\n"
