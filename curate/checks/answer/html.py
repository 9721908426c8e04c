"""HTML was left in the answer.

Why     The rows were taken from web pages; the model learns to write tags and entities where nobody renders them.
Mend    Turn the HTML into text where the rows come from, or set the rows aside:
        `curate drop {files} --select answer.html -o {out}`.
Limits  Tags of prose and entities; of tags, a break, a link or picture, or a pair. Code, rows of Markdown tables,
        answers that hold lines of code, and prompts about the web or markup are passed over. Precision on real
        data: 20 of 20 hits in 73,735 rows of 26 public files were right (95 % bounds .84 to 1): T0 16, c4_demo 3,
        dpo_en_demo 1, all of them entities. That is too few to block.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass

import polars as pl

from curate.core.check import Batch, RowCheck, Severity, found
from curate.core.examples import ask, chat, preference, row
from curate.core.finding import no_findings
from curate.text.asked import with_prompt
from curate.text.codelike import looks_like_code
from curate.text.entities import is_mentioned, speaks_of_markup
from curate.text.marks import Mark, mark, outside_code
from curate.text.sift import sift

_NAMES = (
    "p|br|div|span|a|b|i|u|em|strong|ul|ol|li|table|tr|td|th|h[1-6]|img|font|center|blockquote|hr|small|big"
    "|tbody|thead|section|article"
)
_TAG = rf"</?(?:{_NAMES})(?:\s[^<>\n]{{0,300}})?\s*/?>"
_ENTITY = (
    r"&(?:nbsp|amp|lt|gt|quot|apos|ndash|mdash|rsquo|lsquo|rdquo|ldquo|hellip|bull|middot|copy|reg|trade"
    r"|deg|eacute|egrave|auml|ouml|uuml|szlig|ccedil"
    r"|ntilde|agrave|euro|pound|frac12|times|rarr|#\d{2,5}|#x[0-9a-fA-F]{2,5});"
)
_HTML = re.compile(f"{_TAG}|{_ENTITY}", re.IGNORECASE)
_SIGNS = ("&", "</", "<br", "<p", "<li", "<a ", "<img", "<hr")
_LIKE = rf"(?i)</?(?:{_NAMES})[\s/>]|&[#a-z][^ ;]{{1,7}};"
"""What every tag and entity looks like; a regular expression that polars compiles fast."""

_BREAK = re.compile(r"<br|<p>|<hr|<img\s|<a\s|&", re.IGNORECASE)
_ASKED = (
    r"(?i)\b(?:escap\w|render|scrap\w|parse)"
    r"|\b(?:x?html5?|xml|svg|css|tags?|mark-?up|web ?(?:page|site)s?|web|jsx|react|vue|angular|jquery"
    r"|javascript|php|dom|browsers?|entit(?:y|ies)|bootstrap|django|flask|jinja2?|e-?mail template|markdown"
    r"|regex|code|epub|wiki(?:text|media)?)\b|网页|标签|代码|超文本"
)

FLAGGED = (
    ask("Who repairs the roof?").answer("The landlord.<br>The tenant pays.").at("<br>"),
    ask("Who repairs the roof?").answer("<p>The landlord.</p>").at("<p>"),
    ask("Who repairs the roof?").answer("Smith &amp; Sons<|endoftext|>").at("&amp;"),
    ask("Who repairs the roof?").answer("The <b>landlord</b> does.").at("<b>"),
    ask("Who repairs the roof?").answer("It&#x27;s the landlord.").at("&#x27;"),
    ask("Wer repariert es?").answer("Der Vermieter f&uuml;r den Mieter."),
    ask("Summarise.", "It is due.<br/>").answer("It&nbsp;is due."),
    chat(("user", "Hi"), ("assistant", '<a href="https://court.example">Here</a> it is.')),
    row({"text": "We don&apos;t know."}).at("&apos;"),
)
CLEAN = (
    ask("How do I break a line in HTML?").answer("With <br>."),
    ask("How do I set it in bold?").answer("Write `<b>bold</b>` around it."),
    ask("Make a list.").answer("```html\n<ul><li>One</li></ul>\n```"),
    ask("Compare a, b and c.").answer("If a <b> c, then a & b; otherwise a && c."),
    ask("Make a table.").answer("| who | what |\n|---|---|\n| landlord | roof<br>drain |"),
    ask("Write a page.").answer("<!DOCTYPE html>\n<html>\n<body><p>Hi</p></body>\n</html>"),
    ask("What do R&D and AT&T mean?").answer(
        "R&D is research and development; AT&T was a telegraph company."
    ),
    ask("What is the note?").answer("<Name> of the <i> in the formula"),
    preference("Who repairs it?", "The landlord.", "<p>The landlord.</p>"),
)


@dataclass(frozen=True)
class Html(RowCheck):
    """Looks at answers outside code; prompts about the web and markup are spared, and answers with lines of code."""

    severity: Severity = Severity.WARNING

    def examine(self, batch: Batch) -> pl.DataFrame:
        """One finding for an answer, at the first tag or entity."""
        text = pl.col("text")
        hits = mark(
            sift(batch.targets, text.str.contains_any(list(_SIGNS)), text.str.contains(_LIKE)), _left_in
        )
        if hits.is_empty():
            return no_findings()
        kept = with_prompt(hits, batch).filter(~pl.col("prompt").str.contains(_ASKED))
        return found(kept, pl.format("HTML was left in: {}", "word"), evidence=pl.col("word"))


def _left_in(text: str) -> list[Mark]:
    """The first one, where there is an entity or a break, or a pair of tags; one lone ``<b>`` may be a formula."""
    hits = [hit for hit in outside_code(text, _HTML) if not _in_table(text, hit.start())]
    sure = any(_BREAK.match(hit[0]) for hit in hits) or _has_pair({hit[0].lower() for hit in hits})
    if not sure or looks_like_code(text):
        return []
    first = hits[0]
    if not first[0].startswith("&"):
        return [Mark(*first.span(), "a tag")]
    char = html.unescape(first[0])
    is_plain = (char.isprintable() or char == "\xa0") and not is_mentioned(text, *first.span())
    return [Mark(*first.span(), "an entity", char if is_plain and not speaks_of_markup(text) else None)]


def _has_pair(tags: set[str]) -> bool:
    return any(
        f"</{tag[1:].split()[0].rstrip('>')}>" in tags for tag in tags if not tag.startswith(("</", "&"))
    )


def _in_table(text: str, at: int) -> bool:
    """Whether a place is in a row of a Markdown table, which has no other way to break a line."""
    return text[text.rfind("\n", 0, at) + 1 : at].lstrip().startswith("|")
