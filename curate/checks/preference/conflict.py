"""A pair prefers what another pair of the same prompt rejects.

Why     Two opposite pairs cancel each other out; a circle of three has no order that a model could learn.
Mend    Keep the judgement that you trust: `curate drop {files} --select preference.conflict -o {out}` keeps
        the earlier.
Limits  Prompts and answers are compared after folding ASCII letter case and runs of white space, or not at all
        where the form matters, as in duplicate.exact. Pairs are taken in the order of the files, and one is
        reported if earlier ones say the opposite, directly or in a chain. Who is right is not judged. Precision 1
        by construction.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter

import polars as pl

from curate.core.check import Batch, CorpusCheck, Severity, found
from curate.core.examples import corpus, preference
from curate.text.fold import fold, form_matters, hash64

FLAGGED = (
    corpus(preference("A colour?", "Blue.", "Red."), preference("A colour?", "Red.", "blue. ")).flags(1),
    corpus(
        preference("A colour?", "Blue.", "Red."),
        preference("A colour?", "Red.", "Grey."),
        preference("A fruit?", "Fig.", "Pear."),
        preference("A colour?", "Grey.", "Blue."),
    ).flags(3),
    corpus(
        preference("A colour?", "Blue.", "Red."),
        preference("A colour?", "Red.", "Blue."),
        preference("A colour?", "Blue.", "Red."),
    ).flags(1),
)
CLEAN = (
    corpus(preference("A colour?", "Blue.", "Red."), preference("A colour?", "Blue.", "Red.")),
    corpus(preference("A colour?", "Blue.", "Red."), preference("A colour?", "Red.", "Grey.")),
    corpus(preference("A colour?", "Blue.", "Red."), preference("Another?", "Red.", "Blue.")),
    corpus(preference("Same?", "Blue.", "Blue."), preference("Same?", "Blue.", "Blue.")),
    corpus(preference("In upper case?", "BLUE", "blue"), preference("In upper case?", "BLUE", "Blue")),
)

DIGEST = pl.Schema({"key": pl.UInt64, "row": pl.Int64, "better": pl.UInt64, "worse": pl.UInt64})


@dataclass(frozen=True)
class Conflict(CorpusCheck):
    """Pairs grouped by the hash of their prompt."""

    severity: Severity = Severity.WARNING

    def digest(self, batch: Batch) -> pl.DataFrame:
        """``key``: the prompt; ``better`` and ``worse``: the hashes of the answers."""
        paired = batch.texts.filter(pl.col("part") == "rejected").select("row").unique()
        turns = batch.texts.join(paired, on="row", how="semi", maintain_order="left")
        strict = form_matters().any().over("row")
        cells = turns.select("row", "part", "text", strict.alias("strict")).iter_rows()
        lines = [_digested(row, list(said)) for row, said in groupby(cells, key=itemgetter(0))]
        return pl.DataFrame([line for line in lines if line], schema=DIGEST, orient="row")

    def judge(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Each pair that contradicts earlier ones, with the earlier pair that does so or begins the chain."""
        several = rows.filter(pl.len().over("key") > 1)
        hits: list[tuple[int, int, str]] = []
        for _, pairs in groupby(several.iter_rows(), key=itemgetter(0)):
            hits += _contradicting([(row, better, worse) for _, row, better, worse in pairs])
        schema = {"row": pl.Int64, "related": pl.Int64, "evidence": pl.String}
        frame = pl.DataFrame(hits, schema=schema, orient="row")
        message = "an earlier pair of the same prompt prefers what this one rejects"
        return found(frame, message, related=pl.col("related"), evidence=pl.col("evidence"))


def _digested(row: int, said: list[tuple[int, str, str, bool]]) -> tuple[int, int, int, int] | None:
    """The line of one pair, or None if a side is missing."""
    strict = said[0][3]
    targets = [at for at, (_, part, _, _) in enumerate(said) if part == "target"]
    rejected = [text for _, part, text, _ in said if part == "rejected"]
    if not targets or not rejected:
        return None
    asked = "\0".join(text for _, part, text, _ in said[: targets[-1]] if part != "rejected")
    sides = (said[targets[-1]][2], rejected[-1])
    better, worse = (hash64(fold(side, strict=strict)) for side in sides)
    return hash64(fold(asked, strict=strict)), row, better, worse


def _contradicting(pairs: list[tuple[int, int, int]]) -> list[tuple[int, int, str]]:
    """Pairs, in order, that would close a circle; those that stand never form one."""
    beats: dict[int, dict[int, int]] = {}
    hits = []
    for row, better, worse in pairs:
        if better == worse:
            continue
        opposite = beats.get(worse, {}).get(better)
        first = opposite if opposite is not None else _chain(beats, worse, better)
        if first is None:
            beats.setdefault(better, {}).setdefault(worse, row)
        else:
            hits.append((row, first, "opposite pair" if opposite is not None else "circle"))
    return hits


def _chain(beats: dict[int, dict[int, int]], start: int, goal: int) -> int | None:
    """The row that begins a chain of preferences from one answer to another."""
    queue = [(answer, row) for answer, row in beats.get(start, {}).items()]
    seen = {start}
    while queue:
        answer, row = queue.pop(0)
        if answer == goal:
            return row
        if answer not in seen:
            seen.add(answer)
            queue += [(after, row) for after in beats.get(answer, {})]
    return None
