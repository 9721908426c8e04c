"""A recipe as the command line gives it: a preset or a file, with ``--model`` and ``--set key=value`` laid over it."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING, Any

from curate.core.errors import UsageError
from curate_train.recipe import Recipe, read_recipe, with_changes

if TYPE_CHECKING:
    from collections.abc import Iterable

_WORDS = {"true": True, "false": False}


def recipe_of(name: str, *, model: str | None = None, settings: Iterable[str] = ()) -> Recipe:
    """The recipe.

    Raises:
        UsageError: a setting is not written as ``key=value``.
        ConfigError: a key is unknown, or its value makes no sense.
    """
    changes: dict[str, Any] = {"model": model} if model else {}
    kinds = {field.name: type(field.default) for field in fields(Recipe)}
    for setting in settings:
        key, sign, value = setting.partition("=")
        if not sign:
            raise UsageError(
                f"--set {setting} is not written as KEY=VALUE", hint="for example: --set lr=1e-4"
            )
        changes[key.strip()] = _read(value.strip(), kinds.get(key.strip(), str))
    return with_changes(read_recipe(name), changes)


def _read(value: str, kind: type) -> Any:  # noqa: ANN401 (any field)
    """A value in the type of its field; what cannot be read stays text, which the recipe's rules then refuse."""
    if kind is bool:
        return _WORDS.get(value.lower(), value)
    if kind is tuple:
        return tuple(part.strip() for part in value.split(",") if part.strip())
    if kind in (int, float):
        for number in (int, float) if kind is float else (int,):
            try:
                return number(value)
            except ValueError:
                continue
    return value
