"""``curate train generate``: answers to prompts."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from curate_train.examples import Example


@click.command(short_help="Answer prompts from a file or stdin.")
@click.argument("model", metavar="MODEL")
@click.argument("prompts", default="-", metavar="[FILE]")
@click.option("--prompt", "-p", "asked", multiple=True, metavar="TEXT", help="A prompt, instead of a file.")
@click.option("--system", default="", metavar="TEXT", help="What the system says.")
@click.option("--greedy", is_flag=True, help="Always the likeliest token.")
@click.option("--temperature", type=click.FloatRange(0), default=0.7, show_default=True)
@click.option("--top-k", type=click.IntRange(0), default=50, show_default=True, help="0 for all tokens.")
@click.option("--top-p", type=click.FloatRange(0, 1, min_open=True), default=0.95, show_default=True)
@click.option("--max-new-tokens", type=click.IntRange(1), default=512, show_default=True)
@click.option("--seed", type=int, default=0, show_default=True, help="Of what is drawn.")
@click.option("--precision", type=click.Choice(["bf16", "fp16", "fp32", "nf4"]), help="Of the weights.")
@click.option("--base-model", default="", metavar="MODEL", help="The adapter's base, if it moved.")
@click.option("--json", "as_json", is_flag=True, help="A JSON object a line, with prompt and answer.")
def command(model: str, prompts: str, asked: tuple[str, ...], *, as_json: bool, **flags: Any) -> int:  # noqa: ANN401
    """Let MODEL (an adapter, a folder of weights, or an id on the hub) answer the prompts in FILE, or on stdin.

    A prompt a line: plain text, or JSON with messages, prompt, or instruction and input. The chat template is the one
    of the training.
    """
    from curate_train.adapters import open_model  # noqa: PLC0415 (loaded when called)
    from curate_train.evaluate_answers import Decoding  # noqa: PLC0415 (loads torch)
    from curate_train.generate import generate  # noqa: PLC0415 (the same)

    wanted = _prompts(prompts, asked, flags["system"])
    opened = open_model(model, precision=flags["precision"] or "", base=flags["base_model"])
    decoding = Decoding(
        flags["max_new_tokens"],
        temperature=0.0 if flags["greedy"] else flags["temperature"],
        top_k=flags["top_k"],
        top_p=flags["top_p"],
        seed=flags["seed"],
    )
    for number, one in enumerate(generate(opened, wanted, decoding)):
        if as_json:
            click.echo(json.dumps(one._asdict(), ensure_ascii=False))
        else:
            click.echo(("\n" if number else "") + one.answer)
        if not one.is_stopped:
            click.echo(f"({wanted[number].where}: cut off after {one.tokens} tokens)", err=True)
    return 0


def _prompts(file: str, asked: tuple[str, ...], system: str) -> list[Example]:
    from curate.core.errors import UnreadableError  # noqa: PLC0415 (loaded when called)
    from curate_train.generate import read_prompts  # noqa: PLC0415 (the same)

    if asked:
        return read_prompts([json.dumps({"prompt": text}) for text in asked], "--prompt", system)
    if file == "-":
        return read_prompts(sys.stdin, "stdin", system)
    try:
        text = Path(file).read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise UnreadableError(f"cannot be read: {error}", where=file) from error
    return read_prompts(text.splitlines(), file, system)
