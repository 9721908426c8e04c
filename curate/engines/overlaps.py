"""What rows of data have in common with the items of a benchmark: whole prompts, and runs of n tokens.

An item's prompt is found where a row asks the same (equal canonical forms, however short), and where it stands as a
whole in a row's text. Beyond that, runs of n tokens are compared. A run is content only if it holds enough different
words, and if the numbers around it agree: the same problem with other numbers is another problem, and a line of
arithmetic belongs to nobody. An n-gram that several items share belongs to their template. n = 13 is the length of
Brown et al. 2020, "Language models are few-shot learners", appendix C, which also leaves out what is frequent.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import polars as pl

from curate.core.check import Sketch
from curate.similarity import token_hashes
from curate.similarity.asks import canonical
from curate.similarity.blocking import block_keys
from curate.similarity.grams import GramIndex, WholeIndex
from curate.text.fold import hash64

if TYPE_CHECKING:
    from collections.abc import Iterator

    from curate.core.batch import Batch
    from curate.similarity.arrays import U64, Tokens
    from curate.similarity.grams import Run

COMMON = 3
"""Distinct items from which an n-gram belongs to their template."""

ANYWHERE = 8
"""Tokens from which a whole prompt is told wherever it stands; a shorter one has to be a sentence of an ask."""

LONG_ANSWER = 4
"""Times n tokens, or half of it: from there on a piece of an answer tells which answer it is."""

AROUND = 2
"""Times n tokens on both sides of a run in which the numbers must agree."""

TAIL = 80
"""Code points after a prompt that are looked at for the end of its line."""

MOST_ITEMS = 100
"""Items with one and the same prompt that are told for a row."""

WHOLE, CONTAINED, GRAM = "whole-prompt", "contained", "n-gram"
KINDS = (WHOLE, CONTAINED, GRAM)
"""Of hits, the surest first."""

NUMBERS, WORDS, PIECE, TEMPLATE = "other-numbers", "few-words", "short-piece-of-answer", "template"
"""Why a run is none."""

HITS = pl.Schema(
    {
        "row": pl.Int64(),
        "kind": pl.String(),
        "item": pl.Int64(),
        "at": pl.String(),
        "start": pl.Int64(),
        "end": pl.Int64(),
        "item_at": pl.String(),
        "item_start": pl.Int64(),
        "item_end": pl.Int64(),
        "share": pl.Float64(),
        "text": pl.Int64(),
        "first": pl.Int64(),
        "count": pl.Int64(),
        "answer": pl.UInt64(),
    }
)
"""A place in a row, and the same in an item; ``text``, ``first`` and ``count`` are the run in the index."""

LINES = pl.Schema(
    {"row": pl.Int64(), "turn": pl.Int32(), "at": pl.String(), "text": pl.String(), "is_ask": pl.Boolean()}
)

_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_WORD = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]|[^\W\d_]{2,}")
_LEAD = re.compile(
    r"[\s#>*_-]*(?:(?:q|question|user|human|instruction|prompt|problem|input|task)\b[\s\d.:)#*_-]*)?\W?",
    re.IGNORECASE,
)
"""What may stand before a prompt in its line."""

_BEFORE_SENTENCE = re.compile(r"[.?!:。？！：][\"'”’)]*\s*\W?\Z")
_AFTER_SENTENCE = re.compile(
    r"[)\]}\"'”’»*_\s]*(?:[.?!:;。？！\n]|\Z|#|\b(?:a|answer|response|output|assistant|solution)\s*:)",
    re.IGNORECASE,
)


class Said(NamedTuple):
    """What a row says in one piece: all that it asks, or an answer.

    Attributes:
        row: its number.
        text: one text.
        is_ask: whether it is what the row asks; of a row that only has a text, that text is.
        offsets: where each of its turns begins in it, in code points.
        ats: the pointers to these turns.
    """

    row: int
    text: str
    is_ask: bool
    offsets: tuple[int, ...]
    ats: tuple[str, ...]

    def place(self, start: int, end: int) -> tuple[str, int, int]:
        """Pointer and span of a piece, cut at the end of the turn in which it starts."""
        turn = bisect_right(self.offsets, start) - 1
        base = self.offsets[turn]
        stop = self.offsets[turn + 1] - 1 if turn + 1 < len(self.offsets) else len(self.text)
        return self.ats[turn], start - base, min(end, stop) - base


def lines_of(batch: Batch) -> pl.DataFrame:
    """The texts of rows that are compared (``LINES``): no system prompts, no rejected answers."""
    said = batch.texts.filter((pl.col("role") != "system") & (pl.col("part") != "rejected"))
    said = said.filter(pl.col("text").str.contains(r"\S"))
    is_ask = pl.col("part").is_in(["prompt", "context"])
    return said.select("row", "turn", "at", "text", (is_ask | ~is_ask.any().over("row")).alias("is_ask"))


def pieces(lines: pl.DataFrame) -> list[Said]:
    """All that each row asks as one text, and each of its answers."""
    asks = lines.filter("is_ask").group_by("row", maintain_order=True).agg("text", "at")
    said = [
        Said(row, "\n".join(texts), is_ask=True, offsets=_offsets(texts), ats=tuple(ats))
        for row, texts, ats in asks.rows()
    ]
    answers = lines.filter(~pl.col("is_ask")).select("row", "text", "at").rows()
    return said + [Said(row, text, is_ask=False, offsets=(0,), ats=(at,)) for row, text, at in answers]


def _others(batch: Batch) -> list[Said]:
    """What else a row holds: a system prompt may show an item as an example, and a rejected answer is read, too."""
    others = batch.texts.filter((pl.col("role") == "system") | (pl.col("part") == "rejected"))
    return [
        Said(row, text, is_ask=False, offsets=(0,), ats=(at,))
        for row, text, at in others.select("row", "text", "at").rows()
    ]


def _offsets(texts: list[str]) -> tuple[int, ...]:
    ends = [0]
    for text in texts:
        ends.append(ends[-1] + len(text) + 1)
    return tuple(ends[:-1])


@dataclass(frozen=True)
class ItemSketch(Sketch):
    """What is kept of a benchmark: its texts."""

    def digest(self, batch: Batch) -> pl.DataFrame:
        """The ``LINES`` of a batch."""
        return lines_of(batch).match_to_schema(LINES)


@dataclass(frozen=True, eq=False)
class Items:
    """A benchmark, ready to be compared with.

    Attributes:
        said: its texts.
        prompts: the numbers of those that are prompts, by canonical form.
        blocks: of the prompts, sorted.
        grams: the n-grams of all texts.
        whole: the prompts with fewer tokens.
    """

    said: list[Said]
    prompts: dict[str, list[int]]
    blocks: U64
    grams: GramIndex
    whole: WholeIndex

    @classmethod
    def build(cls, lines: pl.DataFrame, n: int) -> Items:
        """Index the texts of a benchmark, for runs of ``n`` tokens."""
        said = pieces(lines)
        prompts: dict[str, list[int]] = {}
        for number, one in enumerate(said):
            if one.is_ask:
                prompts.setdefault(canonical(one.text), []).append(number)
        asks = pl.Series([one.text if one.is_ask else "" for one in said], dtype=pl.String)
        texts = pl.Series([one.text for one in said], dtype=pl.String)
        blocks = np.unique(block_keys(asks.filter(asks != "")))
        return cls(said, prompts, blocks, GramIndex.build(texts, n, COMMON), WholeIndex.build(asks, n - 1))


@dataclass(frozen=True, eq=False)
class OverlapSketch(Sketch):
    """What is kept of data: where it has something in common with the items."""

    items: Items | None = None

    def digest(self, batch: Batch) -> pl.DataFrame:
        """Frame of ``HITS``; of kinds also why runs are none."""
        assert self.items is not None  # noqa: S101 (the default is only there because the base has one)
        lines = lines_of(batch)
        said = pieces(lines) + _others(batch)
        found = [*_same_asks(lines, self.items), *_Overlaps(said, self.items).found()]
        return pl.DataFrame(found, schema=HITS, orient="row")


def _same_asks(lines: pl.DataFrame, items: Items) -> Iterator[tuple[object, ...]]:
    """Rows that ask what an item asks: with all their turns, with those of one speaker in a row, or with one."""
    asks = lines.filter("is_ask").select("row", "turn", "at", "text", pl.col("text").alias("head"))
    first = pl.col("at", "head").first()
    joined = [
        asks.group_by(*by, maintain_order=True).agg(first, pl.col("text").str.join("\n"))
        for by in (("row",), ("row", "turn"))
    ]
    units = pl.concat([frame.select("row", "at", "head", "text") for frame in (*joined, asks)])
    units = units.unique(["row", "text"], keep="first", maintain_order=True)
    blocks = pl.Series(block_keys(units["text"]), dtype=pl.UInt64)
    near = units.filter(blocks.is_in(pl.Series(items.blocks, dtype=pl.UInt64).implode()))
    for row, at, head, text in near.rows():
        for number in items.prompts.get(canonical(text), [])[:MOST_ITEMS]:
            item = items.said[number]
            item_at, item_start, item_end = item.place(0, len(item.text))
            yield row, WHOLE, item.row, at, 0, len(head), item_at, item_start, item_end, 1.0, number, 0, 0, 0


class _Overlaps:
    """The runs that the texts of a batch have in common with the items."""

    def __init__(self, said: list[Said], items: Items) -> None:
        self._said = said
        self._items = items
        self._tokens = token_hashes(pl.Series([one.text for one in said], dtype=pl.String))
        self._answers: dict[int, list[Said]] = {}
        for one in said:
            if not one.is_ask:
                self._answers.setdefault(one.row, []).append(one)

    def found(self) -> Iterator[tuple[object, ...]]:
        """As lines of ``HITS``."""
        for run in self._items.whole.runs(self._tokens):
            if self._stands_alone(run):
                yield self._line(run, CONTAINED)
        for run in self._items.grams.runs(self._tokens):
            yield self._line(run, self._kind(run))

    def _line(self, run: Run, kind: str) -> tuple[object, ...]:
        one, item = self._said[run.text], self._items.said[run.other]
        size = _size(self._items.grams.tokens, run.other)
        place = one.place(*_span(self._tokens, run.text, run.start, run.length))
        item_span = _span(self._items.grams.tokens, run.other, run.other_start, run.length)
        answer = hash64(
            "\0".join(two.text for two in self._beside(run.text)).encode("utf-8", "surrogatepass")
        )
        numbers = (run.other, run.other_start, run.length, answer)
        return one.row, kind, item.row, *place, *item.place(*item_span), run.length / size, *numbers

    def _beside(self, text: int) -> list[Said]:
        """The answers of the row; of a row that has none, what it asks."""
        row = self._said[text].row
        return self._answers.get(row) or [self._said[text]]

    def _kind(self, run: Run) -> str:
        """What a run of at least n tokens is."""
        n, item = self._items.grams.n, self._items.said[run.other]
        size = _size(self._items.grams.tokens, run.other)
        if item.is_ask and run.length == size and self._stands_alone(run):
            return CONTAINED
        start, end = _span(self._tokens, run.text, run.start, run.length)
        words = set(map(str.lower, _WORD.findall(self._said[run.text].text[start:end])))
        if 3 * len(words) < 2 * n:
            return WORDS
        if 2 * self._items.grams.own_tokens(run) < n:
            return TEMPLATE
        if not self._numbers_agree(run):
            return NUMBERS
        is_told = item.is_ask or run.length >= LONG_ANSWER * n or 2 * run.length >= size
        return GRAM if is_told else PIECE

    def _numbers_agree(self, run: Run) -> bool:
        """Whether the numbers around the run in the item stand around it in the row, as far as that goes on."""
        ours, theirs = self._tokens, self._items.grams.tokens
        reach = AROUND * self._items.grams.n
        before = min(reach, run.start, run.other_start)
        rest = _size(ours, run.text) - run.start - run.length
        rest_two = _size(theirs, run.other) - run.other_start - run.length
        after = min(reach, rest, rest_two)
        wide = run.length + before + after
        low, high = _span(ours, run.text, run.start - before, wide)
        low_two, high_two = _span(theirs, run.other, run.other_start - before, wide)
        there = _NUMBER.findall(self._items.said[run.other].text[low_two:high_two])
        return set(there) <= set(_NUMBER.findall(self._said[run.text].text[low:high]))

    def _stands_alone(self, run: Run) -> bool:
        """Whether a whole prompt ends where a sentence does, and, if it is short, is a sentence of what a row asks.

        "What is known about ataxia?" is not asked by "What is known about ataxia telangiectasia?".
        """
        one = self._said[run.text]
        start, end = _span(self._tokens, run.text, run.start, run.length)
        if not _AFTER_SENTENCE.match(one.text[end : end + TAIL]) and end < len(one.text):
            return False
        if run.length >= ANYWHERE:
            return True
        lead = one.text[one.text.rfind("\n", 0, start) + 1 : start]
        return one.is_ask and bool(_LEAD.fullmatch(lead) or _BEFORE_SENTENCE.search(lead))


def _size(tokens: Tokens, text: int) -> int:
    return int(tokens.indptr[text + 1] - tokens.indptr[text])


def _span(tokens: Tokens, text: int, start: int, count: int) -> tuple[int, int]:
    """Where some tokens stand in their text, in code points."""
    first = int(tokens.indptr[text]) + start
    return int(tokens.starts[first]), int(tokens.ends[first + count - 1])
