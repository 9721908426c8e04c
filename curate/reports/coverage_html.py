"""The page of coverage: what the data teaches, where it is thin, and what to write next; one file, no network.

It is as closed as the report (:mod:`curate.reports.html`): its Content-Security-Policy allows one style by its hash,
and no script at all. Every picture has its figures as a table.
"""

from __future__ import annotations

import base64
import hashlib
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from curate import __version__
from curate.reports import coverage_html_charts as charts
from curate.reports import html_charts
from curate.reports.coverage_html_map import topic_map
from curate.reports.coverage_html_treemap import treemap, verbs_of
from curate.reports.html import asset, environment

if TYPE_CHECKING:
    from curate.core.coverage_report import CoverageReport, Topic

WIDE, NARROW = 1040, 350
"""Widths in pixels for which pictures are laid out that hold labels: for screens, and for phones."""

MOST_SHIFTS = 8
"""Values of a facet whose drift is drawn."""

WORK_SHOWN, TOPICS_SHOWN = 12, 12
"""Lines of the work list, and topics, that are shown from the start."""

HEADLINES = {"pass": "The contract is kept", "none": "What the data covers"}
"""By the status of the report; one that fails says by how much."""


def render_coverage_html(report: CoverageReport) -> str:
    """The page as one HTML document that loads nothing; the same facts give the same bytes.

    Args:
        report: complete facts; nothing is computed here but geometry and wording.
    """
    style = asset("report.css") + asset("coverage.css")
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return (
        environment()
        .get_template("coverage.html.j2")
        .render(
            report=report,
            version=__version__,
            policy=f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'",
            style=Markup(style),  # noqa: S704 (our own file, not data)
            headline=headline(report),
            further=further,
            limits={"work": WORK_SHOWN, "topics": TOPICS_SHOWN, "shades": charts.SHADES},
            **_pictures(report),
        )
    )


def headline(report: CoverageReport) -> str:
    """The page in a sentence."""
    if report.status != "fail":
        return HEADLINES.get(report.status, HEADLINES["none"])
    short = sum(cell.deficit > 0 for cell in report.cells)
    over = sum(cell.surplus > 0 for cell in report.cells)
    parts = [f"{short:,} short" if short else "", f"{over:,} over" if over else ""]
    told = ", ".join(part for part in parts if part)
    return f"{short + over:,} of {len(report.cells):,} cells out of bounds: {told}"


def further(topic: Topic) -> tuple[str, ...]:
    """The terms of a topic that its label does not hold."""
    return tuple(term for term in topic.terms if term not in topic.label)


def _pictures(report: CoverageReport) -> dict[str, Any]:
    verbs = verbs_of(report.verbs)
    return {
        "over": [cell for cell in report.cells if cell.surplus],
        "heats": [charts.heat_map(table, report.cells) for table in report.tables],
        "verbs": verbs,
        "trees": [
            ("wide", treemap(verbs, WIDE, 520)),
            ("narrow", treemap(verbs, NARROW, 560)),
        ]
        if verbs
        else [],
        "maps": [
            ("wide", topic_map(report.topics, WIDE, 560)),
            ("narrow", topic_map(report.topics, NARROW, 420)),
        ]
        if report.topics
        else [],
        "histograms": [charts.lengths_chart(one) for one in report.lengths],
        "lorenz": charts.lorenz(report.openings) if report.openings else None,
        "side": charts.LORENZ,
        "whiskers": [charts.whisker(one) for one in report.numbers],
        "moved": [charts.moved(one) for one in report.earlier.drift] if report.earlier else [],
        "pairs": [charts.pairs(one, MOST_SHIFTS) for one in report.earlier.drift] if report.earlier else [],
        "thresholds": [f"{100 * one / charts.DRIFT_END:.5g}%" for one in (charts.STABLE, charts.FAR)],
        "facets": html_charts.columns([charts.facet_chart(one) for one in report.facets]),
        "titles": {one.name: one.title for one in report.facets},
    }
