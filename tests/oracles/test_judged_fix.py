"""The judge itself can find fault: outputs that a careless fixer would write are told."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.oracles.judged_fix import judge

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("text", "check", "span", "after", "fault"),
    [
        ("Give 10\u00ad20 mg", "text.invisible", (7, 8), "", "meaning"),
        ("It is not\0able", "text.control", (9, 10), "", "meaning"),
        ("Use `\u00c3\u00a9` here", "text.mojibake", (5, 7), "é", "inside"),
        ("Use `</s>`", "template.leaked-token", (5, 9), "", "inside"),
        (
            "Der Hund ist in dem Haus und die Katze ist nicht auf der Strase.",
            "grammar.spelling",
            (57, 63),
            "Street",
            "european",
        ),
        ("a\u200b b", "text.invisible", (1, 2), "", ""),
    ],
)
def test_faults_are_told(  # noqa: PLR0913 (one edit)
    tmp_path: Path, text: str, check: str, span: tuple[int, int], after: str, fault: str
) -> None:
    start, end = span
    edit = {
        "action": "edit",
        "row": 1,
        "at": "/a",
        "check": check,
        "span": span,
        "before": text[start:end],
        "after": after,
    }
    for name, record in (
        ("in.jsonl", {"a": text}),
        ("out.jsonl", {"a": text[:start] + after + text[end:]}),
        ("ledger.jsonl", edit),
    ):
        (tmp_path / name).write_text(json.dumps(record) + "\n")
    found = judge(tmp_path / "in.jsonl", tmp_path / "out.jsonl", tmp_path / "ledger.jsonl")
    assert not found.unlike
    assert [name for name in ("inside", "meaning", "european") if getattr(found, name)] == (
        [fault] if fault else []
    )
