"""JUnit XML, as test reporters read it: a test case a check, a failure for each that blocks."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from curate.reports.ci.annotations import annotate

if TYPE_CHECKING:
    from curate.core.report import Report
    from curate.reports.ci.annotations import Annotation

_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What no XML 1.0 document may hold (section 2.2)."""


def render(report: Report) -> str:
    """One suite; checks that found nothing are test cases that passed."""
    found = annotate(report)
    failed = sum(one.level == "error" for one in found)
    nothing = report.verdict.status == "nothing"
    counts = {
        "tests": str(len(found) + len(report.passed) + nothing),
        "failures": str(failed),
        "errors": str(int(nothing)),
    }
    top = ET.Element("testsuites", {"name": "curate", **counts})
    suite = ET.SubElement(top, "testsuite", {"name": "curate", **counts, "skipped": "0", "time": "0"})
    if nothing:
        case = _case(suite, "evaluated")
        reasons = "; ".join(report.verdict.reasons)
        ET.SubElement(
            case, "error", {"message": _clean(report.verdict.headline), "type": "nothing"}
        ).text = _clean(reasons)
    for one in found:
        _told(_case(suite, one.check), one)
    for check in report.passed:
        _case(suite, check)
    ET.indent(top, " ")
    return ET.tostring(top, encoding="unicode", xml_declaration=True)


def _case(suite: ET.Element, check: str) -> ET.Element:
    family, _, fault = check.partition(".")
    return ET.SubElement(
        suite,
        "testcase",
        {"classname": f"curate.{_clean(family)}", "name": _clean(fault or family), "time": "0"},
    )


def _told(case: ET.Element, one: Annotation) -> None:
    places = "\n".join(f"{spot.file}: {spot.told}" for spot in one.spots)
    text = _clean(f"{one.message}\n{one.mend}\n{places}")
    if one.level == "error":
        ET.SubElement(
            case, "failure", {"message": _clean(f"{one.title}: {one.message}"), "type": one.check}
        ).text = text
    else:
        ET.SubElement(case, "system-out").text = f"{one.level}: {_clean(one.title)}: {text}"


def _clean(text: str) -> str:
    return _FORBIDDEN.sub("\ufffd", text)
