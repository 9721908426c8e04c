from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from curate.terms.abbreviations import pairs
from curate.terms.counting import Counts
from curate.terms.discover import Group, Verifier, groups_of
from curate.terms.load import load_glossary
from curate.terms.writing import write_yaml

if TYPE_CHECKING:
    from pathlib import Path

NINDS = "National Institute of Neurological Disorders and Stroke"


def discovered(*texts: str) -> list[Group]:
    counts = Counts()
    counts.add(texts)
    verifier = Verifier(groups_of(counts))
    verifier.add((f"data:{number}", text) for number, text in enumerate(texts, 1))
    return verifier.proposals()


def told(*texts: str) -> list[tuple[str, str, dict[str, int]]]:
    return [(group.kind, group.preferred, dict(group.forms)) for group in discovered(*texts)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("an electrocardiogram (ECG) was", [("ECG", "electrocardiogram")]),
        (f"the {NINDS} (NINDS)", [("NINDS", NINDS)]),
        ("uses magnetic resonance imaging (MRI; see below)", [("MRI", "magnetic resonance imaging")]),
        ("Use of MRI (magnetic resonance imaging) is", [("MRI", "magnetic resonance imaging")]),
        ("with heat shock protein 27 (Hsp27) in", []),
        ("a heat transfer (HT) and", [("HT", "heat transfer")]),
        ("in the north (USA) and", []),
        ("we met. Then came (ABC) them", []),
        ("RANK (RANK) is", []),
        ("no parenthesis here", []),
    ],
)  # fmt: skip
def test_acronyms_are_found_with_their_long_forms(text: str, expected: list[tuple[str, str]]) -> None:
    assert list(pairs(text)) == expected


def test_hyphens() -> None:
    texts = ["Send an e-mail or an email; email is best.", "An e-mail, by e mail."]
    assert told(*texts) == [("hyphen", "e-mail", {"e-mail": 2, "email": 2})] or told(*texts) == [
        ("hyphen", "email", {"e-mail": 2, "email": 2})
    ]


def test_words_that_only_look_alike_are_not_proposed() -> None:
    assert (
        told(
            "We resign and re-sign it; a causal, casual look.", "Form a re-form, reform, every day, everyday."
        )
        == []
    )
    assert told("At high risk are high risk people with a high-risk job and highrisk data.") == [
        ("hyphen", "highrisk", {"high-risk": 1, "highrisk": 1})
    ]


def test_words_written_apart_need_strong_evidence() -> None:
    few = ["The website has a web and a site.", "A web site is a website.", "A site, the web, a website."]
    assert told(*few) == []
    assert told(*few * 3) == [("space", "website", {"website": 9, "web site": 3})]


def test_spellings_of_the_list() -> None:
    assert told("A tumour is a tumor; two tumours, tumors and tumors.") == [
        ("spelling", "tumor", {"tumour": 2, "tumor": 3})
    ]


def test_case_within_words() -> None:
    assert told("MedlinePlus, Medlineplus, MedlinePlus and MEDLINEPLUS") == [
        ("case", "MedlinePlus", {"MedlinePlus": 2, "Medlineplus": 1})
    ]
    assert told("Internet and internet, INTERNET") == []


def test_an_acronym_with_several_meanings_is_told_and_never_proposed(tmp_path: Path) -> None:
    text = (
        "multiple sclerosis (MS), mass spectrometry (MS), computed tomography (CT), stage IV intravenous (IV)"
    )
    groups = discovered(text)
    assert {group.preferred: group.is_ambiguous for group in groups} == {"MS": True, "CT": False, "IV": True}
    path = tmp_path / "terms.yaml"
    path.write_text(write_yaml(groups), "utf-8")
    (term,) = load_glossary(path).terms
    assert (term.preferred, term.first, term.severity) == ("CT", "computed tomography (CT)", "info")
    assert "it means several things: mass spectrometry, multiple sclerosis" in path.read_text("utf-8")


def test_what_is_proposed_can_be_read_again(tmp_path: Path) -> None:
    texts = [
        "An e-mail or email about a check-up, checkup, checkup.",
        "The email check-up plan (ECP) and Plan: MedlinePlus, Medlineplus, MedlinePlus",
    ]
    groups = discovered(*texts)
    path = tmp_path / "terms.yaml"
    path.write_text(write_yaml(groups), "utf-8")
    terms = {term.preferred: term for term in load_glossary(path).terms}
    assert set(terms) >= {"checkup", "MedlinePlus"}
    assert "hyphen, high" in path.read_text("utf-8")
    assert "data:1: …" in path.read_text("utf-8")
    assert "data:1: …" not in write_yaml(groups, with_text=False)


def test_no_personal_data_beside_a_form() -> None:
    text = "Write an e-mail to jane.roe@mail.example today, or an email. An e-mail, an email."
    assert "jane" not in write_yaml(discovered(text))


def test_nothing_to_propose() -> None:
    assert write_yaml(discovered("Plain words.")).endswith("terms: []\n")


def test_order_does_not_matter() -> None:
    texts = ["An e-mail, an email.", "A check-up, a checkup, a checkup.", "computed tomography (CT)"]
    counts, parts = Counts(), [Counts() for _ in texts]
    counts.add(texts)
    for part, text in zip(parts, texts, strict=True):
        part.add([text])
    merged = Counts()
    for part in reversed(parts):
        merged.merge(part)
    names = [[(group.kind, sorted(group.forms)) for group in groups_of(one)] for one in (counts, merged)]
    assert sorted(names[0]) == sorted(names[1])


def test_a_range_of_numbers_is_no_hyphenated_word() -> None:
    assert told("Stages II-IV, II-IV and IIIV, IIIV of two, II and IV.") == []


def test_acronyms_come_last() -> None:
    texts = [
        "An electrocardiogram (ECG) and an e-mail.",
        "The electrocardiogram (ECG): email it, mail the ECG.",
    ]
    assert [group.kind for group in discovered(*texts)] == ["hyphen", "acronym"]
