"""Bytes of a source: decompressed, surveyed once for their encoding, and decoded to UTF-8 block by block."""

from __future__ import annotations

import bz2
import codecs
import gzip
import hashlib
import lzma
import re
import string
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, cast

from curate.core.errors import UnreadableError
from curate.formats import chunk
from curate.formats.encodings import named_encoding
from curate.formats.lines import line_ends

if TYPE_CHECKING:
    from collections.abc import Iterator

    from curate.formats.sources import Source

MAGIC = ((b"\x1f\x8b", "gz"), (b"\x28\xb5\x2f\xfd", "zst"), (b"BZh", "bz2"), (b"\xfd7zXZ\x00", "xz"))
BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
JSON_SUFFIXES = (".jsonl", ".ndjson", ".json")
LFS = b"version https://git-lfs.github.com/spec/"
PLAUSIBLE = 0.8
"""Share of the bytes above 0x7F that must read well (:func:`_is_plausible`) to believe cp1252."""
SMALLEST = 4
"""Characters that a file without a byte order mark must have for its zero bytes to speak for UTF-16."""

FEW = 3
"""A JSON file with fewer damaged lines than this keeps its encoding; the lines go to quarantine."""

MANY = 8
"""So many bytes that are not UTF-8 speak also in a JSON file of fewer than ``FEW`` lines: all of it would be lost."""


def _c1_decode(error: UnicodeError) -> tuple[str, int]:
    """The five bytes that cp1252 leaves open stand for themselves, as in the WHATWG encoding standard."""
    bad = cast("UnicodeDecodeError", error)
    return bad.object[bad.start : bad.end].decode("latin-1"), bad.end


def _c1_encode(error: UnicodeError) -> tuple[bytes, int]:
    bad = cast("UnicodeEncodeError", error)
    return bad.object[bad.start : bad.end].encode("latin-1"), bad.end


codecs.register_error(
    "curate.c1", lambda e: _c1_decode(e) if isinstance(e, UnicodeDecodeError) else _c1_encode(e)
)
ERRORS = {"cp1252": "curate.c1", "utf-16-le": "surrogatepass", "utf-16-be": "surrogatepass"}


@dataclass(frozen=True)
class Survey:
    """What one pass over a file's bytes shows.

    Attributes:
        size: bytes after decompression.
        sha256: of the bytes after decompression.
        encoding: ``utf-8``, ``utf-16-le``, ``utf-16-be``, ``cp1252`` or what the user asked for.
        evidence: why, in a sentence; empty for plain UTF-8.
        line: where the first byte stands that is not UTF-8; 0 if none.
        bom: whether the file begins with a byte order mark.
        packing: ``gz``, ``zst``, ``bz2``, ``xz`` or empty.
        head: the first bytes.
    """

    size: int
    sha256: str
    encoding: str
    evidence: str
    line: int
    bom: bool
    packing: str
    head: bytes


def open_bytes(source: Source) -> tuple[IO[bytes], str]:
    """The decompressed bytes of a file, and the compression that its first bytes show.

    Raises:
        UnreadableError: the file cannot be opened.
    """
    assert source.path is not None  # noqa: S101 (a source without a path is a table)
    try:
        with source.path.open("rb") as begin:
            head = begin.read(6)
    except OSError as error:
        raise UnreadableError(f"cannot be opened: {error.strerror}", where=source.name) from error
    packing = next((name for magic, name in MAGIC if head.startswith(magic)), "")
    if not packing:
        return source.path.open("rb"), ""
    if packing == "zst":
        from curate.formats.zst import ZstReader  # noqa: PLC0415 (loads zstandard)

        return cast("IO[bytes]", ZstReader(source.path.open("rb"))), packing
    if packing == "gz":
        return cast("IO[bytes]", gzip.open(source.path, "rb")), packing
    if packing == "bz2":
        return cast("IO[bytes]", bz2.open(source.path, "rb")), packing
    return cast("IO[bytes]", lzma.open(source.path, "rb")), packing


def blocks(source: Source) -> Iterator[bytes]:
    """The decompressed bytes, ``BLOCK`` at a time.

    Raises:
        UnreadableError: the compressed stream is damaged or ends early.
    """
    stream, packing = open_bytes(source)
    done = 0
    with stream:
        while True:
            try:
                block = _read_full(stream)
            except Exception as error:
                if not isinstance(error, (EOFError, OSError, lzma.LZMAError, *_zstd_error(packing))):
                    raise
                raise UnreadableError(
                    f"the {packing or 'file'} stream is damaged after {done:,} bytes of text ({error})",
                    where=source.name,
                    hint="fetch the file again; what was read before the damage is not trusted",
                ) from error
            if not block:
                return
            done += len(block)
            yield block


