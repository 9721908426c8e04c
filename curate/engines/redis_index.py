"""An index that a team shares: what ``CorpusIndex`` keeps in a file, kept by a Redis server.

Near duplicates are an equality here, so that candidates need no MinHash: the tables of datasketch's storage layer are
keyed by the digests themselves. What a table gives is a candidate and no more; it becomes a ``CorpusIndex`` of a few
lines, and that compares the digests of each line in full, as it does for a local file. A server that gives a wrong
line can therefore not remove a row that the line does not describe.

Each growth has a number of its own, which the server is told last: lines of a growth that broke off are not counted,
and the same file can be held against the index again. Of two people who add the same row, whose line came first counts.
"""

from __future__ import annotations

import importlib
import importlib.util
import uuid
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple, Protocol, cast
from urllib.parse import unquote, urlsplit

import orjson
import polars as pl

from curate.core.errors import MissingExtraError, UnreadableError, UsageError
from curate.engines.against import DIGESTS, INDEX, VERSION, CorpusIndex, KeySketch
from curate.text.visible import visible_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from curate.engines.against import Known
    from curate.engines.scan import Scan

SCHEMES = ("redis", "rediss")
PORT = 6379
PATIENCE = 0.9
"""Seconds until a server that does not take a connection, or does not greet, counts as absent."""
WAIT = 30.0
"""Seconds that a server may take for one batch."""
BATCH = 10_000
"""Keys that are asked for, or commands that are sent, at a time."""

NAME = b"curate.index:"
"""Begins every key on the server."""
LAYOUT = f"{VERSION} redis/1".encode()
"""Of what is on the server; it changes with the lines, and with what the canonical form of a text is."""
_ELSEWHERE = "name another database"
_SIZE = 16
_HEAD = 4 * _SIZE


class Table(Protocol):
    """What is used of a storage of datasketch."""

    buffer_size: int

    def get(self, key: bytes) -> Iterable[bytes]:
        """The values of a key."""

    def getmany(self, *keys: bytes) -> list[list[bytes]]:
        """The values of each key, in the order in which they came."""

    def insert(self, key: bytes, *values: bytes, buffer: bool = False) -> None:
        """Add values to a key."""

    def empty_buffer(self) -> None:
        """Send what waits."""


class Address(NamedTuple):
    """Where a server is.

    Attributes:
        shown: without the name and the password of a user.
        settings: of ``redis.Redis``.
    """

    shown: str
    settings: dict[str, object]


@dataclass(frozen=True, eq=False)
class RedisIndex:
    """The digests of all rows that a team has added, each with the place of the first row that has them.

    Attributes:
        shown: where the server is, without a password.
        said: lines by what a row says.
        near: lines by what a row asks and answers.
        about: the layout, and which growths are complete.
    """

    shown: str
    said: Table = field(repr=False)
    near: Table = field(repr=False)
    about: Table = field(repr=False)

    @classmethod
    def open(cls, url: str) -> RedisIndex:
        """At ``redis://[[user]:password@]host[:port][/database]``, or ``rediss://`` for TLS.

        Raises:
            MissingExtraError: the packages are not installed.
            UsageError: the URL makes no sense, or no server that lets us in answers there.
            UnreadableError: what the server holds is no index, or one of another version.
        """
        address = parse_url(url)
        if not all(map(importlib.util.find_spec, ("redis", "datasketch"))):
            raise MissingExtraError("a shared index", "redis")
        redis = importlib.import_module("redis")
        once = importlib.import_module("redis.retry").Retry(
            importlib.import_module("redis.backoff").NoBackoff(), 0
        )
        settings = {**address.settings, "socket_connect_timeout": PATIENCE, "retry": once}
        with _told(address.shown), redis.Redis(**settings, socket_timeout=PATIENCE) as client:
            client.ping()
        config = {
            "type": "redis",
            "redis": {**settings, "socket_timeout": WAIT},
            "redis_buffer": {"transaction": True},
        }
        storage = importlib.import_module("datasketch.storage")
        said, near = (storage.ordered_storage(config, NAME + name) for name in (b"said:", b"near:"))
        index = cls(address.shown, said, near, storage.unordered_storage(config, NAME + b"about:"))
        index._refuse_others()
        return index

    def known(self, seen: Scan) -> dict[int, Known]:
        """For each row of a scan with a :class:`KeySketch` that asks and teaches what a row of the index does: it."""
        keys = seen.sketches.get(KeySketch().name, pl.DataFrame(schema=DIGESTS))
        with _told(self.shown):
            return self._lines_of(keys).known(seen)

    def grow(self, seen: Scan) -> None:
        """Add the rows of a scan that has a :class:`KeySketch`; rows that are known keep their place.

        Raises:
            UsageError: the server fails; nothing counts then, unless only its last answer was lost.
            UnreadableError: somebody made the index one of another version meanwhile.
        """
        lines = CorpusIndex.empty().grown(seen).lines
        growth = uuid.uuid4().bytes
        with _told(self.shown):
            self._refuse_others()
            self.about.insert(b"layout", LAYOUT)
            self._refuse_others()
            held = self._lines_of(lines).lines
            for table, on in ((self.said, ["said"]), (self.near, ["ask", "answer"])):
                new = lines.unique(on, keep="first", maintain_order=True).join(held, on=on, how="anti")
                _insert(table, new, on, growth)
            self.about.insert(b"growths", growth)

    def _lines_of(self, keys: pl.DataFrame) -> CorpusIndex:
        """The lines that could be those of some rows: for each key the first one of a complete growth.

        Lines by ask and answer come first: such a line is the first of all with its ask and its answer.
        """
        complete = set(self.about.get(b"growths"))
        lines = [
            line
            for table, on in ((self.near, ["ask", "answer"]), (self.said, ["said"]))
            for values in _asked(table, keys, on)
            for line in [value[_SIZE:] for value in values if value[:_SIZE] in complete][:1]
        ]
        frame = pl.DataFrame([_read(line, self.shown) for line in lines], schema=INDEX, orient="row")
        return CorpusIndex(frame.unique([*DIGESTS], keep="first", maintain_order=True))

    def _refuse_others(self) -> None:
        """There is no layout but this one."""
        with _told(self.shown):
            layouts = set(self.about.get(b"layout"))
        if layouts - {LAYOUT}:
            told = visible_name(min(layouts - {LAYOUT}).decode("utf-8", "replace"))
            raise UnreadableError(
                f"holds an index of another version ({told})",
                where=self.shown,
                hint=f"{_ELSEWHERE}, or empty this one: this is {LAYOUT.decode()}",
            )


