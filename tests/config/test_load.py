"""The plan file: everything it can say, and every mistake with its line."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from curate.config.load import find_plan, load_plan
from curate.core.errors import ConfigError, CurateError
from curate.core.finding import Severity
from curate.core.plan import Budget, Scope

if TYPE_CHECKING:
    from pathlib import Path

FULL = """
select = ["schema", "answer.refusal"]
ignore = ["text.control"]
quarantine = "0.1%"
encoding = "cp1252"
workers = 2
own-checks = ["our-checks"]

[severity]
"duplicate.exact" = "error"

[budget]
"duplicate.exact" = "0.5%"
"answer.refusal" = 3
"text.mojibake" = "none"

[checks."template.leaked-token"]
tokens = ["<pad>"]

[allow]
"template.leaked-token" = ["<pad>", "<unk.*>"]

[skip]
"answer.self-reference" = { source = "roleplay", lang = ["de", "fr"] }
"""


def test_everything_that_the_file_can_say() -> None:
    plan = load_plan(FULL, "curate.toml")
    assert plan.select == ("schema", "answer.refusal")
    assert plan.ignore == ("text.control",)
    assert plan.quarantine == Budget(share=0.001)
    assert (plan.encoding, plan.workers, plan.checks) == ("cp1252", 2, ("our-checks",))
    assert plan.severity == {"duplicate.exact": Severity.ERROR}
    assert plan.budget["duplicate.exact"] == Budget(share=0.005)
    assert plan.budget["answer.refusal"] == Budget(count=3)
    assert plan.budget["text.mojibake"] == Budget()
    assert plan.options == {"template.leaked-token": {"tokens": ["<pad>"]}}
    assert [p.pattern for p in plan.allow["template.leaked-token"]] == ["<pad>", "<unk.*>"]
    assert plan.skip["answer.self-reference"] == (Scope("source", ("roleplay",)), Scope("lang", ("de", "fr")))
    assert plan.metadata == ("lang", "source")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("\nignor = []", "curate.toml:2: unknown key 'ignor'; did you mean 'ignore'?"),
        ("[budgets]\nx = 1", "curate.toml:1: unknown key 'budgets'; did you mean 'budget'?"),
        ('[severity]\n"a.b" = "eror"', "curate.toml:2: unknown severity 'eror'; did you mean 'error'?"),
        ('[budget]\n"a.b" = "many"', "curate.toml:2: a budget is a number of rows"),
        ('[budget]\n"a.b" = -1', "curate.toml:2: a budget is a number of rows"),
        ('[allow]\n"a.b" = ["("]', "curate.toml:2: '(' is no regular expression"),
        ('select = "schema"', "curate.toml:1: select must be a list of strings"),
        ("workers = 0", "curate.toml:1: workers must be a whole number above 0"),
        ("severity = 3", "curate.toml:1: severity must be a table"),
        ('[skip]\n"a.b" = 4', "curate.toml:2: a.b must say which rows"),
        ('[severity]\na.b = "error"', 'curate.toml:2: quote the name of the check: "a.b"'),
        ("[budget]\na.b = 3", 'curate.toml:2: quote the name of the check: "a.b"'),
        ('[skip]\na.b = {source = "x"}', 'curate.toml:2: quote the name of the check: "a.b"'),
        ("\n[checks.a.b]\nlow = 3", 'curate.toml:2: quote the name of the check: "a.b"'),
        ('[budget]\n"a.b" = "150%"', "curate.toml:2: a share of the rows is at most 100%"),
        ('quarantine = "100.5%"', "curate.toml:1: a share of the rows is at most 100%"),
        ('[severity]\n"a.b" = "error"\n[budget]\n"a.b" = "x"', "curate.toml:4: a budget is"),
        ('[allow]\n"a.b" = [\n  "x",\n  "(",\n]', "curate.toml:4: '(' is no regular expression"),
        ('severity = {"a.b" = "warning", "c.d" = "no"}', "curate.toml:1: unknown severity 'no'"),
        ("\nselect = ]", "curate.toml:2: is not valid TOML"),
    ],
)
def test_mistakes_are_named_with_their_line(text: str, expected: str) -> None:
    with pytest.raises(ConfigError) as error:
        load_plan(text, "curate.toml")
    assert expected in str(error.value)
    assert ("the keys:" in error.value.hint) == ("unknown key" in expected)


def test_names_are_found_in_their_sections() -> None:
    plan = load_plan(FULL, "curate.toml")
    lines = FULL.splitlines()
    for key, line in {
        "select.answer.refusal": 'select = ["schema", "answer.refusal"]',
        "own-checks": 'own-checks = ["our-checks"]',
        "budget.answer.refusal": '"answer.refusal" = 3',
        "budget.duplicate.exact": '"duplicate.exact" = "0.5%"',
        "severity.duplicate.exact": '"duplicate.exact" = "error"',
        "checks.template.leaked-token.tokens": 'tokens = ["<pad>"]',
        "skip.answer.self-reference.lang": lines[-1],
    }.items():
        assert plan.places[key] == f"curate.toml:{lines.index(line) + 1}"


def test_a_family_has_a_budget() -> None:
    plan = load_plan('[budget]\nanswer = "50%"\n"answer.echo" = 2\n', "curate.toml")
    assert plan.budget_of("answer.refusal", Severity.ERROR) == Budget(share=0.5)
    assert plan.budget_of("answer.echo", Severity.ERROR) == Budget(count=2)
    assert plan.budget_of("text.mojibake", Severity.WARNING) is None


def test_a_plan_file_that_cannot_be_read_is_said_so(tmp_path: Path) -> None:
    path = tmp_path / "plan.toml"
    path.write_bytes('select = ["schema"]  # für alle'.encode("cp1252"))
    with pytest.raises(ConfigError, match=r"plan.toml: the plan is not UTF-8"):
        find_plan(str(path))
    path.write_bytes(b'\xef\xbb\xbfselect = ["schema"]')
    assert find_plan(str(path)).select == ("schema",)
    with pytest.raises(CurateError, match="the plan is a folder"):
        find_plan(str(tmp_path))


def test_all_mistakes_are_shown_together() -> None:
    with pytest.raises(ConfigError) as error:
        load_plan("ignor = []\nworkers = 0\n", "curate.toml")
    assert "curate.toml:1:" in str(error.value)
    assert "curate.toml:2:" in str(error.value)


def test_what_is_no_toml_is_said_so() -> None:
    with pytest.raises(ConfigError, match="is not valid TOML"):
        load_plan("select = [", "curate.toml")
