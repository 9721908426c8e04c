"""Where the faults come from: fault rates by the values of a field, with intervals.

The values are read in a pass of their own at the end: only who asks for them pays, a field may be named by a pointer,
and the fields that there are can be listed. What is read depends on the rows alone, so that the result is the same
however many processes read.
"""

from __future__ import annotations

import difflib
import re
from collections import Counter
from dataclasses import dataclass
from functools import partial
from itertools import islice
from statistics import NormalDist
from typing import TYPE_CHECKING, Any

import polars as pl

from curate.core.errors import ConfigError, UsageError
from curate.core.report import Breakdown, Group, Outlier, Rate
from curate.engines.local import choose_engine
from curate.engines.private import HIDDEN, shown_text
from curate.formats.fields import told, unescape, value_at
from curate.formats.grouping import members_of
from curate.formats.parse import parse_chunk
from curate.formats.records import read_records
from curate.text.private import BLOCK
from curate.text.wilson import wilson

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from curate.core.plan import Plan
    from curate.core.report import Problem
    from curate.engines.scan import Scan
    from curate.formats.chunk import Chunk
    from curate.formats.read import Opened

FILE = "file"
"""Stands for the input that a row comes from; a field of this name is ``/file``."""

MOST = 15
"""Values that are told apart; the others are taken together."""

LONGEST_NAME, WORDS = 60, 6
"""Code points, and words, of a value beyond which it is prose."""

LABEL = 60
"""Characters of a value that are shown."""

SEVERAL = "(several values)"
"""Of lines that are one conversation and do not agree."""

FALSE_ALARM = 0.05
"""The chance that any check at all stands out where every group is alike."""

_MASKED = re.compile(BLOCK + "{6,}")

LEAST = 2
"""Rows at fault from which a check can stand out: one may always be chance, whatever its group's size."""

LOOKED_AT, MOST_NAMES, NAME = 10_000, 24, 40
"""Rows whose fields are listed where one is not found, names that are listed, and characters of a name."""


def break_down(scan: Scan, problems: Sequence[Problem], plan: Plan) -> tuple[Breakdown, ...]:
    """The breakdown by each field of the plan.

    Args:
        scan: what one pass found.
        problems: in order of harm; says which checks block.
        plan: the fields, and how private values are.

    Raises:
        UsageError: a field is in none of the rows; ConfigError, if the plan's file names it.
    """
    if not plan.by or scan.index.is_empty():
        return ()
    fields = tuple(dict.fromkeys(plan.by))
    values = values_of(scan, plan, fields)
    found = _found(scan, problems)
    return tuple(_breakdown(name, values[name], found, scan, plan) for name in fields)


# --- what the rows say ----------------------------------------------------------------------------------


def values_of(scan: Scan, plan: Plan, fields: tuple[str, ...]) -> dict[str, pl.DataFrame]:
    """``row, value`` by field, for all rows that could be read."""
    rows = scan.index.select("row", "file")
    read = tuple(name for name in fields if name != FILE)
    columns = dict(zip(read, _read(scan, plan, read) if read else (), strict=True))
    frames = {}
    for name in fields:
        if name == FILE:
            files = dict(enumerate(one.source.name for one in scan.opened))
            value = pl.col("file").replace_strict(files, return_dtype=pl.String)
        else:
            value = pl.lit(columns[name]).gather(pl.col("row"))
        frames[name] = rows.select("row", value=value)
        if frames[name]["value"].null_count() == len(rows):
            raise _unknown(name, scan, plan)
    return frames


def _read(scan: Scan, plan: Plan, fields: tuple[str, ...]) -> list[pl.Series]:
    """The values of every record, a column for each field, in a second pass over the inputs."""
    total = sum(one.survey.size if one.survey else 0 for one in scan.opened)
    chunks = (chunk for one in scan.opened for chunk in one.chunks())
    with choose_engine(total, plan.workers, plan.checks) as engine:
        parts = list(engine.map(partial(read_fields, fields=fields), chunks))
    return [pl.concat(columns) for columns in zip(*parts, strict=True)]


def read_fields(chunk: Chunk, fields: tuple[str, ...]) -> list[pl.Series]:
    """A value for each record of a chunk and each field, null where it has no such field or cannot be read."""
    columns: list[list[str | None]] = [[] for _ in fields]
    for rows in _records(chunk):
        for name, column in zip(fields, columns, strict=True):
            told = {text for row in rows if (text := value_at(row, name)) is not None}
            column.append(SEVERAL if len(told) > 1 else next(iter(told), None))
    return [pl.Series(column, dtype=pl.String) for column in columns]


