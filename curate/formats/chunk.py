"""What flows from a container's splitter (one process, in order) to the parser (any process)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

BLOCK = 4 * 1024 * 1024
"""Bytes read at a time, and about the size of a chunk; fixed, so that results never depend on the workers."""

PARTS = 100_000
"""Most segments of a chunk, about: what a record costs in memory must not depend on how small the records are."""

Kind = Literal["row", "quarantine", "separator"]


class Segment(NamedTuple):
    """A byte range of a chunk. The segments of a chunk are contiguous: together they are the chunk."""

    kind: Kind
    start: int  # relative to the chunk's blob
    end: int
    line: int  # 1-based line in the decoded file where the segment begins
    reason: str = ""  # for quarantine: what was found, without any text of the row
    id: str = ""  # for rows: the key under which the container holds the row


@dataclass(frozen=True)
class Chunk:
    """Some whole rows of one file.

    Attributes:
        file: index of the file among the inputs.
        container: ``jsonl``, ``json``, ``csv`` or ``table``.
        offset: byte offset of ``blob`` in the decoded (decompressed, UTF-8) stream of the file.
        line: 1-based line number of the first byte of ``blob``.
        blob: the bytes; an Arrow IPC stream for ``table``, whose ``offset`` counts rows.
        segments: the byte ranges where the splitter had to find them; None where the parser can (jsonl).
        context: what the parser must know from earlier in the file (a CSV header, a delimiter).
    """

    file: int
    container: str
    offset: int
    line: int
    blob: bytes
    segments: tuple[Segment, ...] | None = None
    context: Mapping[str, Any] = field(default_factory=dict)
