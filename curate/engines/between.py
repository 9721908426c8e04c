"""What makes two rows of different files one example: the same row, the same ask, a near one, the same long answer.

Every comparison is either one of keys (rows with an equal one belong together) or one of sets of word shingles (pairs
of at least a given Jaccard similarity do, by the exact join). ``split`` keeps such rows together, ``leaks`` counts
them. System prompts are not compared: the same question under two of them is still known from one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import polars as pl

from curate.core.check import Sketch
from curate.core.errors import UsageError
from curate.engines.asking import SAID
from curate.engines.rereading import reread
from curate.similarity import Sets, shingle
from curate.similarity.asks import canonical
from curate.similarity.blocking import block_keys
from curate.similarity.boilerplate import common_shingles, discount
from curate.similarity.cells import cells_of, sets_of
from curate.text.fold import digest

if TYPE_CHECKING:
    from curate.core.batch import Batch
    from curate.engines.local import Engine
    from curate.engines.scan import Scan
    from curate.similarity.arrays import I64, U64
    from curate.similarity.judge import Example

NGRAM = 3
"""Words of a shingle."""

LONG = 250
"""Code points, white space aside, from which an answer, or a paragraph that a row gives, is so much of its own that
two rows with it have something in common."""

WIDESPREAD = 0.25
"""Share of the rows from which a shingle, or a paragraph, belongs to all of them."""

FEW = 20
"""Rows up to which nothing is widespread."""

PREAMBLE = 12
"""Widespread shingles from which they are taken for a preamble and left out; fewer are the words of questions."""

SAME_ROW, SAME_ASK, SAME_ANSWER, SAME_DOCUMENT = "same row", "same ask", "same long answer", "same document"
NEAR_ASK, NEAR_ROW = "near ask", "near row"

_ASKS = pl.Schema({"row": pl.Int64(), "ask": pl.Binary()})


class Place(NamedTuple):
    """A row of a file: its name, line (None where there are none) and number, both from 1."""

    file: str
    line: int | None
    row: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line if self.line is not None else self.row}"


@dataclass(frozen=True)
class RowSketch(Sketch):
    """What is kept of every row to compare it with those of other files.

    Attributes:
        fields: metadata whose values are compared.
    """

    fields: tuple[str, ...] = ()

    def digest(self, batch: Batch) -> pl.DataFrame:
        """``row, block, said, answer, documents, asks, wholes`` and the metadata; sets of shingles as bytes."""
        rows = batch.rows.select("row")
        texts = _texts(batch)
        joined = {
            name: rows.join(
                part.group_by("row", maintain_order=True).agg(pl.col("text").str.join("\n")),
                on="row",
                how="left",
                maintain_order="left",
            )["text"].fill_null("")
            for name, part in (
                ("ask", texts.filter(~pl.col("is_answer"))),
                ("answer", texts.filter("is_answer")),
            )
        }
        paragraphs = (
            texts.filter(~pl.col("is_answer") & (pl.col("text").str.len_bytes() >= LONG))
            .select("row", pl.col("text").str.split("\n\n"))
            .explode("text")
            .select("row", _long_key("text").alias("documents"))
            .drop_nulls()
            .group_by("row")
            .agg("documents")
        )
        kept = rows.with_columns(
            pl.Series("block", block_keys(joined["ask"]), pl.UInt64),
            _said(batch, joined["ask"], joined["answer"]),
            joined["answer"].to_frame("text").select(_long_key("text").alias("answer"))["answer"],
            cells_of(shingle(joined["ask"], NGRAM)).alias("asks"),
            cells_of(shingle(joined["ask"] + "\n" + joined["answer"], NGRAM)).alias("wholes"),
        ).join(paragraphs, on="row", how="left", maintain_order="left")
        wanted = ["row", *(f"meta.{name}" for name in self.fields)]
        return kept.join(batch.rows.select(wanted), on="row", how="left", maintain_order="left")


def _texts(batch: Batch) -> pl.DataFrame:
    """``row, text, is_answer``: what a row asks, and its last answer with all that follows."""
    last = pl.col("turn").filter(pl.col("part") == "target").max().over("row")
    is_answer = ((pl.col("turn") >= last) | (pl.col("part") == "rejected")).fill_null(value=False)
    is_said = pl.col("kind").is_in(["text", "parts", "call"]) & (pl.col("role") != "system")
    return batch.turns.select("row", "text", is_answer.alias("is_answer"), is_said.alias("is_said")).filter(
        "is_said"
    )


def _said(batch: Batch, asks: pl.Series, answers: pl.Series) -> pl.Series:
    """A hash of all that a row says; null where that is nothing, or where a picture or the like is a part of it."""
    texts = (asks + "\0" + answers).rename("said")
    odd = batch.turns.filter(~pl.col("kind").is_in(SAID))["row"].unique()
    return texts.hash(1).set((texts == "\0") | batch.rows["row"].is_in(odd.implode()), None)


def _long_key(name: str) -> pl.Expr:
    """A hash of a text apart from white space and case; null for a short one."""
    bare = pl.col(name).str.replace_all(r"\s+", "").str.to_lowercase()
    return pl.when(bare.str.len_chars() >= LONG).then(bare.hash(1))


def taken(sets: Sets, rows: I64) -> Sets:
    """The sets of some rows."""
    sizes = sets.sizes()[rows]
    indptr = np.concatenate([np.zeros(1, np.int64), np.cumsum(sizes)])
    at = np.arange(indptr[-1]) + np.repeat(sets.indptr[rows] - indptr[:-1], sizes)
    return Sets(indptr, np.asarray(sets.values)[at])


@dataclass(frozen=True, eq=False)
class Compared:
    """All rows of a scan, ready to be compared; a row is known here by its place in ``rows``.

    Attributes:
        rows: ``row, file, hash, line`` and the metadata.
        keys: by the name of a comparison, the rows that have a key and their keys.
        sets: by the name of a comparison, the sets of all rows.
    """

    rows: pl.DataFrame
    keys: dict[str, tuple[I64, U64]]
    sets: dict[str, Sets]


@dataclass(frozen=True)
class Comparing:
    """Which comparisons are made.

    Attributes:
        near: rows that are the same, ask the same, are near, or answer the same at length.
        document: a long paragraph.
        fields: metadata.
    """

    near: bool = True
    document: bool = False
    fields: tuple[str, ...] = ()


def compare(
    seen: Scan, comparing: Comparing, engine: Engine, preambles: dict[str, U64] | None = None
) -> Compared:
    """What a scan with a :class:`RowSketch` found, as keys and sets.

    Args:
        seen: the scan.
        comparing: what is to be compared.
        engine: where rows are read again.
        preambles: by name, shingles that are left out; found where they are None, and added where they are empty.

    Raises:
        UsageError: no row has a field.
    """
    sketch = seen.sketches.get(RowSketch().name)
    rows = seen.index.select("row", "file", "hash", "line")
    if sketch is None or rows.is_empty():
        return Compared(rows, {}, {})
    rows = rows.join(sketch, on="row", how="left", maintain_order="left")
    for name in comparing.fields:
        if rows[f"meta.{name}"].null_count() == len(rows):
            raise UsageError(f"no row has the field '{name}'", hint="name a field at the top of the rows")
    keys = {SAME_ROW: _keyed(rows["said"].fill_null(rows["hash"]))} if comparing.near else {}
    sets: dict[str, Sets] = {}
    if comparing.near:
        keys[SAME_ASK] = _keyed(_asks(seen, rows, engine))
        keys[SAME_ANSWER] = _keyed(_own(rows["answer"], len(rows)))
        sets = {NEAR_ASK: sets_of(rows["asks"]), NEAR_ROW: sets_of(rows["wholes"])}
        sets = {
            name: _bare(one, name, preambles if preambles is not None else {}) for name, one in sets.items()
        }
    if comparing.document:
        keys[SAME_DOCUMENT] = _documents(rows)
    for name in comparing.fields:
        keys[f"same {name}"] = _keyed(_hashed(rows[f"meta.{name}"]))
    kept = rows.select(
        "row", "file", "hash", "line", *(name for name in rows.columns if name.startswith("meta."))
    )
    return Compared(kept, keys, sets)


def _keyed(keys: pl.Series) -> tuple[I64, U64]:
    """The places of the keys that are not null, and these keys."""
    has = np.flatnonzero(keys.is_not_null().to_numpy())
    return has, keys.drop_nulls().to_numpy()


def _own(keys: pl.Series, count: int) -> pl.Series:
    """Keys without those that so many rows have that they tell nothing of any."""
    frame = keys.to_frame("key").with_columns(pl.len().over("key").alias("often"))
    widespread = pl.col("often") > max(WIDESPREAD * count, FEW)
    return frame.select(pl.when(~widespread).then("key"))["key"]


def _documents(rows: pl.DataFrame) -> tuple[I64, U64]:
    lines = rows.select("documents").with_row_index("place").explode("documents").drop_nulls()
    lines = lines.unique(maintain_order=True)
    lines = lines.with_columns(_own(lines["documents"], len(rows)).alias("documents")).drop_nulls()
    return lines["place"].to_numpy().astype(np.int64), lines["documents"].to_numpy()


def _bare(sets: Sets, name: str, preambles: dict[str, U64]) -> Sets:
    """Sets without a preamble that a good part of all rows has."""
    if name not in preambles:
        common = common_shingles(sets, share=WIDESPREAD, least=FEW + 1)
        preambles[name] = common if len(common) >= PREAMBLE else common[:0]
    return discount(sets, preambles[name]).sets if len(preambles[name]) else sets


def _asks(seen: Scan, rows: pl.DataFrame, engine: Engine) -> pl.Series:
    """A hash of what a row asks, in its canonical form; null where no other row may ask the same."""
    wanted = rows.filter(pl.col("block").is_duplicated())["row"]
    read = pl.concat([pl.DataFrame(schema=_ASKS), *reread(seen, wanted, _read_asks, engine)])
    beside = rows.select("row").join(read, on="row", how="left", maintain_order="left")
    return _hashed(beside["ask"])


def _hashed(values: pl.Series) -> pl.Series:
    """64 bits of each value; null where it is."""
    return values.hash(1).set(values.is_null(), None)


def _read_asks(rows: list[tuple[int, Example]]) -> pl.DataFrame:
    """``row, ask``: 128 bits of what is asked, roles aside and a system prompt left out."""
    asked = [(row, "\n".join(turn.text for turn in one.ask if turn.role != "system")) for row, one in rows]
    lines = [(row, digest(canonical(text))) for row, text in asked if text.strip()]
    return pl.DataFrame(lines, schema=_ASKS, orient="row")


def places_of(seen: Scan, rows: pl.Series) -> dict[int, Place]:
    """The places of some rows by their numbers over all inputs."""
    index = seen.index.filter(pl.col("row").is_in(rows.implode()))
    return {
        row: Place(seen.opened[file].source.name, line, row - seen.first_rows[file] + 1)
        for row, file, line in index.select("row", "file", "line").iter_rows()
    }
