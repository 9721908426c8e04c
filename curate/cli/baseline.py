"""``curate baseline``: what a team has agreed to live with, so that the gate fails on new problems only."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from curate.cli.counting import count_of, notices
from curate.cli.options import make_gate_plan, plan_options, suites_option
from curate.cli.outputs import prepare_outputs, refuse_inputs
from curate.cli.progress import progress
from curate.text.visible import shell_word, visible_name

DEFAULT = "curate.baseline"


@click.command(short_help="Store today's findings, so that the gate fails on new ones only.")
@plan_options
@click.option("--out", "-o", default=DEFAULT, show_default=True, metavar="FILE", help="The file to write.")
@suites_option
@click.option("--force", is_flag=True, help="Overwrite it.")
def command(out: str, expectations: tuple[str, ...], *, force: bool, **flags: Any) -> int:  # noqa: ANN401 (the shared options)
    """Write to FILE by what each finding in DATA is known again: hashes only, no text of any row, no line numbers.

    Then `curate check DATA --baseline FILE` fails on what is new, and says what was mended. A finding is known again
    when lines move, and when its row is edited elsewhere. Put `curate.baseline merge=union` in .gitattributes: what
    two branches mend then merges without conflict.
    """
    from curate.api import scan_inputs  # noqa: PLC0415 (loads polars)
    from curate.core.errors import UsageError  # noqa: PLC0415 (the same)
    from curate.engines.fingerprints import fingerprints  # noqa: PLC0415 (the same)
    from curate.gate import with_suites  # noqa: PLC0415 (the same)
    from curate.gates.baseline import save_baseline  # noqa: PLC0415 (the same)

    if Path(out).exists() and not force:
        raise UsageError(
            "is there already", where=out, hint="--force writes it anew, or shrink it: check --ratchet"
        )
    prepare_outputs((out,), flags["inputs"])
    plan = make_gate_plan(flags, expectations)
    with notices(show_text=False), progress(quiet=flags["quiet"]) as told:
        scan = scan_inputs(flags["inputs"], plan, progress=told)
    refuse_inputs((out,), scan.inputs.sources)
    prints = fingerprints(with_suites(scan, plan))
    save_baseline(prints, Path(out))
    files = " ".join(map(shell_word, scan.inputs.arguments)) or "DATA"
    click.echo(
        f"{visible_name(out)}: {count_of(len(prints), 'finding')} of {count_of(scan.records, 'record')}"
    )
    suites = "".join(f" --expectations {shell_word(suite)}" for suite in expectations)
    click.echo(f"The gate for what is new: curate check {files}{suites} --baseline {shell_word(out)}")
    return 0
