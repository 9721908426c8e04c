"""Splits: nothing is lost, nothing near crosses, and nothing depends on the order of rows."""

from __future__ import annotations

import json
import random
from collections import Counter
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from curate.core.errors import CurateError, UsageError
from curate.engines import splitting
from curate.engines.dealing import Dealing, Groups, deal
from curate.engines.local import PoolEngine
from curate.engines.splitting import Split, split
from curate.similarity.components import components, equal_keys
from tests.similarity import oracle

if TYPE_CHECKING:
    from pathlib import Path

WORDS = (
    *("mill", "river", "lantern", "harbour", "orchard", "tenant", "ledger"),
    *("copper", "violin", "winter", "saddle", "pepper", "anchor", "meadow"),
)
HALF = Dealing(("train", "test"), (1, 1))


def rows(count: int, seed: int = 1) -> list[dict[str, Any]]:
    """Rows of which a third nearly repeats an earlier one."""
    draw = random.Random(seed)  # noqa: S311 (not for secrets)
    made: list[dict[str, Any]] = []
    for at in range(count):
        asked = draw.choices(WORDS, k=30)
        if made and draw.random() < 0.33:
            asked = [*draw.choice(made)["instruction"].split()[:-1], draw.choice(WORDS)]
        answer = f"Answer {at}."
        made.append({"instruction": " ".join(asked), "input": "", "output": answer, "user": f"u{at % 9}"})
    return made


def write(path: Path, lines: list[dict[str, Any]]) -> Path:
    path.write_text("".join(json.dumps(one, ensure_ascii=False) + "\n" for one in lines), "utf-8")
    return path


def run(folder: Path, lines: list[dict[str, Any]], dealing: Dealing | None = None, **options: Any) -> Split:
    return split(
        write(folder / "data.jsonl", lines), out=folder / "out", dealing=dealing, force=True, **options
    )


def read(folder: Path, name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (folder / "out" / f"{name}.jsonl").read_bytes().splitlines()]


def crossing(parts: list[list[str]], n: int, t: Fraction) -> int:
    """Pairs of texts of different parts, counted by brute force."""
    numbers: dict[tuple[str, ...], int] = {}
    sets = [oracle.number(texts, n, numbers) for texts in parts]
    return sum(len(oracle.all_pairs(one, two, t)) for at, one in enumerate(sets) for two in sets[at + 1 :])


def test_every_row_is_in_one_split_byte_for_byte(tmp_path: Path) -> None:
    done = run(tmp_path, rows(200))
    given = (tmp_path / "data.jsonl").read_bytes().splitlines(keepends=True)
    out = [path.read_bytes().splitlines(keepends=True) for path in done.outputs]
    assert Counter(line for lines in out for line in lines) == Counter(given)
    assert [len(lines) for lines in out] == list(done.counts.values())
    assert all(lines == [one for one in given if one in set(lines)] for lines in out)
    told = [json.loads(line) for line in done.manifest.read_bytes().splitlines()]
    assert [line["row"] for line in told[1:-1]] == list(range(1, 201))
    assert Counter(line["split"] for line in told[1:-1]) == done.counts
    assert told[-1]["rows"] == {**done.counts, "quarantined": 0, "left_out": 0}
    kept_together = {line["group"]: line["split"] for line in told[1:-1]}
    assert all(kept_together[line["group"]] == line["split"] for line in told[1:-1])


def test_no_near_pair_crosses_by_brute_force(tmp_path: Path) -> None:
    done = run(tmp_path, rows(300), HALF)
    parts = [[row["instruction"] for row in read(tmp_path, name)] for name in HALF.names]
    assert min(map(len, parts)) > 120
    assert crossing(parts, 3, HALF.threshold) == 0
    every = [row["instruction"] for row in rows(300)]
    assert crossing([every[::2], every[1::2]], 3, HALF.threshold) > 50
    assert all(proof.crossing == 0 and proof.kept_apart for proof in done.proofs)


def test_ratios_are_met(tmp_path: Path) -> None:
    assert run(tmp_path, rows(400)).counts == {"train": 360, "validation": 20, "test": 20}


def test_the_order_of_rows_does_not_matter_and_the_seed_does(tmp_path: Path) -> None:
    lines = rows(120)
    run(tmp_path, lines, HALF)
    first = {row["output"] for row in read(tmp_path, "test")}
    random.Random(3).shuffle(lines)  # noqa: S311 (not for secrets)
    run(tmp_path, lines, HALF)
    assert {row["output"] for row in read(tmp_path, "test")} == first
    run(tmp_path, lines, Dealing(HALF.names, HALF.ratio, seed=5))
    assert {row["output"] for row in read(tmp_path, "test")} != first


def test_workers_deal_the_same(tmp_path: Path) -> None:
    run(tmp_path, rows(60), HALF)
    first = (tmp_path / "out" / "test.jsonl").read_bytes()
    with PoolEngine(2) as engine:
        run(tmp_path, rows(60), HALF, engine=engine)
    assert (tmp_path / "out" / "test.jsonl").read_bytes() == first


