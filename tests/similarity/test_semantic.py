from __future__ import annotations

import importlib.util
import json
import random
from itertools import combinations
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from curate.core.errors import MissingExtraError, UnreadableError, UsageError
from curate.similarity import semantic
from curate.similarity.embedding import NEEDED, Embedder, load_embedder
from curate.similarity.semantic import close_pairs

if TYPE_CHECKING:
    from pathlib import Path

    from curate.similarity.embedding import F32

WORDS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "what", "is", "gout", "rent", "?", "a", "the", "lease"]
INSTALLED = all(importlib.util.find_spec(name) is not None for name in NEEDED)
needs_model = pytest.mark.skipif(
    not INSTALLED, reason='needs torch and transformers: pip install ".[semantic]"'
)


def points(seed: int, count: int, width: int = 8) -> F32:
    """Vectors of length 1 in a few heaps, with exact copies among them and one vector of zeros."""
    drawn = np.random.default_rng(seed)
    middles = drawn.normal(size=(5, width))
    rows = middles[drawn.integers(5, size=count)] + 0.4 * drawn.normal(size=(count, width))
    unit = (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)
    unit[count // 2] = unit[count // 3]
    unit[-1] = 0
    return unit


def brute(vectors: F32, threshold: float, nearest: int) -> dict[tuple[int, int], float]:
    """The same, pair by pair, in Python's numbers."""
    rows = [[float(value) for value in row] for row in vectors]
    near: dict[int, list[tuple[float, int]]] = {at: [] for at in range(len(rows))}
    for i, j in combinations(range(len(rows)), 2):
        cosine = sum(a * b for a, b in zip(rows[i], rows[j], strict=True))
        if cosine >= threshold:
            near[i].append((-cosine, j))
            near[j].append((-cosine, i))
    return {
        (min(i, j), max(i, j)): -minus for i, others in near.items() for minus, j in sorted(others)[:nearest]
    }


@pytest.mark.parametrize("nearest", [1, 3, 100])
@pytest.mark.parametrize("threshold", [0.5, 0.8, 0.95])
def test_all_pairs_are_found_and_no_other(
    threshold: float, nearest: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(semantic, "ROWS", 7)
    monkeypatch.setattr(semantic, "COLUMNS", 16)
    monkeypatch.setattr(semantic, "SLICE", 5)
    vectors = points(3, 90)
    found = close_pairs(vectors, threshold, nearest)
    wanted = brute(vectors, threshold, nearest)
    assert len(wanted) > 10
    assert list(zip(found.i.tolist(), found.j.tolist(), strict=True)) == sorted(wanted)
    assert found.cosine == pytest.approx([wanted[pair] for pair in sorted(wanted)], abs=1e-12)


def test_tiles_change_no_bit(monkeypatch: pytest.MonkeyPatch) -> None:
    vectors = points(5, 120, width=33)
    whole = close_pairs(vectors, 0.6, 4)
    for rows, columns in ((1, 1), (11, 50), (50, 11)):
        monkeypatch.setattr(semantic, "ROWS", rows)
        monkeypatch.setattr(semantic, "COLUMNS", columns)
        tiled = close_pairs(vectors, 0.6, 4)
        assert all(np.array_equal(one, two) for one, two in zip(whole, tiled, strict=True))


def test_rows_in_another_order_give_the_same_pairs() -> None:
    vectors = points(7, 60)[:29]
    order = list(range(len(vectors)))
    random.Random(1).shuffle(order)  # noqa: S311 (not for secrets)
    here, there = close_pairs(vectors, 0.7, 3), close_pairs(vectors[order], 0.7, 3)
    moved = {frozenset((order[i], order[j])) for i, j in zip(there.i.tolist(), there.j.tolist(), strict=True)}
    assert moved == {frozenset(pair) for pair in zip(here.i.tolist(), here.j.tolist(), strict=True)}
    assert sorted(here.cosine) == sorted(there.cosine)


def test_nothing_is_near_to_nothing() -> None:
    assert not len(close_pairs(np.zeros((0, 4), np.float32), 0.8).i)
    assert not len(close_pairs(np.zeros((3, 4), np.float32), 0.8).i)
    assert not len(close_pairs(np.eye(1, 4, dtype=np.float32), 0.8).i)


@pytest.mark.parametrize("threshold", [0, -0.5, 1.01, float("nan")])
def test_a_threshold_is_a_cosine(threshold: float) -> None:
    with pytest.raises(UsageError, match="no cosine above 0"):
        close_pairs(points(1, 4), threshold)


def test_the_name_of_a_model_is_no_folder() -> None:
    with pytest.raises(UsageError, match="nothing is downloaded"):
        load_embedder("sentence-transformers/all-MiniLM-L6-v2")


@pytest.mark.parametrize("missing", NEEDED)
def test_a_missing_package_names_the_extra(
    missing: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "config.json").write_text("{}")
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == missing else object())
    with pytest.raises(MissingExtraError, match=r'pip install "curate-data\[semantic\]"'):
        load_embedder(tmp_path)


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a BERT of random numbers, one layer deep, which reads 16 tokens."""
    folder: Path = tmp_path_factory.mktemp("tiny")
    make_tiny(folder)
    return folder


def make_tiny(folder: Path) -> None:
    import torch  # noqa: PLC0415 (only where it is installed)
    import transformers  # noqa: PLC0415 (the same)

    torch.manual_seed(11)
    (folder / "vocab.txt").write_text("\n".join(WORDS))
    transformers.BertTokenizer(str(folder / "vocab.txt")).save_pretrained(str(folder))
    config = transformers.BertConfig(
        vocab_size=len(WORDS),
        hidden_size=16,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=32,
        max_position_embeddings=16,
    )
    transformers.BertModel(config).save_pretrained(str(folder))


@needs_model
def test_vectors_are_means_of_length_one_and_padding_counts_for_nothing(tiny: Path) -> None:
    embedder = load_embedder(tiny)
    texts = ["what is gout ?", "gout", "what is the rent of a lease ? " * 9, "what is gout ?"]
    vectors = embedder.embed(texts)
    assert vectors.shape == (4, 16)
    assert vectors.dtype == np.float32
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1, abs=1e-6)
    assert np.array_equal(vectors[0], vectors[3])
    assert vectors[1] == pytest.approx(alone(embedder, "gout"), abs=1e-6)
    assert not np.allclose(vectors[0], vectors[1], atol=1e-3)


def alone(embedder: Embedder, text: str) -> Any:
    """The mean vector of one text without any padding, as the package computes it."""
    import torch  # noqa: PLC0415 (only where it is installed)

    with torch.no_grad():
        hidden = embedder.model(**embedder.tokenizer(text, return_tensors="pt")).last_hidden_state[0]
    mean = hidden.mean(dim=0)
    return (mean / mean.norm()).numpy()


@needs_model
def test_the_same_texts_give_the_same_bytes_in_any_order(tiny: Path) -> None:
    drawn = random.Random(2)  # noqa: S311 (not for secrets)
    texts = [" ".join(drawn.choices(WORDS[4:], k=drawn.randint(1, 14))) for _ in range(100)]
    order = list(range(100))
    drawn.shuffle(order)
    here = load_embedder(tiny).embed(texts)
    there = load_embedder(tiny).embed([texts[at] for at in order])
    assert np.array_equal(here[order], there)


@needs_model
def test_what_stands_beyond_the_last_token_is_not_read(tiny: Path) -> None:
    embedder = load_embedder(tiny)
    assert embedder.most_tokens == 16
    one, two = embedder.embed(["what " * 14 + "gout", "what " * 14 + "rent lease"])
    assert np.array_equal(one, two)
    assert embedder.embed([]).shape == (0, 16)


@needs_model
def test_opening_a_model_prints_nothing(tiny: Path, capfd: pytest.CaptureFixture[str]) -> None:
    load_embedder(tiny)
    said = capfd.readouterr()
    assert not said.out + said.err


@needs_model
@pytest.mark.parametrize("fault", ["kind", "weights"])
def test_a_folder_that_cannot_be_loaded_is_named(fault: str, tiny: Path, tmp_path: Path) -> None:
    for file in tiny.iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    if fault == "kind":
        config = json.loads((tiny / "config.json").read_text())
        (tmp_path / "config.json").write_text(json.dumps({**config, "model_type": "no such kind"}))
    else:
        (tmp_path / "model.safetensors").write_bytes(b"cut")
    with pytest.raises(UnreadableError, match="holds no model that transformers can load") as caught:
        load_embedder(tmp_path)
    assert caught.value.where == str(tmp_path)
