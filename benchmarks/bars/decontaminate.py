"""Benchmark items planted into real training data are all found, and clean training data has no hit.

Items are planted in three ways: as a row that asks the same, as a line of a longer prompt, and within a plain text that
also holds the answer. The closest rows of GSM8K's training set are templates of its test set with other numbers.
"""

from __future__ import annotations

import gzip
import io
import json
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import zstandard

from benchmarks.bar import Outcome, needs_data, real_data
from curate.engines.decontaminating import decontaminate

if TYPE_CHECKING:
    from collections.abc import Callable

SHORT = (
    *("Name animals", "Define entropy", "List primes", "Explain osmosis", "What's DNA?", "Count backwards"),
    *("Summarize Hamlet", "Describe magma", "Translate 'dog'", "Who won?", "Rhyme orange", "Spell rhythm"),
)
"""Prompts of two words."""

WAYS: dict[str, Callable[[str, str], dict[str, object]]] = {
    "a row": lambda ask, answer: {"instruction": ask, "input": "", "output": answer},
    "a line of a prompt": lambda ask, answer: {
        "messages": [
            {"role": "system", "content": "You are a helpful assistant."},
            {"role": "user", "content": f"Below is a task. Answer it.\n\n### Task:\n{ask}\n\n### Answer:"},
            {"role": "assistant", "content": answer},
        ]
    },
    "a text": lambda ask, answer: {"text": f"Question: {ask}\nAnswer: {answer}\n"},
}


def run() -> list[Outcome]:
    """Every benchmark in every way, and GSM8K as it is."""
    folder = real_data()
    if folder is None:
        return [needs_data("planted benchmark items that are found", "all")]
    train = (folder / "gsm8k" / "train.jsonl").read_bytes()
    t0 = zstandard.ZstdDecompressor().stream_reader(
        io.BytesIO((folder / "selfinstruct" / "t0_55k.jsonl.zst").read_bytes())
    )
    plan = {
        "GSM8K test into GSM8K train": (_gsm8k(folder), train),
        "HumanEval into GSM8K train": (_humaneval(folder), train),
        "MedQuAD questions into GSM8K train": (_medquad(folder), train),
        "two-word prompts into T0": ([(ask, "An answer.") for ask in SHORT], t0.read()),
    }
    with tempfile.TemporaryDirectory() as name:
        lines = [_planted(Path(name), what, *given) for what, given in plan.items()]
        return [*lines, _clean(folder)]


def _rows(raw: bytes) -> list[dict[str, str]]:
    return [json.loads(line) for line in raw.splitlines()]


def _gsm8k(folder: Path) -> list[tuple[str, str]]:
    rows = _rows((folder / "gsm8k" / "test.jsonl").read_bytes())
    return [(row["question"], row["answer"]) for row in rows]


def _humaneval(folder: Path) -> list[tuple[str, str]]:
    rows = _rows(gzip.decompress((folder / "humaneval" / "HumanEval.jsonl.gz").read_bytes()))
    return [(row["prompt"], row["canonical_solution"]) for row in rows]


def _medquad(folder: Path) -> list[tuple[str, str]]:
    rows = _rows((folder / "medquad" / "medquad_health.jsonl").read_bytes())
    return [(ask, "It is not known.") for ask in sorted({row["instruction"] for row in rows})]


def _planted(folder: Path, what: str, items: list[tuple[str, str]], corpus: bytes) -> Outcome:
    """Each item is planted in one way, in turn; it is found if its row is a hit of it."""
    bench, data = folder / "bench.jsonl", folder / "data.jsonl"
    _write(bench, [{"question": ask, "answer": answer} for ask, answer in items])
    ways = list(WAYS.values())
    planted = [ways[at % len(ways)](ask, answer) for at, (ask, answer) in enumerate(items)]
    _write(data, planted)
    data.write_bytes(data.read_bytes() + corpus)
    done = decontaminate(data, against=[bench])
    pairs = {(hit.place.row, hit.against.row) for hit in done.hits}
    found = sum((at, at) in pairs for at in range(1, len(items) + 1))
    others = len({hit.row for hit in done.hits if hit.place.row > len(items)})
    return Outcome(
        f"planted items found: {what}, in {len(ways)} ways",
        f"{found:,} of {len(items):,}; rows of the corpus itself: {others:,} of {done.rows - len(items):,}",
        "all",
        found == len(items),
    )


def _write(path: Path, rows: list[dict[str, object]]) -> None:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")


def _clean(folder: Path) -> Outcome:
    done = decontaminate(folder / "gsm8k" / "train.jsonl", against=[folder / "gsm8k" / "test.jsonl"])
    passed = ", ".join(f"{count} {reason}" for reason, count in done.passed_over.most_common())
    return Outcome(
        "rows of GSM8K train called leaks of GSM8K test",
        f"{done.rows_hit} of {done.rows:,} (runs passed over: {passed})",
        "0",
        done.rows_hit == 0 and sum(done.passed_over.values()) > 0,
    )
