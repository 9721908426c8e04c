"""``curate fix``: repairs are made in place, nothing else changes, and the ledger gives the input back."""

from __future__ import annotations

import csv
import io
import json
import re
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest
from click import UsageError as BadOption
from click.testing import CliRunner, Result
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from curate.cli.fix import command
from curate.core.errors import UsageError
from curate.core.ledger import read_ledger, restore
from curate.core.plan import Plan
from curate.engines.dropping import drop
from curate.engines.registry import load_checks
from curate.engines.repairing import fix
from curate.engines.scan import scan
from curate.formats.sources import Source, discover
from curate.formats.stream import blocks

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

REPAIRING = ("template.leaked-token", "text.control", "text.invisible", "text.mojibake")
PLAN = Plan(select=REPAIRING)
ROWS: list[dict[str, Any]] = [
    {"instruction": "Who repairs the roof?", "input": "", "output": "The landlord.<|endoftext|>"},
    {
        "instruction": "When is the\u200b rent due?",
        "input": "",
        "output": "On day 1\u200b of 30.\n<|im_end|>\n",
    },
    {"instruction": "Where is it?", "input": "In LÃ¼beck\x07.", "output": "In LÃ¼beck, Â§ 12.</s>"},
    {"instruction": "May I sublet?", "input": "", "output": "<|endoftext|>"},
    {"instruction": "May I keep a dog?", "input": "", "output": "Yes, with consent."},
]
FIXED = [
    {"instruction": "Who repairs the roof?", "input": "", "output": "The landlord."},
    {"instruction": "When is the rent due?", "input": "", "output": "On day 1 of 30."},
    {"instruction": "Where is it?", "input": "In Lübeck.", "output": "In Lübeck, § 12."},
    *ROWS[3:],
]
BROKEN = b'{"instruction": "cut'


def lines(rows: Sequence[dict[str, Any]], *, ascii_only: bool = True) -> bytes:
    return b"".join(json.dumps(row, ensure_ascii=ascii_only).encode() + b"\n" for row in rows)


def run(*words: object) -> Result:
    return CliRunner().invoke(
        command, [str(word) for word in words], standalone_mode=False, catch_exceptions=False
    )


def text_of(path: Path) -> bytes:
    return b"".join(blocks(Source(str(path), path)))


def findings(path: Path, select: tuple[str, ...] = REPAIRING) -> dict[str, int]:
    plan = Plan(select=select)
    found = scan(discover([str(path)]), load_checks(plan), plan).found
    return {name: len(frame) for name, frame in found.items()}


def fixed_and_back(path: Path, out: Path, plan: Plan = PLAN) -> bytes:
    """The decoded output of a run that gives its input back and that a second run does not change."""
    done = fix(path, out=out, plan=plan, force=True)
    assert done.rows.balanced
    assert (done.rows.kept, done.rows.dropped) == (done.rows.in_ - done.unread, 0)
    assert done.ledger is not None
    text = text_of(out)
    assert restore(read_ledger(done.ledger), text) == text_of(path)
    again = out.with_name("again-" + out.name)
    assert fix(out, out=again, plan=plan, force=True).rows.edited == 0
    assert again.read_bytes() == out.read_bytes()
    return text


@pytest.fixture
def data(tmp_path: Path) -> Path:
    path = tmp_path / "data.jsonl"
    path.write_bytes(lines(ROWS) + BROKEN)
    return path


def test_repairs_are_made_and_everything_else_stays(data: Path) -> None:
    out = data.with_name("out.jsonl")
    result = run(data, "-o", out, "-q")
    assert out.read_bytes() == lines(FIXED) + BROKEN
    account = "6 rows in = 5 kept + 0 dropped + 1 quarantined (left in OUT as they stand); 3 edited"
    assert account in result.output
    assert "3  template.leaked-token: 3 edits in 3 rows" in result.output
    assert "1  template.leaked-token: 1 finding in 1 row, the answer would be empty" in result.output
    assert "1 record that cannot be read stays as it is:\n" in result.output
    assert " more\n" not in result.output
    assert f"{data}:6" in result.output
    assert not any(word in result.output for word in ("landlord", "beck", "sublet"))


def test_records_that_cannot_be_read_are_counted_as_everywhere(tmp_path: Path) -> None:
    path = tmp_path / "data.jsonl"
    path.write_bytes(lines(ROWS[4:]) + (BROKEN + b"\n") * 7)
    said = run(path, "-o", tmp_path / "out.jsonl", "-q").output
    counted = "8 rows in = 1 kept + 0 dropped + 7 quarantined"
    assert f"{counted} (left in OUT as they stand); 0 edited" in said
    assert "7 records that cannot be read stay as they are:\n" in said
    assert said.count(f"{path}:") == 5
    assert "\n  and 2 more\n" in said
    assert fix(path, out=None).rows.quarantined == drop(path, out=tmp_path / "kept.jsonl").rows.quarantined


