"""Converting rows to another layout: what can be carried over is written, the rest is set aside with its reason.

Turns are merged last, in rows of the target layout, so that a row which is in it already keeps all else that it holds.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, NamedTuple

from curate.core.errors import CurateError, UsageError
from curate.core.table_map import TableMap
from curate.formats.columnar import decode_table
from curate.formats.csv_table import decode_record
from curate.formats.grouping import members_of, number_of
from curate.formats.json_row import decode_row
from curate.formats.keep_output import FITTING, Stage, open_output, packing_of, refuse_outputs
from curate.formats.layouts import UNKNOWN, Turns, read_layout
from curate.formats.layouts.mapped import Line, unmapped, unmapped_thread
from curate.formats.layouts.merge import BLANK_LINE, MERGED_LAYOUTS, Merged, gist, merge_turns
from curate.formats.layouts.render import (
    Rendered,
    Turn,
    is_in_form,
    render,
    says_of,
    standard_names,
)
from curate.formats.parse import parse_chunk
from curate.formats.read import open_sources
from curate.formats.sources import TABLE_SUFFIXES, TEXT_SUFFIXES, discover
from curate.formats.table_guess import unknown_table

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from curate.engines.scan import Progress
    from curate.formats.chunk import Chunk
    from curate.formats.parse import Parsed
    from curate.formats.read import Opened

ODD = {
    "duplicate-key": "a key that occurs twice",
    "nonfinite": "a number that JSON does not have",
    "surrogate": "half of a surrogate pair",
}
"""Notes on a row's syntax that say what writing it anew would lose."""

OTHER_FIELDS = "other fields that would change how the row is read"

_BREAK = re.compile(rb"[ \t]*[\r\n][ \t\r\n]*")


@dataclass(frozen=True)
class Converted:
    """What was done: rows in = written + set aside + left out + quarantined.

    Attributes:
        rows: records read.
        written: rows in the target layout, copied ones among them.
        copied: rows that were in the target layout already.
        joined: rows whose context and prompt became one text.
        aside: rows that could not be carried over.
        quarantined: records that cannot be read; they are only in the inputs.
        reasons: why rows were set aside, most frequent first.
        out: what was written.
        rest: where the rows are that were set aside; None if there are none.
        left_out: records that the mapping leaves out; they are only in the inputs.
        merged: conversations in which turns were merged.
        merged_turns: turns that went into the one before them.
        unmerged: why turns of one side were left apart, and how many, most frequent first.
    """

    rows: int
    written: int
    copied: int
    joined: int
    aside: int
    quarantined: int
    reasons: tuple[tuple[str, int], ...]
    out: Path
    rest: Path | None
    left_out: int = 0
    merged: int = 0
    merged_turns: int = 0
    unmerged: tuple[tuple[str, int], ...] = ()


def convert(  # noqa: PLR0913 (the options of the command)
    *inputs: object,
    to: str | None = None,
    out: str | Path,
    merge_turns: bool = False,
    rest: str | Path | None = None,
    force: bool = False,
    encoding: str | None = None,
    mapping: TableMap | None = None,
    progress: Progress | None = None,
) -> Converted:
    """Write the rows of all inputs, in order, as JSONL in another layout.

    Args:
        *inputs: paths, globs, folders, or data frames.
        to: messages, alpaca, sharegpt, prompt-completion or preference; None leaves each row in its own.
        out: the file to write.
        merge_turns: join consecutive texts of one side by a blank line (see ``curate.formats.layouts.merge``).
        rest: where rows go, as they stand, that cannot be carried over; ``out`` with ``.rest.jsonl`` if None.
        force: overwrite files, though never an input.
        encoding: of text files; decided for each file from its bytes if None.
        mapping: how the columns of own tables make conversations, and which lines are left out.
        progress: told how far the reading is.

    Raises:
        UsageError: an output would destroy something, or has the suffix of another container; or nothing is to
            be done.
        UnreadableError: an input cannot be read at all.
    """
    if to is None and not merge_turns:
        raise UsageError("nothing to do", hint="name a layout, for instance: --to messages")
    found = discover(inputs)
    target = Path(out)
    aside = Path(rest) if rest is not None else Path(f"{out}.rest.jsonl")
    refuse_outputs([target, aside], found.sources, force=force)
    for path in (target, aside):
        _refuse_suffix(path)
    opened = open_sources(found.sources, encoding, mapping)
    with Stage() as stage:
        with ExitStack() as files:
            streams = [files.enter_context(open_output(stage.place(path))) for path in (target, aside)]
            converter = _Converter(to, *streams, merge=merge_turns)
            converter.take_all(opened, encoding, progress)
        if not converter.reasons and not aside.exists():
            stage.forget(aside)
        _verify(converter.count)
    return converter.done(target, aside)


