"""``curate expectations``: schema suites of Great Expectations, and the frame that they run over."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from curate.cli.counting import count_of, notices
from curate.cli.options import data_options, make_plan
from curate.cli.outputs import prepare_outputs, refuse_inputs
from curate.cli.progress import progress
from curate.text.visible import shell_word, visible_name

if TYPE_CHECKING:
    from collections.abc import Callable

    from curate.engines.scan import Scan


@click.group(short_help="Write a schema suite of Great Expectations from data.")
def command() -> None:
    """Suites run with `curate check DATA --expectations SUITE`, or in plain Great Expectations."""


def _options(out: str, field: str) -> Callable[[Callable[..., int]], Callable[..., int]]:
    """The options that both commands share, each with what it means there."""

    def add(function: Callable[..., int]) -> Callable[..., int]:
        options = (
            data_options,
            click.option("--out", "-o", required=True, metavar="FILE", help=out),
            click.option("--field", "fields", multiple=True, metavar="FIELD", help=field),
            click.option("--force", is_flag=True, help="Overwrite FILE."),
        )
        for option in reversed(options):
            function = option(function)
        return function

    return add


def _read(out: str, flags: dict[str, Any], *, force: bool) -> Scan:
    """The data, read with one cheap check, once it is certain that the file may be written.

    Raises:
        UsageError: it is there already, or is an input.
    """
    from curate.api import scan_inputs  # noqa: PLC0415 (loads polars)
    from curate.core.errors import UsageError  # noqa: PLC0415 (the same)
    from curate.engines.scan import NO_ANSWER  # noqa: PLC0415 (the same)

    if Path(out).exists() and not force:
        raise UsageError("is there already", where=out, hint="--force writes it anew")
    prepare_outputs((out,), flags["inputs"])
    plan = replace(make_plan(flags | {"no_text": True}), select=(NO_ANSWER,), ignore=())
    with notices(show_text=False), progress(quiet=flags["quiet"]) as told:
        seen = scan_inputs(flags["inputs"], plan, progress=told)
    refuse_inputs((out,), seen.inputs.sources)
    return seen


@command.command(short_help="Write a suite that DATA passes.")
@_options("The suite to write (.json).", "A metadata field that must be there.")
def new(out: str, fields: tuple[str, ...], *, force: bool, **flags: Any) -> int:  # noqa: ANN401 (the shared options)
    """Write to FILE what all rows of DATA have in common, so that the next delivery must keep it.

    Read it before you use it: it holds the faults of today as well.
    """
    from curate.engines.suggesting_suite import suggest_suite  # noqa: PLC0415 (loads polars)
    from curate.formats.keep_output import whole  # noqa: PLC0415 (the same)

    seen = _read(out, flags, force=force)
    suite = suggest_suite(seen, Path(out).stem, fields)
    with whole(Path(out)) as there:
        there.write_text(json.dumps(suite, ensure_ascii=False, indent=2) + "\n", "utf-8")
    files = " ".join(map(shell_word, seen.inputs.arguments)) or "DATA"
    click.echo(f"{visible_name(out)}: {count_of(len(suite['expectations']), 'expectation')}")
    click.echo(f"Try it: curate check {files} --expectations {shell_word(out)}")
    return 0


@command.command(short_help="Write the frame that suites run over.")
@_options("The frame to write (.parquet).", "A metadata field to write as meta.FIELD.")
def frame(out: str, fields: tuple[str, ...], *, force: bool, **flags: Any) -> int:  # noqa: ANN401 (the shared options)
    """Write the rows of DATA to FILE, one line a row whatever the layout, for suites in plain Great Expectations.

    It holds the texts of the rows.
    """
    from curate.core.errors import UsageError  # noqa: PLC0415 (loads polars)
    from curate.engines.canonical import COLUMNS, META, canonical_frame  # noqa: PLC0415 (the same)
    from curate.formats.keep_output import whole  # noqa: PLC0415 (the same)

    if Path(out).suffix != ".parquet":
        raise UsageError("cannot be written", where=out, hint="name a file that ends in .parquet")
    lines = canonical_frame(
        _read(out, flags, force=force), [*COLUMNS, *dict.fromkeys(META + name for name in fields)]
    )
    with whole(Path(out)) as there:
        lines.write_parquet(there)
    click.echo(f"{visible_name(out)}: {count_of(len(lines), 'row')} in {count_of(lines.width, 'column')}")
    return 0
