from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from curate.terms.folding import fold
from curate.terms.matcher import Matcher
from curate.terms.term import Boundary, Case, Hyphen, Inflection, Term
from tests.terms import oracle
from tests.terms.lab import HARD, make_terms, make_texts

EMAIL = Term(preferred="email", variants=("e-mail", "electronic mail"))


def found(text: str, *terms: Term) -> list[tuple[str, str]]:
    return [(text[use.start : use.end], use.form.after) for use in Matcher(terms or [EMAIL]).uses(text)]


@pytest.mark.parametrize("length", range(0, 0x110000, 0x11000))
def test_folding_never_moves_a_character(length: int) -> None:
    text = "".join(map(chr, range(length, length + 0x11000)))
    assert len(fold(text)) == len(text)


def test_offsets_hold_behind_a_letter_whose_lower_case_is_longer() -> None:
    assert found("İİİ E-MAIL ẞ e‑mails 🙂 E-mail’s") == [
        ("E-MAIL", "email"),
        ("e‑mails", "emails"),
        ("E-mail", "email"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        *("e-mails2", "xe-mail", "e-mail_x", "the-e-mail", "e-mail-like", "a@e-mail", "e-mail@x", "/e-mail"),
        *("e-mail/x", "e-mail.com", "www.e-mail", "o'e-mail", "\u0301e-mail", "e-mail\u0301", "ée-mail"),
        *("e-mail中", "#e-mail", "e - mail"),
        *("e-\nmail", "electronic\nmail", "electronic  mail", "2e-mail"),
    ],
)  # fmt: skip
def test_words_that_only_hold_a_form_are_others(text: str) -> None:
    assert found(f"an {text} here") == []


@pytest.mark.parametrize(
    "text",
    [
        "(e-mail)",
        '"e-mail"',
        "e-mail.",
        "e-mail, x",
        "*e-mail*",
        "e-mail's",
        "e-mail:",
        "—e-mail—",
        "e-mail…",
    ],
)
def test_signs_end_a_word(text: str) -> None:
    assert found(f"an {text} here") == [("e-mail", "email")]


def test_boundaries() -> None:
    loose = Term(preferred="email", variants=("e-mail",), boundary=Boundary.HYPHEN)
    part = Term(preferred="Straße", variants=("strasse",), boundary=Boundary.PART)
    assert found("pre-e-mail-time", loose) == [("e-mail", "email")]
    assert found("Hauptstrasse", part) == [("strasse", "Straße")]


def test_longer_forms_win_and_a_longer_one_within_a_word_hides_nothing() -> None:
    short = Term(preferred="plan", variants=("site map",))
    long = Term(preferred="overview", variants=("web site map",))
    assert found("a web site map", short, long) == [("web site map", "overview")]
    assert found("a web site maple and site map", short, long) == [("site map", "plan")]
    wide = Term(preferred="x", variants=("site mapping",))
    assert found("a site mappings-like site map", short, wide) == [("site map", "plan")]


def test_the_preferred_form_covers_variants_within_it() -> None:
    term = Term(preferred="Parkinson's disease", variants=("Parkinson", "Parkinson disease"))
    text = "Parkinson's disease, Parkinson disease and Parkinson"
    assert [piece for piece, _ in found(text, term)] == [
        "Parkinson's disease",
        "Parkinson disease",
        "Parkinson",
    ]


def test_plurals() -> None:
    term = Term(preferred="criterion", variants=("bench mark",), plurals=(("criterion", "criteria"),))
    assert found("bench marks", term) == [("bench marks", "criteria")]
    assert found("e-mails' e-mail's") == [("e-mails", "emails"), ("e-mail", "email")]
    assert found("e-mails", Term(preferred="email", variants=("e-mail",), inflection=Inflection.NONE)) == []


def test_hyphen_forms() -> None:
    term = Term(preferred="website", variants=("web site",), hyphen=Hyphen.FOLD)
    assert found("web-sites and Web Site", term) == [("web-sites", "websites"), ("Web Site", "website")]
    assert found("web-site", Term(preferred="website", variants=("web site",))) == []


def test_exact_case() -> None:
    term = Term(preferred="AIDS", variants=("Aids",), case=Case.EXACT)
    assert found("Aids aids AIDS", term) == [("Aids", "AIDS"), ("aids", "AIDS"), ("AIDS", "AIDS")]
    assert [use.form.role for use in Matcher([term]).uses("Aids aids AIDS")] == [
        "variant",
        "other",
        "preferred",
    ]


def test_unless() -> None:
    term = Term(preferred="email", variants=("e-mail",), unless=("Corp", "e-mail standard", "old-style"))
    text = "E-mail Corp; the e-mail standard; old-style e-mail; an e-mail. Corp"
    assert [use.start for use in Matcher([term]).uses(text)] == [text.index("an e-mail") + 3]


def test_given_forms_win_over_derived_ones() -> None:
    one, two = Term(preferred="x", variants=("termite",)), Term(preferred="y", variants=("termites",))
    assert found("termites", one, two) == [("termites", "y")]


def test_a_text_with_a_lone_surrogate() -> None:
    assert found("\ud800 e-mail \udfff") == [("e-mail", "email")]


def test_no_terms_find_nothing() -> None:
    assert Matcher([]).uses("an e-mail \ufffd") == []


TERMS = make_terms(300)
SOUGHT = [one for number, term in enumerate(TERMS) for one in oracle.written(term, number)]
MATCHER = Matcher(TERMS)


def compared(text: str) -> tuple[list[tuple[object, ...]], list[tuple[object, ...]]]:
    mine = [(use.start, use.end, use.form.term, use.form.role) for use in MATCHER.uses(text)]
    return mine, [tuple(spot[:4]) for spot in oracle.find(text, SOUGHT)]


def test_the_same_as_brute_force() -> None:
    uses = 0
    for text in make_texts(300, terms=TERMS):
        mine, theirs = compared(text)
        assert mine == theirs, text
        uses += len(mine)
    assert uses > 300


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.one_of(
            st.sampled_from([term.variants[0] for term in TERMS[:40]]),
            st.sampled_from(HARD),
            st.text(max_size=3),
        )
    )
)
def test_the_same_as_brute_force_for_any_neighbours(pieces: list[str]) -> None:
    text = "".join(pieces).replace("\ud800", "")
    if not any("\ud800" <= letter <= "\udfff" for letter in text):
        mine, theirs = compared(text)
        assert mine == theirs
