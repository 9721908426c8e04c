"""What platforms are given: valid, within their limits at 60,000 findings, and without secrets.

SARIF is held against the schema of SARIF 2.1.0 and a stricter one of our own, JUnit against the schema of Jenkins
(``tests/reports/ci/schemas``) and a stricter one of our own.
"""

from __future__ import annotations

import json
import tempfile
from copy import deepcopy
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jsonschema
import xmlschema

from benchmarks.bar import ROOT, Outcome
from curate.api import report, report_of, scan_inputs
from curate.core.plan import Plan
from curate.reports.outputs import FORMATS, renderer
from tests.canaries import canaries, hosts
from tests.reports.ci.breaks import JUNIT_BREAKS, SARIF_BREAKS
from tests.reports.ci.sarif_form import SARIF

if TYPE_CHECKING:
    from curate.core.report import Report

PLAN, OPEN = Plan(show_text=False, workers=1), Plan(show_pii=True, workers=1)
HERE = ROOT / "tests" / "reports" / "ci"
XSDS = (HERE / "schemas" / "junit-10.xsd", HERE / "junit.xsd")
STANDARD = HERE / "schemas" / "sarif-2.1.0-rtm.5.json"
FINDINGS = 60_000

LIMITS = dict.fromkeys(FORMATS, 1024 * 1024) | {"markdown": 65_536}
"""Bytes: a job summary of GitHub holds 1 MiB, a comment on a pull request 65,536 characters."""

ANNOTATIONS = 10
"""Errors, and warnings, of a step that GitHub keeps."""


def run() -> list[Outcome]:
    """Two reports on sample data and a large one, in every format."""
    with tempfile.TemporaryDirectory() as folder:
        large = _large(Path(folder) / "large.jsonl")
        sample = report(str(ROOT / "data" / "contracts.jsonl"), plan=PLAN)
        return [
            _valid(sample, large),
            _controls(sample),
            _limits(large),
            _secrets(Path(folder) / "secret.jsonl"),
        ]


def _large(path: Path) -> Report:
    line = '{"instruction": "Name %d.", "input": "", "output": "It is %d.<|im_end|> \\u200b<|im_end|>"}\n'
    path.write_text("".join(line % (at, at) for at in range(FINDINGS // 3)) + '{"instruction": \n' * 200)
    done = report(str(path), plan=PLAN)
    if sum(one.findings for one in done.problems) < FINDINGS:
        raise RuntimeError("the large report has too few findings to prove anything")
    return done


def _forms() -> tuple[list[Any], list[xmlschema.XMLSchema]]:
    """What holds SARIF logs and JUnit documents to their forms."""
    standard = json.loads(STANDARD.read_text("utf-8"))
    logs = [jsonschema.Draft4Validator(standard), jsonschema.Draft202012Validator(SARIF)]
    return logs, [xmlschema.XMLSchema(str(path)) for path in XSDS]


def _valid(*reports: Report) -> Outcome:
    logs, documents = _forms()
    held = sum(form.is_valid(json.loads(renderer("sarif")(one))) for one in reports for form in logs)
    held += sum(form.is_valid(renderer("junit")(one)) for one in reports for form in documents)
    of = len(reports) * (len(logs) + len(documents))
    return Outcome(
        "SARIF 2.1.0 and JUnit that hold against the schemas of the standard, of Jenkins, and our own",
        f"{held} of {of}",
        "all",
        held == of,
    )


def _controls(sample: Report) -> Outcome:
    """The schemas of others must see what is wrong, or they prove nothing."""
    log, text = json.loads(renderer("sarif")(sample)), renderer("junit")(sample)
    (standard, _), (jenkins, _) = _forms()
    broken = [deepcopy(log) for _ in SARIF_BREAKS]
    for one, spoil in zip(broken, SARIF_BREAKS.values(), strict=True):
        spoil(one)
    seen = sum(not standard.is_valid(one) for one in broken)
    seen += sum(not jenkins.is_valid(text.replace(*change)) for change in JUNIT_BREAKS)
    of = len(SARIF_BREAKS) + len(JUNIT_BREAKS)
    return Outcome(
        "documents broken on purpose that the schemas refuse", f"{seen} of {of}", "all", seen == of
    )


def _limits(large: Report) -> Outcome:
    sizes = {name: len(renderer(name)(large).encode()) for name in FORMATS}
    lines = renderer("github")(large).splitlines()
    most = max(
        sum(line.startswith(f"::{level} ") for line in lines) for level in ("error", "warning", "notice")
    )
    told = ", ".join(f"{name} {size:,}" for name, size in sorted(sizes.items()))
    held = most <= ANNOTATIONS and all(size <= LIMITS[name] for name, size in sizes.items())
    return Outcome(
        f"bytes of each output for {FINDINGS:,} findings, and annotations of a level",
        f"{told}; {most} annotations",
        f"≤ 1 MiB, markdown ≤ 65,536; ≤ {ANNOTATIONS}",
        held,
    )


def _secrets(path: Path) -> Outcome:
    """A file for each canary, which stands in every place of a row; the JSON report with texts is the control."""
    secrets = canaries(50)
    shown = told = 0
    for secret in secrets:
        path.write_text("".join(json.dumps(host) + "\n" for host in hosts(secret)))
        done = report_of(scan_inputs((str(path),), PLAN), PLAN)
        shown += sum(secret in renderer(name)(done) for name in FORMATS)
        told += secret in renderer("json")(report_of(scan_inputs((str(path),), OPEN), OPEN))
    return Outcome(
        f"canaries in any of {len(FORMATS)} formats (control: shown with texts, unmasked)",
        f"{shown} ({told} of {len(secrets)})",
        "0 (all)",
        shown == 0 and told == len(secrets),
    )