def _records(chunk: Chunk) -> Iterator[tuple[Mapping[str, Any], ...]]:
    """The rows of each record as the parser numbers them: none if it cannot be read, several if lines are grouped."""
    if chunk.container == "group":
        for entry in chunk.context["entries"]:
            is_row = entry.kind == "row"
            yield tuple(record.value for record in members_of(entry, chunk)) if is_row else ()
        return
    for record in read_records(chunk):
        if record.kind != "separator":
            yield (record.value,) if record.kind == "row" else ()


# --- a field that is not there --------------------------------------------------------------------------


def _unknown(name: str, scan: Scan, plan: Plan) -> UsageError | ConfigError:
    names = [shown_text(field, plan)[:NAME] for field in _metadata(scan)]
    close = difflib.get_close_matches(name.casefold(), [field.casefold() for field in names], n=1)
    meant = next((field for field in names if close and field.casefold() == close[0]), "")
    hint = f"did you mean '{meant}'? " if meant else ""
    listed = ", ".join(names[:MOST_NAMES]) + (" …" if len(names) > MOST_NAMES else "")
    hint += (
        f"fields beside the conversation: {listed}" if names else "the rows have none but the conversation"
    )
    what = f"no row has the field '{name}' by which rates were asked for"
    where = plan.places.get("by", "")
    hint += f"; '{FILE}' tells the inputs apart"
    return ConfigError(what, where=where, hint=hint) if where else UsageError(what, hint=hint)


def _metadata(scan: Scan) -> list[str]:
    """Fields of the first rows that are none of the conversation's, the most frequent first."""
    seen: Counter[str] = Counter()
    for one in scan.opened:
        spoken = _spoken(one)
        records = (record for chunk in one.chunks() for record in _records(chunk))
        for rows in islice(records, LOOKED_AT):
            for row in rows:
                seen.update(_names(row, spoken))
    return sorted(seen, key=lambda name: (-seen[name], name))


def _names(row: Mapping[str, Any], spoken: frozenset[str]) -> Iterator[str]:
    """The fields of a row that hold one value, and those of an object among them as a path."""
    for name, value in row.items():
        if isinstance(value, dict):
            yield from (f"{name}.{inner}" for inner, held in value.items() if _is_single(held))
        elif name not in spoken and _is_single(value):
            yield name


def _is_single(value: object) -> bool:
    return not isinstance(value, dict | list) and told(value) is not None


def _spoken(opened: Opened) -> frozenset[str]:
    """The fields of the first rows that hold what somebody says."""
    chunk = next(iter(opened.chunks()), None)
    if chunk is None:
        return frozenset()
    places = parse_chunk(chunk).batch.turns["at"].str.replace(r"^/@\d+", "")
    heads = places.str.extract("^/([^/]+)").drop_nulls().unique().to_list()
    return frozenset(map(unescape, heads))


# --- counting -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Found:
    """The rows that are at fault.

    Attributes:
        hits: ``row, check``, each pair once; faults of whole files are left out, since none of their rows is at fault.
        blocking: checks that are over their budget.
        checks: in order of harm.
    """

    hits: pl.DataFrame
    blocking: tuple[str, ...]
    checks: tuple[str, ...]


def _found(scan: Scan, problems: Sequence[Problem]) -> _Found:
    told = [problem for problem in problems if problem.about == "row"]
    frames = [scan.found[one.check].select(pl.col("row").unique(), check=pl.lit(one.check)) for one in told]
    empty = pl.DataFrame(schema={"row": pl.Int64, "check": pl.String})
    blocking = tuple(one.check for one in told if one.blocks)
    return _Found(pl.concat([empty, *frames]), blocking, tuple(one.check for one in told))


@dataclass(frozen=True)
class Tally:
    """Rows of one value, or of several: all, blocked, flagged, and by check."""

    rows: int
    blocked: int
    flagged: int
    checks: Counter[str]


def together(tallies: Iterable[Tally]) -> Tally:
    """The rows of several values."""
    every = list(tallies)
    checks: Counter[str] = Counter()
    for one in every:
        checks.update(one.checks)
    return Tally(
        sum(one.rows for one in every),
        sum(one.blocked for one in every),
        sum(one.flagged for one in every),
        checks,
    )


def _breakdown(name: str, values: pl.DataFrame, found: _Found, scan: Scan, plan: Plan) -> Breakdown:
    tallies = _tallies(values, found)
    whole = together(tallies.values())
    spread = errors_wide(len(tallies) * len(found.checks))
    out = {value: outliers(tally, whole, found.checks, spread) for value, tally in tallies.items()}
    order = sorted(tallies, key=lambda value: _place(value, tallies[value], out[value]))
    shown = order if len(order) <= MOST + 1 else order[:MOST]
    rest = order[len(shown) :]
    if None in rest:
        shown, rest = [*shown, None], [value for value in rest if value is not None]
    labels = zip(_labels(name, shown, scan, plan), shown, strict=True)
    return Breakdown(
        field=name,
        values=len(tallies) - (None in tallies),
        groups=tuple(_group(label, tallies[value], out[value]) for label, value in labels),
        others=_group(None, together(tallies[value] for value in rest)) if rest else None,
        folded=len(rest),
        unreadable=len(scan.quarantine),
    )