def _zstd_error(packing: str) -> tuple[type[Exception], ...]:
    if packing != "zst":
        return ()
    import zstandard  # noqa: PLC0415 (only where needed)

    return (zstandard.ZstdError,)


def _read_full(stream: IO[bytes]) -> bytes:
    """A whole block: decompressors return less than they are asked for."""
    pieces = []
    missing = chunk.BLOCK
    while missing:
        piece = stream.read(missing)
        if not piece:
            break
        pieces.append(piece)
        missing -= len(piece)
    return b"".join(pieces) if len(pieces) != 1 else pieces[0]


def survey(source: Source, encoding: str | None = None) -> Survey:
    """Look at every byte once: size, hash, encoding with its evidence.

    Args:
        source: a text file, perhaps compressed.
        encoding: what the user says it is; otherwise it is decided from the bytes.

    Raises:
        UnreadableError: an empty file's absence of rows is no error, but a Git LFS pointer is, and so is
            an encoding that Python does not know.
    """
    digest = hashlib.sha256()
    size = 0
    head = b""
    count = _Utf8Count()
    for block in blocks(source):
        head = head or block[: 64 * 1024]
        size += len(block)
        digest.update(block)
        count.feed(block)
    count.finish()
    if head.startswith(LFS):
        raise UnreadableError(
            "is a Git LFS pointer, not the data",
            where=source.name,
            hint=f"run: git lfs pull --include '{source.name}'",
        )
    is_json = source.suffix in JSON_SUFFIXES or head.lstrip()[:1] in (b"{", b"[")
    if encoding:
        chosen = named_encoding(encoding, head, source.name)
        evidence = f"read as {chosen}, as asked"
    else:
        chosen, evidence = _decide(head, count, is_json=is_json)
    bom = next((name for mark, name in BOMS if head.startswith(mark) and name == chosen), "")
    packing = open_packing(source)
    return Survey(size, digest.hexdigest(), chosen, evidence, count.first_line, bool(bom), packing, head)


def open_packing(source: Source) -> str:
    """The compression that a file's first bytes show."""
    stream, packing = open_bytes(source)
    stream.close()
    return packing


def first_bytes(source: Source, size: int = 4096) -> bytes:
    """The first bytes after decompression; none where the stream is damaged, which the survey reports."""
    stream, packing = open_bytes(source)

    with stream:
        try:
            return stream.read(size)
        except Exception as error:
            if not isinstance(error, (EOFError, OSError, lzma.LZMAError, *_zstd_error(packing))):
                raise
            return b""


class _Utf8Count:
    """How much of a byte stream is valid UTF-8 beyond ASCII, and how much is not UTF-8 at all."""

    def __init__(self) -> None:
        self._decoder = codecs.getincrementaldecoder("utf-8")("surrogateescape")
        self._lines = 1
        self.valid = 0
        self.invalid = 0
        self.plausible = 0
        self.damaged_lines = 0
        self.first_line = 0

    @property
    def is_slight(self) -> bool:
        """Whether a JSON file loses little if its damaged lines go to quarantine."""
        return self.damaged_lines < FEW and (self._lines > FEW or self.invalid < MANY)

    def feed(self, block: bytes) -> None:
        """Count one block."""
        if not block.isascii() or self._decoder.getstate()[0]:
            self._count(self._decoder.decode(block))
        self._lines += line_ends(block)

    def finish(self) -> None:
        """Count what an unfinished sequence left."""
        rest = self._decoder.decode(b"", final=True)
        if rest:
            self._count(rest)

    def _count(self, text: str) -> None:
        try:
            self.valid += len(text.encode()) - len(text)
        except UnicodeEncodeError:
            self._count_damaged(text)

    def _count_damaged(self, text: str) -> None:
        bad = [m.start() for m in _ESCAPED.finditer(text)]
        self.valid += _multibyte(text)
        self.invalid += len(bad)
        self.plausible += sum(_is_plausible(text, at) for at in bad)
        lines = {text.count("\n", 0, at) for at in bad[:1000]}
        self.damaged_lines += len(lines)
        self.first_line = self.first_line or self._lines + min(lines)


_ESCAPED = re.compile("[\udc80-\udcff]")
_MULTIBYTE = re.compile("[\u0080-\ud7ff\ue000-\U0010ffff]")


def _multibyte(text: str) -> int:
    return sum(1 for _ in _MULTIBYTE.finditer(text))


