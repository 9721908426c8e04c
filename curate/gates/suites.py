"""Schema suites of Great Expectations as files, read and held against what is known before anything runs.

Great Expectations 1.x logs an expectation that it does not know, drops it, and calls the suite a success. Here what a
suite declares is what is evaluated, or nothing is claimed.
"""

from __future__ import annotations

import difflib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from curate.core.errors import ConfigError, UnreadableError, UsageError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

COLUMN_WORDS = ("column", "column_A", "column_B", "column_list", "column_set")
"""Arguments of expectations that name columns."""


@dataclass(frozen=True)
class Declared:
    """An expectation as a suite declares it.

    Attributes:
        type: its name.
        arguments: its keyword arguments.
        severity: ``critical``, ``warning`` or ``info``; what is critical blocks.
        notes: why it is there, where the suite says so.
    """

    type: str
    arguments: dict[str, Any]
    severity: str = "critical"
    notes: str = ""

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that it names."""
        named = (self.arguments.get(word) for word in COLUMN_WORDS)
        listed = ([one] if isinstance(one, str) else one for one in named if one)
        return tuple(str(name) for several in listed for name in several)


@dataclass(frozen=True)
class Suite:
    """A suite and where it stands."""

    name: str
    where: str
    declared: tuple[Declared, ...]
    raw: dict[str, Any]

    @property
    def needs_all(self) -> bool:
        """Whether an expectation names no column: nobody knows which it reads. Core ones about tables read none."""
        return any(not one.columns and not one.type.startswith("expect_table_") for one in self.declared)

    @property
    def columns(self) -> frozenset[str]:
        """All columns that it names."""
        return frozenset(name for one in self.declared for name in one.columns)


def read_suites(paths: Sequence[str]) -> list[Suite]:
    """The suites of files and folders, in order.

    Raises:
        UnreadableError: a file cannot be read.
        ConfigError: a file is no suite, or an empty one.
        UsageError: a folder holds none.
    """
    return [_read(path) for given in paths for path in _files(Path(given))]


def _files(path: Path) -> Iterator[Path]:
    if not path.is_dir():
        yield path
        return
    found = sorted(path.glob("*.json"))
    if not found:
        raise UsageError(
            "holds no suite", where=str(path), hint="suites are *.json files; make one: curate expectations"
        )
    yield from found


def _read(path: Path) -> Suite:
    try:
        raw = json.loads(path.read_text("utf-8-sig"), object_pairs_hook=_unique)
    except OSError as error:
        raise UnreadableError(f"cannot be opened: {error.strerror}", where=str(path)) from error
    except ValueError as error:
        raise ConfigError(f"is no JSON: {error}", where=str(path)) from error
    listed = raw.get("expectations") if isinstance(raw, dict) else None
    if not isinstance(listed, list):
        raise ConfigError("is no suite of Great Expectations: it has no list 'expectations'", where=str(path))
    if not listed:
        raise ConfigError("the suite is empty: it would pass whatever the data is", where=str(path))
    declared = tuple(_declared(one, at, str(path)) for at, one in enumerate(listed, 1))
    return Suite(str(raw.get("name") or path.stem), str(path), declared, raw)


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object in which no key occurs twice: of two lists of expectations, one would never be evaluated."""
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a key occurs twice in one object")
    return found


def _declared(one: object, at: int, where: str) -> Declared:
    kwargs = one.get("kwargs", {}) if isinstance(one, dict) else None
    if not isinstance(one, dict) or not isinstance(one.get("type"), str) or not isinstance(kwargs, dict):
        raise ConfigError(f"expectation {at} has no 'type' with 'kwargs'", where=where)
    meta = one.get("meta")
    notes = meta.get("notes") if isinstance(meta, dict) else ""
    return Declared(
        one["type"], kwargs, str(one.get("severity") or "critical"), notes if isinstance(notes, str) else ""
    )


def refuse_unknown_columns(suites: Sequence[Suite], known: Collection[str]) -> None:
    """Every column that is named must be there.

    Raises:
        ConfigError: one is not; with the one that may be meant.
    """
    for suite in suites:
        for one in suite.declared:
            for name in one.columns:
                if name not in known:
                    raise ConfigError(
                        f"{one.type} names the column '{name}', which the frame has not",
                        where=suite.where,
                        hint=_meant(name, known),
                    )


def refuse_unknown_types(suites: Sequence[Suite], known: Collection[str]) -> None:
    """Every expectation must be one.

    Raises:
        ConfigError: one is not; with the one that may be meant.
    """
    for suite in suites:
        for one in suite.declared:
            if one.type not in known:
                raise ConfigError(
                    f"there is no expectation '{one.type}'", where=suite.where, hint=_meant(one.type, known)
                )


def _meant(name: str, known: Collection[str]) -> str:
    close = difflib.get_close_matches(name, known, n=1)
    return f"did you mean '{close[0]}'?" if close else f"there are: {', '.join(sorted(known)[:40])}"
