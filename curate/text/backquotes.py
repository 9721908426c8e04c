"""What a text shows rather than says: code between backquotes."""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

_CODE = re.compile(r"```.*?(?:```|\Z)|~~~.*?(?:~~~|\Z)|``[^\n]*?``|`[^`\n]+`", re.DOTALL)


def code_spans(text: str) -> list[tuple[int, int]]:
    """Fenced blocks and spans between backquotes (CommonMark 4.5, 6.1, roughly), with their marks."""
    return [match.span() for match in _CODE.finditer(text)] if "`" in text or "~~~" in text else []


def is_within(spans: Sequence[tuple[int, int]], at: int) -> bool:
    """Whether a place lies in one of the spans, which are in order and do not overlap."""
    before = bisect_right(spans, at, key=lambda span: span[0]) - 1
    return before >= 0 and at < spans[before][1]
