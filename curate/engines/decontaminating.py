"""Decontamination: which rows of training data hold items of a benchmark, and the data without them.

A model that has been trained on the items of a benchmark is not measured by it. ``engines.overlaps`` says what a row
has in common with an item; here a run that rows with many different answers share is set aside as a template, each hit
gets its places in both files, and the data is written again without the rows that have one.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from curate.core.check import Check, Severity, found
from curate.core.errors import UsageError
from curate.core.plan import Plan
from curate.engines.between import Place, places_of
from curate.engines.dropping import Writing, outputs_of
from curate.engines.overlaps import (
    CONTAINED,
    GRAM,
    HITS,
    KINDS,
    TEMPLATE,
    WHOLE,
    Items,
    ItemSketch,
    OverlapSketch,
)
from curate.engines.private import shown_text
from curate.engines.scan import refuse_unknown, scan
from curate.formats.fetch import fetch
from curate.formats.keep_output import refuse_outputs, refuse_suffixes
from curate.formats.sources import discover
from curate.text.visible import text_name

if TYPE_CHECKING:
    from collections.abc import Sequence

    from curate.engines.dropping import Dropped
    from curate.engines.local import Engine
    from curate.engines.scan import Progress, Scan
    from curate.formats.fetch import Fetched
    from curate.formats.sources import Discovered, Source
    from curate.similarity.arrays import I64

FAMILY = "contamination"
"""Under which hits stand in the ledger: ``contamination.whole-prompt`` and so on."""

OTHERS = 10
"""Different answers among the rows of the data from which a run that they share is a template."""

HEAD = 160
"""Code points of a hit that are shown."""

LEAST_NGRAM = 5
"""Tokens below which runs are phrases of the language."""


@dataclass(frozen=True)
class Hit:
    """A row that holds something of an item.

    Attributes:
        row: number of the row over all inputs, from 0.
        place: of the row.
        against: place of the item.
        kind: ``whole-prompt`` (the row asks the same), ``contained`` (the whole prompt stands in a text of the row) or
            ``n-gram`` (a run of at least n tokens does).
        at: pointer to the text in the row.
        span: [start, end) of what is in common, in code points of that text.
        against_at: pointer to the text in the item.
        against_span: the same for it.
        share: of the tokens of the item's prompt or answer, 0 to 1.
    """

    row: int
    place: Place
    against: Place
    kind: str
    at: str
    span: tuple[int, int]
    against_at: str
    against_span: tuple[int, int]
    share: float


@dataclass(frozen=True)
class Decontaminated:
    """What was found, and written.

    Attributes:
        hits: for each row and item the surest, in the order of rows.
        passed_over: runs of n tokens that are no hits, by reason.
        rows: of the data.
        items: of the benchmark.
        scan: of the data.
        held: the scan of the benchmark.
        dropped: the account of what was written; None where nothing was.
    """

    hits: tuple[Hit, ...]
    passed_over: Counter[str]
    rows: int
    items: int
    scan: Scan
    held: Scan
    dropped: Dropped | None = None

    @property
    def rows_hit(self) -> int:
        """Rows of the data with a hit."""
        return len({hit.row for hit in self.hits})

    @property
    def items_hit(self) -> int:
        """Items of the benchmark with a hit."""
        return len({hit.against for hit in self.hits})


@dataclass(frozen=True)
class _Flag(Check):
    """The name under which a hit stands in the ledger."""

    label: str = ""

    @property
    def name(self) -> str:
        """As in the ledger."""
        return self.label


def decontaminate(  # noqa: PLR0913 (the options of the command)
    *inputs: object,
    against: Sequence[object],
    out: str | Path | None = None,
    ngram: int = 13,
    plan: Plan | None = None,
    ledger: str | Path | None = None,
    force: bool = False,
    engine: Engine | None = None,
    progress: Progress | None = None,
) -> Decontaminated:
    """Find the rows that hold items of a benchmark, and write the data without them.

    Args:
        *inputs: paths, globs, folders, or data frames: the data.
        against: the benchmark, named likewise. It is held in memory.
        out: the file to write; a folder for several inputs; nothing is written if None.
        ngram: tokens of a run from which it may be a hit.
        plan: encoding, mapping of columns of the data, workers.
        ledger: where rows that go are kept; ``out`` with ``.ledger.jsonl`` if None.
        force: overwrite files, though never an input.
        engine: where tasks run; chosen by the size of the input if None.
        progress: told how far the reading is.

    Raises:
        UsageError: an output would destroy something, or a file is data and benchmark at once.
        CurateError: an input cannot be read at all.
    """
    plan = plan or Plan()
    if ngram < LEAST_NGRAM:
        raise UsageError(
            f"runs of {ngram} tokens are in every text", hint=f"--ngram {LEAST_NGRAM} is the least"
        )
    data, bench = discover(inputs), discover(against)
    _refuse_same(data.sources, bench.sources)
    written = outputs_of(data.sources, out, ledger, force=force) if out is not None else None
    if written is not None:
        below = None if Path(str(out)) in written[0] else Path(str(out))
        refuse_outputs([*written[0], written[1]], bench.sources, force=True, below=below)
    held = _held(bench, engine)
    items = Items.build(held.sketches[ItemSketch().name], ngram)
    seen = scan(data, (OverlapSketch(items=items),), plan, engine, progress)
    refuse_unknown(seen.opened, seen.tallies, plan)
    done = _told(seen, held, ngram)
    if written is None:
        return done
    targets, book = written
    refuse_suffixes(targets, data.sources, [one.container for one in seen.opened])
    return replace(done, dropped=Writing(_flagged(done), plan, targets, book, "decontaminate").run())


def _held(bench: Discovered, engine: Engine | None) -> Scan:
    """The benchmark, with its texts."""
    held = scan(bench, (ItemSketch(),), Plan(), engine)
    refuse_unknown(held.opened, held.tallies, Plan())
    if held.sketches.get(ItemSketch().name, pl.DataFrame()).is_empty():
        raise UsageError("no row of the benchmark has a text", where=bench.sources[0].name)
    return held


def _told(seen: Scan, held: Scan, ngram: int) -> Decontaminated:
    """What the scan of the data has found."""
    lines = seen.sketches.get(OverlapSketch().name, pl.DataFrame(schema=HITS))
    seen, lines = replace(seen, sketches={}), _without_templates(lines, ngram)
    is_hit = pl.col("kind").is_in(KINDS)
    hits = _hits(lines.filter(is_hit), seen, held)
    passed_over = Counter(lines.filter(~is_hit)["kind"].to_list())
    return Decontaminated(tuple(hits), passed_over, len(seen.index), len(held.index), seen, held)


def _refuse_same(data: Sequence[Source], bench: Sequence[Source]) -> None:
    """A benchmark compared with itself would lose every row."""
    paths = {one.path.resolve() for one in data if one.path is not None}
    for one in bench:
        if one.path is not None and one.path.resolve() in paths:
            raise UsageError("is data and benchmark at once", where=one.name, hint="name two files")


def _without_templates(lines: pl.DataFrame, n: int) -> pl.DataFrame:
    """Runs of which hardly a token is not in rows with many different answers, too, are of the kind ``TEMPLATE``."""
    grams = lines.with_row_index("line").filter(pl.col("kind") == GRAM)
    crowded: list[int] = []
    for _, runs in grams.group_by("text", maintain_order=True):
        if runs["answer"].n_unique() < OTHERS:
            continue
        own = _answers_at(runs) < OTHERS
        crowded += [
            line
            for line, first, count in runs.select("line", "first", "count").iter_rows()
            if 2 * own[first : first + count].sum() < n
        ]
    is_crowded = pl.Series("line", range(len(lines))).is_in(crowded)
    return lines.with_columns(kind=pl.when(is_crowded).then(pl.lit(TEMPLATE)).otherwise("kind"))


def _answers_at(runs: pl.DataFrame) -> I64:
    """How many different answers there are to the rows with each token of an item's text in a run."""
    counts = np.zeros(max((runs["first"] + runs["count"]).to_list()), np.int64)
    for _, alike in runs.group_by("answer"):
        has = np.zeros(len(counts), np.bool_)
        for first, count in alike.select("first", "count").iter_rows():
            has[first : first + count] = True
        counts += has
    return counts


