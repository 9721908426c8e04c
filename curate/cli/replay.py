"""``curate replay``: the output of steps from their input and ledger alone."""

from __future__ import annotations

import click

from curate.text.visible import visible_name


@click.command(short_help="Write what steps wrote again, from their input and ledger.")
@click.argument("ledger", metavar="LEDGER")
@click.argument("inputs", metavar="INPUT...", nargs=-1, required=True)
@click.option(
    "--out", "-o", required=True, metavar="OUT", help="The file to write; a folder for several inputs."
)
@click.option("--force", is_flag=True, help="Overwrite files, though never an input or the ledger.")
def command(ledger: str, inputs: tuple[str, ...], out: str, *, force: bool) -> int:
    """Apply a LEDGER to the INPUT it was made from: the output comes out byte for byte; of a table, its rows.

    No check, grammar engine or model is asked, so that the result does not depend on what is installed. A ledger of
    "curate run" holds all its steps.
    """
    from rich.console import Console  # noqa: PLC0415 (loaded when called)
    from rich.text import Text  # noqa: PLC0415 (the same)

    from curate.engines.replaying import replay  # noqa: PLC0415 (loads polars)

    done = replay(ledger, *inputs, out=out, force=force)
    text = Text(f"{' → '.join(done.steps)}, replayed\n")
    for path, digest in done.outputs:
        same = (
            f"sha256 {digest} as in the ledger" if digest else "the same rows; the bytes of tables may differ"
        )
        text.append(f"{visible_name(str(path))}: {same}\n")
    text.rstrip()
    Console(highlight=False, soft_wrap=True).print(text)
    return 0
