"""``curate fix --only pii`` from the command line: files in, files out, undone byte for byte."""

from __future__ import annotations

import csv
import json
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from curate.cli.main import cli
from tests.fixing.pii_people import csv_of, customers, naming

if TYPE_CHECKING:
    from pathlib import Path

    from click.testing import Result


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*words: str) -> Result:
    return CliRunner().invoke(cli, words, catch_exceptions=False)


ROWS = (
    {
        "prompt": "I am Rosa Lindqvist, case LB-2024-17.",
        "chosen": "Dear Ms Lindqvist,",
        "rejected": "Hi Rosa!",
    },
    {"prompt": "Mail rosa@harborview.org", "chosen": "To rosa@harborview.org?", "rejected": "[EMAIL_1]"},
)


def test_list_and_patterns_of_ones_own(folder: Path) -> None:
    (folder / "rows.jsonl").write_text("".join(json.dumps(row) + "\n" for row in ROWS))
    (folder / "people.csv").write_text("name\nRosa Lindqvist\n")
    (folder / "curate.toml").write_text("[pii.patterns]\ncase-no = '\\bLB-[0-9]{4}-[0-9]+\\b'\n")
    run("fix", "rows.jsonl", "-o", "out.jsonl", "--only", "pii", "--known", "people.csv")
    assert [json.loads(line) for line in (folder / "out.jsonl").read_text().splitlines()] == [
        {
            "prompt": "I am [NAME_1], case [CASE_NO_1].",
            "chosen": "Dear Ms [NAME_1],",
            "rejected": "Hi [NAME_1]!",
        },
        {"prompt": "Mail [EMAIL_2]", "chosen": "To [EMAIL_2]?", "rejected": "[EMAIL_1]"},
    ]
    ledger = (folder / "out.jsonl.ledger.jsonl").read_text()
    assert {json.loads(line)["check"] for line in ledger.splitlines()[1:-1]} == {
        "pii.name",
        "pii.case-no",
        "pii.email",
    }
    run("undo", "out.jsonl.ledger.jsonl", "out.jsonl", "-o", "back.jsonl")
    assert (folder / "back.jsonl").read_bytes() == (folder / "rows.jsonl").read_bytes()


def test_a_second_run_changes_nothing_whatever_the_style(folder: Path) -> None:
    rows = naming(customers(8), 18)
    (folder / "people.csv").write_text(csv_of(customers(8)))
    (folder / "rows.jsonl").write_text("".join(json.dumps(one.row) + "\n" for one in rows))
    (folder / "curate.toml").write_text('[pii]\nstyle = "surrogate"\n')
    known = ("--only", "pii", "--known", "people.csv")
    run("fix", "rows.jsonl", "-o", "one.jsonl", *known)
    run("fix", "one.jsonl", "-o", "two.jsonl", *known)
    assert (folder / "one.jsonl").read_bytes() != (folder / "rows.jsonl").read_bytes()
    assert (folder / "two.jsonl").read_bytes() == (folder / "one.jsonl").read_bytes()


def test_keyed_placeholders_agree_between_files(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CURATE_PII_KEY", "hush")
    (folder / "curate.toml").write_text('[pii]\nscope = "file"\n')
    for name in ("a", "b"):
        (folder / f"{name}.jsonl").write_text(
            f'{{"prompt": "{name}", "completion": "rosa@harborview.org"}}\n'
        )
        run("fix", f"{name}.jsonl", "-o", f"{name}.out.jsonl", "--only", "pii")
    one, other = (json.loads((folder / f"{name}.out.jsonl").read_text())["completion"] for name in ("a", "b"))
    assert one == other
    assert one.startswith("[EMAIL_")
    assert "hush" not in (folder / "a.out.jsonl.ledger.jsonl").read_text()


def test_cells_of_a_table_keep_their_form(folder: Path) -> None:
    with (folder / "rows.csv").open("w", newline="") as handle:
        csv.writer(handle).writerows(
            [["prompt", "completion"], ["Who?", 'Say "rosa@harborview.org", then go.']]
        )
    run("fix", "rows.csv", "-o", "out.csv", "--only", "pii")
    with (folder / "out.csv").open(newline="") as handle:
        assert list(csv.reader(handle))[1] == ["Who?", 'Say "[EMAIL_1]", then go.']


def test_without_a_key_the_file_scope_is_refused(folder: Path) -> None:
    (folder / "curate.toml").write_text('[pii]\nscope = "file"\n')
    (folder / "rows.jsonl").write_text('{"prompt": "Who?", "completion": "rosa@harborview.org"}\n')
    result = CliRunner().invoke(cli, ["fix", "rows.jsonl", "-o", "out.jsonl", "--only", "pii"])
    assert "CURATE_PII_KEY" in str(result.exception)
    assert not (folder / "out.jsonl").exists()
