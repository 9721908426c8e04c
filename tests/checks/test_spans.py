"""A span is a place in a text; a finding about a row as a whole has none, whatever the row's bytes are."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import polars as pl

from curate.api import scan_inputs
from curate.core.plan import Plan

if TYPE_CHECKING:
    from pathlib import Path


def test_a_row_without_a_question_has_no_span(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    rows = ({"messages": [{"role": "assistant", "content": f"The rent is {n}."}]} for n in range(3))
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    hits = scan_inputs((str(path),), Plan(select=("prompt.empty",))).found["prompt.empty"]
    assert hits.filter(pl.col("at") == "").select("row", "start", "end").rows() == [
        (n, None, None) for n in range(3)
    ]
