"""The row is longer than the context, so that training cuts its answer.

Why     Trainers cut at the end: the model learns from an answer that stops in the middle, or from none, and from
        no end.
Mend    Train with a longer context, shorten the prompts, or set the rows aside: `curate drop {files} --select
        length.too-long -o {out}`.
Limits  With the option ``tokenizer`` (a folder with tokenizer.json; the extra hf) tokens are counted, and the chat
        template beside it is measured once and added for each turn. Without it they are estimated from the script,
        and a row near the limit may be within it. The error on the half of the texts that was not used to fit it,
        median and 95th percentile of single texts of 32 tokens or more, then all together, for Llama 3: English and
        code 6 %, 18 %, 0 %; Chinese 9 %, 22 %, +3 %; Japanese 5 %, 16 %, -2 %; Korean 5 %, 14 %, -2 %; Thai 5 %, 11
        %, +1 %; Hindi 3 %, 11 %, -1 %; Hebrew 2 %, 6 %, +2 %; Greek 3 %, 9 %, -1 %; other languages in Latin
        letters 15 %, 32 %, -7 %; Cyrillic 20 %, 34 %, -12 %; Arabic script 21 %, 45 %, -16 %; other scripts 20 %,
        51 %, -18 %. Whole files: T0, MedQuAD, GSM8K, HumanEval and alpaca_zh each within 4 %. Nine English and
        Chinese sets that nothing was fitted to: medians up to 12 %, 95th percentiles up to 31 %, whole sets within
        11 %. For Mistral v3: English and code 5 %, 17 %, 0 %; Chinese 7 %, 16 %, 0 %; Cyrillic 6 %, 13 %, -3 %;
        other languages in Latin letters 13 %, 42 %, -8 %. Precision, by the real tokenizer: at 4,096 tokens 68 of
        73 reported rows are too long (T0 50 of 50, MedQuAD 10 of 14, C4 4 of 4, Stack Exchange 4 of 5: .93, Wilson
        95 %: .85 to .97), and none was missed; at 1,024 tokens 2,254 of 2,332 (.97); for Mistral at 4,096 119 of
        131 (.91). Images and tool definitions are not counted. In clean corpora: MedQuAD 14 hits, 10 of 10 read
        right, 4 unclear. The unclear ones are within 4,096 tokens of Llama 3 and beyond 4,096 of Mistral v3.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from curate.core.check import Batch, RowCheck, Severity, found
from curate.core.errors import ConfigError
from curate.core.examples import ask, chat, preference
from curate.core.finding import no_findings
from curate.text.tokenizer import load_counter
from curate.text.tokens import WEIGHTS, said_tokens

_WORDS = "The tenant pays the rent on the first day of each month. "
FLAGGED = (
    ask("Copy the contract.").answer(_WORDS * 400),
    ask("Is the rent due?", _WORDS * 400).answer("Yes, on the first."),
    chat(("user", "Go on."), ("assistant", _WORDS * 200), ("user", "Go on."), ("assistant", _WORDS * 200)),
    ask("抄写合同。").answer("承租人应于每月一日支付租金。" * 500),
)
CLEAN = (
    ask("Copy the contract.").answer(_WORDS * 200),
    ask("Print a line.").answer("-" * 3000),
    preference("Copy the contract.", _WORDS, _WORDS * 400),
    chat(("user", "Go on."), ("assistant", "The rent is due."), ("user", _WORDS * 400)),
)

LIMITS = (1024, 2048, 4096, 8192, 16384, 32768, 65536, 131072)
"""Contexts by which a row is described; the ones below the row's own length."""

SHOWN = (1024, 2048, 4096)
"""Contexts for which the lost share of the answer is told."""

DOUBT = 0.4
"""No text was found whose true number of tokens is beyond the estimate divided by this; so much is counted exactly."""


