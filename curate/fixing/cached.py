"""An editor whose verdicts are kept from run to run: a text that was looked at before is not looked at again.

A verdict is known by a hash of all that it depends on: the editor with its versions and options, the part of the row,
the text, and what is given before it. That holds only for editors whose offers depend on nothing else. Verdicts are
kept in one SQLite file, which several processes read and write; a file that is damaged is set aside and made anew, for
it holds nothing that cannot be found out again. Texts are not kept, but the words that an offer would put in are: keep
the folder as private as the data.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import polars as pl

from curate.core.errors import UsageError
from curate.fixing.editor import OFFERS, Editor, Offered

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

NAME = "verdicts.sqlite"
"""The file in the folder of the cache."""

_TABLE = "CREATE TABLE IF NOT EXISTS verdicts (key BLOB PRIMARY KEY, verdict BLOB) WITHOUT ROWID"
_AT_ONCE = 500
"""Keys that one query asks for."""

_PATIENCE = 30.0
"""Seconds that a process waits for another one that writes."""

_SEAL = 8
"""Bytes of a hash before each verdict: one that a damaged disk has changed is no verdict."""

_OF_TEXT = [name for name in OFFERS if name not in ("row", "at")]


@dataclass(frozen=True)
class Cached(Editor):
    """Another editor, with its verdicts kept.

    Attributes:
        editor: whose ``by_text`` is true.
        folder: of the cache; it is made if it is not there.
    """

    editor: Editor
    folder: Path

    def __post_init__(self) -> None:
        if not self.editor.by_text:
            raise TypeError(f"what {self.editor.kind} offers depends on more than the text")
        for name in ("kind", "parts", "locked", "by_text"):
            object.__setattr__(self, name, getattr(self.editor, name))

    def identity(self) -> str:
        """Of the editor: where verdicts are kept decides nothing."""
        return self.editor.identity()

    @contextmanager
    def opened(self) -> Iterator[Editor]:
        """The editor is opened; the folder is there."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise UsageError(f"cannot be the cache: {error.strerror}", where=str(self.folder)) from error
        with self.editor.opened() as ready:
            yield replace(self, editor=ready)

    def offers(self, texts: pl.DataFrame) -> Offered:
        """What the editor offered before, and what it offers now for texts that it has not seen.

        A text that it could not look at has no verdict, and is asked about again the next time.
        """
        keys = _keys(texts, self.identity())
        known = self._read(sorted(set(keys)))
        new = pl.Series([key not in known for key in keys], dtype=pl.Boolean)
        asked = texts.filter(new)
        answer = self.editor.offers(asked) if len(asked) else Offered()
        known |= self._learn(asked, [key for key, is_new in zip(keys, new, strict=True) if is_new], answer)
        return Offered(_offers(texts, keys, known), answer.unchecked)

    def _learn(self, asked: pl.DataFrame, keys: Sequence[bytes], answer: Offered) -> dict[bytes, list[Any]]:
        """The verdicts of the editor on new texts; those on texts that it looked at are kept."""
        places = list(zip(asked["row"], asked["at"], strict=True))
        found: dict[tuple[int, str], list[Any]] = {place: [] for place in places}
        for line in answer.offers.select("row", "at", *_OF_TEXT).iter_rows():
            found[line[0], line[1]].append(list(line[2:]))
        unchecked = set(answer.unchecked.select("row", "at").rows())
        verdicts = dict(zip(keys, (found[place] for place in places), strict=True))
        doubtful = {key for key, place in zip(keys, places, strict=True) if place in unchecked}
        self._write({key: verdict for key, verdict in verdicts.items() if key not in doubtful})
        return verdicts

    def _read(self, keys: Sequence[bytes]) -> dict[bytes, list[Any]]:
        known: dict[bytes, list[Any]] = {}
        try:
            with closing(self._connected()) as store:
                for at in range(0, len(keys), _AT_ONCE):
                    some = keys[at : at + _AT_ONCE]
                    marks = ",".join("?" * len(some))
                    query = f"SELECT key, verdict FROM verdicts WHERE key IN ({marks})"  # noqa: S608 (marks only)
                    for key, sealed in store.execute(query, some):
                        if (verdict := _unsealed(key, sealed)) is not None:
                            known[key] = verdict
        except sqlite3.OperationalError:
            pass  # locked for too long, or not to be opened: all is asked again
        except sqlite3.DatabaseError:
            self._set_aside()
        return known

    def _write(self, verdicts: Mapping[bytes, list[Any]]) -> None:
        if not verdicts:
            return
        lines = [(key, _sealed(key, verdict)) for key, verdict in sorted(verdicts.items())]
        try:
            with closing(self._connected()) as store, store:
                store.executemany("INSERT OR REPLACE INTO verdicts VALUES (?, ?)", lines)
        except sqlite3.OperationalError:
            pass  # the same
        except sqlite3.DatabaseError:
            self._set_aside()

    def _connected(self) -> sqlite3.Connection:
        store = sqlite3.connect(self.folder / NAME, timeout=_PATIENCE)
        store.execute("PRAGMA synchronous = OFF")  # a verdict that is lost is found out again
        store.execute(_TABLE)
        return store

    def _set_aside(self) -> None:
        """A damaged file; another process may have done so already."""
        with suppress(OSError):
            (self.folder / NAME).replace(self.folder / f"{NAME}.damaged")


def _keys(texts: pl.DataFrame, identity: str) -> list[bytes]:
    """A hash for each text; lengths stand before the pieces, so that no two sets of pieces are one."""
    base = hashlib.blake2b(identity.encode(), digest_size=16)
    keys = []
    for part, given, text in texts.select("part", "given", "text").iter_rows():
        digest = base.copy()
        for piece in (part, given, text):
            data = (piece or "").encode("utf-8", "surrogatepass")
            digest.update(len(data).to_bytes(8, "little") + data)
        keys.append(digest.digest())
    return keys


def _seal(key: bytes, data: bytes) -> bytes:
    return hashlib.blake2b(key + data, digest_size=_SEAL).digest()


def _sealed(key: bytes, verdict: list[Any]) -> bytes:
    data = json.dumps(verdict, ensure_ascii=True, separators=(",", ":")).encode()
    return _seal(key, data) + data


def _unsealed(key: bytes, sealed: object) -> list[Any] | None:
    """A verdict; None for what is none."""
    if not isinstance(sealed, bytes) or _seal(key, sealed[_SEAL:]) != sealed[:_SEAL]:
        return None
    verdict: list[Any] = json.loads(sealed[_SEAL:])
    return verdict


def _offers(texts: pl.DataFrame, keys: Sequence[bytes], known: Mapping[bytes, list[Any]]) -> pl.DataFrame:
    """The offers for all texts, in their order."""
    lines = [
        (row, at, *offer)
        for (row, at), key in zip(texts.select("row", "at").iter_rows(), keys, strict=True)
        for offer in known[key]
    ]
    return pl.DataFrame(
        lines,
        schema={"row": OFFERS["row"], "at": OFFERS["at"]} | {name: OFFERS[name] for name in _OF_TEXT},
        orient="row",
    ).select(OFFERS.names())
