"""A UK NHS number stands in the text.

Why     It identifies a patient for life; a model can give it back word for word.
Mend    Put a placeholder in its place, `curate fix {files} --only pii -o {out}`, or set the
        rows aside: `curate drop {files} --select pii.nhs -o {out}`.
Limits  A number without "NHS" directly before it is passed over; one ticket number in eleven has a right
        check digit. On rows we generated and tuned on, 300 with one and 300 with a look-alike: precision 300
        of 300 (Wilson .987 to 1), recall 300 of 300. Precision on real data: unmeasured (no finding in 73,133
        rows of 26 public files). Other patient numbers, names and dates of birth are not looked for.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from curate.core.check import Batch, RowCheck, Severity, found
from curate.core.examples import ask, chat, corpus, preference
from curate.text.identifiers import OTHER_NUMBERS, Said, digits_of, made_up, mod11, nearer, seek
from curate.text.marks import Mark

if TYPE_CHECKING:
    from collections.abc import Iterator

_NUMBER = re.compile(
    r"(?<![\w.,$€£+-])(?<!\d )(?=0[1-9]|[123]|4|6|7)\d{3}(?P<s>[ \u00a0-]?)\d{3}(?P=s)\d{4}(?![\w-]|[.,]\d| \d)",
    re.ASCII,
)
"""Ten digits in the ranges that are given out; those from 500, 800 and 900 on are not (NHS Data Dictionary)."""

_WANTED = r"[0-9]{3}[^0-9]?[0-9]{3}[^0-9]?[0-9]{4}"
_WORDS = re.compile(r"\bnhs\b|\bchi (?:number|no)\b")
_NEAR = re.compile(
    r"\b(?:nhs|chi)(?: ?(?:number|no|num|id|#)\b)?\.?[^\w\n]{0,4}(?:\b(?:is|was|of|for|the|patient|his|her"
    r"|my|number)\b[^\w\n]{0,3}){0,4}$"
)
_PUBLISHED = frozenset(("4010232137", "4505577104", "6328797966", "4000000004"))
"""Numbers that the NHS and public documents print as examples."""

FLAGGED = (
    ask("Who is it?").answer("NHS number: 485 777 3406.").at("485 777 3406"),
    ask("Who is it?").answer("Her NHS no. is 4857773406, seen on Monday.").at("4857773406"),
    chat(
        ("assistant", "Could you give me your NHS number?"),
        ("user", "485-777-3406"),
        ("assistant", "Thanks."),
    ).at("485-777-3406"),
    preference("Who?", "I may not say.", "NHS 4857773406.").at("4857773406"),
)
CLEAN = (
    ask("What is it?").answer("An NHS number such as 943 476 5919 or 999 123 4560 has ten digits."),
    ask("Call?").answer("Call the NHS on 020 7210 4850 or 111; ticket 4857773406."),
    ask("NHS?").answer("NHS number 485 777 3407 has a wrong check digit."),
    ask("Which?").answer("Our NHS contract 4857773406 and 485 777 3406 units were sold."),
    corpus(
        *(ask("Which?").answer(f"NHS desk, ticket {4000000000 + n}: NHS login fails.") for n in range(60))
    ),
)


@dataclass(frozen=True)
class Nhs(RowCheck):
    """The check digit, a range that is given out, and the words "NHS number" before it."""

    severity: Severity = Severity.WARNING

    def examine(self, batch: Batch) -> pl.DataFrame:
        """One finding for each number."""
        hits = seek(batch, pl.col("text").str.contains(_WANTED), _numbers, long=True)
        return found(hits, "an NHS number stands in the text", evidence=pl.col("word"))


def _numbers(said: Said) -> Iterator[Mark]:
    for hit in _NUMBER.finditer(said.text):
        digits = digits_of(hit[0])
        if not mod11(digits) or digits in _PUBLISHED or made_up(digits):
            continue
        before = said.ahead_of(hit.start(), 100)
        asked = hit.start() == 0 and nearer(_WORDS, OTHER_NUMBERS, before)
        if asked or _NEAR.search(before):
            yield Mark(*hit.span(), "in groups" if hit["s"] else "a run of digits")
