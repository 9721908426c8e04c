"""Held-out rows must be new to the model: none of them may stand in the training data, or be asked there."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING

from curate.core.errors import CurateError, UsageError
from curate_train.metrics.words import words

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from curate_train.examples import Dataset, Example

MOST_NAMED = 5
HINT = "take them out: curate decontaminate, or curate split before any cleaning"


def refuse_overlap(held_out: Dataset, training: Iterable[Dataset]) -> None:
    """By key, by the words of the prompt, and by the same ask as ``curate leaks`` sees it.

    Raises:
        UsageError: rows are in both; some of them are named.
    """
    datasets = list(training)
    known = {row.key for data in datasets for row in data.examples}
    asked = {_ask(row) for data in datasets for row in data.examples} - {()}
    shared = [row.where for row in held_out.examples if row.key in known or _ask(row) in asked]
    if shared:
        raise _refusal(len(shared), shared)
    for data in datasets:
        leaked = leaks([one.path for one in data.files], [one.path for one in held_out.files])
        if leaked:
            raise _refusal(len(leaked), leaked)


def _ask(row: Example) -> tuple[str, ...]:
    """The words of all that is said before the first trained answer."""
    before = []
    for turn in row.turns:
        if turn.trained:
            break
        before += words(turn.content)
    return tuple(before)


def leaks(training: Sequence[Path], held_out: Sequence[Path]) -> list[str]:
    """Places of held-out rows that are the same, or ask the same, as a training row: ``curate leaks``.

    The command is asked as a user would ask it, in a process of its own: training imports no engine of curate.

    Raises:
        CurateError: it could not compare them.
    """
    found = []
    for file in training:
        for other in held_out:
            code = "import sys; from curate.cli.main import main; main(sys.argv[1:])"
            command = [sys.executable, "-c", code, "leaks", str(file), str(other), "--json", "--explain", "0"]
            done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 (our own command)
            if done.returncode not in (0, 1):
                raise CurateError(
                    "held-out and training data cannot be compared", hint=done.stderr.strip()[:500]
                )
            said = json.loads(done.stdout)
            kinds = {"same row", "same ask"}
            found += [
                f"{leak['file']}:{leak['line'] or leak['row']}"
                for two in said["between"]
                for leak in two["leaks"]
                if leak["kind"] in kinds
            ]
    return found


def _refusal(count: int, places: Sequence[str]) -> UsageError:
    named = ", ".join(places[:MOST_NAMED]) + (", …" if len(places) > MOST_NAMED else "")
    return UsageError(f"{count:,} held-out rows are in the training data: {named}", hint=HINT)
