"""Rows in which a planted value is said several times, in several spellings; always the same for a seed.

The values and the sentences around them are those on which the ``pii`` checks are measured; what is new is that the
value comes back in another turn, spelled in another way, and on both sides of a preference pair.
"""

from __future__ import annotations

import random
import re
from typing import Any, NamedTuple

from tests.evidence.pii_decoys import DECOYS
from tests.evidence.pii_numbers import KINDS, REAL
from tests.evidence.pii_rows import SAID


class Planted(NamedTuple):
    """A row, and what was planted in it: its kind (empty for a decoy) and every spelling of the value."""

    row: dict[str, Any]
    kind: str
    spellings: tuple[str, ...]


def planted(count: int, seed: int = 6) -> list[Planted]:
    """For each kind ``count`` rows that say a value three times, and ``count`` with a decoy."""
    rng = random.Random(seed)  # noqa: S311 (repeatable)
    rows = []
    for kind in KINDS:
        for number in range(count):
            rows.append(_row(rng, kind, REAL[kind](rng)))
            decoy = DECOYS[kind][number % len(DECOYS[kind])](rng)
            rows.append(Planted({"prompt": "What does the note say?", "completion": decoy}, "", ()))
    rng.shuffle(rows)
    return rows


def _row(rng: random.Random, kind: str, value: str) -> Planted:
    asked, _, sentence = rng.choice(SAID[kind]).rpartition("|")
    first = (f"{asked}\n" if asked else "") + sentence.replace("{}", value)
    again, last = respelled(rng, kind, value), respelled(rng, kind, value)
    if asked:
        messages = [
            {"role": "assistant", "content": asked},
            {"role": "user", "content": sentence.replace("{}", value)},
            {"role": "assistant", "content": f"Thank you. I have noted: {again}"},
            {"role": "user", "content": "Could you repeat it?"},
            {"role": "assistant", "content": f"{last}, as you said."},
        ]
        return Planted({"messages": messages}, kind, (value, again, last))
    if rng.random() < 0.5:
        row = {"prompt": first, "chosen": f"I noted {again}.", "rejected": f"{last}? I do not know."}
        return Planted(row, kind, (value, again, last))
    row = {"instruction": "Answer the mail.", "input": first, "output": f"We read ({again}).\n\n{last}"}
    return Planted(row, kind, (value, again, last))


def respelled(rng: random.Random, kind: str, value: str) -> str:
    """The same value as another hand would write it."""
    if kind == "email":
        return rng.choice([value.lower(), value.upper(), value])
    if kind in ("card", "iban"):
        plain = re.sub(r"[ -]", "", value)
        grouped = [plain[at : at + 4] for at in range(0, len(plain), 4)]
        return rng.choice([plain, " ".join(grouped), value])
    if kind in ("ssn", "nhs"):
        return rng.choice([re.sub(r"\D", "", value), re.sub(r"\D", " ", value), value])
    if kind == "phone":
        return _phone(rng, value)
    return value


def _phone(rng: random.Random, value: str) -> str:
    """Without blanks, and with a zero in place of the country code where that is the custom."""
    plain = re.sub(r"[^\d+]", "", value)
    home = re.sub(r"^\+(?:49|44|33)", "0", plain)
    home = re.sub(r"^\+(?:1|86)", "", home)
    return rng.choice([plain, home, value, f"{home[:4]}-{home[4:]}"])
