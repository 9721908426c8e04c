"""Precision and recall of checks on labelled rows: recomputes ``figures.json``.

    CURATE_TEST_DATA=FOLDER python -m tests.evidence.measure

Labels of public rows are kept without their texts, so their figures need the data; the rest is measured anywhere.
"""

from __future__ import annotations

import json
import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from curate.checks.answer.refusal import Refusal
from curate.checks.answer.self_reference import SelfReference
from curate.core.plan import Plan
from curate.engines.local import InlineEngine
from curate.engines.registry import load_check
from curate.engines.scan import scan
from curate.formats.fetch import fetch
from curate.formats.parse import parse_chunk
from curate.formats.read import open_source
from curate.formats.sources import discover
from tests.evidence.clean_hits import count, find, verdicts
from tests.evidence.pii_numbers import KINDS
from tests.evidence.pii_rows import labelled, write
from tests.evidence.refusal_sample import drawn, speaks_of_itself

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from curate.core.batch import Batch

FOLDER = Path(__file__).parent
FIGURES = FOLDER / "figures.json"
PII_ROWS = 300
"""Of each kind so many rows with it, and as many with a look-alike."""


class Measured(NamedTuple):
    """What a check found among labelled rows.

    Attributes:
        check: its name.
        rows: which rows they are.
        size: how many rows.
        found: how many the check flags.
        meant: how many it should flag.
        right: how many of both.
    """

    check: str
    rows: str
    size: int
    found: int
    meant: int
    right: int


def written() -> list[Measured]:
    """What can be measured without the public data."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "rows.jsonl"
        return [*_refusals_written(path), *_generated_pii(path)]


def rightly_said() -> tuple[int, int]:
    """Role-play and code rows that say "I am an AI" and do not decline: how many, and how many are flagged for it."""
    rows = [row for row in read("refusal_written.jsonl") if row["label"] == "other"]
    pairs = [{"prompt": row["prompt"], "completion": row["completion"]} for row in rows]
    with tempfile.TemporaryDirectory() as folder:
        found = SelfReference().examine(batch_of(pairs, Path(folder) / "rows.jsonl"))
    return len(rows), found["row"].n_unique()


def public(folder: Path) -> list[Measured]:
    """What needs the public data: answers that decline, by all labels and by those that say "I am an AI"."""
    label_of = {label["hash"]: label["label"] for label in read("refusal_labels.jsonl")}
    rows = [(one, label_of[str(one["hash"])]) for one in drawn(folder)]
    pairs = [
        (str(one["prompt"]), str(one["text"]), label == "refusal")
        for one, label in rows
        if label != "unclear"
    ]
    with tempfile.TemporaryDirectory() as place:
        path = Path(place) / "rows.jsonl"
        return [
            _refusals("answers of 14 public files that may decline", pairs, path),
            _refusals(
                'those of them that say "I am an AI"',
                [pair for pair in pairs if speaks_of_itself(pair[1])],
                path,
            ),
        ]


def read(name: str) -> list[dict[str, Any]]:
    """The lines of a file of labels."""
    return [json.loads(line) for line in (FOLDER / name).read_text("utf-8").splitlines()]


def batch_of(rows: Iterable[dict[str, object]], path: Path) -> Batch:
    """The rows as a check sees them, by way of a file."""
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), "utf-8")
    (source,) = discover([str(path)]).sources
    (chunk,) = open_source(source, 0).chunks()
    return parse_chunk(chunk).batch


def _refusals(name: str, pairs: list[tuple[str, str, bool]], path: Path) -> Measured:
    """Prompts, answers, and whether these should be flagged."""
    batch = batch_of(({"prompt": prompt, "completion": text} for prompt, text, _ in pairs), path)
    flagged = set(Refusal().examine(batch)["row"].to_list())
    meant = {row for row, (_, _, refusal) in enumerate(pairs) if refusal}
    return Measured("answer.refusal", name, len(pairs), len(flagged), len(meant), len(flagged & meant))


def _refusals_written(path: Path) -> Iterator[Measured]:
    kinds = {True: "with which the rules were mended", False: "not seen when the rules were made"}
    rows = read("refusal_written.jsonl")
    for seen, kind in kinds.items():
        pairs = [
            (row["prompt"], row["completion"], row["label"] == "refusal")
            for row in rows
            if row["seen"] is seen
        ]
        yield _refusals(f'role-play and code that says "I am an AI", {kind}', pairs, path)


def _generated_pii(path: Path) -> Iterator[Measured]:
    rows = labelled(PII_ROWS)
    checks = tuple(load_check(f"pii.{kind}") for kind in KINDS)
    write(path, [one.row for one in rows])
    done = scan(discover([str(path)]), checks, Plan(), InlineEngine())
    texts = fetch(done.opened[0], done.index)
    for kind in KINDS:
        places = done.found[f"pii.{kind}"].select("row", "at", "start", "end").iter_rows()
        hits = {(row, (texts[row].text_at(at) or "")[start:end]) for row, at, start, end in places}
        meant = {(row, one.text) for row, one in enumerate(rows) if one.kind == kind}
        name = f"generated, as many look-alikes; {len(KINDS)} kinds in one file"
        yield Measured(f"pii.{kind}", name, len(rows), len(hits), len(meant), len(hits & meant))


def stored() -> dict[str, Any]:
    """The figures as they are kept."""
    kept: dict[str, Any] = json.loads(FIGURES.read_text("utf-8"))
    return kept


def main(folder: Path) -> None:
    """Measure all and keep it."""
    found = find(folder)
    figures = {
        "written": [one._asdict() for one in written()],
        "public": [one._asdict() for one in public(folder)],
        "clean rows": found.rows,
        "clean checks": found.checks,
        "clean": [one._asdict() for one in count(found, verdicts())],
    }
    FIGURES.write_text(json.dumps(figures, indent=1, ensure_ascii=False) + "\n", "utf-8")


if __name__ == "__main__":
    main(Path(os.environ["CURATE_TEST_DATA"]))
