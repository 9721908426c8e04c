"""Reading ``curate.toml``, or YAML: every mistake is named with its line and a suggestion, all of them together."""

from __future__ import annotations

import difflib
import os
import re
import sys
import tomllib
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from curate.config.asked_sections import read_require, read_waivers
from curate.config.coverage_section import read_coverage
from curate.config.fix_section import read_fix
from curate.config.pii_section import read_pii
from curate.config.places import line_at, lines_of
from curate.config.presets import NAMES, laid_over
from curate.config.run_section import read_run
from curate.config.sections import close, read_pattern
from curate.core.errors import ConfigError, CurateError, UnreadableError
from curate.core.finding import Severity
from curate.core.plan import Budget, Plan, Scope
from curate.core.table_map import PARTS, SPOKEN, Grouping, TableMap, fold, read_map

if TYPE_CHECKING:
    from collections.abc import Callable

    from curate.config.sections import At
    from curate.core.policy import Waiver

FILE = "curate.toml"
YAML = (".yaml", ".yml")
FILES = (FILE, *(f"curate{suffix}" for suffix in YAML))
"""What is read if no plan is named: the first of these that is there."""


def find_plan(explicit: str | None) -> Plan:
    """The plan of a file: the one that is named, or ``curate.toml`` in this folder, or the defaults.

    Raises:
        ConfigError: the file says something that curate does not know, or is not UTF-8.
        UnreadableError: the named file is not there, or cannot be read.
    """
    path = plan_file(explicit)
    if not path.exists():
        if explicit is None and not path.is_symlink():
            return Plan()
        raise UnreadableError("no such plan file", where=str(path))
    if path.is_dir():
        raise ConfigError("the plan is a folder", where=str(path), hint=f"name a file: {path / FILE}")
    try:
        return load_plan(path.read_text("utf-8-sig"), str(path))
    except UnicodeDecodeError as error:
        raise ConfigError("the plan is not UTF-8", where=str(path), hint="save it as UTF-8") from error
    except OSError as error:
        raise UnreadableError(f"the plan cannot be read: {error.strerror}", where=str(path)) from error


def plan_file(explicit: str | None) -> Path:
    """The file that is named, or the one in this folder, whether it is there or not."""
    return Path(explicit or next(filter(os.path.lexists, FILES), FILE))


def load_plan(text: str, name: str) -> Plan:
    """The plan that a TOML text describes, or a YAML text if the name ends so.

    Args:
        text: the file's content.
        name: the file's name, for errors and for its suffix.

    Raises:
        ConfigError: with every mistake of the file, each with its line.
    """
    table, lines = read_table(text, name)
    reader = _Reader(lines, name)
    table = _extended(table, reader)
    changes: dict[str, Any] = {}
    unknown = [key for key in table if key not in KEYS]
    for key, value in table.items():
        if key in unknown:
            reader.wrong((key,), f"unknown key '{key}'", _close(key, [EXTENDS, *KEYS]))
        else:
            changes[key] = KEYS[key](value, (key,), reader)
    if reader.mistakes:
        hint = "the keys: " + ", ".join((EXTENDS, *KEYS)) if unknown else ""
        raise ConfigError("\n".join(reader.mistakes), hint=hint)
    return _plan(changes, reader.places())


def _plan(read: dict[str, Any], places: dict[str, str]) -> Plan:
    """The plan of what was read without a mistake."""
    tables = {part: read.pop(part) for part in TABLES if part in read}
    mapping = TableMap(tables.get("map", {}), tables.get("group"), tables.get("drop", {}))
    if read.get("select") and "require" in read and read["require"].fields:
        read["select"] += (REQUIRED,)
    waivers = tuple(_placed(one, number, places) for number, one in enumerate(read.pop("waiver", ()), 1))
    places |= {f"waiver.{one.check}": one.place for one in reversed(waivers)}
    given = {FIELDS.get(key, key): value for key, value in read.items()}
    return replace(Plan(mapping=mapping, waivers=waivers), **given, places=places)


REQUIRED = "require"
"""The family of the checks for required fields: asked for by a section of its own, and so selected."""


def read_table(text: str, name: str) -> tuple[dict[str, Any], dict[tuple[str, ...], int]]:
    """What the file says, as it stands there, and the line of each key by its path.

    Raises:
        ConfigError: it is neither TOML nor, if it is named so, YAML.
    """
    if name.lower().endswith(YAML):
        from curate.config.yaml_form import read_yaml  # noqa: PLC0415 (few plans need it)

        return read_yaml(text, name)
    try:
        return tomllib.loads(text), lines_of(text)
    except tomllib.TOMLDecodeError as error:
        raise _no_toml(str(error), name) from error


