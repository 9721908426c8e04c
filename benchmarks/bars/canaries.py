"""Planted secrets, card numbers and e-mail addresses appear in no output without ``--show-pii``."""

from __future__ import annotations

import html
import tempfile
from pathlib import Path

from benchmarks.bar import Outcome, curate, measure
from tests.canaries import canaries, plant


def run() -> list[Outcome]:
    """Every command and format; what is shown with ``--show-pii`` proves that the plants are seen at all."""
    secrets = canaries()
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        plant(folder / "data.jsonl", secrets)
        hidden = outputs(folder)
        shown = outputs(folder, "--show-pii")
    leaked = {name: [s for s in secrets if s in text] for name, text in hidden.items()}
    leaks = {name: len(found) for name, found in leaked.items() if found}
    visible = sum(any(secret in text for text in shown.values()) for secret in secrets)
    return [
        Outcome(
            "canaries shown in any output, stderr included",
            f"{sum(leaks.values())} of {len(secrets)} in {len(hidden)} outputs {leaks or ''}",
            "0",
            not leaks,
        ),
        Outcome("canaries shown with --show-pii (the control)", str(visible), "> 0", visible > 0),
    ]


def outputs(folder: Path, *flags: str) -> dict[str, str]:
    """What each command prints or writes."""
    data, page, found = (str(folder / name) for name in ("data.jsonl", "page.html", "found.jsonl"))
    commands = {
        "report": ["report", data, "--html", page, "--findings", found],
        "report --json": ["report", data, "--json"],
        "check": ["check", data],
        "check --json": ["check", data, "--json"],
        "unknown check": ["check", data, "--select", "nothing"],
    }
    texts = {}
    for name, arguments in commands.items():
        done = measure(curate(*arguments, *flags))
        texts[name] = done.stdout + done.stderr
    texts["html"] = html.unescape(Path(page).read_text("utf-8"))
    texts["findings"] = Path(found).read_text("utf-8")
    return texts
