"""The answer is far longer than what was asked for.

Why     The model learns to pass over limits that the prompt sets.
Mend    Shorten the answer, or set the rows aside: `curate drop {files} --select answer.too-long -o {out}`.
Limits  Knows limits that the prompt sets in words or Chinese characters (more than three times as many are flagged),
        "in one word" (more than 20) and "in one sentence" (more than four). The first prompt of a row, up to 400
        bytes; limits for each sentence or line are not counted. Precision on real data: unmeasured, for none of the
        73,735 rows of 26 public files is flagged.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import polars as pl

from curate.core.check import Batch, RowCheck, Severity, found
from curate.core.examples import ask, chat, preference
from curate.core.finding import no_findings
from curate.text.asked_first import first_answers
from curate.text.sift import sift
from curate.text.wanted import length_in, wanted

FLAGGED = (
    ask("Explain bail in under 20 words.").answer("Bail is money that a defendant pays to be free. " * 9),
    ask("Answer in one word: who pays?").answer(
        "It is the tenant who has to pay for the repair of the roof, unless the landlord has been told "
        "of "
        "it a year before, which he was."
    ),
    ask("Who pays? Answer in one sentence.").answer(
        "The tenant pays. The landlord does not. He was told. So it is. The law says it."
    ),
    ask("请用不超过20字解释保释。").answer("保释是一种制度。" * 12),
    chat(
        ("user", "Sum up the lease in 10 words or less."),
        ("assistant", "The lease runs for two years, and the rent is due on the first. " * 4),
    ),
)
CLEAN = (
    ask("Explain bail in under 20 words.").answer(
        "Bail is money that a defendant pays to be free until the trial."
    ),
    ask("Explain bail in under 20 words.").answer("Bail is money that a defendant pays to be free. " * 3),
    ask("What does the term mean in one word processor and in another one?").answer("It is a macro. " * 20),
    ask("Jane types 20 words in 10 seconds. How many words does she type in 60 seconds?").answer(
        "She types 2 words in a second. So it is 120 in all. " * 3
    ),
    ask("Name the tone in one word.").answer("Sad."),
    preference("Answer in one word: who pays?", "Tenant.", "It is the tenant who pays. " * 20),
)

_ONE_WORD = re.compile(
    (
        r"\b(?:answer|reply|respond|describe it|say it|sum it up)?\s?(?:in|with|using) (?:just |only "
        r"|exactly )?(?:one|a single) word(?=[.:?!,\n]|$)"
    ),
    re.IGNORECASE,
)
_ONE_SENTENCE = re.compile(
    r"\b(?:in|with|using) (?:just |only |exactly )?(?:one|a single) sentence(?=[.:?!,\n]|$)", re.IGNORECASE
)
_STOP = re.compile(r"[.!?](?=\s|$)|[。！？]")
_CANDIDATE = r"(?i)\d words?\b|\b(?:one|single) (?:word|sentence)\b|\d\s?字"
_MOST_IN_WORD, _MOST_IN_SENTENCE = 20, 4


@dataclass(frozen=True)
class TooLong(RowCheck):
    """Compares the first answer of a row with the limit that its prompt sets.

    Attributes:
        times: an answer is too long if it has more than so many times the words that were allowed.
    """

    severity: Severity = Severity.WARNING
    times: float = 3.0

    def examine(self, batch: Batch) -> pl.DataFrame:
        """One finding for an answer."""
        text = pl.col("text")
        asked = batch.prompts.filter(
            pl.col("role") == "user", pl.col("part") == "prompt", text.str.len_bytes() <= _LONGEST_PROMPT
        )
        signs = text.str.contains_any(["word", "sentence", "字"], ascii_case_insensitive=True)
        asked = sift(asked, signs, text.str.contains(_CANDIDATE))
        if asked.is_empty():
            return no_findings()
        answers = first_answers(asked, batch)
        said = [self._long(*pair) for pair in answers.select("asked", "text").iter_rows()]
        hits = answers.with_columns(pl.Series("word", said, pl.String)).drop_nulls("word")
        return found(hits, pl.format("the answer is far longer than {}", "word"), evidence=pl.col("word"))

    def _long(self, prompt: str, answer: str) -> str | None:
        """The limit, if the answer is far beyond it."""
        _, most, unit = wanted(prompt)
        if most is not None:
            return f"the {most} {unit} allowed" if length_in(answer, unit) > self.times * most else None
        if _ONE_WORD.search(prompt) and length_in(answer, "words") > _MOST_IN_WORD:
            return "one word"
        if _ONE_SENTENCE.search(prompt) and len(_STOP.findall(answer)) > _MOST_IN_SENTENCE:
            return "one sentence"
        return None


_LONGEST_PROMPT = 400
"""Bytes of a prompt beyond which it is a text that speaks of words."""