def _extended(table: dict[str, Any], reader: _Reader) -> dict[str, Any]:
    """The file's keys, laid over those of the preset that it names."""
    name = table.pop(EXTENDS, None)
    if name is None:
        return table
    if name not in NAMES:
        hint = close(str(name), NAMES)
        reader.wrong((EXTENDS,), f"there is no preset '{name}'", hint)
        return table
    return laid_over(name, table)


EXTENDS = "extends"


def _placed(waiver: Waiver, number: int, places: dict[str, str]) -> Waiver:
    """A waiver with its line; one in a list within a line has that of the list."""
    return replace(waiver, place=places.get(f"waiver.{number}", places.get("waiver", "")))


def _no_toml(what: str, name: str) -> ConfigError:
    """The error of Python's reader, with the line where editors look for it."""
    place = re.search(r" \(at line (\d+), column \d+\)$", what)
    where = f"{name}:{place[1]}" if place else name
    return ConfigError(f"is not valid TOML: {what[: place.start()] if place else what}", where=where)


class _Reader:
    """Collects mistakes with their lines."""

    def __init__(self, lines: dict[tuple[str, ...], int], name: str) -> None:
        self.lines = lines
        self.name = name
        self.mistakes: list[str] = []

    def wrong(self, at: tuple[str, ...], what: str, hint: str = "") -> None:
        """Remember a mistake at the line of a key."""
        line = line_at(self.lines, at)
        self.mistakes.append(f"{self.name}:{line}: {what}" + (f"; {hint}" if hint else ""))

    def places(self) -> dict[str, str]:
        """``file:line`` of every key, by its path joined with dots."""
        return {".".join(path): f"{self.name}:{line}" for path, line in self.lines.items()}


def _close(name: str, known: list[str]) -> str:
    close = difflib.get_close_matches(name, known, n=1, cutoff=0.5)
    return f"did you mean '{close[0]}'?" if close else ""


def _names(value: object, at: At, reader: _Reader) -> tuple[str, ...]:
    """A list of strings."""
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return tuple(value)
    reader.wrong(at, f"{at[-1]} must be a list of strings")
    return ()


ANY = sys.maxsize
"""Levels of a table whose keys are names of columns, not of checks: nothing in it is taken for a slip."""


def _table(
    inner: Callable[[object, At, _Reader], Any], *, depth: int = 0
) -> Callable[[object, At, _Reader], Any]:
    """A table from names of checks to something, which itself has so many levels of tables.

    In TOML, ``answer.echo = …`` without quotes is a table ``answer`` with a key ``echo``: no name of a check.
    """

    def read(value: object, at: At, reader: _Reader) -> dict[str, Any]:
        if not isinstance(value, dict):
            reader.wrong(at, f"{at[-1]} must be a table, [{at[-1]}]")
            return {}
        unquoted = {name: _deep(item) > depth and "." not in name for name, item in value.items()}
        for name, item in value.items():
            if unquoted[name]:
                full = f"{name}.{next(iter(item))}"
                reader.wrong((*at, name), f'quote the name of the check: "{full}"')
        return {name: inner(item, (*at, name), reader) for name, item in value.items() if not unquoted[name]}

    return read


def _deep(value: object) -> int:
    """How many levels of tables there are; an empty one is none."""
    return 1 + max(map(_deep, value.values())) if isinstance(value, dict) and value else 0


def _severity(value: object, at: At, reader: _Reader) -> Severity:
    try:
        return Severity(str(value))
    except ValueError:
        known = [severity.value for severity in Severity]
        reader.wrong(at, f"unknown severity '{value}'", close(str(value), known))
        return Severity.WARNING


def _budget(value: object, at: At, reader: _Reader) -> Budget:
    """``3`` rows, ``"0.5%"`` of the rows, or ``"none"`` for no limit."""
    if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
        return Budget(count=value)
    text = str(value).strip()
    share = re.fullmatch(r"(\d+(?:\.\d+)?)\s*%", text)
    if share and float(share[1]) <= 100:  # noqa: PLR2004 (per cent)
        return Budget(share=float(share[1]) / 100)
    if share:
        reader.wrong(at, f'a share of the rows is at most 100%, got {value!r}; for no limit write "none"')
    elif text != "none":
        reader.wrong(at, f'a budget is a number of rows, a share such as "0.5%", or "none"; got {value!r}')
    return Budget()


def _patterns(value: object, at: At, reader: _Reader) -> tuple[re.Pattern[str], ...]:
    read = (read_pattern(item, (*at, item), reader) for item in _names(value, at, reader))
    return tuple(pattern for pattern in read if pattern is not None)