@dataclass(frozen=True)
class TooLong(RowCheck):
    """Adds up tokens turn by turn; the rejected side is left out.

    Attributes:
        context: tokens that the model is trained with.
        tokenizer: a folder with ``tokenizer.json`` and, if there is one, a chat template; estimated if empty.
        family: whose tokenizer is estimated: ``llama3`` or ``mistral``.
        turn: tokens that a chat template adds to a turn, where no tokenizer is given.
    """

    severity: Severity = Severity.WARNING
    context: int = 4096
    tokenizer: str = ""
    family: str = "llama3"
    turn: int = 5

    def __post_init__(self) -> None:
        """Look at the options before any row is read, where an error stops nothing that has begun.

        Raises:
            ConfigError: there is no such family.
        """
        if self.family not in WEIGHTS:
            raise ConfigError(
                f"{self.name} has no family '{self.family}'", hint=f"there are: {', '.join(WEIGHTS)}"
            )
        if self.tokenizer:
            load_counter(self.tokenizer)

    def examine(self, batch: Batch) -> pl.DataFrame:
        """One finding for each row, at the first answer that is cut."""
        lines = said_tokens(batch, self.family).filter(pl.col("part") != "rejected")
        lines = lines.with_columns(pl.col("tokens") + self.turn)
        least = self.context * (DOUBT if self.tokenizer else 1)
        large = lines.group_by("row").agg(pl.col("tokens").sum()).filter(pl.col("tokens") > least)
        if large.is_empty():
            return no_findings()
        near = lines.join(large, on="row", how="semi", maintain_order="left")
        counted = self._counted(near) if self.tokenizer else near
        return self._found(counted.with_columns(pl.col("tokens").cum_sum().over("row").alias("until")))

    def _counted(self, near: pl.DataFrame) -> pl.DataFrame:
        """The lines of rows that may be too long, with ``tokens`` as the tokenizer counts them."""
        counter = load_counter(self.tokenizer)
        tokens = pl.Series("tokens", counter.count(near["text"].to_list()), pl.Int64) + counter.turn
        first = pl.int_range(pl.len()).over("row") == 0
        return near.with_columns(tokens).with_columns(
            pl.col("tokens") + pl.when(first).then(counter.start).otherwise(0)
        )

    def _found(self, lines: pl.DataFrame) -> pl.DataFrame:
        answers = lines.with_columns(pl.col("tokens").sum().over("row").alias("total")).filter(
            pl.col("part") == "target"
        )
        cut = {limit: _cut(limit) for limit in {*SHOWN, self.context}}
        lost = [amount.sum().over("row").alias(f"lost {limit}") for limit, amount in cut.items()]
        told = answers.with_columns(*lost, pl.col("tokens").sum().over("row").alias("answer"))
        hits = told.filter(cut[self.context] > 0).unique("row", keep="first", maintain_order=True)
        about = "" if self.tokenizer else "about "
        shares = [
            _share(limit) for limit in sorted({*(one for one in SHOWN if one <= self.context), self.context})
        ]
        message = pl.format(
            f"{about}{{}} tokens; lost of the answer: {{}}", "total", pl.concat_str(shares, separator=", ")
        )
        return found(hits, message, evidence=_longest_limit(self.context))


def _cut(limit: int) -> pl.Expr:
    """How many tokens of a line lie beyond a limit."""
    return pl.min_horizontal(pl.col("until") - limit, pl.col("tokens")).clip(lower_bound=0)


def _share(limit: int) -> pl.Expr:
    percent = (100 * pl.col(f"lost {limit}") / pl.col("answer")).ceil().cast(pl.Int64)
    return pl.format(f"{{}} % at {limit:,}", percent)


def _longest_limit(context: int) -> pl.Expr:
    """The largest limit that the row exceeds."""
    evidence = pl.lit(f"over {context:,}")
    for limit in (one for one in LIMITS if one > context):
        evidence = pl.when(pl.col("total") > limit).then(pl.lit(f"over {limit:,}")).otherwise(evidence)
    return evidence
