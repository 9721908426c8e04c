"""A badge in SVG for a README: the verdict and the number of rows. Readable without colour."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from curate.reports.plain import plural

if TYPE_CHECKING:
    from curate.core.report import Report

COLOURS = {"fit": "#2e7d32", "unfit": "#c62828", "nothing": "#616161"}
WORDS = {"fit": "fit to train on", "unfit": "not fit to train on", "nothing": "nothing evaluated"}

_LETTER = 6.6
"""Width of an average letter in pixels, at 11 px Verdana; a letter too wide only widens the margin."""


def render(report: Report) -> str:
    """``curate | fit to train on, 12,345 rows``."""
    label, status = "curate", report.verdict.status
    told = f"{WORDS[status]}, {plural(report.rows.in_, 'row')}"
    left, right = (round(len(text) * _LETTER) + 14 for text in (label, told))
    title = escape(f"{label}: {told}")
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{left + right}" height="20" role="img" aria-label="{title}">'
        f"<title>{title}</title>"
        f'<rect width="{left + right}" height="20" rx="3" fill="#424242"/>'
        f'<path d="M{left} 0h{right - 3}a3 3 0 0 1 3 3v14a3 3 0 0 1-3 3H{left}z" fill="{COLOURS[status]}"/>'
        '<g fill="#fff" text-anchor="middle" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11">'
        f'<text x="{left / 2:g}" y="14">{label}</text>'
        f'<text x="{left + right / 2:g}" y="14">{escape(told)}</text></g></svg>\n'
    )
