"""The training view in a terminal, and as JSON without text of any row."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from curate_train.packing import pack_lengths

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from curate_train.checking import Shown, View
    from curate_train.examples import Dataset
    from curate_train.recipe import Recipe

OPEN, CLOSE = "⟦", "⟧"
"""Around what is learned, where there are no colours."""


def fill_of(view: View, recipe: Recipe) -> float:
    """The share of the sequences that holds tokens of rows, packed."""
    return pack_lengths(view.lengths, recipe.max_length, recipe.seed).fill


def as_json(view: View, dataset: Dataset, recipe: Recipe) -> dict[str, Any]:
    """All figures."""
    return {
        "recipe": {"hash": recipe.hash, "model": recipe.model, "max_length": recipe.max_length},
        "data": {
            "sha256": dataset.sha256,
            "verdict": dataset.verdict,
            "split": dataset.split,
            "rows": view.rows,
        },
        "trained_on": view.kept,
        "left_out": dict(view.reasons.most_common()),
        "tokens": sum(view.lengths),
        "answer_tokens": view.learned,
        "longest": view.longest,
        "fill_packed": round(fill_of(view, recipe), 4),
        "stop_tokens": list(view.stops),
        "masks_verified": view.verified,
        "answers_off_prompt": view.off_prompt,
        "losses": [
            {
                "max_length": loss.max_length,
                "rows_too_long": loss.rows,
                "answers_cut": loss.cut,
                "answers_wholly_lost": loss.beheaded,
                "answer_tokens_lost": loss.tokens,
            }
            for loss in view.losses
        ],
        "first_left_out": [one._asdict() for one in view.rejected],
    }


def print_view(
    view: View, dataset: Dataset, recipe: Recipe, console: Console, *, show_pii: bool = False
) -> None:
    """One screen: what is trained on, what is left out and why, what a limit costs, and some rows."""
    console.print(_headline(view), soft_wrap=True)
    for line in _account(view, dataset, recipe):
        console.print(line, soft_wrap=True, highlight=False, markup=False)
    if view.reasons:
        console.print(_reasons(view))
    console.print(_losses(view, recipe))
    for shown in view.shown:
        console.print(_row(shown, plain=console.color_system is None, show_pii=show_pii), soft_wrap=True)


def _headline(view: View) -> Text:
    from rich.text import Text  # noqa: PLC0415 (loaded where it is printed)

    lost = view.rows - view.kept
    if not view.kept:
        return Text("Nothing to train on: every row is left out", style="bold red")
    if not lost:
        return Text(f"All {view.rows:,} rows are trained on, whole", style="bold green")
    return Text(
        f"{lost:,} of {view.rows:,} rows are left out; {view.kept:,} are trained on, whole",
        style="bold yellow",
    )


def _account(view: View, dataset: Dataset, recipe: Recipe) -> list[str]:
    tokens = sum(view.lengths)
    share = view.learned / tokens if tokens else 0
    split = f", split {dataset.split}" if dataset.split else ""
    lines = [
        f"  gate      {dataset.verdict}{split}" + (f": {dataset.why}" if dataset.why else ""),
        f"  model     {recipe.model}, template: {recipe.template}",
        f"  tokens    {tokens:,}, of which {view.learned:,} are learned ({share:.1%}); longest row {view.longest:,}",
        f"  packed    {fill_of(view, recipe):.1%} full at {recipe.max_length:,} tokens",
        f"  an answer ends at {' or '.join(view.stops)}",
        f"  checked   {view.verified:,} masks decoded: exactly answer and stop token",
    ]
    if view.off_prompt:
        lines.append(
            f"  note      {view.off_prompt:,} of these rows have an answer behind another text than the model gets "
            "when it is asked: the template moves or adds text"
        )
    return lines


def _reasons(view: View) -> Table:
    from rich.table import Table  # noqa: PLC0415 (loaded where it is printed)

    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), title="Left out", title_justify="left")
    for name, justify in (("rows", "right"), ("share", "right"), ("a row that", "left"), ("first", "left")):
        table.add_column(name, justify=justify)  # type: ignore[arg-type]
    first = {one.reason: one.where for one in reversed(view.rejected)}
    for reason, count in view.reasons.most_common():
        table.add_row(f"{count:,}", f"{count / view.rows:.2%}", reason, first.get(reason, ""))
    return table


def _losses(view: View, recipe: Recipe) -> Table:
    from rich.table import Table  # noqa: PLC0415 (loaded where it is printed)

    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), title_justify="left")
    table.title = "What each max_length costs, if rows are cut"
    for name in ("max_length", "rows too long", "answers cut", "of these wholly", "answer tokens lost"):
        table.add_column(name, justify="right")
    encoded = max(
        view.kept + sum(loss.rows for loss in view.losses if loss.max_length == recipe.max_length), 1
    )
    for loss in view.losses:
        mark = " *" if loss.max_length == recipe.max_length else "  "
        table.add_row(
            f"{loss.max_length:,}{mark}",
            f"{loss.rows:,} ({loss.rows / encoded:.1%})",
            f"{loss.cut:,} ({loss.cut / encoded:.1%})",
            f"{loss.beheaded:,}",
            f"{loss.tokens:,} ({loss.tokens / max(view.answers, 1):.1%})",
        )
    return table


def _row(shown: Shown, *, plain: bool, show_pii: bool) -> Text:
    """A row as the model reads it; what is learned is green, or stands in brackets."""
    from rich.text import Text  # noqa: PLC0415 (loaded where it is printed)

    from curate.text.private import mask  # noqa: PLC0415 (loaded where rows are printed)
    from curate.text.visible import visible  # noqa: PLC0415 (the same)

    text = Text(f"\n{shown.where} · {shown.tokens:,} tokens\n", style="bold")
    for piece, is_learned in shown.pieces:
        said = visible(piece if show_pii else mask(piece))
        if is_learned:
            text.append(f"{OPEN}{said}{CLOSE}" if plain else said, style="not bold green")
        else:
            text.append(said, style="not bold dim")
    return text
