"""Every public data file can be reported on, and the rows agree with an independent count."""

from __future__ import annotations

import gzip
import io
import json
from typing import TYPE_CHECKING

import zstandard

from benchmarks.bar import Outcome, curate, measure, needs_data, real_data

if TYPE_CHECKING:
    from pathlib import Path

LINE = "public files reported on, rows equal to an independent count"


def run() -> list[Outcome]:
    """One report a file, through the command line."""
    folder = real_data()
    if folder is None:
        return [needs_data(LINE, "all")]
    files = [p for p in sorted(folder.glob("*/*")) if ".json" in p.name and p.name != "dataset_info.json"]
    wrong = [message for path in files if (message := _compare(path))]
    done = len(files) - len(wrong)
    return [Outcome(LINE, f"{done} of {len(files)}" + "".join(f"; {w}" for w in wrong), "all", not wrong)]


def _compare(path: Path) -> str:
    done = measure(curate("report", str(path), "--json", "--quiet"))
    if done.code:
        return f"{path.name}: exit {done.code}"
    rows = json.loads(done.stdout)["rows"]
    expected = independent_count(path)
    return (
        ""
        if rows["in"] == expected == rows["kept"] + rows["quarantined"]
        else f"{path.name}: {rows} against {expected}"
    )


def independent_count(path: Path) -> int:
    """Rows counted with the json module alone."""
    data = path.read_bytes()
    if path.suffix == ".gz":
        data = gzip.decompress(data)
    if path.suffix == ".zst":
        data = zstandard.ZstdDecompressor().stream_reader(io.BytesIO(data), read_across_frames=True).read()
    try:
        return len(json.loads(data))
    except json.JSONDecodeError:
        return sum(1 for line in data.split(b"\n") if line.strip())
