"""Where the faults come from: figures equal an independent count, whatever the container, field and engine."""

from __future__ import annotations

import contextlib
import csv
import io
import json
import random
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl
import pytest

from curate.api import report, report_of, scan_inputs
from curate.config.load import find_plan, load_plan
from curate.core.errors import ConfigError, UsageError
from curate.core.plan import Budget, Plan
from curate.core.table_map import Grouping, TableMap, read_drop, read_map
from curate.engines import by, local
from curate.formats import chunk
from curate.text.private import BLOCK
from curate.text.wilson import wilson
from tests.canaries import canaries

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from curate.core.report import Breakdown, Group

DATA = Path(__file__).parents[2] / "data"
LEAK = "<|im_end|>"
ONLY = ("template.leaked-token", "text.invisible")


def row(number: int, text: str = "The tenant pays it.", **fields: object) -> dict[str, object]:
    return {"instruction": f"Who pays bill {number}?", "input": "", "output": f"{number}: {text}", **fields}


def write(path: Path, rows: Iterable[dict[str, object]]) -> str:
    path.write_text("".join(json.dumps(one, ensure_ascii=False) + "\n" for one in rows), "utf-8")
    return str(path)


def by_field(path: str, *fields: str, **plan: object) -> Breakdown:
    made = Plan(select=ONLY, by=fields, **plan)  # type: ignore[arg-type]
    return report(path, plan=made).by[0]


def figures(breakdown: Breakdown) -> dict[str | None, tuple[int, int, int]]:
    return {group.value: (group.rows, group.blocked.rows, group.flagged.rows) for group in breakdown.groups}


def mixed(number: int = 400, seed: int = 5) -> list[dict[str, object]]:
    """Rows of three vendors and of none, with faults at different rates; what is wrong stands in ``fault``."""
    rng = random.Random(seed)  # noqa: S311 (not for secrets)
    rows = []
    for at in range(number):
        vendor = rng.choice(["acme", "Bright & Co", "Ölmühle", None])
        leak = rng.random() < (0.3 if vendor == "acme" else 0.01)
        blank = rng.random() < 0.1
        text = "The tenant\u00a0pays." if blank else "The tenant pays."
        told = row(at, text + LEAK * leak, fault=[leak, blank])
        rows.append(told | ({"vendor": vendor} if vendor else {}))
    return rows


def counted(rows: Iterable[dict[str, object]]) -> dict[object, tuple[int, int, int]]:
    """The same figures without any of the code under test."""
    every, blocked, flagged = Counter(), Counter(), Counter()
    for one in rows:
        vendor, (leak, blank) = one.get("vendor"), one["fault"]
        every[vendor] += 1
        blocked[vendor] += leak
        flagged[vendor] += leak or blank
    return {vendor: (every[vendor], blocked[vendor], flagged[vendor]) for vendor in every}


def as_jsonl(path: Path, rows: list[dict[str, object]]) -> str:
    return write(path / "rows.jsonl", rows)


def as_csv(path: Path, rows: list[dict[str, object]]) -> str:
    pl.DataFrame([{**one, "vendor": one.get("vendor", ""), "fault": ""} for one in rows]).write_csv(
        path / "rows.csv"
    )
    return str(path / "rows.csv")


def as_json(path: Path, rows: list[dict[str, object]]) -> str:
    (path / "rows.json").write_text(json.dumps(rows, indent=1), "utf-8")
    return str(path / "rows.json")


def as_parquet(path: Path, rows: list[dict[str, object]]) -> str:
    pl.DataFrame([{**one, "vendor": one.get("vendor"), "fault": ""} for one in rows]).write_parquet(
        path / "rows.parquet"
    )
    return str(path / "rows.parquet")


@pytest.mark.parametrize("write_as", [as_jsonl, as_json, as_csv, as_parquet])
def test_figures_equal_an_independent_count(
    tmp_path: Path, write_as: Callable[[Path, list[dict[str, object]]], str]
) -> None:
    rows = mixed()
    breakdown = by_field(write_as(tmp_path, rows), "vendor")
    assert figures(breakdown) == counted(rows)
    assert breakdown.groups[0].value == "acme"
    assert breakdown.values == 3
    for group in breakdown.groups:
        assert (group.blocked.low, group.blocked.high) == wilson(group.blocked.rows, group.rows)
        assert group.flagged.share == group.flagged.rows / group.rows
    assert [one.check for one in breakdown.groups[0].stands_out] == ["template.leaked-token"]
    assert not any(group.stands_out for group in breakdown.groups[1:])


