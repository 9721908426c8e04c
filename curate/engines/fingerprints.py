"""By what findings are known again: hashes of what is at fault and of the row around it, without any text of it.

A finding is the same one if the same check finds the same words in the same row. A row is the same one if its content
is; or, where it was edited, if its id, its prompt or its answer is; or if most of its words are (SimHash, Charikar
2002). Lines and folders play no part, the name of the file does.
"""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import PurePath
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import polars as pl

from curate.engines.export import named_rows, unread_records
from curate.engines.rereading import parts
from curate.engines.scan import all_chunks
from curate.formats.parse import parse_chunk
from curate.text.fold import hash64

if TYPE_CHECKING:
    from collections.abc import Iterator

    from curate.core.batch import Batch
    from curate.engines.scan import Scan

PRINTS = pl.Schema(
    {
        "row": pl.Int64,  # of the scan; neither this nor the next is stored
        "nth": pl.UInt32,  # in the frame of the check's findings, or in the quarantine
        "check": pl.String,
        "file": pl.UInt64,  # its name without the folders
        "at": pl.UInt64,  # the pointer
        "span": pl.UInt64,  # the words at fault, letter case and white space folded; 0 for the row as a whole
        "number": pl.Int64,  # of findings with the same check, pointer, span and row, from 1
        "key": pl.String,
        "id": pl.UInt64,  # 0 where the row has none
        "prompt": pl.UInt64,
        "target": pl.UInt64,
        "sketch": pl.UInt64,  # SimHash of the row's words
    }
)
"""One line for a finding."""

ROWS = pl.Schema({name: PRINTS[name] for name in ("file", "key", "id", "prompt", "target", "sketch")})
"""One line for a row."""

QUARANTINE = "quarantine"
"""Stands for a check where a record cannot be read."""

_WORD = re.compile(r"\w+")


class _Row(NamedTuple):
    """By what a row is known again, and its texts by pointer."""

    id: int
    prompt: int
    target: int
    sketch: int
    texts: dict[str, str]


def fingerprints(scan: Scan) -> pl.DataFrame:
    """All findings of a scan as ``PRINTS``, in the order of rows; flagged rows are read a second time.

    Records that cannot be read are among them, known by their bytes.
    """
    found = [
        frame.select("row", "at", "start", "end").with_columns(check=pl.lit(name)).with_row_index("nth")
        for name, frame in scan.found.items()
    ]
    unread = _unread(scan)
    if not found:
        return unread
    findings = pl.concat(found).sort("row", maintain_order=True)
    keys = {row: (key, file) for row, key, file in named_rows(scan).select("row", "key", "file").iter_rows()}
    lines = list(_lines(scan, findings, keys))
    prints = pl.DataFrame(lines, schema=PRINTS, orient="row")
    return pl.concat([_numbered(_of_rows(prints, scan)), unread])


def _of_rows(prints: pl.DataFrame, scan: Scan) -> pl.DataFrame:
    """What is about the data as a whole is known by its check alone: its first row may be any."""
    known = ("at", "key", "id", "prompt", "target", "sketch")
    nothing = [pl.col(name).fill_null("" if PRINTS[name] == pl.String else 0) for name in known]
    return prints.with_columns(scan.by_row(known)).with_columns(nothing)


def _lines(
    scan: Scan, findings: pl.DataFrame, keys: dict[int, tuple[str, str]]
) -> Iterator[tuple[object, ...]]:
    by_row: dict[int, list[tuple[int, str, str, int | None, int | None]]] = {}
    for nth, row, at, start, end, check in findings.iter_rows():
        by_row.setdefault(row, []).append((nth, check, at or "", start, end))
    for part in parts(scan, findings["row"].unique()):
        known = _known(parse_chunk(part.chunk).batch, part.rows)
        for row in sorted(part.rows.values()):
            one = known[row]
            for nth, check, at, start, end in by_row[row]:
                span = _span(one.texts.get(at, ""), start, end)
                key, file = keys[row]
                yield row, nth, check, file_print(file), _hashed(at), span, 0, key, *one[:4]


def _known(batch: Batch, rows: dict[int, int]) -> dict[int, _Row]:
    """The rows of a batch by their numbers over all inputs."""
    said: dict[int, list[tuple[str, str, str]]] = {row: [] for row in rows}
    for row, part, at, text in batch.turns.select("row", "part", "at", "text").iter_rows():
        if row in said:
            said[row].append((part, at, text or ""))
    ids = dict(batch.rows.select("row", "id").iter_rows())
    return {rows[row]: _row(ids.get(row), turns) for row, turns in said.items()}


def _row(given: str | None, turns: list[tuple[str, str, str]]) -> _Row:
    answers = [text for part, _, text in turns if part in ("target", "rejected")]
    asked = [text for part, _, text in turns if part not in ("target", "rejected")]
    texts = {at: text for _, at, text in reversed(turns)}
    return _Row(
        _hashed(given or ""),
        _hashed("\0".join(asked)),
        _hashed("\0".join(answers)),
        simhash(" ".join((*asked, *answers))),
        texts,
    )


def _span(text: str, start: int | None, end: int | None) -> int:
    """The words at fault; a text at fault as a whole is known by its row."""
    if start is None or end is None:
        return 0
    return _hashed(" ".join(text[start:end].split()).lower() or text[start:end])


def _hashed(text: str) -> int:
    """64 bits; 0 is kept for nothing."""
    return hash64(text.encode("utf-8", "surrogatepass")) or 1 if text else 0


def simhash(text: str) -> int:
    """64 bits of which few differ where most words are the same (Charikar 2002); 0 for a text without words."""
    words = set(_WORD.findall(text.lower()))
    if not words:
        return 0
    codes = np.fromiter((_word(word) for word in words), np.uint64, len(words))
    ones = np.unpackbits(codes.view(np.uint8)).reshape(-1, 64).sum(axis=0)
    return int.from_bytes(np.packbits(ones * 2 > len(words)).tobytes())


@lru_cache(maxsize=1 << 17)
def _word(word: str) -> int:
    return hash64(word.encode("utf-8", "surrogatepass"))


def file_print(name: str) -> int:
    """The name of a file without its folders: the same on every machine."""
    return _hashed(PurePath(name).name)


def _unread(scan: Scan) -> pl.DataFrame:
    lines = [
        (one.row, nth, QUARANTINE, file_print(one.file), 0, 0, 0, f"{hash64(one.raw):016x}", 0, 0, 0, 0)
        for nth, one in enumerate(unread_records(scan))
    ]
    return _numbered(pl.DataFrame(lines, schema=PRINTS, orient="row"))


def all_rows(scan: Scan) -> pl.DataFrame:
    """Every row that could be read, by what it may be known again (``ROWS``); reads the data once more."""
    keys = {row: (key, file) for row, key, file in named_rows(scan).select("row", "key", "file").iter_rows()}
    lines = []
    for chunk, start in zip(all_chunks(scan.opened), scan.starts, strict=True):
        batch = parse_chunk(chunk).batch
        numbers = {row: row + start for row in batch.rows["row"].to_list()}
        for row, one in _known(batch, numbers).items():
            key, file = keys[row]
            lines.append((file_print(file), key, *one[:4]))
    return pl.DataFrame(lines, schema=ROWS, orient="row")


def _numbered(prints: pl.DataFrame) -> pl.DataFrame:
    same = ("check", "file", "at", "span", "key")
    return prints.with_columns(pl.col("row").cum_count().over(same).cast(pl.Int64).alias("number"))
