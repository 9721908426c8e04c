"""The section ``[coverage]``: what it can say, and every mistake with its line."""

from __future__ import annotations

import pytest

from curate.config.load import load_plan
from curate.core.coverage_plan import Bound
from curate.core.errors import ConfigError

FULL = """
[coverage]
lengths = [64, 256]

[coverage.facets]
clause = { glossary = "clauses.yaml", in = "prompt" }
remedy = { pattern = "(?i)damages|injunction" }
style = { patterns = { list = "^- ", table = "^\\\\|" }, in = "target" }

[[coverage.cells]]
clause = "termination"
language = ["en", "de"]
minimum = 200

[[coverage.cells]]
meta.source = "forum"
style = "*"
target_length = "64-255"
minimum = "5%"
maximum = "40%"
"""


def test_everything_that_the_section_can_say() -> None:
    plan = load_plan(FULL, "curate.toml")
    coverage = plan.coverage
    assert coverage.edges == (64, 256)
    assert [(one.name, one.glossary, one.part) for one in coverage.facets] == [
        ("clause", "clauses.yaml", "prompt"),
        ("remedy", "", "both"),
        ("style", "", "target"),
    ]
    assert [value for value, _ in coverage.own["style"].patterns] == ["list", "table"]
    first, second = coverage.tables
    assert [cell.name for cell in first.cells()] == [
        "clause=termination, language=en",
        "clause=termination, language=de",
    ]
    assert first.minimum == Bound(rows=200)
    assert second.axes[0] == ("meta.source", ("forum",))
    assert second.axes[1] == ("style", ("list", "table"))
    assert (second.minimum, second.maximum) == (Bound(share=0.05), Bound(share=0.4))
    assert plan.places["coverage.cells.2"] == "curate.toml:15"


CELL = '[[coverage.cells]]\ntask = "code"\n'


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[coverage]\ncell = 3", "curate.toml:2: unknown key 'cell' in [coverage]; did you mean 'cells'?"),
        ("[coverage]\ncells = 3", "curate.toml:2: cells are written [[coverage.cells]]"),
        (
            "[coverage]\nlengths = [5, 3]",
            "curate.toml:2: lengths must be whole numbers of tokens in ascending",
        ),
        ("[coverage.facets]\ntask = 3", "curate.toml:2: 'task' is taken"),
        ("[coverage.facets]\nx = 3", "curate.toml:2: x must be a table"),
        (
            "[coverage.facets]\nx = { patern = 'a' }",
            "curate.toml:2: unknown key 'patern' in [coverage.facets.x]",
        ),
        (
            "[coverage.facets]\nx = { in = 'target' }",
            "curate.toml:2: x must have one of pattern, patterns and glossary",
        ),
        ("[coverage.facets]\nx = { pattern = '(' }", "curate.toml:2: '(' is no regular expression"),
        (
            "[coverage.facets]\nx = { pattern = '(a)(?=b)' }",
            "curate.toml:2: '(a)(?=b)' cannot be matched in linear time: ",
        ),
        ("[coverage.facets]\nx = { patterns = { a = '(' } }", "curate.toml:2: '(' is no regular expression"),
        (
            "[coverage.facets]\nx = { pattern = 'a', in = 'answer' }",
            "curate.toml:2: in must say where to look",
        ),
        (CELL, "curate.toml:1: the cell has no bound"),
        ("[[coverage.cells]]\nminimum = 3", "curate.toml:1: the cell names no facet"),
        (CELL.replace("task", "taks") + "minimum = 3", "curate.toml:2: there is no facet 'taks'"),
        (
            CELL.replace("code", "sumarise") + "minimum = 3",
            "task is never 'sumarise'; did you mean 'summarise'?",
        ),
        (
            '[[coverage.cells]]\nlanguage = "german"\nminimum = 3',
            "language is never 'german'; did you mean 'de'?",
        ),
        (
            "[[coverage.cells]]\ntask = []\nminimum = 3",
            "curate.toml:2: task must be a value, or a list of values",
        ),
        ('[[coverage.cells]]\ntask = "*"\nminimum = 3', 'curate.toml:2: "*" stands alone, for all values'),
        (CELL + 'minimum = "5"', "curate.toml:3: minimum must be a number of rows or a share up to 100%"),
        (CELL + "minimum = -1", "curate.toml:3: minimum must be a number of rows"),
        (CELL + 'maximum = "101%"', "curate.toml:3: maximum must be a number of rows or a share up to 100%"),
        (CELL + "minimum = 5\nmaximum = 3", "curate.toml:3: the minimum 5 is above the maximum 3"),
        (CELL + 'minimum = "5%"\nmaximum = "3%"', "curate.toml:3: the minimum 5% is above the maximum 3%"),
        (
            CELL + "minimum = 5\n" + CELL + "maximum = 9",
            "curate.toml:4: the cell task=code is asked for by entry 1",
        ),
    ],
)
def test_mistakes_are_named_with_their_line(text: str, expected: str) -> None:
    with pytest.raises(ConfigError) as error:
        load_plan(text, "curate.toml")
    assert expected in str(error.value)


