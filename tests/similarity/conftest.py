"""What tests of the similarity engine share: both implementations of the kernels."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING

import pytest

from curate.similarity import kernels

if TYPE_CHECKING:
    from curate.similarity.kernels import Kernels

BUILT = find_spec("curate.similarity._kernels") is not None


@pytest.fixture(params=["compiled", "numpy"])
def both(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Kernels:
    """The test runs with the compiled kernels and with those of numpy."""
    if request.param == "compiled" and not BUILT:
        pytest.skip("the extension is not built: no C compiler was found when curate was installed")
    monkeypatch.setenv(kernels.VARIABLE, request.param)
    return kernels.load()


@pytest.fixture
def compiled() -> Kernels:
    """The compiled kernels, for tests that compare them with others."""
    if not BUILT:
        pytest.skip("the extension is not built: no C compiler was found when curate was installed")
    loaded: Kernels = import_module("curate.similarity.compiled")
    return loaded
