"""How far a training is, with tokens a second and the time that is left, on stderr."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

EVERY = 30.0
"""Seconds between lines where stderr is no terminal."""

MINUTE = 60


@dataclass(frozen=True)
class Standing:
    """After a step of the optimiser.

    Attributes:
        step: how many were made.
        steps: how many will be made.
        loss: of the last logged steps: mean negative log-likelihood of an answer token, in nats; None before the first.
        held_out: the same on the held-out part at the last evaluation; None without one.
        rate: tokens a second, those of prompts included and padding left out; evaluations do not count as time.
        left: seconds, at that rate.
    """

    step: int
    steps: int
    loss: float | None
    held_out: float | None
    rate: float
    left: float

    def __str__(self) -> str:
        parts = [f"step {self.step}/{self.steps}"]
        if self.loss is not None:
            parts.append(f"loss {self.loss:.3f}")
        if self.held_out is not None:
            parts.append(f"held out {self.held_out:.3f}")
        return " · ".join((*parts, f"{self.rate:,.0f} tokens/s", f"{minutes(self.left)} left"))


Progress = Callable[[Standing], None]


def minutes(seconds: float) -> str:
    """A time for people: ``40 s``, ``12 min``, ``3 h 20 min``."""
    if seconds < MINUTE:
        return f"{seconds:.0f} s"
    whole = round(seconds / MINUTE)
    return f"{whole} min" if whole < MINUTE else f"{whole // MINUTE} h {whole % MINUTE} min"


@contextmanager
def progress(*, quiet: bool) -> Iterator[Progress | None]:
    """A bar on a terminal, a line now and then elsewhere, nothing if quiet."""
    if quiet:
        yield None
    elif sys.stderr.isatty():
        from rich.console import Console  # noqa: PLC0415 (only for a terminal)
        from rich.progress import BarColumn, TextColumn  # noqa: PLC0415 (the same)
        from rich.progress import Progress as Bar  # noqa: PLC0415 (the same)

        columns = (TextColumn("training"), BarColumn(), TextColumn("{task.description}"))
        with Bar(*columns, console=Console(stderr=True), transient=True) as bar:
            task = bar.add_task("loading", total=None)
            yield lambda now: bar.update(task, total=now.steps, completed=now.step, description=str(now))
    else:
        yield _Lines()


class _Lines:
    """The first step, the last one, and one every half minute."""

    def __init__(self) -> None:
        self._last = -EVERY

    def __call__(self, now: Standing) -> None:
        if time.monotonic() - self._last >= EVERY or now.step == now.steps:
            self._last = time.monotonic()
            print(now, file=sys.stderr, flush=True)  # noqa: T201 (progress)
