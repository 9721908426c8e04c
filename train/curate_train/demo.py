"""``make train-demo``: from a dirty sample corpus to a deployable bundle, on a CPU, with commands that a user types.

Each step is a command of ``curate``, printed before it runs. A step whose command, inputs and outputs are as they were
is passed over, so that the demonstration goes on where it was stopped.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import resource
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from curate import __version__
from curate.core.errors import CurateError
from curate_train.base_models import place_of
from curate_train.files import sha256_of, write_json
from curate_train.progress import minutes
from curate_train.recipe import FOLDER as RECIPES

if TYPE_CHECKING:
    from collections.abc import Sequence

MODEL = "HuggingFaceTB/SmolLM2-135M-Instruct"
RECIPE = "smollm2-135m-cpu"
SETTINGS = {
    "accumulate": 2,
    "max_steps": 30,
    "lr": 5e-4,
    "warmup": 0.1,
    "max_grad_norm": 1.0,
    "eval_split": "none",
}
"""Laid over the recipe: few steps, each small, and no evaluation while training: a step of its own does that."""

STAMPS = "steps"
FIGURES = "figures.json"
ASKED = 24
"""Rows of the test split that are asked: each costs seconds on a CPU."""

PROMPTS = 4
"""Of them, those that are put to the adapter and to the merged model, to see that they say the same."""

ADAPTER_SAYS = "answers of the adapter"

LONGEST = "96"
"""Tokens of an answer."""


@dataclass(frozen=True)
class Step:
    """A command of the demonstration.

    Attributes:
        name: of the step.
        why: a line for people.
        words: the command, without ``curate``.
        out: the folder or file that it writes.
        inputs: files outside of the demonstration that it reads.
        goes_on: a word that makes the command go on with an interrupted run.
        keeps: whether the command goes on by itself.
        shows: whether what it prints is kept as its output.
    """

    name: str
    why: str
    words: tuple[str, ...]
    out: Path
    inputs: tuple[Path, ...] = ()
    goes_on: str = ""
    keeps: bool = False
    shows: bool = False


class Taken(NamedTuple):
    """Seconds that a step took, and CPU seconds."""

    wall: float
    cpu: float


class StepFailedError(CurateError):
    """A command of the demonstration failed."""


def steps(data: Sequence[Path], out: Path, asked: int) -> list[Step]:
    """The way from data to a bundle."""
    run, adapter, merged, prompts = out / "run", out / "adapter", out / "merged", out / "prompts.jsonl"
    recipe = RECIPES / f"{RECIPE}.toml"
    settings = tuple(word for name, value in SETTINGS.items() for word in ("--set", f"{name}={value}"))
    gate = ("run", *map(str, data), "-o", str(run), "--split", "80/10/10", "--force", "--quiet")
    check = ("train", "check", str(run), "--recipe", RECIPE, "--split", "train", "--allow", "1000", "--json")
    tune = ("train", "lora", str(run), "--recipe", RECIPE, *settings, "-o", str(adapter))
    ask = ("train", "eval", str(adapter), str(run), "--base", "--split", "test", "--n", str(asked))
    answer = (str(prompts), "--greedy", "--max-new-tokens", LONGEST, "--json")
    bundle = ("train", "bundle", str(merged), "--target", "hf-endpoint", "--prompts", str(prompts))
    made = out / "bundle"
    return [
        Step("gate", "clean the corpus, deal it into splits, and judge it", gate, run, inputs=tuple(data)),
        Step("check", "what the model will see of each row", check, out / "check.json", shows=True),
        Step("lora", "fine-tune", tune, adapter, inputs=(recipe,), goes_on="--resume"),
        Step(
            "eval",
            "ask base and tuned model rows of the test split",
            (*ask, "--max-new-tokens", LONGEST, "-o", str(out / "eval")),
            out / "eval",
            keeps=True,
        ),
        Step(
            "merge",
            "make one model of adapter and base",
            ("train", "merge", str(adapter), "-o", str(merged), "--held-out", str(run)),
            merged,
        ),
        Step(
            ADAPTER_SAYS,
            "ask the adapter some prompts",
            ("train", "generate", str(adapter), *answer),
            out / "adapter.jsonl",
            shows=True,
        ),
        Step(
            "answers of the merged model",
            "ask the merged model the same",
            ("train", "generate", str(merged), *answer),
            out / "merged.jsonl",
            shows=True,
        ),
        Step("bundle", "make a bundle for deployment", (*bundle, "-o", str(made)), made),
        Step(
            "replay",
            "replay the bundle in a clean folder, offline",
            ("train", "bundle", str(made), "--test"),
            out / "replay.txt",
            shows=True,
        ),
    ]


def demonstrate(data: Sequence[Path], out: Path, asked: int = ASKED) -> dict[str, Any]:
    """Run what has not been run, and gather the figures.

    Raises:
        StepFailedError: a command failed; what it said was shown.
    """
    (out / STAMPS).mkdir(parents=True, exist_ok=True)
    place_of(MODEL)
    before = __version__
    seconds: dict[str, Taken] = {}
    for step in steps(data, out, asked):
        if step.name == ADAPTER_SAYS:
            write_prompts(out / "run" / "splits" / "test.jsonl", out / "prompts.jsonl")
        before = key_of(step, before)
        seconds[step.name] = perform(step, before, out / STAMPS / f"{step.name.replace(' ', '-')}.json")
    found = figures(out, seconds)
    write_json(out / FIGURES, found)
    return found


def key_of(step: Step, before: str) -> str:
    """What decides a step's output: its command, its inputs, and all steps before."""
    digest = hashlib.sha256(before.encode())
    digest.update("\0".join(step.words).encode())
    for file in step.inputs:
        digest.update(sha256_of(file).encode())
    return digest.hexdigest()


