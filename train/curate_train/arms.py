"""What is trained to prove that cleaning pays: raw and clean data, and controls that do as much to the wrong rows.

A model may get better because rows were cleaned, or just because there are fewer of them, or because texts were
changed at all. So there are two controls: as many rows dropped at random, and the same edits made at the same relative
places of rows that had no fault. Between raw and clean stand doses: data of which a share of the cleaning was undone.
"""

from __future__ import annotations

import hashlib
import random
import re
from collections import Counter
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, NamedTuple

from curate_train.examples import Dataset, Example, Turn, digest_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

RAW, CLEAN, RANDOM_DROP, WRONG_ROWS = "raw", "clean", "random-drop", "wrong-rows"

_ALIKE = 0.3
"""Similarity from which on a row of the clean data is taken for an edited row of the raw data at its place."""

_WORDS = re.compile(r"\s+|\S+")


class Edited(NamedTuple):
    """A row that cleaning changed: its place in the raw data, and what it became."""

    at: int
    after: Example


@dataclass(frozen=True)
class Cleaning:
    """What lies between raw and clean data.

    Attributes:
        raw: all rows.
        dropped: places in the raw data of rows that went.
        edited: rows that were changed.
        added: rows of the clean data that stand for none of the raw data.
    """

    raw: tuple[Example, ...]
    dropped: tuple[int, ...]
    edited: tuple[Edited, ...]
    added: tuple[Example, ...]

    @property
    def untouched(self) -> list[int]:
        """Places in the raw data of rows that stayed as they were."""
        touched = {*self.dropped, *(one.at for one in self.edited)}
        return [at for at in range(len(self.raw)) if at not in touched]


class Arm(NamedTuple):
    """Data to train on, under a name; made anew for each seed where chance has a part in it."""

    name: str
    dose: float | None
    make: Callable[[int], list[Example]]


def cleaning_between(raw: Sequence[Example], clean: Sequence[Example]) -> Cleaning:
    """Find out what was dropped and edited: rows keep their order, and untouched ones their keys.

    In a stretch between untouched rows, a row of the clean data is the most similar one of the raw data there.
    """
    matcher = SequenceMatcher(None, [one.key for one in raw], [one.key for one in clean], autojunk=False)
    dropped: list[int] = []
    edited: list[Edited] = []
    added: list[Example] = []
    for tag, low, high, first, last in matcher.get_opcodes():
        if tag == "equal":
            continue
        free = list(range(low, high))
        for after in clean[first:last]:
            scored = [(_similarity(raw[at], after), -at) for at in free]
            best, place = max(scored, default=(0.0, 0))
            if best < _ALIKE:
                added.append(after)
                continue
            edited.append(Edited(-place, after))
            free.remove(-place)
        dropped += free
    return Cleaning(tuple(raw), tuple(dropped), tuple(edited), tuple(added))


def arms_of(cleaning: Cleaning, doses: Sequence[float]) -> list[Arm]:
    """All arms; a control that has nothing to do, since nothing was dropped or edited, is left out.

    Args:
        cleaning: what lies between.
        doses: shares of the cleaning that are undone, between 0 (clean) and 1 (raw).
    """
    made = [
        Arm(RAW, 1.0, lambda _seed: list(cleaning.raw)),
        Arm(CLEAN, 0.0, lambda _seed: undone(cleaning, 0.0, 0)),
    ]
    if cleaning.dropped:
        made.append(Arm(RANDOM_DROP, None, lambda seed: randomly_dropped(cleaning, seed)))
    if cleaning.edited:
        made.append(Arm(WRONG_ROWS, None, lambda seed: wrongly_edited(cleaning, seed)))
    if cleaning.dropped or cleaning.edited:
        made += [Arm(f"dose-{dose:g}", dose, _dosed(cleaning, dose)) for dose in doses if 0 < dose < 1]
    return made


def _dosed(cleaning: Cleaning, dose: float) -> Callable[[int], list[Example]]:
    return lambda seed: undone(cleaning, dose, seed)


