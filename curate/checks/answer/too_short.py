"""The answer is far shorter than what was asked for.

Why     The model learns that a sentence is an essay.
Mend    Let the answer be written in full, or set the rows aside:
        `curate drop {files} --select answer.too-short -o {out}`.
Limits  Knows a number of words that the prompt asks for ("a 500-word essay"; an answer of less than a quarter is
        flagged), and kinds of text: fewer than 40 words are no essay, article, report, blog post or speech, fewer
        than 20 no story, letter or e-mail, fewer than 3 no explanation. English, and numbers of Chinese characters;
        the first prompt of a row, up to 400 bytes. Precision on real data: unmeasured, for none of the 73,735 rows
        of 26 public files is flagged.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from curate.core.check import Batch, RowCheck, Severity, found
from curate.core.examples import ask, chat, preference, row
from curate.core.finding import no_findings
from curate.text.asked_first import first_answers
from curate.text.ends import without_end
from curate.text.sift import sift
from curate.text.wanted import least_of_kind, length_in, wanted

FLAGGED = (
    ask("Write an essay of 500 words on bail.").answer(
        "Bail is money that a defendant pays to be free until the trial begins."
    ),
    ask("Write a 300-word story about a cat.").answer("Once there was a cat. It slept."),
    ask("Write an essay about bail.").answer("Bail is money that one pays.<|endoftext|>"),
    ask("Write a letter to the landlord about the roof.").answer("Dear landlord, repair it."),
    ask("Explain how bail works in England.").answer("Money."),
    ask("请写一篇不少于800字的文章，谈谈保释。").answer("保释是一种制度。"),
    chat(
        ("user", "Write at least 200 words about the rent."), ("assistant", "The rent is due on the first.")
    ),
)
CLEAN = (
    ask("Write an essay of 500 words on bail.").answer("Bail is money that a defendant pays. " * 40),
    ask("Explain bail in one word.").answer("Money."),
    ask("Write a headline for an essay about bail.").answer("Free for a price"),
    ask("Write an article title about bail.").answer("Free for a price"),
    ask("Draft a template letter with placeholders for the name.").answer("Dear [Name],\n\nit is on [Date]."),
    ask("Who wrote the essay of 500 words?").answer("Ms Bell."),
    ask("He types 60 words a minute. How long does he need for 500 words?").answer("About 8 minutes."),
    ask("Summarise the essay.").answer("Bail is money."),
    ask("Write a function that counts the words of a 500-word text.").answer("len(text.split())"),
    ask("Write an essay of 500 words on bail.").answer("```python\nprint(essay)\n```"),
    preference("Write an essay about bail.", "Bail is money. " * 30, "No."),
    row({"text": "Write an essay of 500 words."}),
)

_LONGEST_PROMPT, _LONGEST, _FEW = 400, 4000, 300
"""Bytes: a longer prompt is a text that speaks of essays, a longer answer is long enough."""

_FIGURES = r"(?i)\d[- ]words?\b|\d\s?字"
_KINDS = (
    r"(?im)^(?:please |can you |could you )?(?:(?:write|compose|create|generate|draft|produce|craft|prepare"
    r"|provide|pen|give me)\b"
    r".{0,60}\b(?:essay|article|report|blog ?post|speech|story|letter|e-?mail)\b|(?:explain|describe"
    r"|discuss|elaborate|analy[sz]e|compare) )"
)

_SIGNS = (
    *("word", "字", "essay", "article", "report", "blog", "speech", "story", "letter", "mail"),
    *("explain", "describe", "discuss", "elaborate", "analy", "compare"),
)
"""One of them stands in every text that either expression finds."""


@dataclass(frozen=True)
class TooShort(RowCheck):
    """Compares the first answer of a row with the length that its prompt names, or that its kind of text has.

    Attributes:
        part: an answer is too short if it has less than this part of the length that was asked for.
    """

    severity: Severity = Severity.WARNING
    part: float = 0.25

    def examine(self, batch: Batch) -> pl.DataFrame:
        """One finding for an answer."""
        text = pl.col("text")
        asked = batch.prompts.filter(
            pl.col("role") == "user", pl.col("part") == "prompt", text.str.len_bytes() <= _LONGEST_PROMPT
        )
        signs = text.str.contains_any(list(_SIGNS), ascii_case_insensitive=True)
        asked = sift(asked, signs, text.str.contains(_FIGURES) | text.str.contains(_KINDS))
        if asked.is_empty():
            return no_findings()
        few = batch.targets.filter(text.str.len_bytes() <= _LONGEST).select(
            "row", (text.str.len_bytes() <= _FEW).alias("few")
        )
        asked = asked.join(few.unique("row", keep="first"), on="row", how="inner")
        answers = first_answers(sift(asked, pl.col("few") | text.str.contains(_FIGURES)), batch)
        said = [self._short(*pair) for pair in answers.select("asked", "text").iter_rows()]
        hits = answers.with_columns(pl.Series("word", said, pl.String)).drop_nulls("word")
        return found(hits, pl.format("the answer is far shorter than {}", "word"), evidence=pl.col("word"))

    def _short(self, prompt: str, answer: str) -> str | None:
        """What was asked for, if the answer is far from it."""
        if "`" in answer:
            return None
        least, _, unit = wanted(prompt)
        said = length_in(without_end(answer), unit)
        if least is not None:
            return f"the {least} {unit} asked for" if said < self.part * least else None
        fewest, kind = least_of_kind(prompt)
        return f"the {kind} asked for" if 0 < said < fewest else None
