"""A fresh repository for each test."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.integration.lab import Repository

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    """An empty repository in a folder whose name has a space."""
    made = Repository(tmp_path / "our data")
    made.folder.mkdir()
    made.git("init", "-q", "-b", "trunk")
    return made