def test_a_facet_that_is_wrong_is_told_once() -> None:
    text = "[coverage.facets]\nx = { pattern = '(' }\n[[coverage.cells]]\nx = 'a'\nminimum = 1\n"
    with pytest.raises(ConfigError) as error:
        load_plan(text, "curate.toml")
    assert len(str(error.value).splitlines()) == 1


def test_minima_that_no_row_can_share_leave_room_for_each_other() -> None:
    table = '[[coverage.cells]]\nlanguage = ["en", "de", "fr"]\nminimum = "{}%"\n'
    assert load_plan(table.format("33.3"), "p.toml").coverage.tables
    with pytest.raises(
        ConfigError, match=r"p.toml:1: the minima of 3 cells that no row can share add up to 102%"
    ):
        load_plan(table.format(34), "p.toml")
    spread = "".join(
        f'[[coverage.cells]]\n{facet} = "{value}"\nminimum = "60%"\n'
        for facet, value in (("language", "en"), ("task", "code"), ("language", "de"))
    )
    with pytest.raises(ConfigError, match=r"p.toml:7: the minima of 2 cells .* 120%"):
        load_plan(spread, "p.toml")


def test_minima_of_cells_that_a_row_can_share_may_pass_the_whole() -> None:
    text = (
        "[coverage.facets]\nclause = { patterns = { a = 'a', b = 'b' } }\n"
        '[[coverage.cells]]\nclause = "*"\nminimum = "80%"\n'
        '[[coverage.cells]]\nlanguage = "en"\nminimum = "90%"\n'
    )
    assert len(load_plan(text, "p.toml").coverage.cells) == 3


def test_a_plan_in_yaml_says_the_same() -> None:
    text = "coverage:\n  cells:\n    - language: [en, de]\n      minimum: 5%\n"
    assert load_plan(text, "curate.yaml").coverage.tables[0].axes == (("language", ("en", "de")),)


def test_more_turns_than_are_told_apart_are_a_mistake() -> None:
    with pytest.raises(ConfigError, match="turns is never '9'"):
        load_plan("[[coverage.cells]]\nturns = 9\nminimum = 1\n", "curate.toml")
    plan = load_plan('[[coverage.cells]]\nturns = [2, "8+"]\nminimum = 1\n', "curate.toml")
    assert [cell.name for cell in plan.coverage.cells] == ["turns=2", "turns=8+"]


def test_topics_that_share_a_term_may_share_rows() -> None:
    """A cell names a topic by any of its terms, so the minima of two need not be of different rows."""
    plan = load_plan('[[coverage.cells]]\ntopic = ["contract", "clause"]\nminimum = "60%"\n', "curate.toml")
    assert len(plan.coverage.cells) == 2
