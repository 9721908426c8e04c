"""``curate fix``: apply what checks and editors offer, and is safe."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from curate.cli.counting import notices
from curate.cli.options import make_plan, plan_options
from curate.cli.outputs import prepare_page, refuse_page
from curate.cli.progress import progress
from curate.core.errors import UsageError
from curate.core.fix_plan import GRAMMARS, FixPlan, read_classes, read_fields, read_kinds
from curate.core.ledger import ledger_beside
from curate.text.visible import visible_name

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from curate.core.plan import Plan
    from curate.engines.repairing import Fixed

F = TypeVar("F", bound="Callable[..., Any]")

SHOWN = 10
"""Edits that a dry run shows unless it is said how many of each class it shall show."""

NEEDS = {"known": "pii", "glossary": "terms", "grammar": "grammar"}
"""Options that do nothing unless a kind of edit is asked for, with this kind."""

ON_PAGE = 5
"""Edits of each class on the page."""

UNCHECKED = 1
"""Exit code where texts could not be looked at: such data is not known to be clean."""

FIX_OPTIONS = (
    click.option("--only", metavar="KINDS", help="Edit only this: text, terms, grammar, pii, ticket."),
    click.option(
        "--unsafe",
        is_flag=False,
        flag_value="",
        metavar="CLASSES",
        help="Make suggestions of these classes, too, or of 'all', where no lock holds them back.",
    ),
    click.option(
        "--fields",
        metavar="POLICY",
        help="What may become of edits: 'prompt=report,context=off,target=auto'.",
    ),
    click.option("--glossary", metavar="FILE", help="The terminology: YAML, CSV or TBX."),
    click.option("--grammar", type=click.Choice(GRAMMARS), help="The engine; harper if it is installed."),
    click.option("--language-tool", metavar="URL", help="A LanguageTool server that runs already."),
    click.option("--allow-remote", is_flag=True, help="It may be another machine: texts leave this one."),
    click.option(
        "--known", multiple=True, metavar="FILE", help="Names and numbers that --only pii takes out."
    ),
    click.option(
        "--cache", metavar="FOLDER", help="Keep verdicts, so that only new rows are looked at again."
    ),
)


def fix_options(command: F) -> F:
    """Add the options that say what may be changed."""
    for option in reversed(FIX_OPTIONS):
        command = option(command)
    return command


@click.command(short_help="Apply what checks and editors offer, and is safe.")
@plan_options
@fix_options
@click.option("--out", "-o", metavar="OUT", help="The file to write; a folder for several inputs.")
@click.option("--ledger", metavar="FILE", help="Where the edits are noted; OUT.ledger.jsonl if not given.")
@click.option("--force", is_flag=True, help="Overwrite files, though never an input.")
@click.option("--dry-run", is_flag=True, help=f"Write nothing; show the first {SHOWN} edits.")
@click.option(
    "--show", type=click.IntRange(0), metavar="N", help="Show N edits of each class, and suggestions."
)
@click.option("--html", metavar="FILE", help="Write one offline page: edits by class, before and after.")
def command(
    out: str | None,
    ledger: str | None,
    show: int | None,
    html: str | None,
    *,
    force: bool,
    dry_run: bool,
    **flags: Any,  # noqa: ANN401 (the shared options)
) -> int:
    """Write DATA to OUT with the edits that are safe; every other byte stays as it is.

    Repairs of characters (all texts), then terminology (--glossary) and grammar (answers). Checks that are on by
    default repair, or those that --select names. What a lock holds back (protected text, meaning, what is copied
    from the prompt) is not made, and stands in the ledger as a suggestion. Records that cannot be read stay as they
    are, and so do rows that --drop names. In own tables (--map) the one cell is repaired.
    The ledger holds each edit with what stood there before, unmasked: keep it as private as the data.

    Exits 0, or 1 if texts could not be looked at: these are not known to be clean.
    """
    from curate.engines.repairing import fix  # noqa: PLC0415 (loads polars)

    if out is None and not dry_run:
        raise click.UsageError("Missing option '--out' / '-o' (or --dry-run, which writes nothing).")
    plan = make_plan(flags)
    plan = replace(plan, fix=fix_plan(flags, plan.fix))
    book = ledger or (ledger_beside(out) if out else None)
    _refuse_read((out, book, html), (plan.fix.glossary, *plan.fix.known, flags.get("plan_file")))
    prepare_page(html, (out, book), flags["inputs"], force=force)
    wanted = max(show or 0, ON_PAGE if html else 0)
    with notices(show_text=plan.show_text), progress(quiet=flags["quiet"]) as told:
        done = fix(
            *flags["inputs"],
            out=None if dry_run else out,
            plan=plan,
            ledger=ledger,
            force=force,
            progress=told,
            samples=wanted or (SHOWN if dry_run else 0),
        )
    _say(done, plan, show if show is not None or not dry_run else SHOWN, is_each=show is not None)
    if html:
        _write_page(Path(html), done, plan)
    return 0 if done.is_checked else UNCHECKED


def fix_plan(flags: dict[str, Any], base: FixPlan) -> FixPlan:
    """What may be changed, with the flags laid over what the plan's file says."""
    plan = replace(
        base,
        only=base.only if flags["only"] is None else read_kinds(flags["only"]),
        unsafe=base.unsafe if flags["unsafe"] is None else read_classes(flags["unsafe"]),
        fields={**base.fields, **(read_fields(flags["fields"]) if flags["fields"] else {})},
        glossary=flags["glossary"] or base.glossary,
        grammar=flags["grammar"] or base.grammar,
        language_tool=flags["language_tool"] or base.language_tool,
        allow_remote=flags["allow_remote"] or base.allow_remote,
        known=tuple(flags["known"]) or base.known,
        cache=flags["cache"] or base.cache,
    )
    for name, kind in NEEDS.items():
        if flags[name] and flags[name] != "off" and kind not in plan.kinds:
            raise UsageError(
                f"--{name} is given, and edits of the kind '{kind}' are not asked for",
                hint=f"add them: --only {','.join((*plan.kinds, kind))}",
            )
    server = [name for name in ("language_tool", "allow_remote") if flags[name]]
    if server and ("grammar" not in plan.kinds or plan.grammar not in ("languagetool", "both")):
        raise UsageError(
            f"--{server[0].replace('_', '-')} is given, and LanguageTool is not asked for",
            hint="add --grammar languagetool",
        )
    return plan