def perform(step: Step, key: str, stamp: Path) -> Taken:
    """Run a step unless its output stands; the time that it took, then or now."""
    held = json.loads(stamp.read_text("utf-8")) if stamp.is_file() else {}
    if held.get("key") == key and held.get("files") == hashes(step.out):
        say(f"== {step.name}: stands since an earlier run")
        return Taken(*held["taken"])
    say(f"\n== {step.name}: {step.why}\n$ curate {' '.join(step.words)}")
    words = list(step.words)
    going_on = {"key": key, "begun": True}
    if held == going_on and step.out.exists() and (step.goes_on or step.keeps):
        words += [step.goes_on] * bool(step.goes_on)
    elif step.out.is_dir():
        shutil.rmtree(step.out)
    write_json(stamp, going_on)
    began = _clocks()
    done = subprocess.run(  # noqa: S603 (our own command)
        [str(Path(sys.executable).with_name("curate")), *words],
        check=False,
        stdout=subprocess.PIPE if step.shows else None,
        env={**os.environ, "HF_HUB_OFFLINE": "1"},
    )
    if done.returncode:
        raise StepFailedError(
            f"the step '{step.name}' failed", hint="mend what it says, and start the demo again"
        )
    if step.shows:
        step.out.write_bytes(done.stdout)
    took = Taken(*(round(now - then, 1) for now, then in zip(_clocks(), began, strict=True)))
    write_json(stamp, {"key": key, "files": hashes(step.out), "taken": took})
    return took


