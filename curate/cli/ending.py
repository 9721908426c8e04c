"""Being ended from outside as one is ended by ctrl-c: what is temporary goes."""

from __future__ import annotations

import signal
import sys
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType

SIGNALS = tuple(getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name))
BY_SIGNAL = 128
"""What a shell adds to the number of a signal for the exit code."""


@contextmanager
def tidy_end() -> Iterator[None]:
    """Within, SIGTERM and SIGHUP unwind the program, so that temporary folders are removed.

    By default they end it where it stands. What runs in another thread than the main one is left as it is: Python
    takes signals nowhere else.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = [signal.signal(number, _end) for number in SIGNALS]
    try:
        yield
    finally:
        for number, old in zip(SIGNALS, before, strict=True):
            signal.signal(number, old)


def _end(number: int, _: FrameType | None) -> None:
    sys.exit(BY_SIGNAL + number)