def _refuse_suffix(out: Path) -> None:
    """Refuse to write JSON lines under a suffix that says something else.

    Raises:
        UsageError: the suffix does.
    """
    suffix = Path(out.stem if packing_of(out) else out.name).suffix.lower()
    what, fitting = FITTING["jsonl"]
    if suffix in TEXT_SUFFIXES | TABLE_SUFFIXES and suffix not in fitting:
        raise UsageError(
            f"{what} cannot be written as '{suffix}'", where=str(out), hint=f"give it the suffix {fitting[0]}"
        )


def _verify(count: Counter[str]) -> None:
    """The account of the rows.

    Raises:
        CurateError: it does not balance: a fault of curate, before which nothing is written.
    """
    if count["rows"] != count["written"] + count["aside"] + count["left out"] + count["quarantined"]:
        raise CurateError(f"rows are lost: {dict(count)}", hint="nothing was written; please report this")


class _Row(NamedTuple):
    """A source row: its value, its turns, and itself as one line of JSON; new if its fields had other names."""

    value: dict[str, Any]
    layout: str
    turns: list[Turn]
    line: bytes
    odd: str
    is_new: bool = False


class _Converter:
    """Takes chunks in order; counts what becomes of their rows."""

    def __init__(self, to: str | None, out: IO[bytes], rest: IO[bytes], *, merge: bool) -> None:
        self._to = to
        self._out = out
        self._rest = rest
        self._merge = merge
        self.count: Counter[str] = Counter()
        self.reasons: Counter[str] = Counter()
        self.unmerged: Counter[str] = Counter()

    def take_all(self, opened: Sequence[Opened], encoding: str | None, progress: Progress | None) -> None:
        """All rows of all sources.

        Raises:
            UnreadableError: no layout fits any row of one of them.
        """
        total = sum(one.survey.size for one in opened if one.survey)
        done = 0
        for one in opened:
            layouts: set[str] = set()
            for chunk in one.chunks():
                layouts |= self.take(chunk)
                done += len(chunk.blob)
                if progress is not None:
                    progress(done, max(done, total))
            if layouts == {UNKNOWN}:
                raise unknown_table(one, encoding)

    def done(self, out: Path, rest: Path) -> Converted:
        """What was done, once everything is."""
        return Converted(
            rows=self.count["rows"],
            written=self.count["written"],
            copied=self.count["copied"],
            joined=self.count["joined"],
            aside=self.count["aside"],
            quarantined=self.count["quarantined"],
            reasons=_most_first(self.reasons),
            out=out,
            rest=rest if self.reasons else None,
            left_out=self.count["left out"],
            merged=self.count["merged"],
            merged_turns=self.count["merged turns"],
            unmerged=_most_first(self.unmerged),
        )

    def take(self, chunk: Chunk) -> set[str]:
        """All rows of a chunk; the layouts that they are in."""
        parsed = parse_chunk(chunk)
        self.count["rows"] += parsed.records
        self.count["quarantined"] += len(parsed.quarantine)
        self.count["left out"] += len(parsed.left_out)
        rows = list(_rows(chunk, parsed))
        results = [self._result(row) for row in rows]
        again = _read_again([result.row if result else None for result in results])
        for at, (row, result) in enumerate(zip(rows, results, strict=True)):
            if result is None:
                self._keep(row)
            elif result.row is None:
                self._set_aside(row, result.reason)
            elif (again[at][0], says_of(again[at][1])) != (self._to, result.says):
                self._set_aside(row, OTHER_FIELDS)
            else:
                self._render(row, result, again[at][1])
        return set(parsed.batch.rows["layout"].to_list())

    def _result(self, row: _Row) -> Rendered | None:
        """The row in the target layout; None if it is in it already, also by the names of its roles."""
        if row.is_new and row.odd:
            return Rendered(None, row.odd)
        if self._to is None:
            return None
        if is_in_form(row.value, row.layout, self._to):
            renamed = standard_names(row.value, self._to)
            if renamed is None or row.odd:
                return None if renamed is None else Rendered(None, row.odd)
            return Rendered(renamed, says=says_of(row.turns))
        if row.odd:
            return Rendered(None, row.odd)
        merge = self._merge and self._to not in MERGED_LAYOUTS
        return render(row.value, row.layout, row.turns, self._to, merge=merge)

    def _keep(self, row: _Row) -> None:
        """A row that is in the target layout: copied, unless turns of it are merged."""
        made = merge_turns(row.value, row.layout, row.turns) if self._merge else None
        if made is None or not made.joined:
            self._count_merged(made, 0)
            self.count["copied"] += not row.is_new
            self._write(row.line)
        elif row.odd:
            self._set_aside(row, row.odd)
        else:
            self._write_merged(row, made, row.turns, 0)

    def _render(self, row: _Row, result: Rendered, turns: list[Turn]) -> None:
        """A row that was put into the target layout, as which it is read again."""
        assert result.row is not None  # noqa: S101 (it was read again)
        self.count["joined"] += result.is_joined
        made = merge_turns(result.row, self._to or "", turns) if self._merge else Merged(result.row, 0, ())
        self._write_merged(row, made, turns, result.merged)

    def _write_merged(self, row: _Row, made: Merged, turns: list[Turn], before: int) -> None:
        """A new row, if it still says what it said; ``before`` turns were merged while it was rendered."""
        if made.joined and gist(_read_again([made.row])[0][1]) != gist(turns):
            self._set_aside(row, OTHER_FIELDS)
            return
        self._count_merged(made, before)
        self._write(_dump(made.row))

    def _count_merged(self, made: Merged | None, before: int) -> None:
        joined = before + (made.joined if made else 0)
        self.count["merged"] += joined > 0
        self.count["merged turns"] += joined
        self.unmerged.update(made.left if made else ())

    def _write(self, line: bytes) -> None:
        self._out.write(line + b"\n")
        self.count["written"] += 1

    def _set_aside(self, row: _Row, reason: str) -> None:
        self._rest.write(row.line + b"\n")
        self.count["aside"] += 1
        self.reasons[reason] += 1


