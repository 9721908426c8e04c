"""Chains: the ledgers of several steps in one file, each of which read what the one before it wrote.

With the input a chain gives the output, and with the output the input, byte for byte for text. Its **head** is the
SHA-256 of the whole file: who keeps it elsewhere can tell whether anything in the chain was changed since.
"""

from __future__ import annotations

import hashlib
from itertools import pairwise
from typing import TYPE_CHECKING

from curate.core.errors import UnreadableError
from curate.core.ledger import Ledger, moved, raw_bytes, read_ledger

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

LEDGER = "ledger.jsonl"
"""The ledger in the folder of a run."""

_HEADER = b'{"ledger": '
"""How the first line of a ledger begins."""


def read_chain(path: Path) -> tuple[Ledger, ...]:
    """The ledgers of a file, in the order of the steps; a file that holds one is a chain of one.

    Raises:
        UnreadableError: it is none, or a header is damaged.
    """
    if path.is_dir():
        inside = path / LEDGER
        hint = f"name {inside}" if inside.is_file() else "name the ledger, as OUT.ledger.jsonl"
        raise UnreadableError("is a folder, and no ledger", where=str(path), hint=hint)
    begins: list[tuple[int, int]] = []
    offset = 0
    try:
        with path.open("rb") as handle:
            for number, line in enumerate(handle, 1):
                if line.startswith(_HEADER):
                    begins.append((offset, number))
                offset += len(line)
    except OSError as error:
        raise UnreadableError(f"cannot be opened: {error.strerror}", where=str(path)) from error
    is_ledger = bool(begins) and begins[0][0] == 0  # in an index, a header comes second
    return tuple(read_ledger(path, one) for one in (begins if is_ledger else [(0, 1)]))


def head_of(path: Path) -> str:
    """The SHA-256 of a ledger's file, in hexadecimal digits."""
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def breaks(chain: Sequence[Ledger]) -> Iterator[str]:
    """Where a chain does not hold together: what a step read is not what the one before it wrote."""
    for before, after in pairwise(chain):
        steps = f"{before.header.step} and {after.header.step}"
        if len(before.header.outputs) != len(after.header.inputs):
            yield f"between {steps} the number of files changes"
            continue
        for out, into in zip(before.header.outputs, after.header.inputs, strict=True):
            if (out.sha256, out.size) != (into.sha256, into.size):
                yield f"between {steps} {out.name} was changed"


def replayed(ledger: Ledger, data: bytes, at: int) -> bytes:
    """What the step made of a text file, byte for byte; no check and no engine is asked again.

    Args:
        ledger: of the step.
        data: its input, decompressed.
        at: which of the inputs that is.

    Raises:
        UnreadableError: the ledger is of another input, or does not give its output.
    """
    header = ledger.header
    if hashlib.sha256(data).hexdigest() != header.inputs[at].sha256:
        raise UnreadableError(
            f"was not made from this input: {header.inputs[at].name} had other bytes", where=str(ledger.path)
        )
    pieces: list[bytes] = []
    taken = 0
    for entry in moved(ledger, at):
        assert entry.bytes is not None  # noqa: S101 (only those are given)
        start, end = entry.bytes
        if start < taken or data[start:end] != raw_bytes(entry.raw):
            raise UnreadableError("does not fit its input", where=str(ledger.path))
        pieces += [data[taken:start], raw_bytes(entry.put)]
        taken = end
    whole = b"".join([*pieces, data[taken:], raw_bytes(header.outputs[at].added)])
    if hashlib.sha256(whole).hexdigest() != header.outputs[at].sha256:
        raise UnreadableError("does not give its output", where=str(ledger.path))
    return whole
