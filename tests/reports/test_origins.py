"""Where the faults come from, and what nobody looked for, as the terminal, the page, JSON and ``check`` say it."""

from __future__ import annotations

import html
import io
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from rich.console import Console

import curate.engines.advice
from curate.api import report
from curate.cli.main import main
from curate.core.plan import Plan
from curate.core.report import Breakdown, DataFacts, Group, Outlier, Rate, Report, RowAccount, Verdict
from curate.reports.html import render_html
from curate.reports.plain import render_json, render_lines
from curate.reports.terminal import print_report
from curate.text.identifiers import NOT_SEARCHED
from curate.text.wilson import wilson
from tests.canaries import canaries

HOSTILE = "\x1b[31m</script><b onclick=x>[bold]\u202e"


def rate(rows: int, of: int) -> Rate:
    return Rate(rows, rows / of, *wilson(rows, of))


def group(value: str | None, rows: int, blocked: int, *out: Outlier) -> Group:
    return Group(value, rows, rate(blocked, rows), rate(2 * blocked, rows), out)


OUTLIER = Outlier("text.invisible", rate(120, 1000), rate(3, 3000))
BREAKDOWN = Breakdown(
    "vendor",
    23,
    (group("Northwind", 1000, 120, OUTLIER), group("acme", 3000, 0), group(None, 12, 1)),
    group(None, 88, 2),
    20,
    7,
)
REPORT = Report(
    version="1",
    verdict=Verdict("fit", 0, "Fit to train on"),
    files=(),
    rows=RowAccount(4107, 4100, 0, 7, 0),
    problems=(),
    passed=("text.control",),
    quarantine=(),
    quarantine_reasons=(),
    data=DataFacts(),
    by=(BREAKDOWN,),
    not_searched=NOT_SEARCHED,
    not_judged=("language.mismatch told nothing",),
)


def terminal(shown: Report = REPORT, width: int = 80, *, full: bool = False) -> str:
    out = io.StringIO()
    print_report(shown, Console(file=out, width=width, highlight=False), full=full)
    return out.getvalue()


def page_text(shown: Report = REPORT) -> str:
    text = re.sub(r"<(style|script|svg).*?</\1>", "", render_html(shown), flags=re.DOTALL)
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text)))


def test_the_terminal_tells_rates_with_bounds_and_what_stands_out() -> None:
    text = terminal()
    for words in (
        r"by vendor +rows +blocked +bounds +any finding +bounds",
        r"Northwind +1,000 +12\.00% +10\.1–14\.2% +24\.00% +21\.5–26\.7%",
        r"acme +3,000 +0\.00% +0\.0–0\.1%",
        r"\(none\) +12 +8\.33%",
        r"20 others +88",
        r"↑ Northwind: text\.invisible 12\.00% \(elsewhere 0\.10%\)",
        r"7 records that cannot be read are in no group",
    ):
        assert re.search(words, text), words
    assert "120 = 12.00%" in terminal(width=120)


@pytest.mark.parametrize("width", [80, 120])
def test_the_table_fits_the_terminal(width: int) -> None:
    name = "A vendor with a very long name indeed, and a branch in every town"
    wide = Breakdown("vendor", 1, (group(name, 9_999_999, 1_234_567, OUTLIER),))
    lines = terminal(Report(**{**vars(REPORT), "by": (wide,)}), width).splitlines()
    (line,) = [line for line in lines if line.startswith("A vendor") and "%" in line]
    assert len(line.rstrip()) <= width
    assert "…" in line
    assert line.rstrip().endswith("%")


def test_the_page_has_a_table_that_needs_no_colour() -> None:
    text = page_text()
    assert "Where it comes from" in text
    for words in ("Northwind 1,000 12.0% 120 10.1–14.2%", "(none)", "20 others", "elsewhere 0.10%"):
        assert words in text, words
    page = render_html(REPORT)
    assert page.count('class="interval"') == 2 * 4
    places = [float(place) for place in re.findall(r'(?:x1|x2|cx)="([\d.]+)%"', page)]
    assert max(places) <= 100
    assert 'href="#by"' in page
    without = render_html(Report(**{**vars(REPORT), "by": ()}))
    assert "#by" not in without
    assert "Where it comes from" not in without


def test_check_prints_a_line_for_each_value() -> None:
    lines = [line for line in render_lines(REPORT).splitlines() if line.startswith("by vendor: ")]
    first = "by vendor: Northwind: 1,000 rows, 120 blocked (12.00%, 95%: 10.1–14.2%)"
    assert lines[0].startswith(first)
    assert lines[0].endswith("; stands out: text.invisible 12.00% (elsewhere 0.10%)")
    assert lines[1:] == [
        "by vendor: acme: 3,000 rows, 0 blocked (0.00%, 95%: 0.0–0.1%), 0 with a finding (0.00%, 95%: 0.0–0.1%)",
        "by vendor: (none): 12 rows, 1 blocked (8.33%, 95%: 1.5–35.4%), 2 with a finding (16.67%, 95%: 4.7–44.8%)",
        "by vendor: 20 others: 88 rows, 2 blocked (2.27%, 95%: 0.6–7.9%), 4 with a finding (4.55%, 95%: 1.8–11.1%)",
        "by vendor: 7 records that cannot be read are in no group",
    ]


def test_json_holds_every_figure() -> None:
    plain = json.loads(render_json(REPORT))
    assert plain["schema"] == "curate.report/1"
    first = plain["by"][0]["groups"][0]
    assert (first["value"], first["rows"], first["blocked"]["rows"]) == ("Northwind", 1000, 120)
    assert first["blocked"]["low"] < first["blocked"]["share"] < first["blocked"]["high"]
    assert first["stands_out"][0]["check"] == "text.invisible"
    assert plain["not_searched"] == list(NOT_SEARCHED)


