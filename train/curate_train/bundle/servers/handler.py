"""Hugging Face Inference Endpoints: a custom handler, as the platform looks for it in ``handler.py``."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))

from serving import Server  # type: ignore[import-not-found]


class EndpointHandler:
    """Made once when the endpoint starts.

    Args:
        path: the folder of the repository.
    """

    def __init__(self, path: str = "") -> None:
        self._server = Server(path or Path(__file__).parent)

    def __call__(self, data: dict[str, Any]) -> list[dict[str, str]]:
        """Answer ``{"inputs": TEXT or MESSAGES, "parameters": {…}}``."""
        return [{"generated_text": self._server.chat(data["inputs"], data.get("parameters"))}]
