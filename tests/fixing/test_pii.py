"""One placeholder for one person or number, wherever it stands in a row, and nothing else changes."""

# ruff: noqa: S106 -- the secrets are the tests' own

from __future__ import annotations

import pickle
import re
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from curate.config.load import load_plan
from curate.core.errors import ConfigError, UnreadableError
from curate.fixing.pii import KEY_VARIABLE, Pii, pii_of
from curate.text.private import mask
from tests.fixing.lab import followed, repaired, texts_of, turns
from tests.fixing.pii_said import planted

if TYPE_CHECKING:
    from pathlib import Path

LIST = """name;email;phone;company;customer no
Anna-Lena Müller;a.mueller@harborview.org;+49 171 8842391;Harbor & Sons Ltd.;KD-99812
"Smith, John Andrew";;(415) 692-8834;;
Jane Smith;;;;
Ludwig van der Berg;;;;
"""


@pytest.fixture
def listed(tmp_path: Path) -> Pii:
    (tmp_path / "customers.csv").write_text(LIST, "utf-8")
    return Pii(known=(str(tmp_path / "customers.csv"),))


def replacing(editor: Pii, texts: pl.DataFrame) -> pl.DataFrame:
    """The offers that are made; not what is only counted because it is masked and stays."""
    return editor.offers(texts).offers.filter(pl.col("safety") == "auto")


def test_what_is_masked_and_stays_is_counted() -> None:
    said = "password: hunter2Xy!9"
    offers = Pii().offers(turns(f"Use {said} and mail rosa@harborview.org.")).offers.sort("start")
    assert offers.select("check", "safety").rows() == [("pii.masked", "report"), ("pii.email", "auto")]
    assert mask(said).count("█") == len("hunter2Xy!9") == offers["end"][0] - offers["start"][0]
    assert "hunter2" not in " ".join(offers["message"])
    allowing = Pii(allow=(("pii", ".*hunter2.*"),))
    assert allowing.offers(turns(f"Use {said}.")).offers.is_empty()
    own = Pii(patterns=(("login", r"hunter2\S+"),))
    assert own.offers(turns(f"Use {said}")).offers["check"].to_list() == ["pii.login"]
    assert replacing(Pii(), turns(f"Use {said}")).is_empty()


def test_surrogates_are_not_told_as_masked_and_left() -> None:
    editor = Pii(style="surrogate")
    made = followed(editor, turns("Write to rosa@harborview.org or +44 7911 123456."))
    assert "example.com" in made["text"][0]
    assert editor.offers(made).offers.is_empty()


def test_a_value_has_one_placeholder_in_every_turn_and_spelling() -> None:
    texts = turns(
        "My mobile is +49 171 8842391, mail rosa@harborview.org.",
        "Noted: 0171/8842391 and ROSA@HARBORVIEW.ORG.",
        "Also phone (415) 692-8834.",
        "415-692-8834, +1 415 692 8834, 01718842391",
    )
    assert followed(Pii(), texts)["text"].to_list() == [
        "My mobile is [PHONE_1], mail [EMAIL_1].",
        "Noted: [PHONE_1] and [EMAIL_1].",
        "Also phone [PHONE_2].",
        "[PHONE_2], [PHONE_2], [PHONE_1]",
    ]


def test_a_number_that_a_word_gives_away_is_replaced_where_it_stands_alone() -> None:
    texts = turns(
        "My card number is 4539 5787 6362 1486.",
        "4539578763621486?",
        "NHS number: 485 777 3406",
        "4857773406.",
    )
    assert followed(Pii(), texts)["text"].to_list() == [
        "My card number is [CARD_1].",
        "[CARD_1]?",
        "NHS number: [NHS_1]",
        "[NHS_1].",
    ]


def test_what_two_checks_see_is_named_by_one_of_them() -> None:
    texts = turns("Her NHS number is 781-895-9637.", "(781-895-9637)")
    assert followed(Pii(), texts)["text"].to_list() == ["Her NHS number is [NHS_1].", "([NHS_1])"]


