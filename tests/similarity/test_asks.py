from __future__ import annotations

import time
from typing import TYPE_CHECKING

import orjson
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from curate.similarity import wording
from curate.similarity.answers import answer_form
from curate.similarity.asks import Turn, ask_key, canonical, form_matters
from curate.similarity.guard import Kind, explain
from curate.similarity.wording_spelling import PHRASES, SPELLINGS
from curate.similarity.wording_tokens import Reader

if TYPE_CHECKING:
    from pathlib import Path

WORDS = (
    "river",
    "lease",
    "kidney",
    "7",
    "2.5",
    "c++",
    "US",
    "tenant",
    "left",
    "not",
    "may",
    "before",
    "x",
    "(b)",
    "oral",
)
LISTS = st.lists(st.sampled_from(WORDS), min_size=2, max_size=9)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Could you please explain the water cycle?", "explain water cycle"),
        ("What's NEW in the U.S., e.g. in 10mg doses?", "what is NEW in US eg in 10 mg doses"),
        ("解释一下水循环。", "解 释 一 下 水 循 环"),
        ("", " "),
        ("!!", " !!"),
        ("?", "?"),
        ("Translate: The dog.", " translate: The dog."),
    ],
)
def test_canonical_form(text: str, words: str) -> None:
    assert canonical(text) == words


@given(LISTS)
def test_every_word_and_its_place_count(words: list[str]) -> None:
    said = canonical(" ".join(["Explain", *words]))
    assert said == " ".join(["explain", *words]).replace("(b)", "( b )")
    assert canonical(" ".join(["Explain", *words[1:]])) != said
    if words != words[::-1]:
        assert canonical(" ".join(["Explain", *words[::-1]])) != said


@given(
    LISTS,
    st.integers(0, 8),
    st.sampled_from(["river", "lease", "kidney", "tenant"]),
    st.text("abcdefghijklmnopqrstuvwxyz", min_size=3, max_size=8),
)
def test_a_word_that_is_not_listed_never_stands_for_another(
    words: list[str], at: int, word: str, other: str
) -> None:
    assume(other not in SPELLINGS and other not in WORDS)
    one, two = (" ".join(["Explain", *words[:at], put, *words[at:]]) for put in (word, other))
    assert canonical(one) != canonical(two)


@given(
    LISTS,
    st.sampled_from(
        ["{}", "{}.", "{}!", "Please {}", "{}, please.", " {} ", "{}. Thanks!", "Could you please {}?"]
    ),
)
def test_what_is_listed_never_counts(words: list[str], frame: str) -> None:
    text = " ".join(["explain", *words, "today"])
    assert canonical(frame.format(text)) == canonical(text)


@given(st.text(max_size=60))
def test_any_text_has_a_form_and_white_space_at_its_ends_never_counts(text: str) -> None:
    assert canonical(text) == canonical(f" {text}\n")
    assert explain(text, text) == []


@given(st.text(max_size=30), st.text(max_size=30))
def test_differences_are_harmless_if_and_only_if_the_forms_are_equal(one: str, two: str) -> None:
    differences = explain(one, two)
    assert (canonical(one) == canonical(two)) == all(difference.harmless for difference in differences)


GOES_UNSEEN = {"a", "an", "the", "please", "kindly", "-", "--", "", "hi", "hello", "thanks"}


def test_what_can_be_taken_from_a_real_prompt_unseen_is_on_the_list(real_data: Path) -> None:
    lines = (real_data / "gsm8k" / "test.jsonl").read_bytes().splitlines()[:400]
    texts = [" ".join(orjson.loads(line)["question"].split()) for line in lines]
    taken = set()
    for text in texts:
        words, whole = text.split(), canonical(text)
        for at in range(0, len(words), 7):
            if canonical(" ".join([*words[:at], *words[at + 1 :]])) == whole:
                taken.add(words[at].lower().strip(".,;:!?"))
    assert {"a", "the"} <= taken <= GOES_UNSEEN