def _say(done: Fixed, plan: Plan, most: int | None, *, is_each: bool) -> None:
    from rich.console import Console  # noqa: PLC0415 (loaded when called)

    from curate.cli.fix_telling import examples, summary  # noqa: PLC0415 (the same)

    console = Console(highlight=False, soft_wrap=True)
    if most and plan.show_text:
        for text in examples(done, most, is_each=is_each, is_masked=not plan.show_pii):
            console.print(text)
    console.print(summary(done))


def _refuse_read(outputs: Sequence[str | None], read: Sequence[str | None]) -> None:
    """A glossary, a list of names and the plan are read as well, and never overwritten, whatever --force says."""
    named = {os.path.realpath(name) for name in read if name}
    for out in outputs:
        if out and os.path.realpath(out) in named:
            raise UsageError(
                "is read by this command, and never overwritten", where=out, hint="name another file"
            )


def _write_page(page: Path, done: Fixed, plan: Plan) -> None:
    from curate.engines.edits import edits_of  # noqa: PLC0415 (only when asked)
    from curate.formats.keep_output import whole  # noqa: PLC0415 (the same)
    from curate.reports.edits_html import render_edits_html  # noqa: PLC0415 (loads jinja2)

    refuse_page(page, done.outputs)
    with whole(page) as path:
        path.write_text(render_edits_html(edits_of(done, plan)), "utf-8")
    click.echo(f"The page: {visible_name(str(page))}")
