"""Signatures are datasketch's; what banding finds is verified, and about as much as predicted."""

from __future__ import annotations

import hashlib
from fractions import Fraction

import numpy as np
import polars as pl
import pytest

from curate.core.errors import UsageError
from curate.similarity import (
    Bands,
    Sets,
    bands_for,
    cross_join,
    lsh_cross_join,
    lsh_join,
    self_join,
    shingle,
    signatures,
    with_copies,
)
from curate.similarity.kernels import Kernels  # noqa: TC001 (a fixture's type)
from tests.similarity import oracle
from tests.similarity.corpora import near_texts


def sha1_hash32(data: bytes) -> int:
    """The hash that datasketch uses unless told otherwise."""
    return int.from_bytes(hashlib.sha1(data, usedforsecurity=False).digest()[:4], "little")


@pytest.mark.parametrize(("seed", "permutations"), [(1, 128), (7, 64), (42, 200)])
def test_signatures_are_those_of_datasketch(both: Kernels, seed: int, permutations: int) -> None:
    datasketch = pytest.importorskip(
        "datasketch", minversion="2", reason="needs datasketch 2 to compare with"
    )
    rows = [
        [" ".join(gram).encode() for gram in oracle.shingles(text or "", 3)] for text in near_texts(3, 60)
    ]
    hashed = [sorted({sha1_hash32(gram) for gram in row}) for row in rows]
    indptr = np.cumsum([0, *map(len, hashed)]).astype(np.int64)
    upper = np.array([value << 32 for row in hashed for value in row], np.uint64)
    found = signatures(Sets(indptr, upper), seed=seed, permutations=permutations)
    assert both
    for row, signature in zip(rows, found, strict=True):
        peer = datasketch.MinHash(num_perm=permutations, seed=seed)
        peer.update_batch(row)
        assert signature.tolist() == peer.hashvalues.tolist()


def test_bands_come_from_the_threshold() -> None:
    assert [(b.bands, b.rows) for b in map(bands_for, (0.7, 0.8, 0.9))] == [(25, 5), (21, 6), (12, 10)]
    assert [round(bands_for(t).recall(t), 3) for t in (0.7, 0.8, 0.9)] == [0.99, 0.998, 0.994]
    assert bands_for(Fraction(1)).rows == 128
    with pytest.raises(UsageError, match="too few pairs"):
        bands_for(0.1, permutations=8)


@pytest.mark.parametrize("t", [0.7, 0.9])
def test_what_banding_finds_is_in_the_exact_join(both: Kernels, t: float) -> None:
    assert both
    sets = shingle(pl.Series(near_texts(11, 1000), dtype=pl.String), 2)
    exact, found = self_join(sets, t), lsh_join(sets, t)
    all_, some = ({*zip(p.i.tolist(), p.j.tolist(), p.shared.tolist(), strict=True)} for p in (exact, found))
    assert some <= all_
    assert len(some) >= 0.98 * len(all_) > 100


def test_banding_between_collections(both: Kernels) -> None:
    assert both
    texts = pl.Series(near_texts(12, 1000), dtype=pl.String)
    left, right = shingle(texts[:400], 2), shingle(texts[400:], 2)
    exact, found = cross_join(left, right, 0.7), lsh_cross_join(left, right, 0.7)
    all_, some = ({*zip(p.i.tolist(), p.j.tolist(), strict=True)} for p in (exact, found))
    assert some <= all_
    assert len(some) >= 0.98 * len(all_) > 50


def test_few_bands_find_less_and_nothing_wrong() -> None:
    sets = shingle(pl.Series(near_texts(13, 400), dtype=pl.String), 2)
    exact, found = with_copies(self_join(sets, 0.7)), with_copies(lsh_join(sets, 0.7, Bands(2, 60)))
    all_, some = ({*zip(p.i.tolist(), p.j.tolist(), strict=True)} for p in (exact, found))
    assert some < all_


def test_kernels_give_the_same_pairs(monkeypatch: pytest.MonkeyPatch, compiled: Kernels) -> None:
    assert compiled
    sets = shingle(pl.Series(near_texts(14, 300), dtype=pl.String), 2)
    results = []
    for name in ("compiled", "numpy"):
        monkeypatch.setenv("CURATE_KERNELS", name)
        pairs = lsh_join(sets, 0.7)
        results.append((pairs.i.tobytes(), pairs.j.tobytes(), pairs.shared.tobytes()))
    assert results[0] == results[1]
