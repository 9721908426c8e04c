"""Mutation testing of a gate on the user's own data: plant known faults, run the policy, count what it sees.

After DeMillo, Lipton, Sayward, Hints on test data selection (1978): a test that lets planted faults pass lets real
ones pass as well.
"""

from __future__ import annotations

import random
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from curate.core.errors import UnreadableError, UsageError
from curate.engines.planting import FAULTS, Planted, Sound, line
from curate.engines.registry import load_checks
from curate.engines.rereading import parts
from curate.engines.scan import all_chunks, scan
from curate.formats.parse import parse_chunk
from curate.formats.records import read_records
from curate.formats.sources import discover
from curate.text.wilson import wilson

if TYPE_CHECKING:
    from collections.abc import Iterator

    from curate.core.plan import Plan
    from curate.engines.scan import Scan
    from curate.text.wilson import Interval

LEAST = 8
"""Words of an answer that is worth spoiling: half of a word is no cut-off answer."""

ENOUGH = 2
"""Rows that are looked at for each fault that is planted."""

ROW = ("row", "at", "text")

READ = 3
"""Hits of each check that are named, for reading by hand."""

BLOCKS, WARNS, BUDGET, OFF = "blocks", "warns", "within its budget", "off"
"""What the gate does about a fault: stop, tell, or nothing at all."""


@dataclass(frozen=True)
class Seen:
    """What the gate made of a kind of fault.

    Attributes:
        fault: what was planted.
        check: which check must see it; ``quarantine`` for records that cannot be read.
        planted: how many.
        found: how many of these the check flagged.
        recall: between which bounds the share lies (Wilson score interval, 95 %).
        gate: what the policy does about it: blocks, warns, within its budget, off.
    """

    fault: str
    check: str
    planted: int
    found: int
    recall: Interval
    gate: str

    @property
    def is_blind(self) -> bool:
        """Whether the fault passes without a word."""
        return self.gate in (OFF, BUDGET) or self.found == 0


@dataclass(frozen=True)
class Probed:
    """The whole of it.

    Attributes:
        rows: of the user's data that the faults were planted among.
        seen: what became of each kind.
        by_hand: places of findings in the data itself, to read: check, file, line or row.
    """

    rows: int
    seen: tuple[Seen, ...]
    by_hand: tuple[tuple[str, str, int], ...]


@dataclass(frozen=True)
class _Copy:
    """The temporary copy: where it is, and the line numbers of what was planted, by fault."""

    path: Path
    lines: dict[str, list[int]]


def probe(*inputs: object, plan: Plan, count: int = 20, seed: int = 0, keep: Path | None = None) -> Probed:
    """Plant faults in a temporary copy of the data, and see what the policy makes of them.

    Args:
        *inputs: paths, globs, folders, or data frames.
        plan: the policy.
        count: of each fault.
        seed: decides which rows are spoiled and where they go.
        keep: a folder for the copy (``probe.jsonl``) and what was planted where (``planted.csv``).

    Raises:
        UsageError: the plan groups the lines of own tables.
        UnreadableError: no row has a prompt and an answer.
    """
    if plan.mapping.group is not None:
        raise UsageError(
            "lines that are grouped cannot be spoiled one by one", hint="convert them first: curate convert"
        )
    checks = load_checks(plan)
    whole = scan(discover(inputs), checks, plan)
    draw = random.Random(seed)  # noqa: S311 (reproducible, not secret)
    with tempfile.TemporaryDirectory() as folder:
        copy = _plant(whole, Path(folder) / "probe.jsonl", count, draw)
        again = scan(discover((str(copy.path),)), checks, plan)
        if keep is not None:
            _keep(copy, keep)
        return Probed(len(whole.index), tuple(_seen(again, copy, plan)), tuple(_by_hand(whole)))


