"""Repairs of characters: every edit on public rows was read, and garbled texts are turned back or left."""

from __future__ import annotations

from benchmarks.bar import Outcome, needs_data, real_data
from tests.evidence.text_repair.measure import edits, garbled, judged

_BAR = "every distinct edit read, none wrong"


def run() -> list[Outcome]:
    """Precision on public rows by class, the edits of GSM8K, and the Declaration misread in other code pages."""
    folder = real_data()
    lines = [needs_data("repairs on public rows", _BAR)] if folder is None else []
    if folder is not None:
        lines += [
            Outcome(
                f"{one.check} on public rows, read by hand",
                f"{one.right} of {one.read} right (Wilson from {one.lower:.3f}), {one.all} in all",
                _BAR,
                one.right == one.read,
            )
            for one in judged(folder)
        ]
        listed = [
            f"{one.check} {one.before!r}→{one.after!r} {one.left[-12:]!r}" for one in edits(folder / "gsm8k")
        ]
        lines.append(Outcome("edits in GSM8K, listed", "; ".join(listed) or "none", "listed", held=True))
    found = garbled()
    lines.append(
        Outcome(
            "runs of the Declaration misread in 15 code pages, turned back where it is certain",
            f"{found.sure - found.sure_wrong:,} of {found.sure:,} right, {found.unsure:,} only suggested "
            f"({found.unsure_wrong:,} of them wrong)",
            "none wrong",
            found.sure > 0 and not found.sure_wrong,
        )
    )
    changed = f"{found.clean_changed} of {found.clean:,}"
    lines.append(
        Outcome(
            "clean paragraphs in many languages that are taken for garbled",
            changed,
            "0",
            not found.clean_changed,
        )
    )
    return lines
