"""``train prove``: does the cleaning pay, by how much, and is it the cleaning?

Every arm is trained with the same base, recipe, seeds and number of tokens, and measured on the same held-out rows,
which no cleaning has touched. What is told is how much lower the held-out NLL of an answer token is, in nats.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from curate.core.errors import UsageError
from curate_train.arms import CLEAN, RANDOM_DROP, RAW, WRONG_ROWS, Arm, arms_of, cleaning_between
from curate_train.arms_run import Bench, held_out_of
from curate_train.encode import Encoder
from curate_train.encode_tokenizer import load_tokenizer
from curate_train.files import write_json
from curate_train.prove_overlap import refuse_overlap
from curate_train.prove_stats import SMALLEST, Contrast, contrast

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from curate_train.arms import Cleaning
    from curate_train.arms_run import Run
    from curate_train.examples import Dataset
    from curate_train.recipe import Recipe

SCHEMA = "curate.proof/1"
"""The version of ``proof.json``; a field is only ever added within one version."""

PROOF, PAGE = "proof.json", "report.html"

FEWEST_SEEDS = 3
OTHER_SEEDS = 1000
"""Added to the seeds of the second arm where both arms are the same data: equal seeds would give equal models."""

CONTROLS = (RANDOM_DROP, WRONG_ROWS)


@dataclass(frozen=True)
class Question:
    """What is to be proved, and how.

    Attributes:
        raw: before cleaning.
        clean: after it.
        held_out: in neither of them, and cleaned by nobody.
        recipe: with the base model.
        seeds: of each arm.
        doses: shares of the cleaning that are undone in further arms.
        tokens: the budget of a training; 0 for the recipe's epochs over the smaller of raw and clean.
    """

    raw: Dataset
    clean: Dataset
    held_out: Dataset
    recipe: Recipe
    seeds: Sequence[int]
    doses: Sequence[float] = ()
    tokens: int = 0


@dataclass(frozen=True)
class Result:
    """One arm.

    Attributes:
        name: of the arm.
        dose: share of the cleaning that is undone; None for controls.
        rows: of the arm's data that can be trained on, at the first seed.
        left_out: those that cannot.
        nll: of an answer token, for each seed, in nats.
        gain: over the raw data; None for the raw data itself.
    """

    name: str
    dose: float | None
    rows: int
    left_out: int
    nll: tuple[float, ...]
    gain: Contrast | None


@dataclass(frozen=True)
class Proof:
    """What came out.

    Attributes:
        model: the base.
        recipe_sha256: of the recipe.
        data: hashes of raw, clean and held-out data.
        tokens: of each training.
        seeds: of each arm.
        dropped: rows that cleaning took out.
        edited: rows that it changed.
        held_out: rows that were measured, their groups, and those that did not fit.
        is_null: whether raw and clean are the same, so that nothing may be found.
        arms: what was trained.
        over_controls: how much better clean is than each control.
    """

    model: str
    recipe_sha256: str
    data: Mapping[str, str]
    tokens: int
    seeds: tuple[int, ...]
    dropped: int
    edited: int
    held_out: Mapping[str, int]
    is_null: bool
    arms: tuple[Result, ...]
    over_controls: Mapping[str, Contrast]

    @property
    def gain(self) -> Contrast:
        """Of clean over raw."""
        return next(one.gain for one in self.arms if one.name == CLEAN and one.gain is not None)

    @property
    def verdict(self) -> str:
        """``gain``, ``harm``, ``none`` or ``undecided``."""
        return self.gain.verdict

    @property
    def headline(self) -> str:
        """The verdict in words."""
        gain = self.gain
        told = f"{gain.value:+.4f} nats a token ({gain.low:+.4f} to {gain.high:+.4f})"
        return {
            "gain": f"Cleaning pays: {told}.",
            "harm": f"Cleaning harms: {told}.",
            "none": f"Cleaning changes nothing that matters: {told}; {gain.detectable:.4f} would have been seen.",
            "undecided": f"Undecided: {told}; only a difference of {gain.detectable:.4f} would have been seen, "
            f"and {SMALLEST:g} may matter. More seeds or more held-out rows are needed.",
        }[self.verdict]


def prove(question: Question, folder: Path, told: Callable[[str], None] | None = None) -> Proof:
    """Train all arms with all seeds, and judge. Trainings that the folder holds already are not repeated.

    Raises:
        UsageError: there are too few seeds, the held-out rows are in the training data, or nothing fits.
        CurateError: a training failed.
    """
    _refuse_nonsense(question)
    refuse_overlap(question.held_out, (question.raw, question.clean))
    cleaning = cleaning_between(question.raw.examples, question.clean.examples)
    is_null = question.raw.sha256 == question.clean.sha256
    bench = _bench(question, folder)
    runs = {
        arm.name: [bench.run(arm.make(seed), seed, told) for seed in _seeds(question, arm, is_null=is_null)]
        for arm in arms_of(cleaning, question.doses)
    }
    proof = _judged(question, bench, cleaning, runs, is_null=is_null)
    write_json(folder / PROOF, proof_json(proof))
    return proof


def proof_json(proof: Proof) -> dict[str, Any]:
    """The outcome as plain values."""
    return {
        "schema": SCHEMA,
        "verdict": proof.verdict,
        "headline": proof.headline,
        "detectable_that_counts": SMALLEST,
        **asdict(proof),
    }


def _refuse_nonsense(question: Question) -> None:
    if len(set(question.seeds)) < FEWEST_SEEDS:
        raise UsageError(f"a proof takes {FEWEST_SEEDS} seeds at least", hint=f"--seeds {FEWEST_SEEDS}")
    for name, data in (("raw", question.raw), ("clean", question.clean), ("held-out", question.held_out)):
        if not data.examples:
            raise UsageError(f"the {name} data has no rows that can be trained on")


def _bench(question: Question, folder: Path) -> Bench:
    encoder = Encoder(load_tokenizer(question.recipe), question.recipe)
    held_out = held_out_of(question.held_out, encoder)
    if len(set(held_out.groups.tolist())) < 2:  # noqa: PLR2004 (a variance takes two)
        raise UsageError("there are too few held-out rows that fit", hint="give some hundred of them")
    bench = Bench(question.recipe, encoder, held_out, question.tokens, folder)
    if question.tokens:
        return bench
    smaller = min(sum(bench.sizes(data.examples)) for data in (question.raw, question.clean))
    if not smaller:
        raise UsageError("no row can be trained on", hint="look at: curate train check")
    return Bench(question.recipe, encoder, held_out, round(smaller * question.recipe.epochs), folder)


def _seeds(question: Question, arm: Arm, *, is_null: bool) -> list[int]:
    more = OTHER_SEEDS if is_null and arm.name == CLEAN else 0
    return [seed + more for seed in question.seeds]


def _judged(
    question: Question, bench: Bench, cleaning: Cleaning, runs: Mapping[str, Sequence[Run]], *, is_null: bool
) -> Proof:
    tokens, groups = bench.held_out.tokens, bench.held_out.groups

    def over(name: str, arm: str) -> Contrast:
        return contrast([one.nll for one in runs[name]], [one.nll for one in runs[arm]], tokens, groups)

    doses = {arm.name: arm.dose for arm in arms_of(cleaning, question.doses)}
    arms = tuple(
        Result(
            name=name,
            dose=doses[name],
            rows=made[0].rows,
            left_out=made[0].left_out,
            nll=tuple(float(one.nll.sum() / tokens.sum()) for one in made),
            gain=None if name == RAW else over(RAW, name),
        )
        for name, made in runs.items()
    )
    return Proof(
        model=question.recipe.model,
        recipe_sha256=question.recipe.hash,
        data={
            "raw": question.raw.sha256,
            "clean": question.clean.sha256,
            "held_out": question.held_out.sha256,
        },
        tokens=bench.tokens,
        seeds=tuple(question.seeds),
        dropped=len(cleaning.dropped),
        edited=len(cleaning.edited),
        held_out={
            "rows": len(tokens),
            "groups": len(set(groups.tolist())),
            "left_out": bench.held_out.left_out,
        },
        is_null=is_null,
        arms=arms,
        over_controls={name: over(name, CLEAN) for name in CONTROLS if name in runs},
    )