def _hits(lines: pl.DataFrame, seen: Scan, held: Scan) -> list[Hit]:
    """For each row and item the surest hit, of those the longest, of those the first."""
    order = pl.col("kind").replace_strict({kind: at for at, kind in enumerate(KINDS)}, return_dtype=pl.Int8)
    best = (
        lines.sort("row", "item", order, -pl.col("share"), "at", "start")
        .unique(["row", "item"], keep="first", maintain_order=True)
        .sort("row", order, "item")
    )
    places, items = places_of(seen, best["row"]), places_of(held, best["item"])
    return [
        Hit(
            line["row"],
            places[line["row"]],
            items[line["item"]],
            line["kind"],
            line["at"],
            (line["start"], line["end"]),
            line["item_at"],
            (line["item_start"], line["item_end"]),
            line["share"],
        )
        for line in best.iter_rows(named=True)
    ]


def _flagged(done: Decontaminated) -> Scan:
    """The scan with the surest hit of each row as its finding."""
    lines: dict[str, list[tuple[int, str]]] = {f"{FAMILY}.{kind}": [] for kind in KINDS}
    told = {
        WHOLE: "asks what {} asks",
        CONTAINED: "holds the whole prompt of {}",
        GRAM: "shares a run of words with {}",
    }
    seen: set[int] = set()
    for hit in done.hits:
        if hit.row not in seen:
            lines[f"{FAMILY}.{hit.kind}"].append(
                (hit.row, told[hit.kind].format(text_name(str(hit.against))))
            )
        seen.add(hit.row)
    frames = {
        name: pl.DataFrame(rows, schema={"row": pl.Int64, "message": pl.String}, orient="row")
        for name, rows in lines.items()
        if rows
    }
    return replace(
        done.scan,
        checks=tuple(_Flag(Severity.ERROR, name) for name in lines),
        found={name: found(frame, pl.col("message"), at="") for name, frame in frames.items()},
    )


def excerpts(done: Decontaminated, plan: Plan, most: int) -> list[tuple[Hit, str]]:
    """The first hits of each kind, and what row and item have in common there: masked, then cut."""
    shown = [hit for kind in KINDS for hit in [one for one in done.hits if one.kind == kind][:most]]
    index = done.scan.index
    places = index.filter(pl.col("row").is_in([hit.row for hit in shown]))
    known: dict[int, Fetched] = {}
    for (file,), rows in places.group_by("file", maintain_order=True):
        known |= fetch(done.scan.opened[int(str(file))], rows)
    texts = [shown_text(known[hit.row].text_at(hit.at) or "", plan)[slice(*hit.span)] for hit in shown]
    cut = [text if len(text) <= HEAD else text[:HEAD] + "…" for text in texts]
    return list(zip(shown, cut, strict=True))
