"""The page of what grammar may change without a reader, made from the table of trust."""

from __future__ import annotations

from typing import TYPE_CHECKING

from curate.fixing.grammar import SAID
from curate.grammar.trust import ALONE, LEAST_BOUND, LEAST_SHARE, MOST_WRONG, load

if TYPE_CHECKING:
    from collections.abc import Sequence

    from curate.grammar.trust import Evidence

HEAD = f"""# Grammar: what is applied, and on what evidence

Generated from `curate/grammar/trust.json`, which
`python -m tests.evidence.grammar.measure harper languagetool` counts anew.

`curate fix` applies an edit of grammar without a reader only if a curated list proposes it, an engine confirms it, and
the two have been right together: in at least {LEAST_SHARE:.0%} of the cases, with a lower bound (Wilson, 95 %) of at
least {LEAST_BOUND}, and with at most {MOST_WRONG} wrong edits in 1,000 words of text that was right. Everything else
is a suggestion; a rule that is mostly wrong is only told.

*Right* counts the edits that take back an error which was injected into targets of MedQuAD, PubMedQA, chats and T0.
*Read* counts the edits of those targets (T0 aside) as they are, all of them read: how many mended a mistake, and how
many spoilt something. Injected errors are of kinds that are known to occur, in proportions that were chosen: the
shares are no forecast for other data. `curate grammar calibrate DATA` counts the same on yours.
"""
COLUMNS = (
    "| list | engine | rule | edits | right | read: right | read: wrong | at least | |\n"
    "|---|---|---|---:|---:|---:|---:|---:|---|"
)
SHOWN = 20
"""Edits of an engine's rule below which it is not listed by itself."""


def grammar_page() -> str:
    """The page."""
    lines = load().lines
    listed = [line for line in lines if line.guard != ALONE]
    alone = [line for line in lines if line.guard == ALONE and line.found >= SHOWN]
    said = "\n".join(f"- `grammar.{name}`: {what}." for name, what in SAID.items())
    parts = [
        HEAD,
        f"## Lists\n\nThe name of a list is the name of the edit's class in the ledger.\n\n{said}\n",
        "\n".join([COLUMNS, *map(_row, sorted(listed, key=lambda one: (one.guard, one)))]),
        _alone(alone),
    ]
    return "\n".join(parts) + "\n"


def _row(line: Evidence) -> str:
    counts = f"{line.found} | {line.right} | {line.kept} | {line.spoilt} | {line.low:.3f}"
    return f"| {line.guard} | {line.engine} | `{line.rule}` | {counts} | {line.safety} |"


def _alone(lines: Sequence[Evidence]) -> str:
    """The first suggestions of rules without a list: none of them is applied."""
    head = (
        "\n## Rules alone\n\nFirst suggestions of the engines' own rules on some of the same texts. What they do to"
        f" right text was not read, so none is applied. Rules with fewer than {SHOWN} edits are left out.\n\n"
        "| engine | rule | edits | right | at least | |\n|---|---|---:|---:|---:|---|"
    )
    rows = [
        f"| {line.engine} | `{line.rule}` | {line.found} | {line.right} | {line.low:.3f} | {line.safety} |"
        for line in sorted(lines, key=lambda one: (one.engine, -one.low, one.rule))
    ]
    return "\n".join([head, *rows])
