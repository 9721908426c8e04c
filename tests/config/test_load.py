"""The plan file: everything it can say, and every mistake with its line."""

from __future__ import annotations

import pytest

from curate.config.load import load_plan
from curate.core.errors import ConfigError
from curate.core.finding import Severity
from curate.core.plan import Budget, Scope

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
    ],
)
def test_mistakes_are_named_with_their_line(text: str, expected: str) -> None:
    with pytest.raises(ConfigError) as error:
        load_plan(text, "curate.toml")
    assert expected in str(error.value)


def test_all_mistakes_are_shown_together() -> None:
    with pytest.raises(ConfigError) as error:
        load_plan("ignor = []\nworkers = 0\n", "curate.toml")
    assert "curate.toml:1:" in str(error.value)
    assert "curate.toml:2:" in str(error.value)


def test_what_is_no_toml_is_said_so() -> None:
    with pytest.raises(ConfigError, match="is not valid TOML"):
        load_plan("select = [", "curate.toml")
