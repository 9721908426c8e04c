"""Alpha equals the worked examples of the literature."""

from __future__ import annotations

import numpy as np
import pytest
from curate_train.agreement import agreement

KRIPPENDORFF_2011 = {
    "A": "1 2 3 3 2 1 4 1 2 . . .",
    "B": "1 2 3 3 2 2 4 1 2 5 . 3",
    "C": ". 3 3 3 2 3 4 2 2 5 1 .",
    "D": "1 2 3 3 2 4 4 1 2 5 1 .",
}
"""Computing Krippendorff's alpha-reliability, example C: four observers, values missing."""

BINARY = {"A": "0 1 0 0 0 0 0 0 1 0", "B": "1 1 1 0 0 1 0 0 0 0"}
"""The same, example A."""

NOMINAL = {"A": "1 1 2 2 4 3 3 3 5 4 4 1", "B": "2 1 2 2 2 3 3 3 5 4 4 4"}
"""The same, example B, letters as numbers."""

THREE_CODERS = {
    "A": ". . . . . 3 4 1 2 1 1 3 3 . 3",
    "B": "1 . 2 1 3 3 4 3 . . . . . . .",
    "C": ". . 2 1 3 4 4 . 2 1 1 3 3 . 4",
}
"""The worked example of the article in the English Wikipedia."""


def units(coders: dict[str, str]) -> list[list[float]]:
    columns = zip(*(line.split() for line in coders.values()), strict=True)
    return [[float(value) for value in column if value != "."] for column in columns]


@pytest.mark.parametrize(
    ("coders", "level", "alpha"),
    [
        (KRIPPENDORFF_2011, "nominal", 0.743),
        (KRIPPENDORFF_2011, "ordinal", 0.815),
        (KRIPPENDORFF_2011, "interval", 0.849),
        (KRIPPENDORFF_2011, "ratio", 0.797),
        (BINARY, "nominal", 0.095),
        (NOMINAL, "nominal", 0.692),
        (THREE_CODERS, "nominal", 0.691),
        (THREE_CODERS, "interval", 0.811),
    ],
)
def test_worked_examples(coders: dict[str, str], level: str, alpha: float) -> None:
    assert agreement(units(coders), level).alpha.value == pytest.approx(alpha, abs=5e-4)


def test_what_is_counted() -> None:
    made = agreement(units(KRIPPENDORFF_2011), "nominal")
    assert (made.units, made.judgements) == (11, 40)
    alpha = made.alpha
    assert alpha.value is not None
    assert alpha.low is not None
    assert alpha.high is not None
    assert alpha.low < alpha.value < alpha.high


def test_the_ends_of_the_scale() -> None:
    assert agreement([[1, 1], [2, 2], [3, 3]], "interval").alpha.value == 1
    assert agreement([[1, 2], [2, 1]] * 20, "nominal").alpha.value == pytest.approx(-0.95, abs=0.05)
    draw = np.random.default_rng(0).integers(1, 6, size=(2000, 2)).tolist()
    assert agreement(draw, "ordinal", samples=20).alpha.value == pytest.approx(0, abs=0.05)


def test_where_nothing_can_be_said() -> None:
    assert agreement([], "nominal").alpha == (None, None, None)
    assert agreement([[1], [2]], "nominal").units == 0
    assert agreement([[3, 3], [3, 3]], "nominal").alpha.value is None
    with pytest.raises(ValueError, match="no level"):
        agreement([[1, 2]], "cardinal")
