"""Undoing steps on tables: rows go back to their places, edited texts become what they were; values, not bytes.

The bytes of a parquet file depend on the program that wrote it, so that only the rows can be the same: equal values,
columns, types and order.
"""

from __future__ import annotations

import base64
import io
from typing import TYPE_CHECKING

import polars as pl

from curate.core.errors import UnreadableError
from curate.engines.repairing_records import TableRecords, with_values
from curate.engines.repairing_texts import Change
from curate.engines.undoing_chain import which_output
from curate.formats.chunk import Chunk
from curate.formats.columnar import table_chunks
from curate.formats.keep import table_identity
from curate.formats.table_metadata import table_metadata

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

    from curate.core.ledger import Entry, Ledger
    from curate.formats.sources import Source


def undo_table(chain: Sequence[Ledger], output: Source, out: Path, number: int | None = None) -> int:
    """Write the rows that the first step read, as parquet.

    Args:
        chain: the steps in their order.
        output: what the last one wrote.
        out: where the rows go.
        number: of the table among those that the last step wrote; found by its rows and its name if None.

    Returns:
        How many rows there are.

    Raises:
        UnreadableError: the table is not what the last step wrote, or a ledger does not fit.
    """
    frame = rows_before(chain, output, number)
    frame.write_parquet(out, metadata=table_metadata(output.path, frame.schema))
    return frame.height


def rows_before(chain: Sequence[Ledger], output: Source, number: int | None = None) -> pl.DataFrame:
    """The rows that the first step read: see :func:`undo_table`."""
    frame = read_table(output)
    digest = table_identity(output.path)[0] if output.path is not None else ""
    at = which_output(chain[-1], digest, number, output.name)
    if at is None:
        raise UnreadableError("was not written with this output", where=str(chain[-1].path))
    for ledger in reversed(chain):
        name = ledger.header.inputs[at].name
        frame = _before(ledger, [one for one in ledger.entries() if one.file == name], frame)
    return frame


def read_table(source: Source) -> pl.DataFrame:
    """All rows of a table."""
    frames = [
        pl.read_ipc_stream(io.BytesIO(chunk.blob)) for chunk in table_chunks(source.path or source.data, 0)
    ]
    if frames:
        return pl.concat(frames)
    if source.path is None or source.suffix != ".parquet":
        raise UnreadableError("is a table without rows", where=source.name)
    return pl.read_parquet(source.path)


def _before(ledger: Ledger, entries: Sequence[Entry], frame: pl.DataFrame) -> pl.DataFrame:
    """The rows as a step read them."""
    gone = [one for one in entries if one.action in ("drop", "quarantine")]
    places = {one.row - 1 for one in gone}
    whole = pl.concat([frame, *(_row(ledger, one, frame) for one in gone)])
    stayed = [row for row in range(whole.height) if row not in places]
    order = {row: at for at, row in enumerate([*stayed, *(one.row - 1 for one in gone)])}
    if sorted(order) != list(range(whole.height)):
        raise UnreadableError("does not give back its input", where=str(ledger.path))
    restored = whole[[order[row] for row in range(whole.height)]]
    return _changed(ledger, [one for one in entries if one.action == "edit"], restored, _back)


def _row(ledger: Ledger, entry: Entry, like: pl.DataFrame) -> pl.DataFrame:
    """A row that was taken out, with the columns that the others have."""
    if isinstance(entry.raw, str) or "arrow" not in entry.raw:
        raise UnreadableError(f"does not hold row {entry.row} of the table", where=str(ledger.path))
    row = pl.read_ipc_stream(io.BytesIO(base64.b64decode(entry.raw["arrow"])))
    return row if row.schema == like.schema else row.cast(dict(like.schema))  # type: ignore[arg-type]


def _changed(
    ledger: Ledger,
    edits: Iterable[Entry],
    frame: pl.DataFrame,
    turned: Callable[[Sequence[Entry]], list[Change]],
) -> pl.DataFrame:
    """The rows with their texts changed, forwards or backwards."""
    by_row: dict[int, dict[str, list[Entry]]] = {}
    for one in edits:
        by_row.setdefault(one.row - 1, {}).setdefault(one.at, []).append(one)
    if not by_row:
        return frame
    stream = io.BytesIO()
    rows = list(by_row)
    frame[rows].write_ipc_stream(stream, compat_level=pl.CompatLevel.oldest())
    records = TableRecords(Chunk(0, "table", 0, 0, stream.getvalue(), (), {}))
    for at, row in enumerate(rows):
        reason = records.change(at, {text: turned(several) for text, several in by_row[row].items()})
        if reason:
            raise UnreadableError(f"does not fit row {row + 1}: {reason}", where=str(ledger.path))
    columns = records.columns(range(len(rows)))
    return with_values(
        frame, {name: ([rows[at] for at in places], values) for name, (places, values) in columns.items()}
    )


def _back(edits: Sequence[Entry]) -> list[Change]:
    """The edits of a text turned round: what stands there now becomes what stood there before."""
    shift = 0
    changes = []
    for one in sorted(edits, key=lambda one: one.span or (0, 0)):
        assert one.span is not None  # noqa: S101 (an edit has its span)
        start = one.span[0] + shift
        changes.append(Change(start, start + len(one.after), one.before))
        shift += len(one.after) - len(one.before)
    return changes


def rows_after(chain: Sequence[Ledger], source: Source, at: int) -> pl.DataFrame:
    """The rows that the last step wrote.

    Args:
        chain: the steps in their order.
        source: a table that the first one read.
        at: which of its inputs that is.

    Raises:
        UnreadableError: an edit does not stand where its ledger says.
    """
    frame = read_table(source)
    for ledger in chain:
        name = ledger.header.inputs[at].name
        entries = [one for one in ledger.entries() if one.file == name]
        frame = _changed(ledger, [one for one in entries if one.action == "edit"], frame, _forth)
        gone = {one.row - 1 for one in entries if one.action in ("drop", "quarantine")}
        frame = frame[[row for row in range(frame.height) if row not in gone]] if gone else frame
    return frame


def _forth(edits: Sequence[Entry]) -> list[Change]:
    """The edits of a text as they were made."""
    return [Change(one.span[0], one.span[1], one.after) for one in edits if one.span is not None]
