"""What the shipped suite for instruction data costs in Great Expectations, against curate's own checks of the same.

Three whole processes over T0 (55,185 rows), one worker each: a single check, so that reading is paid for; the seven
checks that say what the suite says; and the single check with the suite. The cost of checking is what is beyond the
first.
"""

from __future__ import annotations

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

LINE = "own checks on T0 against the same as a suite of Great Expectations, CPU"
BAR = "≥ 4×"


def run() -> list[Outcome]:
    """The ratio of whole commands, and of what checking adds to reading."""
    folder = real_data()
    if folder is None:
        return [needs_data(LINE, BAR)]
    suite = str(ROOT / "expectations" / "sft.json")
    with tempfile.TemporaryDirectory() as scratch:
        path = str(unpack_t0(folder, Path(scratch)))
        reading = _cpu(path, "--select", LEAST)
        own = _cpu(path, "--select", ",".join(SAME))
        theirs = _cpu(path, "--select", LEAST, "--expectations", suite)
    ratio = (theirs - reading) / max(own - reading, 0.01)
    figure = (
        f"{ratio:.1f}× ({own - reading:.2f} s and {theirs - reading:.2f} s beyond {reading:.2f} s for reading"
    )
    whole = f"; whole commands {own:.1f} s and {theirs:.1f} s, {theirs / own:.1f}×)"
    return [Outcome(LINE, figure + whole, BAR, ratio >= 4)]


def _cpu(path: str, *options: str) -> float:
    done = measure(curate("check", path, *options, "--workers", "1", "--quiet"))
    if done.code not in (0, 1):
        raise RuntimeError(done.stderr)
    return done.cpu
