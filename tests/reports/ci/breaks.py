"""Ways in which a document is no longer valid, for showing that a schema sees what is wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable


def _region(log: dict[str, Any]) -> Any:
    return log["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["region"]


def _rules(log: dict[str, Any]) -> list[Any]:
    rules: list[Any] = log["runs"][0]["tool"]["driver"]["rules"]
    return rules


SARIF_BREAKS: dict[str, Callable[[dict[str, Any]], object]] = {
    "a level that is none": lambda log: log["runs"][0]["results"][0].update(level="bad"),
    "a result without message": lambda log: log["runs"][0]["results"][0].pop("message"),
    "a name that the standard has not": lambda log: log["runs"][0]["results"][0].update(line=1),
    "a line 0": lambda log: _region(log).update(startLine=0),
    "another version": lambda log: log.update(version="2.0.0"),
    "no driver": lambda log: log["runs"][0]["tool"].pop("driver"),
    "a message without text": lambda log: log["runs"][0]["results"][0].update(message={}),
    "a unit that is none": lambda log: log["runs"][0].update(columnKind="bytes"),
    "a count of 0": lambda log: log["runs"][0]["results"][0].update(occurrenceCount=0),
    "a rule that stands twice": lambda log: _rules(log).append(_rules(log)[0]),
    "no word on success": lambda log: log["runs"][0]["invocations"][0].pop("executionSuccessful"),
}
"""By what is wrong: a change of a SARIF log."""

JUNIT_BREAKS = (
    ("testcase", "case"),
    (' type="', ' kind="'),
    (' time="0"', ' time="soon"'),
    (' name="curate"', ""),
    (' classname="', ' class="'),
    ("</testsuite>", "<properties>none</properties></testsuite>"),
)
"""What is replaced in a JUnit document by what; it stays XML."""
