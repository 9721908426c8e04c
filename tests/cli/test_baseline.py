"""The gate with a baseline: a story told in a git repository, and what a merge may do to the file."""

from __future__ import annotations

import json
import random
import subprocess
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner

from curate.api import scan_inputs
from curate.cli.baseline import command as baseline
from curate.cli.check import command as check
from curate.core.errors import UnreadableError, UsageError
from curate.core.plan import Plan
from curate.gate import new_only
from curate.gates.baseline import read_baseline

if TYPE_CHECKING:
    from pathlib import Path

    from click.testing import Result

TOPICS = (
    "rent",
    "deposit",
    "notice",
    "repairs",
    "access",
    "parking",
    "insurance",
    "renewal",
    "sublet",
    "heating",
)
LEAK = "<|im_end|>"


def rows(count: int, seed: int = 1) -> list[dict[str, str]]:
    """Clean rows of which no two are alike."""
    draw = random.Random(seed)  # noqa: S311 (reproducible, not secret)
    return [
        {
            "instruction": f"What does clause {at} of the {draw.choice(TOPICS)} agreement with firm {at * 7} say?",
            "input": "",
            "output": f"Clause {at} says that the {draw.choice(TOPICS)} of unit {at * 3} is settled by the owner.",
        }
        for at in range(count)
    ]


def write(path: Path, data: list[Any]) -> None:
    path.write_text("".join(json.dumps(row) + "\n" for row in data), "utf-8")


def run(command: Any, *arguments: str) -> Result:
    return CliRunner().invoke(command, [*arguments, "--quiet"], standalone_mode=False)


@pytest.fixture
def data(tmp_path: Path) -> tuple[Path, Path, list[dict[str, str]]]:
    """A file with 20 leaked tokens and 5 empty answers among 400 rows, and its baseline."""
    lines = rows(400)
    for at in range(0, 200, 10):
        lines[at]["output"] += f" {LEAK}"
    for at in range(1, 100, 20):
        lines[at]["output"] = ""
    file, base = tmp_path / "data.jsonl", tmp_path / "curate.baseline"
    write(file, lines)
    assert run(baseline, str(file), "-o", str(base)).return_value == 0
    return file, base, lines


def test_known_findings_pass(data: tuple[Path, Path, list[dict[str, str]]]) -> None:
    file, base, _ = data
    assert run(check, str(file)).return_value == 1
    done = run(check, str(file), "--baseline", str(base))
    assert done.return_value == 0, done.output
    assert "25 known, 0 new, 0 mended" in done.output


def test_three_bad_rows_and_two_mended(data: tuple[Path, Path, list[dict[str, str]]]) -> None:
    file, base, lines = data
    bad = rows(3, seed=9)
    for at, row in enumerate(bad):
        row["instruction"] = f"Who signs annex {at} of the lease with the {TOPICS[at]} company?"
        row["output"] = f"The {TOPICS[at]} officer signs it.{LEAK}"
    lines[0]["output"] = lines[0]["output"].removesuffix(f" {LEAK}")
    lines[10]["output"] = lines[10]["output"].removesuffix(f" {LEAK}")
    write(file, [*bad[:1], *lines[:50], *bad[1:], *lines[50:]])
    done = run(check, str(file), "--baseline", str(base))
    assert done.return_value == 1
    assert "23 known, 3 new, 2 mended (template.leaked-token 2)" in done.output
    assert "template.leaked-token: 3 rows" in done.output


def test_lines_may_move(data: tuple[Path, Path, list[dict[str, str]]]) -> None:
    file, base, lines = data
    random.Random(3).shuffle(lines)  # noqa: S311 (reproducible, not secret)
    write(file, [*rows(5, seed=77), *lines])
    assert "25 known, 0 new, 0 mended" in run(check, str(file), "--baseline", str(base)).output


def test_500_rows_edited_elsewhere_stay_known(tmp_path: Path) -> None:
    lines = rows(600)
    for row in lines[:500]:
        row["output"] = f"{LEAK} {row['output']}"
    file, base = tmp_path / "data.jsonl", tmp_path / "b"
    write(file, lines)
    run(baseline, str(file), "-o", str(base))
    for at, row in enumerate(lines[:500]):
        part = "instruction" if at % 2 else "output"
        row[part] += " This was added later by an editor." if at % 3 else " (reviewed)"
    write(file, lines)
    assert "500 known, 0 new, 0 mended" in run(check, str(file), "--baseline", str(base)).output


def test_another_row_with_the_same_fault_is_new(data: tuple[Path, Path, list[dict[str, str]]]) -> None:
    file, base, lines = data
    other = {"instruction": "Name a colour of the sea at dusk.", "input": "", "output": ""}
    write(file, [*lines, other])
    assert "25 known, 1 new" in run(check, str(file), "--baseline", str(base)).output


def test_what_is_mended_here_gives_no_room_to_a_fault_there(tmp_path: Path) -> None:
    refusal = "I'm sorry, but as an AI language model I cannot help with that request."
    lines = [{"id": str(at), **row} for at, row in enumerate(rows(30))]
    good = [row["output"] for row in lines]
    for at in (3, 7):
        lines[at]["output"] = refusal
    file, base = tmp_path / "data.jsonl", tmp_path / "b"
    write(file, lines)
    run(baseline, str(file), "-o", str(base))
    for at, text in ((3, good[3]), (7, good[7]), (20, refusal), (21, refusal)):
        lines[at]["output"] = text
    write(file, lines)
    done = run(check, str(file), "--baseline", str(base))
    assert done.return_value == 1
    assert "0 known, 2 new, 2 mended" in done.output
    for row in lines:
        del row["id"]
        row["instruction"] = "Say what the clause says."
    write(file, lines)
    done = run(check, str(file), "--baseline", str(base))
    assert " 0 known, " in done.output
    assert "answer.refusal: 2 rows" in done.output


