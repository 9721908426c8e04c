"""The rows of the public sets as prompts and answers, each with the place where it can be found again.

A row of a conversation is its first exchange: the system text and the first user turn, then the first answer. A row of
a preference pair is its chosen answer. A tree of Open Assistant gives one row for every answer, after the turns before
it; a seed task gives one for every instance. PubMedQA is its question without the abstract, and its long answer.
Pictures, lists of tools and plain texts are left out.
"""

from __future__ import annotations

import gzip
import io
import os
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import orjson
import zstandard

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

VARIABLE = "CURATE_TEST_DATA"
USER = frozenset({"user", "human", "system"})
T0 = "selfinstruct/t0_55k.jsonl.zst"

Exchange = tuple[str, str]
"""A prompt and its answer."""


class Row(NamedTuple):
    """An exchange and where it stands: the file, the row in it and the exchange in the row, both counted from 0."""

    file: str
    row: int
    part: int
    task: str
    prompt: str
    answer: str


def folder() -> Path | None:
    """The folder of the public sets, or None when the variable is not set or names no folder."""
    named = os.environ.get(VARIABLE)
    return Path(named) if named and Path(named).is_dir() else None


def exchanges(file: str, found: Any) -> list[Exchange]:
    """The exchanges of one parsed row of a file."""
    return READERS[file](found)


def rows(data: Path) -> Iterator[Row]:
    """Every row of every file, in the order of ``READERS``."""
    for file in READERS:
        for number, found in enumerate(records(data / file)):
            for part, (prompt, answer) in enumerate(exchanges(file, found)):
                task = found["task"] if file == T0 else ""
                yield Row(file, number, part, task, prompt, answer)


def digest(prompt: str, answer: str) -> str:
    """What names an exchange without showing it."""
    return sha256(f"{prompt}\0{answer}".encode("utf-8", "surrogatepass")).hexdigest()


def records(path: Path) -> Iterator[Any]:
    """The parsed rows of a file: of lines, of a JSON array, or of one object keyed by id."""
    if ".jsonl" in path.name:
        yield from map(orjson.loads, lines(path))
        return
    found = orjson.loads(path.read_bytes())
    yield from found.values() if isinstance(found, dict) else found


def lines(path: Path) -> Iterator[bytes]:
    """The lines of a file, which may be compressed."""
    with path.open("rb") as raw:
        if path.suffix == ".zst":
            yield from io.BufferedReader(zstandard.ZstdDecompressor().stream_reader(raw))
        elif path.suffix == ".gz":
            yield from gzip.GzipFile(fileobj=raw)
        else:
            yield from raw


def _columns(prompt: str, answer: str, context: str = "") -> Callable[[Any], list[Exchange]]:
    def read(found: Any) -> list[Exchange]:
        texts = (found[prompt], found[context] if context else "")
        return [("\n\n".join(filter(None, texts)), found[answer])]

    return read


def _seed_task(found: Any) -> list[Exchange]:
    of = found["instances"]
    return [("\n\n".join(filter(None, (found["instruction"], one["input"]))), one["output"]) for one in of]


def _conversation(turns: str, answer: str = "") -> Callable[[Any], list[Exchange]]:
    def read(found: Any) -> list[Exchange]:
        said = [*found[turns], *([found[answer]] if answer else ())]
        asked: list[str] = []
        for turn in said:
            role = turn.get("role") or turn["from"]
            if role not in USER:
                return [("\n\n".join(asked), _text(turn))]
            asked.append(_text(turn))
        return []

    return read


def _text(turn: Any) -> str:
    found = turn["content"] if "content" in turn else turn["value"]
    return found if isinstance(found, str) else "\n".join(part["value"] for part in found)


def _chosen(found: Any) -> list[Exchange]:
    return _conversation("chosen_messages")(found)


def _tree(found: Any) -> list[Exchange]:
    return list(_replies(found["prompt"], ()))


def _replies(message: Any, before: tuple[str, ...]) -> Iterator[Exchange]:
    here = (*before, message["text"])
    for reply in message["replies"]:
        if reply["role"] == "assistant":
            yield "\n\n".join(here), reply["text"]
        yield from _replies(reply, here)


def _question_and_answer(found: Any) -> list[Exchange]:
    prompt, mark, answer = found["text"].removeprefix("Q: ").partition("\n\nA: ")
    return [(prompt, answer)] if mark else []


READERS: dict[str, Callable[[Any], list[Exchange]]] = {
    T0: _columns("prompt", "completion"),
    "selfinstruct/seed_tasks.jsonl": _seed_task,
    "medquad/medquad_health.jsonl": _columns("instruction", "output", "input"),
    "gsm8k/train.jsonl": _columns("question", "answer"),
    "gsm8k/test.jsonl": _columns("question", "answer"),
    "humaneval/HumanEval.jsonl.gz": _columns("prompt", "canonical_solution"),
    "pubmedqa/ori_pqal.json": _columns("QUESTION", "LONG_ANSWER"),
    "openassistant/en_100_tree.jsonl": _tree,
    "fastchat/dummy_conversation.json": _conversation("conversations"),
    "llamafactory/alpaca_zh_demo.json": _columns("instruction", "output", "input"),
    "llamafactory/identity.json": _columns("instruction", "output", "input"),
    "llamafactory/dpo_en_demo.json": _conversation("conversations", "chosen"),
    "llamafactory/dpo_zh_demo.json": _conversation("conversations", "chosen"),
    "llamafactory/kto_en_demo.json": _conversation("messages"),
    "llamafactory/glaive_toolcall_zh_demo.json": _conversation("conversations"),
    "llamafactory/reason_tool_use_demo_50.jsonl": _conversation("messages"),
    "llamafactory/v1_sft_demo.jsonl": _conversation("messages"),
    "llamafactory/v1_dpo_demo.jsonl": _chosen,
    "datajuicer/alpaca-cot.jsonl": _columns("instruction", "output", "input"),
    "datajuicer/demo-dataset-chatml.jsonl": _conversation("messages"),
    "datajuicer/stack_exchange.jsonl": _question_and_answer,
}