def _rows(chunk: Chunk, parsed: Parsed) -> Iterator[_Row]:
    """The rows of a chunk in order; those of own tables with the fields that their columns stand for."""
    mapping = chunk.context.get("mapping") or TableMap()
    if chunk.container == "group":
        yield from _threads(chunk, mapping, parsed)
        return
    for row in _source_rows(chunk, parsed):
        yield _renamed(unmapped(row.value, mapping.columns), row.turns, row.odd) if mapping.columns else row


def _threads(chunk: Chunk, mapping: TableMap, parsed: Parsed) -> Iterator[_Row]:
    """The conversations of a grouped table."""
    odd, turns = dict(_odd(parsed)), _turns(parsed)
    for at, entry in enumerate(chunk.context["entries"]):
        if entry.kind == "row":
            lines = [Line(number_of(record), record.value) for record in members_of(entry, chunk)]
            yield _renamed(unmapped_thread(lines, mapping), turns.get(at, []), odd.get(at, ""))


def _renamed(value: dict[str, Any], said: list[Turn], odd: str) -> _Row:
    """A row that stands nowhere in this form; it must say what its columns say."""
    written = Turns()
    layout, _ = read_layout(value, written)
    turns = [Turn(*cells) for cells in written.frame().iter_rows()]
    if _messages(turns) != _messages(said):
        odd = odd or OTHER_FIELDS
    return _Row(value, layout, turns, _dump(value), odd, is_new=True)


