"""The same input gives the same report, on any engine."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from curate.api import report_of, scan_inputs
from curate.core.check import CorpusCheck
from curate.core.plan import Plan
from curate.engines import local
from curate.engines.local import InlineEngine, PoolEngine
from curate.engines.registry import check_names, load_check
from curate.formats import chunk
from tests.engines_lab import LabEngine
from tests.faults import FAULTS, file_with

if TYPE_CHECKING:
    from pathlib import Path

    from curate.engines.local import Engine


@pytest.fixture
def corpus(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """All faults in one file, read in many small chunks."""
    path = tmp_path / "faults.jsonl"
    path.write_bytes(b"".join(file_with(fault) for fault in FAULTS) * 2)
    monkeypatch.setattr(chunk, "BLOCK", 4096)
    monkeypatch.setattr(local, "SMALL", 10)
    return path


def outcome(path: Path, engine: Engine) -> tuple[str, dict[str, list[tuple[object, ...]]]]:
    plan = Plan()
    scan = scan_inputs((str(path),), plan, engine=engine)
    found = {name: frame.rows() for name, frame in scan.found.items()}
    return json.dumps(report_of(scan, plan).to_dict()), found


@pytest.mark.parametrize("seed", range(3))
def test_pickled_shuffled_repeated_tasks_give_the_same(corpus: Path, seed: int) -> None:
    lab = LabEngine(seed)
    assert outcome(corpus, lab) == outcome(corpus, InlineEngine())
    assert lab.tasks > 20


def test_every_corpus_check_is_exercised(corpus: Path) -> None:
    _, found = outcome(corpus, InlineEngine())
    corpus_checks = {n for n in check_names() if isinstance(load_check(n), CorpusCheck)}
    assert corpus_checks
    assert corpus_checks <= set(found)


def test_worker_processes_give_the_same(corpus: Path) -> None:
    with PoolEngine(2) as pool:
        assert outcome(corpus, pool) == outcome(corpus, InlineEngine())