def _scopes(value: object, at: At, reader: _Reader) -> tuple[Scope, ...]:
    """``{field = "value"}`` or ``{field = ["value", "value"]}``."""
    if not isinstance(value, dict):
        reader.wrong(at, f'{at[-1]} must say which rows, as {{source = "forum"}}')
        return ()
    return tuple(
        Scope(name, tuple(map(str, values)) if isinstance(values, list) else (str(values),))
        for name, values in value.items()
    )


def _options(value: object, at: At, reader: _Reader) -> dict[str, object]:
    if isinstance(value, dict):
        return value
    reader.wrong(at, f'[checks."{at[-1]}"] must be a table of options')
    return {}


def _text(value: object, at: At, reader: _Reader) -> str:
    if not isinstance(value, str):
        reader.wrong(at, f"{at[-1]} must be a string")
    return str(value)


def _fields(value: object, at: At, reader: _Reader) -> tuple[str, ...]:
    """A field of the rows, or a list of them."""
    names = (value,) if isinstance(value, str) else value
    if isinstance(names, list | tuple) and all(isinstance(name, str) and name for name in names):
        return tuple(dict.fromkeys(names))
    reader.wrong(at, f'{at[-1]} must name a field of the rows, as "source", or a list of fields')
    return ()


def _count(value: object, at: At, reader: _Reader) -> int:
    if isinstance(value, int) and not isinstance(value, bool) and value > 0:
        return value
    reader.wrong(at, f"{at[-1]} must be a whole number above 0")
    return 1


def _joined(value: object, at: At, reader: _Reader) -> tuple[str, ...]:
    """Columns that are joined: ``"Subject+Description"``, or a list of names as they are."""
    key = at[-1]
    if key not in PARTS:
        reader.wrong(at, f"[map] does not know the part '{key}'", _close(key, list(PARTS)))
        return ()
    if isinstance(value, list):
        return _names(value, at, reader)
    try:
        return read_map(f"{key}={value}")[key]
    except CurateError:
        reader.wrong(at, f'{key} must name columns, as "Subject+Description", or a list of names')
        return ()


def _group(value: object, at: At, reader: _Reader) -> Grouping | None:
    """``by``, ``order`` and ``role`` name columns; ``roles`` says what names mean."""
    if not isinstance(value, dict) or not isinstance(value.get("by"), str):
        reader.wrong(at, '[group] must name the column of the thread: by = "ticket"')
        return None
    known = ("by", "order", "role", "roles")
    for name in value:
        if name not in known:
            reader.wrong((*at, name), f"unknown key '{name}' in [group]", _close(name, list(known)))
    texts = {name: _text(value.get(name, ""), (*at, name), reader) for name in ("by", "order", "role")}
    roles = _table(_role, depth=ANY)(value.get("roles", {}), (*at, "roles"), reader)
    return Grouping(**texts, roles={fold(name): role for name, role in roles.items()})


def _role(value: object, at: At, reader: _Reader) -> str:
    if value in SPOKEN:
        return str(value)
    reader.wrong(at, f"there is no role '{value}'", "one of: " + ", ".join(SPOKEN))
    return SPOKEN[0]


def _values(value: object, at: At, reader: _Reader) -> tuple[str, ...]:
    """A value of a column, or a list of them; flags as TOML writes them."""
    values = value if isinstance(value, list) else [value]
    if all(isinstance(item, str | bool | int | float) for item in values):
        return tuple(str(item).lower() if isinstance(item, bool) else str(item) for item in values)
    reader.wrong(at, f"{at[-1]} must be a value, or a list of values")
    return ()


KEYS: dict[str, Callable[[Any, At, _Reader], Any]] = {
    "select": _names,
    "ignore": _names,
    "severity": _table(_severity),
    "budget": _table(_budget),
    "checks": _table(_options, depth=1),
    "allow": _table(_patterns),
    "skip": _table(_scopes, depth=1),
    "encoding": _text,
    "own-checks": _names,
    "quarantine": _budget,
    "workers": _count,
    "map": _table(_joined, depth=ANY),
    "group": _group,
    "drop": _table(_values, depth=ANY),
    "by": _fields,
    "fix": read_fix,
    "pii": read_pii,
    "run": read_run,
    "require": read_require,
    "coverage": read_coverage,
    "waiver": read_waivers,
    "expectations": _names,
}
"""The top-level keys and how each is read."""

TABLES = ("map", "group", "drop")
"""Keys that make the Plan's mapping together."""

FIELDS = {"checks": "options", "own-checks": "checks"}
"""Keys whose field of the Plan has another name."""
