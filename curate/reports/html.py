"""The HTML report: one file that opens without a network, and in which row text can do no harm.

The page carries a Content-Security-Policy (W3C CSP Level 3) that allows nothing but the style and the script
written here, each by its SHA-256 hash: no image, frame, font, form or connection, and no style or handler in an
attribute. Every other string passes through Jinja's autoescape and through :mod:`curate.reports.html_text`.
"""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files as resources
from typing import TYPE_CHECKING

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from curate.core.harm import MEANINGS, WEIGHTS
from curate.reports import html_by, html_charts, html_text
from curate.reports.plain import UNCHANGED, command_for_all, waiver_text

if TYPE_CHECKING:
    from curate.core.report import Example, Excerpt, Harm, InputFile, Place, Problem, Report

UNFOLDED = 5
"""Problems whose examples are open from the start, beside those that block."""

FILES_UNFOLDED, FILES_NOTED, FILES_LISTED = 20, 10, 500
QUARANTINE_SHOWN = 10
REASONS_SHOWN = 8
OVERVIEW_FROM = 4
LONG_NAME = 64

UNMEASURED = "no evidence yet"
"""What the report says of a fault's effect on a trained model until it is measured."""

BADGES = {"error": "Error", "warning": "Warning", "info": "Info"}
UNITS = ((10**12, "TB"), (10**9, "GB"), (10**6, "MB"), (10**3, "kB"))


@dataclass(frozen=True)
class Bytes:
    """The byte account of the inputs that are text: every byte lies in a row, in quarantine or between records."""

    size: int
    rows: int
    quarantined: int
    separators: int

    @property
    def missing(self) -> int:
        """Bytes that no part accounts for; zero where nothing is lost."""
        return self.size - self.rows - self.quarantined - self.separators


def render_html(report: Report, said: str = UNCHANGED) -> str:
    """The report as one HTML document that loads nothing.

    The same report gives the same bytes: there is no time, no random name and no dependence on the machine.

    Args:
        report: complete facts; nothing is computed here but geometry and wording.
        said: beside the account of the rows, of what was done to the data before it was read.
    """
    style, script = asset("report.css"), asset("report.js")
    page = environment().get_template("report.html.j2")
    return page.render(
        report=report,
        policy=_policy(style, script),
        style=Markup(style),  # noqa: S704 (our own file, not data)
        script=Markup(script),  # noqa: S704 (the same)
        ids={problem.check: anchor(problem.check, rank) for rank, problem in enumerate(report.problems, 1)},
        bytes=count_bytes(report.files),
        charts=html_charts.columns([html_charts.draw(chart) for chart in report.data.charts]),
        lanes=html_charts.flow(report.rows),
        origins=[html_by.origins(one) for one in report.by],
        grades=[(grade.value, weight, MEANINGS[grade]) for grade, weight in WEIGHTS.items()],
        families=_families(report.passed),
        noted=_noted(report.files),
        command=command_for_all(report),
        unchanged=said[:1].upper() + said[1:],
        limits=_limits(),
    )


def _limits() -> dict[str, int]:
    return {
        "unfolded": UNFOLDED,
        "files": FILES_UNFOLDED,
        "files_listed": FILES_LISTED,
        "quarantine": QUARANTINE_SHOWN,
        "reasons": REASONS_SHOWN,
        "overview": OVERVIEW_FROM,
        "long": html_text.LONG,
    }


