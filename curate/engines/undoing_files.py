"""The files that a step wrote, found again: one that is named, or all of them in their folder."""

from __future__ import annotations

import os
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, NamedTuple

from curate.core.errors import UnreadableError, UsageError
from curate.formats.sources import Source, discover
from curate.text.visible import text_name, visible_name

if TYPE_CHECKING:
    from collections.abc import Sequence

    from curate.core.ledger import Ledger

_LISTED = 5
"""Missing files that an error names."""


class Output(NamedTuple):
    """A file that a step wrote.

    Attributes:
        source: the file.
        name: below the folder of all of them.
        at: its number among them; None where only its bytes can tell.
    """

    source: Source
    name: str
    at: int | None = None


def outputs_of(ledger: Ledger, output: Path) -> tuple[Output, ...]:
    """What the user means by the output of a step: a file, or the folder with all files that the step wrote.

    Raises:
        UnreadableError: there is no such file, or the folder lacks a file that the step wrote.
        UsageError: it is a pattern that several files match.
    """
    if output.is_dir():
        return _in_folder(ledger, output)
    sources = discover([str(output)]).sources
    if len(sources) > 1:
        raise UsageError(
            f"names {len(sources):,} files", where=str(output), hint="name one of them, or their folder"
        )
    return (Output(sources[0], Path(sources[0].name).name),)


def _in_folder(ledger: Ledger, folder: Path) -> tuple[Output, ...]:
    """All files of a step, by their names below the folder that they have in common, or below that of the run."""
    names = [mark.name for mark in ledger.header.outputs]
    known = below_common(names)
    lacks = [
        name
        for name, whole in zip(known, names, strict=True)
        if not (folder / name).is_file() and not (folder / whole).is_file()
    ]
    if lacks:
        more = f" and {len(lacks) - _LISTED:,} more" if len(lacks) > _LISTED else ""
        raise UnreadableError(
            f"lacks {', '.join(map(visible_name, lacks[:_LISTED]))}{more}, which {ledger.header.step} wrote",
            where=str(folder),
            hint="name the folder of all its files, or one of the files to undo it alone",
        )
    places = [
        folder / (name if (folder / name).is_file() else whole)
        for name, whole in zip(known, names, strict=True)
    ]
    return tuple(
        Output(Source(text_name(str(place)), place), name, at)
        for at, (place, name) in enumerate(zip(places, known, strict=True))
    )


def below_common(names: Sequence[str]) -> list[str]:
    """Names of files without the folder that all of them lie in."""
    parents = [str(PurePath(name).parent) for name in names]
    is_mixed = len({PurePath(name).is_absolute() for name in names}) > 1
    common = "." if is_mixed else os.path.commonpath(parents)
    return [str(PurePath(name).relative_to(common)) for name in names]


def ends_alike(path: str, name: str) -> bool:
    """Whether a path may be the file that a ledger names: the same file, or one in a folder that was moved since."""
    real = os.path.realpath(path)
    return real == os.path.realpath(name) or real.endswith(f"{os.sep}{os.path.normpath(name)}")
