"""Manual pages, generated from a check's docstring, fields and examples: for the terminal and for ``docs/``."""

from __future__ import annotations

import sys
from dataclasses import fields
from typing import TYPE_CHECKING

from curate.core.harm import MEANINGS, WEIGHTS, harm_of
from curate.core.manual import filled, manual_of
from curate.text.visible import visible

if TYPE_CHECKING:
    from collections.abc import Sequence

    from curate.core.check import Check
    from curate.core.examples import Example

MARK = {"error": "blocks", "warning": "warns", "info": "informs"}


def index_page(checks: Sequence[Check]) -> str:
    """One line a check, by family."""
    lines = []
    family = ""
    width = max(len(check.name) for check in checks)
    for check in checks:
        if check.name.split(".")[0] != family:
            family = check.name.split(".")[0]
            lines.append(f"\n{family}: {_family_doc(check)}")
        lines.append(f"  {check.name:{width}}  {MARK[check.severity.value]:7}  {manual_of(check).title}")
    lines.append(
        "\nProblems are ranked by harm: their share of the supervised tokens, times a weight, by judgement:"
    )
    lines += [f"  {grade:7}  {weight:<4g}  {MEANINGS[grade]}" for grade, weight in WEIGHTS.items()]
    lines.append("\n'curate explain CHECK' shows a page.")
    return "\n".join(lines).lstrip("\n")


def _family_doc(check: Check) -> str:
    package = sys.modules.get(type(check).__module__.rpartition(".")[0])
    return (package.__doc__ or "").strip() if package else "your own checks"


def terminal_page(check: Check) -> str:
    """A check's page as plain text."""
    manual = filled(manual_of(check))
    parts = [f"{check.name}  ({MARK[check.severity.value]})", manual.title + ".", ""]
    for head, text in (
        ("Why", manual.why),
        ("Mend", manual.mend),
        ("Limits", manual.limits),
        ("Harm", _harm(check)),
    ):
        if text:
            parts.append(f"{head:8}{text}")
    parts += ["", *_options(check)]
    parts += _examples("Flagged", getattr(sys.modules[type(check).__module__], "FLAGGED", ()))
    parts += _examples("Clean", getattr(sys.modules[type(check).__module__], "CLEAN", ()))
    return "\n".join(parts)


def markdown_page(check: Check) -> str:
    """A check's page for ``docs/reference``."""
    manual = filled(manual_of(check))
    module = sys.modules[type(check).__module__]
    parts = [
        f"## `{check.name}`",
        f"**{manual.title}.** It {MARK[check.severity.value]}.",
        f"*Why.* {manual.why}",
    ]
    parts += [f"*Mend.* {manual.mend}", f"*Limits.* {manual.limits}", f"*Harm.* {_harm(check)}"]
    options = [line.strip() for line in _options(check)]
    if options:
        parts.append("*Options.* " + "; ".join(f"`{line}`" for line in options[1:]))
    for title, name in (("Flagged", "FLAGGED"), ("Clean", "CLEAN")):
        shown = "\n".join(_lines(getattr(module, name, ())[:3]))
        parts.append(f"{title}:\n\n```json\n{shown}\n```")
    return "\n\n".join(parts) + "\n"


def _harm(check: Check) -> str:
    """The grade with its weight and reason, and what is known about the effect on a trained model."""
    graded = str(harm_of(check.name, check.severity))
    return f"{graded[0].upper()}{graded[1:]}. {manual_of(check).harm or 'Effect on a trained model: not measured yet.'}"


def _options(check: Check) -> list[str]:
    own = [field for field in fields(check) if field.name != "severity"]
    if not own:
        return []
    return ["Options", *(f"        {field.name} = {_short(getattr(check, field.name))}" for field in own)]


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 80 else text[:77] + "..."  # noqa: PLR2004 (a line)


def _examples(title: str, examples: Sequence[Example]) -> list[str]:
    return [title, *("        " + line for line in _lines(examples)), ""] if examples else []


def _lines(examples: Sequence[Example]) -> list[str]:
    return [_short_line(line) for example in examples for line in example.lines]


def _short_line(line: bytes) -> str:
    text = visible(line.decode("utf-8", "backslashreplace"))
    return text if len(text) <= 160 else text[:157] + "..."  # noqa: PLR2004 (two lines)
