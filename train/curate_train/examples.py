"""The rows that are trained and measured on, whatever their layout, with what the gate said of them."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from curate.core.errors import UsageError
from curate_train.files import sha256_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from curate.core.batch import Batch
    from curate_train.lock import Gate

KINDS = {
    "call": "holds a call of a tool, which no plain text stands for",
    "media": "holds an image or sound",
    "object": "holds a value that is no text",
}
"""Kinds of turns that cannot be rendered, and what is said of them."""

BLANK_LINE = "\n\n"
"""Between columns or fields that make one turn together, such as Alpaca's instruction and input."""

_PIECE = re.compile(r"/\d+/[^/]+$")
"""Where a piece of a message's content stands; such pieces follow each other as they are."""


@dataclass(frozen=True)
class Turn:
    """What one side says.

    Attributes:
        role: ``system``, ``user``, ``assistant`` or ``tool``.
        content: as it stands in the data.
        trained: whether the model learns to say it.
    """

    role: str
    content: str
    trained: bool


@dataclass(frozen=True)
class Example:
    """A row.

    Attributes:
        key: of its content, as in ledgers and in the lock file.
        turns: in order.
        group: rows of one group are near to each other: what is drawn anew for an interval is groups, not rows.
        facets: values of the fields that the plan named in ``by``.
        where: ``file:line``.
    """

    key: str
    turns: tuple[Turn, ...]
    group: str = ""
    facets: Mapping[str, str] = field(default_factory=dict)
    where: str = ""

    @property
    def answer(self) -> str:
        """The last text of the assistant; nothing if there is none."""
        return next((turn.content for turn in reversed(self.turns) if turn.role == "assistant"), "")


class Unusable(NamedTuple):
    """A row that makes no example: where it stands, and why."""

    where: str
    reason: str


class DataFile(NamedTuple):
    """A file that was read, and its hash."""

    path: Path
    sha256: str


@dataclass(frozen=True)
class Dataset:
    """Examples, and what is known of them.

    Attributes:
        examples: in the order of the files and their rows.
        sha256: of what the examples say, in order; it does not depend on layouts or on names of files.
        verdict: ``fit``, ``unfit`` or ``nothing``, as the gate said; ``stale`` where files are not as it saw them,
            ``missing`` where no lock file speaks of them.
        files: what was read.
        lock: the lock file, if there is one.
        forced: whether the verdict was not ``fit`` and the data is used all the same.
        split: the name of the split; None for all rows.
        splits: names of all splits of the run.
        unusable: rows that make no example.
        why: what speaks against the data, if it is forced.
    """

    examples: tuple[Example, ...]
    sha256: str
    verdict: str
    files: tuple[DataFile, ...]
    lock: Path | None = None
    forced: bool = False
    split: str | None = None
    splits: tuple[str, ...] = ()
    unusable: tuple[Unusable, ...] = ()
    why: str = ""


def read_dataset(
    inputs: str | Path | Sequence[str | Path], *, split: str | None = None, force: bool = False
) -> Dataset:
    """Read a run's folder, or files of any layout.

    Args:
        inputs: the folder that ``curate run`` wrote, or files; a lock file is looked for beside them.
        split: take only the rows of this split; the lock file says which they are.
        force: go on without a verdict that lets these files through.

    Raises:
        UsageError: the verdict is missing, failed or stale; or there is no such split, or it is empty.
        UnreadableError: an input cannot be read.
    """
    from curate_train.lock import gate_of  # noqa: PLC0415 (loads curate.formats)

    paths = [Path(one) for one in ([inputs] if isinstance(inputs, str | Path) else inputs)]
    gate = gate_of(paths)
    if not force:
        gate.refuse()
    told = _Reading(gate, split)
    examples = tuple(told.examples())
    if split is not None and not examples:
        raise UsageError(
            f"the split '{split}' has no rows", where=str(paths[0]), hint="splits: " + ", ".join(gate.splits)
        )
    return Dataset(
        examples=examples,
        sha256=digest_of(examples),
        verdict=gate.verdict,
        files=tuple(DataFile(path, _sha256(path)) for path in gate.files),
        lock=gate.lock,
        forced=gate.verdict != "fit",
        split=split,
        splits=gate.splits,
        unusable=tuple(told.unusable),
        why=gate.why,
    )