def _messages(turns: list[Turn]) -> list[tuple[str, bool, str]]:
    """Role, whether it is rejected, and text of each message; the parts of one are joined by a blank line."""
    return [
        (role, part == "rejected", BLANK_LINE.join(one.text for one in parts))
        for (_, role, part), parts in groupby(turns, key=attrgetter("turn", "role", "part"))
    ]


def _odd(parsed: Parsed) -> Iterator[tuple[int, str]]:
    """Rows with something that writing them anew would lose."""
    for row, kind in parsed.batch.notes.select("row", "kind").iter_rows():
        if kind in ODD:
            yield row, ODD[kind]


def _turns(parsed: Parsed) -> dict[int, list[Turn]]:
    """The turns of each row."""
    turns: dict[int, list[Turn]] = {}
    for cells in parsed.batch.turns.iter_rows():
        turns.setdefault(cells[0], []).append(Turn(*cells))
    return turns


def _source_rows(chunk: Chunk, parsed: Parsed) -> Iterator[_Row]:
    """The rows of a chunk as they stand."""
    turns, odd = _turns(parsed), dict(_odd(parsed))
    ids = {chunk.offset + one.start: one.id for one in chunk.segments or () if one.id}
    tables = decode_table(chunk) if chunk.container == "table" else []
    for row, layout, start, raw in parsed.batch.rows.select("row", "layout", "start", "raw").iter_rows():
        value, line = _value(chunk, raw, tables, row)
        key = ids.get(start)
        reason = odd.get(row, "")
        if key is not None and "id" not in value:
            value = {"id": key, **value}
            line = _dump(value) if not reason else line
        elif key is not None and str(value["id"]) != key:
            reason = reason or "a key in the file besides an id of its own"
        yield _Row(value, layout, turns.get(row, []), line, reason)


def _value(chunk: Chunk, raw: bytes, tables: list[dict[str, Any]], row: int) -> tuple[dict[str, Any], bytes]:
    """A row's value, and the row as one line: its own bytes, where they are JSON.

    A raw line break in JSON stands between tokens, never in a string (RFC 8259, section 7).
    """
    if chunk.container == "table":
        return tables[row], _dump(tables[row])
    if chunk.container == "csv":
        record, _, _ = decode_record(raw, chunk.context)
        return record, _dump(record)
    value = decode_row(raw).value
    return (value if isinstance(value, dict) else {}), _BREAK.sub(b" ", raw)


def _dump(value: dict[str, Any]) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()


def _read_again(rows: list[dict[str, Any] | None]) -> dict[int, tuple[str, list[Turn]]]:
    """Layout and turns of each new row, as a reader sees it."""
    turns = Turns()
    layouts: dict[int, str] = {}
    for at, row in enumerate(rows):
        if row is not None:
            turns.begin(at)
            layouts[at] = read_layout(row, turns)[0]
    lines: dict[int, list[Turn]] = {at: [] for at in layouts}
    for line in turns.frame().iter_rows():
        lines[line[0]].append(Turn(*line))
    return {at: (layout, lines[at]) for at, layout in layouts.items()}


def _most_first(counts: Counter[str]) -> tuple[tuple[str, int], ...]:
    return tuple(sorted(counts.items(), key=lambda item: (-item[1], item[0])))
