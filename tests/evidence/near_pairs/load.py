"""The labelled pairs with their texts, and how far the two passes of labelling agree.

``pairs.jsonl`` and ``labels.jsonl`` hold places, digests and labels, no text; the texts are read from the public sets,
and a text that is not the one that was labelled is an error.

    CURATE_TEST_DATA=... python -m tests.evidence.near_pairs.load
"""

from __future__ import annotations

from collections import Counter, defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import orjson

from tests.evidence.near_pairs.rows import VARIABLE, Exchange, digest, exchanges, folder, lines, records

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

HERE = Path(__file__).parent
MISSING = f"needs the public data sets: set {VARIABLE} to their folder"

Ask = Literal["same", "variant", "paraphrase", "different"]
Answer = Literal["equivalent", "different"]
Place = tuple[str, int, int]
"""File, row and part, as in ``rows.Row``."""


class Pair(NamedTuple):
    """Two exchanges, the lower bound of their band of similarity, and what a reader says of them."""

    pair: int
    band: float
    prompt_a: str
    answer_a: str
    prompt_b: str
    answer_b: str
    ask: Ask
    answer: Answer
    note: str


def table(name: str) -> list[dict[str, Any]]:
    """The lines of ``pairs.jsonl`` or ``labels.jsonl``; line n of both is about pair n."""
    return [orjson.loads(line) for line in (HERE / name).read_bytes().splitlines()]


def load(data: Path | None = None) -> list[Pair]:
    """Every labelled pair, in the order of the files.

    Raises:
        FileNotFoundError: the folder of the public sets is not known; the message says how to name it.
        ValueError: a text is not the one that was labelled, or a label is missing.
    """
    data = data or folder()
    if data is None:
        raise FileNotFoundError(MISSING)
    pairs, labels = table("pairs.jsonl"), table("labels.jsonl")
    texts = _texts(data, [pair[side] for pair in pairs for side in "ab"])
    return [
        Pair(
            pair["pair"],
            pair["band"],
            *texts[place(pair["a"])],
            *texts[place(pair["b"])],
            label["ask"],
            label["answer"],
            label["note"],
        )
        for pair, label in zip(pairs, labels, strict=True)
    ]


def place(side: dict[str, Any]) -> Place:
    """Where a side of a pair stands."""
    return side["file"], side["row"], side["part"]


def _texts(data: Path, sides: Sequence[dict[str, Any]]) -> dict[Place, Exchange]:
    wanted: defaultdict[str, set[int]] = defaultdict(set)
    for side in sides:
        wanted[side["file"]].add(side["row"])
    found = {
        (file, row, part): exchange
        for file, numbers in wanted.items()
        for row, record in _records(data / file, numbers)
        for part, exchange in enumerate(exchanges(file, record))
    }
    for side in sides:
        if place(side) not in found or digest(*found[place(side)]) != side["sha256"]:
            raise ValueError(f"{side['file']} row {side['row']}: not the text that was labelled")
    return found


def _records(path: Path, numbers: set[int]) -> Iterator[tuple[int, Any]]:
    if ".jsonl" in path.name:
        yield from ((at, orjson.loads(line)) for at, line in enumerate(lines(path)) if at in numbers)
    else:
        yield from ((at, record) for at, record in enumerate(records(path)) if at in numbers)


def kappa(one: Sequence[str], other: Sequence[str]) -> float:
    """Agreement of two passes beyond chance: 1 is perfect, 0 is chance (Cohen 1960)."""
    count = len(one)
    agreed = sum(a == b for a, b in zip(one, other, strict=True)) / count
    said, also = Counter(one), Counter(other)
    chance = sum(said[label] * also[label] for label in said) / count**2
    return 1.0 if chance == 1 else (agreed - chance) / (1 - chance)


def summary() -> Iterator[str]:
    """Counts by band and label, and the agreement of the passes."""
    pairs, labels = table("pairs.jsonl"), table("labels.jsonl")
    yield from _counts(
        "band", ((str(pair["band"]), label["ask"]) for pair, label in zip(pairs, labels, strict=True))
    )
    yield ""
    yield from _counts("answer", ((label["answer"], label["ask"]) for label in labels))
    yield ""
    for field in ("ask", "answer"):
        passes = [[label["passes"][at][field] for label in labels] for at in (0, 1)]
        agreed = sum(a == b for a, b in zip(*passes, strict=True))
        yield f"{field}: the passes agree on {agreed} of {len(labels)}, Cohen's kappa {kappa(*passes):.3f}"


def _counts(what: str, cells: Iterable[tuple[str, str]]) -> Iterator[str]:
    counts = Counter(cells)
    asks = ("same", "variant", "paraphrase", "different")
    yield f"{what:<12}" + "".join(f"{ask:>12}" for ask in (*asks, "all"))
    for row in sorted({row for row, _ in counts}):
        of = [counts[row, ask] for ask in asks]
        yield f"{row:<12}" + "".join(f"{count:>12}" for count in (*of, sum(of)))
    of = [sum(counts[row, ask] for row in {row for row, _ in counts}) for ask in asks]
    yield f"{'all':<12}" + "".join(f"{count:>12}" for count in (*of, sum(of)))


if __name__ == "__main__":
    for text in summary():
        print(text)  # noqa: T201
