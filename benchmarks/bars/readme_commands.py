"""The README's two commands on a fresh clone, and both a second time without a network."""

from __future__ import annotations

import os
import re
import subprocess
import tempfile
import time
from pathlib import Path

from benchmarks.bar import ROOT, Outcome

OFFLINE = {"PIP_NO_INDEX": "1", "HTTP_PROXY": "http://127.0.0.1:9", "HTTPS_PROXY": "http://127.0.0.1:9"}


def run() -> list[Outcome]:
    """Clone, run, run again offline."""
    report, test = re.findall(r"^(make \w+)", (ROOT / "README.md").read_text("utf-8"), re.MULTILINE)[:2]
    with tempfile.TemporaryDirectory() as folder:
        clone = Path(folder) / "clone"
        subprocess.run(["git", "clone", "--quiet", str(ROOT), str(clone)], check=True)
        return [
            _line(report, clone, {}, "rows in = "),
            _line(test, clone, {}, " passed"),
            _line(report, clone, OFFLINE, "rows in = "),
            _line(test, clone, OFFLINE, " passed"),
        ]


def _line(command: str, clone: Path, extra: dict[str, str], sign: str) -> Outcome:
    env = {
        k: v for k, v in os.environ.items() if k not in ("VIRTUAL_ENV", "MAKEFLAGS", "MFLAGS", "MAKELEVEL")
    }
    began = time.monotonic()
    done = subprocess.run(
        command.split(), cwd=clone, env=env | extra, capture_output=True, text=True, check=False
    )
    took = time.monotonic() - began
    held = done.returncode == 0 and sign in done.stdout
    how = "a second time, offline" if extra else "on a fresh clone"
    bar = "passes in ≤ 6 min" if "test" in command else "ends with the report"
    figure = f"exit {done.returncode}, {took:.0f} s" + (
        "" if held else f": {(done.stdout + done.stderr)[-300:]}"
    )
    return Outcome(f"{command} {how}", figure, bar, held and took <= 360)
