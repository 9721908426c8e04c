"""Train arms and measure each on the held-out rows; what was done before is not done again."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from curate_train.adapters import open_model
from curate_train.arms import dataset_of, within_budget
from curate_train.base_models import place_of
from curate_train.encode import Encoded, Encoder
from curate_train.evaluate import model_sha256
from curate_train.files import write_json
from curate_train.lora import tune
from curate_train.recipe import with_changes

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from curate_train.examples import Dataset, Example
    from curate_train.recipe import Recipe

    Told = Callable[[str], None]

RUNS, RESULT = "runs", "result.json"


class Run(NamedTuple):
    """One training of one arm.

    Attributes:
        seed: of the training.
        nll: of each held-out row, summed over its answer tokens, in nats.
        rows: rows that were trained on, with repetitions.
        left_out: rows of the arm that cannot be trained on.
        name: of the run's folder below ``RUNS``, a hash of all that decides the result.
    """

    seed: int
    nll: NDArray[np.float64]
    rows: int
    left_out: int
    name: str


@dataclass(frozen=True)
class HeldOut:
    """Rows to measure on.

    Attributes:
        sha256: of the data.
        encoded: rows as the model gets them.
        tokens: answer tokens of each.
        groups: number of each row's group.
        left_out: rows that do not fit.
    """

    sha256: str
    encoded: tuple[Encoded, ...]
    tokens: NDArray[np.float64]
    groups: NDArray[np.int64]
    left_out: int


@dataclass(frozen=True)
class Bench:
    """What all arms share.

    Attributes:
        recipe: with its base model.
        encoder: of the base's tokenizer.
        held_out: what is measured on.
        tokens: the budget of each training.
        folder: of the results.
    """

    recipe: Recipe
    encoder: Encoder
    held_out: HeldOut
    tokens: int
    folder: Path

    def run(self, rows: Sequence[Example], seed: int, told: Told | None = None) -> Run:
        """Train on these rows within the budget, and measure; from the folder if it was done before."""
        sizes = self.sizes(rows)
        data = dataset_of(within_budget(rows, sizes, self.tokens, seed), "unjudged")
        recipe = with_changes(self.recipe, {"seed": seed, "epochs": 1.0, "max_steps": 0, "eval_every": 0})
        place = self.folder / RUNS / self._name(recipe, data)
        if not (place / RESULT).is_file():
            if told is not None:
                told(f"training {len(data.examples):,} rows, seed {seed}: {place.name}")
            self._measure(recipe, data, place)
        nll = json.loads((place / RESULT).read_text("utf-8"))["nll"]
        return Run(seed, np.array(nll), len(data.examples), sizes.count(0), place.name)

    def sizes(self, rows: Sequence[Example]) -> list[int]:
        """Tokens of each row; 0 for one that cannot be trained on."""
        return [len(one.ids) if isinstance(one, Encoded) else 0 for one in self.encoder.encode(rows)]

    def _measure(self, recipe: Recipe, data: Dataset, place: Path) -> None:
        from curate_train.evaluate_answers import likelihoods  # noqa: PLC0415 (loads torch)

        adapter = place / "adapter"
        if not (adapter / "training.json").is_file():
            tune(recipe, data, adapter, resume=True)
        opened = open_model(adapter, precision=recipe.precision)
        found = likelihoods(opened.model, self.held_out.encoded, self.encoder.pad_id)
        write_json(place / RESULT, {"seed": recipe.seed, "nll": [round(one.nll, 6) for one in found]})

    def _name(self, recipe: Recipe, data: Dataset) -> str:
        """A hash of all that decides the result."""
        said = [
            recipe.hash,
            model_sha256(place_of(recipe.model)),
            data.sha256,
            self.held_out.sha256,
            self.encoder.template,
        ]
        return hashlib.sha256(json.dumps(said).encode()).hexdigest()[:16]


def held_out_of(dataset: Dataset, encoder: Encoder) -> HeldOut:
    """Encode what is measured on; rows that do not fit are left out and counted."""
    pairs = [
        (example, one)
        for example, one in zip(dataset.examples, encoder.encode(dataset.examples), strict=True)
        if isinstance(one, Encoded)
    ]
    numbers: dict[str, int] = {}
    groups = [numbers.setdefault(example.group or example.key, len(numbers)) for example, _ in pairs]
    # The first token of a row is never predicted.
    tokens = [sum(one.trained[1:]) for _, one in pairs]
    return HeldOut(
        dataset.sha256,
        tuple(one for _, one in pairs),
        np.array(tokens, dtype=np.float64),
        np.array(groups, dtype=np.int64),
        len(dataset.examples) - len(pairs),
    )
