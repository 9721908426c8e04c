"""Reading ``curate.toml``: every mistake is named with its line and a suggestion, all of them together."""

from __future__ import annotations

import difflib
import re
import tomllib
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from curate.core.errors import ConfigError, CurateError, UnreadableError
from curate.core.finding import Severity
from curate.core.plan import Budget, Plan, Scope
from curate.core.table_map import PARTS, SPOKEN, Grouping, TableMap, fold, read_map

if TYPE_CHECKING:
    from collections.abc import Callable

FILE = "curate.toml"


def find_plan(explicit: str | None) -> Plan:
    """The plan of a file: the one that is named, or ``curate.toml`` in this folder, or the defaults.

    Raises:
        ConfigError: the file says something that curate does not know.
        UnreadableError: the named file is not there.
    """
    path = Path(explicit or FILE)
    if not path.exists():
        if explicit is None:
            return Plan()
        raise UnreadableError("no such plan file", where=explicit)
    return load_plan(path.read_text("utf-8"), str(path))


def load_plan(text: str, name: str) -> Plan:
    """The plan that a TOML text describes.

    Args:
        text: the file's content.
        name: the file's name, for errors.

    Raises:
        ConfigError: with every mistake of the file, each with its line.
    """
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"is not valid TOML: {error}", where=name) from error
    reader = _Reader(text, name)
    changes: dict[str, Any] = {}
    for key, value in table.items():
        read = KEYS.get(key)
        if read is None:
            reader.wrong(key, f"unknown key '{key}'", _close(key, list(KEYS)))
        else:
            changes[key] = read(value, key, reader)
    if reader.mistakes:
        raise ConfigError("\n".join(reader.mistakes).lstrip(), hint="the keys: " + ", ".join(KEYS))
    tables = {part: changes.pop(part) for part in TABLES if part in changes}
    mapping = TableMap(tables.get("map", {}), tables.get("group"), tables.get("drop", {}))
    return replace(Plan(mapping=mapping), **{FIELDS.get(key, key): value for key, value in changes.items()})


class _Reader:
    """Collects mistakes with their lines."""

    def __init__(self, text: str, name: str) -> None:
        self.lines = text.splitlines()
        self.name = name
        self.mistakes: list[str] = []

    def wrong(self, key: str, what: str, hint: str = "") -> None:
        """Remember a mistake at the line that mentions the key."""
        pattern = re.compile(rf"""(?:^|[\[{{,.\s])["']?{re.escape(key)}["']?\s*[=\].]""")
        line = next((n for n, text in enumerate(self.lines, 1) if pattern.search(text)), 1)
        self.mistakes.append(f"{self.name}:{line}: {what}" + (f"; {hint}" if hint else ""))


def _close(name: str, known: list[str]) -> str:
    close = difflib.get_close_matches(name, known, n=1, cutoff=0.5)
    return f"did you mean '{close[0]}'?" if close else ""


def _names(value: object, key: str, reader: _Reader) -> tuple[str, ...]:
    """A list of strings."""
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return tuple(value)
    reader.wrong(key, f"{key} must be a list of strings")
    return ()


def _table(inner: Callable[[object, str, _Reader], Any]) -> Callable[[object, str, _Reader], Any]:
    """A table from names of checks to something."""

    def read(value: object, key: str, reader: _Reader) -> dict[str, Any]:
        if not isinstance(value, dict):
            reader.wrong(key, f"{key} must be a table, [{key}]")
            return {}
        return {name: inner(item, name, reader) for name, item in value.items()}

    return read


def _severity(value: object, key: str, reader: _Reader) -> Severity:
    try:
        return Severity(str(value))
    except ValueError:
        known = [severity.value for severity in Severity]
        reader.wrong(
            key, f"unknown severity '{value}'", _close(str(value), known) or "one of: " + ", ".join(known)
        )
        return Severity.WARNING


def _budget(value: object, key: str, reader: _Reader) -> Budget:
    """``3`` rows, ``"0.5%"`` of the rows, or ``"none"`` for no limit."""
    if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
        return Budget(count=value)
    text = str(value).strip()
    share = re.fullmatch(r"(\d+(?:\.\d+)?)\s*%", text)
    if share:
        return Budget(share=float(share[1]) / 100)
    if text != "none":
        reader.wrong(key, f'a budget is a number of rows, a share such as "0.5%", or "none"; got {value!r}')
    return Budget()


