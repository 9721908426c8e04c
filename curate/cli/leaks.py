"""``curate leaks``: which rows of a file also stand, or are asked, in another one."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import click

from curate.cli.counting import count_of
from curate.cli.options import data_options, make_plan
from curate.cli.progress import progress
from curate.text.visible import visible, visible_name

if TYPE_CHECKING:
    from rich.text import Text

    from curate.core.plan import Plan
    from curate.engines.between import Place
    from curate.engines.leaking import Leak, Leaked

SCHEMA = "curate.leaks/1"
"""The version of the JSON; a field is only ever added within one version."""


@click.command(short_help="Rows that files have in common.")
@data_options
@click.option(
    "--threshold",
    default="0.7",
    show_default=True,
    metavar="T",
    help="Jaccard similarity from which rows are near.",
)
@click.option(
    "--by",
    "fields",
    multiple=True,
    metavar="FIELD",
    help="Tell rows with the same value, too, such as a user.",
)
@click.option("--json", "as_json", is_flag=True, help="Print all of them as JSON, without text of any row.")
@click.option(
    "--explain",
    type=click.IntRange(0),
    default=2,
    show_default=True,
    metavar="N",
    help="Rows of a kind to show.",
)
def command(explain: int, fields: tuple[str, ...], *, as_json: bool, **flags: Any) -> int:  # noqa: ANN401 (the shared options)
    """Compare the files of DATA two by two: which rows of the later one does the earlier one have?

    A row is told by the surest of: the same row, the same ask (equal but for case, punctuation, politeness and the
    like), a near ask (similarity T of word 3-grams; it may be a variant), the same long answer, a near row, the same
    long paragraph. Exits 1 if a row is the same, or asks the same, as one of an earlier file.
    """
    from rich.console import Console  # noqa: PLC0415 (loaded when called)

    from curate.engines.leaking import leaks  # noqa: PLC0415 (loads polars)
    from curate.similarity.join import as_fraction  # noqa: PLC0415 (loads numpy)

    try:
        threshold = as_fraction(float(flags["threshold"]))
    except ValueError as error:
        raise click.BadParameter(f"'{flags['threshold']}' is no number", param_hint="--threshold") from error
    plan = make_plan(flags)
    with progress(quiet=flags["quiet"]) as told:
        done = leaks(*flags["inputs"], threshold=threshold, fields=fields, plan=plan, progress=told)
    if as_json:
        click.echo(json.dumps(_as_json(done, float(threshold)), indent=1))
    else:
        console = Console(highlight=False, soft_wrap=True)
        console.print(_summary(done), end="")
        if explain:
            console.print(_examples(done, plan, explain), end="")
    return int(done.rows_leaked > 0)


def _as_json(done: Leaked, threshold: float) -> dict[str, Any]:
    from curate import __version__  # noqa: PLC0415 (kept beside its use)

    return {
        "schema": SCHEMA,
        "curate": __version__,
        "threshold": threshold,
        "rows_leaked": done.rows_leaked,
        "quarantined": len(done.scan.quarantine),
        "between": [
            {
                "files": list(two.names),
                "rows": list(two.rows),
                "counts": dict(two.counts),
                "leaks": [_leak(leak) for leak in two.leaks],
            }
            for two in done.between
        ],
    }


def _leak(leak: Leak) -> dict[str, Any]:
    return {
        "kind": leak.kind,
        "similarity": round(leak.similarity, 4),
        **_place(leak.place, ""),
        **_place(leak.other_place, "other_"),
    }


def _place(place: Place, prefix: str) -> dict[str, Any]:
    return {f"{prefix}row": place.row, f"{prefix}line": place.line, f"{prefix}file": place.file}


def _summary(done: Leaked) -> Text:
    """Counts for every two files; no text of any row."""
    from rich.text import Text  # noqa: PLC0415 (loaded when called)

    from curate.engines.leaking import LEAKS  # noqa: PLC0415 (loads polars)

    text = Text()
    for two in done.between:
        first, second = map(visible_name, two.names)
        shared = sum(two.counts.values())
        text.append(f"{shared:,} of {count_of(two.rows[1], 'row')} of {second}", "bold")
        text.append(f" have something in common with {first} ({count_of(two.rows[0], 'row')})\n")
        for kind, count in two.counts.most_common():
            style = "red" if kind in LEAKS else "yellow"
            text.append(f"  {count:>9,}  {visible_name(kind)} ({count / two.rows[1]:.2%})\n", style)
    for what, shingles in done.preambles.items():
        text.append(
            f"{what}: {shingles:,} word runs that a quarter of all rows share are not compared\n", "yellow"
        )
    if len(done.scan.quarantine):
        text.append(f"{len(done.scan.quarantine):,} records cannot be read\n", "yellow")
    return text


def _examples(done: Leaked, plan: Plan, most: int) -> Text:
    from rich.text import Text  # noqa: PLC0415 (loaded when called)

    from curate.engines.leaking import examples  # noqa: PLC0415 (loads polars)

    text = Text()
    for leak, ask in examples(done, plan, most):
        text.append(f"\n{visible_name(leak.kind)}", "cyan")
        text.append(f"  {visible_name(str(leak.place))} ↔ {visible_name(str(leak.other_place))}")
        text.append(f"  similarity {leak.similarity:.2f}\n")
        if plan.show_text:
            text.append(f"    {visible(ask)}\n", "dim")
    return text