def test_what_is_left_is_counted_by_findings_and_by_rows(tmp_path: Path) -> None:
    path = tmp_path / "data.jsonl"
    inside = "It ends<|im_end|> here, and<|im_end|> here."
    path.write_bytes(
        lines([{**ROWS[4], "output": inside + "\u200b", "input": inside}, {**ROWS[4], "output": inside}])
    )
    select = "template.leaked-token,text.invisible"
    said = run(path, "-o", tmp_path / "out.jsonl", "-q", "--select", select).output
    assert "6  template.leaked-token: 6 findings in 2 rows, no repair is offered" in said


def test_the_ledger_holds_every_edit(data: Path) -> None:
    out = data.with_name("out.jsonl")
    done = fix(data, out=out, plan=PLAN)
    assert done.ledger is not None
    ledger = read_ledger(done.ledger)
    entries = list(ledger.entries())
    assert {one.action for one in entries} == {"edit"}
    first = entries[0]
    assert (first.line, first.row, first.at, first.before, first.after) == (
        1,
        1,
        "/output",
        "<|endoftext|>",
        "",
    )
    assert first.span is not None
    assert tuple(first.span) == (13, 26)
    assert (first.raw, first.put) == ("<|endoftext|>", "")
    assert first.key is not None
    assert first.key != first.new_key
    for one in entries:
        text = ROWS[one.row - 1][one.at[1:]]
        assert one.span is not None
        assert text[one.span[0] : one.span[1]] == one.before
    assert [one.row for one in entries if one.bytes is not None] == [1, 2, 3]
    assert (ledger.totals().in_, ledger.totals().kept, ledger.totals().edited) == (6, 5, 3)
    assert ledger.header.step == "fix"
    assert restore(ledger, out.read_bytes()) == data.read_bytes()


def test_keys_are_those_of_the_rows_in_both_files(tmp_path: Path) -> None:
    path = tmp_path / "in.jsonl"
    path.write_bytes(lines([FIXED[0], ROWS[0], ROWS[0]]))
    done = fix(path, out=tmp_path / "out.jsonl", plan=PLAN)
    assert done.ledger is not None
    first, second = read_ledger(done.ledger).entries()
    assert second.key == f"{first.key}.2"
    assert (first.new_key or "").endswith(".2")
    assert (second.new_key or "").endswith(".3")


def test_the_findings_are_gone_from_the_report(data: Path) -> None:
    out = data.with_name("out.jsonl")
    before = findings(data)
    assert set(before) == set(REPAIRING)
    fixed_and_back(data, out)
    assert findings(out) == {"template.leaked-token": 1}


def test_a_selection_repairs_nothing_else(data: Path) -> None:
    out = data.with_name("out.jsonl")
    run(data, "--select", "text.invisible", "-o", out, "-q")
    kept = [{name: text.replace("\u200b", "") for name, text in row.items()} for row in ROWS]
    assert out.read_bytes() == lines(kept) + BROKEN


def test_escapes_and_spacing_stay(tmp_path: Path) -> None:
    raw = (
        b'{ "prompt" :"caf\\u00e9 \\u200b\\/ x", "completion":"L\\u00c3\\u00bcbeck<|im_end|>" ,"n":1.0}\r\n\n'
    )
    path = tmp_path / "in.jsonl"
    path.write_bytes(raw)
    want = raw.replace(b"\\u200b", b"").replace(b"\\u00c3\\u00bc", b"\\u00fc").replace(b"<|im_end|>", b"")
    assert fixed_and_back(path, tmp_path / "out.jsonl") == want


def test_data_without_faults_is_copied(tmp_path: Path) -> None:
    path, out = tmp_path / "in.jsonl.gz", tmp_path / "out.jsonl"
    plain = tmp_path / "in.jsonl"
    plain.write_bytes(lines(FIXED[:2]))
    assert "Nothing was edited" in run(plain, "-o", out, "-q").output
    assert out.read_bytes() == plain.read_bytes()
    fix(plain, out=path, plan=PLAN)
    assert path.read_bytes()[:2] == b"\x1f\x8b"
    assert text_of(path) == plain.read_bytes()


