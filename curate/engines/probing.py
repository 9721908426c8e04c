"""Mutation testing of a gate on the user's own data: plant known faults, run the policy, count what it sees.

After DeMillo, Lipton, Sayward, Hints on test data selection (1978): a test that lets planted faults pass lets real
ones pass as well.
"""

from __future__ import annotations

import random
import shutil
import tempfile
from bisect import bisect_left
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import polars as pl

from curate.core.policy_hash import policy_hash
from curate.core.telling import unheard
from curate.engines.planting import UNREADABLE
from curate.engines.planting_copies import write_copies
from curate.engines.planting_faults import FAULTS
from curate.engines.planting_rows import sound_rows
from curate.engines.registry import load_checks
from curate.engines.resuming import file_hash, plan_fields
from curate.engines.scan import scan
from curate.engines.waiving import without_waived
from curate.formats.sources import Discovered, Source, discover
from curate.text.wilson import wilson

if TYPE_CHECKING:
    from collections.abc import Iterator

    from curate.core.check import Check
    from curate.core.plan import Budget, Plan
    from curate.engines.planting import Planted, Sound
    from curate.engines.planting_copies import Copies, Spot
    from curate.engines.scan import Scan
    from curate.text.wilson import Interval

ENOUGH = 2
"""Rows that are looked at for each fault that is planted."""

READ = 3
"""Hits of each check that are named, for reading by hand."""

BLOCKS, PASSES, WARNS, OFF = "blocks", "passes", "warns", "off"
"""What the gate does about so many rows with a fault: stop, let them pass within the budget, only tell, nothing."""

NEVER = 1 << 40
"""Rows that no data has."""


@dataclass(frozen=True)
class Seen:
    """What the gate made of a kind of fault.

    Attributes:
        fault: what was planted.
        check: which check must see it; ``quarantine`` for records that cannot be read.
        planted: how many rows.
        found: how many of these rows the check flagged.
        recall: between which bounds the share lies (Wilson score interval, 95 %).
        gate: what the policy does about it: blocks, passes, warns, off.
        of: rows of the data with those that were planted.
        fails_from: rows with the fault, all of them found, from which on the gate fails; 0 if the data as it is has
            too many, None if no number is too many.
    """

    fault: str
    check: str
    planted: int
    found: int
    recall: Interval
    gate: str
    of: int
    fails_from: int | None

    @property
    def is_blind(self) -> bool:
        """Whether the fault passes without a word."""
        return self.gate == OFF or self.found == 0

    def is_missed(self, least: float) -> bool:
        """Whether less than this share of what was planted is found."""
        return self.is_blind or self.found < least * self.planted


class Hashed(NamedTuple):
    """A file that was probed; of a data frame or a folder there is no hash."""

    name: str
    sha256: str


@dataclass(frozen=True)
class Probed:
    """The whole of it.

    Attributes:
        rows: of the user's data that the faults were planted among.
        seen: what became of each kind.
        by_hand: places of findings in the data itself, to read: check, file, line or row.
        files: what was probed.
        policy: the hash of the policy (``curate.core.policy_hash``).
        not_planted: kinds of fault that all rows that could be spoiled have already, by their own check.
    """

    rows: int
    seen: tuple[Seen, ...]
    by_hand: tuple[tuple[str, str, int], ...]
    files: tuple[Hashed, ...]
    policy: str
    not_planted: tuple[str, ...] = ()


def probe(*inputs: object, plan: Plan, count: int = 20, seed: int = 0, keep: Path | None = None) -> Probed:
    """Plant faults in a temporary copy of the data, and see what the policy makes of them.

    Args:
        *inputs: paths, globs, folders, or data frames.
        plan: the policy.
        count: of each fault.
        seed: decides which rows are spoiled and where they go.
        keep: a folder for the copies, as JSON lines, and what was planted where (``planted.csv``).

    Raises:
        UnreadableError: no row has a prompt and an answer.
    """
    checks = load_checks(plan)
    whole = scan(discover(inputs), checks, plan)
    draw = random.Random(seed)  # noqa: S311 (reproducible, not secret)
    sound = sound_rows(whole, ENOUGH * count * len(FAULTS), draw)
    planted = _chosen(whole, sound, count, draw)
    with tempfile.TemporaryDirectory(prefix="curate-probe-") as folder:
        copies = write_copies(whole, planted, Path(folder), draw)
        with unheard():
            again = _scan_copies(whole, copies, checks, plan)
        if keep is not None:
            _keep(whole, copies, keep)
    hashed = tuple(_hashed(one.source) for one in whole.opened)
    seen = tuple(_seen(whole, again, copies, plan))
    told = {one.fault for one in seen}
    left = tuple(one.name for one in FAULTS if one.name not in told and any(map(one.fits, sound)))
    policy = policy_hash(plan_fields(plan))
    return Probed(len(whole.index), seen, tuple(_by_hand(whole)), hashed, policy, left)


def _chosen(whole: Scan, sound: list[Sound], count: int, draw: random.Random) -> list[tuple[Planted, Sound]]:
    """The faults that the data can have, so often as asked, each with a row that its check does not flag already."""
    flagged = {name: set(frame["row"].to_list()) for name, frame in whole.found.items()}
    chosen: list[tuple[Planted, Sound]] = []
    for fault in FAULTS:
        known = flagged.get(fault.check, set())
        if fit := [one for one in sound if one.row not in known and fault.fits(one)]:
            chosen += [(fault, draw.choice(fit)) for _ in range(count)]
    return chosen


