"""How sure a proportion is that was counted on a few cases.

E. B. Wilson, Probable inference, the law of succession, and statistical inference, JASA 22 (1927) 209-212. Unlike
the usual plus-or-minus it stays within 0 and 1 and says something for 0 of 12 and for 60 of 60.
"""

from __future__ import annotations

from math import sqrt
from typing import NamedTuple

Z95 = 1.959963984540054
"""The normal quantile of a two-sided interval of 95 %."""


class Interval(NamedTuple):
    """The bounds of a proportion."""

    low: float
    high: float


def wilson(right: int, of: int, z: float = Z95) -> Interval:
    """The score interval of ``right`` in ``of``; everything is possible where nothing was counted.

    Raises:
        ValueError: the counts are no proportion.

    >>> low, high = wilson(60, 60)
    >>> round(low, 3), high
    (0.94, 1.0)
    """
    if not 0 <= right <= of:
        raise ValueError(f"{right} of {of} is no proportion")
    if of == 0:
        return Interval(0.0, 1.0)
    share, z2 = right / of, z * z
    middle = share + z2 / (2 * of)
    reach = z * sqrt(share * (1 - share) / of + z2 / (4 * of * of))
    scale = 1 + z2 / of
    low = 0.0 if right == 0 else (middle - reach) / scale
    return Interval(low, 1.0 if right == of else (middle + reach) / scale)
