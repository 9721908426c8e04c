"""The proof that splits share nothing: what was written is read again, and compared anew."""

from __future__ import annotations

from collections import Counter
from itertools import combinations
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from curate.core.errors import CurateError
from curate.engines.between import (
    NEAR_ASK,
    NEAR_ROW,
    SAME_ANSWER,
    SAME_ASK,
    SAME_DOCUMENT,
    SAME_ROW,
    Comparing,
    compare,
    taken,
)
from curate.engines.dealing import DOCUMENT, NEAR
from curate.similarity import cross_join

if TYPE_CHECKING:
    from curate.engines.between import Compared
    from curate.engines.dealing import Dealing
    from curate.engines.local import Engine
    from curate.engines.scan import Scan
    from curate.similarity.arrays import I64, U64


class Proof(NamedTuple):
    """What was compared between splits once they were written.

    Attributes:
        what: the comparison: ``near ask``, ``same row``, …
        crossing: pairs of rows, or keys, that two splits have in common.
        compared: pairs of rows that the exact join has compared; keys that were looked up, for equal keys.
        kept_apart: whether the dealing promises that there is none.
    """

    what: str
    crossing: int
    compared: int
    kept_apart: bool


def prove(
    written: Scan, side: I64, dealing: Dealing, preambles: dict[str, U64], engine: Engine
) -> tuple[Proof, ...]:
    """Compare the rows of each split with those of every other.

    Args:
        written: a scan of the files that were written.
        side: the split of each of its files.
        dealing: how rows were dealt, and from which similarity they are near.
        preambles: shingles that are not compared.
        engine: where rows are read again.

    Raises:
        CurateError: a pair crosses that was to be kept together.
    """
    comparing = Comparing(near=True, document=DOCUMENT in dealing.by, fields=dealing.grouped)
    compared = compare(written, comparing, engine, preambles)
    split_of = side[compared.rows["file"].to_numpy()]
    proofs = (*_by_key(compared, split_of, dealing), *_by_join(compared, split_of, dealing))
    crossing = [proof for proof in proofs if proof.crossing and proof.kept_apart]
    if crossing:
        raise CurateError(
            f"{crossing[0].crossing:,} pairs cross the splits ({crossing[0].what})",
            hint="nothing was written; please report this",
        )
    return proofs


def _promised(what: str, dealing: Dealing) -> bool:
    if what in (SAME_ROW, SAME_ASK, SAME_ANSWER, NEAR_ASK, NEAR_ROW):
        return NEAR in dealing.by
    return what == SAME_DOCUMENT or what.removeprefix("same ") in dealing.grouped


def _by_key(compared: Compared, split_of: I64, dealing: Dealing) -> list[Proof]:
    proofs = []
    for what, (rows, keys) in compared.keys.items():
        both = np.unique(np.stack([keys, split_of[rows].astype(np.uint64)], axis=1), axis=0)[:, 0]
        _, splits = np.unique(both, return_counts=True)
        proofs.append(Proof(what, int((splits > 1).sum()), len(splits), _promised(what, dealing)))
    return proofs


def _by_join(compared: Compared, split_of: I64, dealing: Dealing) -> list[Proof]:
    proofs = []
    for what, sets in compared.sets.items():
        parts = [taken(sets, np.flatnonzero(split_of == at)) for at in range(len(dealing.names))]
        sizes = [int((part.sizes() > 0).sum()) for part in parts]
        found = sum(len(cross_join(one, two, dealing.threshold)) for one, two in combinations(parts, 2))
        pairs = sum(one * two for one, two in combinations(sizes, 2))
        proofs.append(Proof(what, found, pairs, _promised(what, dealing)))
    return proofs


def refuse_loss(seen: Scan, written: Scan) -> None:
    """Every row that was read is written once, with the same content.

    Raises:
        CurateError: it is not.
    """
    before, after = Counter(seen.index["hash"].to_list()), Counter(written.index["hash"].to_list())
    is_text = all(one.survey is not None for one in seen.opened)
    if (before != after) if is_text else (before.total() != after.total()):
        raise CurateError("rows are lost or changed", hint="nothing was written; please report this")