def test_both_sides_of_a_pair_have_the_same_placeholder(tmp_path: Path) -> None:
    row = {
        "prompt": "Who?",
        "chosen": "Ask rosa@harborview.org.",
        "rejected": "rosa@harborview.org or tim@acorn.org",
    }
    made = followed(Pii(), texts_of([row], tmp_path))["text"].to_list()
    assert made == ["Who?", "Ask [EMAIL_1].", "[EMAIL_1] or [EMAIL_2]"]


def test_placeholders_that_stand_are_left_and_counted_on() -> None:
    texts = turns("[EMAIL_3] wrote to rosa@harborview.org", "[EMAIL_1]? [PHONE_7]")
    made = followed(Pii(), texts)
    assert made["text"].to_list() == ["[EMAIL_3] wrote to [EMAIL_4]", "[EMAIL_1]? [PHONE_7]"]
    assert Pii().offers(made).offers.is_empty()


def test_rows_are_counted_for_themselves() -> None:
    assert repaired(Pii(), "rosa@harborview.org", "tim@acorn-media.org") == ["[EMAIL_1]", "[EMAIL_1]"]


def test_planted_values_are_replaced_everywhere_and_decoys_stay(tmp_path: Path) -> None:
    rows = planted(20, seed=11)
    texts = texts_of([one.row for one in rows], tmp_path)
    made = followed(Pii(), texts)
    before, after = (dict(one.group_by("row").agg("text").iter_rows()) for one in (texts, made))
    offers = dict(replacing(Pii(), texts).group_by("row").agg("after").iter_rows())
    found: Counter[str] = Counter()
    for row, one in enumerate(rows):
        if not one.kind:
            assert after[row] == before[row]
        elif row in offers:
            found[one.kind] += 1
            assert len(set(offers[row])) == 1
            assert not [text for text in after[row] for value in one.spellings if value in text]
    assert found.pop("card") >= 15  # the check passes over a card that no word calls one
    assert set(found.values()) == {20}
    assert len(found) == 7
    assert replacing(Pii(), made).is_empty()


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("Anna-Lena Müller wrote; ANNA LENA MUELLER signed.", "[NAME_1] wrote; [NAME_1] signed."),
        ("Müller, Anna-Lena (A. Müller, A.-L. Müller)", "[NAME_1] ([NAME_1], [NAME_1])"),
        ("Frau Müllers Akte, Anna-Lena Müller’s file", "Frau [NAME_1]s Akte, [NAME_1]’s file"),
        ("John Smith and Jane Smith: J. Smith", "[NAME_1] and [NAME_2]: [NAME_3]"),
        (
            "John Smith's wife calls him John; Mr. Smith agreed.",
            "[NAME_1]'s wife calls him [NAME_1]; Mr. [NAME_1] agreed.",
        ),
        ("john smith forgot a smith's hammer", "[NAME_1] forgot a smith's hammer"),
        ("ludwig van der berg, L. van der Berg", "[NAME_1], [NAME_1]"),
        ("harbor & sons ltd sent KD99812 (kd-99812)", "[ORG_1] sent [ID_1] ([ID_1])"),
        (
            "Call 415.692.8834 or 0171 8842391: a.mueller@harborview.org",
            "Call [PHONE_1] or [PHONE_2]: [EMAIL_1]",
        ),
    ],
)
def test_listed_people_are_found_in_every_form(listed: Pii, text: str, made: str) -> None:
    assert repaired(listed, text) == [made]


@pytest.mark.parametrize(
    "text",
    [
        "A smith made it; the Smiths of old worked iron. Jane went home.",
        "He met John. Smith said nothing.",
        "Müllerstraße 4, Smithson, Johnsmith, Berg",
        "Part 99812 fits; 4156928834001 is a serial.",
    ],
)
def test_words_that_only_resemble_a_listed_name_stay(listed: Pii, text: str) -> None:
    assert repaired(listed, text) == [text]


def test_a_bare_name_counts_where_the_row_names_the_person(listed: Pii) -> None:
    made = followed(listed, turns("I am Jane Smith.", "Hello Jane, Mrs Smith called."))["text"].to_list()
    assert made == ["I am [NAME_1].", "Hello [NAME_1], Mrs [NAME_1] called."]


