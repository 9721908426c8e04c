"""The canonical form of an ask: two texts ask the same where their canonical forms are equal.

Equality of sequences, not of sets: "X sues Y" is not "Y sues X". A pair differs only by what ``wording`` lists if and only
if the forms are equal, so that asks that are the same are found by hash, without a threshold.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from curate.similarity import wording as allow
from curate.similarity.wording_spelling import COMPOUNDS
from curate.similarity.wording_tokens import DASH, MARKS, chunks, flat, plain, words_of
from curate.text.fold import hash64

if TYPE_CHECKING:
    from collections.abc import Sequence


class Turn(NamedTuple):
    """What one side said before the answer: the system prompt, a question, an earlier answer."""

    role: str
    text: str


class Form(NamedTuple):
    """A canonical text: its words, and for each the number of the chunk that it stands in (-1: added by no chunk)."""

    words: list[str]
    places: list[int]


VERBATIM = "\0"
"""First character of the canonical form of a text that is compared as it is written."""

_CODE_SIGNS = re.compile(r"[{}<>=;\\`_|()\[\]\t]|\n  ")
_CODE = re.compile(
    r"```|^(?: {2,}|\t)\S|[{};][ \t]*$|[{}\\]|\w\(\)|\w+\([^)\n]*\)[ \t]*[;:{]|[=!]=|[=-]>|::|&&|\|\|"
    r"|^[ \t]*(?:def|class|import|from|#include|public|private|function|const|let|var|return|>>>|\$|elif|print)\b[^.?!\n]*$"
    r"|</?[a-zA-Z][^<>\n]*>|\b(?:SELECT|INSERT|UPDATE|DELETE|CREATE)\b.+\b(?:FROM|INTO|SET|TABLE)\b|\w\[\w+\]",
    re.MULTILINE,
)
_FIRST_WORD = re.compile(r"[A-Za-z]+")
_COURTEOUS_START = re.compile(
    r"(?i:(?:(?:could|can|would|will) you (?:please |kindly )?|please,? |kindly |请(?=翻译|将|把|用|改|给))+)"
)


def canonical(text: str, *, verbatim: bool = False, ask: bool = True) -> str:
    """The canonical form as one string.

    Args:
        text: what is said in one turn.
        verbatim: compare as written whatever it holds, because another turn makes form matter.
        ask: whether it asks, so that its courtesies and the synonyms of its verb are folded.
    """
    text = plain(text)
    said = None if verbatim or holds_code(text) else form(chunks(text), ask=ask)
    return _written(text, said, ask=ask)


def ask_form(turns: Sequence[Turn]) -> str:
    """The canonical form of all that stands before an answer, system prompt and roles included.

    Where the form of one turn matters, that of all does: a system prompt may order corrections.
    """
    texts = [plain(text) for _, text in turns]
    said = [None if holds_code(text) else form(chunks(text)) for text in texts]
    if any(one is None or speaks_of_form(one.words, text) for one, text in zip(said, texts, strict=True)):
        said = [None] * len(texts)
    lines = [_written(text, one, ask=True) for text, one in zip(texts, said, strict=True)]
    return "\n".join(f"{turn.role}\t{line}" for turn, line in zip(turns, lines, strict=True))


def ask_key(turns: Sequence[Turn]) -> int:
    """64 bits that are equal for asks that are the same."""
    return hash64(ask_form(turns).encode("utf-8", "surrogatepass"))


def _written(text: str, said: Form | None, *, ask: bool) -> str:
    """The words of a text, or the text itself where its form matters or nothing but marks is in it."""
    if said is None or not said.words or speaks_of_form(said.words, text):
        return VERBATIM + as_written(text, ask=ask)
    return " ".join(said.words)


def form_matters(text: str) -> bool:
    """Whether a text holds code or sets a task about the form of words: then every character may matter."""
    text = plain(text)
    return holds_code(text) or speaks_of_form(form(chunks(text)).words, text)


def speaks_of_form(words: list[str], text: str) -> bool:
    """Whether a text, read as these words, may set a task about the form of words."""
    said = set(map(str.lower, words))
    if not allow.FORM.isdisjoint(said):
        return True
    if not text.isascii() and any(word in text for word in allow.FORM_HAN):
        return True
    return not _PAIRED.isdisjoint(said) and any(
        not one.isdisjoint(said) and not two.isdisjoint(said) for one, two in allow.FORM_PAIRS
    )


_PAIRED = frozenset().union(*(one for one, _ in allow.FORM_PAIRS))


def holds_code(text: str) -> bool:
    """Whether the text shows code, mark-up or formulas in mark-up."""
    return _CODE_SIGNS.search(text) is not None and _CODE.search(text) is not None


def as_written(text: str, *, ask: bool) -> str:
    """The text without white space at its ends, and, of an ask, without courtesies and the capital at its start."""
    text = text.strip()
    if "\r" in text:
        text = text.replace("\r\n", "\n")
    if not ask:
        return text
    if courteous := _COURTEOUS_START.match(text):
        text = text[courteous.end() :]
    verb = _FIRST_WORD.match(text)
    return text[:1].lower() + text[1:] if verb and verb[0].lower() in allow.ORDERS else text


def form(pieces: list[str], *, ask: bool = True) -> Form:
    """The canonical words of a text that is read as prose, with the places of the chunks that they come from."""
    if len(pieces) > 2 and (whole := " ".join(pieces)).isupper():  # noqa: PLR2004 (a shout, not an acronym)
        pieces = whole.lower().split(" ")
    read = words_of(pieces)
    words = flat(read)
    places = [at for at, said in enumerate(read) for _ in said]
    end = _without_thanks(words) if ask else len(words)
    kept = _Sieve(words, end, ask=ask).run()
    out = [kept_word for _, kept_word in kept]
    where = [places[at] for at, _ in kept]
    return _joined(Form(out, where))


def _without_thanks(words: list[str]) -> int:
    """Where the text ends before thanks at its end: they are a sentence, or follow a comma."""
    end = len(words)
    while end and words[end - 1] in MARKS:
        end -= 1
    for size in (4, 3, 2, 1):
        start = end - size
        if start > 1 and words[start - 1] in ".,!?¶" and " ".join(words[start:end]).lower() in allow.THANKS:
            return start if words[start - 1] != "," else start - 1
    return len(words)


class _Sieve:
    """One pass over the words of a text that leaves out what is listed where it stands."""

    def __init__(self, words: list[str], end: int, *, ask: bool) -> None:
        """``words[:end]`` is read."""
        self.words, self.end, self.ask = words[:end], end, ask
        self.kept: list[tuple[int, str]] = []
        self.clause = 0
        self.comma = 0

    def run(self) -> list[tuple[int, str]]:
        """The words kept, each with its number."""
        at = self._greeting() if self.ask else 0
        starts = True
        while at < self.end:
            word = self.words[at]
            if word in MARKS:
                starts = self._mark(at, word, starts=starts)
                at += 1
                continue
            if word in _WATCHED and (skipped := self._listed(at, word)):
                at += skipped
                starts = False
                continue
            if starts and len(word) > 1 and word[0].isupper() and word[1:].islower():
                word = word.lower()
            if self.ask and not self.kept:
                word = allow.SYNONYMS.get(word, word)
            self.kept.append((at, word))
            starts = False
            at += 1
        return self.kept

    def _mark(self, at: int, mark: str, *, starts: bool) -> bool:
        """Take note of a mark; whether a sentence starts after it."""
        if mark == ",":
            self.comma = len(self.kept)
            return starts
        if mark == "?" and not self._asks():
            self.kept.append((at, "?"))
        if mark == "¶":
            self.kept.append((at, "¶"))
        if mark != ";":
            self.clause = self.comma = len(self.kept)
        return mark in ".?!¶"

    def _asks(self) -> bool:
        """Whether the sentence before a question mark begins as a question or an order."""
        if self.clause == len(self.kept):
            return bool(self.kept)
        first = self.kept[self.clause][1].lower()
        if first in allow.ASKING or first in allow.ORDERS:
            return True
        if self.comma < len(self.kept) and self.kept[self.comma][1].lower() in allow.WH:
            return True
        return any(word in allow.ASKING_HAN for _, word in self.kept[self.clause :])

    def _listed(self, at: int, word: str) -> int:
        """How many words from here are left out."""
        low = word.lower()
        if low in allow.ARTICLES:
            return int(self._article(at, word, low))
        if word == DASH:
            return int(self._dash(at))
        if not self.ask:
            return 0
        if low in allow.COURTESIES:
            return int(self._courtesy(at, 1))
        if low in allow.OFFERS:
            return self._offer(at)
        if word == "请":
            return self._han_courtesy(at)
        for phrase in allow.FOREIGN_COURTESIES:
            size = len(phrase)
            if tuple(map(str.lower, self.words[at : at + size])) == phrase and self._at_edge(at, size):
                return size
        return 0

    def _next(self, at: int) -> str:
        return self.words[at] if at < self.end else "."

    def _before(self, at: int) -> str:
        return self.words[at - 1] if at else "."

    def _article(self, at: int, word: str, low: str) -> bool:
        """An article may go where a word follows that does not need it and nothing makes it a name."""
        after = self._next(at + 1)
        if len(after) < 2 or not after.replace("-", "").replace("'", "").isalpha():  # noqa: PLR2004
            return False
        before = self._before(at)
        if word != low and before not in ".?!:¶":
            return False
        if low == "the":
            return after.lower() not in allow.AFTER_THE
        return after.lower() not in allow.AFTER_A and (low == "an" or before.lower() not in allow.BEFORE_A)

    def _dash(self, at: int) -> bool:
        """A dash between two words is punctuation, one beside a number or a letter may be minus."""
        around = (self._before(at), self._next(at + 1))
        return all(word.isalpha() and len(word) > 2 for word in around) and "=" not in self.words  # noqa: PLR2004

    def _courtesy(self, at: int, size: int) -> bool:
        """Please may go before an order, and at an edge of a sentence in which it is not what is spoken of."""
        after = self._next(at + size).lower()
        starts = at == 0 or len(self.kept) == self.clause or self._before(at) == ","
        if after in allow.ORDERS or (starts and after == "do" and self._next(at + size + 1) == "not"):
            return starts or self._before(at) in {"and", "then", "also", "now", "you"}
        return self._at_edge(at, size)

    def _at_edge(self, at: int, size: int) -> bool:
        """Whether words begin or end a sentence that says more than them and does not speak of words."""
        said = {word.lower() for _, word in self.kept[self.clause :]}
        after = self._next(at + size)
        if not said and self._before(at) != ":" and (after == "," or after not in MARKS):
            return self.end - at - size > 2  # noqa: PLR2004 (something is asked, not only called)
        return after in MARKS and len(said) > 1 and said.isdisjoint(allow.METALINGUISTIC)

    def _offer(self, at: int) -> int:
        """ "Could you", with or without please, before an order at the start of a sentence."""
        if len(self.kept) != self.clause or self._next(at + 1).lower() != "you":
            return 0
        size = 3 if self._next(at + 2).lower() in allow.COURTESIES else 2
        return size if self._next(at + size).lower() in allow.ORDERS else 0

    def _han_courtesy(self, at: int) -> int:
        if self._before(at) not in MARKS:
            return 0
        after = self._next(at + 1)
        if after == "问" and self.end - at > 3:  # noqa: PLR2004
            return 3 if self._next(at + 2) == "," else 2
        return int(after in allow.HAN_ORDERS)

    def _greeting(self) -> int:
        """The number of words of a greeting at the start, its mark included."""
        for size in (2, 1):
            if (
                self.end > size + 3
                and self.words[size] in {",", ".", "!"}
                and " ".join(self.words[:size]).lower() in allow.GREETINGS
            ):
                return size + 1
        return 0


_WATCHED = frozenset(
    chain_word
    for word in (
        *allow.ARTICLES,
        *allow.COURTESIES,
        *allow.OFFERS,
        *(phrase[0] for phrase in allow.FOREIGN_COURTESIES),
        "请",
        DASH,
    )
    for chain_word in (word, word.capitalize())
)


def _joined(said: Form) -> Form:
    """Listed compounds written apart become one word."""
    if _COMPOUND_STARTS.isdisjoint(said.words):
        return said
    words, places = said
    at = 0
    while at < len(words):
        if words[at] in _COMPOUND_STARTS:
            for size in (4, 3, 2):
                if joined := COMPOUNDS.get(tuple(words[at : at + size])):
                    words[at : at + size] = [joined]
                    places[at : at + size] = [places[at]]
                    break
        at += 1
    return said


_COMPOUND_STARTS = frozenset(words[0] for words in COMPOUNDS)