@pytest.mark.parametrize("suffix", [".jsonl.gz", ".jsonl.xz", ".jsonl"])
def test_the_suffix_decides_on_compression(data: Path, suffix: str) -> None:
    assert fixed_and_back(data, data.with_name("out" + suffix)) == lines(FIXED) + BROKEN


@pytest.mark.parametrize("shape", ["array", "keyed", "split"])
def test_json_documents(tmp_path: Path, shape: str) -> None:
    path = tmp_path / "in.json"
    shaped = {"array": lambda r: r, "keyed": lambda r: {str(i): x for i, x in enumerate(r)}}
    wrap = shaped.get(shape, lambda r: {"train": r[:2], "test": r[2:]})
    path.write_bytes(json.dumps(wrap(ROWS), indent=1).encode() + b"\n")
    assert fixed_and_back(path, tmp_path / "out.json") == json.dumps(wrap(FIXED), indent=1).encode() + b"\n"


def test_nested_texts_are_repaired(tmp_path: Path) -> None:
    def row(text: str, answer: str) -> dict[str, Any]:
        turns = [
            {"role": "user", "content": [{"type": "text", "text": text}]},
            {"role": "assistant", "content": answer},
        ]
        return {"messages": turns, "k": 1}

    path = tmp_path / "in.jsonl"
    old, new = row("Where\u200b?", "LÃ¼beck<|eot_id|>"), row("Where?", "Lübeck")
    packed = [{"messages": json.dumps(one["messages"])} for one in (old, new)]
    path.write_bytes(lines([old, packed[0]]))
    written = [json.loads(line) for line in fixed_and_back(path, tmp_path / "out.jsonl").splitlines()]
    assert written == [new, packed[1]]


def test_csv_cells(tmp_path: Path) -> None:
    path = tmp_path / "in.csv"
    chat = [
        {"role": "user", "content": 'Hi\u200b, "you"'},
        {"role": "assistant", "content": "Hello<|im_end|>"},
    ]
    cells = [["id", "messages", "note"], ["1", json.dumps(chat, ensure_ascii=False), "é, ü"], ["2", "x"]]
    stream = io.StringIO()
    csv.writer(stream).writerows(cells)
    path.write_bytes(stream.getvalue().encode())
    want = stream.getvalue().replace("\u200b", "").replace("<|im_end|>", "").encode()
    assert fixed_and_back(path, tmp_path / "out.csv") == want
    plain = tmp_path / "plain.csv"
    plain.write_bytes("prompt;completion\nWo?;Itâ€™s LÃ¼beck \n".encode())
    assert (
        fixed_and_back(plain, tmp_path / "plain-out.csv") == "prompt;completion\nWo?;It’s Lübeck \n".encode()
    )


def test_encodings_stay(tmp_path: Path) -> None:
    rows = [
        {"prompt": "Où est-il né, là ou près de Besançon ?", "completion": "À Genève.<|endoftext|>"},
        {"prompt": "Qui a gagné ?", "completion": "Personne né là. Ð¡Ñ‚Ð¾ de là\x07."},
    ]
    path = tmp_path / "in.jsonl"
    path.write_bytes(lines(rows[:1] * 4, ascii_only=False).decode().encode("cp1252"))
    want = lines([{**rows[0], "completion": "À Genève."}] * 4, ascii_only=False).decode().encode("cp1252")
    assert fixed_and_back(path, tmp_path / "out.jsonl") == want
    wide = tmp_path / "wide.jsonl"
    wide.write_bytes(lines(rows, ascii_only=False).decode().encode("utf-16"))
    fixed_and_back(wide, tmp_path / "wide-out.jsonl")
    assert findings(tmp_path / "wide-out.jsonl") == {}


def test_what_the_encoding_cannot_hold_is_not_repaired(tmp_path: Path) -> None:
    path = tmp_path / "in.jsonl"
    bad = "né là où ÐŸÑ€Ð¸Ð²ÐµÑ‚"
    text = lines([{"prompt": "é à è", "completion": bad}], ascii_only=False).decode()
    path.write_bytes(text.encode("cp1252"))
    plan = Plan(select=("text.mojibake",), encoding="cp1252")
    done = fix(path, out=tmp_path / "out.jsonl", plan=plan)
    assert done.left == (("text.mojibake", "the file's encoding cannot hold the repaired text", 1, 1),)
    assert (tmp_path / "out.jsonl").read_bytes() == path.read_bytes()


def table() -> pl.DataFrame:
    chats = [
        [{"role": "user", "content": "Hi\u200b"}, {"role": "assistant", "content": f"{n}<|im_end|>"}]
        for n in range(3)
    ]
    frame = pl.DataFrame(
        {"messages": chats, "n": [1, None, 3], "when": ["2024-01-01T00:00:00.123456789"] * 3},
        schema_overrides={"n": pl.Int8},
    )
    return frame.with_columns(pl.col("when").str.to_datetime("%Y-%m-%dT%H:%M:%S%.9f", time_unit="ns"))


