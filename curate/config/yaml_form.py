"""A plan written as YAML: the same keys as in TOML, with the line of each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import yaml

from curate.core.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from curate.config.places import Path


LARGEST = 1 << 20
"""Characters of a plan."""

MOST, DEEPEST = 10_000, 50
"""Nodes of a plan, with each alias written out, and levels of them: a hundred times what a plan needs. An alias costs
nothing to write and all that it stands for to read, so that a few lines can stand for billions (CWE-776)."""


def read_yaml(text: str, name: str) -> tuple[dict[str, Any], dict[Path, int]]:
    """The table of a YAML text, and the line of each key by its path.

    Raises:
        ConfigError: it is no YAML, no table, larger or deeper than any plan, or has a key twice (YAML itself would keep
            the last in silence).
    """
    try:
        _refuse_large(text, name)
        node = yaml.compose(text, yaml.SafeLoader)
        if node is not None:
            _expanded(node, name, {})
        table = yaml.safe_load(text)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        where = f"{name}:{mark.line + 1}" if mark else name
        raise ConfigError(f"is not valid YAML: {error.problem or error.context}", where=where) from error
    except (yaml.YAMLError, ValueError) as error:
        raise ConfigError("is not valid YAML", where=name) from error
    if node is None:
        return {}, {}
    if not isinstance(table, dict):
        raise ConfigError("is no plan: it holds no keys", where=name)
    lines: dict[Path, int] = {}
    for path, line in _places(node, ()):
        if path in lines and not path[-1].startswith("'"):
            raise ConfigError(f"the key '{path[-1]}' stands here twice", where=f"{name}:{line}")
        lines[path] = line
    return _texts(table), {_plain(path): line for path, line in reversed(lines.items())}


def _refuse_large(text: str, name: str) -> None:
    """Stop at the first event that is too many; the parser of events neither recurses nor follows aliases."""
    if len(text) > LARGEST:
        raise _too_large(name, 1)
    depth = 0
    for number, event in enumerate(yaml.parse(text, yaml.SafeLoader)):
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if number > MOST or depth > DEEPEST:
            raise _too_large(name, event.start_mark.line + 1 if event.start_mark else 1)


def _expanded(node: yaml.Node, name: str, known: dict[yaml.Node, int], depth: int = 0) -> int:
    """How many nodes there are with every alias written out; one that holds itself is without end."""
    if depth > DEEPEST:
        raise _too_large(name, node.start_mark.line + 1)
    if node not in known:
        parts = [node.value] if isinstance(node, yaml.SequenceNode) else node.value
        inner = [one for part in parts for one in part] if isinstance(node, yaml.CollectionNode) else []
        known[node] = 1 + sum(_expanded(one, name, known, depth + 1) for one in inner)
    if known[node] > MOST:
        raise _too_large(name, node.start_mark.line + 1)
    return known[node]


def _too_large(name: str, line: int) -> ConfigError:
    return ConfigError(
        f"is no plan: it holds more than {MOST:,} values, or more than {DEEPEST} levels of them",
        where=f"{name}:{line}",
        hint="aliases count as what they stand for",
    )


def _places(node: yaml.Node, path: Path) -> Iterator[tuple[Path, int]]:
    """Keys, tables in lists by their number from 1, and strings of lists (marked by a quote, for they may recur)."""
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            here = (*path, str(key.value))
            yield here, key.start_mark.line + 1
            yield from _places(value, here)
    elif isinstance(node, yaml.SequenceNode):
        for number, item in enumerate(node.value, 1):
            is_text = isinstance(item, yaml.ScalarNode)
            here = (*path, f"'{item.value}" if is_text else str(number))
            yield here, item.start_mark.line + 1
            yield from _places(item, here)


def _plain(path: Path) -> Path:
    return tuple(part.removeprefix("'") for part in path)


def _texts(value: Any) -> Any:  # noqa: ANN401 (whatever YAML holds)
    """Keys as texts, as they are in TOML."""
    if isinstance(value, dict):
        return {str(key): _texts(item) for key, item in value.items()}
    return [_texts(item) for item in value] if isinstance(value, list) else value
