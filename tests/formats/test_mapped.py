"""Columns and lines as conversations: which cell says what, and as rows that trainers read."""

from __future__ import annotations

from typing import Any

import pytest

from curate.core.errors import UsageError
from curate.core.table_map import Grouping, TableMap, read_map
from curate.formats.layouts import Turns
from curate.formats.layouts.mapped import (
    Line,
    id_of,
    left_out,
    read_mapped,
    read_thread,
    speakers,
    unmapped,
    unmapped_thread,
)

TICKET = {
    "Ticket ID": "T-1",
    "Subject": "Roof",
    "Description": "It leaks.",
    "Resolution": "Fixed.",
    "Vendor": "A",
}
TICKETS = read_map("user=Subject+Description,assistant=Resolution,id=Ticket ID")
THREAD = TableMap({"text": ("said",)}, Grouping("t", role="who"))


def turns(row: dict[str, Any], columns: str) -> list[tuple[Any, ...]]:
    writer = Turns()
    read_mapped(row, writer, read_map(columns))
    return writer.frame().select("turn", "role", "part", "kind", "text", "at").rows()


def lines(*said: tuple[str | None, str]) -> list[Line]:
    return [
        Line(at, {"t": "7", "who": who, "said": text, "n": at, "vendor": "A"})
        for at, (who, text) in enumerate(said, 2)
    ]


def roles(*names: str | None, **known: str) -> tuple[list[str], int]:
    return speakers(lines(*((name, "x") for name in names)), Grouping("t", role="who", roles=known))


def test_joined_columns_are_parts_of_one_message() -> None:
    writer = Turns()
    assert read_mapped(TICKET, writer, TICKETS) == "prompt-completion"
    assert writer.frame().select("turn", "role", "part", "kind", "text", "at").rows() == [
        (0, "user", "prompt", "parts", "Roof", "/Subject"),
        (0, "user", "prompt", "parts", "It leaks.", "/Description"),
        (1, "assistant", "target", "text", "Fixed.", "/Resolution"),
    ]
    assert id_of(TICKET, TICKETS) == "T-1"
    assert id_of({"Ticket ID": " "}, TICKETS) is None


def test_an_empty_column_is_left_away_if_another_is_filled() -> None:
    columns = "user=Subject+Description,assistant=Resolution"
    found = turns({"Subject": " ", "Description": "It leaks.", "Resolution": ""}, columns)
    assert [one[3:] for one in found] == [("text", "It leaks.", "/Description"), ("text", "", "/Resolution")]
    found = turns({"Subject": None, "Description": None}, columns)
    assert [one[3:] for one in found] == [("null", "", "/Subject"), ("missing", "", "/Resolution")]


def test_all_parts_in_the_order_of_a_conversation() -> None:
    row = {"a": "Be brief.", "b": "The lease.", "c": "Who pays?", "d": "You.", "e": "We."}
    found = turns(row, "rejected=e,chosen=d,prompt=c,context=b,system=a")
    assert [one[1:3] + one[4:] for one in found] == [
        ("system", "prompt", "Be brief.", "/a"),
        ("user", "context", "The lease.", "/b"),
        ("user", "prompt", "Who pays?", "/c"),
        ("assistant", "target", "You.", "/d"),
        ("assistant", "rejected", "We.", "/e"),
    ]
    assert [
        one[5] for one in turns({**row, "a": "", "b": None}, "system=a,context=b,user=c,assistant=d")
    ] == [
        "/c",
        "/d",
    ]


def test_numbers_and_flags_are_the_text_that_people_see() -> None:
    found = turns({"a": 3.0, "b": True}, "user=a,assistant=b")
    assert [one[3:5] for one in found] == [("text", "3"), ("text", "true")]
    assert turns({"a/b": "x", "c~": ["y"]}, "user=a/b,assistant=c~")[0][5] == "/a~1b"
    assert turns({"a/b": "x", "c~": ["y"]}, "user=a/b,assistant=c~")[1][3:] == ("object", '["y"]', "/c~0")
    assert turns({"a": float("nan"), "b": "x"}, "user=a,assistant=b")[0][3] == "null"


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ("true", "internal=TRUE"),
        (True, "internal=TRUE"),
        (" True ", "internal=TRUE"),
        ("yes", "internal=yes"),
        ("Yes", ""),
        ("1", ""),
        ("false", ""),
        (None, ""),
    ],
)
def test_what_is_left_out(value: object, reason: str) -> None:
    assert left_out({"internal": value}, {"internal": ("TRUE", "yes")}) == reason


def test_a_path_into_a_field_leaves_out() -> None:
    row = {"meta": {"src": "web"}, "cell": '{"src": "web"}', "a.b": "x"}
    for name in ("meta.src", "/meta/src", "cell.src"):
        assert left_out(row, {name: ("web",)}) == f"{name}=web"
    assert left_out(row, {"a.b": ("x",)}) == "a.b=x"
    assert left_out(row, {"meta.other": ("web",)}) == ""


def test_known_names_decide_who_speaks() -> None:
    assert roles("Customer", "Agent", "SYSTEM", "kunde ") == (["user", "assistant", "system", "user"], 0)
    assert roles("Ann", "Bob", bob="user", ann="assistant") == (["assistant", "user"], 0)


