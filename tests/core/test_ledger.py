"""The ledger: written and read the same, and with the output it gives back the input."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

import pytest

from curate.core.errors import UnreadableError
from curate.core.ledger import (
    Entry,
    FileMark,
    Header,
    Ledger,
    Totals,
    entry_line,
    header_line,
    raw_bytes,
    read_ledger,
    restore,
    totals_line,
    write_raw,
)

if TYPE_CHECKING:
    from pathlib import Path

SOURCE = b"one\ntwo\nd\xe9j\xe0\nfour"
OUTPUT = b"one\nfour]"


def mark(name: str, data: bytes, added: bytes = b"") -> FileMark:
    return FileMark(name, hashlib.sha256(data).hexdigest(), len(data), write_raw(added))


def entry(start: int, raw: bytes, file: str = "in.jsonl") -> Entry:
    extent = (start, start + len(raw))
    return Entry("drop", "00ff", file, 1, 1, extent, "a.b", "error", "why", raw=write_raw(raw))


def write(path: Path, *entries: Entry, source: bytes = SOURCE, output: bytes = OUTPUT) -> Ledger:
    header = Header(
        "1.0", "drop", (mark("in.jsonl", source),), (mark("out.jsonl", output, b"]"),), {"select": ["a"]}
    )
    lines = [header_line(header), *map(entry_line, entries), totals_line(Totals(4, 2, 2, 0))]
    path.write_bytes(b"".join(lines))
    return read_ledger(path)


def test_it_gives_back_the_input(tmp_path: Path) -> None:
    ledger = write(
        tmp_path / "l", entry(4, b"two\n"), entry(8, b"d\xe9j\xe0\n"), entry(99, b"x", "other.jsonl")
    )
    assert restore(ledger, OUTPUT) == SOURCE


def test_the_lines_are_what_the_manual_says(tmp_path: Path) -> None:
    write(tmp_path / "l", entry(4, b"two\n"))
    first, second, last = (json.loads(line) for line in (tmp_path / "l").read_bytes().splitlines())
    assert first["ledger"] == "curate.ledger/1"
    assert first["inputs"] == [{"name": "in.jsonl", "sha256": hashlib.sha256(SOURCE).hexdigest(), "size": 17}]
    assert first["outputs"][0]["added"] == "]"
    assert second["bytes"] == [4, 8]
    assert second["raw"] == "two\n"
    assert last == {"rows": {"in": 4, "kept": 2, "dropped": 2, "quarantined": 0}}


def test_what_is_read_is_what_was_written(tmp_path: Path) -> None:
    ledger = write(tmp_path / "l", entry(4, b"two\n"))
    assert ledger.header.plan == {"select": ["a"]}
    assert [(one.action, tuple(one.bytes or ()), one.check) for one in ledger.entries()] == [
        ("drop", (4, 8), "a.b")
    ]
    assert ledger.totals() == Totals(4, 2, 2, 0)


@pytest.mark.parametrize("raw", [b"", b"text\r\n", "é".encode(), b"\xe9", b"a\x00", bytes(range(256))])
def test_bytes_come_back_from_raw(raw: bytes) -> None:
    assert raw_bytes(json.loads(json.dumps(write_raw(raw)))) == raw


def test_text_is_text_and_other_bytes_are_base64() -> None:
    assert write_raw("é\n".encode()) == "é\n"
    assert write_raw(b"\xe9") == {"base64": "6Q=="}
    assert write_raw("a".encode("utf-16-le")) == {"base64": "YQA="}
    assert write_raw(b"IPC", is_table=True) == {"arrow": "SVBD"}


def test_another_output_is_refused(tmp_path: Path) -> None:
    ledger = write(tmp_path / "l", entry(4, b"two\n"))
    with pytest.raises(UnreadableError, match="was not written with this output"):
        restore(ledger, b"something else")


def test_a_ledger_that_was_changed_is_refused(tmp_path: Path) -> None:
    ledger = write(tmp_path / "l", entry(4, b"TWO\n"), entry(8, b"d\xe9j\xe0\n"))
    with pytest.raises(UnreadableError, match="does not give back its input"):
        restore(ledger, OUTPUT)


def test_what_is_no_ledger_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "l"
    for text, says in (
        (b'{"a": 1}\n', "no ledger of the version"),
        (b"x", "no ledger"),
        (b"1\n", "no entry"),
        (b"", "no ledger"),
    ):
        path.write_bytes(text)
        with pytest.raises(UnreadableError, match=says):
            read_ledger(path)
    with pytest.raises(UnreadableError, match="cannot be opened"):
        read_ledger(tmp_path / "missing")


def test_a_ledger_that_was_cut_short_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "l"
    write(path, entry(4, b"two\n"))
    path.write_bytes(b"".join(path.read_bytes().splitlines(keepends=True)[:-1]))
    with pytest.raises(UnreadableError, match="has no end"):
        read_ledger(path).totals()


def test_an_entry_with_other_fields_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "l"
    write(path)
    with path.open("ab") as handle:
        handle.write(b'{"action": "drop"}\n')
    with pytest.raises(UnreadableError, match="it lacks `file`"):
        list(read_ledger(path).entries())
