"""Verifying a run: input, ledger, output and report are held against each other and against a head kept elsewhere.

Who forges a run must change its lock file, and with it the head: the hash of this file, which holds the hashes of the
ledger and of all that the run wrote beside it. Only a head that is kept where the forger cannot reach it (a git tag, a
release note, a mail) shows a forgery that is consistent in itself.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from curate.core.chain import LEDGER, breaks, head_of, read_chain, replayed
from curate.core.errors import CurateError, UnreadableError
from curate.core.lock_file import NAME, read_lock, rows_digest, stale
from curate.engines.resuming import file_hash
from curate.engines.undoing_chain import sha256, walk_back
from curate.engines.undoing_tables import read_table, rows_before
from curate.formats.sources import Source
from curate.formats.stream import blocks

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from curate.core.ledger import Ledger
    from curate.core.lock_file import Lock


@dataclass
class Verified:
    """What was found.

    Attributes:
        head: the hash of the lock file as it is now; of the ledger where there is none.
        faults: what does not fit, in words; empty if all does.
        steps: of the chain.
        outputs: files of data that gave back their input.
        inputs: inputs that were at hand, and are what these gave back.
        absent: names of inputs that were not at hand.
    """

    head: str
    faults: list[str] = field(default_factory=list)
    steps: tuple[str, ...] = ()
    outputs: int = 0
    inputs: int = 0
    absent: tuple[str, ...] = ()


def verify(folder: str | Path, head: str | None = None) -> Verified:
    """Recompute all that can be, and say what differs.

    Args:
        folder: that a run wrote.
        head: kept elsewhere; the first 16 digits are enough.

    Raises:
        UnreadableError: there is no ledger.
    """
    root = Path(folder)
    book = root / LEDGER
    if root.is_file():
        inside = root.name == LEDGER and (root.parent / NAME).is_file()
        raise UnreadableError(
            "is a file, and no folder that curate run wrote",
            where=str(folder),
            hint=f"name the folder: {root.parent}"
            if inside
            else "a ledger alone is held against its input and output by curate replay and curate undo",
        )
    if not book.is_file():
        raise UnreadableError(
            "holds no ledger of a run", where=str(folder), hint=f"name a folder with {LEDGER}"
        )
    locked = root / NAME
    done = Verified(head_of(locked if locked.is_file() else book))
    if head is not None and not (len(head) >= SHORTEST and done.head.startswith(head.lower())):
        done.faults.append(f"the run is not the one whose head was kept: {head}")
    try:
        chain = read_chain(book)
        done.steps = tuple(one.header.step for one in chain)
        lock = read_lock(root)
        done.faults += [*_of_lock(lock, chain, head_of(book)), *_of_chain(chain), *_of_files(root, chain[-1])]
        _walk(root, chain, done)
    except CurateError as error:
        done.faults.append(str(error).replace("\n", ";"))
    done.faults = list(dict.fromkeys(done.faults))
    return done


SHORTEST = 16
"""Digits of a head that are enough to know it by."""


def _of_lock(lock: Lock, chain: Sequence[Ledger], head: str) -> Iterator[str]:
    """The lock file against the disk, the ledger and its own rows."""
    if lock.head != head:
        yield "the lock file is of another ledger"
    yield from stale(lock)
    told = chain[-1].header.plan
    if rows_digest(lock.rows) != told.get("rows_sha256"):
        yield "the rows of the lock file are not those of the run"
    if (lock.status, lock.exit_code) != (told.get("status"), told.get("exit_code")):
        yield "the verdict in the lock file is not that of the run"
    counted = _counted(chain)
    wrong = [name for name, count in counted.items() if lock.fields["totals"].get(name) != count]
    if wrong:
        yield f"totals of the lock file are not those of the ledger: {', '.join(wrong)}"
    marks = {(one.name, one.sha256) for one in lock.outputs}
    listed = {one for one in _listed(chain[-1]) if one[0] != lock.path.name}
    known = {name for name, _ in listed} | {LEDGER}
    wrong = sorted({name for name, _ in listed - marks} | {name for name, _ in marks if name not in known})
    if wrong:
        yield f"outputs of the lock file are not those of the run: {', '.join(wrong)}"


def _listed(last: Ledger) -> list[tuple[str, str]]:
    """The files that the end of the chain names, with their hashes."""
    files = last.header.plan.get("files")
    return [(str(name), str(digest)) for name, digest in files.items()] if isinstance(files, dict) else []


def _counted(chain: Sequence[Ledger]) -> dict[str, int]:
    """The account of the run by the entries of its ledger."""
    actions = Counter(entry.action for ledger in chain for entry in ledger.entries())
    first, last = chain[0].totals(), chain[-1].totals()
    return {
        "in": first.in_,
        "kept": last.kept,
        "dropped": actions["drop"],
        "quarantined": actions["quarantine"],
    }


def _of_chain(chain: Sequence[Ledger]) -> Iterator[str]:
    """The chain in itself: what a step reads is what the one before it wrote, and its totals are its entries."""
    if chain[-1].header.step != "check":
        yield "the ledger does not end with a check"
    yield from breaks(chain)
    left = chain[0].totals().in_
    for ledger in chain:
        actions = Counter(entry.action for entry in ledger.entries())
        totals, step = ledger.totals(), ledger.header.step
        if totals.in_ != totals.kept + totals.dropped + totals.quarantined or totals.in_ != left:
            yield f"rows of {step} do not add up"
        if totals.dropped != actions["drop"]:
            yield f"{step} says that it dropped {totals.dropped:,} rows, and holds {actions['drop']:,}"
        left = totals.in_ - actions["drop"] - actions["quarantine"]


def _of_files(root: Path, last: Ledger) -> Iterator[str]:
    """What the run wrote against the hashes at the end of the chain."""
    listed = _listed(last)
    if not listed:
        yield "the ledger does not say what the run wrote"
    for name, digest in listed:
        path = root / name
        if not path.is_file():
            yield f"{name} is missing"
        elif file_hash(path).sha256 != digest:
            yield f"{name} was changed since the run"


def _walk(root: Path, chain: tuple[Ledger, ...], done: Verified) -> None:
    """From each output back to its input, and forwards again."""
    absent = []
    for at, mark in enumerate(chain[0].header.inputs):
        output = chain[-1].header.outputs[at].name
        try:
            seen = _back_and_forth(Source(output, root / output), chain, at)
        except CurateError as error:
            done.faults.append(f"{output}: {error!s}".replace("\n", ";"))
            continue
        done.outputs += 1
        if seen is None:
            absent.append(mark.name)
        elif seen:
            done.inputs += 1
        else:
            done.faults.append(f"the input {mark.name} is not what the run read")
    done.absent = tuple(absent)


def _back_and_forth(output: Source, chain: tuple[Ledger, ...], at: int) -> bool | None:
    """Whether the input is what the output gives back; None if it is not at hand."""
    name = chain[0].header.inputs[at].name
    path = Path(name)
    if output.is_table:
        rows = rows_before(chain, output, at)
        return read_table(Source(name, path)).equals(rows) if path.exists() else None
    data = b"".join(blocks(output))
    walk = walk_back(chain, data, output.name, at)
    again = walk.states[0]
    for ledger, file in zip(chain, walk.files, strict=True):
        again = replayed(ledger, again, file)
    if again != data:
        raise UnreadableError("the ledger does not give the output", where=output.name)
    if not path.is_file():
        return None
    return sha256(b"".join(blocks(Source(name, path)))) == chain[0].header.inputs[at].sha256
