"""``curate dedup``: remove rows that ask and teach the same as another one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from curate.cli.counting import count_of
from curate.cli.options import data_options, make_plan
from curate.cli.progress import progress
from curate.text.visible import shell_word, visible_name

if TYPE_CHECKING:
    from rich.text import Text

    from curate.core.plan import Plan
    from curate.engines.deduping import Deduped, Rules
    from curate.engines.pairs import Pair


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
    default=3,
    show_default=True,
    metavar="N",
    help="Pairs of a kind to show.",
)
@click.option("--ledger", metavar="FILE", help="Where the removed rows go; OUT.ledger.jsonl if not given.")
@click.option("--force", is_flag=True, help="Overwrite files, though never an input.")
def command(out: str, ledger: str | None, explain: int, *, force: bool, **flags: Any) -> int:  # noqa: ANN401 (the shared options)
    """Write DATA to OUT without rows that ask and teach the same as a row that is kept.

    A row goes only if everything in which it differs from the kept one cannot change what is asked (case, punctuation,
    spacing, articles, politeness, listed spellings, listed synonyms of the first verb) and the answers are equivalent.
    Two prompts that differ in a number, a name, a drug, a role or a constraint are two examples: they are counted as
    variants and stay, and so do asks with several answers. The ledger holds every removed row, the one that is kept for
    it and how they differ, unmasked.
    """
    from rich.console import Console  # noqa: PLC0415 (loaded when called)

    from curate.engines.deduping import dedup  # noqa: PLC0415 (loads polars)
    from curate.engines.pairs import pairs_of  # noqa: PLC0415 (the same)

    plan, rules = make_plan(flags), _rules(flags)
    with progress(quiet=flags["quiet"]) as told:
        done = dedup(
            *flags["inputs"], out=out, rules=rules, plan=plan, ledger=ledger, force=force, progress=told
        )
    console = Console(highlight=False, soft_wrap=True)
    console.print(_summary(done, rules))
    for pair in pairs_of(done, plan, explain):
        console.print(_shown(pair, plan))
    return 0


def _rules(flags: dict[str, Any]) -> Rules:
    from curate.engines.deduping import Rules  # noqa: PLC0415 (loads polars)
    from curate.engines.survivors import Policy  # noqa: PLC0415 (the same)
    from curate.similarity.join import as_fraction  # noqa: PLC0415 (the same)

    try:
        threshold = as_fraction(float(flags["threshold"]))
    except ValueError as error:
        raise click.BadParameter(f"'{flags['threshold']}' is no number", param_hint="--threshold") from error
    return Rules(
        flags["guard"] == "on", threshold, flags["ngram"], Policy.parse(flags["keep"]), flags["variants"]
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
    if rows.quarantined:
        text.append(f"  {rows.quarantined:>9,}  cannot be read\n")
    _append_kept(text, done, rules)
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


def _shown(pair: Pair, plan: Plan) -> Text:
    """A pair with its differences."""
    from rich.text import Text  # noqa: PLC0415 (loaded when called)

    text = Text("\n")
    text.append(pair.kind, "green" if pair.is_removed else "cyan")
    text.append(
        f"  {visible_name(pair.place)} → {visible_name(pair.other)}  similarity {pair.similarity:.2f}"
    )
    if plan.show_text:
        text.append(f"\n    {pair.head}", "dim")
    for kind, here, there in pair.differences:
        text.append(f"\n    {kind}")
        if plan.show_text:
            text.append("  ")
            text.append(f"[-{here}-]" if here else "", "red")
            text.append(f"{{+{there}+}}" if there else "", "green")
    return text
