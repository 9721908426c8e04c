"""Whether the form of a text matters: it holds code, or its task is about case, spelling, grammar or translation.

Such a text is compared as it is written. The signs err on the side of keeping rows: a word that may be about form is
enough.
"""

from __future__ import annotations

import re

from curate.similarity import wording as allow

_CODE_SIGNS = re.compile(r"[{}<>=;\\`|()\[\t]|\n  ")
_CODE_MARKS = (
    "```",
    "{",
    "}",
    "\\",
    ";\n",
    "()",
    "==",
    "!=",
    "=>",
    "->",
    "::",
    "&&",
    "||",
    "\n  ",
    "\n\t",
    "\n>>> ",
)
"""Signs that prose does not hold."""

_CODE = (
    (("):", ");", ") {"), re.compile(r"\w\([^)\n]{0,200}\)[ \t]*[;:{]")),
    (("<",), re.compile(r"</?[a-zA-Z][^<>\n]*>|\w<\w")),
    (("[",), re.compile(r"\w\[\w+\]")),
    ((";",), re.compile(r";\s*\Z")),
    (
        ("SELECT ", "INSERT ", "UPDATE ", "DELETE ", "CREATE "),
        re.compile(
            r"\b(?:SELECT .{1,300}? FROM|INSERT INTO|UPDATE .{1,100}? SET|DELETE FROM|CREATE (?:TABLE|VIEW|INDEX)) ",
            re.DOTALL,
        ),
    ),
    (
        ("def ", "class ", "import ", "#include", "const ", "let ", "var ", "print"),
        re.compile(
            r"^[ \t]*(?:(?:def|class) \w+.*:|import [\w.]+(?: as \w+)?|from \S+ import .+|#include.+"
            r"|(?:const|let|var) \w+ = .+|print\b ?[\"'(].*)$",
            re.MULTILINE,
        ),
    ),
)
"""Signs that prose may hold, and how they stand in code."""

_RULER = re.compile(r"(?m)^[ \t]*={3,}[ \t]*$")
"""A line that parts texts, not an operator."""

_FIRST_WORD = re.compile(r"[A-Za-z]+|[\u4e00-\u9fff]")
_COURTEOUS_START = re.compile(
    r"(?i:(?:(?:could|can|would|will) you (?:please |kindly )?|please,? |kindly |请(?=翻译|将|把|用|改|给))+)"
)


def _in_any_case(words: frozenset[str]) -> frozenset[str]:
    return words | {word.upper() for word in words} | {word.capitalize() for word in words}


_FORM = _in_any_case(allow.FORM)
_PAIRS = tuple((_in_any_case(one), _in_any_case(two)) for one, two in allow.FORM_PAIRS)
_PAIRED = frozenset().union(*(one for one, _ in _PAIRS))


def speaks_of_form(words: list[str], text: str) -> bool:
    """Whether a text, read as these words, may set a task about the form of words."""
    if not _FORM.isdisjoint(words):
        return True
    if not text.isascii() and any(word in text for word in allow.FORM_HAN):
        return True
    return not _PAIRED.isdisjoint(words) and any(
        not one.isdisjoint(words) and not two.isdisjoint(words) for one, two in _PAIRS
    )


def holds_code(text: str) -> bool:
    """Whether the text shows code, mark-up or formulas in mark-up."""
    if _CODE_SIGNS.search(text) is None and "import " not in text and "print" not in text:
        return False
    if "===" in text:
        text = _RULER.sub("", text)
    if any(mark in text for mark in _CODE_MARKS):
        return True
    return any(any(sign in text for sign in signs) and code.search(text) for signs, code in _CODE)


def as_written(text: str, *, ask: bool) -> str:
    """The text without white space at its ends, and, of an ask, without courtesies and the capital at its start."""
    text = text.strip()
    if "\r" in text:
        text = text.replace("\r\n", "\n")
    if not ask:
        return text
    courteous = _COURTEOUS_START.match(text)
    order = text[courteous.end() :] if courteous else text
    verb = _FIRST_WORD.match(order)
    if verb and (verb[0].lower() in allow.ORDERS or not verb[0].isascii()):
        return order[:1].lower() + order[1:]
    return text
