"""What a user must hear while data is read, beside the result: a guess that was made, an option that did nothing.

It goes to the logger ``curate``: a program decides what becomes of it, and by default it stands on stderr.
"""

from __future__ import annotations

import logging
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

LOGGER = logging.getLogger("curate")


def tell(text: str, private: str = "") -> None:
    """Say something once it is known.

    Args:
        text: one line; it may hold single values of rows.
        private: the same without them; ``text`` holds none if this is empty.
    """
    LOGGER.warning("%s", text, extra={"private": private or text})


@contextmanager
def unheard() -> Iterator[None]:
    """Within, nothing is told: what is read is a copy of what was read before."""

    def none(_: logging.LogRecord) -> bool:
        return False

    LOGGER.addFilter(none)
    try:
        yield
    finally:
        LOGGER.removeFilter(none)
