"""What the shipped suite for instruction data costs in Great Expectations, against curate's own checks of the same.

Whole processes over T0 (55,185 rows), one worker each: a single check, so that reading is paid for; the seven checks
that say what the suite says; the single check with the suite; and the suite in a plain script, over a frame that is
made before and not counted. The cost of checking is what is beyond the first. All run with their byte code compiled.
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

from benchmarks.bar import ROOT, Outcome, curate, measure, needs_data, real_data
from benchmarks.bars.t0_report import unpack_t0

LEAST = "schema.no-target"
SAME = (
    LEAST,
    "schema.empty-answer",
    "template.leaked-token",
    "duplicate.exact",
    "prompt.empty",
    "schema.ends-with-user",
    "length.too-long",
)
"""The checks that ask what ``expectations/sft.json`` asks, beside whether there is a row at all."""

SUITE = str(ROOT / "expectations" / "sft.json")
PLAIN = str(ROOT / "examples" / "plain_great_expectations.py")

LINE = "own checks on T0 against the same as a suite of Great Expectations, CPU beyond reading"
WHOLE = "the same, whole commands"
SCRIPT = "own checks, reading included, against the suite in a plain script over a frame at hand, CPU"
BARS = {LINE: 4.0, WHOLE: 3.0, SCRIPT: 2.0}


def run() -> list[Outcome]:
    """The ratio of what checking adds to reading, and of whole commands."""
    folder = real_data()
    if folder is None:
        return [needs_data(line, _told(bar)) for line, bar in BARS.items()]
    with tempfile.TemporaryDirectory() as scratch:
        lab = _Lab(Path(scratch), str(unpack_t0(folder, Path(scratch))))
        reading = lab.check("--select", LEAST)
        own = lab.check("--select", ",".join(SAME))
        theirs = lab.check("--select", LEAST, "--expectations", SUITE)
        script = lab.script()
    return [
        _outcome(LINE, theirs - reading, own - reading, f" beyond {reading:.2f} s for reading"),
        _outcome(WHOLE, theirs, own, ""),
        _outcome(SCRIPT, script, own, ""),
    ]


def _outcome(line: str, theirs: float, own: float, more: str) -> Outcome:
    ratio = theirs / max(own, 0.01)
    figure = f"{ratio:.1f}× ({own:.2f} s and {theirs:.2f} s{more})"
    return Outcome(line, figure, _told(BARS[line]), ratio >= BARS[line])


def _told(bar: float) -> str:
    return f"≥ {bar:g}×"


class _Lab:
    """Runs commands on T0; the first run of each compiles, the second counts."""

    def __init__(self, scratch: Path, data: str) -> None:
        self._data = data
        self._frame = str(scratch / "t0.parquet")
        self._env = {**os.environ, "PYTHONDONTWRITEBYTECODE": "", "PYTHONPYCACHEPREFIX": str(scratch / "pyc")}

    def check(self, *options: str) -> float:
        """CPU seconds of ``curate check``."""
        return self._second(curate("check", self._data, *options, "--workers", "1", "--quiet"))

    def script(self) -> float:
        """CPU seconds of the plain script."""
        self._second(curate("expectations", "frame", self._data, "-o", self._frame, "--force", "--quiet"))
        return self._second([sys.executable, PLAIN, self._frame, "--suite", SUITE])

    def _second(self, command: list[str]) -> float:
        cpu = 0.0
        for _ in range(2):
            done = measure(command, env=self._env)
            if done.code not in (0, 1):
                raise RuntimeError(done.stderr)
            cpu = done.cpu
        return cpu