def _tallies(values: pl.DataFrame, found: _Found) -> dict[str | None, Tally]:
    """The rows of every value, counted."""
    hits = found.hits.join(values, on="row", how="inner")
    checks: dict[str | None, Counter[str]] = {}
    for value, check, count in hits.group_by("value", "check").len().iter_rows():
        checks.setdefault(value, Counter())[check] = count
    blocked = _rows_by(hits.filter(pl.col("check").is_in(found.blocking)))
    flagged = _rows_by(hits)
    return {
        value: Tally(rows, blocked.get(value, 0), flagged.get(value, 0), checks.get(value, Counter()))
        for value, rows in _rows_by(values).items()
    }


def _rows_by(lines: pl.DataFrame) -> dict[str | None, int]:
    counted = lines.group_by("value").agg(pl.col("row").n_unique())
    return dict(counted.iter_rows())


def _place(
    value: str | None, tally: Tally, out: tuple[Outlier, ...]
) -> tuple[float, float, int, int, bool, str]:
    """Worst first. The lower bound decides, so that one bad row of one does not come before a hundred of 200."""
    blocked, flagged = (wilson(count, tally.rows).low for count in (tally.blocked, tally.flagged))
    return -blocked, -flagged, -len(out), -tally.rows, value is None, value or ""


def _group(label: str | None, tally: Tally, stands_out: tuple[Outlier, ...] = ()) -> Group:
    rates = (rate(tally.blocked, tally.rows), rate(tally.flagged, tally.rows))
    return Group(label, tally.rows, *rates, stands_out)


def rate(rows: int, of: int) -> Rate:
    """A count with its share and the 95 % interval."""
    return Rate(rows, rows / of if of else 0.0, *wilson(rows, of))


def errors_wide(comparisons: int) -> float:
    """Half the width of an interval, in standard errors, that holds for all comparisons together (Bonferroni)."""
    return NormalDist().inv_cdf(1 - FALSE_ALARM / 2 / max(comparisons, 1))


def outliers(tally: Tally, whole: Tally, checks: Sequence[str], spread: float) -> tuple[Outlier, ...]:
    """The checks whose interval here lies above that of all other rows."""
    rest = whole.rows - tally.rows
    told = []
    for check in checks:
        here, elsewhere = tally.checks[check], whole.checks[check] - tally.checks[check]
        if here >= LEAST and wilson(here, tally.rows, spread).low > wilson(elsewhere, rest, spread).high:
            told.append(Outlier(check, rate(here, tally.rows), rate(elsewhere, rest)))
    return tuple(told)


# --- what is shown --------------------------------------------------------------------------------------


def _is_spoken(name: str, scan: Scan) -> bool:
    """Whether a field is part of the conversation, so that its values are text of rows."""
    head = unescape(name[1:].split("/", 1)[0]) if name.startswith("/") else name.split(".", 1)[0]
    return name != FILE and any({name, head} & _spoken(one) for one in scan.opened)


def _labels(name: str, values: Sequence[str | None], scan: Scan, plan: Plan) -> list[str | None]:
    """The values as they are shown: masked, then cut; numbered where two would look the same."""
    hidden = not plan.show_text and _is_spoken(name, scan)
    told = [
        None
        if value is None
        else HIDDEN
        if hidden or _is_prose(name, value, plan)
        else _shown(name, value, plan)
        for value in values
    ]
    count = Counter(told)
    number: Counter[str | None] = Counter()
    labels: list[str | None] = []
    for text in told:
        number[text] += 1
        labels.append(text if text is None or count[text] == 1 else f"{text} #{number[text]}")
    return labels


def _is_prose(name: str, value: str, plan: Plan) -> bool:
    """Whether a value is text rather than the name of a source: it is not shown where no text may be."""
    return not plan.show_text and name != FILE and (len(value) > LONGEST_NAME or value.count(" ") >= WORDS)


def _shown(name: str, value: str, plan: Plan) -> str:
    """Masked, then cut in the middle: values differ at their ends. Of what is masked not even the length is told.

    Names of inputs are shown as they are everywhere.
    """
    text = value if name == FILE else _MASKED.sub(BLOCK * 6, shown_text(value, plan))
    return text if len(text) <= LABEL else text[: LABEL // 2 - 1] + HIDDEN + text[-LABEL // 2 :]
