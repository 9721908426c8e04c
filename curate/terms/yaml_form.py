"""Glossaries in YAML: a key ``terms`` with a list of entries, and perhaps ``defaults`` for all of them.

The text of a value is taken as it stands: ``no`` and ``1.10`` are words here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from curate.terms.entries import MANY, ONE, Entry, Said

if TYPE_CHECKING:
    from collections.abc import Sequence

    from yaml.nodes import MappingNode, Node

    from curate.terms.entries import Mistakes

TOP = ("terms", "defaults")
DEFAULTS = ("case", "inflection", "hyphen", "boundary", "fields", "severity", "declares")


def read_yaml(text: str, mistakes: Mistakes) -> list[Entry]:
    """The entries of a YAML file."""
    import yaml  # noqa: PLC0415 (loaded when a glossary is read)

    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except (yaml.YAMLError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        mistakes.note(
            mark.line + 1 if mark else 1, f"is not valid YAML: {getattr(error, 'problem', '') or 'too deep'}"
        )
        return []
    if root is None:
        return []
    if not isinstance(root, yaml.MappingNode):
        mistakes.note(1, "the glossary must have a key 'terms'", "terms:\\n  - preferred: email")
        return []
    top = _mapping(root, mistakes)
    for key, (_, line) in top.items():
        if key not in TOP:
            mistakes.unknown(line, "key", key, TOP)
    shared = _defaults(top["defaults"][0], mistakes) if "defaults" in top else {}
    if "terms" not in top:
        return []
    node, line = top["terms"]
    if not isinstance(node, yaml.SequenceNode):
        mistakes.note(line, "'terms' must be a list of entries")
        return []
    return [_entry(one, shared, mistakes) for one in node.value]


def _line(node: Node) -> int:
    return int(node.start_mark.line) + 1


def _mapping(node: MappingNode, mistakes: Mistakes) -> dict[str, tuple[Node, int]]:
    """The keys of a mapping; a key that stands twice is a mistake."""
    keys: dict[str, tuple[Node, int]] = {}
    for key, value in node.value:
        name = str(key.value)
        if name in keys:
            mistakes.note(_line(key), f"the key '{name}' stands twice")
        keys[name] = (value, _line(key))
    return keys


def _defaults(node: Node, mistakes: Mistakes) -> dict[str, Sequence[Said]]:
    shared = _entry(node, {}, mistakes).values
    for key, said in shared.items():
        if key not in DEFAULTS:
            mistakes.unknown(said[0].line if said else _line(node), "key of 'defaults'", key, DEFAULTS)
    return {key: said for key, said in shared.items() if key in DEFAULTS}


def _entry(node: Node, shared: dict[str, Sequence[Said]], mistakes: Mistakes) -> Entry:
    """An entry; a text in its place is one that has no keys."""
    import yaml  # noqa: PLC0415 (loaded already)

    if not isinstance(node, yaml.MappingNode):
        mistakes.note(_line(node), "an entry must have keys, as 'preferred: email'")
        return Entry(_line(node), {"note": ()})
    values = {
        key: _values(key, value, line, mistakes) for key, (value, line) in _mapping(node, mistakes).items()
    }
    return Entry(_line(node), {**shared, **values})


def _values(key: str, node: Node, line: int, mistakes: Mistakes) -> list[Said]:
    """A text, a list of texts, or for ``plural`` texts by texts."""
    import yaml  # noqa: PLC0415 (loaded already)

    if isinstance(node, yaml.ScalarNode):
        if node.tag == "tag:yaml.org,2002:null" and not node.value:
            mistakes.note(line, f"'{key}' is empty", "leave the key out")
            return []
        return [Said(str(node.value), _line(node))]
    if isinstance(node, yaml.SequenceNode) and key not in ONE:
        return [said for one in node.value for said in _values(key, one, _line(one), mistakes)]
    if isinstance(node, yaml.MappingNode) and key == "plural":
        return [Said(f"{k}={v.value}", at) for k, (v, at) in _mapping(node, mistakes).items()]
    kind = "a list of texts" if key in MANY else "a text"
    mistakes.note(line, f"'{key}' must be {kind}")
    return []