def _clocks() -> Taken:
    """Time that went by, and CPU time of all processes that ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return Taken(time.monotonic(), used.ru_utime + used.ru_stime)


def say(text: str) -> None:
    """On stdout, between what the commands say."""
    print(text, flush=True)  # noqa: T201 (a command)


def hashes(place: Path) -> dict[str, str]:
    """Of a file, or of all files of a folder."""
    files = [place] if place.is_file() else sorted(file for file in place.rglob("*") if file.is_file())
    return {file.relative_to(place.parent).as_posix(): sha256_of(file) for file in files}


def write_prompts(rows: Path, file: Path) -> None:
    """The first rows of the test split without their answers."""
    from curate_train.examples import read_dataset  # noqa: PLC0415 (loads polars)

    lines = []
    for one in read_dataset(rows, force=True).examples[:PROMPTS]:
        said = [
            {"role": turn.role, "content": turn.content} for turn in one.turns if turn.role != "assistant"
        ]
        lines.append(json.dumps({"messages": said}, ensure_ascii=False))
    file.write_text("\n".join(lines) + "\n", "utf-8")


def figures(out: Path, seconds: dict[str, Taken]) -> dict[str, Any]:
    """What the demonstration shows, from the files that the commands wrote."""
    training = json.loads((out / "adapter" / "training.json").read_text("utf-8"))
    merged = json.loads((out / "merged" / "training.json").read_text("utf-8"))["merged"]
    comparison = json.loads((out / "eval" / "comparison.json").read_text("utf-8"))
    said = [
        [json.loads(line)["answer"] for line in (out / name).read_text("utf-8").splitlines()]
        for name in ("adapter.jsonl", "merged.jsonl")
    ]
    return {
        "rows": training["data"]["rows"],
        "gate": training["data"]["verdict"],
        "steps": training["steps"],
        "tokens_per_second": training["speed"]["tokens_per_second"],
        "fill": training["sequences"]["fill"],
        "isolation": training["isolation"],
        "asked": comparison["rows"],
        "measures": {
            name: {
                part: comparison["measures"][name][part]
                for part in ("first", "second", "difference", "verdict")
            }
            for name in ("nll", "chrf", "rougeL", "bleu")
        },
        "merged": {"adapter_nll": merged["adapter_nll"], "merged_nll": merged["merged_nll"][merged["onto"]]},
        "same_answers": [sum(one == other for one, other in zip(*said, strict=True)), len(said[0])],
        "replay": (out / "replay.txt").read_text("utf-8").strip().splitlines()[-1].partition(": ")[2],
        "seconds": {name: took.wall for name, took in seconds.items()},
        "cpu_seconds": {name: took.cpu for name, took in seconds.items()},
    }


def tell(found: dict[str, Any], out: Path) -> str:
    """The figures in a few lines."""
    lines = [
        f"\n{found['rows']} rows trained on, {found['steps']} steps at {found['tokens_per_second']:.0f} tokens/s"
    ]
    for name, one in found["measures"].items():
        low, high = one["difference"]["low"], one["difference"]["high"]
        lines.append(
            f"{name:>8}: {one['first']['value']:.3f} base, {one['second']['value']:.3f} tuned; "
            f"difference {one['difference']['value']:+.3f} ({low:+.3f} to {high:+.3f}), {one['verdict']}"
        )
    same, all_ = found["same_answers"]
    merged = found["merged"]
    took, busy = (minutes(sum(found[name].values())) for name in ("seconds", "cpu_seconds"))
    lines.append(f"  merged: {merged['merged_nll']:.4f} nats a token; adapter: {merged['adapter_nll']:.4f}")
    lines += [
        f"{same} of {all_} answers of the merged model equal those of the adapter",
        f"bundle: {found['replay']}",
        f"all of it took {took}; CPU time: {busy}",
        f"answers side by side: {out / 'eval' / 'report.html'}",
    ]
    return "\n".join(lines)


def main(arguments: Sequence[str] | None = None) -> int:
    """The command line of the demonstration."""
    parser = argparse.ArgumentParser(prog="python -m curate_train.demo", description=__doc__)
    parser.add_argument("data", nargs="+", type=Path, help="files to train on")
    parser.add_argument("-o", "--out", type=Path, default=Path("out/train-demo"))
    parser.add_argument("--asked", type=int, default=ASKED, help="rows of the test split that are asked")
    flags = parser.parse_args(arguments)
    try:
        say(tell(demonstrate(flags.data, flags.out, flags.asked), flags.out))
    except CurateError as error:
        say(f"error: {error}")
        return error.exit_code
    return 0


if __name__ == "__main__":
    sys.exit(main())
