"""Sheets are blind and safe, and what comes back is counted for the right model."""

from __future__ import annotations

import csv
import html
import io
import json
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner
from curate_train.cli.review_command import command
from curate_train.evaluate_folder import Evaluation, Setup, begin, finish
from curate_train.metrics.answered import Answered
from curate_train.metrics.tables import tables
from curate_train.review import Key, blind
from curate_train.review_files import (
    COLUMNS,
    FORMULA,
    JUDGED,
    Judgement,
    read_filled,
    sheet_csv,
    sheet_page,
    write_review,
)
from curate_train.review_score import score, score_json, sign_test

from curate.core.errors import CurateError, UnreadableError, UsageError

if TYPE_CHECKING:
    from pathlib import Path

SETUP = Setup("base", "m1", "d1", "test", "fit", "t1", "fp32", 256, 64, "greedy", 0)


def row(at: int, answer: str) -> Answered:
    return Answered(
        key=f"k{at:03}",
        group=f"g{at // 2}",
        facets={},
        where=f"rows.jsonl:{at + 1}",
        prompt=(("system", "Be brief."), ("user", f"Question {at}?")),
        reference=f"Reference {at}",
        answer=answer,
        is_stopped=True,
        generated=3,
        nll=1.0,
        tokens=2,
    )


def two(count: int = 60) -> tuple[Evaluation, Evaluation]:
    base = Evaluation(SETUP, tuple(row(at, f"=base {at}") for at in range(count)), 0)
    tuned = Evaluation(
        replace(SETUP, model="tuned", model_sha256="m2"),
        tuple(row(at, f"tuned {at}") for at in range(count)),
        0,
    )
    return base, tuned


def judged(key: Key, reviewer: str, wins: float, *, rating: int = 4) -> list[Judgement]:
    """A reviewer who prefers the second model on this share of the rows, and rates it so; the first gets 3."""
    made = []
    for at, (number, hidden) in enumerate(sorted(key.rows.items())):
        second = "A" if hidden.a == "second" else "B"
        first = "B" if second == "A" else "A"
        ratings = {f"accuracy {second}": rating, f"accuracy {first}": 3}
        made.append(Judgement(reviewer, number, second if at < wins * len(key.rows) else first, ratings, ""))
    return made


def test_a_sheet_does_not_tell_who_is_who() -> None:
    sheet, key = blind(*two(), 30)
    assert len(sheet.pairs) == 30
    assert Counter(hidden.a for hidden in key.rows.values()) == {"first": 15, "second": 15}
    assert len({hidden.group for hidden in key.rows.values()}) == 30
    for pair in sheet.pairs:
        assert pair.a.startswith("=base") == (key.rows[pair.number].a == "first")
        assert not pair.reference
    for written in (sheet_csv(sheet), sheet_page(sheet)):
        assert not any(hidden.key in written for hidden in key.rows.values())
        assert "first" not in written.lower().replace("worst first", "")


def test_the_same_seed_gives_the_same_sheet() -> None:
    assert blind(*two(), 20, seed=4) == blind(*two(), 20, seed=4)
    other = blind(*two(), 20, seed=5)
    assert {one.number for one in other[0].pairs} != {
        one.number for one in blind(*two(), 20, seed=4)[0].pairs
    }


def test_rows_with_the_same_answer_are_counted_and_not_asked() -> None:
    base, tuned = two(8)
    tuned = replace(
        tuned, rows=(*tuned.rows[:6], *(replace(one, answer="=base 6") for one in tuned.rows[6:]))
    )
    base = replace(base, rows=(*base.rows[:6], *(replace(one, answer="=base 6") for one in base.rows[6:])))
    sheet, key = blind(base, tuned, 8)
    assert (len(sheet.pairs), key.same) == (3, 1)
    with pytest.raises(UsageError, match="the same to all"):
        blind(base, base, 8)
    with pytest.raises(UsageError, match="different data"):
        blind(base, replace(tuned, setup=replace(tuned.setup, data_sha256="d2")), 8)


def test_no_cell_is_a_formula() -> None:
    base, tuned = two(12)
    hostile = tuple(
        replace(one, answer=f"{FORMULA[at % len(FORMULA)]}HYPERLINK()") for at, one in enumerate(tuned.rows)
    )
    sheet, _ = blind(base, replace(tuned, rows=hostile), 12)
    lines = list(csv.reader(io.StringIO(sheet_csv(sheet))))
    assert lines[0] == list(COLUMNS)
    assert not any(cell.startswith(FORMULA) for line in lines for cell in line)
    assert any(cell.startswith("'=") for line in lines for cell in line)


def test_the_page_is_closed() -> None:
    base, tuned = two(4)
    evil = tuple(replace(one, answer="<img src=x onerror=alert(1)>\u202e") for one in tuned.rows)
    sheet, _ = blind(base, replace(tuned, rows=evil), 4, with_reference=True)
    page = sheet_page(sheet)
    assert "<img" not in page
    assert "\u202e" not in page
    assert "Reference" in page
    assert "default-src 'none'; style-src 'sha256-" in html.unescape(page)
    assert page.count("<script") == 1
    assert "http:" not in page
    assert "https:" not in page


def test_what_comes_back_is_read_from_any_spreadsheet(tmp_path: Path) -> None:
    _, key = blind(*two(8), 4)
    numbers = sorted(key.rows)
    head = ["row", *JUDGED, "preference", "comments"]
    cells = [[numbers[0], "5", "1", "4.0", "", "", "", "a", "sûr"], [numbers[1], *[""] * 6, "TIE", ""]]
    cells.append([numbers[2], *[""] * 8])
    for name, separator, encoding in (("x", ",", "utf-8-sig"), ("y", ";", "cp1252"), ("z", "\t", "utf-8")):
        out = io.StringIO()
        csv.writer(out, delimiter=separator).writerows([head, *cells])
        (tmp_path / f"{name}.csv").write_text(out.getvalue(), encoding, newline="")
        made = read_filled(tmp_path / f"{name}.csv", key)
        assert made == [
            Judgement(name, numbers[0], "A", {"accuracy A": 5, "accuracy B": 1, "coherence A": 4}, "sûr"),
            Judgement(name, numbers[1], "tie", {}, ""),
        ]


