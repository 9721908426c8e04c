"""How bad one affected token is, by check: the weight with which a problem's share of the training signal is ranked.

A weight is a power of ten, set by judgement and not measured: what a fault does to a trained model has hardly been
published for single faults. So the reason stands beside each grade, and a check's page says what evidence there is
("no evidence yet" where there is none). Powers of ten, because the order must only come out right where it is plain:
half a per cent of answers with a leaked end token is worse than no-break spaces in four rows of ten.

>>> harm_of("template.leaked-token").grade.value, harm_of("text.invisible").grade.value
('deadly', 'minor')
>>> 0.005 * harm_of("template.leaked-token").weight > 0.4 * harm_of("text.invisible").weight
True
"""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

from curate.core.finding import Severity


class Grade(StrEnum):
    """What a row with the fault teaches."""

    DEADLY = "deadly"
    SERIOUS = "serious"
    MINOR = "minor"


WEIGHTS = {Grade.DEADLY: 1.0, Grade.SERIOUS: 0.1, Grade.MINOR: 0.01}
"""A token of a deadly row counts as lost altogether; of a serious one a tenth, of a minor one a hundredth."""

MEANINGS = {
    Grade.DEADLY: "the row teaches the fault itself, or nothing",
    Grade.SERIOUS: "the row teaches what it should, and something unwanted with it",
    Grade.MINOR: "the row teaches what it should, a little less well",
}
"""What the grades mean, in the words of every page and report."""


class Graded(NamedTuple):
    """A grade, and why it is given."""

    grade: Grade
    why: str

    @property
    def weight(self) -> float:
        """How much of a token is counted as lost."""
        return WEIGHTS[self.grade]

    def __str__(self) -> str:
        return f"{self.grade} (weight {self.weight:g}): {self.why}"


D, S, M = Grade.DEADLY, Grade.SERIOUS, Grade.MINOR

FAMILIES = {
    "answer": Graded(S, "the model learns to answer like this"),
    "duplicate": Graded(M, "the row is right in itself; it only counts more than once"),
    "language": Graded(S, "the model learns to change language unasked"),
    "length": Graded(S, "training cuts the row, and the model learns an answer without its end"),
    "pii": Graded(S, "the model may recite what nobody may know"),
    "preference": Graded(S, "the pair prefers for another reason than the one that is meant"),
    "prompt": Graded(S, "the model learns to answer what it cannot know"),
    "require": Graded(M, "the row teaches what it should; nobody can say where it comes from"),
    "schema": Graded(S, "the row is not read as it was meant"),
    "template": Graded(S, "the model learns to write what belongs to the template"),
    "text": Graded(S, "the model learns to write signs that are no text"),
}
"""The grade of a family's checks, where the check itself has none below."""

CHECKS = {
    "answer.cut-off": Graded(D, "the model learns to stop in the middle"),
    "answer.echo": Graded(D, "the whole answer is at fault: the model learns to repeat the prompt"),
    "answer.no-end-mark": Graded(M, "the answer is whole; a full stop is missing"),
    "answer.placeholder": Graded(D, "the whole answer is at fault: there is nothing to train on"),
    "answer.refusal": Graded(D, "the whole answer is at fault: the model learns to decline"),
    "answer.repetition": Graded(D, "the model learns not to come to an end"),
    "answer.too-long": Graded(M, "the answer may be right as it is"),
    "answer.too-short": Graded(M, "the answer may be right as it is"),
    "duplicate.conflict": Graded(M, "two answers to an open question may both be right"),
    "pii.secret": Graded(D, "a key that is recited once opens the account"),
    "preference.conflict": Graded(M, "pairs that contradict each other cancel out"),
    "preference.identical": Graded(M, "the pair prefers nothing, and teaches nothing"),
    "schema.answer-type": Graded(D, "there is no text to train on"),
    "schema.cell-cut": Graded(D, "the model learns to stop in the middle"),
    "schema.empty-answer": Graded(D, "there is nothing to train on"),
    "schema.encoding": Graded(M, "the text was read right; other readers may not"),
    "schema.no-messages": Graded(D, "there is nothing to train on"),
    "schema.no-target": Graded(D, "there is nothing to train on"),
    "schema.unknown-layout": Graded(D, "there is nothing to train on"),
    "template.leaked-token": Graded(D, "the model learns not to stop, or to speak for the user"),
    "template.second-instruction": Graded(D, "the model learns to go on with a task of its own"),
    "text.control": Graded(M, "the words are right; a sign that nobody sees stands among them"),
    "text.invisible": Graded(M, "the words are right; a sign that nobody sees stands among them"),
}
"""Checks that are graded by themselves."""

OWN = {
    Severity.ERROR: Graded(S, "not graded: a check of your own that blocks"),
    Severity.WARNING: Graded(M, "not graded: a check of your own that warns"),
    Severity.INFO: Graded(M, "not graded: a check of your own that informs"),
}
"""Checks in families of the team's own, which nobody has graded."""


def harm_of(check: str, severity: Severity = Severity.WARNING) -> Graded:
    """The grade of a check: its own, or its family's, or that of its severity."""
    return CHECKS.get(check) or FAMILIES.get(check.partition(".")[0]) or OWN[severity]
