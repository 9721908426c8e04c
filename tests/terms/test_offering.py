from __future__ import annotations

import pickle
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from curate.core.finding import Severity
from curate.fixing.editor import EDITABLE, OFFERS
from curate.fixing.terms import Terms
from curate.terms.load import load_glossary
from curate.terms.matcher import Matcher, matcher_of
from curate.terms.offering import Offer, offers_for
from curate.terms.term import Case, Glossary, Term

DATA = Path(__file__).parents[2] / "data" / "glossaries"
EMAIL = Term(preferred="email", variants=("e-mail", "electronic mail"))
CLOT = Term(
    preferred="thrombus", variants=("blood clot",), forbidden=("embolus",), plurals=(("thrombus", "thrombi"),)
)
ECG = Term(
    preferred="ECG", variants=("EKG", "electrocardiogram"), case=Case.FOLD, first="electrocardiogram (ECG)"
)


def offered(text: str, *terms: Term, part: str = "target") -> list[Offer]:
    return list(offers_for(text, Matcher(terms or [EMAIL]), part))


def applied(text: str, *terms: Term) -> str:
    for offer in reversed(offered(text, *terms)):
        if offer.safety == "auto":
            text = text[: offer.start] + offer.after + text[offer.end :]
    return text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("An e-mail. E-mails, E-MAIL and e-mail's.", "An email. Emails, EMAIL and email's."),
        ("Blood clots, an embolus, a blood clot.", "Thrombi, a thrombus, a thrombus."),
        (
            "An embolus, AN EMBOLUS, any embolus, can embolus",
            "A thrombus, A THROMBUS, any thrombus, can thrombus",
        ),
    ],
)
def test_variants_become_the_preferred_form(text: str, expected: str) -> None:
    assert applied(text, CLOT, EMAIL) == expected


def test_the_article_is_part_of_the_edit_only_where_it_changes() -> None:
    (offer,) = offered("We saw an embolus today.", CLOT)
    assert (offer.start, offer.end, offer.after) == (7, 17, "a thrombus")
    (offer,) = offered("We saw a embolus today.", CLOT)
    assert (offer.start, offer.after) == (9, "thrombus")
    tube = Term(preferred="endotracheal tube", variants=("breathing tube",))
    assert (
        applied("A breathing tube and a breathing tube", tube)
        == "An endotracheal tube and an endotracheal tube"
    )


@pytest.mark.parametrize(
    "text",
    [
        "The E-mail Corporation wrote.",
        "E-mail Solutions wrote.",
        "Ask the Old E-mail about it.",
    ],
)
def test_what_may_be_a_name_is_only_suggested(text: str) -> None:
    assert [offer.safety for offer in offered(text)] == ["suggest"]


@pytest.mark.parametrize(
    "text",
    [
        "E-mail is read daily.",
        "Yes. E-mail I like.",
        "- E-mail\n- post",
        "Note: E-mail is fine",
        "E-MAIL NOW",
    ],
)
def test_a_large_letter_at_the_beginning_is_no_name(text: str) -> None:
    assert [offer.safety for offer in offered(text)] == ["auto"]


@pytest.mark.parametrize(
    ("text", "safety"),
    [
        ("A thrombus, also called a blood clot, is dangerous.", "suggest"),
        ("A blood clot (thrombus) is dangerous.", "suggest"),
        ("A thrombus (blood clot) is dangerous.", "suggest"),
        ("A thrombus or blood clot is dangerous.", "suggest"),
        ('Thrombus is the medical name for "blood clot" there.', "suggest"),
        ("A thrombus is near. Another one, called late, is a blood clot.", "auto"),
        ("Treat the thrombus or wait until the blood clot is gone.", "auto"),
        ("The thrombus and the blood clot.", "auto"),
    ],
)
def test_where_one_form_explains_the_other_nothing_is_done(text: str, safety: str) -> None:
    assert [offer.safety for offer in offered(text, CLOT)] == [safety]


def test_an_unknown_letter_case_is_only_suggested() -> None:
    assert [(offer.after, offer.safety) for offer in offered("an eMaIl e-MaIL")] == [("email", "suggest")]


def test_severity_and_parts() -> None:
    info = Term(preferred="email", variants=("e-mail",), severity=Severity.INFO, fields=("prompt",))
    assert [offer.safety for offer in offered("an e-mail", info, part="prompt")] == ["suggest"]
    assert offered("an e-mail", info) == []


