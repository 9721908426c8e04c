"""What curated lists propose, and above all what they leave alone."""

from __future__ import annotations

import pytest

from curate.grammar.articles import article
from curate.grammar.listed import proposals
from curate.grammar.mentioned import asks_for_errors
from curate.grammar.typos import corrections

MENDED = {
    "They did not recieve the letter.": "They did not receive the letter.",
    "It dont matter what they say.": "It don't matter what they say.",
    "They ate a apple every day.": "They ate an apple every day.",
    "He works at an university.": "He works at a university.",
    "She saw the the dog there.": "She saw the dog there.",
    "I could of been there too.": "I could have been there too.",
    "There is alot of it.": "There is a lot of it.",
    "They asked for informations about it.": "They asked for information about it.",
    "This is more then enough water.": "This is more than enough water.",
    "They was at home then.": "They were at home then.",
    "But i think so, too.": "But I think so, too.",
    "It is late. Therefore we go.": "It is late. Therefore, we go.",
    "It is inspite of this, they said.": "It is in spite of this, they said.",
    "It was very late. the dog barked. It slept.": "It was very late. The dog barked. It slept.",
}
LEFT = (
    "The word recieve is misspelled here.",
    "Spell it like this: definately, they said.",
    "for i in range(10): print(i)",
    "Here i is the index of it.",
    "The HTN of the patient was treated.",
    "Give amoxicillin and clavulanate to the patient.",
    "Siobhán met them at the station.",
    "The kubelet runs on every node.",
    "Recieve is a village there somewhere.",
    "They call it a teh-like drink here.",
    "They recieve it and recieve it again.",
    "teh is short",
    "Vitamin a is a vitamin there.",
    "I said that that was wrong.",
    "They had had enough of it.",
    "It could of course be wrong.",
    "We will know more then. He left.",
    "However you do it, it works.",
    "If they were here, it would help.",
    "It was an historic day there.",
    "He got an MRI and a UFO.",
    "The childs bladder is small there.",
    "See larva migrans in the index.",
    "See the file at docs/recieve.txt there.",
    "She wrote to recieve@example.org again today.",
    "the size. the weight. the height. the end.",
    "If the pain gets worse then stop the drug.",
    "However it is worded, the clause binds them.",
    "Half of them write recieve on the card.",
    "She put receive where recieve had been.",
    "Wrong: we have alot of it. Right: we have a lot of it.",
    "The password is recieve and the user is admin.",
    "The parameter lenght is required for that call.",
    "A company called definately was founded there.",
    "It has two inputs and and gate at the end.",
    "The The is a band from London.",
    "Emotions an notoriously hard matter are a theme.",
    "A month like this this month was rare.",
)
ASK_FOR_ERRORS = (
    "Write in Southern dialect.",
    "Introduce ten errors into the text.",
    "Write a tweet with mistakes.",
    "Generate noisy text.",
    "What does 'noone' mean here?",
)
ASK_FOR_NONE = (
    "What is asthma?",
    "Summarise the report.",
    "How do I cancel my order?",
    "Write a letter to the bank.",
)


def mended(text: str) -> str:
    (several,) = proposals([text])
    for one in reversed(several):
        text = text[: one.start] + one.after + text[one.end :]
    return text


@pytest.mark.parametrize("text", MENDED)
def test_listed_errors_are_mended(text: str) -> None:
    assert mended(text) == MENDED[text]


@pytest.mark.parametrize("text", MENDED.values())
def test_right_text_is_left(text: str) -> None:
    assert mended(text) == text


@pytest.mark.parametrize("text", LEFT)
def test_guards_hold(text: str) -> None:
    assert mended(text) == text


def test_what_is_proposed_does_not_depend_on_the_other_texts() -> None:
    texts = [*MENDED, *LEFT]
    assert proposals(texts) == [proposals([text])[0] for text in texts]


def test_the_list_has_one_correction_or_none() -> None:
    found = corrections(["recieve", "water", "wich", "inspite", "professoinal", "companys", "fo"])
    assert found == {"recieve": "receive"}


@pytest.mark.parametrize(
    ("right", "words"),
    {
        "an": "apple hour honest heir umbrella unidentified unimportant uncle ulcer onion urgent upper",
        "a": "house-less university user one once euro useful ewe year unit unique uniform ubiquitous boat",
    }.items(),
)
def test_articles_go_by_sound(right: str, words: str) -> None:
    assert {article(word) for word in words.split()} - {None} == {right}


@pytest.mark.parametrize("word", ["historic", "MRI", "in", "x", "xenon", "Apple", "été", "house"])
def test_what_spelling_does_not_tell_is_left(word: str) -> None:
    assert article(word) is None


@pytest.mark.parametrize("prompt", ASK_FOR_ERRORS)
def test_a_prompt_may_ask_for_errors(prompt: str) -> None:
    assert asks_for_errors(prompt)


@pytest.mark.parametrize("prompt", ASK_FOR_NONE)
def test_most_prompts_do_not(prompt: str) -> None:
    assert not asks_for_errors(prompt)


def test_a_cue_far_away_does_not_matter() -> None:
    text = "She called her mother before lunch on that day, and much later in the evening she did recieve the letter."
    assert mended(text) == text.replace("recieve", "receive")
