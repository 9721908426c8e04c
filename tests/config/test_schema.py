"""The JSON Schema of plans: it takes what the reader takes, and refuses what the reader refuses."""

from __future__ import annotations

import json
import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from curate.cli.init import schema_text
from curate.config.load import EXTENDS, KEYS, load_plan
from curate.config.presets import NAMES, preset_text
from curate.config.toml_form import write_toml
from curate.core.errors import ConfigError
from tests.config.test_asked_sections import FULL as POLICY
from tests.config.test_asked_sections import MISTAKES
from tests.config.test_load import FULL

SCHEMA: dict[str, Any] = json.loads(schema_text())
ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "reference" / "plan.md").read_text("utf-8")

REST = """
by = ["vendor", "file"]
workers = 2
[map]
user = "Subject+Description"
assistant = ["Resolution"]
[group]
by = "ticket"
roles = { agent = "assistant", "*" = "user" }
[drop]
internal = ["true", 1]
[fix]
only = ["text", "pii"]
unsafe = ["terms.variant"]
fields = { prompt = "report" }
grammar = "off"
language-tool = "http://localhost:8081"
known = "names.csv"
options.pii = { style = "x" }
[pii]
scope = "file"
patterns = { case-number = "[A-Z]{2}[0-9]{6}" }
[run]
steps = ["repair", "drop"]
policy = { "duplicate.conflict" = "drop", error = "keep" }
split = { ratio = "90/5/5", by = ["near", "source"], seed = 3 }
"""

GOOD = {
    "all of the checks": FULL,
    "all of the policy": POLICY,
    "all of the rest": REST,
    "empty": "",
    "a short split": '[run]\nsplit = "90/10"',
    "budgets": '[budget]\na = 0\n"a.b" = "none"\n"a.c" = " 12.5 %"\n"a.d" = "100%"',
    "an own check": '[checks."style.shouting"]\nshare = 0.5',
    "options": '[checks."length.too-long"]\ncontext = 4096\n[checks."template.leaked-token"]\ntokens = ["<x>"]',
    **{f"preset {name}": preset_text(name) for name in NAMES},
    **{f"extends {name}": f'extends = "{name}"' for name in NAMES},
    "the page's example": next(part for part in PAGE.split("```toml\n") if part.startswith("extends")).split(
        "```"
    )[0],
}
BAD = [
    *(text for text, _ in MISTAKES if '"a-b"' not in text and "02-30" not in text),
    "\nignor = []",
    "[budgets]\nx = 1",
    '[severity]\n"a.b" = "eror"',
    '[budget]\n"a.b" = "many"',
    '[budget]\n"a.b" = -1',
    '[budget]\n"a.b" = true',
    '[budget]\n"a.b" = 0.5',
    '[budget]\n"a.b" = "150%"',
    "[budget]\na.b = 3",
    '[severity]\na.b = "error"',
    '[allow]\n"a.b" = ["("]',
    'select = "schema"',
    "workers = 0",
    "severity = 3",
    '[skip]\n"a.b" = 4',
    '[skip]\na.b = {source = "x"}',
    "\n[checks.a.b]\nlow = 3",
    'quarantine = "100.5%"',
    'extends = "sft"',
    '[map]\nusr = "Subject"',
    '[map]\nusr = ["Subject"]',
    '[group]\norder = "x"',
    '[group]\nby = "x"\nroles = {a = "agent"}',
    "by = 3",
    '[fix]\nonly = ["spelling"]',
    "[fix]\nunsafe = true",
    '[fix]\nfields = {answer = "auto"}',
    '[pii]\nstyle = "stars"',
    '[pii]\npatterns = {Case = "x"}',
    '[run]\nsteps = ["polish"]',
    '[run]\npolicy = {pii = "burn"}',
    '[run]\nsplit = "90"',
    '[run]\nsplit = {by = "near"}',
]


def errors(text: str) -> list[str]:
    table = json.loads(json.dumps(tomllib.loads(text), default=_told))
    checker = Draft202012Validator.FORMAT_CHECKER
    return [
        error.message for error in Draft202012Validator(SCHEMA, format_checker=checker).iter_errors(table)
    ]


def _told(value: object) -> str:
    assert isinstance(value, date)
    return value.isoformat()


def test_it_is_a_schema() -> None:
    Draft202012Validator.check_schema(SCHEMA)
    assert list(SCHEMA["properties"]) == [EXTENDS, *KEYS]


@pytest.mark.parametrize("text", GOOD.values(), ids=GOOD)
def test_what_the_reader_takes_is_valid(text: str) -> None:
    load_plan(text, "curate.toml")
    assert errors(text) == []


@pytest.mark.parametrize("text", BAD)
def test_what_the_reader_refuses_is_not(text: str) -> None:
    with pytest.raises(ConfigError):
        load_plan(text, "curate.toml")
    assert errors(text)


@pytest.mark.parametrize(
    "text", ['[checks."length.too-long"]\nlow = 3', '[checks."length.too-long"]\ncontext = "x"']
)
def test_options_of_checks_are_known(text: str) -> None:
    assert errors(text)


def test_every_key_is_explained() -> None:
    silent = [key for key, shape in SCHEMA["properties"].items() if not shape.get("description")]
    assert silent == []


@pytest.mark.parametrize("text", GOOD.values(), ids=GOOD)
def test_what_is_written_reads_back_the_same(text: str) -> None:
    table = tomllib.loads(text)
    assert tomllib.loads(write_toml(table)) == table
