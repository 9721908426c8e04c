"""Reasoning between tags: where it is not opened or not closed, and texts that hold nothing else."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from curate.text.backquotes import code_spans, is_within

if TYPE_CHECKING:
    from collections.abc import Iterator

PAIRS = (
    ("<think>", "</think>"),
    ("<thinking>", "</thinking>"),
    ("<reasoning>", "</reasoning>"),
    ("<thought>", "</thought>"),
    ("<thoughts>", "</thoughts>"),
    ("<reflection>", "</reflection>"),
    ("<scratchpad>", "</scratchpad>"),
    ("<|think|>", "<|/think|>"),
    ("<|thought|>", "<|/thought|>"),
    ("<|begin_of_thought|>", "<|end_of_thought|>"),
    ("[THINK]", "[/THINK]"),
    ("◁think▷", "◁/think▷"),
)
"""How public reasoning models and data sets open and close a thought."""

_MENTIONED = re.compile(
    r"\s(?:is|are|was|marks?|opens?|begins?|starts?|closes?|ends?|means?|tags?|tokens?|elements?|and|or|comes?"
    r"|tells?|wraps?|first|must|should|stands?|before|after|in|to|at|when)\b|[,;)\"'”’]|[.!?](?=\s|$)"
)
_SENTENCE_ENDS = '.!?。！？:>)"”…'


class Tag(NamedTuple):
    """A tag without its partner, in code points; ``word`` is the tag as its pair has it."""

    start: int
    end: int
    word: str
    opens: bool


def beginnings(pairs: tuple[tuple[str, str], ...]) -> list[str]:
    """Literals, to be compared without regard to ASCII case, of which every tag holds one."""
    return [
        tag.removesuffix(">") if tag[1].isalpha() or tag[1] == "/" else tag for pair in pairs for tag in pair
    ]


def odd_tag(text: str, prompt: str, pairs: tuple[tuple[str, str], ...] = PAIRS) -> Tag | None:
    """The first tag that has no partner; the prompt may end with the opening one, as chat templates do.

    A tag within a thought is talk about tags unless it follows the first one at once, and so are tags in code and
    those that a sentence mentions.
    """
    return next((hit for pair in pairs if (hit := _odd(text, prompt, pair))), None)


def only_thoughts(text: str, prompt: str) -> bool:
    """Whether nothing stands outside the thoughts, the last of which is closed."""
    for pair in PAIRS:
        tags = list(_tags(text, pair))
        if not tags or tags[-1].opens:
            continue
        opened, end = _opened_by(prompt, pair), 0
        for tag in tags:
            if tag.opens and not opened:
                if text[end : tag.start].strip():
                    return False
                opened = True
            elif not tag.opens and opened:
                opened, end = False, tag.end
        return not opened and end > 0 and not text[end:].strip()
    return False


def _odd(text: str, prompt: str, pair: tuple[str, str]) -> Tag | None:
    code = code_spans(text)
    last: Tag | None = None
    depth = int(_opened_by(prompt, pair))
    for tag in _tags(text, pair):
        if is_within(code, tag.start):
            continue
        if tag.opens:
            if depth == 0 or (last is not None and not text[last.end : tag.start].strip()):
                depth, last = depth + 1, tag
        elif depth:
            depth -= 1
        elif not _is_mentioned(text, tag):
            return tag
    return last if depth and last is not None and not _is_mentioned(text, last) else None


def _opened_by(prompt: str, pair: tuple[str, str]) -> bool:
    return prompt.rstrip().lower().endswith(pair[0].lower())


def _tags(text: str, pair: tuple[str, str]) -> Iterator[Tag]:
    for hit in _pattern(pair).finditer(text):
        opens = hit["opens"] is not None
        yield Tag(*hit.span(), pair[not opens], opens)


@lru_cache(maxsize=64)
def _pattern(pair: tuple[str, str]) -> re.Pattern[str]:
    """Both tags without regard to case; one in angle brackets may hold spaces and attributes."""
    return re.compile(f"(?P<opens>{_spelled(pair[0])})|{_spelled(pair[1])}", re.IGNORECASE)


def _spelled(tag: str) -> str:
    name = re.fullmatch(r"<(/?\w+)>", tag)
    return rf"<{name[1]}(?:\s[^<>]{{0,80}})?>" if name else re.escape(tag)


def _is_mentioned(text: str, tag: Tag) -> bool:
    """Whether a sentence speaks of the tag, within a line or at the text's beginning."""
    line = text[max(0, tag.start - 2) : tag.start]
    goes_on = _MENTIONED.match(text, tag.end) is not None
    if not text[: tag.start].strip():
        return goes_on and text[tag.end : tag.end + 1] not in (".", "!", "?", "")
    if not line.endswith(" ") or line[0] in _SENTENCE_ENDS or "\n" in line:
        return False
    return goes_on or (tag.end == len(text.rstrip()) and tag.opens)
