"""``train eval``: what a model makes of rows it has not seen, so that it can be looked at, measured and compared."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from curate.core.errors import UsageError
from curate_train.encode import Encoded, Encoder
from curate_train.evaluate_folder import Evaluation, Setup, append, begin, fingerprint, finish
from curate_train.metrics.answered import Answered
from curate_train.metrics.tables import tables
from curate_train.recipe import Recipe, with_changes
from curate_train.rendering import Unrenderable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from curate_train.adapters import Opened
    from curate_train.evaluate_answers import Decoding
    from curate_train.examples import Dataset, Example

    Progress = Callable[[int, int], None]

BATCH = 16
MOST_NEW = 1024
"""Tokens to which an answer may grow where the user says nothing: this, or a quarter beyond the longest reference."""

_MARGIN = 1.25
_LEAST = 8
_STEP = 16


@dataclass(frozen=True)
class Asking:
    """How rows are asked.

    Attributes:
        recipe: for the template and the longest row.
        decoding: how answers are made; ``max_new_tokens`` 0 for :func:`default_new_tokens`.
        most: rows to ask; 0 for all.
        batch_size: rows that are asked at once.
    """

    recipe: Recipe
    decoding: Decoding
    most: int = 0
    batch_size: int = BATCH


class Row(NamedTuple):
    """A row that can be asked: its example, its prompt as tokens, and all of it as tokens with the mask."""

    example: Example
    prompt: list[int]
    encoded: Encoded


class Askable(NamedTuple):
    """The rows of a data set that can be asked.

    Attributes:
        rows: in the order of the data.
        left_out: how many cannot.
        longest: tokens of the longest reference.
    """

    rows: tuple[Row, ...]
    left_out: int
    longest: int


def recipe_of(opened: Opened) -> Recipe:
    """The recipe with which a model was trained; defaults for any other model."""
    return with_changes(Recipe(), opened.training.get("recipe", {}))


def askable(dataset: Dataset, encoder: Encoder) -> Askable:
    """Encode all rows; those that training would leave out are left out here, too, and counted.

    Raises:
        UsageError: none is left.
    """
    kept: list[Row] = []
    for example, one in zip(dataset.examples, encoder.encode(dataset.examples), strict=True):
        if not isinstance(one, Encoded) or not example.turns[-1].trained:
            continue
        try:
            kept.append(Row(example, encoder.prompt_ids(example), one))
        except Unrenderable:
            continue
    if not kept:
        raise UsageError(
            "no row can be asked: all are too long, or end without an answer",
            hint="curate train check says why",
        )
    longest = max(len(row.encoded.ids) - len(row.prompt) for row in kept)
    return Askable(tuple(kept), len(dataset.examples) - len(kept) + len(dataset.unusable), longest)


def chosen(rows: Sequence[Row], most: int, seed: int) -> list[Row]:
    """At most so many rows, drawn by the hash of their keys: more of them are a superset of fewer."""
    ranked = sorted(rows, key=lambda row: hashlib.sha256(f"{seed}:{row.example.key}".encode()).digest())
    return ranked[:most] if most else ranked


def default_new_tokens(longest: int) -> int:
    """A quarter and a little beyond the longest reference, so that an answer that does not end is seen as such."""
    return min(MOST_NEW, -(-int(longest * _MARGIN + _LEAST) // _STEP) * _STEP)


def evaluate(
    opened: Opened,
    dataset: Dataset,
    folder: Path,
    asking: Asking,
    progress: Progress | None = None,
) -> Evaluation:
    """Ask a model all rows, measure, and write the folder; what is there already is not asked again.

    Args:
        opened: the model.
        dataset: the rows; their verdict is recorded, and not asked for: held-out data may be no run's output.
        folder: of this evaluation.
        asking: how they are asked.
        progress: told how many rows of how many are done.

    Raises:
        UsageError: no row can be asked, or the folder belongs to another evaluation.
    """
    encoder = Encoder(opened.tokenizer, asking.recipe)
    found = askable(dataset, encoder)
    tokens = asking.decoding.max_new_tokens or default_new_tokens(found.longest)
    decoding = replace(asking.decoding, max_new_tokens=tokens)
    setup = _setup(opened, dataset, encoder, decoding)
    wanted = chosen(found.rows, asking.most, decoding.seed)
    done = begin(folder, setup)
    rest = [row for row in wanted if row.example.key not in done]
    answered = len(wanted) - len(rest)
    for batch in _batches(rest, asking.batch_size):
        made = _ask(opened, encoder, batch, decoding)
        append(folder, made)
        done.update({row.key: row for row in made})
        answered += len(made)
        if progress is not None:
            progress(answered, len(wanted))
    rows = tuple(sorted((done[row.example.key] for row in wanted), key=lambda row: row.key))
    made_of = Evaluation(setup, rows, found.left_out, tables(rows))
    finish(folder, made_of)
    return made_of


def model_sha256(place: str | Path) -> str:
    """What tells a model apart: the hash of its folder, or of its id on the hub."""
    path = Path(place)
    return fingerprint(path) if path.is_dir() else hashlib.sha256(f"hub:{place}".encode()).hexdigest()


def _setup(opened: Opened, dataset: Dataset, encoder: Encoder, decoding: Decoding) -> Setup:
    place = opened.adapter or opened.base
    return Setup(
        model=str(place),
        model_sha256=model_sha256(place),
        data_sha256=dataset.sha256,
        split=dataset.split or "",
        verdict=dataset.verdict,
        template_sha256=hashlib.sha256(encoder.template.encode()).hexdigest(),
        precision=opened.precision.asked,
        max_length=encoder.max_length,
        max_new_tokens=decoding.max_new_tokens,
        decoding=decoding.name,
        seed=decoding.seed,
    )


def _batches(rows: Sequence[Row], size: int) -> Iterator[Sequence[Row]]:
    """Rows of like length together, the longest first: what does not fit the memory fails at once."""
    ordered = sorted(rows, key=lambda row: (-len(row.prompt), row.example.key))
    for first in range(0, len(ordered), size):
        yield ordered[first : first + size]


def _ask(opened: Opened, encoder: Encoder, batch: Sequence[Row], decoding: Decoding) -> list[Answered]:
    from curate_train.evaluate_answers import answers, likelihoods  # noqa: PLC0415 (loads torch)

    said = answers(opened.model, opened.tokenizer, [row.prompt for row in batch], encoder.stop_ids, decoding)
    likely = likelihoods(opened.model, [row.encoded for row in batch], encoder.pad_id)
    return [
        Answered(
            key=row.example.key,
            group=row.example.group or row.example.key,
            facets=row.example.facets,
            where=row.example.where,
            prompt=tuple((turn.role, turn.content) for turn in encoder.prompt_turns(row.example)),
            reference=row.example.answer.strip(),
            answer=one.text,
            is_stopped=one.is_stopped,
            generated=one.tokens,
            nll=how.nll,
            tokens=how.tokens,
        )
        for row, one, how in zip(batch, said, likely, strict=True)
    ]
