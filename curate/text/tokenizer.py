"""Counting tokens with a tokenizer that the user has: ``tokenizer.json``, and the chat template beside it.

A template writes marks around each turn. What they cost is measured once, on a conversation in which every role speaks
twice, so that no template has to accept every order of roles that data has.
"""

from __future__ import annotations

import importlib
import importlib.util
import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from curate.core.errors import MissingExtraError, UnreadableError

_PROBE = "Word"
_MOST_KEPT = 4
_SPECIAL = ("bos_token", "eos_token", "pad_token", "unk_token")


@dataclass(frozen=True)
class Counter:
    """A tokenizer, and what its chat template adds.

    Attributes:
        tokenizer: of the package ``tokenizers``.
        start: tokens before the first turn.
        turn: tokens around each turn.
    """

    tokenizer: Any
    start: int = 0
    turn: int = 0

    def count(self, texts: list[str]) -> list[int]:
        """The number of tokens of each text alone."""
        return [len(one.ids) for one in self.tokenizer.encode_batch(texts, add_special_tokens=False)]


@lru_cache(maxsize=_MOST_KEPT)
def load_counter(place: str) -> Counter:
    """The tokenizer of a folder, or of a ``tokenizer.json``.

    Raises:
        MissingExtraError: the package ``tokenizers`` is not installed.
        UnreadableError: there is no tokenizer, or its chat template cannot be used.
    """
    if importlib.util.find_spec("tokenizers") is None:
        raise MissingExtraError("counting with a tokenizer", "hf")
    path = Path(place)
    file = path / "tokenizer.json" if path.is_dir() else path
    if not file.is_file():
        raise UnreadableError("holds no tokenizer.json", where=place)
    try:
        tokenizer = importlib.import_module("tokenizers").Tokenizer.from_file(str(file))
    except Exception as error:  # the package raises no narrower type
        raise UnreadableError(
            "is no tokenizer that the package tokenizers can read", where=str(file)
        ) from error
    template, special = _template(file.parent)
    return _measured(Counter(tokenizer), template, special, file.parent) if template else Counter(tokenizer)


def _template(folder: Path) -> tuple[str, dict[str, str]]:
    """The chat template, empty if there is none, and the special tokens that it may name."""
    file = folder / "tokenizer_config.json"
    config: dict[str, Any] = json.loads(file.read_text("utf-8")) if file.is_file() else {}
    alone = folder / "chat_template.jinja"
    template = alone.read_text("utf-8") if alone.is_file() else config.get("chat_template") or ""
    if isinstance(template, list):
        template = next((str(one["template"]) for one in template if one.get("name") == "default"), "")
    named = {name: config.get(name) or "" for name in _SPECIAL}
    return str(template), {
        name: one["content"] if isinstance(one, dict) else str(one) for name, one in named.items()
    }


def _measured(counter: Counter, template: str, special: dict[str, str], folder: Path) -> Counter:
    """The counter with the cost of the template: two turns and four differ by two turns, and the rest is the start."""
    jinja = importlib.import_module("jinja2.sandbox")
    environment = jinja.ImmutableSandboxedEnvironment(trim_blocks=True, lstrip_blocks=True)
    environment.globals["raise_exception"] = _refuse
    environment.globals["strftime_now"] = str
    try:
        shown = [_shown(environment.from_string(template), turns, special) for turns in (2, 4)]
    except Exception as error:  # a template may raise anything
        raise UnreadableError(
            "its chat template cannot be rendered", where=str(folder), hint=f"{type(error).__name__}: {error}"
        ) from error
    two, four, word = counter.count([*shown, _PROBE])
    turn = max(round((four - two) / 2) - word, 0)
    return Counter(counter.tokenizer, max(two - 2 * (turn + word), 0), turn)


def _shown(template: Any, turns: int, special: dict[str, str]) -> str:  # noqa: ANN401 (an untyped package)
    said = [{"role": ("user", "assistant")[at % 2], "content": _PROBE} for at in range(turns)]
    return str(template.render(messages=said, add_generation_prompt=False, **special))


def _refuse(message: str) -> None:
    """What templates call to refuse a conversation."""
    raise ValueError(message)
