"""Finding checks: built-in ones by their files, a team's own from a folder or an entry point."""

from __future__ import annotations

import importlib
import importlib.util
import inspect
import sys
from dataclasses import fields as dataclass_fields
from dataclasses import replace
from importlib.metadata import entry_points
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

import curate.checks
from curate.checks.required import required
from curate.core.check import Check, CorpusCheck, RowCheck
from curate.core.errors import CheckError, ConfigError, UsageError
from curate.core.finding import Severity
from curate.core.policy import TOO_FEW
from curate.core.suites import read_suites
from curate.engines.options import refuse_other_type

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

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
    asked = required(plan.require.fields)
    names = check_names(plan.checks) + [check.name for check in asked]
    _refuse_unknown(plan, names)
    checks = [check_in(_load(path)) for path in _files(plan.checks) if plan.wants(module_name(path))]
    checks += [check for check in asked if plan.wants(check.name)]
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
        CheckError: it defines none, or several, or one that cannot be made.
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
    try:
        check: Check = classes[0]()
    except (Exception, SystemExit) as error:
        raise CheckError(
            f"cannot be made without options: {type(error).__name__}: {error}", where=str(module.__file__)
        ) from error
    if type(check).name is not Check.name:
        raise CheckError(
            "its name is that of its file",
            where=str(module.__file__),
            hint="call the field or method otherwise",
        )
    if not isinstance(check.severity, Severity):
        raise CheckError(
            "its severity is none", where=str(module.__file__), hint="write Severity.ERROR, WARNING or INFO"
        )
    return check


BUILT_IN = Path(curate.checks.__path__[0])


def _files(folders: tuple[str, ...]) -> Iterator[Path]:
    yield from sorted(path for path in BUILT_IN.glob("*/*.py") if path.stem != "__init__")
    for folder in folders:
        root = Path(folder)
        if not root.is_dir():
            raise UsageError("no such folder of checks", where=folder, hint="it holds FAMILY/FAULT.py files")
        _refuse_stray(root)
        yield from sorted(path.resolve() for path in root.glob("*/*.py") if not _is_hidden(path, root))
    for entry in entry_points(group=ENTRY_POINT):
        try:
            root = Path(str(importlib.import_module(entry.value).__path__[0]))
        except (Exception, SystemExit) as error:
            raise CheckError(
                f"cannot be loaded: {type(error).__name__}: {error}", where=f"entry point {entry.name}"
            ) from error
        yield from sorted(path for path in root.glob("*/*.py") if not path.stem.startswith("_"))


def _is_hidden(path: Path, root: Path) -> bool:
    return any(part.startswith(("_", ".")) for part in path.relative_to(root).parts)


def _refuse_stray(root: Path) -> None:
    """A check's family is the name of its folder; a file elsewhere would be passed over in silence.

    Raises:
        UsageError: a file lies beside the families' folders, or below one.
    """
    for path in sorted((*root.glob("*.py"), *root.glob("*/*/*.py"))):
        parts = path.relative_to(root).parts
        if not _is_hidden(path, root):
            raise UsageError(
                "a check must be in the folder of its family",
                where=str(path),
                hint=f"move it to {root / (parts[0] if len(parts) > 1 else 'FAMILY') / path.name}",
            )


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
    except (Exception, SystemExit) as error:
        sys.modules.pop(name, None)
        raise CheckError(f"cannot be loaded: {type(error).__name__}: {error}", where=str(path)) from error
    return module


def _refuse_unknown(plan: Plan, names: list[str]) -> None:
    """Every name of a check or family that the plan gives must exist; options belong to one check.

    Raises:
        ConfigError: with all mistakes, each with its line where it is the file's.
    """
    checks = {*names, *(name.split(".")[0] for name in names)}
    asked = checks | asked_beside(plan)
    named: tuple[tuple[str, Iterable[str], set[str]], ...] = (
        ("checks", plan.options, set(names)),
        ("select", plan.select, asked),
        ("ignore", plan.ignore, asked),
        ("severity", plan.severity, asked),
        ("budget", plan.budget, asked),
        ("allow", plan.allow, checks),
        ("skip", plan.skip, checks),
        ("waiver", [waiver.check for waiver in plan.waivers], asked),
    )
    mistakes = [
        _placed(plan, f"{section}.{name}", f"there is no check{is_family} '{name}' (in {section})")
        + suggest(name, sorted(known))
        for section, given, known in named
        for is_family in ["" if section == "checks" else " or family"]
        for name in given
        if name not in known and (known is not asked or not _is_elsewhere(name, asked))
    ]
    if mistakes:
        suites = "" if plan.expectations else "; suites are known by the key expectations"
        raise ConfigError("\n".join(mistakes), hint=f"'curate explain' lists them{suites}")


def asked_beside(plan: Plan) -> set[str]:
    """What a plan may speak of beside checks: a number of rows, and expectations of the suites that it names."""
    names = [one.name for suite in read_suites(plan.expectations) for one in suite.declared]
    parts = (name.split(".") for name in (TOO_FEW, *names))
    return {".".join(part[:end]) for part in parts for end in range(1, len(part) + 1)}


def _is_elsewhere(name: str, known: set[str]) -> bool:
    """Whether a name is that of an expectation of a suite that this run does not load.

    Expectations are recognised by "to", which Great Expectations has in all of their names.
    """
    suite, _, kind = name.partition(".")
    return suite not in known and "-to-" in kind


def _placed(plan: Plan, key: str, what: str) -> str:
    place = plan.places.get(key)
    return f"{place}: {what}" if place else what


def _configured(check: Check, plan: Plan) -> Check:
    changes: dict[str, object] = dict(plan.options.get(check.name, {}))
    fields = sorted({field.name for field in dataclass_fields(check)} - {"severity"})
    for name, value in changes.items():
        if name not in fields:
            known = ", ".join(fields) or "none"
            raise ConfigError(
                f"{check.name} has no option '{name}'",
                where=plan.places.get(f"checks.{check.name}.{name}", ""),
                hint=f"its options: {known}{suggest(name, fields)}",
            )
        refuse_other_type(check, name, value, plan)
    changes["severity"] = plan.severity_of(check.name, check.severity)
    try:
        return replace(check, **{name: _frozen(value) for name, value in changes.items()})  # type: ignore[arg-type]
    except (ValueError, TypeError) as error:
        raise ConfigError(
            f"{check.name} does not take its options: {error}", where=_first(check, plan)
        ) from error
    except (Exception, SystemExit) as error:
        raise CheckError(f"check {check.name} cannot be made: {type(error).__name__}") from error


def _first(check: Check, plan: Plan) -> str:
    """Where the plan's file gives the check its first option."""
    names = plan.options.get(check.name, {})
    return next((place for name in names if (place := plan.places.get(f"checks.{check.name}.{name}"))), "")


def _frozen(value: object) -> object:
    return tuple(map(_frozen, value)) if isinstance(value, list) else value
