"""Kept verdicts: the same offers as without them, whatever becomes of the file, and no text is asked about twice."""

from __future__ import annotations

import multiprocessing
import sqlite3
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import polars as pl
import pytest

from curate.fixing.cached import NAME, Cached
from curate.fixing.editor import EDITABLE, OFFERS, UNCHECKED, Editor, Offered

if TYPE_CHECKING:
    from pathlib import Path

ASKED: list[str] = []


@dataclass(frozen=True)
class Shorter(Editor):
    """Offers to take out every ``very``; looks at no text with ``?``."""

    kind: ClassVar[str] = "grammar"
    parts: ClassVar[tuple[str, ...]] = ("target",)
    put: str = ""

    def offers(self, texts: pl.DataFrame) -> Offered:
        lines, unread = [], []
        for row, at, text in texts.select("row", "at", "text").iter_rows():
            ASKED.append(text)
            if "?" in text:
                unread.append((row, at, "it asks"))
                continue
            start = text.find("very ")
            while start >= 0:
                lines.append(
                    (
                        row,
                        at,
                        start,
                        start + 5,
                        self.put,
                        "grammar.very",
                        "V",
                        "shorter 1",
                        "auto",
                        "info",
                        "w",
                        "",
                    )
                )
                start = text.find("very ", start + 1)
        return Offered(
            pl.DataFrame(lines, schema=OFFERS, orient="row"),
            pl.DataFrame(unread, schema=UNCHECKED, orient="row"),
        )


@dataclass(frozen=True)
class ByRow(Shorter):
    by_text: ClassVar[bool] = False


def texts(*said: str, given: str = "Why?", part: str = "target") -> pl.DataFrame:
    lines = [(row, "/output", part, "assistant", text, given) for row, text in enumerate(said)]
    return pl.DataFrame(lines, schema=EDITABLE, orient="row")


SAID = texts("very very good", "fine", "is it?", "a very é 😀 day", "fine")


@pytest.fixture(autouse=True)
def _nothing_asked() -> None:
    ASKED.clear()


def same(one: Offered, other: Offered) -> bool:
    return one.offers.equals(other.offers) and one.unchecked.equals(other.unchecked)


def test_offers_are_the_same_and_nothing_is_asked_twice(tmp_path: Path) -> None:
    plain = Shorter().offers(SAID)
    ASKED.clear()
    cached = Cached(Shorter(), tmp_path)
    assert same(cached.offers(SAID), plain)
    assert len(ASKED) == len(SAID)
    ASKED.clear()
    assert same(cached.offers(SAID), plain)
    assert ASKED == ["is it?"]
    ASKED.clear()
    assert same(Cached(Shorter(), tmp_path).offers(SAID[2:]), Shorter().offers(SAID[2:]))


@pytest.mark.parametrize(
    "other",
    [
        (Shorter(put="x"), SAID),
        (Shorter(), texts(*SAID["text"], given="How?")),
        (Shorter(), texts(*SAID["text"], part="rejected")),
        (Shorter(), texts("very very good!")),
    ],
)
def test_what_decides_a_verdict_is_in_its_key(tmp_path: Path, other: tuple[Shorter, pl.DataFrame]) -> None:
    Cached(Shorter(), tmp_path).offers(SAID)
    ASKED.clear()
    editor, said = other
    assert same(Cached(editor, tmp_path).offers(said), editor.offers(said))
    assert [*said["text"], *said["text"]] == ASKED


def test_a_damaged_file_is_made_anew(tmp_path: Path) -> None:
    plain = Shorter().offers(SAID)
    cached = Cached(Shorter(), tmp_path)
    cached.offers(SAID)
    (tmp_path / NAME).write_bytes(b"no database" * 1000)
    assert same(cached.offers(SAID), plain)
    cached.offers(SAID)
    ASKED.clear()
    assert same(cached.offers(SAID), plain)
    assert ASKED == ["is it?"]


def test_a_verdict_that_was_changed_is_none(tmp_path: Path) -> None:
    plain = Shorter().offers(SAID)
    cached = Cached(Shorter(), tmp_path)
    cached.offers(SAID)
    with sqlite3.connect(tmp_path / NAME) as store:
        changed = store.execute("UPDATE verdicts SET verdict = CAST(verdict || 'x' AS BLOB)").rowcount
    store.close()
    assert changed == 3
    ASKED.clear()
    assert same(cached.offers(SAID), plain)
    assert len(ASKED) == len(SAID)


def test_an_editor_that_looks_at_more_than_the_text_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TypeError, match="more than the text"):
        Cached(ByRow(), tmp_path)


def test_it_is_taken_for_the_editor_itself(tmp_path: Path) -> None:
    cached = Cached(Shorter(), tmp_path / "deep" / "er")
    assert (cached.kind, cached.parts, cached.locked) == ("grammar", ("target",), True)
    assert cached.identity() == Shorter().identity()
    with cached.opened() as ready:
        assert same(ready.offers(SAID), Shorter().offers(SAID))


def look(folder: Path) -> int:
    said = texts(*(f"a very {number} day" for number in range(200)))
    return len(Cached(Shorter(), folder).offers(said).offers)


def test_processes_share_it(tmp_path: Path) -> None:
    with multiprocessing.get_context("spawn").Pool(3) as pool:
        assert pool.map(look, [tmp_path] * 6) == [200] * 6
