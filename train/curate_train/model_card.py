"""The card of an adapter or a merged model: what it was made from, for the hub and for people."""

from __future__ import annotations

from pathlib import Path
from typing import Any


def adapter_card(record: dict[str, Any]) -> str:
    """Markdown with the hub's front matter, from ``training.json`` alone."""
    recipe, data, sequences = record["recipe"], record["data"], record["sequences"]
    base = base_name(record["base"])
    held_out = record["held_out_nll"]
    lines = [
        "---",
        *([f"base_model: {base}"] if "/" in base else []),
        "library_name: peft",
        "pipeline_tag: text-generation",
        "tags: [lora, curate]",
        "---",
        "",
        f"# LoRA adapter for {base}",
        "",
        f"Trained with `curate train lora` {record['versions']['curate']} on {data['rows']:,} rows.",
        "",
        "| | |",
        "|---|---|",
        f"| data | SHA-256 `{data['sha256']}` |",
        f"| gate | {verdict_words(data)} |",
        f"| recipe | SHA-256 `{record['recipe_sha256']}` |",
        f"| LoRA | {lora_words(recipe)} |",
        f"| precision | {record['precision']['asked']}, computed in {record['precision']['compute']} |",
        f"| steps | {record['steps']:,}, {record['epochs']:g} epochs, learning rate {recipe['lr']:g} |",
        f"| tokens | {sequences['tokens']:,} an epoch, {sequences['answer_tokens']:,} of them learned |",
        f"| sequences | {sequences['count']:,}, {sequences['fill']:.1%} full |",
        f"| rows left out | {left_out_words(record['left_out'])} |",
        f"| seed | {recipe['seed']} |",
        f"| git commit | {git_words(record['git'])} |",
        f"| versions | {', '.join(f'{name} {number}' for name, number in record['versions'].items())} |",
        "",
    ]
    if held_out:
        rows, before, after = record["held_out"]["rows"], held_out[0][1], held_out[-1][1]
        said = f"Held-out answers ({rows:,} rows, never trained on), in nats a token"
        lines += [f"{said}: {before:.3f} before training, {after:.3f} after.", ""]
    return "\n".join([*lines, "All of it is in `training.json`.", ""])


def merged_card(record: dict[str, Any]) -> str:
    """The card of a merged model: that of its adapter, with how it was merged."""
    merged = record["merged"]
    told = [f"Merged onto the {merged['onto']} base, in {merged['dtype']}."]
    if merged["adapter_nll"] is not None:
        ways = "; ".join(f"merged onto the {way} base {nll:.3f}" for way, nll in merged["merged_nll"].items())
        told.append(
            f"Held-out answers, in nats a token: with the adapter {merged['adapter_nll']:.3f}; {ways}."
        )
    card = adapter_card(record).replace("library_name: peft", "library_name: transformers")
    card = card.replace("# LoRA adapter for", "# Fine-tuned", 1)
    return card.replace("All of it is in", " ".join(told) + "\n\nAll of it is in", 1)


def base_name(base: str) -> str:
    """A base as it may be published: the hub's id, or the last name of a folder."""
    return Path(base).name if Path(base).is_dir() or Path(base).is_absolute() else base


def verdict_words(data: dict[str, Any]) -> str:
    """The gate's verdict in words."""
    words = {"fit": "passed", "missing": "not checked", "stale": "changed since it was checked"}
    said = words.get(data["verdict"], "failed")
    return f"{said}; used all the same (--force): {data['against']}" if data["forced"] else said


def lora_words(recipe: dict[str, Any]) -> str:
    """The adapter's shape."""
    layers = ", ".join(recipe["lora_targets"])
    rank, alpha, dropout = recipe["lora_r"], recipe["lora_alpha"], recipe["lora_dropout"]
    return f"r = {rank}, alpha = {alpha:g}, dropout = {dropout:g}, on {layers}"


def left_out_words(reasons: dict[str, int]) -> str:
    """How many rows were left out, and why."""
    return "; ".join(f"{count:,} {reason}" for reason, count in reasons.items()) or "none"


def git_words(state: dict[str, Any] | None) -> str:
    """The commit, and whether it is the whole truth."""
    if state is None:
        return "none"
    return f"`{state['commit']}`" + (", with changes that are not committed" if state["changed"] else "")
