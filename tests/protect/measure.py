"""How many of the written cases hold, by kind, and what is protected in public data sets.

``python -m tests.protect.measure`` prints the cases; with ``CURATE_TEST_DATA`` set it prints the shares, too.
"""

from __future__ import annotations

import gzip
import json
import os
import random
import sys
import time
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from curate.protect import protected_spans
from tests.protect.lab import cases, holds, pairs, wrong_in

if TYPE_CHECKING:
    from collections.abc import Iterable

_SAMPLE = 400
_CHARS = 600


def medquad(folder: Path) -> list[str]:
    """Answers of MedQuAD."""
    return [row["output"] for row in _rows((folder / "medquad" / "medquad_health.jsonl").read_text("utf-8"))]


def gsm8k(folder: Path) -> list[str]:
    """Answers of GSM8K's test split."""
    return [row["answer"] for row in _rows((folder / "gsm8k" / "test.jsonl").read_text("utf-8"))]


def humaneval(folder: Path) -> list[str]:
    """Solutions of HumanEval, alone and after their prompts."""
    packed = (folder / "humaneval" / "HumanEval.jsonl.gz").read_bytes()
    rows = _rows(gzip.decompress(packed).decode())
    return [
        text
        for row in rows
        for text in (row["canonical_solution"], row["prompt"] + row["canonical_solution"])
    ]


def chat(folder: Path) -> list[str]:
    """Answers of preference pairs of chats, both sides."""
    rows = json.loads((folder / "llamafactory" / "dpo_en_demo.json").read_text("utf-8"))
    return [row[side]["value"] for row in rows[:150] for side in ("chosen", "rejected")]


def pubmedqa(folder: Path) -> list[str]:
    """Long answers of PubMedQA: plain scientific prose."""
    rows = json.loads((folder / "pubmedqa" / "ori_pqal.json").read_text("utf-8"))
    return [row["LONG_ANSWER"] for row in rows.values()]


SETS = {"medquad": medquad, "gsm8k": gsm8k, "humaneval": humaneval, "chat": chat, "pubmedqa": pubmedqa}


def _rows(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.split("\n") if line]


def sample(name: str, folder: Path, size: int = _SAMPLE) -> list[str]:
    """Some texts of a set, always the same."""
    texts = [text for text in SETS[name](folder) if text]
    return random.Random(6).sample(texts, min(size, len(texts)))  # noqa: S311 (a sample)


def share(texts: Iterable[str]) -> tuple[float, Counter[str]]:
    """The share of characters that are protected, and how many by kind."""
    kinds: Counter[str] = Counter()
    total = 0
    for text in texts:
        total += len(text)
        for start, end, kind in protected_spans(text):
            kinds[kind] += end - start
    return sum(kinds.values()) / total, kinds


def main() -> None:
    """Print the figures."""
    write = sys.stdout.write
    for family, listed in cases().items():
        held = sum(not wrong_in(case) for case in listed)
        write(f"{family:14} {held:4} of {len(listed)} cases hold\n")
    listed = pairs()
    for name, some in (
        ("allowed", [pair for pair in listed if not pair["broken"]]),
        ("refused", [pair for pair in listed if pair["broken"]]),
    ):
        write(f"{name:14} {sum(map(holds, some)):4} of {len(some)} pairs hold\n")
    folder = os.environ.get("CURATE_TEST_DATA")
    for name in SETS if folder else ():
        texts = sample(name, Path(folder or ""))
        begin = time.process_time()
        part, kinds = share(texts)
        rate = sum(map(len, texts)) / _CHARS / (time.process_time() - begin)
        top = ", ".join(f"{kind} {count}" for kind, count in kinds.most_common(5))
        write(
            f"{name:14} {part:.3f} of the characters; {rate:,.0f} texts of {_CHARS} characters a CPU second; {top}\n"
        )


if __name__ == "__main__":
    main()
