"""One source opened: its container is decided, its bytes are surveyed, and chunks flow from it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from curate.core.errors import UnreadableError
from curate.core.table_map import TableMap
from curate.formats.columnar import table_chunks
from curate.formats.containers import container_of, refuse_foreign
from curate.formats.csv_table import split_csv
from curate.formats.grouping import Grouped
from curate.formats.json_document import split_document
from curate.formats.lines import split_lines
from curate.formats.stream import Survey, decoded_blocks, first_bytes, survey
from curate.formats.table_guess import fit_mapping, refuse_misfit, tell_of_drop
from curate.formats.xlsx import is_workbook, sheet_notes

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from curate.formats.chunk import Chunk
    from curate.formats.sources import Source


@dataclass(frozen=True)
class Opened:
    """A source, what a pass over its bytes showed, and how it is read.

    ``mapping`` has the columns as they are written in this source.
    """

    source: Source
    index: int
    container: str
    survey: Survey | None
    mapping: TableMap = field(default_factory=TableMap)

    def chunks(self) -> Iterator[Chunk]:
        """All rows of the source, some thousands at a time."""
        if self.mapping.group is not None:
            yield from self.grouped.chunks()
            return
        for chunk in self.source_chunks():
            yield replace(chunk, context={**chunk.context, **self.context}) if self.mapping else chunk

    @property
    def context(self) -> dict[str, Any]:
        """What the parser must know that the container does not tell."""
        return {"mapping": self.mapping} if self.mapping else {}

    @property
    def is_seekable(self) -> bool:
        """Whether each row stands in a file, at its place, as it is parsed."""
        is_plain = self.survey is not None and self.survey.encoding == "utf-8" and not self.survey.packing
        return is_plain and self.container == "jsonl" and not self.mapping and self.source.path is not None

    @cached_property
    def grouped(self) -> Grouped:
        """The lines of a grouped table, by conversation; the first pass is taken once."""
        is_plain = self.survey is not None and self.survey.encoding == "utf-8" and not self.survey.packing
        return Grouped(self.source_chunks(), self.mapping, self.source.path if is_plain else None)

    @cached_property
    def notes(self) -> tuple[str, ...]:
        """What there is to say of the source as a whole."""
        path = self.source.path
        grouped = self.grouped.notes if self.mapping.group is not None else ()
        return (*(sheet_notes(path) if path is not None and is_workbook(path) else ()), *grouped)

    def source_chunks(self) -> Iterator[Chunk]:
        """The records of the source as they stand."""
        if self.survey is None:
            yield from self._table_chunks()
            return
        blocks = decoded_blocks(self.source, self.survey.encoding)
        if self.container == "csv":
            chunks = split_csv(blocks, self.index, self.source.name)
        elif self.container == "jsonl":
            chunks = split_lines(blocks, self.index)
        else:
            chunks = split_document(blocks, self.index)
        yield from self._with_notes(chunks)

    def _table_chunks(self) -> Iterator[Chunk]:
        """The rows of a table; an error names what the user named, not the copy of standard input."""
        path = self.source.path
        try:
            yield from table_chunks(path or self.source.data, self.index)
        except UnreadableError as error:
            if path is None or error.where != str(path):
                raise
            raise UnreadableError(error.what, where=self.source.name, hint=error.hint) from error

    def _with_notes(self, chunks: Iterator[Chunk]) -> Iterator[Chunk]:
        """The encoding is one finding for the file, at the first line that shows it."""
        assert self.survey is not None  # noqa: S101 (only text is noted)
        if self.survey.encoding == "utf-8":
            yield from chunks
            return
        encoding = self.survey.encoding
        notes = [(self.survey.line or 1, "encoding", f"{encoding}: {self.survey.evidence}")]
        for chunk in chunks:
            last = chunk.line + chunk.blob.count(b"\n")
            due = [note for note in notes if note[0] <= last]
            notes = [note for note in notes if note[0] > last]
            yield replace(chunk, context={**chunk.context, "encoding": encoding, "notes": due})


def open_sources(
    sources: Sequence[Source], encoding: str | None = None, mapping: TableMap | None = None
) -> tuple[Opened, ...]:
    """Decide how all sources are read.

    Args:
        sources: files, folders or objects.
        encoding: what the user says that texts are encoded in.
        mapping: how the columns of own tables are to be read. A source that has none of the columns is read by
            its own layout, as long as another one has them.

    Raises:
        UnreadableError: one cannot be read at all, or the columns are not there.
        UsageError: the mapping makes no conversations.
    """
    opened = tuple(open_source(source, at, encoding) for at, source in enumerate(sources))
    if not mapping:
        return opened
    mapping.refuse_nonsense()
    fitted = [fit_mapping(one, mapping) for one in opened]
    if not any(fitted):
        refuse_misfit(opened, mapping)
    opened = tuple(
        replace(one, mapping=fit) if fit is not None else one for one, fit in zip(opened, fitted, strict=True)
    )
    tell_of_drop(opened)
    return opened


def open_source(source: Source, index: int, encoding: str | None = None) -> Opened:
    """Decide how a source is read.

    Args:
        source: a file, folder or object.
        index: its position among the inputs.
        encoding: what the user says the text is encoded in.

    Raises:
        UnreadableError: it cannot be read at all.
    """
    if source.is_table:
        return Opened(source, index, "table", None)
    refuse_foreign(first_bytes(source), source.name)
    seen = survey(source, encoding)
    head = seen.head
    if seen.encoding != "utf-8":
        head = next(decoded_blocks(source, seen.encoding), b"")[: len(head)]
    return Opened(source, index, container_of(head, source.suffix, source.name), seen)
