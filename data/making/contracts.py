"""Clean rows of the contracts corpus: a clause, a task, and an answer that says what the clause says.

A row takes one of the hand-written variants of a clause, at most two riders (further sentences, each with
its own summary), a task, and values for the slots. Clause and answer are filled from the same values, which
keeps every amount, date and name of the answer true to the clause.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from making.alike import Apart
from making.dice import Dice
from making.slots import Slots, names, texts

Row = dict[str, Any]

TASKS = ("summary", "plain", "question", "items", "summary", "plain", "items", "question")
"""The tasks of one variant, in the order in which its rows use them."""

LIMIT = 0.5
"""Two clean rows share less than this part of their word sequences."""

STEMS = ("contracts_1", "contracts_2", "contracts_3", "contracts_4")

_ABBREVIATED = re.compile(r"(?<=\bInc)\.\.|(?<=\bCo)\.\.|(?<=[ap]\.m)\.\.")
"""A name that ends in a full stop, at the end of a sentence."""

_ARTICLE = re.compile(r"\b([Aa]) (?=[$£]?(?:8|1[18](?!\d)))")
"""An article before eight, eleven or eighteen."""

_US_DATE = re.compile(r"\b([A-Z][a-z]+) (\d{1,2}), (20\d\d)\b")


def clean_contracts(count: int) -> list[Row]:
    """So many different rows; the order mixes clauses and tasks."""
    asks = texts("contracts_asks")
    clauses = [clause for stem in STEMS for clause in texts(stem)["clause"]]
    plan = [(clause, variant) for clause in clauses for variant in clause["variant"]]
    apart = Apart(LIMIT)
    rows: list[Row] = []
    turn = 0
    while len(rows) < count:
        dice = Dice(f"contracts/{turn}")
        clause, variant = plan[turn % len(plan)]
        task = TASKS[(turn // len(plan) + turn) % len(TASKS)]
        turn += 1
        row = _row(clause, variant, task, asks, dice)
        if apart.take(f"{row['instruction']}\n{row['input']}", row["output"]):
            rows.append(row)
    return Dice("contracts/order").shuffled(rows)


def general_rows() -> list[Row]:
    """Hand-written questions that come without a clause."""
    return [
        {"clause": row["clause"], "instruction": row["instruction"], "input": "", "output": row["output"]}
        for row in texts("contracts_extra")["general"]
    ]


def mix(rows: list[Row], few: list[Row]) -> list[Row]:
    """The rows with the few others spread among them."""
    mixed = list(rows)
    step = len(rows) // len(few)
    for at, row in enumerate(few):
        mixed.insert(at * (step + 1) + step // 2, row)
    return mixed


def finish(row: Row, number: int) -> Row:
    """The row with its metadata in front, as the law offices deliver it."""
    dice = Dice(f"contracts/finish/{number}")
    return {
        "id": f"RE-{number:04d}",
        "source": dice.pick(names()["source"]),
        "clause": row["clause"],
        "annotator": dice.pick(names()["annotator"]),
        "score": dice.pick((3.5, 4.0, 4.5, 5.0)),
        "instruction": row["instruction"],
        "input": row["input"],
        "output": row["output"],
    }


@dataclass(frozen=True)
class Draft:
    """A clause and its riders, filled in; what a task needs to write an instruction and an answer."""

    noun: str
    variant: Row
    slots: Slots
    riders: list[Row]
    dice: Dice

    def ask(self, wordings: list[str]) -> str:
        """One of the wordings of an instruction."""
        return self.dice.pick(wordings).replace("{noun}", self.noun)


def _row(clause: Row, variant: Row, task: str, asks: Row, dice: Dice) -> Row:
    slots = Slots(dice.child("slots"))
    riders = dice.child("riders").shuffled(clause["rider"])[: 1 + dice.below(2)]
    filled = [{part: _rider_slots(dice, rider).fill(rider[part]) for part in rider} for rider in riders]
    text = " ".join([slots.fill(variant["text"]), *(rider["text"] for rider in filled)])
    draft = Draft(clause["noun"], variant, slots, filled, dice.child("task"))
    instruction, output = _TASKS[task](draft, asks)
    if "£" in text:
        text, output = (_US_DATE.sub(r"\2 \1 \3", part) for part in (text, output))
    text, output = (_ARTICLE.sub(r"\1n ", _ABBREVIATED.sub(".", part)) for part in (text, output))
    return {"clause": clause["name"], "instruction": instruction, "input": text, "output": output}


def _rider_slots(dice: Dice, rider: Row) -> Slots:
    return Slots(dice.child(rider["text"]))


def _summary(draft: Draft, asks: Row) -> tuple[str, str]:
    return draft.ask(asks["summary"]), _prose(draft, "summary")


def _plain(draft: Draft, asks: Row) -> tuple[str, str]:
    return draft.ask(asks["plain"]), _prose(draft, "plain")


def _prose(draft: Draft, kind: str) -> str:
    return " ".join([draft.slots.fill(draft.variant[kind]), *(rider["say"] for rider in draft.riders)])


def _items(draft: Draft, asks: Row) -> tuple[str, str]:
    items = [draft.slots.fill(item) for item in draft.variant["items"]]
    items += [rider["item"] for rider in draft.riders]
    style = draft.dice.pick(("bullets", "bullets", "numbered", "oneline"))
    if style == "oneline":
        return draft.ask(asks[style]), "; ".join(item.replace("; ", ", ") for item in items) + "."
    marks = [f"{at}." if style == "numbered" else "-" for at in range(1, len(items) + 1)]
    return draft.ask(asks[style]), "\n".join(
        f"{mark} {item}" for mark, item in zip(marks, items, strict=True)
    )


def _question(draft: Draft, asks: Row) -> tuple[str, str]:
    ask = draft.ask(asks["question"]).replace("{ask}", draft.slots.fill(draft.variant["ask"]))
    return ask, draft.slots.fill(draft.variant["answer"])


_TASKS = {"summary": _summary, "plain": _plain, "items": _items, "question": _question}
