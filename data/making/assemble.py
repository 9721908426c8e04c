"""Puts clean and planted rows into one file, and says in the truth file where the planted ones are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from making.plant import Spoiled, dump

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from making.plant import Plant, Row

SPREAD = 618
"""Thousandths of the golden ratio: kinds of plants start at well-spread offsets."""

AFTER = 30
"""A copy comes at least this many clean rows after its original."""


@dataclass(eq=False)
class Entry:
    """One record of the file to be."""

    row: Row
    plant: Plant | None = None
    original: Entry | None = None
    line: int = 0
    finished: Row | None = None


def assemble(
    rows: Sequence[Row], keep: int, plants: Sequence[Plant], finish: Callable[[Row, int], Row]
) -> tuple[bytes, list[dict[str, Any]]]:
    """The file's bytes and the lines of its truth file.

    Args:
        rows: clean rows; the first ``keep`` stay clean, and the others carry the plants.
        keep: how many rows stay clean.
        plants: what to plant, in any order; they are spread evenly, each kind over the whole file.
        finish: adds the metadata to a row, given its number.
    """
    kept = [Entry(row) for row in rows[:keep]]
    ordered = spread(plants)
    carriers = _carriers(ordered, rows[keep:])
    entries: list[Entry] = []
    at = 0
    for number, plant in enumerate(ordered):
        end = keep if plant.last else (2 * number + 1) * keep // (2 * len(ordered))
        entries += kept[at:end]
        at = end
        entries.append(_planted(plant, carriers.get(number), kept[: max(0, end - AFTER)], entries))
    entries += kept[at:]
    return _write(entries, finish)


def spread(plants: Sequence[Plant]) -> list[Plant]:
    """The plants in the order in which they stand in the file.

    The ``j``-th of ``m`` plants of a kind goes to the ``j``-th of ``m`` equal parts of the file; copies are
    kept out of its first third, since they follow their originals.
    """
    kinds: dict[tuple[str, bool], list[Plant]] = {}
    for plant in plants:
        kinds.setdefault((plant.check, plant.last), []).append(plant)
    placed: list[tuple[int, int, Plant]] = []
    for kind, members in enumerate(kinds.values()):
        offset = kind * SPREAD % 1000
        for j, plant in enumerate(members):
            part = (1000 * j + offset) // len(members)
            part = 350 + part * 65 // 100 if plant.copies else part
            placed.append((1000 if plant.last else part, len(placed), plant))
    return [plant for *_, plant in sorted(placed, key=lambda place: place[:2])]


def _carriers(plants: Sequence[Plant], reserve: Sequence[Row]) -> dict[int, Row]:
    """A row for each plant that needs one; the pickiest plants choose first."""
    left = list(reserve)
    needy = [number for number, plant in enumerate(plants) if plant.row is None and not plant.copies]
    choices = {number: sum(map(plants[number].wants, reserve)) for number in needy}
    chosen: dict[int, Row] = {}
    for number in sorted(needy, key=lambda number: (choices[number], number)):
        chosen[number] = next(row for row in left if plants[number].wants(row))
        left.remove(chosen[number])
    return chosen


def _planted(plant: Plant, carrier: Row | None, earlier: list[Entry], entries: list[Entry]) -> Entry:
    if carrier is not None:
        return Entry(carrier, plant)
    if plant.row is not None:
        firsts = (entry for entry in entries if entry.plant and entry.plant.group == plant.group != "")
        return Entry(plant.row, plant, next(firsts, None))
    taken = {id(entry.original) for entry in entries}
    free = [entry for entry in earlier if id(entry) not in taken and plant.wants(entry.row)]
    original = free[len(free) // 3]
    return Entry(original.row, plant, original)


def _write(entries: list[Entry], finish: Callable[[Row, int], Row]) -> tuple[bytes, list[dict[str, Any]]]:
    blocks: list[bytes] = []
    truth: list[dict[str, Any]] = []
    line = 1
    for number, entry in enumerate(entries, start=1):
        entry.line = line
        entry.finished = finish(entry.row, number)
        spoiled = _spoil(entry)
        blocks.append(spoiled.data)
        for offset, fault in enumerate(spoiled.faults):
            truth.append(
                {
                    "line": line + offset,
                    "check": fault.check,
                    "at": fault.at,
                    "span": fault.span,
                    "related_line": entry.original.line if entry.original else None,
                    "note": fault.note,
                }
            )
        line += spoiled.data.count(b"\n") + 1
    end = b"" if entries[-1].plant and entries[-1].plant.last else b"\n"
    return b"\n".join(blocks) + end, truth


def _spoil(entry: Entry) -> Spoiled:
    row = entry.finished or entry.row
    if entry.plant is None:
        return Spoiled(dump(row), ())
    if entry.plant.same_id and entry.original and entry.original.finished:
        row = entry.original.finished
    return entry.plant.spoil(row)
