"""Characters are put right where that is certain; digits, code, markup, addresses and copies stay as they are."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from curate.core.errors import ConfigError
from curate.fixing.text_repair import TextRepair
from tests.evidence.text_repair.measure import garbled, judged
from tests.fixing.lab import followed, repaired, said, texts_of, turns

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("The bat&#x27;s ears, the sun&#39;s rays, &quot;no&quot;", "The bat's ears, the sun's rays, \"no\""),
        ("R&amp;D costs&nbsp;rose", "R&D costs rose"),
        ("She said &amp;quot;yes&amp;quot; &amp;#39;twice&amp;#39;.", "She said \"yes\" 'twice'."),
        ("caf&eacute; &ndash; closed, 3 &times; 4", "café – closed, 3 × 4"),
        ("p &lt; 0.05, a nice app :&gt;)", "p < 0.05, a nice app :>)"),
        ("included in\u00a0the study", "included in the study"),
        ("One. \u00a0Then two", "One.  Then two"),
        ("balls. \u2028The box", "balls. \nThe box"),
        ("cafe\u0301 and A\u030angstro\u0308m", "café and Ångström"),
        ("5 \u212bngstr\u00f6m", "5 \u00c5ngstr\u00f6m"),
        ("\u0420\u045f\u0421\u0402\u0420\u0451\u0420\u0406\u0420\u00b5\u0421\u201a", "Привет"),
    ],
)
def test_what_is_certain_is_put_right(text: str, made: str) -> None:
    assert repaired(TextRepair(), text) == [made]


@pytest.mark.parametrize(
    "text",
    [
        "In HTML write &amp;amp; for an ampersand, &nbsp; for a blank.",
        "<p>Fish &amp; chips</p>",
        "Use `&amp;` here: R&amp;D",
        "```\nx = a &amp;&amp; b\n```\nso R&amp;D",
        "See https://example.org/?a=1&amp;b=2",
        "&lt;strong&gt;Opinion&lt;/strong&gt;",
        "?viewGroups=&nbsp;only_game_theory",
        "AT&T; Smith & Co; &unknown; &#9999999;",
        "&#53; apples",
        "12\u00a0km, «\u00a0oui\u00a0», No.\u00a04, p\u00a0=\u00a00.3",
        "Dr.\u00a0Smith, sq\u00a0miles, World War\u00a0II",
        "(1911\u00a0 17 July 1995)",
        "occur.\u2029.",
        "x² ½ ﬁnd Ⅳ １２ ＡＢ ㎏ °C ™",
        "ｗｗｗ，中文（香港）",
        "한국어 हिन्दी ไทย",
        "NÃO, “AMANHÃ”, L’été à Müller, naïve",
    ],
)
def test_what_may_be_meant_stays(text: str) -> None:
    assert repaired(TextRepair(), text) == [text]


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("past  #36;46 a barrel", "past  $46 a barrel"),
        ("says  quot;no quot;", 'says  "no "'),
        ("zustĆ¤ndig", None),
        ("R&amp;D beside `&amp;`", "R&D beside `&amp;`"),
    ],
)
def test_what_is_likely_is_only_suggested(text: str, made: str | None) -> None:
    assert repaired(TextRepair(), text) == [text]
    offers = TextRepair().offers(said(text)).offers
    assert set(offers["safety"]) == {"suggest"}
    if made:
        assert followed(TextRepair(), said(text), ("suggest",))["text"].to_list() == [made]


def test_an_answer_that_was_escaped_twice_is_suggested(tmp_path: Path) -> None:
    row = {
        "prompt": "Who repairs the roof?",
        "completion": "The landlord.\\nThe tenant isn\\'t liable in the caf\\u00e9.",
    }
    made = followed(TextRepair(), texts_of([row], tmp_path), ("suggest",))["text"].to_list()
    assert made[1] == "The landlord.\nThe tenant isn't liable in the café."
    about = {"prompt": "Print two lines in Python.", "completion": "One.\\nTwo."}
    assert TextRepair().offers(texts_of([about], tmp_path)).offers.is_empty()


def test_a_prompt_about_markup_spares_its_answer() -> None:
    texts = turns("How do I write & in HTML?", "Write &amp; instead.")
    assert followed(TextRepair(), texts)["text"].to_list() == texts["text"].to_list()


def test_an_extract_stays_a_part_of_its_prompt() -> None:
    texts = turns("Passage: the Earth&#39;s crust. What moves?", "the Earth&#39;s crust")
    question, answer = followed(TextRepair(), texts)["text"].to_list()
    assert answer == "the Earth's crust"
    assert answer in question
    kept = turns("Quote `Earth&#39;s crust`.", "Earth&#39;s crust")
    assert followed(TextRepair(), kept)["text"].to_list()[1] == "Earth&#39;s crust"


def test_an_extract_stays_where_prompts_are_left_alone() -> None:
    texts = said("Earth&#39;s crust", given="The Earth&#39;s crust moves.")
    assert followed(TextRepair(), texts)["text"].to_list() == ["Earth&#39;s crust"]


def test_policies() -> None:
    text = "ﬁnd cafe\u0301 ＡＢ（x）１２\u00a0km, «\u00a0oui\u00a0»"
    assert repaired(TextRepair(unicode="off", spaces="off"), text) == [text]
    assert repaired(TextRepair(unicode="nfkc-safe", spaces="all"), text) == [
        "find café AB(x)１２ km, «\u00a0oui\u00a0»"
    ]


@pytest.mark.parametrize("options", [{"unicode": "nfkd"}, {"spaces": "none"}])
def test_options_that_do_not_exist_are_refused(options: dict[str, str]) -> None:
    with pytest.raises(ConfigError):
        TextRepair(**options)


_PIECES = st.sampled_from(
    [
        *("&amp;", "&#39;", "&nbsp;", "&lt;", "b>", "#36;", "\u00a0", "\u2028", "e\u0301", "Ã¼", "Ð\u009f"),
        *(" ", "a", "12", "`", "\n", "x=", "é"),
    ]
)


@given(st.lists(_PIECES, max_size=12).map("".join))
@settings(deadline=None)
def test_digits_stay_and_a_second_run_changes_nothing(text: str) -> None:
    once = repaired(TextRepair(), text)
    digits = [re.sub(r"\D", "", re.sub(r"&(?:amp;)*#\d+;", "", one)) for one in (text, *once)]
    assert digits[0] == digits[1]
    for _ in range(4):
        again = repaired(TextRepair(), *once)
        if again == once:
            return
        once = again
    raise AssertionError(text)


def test_no_certain_repair_of_a_misread_text_is_wrong() -> None:
    found = garbled()
    assert found.sure > 40_000
    assert found.sure_wrong == 0
    assert found.clean_changed == 0


def test_every_edit_on_public_rows_was_read(real_data: Path) -> None:
    found = judged(real_data)
    assert {one.check for one in found} == {"text.entity", "text.line-separator", "text.nbsp"}
    assert all(one.right == one.read for one in found)


def test_code_is_left_byte_for_byte(real_data: Path) -> None:
    from curate.engines.staging import editable  # noqa: PLC0415 (after the skip)
    from curate.formats.parse import parse_chunk  # noqa: PLC0415 (the same)
    from curate.formats.read import open_source  # noqa: PLC0415 (the same)
    from curate.formats.sources import discover  # noqa: PLC0415 (the same)

    (source,) = discover([str(real_data / "humaneval" / "HumanEval.jsonl.gz")]).sources
    for chunk in open_source(source, 0).chunks():
        texts = editable(parse_chunk(chunk).batch)
        assert isinstance(texts, pl.DataFrame)
        assert TextRepair().offers(texts).offers.is_empty()
