"""One question, one answer: alpaca, prompt-completion under its many names, task instances, plain text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from curate.formats.layouts.chats import is_messages, read_messages, unfold_messages
from curate.formats.layouts.turns import MISSING, pointer

if TYPE_CHECKING:
    from curate.formats.layouts.turns import Turns


def ranked(*names: str) -> dict[str, int]:
    """Names of a field, in order of precedence."""
    return {name: rank for rank, name in enumerate(names)}


PROMPTS = ranked(
    "prompt", "question", "query", "instruction", "problem", "user", "human", "input", "source_text"
)
CONTEXTS = ranked("context", "contexts", "passage", "document", "article", "background", "input")
ANSWERS = ranked(
    *("completion", "response", "output", "long_answer", "answer", "solution", "canonical_solution"),
    *("target", "assistant", "reply", "bot", "answers"),
)
SPOKEN = {**ANSWERS, "model": len(ANSWERS)}
"""Answers to a speaker; elsewhere ``model`` names the one that wrote the answer."""

SPEAKERS = ("user", "human")
"""Prompts that are often a mere name of somebody: they need an answer beside them."""


def detect_alpaca(row: dict[str, Any]) -> tuple[str, str] | None:
    """``instruction`` with ``output``; with ``input`` or alone, where no other field is the answer."""
    if "instruction" not in row:
        return None
    if row.get("output") is not None:
        return "alpaca", "has 'instruction' with 'output'"
    if _answer(row, "instruction") not in (None, "output") or row.get("text") is not None:
        return None
    other = next((name for name in ("output", "input") if name in row), "")
    return "alpaca", "has 'instruction' " + (f"with '{other}'" if other else "alone")


def read_alpaca(row: dict[str, Any], turns: Turns) -> None:
    """System, history pairs, instruction, input, output."""
    turns.say_system(row)
    say_history(row, turns)
    turns.say("user", "prompt", row.get("instruction", MISSING), "/instruction")
    if row.get("input") not in (None, ""):
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
    if prompt is None:
        return None
    if answer is None:
        alone = prompt.lower() not in ("input", *SPEAKERS) and row.get("text") is None
        return ("prompt-completion", f"has '{prompt}' alone") if alone else None
    return "prompt-completion", f"has '{prompt}' and '{answer}'"


def read_pair(row: dict[str, Any], turns: Turns) -> None:
    """Context, prompt, completion; prompt and completion may be messages (TRL's conversational form)."""
    prompt, answer = _pair(row)
    turns.say_system(row)
    say_history(row, turns)
    say_context(row, prompt, turns)
    if prompt is not None:
        value, at = unfold_messages(row[prompt], pointer(prompt))
        if is_messages(value):
            read_messages(value, at, turns)
        else:
            turns.say("user", "prompt", value, at)
    _say_answer(*_answer_of(row, answer), turns, _label(row))


def _answer_of(row: dict[str, Any], answer: str | None) -> tuple[object, str]:
    """The answer and its pointer; of several reference answers (``answers``, as in SQuAD) the first."""
    if answer is None:
        return MISSING, "/completion"
    if answer.lower() != "answers":
        return row[answer], pointer(answer)
    value, at = row[answer], pointer(answer)
    if isinstance(value, dict) and "text" in value:
        value, at = value["text"], f"{at}/text"
    if isinstance(value, list):
        return (value[0], f"{at}/0") if value else (MISSING, at)
    return value, at


def _say_answer(value: object, at: str, turns: Turns, label: bool | None) -> None:
    part = "rejected" if label is False else "target"
    inner, inside = unfold_messages(value, at)
    if is_messages(inner):
        read_messages(inner, inside, turns, label=label)
    else:
        turns.say("assistant", part, value, at, label=label)


def detect_text(row: dict[str, Any]) -> tuple[str, str] | None:
    """Plain text to continue; a single message of a thread (OpenAssistant's flat export) is none."""
    if "text" not in row or ("parent_id" in row and "role" in row):
        return None
    return "text", "has 'text' and no prompt with an answer"


def read_text(row: dict[str, Any], turns: Turns) -> None:
    """The whole text is trained on."""
    turns.say("assistant", "target", row["text"], "/text")


def field_of(row: dict[str, Any], names: dict[str, int], but: str | None = None) -> str | None:
    """The row's field that has one of the names and is not ``but``.

    Exact spelling comes before any case, and a field that holds null stands back.
    """
    given = [key for key in row if key in names and key != but]
    if not given:
        given = [key for key in row if key.lower() in names and key != but]
    if len(given) > 1:
        return min(given, key=lambda key: (row[key] is None, names[key.lower()]))
    return given[0] if given else None


def _pair(row: dict[str, Any]) -> tuple[str | None, str | None]:
    prompt = field_of(row, PROMPTS)
    return prompt, _answer(row, prompt)


def _answer(row: dict[str, Any], prompt: str | None) -> str | None:
    """The field that answers ``prompt``."""
    return field_of(row, SPOKEN if prompt is not None and prompt.lower() in SPEAKERS else ANSWERS)


def _label(row: dict[str, Any]) -> bool | None:
    """A KTO label."""
    label = row.get("label")
    return label if isinstance(label, bool) else None


def say_history(row: dict[str, Any], turns: Turns) -> None:
    """Earlier turns as pairs of a question and its answer."""
    history = row.get("history")
    if not isinstance(history, list):
        return
    for index, pair in enumerate(history):
        if isinstance(pair, list) and len(pair) == 2:  # noqa: PLR2004 (a question and its answer)
            turns.say("user", "prompt", pair[0], pointer("history", index, 0))
            turns.say("assistant", "target", pair[1], pointer("history", index, 1))


def say_context(row: dict[str, Any], prompt: str | None, turns: Turns) -> None:
    """A passage, or a list of them, in a field other than the prompt's."""
    name = field_of(row, CONTEXTS, prompt)
    if name is None or row[name] in (None, "", []):
        return
    value, at = row[name], pointer(name)
    if isinstance(value, dict) and isinstance(value.get("contexts"), list):
        value, at = value["contexts"], f"{at}/contexts"
    if not isinstance(value, list) or not all(isinstance(piece, str) for piece in value):
        turns.say("user", "context", value, at)
        return
    for index, piece in enumerate(value):
        turns.say("user", "context", piece, f"{at}/{index}")
