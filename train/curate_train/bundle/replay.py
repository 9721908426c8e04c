"""Replays a bundle's smoke prompts as its platform would, in a process that has nothing but the bundle.

Run as a file, not imported: ``python -I replay.py TARGET FOLDER``. Prints a JSON list of answers. Every connection to
another machine is refused.
"""

from __future__ import annotations

import importlib.util
import json
import socket
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

if TYPE_CHECKING:
    from types import ModuleType

GREEDY = {"temperature": 0}


def refuse(*_: object, **__: object) -> NoReturn:
    """In place of a connection."""
    raise OSError("a bundle must answer without the network")


def load(file: Path) -> ModuleType:
    """A module by its path, as the platforms load it."""
    spec = importlib.util.spec_from_file_location(file.stem, file)
    if spec is None or spec.loader is None:
        raise ImportError(f"{file} cannot be loaded")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def answers(target: str, folder: Path, prompts: list[dict[str, Any]]) -> list[str]:
    """What the bundle says to each prompt, greedily."""
    requests = [
        {"inputs": one["messages"], "parameters": {**GREEDY, "max_new_tokens": one["max_new_tokens"]}}
        for one in prompts
    ]
    if target == "hf-endpoint":
        handler = load(folder / "handler.py").EndpointHandler(str(folder))
        return [handler(request)[0]["generated_text"] for request in requests]
    if target == "sagemaker":
        module = load(folder / "code" / "inference.py")
        model = module.model_fn(str(folder))
        made = (module.predict_fn(module.input_fn(json.dumps(one)), model) for one in requests)
        return [json.loads(module.output_fn(one))[0]["generated_text"] for one in made]
    server = load(folder / "serving.py").Server(folder / "model")
    return [server.chat(one["inputs"], one["parameters"]) for one in requests]


if __name__ == "__main__":
    socket.socket.connect = refuse  # type: ignore[method-assign]
    place = Path(sys.argv[2])
    lines = (place / "smoke.jsonl").read_text("utf-8").splitlines()
    print(json.dumps(answers(sys.argv[1], place, [json.loads(line) for line in lines])))  # noqa: T201 (its result)
