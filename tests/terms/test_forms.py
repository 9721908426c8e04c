from __future__ import annotations

import pytest

from curate.terms.forms import article, carried, other_hyphens, plural


@pytest.mark.parametrize(
    ("form", "expected"),
    [
        ("email", "emails"),
        ("power of attorney", "powers of attorney"),
        ("loss of consciousness", "losses of consciousness"),
        ("biopsy", "biopsies"),
        ("assay", "assays"),
        ("diagnosis", "diagnoses"),
        ("arthritis", "arthritides"),
        ("crutch", "crutches"),
        ("mother-in-law", "mothers-in-law"),
    ],
)
def test_regular_plurals(form: str, expected: str) -> None:
    assert plural(form) == expected


@pytest.mark.parametrize(
    ("found", "listed", "after", "expected"),
    [
        ("e-mail", "e-mail", "email", "email"),
        ("E-mail", "e-mail", "email", "Email"),
        ("E-MAIL", "e-mail", "email", "EMAIL"),
        ("E-Mail", "e-mail", "email", "Email"),
        ("Heart Attack", "heart attack", "myocardial infarction", "Myocardial Infarction"),
        ("Letter of Attorney", "letter of attorney", "power of attorney", "Power of Attorney"),
        ("Athlete's Foot", "athlete's foot", "tinea pedis", "Tinea Pedis"),
        ("Iphone", "iphone", "iPhone", "iPhone"),
        ("Messenger RNA", "messenger RNA", "mRNA", "mRNA"),
        ("wEb sItE", "web site", "website", None),
        ("parkinson disease", "Parkinson disease", "Parkinson's disease", "Parkinson's disease"),
        ("Athlete’s foot", "athlete's foot", "tinea pedis", "Tinea pedis"),
    ],
)
def test_letter_case_is_carried_over(found: str, listed: str, after: str, expected: str | None) -> None:
    assert carried(found, listed, after) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        *(("email", "an"), ("lawyer", "a"), ("hour", "an"), ("heir", "an"), ("house", "a"), ("ECG", None)),
        *(("MRI", None), ("CT scan", "a"), ("MRS", "an"), ("LCD", "an"), ("uterus", "a"), ("urgent", "an")),
        *(("unidentified", "an"), ("union", "a"), ("university", "a"), ("unimportant", "an"), ("user", "a")),
        *(("usher", "an"), ("one-off", "a"), ("onerous", "an"), ("European", "a"), ("ultrasound", "an")),
        *(
            ("(email)", "an"),
            ("5 mg", None),
            ("école", None),
            ("uremia", "a"),
            ("urticaria", "an"),
            ("urn", "an"),
        ),
    ],
)
def test_articles_go_by_sound(text: str, expected: str | None) -> None:
    assert article(text) == expected


def test_hyphens_and_spaces() -> None:
    assert other_hyphens("web site") == ("web-site",)
    assert other_hyphens("well-known fact") == ("well known fact", "well-known-fact")
    assert other_hyphens("email") == ()
