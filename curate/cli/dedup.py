"""``curate dedup``: remove rows that ask and teach the same as another one."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from curate.cli.counting import count_of
from curate.cli.options import data_options, make_plan
from curate.cli.outputs import prepare_page, refuse_page
from curate.cli.progress import progress
from curate.core.ledger import ledger_beside
from curate.text.visible import shell_word, visible, visible_name

if TYPE_CHECKING:
    from rich.text import Text

    from curate.core.pairs import Group, Member
    from curate.core.plan import Plan
    from curate.engines.deduping import Deduped, Rules

IN_TERMINAL, ON_PAGE, MOST_ON_PAGE = 3, 50, 200
"""Groups of a kind that are shown."""

MOST_REWORDED = 10
"""Pairs of rows that may ask the same in other words that are named."""


@click.command(short_help="Remove near duplicates.")
@data_options
@click.option(
    "--out", "-o", required=True, metavar="OUT", help="The file to write; a folder for several inputs."
)
@click.option(
    "--keep",
    default="first",
    show_default=True,
    metavar="RULE",
    help="Which row of a group stays: first, last, longest, shortest, newest:FIELD, oldest:FIELD, highest:FIELD,"
    " lowest:FIELD, or FIELD=VALUE.",
)
@click.option(
    "--guard",
    type=click.Choice(["on", "off"]),
    default="on",
    show_default=True,
    help="off: compare whole texts by their similarity alone, as for plain text.",
)
@click.option(
    "--threshold",
    default="0.8",
    show_default=True,
    metavar="T",
    help="Jaccard similarity from which rows are called variants; without the guard, are removed.",
)
@click.option(
    "--ngram",
    type=click.IntRange(1, 32),
    default=3,
    show_default=True,
    metavar="N",
    help="Words of a shingle.",
)
@click.option(
    "--variants/--no-variants", default=True, help="Look for similar rows that are kept, and count them."
)
@click.option(
    "--explain",
    type=click.IntRange(0),
    metavar="N",
    help="Groups of a kind to show: 3, or 50 on the page, which holds at most 200.",
)
@click.option(
    "--html",
    type=click.Path(dir_okay=False),
    metavar="FILE",
    help="Write one offline HTML page with rows side by side.",
)
@click.option(
    "--json", "as_json", is_flag=True, help="Print the account and every group as JSON, cut and masked."
)
@click.option(
    "--against",
    multiple=True,
    metavar="CORPUS",
    help="Remove also what rows of these files say; they stay as they are.",
)
@click.option(
    "--index",
    metavar="FILE",
    help="Remove also what this index knows, and add the rest to it: a file, made if it is not there, or redis://host:port/0.",
)
@click.option(
    "--semantic",
    metavar="FOLDER",
    help="Tell also which rows may ask the same in other words, by a local embedding model; none is removed for it.",
)
@click.option("--ledger", metavar="FILE", help="Where the removed rows go; OUT.ledger.jsonl if not given.")
@click.option("--force", is_flag=True, help="Overwrite files, though never an input.")
def command(
    out: str,
    ledger: str | None,
    explain: int | None,
    html: str | None,
    *,
    as_json: bool,
    force: bool,
    **flags: Any,  # noqa: ANN401 (the shared options)
) -> int:
    """Write DATA to OUT without rows that ask and teach the same as a row that is kept.

    A row goes only if everything in which it differs from the kept one cannot change what is asked (case, punctuation,
    spacing, articles, politeness, listed spellings, listed synonyms of the first verb) and the answers are equivalent.
    Two prompts that differ in a number, a name, a drug, a role or a constraint are two examples: they are counted as
    variants and stay, and so do asks with several answers. The ledger holds every removed row, the one that is kept for
    it and how they differ, unmasked.
    """
    from curate.engines.deduping import dedup  # noqa: PLC0415 (loads polars)

    index = flags["index"] if "://" not in (flags["index"] or "") else None
    written = (out, ledger or ledger_beside(out), index)
    prepare_page(html, written, (*flags["inputs"], *flags["against"]), force=force)
    plan, rules = make_plan(flags), _rules(flags)
    with progress(quiet=flags["quiet"]) as told:
        done = dedup(
            *flags["inputs"], out=out, rules=rules, plan=plan, ledger=ledger, force=force, progress=told
        )
    if html is not None:
        _write_page(Path(html), done, rules, plan, ON_PAGE if explain is None else min(explain, MOST_ON_PAGE))
    if as_json:
        from curate.engines.pairs import removals_of  # noqa: PLC0415 (loads polars)
        from curate.reports.pairs_json import render_pairs_json  # noqa: PLC0415 (only when asked)

        click.echo(render_pairs_json(removals_of(done, rules, plan)))
        return 0
    most = IN_TERMINAL if explain is None or html is not None else explain
    _print(done, rules, plan, most)
    if html is not None:
        click.echo(f"\nThe page: {visible_name(html)}")
    return 0


def _write_page(path: Path, done: Deduped, rules: Rules, plan: Plan, most: int) -> None:
    """Write the page, whole or not at all.

    Raises:
        UsageError: the page would take the place of a file in the folder of outputs.
    """
    from curate.engines.pairs import removals_of  # noqa: PLC0415 (loads polars)
    from curate.formats.keep_output import whole  # noqa: PLC0415 (only when a page is written)
    from curate.reports.pairs_html import render_pairs_html  # noqa: PLC0415 (loads jinja2)

    refuse_page(path, done.dropped.outputs)
    with whole(path) as page:
        page.write_text(render_pairs_html(removals_of(done, rules, plan, most)), "utf-8")


def _print(done: Deduped, rules: Rules, plan: Plan, most: int) -> None:
    from rich.console import Console  # noqa: PLC0415 (only for people)

    from curate.engines.pairs import pairs_of  # noqa: PLC0415 (loads polars)

    console = Console(highlight=False, soft_wrap=True)
    try:
        console.print(_summary(done, rules))
        for group in pairs_of(done, plan, most):
            for member in group.members:
                console.print(_shown(group, member, plan))
    except SystemExit as stop:  # rich's word for: nobody reads on
        raise BrokenPipeError from stop


def _rules(flags: dict[str, Any]) -> Rules:
    from curate.engines.deduping import Rules  # noqa: PLC0415 (loads polars)
    from curate.engines.survivors import Policy  # noqa: PLC0415 (the same)
    from curate.similarity.join import as_fraction  # noqa: PLC0415 (the same)

    try:
        threshold = as_fraction(float(flags["threshold"]))
    except ValueError as error:
        raise click.BadParameter(f"'{flags['threshold']}' is no number", param_hint="--threshold") from error
    return Rules(
        flags["guard"] == "on",
        threshold,
        flags["ngram"],
        Policy.parse(flags["keep"]),
        flags["variants"],
        tuple(flags["against"]),
        flags["index"],
        flags["semantic"],
    )


def _summary(done: Deduped, rules: Rules) -> Text:
    """The account of the rows, what was decided, and where things are; no text of any row."""
    from rich.text import Text  # noqa: PLC0415 (loaded when called)

    dropped = done.dropped
    rows, text = dropped.rows, Text()
    text.append(count_of(rows.in_, "row"), "bold")
    text.append(f" in = {rows.kept:,} kept + {rows.dropped:,} dropped + {rows.quarantined:,} quarantined\n")
    meanings = {
        "duplicate.exact": "says the same, letter for letter",
        "duplicate.near": "asks and teaches the same" if rules.guard else "is similar as a whole",
    }
    for check, count in dropped.checks:
        text.append(f"  {count:>9,}  {check}: {meanings.get(check, '')}\n".replace(": \n", "\n"))
    if done.known:
        text.append(f"  {len(done.known):>9,}  of these are known from what they were held against\n")
    if rows.quarantined:
        text.append(f"  {rows.quarantined:>9,}  cannot be read\n")
    _append_kept(text, done, rules)
    if rows.in_ and not rows.kept:
        text.append("No row is left: all are known already, or cannot be read.\n", "yellow")
    for name, path in zip(dropped.inputs, dropped.outputs, strict=True):
        text.append(f"{visible_name(name)} → {visible_name(str(path))}\n")
    text.append(f"The ledger: {visible_name(str(dropped.ledger))}")
    if rows.dropped + rows.quarantined:
        text.append(f"\nIts first entry: sed -n 2p {shell_word(str(dropped.ledger))} | python -m json.tool")
    return text


def _append_kept(text: Text, done: Deduped, rules: Rules) -> None:
    if not rules.guard:
        text.append("without the guard: rows that ask for something else may be among them\n", "yellow")
        return
    text.append("kept, though they look alike:\n", "dim")
    if done.alike.variants is not None:
        text.append(
            f"  {done.alike.variants:>9,}  variants: the ask is like another's"
            f" (similarity ≥ {float(rules.threshold):g}), and differs in what it asks\n"
        )
    text.append(f"  {done.decided.conflicts:>9,}  asks with several answers (duplicate.conflict)\n")
    if done.reworded is not None:
        text.append(
            f"  {len(done.reworded):>9,}  pairs that may ask the same in other words, for a reader to judge\n"
        )
        for one, other, cosine in done.reworded[:MOST_REWORDED]:
            text.append(
                f"             {visible_name(str(one))} ~ {visible_name(str(other))}  cosine {cosine:.2f}\n"
            )


def _shown(group: Group, member: Member, plan: Plan) -> Text:
    """A row beside the other one, with their differences."""
    from rich.text import Text  # noqa: PLC0415 (loaded when called)

    from curate.engines.pairs import MOST_DIFFERENCES  # noqa: PLC0415 (loads polars)
    from curate.reports.plain import place_text  # noqa: PLC0415 (loaded when called)

    here, there = (place_text(at.file, at.line, at.row) for at in (member.side.place, group.kept.place))
    text = Text("\n")
    text.append(
        *(("removed", "green") if group.is_removal else (f"kept, {group.kind.replace('_', ' ')}", "cyan"))
    )
    text.append(f"  {here} → {there}  similarity {member.similarity:.2f}")
    if plan.show_text:
        text.append(f"\n    {visible(member.side.head)}", "dim")
    for kind, mine, other in member.differences[:MOST_DIFFERENCES]:
        text.append(f"\n    {kind}")
        if plan.show_text:
            text.append("  ")
            text.append(f"[-{visible(mine)}-]" if mine else "", "red")
            text.append(f"{{+{visible(other)}+}}" if other else "", "green")
    if len(member.differences) > MOST_DIFFERENCES:
        text.append(f"\n    and {len(member.differences) - MOST_DIFFERENCES:,} more")
    return text
