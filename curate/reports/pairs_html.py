"""The page of a deduplication: rows side by side, so that a person can judge what went and what stays.

It is as closed as the report (:mod:`curate.reports.html`): its Content-Security-Policy (W3C CSP Level 3) allows one
style by its SHA-256 hash, and no script at all. Differences are told by ``ins`` and ``del``, by signs, and by colour.
"""

from __future__ import annotations

import base64
import hashlib
from typing import TYPE_CHECKING

from markupsafe import Markup

from curate.reports import html_charts
from curate.reports.html import asset, environment
from curate.reports.html_text import visible

if TYPE_CHECKING:
    from curate.core.pairs import Group, Member, Piece, Removals, Section

NAMES = {"user": "Asks", "answer": "Answers", "answer 2": "Rejected, or goes on", "tools": "Offered tools"}
"""What turns are called; others by their role."""

STAYS = {
    "variant": "Both stay: they share most of their words, and what differs may change what is asked.",
    "same_document": "Both stay: they hold the same document, and ask something else about it.",
    "paraphrase": "Both stay: perhaps one ask in other words, but other words are never taken for the same.",
    "same_answer": "Both stay: the answers agree, and the asks do not.",
    "conflict": "Both stay: one ask with two answers. Which one is right, a person must say.",
}
OTHERWISE = "Both stay: they share many words, and nothing shows that they ask and teach the same."

MEANINGS = {
    "duplicate.exact": "copies, letter for letter",
    "duplicate.near": "near duplicates",
}

_GAPS = str.maketrans({" ": "␣", "\t": "⇥", "\n": "⏎"})
_ONE_LINE = 16
"""Characters of a difference that is not broken."""


def render_pairs_html(done: Removals) -> str:
    """The page as one HTML document that loads nothing; the same facts give the same bytes."""
    style = asset("report.css") + asset("pairs.css")
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    counts = dict(done.checks)
    return (
        environment()
        .get_template("pairs.html.j2")
        .render(
            done=done,
            policy=f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'",
            style=Markup(style),  # noqa: S704 (our own file, not data)
            lanes=html_charts.flow(done.rows),
            name=name,
            similar=similar,
            near=[group for group in done.groups if group.kind == "removed"],
            copies=[group for group in done.groups if group.kind == "copies"],
            counts={
                "near": counts.get("duplicate.near", 0),
                "exact": counts.get("duplicate.exact", 0),
                "other": [(name, count) for name, count in done.checks if name not in MEANINGS],
            },
            said=said,
            stays=stays,
            kinds=kinds,
            why=why,
        )
    )


def said(pieces: tuple[Piece, ...], *, goes: bool) -> Markup:
    """A text in which what the other row lacks is ``[-so-]`` where it goes and ``{+so+}`` where it stays."""
    return Markup().join(_piece(piece, goes=goes) for piece in pieces) or Markup("<i>empty</i>")


def _piece(piece: Piece, *, goes: bool) -> Markup:
    if piece.skipped:
        word = "character" if piece.skipped == 1 else "characters"
        return Markup('<span class="cut"> … {:,} {} … </span>').format(piece.skipped, word)
    if not piece.is_changed:
        return visible(piece.text)
    text = piece.text.translate(_GAPS) if piece.text.isspace() else piece.text
    tag, left, right = ("del", "[-", "-]") if goes else ("ins", "{+", "+}")
    sign = Markup('<span class="sign" aria-hidden="true">{}</span>')
    size = "one" if len(text) <= _ONE_LINE else "long"
    parts = Markup('<{} class="{}">').format(tag, size), sign.format(left), visible(text), sign.format(right)
    return Markup().join((*parts, Markup("</{}>").format(tag)))


def name(section: Section, before: Section | None) -> str:
    """What a turn is called after another one."""
    label = NAMES.get(section.name, section.name.capitalize())
    return f"{label}, continued" if before is not None and before.name == section.name else label


def kinds(member: Member) -> str:
    """The kinds of difference with their numbers."""
    found = [kind for kind, _, _ in member.differences]
    return ", ".join(
        kind if found.count(kind) == 1 else f"{kind} ({found.count(kind)} times)"
        for kind in dict.fromkeys(found)
    )


def similar(member: Member) -> str:
    """The similarity with two decimals; what is not the same never reads as 1."""
    return f"similarity {member.similarity if member.similarity >= 1 else min(member.similarity, 0.99):.2f}"


def why(member: Member) -> str:
    """Why a row goes, as a sentence."""
    return f"It {member.why}." if not member.why.startswith("its ") else f"I{member.why[1:]}."


def stays(group: Group) -> str:
    """Why rows that look alike stay, as a sentence."""
    return STAYS.get(group.kind, OTHERWISE)