def test_forbidden_without_a_preferred_form_is_only_told() -> None:
    term = Term(forbidden=("sugar disease",))
    (offer,) = offered("a Sugar disease", term)
    assert (offer.check, offer.safety, offer.after) == ("terms.forbidden", "report", "Sugar disease")


def test_admitted_forms_are_left_alone_and_cover_variants() -> None:
    term = Term(preferred="email", variants=("mail",), admitted=("mail message",))
    assert [offer.start for offer in offered("mail message, mail", term)] == [14]


def test_the_case_of_a_folded_term() -> None:
    term = Term(preferred="HbA1c", case=Case.FOLD)
    assert [(offer.after, offer.check) for offer in offered("hba1c HBA1C HbA1c", term)] == [
        ("HbA1c", "terms.case")
    ] * 2
    assert offered("Email EMAIL email") == []
    exact = Term(preferred="AIDS", variants=("Aids",), case=Case.EXACT)
    assert [offer.start for offer in offered("he aids Aids AIDS", exact)] == [8]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("An ECG was taken. The ECG is fine.", "An electrocardiogram (ECG) was taken. The ECG is fine."),
        ("ECG first.", "Electrocardiogram (ECG) first."),
        ("The EKG and the ECG.", "The electrocardiogram (ECG) and the ECG."),
        ("An electrocardiogram (ECG) and an ECG.", "An electrocardiogram (ECG) and an ECG."),
        ("The test (ECG) was done.", "The test (ECG) was done."),
        ("An Electrocardiogram.", "An electrocardiogram (ECG)."),
    ],
)
def test_first_use(text: str, expected: str) -> None:
    for _ in range(3):
        text = applied(text, ECG)
    assert text == expected


def test_first_use_is_of_its_own_class() -> None:
    (offer,) = offered("See the ECG.", ECG)
    assert (offer.check, offer.safety) == ("terms.first-use", "auto")


def frame(*texts: str) -> pl.DataFrame:
    lines = [(row, "/output", "target", "assistant", text, "") for row, text in enumerate(texts)]
    return pl.DataFrame(lines, schema=EDITABLE, orient="row")


def test_the_editor() -> None:
    editor = pickle.loads(pickle.dumps(Terms.of(DATA / "legal.yaml")))  # noqa: S301 (our own bytes)
    done = editor.offers(frame("Nothing here.", "An e-mail about the web site."))
    assert done.offers.schema == OFFERS
    assert done.unchecked.is_empty()
    assert done.offers.select(
        "row", "start", "end", "after", "check", "rule", "safety", "severity"
    ).rows() == [
        (1, 3, 9, "email", "terms.variant", "e-mail → email", "auto", "warning"),
        (1, 20, 28, "website", "terms.variant", "web site → website", "auto", "warning"),
    ]
    assert editor.identity() == Terms.of(DATA / "legal.yaml").identity()
    assert editor.identity() != Terms.of(DATA / "medical.yaml").identity()
    assert Terms().offers(frame("an e-mail")).offers.is_empty()
    assert (editor.kind, editor.by_text, editor.locked) == ("terms", True, True)


def test_a_glossary_is_compiled_once() -> None:
    one, other = load_glossary(DATA / "legal.yaml"), load_glossary(DATA / "legal.yaml")
    assert matcher_of(one) is matcher_of(other)
    assert matcher_of(one) is not matcher_of(Glossary((EMAIL,)))


MEDICAL = load_glossary(DATA / "medical.yaml")
FORMS = [form for term in MEDICAL.terms for form in (term.preferred, *term.variants)]


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from(FORMS), st.sampled_from([" ", ". ", " a ", " An ", "-", "'s ", "\n", ""])),
        max_size=8,
    )
)
def test_edits_come_to_an_end(pieces: list[tuple[str, str]]) -> None:
    text = once = "".join(form + between for form, between in pieces)
    for _ in range(3):
        text = "".join(_rewritten(text))
    assert "".join(_rewritten(text)) == text
    assert text.count("\n") == once.count("\n")


def _rewritten(text: str) -> list[str]:
    pieces, at = [], 0
    for offer in offers_for(text, matcher_of(MEDICAL), "target"):
        pieces += [text[at : offer.start], offer.after]
        at = offer.end
    return [*pieces, text[at:]]
