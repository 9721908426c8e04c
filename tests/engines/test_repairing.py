"""Changes of texts: chosen, put together, taken back; and what they make of bytes and values."""

from __future__ import annotations

import json
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from curate.engines.repairing_bytes import changed_record, changed_value, is_writable, splice_of
from curate.engines.repairing_texts import Change, apply, choose, compose, keeps_digits

TEXTS = st.text('ab\x1b[3m1\n"é🎉', max_size=30)


@st.composite
def changes_of(draw: st.DrawFn, text: str) -> list[Change]:
    offered = draw(
        st.lists(
            st.tuples(st.integers(0, len(text)), st.integers(0, 5), st.text('xy"é', max_size=3)), max_size=5
        )
    )
    return choose(text, [Change(start, start + size, after, "a.b") for start, size, after in offered])


@settings(deadline=None)
@given(st.data())
def test_two_passes_are_one_list_of_changes(data: st.DataObject) -> None:
    text = data.draw(TEXTS)
    first = data.draw(changes_of(text))
    middle = apply(text, first)
    second = data.draw(changes_of(middle))
    last = apply(middle, second)
    third = data.draw(changes_of(last))
    both = compose(text, first, second)
    assert apply(text, both) == last
    assert apply(text, compose(text, both, third)) == apply(last, third)
    assert both == sorted(both, key=lambda one: (one.start, one.end))


@settings(deadline=None)
@given(st.data())
def test_chosen_changes_do_not_overlap_and_change_something(data: st.DataObject) -> None:
    text = data.draw(TEXTS)
    chosen = data.draw(changes_of(text))
    assert all(one.end <= two.start for one, two in pairwise(chosen))
    assert all(text[one.start : one.end] != one.after for one in chosen)


def test_of_overlapping_changes_the_longest_is_made() -> None:
    short, long, other = Change(0, 2, "x"), Change(1, 5, "y"), Change(5, 6, "z")
    assert choose("abcdefg", [short, long, other]) == [long, other]
    assert choose("abc", [Change(0, 9, "x"), Change(-1, 1, "x"), Change(0, 1, "a")]) == []


def test_a_change_of_a_change_names_both_checks() -> None:
    first, second = Change(2, 4, "XY", "a.one", "error", "why"), Change(3, 6, "!", "b.two")
    assert compose("abcdefg", [first], [second]) == [Change(2, 6, "X!", "a.one", "error", "why", ("b.two",))]
    assert compose("abcd", [Change(1, 2, "X", "a.one")], [Change(1, 2, "b", "b.two")]) == []


@pytest.mark.parametrize(
    ("text", "start", "end", "after", "kept"),
    [
        ("12 °C", 2, 3, "", True),
        ("12 °C", 1, 2, "", False),
        ("a1b", 1, 2, "1", True),
        ("٣ apples", 0, 1, "", False),
        ("\x1b[31mred", 0, 5, "", True),
        ("\x1b[31m4", 0, 6, "", False),
        ("x", 0, 1, "7", False),
    ],
)
def test_digits_are_kept(text: str, start: int, end: int, after: str, *, kept: bool) -> None:
    assert keeps_digits(text, [Change(start, end, after)]) is kept


@settings(deadline=None)
@given(TEXTS, TEXTS)
def test_a_splice_is_all_that_differs(old: str, new: str) -> None:
    before, after = old.encode(), new.encode()
    start, end, put = splice_of(before, after)
    assert before[:start] + put + before[end:] == after
    assert [part.decode() for part in (before[:start], before[start:end], put, before[end:])]


@settings(deadline=None)
@given(st.data(), st.booleans(), st.sampled_from(["json", "csv", "cell", "table"]))
def test_only_the_text_changes(data: st.DataObject, ascii_only: bool, kind: str) -> None:
    text = data.draw(TEXTS)
    changes = data.draw(changes_of(text))
    wanted = apply(text, changes)
    value: dict[str, Any] = {"id": 7, "messages": [{"role": "user", "content": text}], "a/b": "é"}
    meant = {**value, "messages": [{"role": "user", "content": wanted}]}
    at = {"/messages/0/content": changes}
    if kind == "json":
        raw = json.dumps(value, ensure_ascii=ascii_only).encode()
        assert json.loads(changed_record(raw, at, "json", {})) == meant
    elif kind == "table":
        assert changed_value(value, at) == meant
        assert value["messages"][0]["content"] == text
    else:
        column = kind == "cell"
        cell = json.dumps(value, ensure_ascii=ascii_only) if column else text
        context = {"columns": ["x", "a/b"], "delimiter": ",", "skip_space": False}
        raw = ('keep,"' + cell.replace('"', '""') + '"').encode()
        pointer = "/a~1b/messages/0/content" if column else "/a~1b"
        new = changed_record(raw, {pointer: changes}, "csv", context).decode()
        inside = new.removeprefix('keep,"').removesuffix('"').replace('""', '"')
        assert (json.loads(inside) == meant) if column else (inside == wanted)


def test_json_within_a_string_is_changed() -> None:
    value = {"messages": json.dumps([{"content": "Blue.x"}])}
    at = {"/messages/#json/0/content": [Change(5, 6, "")]}
    assert changed_value(value, at) == {"messages": '[{"content": "Blue."}]'}


@pytest.mark.parametrize("at", ["/none", "/list/9", "/list/x", "/text/0", "/number"])
def test_a_text_that_is_not_there_cannot_change(at: str) -> None:
    value = {"text": "a", "list": ["a"], "number": 5}
    with pytest.raises(ValueError, match=r"."):
        changed_value(value, {at: [Change(0, 1, "")]})
    with pytest.raises(ValueError, match=r"."):
        changed_record(json.dumps(value).encode(), {at: [Change(0, 1, "")]}, "json", {})


def test_what_an_encoding_cannot_hold_is_known() -> None:
    assert is_writable("é—“".encode(), "cp1252")
    assert not is_writable("中".encode(), "cp1252")
    assert not is_writable("\x85".encode(), "cp1252")
    assert is_writable("中".encode(), "utf-16-le")
    assert is_writable("中".encode(), "utf-8")
