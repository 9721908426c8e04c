"""``curate train bundle``: a folder that can be deployed, and its test."""

from __future__ import annotations

from pathlib import Path

import click

MIB = 1 << 20


@click.command(short_help="A folder that can be deployed, and its test.")
@click.argument("model", metavar="MODEL/")
@click.option(
    "--target",
    type=click.Choice(["hf-endpoint", "sagemaker", "vllm"]),
    help="Hugging Face Inference Endpoints, Amazon SageMaker, or vLLM.",
)
@click.option("--out", "-o", metavar="BUNDLE/", help="The folder to write.")
@click.option("--prompts", metavar="FILE", help="Smoke prompts, one a line; three general ones if not given.")
@click.option(
    "--base-model", default="", metavar="MODEL", help="Where an adapter's base lies: an id, or a folder."
)
@click.option(
    "--test", is_flag=True, help="MODEL/ is a bundle: replay its smoke prompts, offline, in a clean folder."
)
def command(  # noqa: PLR0913 (one for each option)
    model: str, target: str | None, out: str | None, prompts: str | None, base_model: str, *, test: bool
) -> int:
    """Write BUNDLE/ from MODEL/ (merged weights, or an adapter), or --test a bundle.

    It gets weights, tokenizer and chat template, what the platform calls, pinned requirements, the model card, smoke
    prompts with the answers to expect, and a manifest with hashes. --test exits 1 if an answer differs.
    """
    if test:
        return _test(Path(model))
    from curate.core.errors import UsageError  # noqa: PLC0415 (loaded when called)
    from curate_train.bundle.making import make_bundle  # noqa: PLC0415 (the same)
    from curate_train.generate import read_prompts  # noqa: PLC0415 (the same)

    if target is None or out is None:
        raise UsageError(
            "a bundle needs --target and -o", hint=f"curate train bundle {model} --target vllm -o bundle"
        )
    wanted = read_prompts(Path(prompts).read_text("utf-8").splitlines(), prompts) if prompts else ()
    done = make_bundle(Path(model), target, Path(out), prompts=wanted, base=base_model)
    click.echo(f"{done.folder}: {done.size / MIB:,.0f} MiB for {done.target}; test it: ", nl=False)
    click.echo(f"curate train bundle {done.folder} --test")
    return 0


def _test(bundle: Path) -> int:
    from curate_train.bundle.proving import prove  # noqa: PLC0415 (loaded when called)

    done = prove(bundle)
    for at in done.wrong:
        click.echo(f"prompt {at + 1}: expected {done.expected[at]!r}\n{' ' * 10}found    {done.found[at]!r}")
    right = len(done.expected) - len(done.wrong)
    click.echo(f"{bundle}: {right} of {len(done.expected)} answers as expected, offline, in a clean folder")
    return int(bool(done.wrong))
