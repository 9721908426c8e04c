"""What many tests need: the real data, where it is at hand."""

from __future__ import annotations

import os
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def real_data() -> Path:
    """The folder of public data sets that ``CURATE_TEST_DATA`` names; tests that need it skip without it."""
    folder = os.environ.get("CURATE_TEST_DATA")
    if not folder or not Path(folder).is_dir():
        pytest.skip("needs the public data sets: set CURATE_TEST_DATA to their folder")
    return Path(folder)
