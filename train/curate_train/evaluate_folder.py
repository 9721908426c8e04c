"""The folder of an evaluation: what was set up, what was answered, what was measured.

``setup.json`` says what decides the answers. ``predictions.jsonl`` has one line a row, appended as rows are answered,
so that a run that was killed goes on where it stood. ``metrics.json`` is a function of the two.
"""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from curate.core.errors import UnreadableError, UsageError
from curate_train.files import write_json, write_text
from curate_train.metrics.answered import Answered
from curate_train.metrics.measures import TITLES

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from curate_train.metrics.resampling import Difference, Estimate
    from curate_train.metrics.tables import Figures, Tables

SCHEMA = "curate.evaluation/1"
"""The version of ``metrics.json``; a field is only ever added within one version."""

SETUP, PREDICTIONS, METRICS, PAGE = "setup.json", "predictions.jsonl", "metrics.json", "report.html"
COMPARISON = "comparison.json"

_EDGE = 1 << 20
_WHOLE = 1 << 28
"""Bytes up to which a file of weights is hashed as a whole, and of a larger one, how much of either end."""


@dataclass(frozen=True)
class Setup:
    """All that decides what a model answers to a row.

    Attributes:
        model: as the user named it.
        model_sha256: of its weights and tokenizer: :func:`fingerprint`.
        data_sha256: of all examples of the split, also those that are not asked.
        split: name of the split, empty for all rows.
        verdict: what the gate said of the data.
        template_sha256: of the chat template.
        precision: in which the model was computed.
        max_length: tokens of the longest row that is measured.
        max_new_tokens: tokens after which an answer is cut off.
        decoding: ``greedy``, or how tokens are drawn.
        seed: of what is drawn.
    """

    model: str
    model_sha256: str
    data_sha256: str
    split: str
    verdict: str
    template_sha256: str
    precision: str
    max_length: int
    max_new_tokens: int
    decoding: str
    seed: int


@dataclass(frozen=True)
class Evaluation:
    """A finished evaluation.

    Attributes:
        setup: what decided the answers.
        rows: the answered rows, sorted by key.
        left_out: rows that do not fit the recipe's length, or that the template refuses, and were not asked.
        tables: the figures; None if they were not read.
    """

    setup: Setup
    rows: tuple[Answered, ...]
    left_out: int
    tables: Tables | None = None


def begin(folder: Path, setup: Setup) -> dict[str, Answered]:
    """Make the folder, or go on in one of the same setup; what is answered already, by key.

    Raises:
        UsageError: the folder holds the evaluation of something else.
    """
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / SETUP
    if file.is_file():
        stored = json.loads(file.read_text("utf-8"))
        other = [
            name for name, value in asdict(setup).items() if name != "model" and stored.get(name) != value
        ]
        if other:
            raise UsageError(
                f"holds an evaluation with another {', another '.join(other)}",
                where=str(folder),
                hint="name another folder, or remove this one",
            )
    write_json(file, asdict(setup))
    return {row.key: row for row in _kept_lines(folder / PREDICTIONS)}


def append(folder: Path, rows: Iterable[Answered]) -> None:
    """Add answered rows, so that they are on the disk when this returns."""
    with (folder / PREDICTIONS).open("a", encoding="utf-8", newline="\n") as file:
        file.writelines(json.dumps(row.as_json(), ensure_ascii=True) + "\n" for row in rows)
        file.flush()
        os.fsync(file.fileno())


def finish(folder: Path, done: Evaluation) -> None:
    """Write the figures, and the predictions once more: these rows alone, sorted by key."""
    if done.tables is None:
        raise ValueError("an evaluation is finished with its figures")
    text = "".join(json.dumps(row.as_json(), ensure_ascii=True) + "\n" for row in done.rows)
    write_text(folder / PREDICTIONS, text)
    write_json(
        folder / METRICS,
        {
            "schema": SCHEMA,
            "setup": asdict(done.setup),
            "left_out": done.left_out,
            **figures_json(done.tables.whole),
            "facets": {
                facet: {value: figures_json(one) for value, one in values.items()}
                for facet, values in done.tables.facets.items()
            },
            "signatures": dict(done.tables.signatures),
        },
    )


def read_evaluation(folder: Path) -> Evaluation:
    """A finished evaluation, without its figures.

    Raises:
        UnreadableError: the folder holds none.
    """
    if not (folder / METRICS).is_file():
        hint = "run: curate train eval MODEL DATA -o " + str(folder)
        raise UnreadableError(
            f"holds no finished evaluation ({METRICS} is missing)", where=str(folder), hint=hint
        )
    try:
        said = json.loads((folder / METRICS).read_text("utf-8"))
        setup = Setup(**said["setup"])
        rows = tuple(_kept_lines(folder / PREDICTIONS))
    except (ValueError, TypeError, KeyError) as error:
        raise UnreadableError("is no evaluation that this version can read", where=str(folder)) from error
    return Evaluation(setup, rows, said["left_out"])


def figures_json(figures: Figures) -> dict[str, Any]:
    """Figures as plain values."""
    return {
        "rows": figures.rows,
        "groups": figures.groups,
        "measures": {
            name: {"title": TITLES[name], **estimate_json(one)} for name, one in figures.values.items()
        },
    }


def estimate_json(one: Estimate | Difference) -> dict[str, float | None]:
    """A figure with its bounds, to 6 significant digits."""
    return {name: None if value is None else float(f"{value:.6g}") for name, value in one._asdict().items()}


def fingerprint(folder: Path) -> str:
    """SHA-256 over the names, sizes and contents of a model's files; of large files, over both ends alone.

    It tells models apart in a second, also those of 16 GB. It is no proof against somebody who wants two models to
    look the same.
    """
    digest = hashlib.sha256()
    for file in sorted(folder.iterdir()):
        if file.suffix in {".safetensors", ".bin", ".json", ".jinja", ".model"} and file.is_file():
            size = file.stat().st_size
            digest.update(f"{file.name}\0{size}\0".encode())
            with file.open("rb") as opened:
                digest.update(opened.read(_EDGE if size > _WHOLE else -1))
                if size > _WHOLE:
                    opened.seek(-_EDGE, os.SEEK_END)
                    digest.update(opened.read())
    return digest.hexdigest()


def _kept_lines(file: Path) -> Sequence[Answered]:
    """All whole lines; the last one is cut off from the file if a killed run left half of it."""
    if not file.is_file():
        return ()
    content = file.read_bytes()
    whole = content[: content.rfind(b"\n") + 1]
    if len(whole) < len(content):
        os.truncate(file, len(whole))
    return [Answered.from_json(json.loads(line)) for line in whole.splitlines()]
