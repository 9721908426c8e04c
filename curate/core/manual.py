"""A check's manual page, read from its module's docstring.

The docstring's first line is the title. Sections begin with a word in the first column and go on, indented:
``Why`` (what a model learns from the fault), ``Mend`` (what to do; a command in backquotes), ``Limits`` (what is
measured, and what is not seen), ``Harm`` (what is known about the effect on a trained model).
"""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from curate.core.check import Check

SECTIONS = ("Why", "Mend", "Limits", "Harm")


@dataclass(frozen=True)
class Manual:
    """The parts of a page; ``command`` has ``{files}`` where the inputs go."""

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


def _joined(sections: dict[str, list[str]], name: str) -> str:
    return " ".join(line for line in sections.get(name, []) if line)
