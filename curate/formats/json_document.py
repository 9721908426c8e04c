"""Records of JSON that is not one record a line: arrays, objects keyed by id, wrappers, sequences.

The file is never held as a whole. Python's decoder finds the end of each record at the speed of C; what is
written in Python is only what lies between records, and the way out of a damaged one. That way is a guess
about where the next record begins, and it is taken from how the file's good records begin (see
:class:`curate.formats.json_resync.Starts`): a damaged record must not take its good neighbours with it.
"""

from __future__ import annotations

import codecs
import json
import re
from functools import lru_cache
from typing import TYPE_CHECKING, Literal

from curate.formats.chunk import BLOCK
from curate.formats.json_resync import FLAT, Starts, fits, tolerant_end
from curate.formats.json_row import decode_row
from curate.formats.json_shape import (
    BLANK,
    COMMENT,
    DECODER,
    HEAD,
    KEY,
    RECORDS,
    Shape,
    looks_like_lines,
    match_end,
    shape_of,
)
from curate.formats.json_writer import Writer, encode

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from curate.formats.chunk import Chunk, Kind

__all__ = ["looks_like_lines", "split_document"]

LARGEST = 16 * BLOCK
"""How far, in characters, the end of a damaged record is looked for."""


def split_document(blocks: Iterable[bytes], file: int) -> Iterator[Chunk]:
    """Cut a JSON document into chunks whose segments cover every byte exactly once.

    A segment is a ``row`` (a value that looks complete; ``decode_row`` has the last word), a ``separator``
    (brackets, commas, space, comments, keys and members around the rows, a byte order mark) or a
    ``quarantine`` (what no value can be made of, with the reason). Takes time linear in the size of the file,
    and memory for about two blocks or for the largest record.

    Args:
        blocks: the file's bytes in order, UTF-8.
        file: index of the file among the inputs.
    """
    splitter = _Splitter(_Window(blocks), Writer(file))
    yield from splitter.run()


_SPACES = re.compile(r"[ \t\r\n]*+")
_A_COMMENT = re.compile(COMMENT)
_BARE = re.compile(r'[^,\[\]{}"\n][^,\[\]{}"\n/]*+')
_RUN = 65_536
_RUNS = {mark: re.compile(rf"{re.escape(mark)}{{1,{_RUN}}}+") for mark in ",]}"}
_STRINGS = re.compile(r'(?:"[^"\\\n]{0,14}+"){2,4096}+')
"""Texts that touch each other, as in a file full of quotes: no record, and too many to be looked at one by one."""
_CLOSER = {"array": "]", "keyed": "}", "wrapper": "}"}

_DEEP = 10_000  # what an attempt at a value that is nested too deep may have cost, in characters
_ROOM = 4096
_SHORT = 16
_CUT = 12  # the longest token that the end of a window can cut: an escaped surrogate pair

Frame = Literal["array", "keyed", "wrapper"]


def _read_key(quoted: str) -> str:
    value = decode_row(encode(quoted)).value
    return value if isinstance(value, str) else encode(quoted[1:-1]).decode("utf-8", "replace")


@lru_cache(maxsize=1024)
def _fault(text: str) -> str:
    """What is wrong with a short value, kept, for garbage repeats itself."""
    return decode_row(encode(text)).error


# The file's text.


class _Window:
    """The part of the file that is being looked at; bytes that are not UTF-8 pass through it unchanged."""

    def __init__(self, blocks: Iterable[bytes]) -> None:
        self._blocks = iter(blocks)
        self._decode = codecs.getincrementaldecoder("utf-8")("surrogateescape").decode
        self.text = ""
        self.pos = 0
        self.eof = False
        self.reads = 0  # how often the text changed

    def more(self) -> bool:
        """Drop what is done and read at least as much again as is left, which keeps rescans linear.

        Returns:
            False if the end of the file is known and nothing was changed.
        """
        if self.eof:
            return False
        parts = [self.text[self.pos :]]
        wanted, got = len(parts[0]), 0
        while got <= wanted and not self.eof:
            block = next(self._blocks, None)
            parts.append(self._decode(block or b"", final=block is None))
            got += len(parts[-1])
            self.eof = block is None
        self.text, self.pos = "".join(parts), 0
        self.reads += 1
        return True

    def fill(self, count: int) -> None:
        """Have at least so many characters to look at, if the file has them."""
        while len(self.text) - self.pos < count and not self.eof:
            self.more()


