"""A tool call has no result.

Why     The conversation goes on as if the tool had answered: the model learns to invent results.
Mend    Add the tool's result or take the call out; or set the rows aside:
        `curate drop {files} --select schema.tool-result-missing -o {out}`.
Limits  A result answers the call whose id it names; one without an id answers all calls before it. A call at the
        end of a conversation is what is trained and needs no result. No hit among the 284 calls of two public
        files: precision on real data unmeasured.
        Certain by definition: calls and results are matched by their ids.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Any

import polars as pl

from curate.core.check import Batch, RowCheck, Severity, found
from curate.core.examples import row

if TYPE_CHECKING:
    from collections.abc import Iterable


def _chat(*messages: dict[str, Any]) -> dict[str, Any]:
    return {"messages": [{"role": "user", "content": "What time is it?"}, *messages]}


def _call(*ids: str) -> dict[str, Any]:
    calls = [{"id": name, "type": "function", "function": {"name": "now", "arguments": "{}"}} for name in ids]
    return {"role": "assistant", "content": "Let me look.", "tool_calls": calls}


def _shared(*turns: tuple[str, str]) -> dict[str, Any]:
    return {"conversations": [{"from": role, "value": text} for role, text in turns]}


ANSWER = {"role": "assistant", "content": "It is nine."}
ASKED = ("human", "What time is it?")
NOW = ("function_call", '{"name": "now", "arguments": {}}')

FLAGGED = (
    row(_chat(_call("a"), ANSWER)),
    row(_chat(_call("a", "b"), {"role": "tool", "tool_call_id": "a", "content": "9:00"}, ANSWER)),
    row(_chat(_call("a"), {"role": "tool", "tool_call_id": "z", "content": "9:00"}, ANSWER)),
    row(_shared(ASKED, NOW, ("gpt", "It is nine."))).at(NOW[1]),
)
CLEAN = (
    row(_chat(_call("a"), {"role": "tool", "tool_call_id": "a", "content": "9:00"}, ANSWER)),
    row(_chat(_call("a", "b"), {"role": "tool", "content": "9:00, 9:00"}, ANSWER)),
    row(_chat(_call("a"))),
    row(_shared(ASKED, NOW, NOW, ("observation", "9:00"), ("gpt", "It is nine."))),
    row(_shared(ASKED, NOW)),
)

LAYOUTS = ("messages", "sharegpt", "preference")
COLUMNS = ("row", "line", "turn", "role", "kind", "call_id")


@dataclass(frozen=True)
class ToolResultMissing(RowCheck):
    """Follows the conversations that call tools."""

    severity: Severity = Severity.ERROR

    def examine(self, batch: Batch) -> pl.DataFrame:
        """One finding for each call that is passed over."""
        known = batch.rows.filter(pl.col("layout").is_in(LAYOUTS)).select("row")
        calls = batch.turns.filter((pl.col("kind") == "call") & (pl.col("part") != "rejected")).select("row")
        if calls.is_empty():
            return found(calls, "")
        turns = batch.turns.join(calls, on="row", how="semi", maintain_order="left")
        turns = turns.join(known, on="row", how="semi", maintain_order="left").with_row_index("line")
        lines = turns.select(COLUMNS).iter_rows()
        open_calls = [line for _, said in groupby(lines, key=itemgetter(0)) for line in _passed_over(said)]
        return found(turns[open_calls], "the conversation goes on without the result of this call")


def _passed_over(said: Iterable[tuple[int, int, int, str, str, str | None]]) -> list[int]:
    """The lines of calls that have no result when somebody else speaks."""
    passed: list[int] = []
    waiting: dict[int, str | None] = {}
    called = -1
    for _, line, turn, role, kind, call_id in said:
        if kind == "call":
            waiting[line] = call_id
            called = turn
        elif role == "tool":
            waiting = {at: name for at, name in waiting.items() if call_id and name and name != call_id}
        elif role in ("user", "assistant") and turn != called:
            passed += waiting
            waiting = {}
    return passed
