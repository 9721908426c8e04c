from __future__ import annotations

import random
from collections import Counter
from typing import TYPE_CHECKING, get_args

import pytest

from tests.evidence.near_pairs import load as loading
from tests.evidence.near_pairs import sample
from tests.evidence.near_pairs.load import Answer, Ask, kappa, load, summary, table
from tests.evidence.near_pairs.rows import READERS, VARIABLE

if TYPE_CHECKING:
    from pathlib import Path

PAIRS, LABELS = table("pairs.jsonl"), table("labels.jsonl")
MEASURES = {"3-grams": sample.trigrams, "words": sample.words}


def test_there_are_enough_pairs_of_every_band_and_enough_same_asks() -> None:
    bands = Counter(pair["band"] for pair in PAIRS)
    assert set(bands) == {*sample.BANDS, 1.0}
    assert min(bands.values()) >= 35
    assert len(PAIRS) == len(LABELS) >= 230
    assert sum(label["ask"] == "same" for label in LABELS) >= 50


def test_line_n_of_both_files_is_about_pair_n_and_no_pair_stands_twice() -> None:
    assert [pair["pair"] for pair in PAIRS] == [label["pair"] for label in LABELS] == list(range(len(PAIRS)))
    sides = [frozenset((loading.place(pair["a"]), loading.place(pair["b"]))) for pair in PAIRS]
    assert len(set(sides)) == len(sides)


def test_places_and_labels_are_kept_and_no_text() -> None:
    for pair in PAIRS:
        assert set(pair) == {"pair", "band", "measure", "jaccard", "a", "b"}
        for side in (pair["a"], pair["b"]):
            assert set(side) == {"file", "row", "part", "sha256"}
            assert side["file"] in READERS
    for label in LABELS:
        assert set(label) == {"pair", "passes", "ask", "answer", "note"}
        assert len(label["note"]) <= 80


def test_every_label_is_one_that_a_pass_gave() -> None:
    for label in LABELS:
        assert len(label["passes"]) == 2
        for field, known in (("ask", get_args(Ask)), ("answer", get_args(Answer))):
            given = {one[field] for one in label["passes"]}
            assert label[field] in given <= set(known)
            assert len(given) == 1 or label["note"], "a disagreement is resolved for a reason"


def test_equal_prompts_are_the_same_ask() -> None:
    assert {label["ask"] for pair, label in zip(PAIRS, LABELS, strict=True) if pair["band"] == 1} == {"same"}


def test_the_texts_are_those_that_were_labelled_and_lie_in_their_bands(real_data: Path) -> None:
    loaded = load(real_data)
    assert len(loaded) == len(PAIRS)
    for pair, found in zip(PAIRS, loaded, strict=True):
        if pair["measure"] == "folded":
            assert sample.folded(found.prompt_a) == sample.folded(found.prompt_b)
            continue
        measure = MEASURES[pair["measure"]]
        alike = sample.jaccard(measure(found.prompt_a), measure(found.prompt_b))
        assert alike == pytest.approx(pair["jaccard"], abs=1e-4)
        assert sample.band(alike) == found.band


def test_another_text_is_an_error_that_names_the_row(
    real_data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pairs = [{**PAIRS[0], "a": {**PAIRS[0]["a"], "sha256": "0" * 64}}]
    monkeypatch.setattr(loading, "table", lambda name: pairs if name == "pairs.jsonl" else LABELS[:1])
    with pytest.raises(ValueError, match=f"row {pairs[0]['a']['row']}: not the text that was labelled"):
        load(real_data)


def test_without_the_sets_the_error_names_the_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(VARIABLE, raising=False)
    with pytest.raises(FileNotFoundError, match=VARIABLE):
        load()


def test_kappa_is_that_of_a_textbook_table() -> None:
    # 20 yes/yes, 5 yes/no, 10 no/yes, 15 no/no: agreement .7, by chance .5
    one, other = "y" * 25 + "n" * 25, "y" * 20 + "n" * 5 + "y" * 10 + "n" * 15
    assert kappa(one, other) == pytest.approx(0.4)
    assert kappa("yy", "yy") == 1
    assert kappa("yn", "ny") == -1


def test_the_summary_counts_every_pair() -> None:
    text = "\n".join(summary())
    assert text.count(f"{len(PAIRS):>12}\n") == 2
    assert f"of {len(PAIRS)}, Cohen's kappa" in text


def test_the_join_finds_what_all_pairs_find_but_the_halves_that_it_says() -> None:
    chance = random.Random(3)  # noqa: S311 (repeatable)
    sets = [frozenset(chance.sample(range(14), chance.randint(1, 9))) for _ in range(120)]
    join = sample.Join(sets)
    for at, mine in enumerate(sets):
        all_pairs = {
            other: sample.jaccard(mine, others)
            for other, others in enumerate(sets)
            if other != at and sample.jaccard(mine, others) >= sample.BANDS[0]
        }
        found = dict(join.near(at))
        assert found.items() <= all_pairs.items()
        for missed in all_pairs.keys() - found.keys():
            assert all_pairs[missed] == sample.BANDS[0]
            assert mine < sets[missed] or sets[missed] < mine
