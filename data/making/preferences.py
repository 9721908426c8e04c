"""Pairs of a better and a worse answer about a clause: the worse one says the same with wrong figures."""

from __future__ import annotations

import re
from copy import deepcopy
from typing import Any

from making.contracts import clean_contracts
from making.dice import Dice
from making.plant import Fault, Plant, Spoiled, change, copy, dump, field, spare
from making.slots import names, texts

Row = dict[str, Any]

CHOSEN, REJECTED = field("chosen"), field("rejected")

_NUMBER = re.compile(r"(?<![\d.,])[1-9]\d{0,2}(?![\d.,]*\d)")
"""A whole number of up to three digits that stands alone."""

_LEAST = 2
"""Figures that an answer must have to be turned into a worse one."""


def clean_pairs(count: int, taken: int) -> list[Row]:
    """So many pairs, about rows that come after the first ``taken`` of the contracts corpus."""
    used = {dump(row) for row in clean_contracts(taken)}
    rows = [row for row in clean_contracts(taken + 2 * count) if dump(row) not in used]
    pairs = [_pair(row, Dice(f"preferences/{number}")) for number, row in enumerate(rows)]
    return [pair for pair in pairs if pair is not None][:count]


def _pair(row: Row, dice: Dice) -> Row | None:
    given = set(_NUMBER.findall(row["input"]))
    figures = [figure for figure in _NUMBER.findall(_unnumbered(row["output"])) if figure in given]
    if len(set(figures)) < _LEAST:
        return None
    worse = row["output"]
    for figure in sorted(set(figures)):
        other = str(int(figure) + 1 + dice.below(max(2, int(figure) // 2)))
        worse = re.sub(rf"(?<![\d.,]){figure}(?![\d.,]*\d)", other, worse)
    prompt = f"{row['instruction']}\n\n{row['input']}"
    return {"clause": row["clause"], "prompt": prompt, "chosen": row["output"], "rejected": worse}


def _unnumbered(text: str) -> str:
    """The answer without the numbers of its list."""
    return re.sub(r"(?m)^\d+\. ", "", text)


def finish(row: Row, number: int) -> Row:
    """The row with its metadata in front."""
    dice = Dice(f"preferences/finish/{number}")
    rest = {name: value for name, value in row.items() if name != "clause"}
    return {
        "id": f"PR-{number:03d}",
        "annotator": dice.pick(names()["annotator"]),
        "clause": row["clause"],
        **rest,
    }


def plants() -> list[Plant]:
    """All of them, and the look-alikes that must be spared."""
    refusals = ("I'm sorry, but I can't help with legal documents.", "I cannot assist with that request.")
    return [
        *(_identical(note, make) for note, make in _SAME),
        *(
            change(
                "preference.refusal-preferred",
                CHOSEN,
                lambda _, text=text: text,
                "the refusal is preferred",
                wants=_plain,
            )
            for text in refusals
        ),
        *(_other_prompt(note) for note in ("the rejected side is about another question",) * 2),
        *(
            copy("preference.conflict", _turned, "an earlier pair the other way round", wants=lambda _: True)
            for _ in range(2)
        ),
        *(spare(row, row.pop("note")) for row in texts("preferences_extra")["spare"]),
    ]


def _plain(row: Row) -> bool:
    """Nothing in the prompt could ask for the words of others, which may be a refusal."""
    return not any(word in row["prompt"].lower() for word in ("writ", "letter", "translate"))


def with_twins(data: bytes, truth: list[Row]) -> tuple[bytes, list[Row]]:
    """The truth with what comes along: a pair turned round prefers the wrong figures, and contradicts the other."""
    twins = {
        "preference.conflict": (("duplicate.conflict", ""), ("answer.ungrounded", "/chosen")),
        "preference.refusal-preferred": (("answer.refusal", "/chosen"),),
    }
    told = []
    for entry in truth:
        more = twins.get(entry["check"], ())
        told += [entry, *({**entry, "check": check, "at": at} for check, at in more)]
    return data, told


_SAME = (
    ("both sides are the same", lambda text: text),
    ("both sides are the same but for white space", lambda text: text + " \n"),
)


def _identical(note: str, make: Any) -> Plant:  # noqa: ANN401 - a function of a text
    def spoil(row: Row) -> Spoiled:
        same = {**row, "rejected": make(row["chosen"])}
        return Spoiled(dump(same), (Fault("preference.identical", "", None, note),))

    return Plant("preference.identical", spoil)


def _other_prompt(note: str) -> Plant:
    """The pair as two lists of messages, whose first messages differ."""

    def spoil(row: Row) -> Spoiled:
        chat = deepcopy(row)
        asked = chat.pop("prompt")
        other = "Which of the parties signed first?\n\n" + asked.partition("\n\n")[2]
        for side, prompt in (("chosen", asked), ("rejected", other)):
            chat[side] = [{"role": "user", "content": prompt}, {"role": "assistant", "content": row[side]}]
        return Spoiled(dump(chat), (Fault("preference.differing-prompts", "", None, note),))

    return Plant("preference.differing-prompts", spoil)


def _turned(row: Row) -> Row:
    return {**row, "chosen": row["rejected"], "rejected": row["chosen"]}
