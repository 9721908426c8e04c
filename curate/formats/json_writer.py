"""Chunks of a JSON document under construction."""

from __future__ import annotations

from curate.formats.chunk import BLOCK, PARTS, Chunk, Kind, Segment


def encode(text: str) -> bytes:
    """The bytes of decoded text; those that are not UTF-8 come back as they were."""
    return text.encode("utf-8", "surrogateescape")


class Writer:
    """Puts segments into chunks of about a block, or of fewer bytes where the segments are many."""

    def __init__(self, file: int) -> None:
        self._file = file
        self._offset = 0
        self._line = 1
        self._start()

    def _start(self) -> None:
        self._blob = bytearray()
        self._segments: list[Segment] = []
        self._first_line = self._line

    def emit(self, kind: Kind, text: str, reason: str = "", key: str = "") -> Chunk | None:
        """Add a segment; returns the chunk before it where one is full.

        A chunk ends before a separator, so that the last separator of a file is always still at hand. Faults of
        one kind that touch each other on one line are one segment: garbage must not cost more than its bytes.
        """
        if not text:
            return None
        is_space = kind == "separator"
        chunk = self.flush() if self._is_full(is_space=is_space) else None
        data = encode(text)
        start = len(self._blob)
        self._blob += data
        segment = Segment(kind, start, len(self._blob), self._line, reason, key)
        if self._segments and self._touches(self._segments[-1], segment):
            self._segments[-1] = self._segments[-1]._replace(end=segment.end)
        else:
            self._segments.append(segment)
        self._line += data.count(b"\n")
        return chunk

    def _is_full(self, *, is_space: bool) -> bool:
        fill = max(len(self._blob) / BLOCK, len(self._segments) / PARTS)
        return fill >= (1 if is_space else 2)

    def _touches(self, last: Segment, segment: Segment) -> bool:
        """Whether a segment goes on with the last one: space with space, or a fault of the same kind on its line."""
        if last.kind != segment.kind or segment.kind == "row":
            return False
        if segment.kind == "separator":
            return True
        is_record = self._blob[segment.start] == ord("{") or self._blob[last.start] == ord("{")
        return last.reason == segment.reason and last.line == segment.line and not is_record

    def flush(self) -> Chunk | None:
        """The chunk that is being filled, if anything is in it."""
        if not self._blob:
            return None
        blob = bytes(self._blob)
        chunk = Chunk(self._file, "json", self._offset, self._first_line, blob, tuple(self._segments))
        self._offset += len(blob)
        self._start()
        return chunk

    def accuse(self, reason: str) -> None:
        """Turn the last separator into the evidence of a fault, unless a fault already stands at the end."""
        if self._segments and self._segments[-1].kind == "quarantine":
            return
        for at in range(len(self._segments) - 1, -1, -1):
            if self._segments[at].kind == "separator":
                self._segments[at] = self._segments[at]._replace(kind="quarantine", reason=reason)
                return
