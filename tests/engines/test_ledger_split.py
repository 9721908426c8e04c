"""A ledger in two: the index tells no text, and both together are the ledger byte for byte."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from curate.cli.main import cli
from curate.core.errors import UnreadableError
from curate.engines.ledger_split import SHARED, join_ledger, split_ledger

LINES = [
    {
        "ledger": "curate.ledger/1",
        "curate": "0",
        "step": "fix",
        "inputs": [{"name": "a.jsonl", "sha256": "00", "size": 1}],
        "outputs": [{"name": "b.jsonl", "sha256": "11", "size": 2}],
        "plan": {"allow": ["rosa@harborview.org"]},
    },
    {
        "action": "edit",
        "key": "k",
        "file": "a.jsonl",
        "line": 1,
        "row": 1,
        "bytes": [0, 9],
        "check": "pii.email",
        "severity": "warning",
        "message": "an e-mail address is replaced",
        "raw": "rosa@harborview.org \ud83d",
        "before": "rosa@harborview.org",
        "after": "[EMAIL_1]",
        "unknown": "Zölle",
    },
    {"rows": {"in": 1, "kept": 1, "dropped": 0, "quarantined": 0, "edited": 1}},
]


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    path = tmp_path / "a.ledger.jsonl"
    lines = (json.dumps(line, ensure_ascii=False).encode("utf-8", "surrogatepass") for line in LINES)
    path.write_bytes(b"".join(line + b"\n" for line in lines))
    return path


def _split(ledger: Path) -> tuple[Path, Path]:
    index, store = ledger.with_name("index.jsonl"), ledger.with_name("store.jsonl")
    split_ledger(ledger, index, store)
    return index, store


def test_the_index_tells_where_and_why_and_no_text(ledger: Path) -> None:
    index, _ = _split(ledger)
    text = index.read_text("utf-8")
    assert not any(word in text for word in ("rosa", "EMAIL_1", "Zölle"))
    entry = json.loads(text.splitlines()[2])
    assert entry["check"] == "pii.email"
    assert entry["bytes"] == [0, 9]
    assert {name for name, value in entry.items() if isinstance(value, dict)} == {
        "raw",
        "before",
        "after",
        "unknown",
    }


def test_equal_texts_have_no_equal_marks(ledger: Path) -> None:
    ledger.write_bytes(ledger.read_bytes() + ledger.read_bytes())
    lines = [json.loads(line) for line in _split(ledger)[0].read_text("utf-8").splitlines()]
    assert lines[2]["before"] != lines[5]["before"]


def test_both_give_back_the_ledger(ledger: Path) -> None:
    index, store = _split(ledger)
    assert join_ledger(index, store, ledger.with_name("back.jsonl")) == 3
    assert ledger.with_name("back.jsonl").read_bytes() == ledger.read_bytes()


def test_a_line_that_is_written_otherwise_comes_back_as_it_was(ledger: Path) -> None:
    ledger.write_bytes(ledger.read_bytes().replace(b'"row": 1', b'"row":1'))
    index, store = _split(ledger)
    assert "rosa" not in index.read_text("utf-8")
    join_ledger(index, store, ledger.with_name("back.jsonl"))
    assert ledger.with_name("back.jsonl").read_bytes() == ledger.read_bytes()


@pytest.mark.parametrize(
    ("which", "old", "new"),
    [
        ("store", b"rosa", b"ross"),
        ("index", b"pii.email", b"pii.phone"),
        ("index", b'"line": 1', b'"line": 2'),
    ],
)
def test_what_was_changed_is_refused(ledger: Path, which: str, old: bytes, new: bytes) -> None:
    index, store = _split(ledger)
    path = {"index": index, "store": store}[which]
    path.write_bytes(path.read_bytes().replace(old, new))
    with pytest.raises(UnreadableError):
        join_ledger(index, store, ledger.with_name("back.jsonl"))
    assert not ledger.with_name("back.jsonl").exists()


def test_what_is_no_ledger_is_refused(tmp_path: Path) -> None:
    (tmp_path / "rows.jsonl").write_text('{"text": "x"}\n')
    with pytest.raises(UnreadableError, match="no ledger"):
        _split(tmp_path / "rows.jsonl")


def test_the_command(tmp_path: Path) -> None:
    rows = tmp_path / "rows.jsonl"
    rows.write_text('{"prompt": "Who?", "completion": "Ask rosa@harborview.org."}\n' * 2)
    out, index, store, back = (
        str(tmp_path / name) for name in ("out.jsonl", "index.jsonl", "store.jsonl", "back")
    )
    book = f"{out}.ledger.jsonl"
    runner = CliRunner()
    runner.invoke(cli, ["fix", str(rows), "-o", out, "--only", "pii"], catch_exceptions=False)
    told = runner.invoke(
        cli, ["ledger", "split", book, "--index", index, "--store", store], catch_exceptions=False
    )
    assert "texts taken out" in told.output
    assert "rosa" not in Path(index).read_text("utf-8")
    runner.invoke(cli, ["ledger", "join", index, store, "-o", back], catch_exceptions=False)
    assert Path(back).read_bytes() == Path(book).read_bytes()
    again = runner.invoke(cli, ["ledger", "join", index, store, "-o", back])
    assert "is there already" in str(again.exception)


def test_shared_fields_are_fields_of_a_ledger() -> None:
    from curate.core.ledger import Entry  # noqa: PLC0415 (kept beside its use)

    header = {"ledger", "curate", "step", "inputs", "outputs", "rows"}
    private = {"raw", "put", "before", "after", "differences"}
    assert set(Entry.__dataclass_fields__) - private == SHARED - header
