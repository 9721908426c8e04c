"""A table that no layout fits: one message, no text of it, and a command that works as it is printed."""

from __future__ import annotations

import json
import re
import shlex
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from curate.api import report
from curate.cli.report import command
from curate.core.errors import UnreadableError, UsageError
from curate.core.plan import Plan
from curate.core.table_map import Grouping, TableMap, read_drop, read_map
from curate.formats.read import open_source
from curate.formats.sources import Source
from curate.formats.table_guess import Column, fit_mapping, guess, options_for
from curate.formats.table_words import ANSWERING, ASKING, WORDS, score

if TYPE_CHECKING:
    from pathlib import Path

SECRET = "Zyxwvut"  # noqa: S105 (a word that no message may hold)
LONG = f"The {SECRET} on the third floor has been making a noise since {{}}, and nobody in our team knows why that is."
ANSWER = (
    f"Please switch the {SECRET} off for {{}} minutes and on again, and tell us whether the noise is gone."
)


def text(name: str, length: float = 80) -> Column:
    return Column(name, "long text" if length > 100 else "text", length, 50, 50)


def unique(name: str) -> Column:
    return Column(name, "unique values", 6, 50, 50)


def few(name: str, *values: str) -> Column:
    return Column(name, f"{len(values)} different values", 6, len(values), 50, frozenset(values))


def options(*columns: Column) -> str:
    found = guess(columns)
    return found.options if found else ""


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (
            ["Ticket ID", "Subject", "Description", "Resolution"],
            "user=Subject+Description,assistant=Resolution,id=Ticket ID",
        ),
        (
            ["Nr", "Betreff", "Fehlerbeschreibung", "Lösung"],
            "user=Betreff+Fehlerbeschreibung,assistant=Lösung,id=Nr",
        ),
        (["id", "Asunto", "Descripción", "Respuesta"], "user=Asunto+Descripción,assistant=Respuesta,id=id"),
        (
            ["No", "Objet", "Demande", "Réponse du support"],
            "user=Objet+Demande,assistant=Réponse du support,id=No",
        ),
        (["key", "Oggetto", "Richiesta", "Soluzione"], "user=Oggetto+Richiesta,assistant=Soluzione,id=key"),
        (["编号", "标题", "问题", "解决方案"], "user=标题+问题,assistant=解决方案,id=编号"),
        (
            ["case_id", "customerQuestion", "note", "agentReply"],
            "user=customerQuestion,assistant=agentReply,id=case_id",
        ),
    ],
)
def test_names_in_several_languages(names: list[str], expected: str) -> None:
    found = options(unique(names[0]), *map(text, names[1:]))
    assert found == f"--map {shlex.quote(expected)}"


def test_lengths_decide_where_names_do_not() -> None:
    assert options(unique("a"), text("b", 30), text("c", 90), text("d", 200)) == "--map user=c,assistant=d"
    assert options(text("Anfrage"), text("x", 40), text("y", 90)) == "--map user=Anfrage,assistant=y"
    assert options(text("y", 90), text("Lösung")) == "--map " + shlex.quote("user=y,assistant=Lösung")
    assert options(unique("a"), text("b")) == ""
    assert options() == ""


def test_a_pair_of_answers() -> None:
    found = options(unique("id"), text("instruction"), text("preferred"), text("rejected text"))
    expected = "prompt=instruction,chosen=preferred,rejected=rejected text,id=id"
    assert found == f"--map {shlex.quote(expected)}"


def test_lines_of_threads() -> None:
    thread = Column("Vorgang", "20 different values", 5, 20, 50)
    time = Column("Erstellt am", "times", 16, 50, 50)
    people = Column("Verfasser", "9 different values", 8, 9, 50)
    flag = few("intern", "ja", "nein")
    assert options(thread, time, people, flag, text("Kommentar")) == (
        "--map text=Kommentar --group-by Vorgang --order-by 'Erstellt am' --role-from Verfasser --drop intern=ja"
    )
    kind = few("kind", "agent", "customer")
    assert "--role-from kind" in options(thread, kind, people, text("body"))
    assert "--group-by" not in options(unique("ticket"), people, text("body"), text("answer"))
    assert "--group-by" not in options(thread, people, text("question"), text("answer"))


