"""What may be wrong in a recipe, all of it told at once, each mistake with its line."""

from __future__ import annotations

import difflib
import re
import tomllib
from typing import TYPE_CHECKING, Any

from curate.core.errors import ConfigError, UnreadableError
from curate_train.templates import NAMES as TEMPLATES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

CHOICES: dict[str, tuple[str, ...]] = {
    "template": ("tokenizer", *TEMPLATES),
    "train_on": ("all", "last"),
    "schedule": ("cosine", "linear", "constant"),
    "optimizer": ("adamw", "paged_adamw_8bit"),
    "precision": ("bf16", "fp16", "fp32", "nf4"),
    "attention": ("sdpa", "eager", "flash_attention_2"),
}
"""Fields that take one of a few words."""

RANGES: dict[str, tuple[float, float]] = {
    "max_length": (8, 1_048_576),
    "batch_size": (1, 4096),
    "accumulate": (1, 65_536),
    "epochs": (0.001, 1000),
    "max_steps": (0, 1e9),
    "lr": (1e-9, 1),
    "warmup": (0, 0.9),
    "max_grad_norm": (0, 1e6),
    "weight_decay": (0, 1),
    "lora_r": (1, 1024),
    "lora_alpha": (0.001, 8192),
    "lora_dropout": (0, 0.9),
    "seed": (0, 2**32 - 1),
    "eval_every": (0, 1e9),
    "patience": (0, 1e6),
    "save_every": (0, 1e9),
}
"""The least and the greatest value of each number."""

_WORDS = {
    str: "a string",
    bool: "true or false",
    int: "a whole number",
    float: "a number",
    tuple: "a list of strings",
}
_KEY = re.compile(r"\s*([\w-]+|\"[^\"]*\"|'[^']*')\s*=|\s*\[+\s*([^\]]+?)\s*\]")


def read_toml(path: Path) -> tuple[dict[str, Any], dict[str, int]]:
    """A file's table, and the line of each key.

    Raises:
        ConfigError: it is not TOML.
        UnreadableError: it cannot be read.
    """
    try:
        text = path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise UnreadableError(f"the recipe cannot be read: {error}", where=str(path)) from error
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        place = re.search(r"line (\d+)", str(error))
        where = f"{path}:{place[1]}" if place else str(path)
        raise ConfigError(f"is not valid TOML: {error}", where=where) from error
    lines: dict[str, int] = {}
    for number, line in enumerate(text.splitlines(), 1):
        hit = _KEY.match(line)
        if hit:
            lines.setdefault((hit[1] or hit[2]).strip("\"'"), number)
    return table, lines


def faults_of(table: Mapping[str, object], kinds: Mapping[str, type]) -> dict[str, str]:
    """Each key that is unknown or has a value that makes no sense, with what is wrong."""
    faults = {}
    for name, value in table.items():
        if name not in kinds:
            hint = close_name(name, kinds) or "the keys: extends, " + ", ".join(kinds)
            faults[name] = f"unknown key '{name}'; {hint}"
            continue
        fault = _fault(name, value, kinds[name])
        if fault:
            faults[name] = f"{name} {fault}"
    return faults


def _fault(name: str, value: object, kind: type) -> str:
    if not _is_a(value, kind):
        return f"must be {_WORDS[kind]}, got {value!r}"
    if name in CHOICES and value not in CHOICES[name]:
        hint = close_name(str(value), CHOICES[name])
        return f"must be one of {', '.join(CHOICES[name])}; got {value!r}" + (f"; {hint}" if hint else "")
    if name in RANGES and isinstance(value, int | float):
        least, most = RANGES[name]
        if not least <= value <= most:
            return f"must lie between {least:g} and {most:g}, got {value:g}"
    return ""


def _is_a(value: object, kind: type) -> bool:
    if kind is tuple:
        many = [value] if isinstance(value, str) else value
        return isinstance(many, list | tuple) and bool(many) and all(isinstance(one, str) for one in many)
    if isinstance(value, bool) or kind is bool:
        return isinstance(value, bool) and kind is bool
    return isinstance(value, int | float) if kind is float else isinstance(value, kind)


def close_name(name: str, known: Iterable[str]) -> str:
    """A suggestion for a name that is not known, or nothing."""
    close = difflib.get_close_matches(name, list(known), n=1, cutoff=0.5)
    return f"did you mean '{close[0]}'?" if close else ""


def raise_faults(faults: Mapping[str, str], name: str, lines: Mapping[str, int]) -> None:
    """Tell of all mistakes of a file together.

    Raises:
        ConfigError: there is one.
    """
    if faults:
        told = (
            f"{name}:{lines[key]}: {what}" if key in lines else f"{name}: {what}"
            for key, what in faults.items()
        )
        raise ConfigError("\n".join(told))
