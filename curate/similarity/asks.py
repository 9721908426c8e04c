"""The canonical form of an ask: two texts ask the same where their canonical forms are equal.

Equality of sequences, not of sets: "X sues Y" is not "Y sues X". A pair differs only by what ``wording`` lists if and only
if the forms are equal, so that asks that are the same are found by hash, without a threshold.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from curate.similarity import wording as allow
from curate.similarity.wording_spelling import PHRASES
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

_CODE_SIGNS = re.compile(r"[{}<>=;\\`|()\[\t]|\n  |\b(?:import|print) ")
_CODE_MARKS = ("```", "{", "}", "\\", ";\n", "()", "==", "!=", "=>", "->", "::", "&&", "||", "\n  ", "\n\t", "\n>>> ")
"""Signs that prose does not hold."""

_CODE = (
    (("):", ");", ") {"), re.compile(r"\w\([^)\n]*\)[ \t]*[;:{]")),
    (("<",), re.compile(r"</?[a-zA-Z][^<>\n]*>|\w<\w")),
    (("[",), re.compile(r"\w\[\w+\]")),
    ((";",), re.compile(r";\s*\Z")),
    (("SELECT ", "INSERT ", "UPDATE ", "DELETE ", "CREATE "), re.compile(r"\b[A-Z]+ .+ (?:FROM|INTO|SET|TABLE) ")),
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

_NOUN = re.compile(r"[^\W\d_]{2,}(?:[-'][^\W_]+)*|\d+(?:-[^\W\d_]{2,})+")
"""What an article may stand before: a word, or a number joined to words."""

_RULER = re.compile(r"(?m)^[ \t]*={3,}[ \t]*$")
"""A line that parts texts, not an operator."""

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
    if _CODE_SIGNS.search(text) is None:
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
        self.offered = False
        self.english: bool | None = None

    def run(self) -> list[tuple[int, str]]:
        """The words kept, each with its number."""
        at = self._greeting() if self.ask else 0
        kept, words = self.kept, self.words
        starts = True
        while at < self.end:
            word = words[at]
            if word in _WATCHED:
                if word in MARKS:
                    starts = self._mark(at, word, starts=starts)
                    at += 1
                    continue
                if skipped := self._listed(at, word):
                    at += skipped
                    starts = False
                    continue
            if starts or not kept:
                word = self._first(word, starts=starts)
                starts = False
            kept.append((at, word))
            at += 1
        self._particle()
        return kept

    def _first(self, word: str, *, starts: bool) -> str:
        """The first word of a sentence, whose capital says nothing, or of the text, where it may be a verb."""
        if starts and len(word) > 1 and word[0].isupper() and word[1:].islower():
            word = word.lower()
        return allow.SYNONYMS.get(word, word) if self.ask and not self.kept else word

    def _mark(self, at: int, mark: str, *, starts: bool) -> bool:
        """Take note of a mark; whether a sentence starts after it."""
        if mark in ",;:" and _is_item(self._before(at)) and _is_item(self._next(at + 1)):
            self.kept.append((at, mark))
        if mark == ",":
            self.comma = len(self.kept)
            return starts
        self._particle()
        if mark == "?" and not self._asks():
            self.kept.append((at, "?"))
        if mark == "¶":
            self.kept.append((at, "¶"))
        if mark != ";":
            self.clause = self.comma = len(self.kept)
            self.offered = False
        return mark in ".?!¶"

    def _particle(self) -> None:
        """At the end of a Chinese sentence: no particle after an offer, and one form of it elsewhere."""
        if not self.kept or self.kept[-1][1] not in allow.HAN_PARTICLES:
            return
        at, word = self.kept[-1]
        if self.offered:
            self.kept.pop()
        elif word == "么" and self._before(at) not in allow.HAN_SPOKEN:
            self.kept[-1] = at, "吗"

    def _asks(self) -> bool:
        """Whether the sentence before a question mark begins as a question or an order."""
        if self.offered:
            return True
        if self.clause == len(self.kept):
            return bool(self.kept)
        first = self.kept[self.clause][1].lower()
        if first in allow.ASKING or first in allow.TELLING:
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
            return self._offer(at, low)
        if word in _HAN_WATCHED:
            return self._han(at, word)
        if low == "i" or low == "i'd":
            return self._wish(at)
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
        if not _NOUN.fullmatch(after):
            return False
        before = self._before(at)
        if word != low and before not in ".?!:¶":
            return False
        if not self._english():
            return False
        if low == "the":
            return after.lower() not in allow.AFTER_THE
        return after.lower() not in allow.AFTER_A and (low == "an" or before.lower() not in allow.BEFORE_A)

    def _english(self) -> bool:
        """Whether the text has no fewer small words of English than of languages in which "a" or "an" is no article."""
        if self.english is None:
            said = set(map(str.lower, self.words))
            self.english = len(said & allow.ENGLISH) >= len(said & allow.FOREIGN)
        return self.english

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
        if after not in MARKS or self._before(at).lower() in allow.BEFORE_SPOKEN:
            return False
        return len(said) > 1 and said.isdisjoint(allow.METALINGUISTIC)

    def _offer(self, at: int, word: str) -> int:
        """ "Could you", with or without please, before an order at the start of a sentence."""
        if len(self.kept) != self.clause or self._next(at + 1).lower() != "you":
            return 0
        polite = self._next(at + 2).lower() in allow.COURTESIES
        size = 3 if polite else 2
        order, whom = self._next(at + size).lower(), self._next(at + size + 1).lower()
        self.offered = order in allow.TELLING or (
            order in allow.ORDERS
            and (polite or whom in allow.TO_ME or (word in {"could", "would"} and order in allow.POLITER))
        )
        return size if self.offered else 0

    def _wish(self, at: int) -> int:
        """ "I would like you to" before an order at the start of a sentence."""
        for phrase in allow.WISHES if len(self.kept) == self.clause else ():
            size = len(phrase)
            said = tuple(map(str.lower, self.words[at : at + size]))
            if said == phrase and self._next(at + size).lower() in allow.ORDERS:
                return size
        return 0

    def _han(self, at: int, word: str) -> int:
        """Please, may I ask, could you, and the article of Chinese."""
        if word == "一":
            before = self._before(at)
            article = before.isalpha() and before not in allow.HAN_ONE and self._next(at + 2) != "人"
            return int(article and self._next(at + 1) == "个")
        if len(self.kept) != self.clause and self._before(at) != ",":
            return 0
        if word != "请":
            offer = allow.HAN_OFFER.match("".join(self.words[at : at + _HAN_OFFER_SPAN]))
            self.offered = offer is not None
            return len(offer[0]) if offer else 0
        after = self._next(at + 1)
        if after == "问" and self.end - at > 3:  # noqa: PLR2004 (something is asked after it)
            return 3 if self._next(at + 2) == "," else 2
        return int(after in allow.HAN_ORDERS)

    def _greeting(self) -> int:
        """The number of words of a greeting at the start, its mark included."""
        for size in (3, 2, 1):
            if self.end > size + 3 and " ".join(self.words[:size]).lower() in allow.GREETINGS:
                after = self.words[size].lower()
                if after in {",", ".", "!"}:
                    return size + 1
                return size if after in allow.OFFERS or after in allow.COURTESIES else 0
        return 0


def _is_item(word: str) -> bool:
    """Whether a word is a number or a single letter, so that the mark between two of them parts or joins them."""
    return word[0].isdigit() or (len(word) == 1 and word.isalpha() and word.isascii())


_HAN_WATCHED = frozenset("请你能可一")
_HAN_OFFER_SPAN = 10
_WATCHED = frozenset(
    chain_word
    for word in (
        *MARKS,
        *allow.ARTICLES,
        *allow.COURTESIES,
        *allow.OFFERS,
        *(phrase[0] for phrase in allow.FOREIGN_COURTESIES),
        *_HAN_WATCHED,
        "i",
        "i'd",
        DASH,
    )
    for chain_word in (word, word.capitalize())
)


def _joined(said: Form) -> Form:
    """Listed phrases become what stands for them."""
    words, places = said
    if _PHRASE_STARTS.isdisjoint(words):
        return said
    at = 0
    while at < len(words):
        if words[at] in _PHRASE_STARTS:
            for size in (4, 3, 2):
                if (phrase := PHRASES.get(tuple(words[at : at + size]))) is not None:
                    words[at : at + size] = phrase
                    places[at : at + size] = places[at : at + len(phrase)]
                    break
        at += 1
    return said


_PHRASE_STARTS = frozenset(words[0] for words in PHRASES)
