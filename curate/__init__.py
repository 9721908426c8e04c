"""curate: quality for fine-tuning data."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from curate.api import report
    from curate.gate import Checked, check

__all__ = ["Checked", "check", "report"]
__version__ = "0.1.0"


def __getattr__(name: str) -> object:
    """``curate.check`` and the like, loaded when they are used: importing the package costs nothing."""
    if name in __all__:
        from importlib import import_module  # noqa: PLC0415 (loaded when used)

        return getattr(import_module("curate.api" if name == "report" else "curate.gate"), name)
    raise AttributeError(f"module 'curate' has no attribute '{name}'")