@pytest.mark.parametrize(
    "by", ["Akte", "Fall", "Aktenzeichen", "Vorgang", "FallNr", "Dossier", "Expediente", "Caso"]
)
@pytest.mark.parametrize(
    ("author", "time", "said", "flag"),
    [
        ("Verfasser", "Zeitpunkt", "Text", "intern"),
        ("Absender", "Datum", "Kommentar", "intern"),
        ("Von", "Zeit", "Nachricht", "intern"),
        ("Auteur", "Date", "Commentaire", "interne"),
        ("Autor", "Fecha", "Comentario", "interno"),
        ("Emetteur", "Heure", "Message", "interne"),
    ],
)
def test_comments_in_german_french_and_spanish(by: str, author: str, time: str, said: str, flag: str) -> None:
    columns = (
        Column(by, "20 different values", 5, 20, 50),
        Column(time, "times", 16, 50, 50),
        Column(author, "9 different values", 8, 9, 50),
        few(flag, "True", "False"),
        text(said),
    )
    assert options(*columns) == (
        f"--map text={said} --group-by {by} --order-by {time} --role-from {author} --drop {flag}=True"
    )


def test_a_few_texts_that_repeat_are_comments_by_their_name() -> None:
    said = Column("Text", "2 different values", 45, 2, 12)
    assert options(Column("Akte", "6 different values", 1, 6, 12), few("Von", "Anwalt", "Mandant"), said) == (
        "--map text=Text --group-by Akte --role-from Von"
    )


@pytest.mark.parametrize(
    ("better", "worse"), [("better", "worse"), ("preferred", "rejected"), ("good", "bad"), ("win", "lose")]
)
def test_names_of_the_two_sides(better: str, worse: str) -> None:
    expected = f"prompt=question,chosen={better},rejected={worse}"
    assert options(text("question"), text(better), text(worse)) == f"--map {expected}"
    assert "chosen" not in options(text("question"), text("a"), text("b"))


def test_a_status_is_no_thread_and_a_public_flag_leaves_the_others_out() -> None:
    status, people = few("ticket_status", "open", "closed"), few("agent", "ann", "bob")
    assert options(unique("ticket_id"), status, people, text("comment")) == ""
    thread = Column("ticket_id", "20 different values", 5, 20, 50)
    found = options(thread, status, people, few("public", "true", "false"), text("body"))
    assert found == "--map text=body --group-by ticket_id --role-from agent --drop public=false"


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (
            ["short_description", "description", "close_notes"],
            "user=short_description+description,assistant=close_notes",
        ),
        (["Customer message", "Agent reply"], "user=Customer message,assistant=Agent reply"),
        (["Kundenanfrage", "Antworttext"], "user=Kundenanfrage,assistant=Antworttext"),
        (["Objet", "Demande", "Réponse"], "user=Objet+Demande,assistant=Réponse"),
        (["Asunto", "Descripción", "Solución"], "user=Asunto+Descripción,assistant=Solución"),
    ],
)
def test_columns_of_ticket_systems(names: list[str], expected: str) -> None:
    found = options(*(text(name, 80 + at) for at, name in enumerate(names)))
    assert found == f"--map {shlex.quote(expected)}"


ODD_NAMES = st.lists(
    st.text(st.sampled_from("aB \t\r\n\x00\x1b\xa0\u200b\u202e\ufeff,+='\"$`\\-/~ß"), min_size=1, max_size=8),
    min_size=2,
    max_size=5,
    unique=True,
)


