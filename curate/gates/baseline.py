"""A baseline: the findings that a team has agreed to live with, so that the gate fails on new ones only.

The file is text with a line a finding, sorted, so that it can be read in a review and merged by git: with
``curate.baseline merge=union`` in ``.gitattributes`` two branches never conflict. What a merge brings back, doubles or
leaves in disorder does no harm: a line that fits no finding is what was mended.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import polars as pl

from curate.core.errors import UnreadableError

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Sequence
    from pathlib import Path

BASELINE_SCHEMA = "curate.baseline/1"
HEADER = f"# {BASELINE_SCHEMA}: check, then hashes: file, pointer, words, number, row key, id, prompt, target, sketch"

_HASH = re.compile(r"[0-9a-f]{1,16}(?:\.[0-9]+)?")

HASHES = ("file", "at", "span", "number", "key", "id", "prompt", "target", "sketch")
STORED = ("check", *HASHES)

NEAR = 10
"""Bits of 64 in which the sketches of a row and of what it was may differ, if nothing else tells that it is one."""

LIKE = 24
"""Bits of 64 in which they may differ if its id, its prompt or its answer is the same, and nobody else's."""

SAME = (
    ("check", "file", "at", "span", "number", "key"),
    ("check", "file", "span", "key"),
)
"""By what a finding of an untouched row is known again."""

ROW = (("id", "prompt"), ("id", "target"), ("prompt", "target"), ("id",), ("prompt",), ("target",))
"""By what an edited row is known again, the surest first; a part counts only where there is one."""


@dataclass(frozen=True)
class Compared:
    """Findings against a baseline.

    Attributes:
        known: rows of the findings' frame that the baseline holds.
        new: those that it does not.
        mended: lines of the baseline, about files that were looked at, that fit no finding.
        kept: the other lines of the baseline.
    """

    known: pl.DataFrame
    new: pl.DataFrame
    mended: pl.DataFrame
    kept: pl.DataFrame


def write_lines(prints: pl.DataFrame) -> str:
    """The file's text: sorted lines, each once."""
    lines = {" ".join((check, *map(_word, rest))) for check, *rest in prints.select(STORED).iter_rows()}
    return "\n".join((HEADER, *sorted(lines))) + "\n"


def save_baseline(prints: pl.DataFrame, path: Path) -> None:
    """Write the file whole or not at all.

    Raises:
        UsageError: it cannot be written.
    """
    from curate.formats.keep_output import whole  # noqa: PLC0415 (only when something is written)

    with whole(path) as there:
        there.write_text(write_lines(prints), "utf-8")


def _word(value: object) -> str:
    return f"{value:x}" if isinstance(value, int) else str(value) or "-"


def read_baseline(path: Path) -> pl.DataFrame:
    """The lines of a file with the columns ``STORED``.

    Raises:
        UnreadableError: it cannot be read, or is no baseline, or a line is damaged.
    """
    try:
        text = path.read_text("utf-8")
    except OSError as error:
        raise UnreadableError(f"cannot be opened: {error.strerror}", where=str(path)) from error
    except UnicodeDecodeError as error:
        raise UnreadableError("is no baseline: it is not UTF-8", where=str(path)) from error
    if BASELINE_SCHEMA not in text.partition("\n")[0]:
        hint = "write it anew: curate baseline DATA -o " + path.name
        raise UnreadableError(
            f"is no baseline of the version {BASELINE_SCHEMA}", where=f"{path}:1", hint=hint
        )
    lines = [
        _read_line(line, f"{path}:{number}")
        for number, line in enumerate(text.splitlines(), 1)
        if line.strip() and not line.startswith("#")
    ]
    schema = {"check": pl.String, **{name: pl.String if name == "key" else pl.UInt64 for name in HASHES}}
    return pl.DataFrame(lines, schema=schema, orient="row").unique(maintain_order=True)


def _read_line(line: str, where: str) -> tuple[object, ...]:
    words = line.split()
    try:
        if len(words) != len(STORED):
            raise ValueError(line)  # noqa: TRY301 (told below)
        if not all(word == "-" or _HASH.fullmatch(word) for word in words[1:]):
            raise ValueError(line)  # noqa: TRY301 (the same)
        numbers = [
            word if name == "key" else int(word, 16) for name, word in zip(HASHES, words[1:], strict=True)
        ]
    except ValueError as error:
        hint = (
            "a conflict of a merge? keep both sides: `curate.baseline merge=union` in .gitattributes does so"
        )
        raise UnreadableError("is no line of a baseline", where=where, hint=hint) from error
    return words[0], *("" if number == "-" else number for number in numbers)


