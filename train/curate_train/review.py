"""``train review``: which of two answers do experts prefer, without knowing whose they are?

Two evaluations of the same rows give a sheet of pairs A and B. Which side is which model is drawn for each row and
stands in the key alone, which the reviewers do not get.
"""

from __future__ import annotations

import hashlib
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from curate.core.errors import UsageError
from curate_train.compare import refuse_unlike

if TYPE_CHECKING:
    from collections.abc import Mapping

    from curate_train.evaluate_folder import Evaluation
    from curate_train.metrics.answered import Answered

SCHEMA = "curate.review/1"
"""The version of ``key.json``; a field is only ever added within one version."""

CRITERIA = ("accuracy", "coherence", "style")
"""Each is judged for A and for B on a scale of 1 (bad) to 5 (good)."""

SCALE = (1, 2, 3, 4, 5)


@dataclass(frozen=True)
class Pair:
    """What a reviewer sees of a row.

    Attributes:
        number: of the row in the sheet: a short hash that tells nothing of the data, behind a letter, so that no
            spreadsheet takes it for a number.
        prompt: the turns before the answer, as (role, text).
        a: one answer.
        b: the other one.
        reference: the answer of the data; empty if it is not shown.
    """

    number: str
    prompt: tuple[tuple[str, str], ...]
    a: str
    b: str
    reference: str


@dataclass(frozen=True)
class Sheet:
    """A blind sheet.

    Attributes:
        name: tells sheets apart: a hash of all pairs.
        pairs: in the order in which they are shown.
    """

    name: str
    pairs: tuple[Pair, ...]


@dataclass(frozen=True)
class Hidden:
    """What the key says of a row.

    Attributes:
        key: of the row.
        group: of near rows.
        a: ``first`` or ``second``: whose answer stands under A.
    """

    key: str
    group: str
    a: str


@dataclass(frozen=True)
class Key:
    """What the reviewers must not see.

    Attributes:
        sheet: name of the sheet that it belongs to.
        first: the first model.
        second: the second model, the one that is to be better.
        same: rows that were drawn and to which both models said the same; nobody is asked about them.
        rows: by their number in the sheet.
    """

    sheet: str
    first: str
    second: str
    same: int
    rows: Mapping[str, Hidden]

    def as_json(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return {"schema": SCHEMA, **asdict(self)}

    @classmethod
    def from_json(cls, said: dict[str, Any]) -> Key:
        """The inverse of :meth:`as_json`."""
        rows = {number: Hidden(**hidden) for number, hidden in said["rows"].items()}
        return cls(said["sheet"], said["first"], said["second"], said["same"], rows)


def blind(
    first: Evaluation, second: Evaluation, most: int, *, seed: int = 0, with_reference: bool = False
) -> tuple[Sheet, Key]:
    """Draw rows, at most one of each group of near rows, and hide whose answers are whose.

    Half of the pairs show the first model as A, so that a reviewer who always says "A" prefers nobody.

    Args:
        first: what is held against, such as the base.
        second: what is to be better.
        most: rows to draw.
        seed: of the draw and of the sides.
        with_reference: whether reviewers see the answer of the data.

    Raises:
        UsageError: the evaluations are of different data, or answer nothing differently.
    """
    refuse_unlike(first, second)
    drawn = _drawn(first, second, most, seed)
    asked = [(one, other) for one, other in drawn if one.answer.strip() != other.answer.strip()]
    if not asked:
        raise UsageError("both models say the same to all rows", hint="there is nothing to review")
    sides = sorted(asked, key=lambda pair: _hash(f"{seed}:side:{pair[0].key}"))
    is_swapped = {pair[0].key: bool(at % 2) for at, pair in enumerate(sides)}
    pairs, hidden = [], {}
    for one, other in asked:
        swapped = is_swapped[one.key]
        a, b = (other.answer, one.answer) if swapped else (one.answer, other.answer)
        number = "r" + _hash(f"{seed}:{one.key}:{a}:{b}")[:8]
        pairs.append(Pair(number, one.prompt, a, b, one.reference if with_reference else ""))
        hidden[number] = Hidden(one.key, one.group, "second" if swapped else "first")
    name = _hash("".join(pair.number for pair in pairs))[:12]
    key = Key(name, first.setup.model, second.setup.model, len(drawn) - len(asked), hidden)
    return Sheet(name, tuple(pairs)), key


def _drawn(first: Evaluation, second: Evaluation, most: int, seed: int) -> list[tuple[Answered, Answered]]:
    """Rows that both answered, in an order that is drawn, one of each group."""
    others = {row.key: row for row in second.rows}
    common = [row for row in first.rows if row.key in others]
    common.sort(key=lambda row: _hash(f"{seed}:row:{row.key}"))
    by_group: dict[str, Answered] = {}
    for row in common:
        by_group.setdefault(row.group, row)
    return [(row, others[row.key]) for row in list(by_group.values())[:most]]


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