def test_tables(tmp_path: Path) -> None:
    path, out = tmp_path / "in.parquet", tmp_path / "out.parquet"
    frame = table()
    frame.write_parquet(path)
    done = fix(path, out=out, plan=PLAN)
    written = pl.read_parquet(out)
    assert written.schema == frame.schema
    assert written.drop("messages").equals(frame.drop("messages"))
    assert [[turn["content"] for turn in row] for row in written["messages"].to_list()] == [
        ["Hi", str(n)] for n in range(3)
    ]
    assert (done.rows.edited, {c: n for c, n, _ in done.edits}) == (
        3,
        {"template.leaked-token": 3, "text.invisible": 3},
    )
    assert done.ledger is not None
    entries = list(read_ledger(done.ledger).entries())
    assert [(one.row, one.bytes, one.raw) for one in entries] == [(n, None, "") for n in (1, 1, 2, 2, 3, 3)]
    assert fix(out, out=tmp_path / "again.parquet", plan=PLAN).rows.edited == 0
    assert (tmp_path / "again.parquet").read_bytes() == out.read_bytes()


def test_data_frames_and_arrow_files(tmp_path: Path) -> None:
    frame = pl.DataFrame({"prompt": ["Hi", "Ho"], "completion": ["Yes.</s>", "No."], "kind": ["a", "b"]})
    frame = frame.with_columns(pl.col("kind").cast(pl.Enum(["a", "b"])))
    fix(frame, out=tmp_path / "out.parquet", plan=PLAN)
    written = pl.read_parquet(tmp_path / "out.parquet")
    assert written["completion"].to_list() == ["Yes.", "No."]
    assert written.schema == frame.schema
    frame.write_ipc(tmp_path / "in.arrow")
    fix(tmp_path / "in.arrow", out=tmp_path / "arrow.parquet", plan=PLAN)
    assert pl.read_parquet(tmp_path / "arrow.parquet").equals(written)
    with pytest.raises(UsageError, match="cannot be written as"):
        fix(tmp_path / "in.arrow", out=tmp_path / "out.csv", plan=PLAN)


def test_a_value_that_its_column_cannot_hold_stays(tmp_path: Path) -> None:
    frame = pl.DataFrame({"prompt": ["Hi"], "completion": ["Yes.</s>"]})
    frame = frame.with_columns(pl.col("completion").cast(pl.Enum(["Yes.</s>"])))
    done = fix(frame, out=tmp_path / "out.parquet", plan=PLAN)
    assert done.left == (("template.leaked-token", "the column cannot hold the repaired value", 1, 1),)
    assert pl.read_parquet(tmp_path / "out.parquet").equals(frame)


CHECK = '''"""Repairs too much.

Why     It is a test, which needs a check.
Mend    There is nothing that could be done about it.
Limits  It is never right, and that is what it is for.
"""
from __future__ import annotations
from dataclasses import dataclass
import re
from curate.core.check import Batch, RowCheck, found, locate

@dataclass(frozen=True)
class Own(RowCheck):
    def examine(self, batch: Batch):
        return found(locate(batch.texts, re.compile(r"PATTERN")), "bad", fix="FIX")
'''


@pytest.mark.parametrize(
    ("checks", "reason"),
    [
        ({"swap": ("a(?=!)", "b"), "back": ("b(?=!)", "a")}, "the repairs do not come to an end"),
        ({"grow": ("!", "!!")}, "the repairs do not come to an end"),
        ({"digit": ("[0-9]", "")}, "its digits would change"),
        ({"empty": (".+", "")}, "the answer would be empty"),
    ],
    ids=lambda value: "-".join(value) if isinstance(value, dict) else "",
)
def test_what_is_not_sound_is_left_and_counted(
    tmp_path: Path, checks: dict[str, tuple[str, str]], reason: str
) -> None:
    folder = tmp_path / "checks" / "own"
    folder.mkdir(parents=True)
    for name, (pattern, text) in checks.items():
        (folder / f"{name}.py").write_text(CHECK.replace("PATTERN", pattern).replace("FIX", text), "utf-8")
    path = tmp_path / "in.jsonl"
    path.write_bytes(lines([{"prompt": "Hm", "completion": "a! 12"}, {"prompt": "Hm", "completion": "c"}]))
    plan = Plan(select=("own",), checks=(str(tmp_path / "checks"),))
    done = fix(path, out=tmp_path / "out.jsonl", plan=plan)
    assert reason in {why for _, why, _, _ in done.left}
    assert done.rows.edited == 0
    assert (tmp_path / "out.jsonl").read_bytes() == path.read_bytes()


