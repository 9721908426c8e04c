from __future__ import annotations

import time
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from curate.similarity.asks import Turn
from curate.similarity.guard import Kind
from curate.similarity.judge import Example, PairClass, judge, near_kept, near_key

DOCUMENT = (
    "The mill by the river was built in the year of the great flood by two brothers who had come down from the hills"
    " with a cart, a mule and the plans of a wheel that no one in the valley had seen before. It ground rye at first"
    " and later oak bark for the tanners, until the railway took the trade away and the younger brother sold his share."
)


def row(*ask: str, answer: str = "It depends on the lease.", rejected: str | None = None) -> Example:
    roles = ("user",) if len(ask) == 1 else ("system", "user", "assistant", "user")
    turns = tuple(Turn(role, text) for role, text in zip(roles, ask, strict=False))
    return Example(turns, (answer,) if rejected is None else (answer, rejected))


def classed(one: Example, two: Example) -> PairClass:
    judgement = judge(one, two)
    assert judge(two, one).pair is judgement.pair
    return judgement.pair


def test_exact() -> None:
    assert classed(row("Who pays?"), row("Who pays?")) is PairClass.EXACT


def test_near() -> None:
    assert classed(row("Who pays"), row("who pays?", answer="It depends on the lease")) is PairClass.NEAR


def test_conflict() -> None:
    judgement = judge(row("Who pays?", answer="The tenant."), row("Who pays", answer="The landlord."))
    assert judgement.pair is PairClass.CONFLICT
    assert [(d.left, d.right) for d in judgement.differences] == [("tenant.", "landlord.")]


def test_conflict_in_the_rejected_answer_only() -> None:
    one, two = (row("Who pays?", rejected=text) for text in ("Nobody.", "Everybody."))
    assert classed(one, two) is PairClass.CONFLICT


def test_variant() -> None:
    judgement = judge(row("Who pays the rent in May 2020?"), row("Who pays the rent in May 2021?"))
    assert judgement.pair is PairClass.VARIANT
    assert [d.kind for d in judgement.differences] == [Kind.NUMBER]
    assert 0.8 < judgement.similarity < 1


def test_one_word_of_a_long_ask_is_a_variant_although_the_answers_agree() -> None:
    assert (
        classed(row(f"{DOCUMENT} Treat hyperkalemia."), row(f"{DOCUMENT} Treat hypokalemia."))
        is PairClass.VARIANT
    )


def test_paraphrase() -> None:
    one, two = row("Which town is the biggest in the valley?"), row("What is the largest town in the valley?")
    assert classed(one, two) is PairClass.PARAPHRASE


def test_a_number_makes_no_paraphrase() -> None:
    one, two = (
        row("Which 2 towns are biggest in the valley?"),
        row("What are the 3 largest towns in the valley?"),
    )
    assert classed(one, two) is PairClass.VARIANT


def test_same_answer_to_different_asks() -> None:
    answer = "Ask a physician before you take more than one of these."
    one, two = row("Is aspirin safe?", answer=answer), row("How do I treat warts?", answer=answer)
    assert classed(one, two) is PairClass.SAME_ANSWER


def test_a_short_answer_ties_nothing() -> None:
    one, two = row("Is aspirin safe?", answer="Yes."), row("Do whales sing?", answer="Yes.")
    assert classed(one, two) is PairClass.DIFFERENT


def test_same_document_with_another_question() -> None:
    one = row(f"{DOCUMENT}\n\nQuestion: Who sold his share of the mill?", answer="The younger brother.")
    two = row(f"{DOCUMENT}\n\nQuestion: What was ground when rye was given up?", answer="Oak bark.")
    assert classed(one, two) is PairClass.SAME_DOCUMENT


def test_the_system_prompt_is_part_of_the_ask() -> None:
    one, two = row("You are a lawyer.", "Who pays?"), row("You are a doctor.", "Who pays?")
    assert classed(one, two) is PairClass.VARIANT
    assert not classed(row("You are a lawyer.", "Who pays?"), row("Who pays?")).removable
    assert (
        classed(row("You are a lawyer.", "Who pays?"), row("You are a lawyer", "who pays")) is PairClass.NEAR
    )


