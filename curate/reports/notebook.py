"""A report as a piece of HTML for a notebook: verdict, account, problems. No text of any row."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from curate.reports.ci.annotations import annotate
from curate.reports.plain import account_text

if TYPE_CHECKING:
    from curate.core.report import Report
    from curate.reports.ci.annotations import Annotation

MOST = 30
"""Problems that are shown."""

SIGNS = {"error": "✖ blocks", "warning": "▲ warning", "note": "· note"}


def render(report: Report) -> str:
    """Styled by the notebook, so that it suits light and dark."""
    found = annotate(report)
    rows = "".join(map(_row, found[:MOST]))
    more = f"<p>and {len(found) - MOST} more</p>" if len(found) > MOST else ""
    table = f"<table><thead><tr>{_HEAD}</tr></thead><tbody>{rows}</tbody></table>" if found else ""
    headline, account = escape(report.verdict.headline), escape(account_text(report))
    return f"<div><p><strong>{headline}</strong><br>{account}</p>{table}{more}</div>"


_HEAD = "".join(f"<th>{name}</th>" for name in ("", "check", "rows", "where it begins", "what it is"))


def _row(one: Annotation) -> str:
    place = f"{one.first.file}, {one.first.told}"
    cells = (SIGNS[one.level], one.check, f"{one.count:,}", place, one.title)
    return "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in cells) + "</tr>"
