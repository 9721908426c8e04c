"""The tables of the plan file that say how own tables are read."""

from __future__ import annotations

import pytest

from curate.config.load import load_plan
from curate.core.errors import ConfigError
from curate.core.table_map import Grouping, TableMap

GOOD = """
select = ["schema"]

[map]
text = "Comment"
system = ["A, B", "C+D"]

[group]
by = "ticket"
order = "created"
role = "author"
roles = { "Support Team" = "assistant" }

[drop]
internal = true
status = ["spam", 3]
"""


def test_the_tables_make_the_mapping() -> None:
    plan = load_plan(GOOD, "curate.toml")
    assert plan.select == ("schema",)
    assert plan.mapping == TableMap(
        {"text": ("Comment",), "system": ("A, B", "C+D")},
        Grouping("ticket", "created", "author", {"support team": "assistant"}),
        {"internal": ("true",), "status": ("spam", "3")},
    )


def test_joined_columns_are_written_as_on_the_command_line() -> None:
    plan = load_plan('[map]\nuser = "Subject+Description"\nassistant = "Resolution"\n', "curate.toml")
    assert plan.mapping.columns == {"user": ("Subject", "Description"), "assistant": ("Resolution",)}
    assert load_plan("", "curate.toml").mapping == TableMap()


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('[map]\nusr = "a"', "did you mean 'user'?"),
        ("[map]\nuser = 3.5\nassistant = '+'", "assistant must name columns"),
        ('[group]\nrole = "author"', "must name the column of the thread"),
        ('[group]\nby = "t"\nordr = "c"', "unknown key 'ordr' in [group]; did you mean 'order'?"),
        ('[group]\nby = "t"\nroles = { a = "boss" }', "there is no role 'boss'"),
        ("[drop]\ninternal = { a = 1 }", "internal must be a value, or a list of values"),
        ('map = "user=a"', "map must be a table, [map]"),
    ],
)
def test_mistakes_are_named_with_their_line(text: str, told: str) -> None:
    with pytest.raises(ConfigError) as caught:
        load_plan(text, "curate.toml")
    assert told in str(caught.value)
    assert "curate.toml:" in str(caught.value)