@pytest.mark.parametrize(
    ("one", "two"),
    [
        (
            {"instruction": "Name animals", "output": "Cats."},
            {"instruction": "please name animals!", "output": "Dogs."},
        ),
        (
            {"instruction": "Who?", "output": "He said it. " * 30},
            {"instruction": "What?", "output": "he said  it. " * 30},
        ),
        (
            {"messages": [{"role": "system", "content": "A"}, {"role": "user", "content": "Why?"}]},
            {"messages": [{"role": "system", "content": "B"}, {"role": "user", "content": "Why?"}]},
        ),
    ],
)
def test_what_asks_or_answers_the_same_stays_together(
    tmp_path: Path, one: dict[str, Any], two: dict[str, Any]
) -> None:
    for seed in range(8):
        done = run(tmp_path, [one, two], Dealing(HALF.names, HALF.ratio, seed=seed))
        assert sorted(done.counts.values()) == [0, 2]


def test_rows_of_a_user_stay_together_and_near_pairs_that_cross_are_told(tmp_path: Path) -> None:
    done = run(tmp_path, rows(200), Dealing(HALF.names, HALF.ratio, by=("user",)))
    users = [{row["user"] for row in read(tmp_path, name)} for name in HALF.names]
    assert not users[0] & users[1]
    assert len(users[0] | users[1]) == 9
    (near,) = [proof for proof in done.proofs if proof.what == "near ask"]
    assert near.crossing > 0
    assert not near.kept_apart


def test_rows_about_a_document_stay_together(tmp_path: Path) -> None:
    texts = [" ".join(random.Random(at).choices(WORDS, k=80)) for at in range(20)]  # noqa: S311 (not for secrets)
    lines = [
        {"instruction": " ".join(WORDS[ask : ask + 9]), "input": f"Read:\n\n{text}", "output": str(ask)}
        for text in texts
        for ask in range(4)
    ]
    split_by = run(tmp_path, lines, Dealing(HALF.names, HALF.ratio, by=("document",)))
    given = [{row["input"] for row in read(tmp_path, name)} for name in HALF.names]
    assert len(given[0]) == len(given[1]) == 10
    assert split_by.groups == 20


def test_each_split_gets_its_share_of_each_stratum(tmp_path: Path) -> None:
    lines = [
        {"instruction": f"{WORDS[at % 14]} {at}", "output": "x", "kind": "ab"[at % 10 == 0]}
        for at in range(400)
    ]
    done = run(tmp_path, lines, Dealing(stratify="kind"))
    assert done.strata == {
        "a": {"train": 324, "validation": 18, "test": 18},
        "b": {"train": 36, "validation": 2, "test": 2},
    }


def test_a_group_that_no_small_split_has_room_for_goes_to_the_large_one(tmp_path: Path) -> None:
    lines = [{"instruction": "Why is that so?", "output": f"Because of {at}."} for at in range(30)] + rows(
        170
    )
    done = run(tmp_path, lines)
    assert done.too_large >= 1
    assert done.largest[0] >= 30
    assert sum(row["instruction"] == "Why is that so?" for row in read(tmp_path, "train")) == 30
    assert done.counts["test"] == 10


def test_a_preamble_before_every_prompt_does_not_make_one_group(tmp_path: Path) -> None:
    preamble = (
        "You are a careful clerk of the archive who answers every question in one short and polite sentence. "
        * 2
    )
    lines = [
        {**row, "instruction": preamble + row["instruction"][:40] + f" {at}"}
        for at, row in enumerate(rows(60))
    ]
    done = run(tmp_path, lines, HALF)
    assert done.preambles["near ask"] > 10
    assert done.largest[0] < 20


def test_unreadable_records_are_in_no_split_and_in_the_manifest(tmp_path: Path) -> None:
    path = write(tmp_path / "data.jsonl", rows(20))
    path.write_bytes(path.read_bytes() + b'{"instruction": "cut\n' + b"\xff\xfe not text\n")
    done = split(path, out=tmp_path / "out")
    assert done.quarantined == 2
    lost = [json.loads(line) for line in done.manifest.read_bytes().splitlines()[-3:-1]]
    assert [(line["action"], line["line"]) for line in lost] == [("quarantine", 21), ("quarantine", 22)]
    assert lost[0]["raw"] == '{"instruction": "cut\n'


@pytest.mark.parametrize("name", ["data.json", "data.csv", "data.jsonl.gz", "data.parquet"])
def test_other_containers(tmp_path: Path, name: str) -> None:
    import polars as pl  # noqa: PLC0415 (kept beside its use)

    frame, path = pl.DataFrame(rows(40)), tmp_path / name
    if name == "data.json":
        path.write_text(json.dumps(rows(40), indent=1), "utf-8")
    elif name == "data.csv":
        frame.write_csv(path)
    elif name == "data.parquet":
        frame.write_parquet(path)
    else:
        import gzip  # noqa: PLC0415 (the same)

        path.write_bytes(gzip.compress(write(tmp_path / "x.jsonl", rows(40)).read_bytes()))
    done = split(path, out=tmp_path / "out", dealing=HALF)
    assert done.counts["train"] in range(18, 23)
    assert sum(done.counts.values()) == 40
    assert [path.name for path in done.outputs] == [f"{part}{name[4:]}" for part in HALF.names]


