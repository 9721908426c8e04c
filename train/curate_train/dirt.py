"""Faults to plant in sound rows, so that what each does to a trained model can be measured.

Each is written from what real data shows: leaked marks and second turns of scraped chats, answers cut at a token limit,
refusals and placeholders of a generating model, text that went through a wrong codec or a web page.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from curate_train.examples import Example, Turn, digest_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    Spoil = Callable[[str, Example, Example, random.Random], str]

REFUSALS = (
    "I'm sorry, but I can't help with that.",
    "As an AI language model, I cannot answer this question.",
    "I apologize, but I am unable to provide this information.",
)
PLACEHOLDERS = ("TODO", "N/A", "#REF!")


@dataclass(frozen=True)
class Dirt:
    """A kind of fault.

    Attributes:
        check: the check of curate that looks for it; empty if none can know.
        what: in words.
        spoil: from answer, its row, another row and chance to the spoiled answer.
    """

    check: str
    what: str
    spoil: Spoil


def _cut_off(answer: str, _row: Example, _other: Example, draw: random.Random) -> str:
    words = answer.split(" ")
    return " ".join(words[: max(1, round(len(words) * draw.uniform(0.3, 0.7)))])


def _second_turn(answer: str, _row: Example, other: Example, _draw: random.Random) -> str:
    asked = next((turn.content for turn in other.turns if turn.role == "user"), "")
    return f"{answer}\n\nUser: {asked}\nAssistant: {other.answer}"


def _leaked_end(answer: str, _row: Example, _other: Example, _draw: random.Random) -> str:
    return f"{answer}</s>"


def _refusal(_answer: str, _row: Example, _other: Example, draw: random.Random) -> str:
    return draw.choice(REFUSALS)


def _placeholder(_answer: str, _row: Example, _other: Example, draw: random.Random) -> str:
    return draw.choice(PLACEHOLDERS)


def _echo(_answer: str, row: Example, _other: Example, _draw: random.Random) -> str:
    return next((turn.content for turn in reversed(row.turns) if turn.role == "user"), "")


def _repetition(answer: str, _row: Example, _other: Example, _draw: random.Random) -> str:
    tail = " ".join(answer.split(" ")[-6:])
    return answer + f" {tail}" * 6


def _wrong_answer(_answer: str, _row: Example, other: Example, _draw: random.Random) -> str:
    return other.answer


def _self_reference(answer: str, _row: Example, _other: Example, _draw: random.Random) -> str:
    return f"As an AI language model, I do not have personal opinions. {answer}"


def _mojibake(answer: str, _row: Example, _other: Example, _draw: random.Random) -> str:
    typeset = answer.replace("'", "’").replace('"', "”").replace(" - ", " – ").replace(". ", ". ")
    return typeset.encode("utf-8").decode("cp1252", "replace")


def _html(answer: str, _row: Example, _other: Example, _draw: random.Random) -> str:
    paragraphs = answer.replace("&", "&amp;").replace("<", "&lt;").split("\n")
    return "".join(f"<p>{one}</p><br>" for one in paragraphs if one)


def _typos(answer: str, _row: Example, _other: Example, draw: random.Random) -> str:
    words = answer.split(" ")
    for at, word in enumerate(words):
        if len(word) > 3 and draw.random() < 0.2:  # noqa: PLR2004 (one long word in five)
            place = draw.randrange(1, len(word) - 1)
            words[at] = word[:place] + word[place + 1] + word[place] + word[place + 2 :]
    return " ".join(words)


KINDS = {
    "cut-off": Dirt("answer.cut-off", "the answer ends after 30 to 70 % of its words", _cut_off),
    "second-turn": Dirt("", "another row's turns stand behind the answer", _second_turn),
    "leaked-end": Dirt("template.leaked-token", "the answer ends with </s> as text", _leaked_end),
    "refusal": Dirt("answer.refusal", "the answer is a refusal", _refusal),
    "placeholder": Dirt("answer.placeholder", "the answer is a placeholder", _placeholder),
    "echo": Dirt("answer.echo", "the answer is the question", _echo),
    "repetition": Dirt("answer.repetition", "the answer repeats its last words six times", _repetition),
    "wrong-answer": Dirt("", "the answer is that of another row", _wrong_answer),
    "self-reference": Dirt(
        "answer.self-reference", "the answer begins with a word on AI models", _self_reference
    ),
    "mojibake": Dirt("text.mojibake", "the answer was read with a wrong codec", _mojibake),
    "html": Dirt("answer.html", "the answer is marked up as a web page", _html),
    "typos": Dirt("", "letters are swapped in a fifth of the answer's longer words", _typos),
}
"""The kinds of faults; ``mixed`` takes them in turn."""

MIXED = "mixed"


def plant(rows: Sequence[Example], kind: str, share: float, seed: int) -> list[Example]:
    """Rows of which a share, drawn by chance, has this fault in its last answer; larger shares hold smaller ones.

    Args:
        rows: sound ones.
        kind: one of ``KINDS``, or ``mixed``.
        share: of the rows, 0 to 1.
        seed: of all that is drawn.
    """
    draw = random.Random(f"dirt:{seed}")  # noqa: S311 (an experiment, no secret)
    order = list(range(len(rows)))
    draw.shuffle(order)
    kinds = list(KINDS) if kind == MIXED else [kind]
    made = list(rows)
    for rank, at in enumerate(order[: round(share * len(rows))]):
        other = rows[order[(rank + 1) % len(rows)]]
        own = random.Random(f"{seed}:{rows[at].key}")  # noqa: S311 (the same)
        made[at] = spoiled(rows[at], other, KINDS[kinds[rank % len(kinds)]], own)
    return made


def spoiled(row: Example, other: Example, dirt: Dirt, draw: random.Random) -> Example:
    """One row with a fault in its last answer, under a key of its own."""
    at = max((place for place, turn in enumerate(row.turns) if turn.trained), default=None)
    if at is None:
        return row
    turn = row.turns[at]
    text = dirt.spoil(turn.content, row, other, draw)
    turns = (*row.turns[:at], Turn(turn.role, text, turn.trained), *row.turns[at + 1 :])
    made = replace(row, turns=turns)
    return replace(made, key=digest_of([made])[:16])
