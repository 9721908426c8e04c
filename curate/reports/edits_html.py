"""The page of a fix: edits by class, before and after, so that a person can judge what is made and what is not.

It is as closed as the report (:mod:`curate.reports.html`): its Content-Security-Policy allows one style by its hash,
and no script at all.
"""

from __future__ import annotations

import base64
import hashlib
from typing import TYPE_CHECKING

from markupsafe import Markup

from curate.reports import html_charts
from curate.reports.html import asset, environment
from curate.reports.pairs_html import said

if TYPE_CHECKING:
    from curate.core.edits import Edits


def render_edits_html(done: Edits) -> str:
    """The page as one HTML document that loads nothing; the same facts give the same bytes."""
    style = asset("report.css") + asset("pairs.css")
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return (
        environment()
        .get_template("edits.html.j2")
        .render(
            done=done,
            policy=f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'",
            style=Markup(style),  # noqa: S704 (our own file, not data)
            lanes=html_charts.flow(done.rows),
            edits=sum(one.edits for one in done.made),
            suggestions=sum(one.edits for one in done.suggested),
            said=said,
        )
    )
