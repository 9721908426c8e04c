"""Replaying: the output of steps from their input and ledger alone; no check, engine or model is asked again."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from curate.core.chain import read_chain, replayed
from curate.core.errors import UnreadableError, UsageError
from curate.engines.dropping import targets_of
from curate.engines.undoing_chain import sha256
from curate.engines.undoing_tables import rows_after
from curate.formats.keep import table_identity
from curate.formats.keep_output import (
    Stage,
    make_folders,
    open_output,
    refuse_one_file,
    refuse_outputs,
)
from curate.formats.sources import discover
from curate.formats.stream import blocks
from curate.formats.table_metadata import table_metadata

if TYPE_CHECKING:
    from collections.abc import Sequence

    from curate.core.ledger import Ledger
    from curate.formats.sources import Source


@dataclass(frozen=True)
class Replayed:
    """What was made again.

    Attributes:
        steps: in their order.
        outputs: for each input, the file and the hash of its bytes, decompressed; empty for a table, whose rows are
            equal, though not its bytes.
    """

    steps: tuple[str, ...]
    outputs: tuple[tuple[Path, str], ...]


def replay(ledger: str | Path, *inputs: object, out: str | Path, force: bool = False) -> Replayed:
    """Write what steps wrote again, byte for byte for text.

    Args:
        ledger: of one step or of a chain.
        *inputs: what the first step read, or some of it.
        out: the file to write; a folder if there are several inputs, in which they keep their names.
        force: overwrite files, though never an input or the ledger.

    Raises:
        UsageError: an output would destroy something.
        UnreadableError: the ledger was not made from an input, or does not give its output.
    """
    chain = read_chain(Path(ledger))
    found = discover(inputs)
    root = Path(out)
    is_folder = len(found.sources) > 1
    refuse_one_file(root, found.sources, is_folder=root.is_dir())
    targets = targets_of(found.sources, root, is_folder=is_folder)
    refuse_outputs(
        targets,
        [*found.sources, *discover([ledger]).sources],
        force=force,
        below=root if is_folder else None,
    )
    make_folders(targets)
    with Stage() as stage:
        made = [
            (target, _written(chain, source, stage.place(target)))
            for source, target in zip(found.sources, targets, strict=True)
        ]
    return Replayed(tuple(one.header.step for one in chain), tuple(made))


def _written(chain: Sequence[Ledger], source: Source, place: Path) -> str:
    if source.is_table:
        frame = rows_after(chain, source, input_at(chain, source))
        frame.write_parquet(place, metadata=table_metadata(source.path, frame.schema))
        return ""
    data = b"".join(blocks(source))
    at = input_at(chain, source, data)
    for ledger in chain:
        data = replayed(ledger, data, at)
    with open_output(place) as stream:
        stream.write(data)
    return sha256(data)


def input_at(chain: Sequence[Ledger], source: Source, data: bytes = b"") -> int:
    """Which of the inputs of the first step a source is, by its bytes.

    Raises:
        UnreadableError: it is none.
        UsageError: it is a data frame, which has no bytes.
    """
    if source.path is None:
        raise UsageError("a data frame has no bytes to know it by", hint="name the file")
    digest = table_identity(source.path)[0] if source.is_table else sha256(data)
    marks = chain[0].header.inputs
    fits = [at for at, mark in enumerate(marks) if mark.sha256 == digest]
    named = [at for at in fits if marks[at].name == source.name]
    if not fits:
        raise UnreadableError(f"was not made from this input: {source.name}", where=str(chain[0].path))
    return (named or fits)[0]
