"""Findings are a frame, not objects: a corpus can have millions of them."""

from __future__ import annotations

from enum import StrEnum

import polars as pl


class Severity(StrEnum):
    """How much a finding matters: an error blocks, a warning is shown, information is counted."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


FOUND = pl.Schema(
    {
        "row": pl.Int64,
        "at": pl.String,  # RFC 6901 pointer into the source row; empty for the row as a whole
        "start": pl.Int32,  # span in the text at ``at``, in code points; null for all of it
        "end": pl.Int32,
        "message": pl.String,
        "evidence": pl.String,  # a word of the check's own vocabulary, never free text of the row
        "related": pl.Int64,  # the other row, where there is one
        "fix": pl.String,  # what may replace the span
    }
)
"""What a check returns. The engine adds ``check, severity, file, line, key, bytes, help, fingerprint``."""


def no_findings() -> pl.DataFrame:
    """An empty frame of findings."""
    return pl.DataFrame(schema=FOUND)
