"""``curate train merge``: one model out of a base and its adapter."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from curate_train.merge import Merged


@click.command(short_help="Merge an adapter into its base.")
@click.argument("adapter", metavar="ADAPTER/")
@click.option("--out", "-o", required=True, metavar="MODEL/", help="The folder to write.")
@click.option(
    "--held-out",
    multiple=True,
    metavar="DATA",
    help="Rows to measure on: a run's folder with splits, or files.",
)
@click.option(
    "--split", default="test", show_default=True, metavar="NAME", help="Which split of a run's folder."
)
@click.option(
    "--onto",
    type=click.Choice(["dequantised", "reloaded"]),
    help="Of an adapter that was trained in 4 bits: the weights that it saw, or the base's own. "
    "By default the better one on --held-out; without, the weights that it saw.",
)
@click.option(
    "--dtype", type=click.Choice(["bf16", "fp16", "fp32"]), help="Of the weights; by default as trained."
)
@click.option("--base-model", default="", metavar="MODEL", help="The adapter's base, if it moved.")
def command(  # noqa: PLR0913 (one for each option)
    adapter: str,
    out: str,
    held_out: tuple[str, ...],
    split: str,
    onto: str | None,
    dtype: str | None,
    base_model: str,
) -> int:
    """Write MODEL/ with the weights of base and ADAPTER/ in one, as safetensors, with tokenizer and model card."""
    from curate_train.merge import merge  # noqa: PLC0415 (loaded when called)
    from curate_train.splits import held_out_part  # noqa: PLC0415 (the same)

    rows = held_out_part(held_out, split) if held_out else None
    done = merge(Path(adapter), Path(out), onto=onto or "", base=base_model, held_out=rows, dtype=dtype or "")
    click.echo(_summary(done))
    return 0


def _summary(done: Merged) -> str:
    """Where it is, and the held-out answers of adapter and merged models."""
    lines = [f"{done.folder}: merged onto the {done.onto} base, in {done.dtype}"]
    if done.adapter_nll is not None:
        lines.append(f"held-out answers, in nats a token: {done.adapter_nll:.4f} with the adapter")
        lines += [f"  {nll:.4f} merged onto the {way} base" for way, nll in done.merged_nll.items()]
    return "\n".join(lines)
