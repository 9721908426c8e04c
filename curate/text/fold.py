"""Folding what never makes two texts say different things, and hashing what is left."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from curate.core.batch import Batch

_SPACES = bytes.maketrans(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ\t\n\v\f\r", b"abcdefghijklmnopqrstuvwxyz     ")

_FORM_WORDS = (
    *("upper", "lower", "case", "capital", "indent", "format", "spac", "code", "function", "python"),
    *("`", "{", "}", ";", "\n  ", "\n\t"),
)


def form_matters(column: str = "text") -> pl.Expr:
    """Whether letter case, spaces or line breaks may be what a text is about: it shows code or speaks of form."""
    return pl.col(column).str.contains_any(list(_FORM_WORDS), ascii_case_insensitive=True)


def fold(text: str, *, strict: bool) -> bytes:
    """The text with ASCII letters in lower case and every run of white space as one space.

    Other letters keep their case: folding them can change length and meaning.

    Args:
        text: what is said.
        strict: fold away only white space at the ends, because the text's form matters.
    """
    data = text.strip().encode()
    if strict:
        return data
    data = data.translate(_SPACES)
    while b"  " in data:
        data = data.replace(b"  ", b" ")
    return data


def hash64(data: bytes) -> int:
    """64 bits of BLAKE2b (RFC 7693)."""
    return int.from_bytes(hashlib.blake2b(data, digest_size=8).digest())


def digest(text: str) -> bytes:
    """128 bits of BLAKE2b (RFC 7693) of a text, lone surrogates and all."""
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest()


def said(batch: Batch) -> pl.DataFrame:
    """``row, role, part, text, folded`` of all that is said or called; ``folded`` hashes the folded text, for this run.

    A row is folded strictly as a whole: where the form of its prompt matters, that of its answer does.
    """
    return batch.once("said", lambda: _said(batch))


def _said(batch: Batch) -> pl.DataFrame:
    turns = batch.turns.filter(pl.col("kind").is_in(["text", "parts", "call"]))
    strict = turns.select(form_matters().any().over("row")).to_series()
    return turns.select("row", "role", "part", "kind", "text").with_columns(
        fold_all(turns["text"], strict).hash().alias("folded")
    )


def fold_all(texts: pl.Series, strict: pl.Series) -> pl.Series:
    """What :func:`fold` makes of each text, for which ``strict`` has a flag; of ASCII alone all at once."""
    text = pl.col("text")
    is_ascii = text.str.len_bytes() == text.str.len_chars()
    plain = text.str.strip_chars(_ENDS)
    loose = plain.str.replace_all(_GAPS, " ").str.to_lowercase()
    frame = pl.DataFrame({"text": texts, "strict": strict})
    quick = frame.select(pl.when(is_ascii).then(pl.when("strict").then(plain).otherwise(loose))).to_series()
    if not quick.null_count():
        return quick
    given = zip(quick.to_list(), texts.to_list(), strict.to_list(), strict=True)
    return pl.Series(
        [fold(text, strict=is_strict).decode() if done is None else done for done, text, is_strict in given],
        dtype=pl.String,
    )


_ENDS = " \t\n\r\x0b\x0c\x1c\x1d\x1e\x1f"
"""What ``str.strip`` takes from the ends of a text of ASCII."""

_GAPS = r"[ \t\n\x0b\x0c\r]{2,}|[\t\n\x0b\x0c\r]"
"""White space that is not one space already."""
