"""``curate decontaminate``: find, and take out, the rows that hold items of a benchmark."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import click

from curate.cli.counting import count_of
from curate.cli.options import data_options, make_plan
from curate.cli.progress import progress
from curate.core.errors import UsageError
from curate.text.visible import text_name, visible, visible_name

if TYPE_CHECKING:
    from rich.text import Text

    from curate.core.plan import Plan
    from curate.engines.decontaminating import Decontaminated, Hit

SCHEMA = "curate.decontaminate/1"
"""The version of the JSON; a field is only ever added within one version."""


@click.command(short_help="Take out rows that hold items of a benchmark.")
@data_options
@click.option(
    "--against", multiple=True, required=True, metavar="BENCH", help="The benchmark; several are allowed."
)
@click.option("--out", "-o", metavar="OUT", help="The file to write; a folder for several inputs.")
@click.option("--check", is_flag=True, help="Write nothing; the same as without --out.")
@click.option(
    "--ngram",
    type=click.IntRange(5, 64),
    default=13,
    show_default=True,
    metavar="N",
    help="Tokens of a run that may be a hit.",
)
@click.option("--json", "as_json", is_flag=True, help="Print all hits as JSON, without text of any row.")
@click.option(
    "--explain",
    type=click.IntRange(0),
    default=3,
    show_default=True,
    metavar="N",
    help="Hits of a kind to show.",
)
@click.option("--ledger", metavar="FILE", help="Where the rows go; OUT.ledger.jsonl if not given.")
@click.option("--force", is_flag=True, help="Overwrite files, though never an input.")
def command(
    against: tuple[str, ...],
    out: str | None,
    ngram: int,
    explain: int,
    ledger: str | None,
    *,
    check: bool,
    as_json: bool,
    force: bool,
    **flags: Any,  # noqa: ANN401 (the shared options)
) -> int:
    """Find the rows of DATA that hold items of BENCH, and write DATA to OUT without them.

    A row is a hit if it asks what an item asks (whole-prompt: equal but for case, punctuation, politeness and the like,
    however short), if the whole prompt of an item stands in one of its texts (contained), or if they share a run of N
    tokens (n-gram). Lines of arithmetic, templates, and problems with other numbers are no hits; they are counted.

    Without --out nothing is written, and the exit code is 1 if there is a hit.
    """
    from rich.console import Console  # noqa: PLC0415 (loaded when called)

    from curate.engines.decontaminating import decontaminate  # noqa: PLC0415 (loads polars)

    if check and out is not None:
        raise UsageError("--check writes nothing", hint="leave out --check or --out")
    if "-" in against and "-" in flags["inputs"]:
        raise UsageError("standard input cannot be data and benchmark at once", hint="name a file")
    plan = make_plan(flags)
    with progress(quiet=flags["quiet"]) as told:
        done = decontaminate(
            *flags["inputs"],
            against=against,
            out=out,
            ngram=ngram,
            plan=plan,
            ledger=ledger,
            force=force,
            progress=told,
        )
    if as_json:
        click.echo(json.dumps(_as_json(done, plan, ngram), indent=1))
    else:
        console = Console(highlight=False, soft_wrap=True)
        console.print(_summary(done))
        if explain:
            console.print(_examples(done, plan, explain), end="")
    return int(out is None and bool(done.hits))


def _as_json(done: Decontaminated, plan: Plan, ngram: int) -> dict[str, Any]:
    from curate import __version__  # noqa: PLC0415 (kept beside its use)

    return {
        "schema": SCHEMA,
        "curate": __version__,
        "data": [one.source.name for one in done.scan.opened],
        "against": [one.source.name for one in done.held.opened],
        "ngram": ngram,
        "rows": done.rows,
        "rows_hit": done.rows_hit,
        "items": done.items,
        "items_hit": done.items_hit,
        "hits": [_hit(hit, plan) for hit in done.hits],
        "passed_over": dict(sorted(done.passed_over.items())),
        "quarantined": {"data": len(done.scan.quarantine), "against": len(done.held.quarantine)},
        "written": [text_name(str(path)) for path in done.dropped.outputs] if done.dropped else [],
    }


def _hit(hit: Hit, plan: Plan) -> dict[str, Any]:
    from curate.engines.private import shown_pointer  # noqa: PLC0415 (loads polars)

    return {
        "row": hit.place.row,
        "line": hit.place.line,
        "file": hit.place.file,
        "against_row": hit.against.row,
        "against_line": hit.against.line,
        "against_file": hit.against.file,
        "kind": hit.kind,
        "at": shown_pointer(hit.at, plan),
        "span": list(hit.span),
        "against_at": shown_pointer(hit.against_at, plan),
        "against_span": list(hit.against_span),
        "share": round(hit.share, 4),
    }


def _summary(done: Decontaminated) -> Text:
    """What was found, what was not counted as found, and where things are; no text of any row."""
    from rich.text import Text  # noqa: PLC0415 (loaded when called)

    text = Text()
    text.append(f"{done.rows_hit:,} of {count_of(done.rows, 'row')}", "bold")
    text.append(f" hold something of {done.items_hit:,} of {count_of(done.items, 'item')}\n")
    meanings = {
        "whole-prompt": "the row asks what the item asks",
        "contained": "the whole prompt stands in the row",
        "n-gram": "they share a run of words",
    }
    for kind, meaning in meanings.items():
        count = len({hit.row for hit in done.hits if hit.kind == kind})
        if count:
            text.append(f"  {count:>9,}  {kind}: {meaning}\n")
    if done.passed_over:
        text.append("no hits, though a run of words is shared:\n", "dim")
    for reason, count in sorted(done.passed_over.items(), key=lambda item: (-item[1], item[0])):
        text.append(f"  {count:>9,}  {reason}\n", "dim")
    for whose, scan in (("data", done.scan), ("benchmark", done.held)):
        if len(scan.quarantine):
            text.append(f"  {len(scan.quarantine):>9,}  records of the {whose} cannot be read\n", "yellow")
    if done.dropped is None:
        text.append(
            "Nothing is written: add -o OUT to write the data without these rows." if done.hits else ""
        )
        return text
    rows = done.dropped.rows
    text.append(f"{count_of(rows.in_, 'row')} in = {rows.kept:,} kept + {rows.dropped:,} dropped")
    text.append(f" + {rows.quarantined:,} quarantined\n")
    for name, path in zip(done.dropped.inputs, done.dropped.outputs, strict=True):
        text.append(f"{visible_name(name)} → {visible_name(str(path))}\n")
    text.append(f"The ledger: {visible_name(str(done.dropped.ledger))}")
    return text


def _examples(done: Decontaminated, plan: Plan, most: int) -> Text:
    from rich.text import Text  # noqa: PLC0415 (loaded when called)

    from curate.engines.decontaminating import excerpts  # noqa: PLC0415 (loads polars)

    text = Text()
    for hit, common in excerpts(done, plan, most):
        text.append(f"\n{hit.kind}", "red")
        text.append(f"  {visible_name(str(hit.place))} ↔ {visible_name(str(hit.against))}")
        text.append(f"  {hit.share:.0%} of the item's text\n")
        if plan.show_text:
            text.append(f"    {visible(common)}\n", "dim")
    return text
