"""``train sweep``: a small grid over learning rate and rank, every cell with the same data, steps and seed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from curate.core.errors import UsageError
from curate_train.adapters import TRAINING_FILE, read_training
from curate_train.lora import CHECKPOINTS, tune
from curate_train.recipe import with_changes
from curate_train.record import identity

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from curate_train.examples import Dataset
    from curate_train.recipe import Recipe


@dataclass(frozen=True)
class Cell:
    """A cell of the grid.

    Attributes:
        lr: learning rate.
        rank: of the adapters; alpha stays at the recipe's multiple of it, so that their scale is the same.
        before: held-out answers of the base, in nats a token.
        after: the same after training.
        folder: of the adapter.
    """

    lr: float
    rank: int
    before: float
    after: float
    folder: Path


@dataclass(frozen=True)
class Grid:
    """What is tried."""

    lrs: Sequence[float]
    ranks: Sequence[int]


def sweep(  # noqa: PLR0913 (each says something of its own)
    recipe: Recipe, data: Dataset, held_out: Dataset, grid: Grid, out: Path, told: Callable[[str], None]
) -> list[Cell]:
    """Train every cell, the best one first in the result. Cells that are there already are not trained again.

    Args:
        recipe: all but learning rate, rank and alpha.
        data: what is trained on.
        held_out: what decides. The winner is chosen on it, so its figure flatters: measure it anew on other rows.
        grid: what is tried.
        out: a folder for each cell goes below it.
        told: of each cell that begins.

    Raises:
        UsageError: the grid is empty, or a folder belongs to other data or another recipe.
    """
    if not grid.lrs or not grid.ranks:
        raise UsageError("the grid is empty", hint="for example: --lr 1e-4 --lr 3e-4 --rank 8 --rank 16")
    cells = []
    for rank in grid.ranks:
        for lr in grid.lrs:
            alpha = recipe.lora_alpha * rank / recipe.lora_r
            tried = with_changes(recipe, {"lr": lr, "lora_r": rank, "lora_alpha": alpha})
            folder = out / f"lr-{lr:g}-r-{rank}"
            told(f"learning rate {lr:g}, rank {rank}")
            curve = _curve(tried, data, held_out, folder)
            cells.append(Cell(lr, rank, curve[0][1], curve[-1][1], folder))
    return sorted(cells, key=lambda cell: (cell.after, cell.rank, cell.lr))


def _curve(recipe: Recipe, data: Dataset, held_out: Dataset, folder: Path) -> list[list[float]]:
    """Steps and held-out answers, from an adapter that is there, or from one that is trained now."""
    if (folder / TRAINING_FILE).is_file():
        record = read_training(folder)
        if record["identity"] != identity(data, held_out, recipe):
            raise UsageError(
                "is of other data or another recipe", where=str(folder), hint="name another folder"
            )
    else:
        resume = (folder / CHECKPOINTS).is_dir()
        record = tune(recipe, data, folder, held_out=held_out, resume=resume).record
    curve: list[list[float]] = record["held_out_nll"]
    return curve
