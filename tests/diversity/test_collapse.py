"""Planted collapse, and what the numbers of a file depend on."""

from __future__ import annotations

import json
import random
from typing import TYPE_CHECKING

import pytest

from benchmarks.bars.diversity_collapse import BLIND, MUST, is_monotone
from benchmarks.collapsing import COPIED, Row, collapsed
from curate.core.plan import Plan
from curate.diversity.topics import TopicModel
from curate.engines.diversity import Pool, draw_pool, near_groups, numbers_of
from curate.engines.local import InlineEngine, PoolEngine
from curate.engines.scan import scan
from curate.formats.sources import discover
from tests.diversity.corpora import varied

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

SHARES = (0, 0.3, 0.6, 0.9)


def _written(rows: Sequence[Row], path: Path) -> Path:
    lines = [json.dumps({"prompt": row.prompt, "completion": row.target}) for row in rows]
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return path


def _pool(path: Path, engine: InlineEngine | PoolEngine | None = None, size: int = 20_000) -> Pool:
    return draw_pool(scan(discover([path]), (), Plan()), engine or InlineEngine(), size)


@pytest.fixture(scope="module")
def measured(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[float]]:
    told: dict[str, list[float]] = {}
    path = tmp_path_factory.mktemp("collapse") / "rows.jsonl"
    for share in SHARES:
        pool = _pool(_written(collapsed(varied(900), share), path))
        for number in numbers_of(pool, TopicModel.fit(pool.prompts), size=400, resamples=6):
            told.setdefault(number.name, []).append(number.value)
    return told


@pytest.mark.parametrize("name", MUST)
def test_a_collapse_shows_at_every_step(name: str, measured: dict[str, list[float]]) -> None:
    assert is_monotone(name, measured[name]), measured[name]


def test_what_is_called_blind_is_measured(measured: dict[str, list[float]]) -> None:
    assert set(measured) >= BLIND


def test_copies_are_so_many_and_all_of_twenty_prompts() -> None:
    rows = varied(300)
    assert [len(collapsed(rows, share)) for share in SHARES] == [280] * 4
    before = {row.prompt for row in rows}
    fresh = [row for row in collapsed(rows, 0.5) if row.prompt not in before]
    assert len(fresh) > 100
    answers = {row.target[-60:] for row in fresh}
    assert len(answers) <= COPIED


def test_neither_order_nor_workers_nor_chunks_change_a_number(tmp_path: Path) -> None:
    rows = [*varied(300), *varied(40)]
    other = list(rows)
    random.Random(5).shuffle(other)  # noqa: S311 (a test)
    one, two = _pool(_written(rows, tmp_path / "a.jsonl")), _pool(_written(other, tmp_path / "b.jsonl"))
    assert (one.prompts, one.targets) == (two.prompts, two.targets)
    numbers = numbers_of(one, TopicModel.fit(one.prompts), resamples=3)
    assert numbers == numbers_of(two, TopicModel.fit(other_prompts(two)), resamples=3)
    with PoolEngine(2) as engine:
        assert _pool(tmp_path / "b.jsonl", engine).prompts == one.prompts


def other_prompts(pool: Pool) -> list[str]:
    return list(reversed(pool.prompts))


def test_a_sample_holds_copies_in_their_share(tmp_path: Path) -> None:
    rows = [Row("Same question?", "Yes.")] * 500 + varied(500)
    pool = _pool(_written(rows, tmp_path / "rows.jsonl"), size=200)
    assert len(pool.prompts) == 200
    assert pool.of == 1000
    assert 70 <= pool.prompts.count("Same question?") <= 130


def test_near_groups_have_no_chains() -> None:
    texts = [" ".join(f"w{at}" for at in range(start, start + 30)) for start in range(0, 60, 3)]
    groups = near_groups([*texts, "", "", "short one"])
    assert len(set(groups[-3:].tolist())) == 3
    assert len(set(groups[:20].tolist())) > 3


def test_rows_without_a_prompt_or_an_answer_are_measured_too(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_text('{"prompt": "", "completion": "A b c."}\n{"prompt": "Why?", "completion": ""}\n', "utf-8")
    pool = _pool(path)
    assert sorted(pool.prompts) == ["", "Why?"]
    assert numbers_of(pool, TopicModel.fit(pool.prompts))
