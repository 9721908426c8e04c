"""A gate with a baseline: what it says of better and worse commits, of moved and edited rows, and of a merge."""

from __future__ import annotations

import random
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.bar import Outcome
from curate.api import scan_inputs
from curate.core.plan import Plan
from curate.engines.fingerprints import fingerprints
from curate.gate import NewOnly, new_only
from curate.gates.baseline import read_baseline, save_baseline
from tests.cli.test_baseline import LEAK, TOPICS, rows, write

if TYPE_CHECKING:
    from collections.abc import Iterable

PLAN = Plan(show_text=False, workers=1)
ROWS, EDITED = 400, 500
GIT = (
    "git",
    "-c",
    "user.name=Somebody",
    "-c",
    "user.email=somebody@example.com",
    "-c",
    "commit.gpgsign=false",
)


@dataclass(frozen=True)
class _Lab:
    """A folder with data and its baseline."""

    folder: Path

    @property
    def data(self) -> Path:
        return self.folder / "data.jsonl"

    @property
    def baseline(self) -> Path:
        return self.folder / "curate.baseline"

    def store(self, lines: list[dict[str, str]]) -> None:
        """Write data, and take all that is found for known."""
        write(self.data, lines)
        save_baseline(fingerprints(scan_inputs((self.data,), PLAN)), self.baseline)

    def compared(self, lines: list[dict[str, str]] | None = None) -> NewOnly:
        """What is new in the data, or in other lines in its place."""
        if lines is not None:
            write(self.data, lines)
        return new_only(scan_inputs((self.data,), PLAN), PLAN, self.baseline)

    def git(self, *words: str) -> bool:
        """Whether git does it."""
        return (
            subprocess.run((*GIT, *words), cwd=self.folder, capture_output=True, check=False).returncode == 0
        )


def run() -> list[Outcome]:
    """Four scenarios, each in a folder of its own."""
    outcomes = []
    for scenario in (_worse_and_better, _moved, _edited, _merged):
        with tempfile.TemporaryDirectory() as folder:
            outcomes.append(scenario(_Lab(Path(folder))))
    return outcomes


def _known() -> list[dict[str, str]]:
    """20 leaked tokens and 5 empty answers."""
    lines = rows(ROWS)
    for at in range(0, 200, 10):
        lines[at]["output"] += f" {LEAK}"
    for at in range(1, 100, 20):
        lines[at]["output"] = ""
    return lines


def _mended(lines: list[dict[str, str]], places: Iterable[int]) -> list[dict[str, str]]:
    wanted = set(places)
    return [
        row | {"output": row["output"].removesuffix(f" {LEAK}")} if at in wanted else row
        for at, row in enumerate(lines)
    ]


def _told(done: NewOnly) -> str:
    mended = sum(count for _, count in done.facts.mended)
    code = done.report().verdict.exit_code
    return f"{done.facts.known} known, {done.facts.new} new, {mended} mended, exit code {code}"


def _outcome(line: str, figure: str, bar: str) -> Outcome:
    return Outcome(line, figure, bar, figure == bar)


def _worse_and_better(lab: _Lab) -> Outcome:
    lines = _known()
    lab.store(lines)
    bad = [
        {
            "instruction": f"Who signs annex {at} with the {topic} firm?",
            "input": "",
            "output": f"The owner.{LEAK}",
        }
        for at, topic in enumerate(TOPICS[:3])
    ]
    done = lab.compared([*bad[:1], *_mended(lines, (0, 10)), *bad[1:]])
    bar = "23 known, 3 new, 2 mended, exit code 1"
    return _outcome("a commit that adds 3 bad rows and mends 2", _told(done), bar)


def _moved(lab: _Lab) -> Outcome:
    lines = _known()
    lab.store(lines)
    random.Random(3).shuffle(lines)  # noqa: S311 (reproducible, not secret)
    done = lab.compared([*rows(5, seed=77), *lines])
    bar = "25 known, 0 new, 0 mended, exit code 0"
    return _outcome(f"{ROWS} rows shuffled, and 5 put before them", _told(done), bar)


def _edited(lab: _Lab) -> Outcome:
    lines = rows(EDITED + 100)
    for row in lines[:EDITED]:
        row["output"] = f"{LEAK} {row['output']}"
    lab.store(lines)
    for at, row in enumerate(lines[:EDITED]):
        row["instruction" if at % 2 else "output"] += (
            " This was added later by an editor." if at % 3 else " (seen)"
        )
    done = lab.compared(lines)
    return _outcome(
        f"{EDITED} known rows edited elsewhere in the row",
        _told(done),
        f"{EDITED} known, 0 new, 0 mended, exit code 0",
    )


def _merged(lab: _Lab) -> Outcome:
    """Two branches mend ten rows each and shrink their baselines."""
    lines = _known()
    lab.store(lines)
    (lab.folder / ".gitattributes").write_text("curate.baseline merge=union\n")
    done = lab.git("init", "-q", "-b", "trunk") and lab.git("add", ".") and lab.git("commit", "-qm", "Data")
    for branch, first in (("one", 0), ("two", 100)):
        done &= lab.git("checkout", "-q", "-b", branch, "trunk")
        left = lab.compared(_mended(lines, range(first, first + 100, 10)))
        save_baseline(left.kept, lab.baseline)
        done &= lab.git("commit", "-qam", f"Mend {branch}")
    done &= lab.git("checkout", "-q", "trunk") and lab.git("merge", "-q", "one")
    done &= lab.git("merge", "-q", "-m", "Both", "two")
    left = lab.compared()
    save_baseline(left.kept, lab.baseline)
    return _outcome(
        "two branches that mend 10 rows each, merged, and the baseline after the next ratchet",
        f"{'no conflict' if done else 'git failed'}, {left.facts.new} new, {len(read_baseline(lab.baseline))} lines",
        "no conflict, 0 new, 5 lines",
    )
