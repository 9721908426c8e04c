"""Killing a command at random moments: what stands where its output should be, then and after another call."""

from __future__ import annotations

import json
import random
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path

from tests.engines.run_lab import files, row

OLD = b"an older result\n"
"""What stands where ``fix`` and ``dedup`` write, and may be overwritten."""

COMMANDS = {
    "fix": ["fix", "data.jsonl", "-o", "out/clean.jsonl", "--force", "-q"],
    "dedup": ["dedup", "data.jsonl", "-o", "out/clean.jsonl", "--force", "-q"],
    "run": ["run", "data.jsonl", "-o", "out", "--split", "80/20", "-q"],
}

GRAMMAR = "harper" if find_spec("harper") else "off"
"""Grammar is on where its engine is installed: its processes must not outlive, or hold back, a kill."""

PLAN = f'[fix]\ngrammar = "{GRAMMAR}"\n'
ROWS = 400


@dataclass
class Killed:
    """What was seen.

    Attributes:
        moments: how often the command was killed before it had ended.
        half: files that were neither the old ones nor the new ones, and locks beside files that do not fit.
        published: kills after which all of the new files stood there.
        resumed: runs that were called again, and how many of them took over a step.
        other: runs that did not end in the same bytes.
    """

    moments: int = 0
    half: list[str] = field(default_factory=list)
    published: int = 0
    resumed: int = 0
    took_over: int = 0
    other: int = 0


def kill(name: str, moments: int, folder: Path, seed: int = 5) -> Killed:
    """Kill a command so often, at moments that are spread over its whole time, each in a part of its own."""
    dice, seen = random.Random(seed), Killed()  # noqa: S311 (repeatable)
    whole = _prepared(folder / "whole", name)
    began = time.monotonic()
    _started(name, whole).wait()
    length = time.monotonic() - began
    new = files(whole / "out")
    for number in range(10 * moments):
        if seen.moments >= moments:
            break
        here = _prepared(folder / str(number), name)
        process = _started(name, here)
        time.sleep(length * (number % moments + dice.random()) / moments)
        is_early = process.poll() is None
        process.kill()
        process.wait()
        if is_early:
            _look(name, here, new, seen)
        shutil.rmtree(here)
    return seen


def _look(name: str, here: Path, new: dict[str, bytes], seen: Killed) -> None:
    seen.moments += 1
    there = {
        one: data for one, data in files(here / "out").items() if not Path(one).parts[0].startswith(".curate")
    }
    there = {one: data for one, data in there.items() if not Path(one).name.startswith(".curate-")}
    old = {} if name == "run" else {"clean.jsonl": OLD}
    seen.half += [one for one, data in there.items() if data not in (new.get(one), old.get(one))]
    if "curate.lock.json" in there and there != new:
        seen.half.append("curate.lock.json")
    seen.published += there == new
    if name != "run" or there == new:
        return
    _started(name, here).wait()
    seen.resumed += 1
    seen.took_over += b"Taken over" in (here / "said").read_bytes()
    seen.other += files(here / "out") != new


def _prepared(folder: Path, name: str) -> Path:
    """A folder with the data, and with an older result."""
    (folder / "out").mkdir(parents=True)
    rows = [
        row(f"What does paragraph {n} of the lease say?", f"It says that item {n} is due.")
        for n in range(ROWS)
    ]
    rows += [row(f"Who signs page {n}?", f"The tenant signs page {n}.<|im_end|>") for n in range(ROWS // 4)]
    rows += rows[:50]
    (folder / "data.jsonl").write_bytes(b"".join(json.dumps(one).encode() + b"\n" for one in rows))
    (folder / "curate.toml").write_text(PLAN)
    if name != "run":
        (folder / "out" / "clean.jsonl").write_bytes(OLD)
    return folder


def _started(name: str, folder: Path) -> subprocess.Popen[bytes]:
    code = "from curate.cli.main import main; main()"
    with (folder / "said").open("wb") as said:
        return subprocess.Popen(
            [sys.executable, "-c", code, *COMMANDS[name]], cwd=folder, stdout=said, stderr=subprocess.STDOUT
        )
