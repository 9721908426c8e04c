"""The corpus of the near-duplicate bars: the real rows of all public sets, and more of them by seeded word changes."""

from __future__ import annotations

import gzip
import io
import json
import random
from typing import TYPE_CHECKING, Any

import polars as pl
import zstandard

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SEED = 20
PASSAGE = 120
"""Words of the longest row of an enlarged corpus; longer texts make several."""
CHANGES = (0, 1, 1, 2, 3, 5, 8, 13)
"""Of 64 words, so many are changed in a copy: a draw for each row."""


def real_texts(folder: Path) -> list[str]:
    """The texts of every row of every set, in the order of their files."""
    files = sorted(
        path for path in folder.rglob("*") if ".json" in path.name and path.name != "dataset_info.json"
    )
    return [text for path in files for row in _rows(path) if (text := "\n".join(_strings(row)))]


def _rows(path: Path) -> Iterator[Any]:
    raw = path.read_bytes()
    if path.suffix == ".zst":
        raw = zstandard.ZstdDecompressor().stream_reader(io.BytesIO(raw)).read()
    elif path.suffix == ".gz":
        raw = gzip.decompress(raw)
    text = raw.decode("utf-8-sig")
    try:
        whole = json.loads(text)
    except json.JSONDecodeError:
        yield from (json.loads(line) for line in text.split("\n") if line.strip())
    else:
        yield from whole.values() if isinstance(whole, dict) else whole


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for part in value.values() if isinstance(value, dict) else value:
            yield from _strings(part)


def plain_words(texts: list[str]) -> pl.Series:
    """Texts of lower-case words and single Han characters between single spaces, on which all tokenisers agree."""
    words = pl.Series("text", texts).str.to_lowercase().str.replace_all("([一-鿿])", " $1 ")
    return words.str.replace_all("[^a-z0-9一-鿿]+", " ").str.strip_chars()


def sampled(texts: pl.Series, rows: int) -> pl.Series:
    """So many of the texts, whole, in a seeded order."""
    return pl.Series("text", random.Random(SEED).sample(texts.to_list(), rows))  # noqa: S311 (not for secrets)


def enlarged(texts: pl.Series, rows: int) -> pl.Series:
    """So many rows: the passages of the texts in a seeded order, and copies of them with words changed."""
    draw = random.Random(SEED)  # noqa: S311 (not for secrets)
    base = [
        words[start : start + PASSAGE]
        for words in (text.split(" ") for text in texts.to_list())
        for start in range(0, len(words), PASSAGE)
    ]
    draw.shuffle(base)
    lexicon = sorted({word for words in base[:5000] for word in words})
    made = [" ".join(words) for words in base[:rows]]
    while len(made) < rows:
        words = list(base[len(made) % len(base)])
        for _ in range(len(words) * draw.choice(CHANGES) // 64):
            words[int(draw.random() * len(words))] = lexicon[int(draw.random() * len(lexicon))]
        made.append(" ".join(words))
    return pl.Series("text", made)
