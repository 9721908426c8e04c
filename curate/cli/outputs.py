"""Files that a command is asked to write beside what it prints."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from curate.formats.sources import Source


def prepare_outputs(outputs: Sequence[str | None], inputs: Sequence[str]) -> None:
    """Make the folders of the files to write, before any work is done.

    Raises:
        UsageError: a file to write is an input, a folder, a device or a pipe, is named twice, or cannot be made.
    """
    from curate.core.errors import UsageError  # noqa: PLC0415 (only when something is written)
    from curate.formats.keep_output import make_folders, refuse_special  # noqa: PLC0415 (the same)

    read = {os.path.realpath(name) for name in inputs}
    named: set[str] = set()
    for name in outputs:
        if name is None:
            continue
        path, real = Path(name), os.path.realpath(name)
        if real in read:
            raise UsageError("is an input, which is never overwritten", where=name, hint="name another file")
        if real in named:
            raise UsageError("would be written twice", where=name, hint="name another file")
        named.add(real)
        if path.is_dir():
            raise UsageError("is a folder", where=name, hint="name a file in it")
        refuse_special(path)
        make_folders([path])
        if not os.access(path.parent, os.W_OK | os.X_OK):
            raise UsageError("cannot be written: the folder is read-only", where=name)


def refuse_inputs(outputs: Sequence[str | None], sources: Sequence[Source]) -> None:
    """Once globs and folders are files: none of them is written to.

    Raises:
        UsageError: a file to write is an input.
    """
    from curate.formats.keep_output import refuse_outputs  # noqa: PLC0415 (only when something is written)

    refuse_outputs([Path(name) for name in outputs if name is not None], sources, force=True)
