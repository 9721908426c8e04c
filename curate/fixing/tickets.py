"""Takes out of tickets and mails what their writers did not say: quotes of earlier mails, signatures, notices, HTML.

Only where it is asked for (``--only ticket``): in a file of mails this is noise, in a file about mails it is content.
An answer that was asked to write, show or translate a mail is left alone, and so is anything that the answer needs: a
number in a signature that the answer repeats stays where it is.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, NamedTuple

import polars as pl

from curate.fixing.editor import Editor, Offered
from curate.fixing.seen import Line, offered
from curate.text import mail, mail_html

if TYPE_CHECKING:
    from collections.abc import Iterator

WHAT = (*mail.WHAT, "html")
"""Classes of edit, each ``ticket.WHAT``."""

SAID = {
    mail.QUOTED_REPLY: "an earlier mail is quoted",
    mail.SIGNATURE: "a signature with contacts",
    mail.DEVICE: "a line of the mail program",
    mail.DISCLAIMER: "a notice at the foot of a mail",
    "html": "the mail is written in HTML",
}
_ABOUT_MAILS = re.compile(
    r"(?i)\b(?:writ(?:e|ing)|draft\w*|compos\w+|rewrite|rephrase|translat\w+|format\w*|template|disclaimers?|signatures?"
    r"|footers?|forward|html|css|markup|web ?page|e-?mail (?:to|for)|schreib\w*|verfass\w*|entwirf|übersetz\w*"
    r"|formulier\w*|signatur|redact\w+|escrib\w+|traduc\w+|firma|r[ée]dig\w+|[ée]cri(?:s|re|vez)|tradui\w+)\b"
)
_ASKS_FOR_CODE = re.compile(
    r"(?i)\b(?:html|css|markup|tags?|web ?page|website|template|code|regex|parse\w*|scrap\w+)\b"
)
_SUSPECT = r"\S[ \t]*\r?\n[\s\S]*\S|</?[A-Za-z]"
"""Two lines, or a tag: one line alone holds nothing that could go."""

_TELLING = re.compile(r"[\w.@+-]*[\d@][\w.@+-]{2,}|(?<=[a-z,] )[A-ZÄÖÜÉ][\w-]{3,}")
_LAST_SIGN = ".,;:!?"


class _Edit(NamedTuple):
    start: int
    end: int
    after: str
    what: str


@dataclass(frozen=True)
class Tickets(Editor):
    """Offers to take out what a mail holds beside its writer's words.

    Attributes:
        take: classes of edit, of ``WHAT``.
    """

    kind: ClassVar[str] = "ticket"
    parts: ClassVar[tuple[str, ...]] = ("prompt", "context", "target", "rejected")
    locked: ClassVar[bool] = False
    by_text: ClassVar[bool] = False

    take: tuple[str, ...] = WHAT

    def offers(self, texts: pl.DataFrame) -> Offered:
        """One offer for each run of lines, or for each tag."""
        texts = texts.unique(["row", "at"], keep="first", maintain_order=True)
        answers = dict(
            texts.filter(pl.col("part") == "target")
            .group_by("row")
            .agg(pl.col("text").str.join(" \n"))
            .iter_rows()
        )
        lines: list[Line] = []
        suspects = texts.filter(pl.col("text").str.contains(_SUSPECT))
        names = ("row", "at", "part", "text", "given")
        for row, at, part, text, given in suspects.select(names).iter_rows():
            for edit in self._edits(text, part, given, answers.get(row, "")):
                told = (
                    f"{SAID[edit.what]}: it is {'turned into text' if edit.what == 'html' else 'taken out'}"
                )
                lines.append(Line(row, at, edit.start, edit.end, edit.after, f"ticket.{edit.what}", told))
        return offered(lines)

    def _edits(self, text: str, part: str, given: str, answers: str) -> list[_Edit]:
        is_given = part in ("prompt", "context")
        if not is_given and _ABOUT_MAILS.search(given):
            return []
        if mail_html.is_html(text):
            wanted = "html" in self.take and not _ASKS_FOR_CODE.search(
                given if not is_given else _words(text)
            )
            return list(self._of_html(text)) if wanted else []
        found = mail.cuts(text, self.take)
        if is_given:
            rest = _without(text, found)
            found = [cut for cut in found if not _is_needed(text[cut.start : cut.end], rest, answers)]
        return [_Edit(cut.start, cut.end, "", cut.what) for cut in found]

    def _of_html(self, text: str) -> Iterator[_Edit]:
        """What an earlier mail says goes as a whole; of the rest, each tag becomes what it stands for."""
        quoted = mail_html.cited(text) if mail.QUOTED_REPLY in self.take else []
        if not _words("".join(_outside(text, quoted))).strip():
            quoted = []
        at = 0
        for start, end in [*quoted, (len(text), len(text))]:
            for piece in mail_html.pieces(text[at:start]):
                yield _Edit(at + piece.start, at + piece.end, piece.after, "html")
            if start < end:
                follows = _words(text[end:]).strip()
                yield _Edit(start, end, "\n" if follows else "", mail.QUOTED_REPLY)
            at = end


def _words(text: str) -> str:
    """A text without its tags."""
    return re.sub(r"<[^<>]*>", " ", text)


def _outside(text: str, spans: list[tuple[int, int]]) -> Iterator[str]:
    at = 0
    for start, end in spans:
        yield text[at:start]
        at = end
    yield text[at:]


def _without(text: str, cuts: list[mail.Cut]) -> str:
    return "".join(_outside(text, [(cut.start, cut.end) for cut in cuts]))


def _is_needed(cut: str, rest: str, answers: str) -> bool:
    """Whether the answers repeat a number, an address or a name that would be gone from what is given."""
    said = {hit[0].strip(_LAST_SIGN) for hit in _TELLING.finditer(answers)}
    return any(word in cut and word not in rest for word in said if word)
