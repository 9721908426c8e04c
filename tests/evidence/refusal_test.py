"""What ``answer.refusal`` finds and leaves, against labels of real rows that are kept here without their texts.

Labels: ``refusal`` (declines the task and answers nothing of it), ``asks`` (for what is missing), ``limit`` (names the
tools or the body that it lacks), ``other`` (goes on to answer, plays a part, tells a story, speaks of itself), and
``unclear``, which is not counted. The rules were written with these rows in sight: the figures hold for them.
"""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from curate.checks.answer.refusal import Refusal
from curate.formats.parse import parse_chunk
from curate.formats.read import open_source
from curate.formats.sources import discover
from curate.text.wilson import wilson
from tests.evidence.refusal_sample import digest, drawn

if TYPE_CHECKING:
    import pytest

    from curate.core.batch import Batch

LABELS = [
    json.loads(line)
    for line in (Path(__file__).parent / "refusal_labels.jsonl").read_text("utf-8").splitlines()
]


def batch_of(rows: list[dict[str, object]], folder: Path) -> Batch:
    path = folder / "rows.jsonl"
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), "utf-8")
    (source,) = discover([str(path)]).sources
    (chunk,) = open_source(source, 0).chunks()
    return parse_chunk(chunk).batch


def test_the_labels_hold_no_text_and_are_enough() -> None:
    assert len(LABELS) >= 100
    assert all(set(label) == {"file", "line", "at", "hash", "label"} for label in LABELS)
    counts = Counter(label["label"] for label in LABELS)
    assert set(counts) == {"refusal", "asks", "limit", "other", "unclear"}
    assert len({label["hash"] for label in LABELS}) == len(LABELS)


def test_a_digest_names_prompt_and_text() -> None:
    assert digest("a", "b") != digest("a\0", "b")
    assert digest("a", "b") == digest("a", "b")


def test_precision_and_recall_on_real_rows(
    real_data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    label_of = {label["hash"]: label["label"] for label in LABELS}
    rows = [one for one in drawn(real_data) if label_of[str(one["hash"])] != "unclear"]
    assert len(rows) >= 200
    batch = batch_of([{"prompt": one["prompt"], "completion": one["text"]} for one in rows], tmp_path)
    flagged = set(Refusal().examine(batch)["row"].to_list())
    meant = {at for at, one in enumerate(rows) if label_of[str(one["hash"])] == "refusal"}
    right = len(flagged & meant)
    precision, recall = right / len(flagged), right / len(meant)
    with capsys.disabled():
        low, high = wilson(right, len(flagged))
        print(f"\nanswer.refusal: precision {right}/{len(flagged)} ({low:.2f}-{high:.2f})", end=", ")  # noqa: T201
        low, high = wilson(right, len(meant))
        print(f"recall {right}/{len(meant)} ({low:.2f}-{high:.2f}) on {len(rows)} rows")  # noqa: T201
    assert precision >= 0.9
    assert recall >= 0.9
