"""Mails: what their writers did not say goes, every word of theirs stays."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from curate.fixing.tickets import Tickets
from tests.fixing.lab import followed, said, turns

MAILS = [json.loads(line) for line in Path(__file__).with_name("mails.jsonl").read_text("utf-8").splitlines()]


def tidy(text: str, rounds: int = 4) -> str:
    """A mail as it is when nothing more is offered."""
    for _ in range(rounds):
        (made,) = followed(Tickets(), said(text, part="prompt"))["text"]
        if made == text:
            return text
        text = made
    raise AssertionError(text)


@pytest.mark.parametrize("mail", MAILS, ids=lambda mail: f"{mail['language']} {mail['name']}")
def test_mails(mail: dict[str, Any]) -> None:
    assert tidy(mail["text"]) == mail["expected"]


def test_there_are_enough_mails_of_every_language() -> None:
    counts = Counter(mail["language"] for mail in MAILS)
    assert len(MAILS) >= 60
    assert all(counts[language] >= 8 for language in ("en", "de", "es", "fr"))


@pytest.mark.parametrize("mail", MAILS, ids=lambda mail: f"{mail['language']} {mail['name']}")
def test_no_word_of_the_writer_is_lost(mail: dict[str, Any]) -> None:
    kept, meant = (Counter(re.findall(r"\w+", text)) for text in (tidy(mail["text"]), mail["expected"]))
    assert not meant - kept


@given(st.lists(st.sampled_from([line for mail in MAILS for line in mail["text"].split("\n")]), max_size=14))
@settings(max_examples=200, deadline=None)
def test_any_mail_comes_to_an_end_and_keeps_a_word(lines: list[str]) -> None:
    text = "\n".join(lines)
    made = tidy(text, rounds=8)
    assert bool(re.search(r"\w", made)) == bool(re.search(r"\w", text))


def test_what_the_answer_needs_stays() -> None:
    mail = "Which number is hers?\n\nBest regards,\nJane Roe\nTel. +44 20 7219 4272"
    kept = followed(Tickets(), turns(mail, "It is +44 20 7219 4272."))["text"].to_list()
    assert kept[0] == mail
    gone = followed(Tickets(), turns(mail, "I do not know."))["text"].to_list()
    assert gone[0] == "Which number is hers?\n\nBest regards,\nJane Roe"


def test_an_answer_that_was_to_be_a_mail_is_left_alone() -> None:
    mail = "Dear Ann,\n\nwe agree.\n\nBest regards,\nJane\nTel. +44 20 7219 4272"
    assert followed(Tickets(), turns("Write a mail to Ann.", mail))["text"].to_list()[1] == mail
    assert followed(Tickets(), turns("Do you agree?", mail))["text"].to_list()[1].endswith("Jane")


def test_a_page_that_was_asked_for_stays_html() -> None:
    page = "<html><body><p>Hi</p><p>there</p></body></html>"
    assert followed(Tickets(), turns("Make a web page.", page))["text"].to_list()[1] == page


def test_only_the_classes_that_are_wanted() -> None:
    text = "It fails.\n\nSent from my iPhone\n\nOn 3 May 2021, Ann wrote:\n> Does it?"
    editor = Tickets(take=("quoted-reply",))
    assert followed(editor, said(text, part="prompt"))["text"].to_list() == [
        "It fails.\n\nSent from my iPhone"
    ]
    assert set(editor.offers(said(text)).offers["check"]) == {"ticket.quoted-reply"}


NOTICE = "This e-mail is confidential and intended solely for the addressee."


@pytest.mark.parametrize(
    ("mail", "left"),
    [
        (f"Hello\n\n{NOTICE} I want my money back, 500 EUR.", "Hello\n\nI want my money back, 500 EUR."),
        (f"Hello\n\n{NOTICE}\nThe device is broken.", "Hello\n\nThe device is broken."),
        (f"Hello\n\nThe device is broken. {NOTICE}", "Hello\n\nThe device is broken."),
        (f"Hello\n\n{NOTICE} The views are those of the author.", "Hello"),
        (f"It fails.\nJane Roe\n{NOTICE}", "It fails.\nJane Roe"),
    ],
)
def test_of_a_paragraph_with_a_notice_only_the_notice_goes(mail: str, left: str) -> None:
    assert tidy(mail) == left


@pytest.mark.parametrize(
    "mail",
    [
        "Options:\n-- \nthe first is a restart\nthe second is a refund\n\nWhich one?",
        "Options:\n-- \nRestart\nRefund",
        "There are two ways.\n-- \nthe first is a restart\nthe second is a refund",
        "Nine parts.\n-- \n" + "\n".join(f"Part {n}" for n in range(9)),
    ],
)
def test_what_is_no_signature_stays_behind_a_delimiter(mail: str) -> None:
    assert tidy(mail) == mail
