"""The form of an answer: what a program that reads it, or a reader who skims it, relies on."""

from __future__ import annotations

import json
import re

_FENCE = re.compile(r"^```[^\n`]*\n.*?^```\s*$", re.MULTILINE | re.DOTALL)
_TABLE = re.compile(r"^\s*\|?(?:\s*:?-{3,}:?\s*\|)+\s*:?-{0,}:?\s*\|?\s*$", re.MULTILINE)
_ITEMS = re.compile(r"^\s*(?:[-*•]|\d{1,3}[.)、])\s+\S", re.MULTILINE)
_NUMBER = re.compile(r"^[-+−]?(?:\d[\d,. ]*|\.\d+)\s?[%€$£]?$")
_CHOICE = re.compile(r"^\(?[A-Za-z]\)?[.)]?$")
_ELEMENT = re.compile(r"^<([A-Za-z][\w:-]*)\b[^>]*>.*</\1>$", re.DOTALL)
_FEWEST_ITEMS = 2


def form(text: str) -> str:
    """One of: empty, json object, json list, number, choice, xml, code, table, list, paragraphs, line.

    The first that fits counts. JSON in a code fence is code: a program that reads JSON cannot read it.
    """
    plain = text.strip()
    if not plain:
        return "empty"
    alone = _whole(plain)
    if alone:
        return alone
    if _FENCE.search(plain):
        return "code"
    if _TABLE.search(plain):
        return "table"
    if len(_ITEMS.findall(plain)) >= _FEWEST_ITEMS:
        return "list"
    return "paragraphs" if "\n" in plain else "line"


def is_same_form(answer: str, reference: str) -> bool:
    """Whether an answer has the form of its reference; one line and several paragraphs are both prose."""
    return _broad(form(answer)) == _broad(form(reference))


def _broad(name: str) -> str:
    return "prose" if name in ("line", "paragraphs") else name


def _whole(plain: str) -> str:
    if plain[0] in "{[" and plain[-1] in "}]":
        try:
            return "json object" if isinstance(json.loads(plain), dict) else "json list"
        except ValueError:
            return ""
    for name, pattern in (("number", _NUMBER), ("choice", _CHOICE), ("xml", _ELEMENT)):
        if pattern.match(plain):
            return name
    return ""