@pytest.mark.parametrize(
    ("one", "two", "kind"),
    [
        ("Explain the water cycle.", "explain the water cycle.", Kind.CASE),
        ("Explain tea.", "Explain tea", Kind.PUNCTUATION),
        ("Explain  tea.", "Explain tea.", Kind.SPACING),
        ("Explain the tea tax.", "Explain tea tax.", Kind.ARTICLE),
        ("Please explain tea.", "Explain tea.", Kind.COURTESY),
        ("Explain tea. Thanks!", "Explain tea.", Kind.COURTESY),
        ("Explain colour.", "Explain color.", Kind.SPELLING),
        ("What's tea?", "What is tea?", Kind.SPELLING),
        ("Compose an ode to tea.", "Write an ode to tea.", Kind.VERB),
        ("Name 3 teas.", "Name 4 teas.", Kind.NUMBER),
        ("Name two teas.", "Name three teas.", Kind.NUMBER),
        ("Is tea bad?", "Is tea not bad?", Kind.NEGATION),
        ("Why must I pay?", "Why may I pay?", Kind.MODAL),
        ("Who is Ann?", "Who is Eve?", Kind.NAME),
        ('Define "tea".', 'Define "oat".', Kind.QUOTED),
        ("Is a < b?", "Is a > b?", Kind.SIGN),
        ("Anna sues Evelyn.", "Evelyn sues Anna.", Kind.ORDER),
        ("Capitalize: tea", "Capitalize: Tea", Kind.FORM),
        ("Explain green tea.", "Explain black tea.", Kind.WORD),
    ],
)
def test_kinds_of_difference(one: str, two: str, kind: Kind) -> None:
    assert {difference.kind for difference in explain(one, two)} == {kind}


def test_a_difference_shows_both_sides() -> None:
    (difference,) = explain("Treat severe hyperkalemia today.", "Treat severe hypokalemia today.")
    assert (difference.left, difference.right) == ("hyperkalemia", "hypokalemia")


def test_keys_tell_turns_and_roles_apart() -> None:
    system, user = Turn("system", "Be kind."), Turn("user", "Explain tea.")
    keys = [
        ask_key(turns)
        for turns in ([system, user], [user], [user, system], [Turn("user", "Be kind.\nExplain tea.")])
    ]
    assert len(set(keys)) == 4
    assert ask_key([Turn("system", "be kind"), Turn("user", "please explain tea")]) == keys[0]


def test_a_memory_that_is_full_is_emptied_and_reads_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("curate.similarity.wording_tokens._MEMORY", 3)
    reader = Reader(fold=True)
    assert [reader[word] for word in ["Other.", "two", "Three", "four", "Other.", "two"]] == [
        *[("other", "."), ("two",), ("three",), ("four",)],
        *[("other", "."), ("two",)],
    ]
    assert len(reader) <= 3


def test_the_lists_do_not_lead_in_circles() -> None:
    assert all(part not in SPELLINGS for said in SPELLINGS.values() for part in said.split())
    assert not set(wording.SYNONYMS) & set(wording.SYNONYMS.values())
    assert all(tuple(said) not in PHRASES for phrase, said in PHRASES.items() if phrase != said)
    assert not wording.FOLDING_NAMES & (wording.CASED | wording.LOUD)


@pytest.mark.parametrize(
    "text",
    [
        "please " * 50_000,
        "a" + "\n" * 100_000 + "b",
        "real time " * 30_000,
        "tea - milk " * 30_000,
        "a(" * 50_000 + "):",
        '" ' * 50_001,
        "' " * 50_001,
        "SELECT X " * 20_000,
        "." * 100_000 + "x",
        "your " + " " * 100_000 + "<",
        "- \n" * 50_000,
        "can you " * 30_000,
        "你能" * 30_000,
    ],
    ids=lambda text: text[:9].strip(),
)
def test_the_time_is_linear_in_any_text(text: str) -> None:
    """A quadratic pattern would take minutes for one of these."""
    began = time.process_time()
    canonical(text)
    answer_form(text)
    assert time.process_time() - began < 3


@pytest.mark.parametrize(
    ("text", "matters"),
    [
        ("Explain the rent (see above): who pays; and why?", False),
        ("Write a poem.\n\n===\n\nIt is about rain.", False),
        ("Compare a -> b.", True),
        ("x = f(a);", True),
        ("Count the letters in strawberry", True),
        ("Is his English correct: she don't know", True),
        ("She was the first class teacher.", False),
    ],
)
def test_when_form_matters(text: str, *, matters: bool) -> None:
    assert form_matters(text) is matters
