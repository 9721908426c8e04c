"""Proposals from MedQuAD, each read by a person; a proposal that nobody has read fails."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING

from benchmarks.bar import ROOT, Outcome, needs_data, own_cpu, real_data
from curate.engines.terminology import discover_terms
from curate.terms.counting import Counts
from curate.terms.discover import ACRONYM, Verifier, groups_of

if TYPE_CHECKING:
    from pathlib import Path

    from curate.terms.discover import Group

READ = ROOT / "tests" / "evidence" / "terms" / "medquad_read.jsonl"
FIRST, FEWEST, SHARE, FASTEST = 50, 80, 0.8, 2_000
LINE = f"the first {FIRST} proposals from MedQuAD that are real"


def run() -> list[Outcome]:
    """The first ones, all that are no acronyms, and the speed."""
    folder = real_data()
    if folder is None:
        return [needs_data(LINE, f"≥ {SHARE:.0%}")]
    path = folder / "medquad" / "medquad_health.jsonl"
    groups = discover_terms(path)
    return [
        _share(LINE, groups[:FIRST], FIRST),
        _share(
            "all its proposals that are no acronyms that are real",
            [group for group in groups if group.kind != ACRONYM],
            FEWEST,
        ),
        _speed(path),
    ]


def name_of(group: Group) -> tuple[str, tuple[str, ...]]:
    """By what a proposal is known in the file of verdicts."""
    return group.kind, (*sorted(group.forms), *sorted(group.long))


def verdicts() -> dict[tuple[str, tuple[str, ...]], str]:
    """``real`` or ``wrong`` for what was read."""
    lines = map(json.loads, READ.read_text("utf-8").splitlines())
    return {(line["kind"], tuple(line["forms"])): line["verdict"] for line in lines}


def _share(line: str, groups: list[Group], fewest: int) -> Outcome:
    """A share of few proposals would say nothing, and none at all would be right without a proposal."""
    known = verdicts()
    said = Counter(known.get(name_of(group), "unread") for group in groups)
    told = ", ".join(f"{count} {word}" for word, count in sorted(said.items()))
    share = said["real"] / len(groups) if groups else 0.0
    is_held = len(groups) >= fewest and share >= SHARE and not said["unread"]
    return Outcome(
        line,
        f"{share:.0%} of {len(groups)} ({told})",
        f"≥ {SHARE:.0%} of at least {fewest}, none unread",
        is_held,
    )


def _speed(path: Path) -> Outcome:
    """Both passes, in CPU time of this process, without reading the file."""
    texts = [json.loads(line)["output"] for line in path.read_bytes().splitlines()]
    began = own_cpu()
    counts = Counts()
    counts.add(texts)
    verifier = Verifier(groups_of(counts))
    verifier.add(("", text) for text in texts)
    rate = len(texts) / (own_cpu() - began)
    size = sum(map(len, texts)) / len(texts)
    return Outcome(
        f"MedQuAD rows a CPU second, both passes ({size:,.0f} characters a row)",
        f"{rate:,.0f}",
        f"≥ {FASTEST:,}",
        rate >= FASTEST,
    )
