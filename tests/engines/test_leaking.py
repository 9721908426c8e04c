"""Leaks: each row of a later file by the surest of what it has in common with an earlier one."""

from __future__ import annotations

import json
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import pytest

from curate.core.errors import UsageError
from curate.engines.leaking import Leaked, leaks
from curate.engines.local import PoolEngine
from tests.similarity import oracle

if TYPE_CHECKING:
    from pathlib import Path

ASK = "Which of the two brothers inherited the old mill beside the river after their father had died?"
LONG = (
    "The elder brother inherited it, because the will of the father named him as the heir of the mill. " * 4
)
PAGE = (
    "The village had one mill, which the family had kept since the flood, and a school without a teacher. "
    * 4
)


def row(ask: str, answer: str = "An answer.", **more: str) -> dict[str, Any]:
    return {"instruction": ask, "input": "", "output": answer, **more}


def write(path: Path, rows: list[dict[str, Any]]) -> Path:
    path.write_text("".join(json.dumps(one) + "\n" for one in rows), "utf-8")
    return path


def run(folder: Path, *files: list[dict[str, Any]], **options: Any) -> Leaked:
    return leaks(*(write(folder / f"{at}.jsonl", rows) for at, rows in enumerate(files)), **options)


@pytest.mark.parametrize(
    ("one", "two", "kind", "is_leak"),
    [
        (row(ASK), row(ASK), "same row", True),
        (row(ASK, id="1"), row(ASK, id="2"), "same row", True),
        (
            row(ASK),
            {"messages": [{"role": "user", "content": ASK}, {"role": "assistant", "content": "x"}]},
            "same ask",
            True,
        ),
        (row(ASK), row("Please tell me: " + ASK.lower()), "near ask", False),
        (row("Name animals"), row("name animals!", "Dogs."), "same ask", True),
        (row(ASK), row(ASK.replace("died", "left")), "near ask", False),
        (row("Who?", LONG + PAGE), row("And who then?", LONG + PAGE + "So."), "near row", False),
        (row("Who? " * 90, LONG), row("Why not? " * 90, LONG.upper()), "same long answer", False),
        (row(f"Who?\n\n{PAGE}"), row(f"{LONG * 3}\n\n{PAGE}"), "same document", False),
    ],
)
def test_kinds(tmp_path: Path, one: dict[str, Any], two: dict[str, Any], kind: str, *, is_leak: bool) -> None:
    other = row("When is the rent due?")
    done = run(tmp_path, [other, one], [row("Who repairs the roof?"), row("What is a lamp?"), two])
    (between,) = done.between
    assert [(leak.kind, leak.place.row, leak.other_place.row) for leak in between.leaks] == [(kind, 3, 2)]
    assert done.rows_leaked == is_leak


def test_every_two_files_are_compared(tmp_path: Path) -> None:
    done = run(tmp_path, [row("Name lakes")], [row("Name rivers")], [row("Name rivers!"), row("Name lakes")])
    told = [(two.names[0][-7], two.names[1][-7], dict(two.counts)) for two in done.between]
    assert told == [("0", "1", {}), ("0", "2", {"same row": 1}), ("1", "2", {"same ask": 1})]
    assert done.rows_leaked == 2


def test_a_field_can_leak(tmp_path: Path) -> None:
    files = (
        [row("Name lakes", user="ann")],
        [row("Who repairs the roof?", user="ann"), row("Why?", user="bob")],
    )
    assert dict(run(tmp_path, *files).between[0].counts) == {}
    assert dict(run(tmp_path, *files, fields=("user",)).between[0].counts) == {"same user": 1}
    with pytest.raises(UsageError, match="no row has"):
        run(tmp_path, *files, fields=("absent",))


def test_one_file_is_not_enough(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="none to leak into"):
        run(tmp_path, [row("Why?")])


def test_workers_find_the_same(tmp_path: Path) -> None:
    files = (
        [row(f"Name {at} animals") for at in range(30)],
        [row(f"name {at} animals!") for at in range(0, 60, 2)],
    )
    with PoolEngine(2) as engine:
        assert run(tmp_path, *files, engine=engine).between == run(tmp_path, *files).between
    assert run(tmp_path, *files).rows_leaked == 15


def test_near_asks_of_real_files_are_those_of_brute_force(tmp_path: Path, real_data: Path) -> None:
    lines = (real_data / "medquad" / "medquad_health.jsonl").read_bytes().splitlines(keepends=True)[:1500]
    files = tmp_path / "one.jsonl", tmp_path / "two.jsonl"
    for at, path in enumerate(files):
        path.write_bytes(b"".join(lines[at::2]))
    done = leaks(*files)
    numbers: dict[tuple[str, ...], int] = {}
    asks = [[json.loads(line)["instruction"] for line in lines[at::2]] for at in range(2)]
    sets = [oracle.number(texts, 3, numbers) for texts in asks]
    near = {two + 1 for _, two in oracle.all_pairs(*sets, Fraction(7, 10))}
    found = {leak.place.row for leak in done.between[0].leaks}
    assert near <= found
    told = {leak.place.row for leak in done.between[0].leaks if leak.kind == "near ask"}
    assert told <= near
    assert len(near) > 100
