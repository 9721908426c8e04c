"""Draws the pairs that ``labels.jsonl`` labels: near prompts out of the public sets, in bands of Jaccard similarity.

    CURATE_TEST_DATA=... python -m tests.evidence.near_pairs.sample > pairs.jsonl

Pairs are found by word 3-grams, by word sets and by equal folded prompts, and drawn with a seed, spread over files, T0
tasks and beginnings of prompts, half of them with close answers. Three strata are drawn on top, because plain bands are
poor in them: prompts that differ only in punctuation, articles and politeness, prompts that differ in two words at most
and have one answer, and equal prompts with answers of which one contains the other. What is drawn is no sample of how
often things occur. One text may stand under several templates of T0, so pairs are not independent, and bounds that
assume so are too narrow.

Labels. One reader read both rows of every pair from end to end, twice, the second time in another order and with the
sides exchanged; both passes are kept. Answers that share less than half of their words were read as far as it takes to
see that they differ. Where the passes differ, the stricter reading of these rules stands. The guard was not seen.

``ask`` is what a careful expert would say of the two prompts:

- ``same``: they ask for exactly the same thing. They differ in nothing or only in case, punctuation, hyphens, spaces,
  articles and measure words, greetings and politeness (a polite pronoun, "could you"), spelling, or a synonym of the
  verb of the instruction.
- ``variant``: they differ in a number, name, entity, language, constraint, role, negation, format, in the choices that
  are offered, in what is given, in a word of the text that is worked on, or ask something else about the same text.
- ``paraphrase``: the same ask in other words or another order: another template, a lead-in, options in another order
  where the answer is no letter, another function word. "Yes or no" added to a question is a constraint, so a variant.
- ``different``: only a frame is shared (a template, a system prompt), what is asked about is another thing.

``answer`` is ``equivalent`` if a model learns the same from both: equal after folding case, space and punctuation, or
one contains the other and adds nothing that matters (a repeated question, a pointer to a site). Otherwise, and so for
rewordings and for a longer answer that adds matter, it is ``different``.
"""

from __future__ import annotations

import random
import re
import sys
from collections import Counter, defaultdict
from itertools import combinations
from typing import TYPE_CHECKING, NamedTuple

import orjson

from tests.evidence.near_pairs.rows import T0, Row, digest, folder, rows

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence

SEED = 5
LONGEST = (220, 700)
"""Words of the longest prompt and the longest answer that are drawn: every pair is read from end to end."""

PROBES = 8
"""So many rows of each T0 task are joined with all rows; of the other files every row is."""

OF_PROBE = 2
"""So many neighbours of one probe are kept for a stratum."""

BANDS = (0.5, 0.6, 0.7, 0.8, 0.9)
OF_STRATUM = 10
OF_EQUAL = {True: 26, False: 26}
"""Pairs whose folded prompts are equal, by whether their answers are close."""

OF_LOOSE = 40
"""Pairs whose prompts differ only in case, punctuation, spaces, articles and words of politeness."""

OF_SLIGHT = 40
"""Pairs with close answers whose prompts differ in at most two words or in nothing but what ``loose`` leaves out."""

OF_ANSWER = 60
"""So many rows of one file or task with one answer are compared for that."""

OF_WORDS = 2
"""So many of those pairs have the same differing words: T0 asks the same of one text in many templates."""

OF_ROW, OF_GROUP = 2, 3
"""A row stands in so many pairs, a T0 task or a beginning of a prompt in so many of a stratum."""

TOKEN = re.compile(r"[㐀-鿿぀-ヿ가-힯]|\w+[+#]*")
IDLE = frozenset(
    ["a", "an", "the", "please", "kindly", "could", "can", "would", "you", "me", "请", "您", "你"]
)


class Pair(NamedTuple):
    """Two rows, the measure that found them and their similarity by it."""

    stratum: str
    measure: str
    jaccard: float
    a: Row
    b: Row


def tokens(text: str) -> list[str]:
    """Words, one for each character of a script without spaces; ``C++`` and ``C#`` are words."""
    return TOKEN.findall(text.casefold())


def words(text: str) -> frozenset[Hashable]:
    """The set of words."""
    return frozenset(tokens(text))


def trigrams(text: str) -> frozenset[Hashable]:
    """The set of word 3-grams; a text of fewer words is one."""
    of = tokens(text)
    return frozenset(zip(of, of[1:], of[2:], strict=False)) or frozenset([tuple(of)])


def folded(text: str) -> str:
    """Without case and surplus space."""
    return " ".join(text.casefold().split())


def loose(text: str) -> str:
    """Without case, punctuation, articles and words of politeness."""
    return " ".join(token for token in tokens(text) if token not in IDLE)


def close(a: str, b: str) -> bool:
    """Whether one answer stands in the other, case and space aside. It only spreads the draw."""
    a, b = folded(a), folded(b)
    return a in b or b in a


