"""The second pass of a fix: files with their edits, and the ledger."""

from __future__ import annotations

import pickle
import shutil
import tempfile
from collections import deque
from dataclasses import replace
from typing import IO, TYPE_CHECKING

import polars as pl

from curate.core.errors import CurateError
from curate.core.ledger import Entry, Totals, entry_line, header_line, totals_line, write_raw
from curate.engines.dropping import header_of, output_mark
from curate.engines.repairing_records import with_values
from curate.fixing.editor import Safety
from curate.formats.keep import RECORDS, write_edited, write_edited_table, write_kept
from curate.formats.keep_cuts import Cut
from curate.formats.keep_output import Stage, make_folders
from curate.formats.stream import encode_back

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from curate.core.check import Check
    from curate.core.ledger import FileMark, Header
    from curate.core.plan import Plan
    from curate.engines.repairing_results import Edit, RowEdit
    from curate.engines.repairing_told import Gathered, Kept, Target
    from curate.fixing.editor import Editor
    from curate.formats.keep import Removed, Written
    from curate.formats.read import Opened


def header_with(header: Header, plan: Plan, editors: Sequence[Editor]) -> Header:
    """The header of a fix: beside the checks, what else decided."""
    fix = plan.fix
    told = {
        "kinds": list(fix.kinds),
        "unsafe": list(fix.unsafe),
        "fields": dict(fix.fields),
        "editors": [editor.identity() for editor in editors],
    }
    return replace(header, plan={**header.plan, "fix": told})


class Writing:
    """Writes everything that was gathered."""

    def __init__(
        self,
        gathered: Gathered,
        plan: Plan,
        checks: tuple[Check, ...],
        editors: tuple[Editor, ...],
        target: Target,
    ) -> None:
        self._gathered = gathered
        self._plan = plan
        self._checks = checks
        self._editors = editors
        self._target = target
        self._keys = gathered.keys()

    def run(self) -> None:
        """Write everything, or nothing but the folders."""
        gathered = self._gathered
        gathered.spool.seek(0)
        make_folders(self._target.files)
        with Stage() as stage, tempfile.TemporaryFile() as entries:
            book = stage.place(self._target.ledger)
            marks: list[FileMark] = []
            for opened, target in zip(gathered.opened, self._target.files, strict=True):
                marks.append(output_mark(target, self._write(opened, stage.place(target), entries)))
            account = gathered.account()
            if next(self._keys, None) is not None:
                raise CurateError("edits are lost", hint="nothing was written; please report this")
            header = header_of("fix", gathered.opened, marks, self._plan, self._checks)
            totals = Totals(account.in_, account.kept, 0, account.quarantined, account.edited)
            with book.open("wb") as handle:
                handle.write(header_line(header_with(header, self._plan, self._editors)))
                entries.seek(0)
                shutil.copyfileobj(entries, handle)
                handle.write(totals_line(totals))

    def _write(self, opened: Opened, out: Path, entries: IO[bytes]) -> Written:
        if not self._gathered.touched[opened.index]:
            written = write_kept(opened, (), out, records=pl.DataFrame(schema=RECORDS))
            for kept in self._chunks(opened):
                for row in kept.rows:
                    entries.writelines(map(entry_line, self._entries(opened, kept.first + row.row, row)))
            return written
        if opened.survey is None:
            return self._write_table(opened, out, entries)
        return self._write_text(opened, out, entries, opened.survey.encoding)

    def _chunks(self, opened: Opened) -> Iterator[Kept]:
        for _ in range(self._gathered.chunks[opened.index]):
            yield pickle.load(self._gathered.spool)  # noqa: S301 (our own bytes)

    def _write_text(self, opened: Opened, out: Path, entries: IO[bytes], encoding: str) -> Written:
        waiting: deque[tuple[int, RowEdit]] = deque()

        def cuts() -> Iterator[Cut]:
            for kept in self._chunks(opened):
                for row in kept.rows:
                    waiting.append((kept.first + row.row, row))
                    if row.splice is not None:
                        yield Cut(kept.first + row.row, *row.splice)

        def tell(removed: Removed | None) -> None:
            """Entries up to the row of which something went; of all rows that are left if nothing did."""
            while waiting:
                ordinal, row = waiting.popleft()
                first, *others = self._entries(opened, ordinal, row)
                if removed is not None and row.splice is not None:
                    put = write_raw(encode_back(row.splice.put, encoding))
                    place = (removed.start, removed.start + len(removed.raw))
                    first = replace(first, bytes=place, raw=write_raw(removed.raw), put=put)
                entries.write(entry_line(first))
                entries.writelines(map(entry_line, others))
                if removed is not None and row.splice is not None:
                    return

        written = write_edited(opened, cuts(), out, tell)
        tell(None)
        return written

    def _write_table(self, opened: Opened, out: Path, entries: IO[bytes]) -> Written:
        kept = self._chunks(opened)
        ahead = deque([next(kept)])

        def edited(offset: int, frame: pl.DataFrame) -> pl.DataFrame:
            while ahead and ahead[0].first == offset:
                here = ahead.popleft()
                ahead.extend(one for one in [next(kept, None)] if one)
                for row in here.rows:
                    entries.writelines(map(entry_line, self._entries(opened, offset + row.row, row)))
                frame = with_values(frame, here.columns)
            return frame

        return write_edited_table(opened, edited, out)

    def _entries(self, opened: Opened, ordinal: int, row: RowEdit) -> list[Entry]:
        """The entries of a row's edits and suggestions, without the bytes."""
        key, new_key = next(self._keys)
        return [
            _entry(edit, opened.source.name, ordinal, row.line, (key, new_key))
            for edit in (*row.edits, *row.suggestions)
        ]


def _entry(edit: Edit, file: str, ordinal: int, line: int | None, keys: tuple[str, str]) -> Entry:
    change = edit.change
    is_auto = change.safety == Safety.AUTO and (edit.is_made or bool(edit.refused))
    return Entry(
        action="edit" if edit.is_made else "suggest",
        key=keys[0],
        file=file,
        line=line,
        row=ordinal + 1,
        bytes=None,
        check=change.check,
        severity=change.severity,
        message=change.message,
        also=change.also,
        new_key=keys[1],
        at=edit.at,
        span=(change.start, change.end),
        before=edit.before,
        after=change.after,
        rule=change.rule,
        engine=change.engine,
        safety=(Safety.AUTO if is_auto else Safety.SUGGEST).value,
        refused=edit.refused,
    )