@pytest.mark.parametrize(
    ("name", "text", "after"),
    [
        ("May Will", "May will pay in May.", "May will pay in May."),
        ("May Will", "May Will pays; will she?", "[NAME_1] pays; will she?"),
        ("Ann Will", "Then ann will pay; A will is read.", "Then ann will pay; A will is read."),
        ("Ann Will", "So says A. Will.", "So says [NAME_1]."),
        ("Li", "Li is light, and Mr Li says so.", "Li is light, and Mr [NAME_1] says so."),
        ("May Jones", "May Jones came in May; may she?", "[NAME_1] came in May; may she?"),
        ("Jane Brown", "Jane Brown and Brown eat brown rice.", "[NAME_1] and [NAME_1] eat brown rice."),
    ],
)
def test_a_name_that_reads_as_words_needs_its_capitals(
    tmp_path: Path, name: str, text: str, after: str
) -> None:
    (tmp_path / "list.csv").write_text(f"name\n{name}\n")
    assert repaired(Pii(known=(str(tmp_path / "list.csv"),)), text) == [after]


def test_a_known_number_goes_with_a_country_code_that_has_no_sign(listed: Pii) -> None:
    assert repaired(listed, "Dial 49-171-8842391, not 12 171 8842391") == ["Dial [PHONE_1], not 12 [PHONE_1]"]


@pytest.mark.parametrize(
    ("content", "what"),
    [
        ("name\nThe\n", "function word"),
        ("name,age\nA B,34\n", "column 'age'"),
        ("id\n12\n", "so short"),
        ("email\nrosa\n", "no @"),
        ("", "empty"),
    ],
)
def test_a_list_that_cannot_be_followed_is_refused(tmp_path: Path, content: str, what: str) -> None:
    path = tmp_path / "list.csv"
    path.write_text(content)
    with pytest.raises(ConfigError, match=what):
        repaired(Pii(known=(str(path),)), "text")


def test_a_missing_list_is_named() -> None:
    with pytest.raises(UnreadableError, match=r"no-such\.csv"):
        repaired(Pii(known=("no-such.csv",)), "text")


def test_own_patterns_make_own_placeholders() -> None:
    editor = Pii(patterns=(("case-no", r"\b[0-9]{1,3} [A-Z]{1,2} [0-9]+/[0-9]{2}\b"),))
    texts = turns("Az. 12 O 123/24 and 7 C 9/23", "In 12 O 123/24 we won; mail rosa@harborview.org")
    made = followed(editor, texts)
    assert made["text"].to_list() == [
        "Az. [CASE_NO_1] and [CASE_NO_2]",
        "In [CASE_NO_1] we won; mail [EMAIL_1]",
    ]
    assert set(editor.offers(texts).offers["check"]) == {"pii.case-no", "pii.email"}


def test_a_pattern_that_python_would_never_finish_is_searched_in_linear_time() -> None:
    assert repaired(Pii(patterns=(("trap", "(a+)+b"),)), "a" * 50_000 + "c ab") == [
        "a" * 50_000 + "c [TRAP_1]"
    ]


@pytest.mark.parametrize("pattern", ["(?=x)", "a(", r"(a)\1", "x*"])
def test_a_pattern_that_is_none_is_refused(pattern: str) -> None:
    with pytest.raises(ConfigError, match="own"):
        Pii(patterns=(("own", pattern),))


def test_values_that_are_allowed_stay() -> None:
    editor = Pii(allow=(("pii.email", r"info@.*"),))
    assert repaired(editor, "info@acorn.org, rosa@acorn.org") == ["info@acorn.org, [EMAIL_1]"]


def test_keyed_placeholders_agree_between_rows_and_with_no_other_key() -> None:
    one, other = (
        repaired(Pii(scope="file", secret=secret), "Mail rosa@acorn.org", "rosa@acorn.org!", "tim@acorn.org")
        for secret in ("a", "b")
    )
    word = re.compile(r"\[EMAIL_[A-Z2-7]{10}\]")
    assert word.findall(one[0]) == word.findall(one[1]) != word.findall(one[2])
    assert word.findall(one[0]) != word.findall(other[0])
    assert repaired(Pii(scope="file", secret="a"), *one) == one


def test_no_secret_is_told() -> None:
    assert "hush" not in Pii(scope="file", secret="hush").identity() + repr(Pii(scope="file", secret="hush"))
    assert Pii(scope="file", secret="a").identity() != Pii(scope="file", secret="b").identity()