def _scan_copies(whole: Scan, copies: Copies, checks: tuple[Check, ...], plan: Plan) -> Scan:
    """The pass over the copies, which have the names of the user's files wherever the plan speaks of files."""
    names = [one.source.name for one in whole.opened]
    sources = tuple(
        Source(f"{name}.jsonl", path=path) for name, path in zip(names, copies.paths, strict=True)
    )
    again = scan(Discovered(sources, ()), checks, replace(plan, waivers=(), encoding=None))
    opened = tuple(
        replace(one, source=replace(one.source, name=name))
        for one, name in zip(again.opened, names, strict=True)
    )
    again = replace(again, opened=opened)
    return without_waived(again, plan) if plan.waivers else again


def _keep(whole: Scan, copies: Copies, folder: Path) -> None:
    """The copies, each under the name of its file, and the list of what stands where."""
    folder.mkdir(parents=True, exist_ok=True)
    names = _names(whole)
    for path, name in zip(copies.paths, names, strict=True):
        shutil.copyfile(path, folder / name)
    lines = [
        (fault.name, fault.check, names[spot.file], spot.first, spot.last)
        for fault in FAULTS
        for spot in copies.spots.get(fault.name, ())
    ]
    header = ["fault", "check", "file", "line", "last_line"]
    pl.DataFrame(lines, schema=header, orient="row").write_csv(folder / "planted.csv")


def _names(whole: Scan) -> list[str]:
    """A name for each copy: that of the file, with a number where two have the same."""
    taken: dict[str, int] = {}
    names = []
    for one in whole.opened:
        base = Path(one.source.name).name.strip("<>")
        name = base if base.endswith((".jsonl", ".ndjson")) else f"{base}.jsonl"
        taken[name] = taken.get(name, 0) + 1
        names.append(name if taken[name] == 1 else f"{taken[name]}-{name}")
    return names


def _hashed(source: Source) -> Hashed:
    is_file = source.path is not None and source.path.is_file()
    return Hashed(source.name, file_hash(source.path).sha256 if is_file and source.path else "")


def _seen(whole: Scan, again: Scan, copies: Copies, plan: Plan) -> Iterator[Seen]:
    """Each kind of fault that was planted; a row counts as found where its own check flags that very row."""
    places = {
        name: set(frame.join(again.index, on="row").select("file", "line").iter_rows())
        for name, frame in again.found.items()
    }
    places[UNREADABLE] = set(again.quarantine.select("file", "line").iter_rows())
    for fault in FAULTS:
        spots = copies.spots.get(fault.name, [])
        if spots:
            found = sum(_is_hit(spot, places.get(fault.check, set())) for spot in spots)
            yield _judged(fault, len(spots), found, whole, plan)


def _is_hit(spot: Spot, places: set[tuple[int, int]]) -> bool:
    return any((spot.file, line) in places for line in range(spot.first, spot.last + 1))


def _judged(fault: Planted, planted: int, found: int, whole: Scan, plan: Plan) -> Seen:
    """What the gate makes of rows with this fault beside the data as it is."""
    total = whole.records if fault.check == UNREADABLE else len(whole.index)
    gate, fails_from = OFF, None
    if fault.check == UNREADABLE or any(check.name == fault.check for check in whole.checks):
        budget, known = _budget(fault.check, whole, plan), _known(fault.check, whole)
        fails_from = _fails_from(budget, known, total)
        gate = WARNS if fails_from is None and budget is None else PASSES
        if budget is not None and not budget.allows(known + found, total + planted):
            gate = BLOCKS
    return Seen(
        fault.name,
        fault.check,
        planted,
        found,
        wilson(found, planted),
        gate,
        total + planted,
        fails_from,
    )


def _budget(name: str, whole: Scan, plan: Plan) -> Budget | None:
    if name == UNREADABLE:
        return plan.quarantine
    return plan.budget_of(name, next(check.severity for check in whole.checks if check.name == name))


def _known(name: str, whole: Scan) -> int:
    """Rows that the check flags in the data as it is."""
    if name == UNREADABLE:
        return len(whole.quarantine)
    return whole.found[name]["row"].n_unique() if name in whole.found else 0


def _fails_from(budget: Budget | None, known: int, total: int) -> int | None:
    """The fewest rows more that are too many: a count or a share, of all rows with them; None if none are."""
    if budget is None:
        return None
    least = bisect_left(range(NEVER), True, key=lambda more: not budget.allows(known + more, total + more))  # noqa: FBT003
    return least if least < NEVER else None


def _by_hand(whole: Scan) -> Iterator[tuple[str, str, int]]:
    """The first places of each check in the data itself: whether these are right, only a reader can say."""
    names = [one.source.name for one in whole.opened]
    for check, frame in sorted(whole.found.items()):
        rows = frame.select("row").unique(maintain_order=True).head(READ)
        places = rows.join(whole.index, on="row", how="left", maintain_order="left")
        for row, file, number in places.select("row", "file", "line").iter_rows():
            yield check, names[file], number if number is not None else row - whole.first_rows[file] + 1
