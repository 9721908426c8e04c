"""What two rows are to each other: the pair of ask and answer is judged, never one side alone."""

from __future__ import annotations

from collections import Counter
from enum import StrEnum
from operator import itemgetter
from typing import TYPE_CHECKING, NamedTuple

from curate.similarity.answers import answer_form, equivalent
from curate.similarity.asks import VERBATIM, Turn, ask_form, ask_lines, form_matters
from curate.similarity.guard import Difference, Kind, explain

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

SIMILAR = 0.5
"""Share of common words from which two asks are variants of each other."""

CLOSE = 0.8
"""Share of common words from which another word is another ask, even where the answers agree."""

LOOSE = 0.3
"""Share of common words from which asks with the same answer may be one ask in other words."""

DOCUMENT = 50
"""Words in a row from which what two asks share is a document."""

TELLING = 6
"""Words from which an answer is so much of its own that two asks with it have something in common; "yes" is not."""

_DOCUMENT_SHARE = 0.6
_QUESTION = 4


class PairClass(StrEnum):
    """What two rows are to each other. Only ``EXACT`` and ``NEAR`` may cost a row."""

    EXACT = "exact"
    NEAR = "near"
    VARIANT = "variant"
    PARAPHRASE = "paraphrase"
    SAME_ANSWER = "same_answer"
    CONFLICT = "conflict"
    SAME_DOCUMENT = "same_document"
    DIFFERENT = "different"

    @property
    def removable(self) -> bool:
        """Whether one of the two rows teaches nothing that the other does not."""
        return self in {PairClass.EXACT, PairClass.NEAR}


class Example(NamedTuple):
    """A row as it is judged: all turns before its last answer, and that answer (with the rejected one, if any)."""

    ask: tuple[Turn, ...]
    answers: tuple[str, ...]


class Judgement(NamedTuple):
    """What a pair is, and why.

    ``similarity`` is the share of words that the asks have in common (Dice, as a multiset, 0 to 1); ``differences`` are
    those of the asks, turn by turn, or of the answers where the asks are the same.
    """

    pair: PairClass
    similarity: float
    differences: list[Difference]


def judge(one: Example, two: Example, *, why: bool = True) -> Judgement:
    """Class a pair.

    Args:
        one: a row.
        two: another; the order does not matter.
        why: whether the differences are wanted, which take most of the time.
    """
    if one == two:
        return Judgement(PairClass.EXACT, 1.0, [])
    same = _same_answers(one, two)
    left, right = ask_lines(one.ask), ask_lines(two.ask)
    if left == right and _roles(one) == _roles(two):
        differences = (_turns(one, two) if same else _answers(one, two)) if why else []
        return Judgement(PairClass.NEAR if same else PairClass.CONFLICT, 1.0, differences)
    words = " ".join(left).split(), " ".join(right).split()
    similarity = dice(*words)
    reworded = same and LOOSE <= similarity < CLOSE
    differences = _turns(one, two) if why or reworded else []
    if _share_document(*words):
        pair = PairClass.SAME_DOCUMENT
    elif reworded and all(d.harmless or d.kind is Kind.WORD for d in differences):
        pair = PairClass.PARAPHRASE
    elif similarity >= SIMILAR:
        pair = PairClass.VARIANT
    else:
        telling = sum(len(answer.split()) for answer in one.answers) >= TELLING
        pair = PairClass.SAME_ANSWER if same and telling else PairClass.DIFFERENT
    return Judgement(pair, similarity, differences)


def near_differences(one: Example, two: Example) -> list[Difference]:
    """How two rows that are near differ, in what they ask and in what they answer."""
    return _turns(one, two) + _answers(one, two)


def near_key(example: Example) -> tuple[str, ...]:
    """Equal for pairs that are near by normalisation alone; a fast way to find them."""
    asked = ask_form(example.ask)
    verbatim = "\t" + VERBATIM in asked
    return (asked, *(answer_form(answer, verbatim=verbatim) for answer in example.answers))


