"""New rows against a corpus that stays as it is: which of them ask and teach what a row of the corpus does.

Where the files of the corpus are at hand, rows are compared as ``engines.twins`` does: copies by 128 bits of what they
say, others by block, then by their canonical forms, and answers that differ in a listed frame are judged on their
texts. An index is for a corpus that is not: it holds the digests of every row and its place, so that it can be kept,
and grown by the rows of each new file. By it alone, answers are the same if their canonical forms are.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import polars as pl

from curate.core.check import Sketch
from curate.core.errors import UnreadableError
from curate.engines.asking import AskSketch, examples
from curate.engines.between import Place, places_of
from curate.engines.dropping import Twin
from curate.engines.rereading import read_examples, reread
from curate.engines.twins import MOST_ANSWERS, digests, told
from curate.formats.keep_output import whole
from curate.similarity.judge import judge
from curate.text.fold import digest
from curate.text.visible import text_name

if TYPE_CHECKING:
    from pathlib import Path

    from curate.core.batch import Batch
    from curate.engines.local import Engine
    from curate.engines.scan import Scan
    from curate.similarity.judge import Example

VERSION = "curate.index/1"
"""Of the index; it changes with its columns, and with what the canonical form of a text is."""

DIGESTS = pl.Schema({"said": pl.Binary(), "ask": pl.Binary(), "answer": pl.Binary()})
INDEX = pl.Schema({**DIGESTS, "file": pl.String(), "line": pl.Int64(), "row": pl.Int64()})
_KEYS = pl.Schema({"row": pl.Int64(), **DIGESTS})


class Known(NamedTuple):
    """The row of the corpus that a new row repeats.

    Attributes:
        place: of the row of the corpus.
        is_exact: whether they say the same, letter for letter.
        twin: how they compare.
    """

    place: Place
    is_exact: bool
    twin: Twin


def known_rows(new: Scan, corpus: Scan, engine: Engine) -> dict[int, Known]:
    """For each row of ``new`` that asks and teaches what a row of ``corpus`` does: the first such row.

    Args:
        new: a scan with an :class:`AskSketch`.
        corpus: another one, with the same.
        engine: where rows are read again.
    """
    rows, others = (seen.sketches.get(AskSketch().name) for seen in (new, corpus))
    if rows is None or others is None or rows.is_empty() or others.is_empty():
        return {}
    firsts = others.unique(["said", "said_too"], keep="first", maintain_order=True)
    copies = rows.join(firsts.select("said", "said_too", other="row"), on=["said", "said_too"], how="inner")
    found = {row: (other, True, Twin(1.0)) for row, other in copies.select("row", "other").rows()}
    rest = rows.join(copies, on="row", how="anti").join(firsts, on="block", how="semi")
    beside = firsts.join(rest, on="block", how="semi")
    for row, other, twin in _near(
        _keys(new, rest["row"], engine), _keys(corpus, beside["row"], engine), new, corpus, engine
    ):
        found[row] = (other, False, twin)
    places = places_of(corpus, pl.Series([other for other, _, _ in found.values()], dtype=pl.Int64).unique())
    return {
        row: Known(places[other], is_exact, twin) for row, (other, is_exact, twin) in sorted(found.items())
    }


def _keys(seen: Scan, rows: pl.Series, engine: Engine) -> pl.DataFrame:
    return pl.concat([pl.DataFrame(schema=_KEYS), *reread(seen, rows, _digested, engine)])


def _digested(rows: list[tuple[int, Example]]) -> pl.DataFrame:
    return pl.DataFrame([(row, *_digests(example)) for row, example in rows], schema=_KEYS, orient="row")


def _digests(example: Example) -> tuple[bytes, bytes, bytes]:
    return digest(repr(example)), *digests(example)


def _near(
    keys: pl.DataFrame, others: pl.DataFrame, new: Scan, corpus: Scan, engine: Engine
) -> list[tuple[int, int, Twin]]:
    """Rows with the row of the corpus that they are near to, judged on their texts."""
    distinct = others.sort("row").unique(["ask", "answer"], keep="first", maintain_order=True)
    pairs = keys.join(distinct, on="ask", how="inner", suffix="_other")
    same_first = (pl.col("answer") != pl.col("answer_other")).cast(pl.Int8)
    pairs = pairs.sort("row", same_first, "row_other").group_by("row", maintain_order=True).head(MOST_ANSWERS)
    ours = read_examples(new, pairs["row"].unique(), engine)
    theirs = read_examples(corpus, pairs["row_other"].unique(), engine)
    near: dict[int, tuple[int, Twin]] = {}
    for row, other in pairs.select("row", "row_other").rows():
        if row in near:
            continue
        judged = judge(ours[row], theirs[other])
        if judged.pair.removable:
            near[row] = other, Twin(round(judged.similarity, 4), told(judged.differences))
    return [(row, other, twin) for row, (other, twin) in near.items()]


@dataclass(frozen=True)
class KeySketch(Sketch):
    """What an index holds of every row. Reading all asks into their canonical form is what it costs."""

    def digest(self, batch: Batch) -> pl.DataFrame:
        """``row`` and the digests of what it says, asks and answers."""
        return _digested(list(examples(batch, batch.rows["row"].to_list())))


@dataclass(frozen=True, eq=False)
class CorpusIndex:
    """The digests of all rows of a corpus, each with the place of the first row that has them.

    Attributes:
        lines: of the schema ``INDEX``; no two have the same digests.
    """

    lines: pl.DataFrame

    @classmethod
    def empty(cls) -> CorpusIndex:
        """Of a corpus without rows."""
        return cls(pl.DataFrame(schema=INDEX))

    @classmethod
    def read(cls, path: Path) -> CorpusIndex:
        """From a file.

        Raises:
            UnreadableError: it is no index, or one of another version.
        """
        try:
            told = pl.read_parquet_metadata(path).get("curate", "")
            lines = pl.read_parquet(path) if told == VERSION else None
        except (OSError, pl.exceptions.PolarsError) as error:
            raise UnreadableError(
                "is no index", where=str(path), hint="name a new file, and it is made"
            ) from error
        if lines is None or lines.schema != INDEX:
            what = f"an index of another version ({text_name(told)})" if told else "no index"
            raise UnreadableError(f"is {what}", where=str(path), hint=f"make it anew: this is {VERSION}")
        return cls(lines)

    def write(self, path: Path) -> None:
        """To a file, whole or not at all.

        Raises:
            UsageError: it cannot be written.
        """
        with whole(path) as temporary:
            self.lines.write_parquet(temporary, metadata={"curate": VERSION})

    def grown(self, seen: Scan) -> CorpusIndex:
        """With the rows of a scan that has a :class:`KeySketch`; rows that are known keep their place."""
        keys = _sketched(seen)
        places = places_of(seen, keys["row"])
        named = pl.DataFrame(
            [(row, *places[row]) for row in keys["row"].to_list()],
            schema={"key": pl.Int64, "file": pl.String, "line": pl.Int64, "number": pl.Int64},
            orient="row",
        )
        lines = keys.join(named, left_on="row", right_on="key", how="left", maintain_order="left")
        more = lines.select(*DIGESTS, "file", "line", pl.col("number").alias("row"))
        together = pl.concat([self.lines, more])
        return CorpusIndex(together.unique([*DIGESTS], keep="first", maintain_order=True))

    def known(self, seen: Scan) -> dict[int, Known]:
        """For each row of a scan with a :class:`KeySketch` that asks and teaches what a row of the corpus does: it."""
        found: dict[int, Known] = {}
        for on, is_exact in ((["said"], True), (["ask", "answer"], False)):
            firsts = self.lines.unique(on, keep="first", maintain_order=True)
            both = (
                _sketched(seen)
                .select("row", *on)
                .join(
                    firsts.select(*on, "file", "line", number="row"),
                    on=on,
                    how="inner",
                    maintain_order="left",
                )
            )
            for row, file, line, number in both.select("row", "file", "line", "number").rows():
                found.setdefault(row, Known(Place(file, line, number), is_exact, Twin(1.0)))
        return dict(sorted(found.items()))


def _sketched(seen: Scan) -> pl.DataFrame:
    return seen.sketches.get(KeySketch().name, pl.DataFrame(schema=_KEYS))
