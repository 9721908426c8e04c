"""A row in the layout of another trainer, or the reason why that trainer cannot learn it as it is meant."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from curate_train.examples import Example, Turn

MASKS = "has answers that are not to be learned, which this trainer cannot leave out one by one"
ORDER = "does not go from user to assistant and back, which this trainer asks for"
TOOLS = "has a turn of a tool"


class CannotError(Exception):
    """The trainer cannot learn this row as it is meant; the reason."""


def llamafactory(example: Example, *, last_only: bool) -> list[dict[str, Any]]:
    """``messages`` as its layout ``sharegpt`` reads them, with OpenAI's names.

    Args:
        example: the row.
        last_only: whether the configuration says ``mask_history``, which leaves out all answers but the last.

    Raises:
        CannotError: see the reasons.
    """
    turns = _without_tools(example.turns)
    said = turns[1:] if turns[0].role == "system" else turns
    pattern = ["user", "assistant"] * (len(said) // 2)
    if [turn.role for turn in said] != pattern:
        raise CannotError(ORDER)
    learned = [turn.trained for turn in said if turn.role == "assistant"]
    if not (learned[-1] and not any(learned[:-1]) if last_only else all(learned)):
        raise CannotError(MASKS)
    return [{"messages": _messages(turns)}]


def axolotl(example: Example) -> list[dict[str, Any]]:
    """``messages``, each with whether it is learned."""
    return [
        {
            "messages": [
                {"role": turn.role, "content": turn.content, "train": turn.trained} for turn in example.turns
            ]
        }
    ]


def trl(example: Example) -> list[dict[str, Any]]:
    """A prompt and its completion for each answer that is learned: TRL learns the completion alone.

    Whole conversations would need a template with generation markers, which few tokenizers bring.
    """
    return [
        {"prompt": _messages(example.turns[:number]), "completion": _messages([turn])}
        for number, turn in enumerate(example.turns)
        if turn.trained and number
    ] or _cannot("begins with its answer: there is no prompt")


def openai(example: Example) -> list[dict[str, Any]]:
    """``messages``; an answer that is not learned has the weight 0."""
    turns = _without_tools(example.turns)
    messages: list[dict[str, Any]] = []
    for turn in turns:
        is_answer = turn.role == "assistant"
        messages.append(
            {"role": turn.role, "content": turn.content}
            | ({"weight": int(turn.trained)} if is_answer else {})
        )
    if not any(turn.role == "user" for turn in turns):
        raise CannotError("has no turn of a user")
    if turns[-1].role != "assistant":
        raise CannotError("does not end with an answer")
    return [{"messages": messages}]


ROWS: dict[str, Callable[[Example], list[dict[str, Any]]]] = {
    "axolotl": axolotl,
    "trl": trl,
    "openai": openai,
}
"""By the name of the trainer; LLaMA-Factory's depends on its configuration."""


def is_last_only(examples: Sequence[Example]) -> bool:
    """Whether, in every conversation of several answers, the last one alone is learned."""
    several = [
        [turn.trained for turn in example.turns if turn.role == "assistant"]
        for example in examples
        if sum(turn.role == "assistant" for turn in example.turns) > 1
    ]
    return bool(several) and all(learned[-1] and not any(learned[:-1]) for learned in several)


def _messages(turns: Sequence[Turn]) -> list[dict[str, str]]:
    return [{"role": turn.role, "content": turn.content} for turn in turns]


def _without_tools(turns: tuple[Turn, ...]) -> tuple[Turn, ...]:
    return turns if all(turn.role != "tool" for turn in turns) else _cannot(TOOLS)


def _cannot(reason: str) -> Any:  # noqa: ANN401 (never returns)
    raise CannotError(reason)
