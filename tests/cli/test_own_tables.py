"""Own tables on the command line: what a report says, what is left out, and that every line is accounted for."""

from __future__ import annotations

import gzip
import json
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner, Result

from curate.cli.check import command as check
from curate.cli.convert import command as convert
from curate.cli.drop import command as drop
from curate.cli.options import make_mapping
from curate.cli.report import command as report
from curate.core.errors import UsageError
from curate.core.ledger import read_ledger, restore
from curate.core.table_map import Grouping, TableMap

if TYPE_CHECKING:
    from pathlib import Path

    from click import Command

TICKETS = (
    "Ticket ID;Subject;Description;Resolution;Internal\r\n"
    '1;Tür klemmt;"Die Tür im ""Saal"" klemmt;\r\nwas tun?";Bitte die Angeln ölen.;false\r\n'
    "2;Licht aus;Das Licht im Flur geht nicht an.;;false\r\n"
    "3;Test;Bitte nicht beachten, das ist nur ein Test.;Gut.;true\r\n"
)
MAP = ("--map", "user=Subject+Description,assistant=Resolution,id=Ticket ID")
COMMENTS = (
    "ticket,author,comment\n"
    "A,Ann,The roof leaks.\n"  # 2
    "B,Cem,The door is stuck.\n"  # 3
    "A,Bob,A roofer comes today.\n"  # 4
    "C,Dan,Who has the key?\n"  # 5
    "B,Bob,\n"  # 6
    ",Bob,lost\n"  # 7
    "C,Bob,The office.\n"  # 8
    "C,Bot,Rate us!\n"  # 9
)
GROUP = ("--map", "text=comment", "--group-by", "ticket", "--role-from", "author", "--drop", "author=bot")


@pytest.fixture
def tickets(tmp_path: Path) -> Path:
    path = tmp_path / "t.csv"
    path.write_bytes(TICKETS.encode("cp1252"))
    return path


@pytest.fixture
def comments(tmp_path: Path) -> Path:
    path = tmp_path / "c.csv"
    path.write_bytes(COMMENTS.encode())
    return path


def run(command: Command, *words: object) -> Result:
    return CliRunner().invoke(
        command, ["-q", *(str(word) for word in words)], standalone_mode=False, catch_exceptions=False
    )


def told(*words: object) -> dict[str, Any]:
    plain: dict[str, Any] = json.loads(run(report, *words, "--json").output)
    return plain


def places(found: dict[str, Any]) -> dict[str, list[tuple[int, str]]]:
    return {
        problem["check"]: [(one["place"]["line"], one["place"]["at"]) for one in problem["examples"]]
        for problem in found["problems"]
    }


def test_a_ticket_export_is_reported_on(tickets: Path) -> None:
    found = told(tickets, *MAP, "--drop", "internal=TRUE")
    assert found["rows"] == {"in": 3, "kept": 2, "dropped": 1, "quarantined": 0, "edited": 0}
    assert places(found)["schema.empty-answer"] == [(4, "/Resolution")]
    notes = found["files"][0]["notes"]
    assert "left out as asked: 1 (Internal=TRUE)" in notes
    assert "read as user=Subject+Description,assistant=Resolution,id=Ticket ID" in notes
    (problem,) = (one for one in found["problems"] if one["check"] == "schema.empty-answer")
    assert problem["command"].startswith(f"curate drop {tickets} --map 'user=Subject+Description,")


def test_a_value_that_no_line_has_is_told(tickets: Path) -> None:
    assert (
        "left out as asked: 0 (Internal=maybe)"
        in told(tickets, *MAP, "--drop", "Internal=maybe")["files"][0]["notes"]
    )


def test_the_gate_reads_the_plan_file(tickets: Path, tmp_path: Path) -> None:
    plan = tmp_path / "plan.toml"
    plan.write_text(
        '[map]\nuser = ["Subject", "Description"]\nassistant = "Resolution"\n[drop]\nInternal = true\n'
    )
    result = run(check, tickets, "--plan", plan, "--select", "schema.empty-answer")
    assert f"{tickets}:4: error: schema.empty-answer: 1 row" in result.output
    assert "3 rows in = 2 kept + 1 dropped + 0 quarantined" in result.output


