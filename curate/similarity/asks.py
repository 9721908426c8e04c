"""The canonical form of an ask: two texts ask the same where their canonical forms are equal.

Equality of sequences, not of sets: "X sues Y" is not "Y sues X". A pair differs only by what ``wording`` lists if and
only if the forms are equal, so that asks that are the same are found by hash, without a threshold.
"""

from __future__ import annotations

from itertools import accumulate
from typing import TYPE_CHECKING, NamedTuple

from curate.similarity.asks_form import as_written, holds_code, speaks_of_form
from curate.similarity.asks_sieve import Sieve, without_thanks
from curate.similarity.wording_spelling import PHRASES
from curate.similarity.wording_tokens import chunks, flat, plain, words_of
from curate.text.fold import hash64

if TYPE_CHECKING:
    from collections.abc import Sequence


class Turn(NamedTuple):
    """What one side said before the answer: the system prompt, a question, an earlier answer."""

    role: str
    text: str


class Form(NamedTuple):
    """A canonical text: its words, and the place of each among all words that were read (``chunk_starts``)."""

    words: list[str]
    places: list[int]


VERBATIM = " "
"""What the canonical form of a text that is compared as written begins with; one of words never begins so."""


def canonical(text: str, *, verbatim: bool = False, ask: bool = True) -> str:
    """The canonical form as one string.

    Args:
        text: what is said in one turn.
        verbatim: compare as written whatever it holds, because another turn makes form matter.
        ask: whether it asks, so that its courtesies and the synonyms of its verb are folded.
    """
    said = None if verbatim else prose(text, ask=ask)
    return _written(text, said, ask=ask)


def ask_lines(turns: Sequence[Turn]) -> list[str]:
    """The canonical form of each turn that stands before an answer, system prompt included.

    Where the form of one turn matters, that of all does: a system prompt may order corrections.
    """
    said = [prose(text) for _, text in turns]
    if None in said:
        said = [None] * len(said)
    return [_written(turn.text, one, ask=True) for turn, one in zip(turns, said, strict=True)]


def ask_form(turns: Sequence[Turn]) -> str:
    """The canonical form of all that stands before an answer, roles included, as one string."""
    lines = zip(turns, ask_lines(turns), strict=True)
    return "\n".join(f"{turn.role}\t{len(line)}\t{line}" for turn, line in lines)


def ask_key(turns: Sequence[Turn]) -> int:
    """64 bits that are equal for asks that are the same."""
    return hash64(ask_form(turns).encode("utf-8", "surrogatepass"))


def _written(text: str, said: Form | None, *, ask: bool) -> str:
    """The words of a text, or the text itself where its form matters or it holds nothing but marks."""
    if said is None or not said.words:
        return VERBATIM + as_written(text, ask=ask)
    return " ".join(said.words)


def prose(text: str, *, ask: bool = True) -> Form | None:
    """The text read as prose; None where its form matters: it holds code, or sets a task about the form of words."""
    return pieces_and_prose(text, ask=ask)[1]


def pieces_and_prose(text: str, *, ask: bool = True) -> tuple[list[str], Form | None]:
    """The same, and the chunks that were read; none of code."""
    text = plain(text.strip())
    if holds_code(text):
        return [], None
    pieces = chunks(text)
    said = form(pieces, ask=ask)
    return pieces, None if speaks_of_form(said.words, text) else said


def form_matters(text: str) -> bool:
    """Whether every character of a text may matter."""
    return prose(text) is None


def form(pieces: list[str], *, ask: bool = True) -> Form:
    """The canonical words of a text that is read as prose, and where they stand."""
    words = flat(words_of(_calm(pieces)))
    end = without_thanks(words) if ask else len(words)
    return _joined(Form(*Sieve(words, end, ask=ask).run()))


def chunk_starts(pieces: list[str]) -> list[int]:
    """For each chunk, and for their end, the number of its first word among all words that are read."""
    return list(accumulate(map(len, words_of(_calm(pieces))), initial=0))


def _calm(pieces: list[str]) -> list[str]:
    """Three or more words all in capitals are a shout, not names: in lower case, but for quotations and variables."""
    if len(pieces) < 3 or not " ".join(pieces).isupper():  # noqa: PLR2004
        return pieces
    letters = {piece for piece in pieces if len(piece) == 1 and piece.isalpha()} - {"A", "I"}
    return [
        piece if piece[0] in _QUOTES or (letters and len(piece) == 1) else piece.lower() for piece in pieces
    ]


_QUOTES = frozenset("\"'`")


def _joined(said: Form) -> Form:
    """Listed phrases become what stands for them."""
    words, places = said
    if _PHRASE_STARTS.isdisjoint(words):
        return said
    joined = Form([], [])
    at = 0
    while at < len(words):
        run = _phrase_at(words, at) if words[at] in _PHRASE_STARTS else 0
        joined.words.extend(PHRASES[tuple(words[at : at + run])] if run else words[at : at + 1])
        joined.places.extend(places[at : at + len(joined.words) - len(joined.places)])
        at += run or 1
    return joined


def _phrase_at(words: list[str], at: int) -> int:
    """The length of the listed phrase that starts here, 0 if none does."""
    return next((size for size in (4, 3, 2) if tuple(words[at : at + size]) in PHRASES), 0)


_PHRASE_STARTS = frozenset(words[0] for words in PHRASES)
