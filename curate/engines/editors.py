"""The editors that a plan asks for, made and ready: each in a module that is loaded only if it is wanted."""

from __future__ import annotations

import importlib
from dataclasses import dataclass, fields
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, cast

from curate.core.errors import ConfigError, MissingExtraError, UsageError
from curate.core.names import DISTRIBUTION

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from curate.core.plan import Plan
    from curate.fixing.editor import Editor

EDITORS = {
    "text": ("curate.fixing.text_repair", "TextRepair"),
    "ticket": ("curate.fixing.tickets", "Tickets"),
    "pii": ("curate.fixing.pii", "Pii"),
    "terms": ("curate.fixing.terms", "Terms"),
    "grammar": ("curate.fixing.grammar", "Grammar"),
}
"""By kind of edit, the module of its editor and the class there."""

PACKAGES = {"harper": "harper", "languagetool": "language_tool_python"}
"""Packages of the extra ``grammar`` by the engine that needs them."""

FACTORY = "{}_of"
"""A module may hold a function from the plan to its editor: ``pii_of(plan)``."""


ELSEWHERE = {"pii": "they stand in [pii]", "terms": "they stand in the glossary"}
"""Kinds whose options are given elsewhere."""


@dataclass(frozen=True)
class Equipped:
    """Editors, and what a default run does not look at on this machine, with the command that mends it."""

    editors: tuple[Editor, ...]
    notes: tuple[str, ...] = ()


def equip(plan: Plan) -> Equipped:
    """The editors that a plan asks for, in the order of the kinds.

    Raises:
        MissingExtraError: grammar is asked for, and its packages are not installed.
        UsageError: terminology is asked for without a glossary, or grammar and no engine.
        ConfigError: an option is none of its editor.
    """
    editors: list[Editor] = []
    notes: list[str] = []
    for kind in plan.fix.kinds:
        if not _is_selected(kind, plan):
            continue
        note = ABSENT[kind](plan) if kind in ABSENT else None
        if note is None:
            editors.append(_cached(_made(kind, plan), plan))
        elif note:
            notes.append(note)
    return Equipped(tuple(editors), tuple(notes))


def _is_selected(kind: str, plan: Plan) -> bool:
    """Whether an edit of a kind can be wanted: ``--select`` names checks, and classes of edits by their family."""
    return not plan.select or any(name.partition(".")[0] == kind for name in plan.select)


def _no_terms(plan: Plan) -> str | None:
    """Why there are no terms to look for: a default run needs no glossary, and says nothing."""
    if plan.fix.glossary:
        return None
    if "terms" in plan.fix.only:
        raise UsageError("terminology needs a glossary", hint="name one: --glossary terms.yaml")
    return ""


def _no_grammar(plan: Plan) -> str | None:
    """Why grammar is not looked at: it is off, or its packages are not installed and nobody asked for it."""
    name = plan.fix.grammar
    if name == "off":
        if "grammar" in plan.fix.only:
            raise UsageError("grammar is asked for and off", hint="leave out --grammar off")
        return ""
    needed = {"harper": ("harper",), "languagetool": (), "both": ("harper",)}.get(name, ("harper",))
    if name in ("languagetool", "both") and not plan.fix.language_tool:
        needed += ("languagetool",)
    if all(find_spec(PACKAGES[one]) for one in needed):
        return None
    if name or "grammar" in plan.fix.only:
        raise MissingExtraError("grammar", "grammar")
    return f'grammar was not looked at; to look at it: pip install "{DISTRIBUTION}[grammar]"'


ABSENT: Mapping[str, Callable[[Plan], str | None]] = {"terms": _no_terms, "grammar": _no_grammar}
"""By kind, why its editor is left out, if it is: a note for the user, or nothing to say."""


def _made(kind: str, plan: Plan) -> Editor:
    name, maker = EDITORS[kind]
    module = importlib.import_module(name)
    _refuse_unknown(kind, getattr(module, maker), plan)
    factory = getattr(module, FACTORY.format(kind), None)
    if factory is not None:
        return cast("Editor", factory(plan))
    if kind == "terms":
        return cast("Editor", getattr(module, maker).of(plan.fix.glossary))
    given = _grammar(plan) if kind == "grammar" else {}
    return cast("Editor", getattr(module, maker)(**given, **plan.fix.options.get(kind, {})))


def _grammar(plan: Plan) -> dict[str, object]:
    fix = plan.fix
    return {
        "engine": fix.grammar or "harper",
        "language_tool": fix.language_tool,
        "allow_remote": fix.allow_remote,
    }


def _refuse_unknown(kind: str, maker: type[Editor], plan: Plan) -> None:
    known = [one.name for one in fields(maker) if one.init] if kind not in ELSEWHERE else []
    for name in plan.fix.options.get(kind, {}):
        if name not in known:
            raise ConfigError(
                f"unknown option '{name}'",
                where=plan.places.get(f"fix.options.{kind}.{name}", f"[fix.options.{kind}]"),
                hint=f"one of: {', '.join(known)}" if known else ELSEWHERE.get(kind, "there are none"),
            )


def _cached(editor: Editor, plan: Plan) -> Editor:
    """The editor with its verdicts kept from run to run, where they depend on the text alone."""
    if plan.fix.cache is None or not editor.by_text:
        return editor
    maker = importlib.import_module("curate.fixing.cached").Cached
    return cast("Editor", maker(editor, Path(plan.fix.cache)))