OFFICES = (
    ("Kanzlei", "Mandant"),
    ("Anwalt", "Mandantin"),
    ("Anwältin", "Klient"),
    ("Arzt", "Patient"),
    ("Ärztin", "Patientin"),
    ("Aerztin", "Patient"),
    ("Praxis", "Patient"),
    ("Doctor", "Patient"),
    ("Nurse", "patient"),
    ("Therapist", "Client"),
    ("Lawyer", "Client"),
    ("Attorney", "Claimant"),
    ("Paralegal", "Applicant"),
    ("Clerk", "Citizen"),
    ("Sachbearbeiter", "Antragsteller"),
    ("Sachbearbeiter/in", "Antragsteller:in"),
    ("Berater", "Kundin"),
    ("Support", "Kunde"),
    ("Avocat", "client"),
    ("Avocate", "Cliente"),
    ("Médecin", "patiente"),
    ("medecin", "Patient"),
    ("Abogado", "cliente"),
    ("Médica", "paciente"),
    ("Asesor", "Usuario"),
)


@pytest.mark.parametrize(("answers", "asks"), OFFICES)
def test_roles_of_offices_are_known_whoever_begins(answers: str, asks: str) -> None:
    assert roles(answers, asks) == (["assistant", "user"], 0)
    assert roles(asks, answers) == (["user", "assistant"], 0)


@pytest.mark.parametrize("answers", sorted({answers for answers, _ in OFFICES}))
def test_who_stands_opposite_the_only_known_side_has_the_other(answers: str) -> None:
    assert roles("Frau Schmidt", answers) == (["user", "assistant"], 1)
    assert roles(answers, "Frau Schmidt") == (["assistant", "user"], 1)


def test_who_stands_opposite_those_who_ask_answers() -> None:
    assert roles("Dr. Weber", "Patient", "Dr. Roth") == (["assistant", "user", "assistant"], 2)
    assert roles("Patient", "Praxis", "Dr. Weber") == (["user", "assistant", "assistant"], 1)


def test_every_other_name_can_be_said_at_once() -> None:
    group = Grouping("t", role="who", roles={"bob": "assistant", "*": "user"})
    found = speakers(lines(("Bob", "x"), ("Ann", "x"), ("Agent", "x"), ("Cem", "x")), group)
    assert found == (["assistant", "user", "assistant", "user"], 0)


def test_otherwise_the_one_who_opens_the_thread_is_the_user() -> None:
    assert roles("Ann", "Bob", "Ann", "Cleo") == (["user", "assistant", "user", "assistant"], 4)
    assert roles("Agent", "Ann", "Agent") == (["assistant", "user", "assistant"], 1)
    assert roles("Ann", "Agent", "Bea") == (["user", "assistant", "assistant"], 2)
    assert roles(None, "Ann", "") == (["unknown", "user", "unknown"], 1)


def test_pointers_of_a_thread_name_line_and_cell() -> None:
    writer = Turns()
    guessed = read_thread(lines(("Ann", "Hi"), ("Bob", "Hello")), writer, THREAD)
    assert guessed == 2
    assert writer.frame().select("turn", "role", "part", "text", "at", "name").rows() == [
        (0, "user", "prompt", "Hi", "/@2/said", "user"),
        (1, "assistant", "target", "Hello", "/@3/said", "assistant"),
    ]


def test_a_thread_may_have_a_system_text_and_a_context() -> None:
    writer = Turns()
    mapping = TableMap({"text": ("said",), "system": ("vendor",), "context": ("n",)}, THREAD.group)
    read_thread(lines(("customer", "Hi"), ("agent", "Hello")), writer, mapping)
    assert writer.frame()["at"].to_list() == ["/@2/vendor", "/@2/n", "/@2/said", "/@3/said"]
    assert unmapped_thread(lines(("customer", "Hi")), mapping)["messages"] == [
        {"role": "system", "content": "A"},
        {"role": "user", "content": "2"},
        {"role": "user", "content": "Hi"},
    ]


def test_a_row_with_the_usual_names() -> None:
    assert unmapped(TICKET, TICKETS) == {
        "id": "T-1",
        "prompt": "Roof\n\nIt leaks.",
        "completion": "Fixed.",
        "Vendor": "A",
    }
    clash = {"q": "Who?", "a": "You.", "prompt": "old", "id": 4}
    assert unmapped(clash, read_map("user=q,assistant=a")) == {
        "prompt": "Who?",
        "completion": "You.",
        "prompt_": "old",
        "id": 4,
    }


def test_what_is_written_is_not_guessed() -> None:
    with pytest.raises(UsageError, match="nothing says which side some names in 'who' are on") as caught:
        unmapped_thread(lines(("Ann", "Hi"), ("agent", "Hello")), THREAD)
    assert "--roles" in caught.value.hint


def test_a_thread_keeps_what_changes_from_line_to_line_as_lists() -> None:
    assert unmapped_thread(lines(("Kunde", "Hi"), ("agent", "Hello")), THREAD) == {
        "id": "7",
        "messages": [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Hello"}],
        "who": ["Kunde", "agent"],
        "n": [2, 3],
        "vendor": "A",
    }
