"""Planted secrets, card numbers and e-mail addresses appear in no output without ``--show-pii``."""

from __future__ import annotations

import contextlib
import html
import io
import tempfile
from pathlib import Path

from benchmarks.bar import Outcome
from curate.cli.main import main
from tests.canaries import canaries, plant

OUTPUTS = (
    ("report", ["report", "DATA", "--full", "--html", "page.html", "--findings", "found.jsonl"]),
    ("report --json", ["report", "DATA", "--json"]),
    ("check", ["check", "DATA", "--findings", "found.csv"]),
    ("check --json", ["check", "DATA", "--json"]),
    ("drop", ["drop", "DATA", "-o", "kept.SUFFIX", "--force"]),
    ("dedup", ["dedup", "DATA", "-o", "unique.SUFFIX", "--force", "--threshold", "0.1"]),
    ("fix --dry-run", ["fix", "DATA", "--dry-run"]),
    ("fix", ["fix", "DATA", "-o", "fixed.SUFFIX", "--force"]),
    ("convert", ["convert", "DATA", "--to", "messages", "-o", "other.jsonl", "--force"]),
    ("unknown check", ["check", "DATA", "--select", "nothing"]),
)
WRITTEN = ("page.html", "found.jsonl", "found.csv")
"""Files that are outputs; what drop, fix and convert write is the data itself."""


def run() -> list[Outcome]:
    """One small file a canary, JSON lines and CSV, through every command."""
    secrets = canaries()
    leaks: dict[str, int] = {}
    seen = 0
    with tempfile.TemporaryDirectory() as scratch, contextlib.chdir(scratch):
        for number, secret in enumerate(secrets):
            seen += any(secret in text for _, text in shown(number, secret, "--show-pii"))
            for name, text in shown(number, secret):
                leaks[name] = leaks.get(name, 0) + (secret in text)
    leaking = {name: count for name, count in leaks.items() if count}
    figure = f"{sum(leaking.values())} of {len(secrets)} × {len(leaks)} outputs {leaking or ''}"
    return [
        Outcome("canaries shown in any output, stderr included", figure.strip(), "0", not leaking),
        Outcome(
            "canaries shown with --show-pii (the control)",
            f"{seen} of {len(secrets)}",
            "all",
            seen == len(secrets),
        ),
    ]


def shown(number: int, secret: str, *flags: str) -> list[tuple[str, str]]:
    """What each command prints and writes about a planted file."""
    texts = []
    for suffix in ("jsonl", "csv"):
        path = Path(f"data.{suffix}")
        plant(path, number, secret)
        for name, command in OUTPUTS:
            words = [str(path) if word == "DATA" else word.replace("SUFFIX", suffix) for word in command]
            takes = flags if name != "convert" else ()
            texts.append((f"{name} ({suffix})", _run([*words, *takes])))
            texts += [(f"{name}: {file}", _taken(Path(file))) for file in WRITTEN if Path(file).exists()]
    return texts


def _run(arguments: list[str]) -> str:
    """What a command prints, on both streams."""
    printed = io.StringIO()
    with (
        contextlib.redirect_stdout(printed),
        contextlib.redirect_stderr(printed),
        contextlib.suppress(SystemExit),
    ):
        main(arguments)
    return printed.getvalue()


def _taken(path: Path) -> str:
    """A file's text, once."""
    text = html.unescape(path.read_text("utf-8"))
    path.unlink()
    return text
