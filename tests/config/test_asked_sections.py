"""What must be there, and who answers for what is wrong: as it is read, with every mistake at its line."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from curate.config.load import find_plan, load_plan
from curate.core.errors import ConfigError
from curate.core.policy import Require, Waiver
from curate.engines.registry import load_checks

if TYPE_CHECKING:
    from pathlib import Path

FULL = """
[require]
fields = ["source", "meta.license"]
rows = 1000

[[waiver]]
check = "answer.refusal"
rows = ["0123456789abcdef", "0123456789abcdef.2"]
owner = "Ann Lee"
reason = "kept for the ablation"
until = 2026-12-31

[[waiver]] # the second
check = "pii"
file = "support-*"
pattern = ".*@example\\\\.com"
owner = "Bo"
reason = "nobody's"
until = "2027-01-31"
"""
WAIVER = '[[waiver]]\ncheck = "pii"\nfile = "a"\nowner = "A"\nreason = "r"\nuntil = 2026-12-31\n'


def test_everything_is_read() -> None:
    plan = load_plan(FULL, "curate.toml")
    assert plan.require == Require(("source", "meta.license"), 1000)
    one, two = plan.waivers
    keys = ("0123456789abcdef", "0123456789abcdef.2")
    last = date(2026, 12, 31)
    assert one == Waiver(
        "answer.refusal", "Ann Lee", "kept for the ablation", last, keys, place="curate.toml:6"
    )
    assert (two.check, two.file, two.until, two.place) == (
        "pii",
        "support-*",
        date(2027, 1, 31),
        "curate.toml:13",
    )
    assert two.pattern is not None
    assert two.pattern.fullmatch("help@example.com")
    assert plan.places["require.rows"] == "curate.toml:4"
    assert plan.metadata == ("meta.license", "source")


def test_a_waiver_holds_through_its_last_day() -> None:
    one = load_plan(FULL, "").waivers[0]
    assert not one.has_expired(date(2026, 12, 31))
    assert one.has_expired(date(2027, 1, 1))
    assert one.covers("answer.refusal")
    assert not one.covers("answer.refusals")


def without(key: str) -> str:
    return "".join(line for line in WAIVER.splitlines(keepends=True) if not line.startswith(key))


MISTAKES = [
    ('[require]\nfield = ["a"]', "curate.toml:2: unknown key 'field' in [require]; did you mean 'fields'?"),
    ("[require]\nfields = []", "curate.toml:2: fields must be a list of texts, none of them empty"),
    ("[require]\nrows = 0", "curate.toml:2: rows must be a whole number above 0"),
    ('[require]\nfields = ["a b",\n"a-b"]', "curate.toml:3: 'a-b' and 'a b' make one check, require.a-b"),
    ("require = 3", "curate.toml:1: require must be a table, [require]"),
    ("waiver = 3", "curate.toml:1: waivers are written [[waiver]]"),
    ("waiver = [3]", "curate.toml:1: a waiver is a table, [[waiver]]"),
    (without("owner"), "curate.toml:1: the waiver has no owner; somebody must answer for it"),
    (without("reason"), "curate.toml:1: the waiver has no reason"),
    (
        without("until"),
        "curate.toml:1: the waiver has no until; as until = 2026-12-31: nothing is waived for good",
    ),
    (without("check"), "curate.toml:1: the waiver has no check"),
    (
        without("file"),
        "curate.toml:1: the waiver does not say which findings; name them by rows, file or pattern",
    ),
    (WAIVER + WAIVER + 'own = "x"', "curate.toml:13: unknown key 'own' in [waiver]; did you mean 'owner'?"),
    (WAIVER.replace('"A"', '" "'), "curate.toml:4: owner must be a text that is not empty"),
    (WAIVER.replace("2026-12-31", '"soon"'), "curate.toml:6: until must be a day, as 2026-12-31"),
    (WAIVER.replace("2026-12-31", '"2026-02-30"'), "curate.toml:6: until must be a day, as 2026-12-31"),
    (WAIVER.replace("2026-12-31", "2026-12-31T10:00:00"), "curate.toml:6: until must be a day"),
    (WAIVER + 'pattern = "("', "curate.toml:7: '(' is no regular expression"),
    (
        WAIVER + 'rows = ["12"]',
        "curate.toml:7: '12' is no key of a row; keys stand in the column key of --findings",
    ),
]


@pytest.mark.parametrize(("text", "says"), MISTAKES)
def test_mistakes_are_named_with_their_line(text: str, says: str) -> None:
    with pytest.raises(ConfigError) as error:
        load_plan(text, "curate.toml")
    assert says in str(error.value)


def test_a_waiver_for_a_check_that_does_not_exist_is_refused() -> None:
    plan = load_plan(WAIVER + WAIVER.replace('"pii"', '"answr.refusal"'), "curate.toml")
    with pytest.raises(
        ConfigError, match=r"curate\.toml:7: there is no check or family 'answr\.refusal' \(in waiver\)"
    ):
        load_checks(plan)


def test_required_fields_are_checks_with_budgets_of_their_own() -> None:
    plan = load_plan('[require]\nfields = ["a"]\n[budget]\n"require.a" = "1%"', "curate.toml")
    assert "require.a" in [check.name for check in load_checks(plan)]
    wrong = load_plan('[require]\nfields = ["a"]\n[budget]\n"require.b" = "1%"', "curate.toml")
    with pytest.raises(ConfigError, match=r"did you mean 'require\.a'"):
        load_checks(wrong)


def test_fields_are_required_whatever_is_selected() -> None:
    plan = load_plan('select = ["text"]\n[require]\nfields = ["a"]', "curate.toml")
    names = [check.name for check in load_checks(plan)]
    assert "require.a" in names
    assert "answer.refusal" not in names


YAML = """
extends: sft-lenient
budget:
  answer.refusal: 3
  pii: 1%