def test_several_passes_make_one_edit(tmp_path: Path) -> None:
    path = tmp_path / "in.jsonl"
    path.write_bytes(lines([{"prompt": "Hi", "completion": "LÃ\u200b¼beck\u200b<|im_end|>\u200b"}]))
    out = fixed_and_back(path, tmp_path / "out.jsonl")
    assert json.loads(out)["completion"] == "Lübeck"


def test_a_dry_run_shows_masked_edits_and_writes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "in.jsonl"
    path.write_bytes(
        lines(
            [{"prompt": "Who?", "completion": "jane@example.org Ask.\u200b LÃ¼beck \x1b[31m<|im_end|>"}] * 9
        )
    )
    out = tmp_path / "out.jsonl"
    shown = run(path, "--dry-run", "-q").output
    assert "[-LÃ¼beck-]{+Lübeck+}" in shown
    assert "[-Ask.<U+200B>-]{+Ask.+}" in shown
    assert len(re.findall(r"\[-", shown)) == 10
    assert "\x1b" not in shown
    assert "jane" not in shown
    assert "9 edited" in shown
    assert "nothing was written" in shown
    assert "jane@example.org" in run(path, "--dry-run", "--show-pii", "-o", out, "-q").output
    assert "beck" not in run(path, "--dry-run", "--no-text", "-q").output
    assert list(tmp_path.iterdir()) == [path]


def test_several_files_and_workers_give_the_same(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "x.jsonl").write_bytes(lines(ROWS))
    written = []
    for workers in ("1", "2"):
        run(tmp_path / "a", tmp_path / "b", "-o", tmp_path / "out", "--force", "-q", "--workers", workers)
        written.append((tmp_path / "out.ledger.jsonl").read_bytes())
        assert (tmp_path / "out" / "b" / "x.jsonl").read_bytes() == lines(FIXED)
    assert written[0] == written[1]
    assert restore(read_ledger(tmp_path / "out.ledger.jsonl"), lines(FIXED)) == lines(ROWS)


def test_nothing_is_overwritten_and_mistakes_are_named(data: Path) -> None:
    with pytest.raises(UsageError, match="is an input"):
        run(data, "-o", data, "--force")
    with pytest.raises(BadOption, match="Missing option"):
        run(data)
    with pytest.raises(UsageError, match="offers repairs"):
        run(data, "--select", "duplicate.exact", "-o", data.with_name("out.jsonl"))
    assert list(data.parent.iterdir()) == [data]


FAULTS = (
    "<|im_end|>",
    "</s>",
    "[INST]",
    "\u200b",
    "\u00ad",
    "Ã¼",
    "â€™",
    "Â²",
    "\x1b[31m",
    "\x07",
    "\x00",
    "\x97",
)
CLEAN = ("word", " ", "\n", "12", "３", '"', "\\", "é", "。", "A", "\ud83d", ",")
PIECES = st.sampled_from((*FAULTS, *CLEAN))
WRITTEN = st.lists(PIECES, max_size=9).map("".join)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(WRITTEN, WRITTEN), min_size=1, max_size=4), st.booleans())
def test_whatever_is_written(tmp_path: Path, rows: list[tuple[str, str]], as_array: bool) -> None:
    values = [{"prompt": f"Hm {prompt}", "completion": answer} for prompt, answer in rows]
    path = tmp_path / ("in.json" if as_array else "in.jsonl")
    path.write_bytes(json.dumps(values).encode() if as_array else lines(values))
    out = fixed_and_back(path, tmp_path / f"out{path.suffix}")
    new = json.loads(out) if as_array else [json.loads(line) for line in out.splitlines()]
    escape = re.compile("\x1b\\[31m")
    for before, after in zip(values, new, strict=True):
        for name in ("prompt", "completion"):
            assert re.findall(r"\d", escape.sub("", before[name])) == re.findall(
                r"\d", escape.sub("", after[name])
            )
            assert bool(before[name].strip()) == bool(after[name].strip())


def test_a_real_file_comes_back(real_data: Path, tmp_path: Path) -> None:
    for name in (
        "pubmedqa/ori_pqal.json",
        "llamafactory/alpaca_zh_demo.json",
        "medquad/medquad_health.jsonl",
    ):
        fixed_and_back(real_data / name, tmp_path / ("out" + (real_data / name).suffix), Plan())
