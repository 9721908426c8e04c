"""Options of checks, as a plan gives them: held to the types of the check's fields."""

from __future__ import annotations

import math
from functools import partial
from typing import TYPE_CHECKING, cast

from curate.core.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Callable

    from curate.core.check import Check
    from curate.core.plan import Plan


def refuse_other_type(check: Check, name: str, value: object, plan: Plan) -> None:
    """An option must be of its field's type, as far as a plan can hold values of the type.

    Raises:
        ConfigError: it is not, or a list holds an empty text, which every text would match.
    """
    given: object = check.__dataclass_fields__[name].type
    declared = (given.__name__ if isinstance(given, type) else str(given)).replace(" ", "")
    what, is_right = _TYPES.get(declared, ("", None))
    if is_right is not None and not is_right(value):
        raise ConfigError(
            f"{check.name}: option '{name}' must be {what}",
            where=plan.places.get(f"checks.{check.name}.{name}", ""),
        )


def _is_whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_number(value: object) -> bool:
    return _is_whole(value) or (isinstance(value, float) and math.isfinite(value))


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _is_list(value: object, is_item: Callable[[object], bool]) -> bool:
    return isinstance(value, list | tuple) and all(map(is_item, value))


def _is_pair(value: object) -> bool:
    return _is_list(value, _says_something) and len(cast("tuple[str, ...]", value)) == PAIR


def _says_something(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())


PAIR = 2
_TYPES: dict[str, tuple[str, Callable[[object], bool]]] = {
    "bool": ("true or false", lambda value: isinstance(value, bool)),
    "int": ("a whole number", _is_whole),
    "float": ("a number", _is_number),
    "str": ("a text", _is_text),
    "int|None": ("a whole number", _is_whole),
    "float|None": ("a number", _is_number),
    "str|None": ("a text", _is_text),
    "tuple[str,...]": ("a list of texts, none of them empty", partial(_is_list, is_item=_says_something)),
    "tuple[int,...]": ("a list of whole numbers", partial(_is_list, is_item=_is_whole)),
    "tuple[float,...]": ("a list of numbers", partial(_is_list, is_item=_is_number)),
    "tuple[tuple[str,str],...]": ("a list of pairs of texts", partial(_is_list, is_item=_is_pair)),
}
"""What a plan may give a field of a type, in words and as a test; other types are the check's own affair."""
