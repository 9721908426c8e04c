"""Arrow IPC streams, one record batch at a time.

A saved dataset is made of such streams, each of some hundred megabytes, and polars reads a stream as a whole.
Here a stream is cut between its messages (arrow.apache.org/docs/format/Columnar.html, "Encapsulated message
format"): the schema, the dictionaries so far and one record batch make a small stream that polars reads.
"""

from __future__ import annotations

import io
import struct
from typing import IO, TYPE_CHECKING, NamedTuple

import polars as pl

from curate.core.errors import UnreadableError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

CONTINUATION = b"\xff\xff\xff\xff"
"""What every message begins with, and so the first bytes of a stream."""

_NO_SIZE = b"\0\0\0\0"
_SCHEMA, _DICTIONARY, _RECORDS = 1, 2, 3
_HEADER_TYPE, _BODY_LENGTH = 1, 3


class _Message(NamedTuple):
    """``kind`` is the union tag of Message.fbs; ``data`` the message with its framing and its body."""

    kind: int
    data: bytes


def stream_frames(path: Path) -> Iterator[pl.DataFrame]:
    """The record batches of an IPC stream, in order; memory holds one of them.

    Raises:
        UnreadableError: the stream ends inside a message, or is none.
    """
    head = b""
    with path.open("rb") as file:
        size = file.seek(0, io.SEEK_END)
        file.seek(0)
        while message := _next_message(file, size, str(path)):
            if message.kind == _RECORDS:
                yield pl.read_ipc_stream(io.BytesIO(head + message.data + CONTINUATION + _NO_SIZE))
            elif message.kind in (_SCHEMA, _DICTIONARY):
                head += message.data
    if not head:
        raise UnreadableError("holds no Arrow schema", where=str(path), hint="save the dataset again")


def _next_message(file: IO[bytes], size: int, where: str) -> _Message | None:
    """The next message, or None at the end of the stream (its mark, or the end of the file)."""
    start = file.tell()
    prefix = file.read(4)
    if prefix == CONTINUATION:
        prefix += file.read(4)
    if not prefix or prefix[-4:] == _NO_SIZE:
        return None
    try:
        (length,) = struct.unpack("<i", prefix[-4:])
        metadata = _read(file, length, size)
        kind, body = _header(metadata)
        return _Message(kind, prefix + metadata + _read(file, body, size))
    except (struct.error, EOFError) as error:
        raise UnreadableError(
            f"the Arrow stream is damaged or ends early, in the message at byte {start:,}",
            where=where,
            hint="copy the file again, or save the dataset again",
        ) from error


def _read(file: IO[bytes], length: int, size: int) -> bytes:
    if not 0 <= length <= size - file.tell():
        raise EOFError
    return file.read(length)


def _header(metadata: bytes) -> tuple[int, int]:
    """The kind of a message and the bytes of its body, from the flatbuffer table ``Message``."""
    (root,) = struct.unpack_from("<I", metadata, 0)
    kind = _field(metadata, root, _HEADER_TYPE, "<B")
    return kind, _field(metadata, root, _BODY_LENGTH, "<q")


def _field(metadata: bytes, table: int, index: int, code: str) -> int:
    """A number of a flatbuffer table; 0 where the table leaves it out, as its schema says."""
    (back,) = struct.unpack_from("<i", metadata, table)
    vtable = table - back
    (vtable_size,) = struct.unpack_from("<H", metadata, vtable)
    slot = 4 + 2 * index
    if vtable < 0 or slot + 2 > vtable_size:
        return 0
    (offset,) = struct.unpack_from("<H", metadata, vtable + slot)
    (value,) = struct.unpack_from(code, metadata, table + offset) if offset else (0,)
    return int(value)