def test_hostile_values_do_no_harm() -> None:
    evil = Outlier(HOSTILE, rate(1, 2), rate(0, 2))
    shown = Report(**{**vars(REPORT), "by": (Breakdown(HOSTILE, 1, (group(HOSTILE, 5, 1, evil),)),)})
    for text in (terminal(shown), render_lines(shown)):
        assert not {"\x1b", "\u202e"} & set(text)
    assert "[bold]" in terminal(shown)
    page = render_html(shown)
    assert "<b onclick" not in page
    assert page.count("</script>") == 1
    assert "\u202e" not in page


def test_what_was_not_searched_for_is_said_everywhere() -> None:
    line = next(line for line in terminal(width=200).splitlines() if line.startswith("not searched for:"))
    assert "names of people, postal addresses" in line
    assert f"and {len(NOT_SEARCHED) - 3} other kinds" in line
    everything = " ".join(terminal(width=2000, full=True).split())
    assert all(kind in everything and kind in page_text() for kind in NOT_SEARCHED)
    alone = Report(**{**vars(REPORT), "not_searched": (), "not_judged": ()})
    assert "not searched" not in terminal(alone)
    assert "no check looks for" not in page_text(alone)


def test_what_could_not_be_judged_is_said_everywhere() -> None:
    note = "language.mismatch told nothing"
    assert all(note in text for text in (terminal(), page_text(), render_lines(REPORT), render_json(REPORT)))


@pytest.fixture
def rows(tmp_path: Path) -> str:
    asked = [{"instruction": f"Name bird {at}.", "input": "", "output": f"Bird {at}."} for at in range(6)]
    path = tmp_path / "a.jsonl"
    path.write_text("".join(json.dumps(one | {"vendor": "v"}) + "\n" for one in asked), "utf-8")
    return str(path)


def test_a_missing_language_model_is_noticed(rows: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert report(rows).not_judged == ()
    monkeypatch.setattr(curate.engines.advice, "find_spec", lambda _: None)
    (note,) = report(rows).not_judged
    assert note.startswith("language.mismatch told languages apart by their script alone")
    assert "pip install" in note
    assert report(rows, plan=Plan(ignore=("language",))).not_judged == ()


def test_a_model_that_does_not_load_is_noticed(rows: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(curate.engines.advice.sys.modules, "fasttext", object())
    monkeypatch.setattr(curate.engines.advice, "find_spec", lambda _: object())
    monkeypatch.setattr(curate.engines.advice, "is_able", lambda: False)
    assert report(rows, plan=Plan(select=("language",))).not_judged != ()


def test_without_pii_checks_nothing_of_the_kind_was_searched_for(rows: str) -> None:
    assert report(rows).not_searched == NOT_SEARCHED
    (kind,) = report(rows, plan=Plan(ignore=("pii",))).not_searched
    assert "no check of the family pii ran" in kind


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as left:
        main([*arguments, "-q"])
    shown = capsys.readouterr()
    return int(left.value.code or 0), shown.out, shown.err


def test_the_commands_take_several_fields(rows: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "check", rows, "--by", "vendor", "--by", "file")
    assert code == 0
    assert "by vendor: v: 6 rows, 0 blocked" in out
    assert re.search(r"by file: \S+/a\.jsonl: 6 rows", out)
    _, out, _ = run(capsys, "report", rows, "--by", "vendor", "--json")
    assert json.loads(out)["by"][0]["groups"][0]["value"] == "v"


def test_the_plan_s_field_holds_unless_a_flag_names_another(
    rows: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(Path(rows).parent)
    Path("curate.toml").write_text('by = "vendr"\n')
    code, _, err = run(capsys, "check", "a.jsonl")
    assert code == 2
    assert "curate.toml:1: no row has the field 'vendr'" in err
    assert "did you mean 'vendor'?" in err
    code, out, _ = run(capsys, "check", "a.jsonl", "--by", "vendor")
    assert code == 0
    assert "by vendor: v:" in out
    code, _, err = run(capsys, "check", "a.jsonl", "--by", "x")
    assert code == 2
    assert "curate.toml" not in err


def test_a_reader_who_stops_reading_is_no_crash(rows: str) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    command = [str(Path(sys.executable).parent / "curate"), "report", rows]
    done = subprocess.run(command, stdout=writing, stderr=subprocess.PIPE, check=False)
    os.close(writing)
    assert (done.returncode, b"crashed" in done.stderr) == (0, False)


def test_private_values_are_in_no_output(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    secrets = canaries(15)
    path = tmp_path / "a.jsonl"
    lines = [
        {"instruction": f"Name bird {at}.", "output": f"Bird {at}.", "annotator": secrets[at % 15]}
        for at in range(60)
    ]
    path.write_text("".join(json.dumps(one) + "\n" for one in lines), "utf-8")
    page = tmp_path / "page.html"
    for command in (["report", "--html", str(page), "--full"], ["report", "--json"], ["check"]):
        code, out, err = run(capsys, command[0], str(path), "--by", "annotator", *command[1:])
        assert code == 0
        written = html.unescape(page.read_text("utf-8"))
        assert not [secret for secret in secrets if secret in out + err + written]
    _, out, _ = run(capsys, "report", str(path), "--by", "annotator", "--json", "--show-pii")
    assert {group["value"] for group in json.loads(out)["by"][0]["groups"]} == set(secrets)
