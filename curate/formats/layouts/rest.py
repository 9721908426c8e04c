"""What a row holds beside its conversation and what is known to be about it: fields that may be part of the ask.

Choices, a context that the layout does not know, a picture's path: two rows that differ in one are not copies of each
other. Which fields only speak of a row is an allow-list; whatever is not on it may be part of what is asked.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from curate.formats.content import canonical
from curate.formats.layouts.chats import ROLE_KEYS, TEXT_KEYS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

REST = "*"
"""Stands among the names of metadata for all fields that :func:`rest_of` gives."""

_NAMES = frozenset(
    """
    id uid uuid guid index idx row line key hash no nr num number ticket ref reference occurrence
    date day time timestamp created updated modified createdat updatedat closed opened year month
    source sources url uri link links file filename origin vendor provider author authors annotator annotators labeler
    labeller reviewer reviewers editor owner agent assignee user username model generator engine dataset datasetname
    subset split part batch version license licence copyright site account customer client org organization
    score scores rating ratings rank quality votes upvotes likes confidence reward perplexity loss length tokens
    ntokens numtokens tokencount wordcount
    lang language locale topic topics category categories tag tags task tasks tasktype type kind domain field difficulty
    level focus clause subject status state priority channel queue product comment comments note notes remark
    remarks meta metadata provenance internal reviewed approved verified edited
    """.split()  # noqa: SIM905 (a table of words)
)
"""Names, in lower case without signs, of fields that are about a row."""

_ID = re.compile(
    r"(?:^|[_\-\s])(?:id|ids|uuid|uid|at|on|by|date|time|score|url|count|num|nr)$|(?:Id|ID|At|Date|Url|Score)$"
)
_SIGNS = re.compile(r"[\W_]+")


def is_about(name: str) -> bool:
    """Whether a field of this name speaks of a row and is no part of it."""
    return _SIGNS.sub("", name.lower()) in _NAMES or _ID.search(name) is not None


_READ = frozenset((*ROLE_KEYS, *TEXT_KEYS, "id", "timestamp", "message_id", "created", "tool_calls"))
"""Keys of a message that are read as its turn, or only name it."""


def _of_messages(value: object) -> list[dict[str, Any]] | None:
    """What the messages of a list hold beside their turns: weights, names, reasoning; None where it is nothing."""
    if not isinstance(value, list):
        return None
    beside = [
        {key: held for key, held in one.items() if key not in _READ and held is not None}
        for one in value
        if isinstance(one, dict)
    ]
    return beside if any(beside) else None


def rest_of(row: Mapping[str, Any], read: Iterable[str]) -> str:
    """The fields of a row that were not read as turns and are not about it, as JSON; empty if there are none.

    Args:
        row: as it stands in its source.
        read: the pointers of its turns.
    """
    used = _used(read)
    left: dict[str, Any] = {}
    for name, value in row.items():
        beside = _of_messages(value) if name in used else None if is_about(name) else value
        if beside not in (None, "", []):
            left[name] = beside
    return canonical(left).decode("utf-8", "replace") if left else ""


def names_of_rest(row: Mapping[str, Any], read: Iterable[str]) -> list[str]:
    """The fields that :func:`rest_of` gives, of a row without lists and objects."""
    used = _used(read)
    return [
        name
        for name, value in row.items()
        if name not in used and not is_about(name) and value is not None and value != ""
    ]


def _used(read: Iterable[str]) -> set[str]:
    return {at.split("/", 2)[1].replace("~1", "/").replace("~0", "~") for at in read if at[:1] == "/"}
