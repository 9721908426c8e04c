"""The steps: the Trainer's arguments from a recipe, the self-check, training, and what is told of it.

Imports torch and transformers, so it is imported by the functions that train.
"""

from __future__ import annotations

import json
import os
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import torch
from transformers import EarlyStoppingCallback, PrinterCallback, TrainingArguments

from curate_train.collate import Collator
from curate_train.files import write_json
from curate_train.loop import AnswerTrainer, mean_nll
from curate_train.selfcheck import refuse_leaks
from curate_train.watching import Watcher

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from curate_train.collate import Packs
    from curate_train.kinds import Model
    from curate_train.precision import Precision
    from curate_train.progress import Progress
    from curate_train.recipe import Recipe

BEFORE = "before.json"
"""In the folder of checkpoints: what was measured before the first step."""

CURVE = 200
"""At most so many losses are kept in the record and in the Trainer's state."""


@dataclass(frozen=True)
class Course:
    """How a run is made.

    Attributes:
        recipe: all that decides its steps.
        how: precision.
        pad_id: for the end of sequences.
        folder: of checkpoints.
        checkpoint: to go on from.
        progress: told of each step.
    """

    recipe: Recipe
    how: Precision
    pad_id: int
    folder: Path
    checkpoint: Path | None = None
    progress: Progress | None = None


def run(model: Model, packs: Packs, held_out: Packs | None, course: Course) -> dict[str, Any]:
    """Train, and tell what came of it.

    Args:
        model: with an adapter, which is changed.
        packs: what is trained on.
        held_out: what is measured on, if anything.
        course: how.
    """
    recipe, how, folder = course.recipe, course.how, course.folder
    collate = Collator(course.pad_id, flat=recipe.attention.startswith("flash"))
    before = _before(model, held_out, recipe, collate, folder)
    watcher = Watcher(recipe, packs.packed.tokens, course.progress)
    trainer = AnswerTrainer(
        model=model,
        args=arguments(recipe, how, len(packs), folder, has_held_out=held_out is not None),
        train_dataset=packs,
        eval_dataset=held_out,
        data_collator=collate,
        callbacks=[
            watcher,
            *([EarlyStoppingCallback(recipe.patience)] if recipe.patience and held_out else []),
        ],
    )
    trainer.remove_callback(PrinterCallback)
    with _curves(folder.parent, wanted=recipe.tensorboard):
        trainer.train(resume_from_checkpoint=str(course.checkpoint) if course.checkpoint else None)
    state = trainer.state
    return {
        "isolation": before["isolation"],
        "steps": state.global_step,
        "epochs": round(state.epoch or 0.0, 4),
        "loss": [[one["step"], round(one["loss"], 5)] for one in state.log_history if "loss" in one],
        "held_out_nll": [
            *([[0, before["held_out_nll"]]] if held_out else []),
            *([one["step"], round(one["eval_loss"], 5)] for one in state.log_history if "eval_loss" in one),
        ],
        "best_step": state.best_global_step if recipe.patience else None,
        "speed": {"seconds": round(watcher.seconds, 2), "tokens_per_second": round(watcher.rate, 1)},
        "peak_gpu_bytes": torch.cuda.max_memory_allocated() if how.device == "cuda" else None,
        "weights": {
            "trained": sum(one.numel() for one in model.parameters() if one.requires_grad),
            "all": sum(one.numel() for one in model.parameters()),
        },
    }


def _before(
    model: Model, held_out: Packs | None, recipe: Recipe, collate: Collator, folder: Path
) -> dict[str, Any]:
    """Whether packing isolates documents, and how well the base does; once a run, resumed or not."""
    file = folder / BEFORE
    if file.is_file():
        found: dict[str, Any] = json.loads(file.read_text("utf-8"))
        return found
    isolation = refuse_leaks(model, flat=collate.flat) if recipe.packing else None
    found = {
        "isolation": vars(isolation) if isolation else None,
        "held_out_nll": round(mean_nll(model, batches(held_out, collate, recipe.batch_size)), 5)
        if held_out
        else None,
    }
    write_json(file, found)
    return found


def batches(packs: Packs, collate: Collator, size: int) -> Iterator[dict[str, torch.Tensor]]:
    """All sequences, in order."""
    for first in range(0, len(packs), size):
        yield collate([packs[one] for one in range(first, min(first + size, len(packs)))])


def arguments(
    recipe: Recipe, how: Precision, sequences: int, folder: Path, *, has_held_out: bool
) -> TrainingArguments:
    """The recipe in the Trainer's words."""
    every = recipe.batch_size * recipe.accumulate
    steps = recipe.max_steps or max(1, round(recipe.epochs * -(-sequences // every)))
    is_stopping = bool(recipe.patience) and has_held_out
    saving = recipe.eval_every if is_stopping else recipe.save_every
    return TrainingArguments(
        output_dir=str(folder),
        per_device_train_batch_size=recipe.batch_size,
        per_device_eval_batch_size=recipe.batch_size,
        gradient_accumulation_steps=recipe.accumulate,
        num_train_epochs=recipe.epochs,
        max_steps=recipe.max_steps or -1,
        learning_rate=recipe.lr,
        lr_scheduler_type=recipe.schedule if recipe.schedule != "constant" else "constant_with_warmup",
        warmup_steps=recipe.warmup,
        max_grad_norm=recipe.max_grad_norm,
        weight_decay=recipe.weight_decay,
        optim="adamw_torch" if recipe.optimizer == "adamw" else recipe.optimizer,
        bf16=how.compute == "bf16",
        fp16=how.compute == "fp16",
        use_cpu=how.device == "cpu",
        gradient_checkpointing=recipe.checkpointing,
        gradient_checkpointing_kwargs={"use_reentrant": False} if recipe.checkpointing else None,
        seed=recipe.seed,
        eval_strategy=("steps" if recipe.eval_every else "epoch") if has_held_out else "no",
        eval_steps=recipe.eval_every or None,
        save_strategy="steps" if saving else "epoch",
        save_steps=saving or 500,
        save_total_limit=2,
        load_best_model_at_end=is_stopping,
        metric_for_best_model="eval_loss" if is_stopping else None,
        greater_is_better=False if is_stopping else None,
        logging_steps=max(1, steps // CURVE),
        logging_nan_inf_filter=False,
        disable_tqdm=True,
        remove_unused_columns=False,
        dataloader_pin_memory=how.device == "cuda",
        report_to=["tensorboard"] if recipe.tensorboard else [],
    )


@contextmanager
def _curves(folder: Path, *, wanted: bool) -> Iterator[None]:
    """Curves for TensorBoard go beside the adapter, not below the checkpoints, which are removed."""
    name = "TENSORBOARD_LOGGING_DIR"
    before = os.environ.get(name)
    if wanted and before is None:
        os.environ[name] = str(folder / "tensorboard")
    try:
        yield
    finally:
        if wanted and before is None:
            del os.environ[name]
