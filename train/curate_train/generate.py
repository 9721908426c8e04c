"""``train generate``: answers to prompts from a file, from stdin, or from the command line."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

from curate.core.errors import UnreadableError
from curate_train.encode import Encoder
from curate_train.examples import Example, Turn
from curate_train.recipe import Recipe, with_changes
from curate_train.rendering import Unrenderable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from curate_train.adapters import Opened
    from curate_train.evaluate_answers import Decoding

BATCH = 8
"""Prompts that are answered at once."""


class Answer(NamedTuple):
    """What a model said.

    Attributes:
        prompt: the last turn of the user.
        answer: the text.
        tokens: how many it has.
        is_stopped: whether the model ended it; if not, it was cut off.
    """

    prompt: str
    answer: str
    tokens: int
    is_stopped: bool


def read_prompts(lines: Iterable[str], where: str, system: str = "") -> list[Example]:
    """A prompt a line: plain text, or a JSON object with ``messages``, ``prompt`` or ``instruction`` (and ``input``).

    Args:
        lines: of a file or of stdin; empty ones are passed over.
        where: its name.
        system: what the system says, where a line does not say it itself.

    Raises:
        UnreadableError: an object has none of these, or there is no line.
    """
    found = []
    for number, line in enumerate(lines, 1):
        if line.strip():
            turns = _turns(line.rstrip("\r\n"), f"{where}:{number}")
            if system and turns[0].role != "system":
                turns = (Turn("system", system, trained=False), *turns)
            found.append(Example(f"{number}", turns, where=f"{where}:{number}"))
    if not found:
        raise UnreadableError("holds no prompt", where=where, hint="write a prompt on each line")
    return found


def _turns(line: str, where: str) -> tuple[Turn, ...]:
    if not line.lstrip().startswith("{"):
        return (Turn("user", line, trained=False),)
    try:
        fields = json.loads(line)
    except ValueError:
        return (Turn("user", line, trained=False),)
    turns = _of_messages(fields.get("messages")) if "messages" in fields else _of_fields(fields)
    if not turns:
        raise UnreadableError(
            "holds no prompt", where=where, hint="give messages, prompt, or instruction and input"
        )
    return turns


def _of_messages(messages: object) -> tuple[Turn, ...]:
    """All turns up to the last one of the user; an answer that follows is what is asked for."""
    said = [
        Turn(str(one["role"]), one["content"], trained=False)
        for one in (messages if isinstance(messages, list) else [])
        if isinstance(one, dict) and "role" in one and isinstance(one.get("content"), str)
    ]
    while said and said[-1].role == "assistant":
        said.pop()
    return tuple(said)


def _of_fields(fields: dict[str, Any]) -> tuple[Turn, ...]:
    asked = fields.get("prompt", fields.get("instruction"))
    if not isinstance(asked, str) or not asked.strip():
        return ()
    given = fields.get("input")
    return (
        Turn("user", f"{asked}\n\n{given}" if isinstance(given, str) and given else asked, trained=False),
    )


def generate(opened: Opened, prompts: Sequence[Example], decoding: Decoding) -> Iterator[Answer]:
    """Answer prompts in order, some at a time.

    Raises:
        UnreadableError: the template refuses a prompt.
    """
    from curate_train.evaluate_answers import answers  # noqa: PLC0415 (loads torch)

    encoder = Encoder(opened.tokenizer, with_changes(Recipe(), opened.training.get("recipe", {})))
    for first in range(0, len(prompts), BATCH):
        batch = prompts[first : first + BATCH]
        ids = [_ids(encoder, one) for one in batch]
        said = answers(opened.model, opened.tokenizer, ids, encoder.stop_ids, decoding)
        for example, one in zip(batch, said, strict=True):
            yield Answer(example.turns[-1].content, one.text, one.tokens, one.is_stopped)


def _ids(encoder: Encoder, example: Example) -> list[int]:
    try:
        return encoder.prompt_ids(example)
    except Unrenderable as refusal:
        raise UnreadableError(
            f"the template refuses this prompt: {refusal}", where=example.where
        ) from refusal
