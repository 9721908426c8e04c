"""``curate grammar``: how often grammar's edits would be right on one's own data."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from curate.cli.counting import count_of
from curate.cli.options import data_options, make_plan
from curate.text.visible import visible_name

if TYPE_CHECKING:
    from rich.table import Table

    from curate.grammar.trust import Evidence

FEW = 10
"""Edits of a rule below which its share says little: such lines are counted and not shown."""


@click.group(short_help="Grammar: how often its edits would be right on your data.")
def command() -> None:
    """Grammar: how often its edits would be right on your data.

    Start with: curate grammar calibrate data.jsonl
    """


@command.command("calibrate", short_help="Inject errors into answers, and count which edits take them back.")
@data_options
@click.option("--grammar", "engine", type=click.Choice(["harper", "languagetool", "both"]), default="harper")
@click.option(
    "--language-tool",
    "url",
    default="",
    metavar="URL",
    help="A LanguageTool server; one is started if none is named.",
)
@click.option("--allow-remote", is_flag=True, help="Let it be another machine: the answers are sent to it.")
@click.option(
    "--rows", type=click.IntRange(1), default=300, show_default=True, metavar="N", help="Answers to take."
)
@click.option("--out", "-o", metavar="FILE", help="Write all lines as JSON.")
def calibrate(engine: str, url: str, rows: int, out: str | None, *, allow_remote: bool, **flags: Any) -> int:  # noqa: ANN401 (the shared options)
    """Inject errors into answers of DATA, and count which edits take them back, for each rule.

    The answers are taken to be right. A rule is shown with how many edits it made, how many of them took an error
    back, the lower bound of that share (Wilson, 95 %), and what curate does with it now. What a rule spoils in text
    that is right can only be read: curate fix DATA --only grammar --dry-run.
    """
    from rich.console import Console  # noqa: PLC0415 (loaded when called)

    from curate.engines.calibrating_grammar import calibrate as run  # noqa: PLC0415 (loads polars)
    from curate.engines.calibrating_grammar import whole  # noqa: PLC0415 (the same)
    from curate.grammar.trust import dump  # noqa: PLC0415 (the same)

    editor = whole(engine, url, allow_remote=allow_remote)
    lines = run(*flags["inputs"], editor=editor, rows=rows, plan=make_plan(flags))
    console = Console(highlight=False, soft_wrap=True)
    console.print(_table(lines))
    few = sum(line.found < FEW for line in lines)
    if few:
        console.print(f"{count_of(few, 'rule')} with fewer than {FEW} edits not shown")
    if out is not None:
        Path(out).write_text(dump(lines), "utf-8")
        console.print(f"{count_of(len(lines), 'line')} → {visible_name(out)}")
    return 0


def _table(lines: list[Evidence]) -> Table:
    """What was counted, beside what is known already; the rule that is most often right comes first."""
    from rich.table import Column, Table  # noqa: PLC0415 (loaded when called)

    from curate.grammar.trust import load  # noqa: PLC0415 (the same)

    rule = Column("rule", overflow="fold")
    table = Table("engine", rule, "list", "edits", "right", "share", "at least", "now")
    for line in sorted(lines, key=lambda one: (-one.low, one)):
        if line.found >= FEW:
            now = load().safety(line.engine, line.rule, line.guard)
            shares = f"{line.share:.3f}", f"{line.low:.3f}"
            table.add_row(line.engine, line.rule, line.guard, str(line.found), str(line.right), *shares, now)
    return table
