"""The chosen answer is nearly always the longer one, or nearly always the shorter.

Why     What separates the sides best is then their length, and a model tuned on them learns to write long (or
        short) instead of well.
Mend    Add pairs in which the shorter answer is the better one, or train with a loss that takes length into
        account.
Limits  One finding for all files together, at the first pair. Cliff's delta within pairs (Cliff 1993): the share
        of pairs whose chosen side is longer less the share of those whose chosen side is shorter, in characters,
        with its 95 % interval. Reported if all of the interval is beyond .474, which Romano et al. (2006) call
        large: about 74 of 100 pairs. A bias may be right: what was asked for may need length. Not over fewer than
        30 pairs. Two public sets of 300 pairs are not reported: dpo_en -0.12 (from -0.24 to -0.01), dpo_zh +0.25
        (+0.14 to +0.36). Precision on real data: unmeasured.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

import polars as pl

from curate.core.check import Batch, CorpusCheck, Severity, found
from curate.core.examples import ask, corpus, preference

_LONG, _SHORT = "It is blue, as far as anybody can say.", "Blue."
FLAGGED = (
    corpus(*(preference(f"Colour {n}?", _LONG, _SHORT) for n in range(40))).flags(0),
    corpus(ask("Hi").answer("Hello"), *(preference(f"Colour {n}?", _SHORT, _LONG) for n in range(40))).flags(
        1
    ),
)
CLEAN = (
    corpus(
        *(preference(f"Colour {n}?", *((_LONG, _SHORT) if n % 2 else (_SHORT, _LONG))) for n in range(40))
    ),
    corpus(*(preference(f"Colour {n}?", _LONG, _SHORT) for n in range(20))),
    corpus(*(preference(f"Colour {n}?", "Blue.", "Grey.") for n in range(40))),
    corpus(*(ask(f"Colour {n}?").answer(_LONG) for n in range(40))),
)

CONFIDENCE = 1.96
"""Standard deviations on either side of 95 % of a normal distribution."""

DIGEST = pl.Schema(
    {"key": pl.UInt64, "row": pl.Int64, "pairs": pl.Int64, "longer": pl.Int64, "shorter": pl.Int64}
)


@dataclass(frozen=True)
class LengthBias(CorpusCheck):
    """Counts pairs batch by batch.

    Attributes:
        least: the least effect that is reported.
        pairs: the least number of pairs.
    """

    severity: Severity = Severity.WARNING
    least: float = 0.474
    pairs: int = 30

    def digest(self, batch: Batch) -> pl.DataFrame:
        """One line: how many pairs there are, and in how many the chosen side is longer or shorter."""
        size = pl.col("text").str.len_chars().cast(pl.Int64)
        rejected = (
            batch.texts.filter(pl.col("part") == "rejected").group_by("row").agg(size.last().alias("worse"))
        )
        chosen = (
            batch.targets.join(rejected, on="row", how="semi")
            .group_by("row")
            .agg(size.last().alias("better"))
        )
        both = chosen.join(rejected, on="row")
        if both.is_empty():
            return pl.DataFrame(schema=DIGEST)
        more = pl.col("better") > pl.col("worse")
        less = pl.col("better") < pl.col("worse")
        counts = (
            pl.lit(0).alias("key"),
            pl.col("row").min(),
            pl.len().alias("pairs"),
            more.sum().alias("longer"),
        )
        return both.select(*counts, less.sum().alias("shorter")).cast(dict(DIGEST))  # type: ignore[arg-type]

    def judge(self, rows: pl.DataFrame) -> pl.DataFrame:
        """One finding for all pairs, if the effect is large."""
        total, longer, shorter = (int(rows[name].sum()) for name in ("pairs", "longer", "shorter"))
        delta, low, high = effect(total, longer, shorter)
        if total < self.pairs or max(low, -high) < self.least:
            return found(rows.clear(), "")
        side, share = ("longer", longer / total) if delta > 0 else ("shorter", shorter / total)
        message = (
            f"the chosen answer is the {side} one in {share:.0%} of {total:,} pairs "
            f"(Cliff's delta {delta:+.2f}, 95 % between {low:+.2f} and {high:+.2f})"
        )
        return found(rows.sort("row").head(1), message, evidence=f"chosen is {side}")


def effect(total: int, longer: int, shorter: int) -> tuple[float, float, float]:
    """Cliff's delta within pairs, and its 95 % interval from the normal approximation."""
    delta = (longer - shorter) / max(total, 1)
    spread = sqrt(max((longer + shorter) / max(total, 1) - delta**2, 0) / max(total - 1, 1))
    return delta, max(delta - CONFIDENCE * spread, -1.0), min(delta + CONFIDENCE * spread, 1.0)
