"""What ``answer.refusal`` finds and leaves, against labels of real rows that are kept here without their texts.

Labels: ``refusal`` (declines the task and answers nothing of it), ``asks`` (for what is missing), ``limit`` (names the
tools or the body that it lacks), ``other`` (goes on to answer, plays a part, tells a story, speaks of itself), and
``unclear``, which is not counted. The rules were written with these rows in sight: the figures hold for them.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from tests.evidence.measure import public, read
from tests.evidence.refusal_sample import digest, drawn, speaks_of_itself

if TYPE_CHECKING:
    from pathlib import Path

LABELS = read("refusal_labels.jsonl")


def test_the_labels_hold_no_text_and_are_enough() -> None:
    assert len(LABELS) >= 100
    assert all(set(label) == {"file", "line", "at", "hash", "label"} for label in LABELS)
    counts = Counter(label["label"] for label in LABELS)
    assert set(counts) == {"refusal", "asks", "limit", "other", "unclear"}
    assert len({label["hash"] for label in LABELS}) == len(LABELS)


def test_a_digest_names_prompt_and_text() -> None:
    assert digest("a", "b") != digest("a\0", "b")
    assert digest("a", "b") == digest("a", "b")


def test_every_drawn_row_is_labelled(real_data: Path) -> None:
    rows = list(drawn(real_data))
    assert {str(one["hash"]) for one in rows} == {label["hash"] for label in LABELS}
    assert sum(speaks_of_itself(str(one["text"])) for one in rows) >= 100


def test_precision_and_recall_on_real_rows(real_data: Path) -> None:
    every, says_so = public(real_data)
    assert every.size >= 200
    assert says_so.size >= 100
    assert min(every.right / every.found, every.right / every.meant) >= 0.9
    assert says_so.right >= 0.9 * says_so.found