def test_faults_are_told_together_with_their_lines(tmp_path: Path) -> None:
    _, key = blind(*two(8), 4)
    number = min(key.rows)
    file = tmp_path / "ann.csv"
    file.write_text(f"row,accuracy A,preference\n{number},6,A\n{number},3,perhaps\nr0000,1,B\n")
    with pytest.raises(UsageError) as told:
        read_filled(file, key)
    for said in ("line 2: accuracy A is '6'", "line 3: preference is 'perhaps'", "line 4: no row 'r0000'"):
        assert said in str(told.value)
    file.write_text("a,b\n1,2\n")
    with pytest.raises(UnreadableError, match="no column row and preference"):
        read_filled(file, key)
    with pytest.raises(UnreadableError, match="cannot be read"):
        read_filled(tmp_path / "nobody.csv", key)


def test_wins_are_counted_for_the_right_model() -> None:
    _, key = blind(*two(200), 100)
    made = score(judged(key, "ann", 0.8), key)
    assert (made.wins, made.ties, made.losses) == (80, 0, 20)
    assert made.rate == 0.8
    assert (round(made.interval.low, 3), round(made.interval.high, 3)) == (0.711, 0.867)
    assert made.p < 1e-8
    assert made.ratings["accuracy"].value == 1
    assert made.headline.startswith("tuned is preferred")
    assert score(judged(key, "ann", 0.2), key).headline.startswith("base is preferred")
    assert score(judged(key, "ann", 0.52), key).headline.startswith("No preference shown")


def test_reviewers_of_a_row_are_no_further_rows() -> None:
    _, key = blind(*two(40), 20)
    one = score(judged(key, "ann", 0.8), key)
    three = score([vote for name in ("ann", "bob", "eve") for vote in judged(key, name, 0.8)], key)
    assert (three.wins, three.losses, three.interval) == (one.wins, one.losses, one.interval)
    assert three.agreement["preference"].alpha.value == 1
    assert one.agreement["preference"].units == 0
    assert not three.disputed


def test_rows_in_dispute_are_named() -> None:
    _, key = blind(*two(40), 20)
    made = score([*judged(key, "ann", 1.0, rating=5), *judged(key, "bob", 0.5, rating=2)], key)
    assert (made.wins, made.ties) == (10, 10)
    assert len(made.disputed) == 20
    split = [one for one in made.disputed if "preferred" in one.why]
    assert len(split) == 10
    assert "from 2 to 5" in made.disputed[0].why
    assert made.agreement["preference"].alpha.value < 0.5
    assert json.loads(json.dumps(score_json(made)))["rows"]["ties"] == 10


def test_the_sign_test_is_exact() -> None:
    assert sign_test(0, 0) == 1
    assert sign_test(5, 0) == pytest.approx(2 / 32)
    assert sign_test(8, 2) == pytest.approx(2 * (1 + 10 + 45) / 1024)
    assert sign_test(5, 5) == 1


def test_the_key_is_not_overwritten(tmp_path: Path) -> None:
    write_review(tmp_path, *blind(*two(), 10))
    write_review(tmp_path, *blind(*two(), 10))
    with pytest.raises(UsageError, match="key of another sheet"):
        write_review(tmp_path, *blind(*two(), 10, seed=1))


def test_the_command_from_evaluations_to_a_winner(tmp_path: Path) -> None:
    pytest.importorskip("sacrebleu", reason="needs sacrebleu: pip install 'curate-data[train]'")
    base, tuned = two(20)
    for folder, one in ((tmp_path / "eval" / "base", base), (tmp_path / "eval", tuned)):
        begin(folder, one.setup)
        finish(folder, replace(one, tables=tables(one.rows, samples=10)))

    def run(*words: str) -> str:
        told = CliRunner().invoke(command, list(words), standalone_mode=False)
        if isinstance(told.exception, CurateError):
            raise told.exception
        assert told.exit_code == 0, told.exception
        return told.output

    out = tmp_path / "review"
    assert "10 pairs" in run(str(tmp_path / "eval"), "-o", str(out))
    key = Key.from_json(json.loads((out / "key.json").read_text()))
    lines = list(csv.DictReader(io.StringIO((out / "sheet.csv").read_text("utf-8-sig"))))
    for name in ("ann", "bob"):
        for at, line in enumerate(lines):
            second = "A" if key.rows[line["row"]].a == "second" else "B"
            line["preference"] = second if at or name == "ann" else {"A": "B", "B": "A"}[second]
        with (out / f"{name}.csv").open("w", newline="") as file:
            writer = csv.DictWriter(file, COLUMNS)
            writer.writeheader()
            writer.writerows(lines)
    told = run("--score", str(out / "ann.csv"), str(out / "bob.csv"))
    assert "9 won, 1 tied, 0 lost" in told
    assert f"disputed {lines[0]['row']}: A is preferred by " in told
    assert json.loads(run("--score", "--json", str(out / "ann.csv")))["win_rate"]["value"] == 1
    with pytest.raises(UsageError, match="needs a folder"):
        run(str(tmp_path / "eval"))
    with pytest.raises(UnreadableError, match="no such key"):
        run("--score", "--key", str(tmp_path / "no.json"), str(out / "ann.csv"))
