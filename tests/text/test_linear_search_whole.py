"""Expressions of a plan are matched in linear time, as Python's would match them, or refused with their line."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from typing import TYPE_CHECKING

import polars as pl
import pytest

from curate.config.load import load_plan
from curate.core.errors import ConfigError
from curate.text.linear_search import whole_matches

if TYPE_CHECKING:
    from pathlib import Path

EVIL = "(a+)+b"
SECONDS = 60


@pytest.mark.parametrize(
    ("pattern", "flags"),
    [
        ("a.c", 0),
        ("a.c", re.DOTALL),
        ("A.C", re.IGNORECASE),
        ("a|abc", 0),
        (r"\w+ \d*", 0),
        ("(?i)ABC", 0),
        ("", 0),
    ],
)
def test_it_matches_as_python_does(pattern: str, flags: int) -> None:
    texts = ["abc", "a\nc", "xabc", "abcx", "ABC", "", "abc\n", "wörter 12", "wörter ٣"]
    compiled = re.compile(pattern, flags)
    expected = [compiled.fullmatch(text) is not None for text in texts]
    assert whole_matches(compiled, pl.Series(texts)).to_list() == expected


@pytest.mark.parametrize("pattern", ["(?!a)b", "(?<=a)b", r"(a)\1"])
def test_what_needs_more_than_linear_time_is_refused_at_its_line(pattern: str) -> None:
    allow = f"[allow]\n\"answer.echo\" = [\n  'x',\n  '{pattern}',\n]\n"
    with pytest.raises(ConfigError, match=r"p.toml:4: .*cannot be matched in linear time"):
        load_plan(allow, "p.toml")
    waiver = f"[[waiver]]\ncheck = 'answer'\nowner = 'A'\nreason = 'b'\nuntil = 2999-01-01\npattern = '{pattern}'\n"
    with pytest.raises(ConfigError, match=r"p.toml:6: .*cannot be matched in linear time"):
        load_plan(waiver, "p.toml")
    with pytest.raises(ConfigError, match="linear time"):
        whole_matches(re.compile(pattern), pl.Series(["b"]))


PLANS = {
    "allow": f'[allow]\n"answer.echo" = ["{EVIL}"]\n',
    "waiver": f'[[waiver]]\ncheck = "answer.echo"\nowner = "A"\nreason = "b"\nuntil = 2999-01-01\npattern = "{EVIL}"\n',
}


@pytest.mark.parametrize("name", PLANS)
def test_an_expression_that_explodes_does_not(tmp_path: Path, name: str) -> None:
    """With Python's engine this would not end before the sun does."""
    asked = "a" * 2_000 + " c"
    rows = [{"instruction": f"{asked}", "output": f"{asked}"}]
    (tmp_path / "rows.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    (tmp_path / "plan.toml").write_text(PLANS[name])
    curate = [sys.executable, "-c", "from curate.cli.main import main; main()"]
    words = ["check", "rows.jsonl", "--plan", "plan.toml", "--quiet", "--select", "answer.echo"]
    done = subprocess.run(
        [*curate, *words], cwd=tmp_path, capture_output=True, text=True, check=False, timeout=SECONDS
    )
    assert done.returncode == 1, done.stderr
    assert "answer.echo" in done.stdout
