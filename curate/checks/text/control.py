r"""A control character stands in the text.

Why     No reader sees it, yet the model learns to write it; often it is what is left of something else: a form feed
        of "\frac" after a missing backslash, 0x97 of a dash in Windows-1252.
Mend    Make the repairs that are certain: `curate fix {files} --select text.control -o {out}`. They take out
        what carries nothing (NUL, BELL, BACKSPACE, the escape sequences of a terminal) and put back signs of
        Windows-1252 and LaTeX backslashes. The rest, form feeds among them, has no repair: mend the export, or set
        the rows that are left aside with `curate drop {fixed} --select text.control -o {out}`.
Limits  C0 and C1 controls other than tab and line breaks; a form feed counts. Controls inside garbled UTF-8 belong to
        text.mojibake. Precision 1 by construction. On real data: 146 findings in T0 and dpo_en, 145 of them signs of
        Windows-1252 and one a LaTeX backslash; 14 of 14 repairs read were right.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from curate.core.check import Batch, RowCheck, Severity, found
from curate.core.examples import ask, chat, row
from curate.text.backquotes import is_within
from curate.text.escapes import ESCAPE_SEQUENCE
from curate.text.marks import Mark, mark
from curate.text.mojibake import repairs

if TYPE_CHECKING:
    from collections.abc import Iterator

CONTROLS = "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]"

_FOUND = re.compile(f"{ESCAPE_SEQUENCE.pattern}|(?:(?!{ESCAPE_SEQUENCE.pattern}){CONTROLS})+")
_NOTHING = frozenset("\x00\x07\x08")
_LATEX = {
    "\x07": ("a", re.compile("(?:lpha|pprox|ngle|st|rray|ligned)\\b")),
    "\x08": ("b", re.compile("(?:egin|eta|ar|ig|inom|oldsymbol|oxed|mod|f|ullet|old)(?![a-z])")),
    "\x0b": ("v", re.compile("(?:ec|ert|arphi|dots|ee|arepsilon|space)(?![a-z])")),
    "\x0c": ("f", re.compile("(?:rac|orall|lat|box)(?![a-z])")),
}
_NAMES = {
    0x00: "NULL",
    0x07: "BELL",
    0x08: "BACKSPACE",
    0x0B: "LINE TABULATION",
    0x0C: "FORM FEED",
    0x1A: "SUBSTITUTE",
    0x1B: "ESCAPE",
    0x7F: "DELETE",
    0x85: "NEXT LINE",
}

FLAGGED = (
    ask("Simplify.").answer("It is \\(\x0crac{y - 19}{x}\\).").at("\x0c"),
    ask("A pathetic movie\x85.").answer("Negative.").at("\x85"),
    ask("Print red.").answer("\x1b[31mred\x1b[0m").at("\x1b[31m"),
    chat(("user", "Hi"), ("assistant", "Hello\x00")).at("\x00"),
    row({"text": "page 1\x0cpage 2"}).at("\x0c"),
)
CLEAN = (
    ask("Simplify.").answer("It is \\(\\frac{y - 19}{x}\\).\r\n\tDone."),
    ask("Name the control character.").answer("\\x0c, U+000C, ␌"),
    ask("Who wrote it?").answer("It was him â\x80\x94 of course."),
)


@dataclass(frozen=True)
class Control(RowCheck):
    """Looks at every text that is trained on or given for C0 and C1 controls other than tab and line breaks."""

    severity: Severity = Severity.WARNING

    def examine(self, batch: Batch) -> pl.DataFrame:
        """One finding for each run of controls; those inside garbled UTF-8 belong to ``text.mojibake``."""
        texts = batch.texts.filter(pl.col("part") != "rejected", pl.col("text").str.contains(CONTROLS))
        message = pl.format("a control character stands in the {}: {}", "part", "word")
        return found(mark(texts, _controls), message, evidence=pl.col("word"))


def _controls(text: str) -> Iterator[Mark]:
    garbled = [(hit.start, hit.end) for hit in repairs(text)]
    for hit in _FOUND.finditer(text):
        if not is_within(garbled, hit.start()):
            yield Mark(*hit.span(), _name(hit[0][0]), _repair(text, *hit.span()))


def _name(char: str) -> str:
    return f"U+{ord(char):04X} {_NAMES.get(ord(char), 'control')}"


def _repair(text: str, start: int, end: int) -> str | None:
    """What the run was, if that is certain: a LaTeX backslash, signs of Windows-1252, or nothing at all.

    A BELL or BACKSPACE before a small letter may be what is left of a LaTeX command that is not listed, one between
    two characters prints them over each other, and a NUL between quotation marks is what the text is about.
    """
    run = text[start:end]
    if ESCAPE_SEQUENCE.fullmatch(run):
        return ""
    letter, rest = _LATEX.get(run, ("", None))
    if rest and rest.match(text, end):
        return f"\\{letter}"
    if _NOTHING.issuperset(run):
        return None if _may_mean(text, start, end) else ""
    try:
        return run.encode("latin-1").decode("cp1252") if min(run) >= "\x80" else None
    except UnicodeDecodeError:
        return None


def _may_mean(text: str, start: int, end: int) -> bool:
    """Whether a run of NUL, BELL and BACKSPACE may stand for something."""
    before, after = text[start - 1 : start], text[end : end + 1]
    if "\x00" in text[start:end]:
        return before != "" and before in "\"'" and after == before
    return after.islower() or ("\x08" in text[start:end] and bool(before.strip() and after.strip()))
