"""Which rows are trained on and which are measured on: never the same, and never those of a split for testing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from curate.core.errors import UsageError
from curate_train.examples import Dataset, read_dataset

if TYPE_CHECKING:
    from collections.abc import Sequence

    from curate_train.recipe import Recipe

TRAIN = "train"


def training_parts(
    inputs: Sequence[str], recipe: Recipe, *, held_out: Sequence[str] = (), force: bool = False
) -> tuple[Dataset, Dataset | None]:
    """What is trained on, and what is measured on while training.

    Of a run with splits it is ``train`` and the recipe's ``eval_split``, if the run has one; of other data all rows,
    and the files of ``held_out``.

    Raises:
        UsageError: a row stands in both; or the gate does not let the data through.
    """
    data = read_dataset(inputs, force=force)
    aside = read_dataset(held_out, force=force) if held_out else None
    if TRAIN in data.splits:
        data = read_dataset(inputs, split=TRAIN, force=force)
        if aside is None and recipe.eval_split in data.splits and recipe.eval_split != TRAIN:
            aside = read_dataset(inputs, split=recipe.eval_split, force=force)
    if aside is not None:
        refuse_overlap(data, aside)
    return data, aside


def held_out_part(inputs: Sequence[str], split: str) -> Dataset:
    """Rows to measure on: the split of a run's folder, or all rows of files.

    Their verdict is recorded, not asked for: held-out data need not be a run's output.

    Raises:
        UsageError: there are splits, but none of this name.
    """
    data = read_dataset(inputs, force=True)
    return read_dataset(inputs, split=split, force=True) if data.splits else data


def refuse_overlap(data: Dataset, aside: Dataset) -> None:
    """Stop where a held-out row, or one of its group of near rows, is trained on.

    Raises:
        UsageError: with the first of them.
    """
    keys = {one.key.partition(".")[0] for one in data.examples}
    groups = {one.group for one in data.examples if one.group != one.key}
    both = [one for one in aside.examples if one.key.partition(".")[0] in keys or one.group in groups]
    if both:
        raise UsageError(
            f"{len(both):,} held-out rows are trained on, or are near to rows that are",
            where=both[0].where,
            hint="split the data first: curate run … --split 90/5/5",
        )
