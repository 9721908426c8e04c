"""Errors put into texts that are taken to be right, and how much of them a fixer mends: where trust comes from.

The truth is known by construction: an edit is right exactly if it takes one injected error back, and nothing else.
What a fixer also does to the text without errors is not counted here: somebody has to read that. Injecting is
seeded by the text, so that a corpus does not depend on the order of its rows.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING, NamedTuple

from curate.grammar.articles import article
from curate.grammar.evidence_words import MISSPELLINGS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

SPACING = 60
"""Characters between two injected errors, at least, so that they do not confuse each other."""

MOST = 6
"""Errors in one text, at most."""

_KEYS = {
    key: row[max(at - 1, 0) : at] + row[at + 1 : at + 2]
    for row in ("qwertyuiop", "asdfghjkl", "zxcvbnm")
    for at, key in enumerate(row)
}
_WORD = re.compile(r"(?<![\w'’./@#$\\<{\[(-])[a-z]{4,}(?![\w'’/@\\>}\])-]|\.\w)")


class Error(NamedTuple):
    """One injected error: what stands at [start, end) of the text with errors, and what stood there."""

    start: int
    end: int
    right: str
    kind: str


@dataclass(frozen=True)
class Injected:
    """A text with errors, each of them, and the text without."""

    text: str
    errors: tuple[Error, ...]
    original: str

    def mended(self, start: int, end: int, after: str) -> Error | None:
        """The error that a change of the text takes back: the change has to give what was there before."""
        changed = self.text[:start] + after + self.text[end:]
        for error in self.errors:
            if error.start <= end and start <= error.end:
                before = self.text[: error.start] + error.right + self.text[error.end :]
                if before == changed:
                    return error
        return None


class _Chance(NamedTuple):
    """A place where an error could be made: what stands there is replaced by ``wrong``."""

    start: int
    end: int
    wrong: str
    kind: str


def _misspelt(text: str, random: Random) -> Iterator[_Chance]:
    for hit in _WORD.finditer(text):
        ways = MISSPELLINGS.get(hit[0])
        if ways:
            yield _Chance(*hit.span(), random.choice(ways), "misspelling")


def slip(word: str, random: Random) -> str:
    """A slip of the fingers: two letters swapped, one dropped, doubled, or the key beside it (Damerau 1964)."""
    at = random.randrange(1, len(word) - 1)
    one, two = word[at], word[at + 1]
    return random.choice(
        (
            word[:at] + two + one + word[at + 2 :],
            word[:at] + word[at + 1 :],
            word[:at] + one + word[at:],
            word[:at] + random.choice(_KEYS[one]) + word[at + 1 :],
        )
    )


def _slipped(text: str, random: Random) -> Iterator[_Chance]:
    known = set(re.findall(r"[a-z]+", text.lower()))
    for hit in _WORD.finditer(text):
        if len(hit[0]) > 5:  # noqa: PLR2004 (a shorter word easily becomes another word)
            wrong = slip(hit[0], random)
            if wrong not in known:
                yield _Chance(*hit.span(), wrong, "slip")


def _articles(text: str, _: Random) -> Iterator[_Chance]:
    for hit in re.finditer(r"(?<=[a-z,] )(an?) ([a-z]{3,})(?![\w'-])", text):
        if article(hit[2]) == hit[1]:
            yield _Chance(hit.start(1), hit.end(1), "a" if hit[1] == "an" else "an", "article")


def _replacing(
    kind: str, pattern: str, wrong: str, flags: int = 0
) -> Callable[[str, Random], Iterator[_Chance]]:
    """Where a pattern matches, its group 1 (or all of it) becomes what the template says."""
    compiled = re.compile(pattern, flags)

    def chances(text: str, _: Random) -> Iterator[_Chance]:
        for hit in compiled.finditer(text):
            yield _Chance(*hit.span(), hit.expand(wrong), kind)

    return chances


_NOT = r"do|does|did|is|are|was|were|have|has|had|would|could|should"
_MAKERS: tuple[Callable[[str, Random], Iterator[_Chance]], ...] = (
    _replacing("modal", r"(?<=\w )(could|should|would|must|might) have(?= [a-z]+)", r"\1 of"),
    _replacing("joined", r"(?<=\w )a lot(?= of)", "alot"),
    _replacing("joined", r"\b(in|at|as) (fact|least|well|order|case)\b", r"\1\2"),
    _replacing("joined", r"\b(each|every) (other|time)\b", r"\1\2"),
    _replacing("joined", r"\b(even) (though)\b", r"\1\2"),
    _replacing("joined", r"\b(of) (course)\b", r"\1\2"),
    _replacing("mass", r"(?<=\w )(information|advice|equipment|knowledge|feedback)(?= [a-z])", r"\1s"),
    _replacing("pronoun", r"(?<=\s)I(?= [a-z'])", "i"),
    _replacing("contraction", r"(?<=\w )([a-z]+n)'(t)\b", r"\1\2"),
    _replacing("contraction", r"(?<=\w )(you|they|we)'(re|ve)\b", r"\1\2"),
    _replacing(
        "linking",
        r"(?<=[.\n] )(However|Therefore|Furthermore|Moreover|Additionally|For example|In addition|As a result"
        r"|In contrast|In general|Similarly), (?=[a-z]+ [a-z])",
        r"\1 ",
    ),
    _replacing(
        "than",
        r"\b([Mm]ore|[Ll]ess|[Ff]ewer|[Gg]reater|[Bb]etter|[Ll]arger|[Hh]igher|[Ll]ower) than\b",
        r"\1 then",
    ),
    _replacing("agreement", r"\b([Tt]hey|[Ww]e|[Yy]ou) are(?= [a-z])", r"\1 is"),
    _replacing("agreement", r"\b([Tt]hey|[Ww]e|[Yy]ou) were(?= [a-z])", r"\1 was"),
    _replacing("agreement", r"\b([Hh]e|[Ss]he|[Ii]t) is(?= [a-z])", r"\1 are"),
    _replacing("agreement", r"\b([Tt]hey|[Ww]e|[Yy]ou) have(?= [a-z])", r"\1 has"),
    _replacing("agreement", r"\b([Hh]e|[Ss]he|[Ii]t) has(?= [a-z])", r"\1 have"),
    _replacing("verb", r"\b(people|patients|children|women|studies|cells) are\b", r"\1 is"),
    _replacing("verb", r"\b(there) are (?=[a-z]+ ?[a-z]*s\b)", r"\1 is "),
    _replacing("possessive", r"(?<=\w )([a-z]{3,})'s(?= [a-z])", r"\1s"),
    _replacing("confused", r"\b(effect)(?= (?:of|on))", "affect"),
    _replacing("confused", r"\bits(?= [a-z])", "it's"),
    _replacing("confused", r"\btheir(?= [a-z])", "there"),
    _replacing("confused", r"\b(lose)\b", "loose"),
    _replacing("preposition", r"\b(depends?|based) on\b", r"\1 of"),
    _replacing("sentence", r"(?<=[a-z]{3}[.!?] )The(?= [a-z])", "the"),
    _replacing("sentence", r"(?<=[a-z]{3}[.!?] )(It)(?= [a-z])", "it"),
    _replacing("sentence", r"(?<=[a-z]{3}[.!?] )(This)(?= [a-z])", "this"),
    _replacing("doubled", r"(?<=[a-z] )(the|a|of|and|to|in|for|with|is|from|an)(?= [a-z])", r"\1 \1"),
    _articles,
    _misspelt,
    _slipped,
)


def inject(text: str, protected: Sequence[tuple[int, int]] = (), *, seed: int = 0) -> Injected:
    """The text with up to ``MOST`` errors of as many kinds as it has room for, none in or beside a protected place."""
    random = Random(f"{seed}:{text}")  # noqa: S311 (a sample, no secret)
    by_kind: dict[str, list[_Chance]] = defaultdict(list)
    for make in _MAKERS:
        for chance in make(text, random):
            if not any(start - 1 < chance.end and chance.start < end + 1 for start, end in protected):
                by_kind[chance.kind].append(chance)
    chosen: list[_Chance] = []
    while any(by_kind.values()) and len(chosen) < MOST:
        for chances in sorted(by_kind.values(), key=len):
            if chances and len(chosen) < MOST:
                one = chances.pop(random.randrange(len(chances)))
                if all(abs(one.start - other.start) >= SPACING for other in chosen):
                    chosen.append(one)
    return _with(text, sorted(chosen))


def _with(text: str, chances: Sequence[_Chance]) -> Injected:
    pieces, errors, at, length = [], [], 0, 0
    for chance in chances:
        pieces += [text[at : chance.start], chance.wrong]
        length += chance.start - at
        errors.append(Error(length, length + len(chance.wrong), text[chance.start : chance.end], chance.kind))
        length += len(chance.wrong)
        at = chance.end
    return Injected("".join(pieces) + text[at:], tuple(errors), text)
