"""Which answers refuse: curate's own check ``answer.refusal``, which reads an answer beside its prompt."""

from __future__ import annotations

import importlib.util
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

CHECK = "answer.refusal"


def refusals(asks: Sequence[str], answers: Sequence[str]) -> list[bool] | None:
    """Whether each answer refuses; None where polars is not installed, so that curate's checks cannot run.

    What the check knows, its languages and its measured precision are on its page: ``curate explain answer.refusal``.
    """
    if importlib.util.find_spec("polars") is None:
        return None
    import polars as pl  # noqa: PLC0415 (absent on machines that only train)

    from curate.api import scan_inputs  # noqa: PLC0415 (the same)
    from curate.core.plan import Plan  # noqa: PLC0415 (the same)

    refused = [False] * len(answers)
    told = [at for at, answer in enumerate(answers) if answer.strip()]
    if told:
        frame = pl.DataFrame(
            {"prompt": [asks[at] for at in told], "completion": [answers[at] for at in told]}
        )
        found = scan_inputs((frame,), Plan(select=(CHECK,))).found
        for row in found[CHECK]["row"].to_list() if CHECK in found else ():
            refused[told[row]] = True
    return refused
