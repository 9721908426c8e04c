"""The card says what the run's own files say, in a form that the Hub reads, and no text of any row."""

from __future__ import annotations

import gzip
import hashlib
import json
import re
import shutil
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner

from curate.cli.card import command as card
from curate.cli.check import command as check
from curate.cli.probe import command as probe
from curate.cli.run import command as run
from curate.cli.verify import command as verify
from curate.core.errors import UnreadableError, UsageError

DATA = Path(__file__).parents[2] / "data" / "contracts.jsonl"
PLAN = """
ignore = ["answer.cut-off"]

[[waiver]]
check = "duplicate.conflict"
owner = "Ada | Lovelace"
reason = "two lawyers, two <b>views</b>"
until = 2999-12-31
file = "*"
"""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a run with splits, and a plan beside it."""
    folder = tmp_path_factory.mktemp("card")
    (folder / "plan.toml").write_text(PLAN)
    call(
        run,
        str(DATA),
        "-o",
        str(folder / "out"),
        "--plan",
        str(folder / "plan.toml"),
        "--split",
        "80/10/10",
        "-q",
    )
    return folder


@pytest.fixture
def out(made: Path, tmp_path: Path) -> Path:
    """A copy of that folder."""
    shutil.copytree(made, tmp_path / "made")
    return tmp_path / "made" / "out"


def call(command: Any, *words: str) -> str:
    done = CliRunner().invoke(command, words, standalone_mode=False)
    if done.exception is not None:
        raise done.exception
    return done.output


def beside(out: Path) -> None:
    """Write the report on what is left and a probe of the gate into the folder."""
    words = (str(out / "clean.jsonl"), "--plan", str(out.parent / "plan.toml"), "--json", "-q")
    (out / "report.json").write_text(call(check, *words))
    (out / "probe.json").write_text(call(probe, *words, "--count", "2"))


def lines(path: Path) -> list[bytes]:
    return path.read_bytes().removesuffix(b"\n").split(b"\n")


def evidence(out: Path) -> dict[str, Any]:
    told: dict[str, Any] = json.loads((out / "evidence.json").read_text("utf-8"))
    return told


def head(out: Path) -> dict[str, Any]:
    known: dict[str, Any] = yaml.safe_load((out / "README.md").read_text("utf-8").split("---\n")[1])
    return known


def test_figures_are_those_of_the_files(out: Path) -> None:
    call(card, str(out))
    told = evidence(out)
    counted = {name: len(lines(out / f"{name}.jsonl")) for name in ("clean", "dropped", "quarantine")}
    totals = told["totals"]
    assert (totals["kept"], totals["dropped"], totals["quarantined"]) == tuple(counted.values())
    assert totals["in"] == sum(counted.values())
    splits = {path.stem: len(lines(path)) for path in (out / "splits").glob("t*.jsonl")}
    assert {name: told["splits"][name] for name in splits} == splits
    dropped = Counter(json.loads(line)["check"] for line in lines(out / "dropped.jsonl"))
    reasons = {one["check"]: one["entries"] for one in told["reasons"] if one["action"] == "drop"}
    assert reasons == dropped
    for one in (*told["inputs"], *told["outputs"]):
        path = Path(one["name"]) if one in told["inputs"] else out / one["name"]
        assert hashlib.sha256(path.read_bytes()).hexdigest() == one["sha256"]
    lock = (out / "curate.lock.json").read_bytes()
    assert told["lock_sha256"] == hashlib.sha256(lock).hexdigest()


def test_every_figure_of_the_card_stands_in_the_evidence(out: Path) -> None:
    beside(out)
    call(card, str(out), "--name", "Contracts")
    text, told = (out / "README.md").read_text("utf-8"), evidence(out)
    hashes = set(re.findall(r"\b[0-9a-f]{64}\b", text))
    assert hashes == set(re.findall(r"\b[0-9a-f]{64}\b", json.dumps(told))) - {
        told[name] for name in ("lock_sha256", "plan_sha256", "rows_sha256")
    }
    for one in told["remaining"]:
        assert f"| `{one['check']}` | {one['severity']} | {one['rows']:,} |" in text
    assert told["remaining"]


def test_waivers_have_their_owners(out: Path) -> None:
    call(card, str(out))
    waiver = evidence(out)["waivers"][0]
    assert (waiver["owner"], waiver["until"], waiver["findings"]) == ("Ada | Lovelace", "2999-12-31", None)
    beside(out)
    call(card, str(out), "--force")
    waiver = evidence(out)["waivers"][0]
    assert (waiver["owner"], waiver["expired"]) == ("Ada | Lovelace", False)
    assert waiver["findings"] > 0
    text = (out / "README.md").read_text("utf-8")
    assert r"Ada \| Lovelace" in text
    assert "<b>" not in text.replace(r"\<", "")


def test_blind_spots_and_gaps_are_told(out: Path) -> None:
    call(card, str(out))
    told = evidence(out)
    assert any("did not run: answer.cut-off" in one for one in told["not_checked"])
    assert any("probe.json" in one for one in told["not_checked"])
    beside(out)
    call(card, str(out), "--force")
    told = evidence(out)
    blind = [one["fault"] for one in told["probe"]["faults"] if one["blind"]]
    assert "an answer that is cut off" in blind
    assert all(any(one.startswith(fault) for one in told["residual"]) for fault in blind)
    assert not any("probe.json" in one for one in told["not_checked"])
    assert "**blind**: its check is off" in (out / "README.md").read_text("utf-8")


def test_what_may_still_be_wrong_is_told(out: Path) -> None:
    lock = out / "curate.lock.json"
    fields = json.loads(lock.read_text("utf-8"))
    fields["reasons"] += [["fix", "suggest", "grammar", 3], ["repair", "suggest", "grammar", 1]]
    fields["plan"]["budget"] = {
        "answer.echo": {"count": 2, "share": None},
        "answer.html": {"count": None, "share": 0.01},
    }
    fields["verdict"] = {"status": "unfit", "exit_code": 1, "headline": "Not fit to train on"}
    groups: dict[str, set[str]] = {}
    for row in fields["rows"][:2]:
        row[2] = "0123456789abcdef"
    fields["rows"][0][1], fields["rows"][1][1] = "train", "test"
    for _, split, group, *_ in fields["rows"]:
        groups.setdefault(group, set()).add(split)
    lock.write_text(json.dumps(fields))
    call(card, str(out))
    told = evidence(out)["residual"]
    assert "`grammar`: 4 edits were suggested and not made." in told
    assert "`answer.echo`: the policy allows 2 rows." in told
    assert "`answer.html`: the policy allows 1.00%." in told
    assert "The data did not pass its last check: Not fit to train on." in told
    assert any("1 groups stand in more than one split" in one for one in told)
    assert evidence(out)["near"]["groups"] == len(groups) - (None in groups)


def test_the_same_run_gives_the_same_bytes(out: Path) -> None:
    beside(out)
    first = [
        (call(card, str(out), "--force"), (out / name).read_bytes())[1]
        for name in ("README.md", "evidence.json")
    ]
    call(card, str(out), "--force")
    assert first == [(out / name).read_bytes() for name in ("README.md", "evidence.json")]
    assert call(verify, str(out)).startswith("Everything fits")


def test_no_text_of_any_row(out: Path) -> None:
    beside(out)
    call(card, str(out))
    text = (out / "README.md").read_text("utf-8") + (out / "evidence.json").read_text("utf-8")
    rows = [json.loads(line) for line in lines(out / "clean.jsonl")]
    texts = [
        value for row in rows for value in row.values() if isinstance(value, str) and len(value.split()) > 3
    ]
    assert len(texts) > 300
    assert not [one for one in texts if one in text]
    assert not [word for word in ("Corrigan", "Northam", "Lindqvist") if word in text]


def test_the_hub_reads_it(out: Path) -> None:
    hub = pytest.importorskip("huggingface_hub", reason='needs pip install "curate-data[hf]"')
    call(card, str(out), "--name", "Contracts: a & b", "--license", "apache-2.0", "--language", "en")
    read = hub.DatasetCard.load(out / "README.md").data.to_dict()
    assert (read["pretty_name"], read["license"], read["language"]) == (
        "Contracts: a & b",
        "apache-2.0",
        ["en"],
    )
    assert read["size_categories"] == ["n<1K"]
    assert [one["split"] for one in read["configs"][0]["data_files"]] == ["train", "validation", "test"]


def test_datasets_loads_the_splits_and_nothing_else(out: Path, tmp_path: Path) -> None:
    datasets = pytest.importorskip("datasets", reason='needs pip install "curate-data[hf]"')
    call(card, str(out))
    loaded = datasets.load_dataset(str(out), cache_dir=str(tmp_path / "cache"))
    assert {name: len(part) for name, part in loaded.items()} == evidence(out)["splits"]


def test_nothing_is_guessed(out: Path) -> None:
    call(card, str(out))
    assert not {"license", "language"} & set(head(out))
    assert any("Licence" in one for one in evidence(out)["not_checked"])


def test_without_splits_the_cleaned_data_is_named(tmp_path: Path) -> None:
    call(run, str(DATA), "-o", str(tmp_path / "out"), "--steps", "drop", "-q")
    call(card, str(tmp_path / "out"))
    assert head(tmp_path / "out")["configs"][0]["data_files"] == [{"split": "train", "path": ["clean.jsonl"]}]
    told = evidence(tmp_path / "out")
    assert "Near duplicates were not removed." in told["not_checked"]
    assert any("No split was made" in one for one in told["not_checked"])


@pytest.mark.parametrize("suffix", [".parquet", ".jsonl.gz"])
def test_packed_data_and_tables(tmp_path: Path, suffix: str) -> None:
    import polars as pl  # noqa: PLC0415 (only here)

    rows = [
        {
            "prompt": f"What does clause {at} say?",
            "completion": f"It says that {at * 3} is due by noon of that day.",
        }
        for at in range(20)
    ]
    source = tmp_path / f"rows{suffix}"
    if suffix == ".parquet":
        pl.DataFrame(rows).write_parquet(source)
    else:
        source.write_bytes(gzip.compress("".join(json.dumps(row) + "\n" for row in rows).encode()))
    out = tmp_path / "out"
    call(run, str(source), "-o", str(out), "--steps", "drop", "-q")
    (out / "report.json").write_text(call(check, str(out / f"clean{suffix}"), "--json", "-q"))
    (out / "probe.json").write_text(call(probe, str(out / f"clean{suffix}"), "--json", "--count", "1"))
    call(card, str(out))
    assert evidence(out)["remaining"] == []
    assert evidence(out)["probe"]["rows"] == len(rows)
    (out / "report.json").write_text(call(check, str(DATA.with_name("preferences.jsonl")), "--json", "-q"))
    with pytest.raises(UnreadableError, match="not about the cleaned data"):
        call(card, str(out), "--force")
    assert head(out)["configs"][0]["data_files"][0]["path"] == [f"clean{suffix}"]


@pytest.mark.parametrize("name", ["clean.jsonl", "splits/train.jsonl", "ledger.jsonl"])
def test_no_card_about_changed_files(out: Path, name: str) -> None:
    with (out / name).open("ab") as handle:
        handle.write(b"\n")
    with pytest.raises(UnreadableError, match="was changed"):
        call(card, str(out))
    (out / name).unlink()
    with pytest.raises(UnreadableError, match="is missing"):
        call(card, str(out))
    assert not (out / "README.md").exists()


def test_a_report_on_other_data_is_refused(out: Path) -> None:
    (out / "report.json").write_text(call(check, str(DATA), "--json", "-q"))
    with pytest.raises(UnreadableError, match="not about the cleaned data"):
        call(card, str(out))
    beside(out)
    with (out / "clean.jsonl").open() as handle:
        some = handle.readlines()
    (out.parent / "clean.jsonl").write_text("".join(some[::-1]))
    words = ("--plan", str(out.parent / "plan.toml"), "--json", "-q")
    (out / "report.json").write_text(call(check, str(out.parent / "clean.jsonl"), *words))
    with pytest.raises(UnreadableError, match="not about the cleaned data"):
        call(card, str(out))
    beside(out)
    report = json.loads((out / "report.json").read_text())
    report["verdict"]["status"] = "unfit"
    (out / "report.json").write_text(json.dumps(report))
    with pytest.raises(UnreadableError, match="judges the data otherwise"):
        call(card, str(out))


def test_a_report_by_another_plan_is_refused(out: Path) -> None:
    (out / "report.json").write_text(call(check, str(out / "clean.jsonl"), "--json", "-q"))
    with pytest.raises(UnreadableError, match="judges the data otherwise"):
        call(card, str(out))


def test_a_probe_of_other_data_or_by_another_plan_is_refused(out: Path) -> None:
    plan = ("--plan", str(out.parent / "plan.toml"), "--json", "-q", "--count", "1")
    (out / "probe.json").write_text(call(probe, str(DATA), *plan))
    with pytest.raises(UnreadableError, match="not about the cleaned data"):
        call(card, str(out))
    (out / "probe.json").write_text(call(probe, str(out / "clean.jsonl"), *plan[2:]))
    with pytest.raises(UnreadableError, match="another policy"):
        call(card, str(out))
    (out / "probe.json").write_text(call(probe, str(out / "clean.jsonl"), *plan))
    call(card, str(out))
    assert evidence(out)["probe"]["faults"]


def test_the_path_of_the_plan_makes_no_other_policy(out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(out.parent)
    flags = ("--plan", "./plan.toml", "--json", "-q", "--count", "1", "--workers", "1")
    (out / "probe.json").write_text(call(probe, "out/clean.jsonl", *flags))
    call(card, "out")


BARE = [
    ("report.json", {"schema": "curate.report/1"}),
    ("report.json", {"schema": "curate.report/1", "files": 3, "verdict": [], "problems": {}}),
    (
        "report.json",
        {"schema": "curate.report/1", "files": [], "verdict": {"status": "fit"}, "problems": [1]},
    ),
    ("probe.json", {"schema": "curate.probe/1", "rows": 1, "faults": []}),
    ("probe.json", {"schema": "curate.probe/2"}),
    (
        "probe.json",
        {"schema": "curate.probe/2", "files": [{}], "rows": "<b>", "policy_sha256": "", "faults": []},
    ),
    (
        "probe.json",
        {
            "schema": "curate.probe/2",
            "files": [],
            "rows": 1,
            "policy_sha256": "",
            "faults": [{}],
            "not_planted": [],
        },
    ),
]


@pytest.mark.parametrize(("name", "told"), BARE)
def test_what_only_says_that_it_is_one_is_told(out: Path, name: str, told: dict[str, object]) -> None:
    (out / name).write_text(json.dumps(told))
    with pytest.raises(UnreadableError, match=r"damaged|version|not about") as error:
        call(card, str(out))
    assert f"> {name}" in error.value.hint


@pytest.mark.parametrize(("name", "text"), [("report.json", "{}"), ("probe.json", "{}"), ("probe.json", "[")])
def test_what_is_no_report_or_probe_is_told(out: Path, name: str, text: str) -> None:
    (out / name).write_text(text)
    with pytest.raises(UnreadableError, match=name.partition(".")[0]):
        call(card, str(out))


@pytest.mark.parametrize(("field", "value"), [("reasons", [["drop"]]), ("totals", {}), ("plan", {"run": 3})])
def test_a_damaged_lock_file_is_told(out: Path, field: str, value: object) -> None:
    lock = out / "curate.lock.json"
    lock.write_text(json.dumps(json.loads(lock.read_text("utf-8")) | {field: value}))
    with pytest.raises(UnreadableError, match="is damaged"):
        call(card, str(out))
    assert not (out / "README.md").exists()


def test_a_card_that_is_there_is_kept(out: Path) -> None:
    (out / "README.md").write_text("Mine.\n")
    with pytest.raises(UsageError, match="exists already"):
        call(card, str(out))
    assert (out / "README.md").read_text() == "Mine.\n"
