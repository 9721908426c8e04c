"""What looks on while the Trainer trains: tells of progress, stops a run whose numbers ran away.

Imports transformers, so it is imported by the functions that train.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from transformers import TrainerCallback

from curate_train.advice import refuse_runaway
from curate_train.progress import Standing

if TYPE_CHECKING:
    from collections.abc import Mapping

    from transformers import TrainerControl, TrainerState, TrainingArguments

    from curate_train.progress import Progress
    from curate_train.recipe import Recipe


class Watcher(TrainerCallback):
    """Counts time and tokens over the steps alone.

    Attributes:
        seconds: of all steps so far; evaluations, checkpoints and loading do not count.
        steps: that took them; of a resumed run only those since.
    """

    def __init__(self, recipe: Recipe, tokens_per_epoch: int, progress: Progress | None) -> None:
        self._recipe = recipe
        self._tokens_per_epoch = tokens_per_epoch
        self._progress = progress
        self._began = 0.0
        self._since: float | None = None
        self._loss: float | None = None
        self._held_out: float | None = None
        self.seconds = 0.0
        self.steps = 0
        self.tokens = 0.0

    def on_step_begin(
        self,
        args: TrainingArguments,  # noqa: ARG002 (the callback's signature)
        state: TrainerState,
        control: TrainerControl,  # noqa: ARG002 (the same)
        **_: Any,  # noqa: ANN401 (the callback's signature)
    ) -> None:
        """The clock starts."""
        self._began = time.perf_counter()
        if self._since is None:
            self._since = state.epoch or 0.0

    def on_step_end(
        self,
        args: TrainingArguments,  # noqa: ARG002 (the callback's signature)
        state: TrainerState,
        control: TrainerControl,
        **_: Any,  # noqa: ANN401 (the callback's signature)
    ) -> None:
        """The clock stops; what is about to be saved is looked at first, lest a broken run be resumed."""
        self.seconds += time.perf_counter() - self._began
        self.steps += 1
        self.tokens = ((state.epoch or 0.0) - (self._since or 0.0)) * self._tokens_per_epoch
        control.should_log |= control.should_save
        if self._progress:
            left = (state.max_steps - state.global_step) * self.seconds / self.steps
            self._progress(
                Standing(state.global_step, state.max_steps, self._loss, self._held_out, self.rate, left)
            )

    @property
    def rate(self) -> float:
        """Tokens a second."""
        return self.tokens / self.seconds if self.seconds else 0.0

    def on_log(
        self,
        args: TrainingArguments,  # noqa: ARG002 (the callback's signature)
        state: TrainerState,
        control: TrainerControl,  # noqa: ARG002 (the same)
        logs: Mapping[str, float] | None = None,
        **_: Any,  # noqa: ANN401 (the same)
    ) -> None:
        """Look at the loss and at the gradient."""
        logs = logs or {}
        for name in ("loss", "grad_norm", "eval_loss"):
            if name in logs and not (name == "grad_norm" and self._recipe.precision == "fp16"):
                refuse_runaway(self._recipe, state.global_step, name.replace("_", " "), float(logs[name]))
        self._loss = logs.get("loss", self._loss)
        self._held_out = logs.get("eval_loss", self._held_out)
