"""Tests that see few lines or none, and fast paths that must say what the slow ones say."""

from __future__ import annotations

import re

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from curate.checks.answer.cut_off import _ENDING, _is_form
from curate.checks.language.mismatch import _mostly_han
from curate.engines.facts import _mixed_scripts, _scripts
from curate.text.grounding import _NUMBER, _numbers
from curate.text.language import LONGEST, WRITTEN, _is_written_so
from curate.text.sift import ascii_boundaries, sift


def test_each_test_sees_what_the_ones_before_it_left() -> None:
    seen: list[int] = []

    def note(texts: pl.Series) -> pl.Series:
        seen.append(len(texts))
        return texts.str.contains("b")

    lines = pl.DataFrame({"text": ["a", "ab", "abc", ""]})
    left = sift(lines, pl.col("text") != "", pl.col("text").map_batches(note, return_dtype=pl.Boolean))
    assert left["text"].to_list() == ["ab", "abc"]
    assert seen == [3]


def test_no_line_no_test() -> None:
    broken = pl.col("text").str.contains("(")
    none = pl.DataFrame({"text": ["a"]}).filter(pl.col("text") == "")
    assert sift(none, broken).is_empty()
    with pytest.raises(pl.exceptions.ComputeError):
        sift(pl.DataFrame({"text": ["a"]}), broken)


@pytest.mark.parametrize("text", ["a clause", "the “clause”", "clauses", "subclause", "clause"])
def test_boundaries_of_ascii_agree_beside_marks(text: str) -> None:
    lines = pl.DataFrame({"text": [text]})
    found = len(sift(lines, pl.col("text").str.contains(ascii_boundaries(r"\bclause\b"))))
    assert found == (re.search(r"\bclause\b", text) is not None)


@given(st.text("0123456789$€£USA .,/-:;'k%m\n(+*=^éa½٣", max_size=14))
def test_numbers_are_found_as_the_whole_expression_finds_them(text: str) -> None:
    whole = [hit.span() for hit in _NUMBER.finditer(text)]
    assert [hit.span() for hit in _numbers(text)] == whole


@given(
    st.text("aeyns", min_size=2, max_size=4),
    st.sampled_from(["", "s", "es", "ing", "ning", "ly", "xx", "eed"]),
)
def test_forms_of_a_word(stem: str, ending: str) -> None:
    whole = re.compile(f"{stem}{stem[-1]}?(?:{_ENDING.pattern})")
    assert _is_form(stem + ending, stem) == (whole.match(stem + ending) is not None)


@given(st.text(st.sampled_from("租金保释房东修理屋顶。a,สวё１"), min_size=1, max_size=60))
def test_mostly_chinese_is_written_in_nothing_else(text: str) -> None:
    lines = pl.DataFrame({"text": [text * 5]})
    others = (code for code in ("en", "fr", *WRITTEN) if code not in ("zh", "ja"))
    if not _mostly_han(lines).is_empty():
        assert not any(_is_written_so((text * 5)[:LONGEST], code) for code in others)


@given(st.lists(st.text("aZ 1租カé", max_size=6), max_size=5))
def test_scripts_of_plain_and_other_texts(texts: list[str]) -> None:
    targets = pl.DataFrame({"text": texts}, schema={"text": pl.String})
    slow = _mixed_scripts(targets) if texts else {}
    assert _scripts(targets) == slow
