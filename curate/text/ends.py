"""The special tokens that a text may end with, which are a fault of their own and hide others."""

from __future__ import annotations

import re

SPECIAL = (
    r"<\|[A-Za-z_]{1,30}\|>|</s>|<(?:end_of_turn|end_of_utterance|eos|eop)>|\[EOS\]|<｜end▁of▁sentence｜>"
    r"|&lt;\|[A-Za-z_]{1,30}\|&gt;"
)
"""What ends texts in public chat templates."""

CUT = r"<\|(?:im_end|endoftext|eot_id|end_of_text)\|?"
"""The same, cut short; for the very end of a text only."""

END = rf"(?:{SPECIAL}|\s)*(?:{CUT})?\s*$"
"""End tokens and white space at a text's end, for engines whose time is linear; in Python use :func:`without_end`."""

_LAST = re.compile(rf"(?:{SPECIAL}|{CUT})\Z")
_LONGEST = 48


def without_end(text: str) -> str:
    """The text without end tokens and white space at its end, in time that is linear in what is taken away."""
    end = len(text)
    while True:
        while end and text[end - 1].isspace():
            end -= 1
        token = _LAST.search(text, max(0, end - _LONGEST), end)
        if token is None:
            return text[:end]
        end = token.start()
