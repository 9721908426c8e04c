"""The hook in a git repository: run by pre-commit itself, and as git would call its entry."""

from __future__ import annotations

import json
import re
import shlex
import sys

import pytest
import yaml

from tests.integration.lab import LEAK, ROOT, Repository, row

(HOOK,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))


@pytest.fixture
def hooked(repository: Repository) -> Repository:
    """A repository with the hook for ``data/``; its program is the one that is installed here."""
    pytest.importorskip("pre_commit", reason='needs pip install "curate-data[dev]"')
    local = {**HOOK, "language": "system", "files": "^data/"}
    config = {"repos": [{"repo": "local", "hooks": [local]}]}
    (repository.folder / ".pre-commit-config.yaml").write_text(json.dumps(config))
    repository.git("add", ".pre-commit-config.yaml")
    (repository.folder / ".git" / "hooks" / "pre-commit").write_text(
        f"#!/bin/sh\nexec {shlex.quote(sys.executable)} -m pre_commit run\n"
    )
    (repository.folder / ".git" / "hooks" / "pre-commit").chmod(0o755)
    return repository


def test_pre_commit_takes_the_manifest(repository: Repository) -> None:
    pytest.importorskip("pre_commit", reason='needs pip install "curate-data[dev]"')
    done = repository.run(
        [sys.executable, "-m", "pre_commit", "validate-manifest", str(ROOT / ".pre-commit-hooks.yaml")]
    )
    assert done.returncode == 0, done.stdout


def test_a_bad_row_cannot_be_committed(hooked: Repository) -> None:
    hooked.write("data/a train.jsonl", [row(at) for at in range(9)])
    hooked.write("data/b.jsonl", [row(20), row(21, LEAK), row(22)])
    hooked.git("add", "data")
    told = hooked.git("commit", "-m", "Worse", fails=True)
    assert "data/b.jsonl:2: error: template.leaked-token" in told
    assert "clause 21" not in told
    hooked.write("data/b.jsonl", [row(20), row(21), row(22)])
    hooked.git("add", "data")
    hooked.git("commit", "-m", "Mended")
    assert "Mended" in hooked.git("log", "--format=%s")


def test_only_data_is_looked_at(hooked: Repository) -> None:
    hooked.write("data/a.jsonl", [row(1)])
    (hooked.folder / "data" / "README.md").write_text("About the data\n")
    hooked.write("other.jsonl", [row(2, LEAK)])
    hooked.git("add", ".")
    hooked.git("commit", "-m", "Data and prose")


def test_a_commit_without_data_passes(hooked: Repository) -> None:
    (hooked.folder / "notes.md").write_text("No data\n")
    hooked.git("add", ".")
    assert "Skipped" in hooked.git("commit", "-m", "Prose")


def test_what_cannot_be_read_cannot_be_committed(hooked: Repository) -> None:
    hooked.write("data/a.jsonl", [row(1)])
    with (hooked.folder / "data" / "a.jsonl").open("a") as out:
        out.write('{"instruction": "Cut\n')
    hooked.git("add", ".")
    assert "data/a.jsonl:2: error: quarantine" in hooked.git("commit", "-m", "Cut", fails=True)


def test_the_plan_of_the_repository_is_in_force(hooked: Repository) -> None:
    (hooked.folder / "curate.toml").write_text('[budget]\n"template.leaked-token" = 1\n')
    hooked.write("data/a.jsonl", [row(1), row(2, LEAK)])
    hooked.git("add", ".")
    hooked.git("commit", "-m", "Within the budget")


@pytest.mark.parametrize(("name", "code"), [("good", 0), ("bad", 1), ("gone", 2)])
def test_the_entry_with_names_as_arguments(repository: Repository, name: str, code: int) -> None:
    """As any runner of hooks calls it: all names in one call."""
    repository.write("good.jsonl", [row(1), row(2)])
    repository.write("bad.jsonl", [row(3, LEAK)])
    assert HOOK["require_serial"]
    done = repository.run([*shlex.split(HOOK["entry"]), "good.jsonl", f"{name}.jsonl"])
    assert done.returncode == code, done.stderr


@pytest.mark.parametrize(
    ("name", "is_data"),
    [
        ("data/a.jsonl", True),
        ("data/a.jsonl.gz", True),
        ("data/a.csv", True),
        ("data/a.parquet", True),
        ("data/README.md", False),
        ("data/jsonl", False),
        ("data/a.json.md", False),
        ("data/make.py", False),
    ],
)
def test_what_is_no_data_is_left_out(name: str, is_data: bool) -> None:
    assert (re.search(HOOK["exclude"], name) is None) == is_data
