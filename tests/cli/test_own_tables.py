"""Own tables on the command line: what a report says, what is left out, and that every line is accounted for."""

from __future__ import annotations

import gzip
import json
import re
import shlex
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner, Result

from curate.cli.check import command as check
from curate.cli.convert import command as convert
from curate.cli.drop import command as drop
from curate.cli.fix import command as fix
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
GROUP = ("--map", "text=comment", "--group-by", "ticket", "--role-from", "author", "--drop", "author=Bot")
SAID = ("--roles", "Bob=assistant,*=user")


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
    plain: dict[str, Any] = json.loads(run(report, *words, "--json").stdout)
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
    assert "1  left out as asked: author=Bot" in result.output
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
    result = run(convert, comments, *GROUP, *SAID, "--to", "messages", "-o", out)
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


# --- what is told beside the result ----------------------------------------------------------------------


def outputs(tmp_path: Path) -> tuple[tuple[Command, tuple[object, ...]], ...]:
    """Each command that reads grouped lines without writing their roles, and what it writes."""
    return (report, ()), (check, ()), (drop, ("-o", tmp_path / "o.csv", "--force"))


def test_a_guess_is_told_by_every_command(comments: Path, tmp_path: Path) -> None:
    for command, more in outputs(tmp_path):
        (line,) = run(command, comments, *GROUP, *more).stderr.splitlines()
        assert line.startswith("note: who speaks in 6 lines is guessed")
        shown = (
            "Bob=assistant,Ann=user,Cem=user,Dan=user" if command is not check else "NAME=assistant,*=user"
        )
        assert shlex.split(line)[-2:] == ["--roles", shown]


def test_no_name_is_told_where_no_text_may_be_shown(comments: Path) -> None:
    told_of = run(report, comments, *GROUP, "--no-text").stderr
    assert "--roles 'NAME=assistant,*=user'" in told_of
    assert "Bob" not in told_of


def test_nothing_is_told_where_nothing_is_guessed(comments: Path, tmp_path: Path) -> None:
    for command, more in (*outputs(tmp_path), (convert, ("--to", "messages", "-o", tmp_path / "o.jsonl"))):
        assert run(command, comments, *GROUP, *SAID, *more).stderr == ""


def test_convert_writes_no_guess_and_says_how_to_go_on(comments: Path, tmp_path: Path) -> None:
    out = tmp_path / "o.jsonl"
    with pytest.raises(UsageError) as caught:
        run(convert, comments, *GROUP, "--to", "messages", "-o", out)
    assert not out.exists()
    options = shlex.split(re.search(r"add (--roles .+)", caught.value.hint)[1])  # type: ignore[index]
    run(convert, comments, *GROUP, *options, "--to", "messages", "-o", out)
    assert len(out.read_text().splitlines()) == 3


def test_many_names_are_said_by_the_smaller_side(tmp_path: Path) -> None:
    path = tmp_path / "c.csv"
    lines = [f"{n},Customer {n},What is it?\n{n},{'Bea' if n % 2 else 'Bob'},It is {n}.\n" for n in range(30)]
    path.write_text("ticket,author,comment\n" + "".join(lines))
    line = run(report, path, *GROUP[:-2]).stderr
    assert "--roles 'Bob=assistant,Bea=assistant,*=user'" in line


def test_names_that_look_like_secrets_are_not_told(tmp_path: Path) -> None:
    path = tmp_path / "c.csv"
    path.write_text("ticket,author,comment\n1,ann@firm.example.org,What?\n1,Bob,That.\n")
    line = run(report, path, *GROUP[:-2]).stderr
    assert "NAME=assistant" in line
    assert "firm" not in line


DATED = (
    "ticket,created,author,comment\nA,03/04/2024,Agent,The end.\n"
    "A,01/06/2024,Customer,What is it?\nA,02/05/2024,Agent,It is that.\n"
)
DATED_BY = ("--map", "text=comment", "--group-by", "ticket", "--role-from", "author", "--order-by")


def test_dates_that_may_be_two_are_never_sorted_in_silence(tmp_path: Path) -> None:
    path = tmp_path / "c.csv"
    path.write_text(DATED)
    with pytest.raises(UsageError, match="may be day/month or month/day") as caught:
        run(report, path, *DATED_BY, "created")
    choices = re.findall(r"created:\w+", caught.value.hint)
    assert choices == ["created:dmy", "created:mdy"]
    firsts = {}
    for choice in choices:
        out = tmp_path / "o.jsonl"
        run(convert, path, *DATED_BY, choice, "--to", "messages", "-o", out, "--force")
        firsts[choice] = json.loads(out.read_text())["messages"][0]["content"]
    assert firsts == {"created:dmy": "The end.", "created:mdy": "What is it?"}


def test_a_column_may_be_called_like_a_column_and_a_form(tmp_path: Path) -> None:
    path = tmp_path / "c.csv"
    path.write_text(DATED.replace("created", "created:dmy"))
    with pytest.raises(UsageError, match="the dates in 'created:dmy' may be"):
        run(report, path, *DATED_BY, "created:dmy")
    run(report, path, *DATED_BY, "created:dmy:mdy")


def test_a_value_that_no_row_has_is_told_by_every_command(tickets: Path, tmp_path: Path) -> None:
    asked = (*MAP, "--drop", "Resolution=gut.", "--drop", "Internal=TRUE")
    more = ("-o", tmp_path / "o.csv", "--force"), ("--to", "messages", "-o", tmp_path / "o.jsonl")
    for command, words in ((report, ()), (check, ()), (drop, more[0]), (fix, more[0]), (convert, more[1])):
        (line,) = run(command, tickets, *asked, *words).stderr.splitlines()
        assert line.startswith("note: --drop leaves nothing out: no row has the value 'gut.' in 'Resolution'")
        assert ("'Gut.' (1)" in line) == (command is not check)


def test_a_field_that_no_row_has_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "c.jsonl"
    rows = [{"prompt": "Who?", "completion": "You.", "meta": {"src": "web"}} for _ in range(3)]
    path.write_text("".join(json.dumps(row) + "\n" for row in [*rows, {**rows[0], "late": "x"}]))
    for name in ("source", "meta.source"):
        with pytest.raises(UsageError, match=f"no row has the field '{name}'"):
            run(report, path, "--drop", f"{name}=web")
    assert told(path, "--drop", "meta.src=web")["rows"]["dropped"] == 4
    assert told(path, "--drop", "late=x")["rows"]["dropped"] == 1
