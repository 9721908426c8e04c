"""A command that is killed leaves the old file or the new one; ``run`` goes on to the same bytes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.engines.kill_lab import kill

if TYPE_CHECKING:
    from pathlib import Path

MOMENTS = 2
"""Kills of each command here; the bar ``kills`` makes many more."""


@pytest.mark.parametrize("name", ["fix", "dedup", "run"])
def test_nothing_is_ever_half_written(name: str, tmp_path: Path) -> None:
    seen = kill(name, MOMENTS, tmp_path)
    assert seen.moments == MOMENTS
    assert (seen.half, seen.other) == ([], 0)
