"""What commands say beside their result: numbers with their noun, and what was told while data was read."""

from __future__ import annotations

import logging
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from curate.core.telling import LOGGER
from curate.text.visible import visible

if TYPE_CHECKING:
    from collections.abc import Iterator


def count_of(number: int, word: str) -> str:
    """A number with its noun: ``1 row``, ``1,200 rows``."""
    return f"{number:,} {word}{'s' * (number != 1)}"


@contextmanager
def notices(*, show_text: bool = True) -> Iterator[None]:
    """What is told within stands on stderr afterwards, each thing once and on a line of its own.

    Args:
        show_text: whether single values of rows may be shown.
    """
    heard = _Hearing(show_text=show_text)
    LOGGER.addHandler(heard)
    try:
        yield
    finally:
        LOGGER.removeHandler(heard)
        for line in heard.lines:
            click.echo(f"note: {line}", err=True)


class _Hearing(logging.Handler):
    def __init__(self, *, show_text: bool) -> None:
        super().__init__(logging.WARNING)
        self._show_text = show_text
        self.lines: dict[str, None] = {}

    def emit(self, record: logging.LogRecord) -> None:
        """Keep one thing that is told."""
        text = record.getMessage() if self._show_text else getattr(record, "private", "")
        self.lines[visible(text)] = None
