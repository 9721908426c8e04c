"""The two sides of a preference pair answer different prompts.

Why     A trainer takes both sides for answers to one prompt: what it learns is which prompt came with which side.
Mend    Pair the rows anew where they come from, or set them aside: `curate drop {files} --select
        preference.differing-prompts -o {out}`.
Limits  Looks at pairs whose sides bring their own earlier turns: lists of messages, and transcripts of the form
        ``Human: … Assistant: …``. Roles and texts must be equal but for white space at the ends. Pairs in tables
        other than JSON are not looked at. Precision on real data: unmeasured.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

import polars as pl

from curate.core.check import Batch, RowCheck, Severity, found
from curate.core.examples import corpus, preference, row


def _chat(asked: str, answer: str) -> list[dict[str, str]]:
    return [{"role": "user", "content": asked}, {"role": "assistant", "content": answer}]


FLAGGED = (
    row({"chosen": _chat("Name a colour.", "Blue."), "rejected": _chat("Name a fruit.", "Red.")}),
    corpus(
        row(
            {
                "chosen_messages": _chat("Name a colour.", "Blue."),
                "rejected_messages": _chat("Name one.", "Red."),
            }
        ),
        row(
            {
                "chosen_messages": _chat("Name a colour.", "Blue."),
                "rejected_messages": _chat("Name a colour.", "Red."),
            }
        ),
    ).flags(0),
    row(
        {
            "chosen": [*_chat("Hi", "Hello"), *_chat("A colour?", "Blue.")],
            "rejected": _chat("A colour?", "Red."),
        }
    ),
    row(
        {
            "chosen": "\n\nHuman: A colour?\n\nAssistant: Blue.",
            "rejected": "\n\nHuman: A fruit?\n\nAssistant: Fig.",
        }
    ),
)
CLEAN = (
    row({"chosen": _chat("Name a colour.", "Blue."), "rejected": _chat("Name a colour. ", "Red.")}),
    row(
        {
            "prompt": "Name a colour.",
            "chosen": _chat("Name a colour.", "Blue."),
            "rejected": _chat("Name a colour.", "Red."),
        }
    ),
    row({"prompt": "Name one.", "chosen": [_chat("", "Blue.")[1]], "rejected": [_chat("", "Red.")[1]]}),
    row(
        {
            "chosen": "\n\nHuman: A colour?\n\nAssistant: Blue.",
            "rejected": "\n\nHuman: A colour?\n\nAssistant: Red.",
        }
    ),
    preference("Name a colour.", "Blue.", "Red."),
    preference("Who is the human?", "Human: me. Assistant: you.", "Assistant: you. Human: me."),
)

_SIDES = (("chosen", "rejected"), ("chosen_messages", "rejected_messages"))
_SAYS = ("role", "from", "content", "value", "text", "tool_calls")
_TRANSCRIPT = re.compile(r"\s*(?:Human|User): (.*)\n+Assistant:", re.DOTALL)


@dataclass(frozen=True)
class DifferingPrompts(RowCheck):
    """Reads the rows themselves, because a batch holds the shared prompt once."""

    severity: Severity = Severity.WARNING

    def examine(self, batch: Batch) -> pl.DataFrame:
        """One finding for each pair, at the rejected side."""
        text = pl.col("text")
        listed = pl.col("at").str.contains(r"^/rejected(?:_messages)?/[1-9]")
        told = text.str.contains(r"^\s*(?:Human|User): ") & text.str.contains("\nAssistant:", literal=True)
        sides = batch.turns.filter(pl.col("part") == "rejected")
        rows = batch.rows.join(sides.filter(listed | told), on="row", how="semi").select("row", "raw")
        places = [(number, at) for number, raw in rows.iter_rows() if (at := _differs(raw))]
        frame = pl.DataFrame(places, schema={"row": pl.Int64, "at": pl.String}, orient="row")
        return found(frame, "the rejected answer has another prompt than the chosen one")


def _differs(raw: bytes) -> str:
    """The pointer to the rejected side, if its earlier turns are not those of the chosen side."""
    try:
        value: dict[str, Any] = json.loads(raw)
    except ValueError:
        return ""
    for chosen, rejected in _SIDES:
        asked = _earlier(value.get(chosen)), _earlier(value.get(rejected))
        if asked[0] is not None and asked[1] is not None:
            return f"/{rejected}" if asked[0] != asked[1] else ""
    return ""


def _earlier(side: object) -> list[Any] | str | None:
    """What a side brings before its answer; None if it brings nothing to compare."""
    if isinstance(side, str):
        told = _TRANSCRIPT.match(side)
        return told[1].strip() if told else None
    if not isinstance(side, list) or len(side) < 2:  # noqa: PLR2004 (an answer alone has no prompt)
        return None
    return [_plain(turn) for turn in side[:-1]]


def _plain(turn: object) -> object:
    """What a turn says, and who says it, without white space at the ends; weights and the like do not count."""
    if not isinstance(turn, dict):
        return turn
    said = ((name, turn[name]) for name in _SAYS if name in turn)
    return {name: text.strip() if isinstance(text, str) else text for name, text in said}
