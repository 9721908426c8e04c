"""Targets of public sets, taken to be right English, and the same with errors in them."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import zstandard

from curate.grammar.evidence import Injected, inject
from curate.protect import protected_spans

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LONGEST, SHORTEST = 700, 120
"""Characters of a text that is given errors: about what a row of instruction data has."""

_WORD = re.compile(r"[^\W\d_]+")


def words_of(text: str) -> int:
    """Words, as the bars count them."""
    return len(_WORD.findall(text))


def medical(data: Path) -> Iterator[str]:
    """Answers of MedQuAD."""
    with (data / "medquad/medquad_health.jsonl").open(encoding="utf-8") as lines:
        yield from (json.loads(line)["output"] for line in lines)


def abstracts(data: Path) -> Iterator[str]:
    """Long answers of PubMedQA: the conclusions of abstracts."""
    rows = json.loads((data / "pubmedqa/ori_pqal.json").read_text("utf-8"))
    yield from (row["LONG_ANSWER"] for row in rows.values())


def chats(data: Path) -> Iterator[str]:
    """Answers of chats: preference pairs (both sides), KTO, and trees of Open Assistant."""
    for row in json.loads((data / "llamafactory/dpo_en_demo.json").read_text("utf-8")):
        yield from (row["chosen"]["value"], row["rejected"]["value"])
    for row in json.loads((data / "llamafactory/kto_en_demo.json").read_text("utf-8")):
        yield from (turn["content"] for turn in row["messages"] if turn["role"] == "assistant")
    with (data / "openassistant/en_100_tree.jsonl").open(encoding="utf-8") as lines:
        for line in lines:
            yield from _replies(json.loads(line)["prompt"])


def _replies(node: dict[str, Any]) -> Iterator[str]:
    if node["role"] == "assistant":
        yield node["text"]
    for reply in node["replies"]:
        yield from _replies(reply)


_TALK = re.compile(r"\b(?:[cw]ould|should|must|might) have [a-z]+ed\b|\bcan't\b|\ba lot of\b|\bevery time\b")

SETS = {"MedQuAD": medical, "PubMedQA": abstracts, "chats": chats}


def stories(data: Path) -> Iterator[str]:
    """Prompts of T0 that have phrases which the other sets hardly have: read here, never shipped."""
    with zstandard.open(data / "selfinstruct/t0_55k.jsonl.zst", "rt", encoding="utf-8") as lines:
        for line in lines:
            if _TALK.search(line):
                yield json.loads(line)["prompt"]


def clean(data: Path) -> dict[str, list[str]]:
    """The distinct targets of each set, in their order."""
    return {name: list(dict.fromkeys(texts(data))) for name, texts in SETS.items()}


def prompts(data: Path) -> dict[str, str]:
    """What is asked in MedQuAD and PubMedQA (with the abstract), by the beginning of the answer (:func:`cut`)."""
    with (data / "medquad/medquad_health.jsonl").open(encoding="utf-8") as lines:
        found = {cut(row["output"]): row["instruction"] for row in map(json.loads, lines)}
    rows = json.loads((data / "pubmedqa/ori_pqal.json").read_text("utf-8"))
    for row in rows.values():
        found[cut(row["LONG_ANSWER"])] = "\n\n".join([row["QUESTION"], *row["CONTEXTS"]])
    return {target: asked for target, asked in found.items() if target}


def cut(text: str) -> str:
    """The beginning of a text, up to an end of a sentence."""
    if len(text) <= LONGEST:
        return text
    end = max(text.rfind(". ", 0, LONGEST), text.rfind(".\n", 0, LONGEST))
    return text[: end + 1] if end >= SHORTEST else ""


def with_errors(data: Path, of_set: int = 450, seed: int = 0) -> list[Injected]:
    """Texts of all sets with errors in them: ``of_set`` of each, spread over it."""
    made: list[Injected] = []
    for texts in (*clean(data).values(), list(dict.fromkeys(stories(data)))):
        short = [text for text in map(cut, texts) if len(text) >= SHORTEST and text.isascii()]
        for text in short[:: max(len(short) // of_set, 1)][:of_set]:
            spans = tuple((span.start, span.end) for span in protected_spans(text))
            made.append(inject(text, spans, seed=seed))
    return made