def jaccard(a: frozenset[Hashable], b: frozenset[Hashable]) -> float:
    """Shared elements by all elements (Jaccard 1901)."""
    shared = len(a & b)
    return shared / (len(a) + len(b) - shared)


class Join:
    """The rows that are half like a row or more: prefix filter (Chaudhuri et al. 2006), then the exact measure.

    All above .5 are found; of those at .5 exactly, a set that holds the other whole may be missed.
    """

    def __init__(self, sets: Sequence[frozenset[Hashable]]) -> None:
        often = Counter(token for found in sets for token in found)
        order = {token: at for at, token in enumerate(sorted(often, key=lambda one: (often[one], str(one))))}
        self.sets = sets
        self.prefixes = [
            sorted(map(order.__getitem__, found))[: len(found) - len(found) // 2] for found in sets
        ]
        self.holders: defaultdict[int, list[int]] = defaultdict(list)
        for at, prefix in enumerate(self.prefixes):
            for token in prefix:
                self.holders[token].append(at)

    def near(self, at: int) -> Iterator[tuple[int, float]]:
        """Places and similarities of the rows at least .5 like the row at a place."""
        mine = self.sets[at]
        for other in {held for token in self.prefixes[at] for held in self.holders[token]} - {at}:
            if len(mine) <= 2 * len(self.sets[other]) and len(self.sets[other]) <= 2 * len(mine):
                found = jaccard(mine, self.sets[other])
                if found >= BANDS[0]:
                    yield other, found


def eligible(found: Iterable[Row]) -> list[Row]:
    """Rows short enough to read, with a prompt of two words and an answer."""
    return [
        row
        for row in found
        if 2 <= len(tokens(row.prompt)) <= LONGEST[0] and 1 <= len(tokens(row.answer)) <= LONGEST[1]
    ]


def probes(found: Sequence[Row], chance: random.Random) -> list[int]:
    """Places of the rows that are joined with all."""
    of_task: defaultdict[str, list[int]] = defaultdict(list)
    for at, row in enumerate(found):
        of_task[row.task].append(at)
    plain = of_task.pop("", [])
    return plain + [at for of in of_task.values() for at in chance.sample(of, min(PROBES, len(of)))]


def joined(found: Sequence[Row], chance: random.Random) -> Iterator[Pair]:
    """Near pairs by both measures, in strata of measure, band and answers."""
    starts = probes(found, chance)
    for name, measure in (("3-grams", trigrams), ("words", words)):
        join = Join([measure(row.prompt) for row in found])
        for at in starts:
            yield from _neighbours(found, at, name, join, chance)


def _neighbours(
    found: Sequence[Row], at: int, name: str, join: Join, chance: random.Random
) -> Iterator[Pair]:
    near = sorted(join.near(at))
    chance.shuffle(near)
    taken: Counter[str] = Counter()
    for other, alike in near:
        a, b = found[min(at, other)], found[max(at, other)]
        if folded(a.prompt) == folded(b.prompt):
            continue
        stratum = f"{name} {band(alike)} {close(a.answer, b.answer)}"
        taken[stratum] += 1
        if taken[stratum] <= OF_PROBE:
            yield Pair(stratum, name, alike, a, b)


def band(alike: float) -> float:
    """The lower bound of the band of a similarity below 1."""
    return max(bound for bound in BANDS if bound <= alike)


def grouped(found: Sequence[Row], form: Callable[[str], str]) -> Iterator[tuple[Row, Row]]:
    """Pairs of rows whose prompts have one form: each row with the next three of its group."""
    groups: defaultdict[str, list[Row]] = defaultdict(list)
    for row in found:
        groups[form(row.prompt)].append(row)
    for of in groups.values():
        for at, row in enumerate(of):
            yield from ((row, other) for other in of[at + 1 : at + 4])


def equal(found: Sequence[Row]) -> Iterator[Pair]:
    """Pairs of equal folded prompts, and pairs of equal loose prompts that are not."""
    for a, b in grouped(found, folded):
        yield Pair(f"equal {close(a.answer, b.answer)}", "folded", 1.0, a, b)
    for a, b in grouped(found, loose):
        alike = jaccard(trigrams(a.prompt), trigrams(b.prompt))
        if folded(a.prompt) != folded(b.prompt) and alike >= BANDS[0]:
            yield Pair("loose", "3-grams", alike, a, b)


def slight(found: Sequence[Row]) -> Iterator[Pair]:
    """Pairs of one file or task with one answer whose prompts hardly differ."""
    groups: defaultdict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in found:
        groups[row.task or row.file, folded(row.answer)].append(row)
    for of in groups.values():
        for a, b in combinations(of[:OF_ANSWER], 2):
            if folded(a.prompt) != folded(b.prompt) and _hardly_differ(a.prompt, b.prompt):
                alike = jaccard(trigrams(a.prompt), trigrams(b.prompt))
                if alike >= BANDS[0]:
                    yield Pair("slight", "3-grams", alike, a, b)


def _hardly_differ(a: str, b: str) -> bool:
    return len(_differing(a, b)) <= 2 or loose(a) == loose(b)


def _differing(a: str, b: str) -> tuple[str, ...]:
    mine, others = Counter(tokens(a)), Counter(tokens(b))
    return tuple(sorted(((mine - others) + (others - mine)).elements()))


def thinned(pairs: Iterable[Pair], chance: random.Random) -> Iterator[Pair]:
    """At most ``OF_WORDS`` pairs of one family of tasks, or file, with the same differing words."""
    alike: defaultdict[tuple[str, tuple[str, ...]], list[Pair]] = defaultdict(list)
    for pair in pairs:
        family = pair.a.task.split("_")[0] or pair.a.file
        alike[family, _differing(pair.a.prompt, pair.b.prompt)].append(pair)
    for of in alike.values():
        yield from chance.sample(of, min(OF_WORDS, len(of)))


def restated(found: Sequence[Row]) -> Iterator[Pair]:
    """All pairs of equal prompts whose answers are close and not equal: the hard cases of answers, all of them."""
    for a, b in grouped(found, folded):
        same = folded(a.answer) == folded(b.answer)
        if not same and (close(a.answer, b.answer) or loose(a.answer) == loose(b.answer)):
            yield Pair("restated", "folded", 1.0, a, b)


def group(row: Row) -> str:
    """What a stratum must not be full of: a T0 task, or a beginning of a prompt in another file."""
    return row.task or f"{row.file} {' '.join(tokens(row.prompt)[:3])}"


def chosen(pairs: Iterable[Pair], count: int, uses: Counter[Row], chance: random.Random) -> Iterator[Pair]:
    """A spread draw: always from the file that has fewest pairs yet, T0 counting for four files."""
    waiting: defaultdict[str, list[Pair]] = defaultdict(list)
    for pair in sorted(set(pairs)):
        waiting[pair.a.file].append(pair)
    for of in waiting.values():
        chance.shuffle(of)
    taken: Counter[str] = Counter()
    groups: Counter[str] = Counter()
    while waiting and taken.total() < count:
        file = min(waiting, key=lambda name: (taken[name] / (4 if name == T0 else 1), name))
        pair = waiting[file].pop()
        if not waiting[file]:
            del waiting[file]
        limit = OF_GROUP if pair.a.file != T0 else 1
        if max(uses[pair.a], uses[pair.b]) < OF_ROW and groups[group(pair.a)] < limit:
            uses.update((pair.a, pair.b))
            groups[group(pair.a)] += 1
            taken[file] += 1
            yield pair


def drawn(found: Sequence[Row]) -> list[Pair]:
    """The sample, shuffled, so that no order tells a reader what to expect."""
    chance = random.Random(SEED)  # noqa: S311 (a draw, no secret)
    strata: defaultdict[str, list[Pair]] = defaultdict(list)
    for pair in (*equal(found), *joined(found, chance)):
        strata[pair.stratum].append(pair)
    counts = {"loose": OF_LOOSE, **{f"equal {is_close}": count for is_close, count in OF_EQUAL.items()}}
    uses: Counter[Row] = Counter()
    sample: dict[tuple[Row, Row], Pair] = {}
    for stratum in sorted(strata, key=lambda name: (name not in counts, name)):
        for pair in chosen(strata[stratum], counts.get(stratum, OF_STRATUM), uses, chance):
            sample.setdefault((pair.a, pair.b), pair)
    pairs = list(sample.values())
    chance.shuffle(pairs)
    fresh = (pair for pair in slight(found) if (pair.a, pair.b) not in sample)
    added = list(chosen(thinned(fresh, chance), OF_SLIGHT, uses, chance))
    chance.shuffle(added)
    hard = [pair for pair in restated(found) if (pair.a, pair.b) not in sample]
    chance.shuffle(hard)
    return pairs + added + hard


def place(row: Row) -> dict[str, object]:
    """Where a row stands and what it must hold."""
    return {"file": row.file, "row": row.row, "part": row.part, "sha256": digest(row.prompt, row.answer)}


def main() -> None:
    """Print the sample."""
    data = folder()
    if data is None:
        sys.exit("Set CURATE_TEST_DATA to the folder of the public sets.")
    for at, pair in enumerate(drawn(eligible(rows(data)))):
        bound = 1.0 if pair.measure == "folded" else band(pair.jaccard)
        line = {"pair": at, "band": bound, "measure": pair.measure, "jaccard": round(pair.jaccard, 4)}
        print(orjson.dumps({**line, "a": place(pair.a), "b": place(pair.b)}).decode())  # noqa: T201


if __name__ == "__main__":
    main()
