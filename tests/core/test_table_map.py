"""The words of ``--map``, ``--roles`` and ``--drop``: what they mean, and how mistakes are told."""

from __future__ import annotations

import shlex

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curate.core.errors import UsageError
from curate.core.table_map import (
    Grouping,
    TableMap,
    clean,
    fold,
    read_drop,
    read_map,
    read_roles,
    renamed,
    write_map,
    write_name,
)

NAMES = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Zl", "Zp"]), max_size=12).filter(
    lambda name: name.strip() == name
)


def test_the_command_of_the_manual() -> None:
    assert read_map("user=Subject+Description,assistant=Resolution,id=Ticket ID") == {
        "user": ("Subject", "Description"),
        "assistant": ("Resolution",),
        "id": ("Ticket ID",),
    }


def test_names_with_signs_stand_in_quotes() -> None:
    assert read_map("""user="Subject, long"+'C++' , Assistant=Kunde's reply""") == {
        "user": ("Subject, long", "C++"),
        "assistant": ("Kunde's reply",),
    }
    assert read_map('user="say ""hi""",id=a=b') == {"user": ('say "hi"',), "id": ("a=b",)}


@given(st.dictionaries(st.sampled_from(["user", "assistant", "id", "context"]), st.lists(NAMES, min_size=1)))
def test_what_is_written_is_read_the_same(columns: dict[str, list[str]]) -> None:
    given_columns = {part: tuple(names) for part, names in columns.items()}
    assert read_map(write_map(given_columns)) == given_columns


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("user", "cannot be read from 'user' on"),
        ("user=", "names no column at ''"),
        ("user=a+", "names no column at ''"),
        ("user=a,,assistant=b", "cannot be read from ',assistant=b' on"),
        ("usr=a", "did you mean 'user'?"),
        ("reward=a", "the parts: system, context"),
        ("user=a,user=b", "says 'user' twice"),
    ],
)
def test_mistakes_are_named(text: str, told: str) -> None:
    with pytest.raises(UsageError) as caught:
        read_map(text)
    assert told in str(caught.value)


def test_roles_are_folded_and_checked() -> None:
    told = read_roles("Support Team=assistant, 'Doe, Jane'=USER,bot = tool")
    assert told == {"support team": "assistant", "doe, jane": "user", "bot": "tool"}
    with pytest.raises(UsageError, match="no role 'boss'"):
        read_roles("agent=boss")
    with pytest.raises(UsageError, match="cannot be read"):
        read_roles("agent")


def test_values_to_drop() -> None:
    told = read_drop(("internal=true", "internal = yes", '"a=b"=c=d'))
    assert told == {"internal": ("true", "yes"), "a=b": ("c=d",)}
    with pytest.raises(UsageError, match="cannot be read"):
        read_drop(("internal",))


def test_options_say_the_same_again() -> None:
    group = Grouping("Ticket No", "created", "from", {"Doe, J=x": "assistant"})
    mapping = TableMap({"text": ("Comment, full",)}, group, {"a=b": ("yes sir",)})
    words = shlex.split(mapping.options)
    told = dict(zip(words[::2], words[1::2], strict=True))
    assert read_map(told["--map"]) == mapping.columns
    assert (told["--group-by"], told["--order-by"], told["--role-from"]) == ("Ticket No", "created", "from")
    assert read_roles(told["--roles"]) == {"doe, j=x": "assistant"}
    assert read_drop((told["--drop"],)) == mapping.drop
    assert TableMap().options == ""


@pytest.mark.parametrize(
    ("mapping", "told"),
    [
        (TableMap(read_map("user=a")), "no column for the answer"),
        (TableMap(read_map("assistant=a")), "no column for the user"),
        (TableMap(read_map("user=a,assistant=b,text=c")), "is for grouped tables"),
        (TableMap(group=Grouping("t")), "nothing says who speaks"),
        (TableMap(read_map("user=a"), Grouping("t", role="r")), "cannot say 'user'"),
    ],
)
def test_nonsense_is_refused(mapping: TableMap, told: str) -> None:
    with pytest.raises(UsageError, match=told):
        mapping.refuse_nonsense()


def test_what_makes_sense_is_not_refused() -> None:
    for columns in ("user=a,assistant=b", "prompt=a,chosen=b,rejected=c", "system=s,user=a,assistant=b"):
        TableMap(read_map(columns)).refuse_nonsense()
    TableMap(read_map("text=c,id=t"), Grouping("t", role="r")).refuse_nonsense()
    TableMap(drop={"internal": ("true",)}).refuse_nonsense()
    assert not TableMap()
    assert TableMap(drop={"internal": ("true",)}).names == ("internal",)


def test_a_name_without_signs_needs_no_quotes() -> None:
    assert write_name("Ticket ID") == "Ticket ID"
    assert write_name("Kunde's Antwort") == "Kunde's Antwort"


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        (" Ticket ID ", "Ticket ID"),
        ("The\r\nquestion", "The question"),
        ("the\xa0question  here", "the question here"),
        ("\ufeff\u200bTicket\tID\u200e", "Ticket ID"),
        ("Stra\xadße", "Straße"),
        ("\u200b", ""),
    ],
)
def test_a_name_as_it_can_be_typed(name: str, shown: str) -> None:
    assert clean(name) == shown
    assert fold(name) == shown.casefold() == fold(shown.upper().lower())


def test_all_columns_get_other_names() -> None:
    group = Grouping("t", "", "w", {"ann": "user"})
    mapping = TableMap({"text": ("c", "d")}, group, {"i": ("yes",)})
    assert renamed(mapping, str.upper) == TableMap(
        {"text": ("C", "D")}, Grouping("T", "", "W", {"ann": "user"}), {"I": ("yes",)}
    )
    assert renamed(TableMap({"user": ("a",)}), str.upper) == TableMap({"user": ("A",)})
