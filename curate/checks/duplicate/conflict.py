"""The same prompt has another answer elsewhere.

Why     Where only one answer can be right, the model is taught to guess; where many can, it does no harm.
Mend    Read the closed questions first and keep the right answer; leave open-ended ones as they are.
Limits  Prompts are compared after folding as in duplicate.exact; paraphrased prompts are not seen. A question
        counts as closed when both answers are short or it offers options; that is a ranking, not a judgement: rows
        are reported and never removed. In clean corpora: MedQuAD 495 hits, 60 of 60 read right. None of those read
        contradicts the first answer: they are passages of one page, and some answer another question.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter

import polars as pl

from curate.core.check import Batch, CorpusCheck, Severity, found
from curate.core.examples import ask, chat, corpus
from curate.text.fold import hash64, said

FLAGGED = (
    corpus(ask("Capital of Peru?").answer("Lima."), ask("Capital of Peru?").answer("Cusco.")).flags(1),
    corpus(chat(("user", "Is 7 prime?"), ("assistant", "Yes.")), ask("Is 7 prime?").answer("No.")).flags(1),
)
CLEAN = (
    corpus(ask("Capital of Peru?").answer("Lima."), ask("Capital of Peru?").answer("Lima.")),
    corpus(ask("Capital of Peru?").answer("Lima."), ask("Capital of Chile?").answer("Santiago.")),
    corpus(ask("Sum up.", "One text.").answer("One."), ask("Sum up.", "Another text.").answer("Two.")),
)

SHORT = 40
"""An answer of at most so many characters is one that can be simply wrong."""

ASKED = 400
"""Characters at the end of a prompt in which options are looked for."""

OPTIONS = ("options:", "true or false", "yes or no", "(a)", "a)", "choose between", "select from")
DIGEST = pl.Schema({"key": pl.UInt64, "row": pl.Int64, "answer": pl.UInt64, "closed": pl.Boolean})


@dataclass(frozen=True)
class Conflict(CorpusCheck):
    """Rows grouped by the hash of all that stands before the last answer."""

    severity: Severity = Severity.WARNING

    def digest(self, batch: Batch) -> pl.DataFrame:
        """``key``: the prompt; ``answer``: the hash of the last target; ``closed``: can it be simply wrong."""
        texts = said(batch).filter(pl.col("kind") != "call", pl.col("part") != "rejected")
        cells = texts.select("row", "part", "text", "folded").iter_rows()
        lines = [_digested(row, list(turns)) for row, turns in groupby(cells, key=itemgetter(0))]
        return pl.DataFrame([line for line in lines if line], schema=DIGEST, orient="row")

    def judge(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Every row whose answer differs from the first one's."""
        first = pl.col("row") == pl.col("row").min().over("key")
        compared = rows.with_columns(
            pl.col("row").min().over("key").alias("related"),
            pl.col("answer").filter(first).first().over("key").alias("expected"),
            pl.col("closed").all().over("key"),
        ).filter(pl.col("answer") != pl.col("expected"))
        kind = pl.when("closed").then(pl.lit("closed question")).otherwise(pl.lit("open-ended"))
        return found(
            compared,
            "the same prompt has another answer in an earlier row",
            related=pl.col("related"),
            evidence=kind,
        )

    def settle(self, found: pl.DataFrame) -> pl.DataFrame:
        """Closed questions first."""
        return found.sort("evidence", maintain_order=True)


def _digested(row: int, turns: list[tuple[int, str, str, int]]) -> tuple[int, int, int, bool] | None:
    """The line of one row, or None where there is no prompt or no answer to compare."""
    last = next((at for at in range(len(turns) - 1, -1, -1) if turns[at][1] == "target"), 0)
    _, _, answer, folded = turns[last]
    if not last or not answer.strip():
        return None
    asked = turns[last - 1][2][-ASKED:].lower()
    closed = len(answer) <= SHORT or any(option in asked for option in OPTIONS)
    prompt = "\0".join(str(folded) for _, _, _, folded in turns[:last])
    return hash64(prompt.encode()), row, folded, closed
