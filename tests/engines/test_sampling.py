"""Samples: bytes and ledger, no dependence on the order of rows or on workers, the contract, and what they cover."""

from __future__ import annotations

import json
from random import Random
from typing import TYPE_CHECKING

import pytest

from curate.config.load import load_plan
from curate.core.errors import UsageError
from curate.core.ledger import read_ledger
from curate.engines.local import PoolEngine
from curate.engines.sampling import sample
from curate.engines.sampling_choice import Rule
from curate.engines.undoing import undo

if TYPE_CHECKING:
    from pathlib import Path

    from curate.core.plan import Plan

pytest.importorskip("sklearn")

THINGS = ("lease", "loan", "patent", "tax", "fever", "heart", "python", "garden", "river", "poem")
ASKS = ("Explain the", "Write about a", "List what a", "How does the", "Translate the word")
ENDS = ("for a child", "in court", "in one line", "with care", "at night", "in winter", "by law", "of old")


def lines() -> list[str]:
    """400 rows, of which three in four are about one thing."""
    rng = Random(5)  # noqa: S311 (a test's data)
    rows = []
    for number in range(400):
        thing = "lease" if number % 4 else rng.choice(THINGS[1:])
        ask = "Explain the" if number % 4 else rng.choice(ASKS)
        prompt = f"{ask} {thing} {rng.choice(ENDS)} {rng.choice(ENDS)}"
        rows.append(json.dumps({"prompt": prompt, "completion": f"It is number {number}.", "kind": thing}))
    return rows


@pytest.fixture
def data(tmp_path: Path) -> Path:
    path = tmp_path / "data.jsonl"
    path.write_text("\n".join(lines()) + "\n", "utf-8")
    return path


def kinds(path: Path) -> list[str]:
    return [json.loads(line)["kind"] for line in path.read_text("utf-8").splitlines()]


@pytest.mark.parametrize("maximise", ["coverage", "random"])
def test_rows_are_copied_in_order_and_undo_gives_all_back(data: Path, maximise: str) -> None:
    out, back = data.with_name("out.jsonl"), data.with_name("back.jsonl")
    done = sample(data, out=out, rule=Rule(30, maximise))  # type: ignore[arg-type]
    rows = done.dropped.rows
    assert (rows.in_, rows.kept, rows.dropped, rows.quarantined) == (400, 30, 370, 0)
    taken = out.read_text("utf-8").splitlines()
    assert taken == [line for line in lines() if line in set(taken)]
    ledger = read_ledger(done.dropped.ledger)
    assert {(entry.check, entry.message) for entry in ledger.entries()} == {("sample", "not sampled")}
    undo(done.dropped.ledger, out, back)
    assert back.read_bytes() == data.read_bytes()


@pytest.mark.parametrize("maximise", ["coverage", "random"])
def test_neither_order_nor_workers_change_what_is_taken(data: Path, maximise: str) -> None:
    rule = Rule(30, maximise)  # type: ignore[arg-type]
    first, second, third = (data.with_name(f"{name}.jsonl") for name in "abc")
    sample(data, out=first, rule=rule)
    mixed = lines()
    Random(1).shuffle(mixed)  # noqa: S311 (the same)
    other = data.with_name("mixed.jsonl")
    other.write_text("\n".join(mixed) + "\n", "utf-8")
    sample(other, out=second, rule=rule)
    with PoolEngine(2) as engine:
        sample(data, out=third, rule=rule, engine=engine)
    assert sorted(first.read_text("utf-8").splitlines()) == sorted(second.read_text("utf-8").splitlines())
    assert first.read_bytes() == third.read_bytes()


def test_coverage_beats_chance_on_what_it_maximises(data: Path) -> None:
    done = sample(data, out=data.with_name("out.jsonl"), rule=Rule(40))
    compared = done.compared
    assert compared is not None
    assert compared.asked == 400
    for draw in compared.draws:
        assert compared.sample.coverage > draw.coverage
        assert compared.sample.openings > draw.openings
        assert compared.sample.cosine > draw.cosine


def test_a_draw_has_a_seed_and_no_copies_twice(data: Path) -> None:
    data.write_text("\n".join(lines()[:20] * 3) + "\n", "utf-8")
    outs = [data.with_name(f"{seed}.jsonl") for seed in (0, 1)]
    for seed, out in enumerate(outs):
        sample(data, out=out, rule=Rule(25, "random", seed))
    texts = [out.read_text("utf-8").splitlines() for out in outs]
    assert texts[0] != texts[1]
    assert all(len(one) == 25 for one in texts)


def contract(text: str) -> Plan:
    return load_plan(text, "curate.toml")


@pytest.mark.parametrize("maximise", ["coverage", "random"])
def test_the_contract_comes_first(data: Path, maximise: str) -> None:
    plan = contract(
        '[[coverage.cells]]\n"meta.kind" = ["river", "poem"]\nminimum = 4\n'
        '[[coverage.cells]]\n"meta.kind" = "lease"\nmaximum = "10%"\n'
    )
    out = data.with_name("out.jsonl")
    done = sample(data, out=out, rule=Rule(40, maximise), plan=plan)  # type: ignore[arg-type]
    found = kinds(out)
    assert len(found) == 40
    assert found.count("river") >= 4
    assert found.count("poem") >= 4
    assert found.count("lease") <= 4
    assert [cell[1] for cell in done.cells] == [found.count(kind) for kind in ("river", "poem", "lease")]


def test_caps_that_greed_runs_into_are_kept_all_the_same(tmp_path: Path) -> None:
    """Rows of both cells use up both caps; only with one of each is there room for four rows."""
    texts = ["red blue"] * 3 + ["red"] * 2 + ["blue"] * 2
    data = tmp_path / "data.jsonl"
    rows = (json.dumps({"prompt": f"{text} {at}", "completion": "a"}) for at, text in enumerate(texts))
    data.write_text("\n".join(rows) + "\n", "utf-8")
    plan = contract(
        '[coverage.facets]\ncolour = { pattern = "red|blue", in = "prompt" }\n'
        '[[coverage.cells]]\ncolour = ["red", "blue"]\nmaximum = 2\n'
    )
    for seed in range(6):
        out = tmp_path / f"{seed}.jsonl"
        done = sample(data, out=out, rule=Rule(4, "random", seed), plan=plan)
        assert done.dropped.rows.kept == 4
        assert [cell[1] for cell in done.cells] == [2, 2]


def test_what_the_contract_lacks_is_named(data: Path) -> None:
    plan = contract('[[coverage.cells]]\n"meta.kind" = "river"\nminimum = 100\n')
    out = data.with_name("out.jsonl")
    with pytest.raises(
        UsageError, match=r"meta\.kind=river: \d+ of 100 are missing \(\d+ in the data\)"
    ) as caught:
        sample(data, out=out, rule=Rule(200), plan=plan)
    assert caught.value.where == "curate.toml:1"
    assert not out.exists()


@pytest.mark.parametrize(("size", "told"), [(401, "400 that can be read"), (0, "is none")])
def test_sizes_that_make_no_sense(data: Path, size: int, told: str) -> None:
    with pytest.raises(UsageError, match=told):
        sample(data, out=data.with_name("out.jsonl"), rule=Rule(size))


def test_all_rows_are_a_sample(data: Path) -> None:
    out = data.with_name("out.jsonl")
    sample(data, out=out, rule=Rule(400))
    assert out.read_bytes() == data.read_bytes()
