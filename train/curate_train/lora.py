"""``train lora``: from a data set that passed its gate to adapter weights that say what they were made from."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from curate.core.errors import UsageError
from curate_train.adapters import TRAINING_FILE, add_lora, load_base
from curate_train.advice import advised
from curate_train.encode import Encoded, Encoder, Rejected
from curate_train.encode_tokenizer import load_tokenizer
from curate_train.files import write_json
from curate_train.packing import Packed, one_each, pack_lengths
from curate_train.precision import settle
from curate_train.quiet import hush
from curate_train.record import beginning, left_out, weights_sha256

if TYPE_CHECKING:
    from collections.abc import Sequence

    from curate_train.collate import Packs
    from curate_train.examples import Dataset, Example
    from curate_train.kinds import Model
    from curate_train.precision import Precision
    from curate_train.progress import Progress
    from curate_train.recipe import Recipe

CHECKPOINTS = "checkpoints"
"""Folder of an unfinished run below that of the adapter."""

STARTED = "started.json"
"""In it: which run this is."""


@dataclass(frozen=True)
class Tuned:
    """A finished training.

    Attributes:
        folder: of the adapter: weights, tokenizer, ``training.json``, model card.
        record: what ``training.json`` says.
    """

    folder: Path
    record: dict[str, Any]


@dataclass(frozen=True)
class Fed:
    """Rows as the model gets them.

    Attributes:
        packs: the sequences.
        rejected: rows that are left out.
        rows: of each document of the packs, its row.
    """

    packs: Packs
    rejected: tuple[Rejected, ...]
    rows: tuple[Example, ...]


def feed(examples: Sequence[Example], encoder: Encoder, recipe: Recipe) -> Fed:
    """Encode rows, leave out what cannot be trained on, and pack the rest.

    Raises:
        UsageError: nothing is left.
    """
    from curate_train.collate import Packs  # noqa: PLC0415 (numpy)

    encoded = encoder.encode(examples)
    pairs = [(row, one) for row, one in zip(examples, encoded, strict=True) if isinstance(one, Encoded)]
    rejected = tuple(one for one in encoded if isinstance(one, Rejected))
    documents = [one for _, one in pairs]
    if not documents:
        reasons = sorted({one.reason for one in rejected})
        raise UsageError(
            "no row can be trained on: " + ("; ".join(reasons) or "there is none"),
            hint="look at: curate train check",
        )
    return Fed(Packs(documents, pack(documents, recipe)), rejected, tuple(row for row, _ in pairs))


def pack(documents: Sequence[Encoded], recipe: Recipe) -> Packed:
    """The sequences that a recipe makes of encoded rows."""
    lengths = [len(one.ids) for one in documents]
    if recipe.packing:
        return pack_lengths(lengths, recipe.max_length, recipe.seed)
    return one_each(lengths, recipe.max_length)


def tune(  # noqa: PLR0913 (each says something of its own)
    recipe: Recipe,
    data: Dataset,
    out: Path,
    *,
    held_out: Dataset | None = None,
    resume: bool = False,
    progress: Progress | None = None,
) -> Tuned:
    """Train an adapter.

    Args:
        recipe: how; its ``model`` must name a base.
        data: what is trained on, as :func:`curate_train.examples.read_dataset` let it through.
        out: the adapter's folder; new, or of an unfinished run with ``resume``.
        held_out: measured before, while and after training, never trained on.
        resume: go on from the last whole checkpoint, to the very weights that an uninterrupted run gives.
        progress: told of each step.

    Raises:
        CurateError: the folder is taken, the model cannot be loaded, no row can be trained on, packing leaks, memory is
            short, or numbers ran away.
    """
    if not recipe.model:
        raise UsageError("the recipe names no base model", hint='give --model, or model = "…" in the recipe')
    hush()
    how = settle(recipe.precision)
    record = beginning(data, held_out, recipe, how)
    checkpoint = _claim(out, record, resume=resume)
    tokenizer = load_tokenizer(recipe)
    encoder = Encoder(tokenizer, recipe)
    fed = feed(data.examples, encoder, recipe)
    aside = feed(held_out.examples, encoder, recipe) if held_out else None
    with advised(recipe):
        model = prepared(recipe, how)
        from curate_train.running import Course, run  # noqa: PLC0415 (torch and transformers)

        course = Course(recipe, how, encoder.pad_id, out / CHECKPOINTS, checkpoint, progress)
        ran = run(model, fed.packs, aside.packs if aside else None, course)
    record |= {
        "base_sha256": weights_sha256(recipe.model),
        "left_out": left_out(data, fed.rejected),
        "held_out_left_out": left_out(held_out, aside.rejected) if held_out and aside else None,
        "sequences": {
            "count": len(fed.packs),
            "tokens": fed.packs.packed.tokens,
            "answer_tokens": fed.packs.trained,
            "fill": round(fed.packs.packed.fill, 4),
        },
        **ran,
    }
    _save(out, model, encoder, record)
    return Tuned(out, record)


def prepared(recipe: Recipe, how: Precision) -> Model:
    """The base with a fresh adapter."""
    base = load_base(
        recipe.model, how, attention=recipe.attention, trust_remote_code=recipe.trust_remote_code
    )
    return add_lora(base, recipe)


def _claim(out: Path, record: dict[str, Any], *, resume: bool) -> Path | None:
    """Take the folder, and find the checkpoint to go on from.

    Raises:
        UsageError: the folder belongs to something else.
    """
    started = out / CHECKPOINTS / STARTED
    if (out / TRAINING_FILE).is_file():
        raise UsageError("holds a finished adapter", where=str(out), hint="name another folder with -o")
    if not started.is_file():
        if out.exists() and any(out.iterdir()):
            raise UsageError("is not empty", where=str(out), hint="name another folder with -o")
        started.parent.mkdir(parents=True)
        write_json(started, {"identity": record["identity"]})
        return None
    if not resume:
        raise UsageError(
            "holds an unfinished run", where=str(out), hint="go on with --resume, or remove the folder"
        )
    if json.loads(started.read_text("utf-8"))["identity"] != record["identity"]:
        raise UsageError(
            "holds an unfinished run of other data or another recipe",
            where=str(out),
            hint="name another folder with -o, or give the same data and recipe",
        )
    return last_checkpoint(started.parent)


def last_checkpoint(folder: Path) -> Path | None:
    """The last checkpoint that is whole: the Trainer writes its state as the last file, so that it must be readable."""
    found = sorted(
        folder.glob("checkpoint-*"), key=lambda path: int(path.name.rpartition("-")[2]), reverse=True
    )
    return next((path for path in found if _is_whole(path / "trainer_state.json")), None)


def _is_whole(state: Path) -> bool:
    try:
        json.loads(state.read_text("utf-8"))
    except (OSError, ValueError):
        return False
    return True


def _save(out: Path, model: Model, encoder: Encoder, record: dict[str, Any]) -> None:
    """Weights, tokenizer with the template that was trained with, model card, and the record as the last."""
    from curate_train.model_card import adapter_card  # noqa: PLC0415 (only here)

    base = Path(record["base"])
    model.peft_config["default"].base_model_name_or_path = str(base.resolve() if base.is_dir() else base)
    model.save_pretrained(out, safe_serialization=True)
    encoder.tokenizer.chat_template = encoder.template
    encoder.tokenizer.save_pretrained(out)
    (out / "README.md").write_text(adapter_card(record), "utf-8")
    write_json(out / TRAINING_FILE, record)
    shutil.rmtree(out / CHECKPOINTS)
