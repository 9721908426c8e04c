"""New rows against a corpus: the files themselves, and an index of them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest

from curate.core.errors import UnreadableError
from curate.core.plan import Plan
from curate.engines.against import CorpusIndex, KeySketch, known_rows
from curate.engines.asking import AskSketch
from curate.engines.deduping import dedup
from curate.engines.local import InlineEngine, PoolEngine
from curate.engines.scan import scan
from curate.formats.sources import discover

if TYPE_CHECKING:
    from pathlib import Path

    from curate.core.check import Sketch
    from curate.engines.local import Engine
    from curate.engines.scan import Scan

ASK = 'Explain the term "escrow" to a first-time buyer of a house in plain English.'
ANSWER = "Escrow means that a neutral third party holds the money until both sides have done their part."
CORPUS = [("Name three rivers.", "The Elbe."), (ASK, "It is a kind of fee."), (ASK, ANSWER), (ASK, ANSWER)]


def write(path: Path, pairs: list[tuple[str, str]]) -> Path:
    rows: list[dict[str, Any]] = [
        {"instruction": ask, "input": "", "output": answer} for ask, answer in pairs
    ]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    return path


def scanned(path: Path, sketch: Sketch) -> Scan:
    return scan(discover([path]), (sketch,), Plan())


def by_files(
    folder: Path, new: list[tuple[str, str]], engine: Engine | None = None
) -> dict[int, tuple[int, bool]]:
    """The row of the corpus that each new row repeats, from 1, and whether it is a copy."""
    one, two = (
        scanned(write(folder / name, pairs), AskSketch())
        for name, pairs in (("n.jsonl", new), ("c.jsonl", CORPUS))
    )
    found = known_rows(one, two, engine or InlineEngine())
    return {row + 1: (known.place.row, known.is_exact) for row, known in found.items()}


@pytest.mark.parametrize(
    ("ask", "answer", "known"),
    [
        (ASK, ANSWER, (3, True)),
        ("Please " + ASK[0].lower() + ASK[1:], ANSWER, (3, False)),
        (ASK, "Sure, here is the answer: " + ANSWER + " I hope this helps!", (3, False)),
        (ASK, "Something else.", None),
        (ASK.replace("first", "second"), ANSWER, None),
        ("name three rivers", "The Elbe.", (1, False)),
        ("Name four rivers.", "The Elbe.", None),
    ],
)
def test_what_a_new_row_repeats(
    tmp_path: Path, ask: str, answer: str, known: tuple[int, bool] | None
) -> None:
    found = by_files(tmp_path, [("Who?", "Ann."), (ask, answer)])
    assert found == ({2: known} if known else {})


def test_an_index_says_the_same_but_for_what_needs_the_texts(tmp_path: Path) -> None:
    new = [
        (ASK, ANSWER),
        (ASK.upper(), ANSWER),
        ("Name three rivers!", "the Elbe"),
        ("Name four rivers.", "The Elbe."),
    ]
    index = CorpusIndex.empty().grown(scanned(write(tmp_path / "c.jsonl", CORPUS), KeySketch()))
    found = index.known(scanned(write(tmp_path / "n.jsonl", new), KeySketch()))
    told = {row + 1: (known.place.row, known.is_exact) for row, known in found.items()}
    assert told == by_files(tmp_path, new)
    assert len(index.lines) == 3


def test_an_index_is_kept_and_grown(tmp_path: Path) -> None:
    path = tmp_path / "corpus.index"
    first = CorpusIndex.empty().grown(scanned(write(tmp_path / "a.jsonl", CORPUS[:2]), KeySketch()))
    first.write(path)
    second = CorpusIndex.read(path).grown(scanned(write(tmp_path / "b.jsonl", CORPUS[1:]), KeySketch()))
    second.write(path)
    found = CorpusIndex.read(path).known(scanned(write(tmp_path / "n.jsonl", CORPUS), KeySketch()))
    places = [(known.place.file[-7:], known.place.line, known.place.row) for known in found.values()]
    assert places == [("a.jsonl", 1, 1), ("a.jsonl", 2, 2), ("b.jsonl", 2, 2), ("b.jsonl", 2, 2)]


def test_what_is_no_index_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "corpus.index"
    path.write_bytes(b"no parquet")
    with pytest.raises(UnreadableError, match="is no index"):
        CorpusIndex.read(path)
    CorpusIndex.empty().lines.write_parquet(path)
    with pytest.raises(UnreadableError, match="is no index"):
        CorpusIndex.read(path)
    CorpusIndex.empty().lines.write_parquet(path, metadata={"curate": "curate.index/0"})
    with pytest.raises(UnreadableError, match="another version"):
        CorpusIndex.read(path)
    pl.DataFrame({"said": [1]}).write_parquet(path, metadata={"curate": "curate.index/1"})
    with pytest.raises(UnreadableError):
        CorpusIndex.read(path)
    with pytest.raises(UnreadableError):
        CorpusIndex.read(tmp_path / "absent")


def test_workers_find_the_same(tmp_path: Path) -> None:
    new = [(ASK.upper(), ANSWER), *CORPUS]
    with PoolEngine(2) as engine:
        assert by_files(tmp_path, new, engine) == by_files(tmp_path, new)


def test_rows_known_from_real_files_are_those_that_dedup_removes(tmp_path: Path, real_data: Path) -> None:
    """What dedup keeps of both files together, less what it keeps of the corpus alone, is what is new."""
    lines = (real_data / "medquad" / "medquad_health.jsonl").read_bytes().splitlines(keepends=True)
    corpus, new, both = (tmp_path / f"{name}.jsonl" for name in ("corpus", "new", "both"))
    corpus.write_bytes(b"".join(lines[:2500]))
    new.write_bytes(b"".join(lines[2400:2600]).replace(b"What is", b"what is"))
    both.write_bytes(corpus.read_bytes() + new.read_bytes())
    found = known_rows(scanned(new, AskSketch()), scanned(corpus, AskSketch()), InlineEngine())
    removed = dedup(both, out=tmp_path / "out.jsonl").decided.removed.filter(pl.col("row") >= 2500)["row"]
    within = dedup(new, out=tmp_path / "new-out.jsonl").decided.removed["row"]
    assert {row + 2500 for row in found} | {row + 2500 for row in within} == set(removed)
    assert len(found) >= 100
