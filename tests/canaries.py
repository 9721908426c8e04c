"""Planted secrets and personal data that no output may show."""

from __future__ import annotations

import json
import random
import string
from typing import TYPE_CHECKING

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


def plant(path: Path, secrets: list[str]) -> None:
    """One canary in each place that an output could show: prompts, answers, spans, ids, fields, broken records."""
    lines = []
    for i, secret in enumerate(secrets):
        shapes = (
            {
                "instruction": f"Write to {secret} at once.",
                "input": "",
                "output": f"I wrote to {secret}.<|im_end|>",
            },
            {"instruction": f"Sum up {i}.", "input": secret, "output": secret},
            {"instruction": f"Sum up {i}.", "input": "", "output": f"Done \u200b {secret} \u0007 and more."},
            {"instruction": f"{secret} please", "input": "", "output": ""},
            {secret: "unknown", "id": secret},
            {
                "id": secret,
                "messages": [{"role": secret, "content": secret}, {"role": "user", "content": secret}],
            },
            {"instruction": f"Call {i}", "input": "", "output": [secret]},
        )
        lines.append(json.dumps(shapes[i % len(shapes)], ensure_ascii=False))
        if i % 9 == 0:
            lines.append(f'{{"instruction": "broken {secret}')
        if i % 11 == 0:
            lines += [lines[-1], lines[-1]]
    path.write_text("\n".join(lines) + "\n", "utf-8")
