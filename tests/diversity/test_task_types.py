from __future__ import annotations

import pytest

from curate.diversity.task_types import KINDS, Task, task_of
from curate.diversity.task_words import OBJECTS, VERBS

CASES = [
    ("Summarize the following article:\nThe tenant left.", Task("summarize", "article", "", "summarise")),
    ("Summarise this clause.", Task("summarize", "clause", "", "summarise")),
    ("Please summarize it for me.", Task("summarize", "", "", "summarise")),
    ("Could you please translate the letter into German?", Task("translate", "letter", "", "translate")),
    ("I want you to write a short story about a dog.", Task("write", "story", "", "generate")),
    ("Write a summary of the case.", Task("write", "summary", "", "summarise")),
    ("Write a Python function that sorts a list.", Task("write", "function", "", "code")),
    ("Give me three ideas for a party.", Task("give", "ideas", "", "brainstorm")),
    ("Come up with a name for the firm.", Task("come up", "name", "", "brainstorm")),
    ("Given the passage, extract all the dates.", Task("extract", "dates", "", "extract")),
    ("Use the text to answer the question.", Task("answer", "question", "", "question")),
    ("In this task, you need to classify the review.", Task("classify", "review", "", "classify")),
    ("Tell me whether the claim is true.", Task("tell", "", "", "classify")),
    ("Explain the idiom.", Task("explain", "idiom", "", "explain")),
    ("Rewrite the sentence in plain words.", Task("rewrite", "sentence", "", "rewrite")),
    ("Calculate the sum of 3 and 4.", Task("calculate", "sum", "", "calculate")),
    ("Solving the equation.", Task("solve", "equation", "", "calculate")),
    ("Plan a trip to Rome.", Task("plan", "trip", "", "plan")),
    ("What is the notice period?", Task("", "", "what", "question")),
    ("In which year did the war end?", Task("", "", "which", "question")),
    ("Is bail always granted?", Task("", "", "yes/no", "question")),
    ("In your opinion, how should one begin?", Task("", "", "how", "question")),
    ("The plaintiff won.\n\nSummary:", Task("", "summary", "", "summarise")),
    ("Answer: 42", Task()),
    ("Review of the lease", Task()),
    ("", Task()),
    ("   \n ", Task()),
    ("?", Task("", "", "", "question")),
]

FOREIGN = [
    ("Übersetze den Text ins Englische.", "translate"),
    ("Bitte fasse den folgenden Absatz zusammen.", "summarise"),
    ("Schreibe ein Gedicht.", "generate"),
    ("Traduis cette phrase.", "translate"),
    ("Escribe un poema.", "generate"),
    ("Resume el siguiente texto.", "summarise"),
    ("请把下面的句子翻译成英文。", "translate"),
    ("写一首关于春天的诗。", "generate"),
    ("什么是合同？", "question"),
    ("次の文を要約してください。", "summarise"),
    ("Wie lange dauert die Frist?", "question"),
]


@pytest.mark.parametrize(("said", "task"), CASES)
def test_what_is_asked(said: str, task: Task) -> None:
    assert task_of(said) == task


@pytest.mark.parametrize(("said", "kind"), FOREIGN)
def test_other_languages_have_a_kind(said: str, kind: str) -> None:
    assert task_of(said).kind == kind


def test_the_task_may_stand_behind_its_material() -> None:
    material = "The judge sat. The clerk wrote nothing down. " * 60
    assert task_of(f"{material}\n\nSummarize the text above.").kind == "summarise"
    assert task_of(f"{material}\n\nWho sat?").question_word == "who"


def test_english_words_are_no_foreign_ones() -> None:
    """`come` is Italian for how, and `was` is German for what."""
    assert task_of("The house was sold, and the money came in the end.").kind == "other"


def test_every_kind_is_listed() -> None:
    assert set(VERBS.values()) | set(OBJECTS.values()) <= set(KINDS)


def test_white_space_and_case_do_not_matter() -> None:
    assert task_of("  WRITE a Story ") == task_of("write a story")


@pytest.mark.parametrize(
    "said",
    ["please " * 50_000, "\n" * 10**6, "?" * 10**5, "a'" * 10**5, "字" * 10**5, "\ud800 ?", "Use " * 10**5],
)
def test_hostile_instructions_end(said: str) -> None:
    assert task_of(said).kind in KINDS
