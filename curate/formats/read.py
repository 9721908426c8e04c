"""One source opened: its container is decided, its bytes are surveyed, and chunks flow from it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from curate.formats.columnar import table_chunks
from curate.formats.csv_table import split_csv
from curate.formats.json_document import looks_like_lines, split_document
from curate.formats.lines import split_lines
from curate.formats.stream import Survey, decoded_blocks, survey

if TYPE_CHECKING:
    from collections.abc import Iterator

    from curate.formats.chunk import Chunk
    from curate.formats.sources import Source


@dataclass(frozen=True)
class Opened:
    """A source, what a pass over its bytes showed, and how it is read."""

    source: Source
    index: int
    container: str
    survey: Survey | None

    def chunks(self) -> Iterator[Chunk]:
        """All rows of the source, some thousands at a time."""
        if self.survey is None:
            yield from table_chunks(self.source.path or self.source.data, self.index)
            return
        blocks = decoded_blocks(self.source, self.survey.encoding)
        if self.container == "csv":
            chunks = split_csv(blocks, self.index, self.source.name)
        elif self.container == "jsonl":
            chunks = split_lines(blocks, self.index)
        else:
            chunks = split_document(blocks, self.index)
        yield from self._with_notes(chunks)

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
    seen = survey(source, encoding)
    if source.suffix in (".csv", ".tsv"):
        return Opened(source, index, "csv", seen)
    head = seen.head
    if seen.encoding != "utf-8":
        head = next(decoded_blocks(source, seen.encoding), b"")[: 64 * 1024]
    return Opened(source, index, "jsonl" if looks_like_lines(head) else "json", seen)
