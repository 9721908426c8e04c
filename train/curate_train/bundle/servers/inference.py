"""Amazon SageMaker: the four functions that its Hugging Face containers call, in ``code/inference.py``."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))

from serving import Server  # type: ignore[import-not-found]

JSON = "application/json"


def model_fn(model_dir: str, context: object = None) -> Server:  # noqa: ARG001 (the container's signature)
    """Load the model, once."""
    return Server(model_dir)


def input_fn(request_body: str | bytes, content_type: str = JSON) -> dict[str, Any]:
    """A request: ``{"inputs": TEXT or MESSAGES, "parameters": {…}}``."""
    if content_type.split(";", maxsplit=1)[0].strip() != JSON:
        raise ValueError(f"requests must be {JSON}, got {content_type}")
    found: dict[str, Any] = json.loads(request_body)
    return found


def predict_fn(data: dict[str, Any], model: Server) -> list[dict[str, str]]:
    """Answer it."""
    return [{"generated_text": model.chat(data["inputs"], data.get("parameters"))}]


def output_fn(prediction: list[dict[str, str]], accept: str = JSON) -> str:  # noqa: ARG001 (the same)
    """The answer as JSON."""
    return json.dumps(prediction, ensure_ascii=False)
