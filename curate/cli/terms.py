"""``curate terms``: propose a glossary, hold data against one, apply it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from curate.cli.counting import count_of
from curate.cli.options import data_options, make_plan
from curate.cli.progress import progress
from curate.core.errors import UsageError
from curate.reports.plain import place_text
from curate.text.visible import shell_word, visible_name

if TYPE_CHECKING:
    from curate.core.plan import Plan
    from curate.engines.terminology import Checked, Found
    from curate.terms.term import Glossary

SHOWN = 50
"""Findings that are printed unless more are asked for."""

glossary_option = click.option("--glossary", "-g", metavar="FILE", help="The terms: YAML, CSV or TBX.")


@click.group(short_help="Terminology: propose a glossary, hold data against one, apply it.")
def command() -> None:
    """Terminology: propose a glossary from data, hold data against a glossary, apply it.

    Start with: curate terms discover data.jsonl -o terms.yaml
    """


@command.command("discover", short_help="Propose a glossary from what the data writes in several ways.")
@data_options
@click.option("--out", "-o", metavar="FILE", help="The glossary to write; printed if not given.")
@click.option("--force", is_flag=True, help="Overwrite the file.")
def discover(out: str | None, *, force: bool, **flags: Any) -> int:  # noqa: ANN401 (the shared options)
    """Propose terms from the answers of DATA: forms of one term that are written in several ways.

    Hyphens (e-mail, email), letter case within words, words that are also written apart, British and American
    spellings, and acronyms with the long forms that the data gives them. Each comes with its counts and places, surest
    first. An acronym with several meanings is told and never proposed. Read the proposals before you use them.
    """
    from curate.engines.terminology import discover_terms  # noqa: PLC0415 (loads polars)
    from curate.terms.writing import write_yaml  # noqa: PLC0415 (the same)

    plan = make_plan(flags)
    if out and Path(out).exists() and not force:
        raise UsageError("exists already", where=out, hint="name another file, or add --force")
    with progress(quiet=flags["quiet"]) as told:
        groups = discover_terms(*flags["inputs"], plan=plan, progress=told)
    text = write_yaml(groups, with_text=plan.show_text)
    if out is None:
        click.echo(text, nl=False)
        return 0
    Path(out).write_text(text, "utf-8")
    click.echo(f"{count_of(len(groups), 'proposal')} → {visible_name(out)}")
    if not groups:
        click.echo(
            "No term is written in several ways; a glossary needs terms: write your own, and check them."
        )
        return 0
    click.echo(f"Read it, then: curate terms check {_words(flags)} --glossary {shell_word(out)}")
    return 0


@command.command("check", short_help="Say where data is not as a glossary has it, and how consistent it is.")
@data_options
@glossary_option
@click.option(
    "--show",
    type=click.IntRange(0),
    default=SHOWN,
    show_default=True,
    metavar="N",
    help="Findings to show, and terms of the table.",
)
@click.option(
    "--fail-under",
    type=click.FloatRange(0, 100),
    metavar="PERCENT",
    help="Exit 1 where the consistency of all terms is below it, as well.",
)
def check(
    glossary: str | None,
    show: int,
    fail_under: float | None,
    **flags: Any,  # noqa: ANN401 (the shared options)
) -> int:
    """Say where the answers of DATA are not as the glossary has it, by file and line, and each term's consistency.

    Consistency is the share of the preferred form among all uses; what is quoted, copied from the prompt or part of a
    name is not counted, as no edit touches it. Prints forms of the glossary and no text of a row. Exits 1 if a term of
    severity error is not kept, or the consistency is below --fail-under.
    """
    from curate.engines.terminology import check_terms  # noqa: PLC0415 (loads polars)

    plan = make_plan(flags)
    terms = _glossary(glossary, plan)
    with progress(quiet=flags["quiet"]) as told:
        done = check_terms(*flags["inputs"], glossary=terms, plan=plan, progress=told)
    for one in done.found[:show]:
        click.echo(_line(one))
    if len(done.found) > show:
        click.echo(f"and {len(done.found) - show:,} more")
    for line in _scores(done, terms, show):
        click.echo(line)
    is_below = fail_under is not None and done.consistency is not None and 100 * done.consistency < fail_under
    if is_below:
        click.echo(f"The consistency is below {fail_under:g}%, which --fail-under asks for.")
    return int(is_below or any(one.severity == "error" and not one.refused for one in done.found))


@command.command(
    "apply",
    short_help="The same as curate fix --only terms.",
    context_settings={"ignore_unknown_options": True, "help_option_names": []},
)
@glossary_option
@click.option(
    "--help", "-h", "is_help", is_flag=True, help="Show the options, which are those of curate fix."
)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
@click.pass_context
def apply(context: click.Context, glossary: str | None, arguments: tuple[str, ...], *, is_help: bool) -> int:
    """Apply a glossary: ``curate fix --only terms`` with the same options."""
    from curate.cli.fix import command as fix  # noqa: PLC0415 (loaded when called)

    if is_help:
        arguments = ("--help",)
    elif glossary is not None:
        arguments = ("--glossary", glossary, *arguments)
    code: int = fix.main(
        ["--only", "terms", *arguments], prog_name=f"{context.command_path}", standalone_mode=False
    )
    return code


def _glossary(path: str | None, plan: Plan) -> Glossary:
    from curate.terms.load import load_glossary  # noqa: PLC0415 (loaded when called)

    named = path or plan.fix.glossary
    if not named:
        raise click.UsageError("Missing option '--glossary' / '-g'.")
    return load_glossary(named)


def _line(one: Found) -> str:
    """One finding: its place, its class, and what the glossary says."""
    says = f"{one.listed} → {one.preferred}" if one.preferred else one.listed
    note = (
        f" (left alone: {one.refused})" if one.refused else "" if one.safety == "auto" else f" ({one.safety})"
    )
    return visible_name(f"{place_text(one.file, one.line, one.row)}  {one.at}  {one.check}  {says}{note}")


def _scores(done: Checked, glossary: Glossary, show: int) -> list[str]:
    """The consistency of each term that is used otherwise, worst first and at most ``show``, and of all."""
    lines = []
    used = [(one.consistency, number) for number, one in done.tallies.items() if one.others]
    for share, number in sorted((share or 0.0, number) for share, number in used):
        tally = done.tallies[number]
        uses = tally.preferred + tally.others
        lines.append(
            f"{share:>8.1%}  {glossary.terms[number].name}: {tally.preferred:,} of {count_of(uses, 'use')}"
        )
    if len(lines) > show:
        lines = [*lines[:show], f"and {count_of(len(lines) - show, 'term')} more"]
    whole = "no term is used" if done.consistency is None else f"consistency {done.consistency:.1%}"
    unread = f", {count_of(done.unread, 'record')} cannot be read" if done.unread else ""
    terms = f"{len(done.tallies):,} of {count_of(len(glossary.terms), 'term')} used"
    return [*map(visible_name, lines), f"{count_of(done.rows, 'row')}{unread}: {terms}, {whole}"]


def _words(flags: dict[str, Any]) -> str:
    return " ".join(map(shell_word, flags["inputs"]))
