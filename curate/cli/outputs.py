"""Files that a command is asked to write beside what it prints."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import click

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from curate.core.report import Report
    from curate.formats.sources import Source


class Output(NamedTuple):
    """The report in a format of a platform; ``file`` is None for standard output."""

    render: Callable[[Report], str]
    file: str | None


output_option = click.option(
    "--output",
    "outputs",
    multiple=True,
    metavar="FORMAT=FILE",
    help="Also write sarif, junit, gitlab, markdown, badge or json; github prints annotations. Repeatable.",
)
"""Several formats in one run, none of which holds text of a row."""


def read_outputs(given: Sequence[str], *, as_json: bool = False) -> list[Output]:
    """The formats and files that ``--output`` names: ``sarif=out.sarif``, ``github``, ``markdown=-``.

    Args:
        given: as they were typed.
        as_json: whether the report is to be printed as JSON, too.

    Raises:
        UsageError: there is no such format, or standard output would get two, which nobody could tell apart.
    """
    if not given:
        return []
    from curate.core.errors import UsageError  # noqa: PLC0415 (only when asked)
    from curate.reports.outputs import renderer  # noqa: PLC0415 (the same)

    split = [
        (name, file if file not in ("", "-") else None)
        for name, _, file in (one.partition("=") for one in given)
    ]
    printed = [name for name, file in split if file is None] + ["json"] * as_json
    if len(printed) > 1:
        hint = f"name a file: --output {printed[0]}=FILE"
        raise UsageError(f"{' and '.join(printed)} would both be printed", hint=hint)
    return [Output(renderer(name), file) for name, file in split]


def write_outputs(outputs: Sequence[Output], report: Report) -> None:
    """Every output whole or not at all; those without a file are printed."""
    from curate.formats.keep_output import whole  # noqa: PLC0415 (only when something is written)

    for output in outputs:
        text = output.render(report)
        if output.file is None:
            click.echo(text.rstrip("\n"))
        else:
            with whole(Path(output.file)) as there:
                there.write_text(text if text.endswith("\n") else text + "\n", "utf-8")


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


def prepare_page(
    html: str | None, others: Sequence[str | None], inputs: Sequence[str], *, force: bool
) -> None:
    """Refuse a page that would take the place of an input or of another output, before anything is read.

    Raises:
        UsageError: it would, or it exists already and ``force`` is not given.
    """
    if html is None:
        return
    from curate.core.errors import UsageError  # noqa: PLC0415 (only when a page is written)
    from curate.formats.sources import discover  # noqa: PLC0415 (the same)

    if os.path.realpath(html) in {os.path.realpath(name) for name in others if name}:
        raise UsageError("would be written twice", where=html, hint="name another file")
    prepare_outputs((html,), inputs)
    if Path(html).exists() and not force:
        raise UsageError("exists already", where=html, hint="name another file, or add --force")
    files = [name for name in inputs if name != "-"]
    if files and Path(html).exists():
        refuse_inputs((html,), discover(files).sources)


def refuse_page(page: Path, outputs: Sequence[Path]) -> None:
    """Once it is known which files were written: the page is none of them.

    Raises:
        UsageError: it would take the place of a file in the folder of outputs.
    """
    from curate.core.errors import UsageError  # noqa: PLC0415 (only when a page is written)

    if os.path.realpath(page) in map(os.path.realpath, outputs):
        raise UsageError("would be written twice", where=str(page), hint="name another file")
