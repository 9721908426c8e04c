from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from curate.formats.layouts import Turns, read_in_full
from curate.formats.layouts.recall import MOST, Recall, shape_of

NAMES = (
    *("instruction", "input", "output", "prompt", "completion", "Question", "answer", "answers", "context"),
    *("system", "history", "label", "text", "messages", "conversations", "chosen", "rejected", "role"),
    *("content", "from", "value", "parent_id", "message_id", "replies", "model", "user", "id", "dialog"),
)
TEXTS = st.sampled_from(
    ("", "Name a fruit.", "Fig.", "user", "assistant", "prompter", "[1]", " x", '{"role": "user"}', "\u2003z")
)
VALUES = st.one_of(
    *(TEXTS, st.none(), st.booleans(), st.integers(-1, 2), st.just(0.5)),
    st.sampled_from(([], [["a", "b"]], {"text": "x"}, [{"role": "user", "content": "Hi"}])),
)
ROWS = st.dictionaries(st.sampled_from(NAMES), VALUES, max_size=5)


def read(reader: Any, row: dict[str, Any]) -> tuple[Any, Any]:
    turns = Turns()
    turns.begin(3)
    return reader(row, turns), turns.frame().rows()


@settings(max_examples=400, deadline=None)
@given(st.lists(ROWS, min_size=1, max_size=6), st.data())
def test_what_is_read_by_heart_is_what_is_read_in_full(
    rows: list[dict[str, Any]], data: st.DataObject
) -> None:
    recall = Recall(read_in_full)
    for row in rows:
        other = {name: data.draw(TEXTS) if isinstance(value, str) else value for name, value in row.items()}
        for one in (row, other, row):
            assert read(recall, one) == read(read_in_full, one)


def test_rows_of_one_shape_are_read_in_full_once() -> None:
    calls: list[dict[str, Any]] = []

    def reader(row: dict[str, Any], turns: Turns) -> tuple[str, str]:
        calls.append(row)
        return read_in_full(row, turns)

    recall = Recall(reader)
    for number in range(20):
        recall({"prompt": f"What is {number}?", "completion": "A number."}, Turns())
    assert len(calls) == 2


def test_a_row_whose_words_decide_is_never_read_by_heart() -> None:
    recall = Recall(read_in_full)
    first = {"role": "unknown", "text": "Hi", "replies": None}
    second = {"role": "assistant", "text": "Hi", "replies": None}
    for row in (first, second):
        assert read(recall, row) == read(read_in_full, row)


def test_what_may_be_json_or_has_a_structure_has_no_shape() -> None:
    assert shape_of({"prompt": "[1]"}) is None
    assert shape_of({"prompt": "\u2003{"}) is None
    assert shape_of({"prompt": ["Hi"]}) is None
    assert shape_of({"prompt": "Hi", "n": 1}) != shape_of({"prompt": "Hi", "n": 1.0})
    assert shape_of({"prompt": "Hi", "label": True}) != shape_of({"prompt": "Hi", "label": False})
    assert shape_of({"prompt": ""}) != shape_of({"prompt": "Hi"})


def test_only_so_many_shapes_are_remembered() -> None:
    recall = Recall(read_in_full)
    for number in range(MOST + 5):
        row = {"prompt": "Hi", "completion": "Hello", f"field {number}": 1}
        assert read(recall, row) == read(read_in_full, row)
    assert len(recall._known) == MOST  # noqa: SLF001