@pytest.mark.parametrize(
    "options", [{"scope": "file"}, {"scope": "file", "style": "surrogate", "secret": "a"}, {"scope": "all"}]
)
def test_options_that_cannot_be_followed_are_refused(options: dict[str, Any]) -> None:
    with pytest.raises(ConfigError):
        Pii(**options)


def test_surrogates_keep_the_shape_and_are_nobodys() -> None:
    editor = Pii(style="surrogate")
    texts = turns(
        "Write to rosa@harborview.org, phone +44 7456 891245, (415) 692-8834 or mobile +49 171 8842391",
        "My Visa card 4539 5787 6362 1486; IBAN DE38 3705 0198 0048 1277 36; SSN 536-24-8817; server 84.191.36.207",
        "rosa@harborview.org, tim@acorn.org, NHS number: 485 777 3406",
    )
    made = followed(editor, texts)
    assert made["text"].to_list() == [
        "Write to per1@example.com, phone +44 7700 900001, (202) 555-0101 or mobile +49 171 3920001",
        "My Visa card 4000 0000 0000 0010; IBAN DE00 0000 0000 0000 0000 01; SSN 000-01-0001; server 192.0.2.1",
        "per1@example.com, pe1@example.com, NHS number: 999 000 0001",
    ]
    assert editor.offers(made).offers.is_empty()


def test_the_plan_makes_the_editor(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(KEY_VARIABLE, "k")
    text = '[pii]\nscope = "file"\n[pii.patterns]\ncase-no = "A-[0-9]+"\n[allow]\n"pii.email" = ["x@y.org"]\n'
    editor = pii_of(load_plan(text, "curate.toml"))
    wanted = Pii(
        patterns=(("case-no", "A-[0-9]+"),), allow=(("pii.email", "x@y.org"),), scope="file", secret="k"
    )
    assert editor == wanted
    assert pickle.loads(pickle.dumps(editor)) == editor  # noqa: S301 (our own)


def test_mistakes_in_the_plan_have_lines() -> None:
    text = '[pii]\nstile = "x"\nscope = "world"\n[pii.patterns]\na = "(?=x)"\n"A B" = "x"\n'
    with pytest.raises(ConfigError) as error:
        load_plan(text, "c.toml")
    places = {line.split(": ")[0] for line in str(error.value).splitlines()}
    assert {"c.toml:2", "c.toml:3", "c.toml:5", "c.toml:6"} <= places


_SAID = st.sampled_from(
    [
        *(
            "rosa@harborview.org",
            "ROSA@harborview.org",
            "phone +49 171 8842391",
            "0171/8842391",
            "01718842391",
        ),
        *("My Visa card 4539 5787 6362 1486", "4539578763621486", "NHS number: 485 777 3406", "4857773406"),
        *(
            "[EMAIL_2]",
            "[PHONE_1]",
            "84.191.36.207",
            "SSN 536-24-8817",
            "John Smith",
            "J. Smith",
            "Mr Smith's",
        ),
        *("Jane Smith", "Müller, Anna-Lena", " ", ", ", ". ", "\n", "(", ")", "7", "ß", "and"),
    ]
)


@given(st.lists(st.lists(_SAID, max_size=7).map("".join), min_size=1, max_size=4), st.booleans())
@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_row_comes_to_an_end_and_nothing_else_changes(
    listed: Pii, said: list[str], surrogates: bool
) -> None:
    editor = replace(listed, style="surrogate") if surrogates else listed
    texts = turns(*said)
    for _ in range(3):
        offers = replacing(editor, texts)
        made = followed(editor, texts)
        for at, text in texts.select("at", "text").iter_rows():
            kept = list(text)
            for start, end in offers.filter(offers["at"] == at).select("start", "end").iter_rows():
                kept[start:end] = [""] * (end - start)
            rest = "".join(kept)
            (new,) = made.filter(made["at"] == at)["text"]
            assert not Counter(re.findall(r"\S", rest)) - Counter(re.findall(r"\S", new))
        if offers.is_empty():
            return
        texts = made
    raise AssertionError(texts["text"].to_list())
