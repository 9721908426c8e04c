"""Finding checks: built-in ones by their files, a team's own from a folder or an entry point."""

from __future__ import annotations

import importlib
import importlib.util
import inspect
import sys
from dataclasses import replace
from importlib.metadata import entry_points
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

import curate.checks
from curate.core.check import Check, CorpusCheck, RowCheck
from curate.core.errors import CheckError, ConfigError, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from curate.core.plan import Plan

ENTRY_POINT = "curate.checks"
OWN = "curate_own_checks"
"""The package name under which checks of a folder are loaded."""


def check_names(folders: tuple[str, ...] = ()) -> list[str]:
    """The names of all checks, without importing any of them."""
    return sorted(module_name(path) for path in _files(folders))


def load_check(name: str, folders: tuple[str, ...] = ()) -> Check:
    """One check with its default options.

    Raises:
        UsageError: there is no such check.
    """
    for path in _files(folders):
        if module_name(path) == name:
            return check_in(_load(path))
    raise UsageError(
        f"there is no check '{name}'", hint=f"run 'curate explain'{suggest(name, check_names(folders))}"
    )


def load_checks(plan: Plan) -> tuple[Check, ...]:
    """The checks that the plan wants, with its severities and options, sorted by name.

    Raises:
        ConfigError: the plan names a check or an option that does not exist.
        CheckError: a file does not hold exactly one check.
    """
    names = check_names(plan.checks)
    _refuse_unknown(plan, names)
    checks = [check_in(_load(path)) for path in _files(plan.checks) if plan.wants(module_name(path))]
    return tuple(sorted((_configured(check, plan) for check in checks), key=lambda check: check.name))


def register_folders(folders: tuple[str, ...]) -> None:
    """Make a team's own checks importable in this process; workers do this before they unpickle."""
    for path in _files(folders):
        if not path.is_relative_to(BUILT_IN):
            _load(path)


def suggest(name: str, known: list[str]) -> str:
    """A hint at the closest name, if there is one."""
    import difflib  # noqa: PLC0415 (only for errors)

    close = difflib.get_close_matches(name, known, n=1, cutoff=0.5)
    return f"; did you mean '{close[0]}'?" if close else ""


def module_name(path: Path) -> str:
    """``family.fault``, from a check's path."""
    return f"{path.parent.name}.{path.stem}".replace("_", "-")


def check_in(module: ModuleType) -> Check:
    """The one check that a module defines.

    Raises:
        CheckError: it defines none, or several.
    """
    classes = [
        item
        for _, item in inspect.getmembers(module, inspect.isclass)
        if issubclass(item, RowCheck | CorpusCheck) and item.__module__ == module.__name__
    ]
    if len(classes) != 1:
        raise CheckError(
            f"must define exactly one check, found {len(classes)}",
            where=str(module.__file__),
            hint="a check is a frozen dataclass that extends RowCheck or CorpusCheck",
        )
    check: Check = classes[0]()
    return check


BUILT_IN = Path(curate.checks.__path__[0])


def _files(folders: tuple[str, ...]) -> Iterator[Path]:
    yield from sorted(path for path in BUILT_IN.glob("*/*.py") if path.stem != "__init__")
    for folder in folders:
        root = Path(folder)
        if not root.is_dir():
            raise UsageError("no such folder of checks", where=folder, hint="it holds FAMILY/FAULT.py files")
        yield from sorted(path.resolve() for path in root.glob("*/*.py") if not path.stem.startswith("_"))
    for entry in entry_points(group=ENTRY_POINT):
        root = Path(str(importlib.import_module(entry.value).__path__[0]))
        yield from sorted(path for path in root.glob("*/*.py") if not path.stem.startswith("_"))


def _load(path: Path) -> ModuleType:
    if path.is_relative_to(BUILT_IN):
        return importlib.import_module(f"curate.checks.{path.parent.name}.{path.stem}")
    name = f"{OWN}.{path.parent.name}.{path.stem}"
    if name in sys.modules and sys.modules[name].__file__ == str(path):
        return sys.modules[name]
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise CheckError("cannot be loaded", where=str(path))
    module = importlib.util.module_from_spec(spec)
    for package in (OWN, f"{OWN}.{path.parent.name}"):
        sys.modules.setdefault(package, ModuleType(package)).__path__ = []
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except Exception as error:
        raise CheckError(f"cannot be loaded: {type(error).__name__}: {error}", where=str(path)) from error
    return module


def _refuse_unknown(plan: Plan, names: list[str]) -> None:
    families = sorted({name.split(".")[0] for name in names})
    keyed = {"severity": plan.severity, "budget": plan.budget, "allow": plan.allow, "skip": plan.skip}
    keyed |= {
        "checks": plan.options,
        "select": dict.fromkeys(plan.select),
        "ignore": dict.fromkeys(plan.ignore),
    }
    for section, given in keyed.items():
        for name in given:
            if name not in names and name not in families:
                raise ConfigError(
                    f"there is no check or family '{name}' (in {section})",
                    hint=f"'curate explain' lists them{suggest(name, names + families)}",
                )


def _configured(check: Check, plan: Plan) -> Check:
    changes: dict[str, object] = dict(plan.options.get(check.name, {}))
    fields = sorted(set(check.__dataclass_fields__) - {"severity"})
    for name in changes:
        if name not in fields:
            known = ", ".join(fields) or "none"
            raise ConfigError(
                f"{check.name} has no option '{name}'", hint=f"its options: {known}{suggest(name, fields)}"
            )
    family = check.name.split(".")[0]
    severity = plan.severity.get(check.name, plan.severity.get(family))
    if severity is not None:
        changes["severity"] = severity
    return replace(check, **{name: _frozen(value) for name, value in changes.items()})  # type: ignore[arg-type]


def _frozen(value: object) -> object:
    return tuple(value) if isinstance(value, list) else value
