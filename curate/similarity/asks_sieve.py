"""Leaves out of the words of a text what the allow-list lets go where it stands: marks, articles, courtesies."""

from __future__ import annotations

import re

from curate.similarity import wording as allow
from curate.similarity.wording_tokens import MARKS

_NOUN = re.compile(r"[^\W\d_]{2,}(?:[-'][^\W_]+)*|\d+(?:-[^\W\d_]{2,})+")
"""What an article may stand before: a word, or a number joined to words."""

_WISHERS = frozenset(phrase[0] for phrase in allow.WISHES)
_HAN_WATCHED = frozenset("请你能可一")
_HAN_OFFER_SPAN = 10
_SENTENCE = 200
"""Words of a sentence that are looked at around a courtesy."""

_WATCHED = frozenset(
    form
    for word in (
        *MARKS,
        *allow.ARTICLES,
        *allow.COURTESIES,
        *allow.OFFERS,
        *(phrase[0] for phrase in allow.FOREIGN_COURTESIES),
        *_HAN_WATCHED,
        *_WISHERS,
    )
    for form in (word, word.capitalize())
)


class Sieve:
    """One pass over the words of a text that leaves out what is listed where it stands."""

    def __init__(self, words: list[str], end: int, *, ask: bool) -> None:
        """``words[:end]`` is read."""
        self.words, self.end, self.ask = words[:end], end, ask
        self.kept: list[str] = []
        self.places: list[int] = []
        self.clause = 0
        self.comma = 0
        self.offered = False
        self.english: bool | None = None

    def run(self) -> tuple[list[str], list[int]]:
        """The words kept, and their numbers."""
        at = self._greeting() if self.ask else 0
        starts = True
        watched = [number for number, word in enumerate(self.words) if word in _WATCHED]
        for number in [*watched, self.end]:
            if number < at:
                continue  # it was left out with the words before it
            if at < number:
                self._keep(at, number, starts=starts)
                starts = False
            at = number
            if at == self.end:
                break
            word = self.words[at]
            if word in MARKS:
                starts = self._mark(at, word, starts=starts)
                at += 1
                continue
            skipped = self._listed(at, word)
            if not skipped:
                self._keep(at, at + 1, starts=starts)
            at += skipped or 1
            starts = False
        self._particle()
        return self.kept, self.places

    def _keep(self, start: int, end: int, *, starts: bool) -> None:
        """Keep some words as they are, but for a first one."""
        is_first = starts or not self.kept
        first = len(self.kept)
        self.kept += self.words[start:end]
        self.places += range(start, end)
        if is_first:
            self.kept[first] = self._first(self.words[start], starts=starts, is_start=not first)

    def _first(self, word: str, *, starts: bool, is_start: bool) -> str:
        """The first word of a sentence, whose capital says nothing, or of the text, where it may be a verb."""
        if starts and word[:1].isupper() and word[1:].islower():
            low = word.lower()
            word = low if len(word) > 2 or low in allow.TWO else word  # noqa: PLR2004 (Mg, Co, Aa)
        return allow.SYNONYMS.get(word, word) if self.ask and is_start else word

    def _mark(self, at: int, mark: str, *, starts: bool) -> bool:
        """Take note of a mark; whether a sentence starts after it."""
        if self._divides(at, mark):
            self._add(at, mark)
        if mark == ",":
            self.comma = len(self.kept)
            return starts
        self._particle()
        if mark == "?" and not self._asks():
            self._add(at, "?")
        if mark == "¶":
            self._add(at, "¶")
        if mark != ";":
            self.clause = self.comma = len(self.kept)
            self.offered = False
        return mark in ".?!¶"

    def _add(self, at: int, mark: str) -> None:
        self.kept.append(mark)
        self.places.append(at)

    def _divides(self, at: int, mark: str) -> bool:
        """Whether a mark says more than a pause: between items, numbers or names, and behind a denial.

        "No, treatment is needed" is not "no treatment is needed"; "Monday, Friday" and "tuna, fish oil" are lists.
        """
        before, after = self._before(at), self._next(at + 1)
        if mark in ",;:" and _is_item(before) and _is_item(after):
            return True
        if before.lower() in allow.DENIALS and after not in {".", "!", "?"} and at + 1 < self.end:
            return True
        return mark in ",;" and before[:1].isupper() and after[:1].isupper() and len(after) > 1

    def _particle(self) -> None:
        """At the end of a Chinese sentence: no particle after an offer, and one form of it elsewhere."""
        if not self.kept or self.kept[-1] not in allow.HAN_PARTICLES:
            return
        if self.offered:
            self.kept.pop()
            self.places.pop()
        elif self.kept[-1] == "么" and self._before(self.places[-1]) not in allow.HAN_SPOKEN:
            self.kept[-1] = "吗"

    def _asks(self) -> bool:
        """Whether the sentence before a question mark begins as a question or an order."""
        if self.offered:
            return True
        if self.clause == len(self.kept):
            return bool(self.kept)
        first = self.kept[self.clause].lower()
        if first in allow.ASKING or first in allow.TELLING:
            return True
        if self.comma < len(self.kept) and self.kept[self.comma].lower() in allow.WH:
            return True
        return not allow.ASKING_HAN.isdisjoint(self.kept[self.clause :])

    def _listed(self, at: int, word: str) -> int:
        """How many words from here are left out."""
        low = word.lower()
        if low in allow.ARTICLES:
            return int(self._article(at, word, low))
        if not self.ask:
            return 0
        if low in allow.COURTESIES:
            return int(self._courtesy(at, 1))
        if low in allow.OFFERS:
            return self._offer(at, low)
        if word in _HAN_WATCHED:
            return self._han(at, word)
        if low in _WISHERS:
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
            return after.lower() not in allow.AFTER_THE and before.lower() not in allow.BEFORE_THE
        named = low == "a" and before.lower() in allow.BEFORE_A
        return not named and after.lower() not in allow.AFTER_A

    def _english(self) -> bool:
        """Whether the text has small words or orders of English, and more than of languages with other articles."""
        if self.english is None:
            foreign = allow.FOREIGN.intersection(self.words)
            english = len(allow.SMALL.intersection(map(str.lower, self.words)))
            self.english = english > len(foreign)
        return self.english

    def _courtesy(self, at: int, size: int) -> bool:
        """Please may go before an order, and at an edge of a sentence in which it is not what is spoken of."""
        after = self._next(at + size).lower()
        if self._next(at).lower() == "kindly" and after not in allow.ORDERS:
            return False
        starts = at == 0 or len(self.kept) == self.clause or self._before(at) == ","
        if after in allow.ORDERS or (starts and after == "do" and self._next(at + size + 1) == "not"):
            return starts or self._before(at) in {"and", "then", "also", "now", "you"}
        return self._at_edge(at, size)

    def _at_edge(self, at: int, size: int) -> bool:
        """Whether words begin or end a sentence that says more than them and does not speak of words."""
        said = {word.lower() for word in self.kept[max(self.clause, len(self.kept) - _SENTENCE) :]}
        after = self._next(at + size)
        if not said and self._before(at) != ":" and (after == "," or after not in MARKS):
            return self.end - at - size > 2  # noqa: PLR2004 (something is asked, not only called)
        if after not in MARKS or self._before(at).lower() in allow.BEFORE_SPOKEN:
            return False
        return len(said) > 1 and said.isdisjoint(allow.METALINGUISTIC)

    def _offer(self, at: int, word: str) -> int:
        """``could you``, with or without please, before an order at the start of a sentence."""
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
        """``I would like you to`` before an order at the start of a sentence."""
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
                if after in {".", "!"} or (after == "," and _opens(self.words[size + 1].lower())):
                    return size + 1
                return size if after in allow.OFFERS or after in allow.COURTESIES else 0
        return 0


_OPENS = allow.ORDERS | allow.ASKING | allow.COURTESIES | allow.OFFERS | allow.words("i we my our this in if")
"""Words that may follow a greeting and its comma: another may be whom it greets, or a title (Hello, Dolly)."""


def _opens(word: str) -> bool:
    return word in _OPENS or not word.isascii()


def without_thanks(words: list[str]) -> int:
    """Where the text ends before thanks at its end: they are a sentence, or follow a comma."""
    end = len(words)
    while end and words[end - 1] in MARKS:
        end -= 1
    for size in (6, 5, 4, 3, 2, 1):
        start = end - size
        if start > 1 and words[start - 1] in ".,!?¶" and " ".join(words[start:end]).lower() in allow.THANKS:
            return start if words[start - 1] != "," else start - 1
    return len(words)


def _is_item(word: str) -> bool:
    """Whether a word is a number or a single letter, so that the mark between two of them parts or joins them."""
    return word[0].isdigit() or (len(word) == 1 and word.isalpha() and word.isascii())
