"""The data and the configuration for teams with another trainer: LLaMA-Factory, Axolotl, TRL, OpenAI's service."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any

from curate.core.errors import UsageError
from curate_train import export_rows, export_stanza
from curate_train.encode import Encoder, Rejected
from curate_train.plan_lengths import fast_tokenizer

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from curate_train.examples import Dataset, Example
    from curate_train.recipe import Recipe

TOOLS = ("llamafactory", "axolotl", "trl", "openai")

RECORD = "curate-export.json"
"""What was exported, from which data and with which verdict."""

LEAST_ROWS = 10
"""Rows that OpenAI's service asks for."""


@dataclass
class Exported:
    """What was written.

    Attributes:
        rows: of the training file.
        aside: of the validation file.
        examples: rows of the data that are in the training file.
        left_out: rows of the data that are not, by reason.
        files: names, in the folder.
        notes: what to know before training.
    """

    rows: int = 0
    aside: int = 0
    examples: int = 0
    left_out: Counter[str] = field(default_factory=Counter)
    files: tuple[str, ...] = ()
    notes: list[str] = field(default_factory=list)


def export(tool: str, recipe: Recipe, data: Dataset, aside: Dataset | None, out: Path) -> Exported:
    """Write a folder that the trainer reads.

    Args:
        tool: one of ``TOOLS``.
        recipe: what the configuration is to say.
        data: what is trained on.
        aside: what is measured on.
        out: the folder; new or empty.

    Raises:
        UsageError: the folder is taken, or no row can be exported.
    """
    if out.exists() and any(out.iterdir()):
        raise UsageError("is not empty", where=str(out), hint="name another folder with -o")
    done = Exported(left_out=Counter(one.reason for one in data.unusable))
    last_only = export_rows.is_last_only(data.examples)
    convert: Callable[[Example], list[dict[str, Any]]] = (
        partial(export_rows.llamafactory, last_only=last_only)
        if tool == "llamafactory"
        else export_rows.ROWS[tool]
    )
    fitting = _fitting(recipe, data.examples, done) if tool != "openai" else list(data.examples)
    rows = _converted(fitting, convert, done)
    done.examples = len(data.examples) + len(data.unusable) - done.left_out.total()
    if not rows:
        raise UsageError("no row can be exported: " + "; ".join(done.left_out), where=str(out))
    beside = _converted(aside.examples, convert, Exported()) if aside is not None else []
    stanza = _stanza(tool, recipe, has_aside=bool(beside), last_only=last_only)
    done.rows, done.aside = len(rows), len(beside)
    if tool in ("axolotl", "trl") and recipe.packing and not export_stanza.isolates(recipe):
        done.notes.append(
            f"packing is off: with {recipe.attention} this trainer lets packed rows see each other; where the GPU has "
            "it, add --set attention=flash_attention_2"
        )
    if tool == "openai" and len(rows) < LEAST_ROWS:
        done.notes.append(f"OpenAI asks for at least {LEAST_ROWS} rows; there are {len(rows)}")
    if tool == "trl" and len(rows) > done.examples:
        done.notes.append(f"{len(rows):,} rows of {done.examples:,}: one for each answer of a conversation")
    texts = {
        export_stanza.TRAIN: _lines(rows),
        **({export_stanza.ASIDE: _lines(beside)} if beside else {}),
        **stanza,
    }
    done.files = (*texts, RECORD)
    out.mkdir(parents=True, exist_ok=True)
    for name, text in {**texts, RECORD: _record(tool, recipe, data, done)}.items():
        (out / name).write_text(text, "utf-8")
    return done


def _fitting(recipe: Recipe, examples: Sequence[Example], done: Exported) -> list[Example]:
    """The rows that fit into ``max_length``: these trainers cut, which takes the end from an answer."""
    tokenizer = fast_tokenizer(recipe.model)
    if tokenizer is None:
        done.notes.append(
            f"the tokenizer of {recipe.model or 'the model'} is not at hand: rows longer than {recipe.max_length:,} "
            "tokens may be among these, and the trainer may cut them; give --model FOLDER to leave them out"
        )
        return list(examples)
    kept = []
    for example, one in zip(examples, Encoder(tokenizer, recipe).encode(examples), strict=True):
        if isinstance(one, Rejected):
            done.left_out[one.reason] += 1
        else:
            kept.append(example)
    return kept


def _converted(
    examples: Sequence[Example], convert: Callable[[Example], list[dict[str, Any]]], done: Exported
) -> list[dict[str, Any]]:
    rows = []
    for example in examples:
        try:
            rows += convert(example)
        except export_rows.CannotError as reason:
            done.left_out[str(reason)] += 1
    return rows


def _stanza(tool: str, recipe: Recipe, *, has_aside: bool, last_only: bool) -> dict[str, str]:
    if tool == "llamafactory":
        return export_stanza.llamafactory(recipe, has_aside=has_aside, last_only=last_only)
    write: Callable[..., dict[str, str]] = getattr(export_stanza, tool)
    return write(recipe, has_aside=has_aside)


def _lines(rows: Sequence[dict[str, Any]]) -> str:
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def _record(tool: str, recipe: Recipe, data: Dataset, done: Exported) -> str:
    told = {
        "for": tool,
        "data_sha256": data.sha256,
        "verdict": data.verdict,
        "forced": data.forced,
        "split": data.split,
        "recipe_sha256": recipe.hash,
        "rows": done.rows,
        "examples": done.examples,
        "validation_rows": done.aside,
        "left_out": dict(done.left_out.most_common()),
    }
    return json.dumps(told, ensure_ascii=False, indent=1) + "\n"
