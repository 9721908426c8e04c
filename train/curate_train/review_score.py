"""What reviewers said, once it is known whose answers they judged."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from curate.text.wilson import Interval, wilson
from curate_train.agreement import Agreement, agreement
from curate_train.evaluate_folder import estimate_json
from curate_train.metrics.resampling import Estimate, Groups, estimate, ratio
from curate_train.review import CRITERIA

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from curate_train.review import Key
    from curate_train.review_files import Judgement

FAR = 2
"""Points between the ratings of one answer from which on reviewers disagree."""


@dataclass(frozen=True)
class Disputed:
    """A row on which reviewers disagree.

    Attributes:
        row: its number in the sheet.
        key: of the row in the data.
        why: in words.
    """

    row: str
    key: str
    why: str


@dataclass(frozen=True)
class Score:
    """The outcome of a review.

    Attributes:
        first: the first model.
        second: the second model.
        reviewers: with the number of rows that each judged.
        wins: rows on which the second is preferred: by more reviewers than the first.
        ties: rows on which neither is.
        losses: the others.
        same: rows to which both said the same, which nobody was asked about.
        rate: share of wins among wins and losses; None if there are none.
        interval: of the rate, by Wilson.
        p: of "neither is preferred", by the exact sign test over rows.
        ratings: for each criterion the second's mean rating minus the first's.
        agreement: of the preferences, and of each criterion's ratings.
        disputed: rows to talk about.
    """

    first: str
    second: str
    reviewers: Mapping[str, int]
    wins: int
    ties: int
    losses: int
    same: int
    rate: float | None
    interval: Interval
    p: float
    ratings: Mapping[str, Estimate]
    agreement: Mapping[str, Agreement]
    disputed: tuple[Disputed, ...]

    @property
    def headline(self) -> str:
        """What the review shows, in one sentence."""
        if self.rate is None:
            return "No row on which either is preferred."
        low, high = self.interval
        told = f"{self.rate:.0%} of {self.wins + self.losses} decided rows ({low:.0%} to {high:.0%})"
        if low > 0.5:  # noqa: PLR2004 (chance)
            return f"{self.second} is preferred: {told}."
        if high < 0.5:  # noqa: PLR2004 (the same)
            return f"{self.first} is preferred; {self.second} wins {told}."
        return f"No preference shown: {self.second} wins {told}."


def score(judgements: Sequence[Judgement], key: Key) -> Score:
    """Count rows, not judgements: several reviewers of one row are no further rows."""
    by_row: dict[str, list[Judgement]] = defaultdict(list)
    for one in judgements:
        by_row[one.row].append(one)
    votes = {
        row: [vote for one in ones if (vote := _vote(one, key)) is not None] for row, ones in by_row.items()
    }
    sums = {row: sum(cast) for row, cast in votes.items() if cast}
    wins, losses = sum(one > 0 for one in sums.values()), sum(one < 0 for one in sums.values())
    decided = wins + losses
    return Score(
        first=key.first,
        second=key.second,
        reviewers=dict(sorted(Counter(one.reviewer for one in judgements).items())),
        wins=wins,
        ties=len(sums) - decided,
        losses=losses,
        same=key.same,
        rate=wins / decided if decided else None,
        interval=wilson(wins, decided),
        p=sign_test(wins, losses),
        ratings={criterion: _rating(by_row, key, criterion) for criterion in CRITERIA},
        agreement={
            "preference": agreement(list(votes.values()), "ordinal"),
            **{criterion: agreement(_units(by_row, criterion), "ordinal") for criterion in CRITERIA},
        },
        disputed=tuple(_disputed(by_row, votes, key)),
    )


def sign_test(wins: int, losses: int) -> float:
    """The two-sided exact p value of so uneven a count of heads and tails."""
    from math import comb  # noqa: PLC0415 (kept beside its use)

    count, rare = wins + losses, min(wins, losses)
    if not count:
        return 1.0
    return min(1.0, float(2 * sum(comb(count, at) for at in range(rare + 1)) / 2**count))


def score_json(made: Score) -> dict[str, Any]:
    """The outcome as plain values."""
    return {
        "schema": "curate.review_score/1",
        "headline": made.headline,
        "first": made.first,
        "second": made.second,
        "reviewers": dict(made.reviewers),
        "rows": {"wins": made.wins, "ties": made.ties, "losses": made.losses, "same_answer": made.same},
        "win_rate": {"value": made.rate, **made.interval._asdict(), "p_sign_test": made.p},
        "ratings": {name: estimate_json(one) for name, one in made.ratings.items()},
        "agreement": {
            name: {"alpha": estimate_json(one.alpha), "units": one.units, "judgements": one.judgements}
            for name, one in made.agreement.items()
        },
        "disputed": [vars(one) for one in made.disputed],
    }


def _vote(one: Judgement, key: Key) -> int | None:
    """1 for the second model, -1 for the first, 0 for neither; None where nothing was said."""
    if not one.preference:
        return None
    if one.preference == "tie":
        return 0
    return 1 if (one.preference == "A") == (key.rows[one.row].a == "second") else -1


def _rating(by_row: Mapping[str, Sequence[Judgement]], key: Key, criterion: str) -> Estimate:
    """The mean over rows of what the second got more than the first, with its interval over rows."""
    gaps: list[float] = []
    for row, ones in by_row.items():
        second, first = ("A", "B") if key.rows[row].a == "second" else ("B", "A")
        mine = [
            one.ratings[f"{criterion} {second}"] - one.ratings[f"{criterion} {first}"]
            for one in ones
            if {f"{criterion} A", f"{criterion} B"} <= one.ratings.keys()
        ]
        if mine:
            gaps.append(sum(mine) / len(mine))
    if not gaps:
        return Estimate(None)
    parts = np.array([(gap, 1.0) for gap in gaps])
    return estimate(parts, ratio, Groups.make(range(len(gaps))))


def _units(by_row: Mapping[str, Sequence[Judgement]], criterion: str) -> list[list[float]]:
    """A unit is one answer: the ratings that it got from each reviewer."""
    return [
        [float(one.ratings[f"{criterion} {side}"]) for one in ones if f"{criterion} {side}" in one.ratings]
        for ones in by_row.values()
        for side in "AB"
    ]


def _disputed(
    by_row: Mapping[str, Sequence[Judgement]], votes: Mapping[str, Sequence[int]], key: Key
) -> list[Disputed]:
    made = []
    for row, ones in by_row.items():
        reasons = []
        if 1 in votes[row] and -1 in votes[row]:
            for_a = [one.reviewer for one in ones if one.preference == "A"]
            for_b = [one.reviewer for one in ones if one.preference == "B"]
            reasons.append(f"A is preferred by {', '.join(for_a)}, B by {', '.join(for_b)}")
        for criterion in CRITERIA:
            for side in "AB":
                given = [one.ratings[name] for one in ones if (name := f"{criterion} {side}") in one.ratings]
                if given and max(given) - min(given) >= FAR:
                    reasons.append(f"{criterion} of {side} from {min(given)} to {max(given)}")
        if reasons:
            made.append(Disputed(row, key.rows[row].key, "; ".join(reasons)))
    return made
