"""``curate init``: a plan from what is in the data, and what there is to know about plans."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from curate.cli.counting import count_of, notices
from curate.cli.options import PLAN_FILE, QUIET, READ_OPTIONS, TABLE_OPTIONS, make_mapping
from curate.cli.outputs import prepare_outputs, refuse_inputs
from curate.cli.progress import progress
from curate.config.presets import NAMES
from curate.text.visible import shell_word, visible_name

if TYPE_CHECKING:
    from collections.abc import Callable

    from curate.config.proposing import Seen


def _options(command: Callable[..., int]) -> Callable[..., int]:
    for option in reversed((PLAN_FILE, *READ_OPTIONS, QUIET, *TABLE_OPTIONS)):
        command = option(command)
    return command


@click.command(short_help="Write a plan from what is in the data.")
@click.argument("inputs", nargs=-1, metavar="[DATA...]")
@click.option("--preset", type=click.Choice(NAMES), help="Instead of the one that fits the data.")
@click.option(
    "--out", "-o", default="curate.toml", show_default=True, metavar="FILE", help="The plan to write."
)
@click.option("--force", is_flag=True, help="Overwrite it.")
@click.option("--show", is_flag=True, help="Print the plan that holds here, with what holds for every check.")
@click.option("--schema", is_flag=True, help="Print the JSON Schema of plans, for editors.")
@_options
def command(
    inputs: tuple[str, ...],
    preset: str | None,
    out: str,
    *,
    force: bool,
    show: bool,
    schema: bool,
    **flags: Any,  # noqa: ANN401 (the shared options)
) -> int:
    """Write a short commented plan that DATA passes today: a preset, required fields, budgets at today's counts.

    With --show, print the plan of ./curate.toml (or of --plan, or of --preset) in full instead, with who says what.
    """
    if schema or show:
        click.echo(schema_text() if schema else _shown(flags["plan_file"], preset), nl=False)
        return 0
    if not inputs:
        raise click.UsageError("name the data, or ask for --show or --schema")
    return _write(inputs, preset, Path(out), flags, force=force)


def schema_text() -> str:
    """The JSON Schema of plans, with the checks that there are."""
    import json  # noqa: PLC0415 (only when asked)

    from curate.config.schema import plan_schema  # noqa: PLC0415 (the same)
    from curate.core.manual import manual_of  # noqa: PLC0415 (the same)
    from curate.engines.registry import check_names, load_check  # noqa: PLC0415 (loads polars)

    checks = {name: load_check(name) for name in check_names()}
    titled = {name: (check, manual_of(check).title) for name, check in checks.items()}
    return json.dumps(plan_schema(titled), ensure_ascii=False, indent=1) + "\n"


def _shown(file: str | None, preset: str | None) -> str:
    from curate.checks.required import required  # noqa: PLC0415 (loads polars)
    from curate.config.effective import show_plan  # noqa: PLC0415 (the same)
    from curate.config.load import find_plan, load_plan, plan_file  # noqa: PLC0415 (the same)
    from curate.engines.registry import check_names, load_check, load_checks  # noqa: PLC0415 (the same)

    if preset:
        name, text = "", f'extends = "{preset}"\n'
        plan = load_plan(text, name)
    else:
        plan, path = find_plan(file), plan_file(file)
        name, text = str(path), path.read_text("utf-8-sig") if path.exists() else ""
    load_checks(plan)
    asked = required(plan.require.fields)
    checks = [*(load_check(name, plan.checks) for name in check_names(plan.checks)), *asked]
    return show_plan(text, name, plan, sorted(checks, key=lambda check: check.name))


def _write(
    inputs: tuple[str, ...], preset: str | None, out: Path, flags: dict[str, Any], *, force: bool
) -> int:
    from curate.config.proposing import propose  # noqa: PLC0415 (loads polars)
    from curate.core.errors import UsageError  # noqa: PLC0415 (the same)
    from curate.formats.keep_output import whole  # noqa: PLC0415 (the same)

    if out.exists() and not force:
        raise UsageError(
            "is there already", where=str(out), hint="--force writes it anew; --show prints it in full"
        )
    prepare_outputs((str(out),), inputs)
    seen = _look(inputs, preset, out, flags)
    with whole(out) as there:
        there.write_text(propose(seen), "utf-8")
    files = " ".join(map(shell_word, inputs))
    named = "" if out.name == str(out) == "curate.toml" else f" --plan {shell_word(str(out))}"
    click.echo(
        f"{visible_name(str(out))}: for {count_of(seen.report.rows.kept, 'row')}, on the preset {seen.preset}"
    )
    click.echo(f"The gate: curate check {files}{named}")
    return 0


def _look(inputs: tuple[str, ...], preset: str | None, out: Path, flags: dict[str, Any]) -> Seen:
    """One pass over the data; then what is found in it, judged by the preset."""
    from curate.api import report_of, scan_inputs  # noqa: PLC0415 (loads polars)
    from curate.checks.required import name_of  # noqa: PLC0415 (the same)
    from curate.config.load import load_plan  # noqa: PLC0415 (the same)
    from curate.config.proposing import PROVENANCE, Seen, fitting_preset  # noqa: PLC0415 (the same)
    from curate.core.errors import UnreadableError  # noqa: PLC0415 (the same)
    from curate.core.plan import Plan  # noqa: PLC0415 (the same)
    from curate.core.policy import Require  # noqa: PLC0415 (the same)
    from curate.engines.languages import languages_of  # noqa: PLC0415 (the same)
    from curate.engines.registry import load_checks  # noqa: PLC0415 (the same)

    mapping = make_mapping(flags)
    reading = {"encoding": flags["encoding"], "mapping": mapping, "show_text": False}
    with notices(show_text=False), progress(quiet=flags["quiet"]) as told:
        scan = scan_inputs(
            inputs, Plan(**reading, require=Require(PROVENANCE), workers=flags["workers"]), progress=told
        )
    refuse_inputs((str(out),), scan.inputs.sources)
    if scan.index.is_empty():
        raise UnreadableError("no row can be read", where=", ".join(inputs))
    facts = scan.facts
    chosen = preset or fitting_preset(facts.get("layout", {}), facts.get("turns", {}))
    plan = replace(load_plan(f'extends = "{chosen}"', ""), **reading)
    checks = load_checks(plan)
    names = {check.name for check in checks}
    judged = replace(
        scan, checks=checks, found={name: scan.found[name] for name in scan.found if name in names}
    )
    rows = {name: _rows_of(scan.found, name_of(name)) for name in PROVENANCE}
    return Seen(
        command=" ".join(("curate init", *map(shell_word, inputs))),
        report=report_of(judged, plan),
        preset=chosen,
        missing={name: count for name, count in rows.items() if count < len(scan.index)},
        languages=languages_of(scan),
        mapping=mapping,
        encoding=flags["encoding"],
    )


def _rows_of(found: dict[str, Any], check: str) -> int:
    return found[check]["row"].n_unique() if check in found else 0
