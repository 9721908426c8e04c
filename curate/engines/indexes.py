"""Indexes by the name that a user gives: a local file, or a server that a team shares."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from curate.core.errors import UsageError
from curate.engines.against import CorpusIndex
from curate.engines.redis_index import SCHEMES, RedisIndex

if TYPE_CHECKING:
    from curate.engines.scan import Scan


def is_shared(text: str) -> bool:
    """Whether this names a server, and no file."""
    return "://" in text


def open_index(text: str) -> CorpusIndex | RedisIndex:
    """The index of this name; a new one if there is none.

    Args:
        text: the path of a file, or ``redis://host:port/database``.

    Raises:
        MissingExtraError: a server is named, and the packages are not installed.
        UsageError: no such server can be reached.
        UnreadableError: there is something, and it is no index of this version.
    """
    if is_shared(text):
        if text.partition("://")[0].lower() not in SCHEMES:
            raise UsageError(
                "names a server of a kind that holds no index",
                where="--index",
                hint="use redis:// or rediss://",
            )
        return RedisIndex.open(text)
    path = Path(text)
    return CorpusIndex.read(path) if path.exists() else CorpusIndex.empty()


def grow_index(text: str, seen: Scan) -> None:
    """Add the rows of a scan that has a ``KeySketch`` to the index of this name, and keep it.

    Raises:
        CurateError: as for ``open_index``, or the index cannot be written.
    """
    index = open_index(text)
    if isinstance(index, RedisIndex):
        index.grow(seen)
    else:
        index.grown(seen).write(Path(text))