@pytest.mark.parametrize("name", ["meta.vendor", "/meta/vendor", "a.b", "/tags/0"])
def test_a_field_is_named_by_a_path_a_pointer_or_as_it_stands(tmp_path: Path, name: str) -> None:
    rows = [row(at, **{"meta": {"vendor": f"v{at % 2}"}, "a.b": "x", "tags": ["t"]}) for at in range(4)]
    values = {"a.b": {"x"}, "/tags/0": {"t"}}.get(name, {"v0", "v1"})
    assert set(figures(by_field(write(tmp_path / "a.jsonl", rows), name))) == values


def test_a_cell_that_holds_json_is_looked_into(tmp_path: Path) -> None:
    lines = ["prompt,completion,meta"]
    lines += [f'Say {at}.,It is {at}.,"{{""vendor"": ""v{at % 2}""}}"' for at in range(4)]
    (tmp_path / "a.csv").write_text("\n".join(lines) + "\nSay 5.,It is 5.,[oops\n")
    assert figures(by_field(str(tmp_path / "a.csv"), "meta.vendor")) == {
        "v0": (2, 0, 0),
        "v1": (2, 0, 0),
        None: (1, 0, 0),
    }


@pytest.mark.parametrize(
    ("value", "told"),
    [
        (True, "true"),
        (3, "3"),
        (3.0, "3"),
        (0, "0"),
        (" acme ", "acme"),
        ({"b": 1, "a": "é"}, '{"a": "é", "b": 1}'),
        ("", None),
        ("  ", None),
        (None, None),
        ([], None),
        (float("nan"), None),
    ],
)
def test_values_are_told_in_one_way(value: object, told: str | None) -> None:
    assert by.value_at({"x": value}, "x") == told


