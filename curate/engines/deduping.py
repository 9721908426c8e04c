"""Removing near duplicates: rows that ask the same and teach the same, and never one that asks something else.

Rows are put into blocks by what the allow-list cannot change, those that share a block are read again, and only
then is it decided: two rows are near if their asks have the same canonical form and their answers are equivalent
(``similarity.judge``). Nothing is removed for a number, a hash or a threshold alone, and every removed row names the
one that is kept for it.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from curate.core.check import Check, Severity, found
from curate.core.errors import UsageError
from curate.core.plan import Plan
from curate.engines.against import KeySketch, known_rows
from curate.engines.asking import AskSketch
from curate.engines.between import places_of
from curate.engines.dropping import Writing, outputs_of
from curate.engines.indexes import grow_index, is_shared, open_index
from curate.engines.local import choose_engine
from curate.engines.paraphrases import paraphrases
from curate.engines.scan import refuse_unknown, scan
from curate.engines.survivors import Policy
from curate.engines.twins import REMOVED, Alike, Decided, alike, decide
from curate.engines.whole_texts import decide_whole
from curate.formats.keep_output import refuse_suffixes
from curate.formats.layouts.rest import REST
from curate.formats.sources import discover

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from curate.engines.against import Known
    from curate.engines.between import Place
    from curate.engines.dropping import Dropped, Twin
    from curate.engines.local import Engine
    from curate.engines.scan import Progress, Scan
    from curate.formats.sources import Discovered

EXACT = "duplicate.exact"
NEAR = "duplicate.near"


@dataclass(frozen=True)
class Rules:
    """What counts as near.

    Attributes:
        guard: compare what rows ask and answer; without it, whole texts by their similarity alone.
        threshold: Jaccard similarity of shingles from which rows are called variants (without the guard: removed).
        n: words of a shingle.
        keep: which row of a group stays.
        variants: whether rows that are similar, and kept, are looked for.
        against: data that stays as it is: rows that say again what one of its rows says go as well.
        index: the rows seen so far: rows that it knows go, and the others are added to it. The path of a file, or
            ``redis://host:port/database``.
        semantic: a folder with a local embedding model, by which rows that may ask the same in other words are
            looked for; they are told and never removed.
    """

    guard: bool = True
    threshold: Fraction = Fraction(4, 5)
    n: int = 3
    keep: Policy = field(default_factory=Policy)
    variants: bool = True
    against: tuple[object, ...] = ()
    index: str | None = None
    semantic: str | None = None


@dataclass(frozen=True)
class Deduped:
    """What was done.

    Attributes:
        dropped: the account of the rows, and where things are.
        alike: what was found besides the removed rows, with examples.
        decided: which rows go, and how they compare to those that are kept for them.
        known: rows that go because the data they were held against has them.
        reworded: places of rows that may ask the same in other words, and the cosine of their meaning; None if they
            were not looked for.
    """

    dropped: Dropped
    alike: Alike
    scan: Scan
    decided: Decided
    known: Mapping[int, Known] = field(default_factory=dict)
    reworded: tuple[tuple[Place, Place, float], ...] | None = None


@dataclass(frozen=True)
class _Told(Check):
    """The name under which a removal stands in the ledger."""

    label: str = ""

    @property
    def name(self) -> str:
        """As in the ledger."""
        return self.label


def dedup(  # noqa: PLR0913 (the options of the command)
    *inputs: object,
    out: str | Path,
    rules: Rules | None = None,
    plan: Plan | None = None,
    ledger: str | Path | None = None,
    force: bool = False,
    engine: Engine | None = None,
    progress: Progress | None = None,
) -> Deduped:
    """Write data again without near duplicates; the rest is copied byte for byte.

    Args:
        *inputs: paths, globs, folders, or data frames.
        out: the file to write; a folder if there are several inputs, in which they keep their names.
        rules: what counts as near.
        plan: encoding, mapping of columns, workers.
        ledger: the ledger's path; ``out`` with ``.ledger.jsonl`` if None.
        force: overwrite files, though never an input.
        engine: where tasks run; chosen by the size of the input if None.
        progress: told how far the reading is.

    Raises:
        UsageError: an output would destroy something, or the rules do not fit the data.
        CurateError: an input cannot be read at all.
    """
    rules = rules or Rules()
    plan = plan or Plan()
    fields = (rules.keep.field,) if rules.keep.field else ()
    plan = replace(plan, fields=(*fields, REST))
    found_inputs = discover(inputs)
    targets, book = outputs_of(found_inputs.sources, out, ledger, force=force)
    _refuse_index(rules.index, [*targets, book], found_inputs)
    wants_shingles = rules.variants or not rules.guard
    sketch = AskSketch(n=rules.n if wants_shingles else 0, whole=not rules.guard, fields=fields)
    seen = scan(found_inputs, (sketch, *([KeySketch()] if rules.index else [])), plan, engine, progress)
    refuse_unknown(seen.opened, seen.tallies, plan)
    refuse_suffixes(targets, found_inputs.sources, [one.container for one in seen.opened])
    rows = seen.sketches.get(sketch.name, pl.DataFrame())
    with choose_engine(0, None) as inline:
        chosen = engine or inline
        known = _known(seen, sketch, rules, plan, chosen)
        rows = rows.filter(~pl.col("row").is_in(list(known))) if known else rows
        decided = decide(seen, rows, rules, chosen) if rules.guard else decide_whole(seen, rows, rules)
        others = alike(seen, rows, decided, rules, chosen)
        reworded = _reworded(seen, rows, decided, rules.semantic, chosen) if rules.semantic else None
    twins = {**decided.twins, **{row: _twin(one) for row, one in known.items()}}
    told = tuple(_Told(Severity.WARNING, label) for label in (EXACT, NEAR))
    shown = replace(seen, sketches={}, checks=told, found=_findings(decided, known))
    written = Writing(shown, plan, targets, book, "dedup", twins).run()
    if rules.index:
        grow_index(rules.index, seen)
    return Deduped(written, others, seen, decided, known, reworded)


def _known(seen: Scan, sketch: AskSketch, rules: Rules, plan: Plan, engine: Engine) -> dict[int, Known]:
    """The rows that the data they are held against has already."""
    known: dict[int, Known] = {}
    if rules.against:
        _refuse_itself(seen, discover(rules.against))
        corpus = scan(
            discover(rules.against), (replace(sketch, n=0, fields=()),), replace(plan, fields=(REST,)), engine
        )
        refuse_unknown(corpus.opened, corpus.tallies, plan)
        known = known_rows(seen, corpus, engine)
    if rules.index:
        known = {**open_index(rules.index).known(seen), **known}
    return known


def _refuse_itself(seen: Scan, corpus: Discovered) -> None:
    """A file that is held against itself would lose every row."""
    inputs = {one.source.path.resolve() for one in seen.opened if one.source.path is not None}
    for source in corpus.sources:
        if source.path is not None and source.path.resolve() in inputs:
            raise UsageError(
                "is data and corpus at once", where=source.name, hint="name other files with --against"
            )


def _reworded(
    seen: Scan, rows: pl.DataFrame, decided: Decided, model: str, engine: Engine
) -> tuple[tuple[Place, Place, float], ...]:
    found = paraphrases(seen, rows, decided, model, MEANING, engine)
    named = pl.Series([row for one in found for row in (one.row, one.other)], dtype=pl.Int64).unique()
    places = places_of(seen, named)
    return tuple((places[one.row], places[one.other], one.similarity) for one in found)


MEANING = 0.85
"""Cosine of embeddings from which two asks may say the same in other words."""


def _refuse_index(index: str | None, outputs: Sequence[Path], inputs: Discovered) -> None:
    """The index is neither an output nor an input, and can be reached: both before anything is read."""
    if index is None:
        return
    taken = [*outputs, *(source.path for source in inputs.sources if source.path is not None)]
    if not is_shared(index) and Path(index).resolve() in [path.resolve() for path in taken]:
        raise UsageError("cannot be the index: it is read or written", where=index, hint="name another file")
    open_index(index)


def _twin(known: Known) -> Twin:
    place = known.place
    where = {"key": None, "line": place.line if place.line is not None else place.row, "file": place.file}
    return known.twin._replace(related=where)


def _findings(decided: Decided, known: Mapping[int, Known]) -> dict[str, pl.DataFrame]:
    """The removals as findings, which the writer takes out."""
    lines = [
        (row, None, one.is_exact, f"asks and answers what {one.place} does") for row, one in known.items()
    ]
    gone = pl.concat([decided.removed, pl.DataFrame(lines, schema=REMOVED, orient="row")]).sort("row")
    copies, near = gone.filter("is_exact"), gone.filter(~pl.col("is_exact"))
    same = "says the same as a row that is kept, letter for letter"
    return {
        EXACT: found(
            copies,
            pl.when(pl.col("kept").is_null()).then("why").otherwise(pl.lit(same)),
            related=pl.col("kept"),
            at="",
        ),
        NEAR: found(near, pl.col("why"), related=pl.col("kept"), at=""),
    }
