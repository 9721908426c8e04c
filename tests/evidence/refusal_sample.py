"""Draws the rows that ``refusal_labels.jsonl`` labels: run with the folder of public sets, it prints places and texts.

Candidates are all assistant texts, rejected ones included, that hold words with which a model declines or speaks of
itself; the words are wider than those of any check. Three strata: all that begin with such words; a seeded draw of
those that hold them later, at most so many from a file; and the rest of those that speak of themselves as a machine.
The same text after the same prompt is drawn once.

    python tests/evidence/refusal_sample.py DATA > drawn.jsonl
"""

from __future__ import annotations

import hashlib
import json
import random
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from curate.formats.parse import parse_chunk
from curate.formats.read import open_source
from curate.formats.sources import discover

if TYPE_CHECKING:
    from collections.abc import Iterator

    from curate.core.batch import Batch

SEED = 20
LATER = 9
"""So many of a file's texts that hold the words later."""

ALIKE = "fastchat/dummy_conversation.json"
"""Its conversations are nearly the same, on purpose: more of them would tell nothing."""

BEGINS = 160
"""Characters that are the beginning of a text."""

FILES = (
    *("llamafactory/alpaca_zh_demo.json", "llamafactory/dpo_en_demo.json", "llamafactory/dpo_zh_demo.json"),
    *("llamafactory/kto_en_demo.json", "llamafactory/v1_sft_demo.jsonl", "llamafactory/v1_dpo_demo.jsonl"),
    *("llamafactory/reason_tool_use_demo_50.jsonl", "llamafactory/glaive_toolcall_zh_demo.json"),
    *("llamafactory/identity.json", "fastchat/dummy_conversation.json", "openassistant/en_100_tree.jsonl"),
    *("selfinstruct/seed_tasks.jsonl", "selfinstruct/t0_55k.jsonl.zst", "medquad/medquad_health.jsonl"),
    *("humaneval/HumanEval.jsonl.gz", "datajuicer/alpaca-cot.jsonl"),
)
DECLINES = (
    r"(?i)\bI(?:['’]m| am) (?:sorry|afraid|unable|not able|not allowed|not programmed|not comfortable)\b"
    r"|\bsorry,? but\b"
    r"|\bI (?:really |simply )?(?:can ?not|can['’]t|won['’]t|will not|do not have|don['’]t have) (?:\w+ ){0,3}"
    r"(?:provide|help|assist|answer|do|generate|create|access|feel|feelings|opinions?|preferences|ability|make|give"
    r"|fulfill|comply|tell|offer|support)\b"
    r"|\bapologi[sz]e\b|\bunfortunately\b|\bI must decline\b"
    r"|抱歉|对不起|我(?:无法|不能|没有(?:能力|权限|办法))|无法(?:回答|提供|完成|满足|为您|帮)"
    r"|lo siento|es tut mir leid|désolée?"
)
SPEAKS = (
    r"(?i)\bas an? (?:\w+ ){0,2}(?:AI|artificial intelligence|language model|chatbot|robot)\b"
    r"|\bI(?:['’]m| am) (?:just |only )?an? (?:\w+ ){0,2}"
    r"(?:AI|artificial intelligence|language model|robot|chatbot)\b"
    r"|作为(?:一个|一名|一款)?(?:AI|人工智能|语言模型|机器人)"
    r"|我(?:只)?是(?:一个|一名|一款)?(?:AI|人工智能|语言模型|机器人)"
)


def texts_of(folder: Path) -> Iterator[tuple[str, int, str, str, str]]:
    """File, line or row, pointer, prompt and text of every assistant text that may decline."""
    for name in FILES:
        sources = discover([str(folder / name)]).sources
        for chunk in open_source(sources[0], 0).chunks():
            yield from ((name, *one) for one in _of_chunk(parse_chunk(chunk).batch))


def _of_chunk(batch: Batch) -> Iterator[tuple[int, str, str, str]]:
    turns, rows = batch.turns, batch.rows
    said = turns.filter(pl.col("part").is_in(["target", "rejected"]), pl.col("kind").is_in(["text", "parts"]))
    said = said.filter(pl.col("text").str.contains(f"{DECLINES}|{SPEAKS}"))
    lines = dict(rows.select("row", "line").iter_rows())
    for row, at, text in said.select("row", "at", "text").iter_rows():
        before = turns.filter(pl.col("row") == row, pl.col("part").is_in(["prompt", "context"]))
        yield lines[row], at, "\n".join(before["text"].to_list()), text


def speaks_of_itself(text: str) -> bool:
    """Whether somebody says in the text that they are an AI, a robot or a language model."""
    return re.search(SPEAKS, text) is not None


def digest(prompt: str, text: str) -> str:
    """What names a text after its prompt, without showing either."""
    return hashlib.blake2b(f"{prompt}\0{text}".encode(), digest_size=8).hexdigest()


def drawn(folder: Path) -> Iterator[dict[str, object]]:
    """The sample, in the order of files."""
    seen: set[str] = set()
    begin: list[dict[str, object]] = []
    later: list[dict[str, object]] = []
    for name, line, at, prompt, text in texts_of(folder):
        key = digest(prompt, text)
        if key in seen:
            continue
        seen.add(key)
        one = {"file": name, "line": line, "at": at, "hash": key, "prompt": prompt, "text": text}
        head = re.search(DECLINES, text[:BEGINS]) is not None
        (begin if head and not name.endswith(".zst") else later).append(one)
    chance = random.Random(SEED)  # noqa: S311 (a draw, no secret)
    for name in FILES:
        yield from (one for one in begin if one["file"] == name)
        of_file = [one for one in later if one["file"] == name]
        taken = chance.sample(of_file, min(LATER, len(of_file)))
        yield from taken
        if name != ALIKE:
            yield from (one for one in of_file if one not in taken and speaks_of_itself(str(one["text"])))


if __name__ == "__main__":
    for one in drawn(Path(sys.argv[1])):
        sys.stdout.write(json.dumps(one, ensure_ascii=False) + "\n")
