"""What evidence lets become of an edit, and what stands in the table."""

from __future__ import annotations

import json

import pytest

from curate.grammar.calibrating import Change, count
from curate.grammar.confirming import says_the_same, windows
from curate.grammar.consensus import agreed, smallest
from curate.grammar.engine import Lint, Masked
from curate.grammar.evidence import inject
from curate.grammar.evidence_words import MISSPELLINGS
from curate.grammar.listed import Proposal
from curate.grammar.trust import JUNK, TABLE, Evidence, Trust, dump, load

TEXT = "They believe that the results of this study are different from those of the other studies. It is a problem."


def lint(start: int, end: int, *suggestions: str, rule: str = "Rule", category: str = "Grammar") -> Lint:
    return Lint(start, end, suggestions, rule, category, "")


def test_only_much_evidence_and_no_harm_make_an_edit_safe() -> None:
    good = Evidence("e", "r", "g", found=60, right=60, words=1_000_000, kept=8)
    assert good.safety == "auto"
    assert Evidence("e", "r", "g", found=20, right=20, words=1_000_000, kept=8).safety == "suggest"
    assert Evidence("e", "r", "g", found=100, right=95, words=1_000_000, kept=8).safety == "suggest"
    assert Evidence("e", "r", "g", found=60, right=60).safety == "suggest"
    assert Evidence("e", "r", "g", found=60, right=60, words=50_000, kept=8).safety == "suggest"
    assert Evidence("e", "r", "g", found=600, right=600, words=1000, spoilt=1).safety == "suggest"
    assert Evidence("e", "r", "g", found=60, right=10).safety == "report"


@pytest.mark.parametrize(
    ("kept", "spoilt", "safety"), [(8, 0, "auto"), (7, 0, "suggest"), (0, 0, "suggest"), (9, 3, "suggest")]
)
def test_injected_errors_alone_make_no_edit_safe(kept: int, spoilt: int, safety: str) -> None:
    line = Evidence("e", "r", "g", found=9000, right=9000, words=1_000_000, kept=kept, spoilt=spoilt)
    assert line.safety == safety


def test_what_only_looks_like_an_error_is_not_applied() -> None:
    """Few of these stand in right text, so little is known of what they would do there."""
    for line in load().lines:
        assert line.safety != "auto" or line.guard not in {"than", "linking", "mass", "agreement", "modal"}


def test_what_is_not_in_the_table_is_a_suggestion() -> None:
    assert Trust().safety("harper", "SpellCheck", "spelling") == "suggest"


def test_the_table_is_read_as_it_is_written() -> None:
    lines = load().lines
    assert dump(lines) == TABLE.read_text("utf-8")
    assert json.loads(dump(lines))["lines"]


def test_no_rule_alone_is_applied_and_junk_is_only_told() -> None:
    for line in load().lines:
        assert line.safety != "auto" or line.guard
        assert line.safety != "report" or line.share < JUNK


def test_the_spelling_of_a_list_is_applied_and_of_an_engine_alone_is_not() -> None:
    assert load().safety("harper", "SpellCheck", "spelling") == "auto"
    assert load().safety("harper", "SpellCheck") != "auto"


def test_injecting_is_reproducible_and_can_be_taken_back() -> None:
    made = inject(TEXT)
    assert made == inject(TEXT)
    assert made.errors
    back = made.text
    for error in reversed(made.errors):
        assert made.mended(error.start, error.end, error.right) == error
        back = back[: error.start] + error.right + back[error.end :]
    assert back == TEXT


def test_protected_places_get_no_errors() -> None:
    assert inject(TEXT, ((0, len(TEXT)),)).text == TEXT


def test_only_what_takes_an_error_back_counts_as_right() -> None:
    made = inject(TEXT)
    right = made.errors[0]

    both = [Change(right.start, right.end, right.right, "e", "r", "g"), Change(0, 4, "Them", "e", "r", "g")]
    (line,) = count([made], lambda texts: [both if texts[0].masked.text == made.text else []])
    assert (line.found, line.right) == (2, 1)


def test_a_change_that_is_made_without_errors_too_is_left_to_a_reader() -> None:
    made = inject(TEXT)
    assert count([made], lambda texts: [[Change(0, 4, "Them", "e", "r", "g")] for _ in texts]) == []
    (alone,) = count([made], lambda texts: [[Change(0, 4, "Them", "e", "r", "")] for _ in texts])
    assert (alone.found, alone.right) == (1, 0)


def test_the_misspellings_are_many_and_none_is_the_word_itself() -> None:
    assert sum(map(len, MISSPELLINGS.values())) >= 400
    assert all(right not in ways for right, ways in MISSPELLINGS.items())


def test_edits_agree_if_they_make_the_same_text() -> None:
    text = "Therefore he left it."
    one, two = lint(0, 9, "Therefore,"), lint(9, 12, ", he")
    assert smallest(text, one) == smallest(text, two) == (9, 9, ",")
    assert [each.edit for each in agreed(text, [one], [two])] == [(9, 9, ",")]
    assert not agreed(text, [one], [lint(0, 9, "Thus")])
    assert not agreed(text, [one._replace(category="Spelling")], [two])


def test_an_engine_confirms_what_makes_the_same_text() -> None:
    text = "He ate a apple."
    proposal = Proposal(7, 14, "an apple", "article")
    assert says_the_same(text, lint(7, 8, "an"), proposal)
    assert says_the_same(text, lint(7, 14, "the apple", "an apple"), proposal)
    assert not says_the_same(text, lint(7, 8, "the"), proposal)
    assert not says_the_same(text, lint(0, 2, "an"), proposal)


def test_windows_are_whole_sentences() -> None:
    text = "One is here. Two is there! Three?\nFour is last."
    assert [text[a:b] for a, b in windows(text, [(14, 15), (15, 16), (40, 41)])] == [
        "Two is there! ",
        "Four is last.",
    ]


def test_touching() -> None:
    masked = Masked("0123456789", ((2, 4), (6, 8)))
    assert [at for at in range(10) if masked.touches(at, at + 1)] == [2, 3, 6, 7]
    assert [at for at in range(10) if masked.touches(at, at)] == [3, 7]
    assert masked.touches(0, 10)
    assert not masked.touches(4, 6)
