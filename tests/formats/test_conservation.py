"""Every byte of every file, however damaged, ends in one record or between records, and comes back."""

from __future__ import annotations

import hashlib
import json
import os
import random
from typing import TYPE_CHECKING, Any

import pytest

from curate.core.errors import UnreadableError
from curate.formats.keep import Removed, write_kept
from curate.formats.lines import segment_lines
from curate.formats.parse import parse_chunk
from curate.formats.read import open_source
from curate.formats.sources import Source
from curate.formats.stream import decoded_blocks, encode_back

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from curate.formats.read import Opened

CASES = int(os.environ.get("CURATE_FUZZ", "500"))
BATCHES = 10
WORDS = (
    *("lease", "naïve", "Über", "a,b", 'say "so"', "line\nbreak", "tab\t", "{x}", "[y]", "€", "l’été"),
    *("", " ", "// no", "/* no */", "\\", "it's; done", "a|b", "日本", "🙂", ":", "},{", "]"),
)
ENCODINGS = ("utf-8", "utf-8-sig", "utf-16-le", "utf-16-be", "utf-16", "cp1252", "shift_jis")
NOISE = (
    *(
        b",",
        b"{",
        b"}",
        b"[",
        b"]",
        b'"',
        b":",
        b"\n",
        b"\r\n",
        b"\\",
        b"//",
        b"/*",
        b"\x00",
        b"\xff",
        b"\xe2\x82",
    ),
    *(b"null", b"42", b"\xef\xbb\xbf", b" ", b"'", b";", b"\t"),
)


def text(chance: random.Random) -> str:
    return " ".join(chance.choice(WORDS) for _ in range(chance.randint(0, 5)))


def rows(chance: random.Random) -> list[dict[str, Any]]:
    made: list[dict[str, Any]] = []
    for number in range(chance.randint(0, 6)):
        turns = [{"role": "user", "content": text(chance)}, {"role": "assistant", "content": text(chance)}]
        row = chance.choice(
            (
                {"instruction": text(chance), "input": "", "output": text(chance)},
                {"messages": turns},
                {"id": number},
            )
        )
        made.append({**row, "n": chance.choice((1, 1.5, None, True))})
    return made


def jsonl(chance: random.Random) -> str:
    lines = [json.dumps(row, ensure_ascii=chance.random() < 0.3) for row in rows(chance)]
    end = chance.choice(("\n", "\r\n"))
    return end.join(lines) + chance.choice(("", end, end + end))


def array(chance: random.Random) -> str:
    return json.dumps(rows(chance), ensure_ascii=False, indent=chance.choice((None, 2, "\t")))


def keyed(chance: random.Random) -> str:
    members = {f"k{number},": row for number, row in enumerate(rows(chance))}
    return json.dumps(members, ensure_ascii=False, indent=chance.choice((None, 2)))


def wrapper(chance: random.Random) -> str:
    whole = {"version": 1, "data": rows(chance), "note": [1, {"a": []}]}
    return json.dumps(whole, ensure_ascii=False, indent=chance.choice((None, 2)))


def sequence(chance: random.Random) -> str:
    return "\n".join(json.dumps(row, ensure_ascii=False, indent=2) for row in rows(chance))


def table(chance: random.Random) -> str:
    mark, end = chance.choice(",;\t|"), chance.choice(("\n", "\r\n"))
    lines = [["id", "question", "answer"], *([str(n), text(chance), text(chance)] for n in range(5))]
    return end.join(mark.join(quoted(cell) for cell in line) for line in lines) + chance.choice(("", end))


def quoted(cell: str) -> str:
    return '"' + cell.replace('"', '""') + '"' if any(mark in cell for mark in '",;\t|\n') else cell


MAKERS: tuple[tuple[Callable[[random.Random], str], str], ...] = (
    (jsonl, ".jsonl"),
    (array, ".json"),
    (keyed, ".json"),
    (wrapper, ".json"),
    (sequence, ".json"),
    (table, ".csv"),
)


def mutate(chance: random.Random, data: bytes) -> bytes:
    """Up to three of: a piece taken out, something put in, a byte changed, a piece doubled, the end cut off."""
    for _ in range(chance.choice((0, 0, 1, 1, 2, 3))):
        at = chance.randint(0, len(data))
        to = min(len(data), at + chance.randint(1, 12))
        data = chance.choice(
            (
                data[:at] + data[to:],
                data[:at] + chance.choice(NOISE) + data[at:],
                data[:at] + bytes([chance.randrange(256)]) + data[at + 1 :],
                data[:to] + data[at:],
                data[:at],
            )
        )
    return data


def file_of(seed: int, folder: Path) -> Path:
    chance = random.Random(seed)  # noqa: S311 (seeded on purpose)
    maker, suffix = MAKERS[seed % len(MAKERS)]
    encoding = chance.choice(ENCODINGS)
    data = maker(chance).encode(encoding, "replace")
    path = folder / f"{seed}{suffix}"
    path.write_bytes(mutate(chance, data))
    return path


