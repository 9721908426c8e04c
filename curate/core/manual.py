"""A check's manual page, read from its module's docstring.

The docstring's first line is the title. Sections begin with a word in the first column and go on, indented:
``Why`` (what a model learns from the fault), ``Mend`` (what to do; a command in backquotes), ``Limits`` (what is
measured, and what is not seen), ``Harm`` (what is known about the effect on a trained model).

Commands leave blanks that :func:`filled` fills: ``{files}`` for the inputs, ``{out}`` for what the command writes, and
``{fixed}`` for what an earlier ``curate fix`` has written.
"""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from curate.core.check import Check

SECTIONS = ("Why", "Mend", "Limits", "Harm")


@dataclass(frozen=True)
class Manual:
    """The parts of a page; ``command`` is the first one of ``mend``. Both may hold blanks."""

    title: str
    why: str
    mend: str
    limits: str
    harm: str
    command: str


def manual_of(check: Check) -> Manual:
    """The page of a check."""
    return read_manual(sys.modules[type(check).__module__].__doc__ or "")


def read_manual(text: str) -> Manual:
    """The page that a docstring holds."""
    sections: dict[str, list[str]] = {"": []}
    name = ""
    for line in text.strip().splitlines():
        head, _, rest = line.partition(" ")
        if head in SECTIONS:
            name = head
            sections[name] = [rest.strip()]
        else:
            sections[name].append(line.strip())
    mend = _joined(sections, "Mend")
    command = re.search(r"`(curate [^`]+)`", mend)
    return Manual(
        title=_joined(sections, "").split(". ")[0].rstrip("."),
        why=_joined(sections, "Why"),
        mend=mend,
        limits=_joined(sections, "Limits"),
        harm=_joined(sections, "Harm"),
        command=command[1] if command else "",
    )


def filled(
    manual: Manual, files: str = "data.jsonl", kept: str = "kept.jsonl", fixed: str = "fixed.jsonl"
) -> Manual:
    """A page whose commands can be run, or shown.

    Args:
        manual: the page.
        files: the inputs, ready to paste.
        kept: what ``curate drop`` shall write.
        fixed: what ``curate fix`` shall write.
    """

    def fill(part: str) -> str:
        out = fixed if part.startswith("curate fix ") else kept
        names = {"files": files, "fixed": fixed, "out": out}
        return re.sub(r"\{(files|fixed|out)\}", lambda blank: names[blank[1]], part)

    mend = "`".join(map(fill, manual.mend.split("`")))
    return replace(manual, mend=mend, command=fill(manual.command))


def _joined(sections: dict[str, list[str]], name: str) -> str:
    return " ".join(line for line in sections.get(name, []) if line)
