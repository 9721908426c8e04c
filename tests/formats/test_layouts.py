"""Every layout, in the shapes that real data sets have."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import pytest

from curate.core.plan import Plan
from curate.engines.local import InlineEngine
from curate.engines.scan import scan
from curate.formats.layouts import Turns, read_layout
from curate.formats.sources import discover
from tests.layouts_lab import HELLO, HI, SHORT, layout, says, turns

if TYPE_CHECKING:
    from pathlib import Path

# One question, one answer.


def test_alpaca() -> None:
    row = {"instruction": "Add.", "input": "1, 2", "output": "3"}
    assert layout(row) == "alpaca"
    assert turns(row, "turn", *SHORT) == [
        (0, "user", "prompt", "Add.", "/instruction"),
        (0, "user", "context", "1, 2", "/input"),
        (1, "assistant", "target", "3", "/output"),
    ]


@pytest.mark.parametrize("empty", ["", None])
def test_alpaca_with_an_empty_input_has_no_context(empty: str | None) -> None:
    row = {"instruction": "Name a colour.", "input": empty, "output": "Blue."}
    assert layout(row) == "alpaca"
    assert [part for (part,) in turns(row, "part")] == ["prompt", "target"]


def test_alpaca_with_system_and_history() -> None:
    row = {
        "system": "Be brief.",
        "history": [["Hi", "Hello"], ["How are you?", "Well."]],
        "instruction": "Bye",
        "input": "",
        "output": "Bye.",
    }
    assert turns(row) == [
        ("system", "prompt", "Be brief.", "/system"),
        ("user", "prompt", "Hi", "/history/0/0"),
        ("assistant", "target", "Hello", "/history/0/1"),
        ("user", "prompt", "How are you?", "/history/1/0"),
        ("assistant", "target", "Well.", "/history/1/1"),
        ("user", "prompt", "Bye", "/instruction"),
        ("assistant", "target", "Bye.", "/output"),
    ]


def test_alpaca_without_its_answer() -> None:
    assert turns({"instruction": "Add.", "input": "1, 2"}, "part", "kind")[-1] == ("target", "missing")
    assert turns({"instruction": "Add.", "output": None}, "part", "kind")[-1] == ("target", "null")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (3, "3"),
        (True, "true"),
        (["a"], '["a"]'),
        ({"a": None}, '{"a": null}'),
        (dt.date(2020, 1, 2), '"2020-01-02"'),
    ],
)
def test_an_answer_that_is_no_text_is_an_object(value: object, text: str) -> None:
    assert turns({"instruction": "Add.", "output": value}, "kind", "text")[-1] == ("object", text)


@pytest.mark.parametrize(
    ("prompt", "answer"),
    [
        ("prompt", "completion"),
        ("prompt", "response"),
        ("question", "answer"),
        ("query", "response"),
        ("instruction", "response"),
        ("problem", "solution"),
        ("prompt", "canonical_solution"),
        ("input", "output"),
        ("source_text", "target"),
        ("user", "assistant"),
        ("user", "model"),
        ("human", "bot"),
        ("Question", "Response"),
        ("Instruction", "OUTPUT"),
    ],
)
def test_prompt_and_completion_under_many_names(prompt: str, answer: str) -> None:
    row = (
        {prompt: "Name a colour.", answer: "Blue.", "model": "small"}
        if answer != "model"
        else {prompt: "Name a colour.", answer: "Blue."}
    )
    assert layout(row) == "prompt-completion"
    assert turns(row) == [
        ("user", "prompt", "Name a colour.", f"/{prompt}"),
        ("assistant", "target", "Blue.", f"/{answer}"),
    ]


def test_a_prompt_alone_misses_its_completion() -> None:
    assert turns({"prompt": "Name a colour."}, "part", "kind", "at")[-1] == (
        "target",
        "missing",
        "/completion",
    )


def test_the_model_that_wrote_the_answer_is_no_answer() -> None:
    assert turns({"question": "Why?", "model": "small"}, "kind")[-1] == ("missing",)


def test_a_name_beside_a_text_is_no_prompt() -> None:
    assert layout({"user": "ann", "text": "It rains."}) == "text"
    assert layout({"user": "ann", "score": "high"}) == "unknown"


def test_dolly() -> None:
    row = {
        "instruction": "When?",
        "context": "Built in 1910.",
        "response": "In 1910.",
        "category": "closed_qa",
    }
    assert layout(row) == "prompt-completion"
    assert turns(row) == [
        ("user", "context", "Built in 1910.", "/context"),
        ("user", "prompt", "When?", "/instruction"),
        ("assistant", "target", "In 1910.", "/response"),
    ]


def test_an_input_beside_a_response_is_context() -> None:
    row = {"instruction": "Add.", "input": "1, 2", "response": "3"}
    assert layout(row) == layout({"instruction": "Add.", "response": "3"}) == "prompt-completion"
    assert [(part, text) for _, part, text, _ in turns(row)] == [
        ("context", "1, 2"),
        ("prompt", "Add."),
        ("target", "3"),
    ]


def test_squad() -> None:
    row = {
        "context": "Built in 1910.",
        "question": "When?",
        "answers": {"text": ["1910", "in 1910"], "answer_start": [9, 6]},
    }
    assert turns(row)[-1] == ("assistant", "target", "1910", "/answers/text/0")
    unanswerable = {**row, "answers": {"text": [], "answer_start": []}}
    assert turns(unanswerable, "part", "kind")[-1] == ("target", "missing")
    assert turns({"question": "When?", "answers": ["1910"]})[-1] == (
        "assistant",
        "target",
        "1910",
        "/answers/0",
    )


def test_pubmedqa_as_published() -> None:
    row = {
        "QUESTION": "Does it help?",
        "CONTEXTS": ["One.", "Two."],
        "LABELS": ["A", "B"],
        "LONG_ANSWER": "It does.",
    }
    assert layout(row) == "prompt-completion"
    assert turns(row) == [
        ("user", "context", "One.", "/CONTEXTS/0"),
        ("user", "context", "Two.", "/CONTEXTS/1"),
        ("user", "prompt", "Does it help?", "/QUESTION"),
        ("assistant", "target", "It does.", "/LONG_ANSWER"),
    ]


def test_pubmedqa_as_a_dataset_and_contexts_of_other_shapes() -> None:
    row = {
        "question": "Does it help?",
        "context": {"contexts": ["One."], "labels": ["A"]},
        "long_answer": "It does.",
    }
    assert turns(row)[0] == ("user", "context", "One.", "/context/contexts/0")
    titled = {"question": "Who?", "context": {"title": ["A"], "sentences": [["B"]]}, "answer": "Ann."}
    assert turns(titled, "part", "kind", "at")[0] == ("context", "object", "/context")


def test_instances() -> None:
    row = {
        "instruction": "Add.",
        "instances": [{"input": "1, 2", "output": "3"}, {"input": "", "output": "0"}, {"input": "4"}],
    }
    assert layout(row) == "instances"
    assert turns(row, "part", "kind", "text", "at") == [
        ("prompt", "text", "Add.", "/instruction"),
        ("context", "text", "1, 2", "/instances/0/input"),
        ("target", "text", "3", "/instances/0/output"),
        ("target", "text", "0", "/instances/1/output"),
        ("context", "text", "4", "/instances/2/input"),
        ("target", "missing", "", "/instances/2/output"),
    ]


def test_plain_text() -> None:
    row = {"text": "It rains.", "meta": {"lang": "en"}}
    assert layout(row) == "text"
    assert turns(row) == [("assistant", "target", "It rains.", "/text")]
    assert layout({"instruction": "Go on.", "text": "Go on. It rains."}) == "text"
    assert layout({"prompt": "Go on.", "text": "It rains."}) == "text"


def test_kto_of_texts() -> None:
    wanted = {"prompt": "Hi", "completion": "Hello", "label": True}
    assert turns(wanted, "part", "label")[-1] == ("target", True)
    assert turns({**wanted, "label": False}, "part", "label")[-1] == ("rejected", False)
    assert turns({"instruction": "Hi", "output": "No.", "label": False}, "part", "label")[-1] == (
        "rejected",
        False,
    )


def test_messages_as_prompt_and_completion() -> None:
    row = {"prompt": [says("system", "Be brief."), HI], "completion": [HELLO]}
    assert layout(row) == "prompt-completion"
    assert turns(row) == [
        ("system", "prompt", "Be brief.", "/prompt/0/content"),
        ("user", "prompt", "Hi", "/prompt/1/content"),
        ("assistant", "target", "Hello", "/completion/0/content"),
    ]
    assert turns({**row, "label": False}, "part")[-1] == ("rejected",)
    assert turns({"prompt": HI, "completion": HELLO}, "text", "at") == [
        ("Hi", "/prompt/content"),
        ("Hello", "/completion/content"),
    ]


@pytest.mark.parametrize(
    "text", ["[3, 1, 2]", '{"role": "admin", "name": "Ann"}', '[{"name": "Ann"}]', "[INST] Hi", "{"]
)
def test_a_text_that_is_json_stays_a_text(text: str) -> None:
    assert turns({"prompt": text, "completion": text}) == [
        ("user", "prompt", text, "/prompt"),
        ("assistant", "target", text, "/completion"),
    ]
    assert turns({"prompt": text, "chosen": text, "rejected": text}, "kind", "text") == [("text", text)] * 3


# Everything else.


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ({"messages": None, "chosen": None, "instruction": "Hi", "output": "Hello"}, "alpaca"),
        ({"messages": [HI, HELLO], "chosen": None, "instruction": None, "output": None}, "messages"),
        (
            {"messages": None, "chosen": "Hello", "rejected": "Go.", "prompt": "Hi", "output": None},
            "preference",
        ),
        ({"messages": None, "instruction": None, "text": "It rains."}, "text"),
        ({"messages": None, "instruction": "Hi", "output": None}, "messages"),
        ({"prompt": "Hi", "chosen": None, "rejected": None}, "preference"),
    ],
)
def test_a_row_of_a_table_of_several_layouts(row: dict[str, Any], expected: str) -> None:
    assert layout(row) == expected


def test_unknown() -> None:
    assert read_layout({"headline": "Rain", "body": "It rains."}, Turns()) == ("unknown", "body, headline")
    assert read_layout({}, Turns()) == ("unknown", "")
    assert turns({"headline": "Rain"}) == []


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("llamafactory/alpaca_zh_demo.json", {"alpaca": 1000}),
        ("llamafactory/dpo_en_demo.json", {"preference": 300}),
        ("llamafactory/glaive_toolcall_zh_demo.json", {"sharegpt": 300}),
        ("llamafactory/kto_en_demo.json", {"messages": 300}),
        ("llamafactory/reason_tool_use_demo_50.jsonl", {"messages": 50}),
        ("llamafactory/v1_dpo_demo.jsonl", {"preference": 10}),
        ("llamafactory/c4_demo.jsonl", {"text": 300}),
        ("openassistant/en_100_tree.jsonl", {"tree": 100}),
        ("openassistant/en_100_message.jsonl", {"tree": 100}),
        ("pubmedqa/ori_pqal.json", {"prompt-completion": 1000}),
        ("selfinstruct/seed_tasks.jsonl", {"instances": 175}),
        ("humaneval/HumanEval.jsonl.gz", {"prompt-completion": 164}),
    ],
)
def test_real_files(name: str, expected: dict[str, int], real_data: Path) -> None:
    path = real_data / name
    assert scan(discover([str(path)]), (), Plan(), InlineEngine()).tallies[0].layouts == expected
