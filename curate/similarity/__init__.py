"""Near duplicates: texts to sets of hashes, sets to verified pairs, pairs to the rows that stay.

```
texts ──shingle──▶ Sets ──self_join · cross_join · lsh_join──▶ Pairs ──keep_nearest──▶ Groups
```

- ``shingle(texts, n) -> Sets``: the sets of the n-gram hashes of a column (``words`` says what a token is).
  ``ShingleStore`` does it batch by batch and spills to disk beyond a budget of bytes.
- ``token_hashes(texts) -> Tokens``: tokens in their order, with their places in code points.
- ``self_join(sets, t)``, ``cross_join(left, right, t) -> Pairs``: all pairs with a Jaccard similarity of at least t.
  ``lsh_join`` and ``lsh_cross_join`` find most of them through MinHash (``bands_for(t).recall(t)`` predicts how many)
  and verify each. ``t`` is a ``Fraction``, or a number that is read as it is written.
- ``containment(left, right, i, j)``: the share of each left set that lies in the right one, for given pairs.
- ``with_copies(pairs)``: the pairs that rows with identical sets have, which joins leave out.
- ``keep_nearest(pairs, rank) -> Groups``: which rows stay, and the kept row that each removed row is near to;
  ``ranked(columns…)`` makes ranks.

Hot loops are compiled (``csrc``) or numpy (``plain``), with the same result: ``kernels.load()``, ``CURATE_KERNELS``.
"""

from curate.similarity.arrays import Sets, Tokens
from curate.similarity.groups import Groups, keep_nearest, ranked
from curate.similarity.join import Pairs, containment, cross_join, self_join, with_copies
from curate.similarity.minhash import Bands, bands_for, lsh_cross_join, lsh_join, signatures
from curate.similarity.shingles import ShingleStore, shingle, token_hashes

__all__ = [
    "Bands",
    "Groups",
    "Pairs",
    "Sets",
    "ShingleStore",
    "Tokens",
    "bands_for",
    "containment",
    "cross_join",
    "keep_nearest",
    "lsh_cross_join",
    "lsh_join",
    "ranked",
    "self_join",
    "shingle",
    "signatures",
    "token_hashes",
    "with_copies",
]