def test_comments_are_reported_on_by_conversation(comments: Path) -> None:
    found = told(comments, *GROUP)
    assert found["rows"] == {"in": 5, "kept": 3, "dropped": 1, "quarantined": 1, "edited": 0}
    assert places(found)["schema.empty-answer"] == [(3, "/@6/comment")]
    assert "8 lines = 6 in 3 conversations + 2 in none" in found["files"][0]["notes"]
    assert [(one["line"], one["reason"]) for one in found["quarantine"]] == [
        (7, "no value in 'ticket', by which lines are grouped")
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("name", ["t.csv", "t.csv.gz"])
@pytest.mark.parametrize(
    ("text", "options", "records"),
    [(TICKETS, (*MAP, "--drop", "internal=true"), 3), (COMMENTS.replace("Ann", "Änne"), GROUP, 8)],
    ids=["mapped", "grouped"],
)
def test_every_byte_is_in_one_place(  # noqa: PLR0913 (parameters and a folder)
    tmp_path: Path, text: str, options: tuple[str, ...], records: int, name: str, encoding: str
) -> None:
    """Rows that are left out count as rows; sizes are those of the file, whatever its encoding."""
    path = tmp_path / name
    data = text.encode(encoding)
    path.write_bytes(gzip.compress(data) if name.endswith(".gz") else data)
    found = told(path, *options)
    (file,) = found["files"]
    assert (
        file["row_bytes"] + file["quarantined_bytes"] + file["separator_bytes"] == file["size"] == len(data)
    )
    rows = found["rows"]
    assert rows["in"] == rows["kept"] + rows["dropped"] + rows["quarantined"]
    lines = next((note for note in file["notes"] if " lines = " in note), f"{rows['in']} lines = ")
    assert lines.startswith(f"{records} lines = ")


def test_dropping_a_conversation_takes_all_its_lines(comments: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.csv"
    result = run(drop, comments, *GROUP, "--select", "schema.empty-answer", "-o", out)
    lines = COMMENTS.splitlines(keepends=True)
    assert out.read_text() == "".join(lines[at - 1] for at in (1, 2, 4, 5, 8))
    assert "8 rows in = 4 kept + 3 dropped + 1 quarantined" in result.output
    assert "1  left out as asked: author=bot" in result.output
    book = tmp_path / "out.csv.ledger.jsonl"
    entries = [json.loads(line) for line in book.read_bytes().splitlines()[1:-1]]
    assert [(one["line"], one["row"], one["action"], one["check"]) for one in entries] == [
        (3, 2, "drop", "schema.empty-answer"),
        (6, 5, "drop", "schema.empty-answer"),
        (7, 6, "quarantine", None),
        (9, 8, "drop", None),
    ]
    assert entries[0]["key"] == entries[1]["key"]
    assert (entries[3]["key"], entries[3]["severity"]) == (None, "info")
    assert restore(read_ledger(book), out.read_bytes()) == comments.read_bytes()


def test_dropping_tickets_keeps_the_bytes_of_the_rest(tickets: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.csv"
    run(drop, tickets, *MAP, "--drop", "Internal=true", "-o", out)
    assert out.read_bytes() == "".join(TICKETS.splitlines(keepends=True)[:3]).encode("cp1252")
    book = read_ledger(tmp_path / "out.csv.ledger.jsonl")
    assert restore(book, out.read_bytes()) == tickets.read_bytes()
    assert book.header.plan["mapping"]["drop"] == {"Internal": ["true"]}  # type: ignore[index]


def test_tickets_become_messages(tickets: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    result = run(convert, tickets, *MAP, "--drop", "Internal=true", "--to", "messages", "-o", out)
    assert "3 rows in = 2 written + 0 set aside + 0 quarantined + 1 left out as asked" in result.output
    first = json.loads(out.read_text("utf-8").splitlines()[0])
    assert first == {
        "id": "1",
        "messages": [
            {"role": "user", "content": 'Tür klemmt\n\nDie Tür im "Saal" klemmt;\r\nwas tun?'},
            {"role": "assistant", "content": "Bitte die Angeln ölen."},
        ],
        "Internal": "false",
    }


def test_conversations_become_messages(comments: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    result = run(convert, comments, *GROUP, "--to", "messages", "-o", out)
    assert "5 rows in = 3 written + 0 set aside + 1 quarantined + 1 left out as asked" in result.output
    assert "already" not in result.output
    last = json.loads(out.read_text("utf-8").splitlines()[-1])
    assert last == {
        "id": "C",
        "messages": [
            {"role": "user", "content": "Who has the key?"},
            {"role": "assistant", "content": "The office."},
        ],
        "author": ["Dan", "Bob"],
    }


def test_a_column_that_would_change_the_meaning_sets_the_row_aside(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("frage,antwort,chosen\nWho pays?,You pay.,x\n")
    out = tmp_path / "out.jsonl"
    result = run(convert, path, "--map", "user=frage,assistant=antwort", "--to", "messages", "-o", out)
    assert "1 row in = 0 written + 1 set aside" in result.output
    assert "other fields that would change how the row is read" in result.output


def flags(**given: object) -> dict[str, Any]:
    names = ("columns", "group_by", "order_by", "role_from", "roles")
    return {**dict.fromkeys(names), "left_out": (), **given}


def test_flags_lie_over_the_plan_file() -> None:
    base = TableMap({"text": ("c",)}, Grouping("t", "d", "w", {"ann": "user"}), {"x": ("1",)})
    made = make_mapping(flags(role_from="who", roles="Bob=assistant", left_out=("y=2",)), base)
    group = Grouping("t", "d", "who", {"ann": "user", "bob": "assistant"})
    assert made == TableMap({"text": ("c",)}, group, {"x": ("1",), "y": ("2",)})
    assert make_mapping(flags()) == TableMap()


def test_options_of_groups_need_a_group() -> None:
    with pytest.raises(UsageError, match="--order-by is for grouped tables"):
        make_mapping(flags(order_by="created"))
    with pytest.raises(UsageError, match="nothing says who speaks"):
        make_mapping(flags(group_by="ticket"))
