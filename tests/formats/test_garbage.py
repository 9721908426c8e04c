"""Files of nothing but damage: what they cost grows with their size and no faster, and every byte is accounted for."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from curate.api import report
from curate.core.plan import Plan
from curate.engines.export import write_quarantine
from curate.engines.scan import scan
from curate.formats.chunk import PARTS
from curate.formats.csv_table import split_csv
from curate.formats.json_document import split_document
from curate.formats.lines import split_lines
from curate.formats.sources import discover
from tests.faults import clean_rows

if TYPE_CHECKING:
    from pathlib import Path

    from curate.core.report import Report

ROWS = [json.dumps(row) for row in clean_rows("pair")]
ARRAY = "[" + ROWS[0]

GARBAGE = {
    "quotes": ("json", lambda n: '"' * n),
    "quotes in an array": ("json", lambda n: ARRAY + '"' * n),
    "commas": ("json", lambda n: ARRAY + "," * n),
    "brackets": ("json", lambda n: ARRAY + "]" * n),
    "braces": ("json", lambda n: ARRAY + "}" * n),
}
MANY = {
    "lines of one byte": ("jsonl", lambda n: ROWS[0] + "\n" + "x\n" * (n // 2)),
    "lines of braces": ("jsonl", lambda n: "\n".join(ROWS) + "\n" + "{x}\n" * (n // 4)),
    "open strings": ("jsonl", lambda n: "\n".join(ROWS) + "\n" + '{"\n"}\n' * (n // 6)),
    "numbers": ("json", lambda n: ARRAY + ",1" * (n // 2) + "]"),
    "damaged records": ("json", lambda n: ARRAY + ",{x}" * (n // 4) + "]"),
    "ragged rows": ("csv", lambda n: "prompt,completion\n" + "x\n" * (n // 2)),
    "closed too early": ("json", lambda n: ARRAY + ",]}" * (n // 3)),
}


def read(folder: Path, suffix: str, text: str) -> tuple[Report, float]:
    path = folder / f"garbage.{suffix}"
    path.write_text(text, "utf-8")
    start = time.process_time()
    result = report(str(path))
    seconds = time.process_time() - start
    (file,) = result.files
    assert file.row_bytes + file.quarantined_bytes + file.separator_bytes == path.stat().st_size
    return result, seconds


@pytest.mark.parametrize("name", GARBAGE)
def test_a_damaged_stretch_of_a_line_is_one_entry(tmp_path: Path, name: str) -> None:
    suffix, text = GARBAGE[name]
    result, seconds = read(tmp_path, suffix, text(1_000_000))
    assert 1 <= result.rows.quarantined <= 3
    assert seconds < 5


@pytest.mark.parametrize("name", [*GARBAGE, *MANY])
def test_time_grows_with_the_size(tmp_path: Path, name: str) -> None:
    """Twice the size takes twice the time; 2.5 times and half a second leave room for noise."""
    suffix, text = {**GARBAGE, **MANY}[name]
    read(tmp_path, suffix, text(1000))
    once, twice = (min(read(tmp_path, suffix, text(n))[1] for _ in range(2)) for n in (60_000, 120_000))
    assert twice < 2.5 * once + 0.5


SCRIPT = """
import resource, sys
from curate.api import report
rows = report(sys.argv[1]).rows
print(rows.quarantined, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


def peak(path: Path) -> tuple[int, int]:
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(path)], check=True, capture_output=True, text=True
    )
    quarantined, memory = map(int, done.stdout.split())
    return quarantined, memory


def test_memory_is_bounded(tmp_path: Path) -> None:
    """A record that cannot be read costs some forty bytes once its chunk is done, whatever the chunk holds."""
    small, large = tmp_path / "small.jsonl", tmp_path / "large.jsonl"
    small.write_text("\n".join(ROWS) + "\nx\n" * 10)
    large.write_text(ROWS[0] + "\n" + "x\n" * 400_000)
    _, least = peak(small)
    quarantined, most = peak(large)
    assert quarantined == 400_000
    assert (most - least) * 1024 < 300 * quarantined


@pytest.mark.parametrize("split", [split_lines, split_document, split_csv])
def test_chunks_hold_no_more_than_so_many_records(split: object) -> None:
    text = b"a,b\n" + b"x\n" * (3 * PARTS)
    chunks = list(split([text], 0))  # type: ignore[operator]
    assert b"".join(chunk.blob for chunk in chunks) == text
    assert len(chunks) > 2
    assert max(chunk.blob.count(b"\n") for chunk in chunks) <= PARTS
    for before, chunk in pairwise(chunks):
        assert chunk.offset == before.offset + len(before.blob)
        assert chunk.line == before.line + before.blob.count(b"\n")


def test_touching_faults_of_records_stay_apart(tmp_path: Path) -> None:
    result, _ = read(tmp_path, "json", ARRAY + ",{x}{y}]")
    assert result.rows.quarantined == 2


def test_a_record_that_raw_newlines_cut_is_one(tmp_path: Path) -> None:
    cut = '{"prompt": "one\ntwo \\"\n3", "completion": "three"}'
    result, _ = read(tmp_path, "jsonl", "\n".join([*ROWS, cut, '{"', *ROWS]))
    assert [(item.line, item.reason[:13]) for item in result.quarantine] == [
        (7, "a raw newline"),
        (10, "the record en"),
    ]


def test_bytes_in_quarantine_are_read_again(tmp_path: Path) -> None:
    import base64  # noqa: PLC0415 (only here)

    bad = [b"{bad", b'{"a": "caf\xe9"}', b"[1]", b"{" + b"x" * 5_000_000]
    first, second = tmp_path / "a.jsonl", tmp_path / "b.jsonl"
    first.write_bytes(b"\n".join([ROWS[0].encode(), *bad]))
    second.write_bytes(b"\n".join([*bad[::-1], ROWS[0].encode()]))
    seen = scan(discover([str(first), str(second)]), (), Plan())
    write_quarantine(seen, tmp_path / "q.jsonl")
    entries = [json.loads(line) for line in (tmp_path / "q.jsonl").read_text("utf-8").splitlines()]
    assert [base64.b64decode(entry["base64"]) for entry in entries] == [*bad, *bad[::-1]]
    assert [entry["row"] for entry in entries] == [2, 3, 4, 5, 1, 2, 3, 4]
    assert "raw" not in seen.quarantine.columns
