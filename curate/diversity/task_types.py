"""What an instruction asks for: its leading verb, what that acts on, its question word, and the kind of task.

Rules over closed lists (``task_words``), in the way of the verb-noun pairs by which self-instruct shows its variety
(Y. Wang et al. 2023, "Self-Instruct", figure 3), without a parser: an instruction is short, and its verb leads a
clause.

1. Clauses are looked at from the beginning of the text, and then from its end: the task stands before its material
   or behind it. A clause ends where a line or a sentence does, or at a colon.
2. Politeness is taken off ("please", "can you", "I want you to", "your task is to"), and so is a clause that only says
   with what ("Given the article, …", "Use the text to …").
3. A listed verb that now leads is the verb. The object is the last word of the noun phrase behind it: articles,
   numbers and pronouns are passed over, and the phrase ends at a preposition, a conjunction or a mark.
4. If no clause is led by a verb, a clause that a question word or an auxiliary opens, or that ends in a question mark,
   is a question; a last line such as ``Summary:`` asks for what it names.
5. Other languages than English are told by ``task_foreign``, as far as they are listed.
"""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from curate.diversity.task_foreign import foreign_kind
from curate.diversity.task_words import (
    AROUND,
    AUXILIARIES,
    BEHIND_NOUNS,
    DETERMINERS,
    KINDS,
    NOUNS,
    OBJECTS,
    OPEN_VERBS,
    POLITE,
    QUESTION_WORDS,
    SETTING,
    SPELLINGS,
    STOPS,
    TELLING,
    VERBS,
    YES_NO,
)
from curate.text.language import function_words

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["KINDS", "Task", "task_of"]

REACH = 400
"""Characters at either end of an instruction in which its task is looked for."""

CLAUSES = 3
"""Clauses at either end that are looked at."""

OPENING = 3
"""Words among which the question word stands: "In what year …?"."""