def parse_url(url: str) -> Address:
    """The address of a server. No error shows what may be a password.

    Raises:
        UsageError: the URL makes no sense.
    """
    try:
        parts = urlsplit(url)
        database = int(parts.path.strip("/") or 0)
        port = PORT if parts.port is None else parts.port
    except ValueError:
        raise _malformed() from None
    if parts.scheme not in SCHEMES or not parts.hostname or parts.query or parts.fragment or database < 0:
        raise _malformed()
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    settings: dict[str, object] = {"host": parts.hostname, "port": port, "db": database}
    settings |= {"username": unquote(parts.username)} if parts.username else {}
    settings |= {"password": unquote(parts.password)} if parts.password else {}
    settings |= {"ssl": True} if parts.scheme == "rediss" else {}
    return Address(visible_name(f"{parts.scheme}://{host}:{port}/{database}"), settings)


def _malformed() -> UsageError:
    return UsageError(
        "is not the address of a shared index",
        where="--index",
        hint="write redis://HOST:PORT/DATABASE or redis://:PASSWORD@HOST:PORT/DATABASE, with %2F for / in a password",
    )


@contextmanager
def _told(where: str) -> Iterator[None]:
    """What the server and the network say as errors of ours, without their texts: they may quote what was sent."""
    errors = importlib.import_module("redis.exceptions")
    try:
        yield
    except (errors.AuthenticationError, errors.NoPermissionError):
        raise UsageError("does not let us in", where=where, hint="check user and password") from None
    except errors.ResponseError as error:
        if "WRONGTYPE" in str(error):
            raise UnreadableError(
                "holds something else than an index", where=where, hint=_ELSEWHERE
            ) from None
        what = f"refuses a command ({type(error).__name__})"
        raise UsageError(what, where=where, hint="look into its log") from None
    except (errors.RedisError, OSError, UnicodeError) as error:
        what = "does not answer" if isinstance(error, errors.TimeoutError) else "cannot be reached"
        trusted = ", and its certificate trusted" if where.startswith("rediss:") else ""
        hint = f"is a Redis server running there, the port right{trusted}?"
        raise UsageError(what, where=where, hint=hint) from None


def _asked(table: Table, keys: pl.DataFrame, on: list[str]) -> Iterator[list[bytes]]:
    """The values of each different key, a batch at a time."""
    for batch in keys.select(on).unique(maintain_order=True).iter_slices(BATCH):
        yield from table.getmany(*map(b"".join, batch.rows()))


def _insert(table: Table, lines: pl.DataFrame, on: list[str], growth: bytes) -> None:
    table.buffer_size = BATCH
    keys = map(b"".join, lines.select(on).iter_rows())
    for key, line in zip(keys, lines.select([*INDEX]).iter_rows(), strict=True):
        table.insert(key, growth + b"".join(line[:3]) + orjson.dumps(line[3:]), buffer=True)
    table.empty_buffer()


def _read(line: bytes, where: str) -> tuple[object, ...]:
    """Said, ask, answer, file, line and row, as ``INDEX`` has them."""
    digests = [line[at : at + _SIZE] for at in range(0, _HEAD - _SIZE, _SIZE)]
    try:
        place = orjson.loads(line[_HEAD - _SIZE :])
    except orjson.JSONDecodeError:
        place = None
    match place:
        case [str(), int() | None, int()]:
            return (*digests, *cast("list[object]", place))
        case _:
            raise UnreadableError("holds a line that is none of an index", where=where, hint=_ELSEWHERE)
