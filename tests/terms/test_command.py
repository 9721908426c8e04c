from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner, Result

from benchmarks.bars import terms_discover, terms_glossaries
from curate.cli.terms import command
from curate.terms.load import load_glossary

if TYPE_CHECKING:
    from pathlib import Path

GLOSSARY = """\
terms:
  - preferred: email
    variants: [e-mail]
  - preferred: website
    variants: [web site]
    severity: error
"""
ROWS = [
    ("How do I reach you?", "Send an e-mail, or use the email form."),
    ("What does e-mail mean?", "An e-mail is a message."),
    ("And then?", 'The sign says "web site". Ask by email.'),
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    lines = [json.dumps({"prompt": prompt, "completion": answer}) for prompt, answer in ROWS]
    (tmp_path / "data.jsonl").write_text("\n".join(lines) + "\n", "utf-8")
    (tmp_path / "terms.yaml").write_text(GLOSSARY, "utf-8")
    return tmp_path


def invoke(*words: object) -> Result:
    return CliRunner().invoke(command, [*map(str, words)], standalone_mode=False, catch_exceptions=False)


def test_check(folder: Path) -> None:
    done = invoke("check", folder / "data.jsonl", "-g", folder / "terms.yaml", "-q")
    assert done.output.replace(str(folder) + "/", "").splitlines() == [
        "data.jsonl:1  /completion  terms.variant  e-mail → email",
        "data.jsonl:2  /completion  terms.variant  e-mail → email (left alone: copy)",
        "data.jsonl:3  /completion  terms.variant  web site → website (left alone: protected: quotation)",
        "   66.7%  email: 2 of 3 uses",
        "3 rows: 2 of 2 terms used, consistency 66.7%",
    ]
    assert done.return_value == 0


def test_a_term_of_severity_error_fails(folder: Path) -> None:
    path = folder / "more.jsonl"
    path.write_text(
        json.dumps({"prompt": "Where?", "completion": "On the web site of ours."}) + "\n", "utf-8"
    )
    assert invoke("check", path, "-g", folder / "terms.yaml", "-q").return_value == 1


def test_apply_then_check(folder: Path) -> None:
    out = folder / "fixed.jsonl"
    done = invoke("apply", folder / "data.jsonl", "-o", out, "--glossary", folder / "terms.yaml", "-q")
    assert done.return_value == 0, done.output
    rows = [json.loads(line)["completion"] for line in out.read_text("utf-8").splitlines()]
    assert rows == ["Send an email, or use the email form.", ROWS[1][1], ROWS[2][1]]
    assert "consistency 100.0%" in invoke("check", out, "-g", folder / "terms.yaml", "-q").output


def test_discover_then_check(folder: Path) -> None:
    out = folder / "found.yaml"
    done = invoke("discover", folder / "data.jsonl", "-o", out, "-q")
    assert "1 proposal →" in done.output
    (term,) = load_glossary(out).terms
    assert term.preferred == "email"
    assert "curate terms check" in done.output
    assert invoke("discover", folder / "data.jsonl", "-q").output == out.read_text("utf-8")
    with pytest.raises(Exception, match="exists already"):
        invoke("discover", folder / "data.jsonl", "-o", out, "-q")


def test_nothing_found_names_no_next_command(folder: Path) -> None:
    path, out = folder / "plain.jsonl", folder / "found.yaml"
    path.write_text(json.dumps({"prompt": "Where?", "completion": "Here."}) + "\n", "utf-8")
    done = invoke("discover", path, "-o", out, "-q")
    assert "0 proposals" in done.output
    assert "curate terms check" not in done.output


def test_the_table_is_as_long_as_is_asked_for(folder: Path) -> None:
    path = folder / "more.jsonl"
    answers = ("Send an e-mail on the web site.", "See our website by email.")
    path.write_text("".join(json.dumps({"prompt": "How?", "completion": one}) + "\n" for one in answers))
    done = invoke("check", path, "-g", folder / "terms.yaml", "-q", "--show", 1)
    lines = done.output.splitlines()
    assert lines[1] == "and 1 more"
    assert lines[3] == "and 1 term more"
    assert len(lines) == 5


def test_a_low_consistency_fails_where_it_is_asked_to(folder: Path) -> None:
    words = ("check", folder / "data.jsonl", "-g", folder / "terms.yaml", "-q", "--fail-under")
    assert [invoke(*words, 66).return_value, invoke(*words, 67).return_value] == [0, 1]
    assert "below 67%" in invoke(*words, 67).output


def test_apply_takes_the_options_of_its_neighbours(folder: Path) -> None:
    out = folder / "fixed.jsonl"
    done = invoke("apply", "-g", folder / "terms.yaml", folder / "data.jsonl", "-o", out, "-q")
    assert done.return_value == 0, done.output
    assert "Send an email," in out.read_text("utf-8")
    assert "--glossary" in invoke("apply", "-h").output


def test_a_glossary_is_needed(folder: Path) -> None:
    with pytest.raises(Exception, match="Missing option '--glossary'"):
        invoke("check", folder / "data.jsonl", "-q")


def test_workers_give_the_same(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    words = ("discover", folder / "data.jsonl", "-q", "--workers")
    alone = invoke(*words, 1).output
    monkeypatch.setattr("curate.engines.local.POOL_FROM", 0)
    assert invoke(*words, 2).output == alone


def test_the_corpora_are_what_the_script_makes() -> None:
    script = (
        "import sys, hashlib\n"
        "from making import terms\n"
        "print([hashlib.sha256(terms.make(name)[0]).hexdigest() for name in sys.argv[1:]])"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, *terms_glossaries.NAMES],
        cwd=terms_glossaries.FOLDER.parent,
        capture_output=True,
        text=True,
        check=True,
    )
    kept = [(terms_glossaries.FOLDER / f"{name}.jsonl").read_bytes() for name in terms_glossaries.NAMES]
    assert done.stdout.strip() == str([hashlib.sha256(data).hexdigest() for data in kept])


@pytest.mark.parametrize("name", terms_glossaries.NAMES)
def test_the_truth_says_where(name: str) -> None:
    folder = terms_glossaries.FOLDER
    rows = [json.loads(line) for line in (folder / f"{name}.jsonl").read_text("utf-8").splitlines()]
    assert len(rows) >= 300
    for line in (folder / f"{name}.truth.jsonl").read_text("utf-8").splitlines():
        entry = json.loads(line)
        text = rows[entry["line"] - 1]["completion"]
        assert text[entry["start"] :].startswith(entry["span"])


def test_the_glossaries_hold_on_their_corpora() -> None:
    assert [(outcome.line, outcome.figure) for outcome in terms_glossaries.run() if not outcome.held] == []


def test_proposals_from_medquad_were_read(real_data: Path) -> None:
    assert real_data.exists()
    assert [outcome.figure for outcome in terms_discover.run()[:2] if not outcome.held] == []
