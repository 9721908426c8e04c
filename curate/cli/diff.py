"""``curate diff``: rows that came, went, or were edited between two versions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from curate.cli.counting import count_of, notices
from curate.cli.options import DATA_OPTIONS, PLAN_FILE, make_plan, table_options
from curate.text.visible import visible_name, visible_span

if TYPE_CHECKING:
    from collections.abc import Callable

    from rich.text import Text

    from curate.core.pairs import Piece
    from curate.engines.differing import Difference, EditedText, Row

SHOWN = 20
"""Rows of each kind that are shown."""

HEAD = 100
"""Characters of a row that came or went that are shown."""


def _options(function: Callable[..., int]) -> Callable[..., int]:
    for option in reversed((PLAN_FILE, *DATA_OPTIONS)):
        function = option(function)
    return function


@click.command(short_help="Rows that came, went or were edited between two versions.")
@click.argument("one", metavar="A")
@click.argument("other", metavar="B")
@click.option("--all", "is_whole", is_flag=True, help=f"Show every row, not only {SHOWN} of each kind.")
@_options
@table_options
def command(one: str, other: str, *, is_whole: bool, **flags: Any) -> int:  # noqa: ANN401 (the shared options)
    """Compare two versions of data row by row, whatever their order and container; show edits word by word.

    A row is the same if its content is. A removed and an added row whose texts are near are one row that was edited.
    Exits 0 if nothing differs, and 1 if something does.
    """
    from rich.console import Console  # noqa: PLC0415 (loaded when called)

    from curate.engines.differing import diff  # noqa: PLC0415 (loads polars)

    plan = make_plan(flags)
    with notices(show_text=plan.show_text):
        found = diff(one, other, plan)
    most = None if is_whole else SHOWN
    show = _Showing(is_masked=not plan.show_pii, has_text=plan.show_text)
    console = Console(highlight=False, soft_wrap=True)
    console.print(_head(found))
    for sign, rows in (("-", found.removed), ("+", found.added)):
        for row in rows[:most]:
            console.print(show.row(sign, row))
        if most is not None and len(rows) > most:
            console.print(f"  and {len(rows) - most:,} more (--all)")
    for edited in found.edited[:most]:
        console.print(show.edited(edited.before, edited.after, edited.texts))
    if most is not None and len(found.edited) > most:
        console.print(f"  and {len(found.edited) - most:,} more (--all)")
    return int(bool(found.removed or found.added or found.edited))


def _head(found: Difference) -> Text:
    from rich.text import Text  # noqa: PLC0415 (loaded when called)

    text = Text(count_of(found.same, "row"), "bold")
    text.append(
        f" in both; {len(found.removed):,} removed, {len(found.added):,} added, {len(found.edited):,} edited",
        "",
    )
    return text


class _Showing:
    """How rows are shown: masked, on one line, or without any text."""

    def __init__(self, *, is_masked: bool, has_text: bool) -> None:
        from curate.text.private import mask  # noqa: PLC0415 (loaded when called)

        self._hide = mask if is_masked else str
        self._has_text = has_text

    def row(self, sign: str, row: Row) -> Text:
        """A row that came or went."""
        from rich.text import Text  # noqa: PLC0415 (loaded when called)

        text = Text(f"{sign} {visible_name(str(row.place))}  {row.key}", "red" if sign == "-" else "green")
        whole = _line(self._hide(" … ".join(row.texts.values())))
        if self._has_text:
            text.append(f"  {whole[:HEAD]}{'…' if len(whole) > HEAD else ''}", "")
        return text

    def edited(self, before: Row, after: Row, texts: tuple[EditedText, ...]) -> Text:
        """A row that was edited: what went in red and ``[-…-]``, what came in green and ``{+…+}``."""
        from rich.text import Text  # noqa: PLC0415 (loaded when called)

        text = Text(f"~ {visible_name(str(before.place))} → {visible_name(str(after.place))}", "bold")
        if not texts:
            text.append("  fields without text", "")
        for one in texts if self._has_text else ():
            text.append(f"\n    {visible_name(one.at)}  ", "")
            _append(text, one.before, "[-{}-]", "red")
            text.append("\n    → ", "")
            _append(text, one.after, "{{+{}+}}", "green")
        return text


def _append(text: Text, pieces: tuple[Piece, ...], marks: str, colour: str) -> None:
    """A text in pieces, of which those that only it has are marked."""
    for piece in pieces:
        shown = "…" if piece.skipped else _line(piece.text)
        text.append(marks.format(shown) if piece.is_changed else shown, colour if piece.is_changed else "")


def _line(text: str) -> str:
    """A text on one line, in which what cannot be seen is named."""
    return visible_span(text.replace("\n", "⏎"))
