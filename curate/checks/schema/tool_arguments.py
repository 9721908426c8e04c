"""A tool call cannot be parsed.

Why     The model learns to write calls that the program around it cannot run.
Mend    Mend the call where the rows come from, or set the rows aside:
        `curate drop {files} --select schema.tool-arguments -o {out}`.
Limits  Arguments must be a JSON object. A call written as a text must be a JSON object with a name, or a list of
        them; a ``<think>`` block before it and ``<tool_call>`` tags around it are spared. Arguments are not held
        against the tool's declaration. Calls inside an answer's text are not looked at. No hit among the 284 calls
        of two public files: precision on real data unmeasured.
        Certain by definition: the parser rejects the call.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import polars as pl

from curate.core.check import Batch, RowCheck, Severity, found
from curate.core.examples import row


def _calls(arguments: object) -> dict[str, Any]:
    call = {"id": "a", "type": "function", "function": {"name": "add", "arguments": arguments}}
    return {"messages": [{"role": "user", "content": "Add."}, {"role": "assistant", "tool_calls": [call]}]}


def _says(text: object) -> dict[str, Any]:
    return {"conversations": [{"from": "human", "value": "Add."}, {"from": "function_call", "value": text}]}


FLAGGED = (
    row(_calls("{'a': 1}")).at("{'a': 1}"),
    row(_calls('{"a": 1')).at('{"a": 1'),
    row(_calls("[1, 2]")).at("[1, 2]"),
    row(_calls("")).at(""),
    row(_says("add(1, 2)")).at("add(1, 2)"),
    row(_says('{"arguments": {"a": 1}}')),
    row(_says('{"name": "add", "arguments": "a=1"}')),
)
CLEAN = (
    row(_calls('{"a": 1}')),
    row(_calls({"a": 1})),
    row(_calls("{}")),
    row(_says('{"name": "add", "arguments": {"a": 1}}')),
    row(_says('[{"name": "add", "arguments": {}}, {"name": "add", "arguments": "{}"}]')),
    row(_says('<think>Two.</think>\n<tool_call>\n{"name": "add", "arguments": {}}\n</tool_call>')),
)

WRITTEN = r"/(?:content|value|text|message)\z"
"""Where the pointer of a call ends that is written as a text; others point to arguments, or have none."""


@dataclass(frozen=True)
class ToolArguments(RowCheck):
    """Parses every call of the assistant."""

    severity: Severity = Severity.ERROR

    def examine(self, batch: Batch) -> pl.DataFrame:
        """One finding for each call."""
        calls = batch.turns.filter((pl.col("kind") == "call") & (pl.col("part") != "rejected"))
        calls = calls.with_columns(pl.col("at").str.contains(WRITTEN).alias("written"))
        calls = calls.filter(pl.col("written") | pl.col("at").str.ends_with("/arguments"))
        texts = zip(calls["text"].to_list(), calls["written"].to_list(), strict=True)
        faults = [_fault_of_call(text) if written else _fault_of_arguments(text) for text, written in texts]
        judged = calls.with_columns(pl.Series("fault", faults, pl.String))
        return found(judged.filter(pl.col("fault") != ""), pl.col("fault"))


def _fault_of_arguments(value: object) -> str:
    if isinstance(value, str):
        try:
            value = json.loads(value, parse_constant=_refuse)
        except (ValueError, RecursionError):
            return "the arguments of the call are not valid JSON"
    return "" if isinstance(value, dict) else "the arguments of the call are not a JSON object"


def _fault_of_call(text: str) -> str:
    _, think, rest = text.partition("</think>")
    text = rest if think else text
    pieces = [piece.partition("</tool_call>")[0] for piece in text.split("<tool_call>")[1:]] or [text]
    try:
        values = [json.loads(piece, parse_constant=_refuse) for piece in pieces]
    except (ValueError, RecursionError):
        return "the call is not valid JSON"
    calls = [call for value in values for call in (value if isinstance(value, list) else [value])]
    return next(filter(None, map(_fault_of_object, calls)), "" if calls else "the list of calls is empty")


def _fault_of_object(call: object) -> str:
    if isinstance(call, dict) and isinstance(call.get("function"), dict):
        call = call["function"]
    if not isinstance(call, dict) or not isinstance(call.get("name"), str) or not call["name"]:
        return "the call is not a JSON object with a name"
    return _fault_of_arguments(call.get("arguments") or {})


def _refuse(constant: str) -> None:
    raise ValueError(constant)
