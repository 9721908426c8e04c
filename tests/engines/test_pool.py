"""A worker that is killed is replaced, and the results are the same; one that cannot live is an error."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from curate.core.errors import CurateError
from curate.engines.local import InlineEngine, PoolEngine, choose_engine
from tests.engines_lab import dies_always, dies_once

if TYPE_CHECKING:
    from pathlib import Path


def test_a_killed_worker_is_replaced(tmp_path: Path) -> None:
    items = [(str(tmp_path / "marker"), number) for number in range(12)]
    with PoolEngine(2) as pool:
        assert list(pool.map(dies_once, items)) == [number * 10 for number in range(12)]
    assert (tmp_path / "marker").exists()


def test_workers_that_cannot_live_are_an_error_with_a_hint() -> None:
    with PoolEngine(2) as pool, pytest.raises(CurateError, match="--workers 1"):
        list(pool.map(dies_always, [1, 2]))


def test_small_inputs_start_no_process() -> None:
    assert isinstance(choose_engine(1000, 2), InlineEngine)
    assert isinstance(choose_engine(10**9, None), InlineEngine)