@settings(max_examples=200, deadline=None)
@given(names=ODD_NAMES)
def test_a_suggested_name_is_the_column_that_is_meant(names: list[str]) -> None:
    columns = [text(name) for name in names]
    mapping = TableMap({"user": tuple(names[1:]), "assistant": (names[0],)}, None, {names[-1]: ("x=y",)})
    words = shlex.split(options_for(mapping, columns))
    assert words[::2] == ["--map", "--drop"]
    typed = TableMap(read_map(words[1]), None, read_drop((words[3],)))
    opened = open_source(Source("<data 1>", data=pl.DataFrame(dict.fromkeys(names, "x"))), 0)
    assert fit_mapping(opened, typed) == mapping


def test_names_that_are_masked_make_no_command(tmp_path: Path) -> None:
    names = ("id", "the question", "password: Hunter2hunter2")
    table = [dict(zip(names, (n, LONG.format(n), ANSWER.format(n)), strict=True)) for n in range(9)]
    path = written(tmp_path, "t.csv", table)
    _, told = run(str(path))
    assert "names that look like secrets are masked here; name the columns of the question" in told
    assert "Hunter2" not in told


def test_a_name_that_begins_with_a_dash_is_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    written(tmp_path, "-t.csv", rows())
    code, told = run("--", "-t.csv")
    assert code == 2
    assert "try: curate report ./-t.csv --map" in told


def test_every_word_is_found_by_its_own_kind() -> None:
    assert {
        kind for kind, words in WORDS.items() for word in words.split() if score(word, kind) != 3
    } == set()
    assert score("Final Resolution (EN)", "answer") == 2
    assert score("Lösungsvorschlag", "answer") == 1
    assert score("Fixed assets", "answer") == 0


def rows(count: int = 40) -> list[dict[str, Any]]:
    return [
        {"Ticket ID": f"T-{n}", "Subject": f"Noise number {n} in the hall", "Description": LONG.format(n)}
        | {"Resolution": ANSWER.format(n), "tags": None}
        for n in range(count)
    ]


def written(tmp_path: Path, name: str, table: list[dict[str, Any]]) -> Path:
    path = tmp_path / name
    if name.endswith(".jsonl"):
        path.write_text("".join(json.dumps(row) + "\n" for row in table))
    elif name.endswith(".parquet"):
        pl.DataFrame(table).write_parquet(path)
    elif name.endswith(".xlsx"):
        pytest.importorskip("fastexcel")
        openpyxl = pytest.importorskip("openpyxl")
        book = openpyxl.Workbook()
        for row in ([*table[0]], *(list(row.values()) for row in table)):
            book.active.append(row)
        book.save(path)
    else:
        pl.DataFrame(table).write_csv(path, separator=";")
    return path


def run(*words: str) -> tuple[int, str]:
    result = CliRunner().invoke(command, ["-q", *words], standalone_mode=False)
    if isinstance(result.exception, UnreadableError):
        return 2, str(result.exception)
    assert result.exception is None, result.exception
    return 0, result.output


@pytest.mark.parametrize("name", ["my tickets.csv", "t.jsonl", "t.parquet", "t.xlsx"])
def test_the_suggested_command_works_as_printed(tmp_path: Path, name: str) -> None:
    path = written(tmp_path, name, rows())
    code, told = run(str(path))
    assert code == 2
    assert "no layout fits; columns: Ticket ID (unique values), Subject (short text)" in told
    assert SECRET not in told
    suggested = shlex.split(re.search(r"try: (.+)", told)[1])  # type: ignore[index]
    assert suggested[:3] == ["curate", "report", str(path)]
    code, told = run(*suggested[2:])
    assert code == 0
    assert "40 rows in = 40 kept + 0 dropped + 0 quarantined" in told


