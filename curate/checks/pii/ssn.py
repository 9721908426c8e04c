"""A US social security number stands in the text.

Why     It identifies a person for life and opens accounts; a model can give it back word for word.
Mend    Put a placeholder in its place, `curate fix {files} --only pii -o {out}`, or set the
        rows aside: `curate drop {files} --select pii.ssn -o {out}`.
Limits  A number without "SSN" or "social security" before it is passed over; it has no check digit. On rows
        we generated and tuned on, 300 with one and 300 with a look-alike: precision 300 of 300 (Wilson .987
        to 1), recall 300 of 300. Precision on real data: unmeasured (no finding in 73,133 rows of 26 public
        files). Numbers of other countries are not looked for.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from curate.core.check import Batch, RowCheck, Severity, found
from curate.core.examples import ask, chat, corpus, preference
from curate.text.identifiers import OTHER_NUMBERS, Said, digits_of, made_up, nearer, seek
from curate.text.marks import Mark

if TYPE_CHECKING:
    from collections.abc import Iterator

_NUMBER = re.compile(
    r"(?<![\w.,$€£-])(?<!\d )(?!000|666"
    r"|9)\d{3}(?P<s>[- \u2011\u2013]?)(?!00)\d\d(?P=s)(?!0000)\d{4}(?![\w-]|[.,]\d| \d)",
    re.ASCII,
)
"""Areas, groups and serials that the Social Security Administration gives out."""

_WANTED = r"[0-9]{3}[^0-9]?[0-9]{2}[^0-9]?[0-9]{4}"
_WORDS = re.compile(
    r"\b(?:ssns?|social[ -]security|social(?= (?:is|number|#|no))|soc\. ?sec|seguro social)\b"
)
_NEAR = re.compile(
    rf"(?:{_WORDS.pattern})(?: ?(?:number|no|num|id|card)\b)?[^\w\n]{{0,5}}(?:\b(?:is|was|of|es|number"
    rf"|on file)\b[^\w\n]{{0,4}}){{0,3}}$"
)
_PUBLISHED = frozenset(
    ("078051120", "219099999", "457555462", "123456789", "123456788", "111223333", "123121234")
)
"""Numbers of advertisements and brochures, which belong to nobody."""

FLAGGED = (
    ask("Who is it?").answer("His SSN is 536-24-8817.").at("536-24-8817"),
    ask("Who is it?").answer("Social Security number: 536 24 8817.").at("536 24 8817"),
    ask("Who is it?").answer("SSN#536248817").at("536248817"),
    chat(
        ("assistant", "What is your social security number?"),
        ("user", "536-24-8817"),
        ("assistant", "Thanks."),
    ).at("536-24-8817"),
    preference("Who?", "I may not say.", "SSN 536-24-8817.").at("536-24-8817"),
)
CLEAN = (
    ask("Give an SSN.").answer(
        "The SSN 123-45-6789 and the SSN 078-05-1120 are examples; SSN 000-12-3456 is void, so is SSN 666-12-3456."
    ),
    ask("What is an SSN?").answer("An SSN looks like AAA-GG-SSSS, for instance ***-**-8817."),
    ask("Which part?").answer("Part 536-24-8817 fits; the case is 412-33-9021."),
    ask("Social security?").answer("Social Security paid 65,248,817 people; case 536-24-8817 was closed."),
    corpus(
        *(ask("Which?").answer(f"Ticket {536248817 + n}: social security form missing.") for n in range(20))
    ),
)


@dataclass(frozen=True)
class Ssn(RowCheck):
    """Numbers as they are given out, behind a word that says what they are."""

    severity: Severity = Severity.WARNING

    def examine(self, batch: Batch) -> pl.DataFrame:
        """One finding for each number."""
        hits = seek(batch, pl.col("text").str.contains(_WANTED), _numbers, long=True)
        return found(hits, "a US social security number stands in the text", evidence=pl.col("word"))


def _numbers(said: Said) -> Iterator[Mark]:
    for hit in _NUMBER.finditer(said.text):
        digits = digits_of(hit[0])
        if digits in _PUBLISHED or made_up(digits):
            continue
        before = said.ahead_of(hit.start(), 120)
        if nearer(_WORDS, OTHER_NUMBERS, before) and (
            hit["s"] or not said.text[: hit.start()].strip() or _NEAR.search(before)
        ):
            yield Mark(*hit.span(), "in groups" if hit["s"] else "a run of digits")
