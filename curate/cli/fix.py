"""``curate fix``: apply the repairs that findings offer."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import click

from curate.cli.counting import count_of, notices
from curate.cli.options import make_plan, plan_options
from curate.cli.progress import progress
from curate.reports.plain import place_text
from curate.text.visible import shell_word, visible, visible_name

if TYPE_CHECKING:
    from rich.text import Text

    from curate.engines.repairing import Fixed
    from curate.engines.repairing_rows import Sample

SHOWN = 10
"""Edits that a dry run shows."""

AROUND = 40
"""Characters of the text that are shown on either side of an edit."""


@click.command(short_help="Apply the repairs that findings offer.")
@plan_options
@click.option("--out", "-o", metavar="OUT", help="The file to write; a folder for several inputs.")
@click.option("--ledger", metavar="FILE", help="Where the edits are noted; OUT.ledger.jsonl if not given.")
@click.option("--force", is_flag=True, help="Overwrite files, though never an input.")
@click.option("--dry-run", is_flag=True, help=f"Write nothing; show up to {SHOWN} edits.")
def command(
    out: str | None,
    ledger: str | None,
    *,
    force: bool,
    dry_run: bool,
    **flags: Any,  # noqa: ANN401 (the shared options)
) -> int:
    """Write DATA to OUT with the repairs that findings offer; every other byte stays as it is.

    All checks that are on by default repair, or those that --select names. A repair is left out if the text would
    be empty then, or its digits would change. Nothing is left out: records that cannot be read stay as they are,
    and so do rows that --drop names. In own tables (--map) the one cell is repaired.
    The ledger holds each edit with what stood there before, unmasked: keep it as private as the data.
    """
    from rich.console import Console  # noqa: PLC0415 (loaded when called)

    from curate.engines.repairing import fix  # noqa: PLC0415 (loads polars)

    if out is None and not dry_run:
        raise click.UsageError("Missing option '--out' / '-o' (or --dry-run, which writes nothing).")
    plan = make_plan(flags)
    with notices(show_text=plan.show_text), progress(quiet=flags["quiet"]) as told:
        done = fix(
            *flags["inputs"],
            out=None if dry_run else out,
            plan=plan,
            ledger=ledger,
            force=force,
            progress=told,
        )
    console = Console(highlight=False, soft_wrap=True)
    if dry_run and plan.show_text:
        for file, row, sample in done.samples[:SHOWN]:
            console.print(_diff(file, row, sample, is_masked=not plan.show_pii))
    console.print(_summary(done))
    return 0


def _summary(done: Fixed) -> Text:
    """The account of the rows, what was edited, what was not and why; no text of any row."""
    from rich.text import Text  # noqa: PLC0415 (loaded when called)

    rows = done.rows
    text = Text()
    text.append(count_of(rows.in_, "row"), "bold")
    stay = " (left in OUT as they stand)" if rows.quarantined else ""
    text.append(
        f" in = {rows.kept:,} kept + {rows.dropped:,} dropped + {rows.quarantined:,} quarantined{stay}; "
        f"{rows.edited:,} edited\n"
    )
    for check, edits, touched in done.edits:
        text.append(f"  {edits:>9,}  {check}: {count_of(edits, 'edit')} in {count_of(touched, 'row')}\n")
    if done.left_out:
        text.append(f"  {done.left_out:>9,}  left out as asked: not looked at, and in OUT as they stand\n")
    if done.left:
        text.append("Not repaired:\n", "yellow")
    for check, reason, left, touched in done.left:
        text.append(
            f"  {left:>9,}  {check}: {count_of(left, 'finding')} in {count_of(touched, 'row')}, {reason}\n"
        )
    return text.append_text(_unread(done)).append_text(_places(done))


def _unread(done: Fixed) -> Text:
    """The records that cannot be read."""
    from rich.text import Text  # noqa: PLC0415 (loaded when called)

    text = Text()
    if done.unread:
        stay = "stays as it is" if done.unread == 1 else "stay as they are"
        text.append(f"{count_of(done.unread, 'record')} that cannot be read {stay}:\n", "yellow")
    for one in done.unread_examples:
        place = place_text(one.file, one.line, one.row)
        text.append(f"  {place}  {one.reason}\n")
    if done.unread > len(done.unread_examples):
        text.append(f"  and {done.unread - len(done.unread_examples):,} more\n")
    return text


def _places(done: Fixed) -> Text:
    """Where things are."""
    from rich.text import Text  # noqa: PLC0415 (loaded when called)

    text = Text()
    if done.ledger is None:
        return text.append("A dry run: nothing was written.")
    for name, path in zip(done.inputs, done.outputs, strict=True):
        text.append(f"{visible_name(name)} → {visible_name(str(path))}\n")
    if not done.rows.edited:
        text.append("Nothing was edited: the data is copied as it is. ")
    text.append(f"The ledger: {visible_name(str(done.ledger))}")
    if done.rows.edited:
        text.append(f"\nIts first entry: sed -n 2p {shell_word(str(done.ledger))} | python -m json.tool")
    return text


def _diff(file: str, row: int, sample: Sample, *, is_masked: bool) -> Text:
    """One edit as a word diff: what goes is red, in ``[-…-]``, and what comes is green, in ``{+…+}``."""
    from rich.text import Text  # noqa: PLC0415 (loaded when called)

    from curate.text.private import mask  # noqa: PLC0415 (the same)

    change = sample.edit.change
    hide = mask if is_masked else str
    old, new = hide(sample.text), hide(sample.repaired)
    low = _word_start(old, change.start)
    high = _word_end(old, change.end)
    lead, trail = old[low : change.start], old[change.end : high]
    after = new[sample.start : sample.start + len(change.after)]
    place = place_text(file, sample.line, row)
    text = Text().append(f"{place}  {visible_name(sample.edit.at)}  {change.check}\n", "bold")
    text.append(("  …" if low > AROUND else "  ") + _shown(old[max(0, low - AROUND) : low]))
    text.append(f"[-{_shown(lead + old[change.start : change.end] + trail)}-]", "red")
    if lead + after + trail:
        text.append(f"{{+{_shown(lead + after + trail)}+}}", "green")
    text.append(_shown(old[high : high + AROUND]) + ("…" if high + AROUND < len(old) else ""))
    return text.append("\n")


def _shown(text: str) -> str:
    """The text on one line, with signs for what would not be seen."""
    signs = text.replace("\n", "⏎").replace("\t", "→")
    return re.sub(
        "[\u00ad\u115f\u1160\u180e\u3164\uffa0\U000e0020-\U000e007f]",
        lambda m: f"<U+{ord(m[0]):04X}>",
        visible(signs),
    )


def _word_start(text: str, at: int) -> int:
    """Where the word begins that holds a place, at most ``AROUND`` characters before it."""
    return at - len(re.search(rf"\S{{0,{AROUND}}}$", text[max(0, at - AROUND) : at])[0])  # type: ignore[index]


def _word_end(text: str, at: int) -> int:
    """Where the word ends that holds a place, at most ``AROUND`` characters behind it."""
    return at + len(re.match(rf"\S{{0,{AROUND}}}", text[at : at + AROUND])[0])  # type: ignore[index]