def test_the_account_of_the_rows_adds_up(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    rows = [row(at, vendor=f"v{at % 40}") for at in range(200)]
    write(path, rows)
    path.write_text(path.read_text("utf-8") + '{"instruction": "cut\n', "utf-8")
    result = report(str(path), plan=Plan(by=("vendor",)))
    (breakdown,) = result.by
    assert (breakdown.values, breakdown.folded, breakdown.unreadable) == (40, 25, 1)
    assert breakdown.others is not None
    assert len(breakdown.groups) == by.MOST
    assert sum(group.rows for group in (*breakdown.groups, breakdown.others)) == result.rows.kept == 200


def test_rows_without_the_field_are_never_among_the_others(tmp_path: Path) -> None:
    rows = [row(at, LEAK, vendor=f"v{at % 20}") for at in range(100)] + [row(200)]
    breakdown = by_field(write(tmp_path / "a.jsonl", rows), "vendor")
    assert breakdown.groups[-1].value is None
    assert breakdown.folded == 5


def test_a_bad_row_of_one_does_not_come_before_forty_of_a_hundred(tmp_path: Path) -> None:
    rows = [row(0, LEAK, vendor="one")]
    rows += [row(at, LEAK if at <= 40 else ".", vendor="many") for at in range(1, 101)]
    rows += [row(at, vendor="good") for at in range(101, 201)]
    breakdown = by_field(write(tmp_path / "a.jsonl", rows), "vendor")
    assert [group.value for group in breakdown.groups] == ["many", "one", "good"]
    assert [bool(group.stands_out) for group in breakdown.groups] == [True, False, False]


def test_alike_groups_seldom_stand_out() -> None:
    """In at most one of twenty reports, over all comparisons; figures drawn directly, without rows."""
    rng = random.Random(11)  # noqa: S311 (the same)
    alarms = 0
    for _ in range(200):
        checks = [f"c{at}" for at in range(8)]
        tallies = [
            by.Tally(n, 0, 0, Counter({c: sum(rng.random() < 0.02 for _ in range(n)) for c in checks}))
            for n in (3, 20, 50, 150, 400)
        ]
        whole = by.together(tallies)
        spread = by.errors_wide(len(tallies) * len(checks))
        alarms += any(by.outliers(tally, whole, checks, spread) for tally in tallies)
    assert alarms <= 10


def test_inputs_are_told_apart_and_a_field_of_this_name_by_its_pointer(tmp_path: Path) -> None:
    write(tmp_path / "a.jsonl", [row(at, LEAK, file="inner") for at in range(3)])
    write(tmp_path / "b.jsonl", [row(at) for at in range(3, 8)])
    result = report(str(tmp_path), plan=Plan(select=ONLY, by=("file", "/file")))
    files, inner = (figures(breakdown) for breakdown in result.by)
    assert {str(name)[-8:]: told for name, told in files.items()} == {
        "/a.jsonl": (3, 3, 3),
        "/b.jsonl": (5, 0, 0),
    }
    assert all(len(str(name)) <= by.LABEL for name in files)
    assert inner == {"inner": (3, 3, 3), None: (5, 0, 0)}


def test_a_field_named_row_is_no_trouble(tmp_path: Path) -> None:
    rows = [row(at, row="x" if at else "y") for at in range(3)]
    assert figures(by_field(write(tmp_path / "a.jsonl", rows), "row")) == {"x": (2, 0, 0), "y": (1, 0, 0)}


def test_a_fault_of_the_file_is_no_fault_of_its_first_row(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    lines = [json.dumps(row(at, "Die Gebühr für Müll.", vendor="v"), ensure_ascii=False) for at in range(9)]
    path.write_bytes("\n".join(lines).encode("cp1252"))
    result = report(str(path), plan=Plan(select=("schema.encoding",), by=("vendor",)))
    assert [problem.about for problem in result.problems] == ["file"]
    assert figures(result.by[0]) == {"v": (9, 0, 0)}


def test_only_what_is_over_its_budget_is_blocked(tmp_path: Path) -> None:
    path = write(tmp_path / "a.jsonl", [row(0, LEAK, vendor="v"), row(1, vendor="v")])
    assert figures(by_field(path, "vendor")) == {"v": (2, 1, 1)}
    allowed = {"template.leaked-token": Budget(count=1)}
    assert figures(by_field(path, "vendor", budget=allowed)) == {"v": (2, 0, 1)}


def test_values_stay_with_their_rows_where_others_cannot_be_read() -> None:
    lines = (DATA / "contracts.jsonl").read_bytes().splitlines()
    result = report(str(DATA / "contracts.jsonl"), plan=Plan(by=("annotator",)))
    assert result.rows.quarantined > 0
    expected: Counter[str | None] = Counter()
    for line in lines:
        with contextlib.suppress(ValueError):
            one = json.loads(line)
            if isinstance(one, dict):
                expected[one.get("annotator")] += 1
    assert {value: rows for value, (rows, _, _) in figures(result.by[0]).items()} == expected


def test_values_of_a_mapped_table_stay_with_their_rows_where_others_are_left_out() -> None:
    mapping = TableMap(
        read_map("user=Subject+Description,assistant=Resolution,id=Ticket ID"), drop={"Internal": ("true",)}
    )
    result = report(str(DATA / "tickets.csv"), plan=Plan(mapping=mapping, by=("Vendor",)))
    assert result.rows.dropped > 0
    text = (DATA / "tickets.csv").read_bytes().decode("cp1252")
    bad = {item.line for item in result.quarantine}
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=";")
    head = next(reader)
    expected: Counter[str | None] = Counter()
    first = reader.line_num + 1
    for cells in reader:
        if first not in bad and cells[head.index("Internal")] != "true":
            expected[cells[head.index("Vendor")] or None] += 1
        first = reader.line_num + 1
    assert {value: rows for value, (rows, _, _) in figures(result.by[0]).items()} == expected


def test_lines_of_a_conversation_agree_or_are_several() -> None:
    mapping = TableMap(
        read_map("text=comment"), Grouping("ticket", "created", "author"), read_drop(("internal=true",))
    )
    result = report(str(DATA / "ticket_comments.csv"), plan=Plan(mapping=mapping, by=("author", "ticket")))
    author, ticket = result.by
    assert by.SEVERAL in figures(author)
    assert ticket.values == result.rows.kept
    assert None not in figures(ticket)


def test_worker_processes_and_small_chunks_give_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = as_jsonl(tmp_path, mixed())
    plan = Plan(select=ONLY, by=("vendor", "file"), workers=2)
    whole = report(path, plan=plan).by
    monkeypatch.setattr(chunk, "BLOCK", 4096)
    assert report(path, plan=plan).by == whole
    scan = scan_inputs((path,), plan)
    monkeypatch.setattr(local, "POOL_FROM", 0)
    assert report_of(scan, plan).by == whole


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("vendr", "did you mean 'vendor'?"),
        ("VENDOR", "did you mean 'vendor'?"),
        ("lang", "beside the conversation: vendor, meta.lang; 'file' tells"),
    ],
)
def test_a_field_that_no_row_has_is_refused_with_those_that_there_are(
    tmp_path: Path, name: str, hint: str
) -> None:
    rows = [
        row(0, vendor="v", meta={"lang": "en", "deep": {"x": 1}}, tags=["a"]),
        row(1, vendor="v", empty=""),
    ]
    path = write(tmp_path / "a.jsonl", rows)
    with pytest.raises(UsageError, match=f"no row has the field '{name}'") as error:
        by_field(path, name)
    assert hint in error.value.hint
    assert "instruction" not in error.value.hint


