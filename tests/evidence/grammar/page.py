"""The page of what grammar may change without a reader, made from the table of trust."""

from __future__ import annotations

from typing import TYPE_CHECKING

from curate.fixing.grammar import SAID
from curate.grammar.calibrating import BOTH, CONSENSUS
from curate.grammar.trust import ALONE, LEAST_BOUND, LEAST_READ, LEAST_SHARE, LEAST_WORDS, MOST_WRONG, load
from curate.text.wilson import wilson
from tests.evidence.grammar.measure import CLEAN_OF_SET, OF_SET, OF_SET_WHOLE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from curate.grammar.trust import Evidence

HEAD = f"""# Grammar: what is applied, and on what evidence

Generated from `curate/grammar/trust.json`, which
`python -m tests.evidence.grammar.measure harper languagetool` counts anew.

`curate fix` applies an edit of grammar without a reader only if a curated list proposes it, an engine confirms it, and
the two have been right together: in at least {LEAST_SHARE:.0%} of the cases, with a lower bound (Wilson, 95 %) of at
least {LEAST_BOUND}, and with at most {MOST_WRONG} wrong edits in 1,000 words of text that was right, of which at least
{LEAST_WORDS:,} words were looked at. Of the edits of that text which were read, the lower bound of the right ones must
be at least {LEAST_READ:.3f}, which takes eight that are all right: injected errors tell nothing of a phrase that only
looks like one ("if it gets worse then stop"). Everything else is a suggestion; a rule that is mostly wrong is only
told.

*Right* counts the edits that take back an error which was injected (seed 0) into targets of MedQuAD, PubMedQA, chats
and T0: up to {OF_SET:,} of each for the lists with Harper, {OF_SET_WHOLE} for rules alone, LanguageTool and both.
*Read* counts the edits of those targets (T0 aside) as they are, all of them read: how many mended a mistake, and how
many spoilt something. With Harper the lists saw all targets; LanguageTool and both engines saw some {CLEAN_OF_SET} of
each set; *words* tells how much that is. Injected errors are of kinds that are known to occur, in proportions that were
chosen: the shares are no forecast for other data. `curate grammar calibrate DATA` counts the same on yours.
"""
COLUMNS = (
    "| list | engine | rule | edits | right | words | read: right | read: wrong | at least | |\n"
    "|---|---|---|---:|---:|---:|---:|---:|---:|---|"
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
        _agreed(),
        _alone(alone),
    ]
    return "\n".join(parts) + "\n"


def _agreed() -> str:
    """What the evidence says of edits that two engines propose alike; empty if it was not counted."""
    line = load().by_key.get((BOTH, CONSENSUS, CONSENSUS))
    if line is None:
        return ""
    read = line.kept + line.spoilt
    injected, seen = wilson(line.right, line.found), wilson(line.kept, read)
    return (
        f"\nWhat both engines propose alike takes an error back in {line.right} of {line.found} edits of texts with"
        f" errors (at least {injected.low:.3f}).\nIn {line.words:,} words of targets as they are, {line.kept} of {read}"
        f" were right (at least {seen.low:.3f}), which is {line.spoils:.3f} wrong ones in 1,000 words.\n"
        f"All together: {line.share:.3f}, at least {line.low:.3f}. Such an edit is `{line.safety}`."
    )


def _row(line: Evidence) -> str:
    counts = f"{line.found} | {line.right} | {line.words:,} | {line.kept} | {line.spoilt} | {line.low:.3f}"
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
