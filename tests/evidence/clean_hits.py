"""What the checks that are on by default find in four clean public corpora, and which hits were read by hand.

``read_hits.jsonl`` holds a line for each hit that was read: file, row (from 1), check, digest, and ``verdict``:

- ``right``: what the finding says is so, and a reader of the data wants to know it;
- ``wrong``: it is not so, or no fault (a sum that follows from the text is no ungrounded number);
- ``unclear``: experts may differ; not counted.

No text is kept; the digest is the fingerprint of the finding, which does not change when lines move. Of more than 60
hits of a check in a corpus those with the smallest digests are read, a draw that does not hang on order.
"""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from curate.api import scan_inputs
from curate.core.plan import Plan
from curate.engines.export import all_findings

if TYPE_CHECKING:
    from curate.engines.scan import Scan

READ = Path(__file__).parent / "read_hits.jsonl"
MOST = 60
"""So many hits of a check in a corpus are read."""

CORPORA = {
    "GSM8K": ("gsm8k/train.jsonl", "gsm8k/test.jsonl"),
    "HumanEval": ("humaneval/HumanEval.jsonl.gz",),
    "MedQuAD": ("medquad/medquad_health.jsonl",),
    "PubMedQA": ("pubmedqa/ori_pqal.json",),
}


class Hit(NamedTuple):
    """One finding, by its place and digest."""

    corpus: str
    file: str
    row: int
    check: str
    digest: str


class Counted(NamedTuple):
    """The hits of a check in a corpus, how many are to be read, and the verdicts on those that were."""

    corpus: str
    check: str
    blocks: bool
    hits: int
    wanted: int
    right: int
    wrong: int
    unclear: int

    @property
    def read(self) -> int:
        """How many have a verdict."""
        return self.right + self.wrong + self.unclear


class Found(NamedTuple):
    """All hits, the rows read in each corpus, the checks that looked, and those of them that block."""

    hits: tuple[Hit, ...]
    rows: dict[str, int]
    checks: tuple[str, ...]
    blocking: frozenset[str]


def find(folder: Path) -> Found:
    """One scan a file, with the default plan."""
    hits: list[Hit] = []
    rows: Counter[str] = Counter()
    scanned: list[Scan] = []
    for corpus, files in CORPORA.items():
        for file in files:
            done = scan_inputs((str(folder / file),), Plan())
            cells = all_findings(done, Plan()).select("row", "check", "fingerprint").iter_rows()
            hits += [Hit(corpus, file, *cell) for cell in cells]
            rows[corpus] += len(done.index)
            scanned.append(done)
    checks = scanned[0].checks
    blocking = frozenset(check.name for check in checks if check.severity.value == "error")
    return Found(tuple(hits), dict(rows), tuple(sorted(check.name for check in checks)), blocking)


def to_read(hits: tuple[Hit, ...]) -> list[Hit]:
    """The sample: at most ``MOST`` hits of a check in a corpus."""
    sample: list[Hit] = []
    for corpus, check in sorted({(hit.corpus, hit.check) for hit in hits}):
        alike = [hit for hit in hits if (hit.corpus, hit.check) == (corpus, check)]
        sample += sorted(alike, key=lambda hit: hit.digest)[:MOST]
    return sample


def verdicts() -> dict[str, str]:
    """The verdict on each digest."""
    lines = READ.read_text("utf-8").splitlines()
    return {label["digest"]: label["verdict"] for label in map(json.loads, lines)}


def count(found: Found, labels: dict[str, str]) -> list[Counted]:
    """A line for each check that hits in a corpus."""
    table = []
    wanted = Counter((hit.corpus, hit.check) for hit in to_read(found.hits))
    for (corpus, check), number in sorted(wanted.items()):
        alike = [hit for hit in found.hits if (hit.corpus, hit.check) == (corpus, check)]
        told = Counter(labels.get(hit.digest) for hit in alike)
        verdict = (told["right"], told["wrong"], told["unclear"])
        table.append(Counted(corpus, check, check in found.blocking, len(alike), number, *verdict))
    return table
