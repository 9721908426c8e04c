"""What tests of editors share: rows as editors see them, and what becomes of texts when all offers are followed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from curate.engines.staging import editable
from curate.fixing.editor import EDITABLE, OFFERS
from tests.evidence.measure import batch_of

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from curate.fixing.editor import Editor


def texts_of(rows: Iterable[dict[str, Any]], folder: Path) -> pl.DataFrame:
    """Rows read from a file, as editors see them."""
    return editable(batch_of(rows, folder / "rows.jsonl"))


def said(*texts: str, part: str = "target", given: str = "") -> pl.DataFrame:
    """Texts as rows of their own."""
    rows = [(row, "/output", part, "assistant", text, given) for row, text in enumerate(texts)]
    return pl.DataFrame(rows, schema=EDITABLE, orient="row")


def turns(*contents: str) -> pl.DataFrame:
    """One row: turns of the user and the assistant by turns."""
    words = [("prompt", "user"), ("target", "assistant")]
    given = "\n\n".join(contents[::2])
    rows = [(0, f"/messages/{at}/content", *words[at % 2], text, given) for at, text in enumerate(contents)]
    return pl.DataFrame(rows, schema=EDITABLE, orient="row")


def followed(editor: Editor, texts: pl.DataFrame, safety: tuple[str, ...] = ("auto",)) -> pl.DataFrame:
    """The texts with every offer of a kind followed; offers of a text must not overlap."""
    offers = editor.offers(texts).offers
    assert offers.schema == OFFERS
    taken = offers.filter(pl.col("safety").is_in(safety)).sort("start", "end")
    edits: dict[tuple[int, str], list[tuple[int, int, str]]] = {}
    for row, at, start, end, after in taken.select("row", "at", "start", "end", "after").iter_rows():
        edits.setdefault((row, at), []).append((start, end, after))
    made = [
        edited(text, edits.get((row, at), []))
        for row, at, text in texts.select("row", "at", "text").iter_rows()
    ]
    return texts.with_columns(pl.Series("text", made, pl.String))


def edited(text: str, edits: list[tuple[int, int, str]]) -> str:
    """A text after edits that are sorted and do not overlap."""
    pieces, at = [], 0
    for start, end, after in edits:
        assert start >= at
        assert text[start:end] != after
        pieces += [text[at:start], after]
        at = end
    return "".join([*pieces, text[at:]])


def repaired(editor: Editor, *texts: str, given: str = "") -> list[str]:
    """Texts after every offer that may be followed by itself."""
    return followed(editor, said(*texts, given=given))["text"].to_list()
