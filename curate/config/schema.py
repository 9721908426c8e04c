"""The plan's JSON Schema (draft 2020-12), for editors: what they complete, explain on hovering, and underline.

Its keys are those of the readers, so that a key which the schema does not know cannot be added in silence.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from curate.config.asked_sections import DAY, KEY, NEEDED, REQUIRE_KEYS, WAIVER_KEYS, WHICH
from curate.config.coverage_section import BOUNDS, COVERAGE_KEYS, FACET_KEYS, MATCHERS
from curate.config.fix_section import FIX_KEYS
from curate.config.load import EXTENDS, KEYS
from curate.config.pii_section import KIND, PII_KEYS
from curate.config.presets import NAMES
from curate.config.run_section import RUN_KEYS, SPLIT_KEYS
from curate.core.coverage_plan import PARTS as COVERAGE_PARTS
from curate.core.finding import Severity
from curate.core.fix_plan import GRAMMARS, KINDS, POLICIES
from curate.core.fix_plan import PARTS as FIX_PARTS
from curate.core.pii_plan import SCOPES, STYLES
from curate.core.run_plan import ACTIONS, STEPS
from curate.core.table_map import PARTS, SPOKEN

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from curate.core.check import Check

Schema = dict[str, Any]

DRAFT = "https://json-schema.org/draft/2020-12/schema"
QUOTED = r"^[^.]+(\..+)?$"
"""A check or a family."""


def plan_schema(checks: Mapping[str, tuple[Check, str]]) -> Schema:
    """The schema of a plan.

    Args:
        checks: those that there are, by name, each with what it is about in a line; a plan may name others, of its own.
    """
    titles = {name: title for name, (_, title) in checks.items()}
    shapes = {
        **_simple(),
        **_of_checks(titles, checks),
        **_of_tables(),
        **_of_steps(),
        **_of_policy(),
        **_of_coverage(),
    }
    extends = _enum(
        NAMES, "A preset that this plan is laid over: curate init --preset NAME --show prints it."
    )
    return {
        "$schema": DRAFT,
        "title": "A plan of curate (curate.toml)",
        **_table({EXTENDS: extends, **{key: shapes[key] for key in KEYS}}),
        "$defs": {
            "severity": _enum(
                [one.value for one in Severity], "error blocks, warning is shown, info is counted."
            ),
            "budget": BUDGET,
        },
    }


# --- building blocks --------------------------------------------------------------------------------------


def _told(shape: Schema, description: str) -> Schema:
    return {**shape, "description": description} if description else shape


def _table(properties: Schema, description: str = "", required: Iterable[str] = ()) -> Schema:
    """A table with these keys and no others."""
    needed = {"required": list(required)} if required else {}
    shape = {"type": "object", "properties": properties, **needed, "additionalProperties": False}
    return _told(shape, description)


def _by_name(item: Schema, description: str = "", names: str = "", known: Schema | None = None) -> Schema:
    """A table from names to something."""
    shape: Schema = {"type": "object", "additionalProperties": item}
    if known:
        shape["properties"] = known
    if names:
        shape["propertyNames"] = {"pattern": names}
    return _told(shape, description)


def _enum(values: Iterable[str], description: str = "") -> Schema:
    return _told({"enum": list(values)}, description)


def _text(description: str = "", **more: object) -> Schema:
    return _told({"type": "string", **more}, description)


def _list(item: Schema, description: str = "", **more: object) -> Schema:
    return _told({"type": "array", "items": item, **more}, description)


def _one_or_more(item: Schema, description: str = "") -> Schema:
    return _told({"anyOf": [item, _list(item, minItems=1)]}, description)


def _whole(least: int, description: str = "") -> Schema:
    return _told({"type": "integer", "minimum": least}, description)


FILLED: Schema = _text(minLength=1)
SAID: Schema = _text(pattern=r"\S")
FLAG: Schema = {"type": "boolean"}
SCALAR: Schema = {"type": ["string", "number", "boolean"]}
BUDGET: Schema = {
    "description": 'So many rows (3), a share of them ("0.5%"), or "none" for no limit.',
    "anyOf": [
        {"type": "integer", "minimum": 0},
        {"type": "string", "pattern": r"^\s*(none|0*(\d{1,2}(\.\d+)?|100(\.0+)?)\s*%)\s*$"},
    ],
}


# --- the sections -----------------------------------------------------------------------------------------


def _simple() -> Schema:
    names = _text(pattern=r"\S")
    return {
        "select": _list(names, "Checks or families to run; all that are on by default if it is not there."),
        "ignore": _list(names, "Checks or families not to run."),
        "encoding": _text("Encoding of all text files, where the decision by their bytes is wrong."),
        "expectations": _list(
            FILLED, "Schema suites of Great Expectations that curate check runs too: files, or folders."
        ),
        "own-checks": _list(FILLED, "Folders of your own checks: FAMILY/FAULT.py."),
        "quarantine": _told({"$ref": "#/$defs/budget"}, "How many records may be unreadable; 0 by default."),
        "workers": _whole(1, "At most so many processes; results do not depend on it."),
        "by": _told(
            {"anyOf": [FILLED, _list(FILLED)]}, "Fields by whose values fault rates are told, or file."
        ),
    }


def _of_checks(titles: Mapping[str, str], checks: Mapping[str, tuple[Check, str]]) -> Schema:
    severity, budget = {"$ref": "#/$defs/severity"}, {"$ref": "#/$defs/budget"}
    return {
        "severity": _by_name(
            severity, "Severities that differ from a check's own.", QUOTED, _known(severity, titles)
        ),
        "budget": _by_name(
            budget,
            "How many rows a check, or each check of a family, may flag before it blocks. An error without a budget "
            "may flag none; a warning without one never blocks.",
            QUOTED,
            _known(budget, titles),
        ),
        "checks": _by_name(
            {"type": "object"},
            "Options of single checks; curate explain CHECK lists them.",
            r"^[^.]+\..+$",
            {name: _options(check, titles[name]) for name, (check, _) in checks.items()},
        ),
        "allow": _by_name(
            _list(_text(format="regex")),
            "Expressions: what one matches entirely is not reported. No look-around, no back-references.",
            QUOTED,
        ),
        "skip": _by_name(
            _by_name({"anyOf": [SCALAR, _list(SCALAR)]}),
            "Rows that a check passes over, by a metadata field and its values.",
            QUOTED,
        ),
    }


def _known(shape: Schema, titles: Mapping[str, str]) -> Schema:
    families = sorted({name.partition(".")[0] for name in titles})
    return {
        **{family: _told(shape, f"All checks of the family {family}.") for family in families},
        **{name: _told(shape, title) for name, title in titles.items()},
    }


_OPTIONS: dict[str, Schema] = {
    "bool": FLAG,
    "int": {"type": "integer"},
    "float": {"type": "number"},
    "str": {"type": "string"},
    "tuple[str,...]": _list(SAID),
    "tuple[tuple[str,str],...]": _list(_list(SAID, minItems=2, maxItems=2)),
}
"""How a plan writes values of a check's fields; values of other types are not looked at here."""


