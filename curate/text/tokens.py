"""How many tokens a text has, estimated without a tokenizer."""

from __future__ import annotations

import polars as pl

CHARS_PER_TOKEN = 4.4
"""Characters of ASCII text that make a token."""

WIDE_PER_TOKEN = 1.3
"""Characters of three UTF-8 bytes (Chinese, Japanese, Korean) that make a token."""

NOTE = (
    "Tokens are estimated from characters and bytes (4.4 ASCII characters or 1.3 three-byte characters a token); "
    "no tokenizer was given, so single figures can be off by a third, ratios much less."
)


def estimated_tokens(text: str) -> pl.Expr:
    """An expression for the estimated number of tokens of a string column.

    The bytes beyond one a character tell how many characters are not ASCII, at the cost of two lengths.
    """
    chars = pl.col(text).str.len_chars().cast(pl.Float32)
    wide = (pl.col(text).str.len_bytes().cast(pl.Float32) - chars) / 2
    return (
        ((chars - wide).clip(lower_bound=0) / CHARS_PER_TOKEN + wide / WIDE_PER_TOKEN).ceil().cast(pl.UInt32)
    )
