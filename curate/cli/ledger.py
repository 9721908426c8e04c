"""``curate ledger``: a ledger in two, an index to share and a store to keep."""

from __future__ import annotations

from pathlib import Path

import click

from curate.cli.outputs import prepare_outputs
from curate.text.visible import visible_name


@click.group(short_help="Split a ledger into an index to share and a private store.")
def command() -> None:
    """Split a ledger into an index without text, which may be shared, and a private store; join them again."""


@command.command("split", short_help="Write the index and the store of a ledger.")
@click.argument("ledger", metavar="LEDGER")
@click.option("--index", "-i", required=True, metavar="FILE", help="What may be shared: places and reasons.")
@click.option("--store", "-s", required=True, metavar="FILE", help="What stays private: the texts.")
@click.option("--force", is_flag=True, help="Overwrite the files.")
def split(ledger: str, index: str, store: str, *, force: bool) -> int:
    """Write what LEDGER says without the texts of rows to one file, and the texts to another.

    The index keeps keys, lines, spans, checks and messages; marks stand for the texts, which nobody can guess without
    the store.
    """
    from curate.engines.ledger_split import split_ledger  # noqa: PLC0415 (loaded when called)

    prepare_outputs([index, store], [ledger])
    _refuse_existing(index, store, force=force)
    done = split_ledger(Path(ledger), Path(index), Path(store))
    click.echo(f"{done.lines:,} lines, {done.held:,} texts taken out of {visible_name(ledger)}")
    click.echo(f"to share: {visible_name(index)}\nprivate:  {visible_name(store)}")
    return 0


@command.command("join", short_help="Give back a ledger from its index and store.")
@click.argument("index", metavar="INDEX")
@click.argument("store", metavar="STORE")
@click.option("--out", "-o", required=True, metavar="LEDGER", help="Where the ledger goes.")
@click.option("--force", is_flag=True, help="Overwrite LEDGER.")
def join(index: str, store: str, out: str, *, force: bool) -> int:
    """Write the ledger that was split into INDEX and STORE, byte for byte."""
    from curate.engines.ledger_split import join_ledger  # noqa: PLC0415 (loaded when called)

    prepare_outputs([out], [index, store])
    _refuse_existing(out, force=force)
    lines = join_ledger(Path(index), Path(store), Path(out))
    click.echo(f"{visible_name(out)}: {lines:,} lines, as they were")
    return 0


def _refuse_existing(*names: str, force: bool) -> None:
    from curate.core.errors import UsageError  # noqa: PLC0415 (only for errors)

    for name in names:
        if Path(name).exists() and not force:
            raise UsageError("is there already", where=name, hint="name another file, or add --force")
