"""One question, one answer: alpaca, prompt-completion under its many names, task instances, plain text."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from curate.formats.layouts.turns import MISSING, pointer

if TYPE_CHECKING:
    from curate.formats.layouts.turns import Turns

PROMPTS = ("prompt", "question", "query", "instruction", "problem", "user", "human", "input", "source_text")
ANSWERS = (
    "completion",
    "response",
    "output",
    "long_answer",
    "answer",
    "solution",
    "canonical_solution",
    "target",
    "assistant",
    "reply",
    "bot",
    "model",
)
CONTEXTS = ("context", "contexts", "passage", "document", "article", "background")


def detect_alpaca(row: dict[str, Any]) -> tuple[str, str] | None:
    """``instruction`` with ``input`` or ``output``, or alone."""
    if "instruction" not in row:
        return None
    if "output" in row or "input" in row:
        return "alpaca", "has 'instruction' with " + ("'output'" if "output" in row else "'input'")
    return None if _field(row, ANSWERS) else ("alpaca", "has 'instruction' alone")


def read_alpaca(row: dict[str, Any], turns: Turns) -> None:
    """System, history pairs, instruction, input, output."""
    _say_system(row, turns)
    _say_history(row, turns)
    turns.say("user", "prompt", row.get("instruction", MISSING), "/instruction")
    if row.get("input") not in (None, "", MISSING):
        turns.turn -= 1
        turns.say("user", "context", row["input"], "/input")
    label = _label(row)
    part = "rejected" if label is False else "target"
    turns.say("assistant", part, row.get("output", MISSING), "/output", label=label)


def detect_instances(row: dict[str, Any]) -> tuple[str, str] | None:
    """An instruction with a list of input/output instances (Self-Instruct seed tasks)."""
    instances = row.get("instances")
    if "instruction" in row and isinstance(instances, list) and instances and isinstance(instances[0], dict):
        return "instances", "has 'instruction' and a list 'instances'"
    return None


def read_instances(row: dict[str, Any], turns: Turns) -> None:
    """The instruction once, then each input and output."""
    turns.say("user", "prompt", row["instruction"], "/instruction")
    for index, instance in enumerate(row["instances"]):
        if not isinstance(instance, dict):
            turns.say("assistant", "target", instance, pointer("instances", index))
            continue
        if instance.get("input"):
            turns.say("user", "context", instance["input"], pointer("instances", index, "input"))
        output = instance.get("output", MISSING)
        turns.say("assistant", "target", output, pointer("instances", index, "output"))


def detect_pair(row: dict[str, Any]) -> tuple[str, str] | None:
    """A prompt and a completion under any of their usual names, whatever their case."""
    prompt, answer = _pair(row)
    if prompt is None or (answer is None and prompt.lower() == "input"):
        return None
    return "prompt-completion", f"has '{prompt}'" + (f" and '{answer}'" if answer else " alone")


def read_pair(row: dict[str, Any], turns: Turns) -> None:
    """Context, prompt, completion."""
    prompt, answer = _pair(row)
    _say_system(row, turns)
    _say_history(row, turns)
    context = _field(row, CONTEXTS)
    if context and row[context] not in (None, "", []):
        _say_context(row[context], pointer(context), turns)
    if prompt is not None:
        turns.say("user", "prompt", row[prompt], pointer(prompt))
    label = _label(row)
    part = "rejected" if label is False else "target"
    value = row[answer] if answer else MISSING
    turns.say("assistant", part, value, pointer(answer or "completion"), label=label)


def detect_text(row: dict[str, Any]) -> tuple[str, str] | None:
    """Plain text to continue."""
    return ("text", "has 'text' and no prompt") if "text" in row else None


def read_text(row: dict[str, Any], turns: Turns) -> None:
    """The whole text is trained on."""
    turns.say("assistant", "target", row["text"], "/text")


def _field(row: dict[str, Any], names: tuple[str, ...]) -> str | None:
    """The field of the row that has one of the names; exact spelling first, then any case."""
    return _named(tuple(row), names)


@lru_cache(maxsize=4096)
def _named(fields: tuple[str, ...], names: tuple[str, ...]) -> str | None:
    """Cached, for the rows of a file have few combinations of fields."""
    for name in names:
        if name in fields:
            return name
    folded = {field.lower(): field for field in fields}
    return next((folded[name] for name in names if name in folded), None)


def _pair(row: dict[str, Any]) -> tuple[str | None, str | None]:
    return _field(row, PROMPTS), _field(row, ANSWERS)


def _label(row: dict[str, Any]) -> bool | None:
    """A KTO label."""
    label = row.get("label")
    return label if isinstance(label, bool) else None


def _say_system(row: dict[str, Any], turns: Turns) -> None:
    for name in ("system", "system_prompt"):
        if isinstance(row.get(name), str) and row[name]:
            turns.say("system", "prompt", row[name], pointer(name), name="system")
            return


def _say_history(row: dict[str, Any], turns: Turns) -> None:
    history = row.get("history")
    if not isinstance(history, list):
        return
    for index, pair in enumerate(history):
        if isinstance(pair, list) and len(pair) == 2:  # noqa: PLR2004 (a question and its answer)
            turns.say("user", "prompt", pair[0], pointer("history", index, 0))
            turns.say("assistant", "target", pair[1], pointer("history", index, 1))


def _say_context(value: object, at: str, turns: Turns) -> None:
    """A passage, or a list of them."""
    pieces = value if isinstance(value, list) else None
    if isinstance(value, dict):
        at, pieces = f"{at}/contexts", value.get("contexts")
    if not isinstance(pieces, list):
        turns.say("user", "context", value, at)
        return
    for index, piece in enumerate(pieces):
        turns.say("user", "context", piece, f"{at}/{index}")