def _is_plausible(text: str, at: int) -> bool:
    """Whether the byte reads well in cp1252: in a word, as a word of one letter (à, ó), or as one of its usual signs.

    A sign such as ``³`` between two letters is a letter of another code page: ``ł`` of cp1250.
    """
    byte = ord(text[at]) - 0xDC00
    before, after = text[max(0, at - 1) : at], text[at + 1 : at + 2]
    if before.isalpha() or after.isalpha():
        return byte not in _NO_LETTERS or not (before.isalpha() and after.isalpha())
    return byte in _SIGNS or (byte in _LETTERS and before in _APART and after in _APART)


_SIGNS = frozenset("€‚ƒ„…†‡ˆ‰‘’“”•–—™ §©«®°±²³µ·»¼½¾£¥¡¿".encode("cp1252"))
_NO_LETTERS = frozenset("¡£¥¯±³¶¹¼¾¿".encode("cp1252"))
_LETTERS = frozenset(byte for byte in range(0xC0, 0x100) if chr(byte).isalpha())
_APART = frozenset(("", *" \t\r\n", *string.punctuation, *(chr(0xDC00 + byte) for byte in _SIGNS)))
"""What stands beside a word of one letter: nothing, white space, punctuation, a sign that is not UTF-8."""


def _decide(head: bytes, count: _Utf8Count, *, is_json: bool) -> tuple[str, str]:
    for mark, name in BOMS[1:]:
        if head.startswith(mark):
            return name, f"begins with the byte order mark of {name.upper()}"
    half = len(head) // 2
    if half >= SMALLEST and head[1::2].count(0) > half * PLAUSIBLE:
        return "utf-16-le", "every second byte is zero, as in UTF-16 (little-endian)"
    if half >= SMALLEST and head[0::2].count(0) > half * PLAUSIBLE:
        return "utf-16-be", "every second byte is zero, as in UTF-16 (big-endian)"
    if not count.invalid or count.valid > count.invalid:
        return "utf-8", ""
    if is_json and count.is_slight:
        return "utf-8", ""
    if count.plausible < PLAUSIBLE * count.invalid:
        return "utf-8", ""
    return "cp1252", (
        f"{count.invalid:,} bytes are not UTF-8 and read well as cp1252; "
        f"{count.valid:,} valid multi-byte UTF-8 sequences speak against it"
    )


_HALF = b"\xff"
"""Marks, in the decoded stream, a byte that is half of a UTF-16 unit; it never occurs in UTF-8."""


def decoded_blocks(source: Source, encoding: str) -> Iterator[bytes]:
    """The file as UTF-8, ``BLOCK`` source bytes at a time; UTF-8 itself is passed through as it is.

    What an encoding cannot decode becomes lone surrogates or C1 characters, and half a UTF-16 unit at the end of
    a truncated file becomes two letters behind a byte that no UTF-8 has, so that nothing is lost:
    :func:`encode_back` gives the original bytes.

    Raises:
        UnreadableError: the encoding has no way to pass on what it cannot decode.
    """
    if encoding == "utf-8":
        yield from blocks(source)
        return
    errors = ERRORS.get(encoding, "surrogateescape")
    decoder = codecs.getincrementaldecoder(encoding)(errors)
    try:
        for block in blocks(source):
            yield decoder.decode(block).encode("utf-8", "surrogatepass")
        rest = decoder.getstate()[0]
        half = rest[len(rest) - len(rest) % 2 :] if encoding.startswith("utf-16") else b""
        if half:
            decoder = codecs.getincrementaldecoder(encoding)(errors)
        last = decoder.decode(rest[: len(rest) - len(half)] if half else b"", final=True)
    except UnicodeError as error:
        raise UnreadableError(
            f"is not {encoding}", where=source.name, hint="name its encoding, for instance: --encoding utf-8"
        ) from error
    yield last.encode("utf-8", "surrogatepass") + b"".join(_HALF + _letters(byte) for byte in half)


def _letters(byte: int) -> bytes:
    return bytes((0x41 + byte // 16, 0x41 + byte % 16))


def encode_back(text: bytes, encoding: str) -> bytes:
    """The source bytes of a piece of the decoded stream."""
    if encoding == "utf-8":
        return text
    text, mark, letters = text.partition(_HALF)
    half = bytes(((letters[0] - 0x41) * 16 + letters[1] - 0x41,)) if mark else b""
    whole = text.decode("utf-8", "surrogatepass")
    return whole.encode(encoding, ERRORS.get(encoding, "surrogateescape")) + half