def near_kept(examples: Iterable[Example]) -> list[int | None]:
    """For each example the number of the earlier, kept one that it is near to; None where it is kept itself.

    A member is near to the kept row itself, not to another member. Asks that are the same meet by their key.
    """
    kept: dict[str, list[tuple[int, Example]]] = {}
    twins: list[int | None] = []
    for at, example in enumerate(examples):
        alike = kept.setdefault(ask_form(example.ask), [])
        twin = next(
            (number for number, other in alike if judge(other, example, why=False).pair.removable), None
        )
        twins.append(twin)
        if twin is None:
            alike.append((at, example))
    return twins


def dice(one: Sequence[str], two: Sequence[str]) -> float:
    """Twice the common words over all words, as multisets (Dice 1945)."""
    total = len(one) + len(two)
    return 2 * (Counter(one) & Counter(two)).total() / total if total else 1.0


def _share_document(one: list[str], two: list[str]) -> bool:
    """Whether two asks hold the same long run of words, and what stands around it has little in common."""
    shortest = min(len(one), len(two))
    if shortest < DOCUMENT + _QUESTION:
        return False
    a, b, size = _longest_run(one, two)
    if size < max(DOCUMENT, _DOCUMENT_SHARE * shortest):
        return False
    rest = one[:a] + one[a + size :], two[:b] + two[b + size :]
    return min(map(len, rest)) >= _QUESTION and dice(*rest) < SIMILAR


def _longest_run(one: list[str], two: list[str]) -> tuple[int, int, int]:
    """Where the longest common run of at least ``DOCUMENT`` words starts in both, and its length; 0 if there is none.

    Such a run covers a whole block of half that length, so looking for blocks finds it in linear time. Of a block that
    stands in ``one`` several times only the first place is looked at, and of the words before a block no more than a
    block: in a text that repeats itself a shorter run than the longest may be found, but the time stays linear.
    """
    block = DOCUMENT // 2
    blocks: dict[tuple[str, ...], int] = {}
    for start in range(0, len(one) - block + 1, block):
        blocks.setdefault(tuple(one[start : start + block]), start)
    best = 0, 0, 0
    at = 0
    while at <= len(two) - block:
        start = blocks.get(tuple(two[at : at + block]), -1)
        if start < 0:
            at += 1
            continue
        back, most = 0, min(start, at, block)
        while back < most and one[start - back - 1] == two[at - back - 1]:
            back += 1
        size = block
        while start + size < len(one) and at + size < len(two) and one[start + size] == two[at + size]:
            size += 1
        best = max(best, (start - back, at - back, size + back), key=itemgetter(2))
        at += size
    return best


def _roles(example: Example) -> list[str]:
    return [turn.role for turn in example.ask]


def _same_answers(one: Example, two: Example) -> bool:
    if len(one.answers) != len(two.answers):
        return False
    pairs = [pair for pair in zip(one.answers, two.answers, strict=True) if pair[0] != pair[1]]
    if not pairs:
        return True
    verbatim = any(form_matters(turn.text) for example in (one, two) for turn in example.ask)
    return all(equivalent(a, b, verbatim=verbatim) for a, b in pairs)


def _turns(one: Example, two: Example) -> list[Difference]:
    """The differences of the asks; turns that only one of them has stand opposite nothing."""
    found: list[Difference] = []
    roles = _roles(one), _roles(two)
    if roles[0] != roles[1]:
        found.append(Difference(Kind.SIGN, " ".join(roles[0]), " ".join(roles[1])))
    for at in range(max(map(len, roles))):
        left, right = (example.ask[at].text if at < len(example.ask) else "" for example in (one, two))
        found += explain(left, right)
    return found


def _answers(one: Example, two: Example) -> list[Difference]:
    return [d for a, b in zip(one.answers, two.answers, strict=False) for d in explain(a, b)]
