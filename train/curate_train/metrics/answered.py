"""One held-out row with what a model made of it: a line of ``predictions.jsonl``."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True)
class Answered:
    """An answer beside its reference.

    Attributes:
        key: the row's key, as in ledgers and lock files.
        group: rows of the same group are near to each other and count as one observation.
        facets: what the row is sorted by, such as its source.
        where: file and line.
        prompt: the turns before the answer, as (role, text).
        reference: the answer of the data.
        answer: the answer of the model.
        is_stopped: whether the model ended its answer by itself, before the limit of new tokens.
        generated: tokens of the answer.
        nll: sum over all trained tokens of the row of their negative log-likelihood, in nats.
        tokens: how many tokens that are; 0 if the row does not fit the recipe's length.
    """

    key: str
    group: str
    facets: Mapping[str, str]
    where: str
    prompt: tuple[tuple[str, str], ...]
    reference: str
    answer: str
    is_stopped: bool
    generated: int
    nll: float
    tokens: int

    @property
    def ask(self) -> str:
        """The last thing that was said to the model."""
        return self.prompt[-1][1] if self.prompt else ""

    def as_json(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return asdict(self)

    @classmethod
    def from_json(cls, said: dict[str, Any]) -> Answered:
        """The inverse of :meth:`as_json`."""
        return cls(**{**said, "prompt": tuple((role, text) for role, text in said["prompt"])})
