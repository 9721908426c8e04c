"""How long an answer the prompt asks for, where it says so in figures or names a kind of text."""

from __future__ import annotations

import re
from typing import NamedTuple


class Wanted(NamedTuple):
    """The least and the most that was asked for, in words or (Chinese) characters; None where nothing was said."""

    least: int | None
    most: int | None
    unit: str


_WRITE = r"(?:write|compose|create|generate|draft|produce|craft|prepare|give me|provide|pen)"
_LEAST = re.compile(
    r"\b(?:at least|no less than|not less than|no fewer than|minimum(?: of)?|min\.?|(?<!no )(?<!not )more than"
    r"|(?<!not )over) (\d{2,4}) words\b",
    re.IGNORECASE,
)
_MOST = re.compile(
    r"\b(?:in|under|less than|fewer than|no more than|not more than|at most|within|maximum(?: of)?|max\.?"
    r"|up to|(?:not |n't )exceed(?:ing)?|limit(?:ed)? (?:it |your answer )?to) (\d{1,4}) words\b"
    r"|\b(\d{1,4}) words (?:or (?:less|fewer)|at most|max(?:imum)?)\b",
    re.IGNORECASE,
)
_FILLER = (
    r"(?:(?!(?:functions?|that|which|code|programs?|scripts?|titles?|headlines?"
    r"|names?)\b)[\w,'’-]+ ){0,12}?"
)
_ABOUT = re.compile(
    rf"^(?:please |can you |could you )?{_WRITE} {_FILLER}(\d{{2,4}})[- ]words?\b(?! (?:per|a|an|from) )",
    re.IGNORECASE | re.MULTILINE,
)
_HAN_LEAST = re.compile(r"(?:不少于|至少|不低于|(?<!不)超过)\s?(\d{2,4})\s?字")
_HAN_MOST = re.compile(
    r"(?:不超过|不多于|最多|(?<!不)少于|以内)\s?(\d{2,4})\s?字|(\d{2,4})\s?字(?:以内|以下|之内)"
)
_HAN_ABOUT = re.compile(
    r"(?<![-~至到—])(?:写|撰写|创作|生成)[^。！？\n]{0,20}?(\d{2,4})\s?字(?![-~至到—]|符)"
)
_PLAIN = (
    r"(?:(?!(?:functions?|that|which|code|titles?|headlines?|names?|for|of|about|on|to|in|from"
    r"|and)\b)[\w'’-]+ ){0,3}?"
)
_LONG_KINDS = re.compile(
    rf"^(?:please |can you |could you )?{_WRITE} (?:me )?(?:an? )?{_PLAIN}"
    r"(?:(essay|article|report|blog ?post|speech)|(short story|story|letter|e-?mail|cover letter))\b"
    r"(?![- ](?:title|headline|subject|heading|opening|outline|plot|idea|prompt|hook|ending|beginning"
    r"|starter|line"
    r"|topic|name|summary|tweet)s?\b)",
    re.IGNORECASE | re.MULTILINE,
)
_EXPLAIN = re.compile(
    r"^(?:please |can you |could you )?(?:explain|describe|discuss|elaborate on|analy[sz]e|compare) \w+ ",
    re.IGNORECASE,
)
_SHORTLY = re.compile(
    r"\b(?:in|with|using|of|only) (?:just |only )?(?:one|a single|a|two|three|\d+|a few) (?:\w+ )?(?:word"
    r"|phrase|letter|term|sentence|line)s?\b|\b(?:word|keyword)s?\b"
    r"|\bbrief\w*|\bshort\w*|\byes or no\b|\btrue or false\b|\boptions?\b|\bcategor\w+|\bchoose\b|\bpick\b"
    r"|\btemplates?\b|\bplaceholders?\b|\bskeleton\b|\bform letters?\b"
    r"|\bclassif\w+|\bsentiment\b|\btitle\b|\bcode\b|\bfunction\b",
    re.IGNORECASE,
)
_OF_PARTS = re.compile(
    r"\b(?:each|every|per|sentences|bullets?|titles?|lines|parts|minutes?|hours?|seconds?)\b", re.IGNORECASE
)
"""Where a number of words may be meant for parts of the answer, or for something else."""

ESSAY_WORDS, STORY_WORDS, EXPLAIN_WORDS = 40, 20, 3
"""Less is no essay, no story, no explanation."""


def wanted(prompt: str) -> Wanted:
    """What the prompt says about the length of the answer as a whole.

    >>> wanted("Write a 500-word essay on bail.")
    Wanted(least=500, most=500, unit='words')
    >>> wanted("Explain bail in under 50 words.")
    Wanted(least=None, most=50, unit='words')
    """
    han_least, han_most, han = (
        _number(_HAN_LEAST, prompt),
        _number(_HAN_MOST, prompt),
        _number(_HAN_ABOUT, prompt),
    )
    if han_least or han_most or han:
        return Wanted(
            han_least or (None if han_most else han), han_most or (None if han_least else han), "characters"
        )
    if _OF_PARTS.search(prompt):
        return Wanted(None, None, "words")
    least, most = _number(_LEAST, prompt), _number(_MOST, prompt)
    if least is None and most is None:
        least = most = _number(_ABOUT, prompt)
    return Wanted(least, most, "words")


def least_of_kind(prompt: str) -> tuple[int, str]:
    """Fewer words than this are no text of the kind that was asked for, and the kind; 0 where none is named."""
    if _SHORTLY.search(prompt):
        return 0, ""
    kind = _LONG_KINDS.search(prompt)
    if kind:
        return (ESSAY_WORDS if kind[1] else STORY_WORDS), (kind[1] or kind[2]).lower()
    return (EXPLAIN_WORDS, "explanation") if _EXPLAIN.match(prompt) else (0, "")


def length_in(text: str, unit: str) -> int:
    """Words, or Chinese characters and words of other scripts."""
    han = len(re.findall(r"[\u3400-\u9fff]", text))
    words = len(re.findall(r"[^\W\u3400-\u9fff]+(?:['’-][^\W\u3400-\u9fff]+)*", text))
    return han + words if unit == "characters" or han else words


def _number(pattern: re.Pattern[str], prompt: str) -> int | None:
    hit = pattern.search(prompt)
    return int(hit[hit.lastindex or 0]) if hit else None
