"""``curate split``: deal rows into training and test files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from curate.cli.counting import count_of
from curate.cli.options import data_options, make_plan
from curate.cli.progress import progress
from curate.text.visible import visible_name

if TYPE_CHECKING:
    from rich.text import Text

    from curate.core.plan import Plan
    from curate.engines.dealing import Dealing
    from curate.engines.splitting import Split

MOST_SPLITS = 100
"""More are a slip of the pen."""

MOST_STRATA = 10
"""Values of the field to stratify by that are shown."""


@click.command(short_help="Deal rows into training and test files.")
@data_options
@click.option("--out", "-o", required=True, metavar="OUT/", help="The folder to write.")
@click.option(
    "--ratio", default="90/5/5", show_default=True, metavar="N/N/N", help="The shares of the splits."
)
@click.option(
    "--names", metavar="NAME/NAME/NAME", help="Their names; train/validation/test, or train/test for two."
)
@click.option(
    "--by",
    multiple=True,
    default=("near",),
    show_default=True,
    metavar="WHAT",
    help="What keeps rows together: near, document, or a field; several are allowed.",
)
@click.option("--stratify", default="", metavar="FIELD", help="Each split gets its share of each value.")
@click.option("--seed", default=0, show_default=True, metavar="N", help="Another seed deals otherwise.")
@click.option(
    "--threshold",
    default="0.7",
    show_default=True,
    metavar="T",
    help="Jaccard similarity from which rows are near.",
)
@click.option("--force", is_flag=True, help="Overwrite files, though never an input.")
def command(out: str, *, force: bool, **flags: Any) -> int:  # noqa: ANN401 (the shared options)
    """Deal the rows of DATA into files of OUT/ so that no near pair crosses; rows are copied byte for byte.

    Rows that are the same, ask the same, have asks or whole texts of similarity T (word 3-grams), or have the same long
    answer are one group, and a group goes to one split. With --by document, rows with the same long paragraph are, and
    with --by FIELD, rows with the same value. What is written is read again and compared between the splits by an exact
    join: if a pair crosses, nothing is written. OUT/split.jsonl says which row went where.
    """
    from rich.console import Console  # noqa: PLC0415 (loaded when called)

    from curate.engines.splitting import split  # noqa: PLC0415 (loads polars)

    plan, dealing = make_plan(flags), _dealing(flags)
    with progress(quiet=flags["quiet"]) as told:
        done = split(*flags["inputs"], out=out, dealing=dealing, plan=plan, force=force, progress=told)
    Console(highlight=False, soft_wrap=True).print(_summary(done, dealing, plan))
    return 0


def _dealing(flags: dict[str, Any]) -> Dealing:
    from curate.core.run_plan import read_ratio  # noqa: PLC0415 (loaded when called)
    from curate.engines.dealing import NAMES, Dealing  # noqa: PLC0415 (loads numpy)
    from curate.similarity.join import as_fraction  # noqa: PLC0415 (the same)

    try:
        threshold = as_fraction(float(flags["threshold"]))
    except ValueError as error:
        raise click.BadParameter(f"'{flags['threshold']}' is no number", param_hint="--threshold") from error
    ratio = tuple(map(int, read_ratio(flags["ratio"], most=MOST_SPLITS).split("/")))
    names = tuple(flags["names"].split("/")) if flags["names"] else NAMES
    if not flags["names"] and len(ratio) < len(NAMES):
        names = (NAMES[0], NAMES[-1])
    dealing = Dealing(names, ratio, flags["by"], flags["stratify"], flags["seed"], threshold)
    dealing.refuse_nonsense()
    return dealing


def _summary(done: Split, dealing: Dealing, plan: Plan) -> Text:
    """Where rows went, what was compared, and what is odd; of rows only the values of the field to stratify by."""
    from rich.text import Text  # noqa: PLC0415 (loaded when called)

    text = Text()
    total = sum(done.counts.values())
    text.append(count_of(total + done.quarantined + done.left_out, "row"), "bold")
    parts = [f"{rows:,} {visible_name(name)}" for name, rows in done.counts.items()]
    text.append(f" in = {' + '.join(parts)} + {done.quarantined:,} quarantined")
    text.append(f" + {done.left_out:,} left out as asked\n" if done.left_out else "\n")
    largest = ", ".join(f"{rows:,}" for rows in done.largest) or "none"
    text.append(f"{count_of(done.groups, 'group')} by {', '.join(map(visible_name, dealing.by))}")
    text.append(f"; the largest: {largest}\n")
    _append_doubts(text, done)
    _append_strata(text, done, plan)
    _append_proof(text, done, dealing)
    for path in done.outputs:
        text.append(f"→ {visible_name(str(path))}\n")
    text.append(f"Which row went where: {visible_name(str(done.manifest))}")
    return text


def _append_doubts(text: Text, done: Split) -> None:
    if done.too_large:
        text.append(
            f"{count_of(done.too_large, 'group')} with more rows than the smallest split has room for:"
            " each went, whole, where most room was\n",
            "yellow",
        )
    for what, shingles in done.preambles.items():
        text.append(
            f"{what}: {shingles:,} word runs that a quarter of all rows share are not compared\n", "yellow"
        )
    for name in [name for name, rows in done.counts.items() if not rows]:
        text.append(
            f"{visible_name(name)} is empty: the groups are too large, or the rows too few\n", "yellow"
        )


def _append_strata(text: Text, done: Split, plan: Plan) -> None:
    """The largest strata, masked as text of rows is."""
    from curate.engines.private import shown_text  # noqa: PLC0415 (loads polars)

    largest = sorted(done.strata.items(), key=lambda item: -sum(item[1].values()))
    for value, counts in largest[:MOST_STRATA] if plan.show_text else []:
        shown = ", ".join(f"{rows:,} {visible_name(name)}" for name, rows in counts.items())
        text.append(f"  {visible_name(shown_text(value, plan)) or '(none)'}: {shown}\n", "dim")
    if len(largest) > MOST_STRATA:
        text.append(f"  and {len(largest) - MOST_STRATA:,} more values\n", "dim")


def _append_proof(text: Text, done: Split, dealing: Dealing) -> None:
    """What was compared once the files were written."""
    text.append("The files, read again and compared:\n" if done.proofs else "There are no rows to compare.\n")
    for proof in done.proofs:
        style = "green" if not proof.crossing else "yellow"
        if proof.what.startswith("near"):
            told = f"pairs of ≥ {float(dealing.threshold):g} similarity between splits: {proof.what}"
            how = f"exact join, {proof.compared:,} pairs compared"
        else:
            told, how = f"in two splits: {visible_name(proof.what)}", f"{proof.compared:,} different ones"
        text.append(f"  {proof.crossing:>9,} {told} ({how})\n", style)
    if any(proof.crossing for proof in done.proofs):
        text.append("  such pairs were not to be kept together: add --by near\n", "yellow")
