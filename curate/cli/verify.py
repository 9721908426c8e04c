"""``curate verify``: whether a run is what it says it is."""

from __future__ import annotations

import click

from curate.cli.counting import count_of
from curate.text.visible import visible, visible_name


@click.command(short_help="Hold input, ledger, output and report of a run against each other.")
@click.argument("folder", metavar="OUT/")
@click.option(
    "--head", metavar="HEX", help="The head of the run that was kept elsewhere, or its first 16 digits."
)
def command(folder: str, head: str | None) -> int:
    """Recompute all that the run in OUT/ says: hashes, totals, the way from output to input and back.

    Exits 0 if everything fits, 1 if something does not, with what differs. Without --head a forgery that is consistent
    in itself cannot be told from the run.
    """
    from rich.console import Console  # noqa: PLC0415 (loaded when called)
    from rich.text import Text  # noqa: PLC0415 (the same)

    from curate.engines.verifying import verify  # noqa: PLC0415 (loads polars)

    done = verify(folder, head)
    text = Text()
    for fault in done.faults:
        text.append("differs: ", "bold red")
        text.append(f"{visible(fault)}\n")
    if not done.faults:
        text.append("Everything fits: ", "bold green")
        text.append(
            f"{' → '.join(done.steps)}, {count_of(done.outputs, 'output')} given back to the input byte for byte"
        )
        text.append(f", {count_of(done.inputs, 'input')} at hand and the same\n")
    for name in done.absent:
        text.append(f"not at hand, and so not compared: {visible_name(name)}\n", "yellow")
    text.append(f"head: {done.head} ({_compared(done.head, head)})")
    Console(highlight=False, soft_wrap=True).print(text)
    return int(bool(done.faults))


def _compared(head: str, kept: str | None) -> str:
    """What is known of the head."""
    if kept is None:
        return "not compared with one kept elsewhere (--head)"
    return "as it was kept" if head.startswith(kept.lower()) else f"kept was {visible(kept)}"