def test_plain_texts_are_compared_as_a_whole(tmp_path: Path) -> None:
    texts = [row["instruction"] for row in rows(40)]
    done = run(tmp_path, [{"text": text} for text in texts], HALF)
    assert done.groups > 20
    assert (
        crossing([[row["text"] for row in read(tmp_path, name)] for name in HALF.names], 3, HALF.threshold)
        == 0
    )


@pytest.mark.parametrize("stratify", ["", "kind"])
def test_without_rows_there_is_nothing_to_deal(tmp_path: Path, stratify: str) -> None:
    done = run(tmp_path, [], Dealing(stratify=stratify))
    assert set(done.counts.values()) == {0}
    assert [path.read_bytes() for path in done.outputs] == [b""] * 3


def test_several_inputs_keep_their_names(tmp_path: Path) -> None:
    one, two = write(tmp_path / "one.jsonl", rows(30)), write(tmp_path / "two.jsonl", rows(30, seed=2))
    done = split(one, two, out=tmp_path / "out", dealing=HALF)
    names = [path.relative_to(tmp_path / "out").as_posix() for path in done.outputs]
    assert names == ["train/one.jsonl", "train/two.jsonl", "test/one.jsonl", "test/two.jsonl"]
    assert sum(len(path.read_bytes().splitlines()) for path in done.outputs) == 60


def test_if_a_pair_crosses_nothing_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A dealing that divides groups, as a fault of curate would."""
    divided = lambda groups, *_: np.arange(len(groups.sizes)) % 2  # noqa: E731 (a stub)
    monkeypatch.setattr(splitting, "deal", divided)
    monkeypatch.setattr(splitting, "group_rows", lambda compared, _: np.arange(len(compared.rows)))
    with pytest.raises(CurateError, match="cross the splits"):
        run(tmp_path, rows(100), HALF)
    assert list((tmp_path / "out").iterdir()) == []


def test_nonsense_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path / "data.jsonl", rows(10))
    for dealing in (
        Dealing(ratio=(90, 10)),
        Dealing(("all",), (1,)),
        Dealing(("a", "a"), (1, 1)),
        Dealing(("a", "../b"), (1, 1)),
        Dealing(("a", "b"), (1, 0)),
        Dealing(by=("nothing",)),
        Dealing(stratify="nothing"),
    ):
        with pytest.raises(UsageError):
            split(path, out=tmp_path / "out", dealing=dealing)
    split(path, out=tmp_path / "out")
    with pytest.raises(UsageError, match="exists already"):
        split(path, out=tmp_path / "out")
    with pytest.raises(UsageError, match="never overwritten"):
        split(tmp_path / "out" / "train.jsonl", out=tmp_path / "out", force=True)


def test_components_are_those_of_a_search() -> None:
    draw = np.random.default_rng(7)
    for count in (1, 10, 300):
        i, j = draw.integers(0, count, (2, count // 2))
        label = components(count, i, j)
        lowest = list(range(count))
        for _ in range(count):
            for one, two in zip(i, j, strict=True):
                lowest[one] = lowest[two] = min(lowest[one], lowest[two])
        assert label.tolist() == lowest
    assert [part.tolist() for part in equal_keys(np.array([5, 7, 5, 5]))] == [[0, 0], [2, 3]]
    assert [part.tolist() for part in equal_keys(np.array([5, 5]), np.array([3, 9]))] == [[3], [9]]


def test_small_groups_are_dealt_without_regard_to_their_size() -> None:
    """Groups of one and of two are in the same proportion everywhere."""
    draw = np.random.default_rng(3)
    sizes = np.repeat([1, 2], 500)
    marks = draw.integers(0, 2**63, 1000).astype(np.uint64)
    groups = Groups(np.repeat(np.arange(1000), sizes), sizes, marks)
    chosen = deal(groups, [""] * 1000, Dealing(ratio=(8, 1, 1)))
    shares = [float((sizes[chosen == at] == 2).mean()) for at in range(3)]
    assert all(0.38 < share < 0.62 for share in shares)


def test_real_questions_do_not_cross_by_brute_force(tmp_path: Path, real_data: Path) -> None:
    done = split(real_data / "medquad" / "medquad_health.jsonl", out=tmp_path / "out")
    parts = [read(tmp_path, name) for name in ("train", "validation", "test")]
    assert crossing([[row["instruction"] for row in part] for part in parts], 3, Fraction(7, 10)) == 0
    assert sum(map(len, parts)) == 3837
    assert done.counts["test"] in range(180, 204)
