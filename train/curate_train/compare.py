"""Two evaluations of the same rows: what differs by more than chance, and what does not.

Paired bootstrap for the intervals (Koehn 2004), approximate randomisation for the p values (Riezler and Maxwell 2005),
both over groups of near rows: :mod:`curate_train.metrics.resampling`. Many measures are looked at, so their p values
are adjusted (S. Holm, A simple sequentially rejective multiple test procedure, 1979): of two equal systems, one
comparison in twenty shows any difference at all, and not one measure in twenty.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from curate.core.errors import UsageError
from curate_train.evaluate_folder import estimate_json
from curate_train.metrics.corpus import bleu_tokenizer
from curate_train.metrics.measures import LOWER_IS_BETTER, NAMES, NEITHER_IS_BETTER, measures
from curate_train.metrics.resampling import (
    LEVEL,
    SAMPLES,
    Difference,
    Estimate,
    Groups,
    difference,
    estimate,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from curate_train.evaluate_folder import Evaluation
    from curate_train.metrics.answered import Answered

SCHEMA = "curate.comparison/1"
"""The version of the JSON; a field is only ever added within one version."""

Z_DETECT = 1.959964 + 0.841621
"""Standard errors of the smallest difference that a test at .05 shows with a power of 80 %."""

_WIDTH = 2 * 1.959964

OTHER_TOKENS = (
    "The two models cut the answers into different tokens, so their likelihoods cannot be compared."
)


@dataclass(frozen=True)
class Line:
    """One measure of two systems.

    Attributes:
        name: of the measure.
        first: of the first system.
        second: of the second system.
        gap: second minus first.
        p: of "there is no difference", adjusted for the number of measures.
    """

    name: str
    first: Estimate
    second: Estimate
    gap: Difference
    p: float | None

    @property
    def is_shown(self) -> bool:
        """Whether a difference is shown after adjustment."""
        return self.gap.is_shown and self.p is not None and self.p < LEVEL

    @property
    def verdict(self) -> str:
        """``better``, ``worse``, ``more``, ``less``, or ``no difference shown``."""
        if not self.is_shown or self.gap.value is None:
            return "no difference shown"
        more = self.gap.value > 0
        if self.name in NEITHER_IS_BETTER:
            return "more" if more else "less"
        return "better" if more != (self.name in LOWER_IS_BETTER) else "worse"

    @property
    def detectable(self) -> float | None:
        """The smallest difference that would have been shown four times out of five; None if nothing varies."""
        if self.gap.low is None or self.gap.high is None or self.gap.low == self.gap.high:
            return None
        return Z_DETECT * (self.gap.high - self.gap.low) / _WIDTH


@dataclass(frozen=True)
class Comparison:
    """What two evaluations say together.

    Attributes:
        rows: rows that both answered.
        groups: groups of near rows among them.
        unpaired: rows that only one of them answered, which do not count.
        lines: one for each measure.
        notes: what a reader must know.
    """

    rows: int
    groups: int
    unpaired: int
    lines: tuple[Line, ...]
    notes: tuple[str, ...] = ()

    @property
    def headline(self) -> str:
        """What is shown, in one sentence."""
        told = {
            name: [line.name for line in self.lines if line.verdict == name] for name in ("better", "worse")
        }
        if told["better"] and told["worse"]:
            return f"Mixed: better in {_and(told['better'])}, worse in {_and(told['worse'])}."
        if told["better"]:
            return f"Better in {_and(told['better'])}; worse in nothing."
        if told["worse"]:
            return f"Worse in {_and(told['worse'])}; better in nothing."
        return "No difference shown."


def compare(first: Evaluation, second: Evaluation, *, samples: int = SAMPLES, seed: int = 0) -> Comparison:
    """Hold the second evaluation against the first.

    Raises:
        UsageError: they are of different data, were decoded differently, or have no row in common.
    """
    refuse_unlike(first, second)
    ones, others = _paired(first.rows, second.rows)
    if not ones:
        raise UsageError("the two evaluations have no row in common", hint="evaluate both with the same --n")
    groups = Groups.make([row.group for row in ones], samples=samples, seed=seed)
    alike = all(one.tokens == other.tokens for one, other in zip(ones, others, strict=True))
    left_out = {"perplexity"} if alike else {"perplexity", "nll"}  # perplexity says what nll says
    notes = () if alike else (OTHER_TOKENS,)
    tokenizer = bleu_tokenizer([row.reference for row in ones])
    pairs = zip(measures(ones, tokenizer=tokenizer), measures(others, tokenizer=tokenizer), strict=True)
    made = [
        Line(
            one.name,
            estimate(one.parts, one.score, groups),
            estimate(other.parts, one.score, groups),
            gap := difference(one.parts, other.parts, one.score, groups, seed=seed + 1),
            gap.p,
        )
        for one, other in pairs
        if one.name not in left_out
    ]
    unpaired = len(first.rows) + len(second.rows) - 2 * len(ones)
    return Comparison(len(ones), groups.count, unpaired, _adjusted(made), notes)


def comparison_json(made: Comparison) -> dict[str, Any]:
    """A comparison as plain values."""
    return {
        "schema": SCHEMA,
        "headline": made.headline,
        "rows": made.rows,
        "groups": made.groups,
        "unpaired": made.unpaired,
        "notes": list(made.notes),
        "measures": {
            line.name: {
                "first": estimate_json(line.first),
                "second": estimate_json(line.second),
                "difference": {**estimate_json(line.gap), "p_adjusted": line.p},
                "detectable": line.detectable,
                "verdict": line.verdict,
            }
            for line in made.lines
        },
    }


def holm(values: Sequence[float]) -> list[float]:
    """P values adjusted so that the chance of any false finding among them is at most the level."""
    adjusted, highest = [0.0] * len(values), 0.0
    for rank, at in enumerate(sorted(range(len(values)), key=values.__getitem__)):
        highest = max(highest, min(1.0, values[at] * (len(values) - rank)))
        adjusted[at] = highest
    return adjusted


def _adjusted(lines: Sequence[Line]) -> tuple[Line, ...]:
    known = [line.gap.p for line in lines if line.gap.p is not None]
    told = iter(holm(known))
    return tuple(
        line if line.gap.p is None else Line(line.name, line.first, line.second, line.gap, next(told))
        for line in lines
    )


def refuse_unlike(first: Evaluation, second: Evaluation) -> None:
    """Two evaluations say something together only if they asked the same in the same way.

    Raises:
        UsageError: they are of different data, or were decoded differently.
    """
    one, other = first.setup, second.setup
    if (one.data_sha256, one.split) != (other.data_sha256, other.split):
        raise UsageError(
            "the two evaluations are of different data",
            hint="evaluate both models on the same files and split",
        )
    if (one.max_new_tokens, one.decoding) != (other.max_new_tokens, other.decoding):
        told = " and ".join(f"{each.decoding} up to {each.max_new_tokens} tokens" for each in (one, other))
        raise UsageError(
            f"the answers were decoded differently: {told}", hint="evaluate both in the same way"
        )


def _paired(first: Sequence[Answered], second: Sequence[Answered]) -> tuple[list[Answered], list[Answered]]:
    """Rows that both have, in the same order. The likelihood counts where both took it."""
    by_key = {row.key: row for row in second}
    ones = sorted((row for row in first if row.key in by_key), key=lambda row: row.key)
    return ones, [by_key[row.key] for row in ones]


def _and(names: Sequence[str]) -> str:
    told = [NAMES[name] for name in names]
    return told[0] if len(told) == 1 else ", ".join(told[:-1]) + " and " + told[-1]
