"""The ledgers of a run's steps as one chain, and beside it, in words, what was dropped and what could not be read."""

from __future__ import annotations

import base64
import io
import json
from collections import Counter
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from typing import IO, TYPE_CHECKING, NamedTuple

import polars as pl

from curate.core.ledger import entry_line, header_line, read_ledger, totals_line

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from curate.core.ledger import Entry, Header, Totals
    from curate.engines.running_rows import Origin, Rows

CHAIN, DROPPED, QUARANTINE = "ledger.jsonl", "dropped.jsonl", "quarantine.jsonl"


class Link(NamedTuple):
    """A step's ledger, and the names that its inputs and outputs have in the chain."""

    step: str
    path: Path
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]


@dataclass
class Told:
    """What the steps did, counted.

    Attributes:
        dropped: rows.
        quarantined: records.
        edited: rows that are kept, and of which some text was changed.
        reasons: entries by step, action and check; what was left out as asked, and what could not be read, have no
            check.
    """

    dropped: int = 0
    quarantined: int = 0
    edited: int = 0
    reasons: Counter[tuple[str, str, str]] = field(default_factory=Counter)


class Journal:
    """Writes the three files as it goes through the ledgers.

    Args:
        folder: where.
        rows: which rows of the inputs those of each step are; it follows the steps.
    """

    def __init__(self, folder: Path, rows: Rows) -> None:
        self._folder = folder
        self._rows = rows
        self._edited: dict[int, set[int]] = {}
        self.told = Told()

    def write(self, links: Sequence[Link]) -> None:
        """All ledgers of the steps."""
        with ExitStack() as stack:
            chain, dropped, quarantine = (
                stack.enter_context((self._folder / name).open("wb")) for name in (CHAIN, DROPPED, QUARANTINE)
            )
            for link in links:
                self._link(link, chain, {"drop": dropped, "quarantine": quarantine})
        self.told.edited = sum(self._rows.left_of(at, numbers) for at, numbers in self._edited.items())

    def close(self, header: Header, totals: Totals) -> None:
        """The end of the chain: the last check, which changes nothing."""
        with (self._folder / CHAIN).open("ab") as chain:
            chain.write(header_line(header) + totals_line(totals))

    def _link(self, link: Link, chain: IO[bytes], aside: dict[str, IO[bytes]]) -> None:
        ledger = read_ledger(link.path)
        known = [mark.name for mark in ledger.header.inputs]
        named = dict(zip(known, link.inputs, strict=True))
        chain.write(header_line(renamed(ledger.header, link)))
        for entry, at, origin in self._rows.follow(ledger):
            here = replace(entry, file=link.inputs[at], related=_related(entry, named))
            chain.write(entry_line(here))
            self._count(link.step, here)
            if here.action == "edit":
                self._edited.setdefault(at, set()).add(origin.row)
            if here.action in aside:
                aside[here.action].write(_record(link.step, here, origin))
        chain.write(totals_line(ledger.totals()))

    def _count(self, step: str, entry: Entry) -> None:
        self.told.reasons[step, entry.action, entry.check or ""] += 1
        self.told.dropped += entry.action == "drop"
        self.told.quarantined += entry.action == "quarantine"


def renamed(header: Header, link: Link) -> Header:
    """A header with the names that the step and its files have in the chain."""
    marks = (
        tuple(replace(mark, name=name) for mark, name in zip(old, new, strict=True))
        for old, new in ((header.inputs, link.inputs), (header.outputs, link.outputs))
    )
    inputs, outputs = marks
    return replace(header, step=link.step, inputs=inputs, outputs=outputs)


def _related(entry: Entry, named: dict[str, str]) -> dict[str, object] | None:
    if entry.related is None:
        return None
    file = entry.related.get("file")
    return {**entry.related, **({"file": named.get(str(file), file)} if file is not None else {})}


def _record(step: str, entry: Entry, origin: Origin) -> bytes:
    """What was set aside: its place in the input, why, and the record itself, as it stood then."""
    fields: dict[str, object] = {
        **origin._asdict(),
        "key": entry.key,
        "step": step,
        "check": entry.check,
        "severity": entry.severity,
        "message": entry.message,
        "also": entry.also,
        "kept": (entry.related or {}).get("key"),
    }
    if not isinstance(entry.raw, str) and "arrow" in entry.raw:
        frame = pl.read_ipc_stream(io.BytesIO(base64.b64decode(entry.raw["arrow"])))
        fields["record"] = json.loads(json.dumps(frame.to_dicts()[0], default=str))
    fields["raw"] = entry.raw
    return json.dumps(fields, ensure_ascii=False).encode("utf-8", "surrogatepass") + b"\n"
