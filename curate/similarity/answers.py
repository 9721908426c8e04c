"""When two answers teach the same: equal as they are written, but for what frames them.

White space, a full stop at the end, the tokens that end every text of a set, and a listed opening ("Sure! Here is the
answer:") or closing ("I hope this helps!") frame an answer. Whatever else one answer holds and the other does not is
content: "No, treatment is needed" is not "No treatment is needed", nor is 5 Mg 5 mg. Where form matters, in the ask or
in either answer, only white space at the ends and end tokens are set aside.
"""

from __future__ import annotations

import re

from curate.similarity.asks import VERBATIM
from curate.similarity.asks_form import as_written, holds_code
from curate.similarity.wording_tokens import plain

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
    r"(?:here(?:['’]s| is| are) (?:the|an|your|my) (?:answer|response|result|output|solution|summary|translation"
    r"|explanation|list|text|code|rewritten text|revised text):\s+"
    r"|(?:the )?(?:correct |final |right )?answer(?: is|:| is:)\s+|(?:a|answer|response|output)\s?:\s+"
    r"|(?<=[!,.])\s*|(?<=[!,.]\s))",
    re.IGNORECASE,
)
_CLOSER = re.compile(
    r"[\s.!]+(?:i hope (?:this|that|it) (?:helps|is helpful)|hope (?:this|that|it) helps"
    r"|(?:please )?let me know if you (?:have any|need any)(?: other| more| further)?(?: questions| help| assistance)"
    r"|(?:please )?feel free to (?:ask|reach out)(?: if you have any(?: other| more| further)? questions)?"
    r"|is there anything else (?:i can|you need)(?: help(?: you)?(?: with)?| do for you)?)[.!?]*\s*$",
    re.IGNORECASE,
)
_CLOSING = 300
"""Code points at the end in which a closing is looked for."""


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
    while _may_close(text):
        closer = _CLOSER.search(text, max(0, len(text) - _CLOSING))
        if closer is None or not text[: closer.start()].strip():
            break
        text = text[: closer.start()]
    opener = _OPENER.match(text)
    rest = text[opener.end() :] if opener else text
    return rest if rest.strip() else text


def _may_close(text: str) -> bool:
    """Whether the end holds a word of a listed closing; looking for them all takes ten times as long."""
    end = text[-_CLOSING:].lower()
    return "hope" in end or "let me know" in end or "feel free" in end or "there any" in end


def answer_form(answer: str, *, verbatim: bool = False) -> str:
    """The canonical form of an answer; equal forms teach the same.

    Args:
        answer: the text of the target.
        verbatim: the form of words matters in the ask.
    """
    text = trimmed(answer)
    if verbatim or holds_code(text):
        return VERBATIM + as_written(text, ask=False)
    said = " ".join(plain(unframed(text)).split())
    return said[:-1] if said.endswith(".") and not said.endswith("..") else said


def equivalent(one: str, two: str, *, verbatim: bool = False) -> bool:
    """Whether two answers to the same ask teach the same.

    Args:
        one: an answer.
        two: another.
        verbatim: the form of words matters in the ask.
    """
    return one == two or answer_form(one, verbatim=verbatim) == answer_form(two, verbatim=verbatim)