def test_another_files_baseline_forgives_nothing(data: tuple[Path, Path, list[dict[str, str]]]) -> None:
    file, base, lines = data
    other = file.with_name("other.jsonl")
    write(other, [{**lines[1], "instruction": "Who may park in the yard behind the house?"}])
    before = base.read_text()
    assert "0 known, 1 new, 0 mended" in run(check, str(other), "--baseline", str(base), "--ratchet").output
    assert base.read_text() == before


def test_the_ratchet_keeps_what_was_not_looked_at(data: tuple[Path, Path, list[dict[str, str]]]) -> None:
    file, base, _ = data
    before = base.read_text()
    run(check, str(file), "--baseline", str(base), "--ratchet", "--select", "text")
    assert base.read_text() == before
    file.write_text("")
    assert run(check, str(file), "--baseline", str(base), "--ratchet").return_value == 3
    assert base.read_text() == before


def test_the_ratchet_only_shrinks(data: tuple[Path, Path, list[dict[str, str]]]) -> None:
    file, base, lines = data
    lines[0]["output"] = lines[0]["output"].removesuffix(f" {LEAK}")
    lines[399]["output"] += LEAK
    write(file, lines)
    assert run(check, str(file), "--baseline", str(base), "--ratchet").return_value == 1
    assert len(read_baseline(base)) == 24
    assert "24 known, 1 new, 0 mended" in run(check, str(file), "--baseline", str(base)).output


def test_records_that_cannot_be_read_are_known_too(tmp_path: Path) -> None:
    file, base = tmp_path / "data.jsonl", tmp_path / "b"
    write(file, rows(20))
    with file.open("a") as out:
        out.write('{"instruction": "Cut\n')
    run(baseline, str(file), "-o", str(base))
    assert run(check, str(file), "--baseline", str(base)).return_value == 0
    kept = file.read_text()
    file.write_text(kept.replace('{"instruction": "Cut\n', '{"instruction": "Lost\n'))
    assert "0 known, 1 new, 1 mended" in run(check, str(file), "--baseline", str(base)).output
    file.write_text(kept + '{"instruction": "Cut again\n')
    done = run(check, str(file), "--baseline", str(base))
    assert done.return_value == 1
    assert "1 known, 1 new" in done.output


def _git(folder: Path, *words: str) -> str:
    names = (
        "-c",
        "user.name=Somebody",
        "-c",
        "user.email=somebody@example.com",
        "-c",
        "commit.gpgsign=false",
    )
    done = subprocess.run(
        ["git", *names, *words],  # noqa: S607
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_two_branches_that_mend_rows_merge(data: tuple[Path, Path, list[dict[str, str]]]) -> None:
    file, base, lines = data
    folder = file.parent
    (folder / ".gitattributes").write_text("curate.baseline merge=union\n")
    _git(folder, "init", "-q", "-b", "trunk")
    _git(folder, "add", ".")
    _git(folder, "commit", "-qm", "Data and its baseline")
    for branch, places in (("one", range(0, 100, 10)), ("two", range(100, 200, 10))):
        _git(folder, "checkout", "-q", "-b", branch, "trunk")
        ours = [dict(row) for row in lines]
        for at in places:
            ours[at]["output"] = ours[at]["output"].removesuffix(f" {LEAK}")
        write(file, ours)
        run(check, str(file), "--baseline", str(base), "--ratchet")
        assert len(read_baseline(base)) == 15
        _git(folder, "commit", "-qam", f"Mend {branch}")
    _git(folder, "checkout", "-q", "trunk")
    _git(folder, "merge", "-q", "one")
    _git(folder, "merge", "-q", "-m", "Merge two", "two")
    done = run(check, str(file), "--baseline", str(base), "--ratchet")
    assert done.return_value == 0
    assert "5 known, 0 new" in done.output
    assert len(read_baseline(base)) == 5


def test_a_baseline_holds_no_text(data: tuple[Path, Path, list[dict[str, str]]]) -> None:
    _, base, lines = data
    words = {word for row in lines for text in row.values() for word in text.split() if len(word) > 5}
    stored = base.read_text().partition("\n")[2]
    assert not [word for word in words if word in stored]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "is no baseline"),
        ("# curate.baseline/2\n", "is no baseline of the version"),
        ("# curate.baseline/1\n<<<<<<< ours\n", "is no line of a baseline"),
        ("# curate.baseline/1\nanswer.echo 1 2 3\n", "is no line of a baseline"),
    ],
)
def test_a_damaged_baseline_is_told(tmp_path: Path, text: str, says: str) -> None:
    path = tmp_path / "b"
    path.write_text(text)
    with pytest.raises(UnreadableError, match=says):
        read_baseline(path)


def test_it_is_not_overwritten_in_silence(data: tuple[Path, Path, list[dict[str, str]]]) -> None:
    file, base, _ = data
    with pytest.raises(UsageError, match="is there already"):
        CliRunner().invoke(
            baseline, [str(file), "-o", str(base)], standalone_mode=False, catch_exceptions=False
        )


def test_any_worker_count_gives_the_same(data: tuple[Path, Path, list[dict[str, str]]]) -> None:
    file, base, _ = data
    facts = [
        new_only(scan_inputs((file,), plan), plan, base).facts for plan in (Plan(workers=1), Plan(workers=2))
    ]
    assert facts[0] == facts[1]
