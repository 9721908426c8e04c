"""The shape of a problem of the data as a whole, which no check of rows finds."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from curate.core.report import Harm, Problem

if TYPE_CHECKING:
    from collections.abc import Sequence

    from curate.core.report import Example


class Told(NamedTuple):
    """What the user reads: what it is, why it matters, how it is mended."""

    title: str
    why: str
    mend: str


def unmet(check: str, told: Told, examples: Sequence[Example], of: int, about: str) -> Problem:
    """A problem that blocks as it stands: each example is one finding, and none is allowed.

    Args:
        check: its name.
        told: what the user reads.
        examples: where and what, one for each thing at fault.
        of: how many such things there are.
        about: what such a thing is: a cell, a waiver.
    """
    return Problem(
        check=check,
        title=told.title,
        why=told.why,
        mend=told.mend,
        command="",
        severity="error",
        blocks=True,
        budget=f"0 {about}s",
        findings=len(examples),
        rows=len(examples),
        share=len(examples) / of,
        harm=Harm(tokens=0, share=0.0),
        examples=tuple(examples),
        about=about,
    )
