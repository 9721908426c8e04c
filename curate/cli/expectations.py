"""``curate expectations``: schema suites of Great Expectations."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from curate.cli.counting import notices
from curate.cli.options import make_plan, plan_options
from curate.cli.outputs import prepare_outputs, refuse_inputs
from curate.cli.progress import progress
from curate.text.visible import shell_word, visible_name


@click.group(short_help="Write a schema suite of Great Expectations from data.")
def command() -> None:
    """Suites run with `curate check DATA --expectations SUITE`, or in plain Great Expectations."""


@command.command(short_help="Write a suite that DATA passes.")
@plan_options
@click.option("--out", "-o", required=True, metavar="FILE", help="The suite to write (.json).")
@click.option(
    "--field", "fields", multiple=True, metavar="FIELD", help="A metadata field that must be there."
)
@click.option("--force", is_flag=True, help="Overwrite FILE.")
def new(out: str, fields: tuple[str, ...], *, force: bool, **flags: Any) -> int:  # noqa: ANN401 (the shared options)
    """Write to FILE what all rows of DATA have in common, so that the next delivery must keep it.

    Read it before you use it: it holds the faults of today as well.
    """
    from curate.api import scan_inputs  # noqa: PLC0415 (loads polars)
    from curate.core.errors import UsageError  # noqa: PLC0415 (the same)
    from curate.engines.suggesting_suite import suggest_suite  # noqa: PLC0415 (the same)
    from curate.formats.keep_output import whole  # noqa: PLC0415 (the same)

    path = Path(out)
    if path.exists() and not force:
        raise UsageError("is there already", where=out, hint="--force writes it anew")
    prepare_outputs((out,), flags["inputs"])
    plan = make_plan(flags | {"no_text": True})
    with notices(show_text=False), progress(quiet=flags["quiet"]) as told:
        scan = scan_inputs(flags["inputs"], plan, progress=told)
    refuse_inputs((out,), scan.inputs.sources)
    suite = suggest_suite(scan, path.stem, fields)
    with whole(path) as there:
        there.write_text(json.dumps(suite, ensure_ascii=False, indent=2) + "\n", "utf-8")
    files = " ".join(map(shell_word, scan.inputs.arguments)) or "DATA"
    click.echo(f"{visible_name(out)}: {len(suite['expectations'])} expectations")
    click.echo(f"Try it: curate check {files} --expectations {shell_word(out)}")
    return 0
