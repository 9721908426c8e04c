"""What ``make train-demo`` showed: on the sample corpus, and once on questions of GSM8K, which is no sample of ours.

The demonstration takes minutes, and goes on where it was stopped. ``python -m benchmarks.bars.train_demo`` runs both
(``--anew`` from the beginning) and stores their figures under ``benchmarks/results``; the bar judges what is stored.
"""

from __future__ import annotations

import json
import shutil
import sys
from typing import TYPE_CHECKING, Any

from benchmarks.bar import ROOT, Outcome, real_data

if TYPE_CHECKING:
    from pathlib import Path

STORED = ROOT / "benchmarks" / "results" / "train_demo.json"
OUT = ROOT / "out"
MINUTES = 15
"""Of CPU time: on an idle machine the demonstration takes no longer by the clock."""
GSM8K_ROWS = 400
"""Lines of the training file that are taken."""


def run() -> list[Outcome]:
    """The stored figures of each corpus."""
    stored: dict[str, Any] = json.loads(STORED.read_text("utf-8")) if STORED.is_file() else {}
    told: list[Outcome] = []
    for name in ("sample corpus", "GSM8K"):
        if name not in stored:
            bar = "run: python -m benchmarks.bars.train_demo"
            told.append(Outcome(f"train-demo on the {name}", "not run", bar, None))
        else:
            told += _judged(name, stored[name])
    return told


def _judged(name: str, found: dict[str, Any]) -> list[Outcome]:
    nll = found["measures"]["nll"]
    low, high = nll["difference"]["low"], nll["difference"]["high"]
    moved = f"{nll['first']['value']:.3f} → {nll['second']['value']:.3f} ({low:+.3f} to {high:+.3f})"
    others = ", ".join(
        f"{title} {one['first']['value']:.1f} [{one['first']['low']:.1f}, {one['first']['high']:.1f}] → "
        f"{one['second']['value']:.1f} [{one['second']['low']:.1f}, {one['second']['high']:.1f}]"
        for title, one in (("chrF", found["measures"]["chrf"]), ("ROUGE-L", found["measures"]["rougeL"]))
    )
    merged = found["merged"]
    off = abs(merged["merged_nll"] - merged["adapter_nll"])
    same, asked = found["same_answers"]
    busy, wall = (sum(found[one].values()) / 60 for one in ("cpu_seconds", "seconds"))
    return [
        Outcome(f"{name}: held-out answer NLL, {found['asked']} rows", moved, "interval below 0", high < 0),
        Outcome(f"{name}: before and after, with intervals", others, "told", held=True),
        Outcome(
            f"{name}: merged model against adapter",
            f"{same} of {asked} answers equal, NLL differs by {off:.1e}",
            "all, < 1e-3",
            same == asked and off < 1e-3,
        ),
        Outcome(
            f"{name}: bundle replays offline",
            found["replay"],
            "all",
            found["replay"].startswith(f"{asked} of {asked}"),
        ),
        Outcome(
            f"{name}: CPU minutes of all steps",
            f"{busy:.1f} (by the clock {wall:.1f}, on {found['machine']})",
            f"≤ {MINUTES}",
            busy <= MINUTES,
        ),
    ]


def store(name: str, data: list[Path], out: Path) -> None:
    """Run the demonstration, or what is left of it, and keep its figures."""
    from curate_train.demo import demonstrate, tell  # noqa: PLC0415 (loads what trains)

    found = {**demonstrate(data, out), "machine": _machine()}
    print(tell(found, out))
    stored = json.loads(STORED.read_text("utf-8")) if STORED.is_file() else {}
    STORED.write_text(json.dumps({**stored, name: found}, indent=1, ensure_ascii=False) + "\n", "utf-8")


def _machine() -> str:
    """How many CPUs, how many threads were used, and how busy the machine was with other work."""
    import os  # noqa: PLC0415 (only here)

    import torch  # noqa: PLC0415 (only here)

    load = os.getloadavg()[2]
    return (
        f"{os.cpu_count()} CPUs, {torch.get_num_threads()} threads, load {load:.1f} over the last 15 minutes"
    )


def gsm8k(folder: Path) -> Path:
    """The first questions of GSM8K with their worked answers, as prompt and completion."""
    file = OUT / "gsm8k" / "gsm8k.jsonl"
    file.parent.mkdir(parents=True, exist_ok=True)
    source = next(iter(sorted(folder.glob("gsm8k/*train*.jsonl"))))
    lines = source.read_text("utf-8").splitlines()[:GSM8K_ROWS]
    rows = ({"prompt": one["question"], "completion": one["answer"]} for one in map(json.loads, lines))
    file.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), "utf-8")
    return file


if __name__ == "__main__":
    if "--anew" in sys.argv:
        shutil.rmtree(OUT / "train-demo", ignore_errors=True)
    store("sample corpus", [ROOT / "data" / "contracts.jsonl"], OUT / "train-demo")
    data = real_data()
    if data is not None:
        store("GSM8K", [gsm8k(data)], OUT / "train-demo-gsm8k")