def test_the_plan_may_name_fields_and_its_mistakes_have_a_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert load_plan('by = "source"', "curate.toml").by == ("source",)
    assert load_plan('by = ["source", "meta.lang", "source"]', "curate.toml").by == ("source", "meta.lang")
    with pytest.raises(ConfigError, match=r"curate.toml:1: by must name a field"):
        load_plan("by = 3", "curate.toml")
    monkeypatch.chdir(tmp_path)
    Path("curate.toml").write_text('\nby = "vendr"\n')
    path = write(Path("a.jsonl"), [row(0, vendor="v")])
    with pytest.raises(ConfigError, match="vendr") as error:
        report(path, plan=find_plan(None))
    assert error.value.where == "curate.toml:2"


def test_private_values_are_masked_and_still_told_apart(tmp_path: Path) -> None:
    secrets = canaries(10)
    rows = [row(at, annotator=secrets[at % 10], **{secrets[0]: "x"}) for at in range(40)]
    path = write(tmp_path / "a.jsonl", rows)
    labels = [str(group.value) for group in by_field(path, "annotator").groups]
    assert len(set(labels)) == 10
    assert all(label.startswith(BLOCK) for label in labels)
    assert not any(secret in json.dumps(labels) for secret in secrets)
    shown = {group.value for group in by_field(path, "annotator", show_pii=True).groups}
    assert shown == set(secrets)
    with pytest.raises(UsageError) as error:
        by_field(path, "nothing")
    assert secrets[0] not in str(error.value)
    assert BLOCK in str(error.value)


@pytest.mark.parametrize("name", ["instruction", "/instruction", "model", "author.name"])
def test_text_of_rows_is_not_shown_where_no_text_may_be(tmp_path: Path, name: str) -> None:
    rows = [row(at, model="a model", author={"name": "Jo"}) | {"instruction": "words"} for at in range(3)]
    path = write(tmp_path / "a.jsonl", rows)
    told = {"model": "a model", "author.name": "Jo"}.get(name, "words")
    assert [group.value for group in by_field(path, name).groups] == [told]
    hidden = "…" if told == "words" else told
    assert [group.value for group in by_field(path, name, show_text=False).groups] == [hidden]


def test_a_long_value_is_masked_before_it_is_cut(tmp_path: Path) -> None:
    secret = canaries(1)[0]
    path = write(tmp_path / "a.jsonl", [row(0, note="x" * (by.LABEL - 8) + " " + secret)])
    (group,) = by_field(path, "note").groups
    assert group.value is not None
    assert len(group.value) <= by.LABEL
    assert secret[:4] not in group.value


def test_without_rows_or_fields_there_is_nothing(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text("{\n")
    assert report(str(tmp_path / "a.jsonl"), plan=Plan(by=("vendor",))).by == ()
    assert report(write(tmp_path / "b.jsonl", [row(0)])).by == ()


def worst(groups: tuple[Group, ...]) -> list[float]:
    return [group.blocked.low for group in groups]


def test_groups_are_in_order(tmp_path: Path) -> None:
    low = worst(by_field(as_jsonl(tmp_path, mixed()), "vendor").groups)
    assert low == sorted(low, reverse=True)
