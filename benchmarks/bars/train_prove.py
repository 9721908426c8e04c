"""``train prove`` on a tiny model: a null corpus claims nothing, planted dirt is seen, and the results on SmolLM2."""

from __future__ import annotations

import json
import random
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from curate_train.dirt import plant
from curate_train.examples import read_dataset
from curate_train.recipe import read_recipe, with_changes

from benchmarks.bar import Outcome
from benchmarks.harm import RESULTS
from tests.train import lab

if TYPE_CHECKING:
    from curate_train.arms_run import Bench, Run
    from curate_train.examples import Example
    from curate_train.prove_stats import Contrast

SEEDS, PAIRS, POOL = 3, 10, 20
TOKENS = 15_000
DOSES = (0.1, 0.3, 0.6)
KINDS = ("mixed", "leaked-end")


def run() -> list[Outcome]:
    """The tiny model, trained here; the real one, as it was stored."""
    try:
        lab.needs_training_packages()
    except BaseException as missing:  # noqa: BLE001 (pytest's Skipped is none of Exception)
        return [Outcome("train prove on a tiny model", f"not run: {missing}", "", None)]
    with tempfile.TemporaryDirectory() as scratch:
        bench, rows = _bench(Path(scratch))
        clean = [bench.run(rows, seed) for seed in range(POOL)]
        return [_null(bench, clean), *(_dirt(bench, rows, clean, kind) for kind in KINDS), _stored()]


def _bench(folder: Path) -> tuple[Bench, list[Example]]:
    from curate_train.arms_run import Bench, held_out_of  # noqa: PLC0415 (after the packages are known)
    from curate_train.encode import Encoder  # noqa: PLC0415 (the same)
    from curate_train.encode_tokenizer import load_tokenizer  # noqa: PLC0415 (the same)

    rows = lab.every_row()
    held_out = lab.write_rows(folder / "held.jsonl", rows[3::8])
    clean = lab.write_rows(folder / "clean.jsonl", [row for at, row in enumerate(rows) if at % 8 != 3])
    model = lab.make_model(folder / "model")
    recipe = with_changes(read_recipe("tiny-cpu"), {"model": str(model)})
    encoder = Encoder(load_tokenizer(recipe), recipe)
    aside = held_out_of(read_dataset(held_out, force=True), encoder)
    bench = Bench(recipe, encoder, aside, TOKENS, folder / "prove")
    return bench, list(read_dataset(clean, force=True).examples)


def _over(bench: Bench, first: list[Run], second: list[Run]) -> Contrast:
    from curate_train.prove_stats import contrast  # noqa: PLC0415 (the same)

    one, other = ([run.nll for run in side] for side in (first, second))
    return contrast(one, other, bench.held_out.tokens, bench.held_out.groups)


def _null(bench: Bench, clean: list[Run]) -> Outcome:
    draw = random.Random(0)  # noqa: S311 (an experiment, no secret)
    told = []
    for _ in range(PAIRS):
        seeds = draw.sample(clean, 2 * SEEDS)
        told.append(_over(bench, seeds[:SEEDS], seeds[SEEDS:]))
    gains = sum(one.verdict == "gain" for one in told)
    widest = max(one.detectable for one in told)
    return Outcome(
        f"a null corpus: clean data against itself, {PAIRS} times with {SEEDS} other seeds each, claims a gain",
        f"{gains} of {PAIRS} times; smallest difference that would be seen <= {widest:.3f} nats",
        "<= 1 of 10",
        gains <= 1,
    )


def _dirt(bench: Bench, rows: list[Example], clean: list[Run], kind: str) -> Outcome:
    told = []
    for dose in DOSES:
        spoiled = [bench.run(plant(rows, kind, dose, seed), seed) for seed in range(SEEDS)]
        told.append(_over(bench, clean[:SEEDS], spoiled))
    parts = (
        f"{dose:.0%}: {-one.value:+.3f} ({-one.high:+.3f} to {-one.low:+.3f}) {one.verdict}"
        for dose, one in zip(DOSES, told, strict=True)
    )
    return Outcome(
        f"dirt ({kind}) in a tiny model's data, {SEEDS} seeds: change of held-out NLL, nats a token",
        "; ".join(parts),
        "harm at 60 %",
        told[-1].verdict == "harm",
    )


def _stored() -> Outcome:
    """What was measured on the real model: hours on two cores, so it is stored and not repeated here."""
    line = "dirt in the data of SmolLM2-135M-Instruct (python -m benchmarks.harm … --store)"
    bar = "the difference with its interval, or none where 0.02 nats would be seen"
    if not RESULTS.is_file():
        return Outcome(line, "not run: benchmarks/results/harm.json is missing", bar, None)
    lines = [one for one in json.loads(RESULTS.read_text("utf-8"))["lines"] if one["gain"]]
    told = "; ".join(
        f"{one['kind']} {one['dose']:.0%}: {-one['gain']['value']:+.3f} {one['verdict']}" for one in lines
    )
    return Outcome(line, told, bar, all(one["verdict"] != "undecided" for one in lines))