def compare(
    prints: pl.DataFrame, baseline: pl.DataFrame, rows: Callable[[], pl.DataFrame], files: Collection[int]
) -> Compared:
    """Which findings the baseline holds: each line of it stands for one finding at most.

    A finding is the same if its row is untouched, or is the row that it was, edited elsewhere. A row that is there,
    mended, is never taken for another one: so what is mended here gives no room to a new fault there.

    Args:
        prints: the findings, of the schema of :data:`curate.engines.fingerprints.PRINTS`.
        baseline: as read.
        rows: gives all rows as they are now (:func:`curate.engines.fingerprints.all_rows`); called where it matters.
        files: hashes of the names of the files that were looked at; lines about others are neither known nor mended.
    """
    here = prints.with_columns(pl.col("number").cast(pl.UInt64)).with_row_index("here")
    there = baseline.with_row_index("there")
    about = there.filter(pl.col("file").is_in(list(files)))
    pairs: list[tuple[int, int]] = []
    for same in SAME:
        pairs += _joined(_left(here, "here", pairs, 0), _left(about, "there", pairs, 1), same)
    mine, theirs = _left(here, "here", pairs, 0), _left(about, "there", pairs, 1)
    if len(mine) and len(theirs):
        pairs += _edited(mine, theirs, rows())
    known = [pair[0] for pair in pairs]
    mended = _left(about, "there", pairs, 1)
    return Compared(
        prints.filter(here["here"].is_in(known)),
        prints.filter(~here["here"].is_in(known)),
        mended.drop("there"),
        there.filter(~pl.col("there").is_in(mended["there"].implode())).drop("there"),
    )


def _left(frame: pl.DataFrame, name: str, pairs: list[tuple[int, int]], side: int) -> pl.DataFrame:
    return frame.filter(~pl.col(name).is_in([pair[side] for pair in pairs]))


def _joined(left: pl.DataFrame, right: pl.DataFrame, same: Sequence[str]) -> list[tuple[int, int]]:
    """One to one by equal columns: the first of equals with the first, and so on."""
    nth = [pl.col(same[0]).cum_count().over(same).alias("nth")]
    together = left.with_columns(nth).join(right.with_columns(nth), on=[*same, "nth"], how="inner")
    return list(together.sort("here").select("here", "there").iter_rows())


def _edited(mine: pl.DataFrame, theirs: pl.DataFrame, rows: pl.DataFrame) -> Iterator[tuple[int, int]]:
    """Findings of rows that were edited elsewhere, one to one, the nearest first."""
    now = _Rows(rows)
    groups = dict(mine.partition_by("check", "file", "span", as_dict=True))
    close = [
        (distance, finding["here"], line["there"])
        for line in theirs.iter_rows(named=True)
        if (line["check"], line["file"], line["span"]) in groups and not now.has(line["file"], line["key"])
        for finding in groups[line["check"], line["file"], line["span"]].iter_rows(named=True)
        if (distance := now.distance(line, finding)) is not None
    ]
    taken: set[tuple[str, int]] = set()
    for _, here, there in sorted(close):
        if ("here", here) not in taken and ("there", there) not in taken:
            taken |= {("here", here), ("there", there)}
            yield here, there


class _Rows:
    """All rows as they are now, by whatever they may be known again."""

    def __init__(self, rows: pl.DataFrame) -> None:
        self._keys = set(rows.select("file", "key").iter_rows())
        self._by: dict[tuple[str, ...], dict[tuple[object, ...], list[str]]] = {parts: {} for parts in ROW}
        for one in rows.iter_rows(named=True):
            for parts in ROW:
                if all(one[part] for part in parts):
                    place = (one["file"], *(one[part] for part in parts))
                    self._by[parts].setdefault(place, []).append(one["key"])

    def has(self, file: int, key: str) -> bool:
        """Whether the row is there untouched."""
        return (file, key) in self._keys

    def distance(self, line: dict[str, Any], finding: dict[str, Any]) -> int | None:
        """In how many bits a finding's row differs from the row of a line, if it is that row; None if it is another."""
        bits = (line["sketch"] ^ finding["sketch"]).bit_count()
        for parts in ROW:
            found = self._by[parts].get((line["file"], *(line[part] for part in parts)), ())
            if len(found) == 1:
                return bits if found[0] == finding["key"] and bits <= LIKE else None
        return bits if bits <= NEAR and line["sketch"] and finding["sketch"] else None
