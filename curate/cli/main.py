"""The entry point: finds the command, shows errors, and turns them into exit codes."""

from __future__ import annotations

import errno
import gc
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
        "coverage": "What the data teaches, where it is thin, and what to write next.",
        "leaks": "Say which rows of a file also stand, or are asked, in another one.",
        "diff": "Rows that came, went or were edited between two versions.",
        "explain": "List the checks, or explain one.",
    },
    "Clean": {
        "run": "From the dirty files to the validated set: repair, drop, dedup, fix, check, with a ledger.",
        "fix": "Mend characters, terms and grammar in place, under a meaning lock; the ledger undoes it.",
        "terms": "Terminology: propose a glossary, hold data against one, apply it.",
        "grammar": "Grammar: how often its edits would be right on your data.",
        "dedup": "Remove near duplicates that ask and teach the same; never a variant.",
        "drop": "Set aside the rows that a check flags; the rest is copied byte for byte.",
        "decontaminate": "Take out the rows that hold items of a benchmark.",
        "sample": "Take rows that together cover the most.",
        "split": "Deal rows into training and test files so that no near pair crosses.",
        "convert": "Write data in another layout, and say what cannot be carried over.",
    },
    "Trust": {
        "init": "Write a plan from what is in the data; show what holds.",
        "why": "Say what a step did to a row, and why.",
        "expectations": "Write a schema suite of Great Expectations from data.",
        "probe": "Plant faults in a copy of the data, and say which the gate sees.",
        "baseline": "Store today's findings, so that the gate fails on new ones only.",
        "undo": "Give back the input of steps, byte for byte, or take back some of what they did.",
        "ledger": "Split a ledger into an index to share and a private store; join them again.",
        "replay": "Write what steps wrote again, from their input and ledger alone.",
        "card": "Write a dataset card, and the evidence behind it, from a run's lock file.",
        "verify": "Hold input, ledger, output and report of a run against each other.",
    },
    "Train": {
        "train": "LoRA on the validated data: check, plan, train, evaluate, compare, merge, bundle.",
    },
}
"""The commands; each is the function ``command`` of ``curate.cli.NAME``, or an entry point of ``ENTRY_POINT``."""

ENTRY_POINT = "curate.commands"

CRASH = 3
ENVIRONMENT = {
    *(errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.EROFS),
    *(errno.EACCES, errno.EPERM, errno.ENAMETOOLONG, errno.EMFILE, errno.ENFILE),
}
"""What the system may refuse at any time: a full disk, a missing right. None of it is a mistake of curate."""


class Commands(click.Group):
    """Commands that are imported when they are called."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 (click's signature)
        """All names, in the order of the groups."""
        return [name for group in GROUPS.values() for name in group]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import one command."""
        if cmd_name not in self.list_commands(ctx):
            return None
        if cmd_name in GROUPS["Train"]:
            return _from_entry_point(cmd_name)
        command: click.Command = importlib.import_module(f"curate.cli.{cmd_name}").command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command that is called; for a name that is none, suggest the closest."""
        name, known = args[0], self.list_commands(ctx)
        if name not in known and not name.startswith("-"):
            import difflib  # noqa: PLC0415 (only for errors)

            close = difflib.get_close_matches(name, known, n=1)
            ctx.fail(f"No such command '{name}'." + (f" Did you mean '{close[0]}'?" if close else ""))
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 (the same)
        """The groups, without importing any command."""
        for title, commands in GROUPS.items():
            with formatter.section(title):
                formatter.write_dl(list(commands.items()))


def _from_entry_point(name: str) -> click.Command | None:
    """A command of another package, which this one never imports by name."""
    from importlib.metadata import entry_points  # noqa: PLC0415 (only where it is called)

    found = entry_points(group=ENTRY_POINT, name=name)
    return next((entry.load() for entry in found), None)


@click.command(
    cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110}
)
@click.version_option(__version__, prog_name="curate", message="%(prog)s %(version)s")
def cli() -> None:
    """Quality for fine-tuning data: read it as it is, report what is wrong, clean it, gate it.

    Start with: curate report data.jsonl
    """


COLLECT_FROM = 50_000
"""New objects from which Python looks for cycles: lists of many rows are no reason to look through them all."""


def main(arguments: list[str] | None = None) -> NoReturn:
    """Run the command line, or the given words.

    Exit codes: 0 pass, 1 over budget or rows quarantined, 2 usage, plan or unreadable file, 3 a check crashed
    or nothing was evaluated.
    """
    gc.set_threshold(COLLECT_FROM)
    try:
        code = cli.main(args=arguments, standalone_mode=False)
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
    except KeyboardInterrupt:
        code = 130
    except SystemExit as stop:
        if not isinstance(stop.__context__, BrokenPipeError):
            raise
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 0
    except BaseException as error:  # noqa: BLE001 (whatever happens, the gate is not green)
        code = _explain(error, sys.argv[1:] if arguments is None else arguments)
    sys.exit(code if isinstance(code, int) else 0)


def _explain(error: BaseException, typed: list[str]) -> int:
    """A user's mistake is shown without a traceback; anything else is ours, and counts as a crash.

    What the typed command lacks is said with that command, unless it is the one that the hint names.
    """
    from curate.core.errors import CurateError  # noqa: PLC0415 (only for errors)

    if isinstance(error, CurateError):
        hint = error.hint
        if error.options and typed[:1] != ["report"]:
            from curate.text.visible import shell_word  # noqa: PLC0415 (only for errors)

            hint = f"try: curate {' '.join(map(shell_word, typed))} {error.options}"
        _show(error.where, error.what, hint)
        return error.exit_code
    if isinstance(error, OSError) and error.errno in ENVIRONMENT:
        _show(str(error.filename or ""), error.strerror or str(error), "")
        return 2
    import traceback  # noqa: PLC0415 (only for our bugs)

    from curate.text.private import mask  # noqa: PLC0415 (the same)

    click.echo(mask("".join(traceback.format_exception(error))), err=True, nl=False)
    click.echo(
        f"curate {__version__} crashed, which it should not: please report it with the lines above", err=True
    )
    return CRASH


def _show(where: str, what: str, hint: str) -> None:
    from curate.text.private import mask  # noqa: PLC0415 (only for errors)
    from curate.text.visible import visible, visible_name  # noqa: PLC0415 (the same)

    place = f"{visible_name(where)}: " if where else ""
    told = visible(what + (f"\n  {hint}" if hint else ""))
    click.echo(click.style("error: ", fg="red", bold=True) + mask(place + told), err=True)
