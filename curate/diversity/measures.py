"""The measures of diversity: what each is called, who defined it, and what moves it beside diversity."""

from __future__ import annotations

from typing import NamedTuple

from curate.core.coverage_report import UNDRAWN


class Measure(NamedTuple):
    """One measure.

    Attributes:
        source: who defined it.
        sensitive_to: what moves it beside diversity.
        more: whether more of it is more diversity.
    """

    source: str
    sensitive_to: tuple[str, ...]
    more: bool = True


ROWS, LENGTH, LANGUAGE = "number of rows", "length", "language"
TOPICS, MODEL = "the model of topics", "the model of language"

WHOLE = f"rows with a near duplicate{UNDRAWN}"
"""The one measure that is of all rows that were read, and so compares only between files of equal size."""

OF_TEXTS = {
    "distinct-1": Measure("J. Li et al. 2016", (ROWS, LENGTH, LANGUAGE)),
    "distinct-2": Measure("J. Li et al. 2016", (ROWS, LENGTH, LANGUAGE)),
    "distinct-3": Measure("J. Li et al. 2016", (ROWS, LENGTH, LANGUAGE)),
    "bigram entropy (bits)": Measure("Y. Zhang et al. 2018", (ROWS, LENGTH, LANGUAGE)),
    "compression ratio": Measure("C. Shaib et al. 2024", (LENGTH, LANGUAGE), more=False),
    "self-BLEU": Measure("Y. Zhu et al. 2018", (LENGTH, LANGUAGE), more=False),
    "type-token ratio per 1,000 words": Measure("W. Johnson 1944", (LANGUAGE,)),
}
"""Of prompts and of targets; the name is followed by which."""

OF_PROMPTS = {
    "rows in the 10 commonest openings": Measure("curate", (ROWS, LANGUAGE), more=False),
    "rows in the 10 commonest skeletons": Measure("curate", (ROWS, LANGUAGE), more=False),
    "Vendi score": Measure("D. Friedman & A. B. Dieng 2023", (ROWS, LENGTH, LANGUAGE)),
    "Vendi score by a model": Measure("D. Friedman & A. B. Dieng 2023", (ROWS, MODEL)),
    "topic entropy (bits)": Measure("C. E. Shannon 1948", (TOPICS,)),
    "rows with a near duplicate": Measure("A. Z. Broder 1997", (ROWS,), more=False),
    "effective number of prompts": Measure("M. O. Hill 1973", (ROWS,)),
    WHOLE: Measure("A. Z. Broder 1997", (ROWS,), more=False),
}
"""Of prompts alone."""