def test_a_table_with_a_line_for_each_comment(tmp_path: Path) -> None:
    table = [
        {
            "ticket": f"T-{n}",
            "created": f"2024-01-{n + 1:02} 1{at}:00",
            "author": author,
            "body": said.format(n),
        }
        | {"is_internal": at == 1}
        for at, (author, said) in enumerate(
            [("Ann", LONG), ("Bob", f"{SECRET}, I guess it is {{}}"), ("Bob", ANSWER)]
        )
        for n in range(20)
    ]
    path = written(tmp_path, "c.csv", table)
    _, told = run(str(path))
    assert "--group-by ticket --order-by created --role-from author --drop is_internal=true" in told
    _, told = run(*shlex.split(re.search(r"try: curate report (.+)", told)[1]))  # type: ignore[index]
    assert "40 rows in = 20 kept + 20 dropped + 0 quarantined" in told
    assert "60 lines" in " ".join(told.split())


def test_comments_in_a_column_named_text_are_told_of(tmp_path: Path) -> None:
    table = [
        {"ticket": n // 2, "author": "Bob" if n % 2 else "Ann", "text": LONG.format(n)} for n in range(20)
    ]
    path = written(tmp_path, "c.csv", table)
    expected = (
        "looks like a line for each comment; if so, add --map text=text --group-by ticket --role-from author"
    )
    assert report(str(path)).files[0].notes == (expected,)
    path = written(tmp_path, "t.csv", [{"text": LONG.format(n)} for n in range(20)])
    assert report(str(path)).files[0].notes == ()


def test_one_row_of_a_known_layout_is_enough_to_look(tmp_path: Path) -> None:
    path = tmp_path / "t.jsonl"
    lines = [json.dumps(row) for row in [*rows(3), {"prompt": "Who?", "completion": "You."}]]
    path.write_text("\n".join(lines) + "\n")
    found = report(str(path), plan=Plan(select=("schema.unknown-layout",)))
    assert found.problems[0].rows == 3


def test_a_large_table_is_not_read_to_its_end(tmp_path: Path) -> None:
    path = written(tmp_path, "big.csv", rows(40_000))
    seen: list[int] = []
    from curate.api import scan_inputs  # noqa: PLC0415 (only here)

    with pytest.raises(UnreadableError, match="no layout fits"):
        scan_inputs((str(path),), Plan(), progress=lambda done, _: seen.append(done))
    assert seen
    assert max(seen) < path.stat().st_size


def test_without_a_guess_the_message_says_what_to_write(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("a,b\n1,2\n3,4\n")
    with pytest.raises(UnreadableError) as caught:
        report(str(path))
    assert "a (unique numbers), b (unique numbers)" in str(caught.value)
    assert "name the columns of the question and of the answer with --map" in str(caught.value)
    assert "COLUMN" not in str(caught.value)
    assert "try:" not in str(caught.value)


def test_a_secret_that_became_a_column_is_masked(tmp_path: Path) -> None:
    secret = "ghp_" + "A1id6Vw5" * 4 + "abcd"
    path = tmp_path / "t.csv"
    path.write_text(f"a,{secret}\n1,2\n")
    for plan in (Plan(), Plan(mapping=TableMap(read_map("user=b,assistant=c")))):
        with pytest.raises(UnreadableError) as caught:
            report(str(path), plan=plan)
        assert secret not in str(caught.value)


def test_a_column_that_is_not_there_is_named(tmp_path: Path) -> None:
    path = written(tmp_path, "t.csv", rows())
    for columns, told in (
        ("user=Subjekt,assistant=Resolution", "there is no column 'Subjekt'"),
        ("user=Frage,assistant=Antwort", "there is no column 'Frage'"),
    ):
        with pytest.raises(UnreadableError) as caught:
            report(str(path), plan=Plan(mapping=TableMap(read_map(columns))))
        assert told in str(caught.value)
        assert "the columns: Ticket ID, Subject" in str(caught.value)
    with pytest.raises(UnreadableError, match="did you mean 'Subject'"):
        report(str(path), plan=Plan(mapping=TableMap(read_map("user=Subjekt,assistant=Resolution"))))


def test_case_may_differ_and_other_layouts_stay_beside(tmp_path: Path) -> None:
    path = written(tmp_path, "t.csv", rows())
    chats = tmp_path / "chats.jsonl"
    chats.write_text('{"prompt": "Who?", "completion": "You."}\n')
    plan = Plan(mapping=TableMap(read_map("user=SUBJECT,assistant=resolution")))
    found = report(str(path), str(chats), plan=plan)
    assert [file.layouts for file in found.files] == [{"prompt-completion": 40}, {"prompt-completion": 1}]
    assert "read as user=Subject,assistant=Resolution" in found.files[0].notes
    assert found.files[1].notes == ()


def test_the_text_of_comments_is_found_by_its_name(tmp_path: Path) -> None:
    table = [
        {"t": "1", "w": "Ann", "reply": LONG, "subject": LONG * 3},
        {"t": "1", "w": "Bob", "reply": ANSWER, "subject": "x y"},
    ]
    path = written(tmp_path, "t.csv", table)
    found = report(str(path), plan=Plan(mapping=TableMap({}, Grouping("t", role="w"))))
    assert "read as text=reply; grouped by t, roles from w" in found.files[0].notes
    path.write_text("t,w,n\n1,Ann,3\n1,Bob,4\n")
    with pytest.raises(UnreadableError, match="no column looks like the text"):
        report(str(path), plan=Plan(mapping=TableMap({}, Grouping("t", role="w"))))


def test_nonsense_is_refused_before_anything_is_read(tmp_path: Path) -> None:
    path = written(tmp_path, "t.csv", rows())
    with pytest.raises(UsageError, match="no column for the answer"):
        report(str(path), plan=Plan(mapping=TableMap(read_map("user=Subject"))))


def test_a_description_beside_the_data_is_passed_over(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text('{"prompt": "Who?", "completion": "You."}\n')
    (tmp_path / "dataset_info.json").write_text('{"a": {"file_name": "a.jsonl"}}')
    found = report(str(tmp_path))
    assert [file.name for file in found.files] == [str(tmp_path / "a.jsonl")]
    assert found.skipped_files == ((str(tmp_path / "dataset_info.json"), "describes data sets, by its name"),)


def test_an_empty_file_takes_any_mapping(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("")
    found = report(str(path), plan=Plan(mapping=TableMap(read_map("user=a,assistant=b"))))
    assert found.verdict.status == "nothing"


def pairs(count: int = 20, **more: str) -> list[dict[str, Any]]:
    return [
        {"question": LONG.format(n), "better": ANSWER.format(n), "worse": f"No. {n}" * 9, **more}
        for n in range(count)
    ]


def test_rows_without_an_answer_say_which_columns_may_hold_it(tmp_path: Path) -> None:
    path = written(tmp_path, "p.jsonl", pairs())
    (problem,) = (one for one in report(str(path)).problems if one.check == "schema.no-target")
    command = f"curate report {path} --map prompt=question,chosen=better,rejected=worse"
    assert problem.command == command
    assert command in problem.mend
    code, told = run(*shlex.split(command)[2:])
    assert code == 0
    assert "preference 20" in " ".join(told.split())
    assert "no-target" not in told


def test_one_row_with_an_answer_or_no_other_text_keeps_the_advice(tmp_path: Path) -> None:
    for table in (
        [*pairs(), {"question": LONG, "answer": ANSWER}],
        [{"question": LONG.format(n), "topic": "roof"} for n in range(20)],
    ):
        path = written(tmp_path, "p.jsonl", table)
        (problem,) = (one for one in report(str(path)).problems if one.check == "schema.no-target")
        assert problem.command.startswith("curate drop ")


def test_a_flag_is_dropped_as_it_is_written() -> None:
    thread = Column("Akte", "20 different values", 5, 20, 50)
    people = Column("Verfasser", "9 different values", 8, 9, 50)
    found = options(thread, people, few("intern", "Ja", "JA", "Nein"), text("Text"))
    assert found.endswith("--drop intern=JA --drop intern=Ja")


def test_no_word_stands_for_both_sides() -> None:
    assert not ANSWERING & ASKING
