# ruff: noqa: INP001 (a program that the action runs, in no package)
"""The step of the GitHub Action that checks: runs ``curate check``, annotates, and writes the summary.

It is a program and not a line of shell, so that names with spaces and quoted options arrive whole, and nothing of what
a workflow passes is run. Python's own library is all that it needs. Environment: ``CURATE_DATA``, ``CURATE_OPTIONS``
and ``CURATE_SARIF`` from the inputs; ``RUNNER_TEMP`` and ``GITHUB_STEP_SUMMARY`` from the runner.
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

USAGE = 2
MOST = 4_000
"""Characters of an error that go to the summary."""


def words_of(text: str) -> list[str]:
    """Words as a shell reads them, with quotes; a backslash is a backslash, as in a path on Windows.

    Raises:
        ValueError: a quote is not closed.
    """
    lexer = shlex.shlex(text, posix=True, punctuation_chars=False)
    lexer.whitespace_split, lexer.escape, lexer.commenters = True, "", ""
    return list(lexer)


def main() -> int:
    """Exit with the code of ``curate check``; a run that came to no report is an annotation as well."""
    page = Path(os.environ["RUNNER_TEMP"]) / "curate.md"
    page.unlink(missing_ok=True)  # of an earlier step of the job
    try:
        code, told = _check(page)
    except ValueError as error:
        code, told = USAGE, f"error: the inputs of the action cannot be read: {error}\n"
    sys.stdout.flush()
    sys.stderr.write(told)
    if not page.exists():
        sys.stdout.write(f"::error title=curate::{_escaped(_reason(told, code))}\n")
    with Path(os.environ["GITHUB_STEP_SUMMARY"]).open("a", encoding="utf-8") as summary:
        summary.write(page.read_text("utf-8") if page.exists() else _failure(told, code))
    return code


def _check(page: Path) -> tuple[int, str]:
    """The exit code, and what was said on stderr."""
    outputs = ["--output", "github", "--output", f"markdown={page}"]
    if sarif := os.environ.get("CURATE_SARIF", ""):
        outputs += ["--output", f"sarif={sarif}"]
    options, data = words_of(os.environ.get("CURATE_OPTIONS", "")), words_of(os.environ["CURATE_DATA"])
    command = ["curate", "check", *options, "--quiet", *outputs, "--", *data]
    try:
        done = subprocess.run(command, stderr=subprocess.PIPE, check=False)  # noqa: S603 (no shell: words are words)
    except OSError as error:
        return USAGE, f"error: curate cannot be started: {error.strerror}\n"
    return done.returncode, done.stderr.decode("utf-8", "replace")


def _reason(told: str, code: int) -> str:
    """The error with its hint, which is indented; of a crash the last line."""
    lines = told.splitlines()
    at = next((at for at, line in enumerate(lines) if re.match("error: ", line, re.IGNORECASE)), None)
    if at is None:
        return next((line for line in reversed(lines) if line.strip()), f"curate check exited with {code}")
    hints = [line.strip() for line in lines[at + 1 :] if line.startswith(" ")]
    return "\n".join((lines[at].partition(" ")[2], *hints))


def _failure(told: str, code: int) -> str:
    """The summary of a run without a report."""
    ticks = max((len(run) for run in re.findall("`+", told)), default=0)
    fence = "`" * max(3, ticks + 1)
    return (
        f"## curate: nothing was checked (exit code {code})\n\n{fence}text\n{told[:MOST].rstrip()}\n{fence}\n"
    )


def _escaped(text: str) -> str:
    """As workflow commands want it."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


if __name__ == "__main__":
    sys.exit(main())
