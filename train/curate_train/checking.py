"""The training view of every row: what is learned, what does not fit, and what a trainer that cuts would lose."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from curate_train.encode import TOO_LONG, Rejected

if TYPE_CHECKING:
    from collections.abc import Callable

    from curate_train.encode import Encoded, Encoder
    from curate_train.examples import Dataset, Example

LENGTHS = (512, 1024, 2048, 4096, 8192, 16_384, 32_768)
"""Values of ``max_length`` for which losses are told."""

VERIFIED = 500
"""Rows, spread over the data, whose mask is decoded and compared with their answers."""

MOST_TOLD = 20
"""Rows that are left out and told of one by one."""


class Shown(NamedTuple):
    """A row for the eye: its pieces in order, each with whether it is learned."""

    where: str
    tokens: int
    pieces: tuple[tuple[str, bool], ...]


@dataclass
class Loss:
    """What a value of ``max_length`` costs.

    Attributes:
        max_length: tokens.
        rows: that are longer.
        beheaded: of these, rows in which a trainer that cuts leaves no answer token at all.
        cut: answers that it would cut, so that the model learns to break off.
        tokens: answer tokens that it would drop.
    """

    max_length: int
    rows: int = 0
    beheaded: int = 0
    cut: int = 0
    tokens: int = 0


@dataclass
class View:
    """What training would see of a dataset.

    Attributes:
        rows: in the data, those that make no example included.
        lengths: tokens of each row that is trained on.
        learned: answer tokens of these rows.
        longest: tokens of the longest row that can be encoded.
        reasons: rows that are left out, by reason.
        rejected: the first of them.
        losses: by ``max_length``, the recipe's own among them.
        answers: answer tokens of all rows that can be encoded.
        verified: rows whose mask was decoded and compared with their answers.
        off_prompt: rows with an answer behind something else than what the model gets when it is asked.
        stops: tokens that end an answer.
        shown: rows for the eye.
    """

    rows: int
    lengths: list[int] = field(default_factory=list)
    learned: int = 0
    longest: int = 0
    reasons: Counter[str] = field(default_factory=Counter)
    rejected: list[Rejected] = field(default_factory=list)
    losses: list[Loss] = field(default_factory=list)
    answers: int = 0
    verified: int = 0
    off_prompt: int = 0
    stops: tuple[str, ...] = ()
    shown: list[Shown] = field(default_factory=list)

    @property
    def kept(self) -> int:
        """Rows that are trained on."""
        return len(self.lengths)

    def reject(self, one: Rejected) -> None:
        """Count a row that is left out."""
        self.reasons[one.reason] += 1
        if len(self.rejected) < MOST_TOLD:
            self.rejected.append(one)


def look(
    dataset: Dataset, encoder: Encoder, *, show: int = 0, progress: Callable[[int, int], None] | None = None
) -> View:
    """Encode every row and account for it.

    Args:
        dataset: the rows.
        encoder: of the recipe's model.
        show: how many rows to render for the eye, spread over the data.
        progress: told how many rows of how many are done.
    """
    examples = dataset.examples
    view = View(rows=len(examples) + len(dataset.unusable))
    for unusable in dataset.unusable:
        view.reject(Rejected(unusable.where, unusable.reason, 0))
    lengths = sorted({*LENGTHS, encoder.max_length})
    view.losses = [Loss(length) for length in lengths]
    chosen = _spread(len(examples), show)
    tested = _spread(len(examples), VERIFIED)
    for number, (example, one) in enumerate(zip(examples, encoder.encode_whole(examples), strict=True)):
        if isinstance(one, Rejected):
            view.reject(one)
            continue
        _count(view, one, example, encoder)
        if number in tested:
            _verify(view, one, example, encoder)
        if number in chosen:
            view.shown.append(_shown(one, example, encoder))
        if progress is not None and number % 1024 == 0:
            progress(number, len(examples))
    view.losses = [loss for loss in view.losses if loss.rows or loss.max_length == encoder.max_length]
    view.stops = tuple(str(encoder.tokenizer.convert_ids_to_tokens(one)) for one in encoder.stop_ids)
    return view


def _count(view: View, one: Encoded, example: Example, encoder: Encoder) -> None:
    size = len(one.ids)
    learned = sum(one.trained)
    view.answers += learned
    view.longest = max(view.longest, size)
    if size > encoder.max_length:
        view.reject(Rejected(example.where, TOO_LONG, size))
    else:
        view.lengths.append(size)
        view.learned += learned
    for loss in view.losses:
        if size <= loss.max_length:
            break
        left = sum(one.trained[: loss.max_length])
        loss.rows += 1
        loss.beheaded += left == 0
        loss.cut += left < learned
        loss.tokens += learned - left


def _verify(view: View, one: Encoded, example: Example, encoder: Encoder) -> None:
    """Decode what is learned, and hold it against the answers as they stand in the data.

    Raises:
        AssertionError: something else would be learned: a mistake of ours.
    """
    shown = encoder.render(example)
    view.off_prompt += not shown.follows
    said = encoder.tokenizer.decode(
        [token for token, learns in zip(one.ids, one.trained, strict=True) if learns]
    )
    meant = "".join(shown.text[start:end] for start, end in shown.spans)
    if _bare(said) != _bare(meant):
        raise AssertionError(f"{example.where}: the mask does not hold what is meant to be learned")
    view.verified += 1


def _bare(text: str) -> str:
    """Without white space, which decoders of some tokenizers drop at the beginning of a piece."""
    return "".join(text.split())


def _shown(one: Encoded, example: Example, encoder: Encoder) -> Shown:
    """The row's tokens, decoded in runs of learned and other ones."""
    pieces: list[tuple[str, bool]] = []
    run: list[int] = []
    for number, token in enumerate(one.ids):
        run.append(token)
        if number + 1 == len(one.ids) or one.trained[number + 1] != one.trained[number]:
            pieces.append((encoder.tokenizer.decode(run), one.trained[number]))
            run = []
    return Shown(example.where, len(one.ids), tuple(pieces))


def _spread(size: int, wanted: int) -> set[int]:
    """So many numbers below ``size``, the first and the last among them."""
    if wanted < 1 or not size:
        return set()
    if wanted >= size:
        return set(range(size))
    return {round(number * (size - 1) / max(wanted - 1, 1)) for number in range(wanted)}
