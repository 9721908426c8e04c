"""Repairing the rows of one chunk: findings offer, texts change, rows are read again, until nothing more is offered."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

import polars as pl

from curate.core.check import RowCheck
from curate.core.finding import FOUND
from curate.engines.guarding import guarded
from curate.engines.repairing_records import TextRecords, records_in
from curate.engines.repairing_texts import Change, apply, choose, compose, keeps_digits
from curate.engines.tasks import allowed
from curate.formats.parse import parse_chunk

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from curate.core.batch import Batch
    from curate.core.check import Check
    from curate.core.plan import Plan
    from curate.engines.repairing_bytes import Splice
    from curate.formats.chunk import Chunk
    from curate.formats.parse import Parsed

PASSES = 4
"""Most passes over a row: a repair may show what another check finds, or what an overlapping one had left."""

EMPTY = "the {} would be empty"
DIGITS = "its digits would change"
ENDLESS = "the repairs do not come to an end"
OTHERWISE = "the row would be read in another way"
NONE = "no repair is offered"

OFFERED = pl.Schema([*FOUND.items(), ("check", pl.String()), ("severity", pl.String())])


class Edit(NamedTuple):
    """A change of the text at a JSON pointer, and what stood there before."""

    at: str
    change: Change
    before: str


@dataclass(frozen=True)
class RowEdit:
    """A changed row.

    Attributes:
        row: number in the chunk, from 0.
        line: as in the batch.
        splice: what becomes of its bytes, as offsets in the decoded file; None in tables.
        edits: in the order of the row's texts.
    """

    row: int
    line: int | None
    splice: Splice | None
    edits: tuple[Edit, ...]


@dataclass(frozen=True)
class Sample:
    """An edit with the whole text around it, before any edit and after all."""

    row: int
    line: int | None
    edit: Edit
    text: str
    repaired: str
    start: int  # where what was put in begins in ``repaired``


@dataclass(frozen=True)
class Repaired:
    """What one chunk gives.

    Attributes:
        file: index of the file.
        size: bytes of the chunk.
        records: rows, and records that cannot be read or are left out.
        index: ``hash, new_hash, edited`` of each row in order; the hashes differ where it is edited.
        rows: the changed rows in order.
        columns: of tables, the new values by column, and the rows that they belong to.
        left: findings that are not repaired and the rows that they are in, by check and by the reason why.
        unread: line, number in the chunk and reason of records that cannot be read.
        samples: the first edits of each check.
        left_out: rows that the mapping leaves out.
    """

    file: int
    size: int
    records: int
    index: pl.DataFrame
    rows: tuple[RowEdit, ...]
    columns: Mapping[str, tuple[list[int], pl.Series]]
    left: Mapping[tuple[str, str], tuple[int, int]]
    unread: tuple[tuple[int, int, str], ...]
    samples: tuple[Sample, ...] = ()
    left_out: int = 0


def repair(
    chunk: Chunk, checks: tuple[Check, ...], plan: Plan, encodings: Sequence[str], samples: int = 0
) -> Repaired:
    """Repair what can be repaired in a chunk.

    Args:
        chunk: from a container's splitter.
        checks: whose repairs to make; only row checks offer any.
        plan: what checks pass over.
        encodings: of the files.
        samples: so many edits of each check are given with their texts.
    """
    parsed = parse_chunk(chunk, plan.metadata)
    work = _Repairing(
        chunk, parsed, tuple(c for c in checks if isinstance(c, RowCheck)), plan, encodings[chunk.file]
    )
    work.run()
    return work.result(samples)


@dataclass
class _Row:
    """A row under repair: its texts before any change, and the changes, both by pointer."""

    texts: dict[str, str] = field(default_factory=dict)
    changes: dict[str, list[Change]] = field(default_factory=dict)
    hash: int = 0

    def expected(self) -> Iterable[tuple[str, str]]:
        """The texts as they must be read again."""
        return ((at, apply(self.texts[at], changes)) for at, changes in self.changes.items())

    def checks(self) -> list[str]:
        """The checks whose repairs changed it, one for each of their findings."""
        together = [change for several in self.changes.values() for change in several]
        return [name for change in together for name in (change.check, *change.also)]


class _Repairing:
    """One chunk, from the first look at its rows to the last."""

    def __init__(
        self, chunk: Chunk, parsed: Parsed, checks: tuple[RowCheck, ...], plan: Plan, encoding: str
    ) -> None:
        self._chunk = chunk
        self._parsed = parsed
        self._checks = checks
        self._plan = plan
        self._records = records_in(chunk, parsed.batch.rows, encoding)
        self._rows: dict[int, _Row] = {}
        self._given_up: set[int] = set()
        self._left: dict[tuple[str, str], Counter[tuple[int, str]]] = {}

    def run(self) -> None:
        """Pass after pass over the rows that the last one changed."""
        batch = self._parsed.batch
        offers = self._offers(batch)
        self._note_the_rest(offers)
        for _ in range(PASSES):
            rows = self._take(offers, batch)
            if not rows:
                return
            batch = self._read_again(rows)
            offers = self._offers(batch)
        for row in sorted(self._take(offers, batch)):
            self._give_up(row, ENDLESS)

    def _offers(self, batch: Batch) -> pl.DataFrame:
        """All findings, with the name and the severity of their checks."""
        frames = [pl.DataFrame(schema=OFFERED)]
        for check in self._checks:
            hits = guarded(check, lambda c=check: c.examine(batch), batch.rows["row"])  # type: ignore[misc]
            if not hits.is_empty():
                named = allowed(check, hits, batch, self._plan)
                frames.append(
                    named.with_columns(check=pl.lit(check.name), severity=pl.lit(check.severity.value))
                )
        return pl.concat(frames)

    def _note_the_rest(self, findings: pl.DataFrame) -> None:
        rest = findings.filter(pl.col("fix").is_null()).group_by("row", "at", maintain_order=True)
        for row, at, checks in rest.agg("check").iter_rows():
            self._leave(row, at, NONE, checks)

    def _leave(self, row: int, at: str | None, reason: str, checks: Iterable[str]) -> None:
        """Count what is left in a text; what later passes leave there again is counted once."""
        for check, findings in Counter(checks).items():
            known = self._left.setdefault((check, reason), Counter())
            known[row, at or ""] = max(known[row, at or ""], findings)

    def _give_up(self, row: int, reason: str) -> None:
        """The row stays as it was."""
        self._leave(row, "", reason, self._rows.pop(row).checks())
        self._records.forget(row)
        self._given_up.add(row)

    # One pass.

    def _take(self, findings: pl.DataFrame, batch: Batch) -> list[int]:
        """Make the changes that findings offer; the rows that have new ones, in order."""
        texts = batch.texts.select("row", "at", "text", "part").unique(["row", "at"], keep="first")
        lines = findings.filter(pl.col("fix").is_not_null()).join(
            texts, on=["row", "at"], how="inner", maintain_order="left"
        )
        offered: dict[tuple[int, str], list[Change]] = {}
        known: dict[tuple[int, str], tuple[str, str]] = {}
        names = ("row", "at", "text", "part", "start", "end", "fix", "check", "severity", "message")
        for row, at, text, part, start, end, fix, check, severity, message in lines.select(names).iter_rows():
            whole = start is None or end is None
            change = Change(0 if whole else start, len(text) if whole else end, fix, check, severity, message)
            offered.setdefault((row, at), []).append(change)
            known[row, at] = (text, part)
        changed = {
            row for (row, at), several in offered.items() if self._change(row, at, *known[row, at], several)
        }
        return sorted(changed)

    def _change(self, row: int, at: str, text: str, part: str, offered: list[Change]) -> bool:
        """Change one text, if a repair of it stands."""
        if row in self._given_up:
            return False
        sound = [one for one in offered if keeps_digits(text, [one])]
        if len(sound) < len(offered):
            self._leave(row, at, DIGITS, (one.check for one in offered if one not in sound))
        chosen = choose(text, sound)
        if not chosen:
            return False
        if not apply(text, chosen).strip():
            reason = EMPTY.format("answer" if part == "target" else "text")
            self._leave(row, at, reason, (name for one in chosen for name in (one.check, *one.also)))
            return False
        known = self._rows.setdefault(row, _Row())
        original = known.texts.setdefault(at, text)
        known.changes[at] = compose(original, known.changes.get(at, []), chosen)
        return True

    def _read_again(self, rows: Sequence[int]) -> Batch:
        """The changed rows as they are read now; those that are not what was meant stay as they were."""
        made = []
        for row in rows:
            reason = self._records.change(row, self._rows[row].changes)
            if reason:
                self._give_up(row, reason)
            else:
                made.append(row)
        parsed = parse_chunk(self._records.chunk(made), self._plan.metadata)
        batch = _renumbered(parsed.batch, made)
        wrong = self._misread(batch, made)
        for row in wrong:
            self._give_up(row, OTHERWISE)
        for row, content in batch.rows.select("row", "hash").iter_rows():
            if row in self._rows:
                self._rows[row].hash = content
        return _without(batch, wrong)

    def _misread(self, batch: Batch, rows: Sequence[int]) -> list[int]:
        """The lock: of ``rows``, those that say anything else than before, the replaced spans aside."""
        wanted = [(row, at, text) for row in rows for at, text in self._rows[row].expected()]
        texts = pl.DataFrame(
            wanted, schema={"row": pl.Int64, "at": pl.String, "expected": pl.String}, orient="row"
        )
        before = self._parsed.batch.turns.join(texts.select("row").unique(), on="row", how="semi")
        meant = (
            before.join(texts, on=["row", "at"], how="left", maintain_order="left")
            .with_columns(pl.coalesce("expected", "text").alias("text"))
            .drop("expected")
        )
        if meant.equals(batch.turns):
            return []
        now = dict(batch.turns.partition_by("row", as_dict=True))
        then = dict(meant.partition_by("row", as_dict=True))
        return [row for row in rows if (row,) not in now or not then[row,].equals(now[row,])]

    # The result.

    def result(self, samples: int) -> Repaired:
        """What became of the chunk."""
        changed = [row for row in sorted(self._rows) if any(self._rows[row].changes.values())]
        rows = self._parsed.batch.rows
        hashes = pl.DataFrame(
            {"row": changed, "new_hash": [self._rows[row].hash for row in changed]},
            schema={"row": pl.Int64, "new_hash": pl.UInt64},
        )
        index = rows.select("row", "hash").join(hashes, on="row", how="left", maintain_order="left")
        lines = dict(rows.filter(pl.col("row").is_in(changed)).select("row", "line").iter_rows())
        edited = tuple(self._row_edit(row, lines[row]) for row in changed)
        return Repaired(
            file=self._chunk.file,
            size=len(self._chunk.blob),
            records=self._parsed.records,
            index=index.select(
                "hash",
                pl.coalesce("new_hash", "hash").alias("new_hash"),
                pl.col("new_hash").is_not_null().alias("edited"),
            ),
            rows=edited,
            columns={} if isinstance(self._records, TextRecords) else self._records.columns(changed),
            left={key: (found.total(), len({row for row, _ in found})) for key, found in self._left.items()},
            unread=tuple(self._parsed.quarantine.select("line", "row", "reason").rows()),
            samples=tuple(self._samples(edited, samples)) if samples else (),
            left_out=len(self._parsed.left_out),
        )

    def _row_edit(self, row: int, line: int | None) -> RowEdit:
        known = self._rows[row]
        edits = tuple(
            Edit(at, change, known.texts[at][change.start : change.end])
            for at, changes in known.changes.items()
            for change in changes
        )
        splice = self._records.splice(row) if isinstance(self._records, TextRecords) else None
        return RowEdit(row, line, splice, edits)

    def _samples(self, rows: Sequence[RowEdit], most: int) -> Iterable[Sample]:
        taken: Counter[str] = Counter()
        for one in rows:
            known = self._rows[one.row]
            for edit in one.edits:
                if taken[edit.change.check] < most:
                    taken[edit.change.check] += 1
                    text, changes = known.texts[edit.at], known.changes[edit.at]
                    before = changes[: changes.index(edit.change)]
                    start = len(apply(text[: edit.change.start], before))
                    yield Sample(one.row, one.line, edit, text, apply(text, changes), start)


def _renumbered(batch: Batch, rows: Sequence[int]) -> Batch:
    """Rows that count from 0 get the numbers of the rows that they come from."""
    numbers = pl.Series(rows, dtype=pl.Int64)
    frames = [
        frame.with_columns(numbers.gather(frame["row"]).alias("row"))
        for frame in (batch.rows, batch.turns, batch.notes)
    ]
    return type(batch)(frames[0], frames[1], frames[2])


def _without(batch: Batch, rows: Sequence[int]) -> Batch:
    if not rows:
        return batch
    keep = ~pl.col("row").is_in(list(rows))
    return type(batch)(batch.rows.filter(keep), batch.turns.filter(keep), batch.notes.filter(keep))