@cache
def environment() -> Environment:
    """The templates of all pages; whatever a row holds is escaped in them."""
    made = Environment(
        loader=PackageLoader("curate.reports", "assets"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_finalize,
    )
    made.filters.update(
        visible=html_text.visible,
        words=html_text.words,
        marked=html_text.marked,
        full=lambda excerpt: html_text.marked(html_text.shortened(excerpt, html_text.LONG, html_text.LONG)),
        short=lambda excerpt: html_text.marked(html_text.shortened(excerpt)),
        number=number,
        weight="{:g}".format,
        percent=percent,
        size=size,
        counted=counted,
        harm_width=html_charts.harm_width,
    )
    made.tests.update(long=html_text.is_long, pasteable=pasteable)
    made.globals.update(
        badge=badge,
        advice=advice,
        place_name=place_name,
        reason_of=reason_of,
        answers=answers,
        is_measured=is_measured,
        waived=waiver_text,
    )
    return made


def _finalize(value: object) -> object:
    """The last net: a string that reached the page without the ``visible`` filter has nothing unseen in it either."""
    return html_text.plain(value) if isinstance(value, str) and not isinstance(value, Markup) else value


@cache
def asset(name: str) -> str:
    """A style sheet or script that is written into a page."""
    return resources("curate.reports").joinpath("assets", name).read_text(encoding="utf-8")


def _policy(style: str, script: str) -> str:
    hashes = [base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() for text in (style, script)]
    return (
        f"default-src 'none'; style-src 'sha256-{hashes[0]}'; script-src 'sha256-{hashes[1]}'; "
        "base-uri 'none'; form-action 'none'"
    )


def anchor(check: str, rank: int) -> str:
    """The id of a problem: its check's name, so that links last; its rank where the name is unusual."""
    return f"problem-{check}" if re.fullmatch(r"[a-z0-9.-]+", check) else f"problem-{rank}"


def badge(problem: Problem) -> str:
    """What the badge says: whether it blocks, otherwise its severity."""
    return "Blocks" if problem.blocks else BADGES.get(problem.severity, problem.severity)


def advice(problem: Problem) -> str:
    """What to do, without the command at its end, which is shown below it with a button."""
    quoted = f"`{problem.command}`"
    head, found, tail = problem.mend.rpartition(quoted)
    return head.rstrip() if problem.command and found and tail.strip() in {"", "."} else problem.mend


def is_measured(harm: Harm) -> bool:
    """Whether anything is known about the effect on a trained model: the page says once that else nothing is."""
    return harm.evidence not in ("", UNMEASURED)


def pasteable(command: str) -> bool:
    """Whether a command can be copied: what is pasted must be what was read, and no file name may be left out."""
    return html_text.is_plain(command) and "…" not in command.split()


def place_name(place: Place) -> str:
    """``file:line``, or the row where the container has no lines; a long path keeps its end."""
    name = place.file if len(place.file) <= LONG_NAME else "…" + place.file[-LONG_NAME:]
    return f"{name}:{place.line}" if place.line is not None else f"{name}, row {place.row:,}"


def reason_of(reason: str, problems: tuple[Problem, ...]) -> tuple[str, str]:
    """A reason of the verdict, split into the check that it begins with (or nothing) and the rest."""
    for problem in problems:
        if reason.startswith(problem.check + ":"):
            return problem.check, reason[len(problem.check) + 1 :].strip()
    return "", reason


def answers(example: Example) -> list[tuple[str, Place | None, Excerpt]]:
    """The answers to show: this row's unless the text at fault shows it already, and the related row's.

    Each with a caption and, for the related row, its place. Where both say the same, it is shown once.
    """
    target, other = example.target, example.related_text
    if target is not None and other is not None and target.text == other.text:
        return [("Same answer in this row and in", example.related, target)]
    shown: list[tuple[str, Place | None, Excerpt]] = []
    if target is not None and not _shows(example, target):
        shown.append(("Answer in this row" if other is not None else "Answer", None, target))
    if other is not None:
        shown.append(("Answer in", example.related, other))
    return shown


def _shows(example: Example, target: Excerpt) -> bool:
    """Whether the answer is seen already; of a row that has neither prompt nor answer, neither is worth a line."""
    text = example.text
    if text is None:
        asked = example.prompt is not None and example.prompt.text
        return not target.text and not asked and example.related_text is None
    return text.text.startswith(target.text) or target.text in text.text


def count_bytes(inputs: tuple[InputFile, ...]) -> Bytes:
    """The byte account of the inputs whose size is known; binary containers have none."""
    sized = [one for one in inputs if one.size]
    return Bytes(
        sum(one.size for one in sized),
        sum(one.row_bytes for one in sized),
        sum(one.quarantined_bytes for one in sized),
        sum(one.separator_bytes for one in sized),
    )


def _families(passed: tuple[str, ...]) -> list[tuple[str, list[str]]]:
    """Check names by family, in order."""
    families: dict[str, list[str]] = {}
    for name in passed:
        family, _, fault = name.partition(".")
        families.setdefault(family, []).append(fault or family)
    return sorted(families.items())


def _noted(inputs: tuple[InputFile, ...]) -> list[InputFile]:
    """What is shown of many files before the list is unfolded: first those with something to say."""
    told = sorted(inputs, key=lambda one: (not one.quarantined, not one.notes, not one.evidence))
    return told[:FILES_NOTED]


def number(value: float) -> str:
    """A count with separators."""
    return f"{value:,}"


def percent(share: float) -> str:
    """A share in percent that never rounds a part to nothing or to all."""
    if share <= 0 or share >= 1:
        return "100%" if share >= 1 else "0%"
    if share < 0.0001:  # noqa: PLR2004 (what two decimals can show)
        return "< 0.01%"
    if share > 0.999:  # noqa: PLR2004 (what one decimal can show)
        return "> 99.9%"
    return f"{100 * share:.2f}%" if share < 0.01 else f"{100 * share:.1f}%"  # noqa: PLR2004 (a second decimal below 1 %)


def size(count: int) -> str:
    """Bytes in decimal units (IEC 80000-13 leaves kB to powers of ten)."""
    for unit, name in UNITS:
        if count >= unit:
            return f"{count / unit:.3g} {name}"
    return counted(count, "byte")


def counted(count: int, word: str) -> str:
    """A count with its noun: 1 row, 2 rows."""
    return f"{count:,} {word}{'s' * (count != 1)}"
