"""What ``curate fix`` would change, for the report: counted where checks offer repairs, else told from a sample.

Editors look at some rows only, spread evenly over the data: the report must not cost what the fix costs. Grammar is
looked at only if the plan names an engine.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import polars as pl

from curate.core.report import Excerpt, Foreseen, ForeseenEdit, Foresight, Place
from curate.engines.editors import equip
from curate.engines.private import shown_pointer, shown_text, taken_out
from curate.engines.repairing_choice import decide
from curate.engines.repairing_rows import offered
from curate.engines.rereading import parts
from curate.engines.staging import Asking, stages_of
from curate.formats.parse import parse_chunk
from curate.text.visible import shell_word
from curate.text.wilson import wilson

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from curate.core.batch import Batch
    from curate.core.plan import Plan
    from curate.engines.repairing_choice import Decision
    from curate.engines.repairing_locks import Spot
    from curate.engines.repairing_texts import Change
    from curate.engines.scan import Scan
    from curate.fixing.editor import Editor

SAMPLE = 1000
"""Rows that editors look at; the sampling error of a share is then at most 3 points."""

SLOW_SAMPLE = 200
"""Rows that editors of grammar look at."""

SHOWN = 3
BEFORE, AFTER = 60, 60


def foresee(scan: Scan, plan: Plan) -> Foresight | None:
    """What ``curate fix`` would change in the inputs of a scan; nothing is changed.

    Returns:
        None where there is nothing to fix: no row, or lines that are grouped.
    """
    if plan.mapping.group is not None or scan.index.is_empty():
        return None
    fix = replace(plan.fix, grammar=plan.fix.grammar or "off")
    if "grammar" in fix.only and not plan.fix.grammar:
        fix = replace(fix, only=tuple(kind for kind in fix.only if kind != "grammar"))
    asked = replace(plan, fix=fix)
    editors = equip(asked).editors
    seen = _Seen(scan, asked)
    most = SLOW_SAMPLE if any(editor.kind == "grammar" for editor in editors) else SAMPLE
    rows = _spread(len(scan.index), most) if editors else []
    with ExitStack() as stack:
        ready = tuple(stack.enter_context(editor.opened()) for editor in editors)
        for batch in _batches(scan, scan.index["row"][rows], plan) if rows else ():
            seen.look(batch, ready)
    return Foresight(
        rows=len(scan.index),
        looked=len(rows),
        kinds=tuple(dict.fromkeys(("text", *(editor.kind for editor in editors)))),
        classes=tuple(
            sorted((*_own(scan), *seen.classes(len(rows))), key=lambda one: (-one.share, one.name))
        ),
        unchecked=seen.unchecked,
        command=_command(scan, plan),
    )


def _command(scan: Scan, plan: Plan) -> str:
    files = " ".join(map(shell_word, scan.inputs.arguments))
    words = [f"--glossary {shell_word(plan.fix.glossary)}"] if plan.fix.glossary else []
    if plan.mapping:
        words.append(shown_text(plan.mapping.options, plan))
    return " ".join(["curate fix", files, *words, "--dry-run"]) if files else ""


def _spread(rows: int, most: int) -> list[int]:
    """Places in the index, evenly spread."""
    return [number * rows // most for number in range(most)] if rows > most else list(range(rows))


def _own(scan: Scan) -> Iterator[Foreseen]:
    """What checks offer, which was counted in all rows."""
    total = len(scan.index)
    for name, found in scan.found.items():
        offers = found.filter(pl.col("fix").is_not_null())
        if len(offers):
            rows = offers["row"].n_unique()
            yield Foreseen(name, len(offers), rows, rows / total, rows / total, rows / total, total)


def _batches(scan: Scan, wanted: pl.Series, plan: Plan) -> Iterator[Batch]:
    """Some rows as they are read, with the numbers that they have in all inputs."""
    for part in parts(scan, wanted):
        yield parse_chunk(part.chunk, plan.metadata).batch.renumbered(list(part.rows.values()))


def _private(made: Decision) -> tuple[str, ...]:
    """What edits of personal data would take out of a row."""
    chosen = ((spot, change) for spot, several in made.chosen.items() for change in several)
    suggested = ((spot, change) for spot, several in made.suggested.items() for change, _ in several)
    edits = (*chosen, *suggested)
    return taken_out((change.names, spot.text[change.start : change.end]) for spot, change in edits)


@dataclass
class _Seen:
    """What editors offer for the rows that they looked at."""

    scan: Scan
    plan: Plan
    edits: Counter[str] = field(default_factory=Counter)
    rows: Mapping[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    suggested: Counter[str] = field(default_factory=Counter)
    examples: Mapping[str, list[ForeseenEdit]] = field(default_factory=lambda: defaultdict(list))
    unchecked: int = 0

    def look(self, batch: Batch, editors: tuple[Editor, ...]) -> None:
        """Look at some rows."""
        pairs = set(batch.turns.filter(pl.col("part") == "rejected")["row"].to_list())
        asking = Asking(self.plan)
        for stage in stages_of((), editors, self.plan.fix.kinds):
            said = asking.offers(stage, batch)
            self.unchecked += len(said.unchecked)
            for row, spots in offered(said.offers, batch).items():
                made = decide(spots, is_pair=row in pairs, is_unsafe=self.plan.fix.is_unsafe)
                self.suggested.update(c.check for several in made.suggested.values() for c, _ in several)
                private = _private(made)
                for spot, chosen in made.chosen.items():
                    for change in chosen:
                        self._note(row, spot, change, private)

    def _note(self, row: int, spot: Spot, change: Change, private: tuple[str, ...]) -> None:
        self.edits[change.check] += 1
        self.rows[change.check].add(row)
        if len(self.examples[change.check]) < SHOWN:
            self.examples[change.check].append(self._example(row, spot, change, private))

    def _example(self, row: int, spot: Spot, change: Change, private: tuple[str, ...]) -> ForeseenEdit:
        line, file = self.scan.index.filter(pl.col("row") == row).select("line", "file").row(0)
        opened = self.scan.opened[file]
        span = (change.start, change.end)
        number = row - self.scan.first_rows[file] + 1
        place = Place(opened.source.name, line, number, "", shown_pointer(spot.at, self.plan), span)
        if not self.plan.show_text:
            return ForeseenEdit(place, None, "")
        text = shown_text(spot.text, self.plan, private)
        low, high = max(0, change.start - BEFORE), min(len(text), change.end + AFTER)
        mark = (change.start - low, change.end - low)
        excerpt = Excerpt(text[low:high], mark, cut_before=low > 0, cut_after=high < len(text))
        return ForeseenEdit(place, excerpt, shown_text(change.after, self.plan))

    def classes(self, looked: int) -> Iterator[Foreseen]:
        """The classes of what would be made, or suggested."""
        is_all = looked == len(self.scan.index)
        for name in sorted({*self.edits, *self.suggested}):
            rows = len(self.rows[name])
            share = rows / looked
            low, high = (share, share) if is_all else wilson(rows, looked)
            yield Foreseen(
                name,
                self.edits[name],
                rows,
                share,
                low,
                high,
                looked,
                self.suggested[name],
                tuple(self.examples[name]),
            )
