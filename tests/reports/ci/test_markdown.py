"""The summary is read by a Markdown parser: names of files stay names, commands stay commands, tables stay whole."""

from __future__ import annotations

import json
import shlex
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner
from markdown_it import MarkdownIt

from curate.api import report
from curate.cli.check import command
from curate.core.errors import UsageError
from curate.core.plan import Plan
from curate.reports.ci.markdown import LARGEST
from curate.reports.ci.markdown_text import block, code, markdown_text, prose
from curate.reports.outputs import renderer

if TYPE_CHECKING:
    from pathlib import Path

    from markdown_it.token import Token

    from curate.core.report import Report

PLAN = Plan(show_text=False, workers=1)
NAMES = (
    "a|b.jsonl",
    "`c`.jsonl",
    "d`e.jsonl",
    "```.jsonl",
    "new\nline.jsonl",
    "<img src=x onerror=y>.jsonl",
    "[x](y).jsonl",
)
LEAK = "<|im_end|>"


def parsed(text: str) -> list[Token]:
    """All tokens, those within lines as well."""
    tokens = MarkdownIt("commonmark", {"html": True}).enable("table").parse(text)
    return [one for token in tokens for one in (token, *(token.children or ()))]


def of(folder: Path, name: str, plan: Plan = PLAN) -> Report:
    """A report on a file in which two checks block, and a record that cannot be read."""
    path = folder / name
    rows = [
        {"prompt": f"What is {at}?", "completion": f"It is {at}.", "vendor": f"v{at % 2}|`x`"}
        for at in range(6)
    ]
    rows[0]["completion"] += LEAK
    rows[1]["completion"] = ""
    path.write_text("".join(json.dumps(row) + "\n" for row in rows) + '{"prompt": \n')
    return report(str(path), plan=plan)


@pytest.mark.parametrize("name", NAMES)
def test_names_of_files_stay_names(tmp_path: Path, name: str) -> None:
    done = of(tmp_path, name)
    tokens = parsed(renderer("markdown")(done))
    assert not [one for one in tokens if one.type in ("html_inline", "html_block", "link_open", "image")]
    rows = sum(one.type == "tr_open" for one in tokens)
    cells = sum(one.type in ("td_open", "th_open") for one in tokens)
    assert rows == 2 + len(done.problems)
    assert cells == 5 * rows
    assert sum(one.type == "table_open" for one in tokens) == 1


@pytest.mark.parametrize("name", NAMES)
def test_the_command_is_the_one_to_type(tmp_path: Path, name: str) -> None:
    done = of(tmp_path, name)
    fence = next(one for one in parsed(renderer("markdown")(done)) if one.type == "fence")
    assert fence.info == "sh"
    assert fence.content.startswith("curate drop ")
    words = shlex.split(fence.content)
    if name.isprintable():
        assert str(tmp_path / name) in words
    assert "template.leaked-token" in fence.content


def test_where_the_faults_come_from_is_there(tmp_path: Path) -> None:
    done = of(tmp_path, "data.jsonl", replace(PLAN, by=("vendor",)))
    tokens = parsed(renderer("markdown")(done))
    texts = ["".join(child.content for child in one.children or ()) for one in tokens if one.type == "inline"]
    assert "By vendor" in texts
    assert sum(one.type == "table_open" for one in tokens) == 2
    values = {group.value for breakdown in done.by for group in breakdown.groups}
    assert values <= set(texts)
    assert any(text.startswith("1 record that cannot be read") for text in texts)


def test_the_baseline_is_told(tmp_path: Path) -> None:
    of(tmp_path, "data.jsonl")
    from curate.cli.baseline import command as baseline  # noqa: PLC0415 (only here)

    data, file = str(tmp_path / "data.jsonl"), str(tmp_path / "known")
    CliRunner().invoke(baseline, [data, "--out", file, "-q"], standalone_mode=False, catch_exceptions=False)
    words = [data, "--baseline", file, "--output", "markdown", "-q"]
    done = CliRunner().invoke(command, words, standalone_mode=False)
    assert "0 new, 0 mended" in done.output


def test_why_nothing_was_evaluated_is_told(tmp_path: Path) -> None:
    (tmp_path / "empty.jsonl").write_text("\n")
    done = renderer("markdown")(report(str(tmp_path / "empty.jsonl"), plan=PLAN))
    assert "Nothing was evaluated" in done
    assert "- no row could be read" in done


def test_the_hint_at_unreadable_records_has_the_count(tmp_path: Path) -> None:
    done = of(tmp_path, "data.jsonl")
    path = tmp_path / "data.jsonl"
    path.write_text(path.read_text() + '{"prompt": \n' * 6)
    assert "`quarantine = 1`" in renderer("markdown")(done)
    assert "`quarantine = 7`" in renderer("markdown")(report(str(path), plan=PLAN))


def test_a_comment_holds_it_whatever_the_titles(tmp_path: Path) -> None:
    done = of(tmp_path, "data.jsonl")
    wide = replace(done, problems=tuple(replace(one, title="x" * 40_000) for one in done.problems))
    text = renderer("markdown")(wide)
    assert len(text) <= LARGEST + 200
    assert "The rest is left out" in text


@pytest.mark.parametrize(
    "words",
    [
        ("--output", "markdown", "--output", "github"),
        ("--output", "github", "--output", "sarif=-"),
        ("--output", "github", "--json"),
    ],
)
def test_two_formats_are_not_printed_together(tmp_path: Path, words: tuple[str, ...]) -> None:
    of(tmp_path, "data.jsonl")
    done = CliRunner().invoke(command, [str(tmp_path / "data.jsonl"), *words, "-q"], standalone_mode=False)
    assert isinstance(done.exception, UsageError)
    assert "would both be printed" in str(done.exception)
    assert not done.output


def test_one_is_printed_and_others_written(tmp_path: Path) -> None:
    of(tmp_path, "data.jsonl")
    words = ["--output", "github", "--output", f"markdown={tmp_path / 'out.md'}", "-q"]
    done = CliRunner().invoke(command, [str(tmp_path / "data.jsonl"), *words], standalone_mode=False)
    assert done.return_value == 1
    assert done.output.startswith("::error ")
    assert (tmp_path / "out.md").read_text().startswith("## curate: ")


def test_the_small_parts() -> None:
    assert code("a.b") == "`a.b`"
    assert code("a|b") == r"a\|b"
    assert prose("Run `x y` now.") == "Run `x y` now."
    assert prose("Run `x y now.") == r"Run \`x y now."
    assert markdown_text("a\r\nb\u2028c") == "a b c"
    assert block("x ````")[0] == "`````sh"
