"""Generated texts: with many near duplicates, in several scripts."""

from __future__ import annotations

import random

CHARS = "aBcÉß.+#-!:=><()]59 \n_中字ก한😀'/*\u0301٣Ⅷ–`"


def scraps(seed: int, count: int, longest: int = 40) -> list[str]:
    """Texts of characters that meet every rule of the tokeniser."""
    draw = random.Random(seed)  # noqa: S311 (not for secrets)
    return ["".join(draw.choices(CHARS, k=draw.randint(0, longest))) for _ in range(count)]


def near_texts(seed: int, count: int, *, words: int = 30, vocabulary: int = 400) -> list[str | None]:
    """Texts of which many are copies of an earlier one with some words changed; some are short, empty or null."""
    draw = random.Random(seed)  # noqa: S311 (not for secrets)
    lexicon = [f"{draw.choice('abcdefgh')}{number}" for number in range(vocabulary)] + list("中文字符한국")
    texts: list[list[str]] = []
    for _ in range(count):
        if texts and draw.random() < 0.7:
            text = list(draw.choice(texts))
            for _ in range(draw.choice([0, 1, 1, 2, 5]) if text else 0):
                text[draw.randrange(len(text))] = draw.choice(lexicon)
        else:
            text = draw.choices(lexicon, k=draw.choice([0, 1, 2, 3, words // 2, words, words * 2]))
        texts.append(text)
    return [None if draw.random() < 0.01 else " ".join(text) for text in texts]
