"""The report of T0: 55,185 rows, 65 MB. Its time against polars' parse, its memory, and what it leads with."""

from __future__ import annotations

import json
import os
import statistics
import sys
import tempfile
from pathlib import Path

import zstandard

from benchmarks.bar import Outcome, curate, measure, needs_data, real_data

RUNS = 3
PARSE = """
import sys
from resource import RUSAGE_SELF, getrusage
import polars
before = getrusage(RUSAGE_SELF)
polars.read_ndjson(sys.argv[1])
after = getrusage(RUSAGE_SELF)
print(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
"""


def run() -> list[Outcome]:
    """CPU of whole processes, children included; polars' parse alone, in the same run."""
    folder = real_data()
    if folder is None:
        return [needs_data("whole default report of T0", "≤ 12 s CPU, ≤ 75× polars' parse, < 1 GB")]
    with tempfile.TemporaryDirectory() as scratch:
        path = unpack_t0(folder, Path(scratch))
        reports = [measure(curate("report", str(path), "--json", "--quiet")) for _ in range(RUNS)]
        parses = [float(measure([sys.executable, "-c", PARSE, str(path)]).stdout) for _ in range(RUNS)]
        lead = json.loads(reports[0].stdout)["problems"][0]
        few = _lead_of_few_leaks(Path(scratch))
    cpu = statistics.median(done.cpu for done in reports)
    parse = statistics.median(parses)
    peak = max(done.peak_mib for done in reports)
    return [
        Outcome("whole default report of T0, CPU", f"{cpu:.1f} s", "≤ 12 s", cpu <= 12),
        Outcome(
            "the same against polars' parse of the file",
            f"{cpu / parse:.0f}× ({parse:.3f} s)",
            "≤ 75×",
            cpu / parse <= 75,
        ),
        Outcome("peak memory of the largest process", f"{peak:.0f} MiB", "< 1 GB", peak < 1e9 / 2**20),
        Outcome(
            "what the report of T0 leads with",
            f"{lead['check']} {lead['top'][0]}",
            "the leaked <|endoftext|>",
            lead["check"] == "template.leaked-token" and lead["top"][0][0] == "<|endoftext|>",
        ),
        Outcome(
            "what a file with 3 leaks and 12 % empty answers leads with",
            few,
            "schema.empty-answer",
            few == "schema.empty-answer",
        ),
    ]


def unpack_t0(folder: Path, scratch: Path) -> Path:
    """T0 as plain JSON lines."""
    path = scratch / "t0.jsonl"
    with (folder / "selfinstruct" / "t0_55k.jsonl.zst").open("rb") as packed, path.open("wb") as plain:
        zstandard.ZstdDecompressor().copy_stream(packed, plain)
    return path


def _lead_of_few_leaks(scratch: Path) -> str:
    """1,000 distinct rows, 3 with a leaked token, 120 without an answer."""
    rows = []
    for i in range(1000):
        answer = f"Clause {i} lets the tenant end the lease after {i + 30} days' notice to the landlord."
        answer = "" if i % 25 < 3 else answer + ("<|endoftext|>" if i in (100, 501, 903) else "")
        rows.append({"prompt": f"Sum up clause {i} of the lease.", "completion": answer})
    path = scratch / "few.jsonl"
    path.write_text("".join(json.dumps(row) + os.linesep for row in rows), "utf-8")
    report = json.loads(measure(curate("report", str(path), "--json")).stdout)
    return str(report["problems"][0]["check"])
