"""Zstandard streams (RFC 8878) that notice when they are cut short, which ``zstandard``'s own reader does not."""

from __future__ import annotations

import io
from typing import IO

import zstandard

PIECE = 128 * 1024


class ZstReader(io.RawIOBase):
    """All frames of a file, one after the other.

    Raises:
        EOFError: when reading, if the file ends in the middle of a frame.
    """

    def __init__(self, packed: IO[bytes]) -> None:
        self._packed = packed
        self._frame = zstandard.ZstdDecompressor().decompressobj()
        self._begun = False
        self._ready = b""

    def readable(self) -> bool:
        """It can be read."""
        return True

    def read(self, size: int = -1) -> bytes:
        """Up to ``size`` bytes; fewer than that only where a piece ends."""
        while not self._ready and self._fill():
            pass
        cut = len(self._ready) if size < 0 else size
        piece, self._ready = self._ready[:cut], self._ready[cut:]
        return piece

    def _fill(self) -> bool:
        """Decompress another piece; False at the end."""
        packed = self._frame.unused_data if self._frame.eof else b""
        if self._frame.eof:
            self._frame, self._begun = zstandard.ZstdDecompressor().decompressobj(), False
        packed = packed or self._packed.read(PIECE)
        if not packed:
            if self._begun:
                raise EOFError("the file ends in the middle of a frame")
            return False
        self._begun = True
        self._ready = self._frame.decompress(packed)
        return True

    def close(self) -> None:
        """Close the file below, too."""
        self._packed.close()
        super().close()
