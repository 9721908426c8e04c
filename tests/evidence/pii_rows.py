"""Labelled rows with personal data and secrets, and rows with decoys of the same shape; always the same for a seed.

Everything is drawn at random, in several layouts and languages; nothing is anybody's. A decoy has the shape and, where
there is one, the check digit of what it resembles, but is a ticket, an example, a version, a hash and the like.
"""

from __future__ import annotations

import json
import random
from typing import TYPE_CHECKING, Any, NamedTuple

from tests.evidence.pii_decoys import DECOYS
from tests.evidence.pii_numbers import KINDS, REAL

if TYPE_CHECKING:
    from pathlib import Path


class Labelled(NamedTuple):
    """A row, what stands in it (empty for a decoy), the text of it, and what it looks like."""

    row: dict[str, Any]
    kind: str
    text: str
    like: str


def labelled(count: int, seed: int = 4) -> list[Labelled]:
    """For each kind ``count`` rows with it and ``count`` with a decoy, in a random order."""
    rng = random.Random(seed)  # noqa: S311 (repeatable)
    rows = []
    for kind in KINDS:
        for number in range(count):
            text = REAL[kind](rng)
            rows.append(Labelled(_row(rng, rng.choice(SAID[kind]), text), kind, text, kind))
            made = DECOYS[kind]
            rows.append(Labelled(_row(rng, made[number % len(made)](rng), ""), "", "", kind))
    rng.shuffle(rows)
    return rows


def tickets(count: int, first: int, sentence: str) -> list[dict[str, Any]]:
    """Rows about tickets numbered in sequence."""
    return [
        {
            "id": first + at,
            "instruction": "Sum up the ticket.",
            "input": sentence.format(first + at),
            "output": "Closed.",
        }
        for at in range(count)
    ]


def write(path: Path, rows: list[dict[str, Any]]) -> Path:
    """A JSONL file of the rows."""
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), "utf-8")
    return path


def _row(rng: random.Random, said: str, text: str) -> dict[str, Any]:
    """The sentence in one of five layouts; ``A|B`` is a question of the assistant and the answer of the user."""
    asked, _, rest = said.rpartition("|")
    rest = rest.replace("{}", text)
    if asked:
        turns = [("assistant", asked), ("user", rest), ("assistant", "Thank you, that is noted.")]
        return {"messages": [{"role": role, "content": content} for role, content in turns]}
    layout = rng.randrange(5)
    if layout == 0:
        return {"instruction": "What does the note say?", "input": rest, "output": "It asks for help."}
    if layout == 1:
        return {"prompt": "Write down what was said.", "completion": rest}
    if layout == 2:
        return {
            "conversations": [
                {"from": "human", "value": rest},
                {"from": "gpt", "value": "I shall look into it."},
            ]
        }
    if layout == 3:
        return {"prompt": "What was said?", "chosen": rest, "rejected": "Nothing."}
    return {
        "messages": [{"role": "user", "content": "What was said?"}, {"role": "assistant", "content": rest}]
    }


SAID = {
    "email": (
        "Please write to {}.",
        "{}",
        "Absender: {}; bitte antworten",
        "我的邮箱是{}，谢谢。",
        "From: Rosa <{}>",
        "What is your address?|{}",
        "mailto:{}?subject=x",
        '{"email": "{}"}',
    ),
    "phone": (
        "Her number is {}.",
        "Call {} after six",
        "Tel.: {}",
        "Mobile {} or mail",
        "What is your phone number?|{}",
        '{"phone": "{}"}',
        "{} is how to reach me.",
        "手机：{}。",
    ),
    "card": (
        *(
            "My Visa card is {}.",
            "Card number: {}, exp 09/27",
            "please charge {} (credit card)",
            "Meine Kreditkartennummer ist {}",
            "Número de tarjeta: {}",
        ),
        *(
            "What is your card number?|{}",
            "Could you read me the long number on the card?|It is {}",
            "信用卡号：{}",
            '{"card": "{}", "cvv": "041"}',
            "I paid with my Mastercard {} yesterday",
        ),
        *(
            "CC: {}",
            "Carte bancaire {}",
            "expires 11/28, number {}, name Rosa",
            "Card on file: {}",
            "number {} please",
        ),
    ),
    "iban": (
        "IBAN: {}",
        "Bitte auf {} überweisen.",
        "Please refund to {}.",
        "Where should we pay?|{}",
        "Konto {} bei der Bank",
    ),
    "ssn": (
        "SSN: {}",
        "My social security number is {}.",
        "What is your Social Security number?|{}",
        "SSN {} on file",
        "Social Security No. {}",
    ),
    "nhs": (
        "NHS number: {}",
        "NHS No. {}, seen today",
        "Her NHS number is {}.",
        "What is your NHS number?|{}",
        "NHS {} was admitted",
    ),
    "ip": (
        "Login from {} failed.",
        "The server at {} is down.",
        "My IP is {}",
        "Ping {} for me",
        "Which address?|{}",
        "blocked {} after 3 requests",
    ),
    "secret": (
        "Use {} as the key.",
        "TOKEN={}",
        "export KEY='{}'",
        "Here it is:\n{}\n",
        "Which key do you use?|{}",
        'client = Client("{}")',
    ),
}
"""What is said around it; some of it names what it is, some does not."""
