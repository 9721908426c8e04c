"""Findings beyond memory are mapped from files, in the same order."""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING

import polars as pl

from curate.engines import spill
from curate.engines.spill import FrameStore

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def test_spilled_frames_are_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spill, "SPILL_FROM", 10)
    monkeypatch.setattr(spill.tempfile, "mkdtemp", lambda prefix: str(tmp_path / prefix))
    (tmp_path / "curate-findings-").mkdir()
    store = FrameStore()
    for start in range(0, 50, 5):
        store.add("a.b" if start % 2 else "c.d", pl.DataFrame({"row": range(start, start + 5)}))
    assert store.names() == ["a.b", "c.d"]
    rows = store.frame("a.b")["row"].to_list() + store.frame("c.d")["row"].to_list()
    assert sorted(rows) == list(range(50))
    assert store.frame("c.d")["row"].is_sorted()
    assert list((tmp_path / "curate-findings-").iterdir())
    del store
    gc.collect()
    assert not (tmp_path / "curate-findings-").exists()