def _options(check: Check, title: str) -> Schema:
    fields = {
        name: _OPTIONS.get(str(field.type).replace(" ", ""), {})
        for name, field in sorted(check.__dataclass_fields__.items())
        if name != "severity"
    }
    return _table(fields, title)


def _of_tables() -> Schema:
    values = {"anyOf": [SCALAR, _list(SCALAR)]}
    columns = {"anyOf": [FILLED, _list(_text())]}
    group = {
        "by": _text("The column of the thread: lines with the same value are one conversation."),
        "order": _text("The column that puts its lines in order."),
        "role": _text("The column that says who speaks."),
        "roles": _by_name(_enum(SPOKEN), "What the names in it stand for; * is every other name."),
    }
    return {
        "map": _table(dict.fromkeys(PARTS, columns), 'Columns of own tables: user = "Subject+Description".'),
        "group": _table(group, "Which lines of own tables are one conversation.", ["by"]),
        "drop": _by_name(values, "Values of columns whose lines are left out on purpose."),
    }


def _of_steps() -> Schema:
    fix = {
        "only": _one_or_more(_enum(KINDS), "Kinds of edit that are made."),
        "unsafe": _one_or_more(
            {"type": "string"}, 'Classes of suggestions that are made, too; "all" of them.'
        ),
        "fields": _table(
            dict.fromkeys(FIX_PARTS, _enum(POLICIES)), "By part, the most that may become of an edit."
        ),
        "glossary": _text("The file of the terminology.", minLength=1),
        "grammar": _enum(GRAMMARS, "The grammar engine."),
        "language-tool": _text("Address of a LanguageTool server.", minLength=1),
        "allow-remote": _told(
            FLAG, "Whether that server may be another machine, so that texts leave this one."
        ),
        "known": _one_or_more(FILLED, "Files of names and numbers of your own that are personal data."),
        "cache": _text("Folder of verdicts that are kept from run to run.", minLength=1),
        "options": _table(
            {kind: {"type": "object"} for kind in KINDS}, "By kind of edit, options of its editor."
        ),
    }
    pii = {
        "patterns": _by_name(_text(), "Expressions of your own kinds of personal data.", f"^{KIND}$"),
        "scope": _enum(SCOPES, "Where a value keeps its placeholder."),
        "style": _enum(STYLES, "What is put in the place of a value."),
    }
    split = {
        "ratio": _text("Shares, as 90/5/5.", pattern=RATIO),
        "by": _one_or_more(FILLED, "What keeps rows together: near, document, or a field."),
        "stratify": _text("A field whose values keep their shares.", minLength=1),
        "seed": _told({"type": "integer"}, "Decides which group goes where."),
    }
    split_table = _table({key: split[key] for key in SPLIT_KEYS}, "", ["ratio"])
    run = {
        "steps": _list(_enum(STEPS), "The steps that change data.", minItems=1),
        "policy": _by_name(
            _enum(ACTIONS), "From checks, families and severities to what becomes of their rows."
        ),
        "split": _told({"anyOf": [_text(pattern=RATIO), split_table]}, "How rows are dealt."),
    }
    return {
        "fix": _table({key: fix[key] for key in FIX_KEYS}, "What curate fix may change."),
        "pii": _table({key: pii[key] for key in PII_KEYS}, "How personal data is taken out."),
        "run": _table({key: run[key] for key in RUN_KEYS}, "What curate run does."),
    }


