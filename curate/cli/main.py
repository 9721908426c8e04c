"""The entry point: finds the command, shows errors, and turns them into exit codes."""

from __future__ import annotations

import importlib
import os
import sys
from typing import NoReturn

import click

from curate import __version__

GROUPS = {
    "Look": {
        "report": "Say whether data is fit to train on, what is wrong, and what to do.",
        "check": "The same for CI: one line a problem, an exit code.",
        "explain": "List the checks, or explain one.",
    },
    "Clean": {
        "fix": "Apply the repairs that findings offer, in place; the ledger undoes them.",
        "drop": "Set aside the rows that a check flags; the rest is copied byte for byte.",
        "convert": "Write data in another layout, and say what cannot be carried over.",
    },
}
"""The commands; each is the function ``command`` of ``curate.cli.NAME``."""


class Commands(click.Group):
    """Commands that are imported when they are called."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 (click's signature)
        """All names, in the order of the groups."""
        return [name for group in GROUPS.values() for name in group]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import one command."""
        if cmd_name not in self.list_commands(ctx):
            return None
        command: click.Command = importlib.import_module(f"curate.cli.{cmd_name}").command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 (the same)
        """The groups, without importing any command."""
        for title, commands in GROUPS.items():
            with formatter.section(title):
                formatter.write_dl(list(commands.items()))


@click.command(
    cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110}
)
@click.version_option(__version__, prog_name="curate", message="%(prog)s %(version)s")
def cli() -> None:
    """Quality for fine-tuning data: read it as it is, report what is wrong, clean it, gate it.

    Start with: curate report data.jsonl
    """


def main() -> NoReturn:
    """Run the command line.

    Exit codes: 0 pass, 1 over budget or rows quarantined, 2 usage, plan or unreadable file, 3 a check crashed
    or nothing was evaluated.
    """
    try:
        code = cli.main(standalone_mode=False)
    except click.exceptions.Exit as stop:
        code = stop.exit_code
    except click.Abort:
        click.echo("curate: interrupted; nothing was written", err=True)
        code = 130
    except click.UsageError as error:
        error.show()
        code = 2
    except click.ClickException as error:
        error.show()
        code = 2
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 0
    except Exception as error:  # noqa: BLE001 (our own errors are shown, all others raised again)
        code = _explain(error)
    sys.exit(code if isinstance(code, int) else 0)


def _explain(error: Exception) -> int:
    """A user's mistake is shown without a traceback; anything else is ours."""
    from curate.core.errors import CurateError  # noqa: PLC0415 (only for errors)

    if not isinstance(error, CurateError):
        raise error
    where, hint = (f"{error.where}: " if error.where else ""), (f"\n  {error.hint}" if error.hint else "")
    click.echo(click.style("error: ", fg="red", bold=True) + where + error.what + hint, err=True)
    return error.exit_code