def test_a_system_prompt_that_speaks_of_form_makes_all_turns_count_as_written() -> None:
    system = "You correct the grammar of what the user writes."
    one, two = (
        row(system, "i has a dog", answer="I have a dog."),
        row(system, "I has a dog", answer="I have a dog."),
    )
    assert not classed(one, two).removable
    assert classed(row("Be kind.", "i has a dog"), row("Be kind.", "I has a dog")) is PairClass.NEAR


def test_where_the_ask_is_about_form_answers_count_as_written() -> None:
    ask = "Capitalize: the old man"
    assert classed(row(ask, answer="The Old Man"), row(ask, answer="The old man")) is PairClass.CONFLICT


def test_roles_are_part_of_the_ask() -> None:
    one = Example((Turn("system", "Who pays?"),), ("I do.",))
    two = Example((Turn("user", "Who pays?"),), ("I do.",))
    assert not classed(one, two).removable


def test_a_member_is_near_the_kept_row_itself() -> None:
    rows = [row("Who pays?"), row("Who pays?", answer="You."), row("who pays"), row("Who pays", answer="You")]
    assert near_kept(rows) == [None, None, 0, 1]


def test_a_judgement_without_reasons_is_the_same() -> None:
    rows = [
        row("Who pays?"),
        row("who pays"),
        row("Who pays?", answer="You."),
        row("Who paid the rent?"),
        row("No?"),
    ]
    for one in rows:
        for two in rows:
            assert judge(one, two, why=False).pair is judge(one, two).pair


def test_the_time_for_long_asks_is_linear() -> None:
    """Quadratic comparison of these would take minutes."""
    one, two = (" ".join(f"{word}{at % 997} of the" for at in range(9000)) for word in ("law", "tax"))
    began = time.process_time()
    assert judge(row(f"{one} {DOCUMENT}"), row(f"{DOCUMENT} {two}")).pair is PairClass.VARIANT
    assert time.process_time() - began < 5


def test_a_text_that_repeats_itself_takes_linear_time() -> None:
    """Extending every block backwards over all repetitions would take hours."""
    tail = '"\'" \\` (' * 100_000
    began = time.process_time()
    assert judge(row("Explain it " + tail), row("Explain It " + tail)).pair is PairClass.VARIANT
    assert time.process_time() - began < 10


def test_a_document_is_found_where_it_does_not_begin_with_a_block() -> None:
    for words in range(4, 40):
        one = " ".join(f"q{at}" for at in range(words))
        assert classed(row(f"{one} {DOCUMENT}"), row(f"{DOCUMENT} Who built it, and when?")) is (
            PairClass.SAME_DOCUMENT
        )


TEXTS = st.lists(
    st.sampled_from(
        [
            "Please",
            "the",
            "a",
            "A",
            "US",
            "us",
            "cat",
            "Cat.",
            "?",
            ",",
            "\n",
            "5",
            '"x',
            "I",
            "(b)",
            "please",
            "¶",
        ]
    ),
    max_size=7,
).map(" ".join)


@given(TEXTS | st.text(max_size=30), TEXTS | st.text(max_size=30))
def test_near_is_symmetric_and_is_what_equal_keys_say(one: str, two: str) -> None:
    a, b = row(one, answer=two), row(two, answer=one)
    assert judge(a, b).pair is judge(b, a).pair
    if near_key(a) == near_key(b):
        assert judge(a, b).pair.removable
    assert judge(a, a).pair is PairClass.EXACT


@given(st.lists(TEXTS, min_size=2, max_size=4))
def test_near_asks_are_transitive(texts: list[str]) -> None:
    rows = [row(text) for text in texts]
    if all(judge(a, b).pair.removable for a, b in pairwise(rows)):
        assert judge(rows[0], rows[-1]).pair.removable
