r"""Escape sequences that stand in prose instead of what they mean: a text that was escaped twice."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from curate.text.backquotes import code_spans, is_within
from curate.text.marks import Mark

if TYPE_CHECKING:
    from collections.abc import Iterator

_SIGN = re.compile(r"(?<!\\)(?:\\[nt\"']|\\u(?![dD][89a-fA-F])([0-9a-fA-F]{4}))")
_MEANT = {"\\n": "\n", "\\t": "\t", '\\"': '"', "\\'": "'"}


def unescaped(text: str) -> Iterator[Mark]:
    """Every escape sequence outside backquotes; whether the text was escaped at all, the caller must know."""
    spans = code_spans(text)
    for hit in _SIGN.finditer(text):
        meant = _MEANT.get(hit[0]) or chr(int(hit[1], 16))
        if (
            not is_within(spans, hit.start())
            and (meant.isprintable() or meant in "\n\t")
            and not meant.isdigit()
        ):
            yield Mark(*hit.span(), fix=meant)
