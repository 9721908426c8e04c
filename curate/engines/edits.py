"""Facts about a fix for the pages: counts by class, and edits side by side, masked before anything is cut."""

from __future__ import annotations

from typing import TYPE_CHECKING

from curate import __version__
from curate.core.edits import EditClass, Edits, Shown
from curate.core.report import Place
from curate.engines.private import shown_pointer, shown_text
from curate.engines.repairing_texts import apply
from curate.text.word_diff import word_diff

if TYPE_CHECKING:
    from curate.core.plan import Plan
    from curate.engines.repairing import Fixed
    from curate.engines.repairing_results import Sample

AROUND = 90
"""Characters of the text that are shown on either side of a difference."""


def edits_of(done: Fixed, plan: Plan) -> Edits:
    """What a fix did, with the samples that it was asked for."""
    samples: dict[tuple[str, str | None], list[Shown]] = {}
    for file, row, sample in done.samples if plan.show_text else ():
        edit = sample.edit
        key = (edit.change.check, None if edit.is_made else edit.refused)
        samples.setdefault(key, []).append(_shown(file, row, sample, plan))
    return Edits(
        version=__version__,
        rows=done.rows,
        made=tuple(
            EditClass(name, "", count, rows, tuple(samples.get((name, None), ())))
            for name, count, rows in done.edits
        ),
        suggested=tuple(
            EditClass(name, lock, count, rows, tuple(samples.get((name, lock), ())))
            for name, lock, count, rows in done.suggestions
        ),
        left=done.left,
        unchecked=done.unchecked,
        notes=done.notes,
        inputs=done.inputs,
        outputs=tuple(map(str, done.outputs)),
        ledger=str(done.ledger or ""),
        masked=not plan.show_pii,
        shows_text=plan.show_text,
    )


def _shown(file: str, row: int, sample: Sample, plan: Plan) -> Shown:
    edit, change = sample.edit, sample.edit.change
    alone = apply(sample.text, [change])
    old, new = (shown_text(text, plan, sample.private) for text in (sample.text, alone))
    before, others = word_diff(old, [new], around=AROUND)
    return Shown(
        place=Place(file, sample.line, row, "", shown_pointer(edit.at, plan), (change.start, change.end)),
        why=shown_text(change.message, plan),
        rule=", ".join(filter(None, (change.rule, change.engine))),
        refused=edit.refused,
        held=tuple(shown_text(word, plan, sample.private) for word in sample.held),
        before=before,
        after=others[0] or before,
    )
