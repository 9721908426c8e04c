"""Walking a chain of steps backwards: each gives back what it read, and what was edited by hand in between is named."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path
from typing import TYPE_CHECKING

from curate.core.chain import read_chain, replayed
from curate.core.errors import UnreadableError
from curate.core.ledger import restore
from curate.engines.undoing_files import ends_alike
from curate.formats.sources import Source
from curate.formats.stream import blocks
from curate.text.visible import visible_name

if TYPE_CHECKING:
    from collections.abc import Sequence

    from curate.core.ledger import Ledger


@dataclass(frozen=True)
class Walk:
    """A text file on its way back through the steps.

    Attributes:
        chain: the steps in their order.
        files: for each step, which of its files it is.
        states: the bytes before the first step, between the steps, and after the last.
    """

    chain: tuple[Ledger, ...]
    files: tuple[int, ...]
    states: tuple[bytes, ...]


def chain_of(ledgers: Sequence[str | Path]) -> tuple[Ledger, ...]:
    """The steps of several ledgers, given with the last first, in their order; each file may hold a chain.

    Raises:
        UnreadableError: one is none, or is damaged.
    """
    return tuple(one for path in reversed(ledgers) for one in read_chain(Path(path)))


def sha256(data: bytes) -> str:
    """In hexadecimal digits."""
    return hashlib.sha256(data).hexdigest()


def walk_back(chain: tuple[Ledger, ...], data: bytes, name: str, number: int | None = None) -> Walk:
    """Undo all steps for one file.

    Args:
        chain: in the order in which the steps were made.
        data: what the last one wrote, decompressed.
        name: of that file.
        number: of that file among those that the last step wrote; found by its bytes and its name if None.

    Raises:
        UnreadableError: it is not what the last step wrote, or a file was edited between two steps: nothing is undone.
    """
    states, files = [data], list[int]()
    for ledger in reversed(chain):
        at = which_output(ledger, sha256(states[0]), files[0] if files else number, name)
        if at is None:
            raise _by_hand(ledger, chain, states[0], name)
        states.insert(0, restore(ledger, states[0], at))
        files.insert(0, at)
        name = ledger.header.inputs[at].name
    return Walk(chain, tuple(files), tuple(states))


def which_output(ledger: Ledger, digest: str, number: int | None, name: str) -> int | None:
    """Which of a step's outputs has these bytes: of several, the one with the same number or the same name."""
    outputs = ledger.header.outputs
    fits = [at for at, mark in enumerate(outputs) if mark.sha256 == digest]
    named = [at for at in fits if ends_alike(name, outputs[at].name)]
    return number if number in fits else next(iter([*named, *fits]), None)


def _by_hand(ledger: Ledger, chain: tuple[Ledger, ...], data: bytes, name: str) -> UnreadableError:
    """The error that says where a file differs from what a step wrote."""
    step = ledger.header.step
    wanted = _wanted(chain[: chain.index(ledger) + 1], name)
    if wanted is None:
        unknown = "the first line that differs is found where the input of the steps is at hand"
        return UnreadableError(
            f"was not written with this output: {visible_name(name)} is not what {step} wrote",
            where=str(ledger.path),
            hint=f"it was edited since, or is another file; {unknown}",
        )
    line = first_difference(wanted, data)
    return UnreadableError(
        f"was not written with this output: {visible_name(name)}:{line} "
        f"is the first line that is not as {step} wrote it",
        where=str(ledger.path),
        hint="an edit by hand is in no ledger: undo it first, or give the file as the step wrote it",
    )


def _wanted(chain: Sequence[Ledger], name: str) -> bytes | None:
    """What the last of the steps wrote, made again from the input; None if that is not there, or was changed."""
    outputs = chain[-1].header.outputs
    names = [Path(mark.name).name for mark in outputs]
    at = names.index(Path(name).name) if Path(name).name in names else 0
    source = Path(chain[0].header.inputs[at].name)
    if not source.is_file():
        return None
    try:
        data = b"".join(blocks(Source(str(source), source)))
        for ledger in chain:
            data = replayed(ledger, data, at)
    except UnreadableError:
        return None
    return data


def first_difference(one: bytes, other: bytes) -> int:
    """The first line, from 1, in which two files differ."""
    pairs = zip_longest(one.splitlines(keepends=True), other.splitlines(keepends=True))
    return next((number for number, (here, there) in enumerate(pairs, 1) if here != there), 0)
