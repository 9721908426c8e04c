"""A baseline: the findings that a team has agreed to live with, so that the gate fails on new ones only.

The file is text with a line a finding, sorted, so that it can be read in a review and merged by git: with
``curate.baseline merge=union`` in ``.gitattributes`` two branches never conflict. What a merge brings back, doubles or
leaves in disorder does no harm: a line that fits no finding is what was mended.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from curate.core.errors import UnreadableError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

BASELINE_SCHEMA = "curate.baseline/1"
HEADER = (
    f"# {BASELINE_SCHEMA}: check, then hashes: pointer, words, number, row key, id, prompt, answer, sketch"
)

HASHES = ("at", "span", "number", "key", "id", "prompt", "target", "sketch")
STORED = ("check", *HASHES)

NEAR = 10
"""Bits of 64 in which the sketches of an edited row may differ from what it was."""

SAME = (
    ("check", "at", "span", "number", "key"),
    ("check", "span", "key"),
    ("check", "span", "id", "target"),
    ("check", "span", "prompt", "target"),
    ("check", "span", "id"),
    ("check", "span", "prompt"),
    ("check", "span", "target"),
)
"""By what a finding is known again, the surest first; an id, a prompt or an answer counts only where there is one."""


@dataclass(frozen=True)
class Compared:
    """Findings against a baseline.

    Attributes:
        known: rows of the findings' frame that the baseline holds.
        new: those that it does not.
        mended: lines of the baseline that fit no finding.
    """

    known: pl.DataFrame
    new: pl.DataFrame
    mended: pl.DataFrame


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
        numbers = [
            word if name == "key" else int(word, 16) for name, word in zip(HASHES, words[1:], strict=True)
        ]
    except ValueError as error:
        hint = (
            "a conflict of a merge? keep both sides: `curate.baseline merge=union` in .gitattributes does so"
        )
        raise UnreadableError("is no line of a baseline", where=where, hint=hint) from error
    return words[0], *("" if number == "-" else number for number in numbers)


def compare(prints: pl.DataFrame, baseline: pl.DataFrame) -> Compared:
    """Which findings the baseline holds: each line of it stands for one finding at most.

    Args:
        prints: the findings, of the schema of :data:`curate.engines.fingerprints.PRINTS`.
        baseline: as read.
    """
    here = prints.with_columns(pl.col("number").cast(pl.UInt64)).with_row_index("here")
    there = baseline.with_row_index("there")
    pairs: list[tuple[int, int]] = []
    for same in SAME:
        left = here.filter(~pl.col("here").is_in([pair[0] for pair in pairs]))
        right = there.filter(~pl.col("there").is_in([pair[1] for pair in pairs]))
        pairs += _joined(left, right, same)
    pairs += _near(
        here.filter(~pl.col("here").is_in([pair[0] for pair in pairs])),
        there.filter(~pl.col("there").is_in([pair[1] for pair in pairs])),
    )
    known = pl.col("here").is_in([pair[0] for pair in pairs])
    return Compared(
        prints.filter(here.select(known).to_series()),
        prints.filter(~here.select(known).to_series()),
        baseline.filter(~there.select(pl.col("there").is_in([pair[1] for pair in pairs])).to_series()),
    )


def _joined(left: pl.DataFrame, right: pl.DataFrame, same: Sequence[str]) -> list[tuple[int, int]]:
    """One to one by equal columns: the first of equals with the first, and so on."""
    for name in set(same) & {"id", "prompt", "target"}:
        left, right = left.filter(pl.col(name) != 0), right.filter(pl.col(name) != 0)
    if "key" in same and "number" not in same:
        left, right = left.filter(pl.col("key") != ""), right.filter(pl.col("key") != "")
    nth = [pl.col(same[0]).cum_count().over(same).alias("nth")]
    together = left.with_columns(nth).join(right.with_columns(nth), on=[*same, "nth"], how="inner")
    return list(together.sort("here").select("here", "there").iter_rows())


def _near(left: pl.DataFrame, right: pl.DataFrame) -> list[tuple[int, int]]:
    """One to one by sketches that hardly differ, the nearest first, within the same check and words."""
    pairs: list[tuple[int, int]] = []
    groups = dict(right.filter(pl.col("sketch") != 0).partition_by("check", "span", as_dict=True))
    for group, mine in left.filter(pl.col("sketch") != 0).partition_by("check", "span", as_dict=True).items():
        if group in groups:
            pairs += _nearest(mine, groups[group])
    return pairs


def _nearest(left: pl.DataFrame, right: pl.DataFrame) -> Iterator[tuple[int, int]]:
    theirs = right["sketch"].to_numpy()
    close = [
        (int(distance[at]), mine, int(right["there"][int(at)]))
        for mine, sketch in left.select("here", "sketch").iter_rows()
        for distance in [np.bitwise_count(theirs ^ np.uint64(sketch))]
        for at in np.flatnonzero(distance <= NEAR)
    ]
    taken: set[tuple[str, int]] = set()
    for _, mine, other in sorted(close):
        if ("here", mine) not in taken and ("there", other) not in taken:
            taken |= {("here", mine), ("there", other)}
            yield mine, other