def check_bytes(opened: Opened) -> list[bool]:
    """Every byte is in one segment; returns, for each record, whether it is a row."""
    assert opened.survey is not None
    decoded = b"".join(decoded_blocks(opened.source, opened.survey.encoding))
    whole: list[bytes] = []
    is_row: list[bool] = []
    sizes = 0
    for chunk in opened.chunks():
        assert chunk.offset == sum(map(len, whole))
        assert chunk.line == decoded[: chunk.offset].count(b"\n") + 1
        segments = segment_lines(chunk) if chunk.segments is None else chunk.segments
        assert b"".join(chunk.blob[one.start : one.end] for one in segments) == chunk.blob
        assert [one.start for one in segments] == [0, *(one.end for one in segments)][: len(segments)]
        whole.append(chunk.blob)
        parsed = parse_chunk(chunk)
        assert parsed.records == len(parsed.batch.rows) + len(parsed.quarantine)
        good = set(parsed.batch.rows["row"])
        assert good | set(parsed.quarantine["row"]) == set(range(parsed.records))
        is_row += [number in good for number in range(parsed.records)]
        sizes += parsed.row_bytes + parsed.quarantined_bytes + parsed.separator_bytes
    assert b"".join(whole) == decoded
    assert sizes == opened.survey.size
    return is_row


def put_back(output: bytes, removed: list[Removed], added: bytes) -> bytes:
    whole, taken = b"", 0
    for one in removed:
        piece = output[taken : taken + one.start - len(whole)]
        whole, taken = whole + piece + one.raw, taken + len(piece)
    return whole + output[taken : len(output) - len(added)]


def check_keep(opened: Opened, is_row: list[bool], seed: int, out: Path) -> None:
    """What stays and what goes are together the file, whichever records go."""
    assert opened.survey is not None
    chance = random.Random(seed)  # noqa: S311 (seeded on purpose)
    dropped = {number for number, good in enumerate(is_row) if not good or chance.random() < 0.4}
    if chance.random() < 0.2:
        dropped = {number for number in dropped if chance.random() < 0.5}
    removed: list[Removed] = []
    written = write_kept(opened, dropped, out, tell=removed.append)
    output = out.read_bytes()
    assert [one.ordinal for one in removed] == sorted(dropped)
    assert hashlib.sha256(output).hexdigest() == written.sha256
    assert put_back(output, removed, written.added) == opened.source.path.read_bytes()  # type: ignore[union-attr]


@pytest.mark.parametrize("batch", range(BATCHES))
def test_every_byte_is_accounted_for_and_comes_back(batch: int, tmp_path: Path) -> None:
    read = 0
    for seed in range(batch, CASES, BATCHES):
        path = file_of(seed, tmp_path)
        try:
            opened = open_source(Source(str(path), path), 0)
            assert opened.survey is not None
            decoded = b"".join(decoded_blocks(opened.source, opened.survey.encoding))
            assert encode_back(decoded, opened.survey.encoding) == path.read_bytes()
            is_row = check_bytes(opened)
        except UnreadableError:
            path.unlink()
            continue
        check_keep(opened, is_row, seed, path.with_name("out" + path.suffix))
        path.unlink()
        read += 1
    assert read > CASES // BATCHES // 2


@pytest.mark.parametrize("seed", range(60))
def test_what_is_kept_of_a_sound_file_reads_as_the_same_rows(seed: int, tmp_path: Path) -> None:
    chance = random.Random(seed)  # noqa: S311 (seeded on purpose)
    maker, suffix = MAKERS[seed % len(MAKERS)]
    path = tmp_path / f"in{suffix}"
    path.write_bytes(maker(chance).encode())
    opened = open_source(Source(str(path), path), 0)
    before = [value for chunk in opened.chunks() for value in parse_chunk(chunk).batch.rows["hash"]]
    dropped = {number for number in range(len(before)) if chance.random() < 0.4}
    out = tmp_path / f"out{suffix}"
    write_kept(opened, dropped, out)
    if opened.container == "json" and maker is not sequence:
        json.loads(out.read_bytes())
    if len(dropped) == len(before):
        return
    again = open_source(Source(str(out), out), 0)
    after = [value for chunk in again.chunks() for value in parse_chunk(chunk).batch.rows["hash"]]
    assert after == [value for number, value in enumerate(before) if number not in dropped]


def test_a_truncated_utf16_file_keeps_its_rows_and_its_last_half_unit(tmp_path: Path) -> None:
    path = tmp_path / "cut.jsonl"
    path.write_bytes('{"text": "a"}\n{"text": "é"}\n{"te'.encode("utf-16-le") + b"\x0a")
    opened = open_source(Source(str(path), path), 0)
    assert check_bytes(opened) == [True, True, False]
    out = tmp_path / "out.jsonl"
    removed: list[Removed] = []
    write_kept(opened, {2}, out, tell=removed.append)
    assert out.read_bytes().decode("utf-16-le") == '{"text": "a"}\n{"text": "é"}\n'
    assert removed[0].raw == '{"te'.encode("utf-16-le") + b"\x0a"


def test_bytes_that_are_not_the_encoding_that_was_asked_for_are_an_error(tmp_path: Path) -> None:
    path = tmp_path / "odd.jsonl"
    path.write_bytes(b'{"text": "a"}\n')
    for encoding in ("utf-16", "utf-16-be", "utf-32"):
        with pytest.raises(UnreadableError, match=f"is not {encoding}: it holds no zero byte"):
            open_source(Source(str(path), path), 0, encoding)
    path.write_bytes(b'{"te\0t": "a"}\n')
    opened = open_source(Source(str(path), path), 0, "utf-16-le")
    assert check_bytes(opened) == [False]
    with pytest.raises(UnreadableError, match="is not utf-32"):
        list(open_source(Source(str(path), path), 0, "utf-32-le").chunks())
