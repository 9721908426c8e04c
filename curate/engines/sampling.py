"""Taking some rows out of many: those that together cover the most, or a plain draw; the rest goes to the ledger.

Rows are looked at in the order of the hashes of their content, and every choice that is left open falls to the first
one there. So the same rows are taken whatever order they come in and however many processes read them; of rows with
the same content, those that come first are taken.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import polars as pl

from curate.core.check import Check, Severity, found
from curate.core.errors import UsageError
from curate.core.plan import Plan
from curate.engines.dropping import Writing, outputs_of
from curate.engines.facets_topics import find_topics
from curate.engines.local import choose_engine
from curate.engines.sampling_choice import chosen_for_coverage, drawn
from curate.engines.sampling_space import Placed, contract_of, place
from curate.engines.scan import refuse_unknown, scan
from curate.formats.keep_output import refuse_suffixes
from curate.formats.sources import discover

if TYPE_CHECKING:
    from pathlib import Path

    from curate.engines.dropping import Dropped
    from curate.engines.local import Engine
    from curate.engines.sampling_choice import Chosen, Compared, Rule
    from curate.engines.scan import Progress, Scan

SAMPLE = "sample"
"""The step, and the name under which a row that was not taken stands in the ledger."""

NOT_SAMPLED = "not sampled"


@dataclass(frozen=True)
class Sampled:
    """What was done.

    Attributes:
        dropped: the account of the rows, and where things are.
        rule: what was asked for.
        cells: name, rows in the sample, minimum and maximum of each cell of the contract.
        compared: the sample against random draws of its size; None for a plain draw.
    """

    dropped: Dropped
    rule: Rule
    cells: tuple[tuple[str, int, int, int | None], ...] = ()
    compared: Compared | None = None


@dataclass(frozen=True)
class _Left(Check):
    """The name under which a row that was not taken stands in the ledger."""

    @property
    def name(self) -> str:
        """As in the ledger."""
        return SAMPLE


def sample(  # noqa: PLR0913 (the options of the command)
    *inputs: object,
    out: str | Path,
    rule: Rule,
    plan: Plan | None = None,
    ledger: str | Path | None = None,
    force: bool = False,
    engine: Engine | None = None,
    progress: Progress | None = None,
) -> Sampled:
    """Write some rows of data, byte for byte and in their order; the ledger keeps the others.

    Args:
        *inputs: paths, globs, folders, or data frames.
        out: the file to write; a folder if there are several inputs, in which they keep their names.
        rule: how many rows, and which.
        plan: encoding, mapping of columns, workers, and the coverage contract, whose bounds hold for the sample.
        ledger: the ledger's path; ``out`` with ``.ledger.jsonl`` if None.
        force: overwrite files, though never an input.
        engine: where tasks run; chosen by the size of the input if None.
        progress: told how far the reading is.

    Raises:
        UsageError: an output would destroy something, there are fewer rows than asked for, or the contract cannot be
            kept by so many rows.
        MissingExtraError: coverage is to be maximised, or a contract kept, and scikit-learn is not installed.
        CurateError: an input cannot be read at all.
    """
    plan = plan or Plan()
    found_inputs = discover(inputs)
    targets, book = outputs_of(found_inputs.sources, out, ledger, force=force)
    seen = scan(found_inputs, (), plan, engine, progress)
    refuse_unknown(seen.opened, seen.tallies, plan)
    refuse_suffixes(targets, found_inputs.sources, [one.container for one in seen.opened])
    _refuse_few(seen, rule)
    order = seen.index.select("row", "hash").with_row_index("at").sort("hash", "row")
    done = _choose(seen, order, rule, plan, engine)
    left = order.filter(~pl.Series(done.taken)).select("row").sort("row")
    shown = replace(seen, checks=(_Left(Severity.INFO),), found={SAMPLE: found(left, NOT_SAMPLED, at="")})
    told = replace(plan, options={SAMPLE: {"n": rule.size, "maximise": rule.maximise, "seed": rule.seed}})
    written = Writing(shown, told, targets, book, SAMPLE).run()
    return Sampled(written, rule, done.held, done.compared)


def _choose(seen: Scan, order: pl.DataFrame, rule: Rule, plan: Plan, engine: Engine | None) -> Chosen:
    """Which lines of ``order`` are taken."""
    hashes = order["hash"].to_numpy()
    if rule.maximise == "random":
        return drawn(hashes, rule, contract_of(seen, order["row"], rule.size, plan, None))
    topics = find_topics((seen,), plan)
    contract = contract_of(seen, order["row"], rule.size, plan, topics)
    size = sum(one.survey.size if one.survey else 0 for one in seen.opened)
    with choose_engine(size, plan.workers) as chosen:
        placed = place(seen, topics.model, engine or chosen)
    lines = order["at"].to_numpy()
    return chosen_for_coverage(Placed(placed.space[lines], placed.openings[lines]), hashes, rule, contract)


def _refuse_few(seen: Scan, rule: Rule) -> None:
    """A sample is never larger than what it is taken from, and never empty."""
    rows = len(seen.index)
    if rule.size < 1:
        raise UsageError(
            f"a sample of {rule.size} rows is none", where="--n", hint="ask for at least one row"
        )
    if rule.size > rows:
        raise UsageError(
            f"{rule.size:,} rows are asked for, and there are {rows:,} that can be read",
            where="--n",
            hint=f"ask for at most {rows:,}",
        )