def _keep(copy: _Copy, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(copy.path, folder / "probe.jsonl")
    lines = [(fault.name, fault.check, number) for fault in FAULTS for number in copy.lines[fault.name]]
    pl.DataFrame(lines, schema=["fault", "check", "line"], orient="row").write_csv(folder / "planted.csv")


def _plant(whole: Scan, path: Path, count: int, draw: random.Random) -> _Copy:
    """Write the copy: the user's rows in order, with spoiled ones between."""
    sound = _sound(whole, count, draw)
    planted = [(fault, fault.spoil(draw.choice(sound), draw)) for fault in FAULTS for _ in range(count)]
    places: dict[int, list[tuple[Planted, bytes]]] = {}
    for one in planted:
        places.setdefault(draw.randrange(max(len(whole.index), 1)), []).append(one)
    lines: dict[str, list[int]] = {fault.name: [] for fault in FAULTS}
    number = 0
    with path.open("wb") as out:
        for row, raw in enumerate(_rows(whole)):
            out.write(raw + b"\n")
            number += 1
            for fault, spoiled in places.get(row, ()):
                out.write(spoiled + b"\n")
                number += 1
                lines[fault.name].append(number)
    return _Copy(path, lines)


def _rows(whole: Scan) -> Iterator[bytes]:
    """The readable rows as lines of JSON; those that are lines already stay as they are."""
    for chunk in all_chunks(whole.opened):
        for record in read_records(chunk):
            if record.kind == "row":
                is_line = chunk.container in ("json", "jsonl") and b"\n" not in record.raw
                yield record.raw if is_line else line(record.value)


def _sound(whole: Scan, count: int, draw: random.Random) -> list[Sound]:
    """Rows with a prompt and an answer, without any finding if there are such; a sample over all of the data."""
    flagged = {row for frame in whole.found.values() for row in frame["row"].to_list()}
    is_flagged = pl.col("row").is_in(list(flagged))
    most = ENOUGH * max(count, 1) * len(FAULTS)
    for rows in (whole.index.filter(~is_flagged)["row"], whole.index.filter(is_flagged)["row"]):
        sample = draw.sample(rows.to_list(), min(most, len(rows)))
        for some in (pl.Series("row", sample, pl.Int64), rows):
            if found := list(_told(whole, some)):
                return found
    raise UnreadableError("no row has a prompt and an answer to spoil", hint="say where they are: --map")


def _told(whole: Scan, wanted: pl.Series) -> Iterator[Sound]:
    """Those of some rows that are worth spoiling, in their order."""
    for part in parts(whole, wanted):
        values = [record.value for record in read_records(part.chunk) if record.kind == "row"]
        texts = parse_chunk(part.chunk).batch.turns.filter(pl.col("kind") == "text")
        prompts, targets = (
            {
                row: (at, text)
                for row, at, text in texts.filter(pl.col("part") == name).select(ROW).iter_rows()
            }
            for name in ("prompt", "target")
        )
        for row in part.rows:
            if row in prompts and row in targets and len(targets[row][1].split()) >= LEAST:
                yield Sound(values[row], prompts[row], targets[row])


def _seen(again: Scan, copy: _Copy, plan: Plan) -> Iterator[Seen]:
    numbers = again.index.select("row", "line")
    lines = {
        name: set(frame.join(numbers, on="row", how="left")["line"].to_list())
        for name, frame in again.found.items()
    }
    for name, frame in again.found.items():
        related = frame.select(pl.col("related").alias("row")).drop_nulls()
        lines[name] |= set(related.join(numbers, on="row")["line"].to_list())
    lines["quarantine"] = set(again.quarantine["line"].to_list())
    checks = {check.name: check for check in again.checks}
    for fault in FAULTS:
        planted = copy.lines[fault.name]
        found = sum(number in lines.get(fault.check, ()) for number in planted)
        gate = _gate(fault.check, checks, again, plan)
        yield Seen(fault.name, fault.check, len(planted), found, wilson(found, len(planted)), gate)


def _gate(name: str, checks: dict[str, Any], again: Scan, plan: Plan) -> str:
    total = len(again.index)
    if name == "quarantine":
        return BUDGET if plan.quarantine.allows(len(again.quarantine), again.records) else BLOCKS
    if name not in checks:
        return OFF
    budget = plan.budget_of(name, checks[name].severity)
    if budget is None:
        return WARNS
    rows = again.found[name]["row"].n_unique() if name in again.found else 0
    return BUDGET if budget.allows(rows, total) else BLOCKS


def _by_hand(whole: Scan) -> Iterator[tuple[str, str, int]]:
    """The first places of each check in the data itself: whether these are right, only a reader can say."""
    names = [one.source.name for one in whole.opened]
    for check, frame in sorted(whole.found.items()):
        rows = frame.select("row").unique(maintain_order=True).head(READ)
        places = rows.join(whole.index, on="row", how="left", maintain_order="left")
        for row, file, number in places.select("row", "file", "line").iter_rows():
            yield check, names[file], number if number is not None else row - whole.first_rows[file] + 1
