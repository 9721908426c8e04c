"""``curate train``: finds its commands without importing any."""

from __future__ import annotations

import importlib

import click

COMMANDS = {
    "check": "The training view of every row: what is supervised, what is lost, what the model sees.",
    "plan": "Steps, tokens, memory, time and cost, before a GPU is rented.",
    "doctor": "Whether this machine can run a recipe: driver, precision, libraries, disk, memory.",
    "lora": "Fine-tune LoRA or QLoRA weights on validated data.",
    "sweep": "A small grid over learning rate and rank at equal budget.",
    "eval": "Generate on the held-out split and measure, with intervals.",
    "compare": "Hold two evaluations against each other, row by row.",
    "review": "A blind A/B sheet for experts, and its score.",
    "merge": "Merge an adapter into its base, and measure what that costs.",
    "generate": "Answer prompts from a file or stdin.",
    "bundle": "A folder that can be deployed, and its test.",
    "prove": "Whether the cleaning pays: raw against clean, with controls.",
    "export": "The data and configuration that another trainer reads.",
}
"""The commands; each is the function ``command`` of ``curate_train.cli.NAME_command``."""


class TrainCommands(click.Group):
    """Commands that are imported when they are called."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 (click's signature)
        """All names, in the order of the work."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 (the same)
        """Import one command."""
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = importlib.import_module(f"curate_train.cli.{cmd_name}_command").command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 (the same)
        """The names with what they do, without importing any."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.command(cls=TrainCommands, context_settings={"help_option_names": ["-h", "--help"]})
def command() -> None:
    """Fine-tune on data that passed the gate, and tell honestly whether the model got better.

    Start with: curate train check out/ --recipe smollm2-135m-cpu
    """