RATIO = r"^[1-9]\d*(/[1-9]\d*){1,2}$"


def _of_policy() -> Schema:
    require = {
        "fields": _one_or_more(
            FILLED, "Metadata that every row must have: a name, a path with dots, or a pointer."
        ),
        "rows": _whole(
            1, "At least so many rows that can be read; the rule of thumb is 1,000 to 5,000 examples."
        ),
    }
    waiver = {
        "check": _told(SAID, "A check or a family."),
        "owner": _told(SAID, "Who answers for it."),
        "reason": _told(SAID, "Why the findings may stay."),
        "until": _text(
            "The last day on which it holds; from the next day on, the gate fails.", pattern=f"^{DAY}$"
        ),
        "rows": _one_or_more(_text(pattern=f"^{KEY}$"), "Keys of the rows (column key of --findings FILE)."),
        "file": _told(SAID, "A glob over names of inputs."),
        "pattern": _text(
            "An expression that the words at fault match entirely; no look-around, no back-references.",
            format="regex",
            pattern=r"\S",
        ),
    }
    one = _table({key: waiver[key] for key in WAIVER_KEYS}, "", NEEDED)
    one["anyOf"] = [{"required": [key]} for key in WHICH]
    return {
        "require": _table({key: require[key] for key in REQUIRE_KEYS}, "What must be there."),
        "waiver": _list(
            one, "Findings that somebody answers for: they are left out of the verdict, and told."
        ),
    }


def _of_coverage() -> Schema:
    expression = _text(format="regex", pattern=r"\S")
    facet = {
        "pattern": _told(expression, "An expression; the values are what it matches, or its first group."),
        "patterns": _by_name(expression, "Expressions by the value that each stands for."),
        "glossary": _text("A terminology; the values are the names of the terms that occur.", minLength=1),
        "in": _enum(COVERAGE_PARTS, "Where it looks; in both if it is not there."),
    }
    one = _table({key: facet[key] for key in FACET_KEYS})
    one["oneOf"] = [{"required": [key]} for key in MATCHERS]
    value = {"anyOf": [SCALAR, _list(SCALAR, minItems=1)]}
    bounds = {
        "minimum": _told(BOUND, "At least so many rows, or such a share of all rows."),
        "maximum": _told(BOUND, "At most so many rows, or such a share of all rows."),
    }
    cell: Schema = {
        "type": "object",
        "properties": {**{key: bounds[key] for key in BOUNDS}, "meta": _by_name(value)},
        "additionalProperties": value,
        "anyOf": [{"required": [key]} for key in BOUNDS],
    }
    coverage = {
        "facets": _by_name(one, "Facets of your own, beside task, topic, language and the like."),
        "cells": _list(
            cell, "Values of facets with bounds; lists of values make a cross table, a cell a combination."
        ),
        "lengths": _list(
            _whole(1), "Where bands of length begin, in estimated tokens, ascending.", minItems=1
        ),
    }
    return {"coverage": _table({key: coverage[key] for key in COVERAGE_KEYS}, "What the data must cover.")}


BOUND: Schema = {
    "anyOf": [
        {"type": "integer", "minimum": 0},
        {"type": "string", "pattern": r"^\s*0*(\d{1,2}(\.\d+)?|100(\.0+)?)\s*%\s*$"},
    ]
}
