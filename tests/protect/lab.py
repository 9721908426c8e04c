"""The written cases of protected places and of the meaning lock, and whether each holds."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from curate.protect import broken, protected_spans

FOLDER = Path(__file__).parent


def cases() -> dict[str, list[dict[str, Any]]]:
    """Texts by family, each with what must be protected and what must stay free."""
    files = sorted((FOLDER / "cases").glob("*.jsonl"))
    return {path.stem: _lines(path) for path in files}


def pairs() -> list[dict[str, Any]]:
    """Two texts each, and the kinds of meaning in which they differ; none where the edit is allowed."""
    return _lines(FOLDER / "lock_pairs.jsonl")


def _lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def wrong_in(case: dict[str, Any]) -> list[str]:
    """What is not as the case says: every occurrence of a string counts."""
    text: str = case["text"]
    covered = [False] * len(text)
    for start, end, _ in protected_spans(text):
        covered[start:end] = [True] * (end - start)
    wrong = []
    for shown in case["protect"]:
        at = text.index(shown)
        if not all(covered[at : at + len(shown)]):
            wrong.append(f"not protected: {shown!r}")
    for shown in case["free"]:
        at = text.index(shown)
        if any(covered[at : at + len(shown)]):
            wrong.append(f"protected: {shown!r}")
    return wrong


def verdict(pair: dict[str, Any]) -> tuple[str, ...]:
    """What the lock says of a pair."""
    return broken(pair["before"], pair["after"], frozenset(pair.get("declares", ())))


def holds(pair: dict[str, Any]) -> bool:
    """Whether the lock lets pass what it should, and names the kind where it should not."""
    found = verdict(pair)
    return set(pair["broken"]) <= set(found) if pair["broken"] else not found
