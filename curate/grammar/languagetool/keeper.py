"""Stands between us and a server of our own: it ends the server when we end, however we end.

Run as a script with nothing but the standard library: ``keeper.py FOLDER COMMAND…``. Its standard input is a pipe that
only its parent holds: a byte in it means that the server has answered, its end that the server is no longer wanted
(the system closes it when the parent is killed). A server that had answered and dies is started once more at the same
port. What the server prints goes to ``FOLDER/log``. As long as a server is to be expected, ``FOLDER/kept`` is locked;
when none is wanted any more, the folder goes. Not for Windows, which cannot wait for a pipe so.
"""

from __future__ import annotations

import ctypes
import os
import select
import shutil
import signal
import subprocess
import sys
from pathlib import Path

if sys.platform != "win32":
    import fcntl

LOG = "log"
KEPT = "kept"
EVERY = 0.1
"""Seconds between looks at the server and at the parent."""

_PR_SET_PDEATHSIG = 1


class _Parent:
    """What the pipe and the system say of the parent."""

    def __init__(self) -> None:
        self.pid = os.getppid()
        self.has_seen_it = False
        self._has_closed = False

    def is_gone(self, within: float = 0.0) -> bool:
        """Whether it is gone or closed the pipe; a forked child of it may still hold the pipe open."""
        if select.select([0], [], [], within)[0]:
            told = os.read(0, 64)
            self.has_seen_it |= bool(told)
            self._has_closed |= not told
        return self._has_closed or os.getppid() != self.pid


def _die_with_parent() -> None:
    """The server is killed if this process is (Linux; see prctl(2))."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def _run(command: list[str], log: Path, parent: _Parent) -> bool:
    """Run the server until it ends or is no longer wanted; gives whether another is wanted in its place."""
    with log.open("ab") as printed:
        server = subprocess.Popen(  # noqa: S603 (the command is our parent's)
            command,
            stdin=subprocess.DEVNULL,
            stdout=printed,
            stderr=subprocess.STDOUT,
            preexec_fn=_die_with_parent if sys.platform == "linux" else None,  # noqa: PLW1509 (no threads here)
        )
    try:
        while server.poll() is None:
            if parent.is_gone(EVERY):
                return False
    finally:
        server.kill()
        server.wait()
    return parent.has_seen_it


def is_kept(folder: str) -> bool:
    """Whether the keeper of a folder still runs: whatever ends it, the system frees its lock."""
    try:
        with (Path(folder) / KEPT).open("ab") as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        pass
    return False


def main(folder: str, *command: str) -> None:
    """Keep a server until its parent is gone, or it has died twice, or before it answered."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    place = Path(folder)
    parent = _Parent()
    kept = (place / KEPT).open("ab")  # closed, and with it unlocked, at the end of the process
    fcntl.flock(kept, fcntl.LOCK_EX)
    try:
        if _run(list(command), place / LOG, parent):
            _run(list(command), place / LOG, parent)
    finally:
        if parent.is_gone():
            shutil.rmtree(place, ignore_errors=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