def _patterns(value: object, key: str, reader: _Reader) -> tuple[re.Pattern[str], ...]:
    patterns = []
    for item in _names(value, key, reader):
        try:
            patterns.append(re.compile(item))
        except re.error as error:
            reader.wrong(key, f"'{item}' is no regular expression: {error}")
    return tuple(patterns)


def _scopes(value: object, key: str, reader: _Reader) -> tuple[Scope, ...]:
    """``{field = "value"}`` or ``{field = ["value", "value"]}``."""
    if not isinstance(value, dict):
        reader.wrong(key, f'{key} must say which rows, as {{source = "forum"}}')
        return ()
    return tuple(
        Scope(name, tuple(map(str, values)) if isinstance(values, list) else (str(values),))
        for name, values in value.items()
    )


def _options(value: object, key: str, reader: _Reader) -> dict[str, object]:
    if isinstance(value, dict):
        return value
    reader.wrong(key, f'[checks."{key}"] must be a table of options')
    return {}


def _text(value: object, key: str, reader: _Reader) -> str:
    if not isinstance(value, str):
        reader.wrong(key, f"{key} must be a string")
    return str(value)


def _count(value: object, key: str, reader: _Reader) -> int:
    if isinstance(value, int) and not isinstance(value, bool) and value > 0:
        return value
    reader.wrong(key, f"{key} must be a whole number above 0")
    return 1


def _joined(value: object, key: str, reader: _Reader) -> tuple[str, ...]:
    """Columns that are joined: ``"Subject+Description"``, or a list of names as they are."""
    if isinstance(value, list):
        return _names(value, key, reader)
    if key not in PARTS:
        reader.wrong(key, f"[map] does not know the part '{key}'", _close(key, list(PARTS)))
        return ()
    try:
        return read_map(f"{key}={value}")[key]
    except CurateError:
        reader.wrong(key, f'{key} must name columns, as "Subject+Description", or a list of names')
        return ()


def _group(value: object, key: str, reader: _Reader) -> Grouping | None:
    """``by``, ``order`` and ``role`` name columns; ``roles`` says what names mean."""
    if not isinstance(value, dict) or not isinstance(value.get("by"), str):
        reader.wrong(key, '[group] must name the column of the thread: by = "ticket"')
        return None
    known = ("by", "order", "role", "roles")
    for name in value:
        if name not in known:
            reader.wrong(name, f"unknown key '{name}' in [group]", _close(name, list(known)))
    texts = {name: _text(value.get(name, ""), name, reader) for name in ("by", "order", "role")}
    roles = _table(_role)(value.get("roles", {}), "roles", reader)
    return Grouping(**texts, roles={fold(name): role for name, role in roles.items()})


def _role(value: object, key: str, reader: _Reader) -> str:
    if value in SPOKEN:
        return str(value)
    reader.wrong(key, f"there is no role '{value}'", "one of: " + ", ".join(SPOKEN))
    return SPOKEN[0]


def _values(value: object, key: str, reader: _Reader) -> tuple[str, ...]:
    """A value of a column, or a list of them; flags as TOML writes them."""
    values = value if isinstance(value, list) else [value]
    if all(isinstance(item, str | bool | int | float) for item in values):
        return tuple(str(item).lower() if isinstance(item, bool) else str(item) for item in values)
    reader.wrong(key, f"{key} must be a value, or a list of values")
    return ()


KEYS: dict[str, Callable[[Any, str, _Reader], Any]] = {
    "select": _names,
    "ignore": _names,
    "severity": _table(_severity),
    "budget": _table(_budget),
    "checks": _table(_options),
    "allow": _table(_patterns),
    "skip": _table(_scopes),
    "encoding": _text,
    "own-checks": _names,
    "quarantine": _budget,
    "workers": _count,
    "map": _table(_joined),
    "group": _group,
    "drop": _table(_values),
}
"""The top-level keys and how each is read."""

TABLES = ("map", "group", "drop")
"""Keys that make the Plan's mapping together."""

FIELDS = {"checks": "options", "own-checks": "checks"}
"""Keys whose field of the Plan has another name."""