# The splitter.


class _Splitter:
    def __init__(self, window: _Window, writer: Writer) -> None:
        self._window = window
        self._writer = writer
        self._ready: list[Chunk] = []
        self._frames: list[Frame] = []
        self._closed: list[
            Frame
        ] = []  # what the last closing bracket closed, in case that it was a stray one
        self._starts = Starts()
        self._after: Literal["value", "comma", "open"] = "open"
        self._lead: str | None = ""  # what stands between the last line break and here, if only space does
        self._plain = False  # at the top level, objects are rows
        self._consumed = 0
        self._room = _ROOM
        self._wasted = 0  # characters that were scanned in vain: what keeps hostile files from taking forever
        self._found: int | None = None
        self._seen: tuple[int, re.Pattern[str]] | None = None

    def run(self) -> Iterator[Chunk]:
        self._window.fill(BLOCK)
        if self._window.text.startswith("\ufeff"):
            self._emit("separator", 1)
        while self._step():
            yield from self._ready
            self._ready.clear()
        if self._frames:
            what = "array" if self._frames[-1] == "array" else "object"
            self._writer.accuse(f"the {what} that holds the rows is never closed")
        last = self._writer.flush()
        yield from (*self._ready, last) if last else self._ready

    def _emit(self, kind: Kind, end: int, reason: str = "", key: str = "") -> None:
        """The text up to ``end`` is a segment."""
        window = self._window
        chunk = self._writer.emit(kind, window.text[window.pos : end], reason, key)
        if chunk:
            self._ready.append(chunk)
        self._consumed += end - window.pos
        window.pos = end

    def _step(self) -> bool:
        """Deal with one token or value; False at the end of the file."""
        self._skip_blank()
        window = self._window
        mark = window.text[window.pos : window.pos + 1]
        frame = self._frames[-1] if self._frames else None
        if not mark:
            return False
        if mark == ",":
            self._comma()
        elif mark in "]}":
            self._close(mark)
        elif frame is None:
            self._top(mark)
        elif frame == "array":
            self._value()
        else:
            self._member(frame)
        return True

    def _skip_blank(self) -> None:
        window = self._window
        while True:
            end = match_end(_SPACES, window.text, window.pos)
            self._look_at_space(window.text[window.pos : end])
            self._emit("separator", end)
            comment = _A_COMMENT.match(window.text, window.pos)
            end = comment.end() if comment else window.pos
            unsure = len(window.text) - end < _CUT or (not comment and window.text.startswith("/*", end))
            if unsure and len(window.text) - window.pos < LARGEST and window.more():
                continue
            if not comment:
                return
            self._emit("separator", end)

    def _look_at_space(self, space: str) -> None:
        if "\n" in space:
            self._lead = space[space.rfind("\n") + 1 :]
        elif self._lead is not None:
            self._lead += space

    def _comma(self) -> None:
        if not self._frames and self._closed:
            self._frames, self._closed = self._closed, []
            self._emit("quarantine", self._window.pos + 1, "a comma after the end of the rows, which go on")
            self._after, self._lead = "comma", None
            return
        window = self._window
        while True:
            follow = match_end(BLANK, window.text, window.pos + 1)
            if len(window.text) - follow >= _CUT or not window.more():
                break
        reason, end = "", window.pos + 1
        if self._after != "value" or not self._frames:
            reason, end = "a stray comma", self._run(_RUNS[","])
        elif window.text[follow : follow + 1] == _CLOSER[self._frames[-1]]:
            reason = "a trailing comma"
        self._emit("quarantine" if reason else "separator", end, reason)
        self._after, self._lead = "comma", None

    def _run(self, pattern: re.Pattern[str]) -> int:
        """Where a run of faults ends that are all alike; a longer one goes on in the next step."""
        self._window.fill(_RUN + 1)
        return match_end(pattern, self._window.text, self._window.pos)

    def _close(self, mark: str) -> None:
        if self._frames and mark == _CLOSER[self._frames[-1]]:
            self._closed = list(self._frames)
            self._plain = self._frames.pop() == "array"
            self._emit("separator", self._window.pos + 1)
        else:
            self._emit("quarantine", self._run(_RUNS[mark]), "a closing bracket that nothing opened")
        self._after, self._lead = "value", None

    def _open(self, frame: Frame, end: int) -> None:
        """Enter a collection whose opening ends at ``end``."""
        self._emit("separator", end)
        self._frames.append(frame)
        self._closed = []
        self._starts = Starts()
        self._after, self._lead = "open", None

    def _top(self, mark: str) -> None:
        window = self._window
        shape: Shape = "row"
        if mark == "{" and not self._plain:
            window.fill(BLOCK)
            shape = shape_of(window.text, window.pos)
            self._plain = shape == "row"
        if mark == "[":
            self._open("array", window.pos + 1)
        elif shape == "row":
            self._value()
        else:
            self._open(shape, window.pos + 1)

    def _member(self, frame: Frame) -> None:
        """A member of the object that holds the rows, or that holds the array of rows."""
        window = self._window
        window.fill(HEAD)
        key = KEY.match(window.text, window.pos)
        if key is None:
            self._value()
            return
        records = RECORDS.match(window.text, key.end()) if frame == "wrapper" else None
        if records and (not self._starts.keys or self._starts.knows(window.text, records.end())):
            self._open("array", key.end() + 1)
            return
        self._emit("separator", key.end())
        if not window.text[window.pos : window.pos + 1].strip(",]}"):
            self._after, self._lead = "value", None
        elif frame == "keyed":
            self._value("row", _read_key(key[1]))
        else:
            self._value("separator")

    def _value(self, kind: Kind = "row", key: str = "") -> None:
        window = self._window
        if window.text[window.pos] not in '{["':
            self._bare(kind, key)
        elif (end := self._strings()) > window.pos:
            self._emit("quarantine", end, "texts with nothing between them")
        else:
            if self._starts.indent is None and kind == "row":
                self._starts.indent = self._lead
            end = self._scan()
            if end is None:
                self._recover(kind, key)
            else:
                if kind == "row":
                    self._starts.learn(window.text, window.pos, end)
                self._emit(kind, end, key=key)
        self._after, self._lead = "value", None

    def _strings(self) -> int:
        """Where a run of texts that touch each other ends; the place itself where there is none."""
        window = self._window
        return self._run(_STRINGS) if window.text[window.pos] == '"' else window.pos

    def _bare(self, kind: Kind, key: str) -> None:
        """A number or a literal, or something that is neither."""
        window = self._window
        end = match_end(_BARE, window.text, window.pos)
        while end == len(window.text) and window.more():
            end = match_end(_BARE, window.text, window.pos)
        text = window.text[window.pos : end].rstrip(" \t\r")
        reason = _fault(text) if len(text) <= _SHORT else decode_row(encode(text)).error
        self._emit("quarantine" if reason else kind, window.pos + len(text), reason, "" if reason else key)

    def _scan(self) -> int | None:
        """Where the value ends, or None if it is damaged; reads on where only the text at hand ends too early.

        Decodes a piece that a value like the last one fits into, not all of the window: an error of the
        decoder costs as much as the text before it, and a file may consist of errors.
        """
        window = self._window
        while True:
            rest = len(window.text) - window.pos
            begin = self._next() if self._is_hostile() else None
            size = min(self._room, rest) if begin is None else begin - window.pos
            piece = window.text[window.pos : window.pos + size]
            try:
                end = DECODER.raw_decode(piece)[1]
            except RecursionError:
                self._wasted += _DEEP
                return None
            except json.JSONDecodeError as fault:
                is_open = fault.msg.startswith("Unterminated")
                is_cut = begin is None and (is_open or fault.pos >= size - _CUT)
                if not is_cut or (size == rest and (self._swallows() or not window.more())):
                    self._wasted += size if is_open else fault.pos
                    return None
                self._room = 2 * size
                continue
            self._room = max(_ROOM, 2 * end)
            end += window.pos
            if match_end(_SPACES, window.text, end) < len(window.text) or not window.more():
                return None if self._runs_on(end) else end

    def _runs_on(self, end: int) -> bool:
        """Whether a value swallowed its neighbours: the file ends with it, nothing is closed, more begin in it.

        That is how an object by id reads on where a record's last bracket is missing.
        """
        window = self._window
        if not self._frames or match_end(_SPACES, window.text, end) < len(window.text):
            return False
        self._starts.guess(window.text, window.pos)
        begin = self._next()
        return begin is not None and begin < end and self._starts.is_sure

    def _swallows(self) -> bool:
        """Whether a value that is longer than a block seems to have swallowed the records after it."""
        window = self._window
        return (
            len(window.text) - window.pos > BLOCK
            and bool(self._starts.sample)
            and self._next() is not None
            and self._starts.is_sure
        )

    def _next(self) -> int | None:
        """Where the next record seems to begin; searched once for each stretch of the window."""
        window = self._window
        pattern = self._starts.pattern(keyed=self._is_keyed())
        found, seen = self._found, (window.reads, pattern)
        if seen != self._seen or (found is not None and found <= window.pos):
            match = pattern.search(window.text, window.pos + 1)
            self._seen = seen
            found = self._found = match and (match.start() if match[0][0] in '{"' else match.end())
        return found

    def _is_keyed(self) -> bool:
        return bool(self._frames) and self._frames[-1] == "keyed"

    def _recover(self, kind: Kind, key: str) -> None:
        """Get past a damaged value: to where its brackets balance, or to where the next record begins."""
        window = self._window
        self._starts.guess(window.text, window.pos)
        while True:
            text, start = window.text, window.pos
            begin = self._begin()
            end = self._balance(begin)
            is_sure = begin is not None or (end is not None and match_end(_SPACES, text, end) < len(text))
            if is_sure or len(text) - start >= LARGEST or not window.more():
                break
        if end is not None:
            self._emit(kind, end, key=key)
            return
        lost = self._last_words(text[start:]) if begin is None else text[start:begin].rstrip(" \t\r\n,")
        reason = decode_row(encode(lost)).error or "a damaged record"
        self._emit("quarantine", start + len(lost), reason)

    def _begin(self) -> int | None:
        """Where the record after a damaged one seems to begin."""
        flat = FLAT[self._is_keyed()].match(self._window.text, self._window.pos)
        begins = [at for at in (self._next(), flat.end() if flat else None) if at is not None]
        return min(begins, default=None)

    def _balance(self, begin: int | None) -> int | None:
        """Where the brackets of a damaged record balance, before the next record begins.

        What looks like a beginning may be inside of a record where records nest; then the brackets are asked
        first, as long as this does not take too much time.
        """
        text, start = self._window.text, self._window.pos
        if begin is not None and not self._starts.is_sure and not self._is_hostile():
            end = tolerant_end(text, start, len(text))
            self._wasted += (end or len(text)) - start
            if end is not None and fits(text, end, None, self._frames):
                return end
        end = tolerant_end(text, start, len(text) if begin is None else begin)
        return end if end is not None and fits(text, end, begin, self._frames) else None

    def _is_hostile(self) -> bool:
        return self._wasted > 8 * (self._consumed + BLOCK)

    def _last_words(self, rest: str) -> str:
        """A damaged value that nothing follows, without the brackets that close the collections around it."""
        rest = lost = rest.rstrip(" \t\r\n")
        try:
            DECODER.raw_decode(rest)
        except RecursionError:
            return rest
        except json.JSONDecodeError as fault:
            if fault.pos >= len(rest):
                return rest
        for frame in self._frames:
            if not lost.endswith(_CLOSER[frame]):
                break
            lost = lost[:-1].rstrip(" \t\r\n,")
        return lost if lost.endswith(("}", "]", '"')) else rest