OTHER = "other"
_END = re.compile(r"(?<=[.!?:。！？：])(?:\s+|(?<=[。！？：]))|\n+")
_POLITE = re.compile(
    r"^\W*(?:(?:hi|hello|hey|ok|okay|so|now|then|first|next|finally|also|and|task|instructions?|question|q|problem|prompt)\b\W*)*"
    r"(?:please\W+|kindly\W+|(?:can|could|would|will)\s+you\s+(?:please\s+|kindly\s+|also\s+)*(?:be\s+able\s+to\s+)?"
    r"|(?:i|we)(?:'d|\s+would)?\s+(?:want|like|need|ask)\s+(?:you\s+)?to\s+|you\s+(?:are\s+(?:asked|given\s+the\s+task|expected)\s+to"
    r"|(?:need|have|want)\s+to|should|must|will)\s+|(?:your|the)\s+(?:task|job|goal|objective)\s+is\s+to\s+"
    r"|help\s+me\s+(?:to\s+)?|let's\s+|try\s+to\s+|go\s+ahead\s+and\s+|i(?:'d|\s+would)\s+like\s+(?:you\s+)?to\s+)*",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
_COMMA = re.compile(r",\s*|\s+and\s+")
_BREAK = re.compile(r",\s*|\s+(?:and|to)\s+")
_LABEL = re.compile(r"(?:\A|\n)[^\n:]{0,40}?(\w+)\W*(?:\([^\n()]*\))?\s*:\s*\Z")
_WHETHER = re.compile(r"\s*(?:(?:me|us|out)\s+)?(?:if|whether)\b", re.IGNORECASE)
ENGLISH = 0.1
"""Share of English function words from which other languages are not looked for."""


class Task(NamedTuple):
    """What an instruction asks for; all in lower case.

    Attributes:
        verb: that leads it, in American spelling; empty if none is known.
        object: what the verb acts on; empty if there is none.
        question_word: ``what``, ``how``, … or ``yes/no``; empty if it asks no question.
        kind: of ``KINDS``.
    """

    verb: str = ""
    object: str = ""
    question_word: str = ""
    kind: str = OTHER


def task_of(instruction: str) -> Task:
    """What an instruction asks for.

    Args:
        instruction: what the user says, material and all.
    """
    clauses = _clauses(instruction)
    asked = Task()
    for clause in clauses:
        found = _led(clause)
        if found is not None:
            return found
        if not asked.question_word:
            asked = _question(clause) or asked
    if asked.question_word:
        return asked
    asked = _field(instruction)
    if asked.object:
        return asked
    if function_words(instruction, "en") < ENGLISH:
        kind = next(filter(None, map(foreign_kind, clauses)), "")
        if kind:
            return Task(kind=kind)
    asking = next((one for one in clauses if one.endswith(("?", "？", "؟"))), None)
    return Task() if asking is None else Task("", "", _asking_word(asking), "question")


def _clauses(text: str) -> list[str]:
    """The first and the last clauses, in the order in which they are looked at."""
    said = text.strip()
    if len(said) <= 2 * REACH:
        parts = [part for part in _END.split(said) if part]
        return list(dict.fromkeys([*parts[:CLAUSES], *parts[: -CLAUSES - 1 : -1]]))
    first = [part for part in _END.split(said[:REACH]) if part][:CLAUSES]
    last = [part for part in _END.split(said[-REACH:])[1:] if part]
    return list(dict.fromkeys([*first, *last[: -CLAUSES - 1 : -1]]))


def _led(clause: str) -> Task | None:
    """The task of a clause that a verb leads, after politeness and setting."""
    for start in _starts(clause):
        word = _WORD.match(clause, start)
        if word is not None and (found := _verb(word[0].lower(), clause[word.end() :])):
            return found
    return None


def _verb(word: str, rest: str) -> Task | None:
    """The task that a word names with what stands behind it, if it is a verb."""
    verb = SPELLINGS.get(word, word)
    if verb not in VERBS and verb.endswith("ing"):
        verb = next((one for one in (verb[:-3], f"{verb[:-3]}e", verb[:-4]) if one in VERBS), verb)
    following = _WORD.match(rest.lstrip())
    behind = following[0].lower() if following else ""
    joined = f"{verb} {behind}"
    if joined in VERBS and following:
        verb, rest = joined, rest.lstrip()[following.end() :].removeprefix(" with")
    elif verb not in VERBS or (verb in NOUNS and (not behind or behind in BEHIND_NOUNS)):
        return None
    acted = _object(rest)
    is_judged = verb in TELLING and _WHETHER.match(rest)
    return Task(verb, acted, "", "classify" if is_judged else _kind(verb, VERBS[verb], acted))


def _field(text: str) -> Task:
    """What a last line such as ``Summary:`` asks to be filled in."""
    label = _LABEL.search(text[-REACH:])
    last = label[1].lower() if label else ""
    return Task("", last, "", OBJECTS[last]) if last in OBJECTS else Task()


def _starts(clause: str) -> Iterator[int]:
    """Where the task may begin: behind politeness, and behind each break of a clause that sets the scene."""
    opening = _WORD.search(clause)
    if opening is None:
        return
    begin = opening.start()
    word = opening[0].lower()
    if word in POLITE:
        start = _POLITE.match(clause)
        begin = start.end() if start else begin
    yield begin
    if word in SETTING or word in AROUND:
        for mark in (_BREAK if word in SETTING else _COMMA).finditer(clause, begin):
            start = _POLITE.match(clause[mark.end() :])
            yield mark.end() + (start.end() if start else 0)


def _object(rest: str) -> str:
    """The last word of the noun phrase at the beginning of what stands behind a verb."""
    last, end = "", 0
    for word in _WORD.finditer(rest):
        between = rest[end : word.start()]
        low = word[0].lower().removesuffix("'s").removesuffix("’s")
        if between.strip(" \t\"'“‘*`") or (low in STOPS and not (low in DETERMINERS and not last)):
            break
        end = word.end()
        if low not in DETERMINERS and not low.isnumeric():
            last = low
    return last


def _kind(verb: str, kind: str, acted: str) -> str:
    """What a verb and its object mean together."""
    if verb in OPEN_VERBS and acted in OBJECTS:
        return OBJECTS[acted]
    return kind


def _question(clause: str) -> Task | None:
    """The question that a clause asks."""
    is_asked = clause.endswith("?")
    for start in _starts(clause):
        words = [word[0] for word in islice(_WORD.finditer(clause, start), OPENING)]
        opening = [word.lower().replace("’", "'").removesuffix("'s") for word in words]
        asks = next((word for word in opening if word in QUESTION_WORDS), "")
        if asks and (is_asked or (start == 0 and opening[0] == asks)):
            return Task("", "", asks, "question")
        if is_asked and opening and opening[0] in AUXILIARIES:
            return Task("", "", YES_NO, "question")
    return None


def _asking_word(clause: str) -> str:
    """The first question word, wherever it stands."""
    return next((word for word in map(str.lower, _WORD.findall(clause)) if word in QUESTION_WORDS), "")
