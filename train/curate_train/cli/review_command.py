"""``curate train review``: a blind A/B sheet for experts, and its score."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from curate_train.review_score import Score

SHOWN = 20
"""Disputed rows that are named in the terminal; --json has all."""


@click.command(short_help="A blind A/B sheet for experts, and its score.")
@click.argument("inputs", nargs=-1, required=True, metavar="FIRST SECOND | FILLED.csv...")
@click.option("-o", "--out", metavar="FOLDER", help="Where sheet, page and key go.")
@click.option("--n", "most", type=click.IntRange(1), default=50, show_default=True, help="Rows to draw.")
@click.option("--seed", type=int, default=0, show_default=True, help="Of the draw and of who is A.")
@click.option("--reference", is_flag=True, help="Show the answer of the data, too.")
@click.option(
    "--score", "is_score", is_flag=True, help="Read filled sheets, one a reviewer, and say who won."
)
@click.option(
    "--key", "key_file", metavar="KEY.json", help="Of the sheet; by default beside the first filled one."
)
@click.option("--json", "as_json", is_flag=True, help="Print the score as JSON.")
def command(  # noqa: PLR0913 (an option each)
    inputs: tuple[str, ...],
    out: str | None,
    most: int,
    seed: int,
    key_file: str | None,
    *,
    reference: bool,
    is_score: bool,
    as_json: bool,
) -> int:
    """Write a blind sheet from two evaluations, or score the sheets that came back.

    FIRST and SECOND are folders that "curate train eval" wrote; one folder with a base in it will do. The reviewers get
    sheet.csv or review.html, and not key.json.
    """
    from curate.core.errors import UsageError  # noqa: PLC0415 (loaded when called)

    if is_score:
        return _score(inputs, key_file, as_json=as_json)
    if out is None:
        raise UsageError("the sheet needs a folder", hint="name one: -o review/")
    return _write(inputs, Path(out), most, seed, with_reference=reference)


def _write(inputs: tuple[str, ...], out: Path, most: int, seed: int, *, with_reference: bool) -> int:
    from curate.core.errors import UsageError  # noqa: PLC0415 (loaded when called)
    from curate_train.cli.eval_command import BASE  # noqa: PLC0415 (the same)
    from curate_train.evaluate_folder import read_evaluation  # noqa: PLC0415 (the same)
    from curate_train.review import blind  # noqa: PLC0415 (the same)
    from curate_train.review_files import KEY, PAGE, SHEET, write_review  # noqa: PLC0415 (the same)

    folders = [Path(one) for one in inputs]
    if len(folders) == 1:
        folders = [folders[0] / BASE, folders[0]]
    if len(folders) != 2:  # noqa: PLR2004 (first and second)
        raise UsageError("a sheet compares two evaluations", hint="name two folders of: curate train eval")
    first, second = map(read_evaluation, folders)
    sheet, key = blind(first, second, most, seed=seed, with_reference=with_reference)
    write_review(out, sheet, key)
    click.echo(
        f"{len(sheet.pairs)} pairs in {out / SHEET} and {out / PAGE}: send one of them to each reviewer"
    )
    if key.same:
        click.echo(f"{key.same} rows were left out: both models say the same")
    click.echo(f"{out / KEY} says who is who: keep it from the reviewers")
    click.echo(f"then: curate train review --score --key {out / KEY} FILLED.csv...")
    return 0


def _score(inputs: tuple[str, ...], key_file: str | None, *, as_json: bool) -> int:
    from curate.core.errors import UsageError  # noqa: PLC0415 (loaded when called)
    from curate_train.review_files import KEY, read_filled, read_key  # noqa: PLC0415 (the same)
    from curate_train.review_score import score, score_json  # noqa: PLC0415 (the same)

    files = [Path(one) for one in inputs]
    names = [file.stem for file in files]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise UsageError(
            f"two files are of the reviewer '{twice[0]}'", hint="name each file after its reviewer"
        )
    key = read_key(Path(key_file) if key_file else files[0].parent / KEY)
    judgements = [one for file in files for one in read_filled(file, key)]
    if not judgements:
        raise UsageError("nothing is filled in", where=", ".join(inputs))
    made = score(judgements, key)
    if as_json:
        click.echo(json.dumps(score_json(made), ensure_ascii=False))
    else:
        _show(made)
    return 0


def _show(made: Score) -> None:
    from rich.console import Console  # noqa: PLC0415 (loaded when called)
    from rich.table import Table  # noqa: PLC0415 (the same)

    from curate.text.visible import visible_name  # noqa: PLC0415 (the same)

    console = Console(highlight=False, soft_wrap=True)
    told = ", ".join(f"{visible_name(name)} {rows}" for name, rows in made.reviewers.items())
    console.print(f"rows judged: {told}")
    console.print(f"{made.wins} won, {made.ties} tied, {made.losses} lost; sign test p {made.p:.3f}")
    table = Table("", "second - first", "interval", "alpha", "interval", box=None, pad_edge=False)
    for name, one in made.agreement.items():
        alpha = one.alpha
        gap = made.ratings.get(name)
        table.add_row(
            name,
            "" if gap is None or gap.value is None else f"{gap.value:+.2f}",
            "" if gap is None or gap.low is None else f"{gap.low:+.2f} to {gap.high:+.2f}",
            "–" if alpha.value is None else f"{alpha.value:.2f}",
            "" if alpha.low is None else f"{alpha.low:.2f} to {alpha.high:.2f}",
        )
    console.print(table)
    for row in made.disputed[:SHOWN]:
        console.print(f"disputed {row.row}: {visible_name(row.why)}", style="yellow")
    if len(made.disputed) > SHOWN:
        console.print(f"and {len(made.disputed) - SHOWN} more: --json", style="yellow")
    console.print(visible_name(made.headline), style="bold")
