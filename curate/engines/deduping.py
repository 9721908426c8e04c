"""Removing near duplicates: rows that ask the same and teach the same, and never one that asks something else.

Rows are put into blocks by what the allow-list cannot change, those that share a block are read again, and only
then is it decided: two rows are near if their asks have the same canonical form and their answers are equivalent
(``similarity.judge``). Nothing is removed for a number, a hash or a threshold alone, and every removed row names the
one that is kept for it.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import TYPE_CHECKING

import polars as pl

from curate.core.check import Check, Severity, found
from curate.core.plan import Plan
from curate.engines.asking import AskSketch
from curate.engines.dropping import Writing, outputs_of
from curate.engines.local import choose_engine
from curate.engines.scan import refuse_unknown, scan
from curate.engines.survivors import Policy
from curate.engines.twins import Alike, Decided, alike, decide
from curate.engines.whole_texts import decide_whole
from curate.formats.keep_output import refuse_suffixes
from curate.formats.sources import discover

if TYPE_CHECKING:
    from pathlib import Path

    from curate.engines.dropping import Dropped
    from curate.engines.local import Engine
    from curate.engines.scan import Progress, Scan

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
    """

    guard: bool = True
    threshold: Fraction = Fraction(4, 5)
    n: int = 3
    keep: Policy = field(default_factory=Policy)
    variants: bool = True


@dataclass(frozen=True)
class Deduped:
    """What was done.

    Attributes:
        dropped: the account of the rows, and where things are.
        alike: what was found besides the removed rows, with examples.
        removed: some of the removed rows beside those that are kept for them.
    """

    dropped: Dropped
    alike: Alike
    scan: Scan
    decided: Decided


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
    plan = replace(plan, fields=fields)
    found_inputs = discover(inputs)
    targets, book = outputs_of(found_inputs.sources, out, ledger, force=force)
    wants_shingles = rules.variants or not rules.guard
    sketch = AskSketch(n=rules.n if wants_shingles else 0, whole=not rules.guard, fields=fields)
    seen = scan(found_inputs, (sketch,), plan, engine, progress)
    refuse_unknown(seen.opened, seen.tallies, plan)
    refuse_suffixes(targets, found_inputs.sources, [one.container for one in seen.opened])
    rows = seen.sketches.get(sketch.name, pl.DataFrame())
    with choose_engine(0, None) as inline:
        chosen = engine or inline
        decided = decide(seen, rows, rules, chosen) if rules.guard else decide_whole(seen, rows, rules)
        others = alike(seen, rows, decided, rules, chosen)
    shown = replace(
        seen,
        sketches={},
        checks=tuple(_Told(Severity.WARNING, label) for label in (EXACT, NEAR)),
        found=_findings(decided),
    )
    written = Writing(shown, plan, targets, book, "dedup", decided.twins).run()
    return Deduped(written, others, seen, decided)


def _findings(decided: Decided) -> dict[str, pl.DataFrame]:
    """The removals as findings, which the writer takes out."""
    gone = decided.removed
    copies, near = gone.filter("is_exact"), gone.filter(~pl.col("is_exact"))
    same = "says the same as a row that is kept, letter for letter"
    return {
        EXACT: found(copies, same, related=pl.col("kept"), at=""),
        NEAR: found(near, pl.col("why"), related=pl.col("kept"), at=""),
    }
