"""Temporary copies of the user's files, with spoiled rows among theirs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, NamedTuple

from curate.engines.planting import line
from curate.formats.records import read_records

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path
    from random import Random

    from curate.engines.planting import Planted, Sound
    from curate.engines.scan import Scan
    from curate.formats.read import Opened
    from curate.formats.records import Record


class Spot(NamedTuple):
    """Where a spoiled row stands: the number of the file, and its first and last line."""

    file: int
    first: int
    last: int


@dataclass(frozen=True)
class Copies:
    """The copies, in the order of the user's files, and where each kind of fault was planted."""

    paths: tuple[Path, ...]
    spots: dict[str, list[Spot]]


def write_copies(whole: Scan, planted: Iterable[tuple[Planted, Sound]], folder: Path, draw: Random) -> Copies:
    """Write each file as JSON lines: its readable records in their order, and spoiled rows between.

    A spoiled row stands somewhere after the row that it was made of, so that a fault of pairs is found at it, and not
    at the sound one; and in the same file, which is read as that file is.

    Args:
        whole: the data.
        planted: faults and the rows to spoil.
        folder: where the copies go.
        draw: chooses the places.
    """
    places: dict[int, list[tuple[Planted, Sound]]] = {}
    ends = [first + tally.records for first, tally in zip(whole.first_rows, whole.tallies, strict=True)]
    files = dict(whole.index.select("row", "file").iter_rows())
    for fault, sound in planted:
        end = ends[files[sound.row]]
        at = end - 1 if sound.group else draw.randrange(sound.row, end)
        places.setdefault(at, []).append((fault, sound))
    copies = Copies(tuple(folder / f"{one.index}.jsonl" for one in whole.opened), {})
    for opened, path, first in zip(whole.opened, copies.paths, whole.first_rows, strict=True):
        with path.open("wb") as out:
            writer = _Writer(out, opened.index, copies.spots, draw)
            for row in _write_records(opened, writer):
                for at, (fault, sound) in enumerate(places.get(first + row, ())):
                    writer.plant(fault, sound, f"planted {first + row} {at}")
    return copies


def _write_records(opened: Opened, writer: _Writer) -> Iterator[int]:
    """Write the readable records; the numbers of rows, each once it is written, and of conversations at the end."""
    number = -1
    for number, record in enumerate(_records(opened)):
        if record.kind == "row":
            writer.put(_line(record, opened))
        if opened.mapping.group is None:
            yield number
    if opened.mapping.group is not None:
        yield from range(number + 1)


class _Writer:
    """Writes one copy and counts its lines."""

    def __init__(self, out: IO[bytes], file: int, spots: dict[str, list[Spot]], draw: Random) -> None:
        self._out = out
        self._file = file
        self._spots = spots
        self._draw = draw
        self._count = 0

    def put(self, line: bytes) -> None:
        """The next line."""
        self._out.write(line + b"\n")
        self._count += 1

    def plant(self, fault: Planted, sound: Sound, thread: str) -> None:
        """A spoiled row; ``thread`` is the group of its lines, where lines are grouped."""
        *lines, last = sound.lines(fault.spoil(sound, self._draw), thread)
        first = self._count + 1
        for one in (*lines, fault.write(last)):
            self.put(one)
        self._spots.setdefault(fault.name, []).append(Spot(self._file, first, self._count))


def _records(opened: Opened) -> Iterator[Record]:
    """The records of a file as they stand, whatever is made of them."""
    for chunk in opened.source_chunks():
        yield from (one for one in read_records(chunk) if one.kind != "separator")


def _line(record: Record, opened: Opened) -> bytes:
    """A record as a line of JSON; one that is a line already stays as it is."""
    is_line = opened.container in ("json", "jsonl") and b"\n" not in record.raw
    return record.raw if is_line else line(record.value)
