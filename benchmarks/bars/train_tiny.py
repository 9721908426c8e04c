"""A tiny model, end to end on a CPU: made on the spot, tuned on a small task, asked rows that it has not seen."""

from __future__ import annotations

import json
import random
import sys
import tempfile
from pathlib import Path
from typing import Any

from benchmarks.bar import ROOT, Outcome, measure

SEEDS = 3
BEFORE, AFTER, SECONDS = 1.0, 60.0, 60.0
TRAINED = 400
"""Rows of the task's 512; the others are asked."""

CHANGES = {"epochs": 10, "lr": 1e-2}
"""Of the preset ``tiny-cpu``."""


def run() -> list[Outcome]:
    """Three seeds, each in a process of its own: of the task's rows, of the model's weights and of the training."""
    found = [_measured(seed) for seed in range(SEEDS)]
    told = {name: [one[name] for one in found] for name in ("before", "after", "cpu")}
    shown = {name: " ".join(f"{value:.1f}" for value in values) for name, values in told.items()}
    return [
        Outcome(
            f"BLEU of the base, {SEEDS} seeds", shown["before"], f"< {BEFORE:g}", max(told["before"]) < BEFORE
        ),
        Outcome(
            f"BLEU after training, {SEEDS} seeds", shown["after"], f"≥ {AFTER:g}", min(told["after"]) >= AFTER
        ),
        Outcome(
            "CPU seconds of a run, all imports included",
            shown["cpu"],
            f"< {SECONDS:g}",
            max(told["cpu"]) < SECONDS,
        ),
    ]


def _measured(seed: int) -> dict[str, float]:
    done = measure([sys.executable, "-m", "benchmarks.bars.train_tiny", str(seed)], cwd=ROOT)
    if done.code:
        raise RuntimeError(done.stderr)
    return {**json.loads(done.stdout.splitlines()[-1]), "cpu": done.cpu}


def end_to_end(seed: int, folder: Path) -> dict[str, float]:
    """Corpus-level BLEU of the base and of the tuned model on held-out rows."""
    import torch  # noqa: PLC0415 (in the measured process alone)
    from curate_train.examples import read_dataset  # noqa: PLC0415 (the same)
    from curate_train.lora import tune  # noqa: PLC0415 (the same)
    from curate_train.recipe import read_recipe, with_changes  # noqa: PLC0415 (the same)

    from tests.train import lab  # noqa: PLC0415 (the same)

    torch.set_num_threads(1)
    rows = lab.every_row()
    random.Random(seed).shuffle(rows)  # noqa: S311 (no secret)
    data = read_dataset(lab.write_rows(folder / "train.jsonl", rows[:TRAINED]), force=True)
    model = lab.make_model(folder / "model", seed=seed)
    recipe = with_changes(read_recipe("tiny-cpu"), {"model": str(model), "seed": seed, **CHANGES})
    tuned = tune(recipe, data, folder / "adapter")
    aside = read_dataset(lab.write_rows(folder / "aside.jsonl", rows[TRAINED:]), force=True)
    return {"before": _bleu(model, recipe, aside), "after": _bleu(tuned.folder, recipe, aside)}


def _bleu(model: Path, recipe: Any, aside: Any) -> float:  # noqa: ANN401 (of curate_train, imported late)
    """Sacrebleu's corpus score of greedy answers."""
    import sacrebleu  # noqa: PLC0415 (in the measured process alone)
    from curate_train.adapters import open_model  # noqa: PLC0415 (the same)
    from curate_train.encode import Encoder  # noqa: PLC0415 (the same)
    from curate_train.evaluate_answers import Decoding, answers  # noqa: PLC0415 (the same)

    opened = open_model(model)
    encoder = Encoder(opened.tokenizer, recipe)
    prompts = [encoder.prompt_ids(one) for one in aside.examples]
    said = answers(opened.model, opened.tokenizer, prompts, encoder.stop_ids, Decoding(32))
    return float(
        sacrebleu.corpus_bleu([one.text for one in said], [[one.answer for one in aside.examples]]).score
    )


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as scratch:
        print(json.dumps(end_to_end(int(sys.argv[1]), Path(scratch))))
