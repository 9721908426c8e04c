"""What each kind of fault does to a trained model: planted in clean data at doses of 1, 5 and 20 % of the rows.

``python -m benchmarks.harm CLEAN HELD_OUT -o out/harm`` trains SmolLM2-135M-Instruct, or the model of ``--model``, on
the clean rows and on each kind and dose, with the same recipe, seeds and number of tokens, and tells how much the
held-out answer NLL changes, and how often answers end by themselves and refuse. A run that was stopped goes on with
the next training; results that are there are not made again. ``--kinds mixed,leaked-end --doses 10,30,60`` is the
proof that dirt of that kind costs something. ``--store`` keeps the results as ``benchmarks/results/harm.json``.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from curate_train.adapters import open_model
from curate_train.arms_run import RUNS, Bench, held_out_of
from curate_train.base_models import smollm2
from curate_train.dirt import KINDS, MIXED, plant
from curate_train.encode import Encoder
from curate_train.encode_tokenizer import load_tokenizer
from curate_train.evaluate import Asking, evaluate
from curate_train.examples import read_dataset
from curate_train.files import write_json
from curate_train.prove_overlap import refuse_overlap
from curate_train.prove_stats import contrast
from curate_train.recipe import read_recipe, with_changes
from rich.console import Console
from rich.table import Table

from curate.core.errors import CurateError, UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from curate_train.arms_run import Run
    from curate_train.examples import Dataset, Example
    from curate_train.prove_stats import Contrast

RESULTS = Path(__file__).parent / "results" / "harm.json"
DOSES = (0.01, 0.05, 0.2)
RATES = ("stop_rate", "refusal_rate")


@dataclass(frozen=True)
class Harmed:
    """One kind at one dose.

    Attributes:
        kind: of fault; ``clean`` for none.
        check: of curate that looks for it.
        dose: share of the rows.
        nll: held-out, of an answer token, for each seed.
        gain: over the clean data, so that harm is negative; None for the clean data.
        rates: how often answers end by themselves and refuse, mean over seeds; empty if nothing was generated.
        left_out: rows that the encoder refuses.
    """

    kind: str
    check: str
    dose: float
    nll: tuple[float, ...]
    gain: Contrast | None
    rates: dict[str, float]
    left_out: int


@dataclass(frozen=True)
class Laboratory:
    """What all trainings share.

    Attributes:
        bench: trains and measures.
        clean: rows to spoil.
        held_out: rows to measure on.
        seeds: of each training.
        ask: held-out rows to generate for; 0 for none.
    """

    bench: Bench
    clean: tuple[Example, ...]
    held_out: Dataset
    seeds: Sequence[int]
    ask: int

    def measured(self, kind: str, dose: float, base: Sequence[Run] | None) -> tuple[Harmed, list[Run]]:
        """Train on the spoiled rows with each seed, and measure."""
        runs, rates = [], []
        for seed in self.seeds:
            rows = plant(self.clean, kind, dose, seed) if dose else list(self.clean)
            run = self.bench.run(
                rows, seed, lambda text: print(f"{kind} {dose:.0%}: {text}", file=sys.stderr)
            )
            runs.append(run)
            if self.ask:
                rates.append(self._rates(run))
        tokens, groups = self.bench.held_out.tokens, self.bench.held_out.groups
        gain = (
            contrast([one.nll for one in base], [one.nll for one in runs], tokens, groups) if base else None
        )
        made = Harmed(
            kind,
            KINDS[kind].check if kind in KINDS else "",
            dose,
            tuple(float(one.nll.sum() / tokens.sum()) for one in runs),
            gain,
            {name: sum(one[name] for one in rates) / len(rates) for name in RATES} if rates else {},
            runs[0].left_out,
        )
        return made, runs

    def _rates(self, run: Run) -> dict[str, float]:
        """Generate for some held-out rows; the evaluation lies beside the adapter and is resumable itself."""
        from curate_train.evaluate_answers import Decoding  # noqa: PLC0415 (loads torch)

        folder = self.bench.folder / RUNS / run.name
        opened = open_model(folder / "adapter", precision=self.bench.recipe.precision)
        asking = Asking(self.bench.recipe, Decoding(0), most=self.ask)
        done = evaluate(opened, self.held_out, folder / "eval", asking)
        values = done.tables.whole.values if done.tables else {}
        return {name: values[name].value or 0.0 for name in RATES if name in values}


def laboratory(options: argparse.Namespace) -> Laboratory:
    """Read the data, refuse overlap, and set the budget: that of the clean data, once for each epoch."""
    clean, held_out = (read_dataset(one, force=True) for one in (options.clean, options.held_out))
    refuse_overlap(held_out, [clean])
    model = options.model or str(smollm2(options.out / "smollm2"))
    recipe = with_changes(read_recipe(options.recipe), {"model": model})
    encoder = Encoder(load_tokenizer(recipe), recipe)
    bench = Bench(recipe, encoder, held_out_of(held_out, encoder), options.tokens, options.out)
    budget = options.tokens or round(sum(bench.sizes(clean.examples)) * recipe.epochs)
    return Laboratory(
        replace(bench, tokens=budget), clean.examples, held_out, range(options.seeds), options.ask
    )


def run(options: argparse.Namespace) -> list[Harmed]:
    """All kinds at all doses; the file of results is written after each, so that nothing is lost."""
    room = laboratory(options)
    clean, base = room.measured("clean", 0.0, None)
    made = [clean]
    for kind in options.kinds:
        for dose in options.doses:
            made.append(room.measured(kind, dose, base)[0])
            write_json(options.out / "harm.json", as_json(made, room))
    return made


def as_json(made: Sequence[Harmed], room: Laboratory) -> dict[str, Any]:
    """Results as plain values, with what they were made of."""
    return {
        "schema": "curate.harm/1",
        "model": Path(room.bench.recipe.model).name,
        "recipe_sha256": room.bench.recipe.hash,
        "tokens": room.bench.tokens,
        "clean_rows": len(room.clean),
        "held_out_rows": len(room.bench.held_out.encoded),
        "seeds": list(room.seeds),
        "lines": [
            {**asdict(one), "verdict": one.gain.verdict if one.gain else "", "what": _what(one)}
            for one in made
        ],
    }


def _what(one: Harmed) -> str:
    return KINDS[one.kind].what if one.kind in KINDS else ""


def show(made: Sequence[Harmed]) -> None:
    """The table."""
    table = Table(
        "fault", "dose", "held-out NLL", "change", "interval", "would be seen", *RATES, "", box=None
    )
    for one in made:
        row = [one.kind, f"{one.dose:.0%}", f"{sum(one.nll) / len(one.nll):.4f}"]
        gain = one.gain
        row += (
            [f"{-gain.value:+.4f}", f"{-gain.high:+.4f} to {-gain.low:+.4f}", f"{gain.detectable:.4f}"]
            if gain
            else ["", "", ""]
        )
        row += [f"{one.rates[name]:.0%}" if name in one.rates else "–" for name in RATES]
        table.add_row(*row, gain.verdict if gain else "")
    Console(width=140).print(table)


def main(arguments: Sequence[str] | None = None) -> int:
    """Read the command line, train, and tell."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.harm", description=(__doc__ or "").split("\n")[0]
    )
    parser.add_argument("clean", help="clean rows to spoil: files or a run's folder")
    parser.add_argument("held_out", help="rows to measure on, none of them in the clean ones")
    parser.add_argument("-o", "--out", type=Path, default=Path("out/harm"))
    parser.add_argument(
        "--model", default="", help="another base; by default SmolLM2-135M-Instruct from its wheel"
    )
    parser.add_argument("--recipe", default="smollm2-135m-cpu")
    parser.add_argument("--kinds", type=_kinds, default=tuple(KINDS))
    parser.add_argument("--doses", type=_doses, default=DOSES, help="percent of the rows")
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument(
        "--tokens", type=int, default=0, help="of each training; by default an epoch of the clean rows"
    )
    parser.add_argument(
        "--ask", type=int, default=0, help="held-out rows to generate for, to count ends and refusals"
    )
    parser.add_argument(
        "--store", action="store_true", help=f"keep the results in {RESULTS.name} of benchmarks/results"
    )
    options = parser.parse_args(arguments)
    try:
        if options.seeds < 2:
            raise UsageError("harm takes two seeds at least", hint="--seeds 3")
        made = run(options)
    except CurateError as error:
        print(error, file=sys.stderr)
        return error.exit_code
    show(made)
    if options.store:
        RESULTS.write_text((options.out / "harm.json").read_text("utf-8"), "utf-8")
    return 0


def _kinds(said: str) -> tuple[str, ...]:
    kinds = tuple(said.split(","))
    unknown = [kind for kind in kinds if kind not in KINDS and kind != MIXED]
    if unknown:
        raise argparse.ArgumentTypeError(
            f"no such kind: {', '.join(unknown)}; there are: {', '.join([*KINDS, MIXED])}"
        )
    return kinds


def _doses(said: str) -> tuple[float, ...]:
    return tuple(float(one) / 100 for one in said.split(","))


if __name__ == "__main__":
    sys.exit(main())
