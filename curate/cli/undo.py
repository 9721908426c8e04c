"""``curate undo``: the input of a step, byte for byte, from what it wrote and its ledger."""

from __future__ import annotations

import click

from curate.text.visible import visible_name


@click.command(short_help="Give back the input of a step, byte for byte.")
@click.argument("ledger", metavar="LEDGER")
@click.argument("output", metavar="OUTPUT")
@click.option("--out", "-o", required=True, metavar="FILE", help="Where the input goes.")
@click.option(
    "--force", is_flag=True, help="Overwrite FILE; the ledger and the output are never overwritten."
)
def command(ledger: str, output: str, out: str, *, force: bool) -> int:
    """Write to FILE what the step read, from OUTPUT, which it wrote, and its LEDGER.

    The bytes are held against the hash in the ledger: an output that was changed since is refused, never half undone.
    Steps are undone in the reverse of their order, the last one first.
    """
    from rich.console import Console  # noqa: PLC0415 (loaded when called)
    from rich.text import Text  # noqa: PLC0415 (the same)

    from curate.engines.undoing import undo  # noqa: PLC0415 (loads polars)

    done = undo(ledger, output, out, force=force)
    rows = done.rows
    back = rows.dropped + (0 if rows.edited is not None else rows.quarantined)
    text = Text()
    text.append(f"{visible_name(done.step)} is undone: ", "bold")
    text.append(f"{rows.in_:,} rows, {back:,} of them put back")
    text.append(f", {rows.edited:,} edits taken back\n" if rows.edited is not None else "\n")
    text.append(f"{visible_name(str(done.out))}: {done.size:,} bytes, sha256 {done.sha256} as in the ledger")
    Console(highlight=False, soft_wrap=True).print(text)
    return 0
