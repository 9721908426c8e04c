"""A row's turns as tuples, with every pointer tried."""

from __future__ import annotations

import json
from typing import Any

from curate.formats.json_text import locate
from curate.formats.layouts import Turns, read_layout

SHORT = ("role", "part", "text", "at")


def layout(row: dict[str, Any]) -> str:
    return read_layout(row, Turns())[0]


def turns(row: dict[str, Any], *columns: str) -> list[tuple[Any, ...]]:
    """The row's turns; every pointer must lead to a value of the row's JSON."""
    writer = Turns()
    read_layout(row, writer)
    frame = writer.frame()
    raw = json.dumps(row, default=str).encode()
    for at, kind in frame.select("at", "kind").rows():
        assert kind == "missing" or locate(raw, at) is not None, at
    return frame.select(columns or SHORT).rows()


def says(role: str, text: object) -> dict[str, Any]:
    return {"role": role, "content": text}


def shares(role: str, text: object) -> dict[str, Any]:
    return {"from": role, "value": text}


HI = says("user", "Hi")
HELLO = says("assistant", "Hello")
