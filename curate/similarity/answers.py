"""When two answers teach the same: equal after the normalisation of ``asks``, or apart from a listed frame.

An answer may open with "Sure, here is ...:" and end with "I hope this helps!" or a token that ends every text of its
set; it may say "Answer: Paris", "The answer is Paris", or repeat the question before it ("The capital of France is
Paris"). Whatever else one answer holds and the other does not is content. Where form matters, in the ask or in either
answer, answers are compared as they are written, white space at their ends and end tokens aside.
"""

from __future__ import annotations

import re

from curate.similarity.asks import VERBATIM, canonical, form
from curate.similarity.asks_form import as_written, holds_code
from curate.similarity.wording_tokens import chunks, plain

_END_TOKENS = (
    "<|endoftext|>",
    "<|im_end|>",
    "<|eot_id|>",
    "<|end_of_text|>",
    "</s>",
    "<eos>",
    "<end_of_turn>",
)
_OPENER = re.compile(
    r"\s*(?:(?:sure|certainly|of course|absolutely)(?:[!,.]| thing[!,.])\s*)?"
    r"(?:here(?:['’]s| is| are) (?:the|a|an|your|my|some)\b(?![^:\n]*\b(?:not|no|never|avoid|wrong)\b)"
    r"[^:\n.!?]{0,60}:\s+"
    r"|(?:the )?(?:correct |final |right )?answer(?: is|:| is:)\s+|(?:a|answer|response|output)\s?:\s+"
    r"|(?<=[!,.])\s*|(?<=[!,.]\s))",
    re.IGNORECASE,
)
_CLOSER = re.compile(
    r"[\s.!]+(?:i hope (?:this|that|it) (?:helps|is helpful)|hope (?:this|that|it) helps"
    r"|(?:please )?let me know if you (?:have|need)\b[^.!?\n]{0,80}|feel free to (?:ask|reach out)\b[^.!?\n]{0,80}"
    r"|is there anything else (?:i can|you)\b[^.!?\n]{0,60})[.!?]*\s*$",
    re.IGNORECASE,
)
_CLOSING = 300
"""Code points at the end in which a closing is looked for."""

_COPULAS = frozenset(["is", "are", "was", "were"])
_SUBJECTS = frozenset(["it", "they", "he", "she", "this", "that", "these"])
_LINKS = frozenset(["of", "for", "in", "on", "at", "to", "by", "the", "this", "that", "a"])
_DENIALS = frozenset(["not", "no", "never", "or", "neither", "nor", "except", "than"])
_LONGEST_RESTATED = 30
"""Words up to which an answer is looked at for a repeated question."""


def trimmed(answer: str) -> str:
    """The answer without white space and end tokens around it."""
    text = answer.strip()
    while text.endswith(_END_TOKENS):
        token = next(token for token in _END_TOKENS if text.endswith(token))
        text = text.removesuffix(token).rstrip()
    return text


def unframed(answer: str) -> str:
    """The answer without a listed opening and closing, unless nothing would be left."""
    text = answer
    while (closer := _CLOSER.search(text, max(0, len(text) - _CLOSING))) and text[: closer.start()].strip():
        text = text[: closer.start()]
    opener = _OPENER.match(text)
    rest = text[opener.end() :] if opener else text
    return rest if rest.strip() else text


def answer_form(answer: str, *, verbatim: bool = False) -> str:
    """The canonical form of an answer; equal forms teach the same.

    Args:
        answer: the text of the target.
        verbatim: the form of words matters in the ask.
    """
    text = trimmed(answer)
    if verbatim or holds_code(text):
        return VERBATIM + as_written(text, ask=False)
    return canonical(unframed(text), ask=False)


def equivalent(one: str, two: str, *, asked: str = "", verbatim: bool = False) -> bool:
    """Whether two answers to the same ask teach the same.

    Args:
        one: an answer.
        two: another.
        asked: the ask, whose words an answer may repeat before it says what the other says.
        verbatim: the form of words matters in the ask.
    """
    if one == two:
        return True
    left, right = answer_form(one, verbatim=verbatim), answer_form(two, verbatim=verbatim)
    if left == right:
        return True
    if left.startswith(VERBATIM) or right.startswith(VERBATIM):
        return False
    short, long = sorted((left.split(" "), right.split(" ")), key=len)
    return bool(short[0]) and len(long) <= _LONGEST_RESTATED and _restates(short, long, asked)


def _restates(short: list[str], long: list[str], asked: str) -> bool:
    """Whether the long answer is the short one after words of the question, or a pronoun, and "is"."""
    rest = long[: len(long) - len(short)]
    if long[len(rest) :] != short or len(rest) < 2 or rest[-1] not in _COPULAS:  # noqa: PLR2004
        return False
    subject = rest[:-1]
    if len(subject) == 1 and subject[0] in _SUBJECTS:
        return True
    said = frozenset(form(chunks(plain(asked))).words)
    return (
        said.issuperset(w for w in subject if w not in _LINKS)
        and _DENIALS.isdisjoint(subject)
        and not _LINKS.issuperset(subject)
    )
