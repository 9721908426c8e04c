"""The near-duplicate peers as programs: ``python -c PROGRAM corpus.parquet flags.npy``.

Each reads the column ``text`` and writes which rows it puts together with another. All see 5-grams of the same words at
a threshold of .8 and use K = 128 permutations with the bands that they choose themselves (daft leaves banding to its
user and gets those of datasketch, 9 × 13; rensa gets the 8 bands for which its recall and precision are most alike).
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

from benchmarks.bar import ROOT

HEAD = """
import sys
import numpy as np
"""

CURATE = (
    HEAD
    + """
import polars as pl
from curate.similarity import keep_nearest, self_join, shingle
texts = pl.read_parquet(sys.argv[1])["text"]
pairs = self_join(shingle(texts, 5), 0.8)
groups = keep_nearest(pairs, np.arange(len(texts)))
flags = np.zeros(len(texts), bool)
flags[pairs.i] = flags[pairs.j] = True
np.save(sys.argv[2], flags)
"""
)

DATASKETCH = (
    HEAD
    + """
import polars as pl
from datasketch import MinHash, MinHashLSH
texts = pl.read_parquet(sys.argv[1])["text"].to_list()
lsh, hashes = MinHashLSH(threshold=0.8, num_perm=128), []
for row, text in enumerate(texts):
    words = text.split(" ")
    grams = {" ".join(words[k : k + 5]).encode() for k in range(max(len(words) - 4, 1))}
    hashes.append(MinHash(num_perm=128))
    hashes[-1].update_batch(grams)
    lsh.insert(row, hashes[-1], check_duplication=False)
np.save(sys.argv[2], np.array([len(lsh.query(one)) > 1 for one in hashes]))
"""
)

RENSA = (
    HEAD
    + """
import polars as pl
from rensa import RMinHash, RMinHashLSH
texts = pl.read_parquet(sys.argv[1])["text"].to_list()
lsh = RMinHashLSH(threshold=0.8, num_perm=128, num_bands=8)
def grams(text):
    words = text.split(" ")
    return [" ".join(words[k : k + 5]) for k in range(max(len(words) - 4, 1))]
matrix = RMinHash.digest_matrix_from_token_sets((grams(text) for text in texts), 128, 42)
np.save(sys.argv[2], np.array(lsh.query_duplicate_flags_matrix_one_shot(matrix), bool))
"""
)

DAFT = (
    HEAD
    + """
import daft
frame = daft.read_parquet(sys.argv[1])
frame = frame.select(daft.col("text").minhash(num_hashes=128, ngram_size=5, seed=1).alias("minhash"))
hashes = frame.to_arrow()["minhash"].combine_chunks()
hashes = np.asarray(hashes.flatten()).reshape(len(hashes), 128)
flags = np.zeros(len(hashes), bool)
for band in range(9):
    part = np.ascontiguousarray(hashes[:, band * 13 : band * 13 + 13]).astype(np.uint64)
    key = part @ np.random.default_rng(band).integers(1, 2**63, 13, dtype=np.uint64)
    _, where, sizes = np.unique(key, return_inverse=True, return_counts=True)
    flags |= sizes[where] > 1
np.save(sys.argv[2], flags)
"""
)

DATA_JUICER = (
    HEAD
    + """
from collections import Counter
from datasets import Dataset
from data_juicer.ops.deduplicator import document_minhash_deduplicator as module
made = []
class Recorded(module.UnionFind):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        made.append(self)
module.UnionFind = Recorded
op = module.DocumentMinhashDeduplicator(num_permutations=128, jaccard_threshold=0.8, window_size=5)
data = Dataset.from_parquet(sys.argv[1])
rows = len(data)
op.process(data.map(op.compute_hash))
roots = [made[-1].find(row) for row in range(rows)]
sizes = Counter(roots)
np.save(sys.argv[2], np.array([sizes[root] > 1 for root in roots]))
"""
)

TEXT_DEDUP = (
    HEAD
    + """
import tempfile
from collections import Counter
from text_dedup import minhash
from datasets import load_dataset
with tempfile.TemporaryDirectory() as folder:
    minhash.main([
        *("--path", "parquet", "--data_files", sys.argv[1], "--split", "train", "--cache_dir", folder + "/cache"),
        *("--output", folder + "/out", "--column", "text", "--ngram", "5", "--min_length", "1", "--num_perm", "128"),
        *("--threshold", "0.8", "--num_proc", "1"),
    ], standalone_mode=False)
    rows = len(load_dataset("parquet", data_files=sys.argv[1], split="train", cache_dir=folder + "/cache"))
roots = [minhash.uf.find(row) for row in range(rows)]
sizes = Counter(roots)
np.save(sys.argv[2], np.array([sizes[root] > 1 for root in roots]))
"""
)


class NearPeer(NamedTuple):
    """A package, and its program."""

    name: str
    requirements: tuple[str, ...]
    program: str


PEERS = {
    peer.name: peer
    for peer in (
        NearPeer("datasketch", ("datasketch==2.0.0", "polars"), DATASKETCH),
        NearPeer("rensa", ("rensa==0.5.0", "polars", "numpy"), RENSA),
        NearPeer("daft", ("daft==0.7.26", "numpy", "pyarrow"), DAFT),
        NearPeer("data-juicer", ("py-data-juicer==1.6.1", "aiohttp"), DATA_JUICER),
        NearPeer("text-dedup", ("text-dedup==0.4.0",), TEXT_DEDUP),
    )
}


class Cost(NamedTuple):
    """Of one whole process and its children: user CPU seconds, and the peak memory of the largest in MiB."""

    user: float
    peak_mib: float


def install(peer: NearPeer) -> Path | None:
    """The interpreter of the peer's own environment, kept between runs; None if it cannot be installed."""
    home = Path(tempfile.gettempdir()) / f"curate-peer-{peer.requirements[0].replace('==', '-')}"
    python = home / "bin" / "python"
    if not (home / "done").exists():
        subprocess.run([sys.executable, "-m", "venv", str(home)], check=True)
        pip = [str(python), "-m", "pip", "install", "--quiet", *peer.requirements]
        if subprocess.run(pip, check=False, capture_output=True).returncode:
            return None
        (home / "done").touch()
    return python


MEASURED = """
import json, resource, subprocess, sys
code = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(json.dumps([code, used.ru_utime, used.ru_maxrss / 1024]))
"""
"""Started between: a process counts the memory of the one that it was forked from, so that must be a small one."""


def cost(python: Path, program: str, corpus: Path, flags: Path) -> Cost | None:
    """Run a program over a corpus; None if it fails."""
    flags.unlink(missing_ok=True)
    done = subprocess.run(
        [sys.executable, "-c", MEASURED, str(python), "-c", program, str(corpus), str(flags)],
        capture_output=True,
        check=True,
        cwd=corpus.parent,
        env={**os.environ, "HF_HUB_OFFLINE": "1", "PYTHONPATH": str(ROOT)},
    )
    code, user, peak = json.loads(done.stdout)
    return Cost(user, peak) if code == 0 and flags.exists() else None
