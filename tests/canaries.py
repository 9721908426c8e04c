"""Planted secrets and personal data that no output may show."""

from __future__ import annotations

import csv
import io
import json
import random
import string
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path


def canaries(count: int = 50, seed: int = 7) -> list[str]:
    """Secrets, card numbers and e-mail addresses, none of them real."""
    rng = random.Random(seed)  # noqa: S311 (not for secrets)

    def letters(n: int) -> str:
        return "".join(rng.choice(string.ascii_letters + string.digits) for _ in range(n))

    makers = (
        lambda: f"{letters(6).lower()}.{letters(5).lower()}@example-{letters(4).lower()}.org",
        lambda: _card(rng),
        lambda: "AKIA" + letters(16).upper(),
        lambda: "ghp_" + letters(36),
        lambda: "sk-" + letters(48),
    )
    return [makers[i % len(makers)]() for i in range(count)]


def _card(rng: random.Random) -> str:
    digits = [4, *(rng.randrange(10) for _ in range(14))]
    total = 0
    for place, digit in enumerate(reversed(digits)):
        doubled = digit * 2 if place % 2 == 0 else digit
        total += doubled - 9 if doubled > 9 else doubled
    digits.append(-total % 10)
    text = "".join(map(str, digits))
    return " ".join(text[i : i + 4] for i in range(0, 16, 4)) if rng.random() < 0.5 else text


def hosts(secret: str) -> tuple[dict[str, Any], ...]:
    """A secret in each place of a row that an output could show: prompts, answers, spans, ids, fields, roles."""
    return (
        {
            "instruction": f"Write to {secret} at once.",
            "input": "",
            "output": f"I wrote to {secret}.<|im_end|>",
        },
        {"instruction": "Sum it up.", "input": secret, "output": secret},
        {"instruction": "Sum it up.", "input": "", "output": f"Done \u200b {secret} \u0007 and more."},
        {"instruction": f"{secret} please", "input": "", "output": ""},
        {secret: "unknown", "id": secret},
        {
            "id": secret,
            "messages": [{"role": secret, "content": secret}, {"role": "user", "content": secret}],
        },
        {"instruction": "Call them", "input": "", "output": [secret]},
        {"instruction": "Ask", "input": "", "output": f"{secret} heiÃŸt {secret}"},
    )


def plant(path: Path, number: int, secret: str) -> None:
    """A small file with one secret in one kind of place, twice, and in a record that cannot be read."""
    shapes = hosts(secret)
    row = shapes[number % len(shapes)]
    if path.suffix == ".csv":
        out = io.StringIO()
        writer = csv.writer(out)
        writer.writerows(
            [["prompt", "completion", secret], [secret, f"{secret}<|im_end|>", secret], [secret, secret]]
        )
        path.write_text(out.getvalue(), "utf-8")
        return
    line = json.dumps(row, ensure_ascii=False)
    path.write_text(f'{line}\n{line}\n{{"instruction": "broken {secret}\n', "utf-8")