def undone(cleaning: Cleaning, share: float, seed: int) -> list[Example]:
    """The clean data with this share of its changes undone, drawn by the hash of their rows."""
    changes = [(at, None) for at in cleaning.dropped] + [(one.at, one.after) for one in cleaning.edited]
    changes.sort(key=lambda change: _hash(f"{seed}:{cleaning.raw[change[0]].key}:{change[0]}"))
    done = dict(changes[round(share * len(changes)) :])
    rows = [done.get(at, row) for at, row in enumerate(cleaning.raw)]
    return [row for row in rows if row is not None] + list(cleaning.added)


def randomly_dropped(cleaning: Cleaning, seed: int) -> list[Example]:
    """The raw data without as many rows as cleaning dropped, drawn by chance."""
    draw = random.Random(f"drop:{seed}")  # noqa: S311 (an experiment, no secret)
    gone = set(draw.sample(range(len(cleaning.raw)), len(cleaning.dropped)))
    return [row for at, row in enumerate(cleaning.raw) if at not in gone]


def wrongly_edited(cleaning: Cleaning, seed: int) -> list[Example]:
    """The clean data with each edit taken back, and made at the same relative place of a row without fault."""
    draw = random.Random(f"wrong rows:{seed}")  # noqa: S311 (the same)
    gone = set(cleaning.dropped)
    victims = cleaning.untouched
    draw.shuffle(victims)
    spoiled = {
        at: misplaced(cleaning.raw[one.at], one.after, cleaning.raw[at])
        for at, one in zip(victims, cleaning.edited, strict=False)
    }
    kept = [spoiled.get(at, row) for at, row in enumerate(cleaning.raw) if at not in gone]
    return kept + list(cleaning.added)


def misplaced(before: Example, after: Example, victim: Example) -> Example:
    """What becomes of a row if another row's edits are made in it: as many words go, the same words come."""
    said = {turn.role: turn.content for turn in before.turns}
    says = {turn.role: turn.content for turn in after.turns}
    last = {turn.role: at for at, turn in enumerate(victim.turns)}
    turns = list(victim.turns)
    for role, at in last.items():
        if role in said and role in says and said[role] != says[role]:
            text = _with_edits(turns[at].content, said[role], says[role])
            turns[at] = Turn(role, text, turns[at].trained)
    return _as(victim, turns)


def within_budget(rows: Sequence[Example], sizes: Sequence[int], tokens: int, seed: int) -> list[Example]:
    """Rows in an order that is drawn, again and again until so many tokens are reached.

    Args:
        rows: of an arm.
        sizes: tokens of each row; rows of no size are left out.
        tokens: the budget that all arms have.
        seed: of the order; each pass has another one.
    """
    able = [at for at, size in enumerate(sizes) if size]
    # Under a name of its own: with the same numbers, the rows that dirt was planted in would come first.
    draw = random.Random(f"order:{seed}")  # noqa: S311 (the same)
    made: list[Example] = []
    left = tokens
    while able and left > 0:
        draw.shuffle(able)
        for at in able:
            if left <= 0:
                break
            made.append(rows[at])
            left -= sizes[at]
    return made


def dataset_of(rows: Sequence[Example], verdict: str) -> Dataset:
    """Rows as a data set for training: its verdict is that of no gate, which is the point of some arms."""
    return Dataset(tuple(rows), digest_of(rows), verdict, (), forced=True, why="an arm of a proof")


def _with_edits(text: str, before: str, after: str) -> str:
    """A text with the edits that made one text another, at the same relative places, in words and gaps."""
    old, new, words = (_WORDS.findall(one) for one in (before, after, text))
    edits = [
        code for code in SequenceMatcher(None, old, new, autojunk=False).get_opcodes() if code[0] != "equal"
    ]
    for _, low, high, first, last in reversed(edits):
        at = round(low / max(1, len(old)) * len(words))
        words[at : at + high - low] = new[first:last]
    return "".join(words)


def _as(row: Example, turns: Sequence[Turn]) -> Example:
    """A row that says something else, under a key of its own."""
    made = replace(row, turns=tuple(turns))
    return replace(made, key=digest_of([made])[:16])


def _similarity(one: Example, other: Example) -> float:
    """Shared words (Dice), counted."""
    first, second = (Counter(" ".join(turn.content for turn in row.turns).split()) for row in (one, other))
    size = first.total() + second.total()
    return 2 * (first & second).total() / size if size else 0.0


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
