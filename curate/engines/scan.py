"""One pass over all inputs: every row examined, every corpus check digested, every byte accounted for."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from functools import cached_property, partial
from itertools import accumulate
from typing import TYPE_CHECKING, Protocol

import polars as pl

from curate.core.check import CorpusCheck, Sketch
from curate.core.errors import ConfigError
from curate.core.finding import FOUND
from curate.engines.facts import Facts, add_facts
from curate.engines.guarding import guarded, refuse_different
from curate.engines.local import choose_engine, exchange
from curate.engines.spill import FrameStore
from curate.engines.tasks import INDEX, UNREAD, Examined, examine, judge, rebase
from curate.formats.layouts import UNKNOWN
from curate.formats.layouts.mapped import GENERIC
from curate.formats.parse import LEFT_OUT
from curate.formats.read import open_sources
from curate.formats.table_guess import answers_hint, guess, probe, unknown_table
from curate.text.private import mask

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from curate.core.check import Check
    from curate.core.outside import Outside
    from curate.core.plan import Plan
    from curate.core.report import WaiverFacts
    from curate.engines.local import Engine
    from curate.formats.chunk import Chunk
    from curate.formats.read import Opened
    from curate.formats.sources import Discovered


NO_ANSWER = "schema.no-target"
"""The check that finds rows without an answer."""

ENOUGH = 1_000
"""Rows in no known layout, at the beginning of all, after which the rest is not waited for."""


class Progress(Protocol):
    """Told how far the reading is."""

    def __call__(self, done: int, total: int) -> None:
        """``done`` of ``total`` bytes have been examined."""


@dataclass
class FileTally:
    """What is counted of one file."""

    records: int = 0
    sizes: list[int] = field(default_factory=lambda: [0, 0, 0])
    layouts: dict[str, int] = field(default_factory=dict)
    notes: set[str] = field(default_factory=set)
    lines: int = 0
    guessed: int = 0
    left_out: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True)
class Scan:
    """Everything that one pass found out."""

    inputs: Discovered
    opened: tuple[Opened, ...]
    checks: tuple[Check, ...]
    index: pl.DataFrame
    quarantine: pl.DataFrame  # of the schema UNREAD
    reasons: Counter[str]  # of quarantine, without places in the record
    left_out: pl.DataFrame
    found: dict[str, pl.DataFrame]
    facts: Facts
    tallies: tuple[FileTally, ...]
    records: int
    answers: str = ""  # the options that may say where answers are, if no row of a file seems to have any
    sketches: dict[str, pl.DataFrame] = field(default_factory=dict)
    starts: tuple[int, ...] = ()
    waived: tuple[WaiverFacts, ...] = ()
    outside: tuple[Outside, ...] = ()  # what others looked for; what they found is in ``found``

    @property
    def judges(self) -> tuple[Check | Outside, ...]:
        """Everything whose findings may be here: our checks, and others."""
        return (*self.checks, *self.outside)

    def by_row(self, columns: Sequence[str]) -> list[pl.Expr]:
        """Columns that say which row it is, null where a finding (column ``check``) is about the data as a whole."""
        whole = [one.name for one in self.judges if one.about == "table"]
        return [pl.when(~pl.col("check").is_in(whole)).then(name).alias(name) for name in columns]

    @cached_property
    def first_rows(self) -> tuple[int, ...]:
        """The row number, over all inputs, at which each file begins."""
        return tuple(accumulate((tally.records for tally in self.tallies[:-1]), initial=0))


def scan(
    inputs: Discovered,
    checks: tuple[Check, ...],
    plan: Plan,
    engine: Engine | None = None,
    progress: Progress | None = None,
) -> Scan:
    """Examine all inputs.

    Args:
        inputs: what to read.
        checks: what to look for.
        plan: severities, scopes, encoding.
        engine: where tasks run; chosen by the size of the input if None.
        progress: told how far it is.

    Raises:
        UnreadableError: an input cannot be read at all.
        CheckError: a check crashed.
        ConfigError: rows are to be passed over by a field that none of them has.
    """
    opened = open_sources(inputs.sources, plan.encoding, plan.mapping)
    total = sum(one.survey.size if one.survey else 0 for one in opened)
    gathered = _Gathered(len(opened), total, progress)
    if engine is not None:
        found = _run(opened, checks, plan, engine, gathered)
    else:
        with choose_engine(total, plan.workers, plan.checks) as chosen:
            found = _run(opened, checks, plan, chosen, gathered)
    _refuse_absent(gathered, checks, plan)
    for one, tally in zip(opened, gathered.tallies, strict=True):
        tally.notes |= set(_told(one, tally))
    index = pl.concat([pl.DataFrame(schema=INDEX), *gathered.index])
    seen = Scan(
        inputs,
        opened,
        checks,
        index,
        _quarantined(gathered),
        gathered.reasons,
        pl.concat([pl.DataFrame(schema=LEFT_OUT), *gathered.left_out]),
        found,
        gathered.facts,
        tuple(gathered.tallies),
        gathered.records,
        _answers_elsewhere(opened, index, found) if not plan.mapping else "",
        _sketched(checks, gathered),
        tuple(gathered.starts),
    )
    return _without_waived(seen, plan) if plan.waivers else seen


def _without_waived(seen: Scan, plan: Plan) -> Scan:
    from curate.engines.waiving import without_waived  # noqa: PLC0415 (it reads rows again, and so needs this module)

    return without_waived(seen, plan)


def _sketched(checks: tuple[Check, ...], gathered: _Gathered) -> dict[str, pl.DataFrame]:
    names = [check.name for check in checks if isinstance(check, Sketch) and check.name in gathered.digests]
    return {name: pl.concat(gathered.digests.pop(name)) for name in names}


def all_chunks(opened: Sequence[Opened]) -> Iterator[Chunk]:
    """Every chunk of every source, in order; the same ones each time."""
    for one in opened:
        yield from one.chunks()


def _quarantined(gathered: _Gathered) -> pl.DataFrame:
    return gathered.quarantine.frame("quarantine") if gathered.reasons else pl.DataFrame(schema=UNREAD)


def _run(
    opened: Sequence[Opened], checks: tuple[Check, ...], plan: Plan, engine: Engine, gathered: _Gathered
) -> dict[str, pl.DataFrame]:
    task = partial(examine, checks=checks, plan=plan)
    for result in engine.map(task, all_chunks(opened)):
        gathered.add(result)
        if len(result.index) >= ENOUGH and gathered.records == len(result.index):
            refuse_unknown(opened, gathered.tallies, plan)
    found = {name: gathered.found.frame(name) for name in gathered.found.names()}
    for check in checks:
        if isinstance(check, CorpusCheck) and gathered.digests.get(check.name):
            settled = judge_corpus(check, gathered.digests.pop(check.name), engine)
            if not settled.is_empty():
                found[check.name] = settled
    return found


def _told(opened: Opened, tally: FileTally) -> Iterator[str]:
    """How a source was read, where it was not as it stands: nothing is grouped or left out in silence."""
    mapping = opened.mapping
    yield from opened.notes
    if set(tally.layouts) == {"text"} and opened.container in ("csv", "table") and not mapping:
        found = guess(probe(opened))
        if found is not None and found.group is not None:
            yield f"looks like a line for each comment; if so, add {found.options}"
    if mapping.columns:
        yield f"read as {mapping}"
    if mapping.group is not None:
        conversations = sum(tally.layouts.values())
        alone = tally.records - conversations
        yield (
            f"{tally.lines:,} lines = {tally.lines - alone:,} in {conversations:,} conversations + {alone:,} in none"
        )
    if tally.guessed:
        yield (
            f"the speaker of {tally.guessed:,} lines is guessed: "
            f"who opens a conversation is the user (say it with {GENERIC})"
        )
    for name, values in mapping.drop.items():
        yield from (
            f"left out as asked: {tally.left_out[f'{name}={value}']:,} ({name}={mask(value)})"
            for value in values
        )


def _answers_elsewhere(
    opened: Sequence[Opened], index: pl.DataFrame, found: Mapping[str, pl.DataFrame]
) -> str:
    """The options that say which columns hold the answers, for the first file none of whose rows has one."""
    silent = found.get(NO_ANSWER)
    if silent is None:
        return ""
    rows = dict(index["file"].value_counts().rows())
    without = index.join(silent.select(pl.col("row").unique()), on="row", how="semi")
    for file, count in sorted(without["file"].value_counts().rows()):
        options = answers_hint(opened[file]) if count == rows[file] else ""
        if options:
            return options
    return ""


def refuse_unknown(opened: Sequence[Opened], tallies: Sequence[FileTally], plan: Plan) -> None:
    """Make sure that there is something to judge in every source that was read.

    Raises:
        UnreadableError: no layout fits any row of a source; the message guesses what its columns mean.
    """
    for one, tally in zip(opened, tallies, strict=True):
        if set(tally.layouts) == {UNKNOWN}:
            raise unknown_table(one, plan.encoding)


def judge_corpus(check: CorpusCheck, digests: list[pl.DataFrame], engine: Engine) -> pl.DataFrame:
    """The findings of a corpus check, in the order of rows, whatever the partitioning."""
    refuse_different(check, digests)
    judged = exchange(engine, digests, partial(judge, check=check))
    together = pl.concat([pl.DataFrame(schema=FOUND), *judged]).sort(
        "row", "at", "start", "related", maintain_order=True
    )
    return guarded(check, lambda: check.settle(together), pl.concat([frame["row"] for frame in digests]))


def _refuse_absent(gathered: _Gathered, checks: tuple[Check, ...], plan: Plan) -> None:
    """A field that occurs in no row is a slip of the pen in the plan: it would pass over nothing, in silence."""
    names = {name for check in checks for name in (check.name, check.name.partition(".")[0])}
    for check, scopes in plan.skip.items():
        for scope in scopes:
            if check in names and scope.name not in gathered.metadata and any(map(len, gathered.index)):
                raise ConfigError(
                    f"no row has the field '{scope.name}' by which {check} is to pass over rows",
                    where=plan.places.get(f"skip.{check}.{scope.name}", ""),
                    hint="name a field at the top of the rows, or take it out of [skip]",
                )


class _Gathered:
    """Results of chunks, added in order."""

    def __init__(self, files: int, total: int, progress: Progress | None) -> None:
        self.index: list[pl.DataFrame] = []
        self.quarantine = FrameStore()
        self.reasons: Counter[str] = Counter()
        self.left_out: list[pl.DataFrame] = []
        self.found = FrameStore()
        self.digests: dict[str, list[pl.DataFrame]] = {}
        self.facts: Facts = {}
        self.tallies = [FileTally() for _ in range(files)]
        self.records = 0
        self.starts: list[int] = []
        self.metadata: set[str] = set()
        self._done = 0
        self._total = total
        self._progress = progress

    def add(self, result: Examined) -> None:
        """The next chunk's result; its rows get their numbers."""
        self.starts.append(self.records)
        self.index.append(rebase(result.index, self.records))
        if not result.quarantine.is_empty():
            self.quarantine.add("quarantine", rebase(result.quarantine, self.records))
            kinds = (
                result.quarantine["reason"]
                .cast(pl.String)
                .str.replace(r"( that begins)? at byte \d+", "")
                .value_counts()
            )
            self.reasons.update(dict(kinds.rows()))
        if not result.left_out.is_empty():
            self.left_out.append(rebase(result.left_out, self.records))
        for name, frame in result.found.items():
            moved = rebase(frame, self.records).with_columns(pl.col("related") + self.records)
            self.found.add(name, moved)
        for name, frame in result.digests.items():
            self.digests.setdefault(name, []).append(rebase(frame, self.records))
        add_facts(self.facts, result.facts)
        self.metadata |= result.metadata
        self._count(result)
        self.records += result.records
        self._done += sum(result.sizes)
        if self._progress is not None:
            self._progress(self._done, self._total)

    def _count(self, result: Examined) -> None:
        tally = self.tallies[result.file]
        tally.records += result.records
        tally.sizes = [a + b for a, b in zip(tally.sizes, result.sizes, strict=True)]
        tally.notes |= result.notes
        tally.lines += result.lines
        tally.guessed += result.guessed
        tally.left_out.update(result.left_out["reason"].to_list())
        for layout, count in result.layouts.items():
            tally.layouts[layout] = tally.layouts.get(layout, 0) + count