require: {fields: source}
waiver:
  - {check: pii, file: a, owner: A, reason: r, until: 2026-12-31}
  - check: text
    pattern: x
    owner: B
    reason: r
    until: 2026-12-31
"""


def test_yaml_says_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plan = load_plan(YAML, "curate.yaml")
    same = load_plan(
        'extends = "sft-lenient"\n[budget]\n"answer.refusal" = 3\npii = "1%"\n[require]\nfields = ["source"]\n',
        "",
    )
    assert (plan.budget, plan.require, plan.quarantine) == (same.budget, same.require, same.quarantine)
    assert [one.place for one in plan.waivers] == ["curate.yaml:8", "curate.yaml:9"]
    assert plan.places["budget.answer.refusal"] == "curate.yaml:4"
    monkeypatch.chdir(tmp_path)
    (tmp_path / "curate.yaml").write_text(YAML)
    assert find_plan(None).budget == plan.budget
    (tmp_path / "curate.toml").write_text("workers = 1")
    assert find_plan(None).budget == {}


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("select: [schema\n", "curate.yml:2: is not valid YAML"),
        ("- a", "curate.yml: is no plan: it holds no keys"),
        ("select: [a]\nignore: [b]\nselect: [c]", "curate.yml:3: the key 'select' stands here twice"),
        ("severity:\n  answer.echo: eror", "curate.yml:2: unknown severity 'eror'; did you mean 'error'?"),
        ("select:\n- a\nignor: [a]", "curate.yml:3: unknown key 'ignor'; did you mean 'ignore'?"),
        ("select: !!python/object:x.y {}", "curate.yml:1: is not valid YAML"),
        ("allow:\n  a.b:\n  - x\n  - (", "curate.yml:4: '(' is no regular expression"),
    ],
)
def test_mistakes_in_yaml_are_named_with_their_line(text: str, says: str) -> None:
    with pytest.raises(ConfigError) as error:
        load_plan(text, "curate.yml")
    assert says in str(error.value)


def test_an_empty_yaml_says_nothing() -> None:
    assert load_plan("", "curate.yaml") == load_plan("", "curate.toml")