def digest_of(examples: Sequence[Example]) -> str:
    """SHA-256 of keys, roles, texts and what is trained on, in order."""
    digest = hashlib.sha256()
    for one in examples:
        digest.update(f"\x1e{one.key}".encode())
        for turn in one.turns:
            digest.update(
                f"\x1f{turn.role}\x1f{int(turn.trained)}\x1f{turn.content}".encode("utf-8", "surrogatepass")
            )
    return digest.hexdigest()


class _Reading:
    """From files to examples; what makes none is remembered."""

    def __init__(self, gate: Gate, split: str | None) -> None:
        self._gate = gate
        self._split = split
        self._seen: Counter[int] = Counter()
        self.unusable: list[Unusable] = []
        if split is not None and gate.splits and split not in gate.splits:
            raise UsageError(f"there is no split '{split}'", hint="splits: " + ", ".join(gate.splits))
        if split is not None and not gate.splits:
            hint = "let the run deal them: curate run … --split 90/5/5"
            raise UsageError(f"nothing says which rows are of the split '{split}'", hint=hint)

    def examples(self) -> Iterator[Example]:
        """All of the split."""
        from curate.formats.parse import parse_chunk  # noqa: PLC0415 (loads polars)
        from curate.formats.read import open_sources  # noqa: PLC0415 (the same)
        from curate.formats.sources import discover  # noqa: PLC0415 (the same)

        sources = discover([str(path) for path in self._gate.files]).sources
        for opened in open_sources(sources, self._gate.encoding, self._gate.mapping):
            before = 0
            for chunk in opened.chunks():
                parsed = parse_chunk(chunk)
                for line, reason in parsed.quarantine.select("line", "reason").iter_rows():
                    self.unusable.append(
                        Unusable(f"{opened.source.name}:{line}", f"cannot be read: {reason}")
                    )
                yield from self._of_batch(parsed.batch, opened.source.name, before)
                before += parsed.records

    def _of_batch(self, batch: Batch, name: str, before: int) -> Iterator[Example]:
        turns = batch.turns.select("row", "turn", "role", "part", "kind", "text", "trained", "at").iter_rows()
        line = next(turns, None)
        for row, content, number in batch.rows.select("row", "hash", "line").iter_rows():
            mine = []
            while line is not None and line[0] == row:
                mine.append(_Line(*line[1:]))
                line = next(turns, None)
            self._seen[content] += 1
            key = f"{content:016x}" if self._seen[content] == 1 else f"{content:016x}.{self._seen[content]}"
            marks = self._gate.marks_of(key)
            if self._split is not None and marks.split != self._split:
                continue
            where = f"{name}:{before + row + 1 if number is None else number}"
            turned, reason = _turns_of(mine)
            if reason:
                self.unusable.append(Unusable(where, reason))
            else:
                yield Example(key, turned, marks.group or key, marks.facets, where)


class _Line(NamedTuple):
    """A line of the ``turns`` frame."""

    turn: int
    role: str
    part: str
    kind: str
    text: str
    trained: bool | None
    at: str


def _turns_of(lines: Sequence[_Line]) -> tuple[tuple[Turn, ...], str]:
    """The turns of a row, or why it has none that a model could learn from."""
    kept: list[Turn] = []
    last = None
    for line in lines:
        if line.part == "rejected":
            continue
        if line.kind in KINDS:
            return (), KINDS[line.kind]
        if line.role == "unknown":
            return (), "has a turn whose role is unknown"
        if line.kind in ("null", "missing") and line.role == "system":
            continue
        if line.turn == last:
            joiner = "" if _PIECE.search(line.at) else BLANK_LINE
            kept[-1] = Turn(kept[-1].role, kept[-1].content + joiner + line.text, kept[-1].trained)
        else:
            is_answer = line.role == "assistant" and line.part == "target" and line.trained is not False
            kept.append(Turn(line.role, line.text, is_answer))
        last = line.turn
    answers = [turn for turn in kept if turn.trained]
    if not answers:
        return (), "has no answer to learn"
    if not all(turn.content.strip() for turn in answers):
        return (), "has an empty answer"
    return tuple(kept), ""


def _sha256(path: Path) -> str:
    return sha256_of(path) if path.is_file() else ""
