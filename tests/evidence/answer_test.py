"""The checks of prompts and of how answers end, what they hold and whether their text bears them out."""

from __future__ import annotations

import json
import random
import re
from pathlib import Path
from typing import Any

import pytest

from curate.core.plan import Plan
from curate.engines.local import InlineEngine
from curate.engines.registry import load_check
from curate.engines.scan import scan
from curate.formats.sources import discover
from curate.text.grounding import loose_numbers, values_of
from curate.text.named import loose_names
from curate.text.spelled import spelled
from curate.text.wanted import wanted
from curate.text.wilson import wilson

DATA = Path(__file__).parents[2] / "data"
CHECKS = (
    *("prompt.empty", "prompt.missing-input", "answer.cut-off", "answer.no-end-mark", "answer.too-short"),
    *("answer.too-long", "answer.html", "answer.escaped", "answer.ungrounded"),
)
CLAUSE = (
    "Tenant shall pay the rent of $2,400 on the first day of each month. The deposit is $4,800, due on 19 July 2024."
    " Landlord repairs the roof within thirty (30) days after a notice in writing, and the lease runs for two years."
)
CLEAN = tuple(
    {"instruction": ask, "input": CLAUSE, "output": answer}
    for ask, answer in (
        (
            "Summarise the clause.",
            "The tenant pays a rent of $2,400 a month, and a deposit of $4,800 by July 19, 2024.",
        ),
        ("When is the rent due?", "It is due on the first day of each month, according to the clause."),
        (
            "Who repairs the roof?",
            "The landlord repairs it, at the latest 30 days after a notice in writing.",
        ),
        (
            "How long does the lease run?",
            "The lease runs for two years, which is to say for 24 months in all.",
        ),
        ("What is the deposit?", "The deposit is $4800, and it is due on the 19th of July in the year 2024."),
        ("Extract the key terms.", "1. Rent: $2,400 a month\n2. Deposit: $4,800\n3. Repair: within 30 days"),
    )
)
LONG = "The tenant pays the rent on the first day of the month. The landlord repairs the roof. "
BAD: tuple[tuple[str, dict[str, Any]], ...] = (
    ("prompt.empty", {"instruction": " ", "input": "", "output": "The rent is due on the first day."}),
    ("prompt.empty", {"instruction": None, "output": "The rent is due on the first day."}),
    (
        "prompt.missing-input",
        {"instruction": "Summarise the following passage.", "output": "It speaks of rent."},
    ),
    ("prompt.missing-input", {"instruction": "Describe this image.", "output": "A dog lies on a lawn."}),
    (
        "prompt.missing-input",
        {"instruction": "Please review the attached contract.", "output": "The rent is high."},
    ),
    (
        "prompt.missing-input",
        {"instruction": "Summarise this page: https://roof.example/a", "output": "A roof fell."},
    ),
    ("answer.cut-off", {**CLEAN[0], "output": "The tenant pays the rent of $2,400 on the first day of the"}),
    ("answer.cut-off", {**CLEAN[0], "output": "The tenant pays:\n1. Rent of $2,400\n2. A deposit\n3."}),
    ("answer.cut-off", {**CLEAN[0], "output": "Here it is:\n```python\nrent = {\n    'due':"}),
    (
        "answer.no-end-mark",
        {**CLEAN[0], "output": "The tenant pays the rent of $2,400 on the first day of each mon"},
    ),
    ("answer.too-short", {"instruction": "Write an essay of 400 words on rent.", "output": "Rent is money."}),
    ("answer.too-long", {"instruction": "Sum up what rent is in under 10 words.", "output": LONG * 5}),
    ("answer.html", {**CLEAN[0], "output": "The tenant pays the rent.<br>The landlord repairs the roof."}),
    ("answer.html", {**CLEAN[0], "output": "The tenant&#39;s rent is $2,400, due on the first."}),
    (
        "answer.escaped",
        {**CLEAN[0], "output": "The tenant pays the rent.\\n\\nThe landlord repairs the roof."},
    ),
    ("answer.escaped", {**CLEAN[0], "output": "The tenant pays in the caf\\u00e9 on the first."}),
    ("answer.ungrounded", {**CLEAN[0], "output": "The tenant pays a rent of $2,600 a month."}),
    ("answer.ungrounded", {**CLEAN[0], "output": "The deposit is due on 19 July 2025."}),
    ("answer.ungrounded", {**CLEAN[0], "output": "The rent is paid to Harwell Estates Ltd."}),
)


def found_in(path: Path, *names: str) -> dict[str, set[int]]:
    """Check by check, the rows that it flags in a file, counted from 0."""
    result = scan(discover([str(path)]), tuple(load_check(name) for name in names), Plan(), InlineEngine())
    return {name: set(frame["row"].to_list()) for name, frame in result.found.items()}


def write(path: Path, rows: tuple[dict[str, Any], ...]) -> Path:
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), "utf-8")
    return path


@pytest.mark.parametrize(("name", "bad"), BAD)
def test_one_bad_row_after_six_clean_ones_is_found(name: str, bad: dict[str, Any], tmp_path: Path) -> None:
    found = found_in(write(tmp_path / "rows.jsonl", (*CLEAN, bad)), *CHECKS)
    assert found[name] == {len(CLEAN)}
    assert set().union(*found.values()) == {len(CLEAN)}


def test_six_clean_rows_are_clean(tmp_path: Path) -> None:
    assert found_in(write(tmp_path / "rows.jsonl", CLEAN), *CHECKS) == {}


@pytest.mark.parametrize("corpus", ["contracts", "support_chats"])
def test_nothing_in_the_sample_corpora_is_flagged(corpus: str) -> None:
    """No fault of these kinds is planted there."""
    assert found_in(DATA / f"{corpus}.jsonl", *CHECKS) == {}


def test_changed_numbers_are_found_in_the_sample_corpus(tmp_path: Path) -> None:
    """Of answers in contracts.jsonl with one number changed at random, most are found."""
    chance = random.Random(4)  # noqa: S311 (a draw, no secret)
    spoiled = []
    for line in (DATA / "contracts.jsonl").read_bytes().splitlines():
        try:
            row = json.loads(line.decode("utf-8"))
            places = list(re.finditer(r"(?<![\w.,])\d{2,}(?:,\d{3})*(?![\w.,])", row["output"]))
        except (ValueError, KeyError, TypeError):
            continue
        if places and row.get("input"):
            hit = chance.choice(places)
            number = re.sub(r"\d", lambda _: str(chance.randrange(1, 10)), hit[0])
            spoiled.append(
                {**row, "output": row["output"][: hit.start()] + number + row["output"][hit.end() :]}
            )
    found = found_in(write(tmp_path / "rows.jsonl", tuple(spoiled)), "answer.ungrounded")["answer.ungrounded"]
    assert len(spoiled) > 100
    assert wilson(len(found), len(spoiled)).low >= 0.75


@pytest.mark.parametrize(
    ("answer", "given"),
    [
        ("It costs 1,200.", "The price is 1200 dollars."),
        ("It costs $1200.", "The price is $1,200.00."),
        ("It costs 1.2 million.", "The price is 1,200,000."),
        ("There are 25 of them.", "Twenty-five of them came."),
        ("There are 250,000 of them.", "Some two hundred and fifty thousand came."),
        ("It falls by 25%.", "It falls by a quarter."),
        ("It was on July 19, 2024.", "Date: 2024-07-19"),
        ("It was on July 19, 2024.", "Am 19.07.2024 war es."),
        ("It costs 1200 euros.", "Es kostet 1.200,00 Euro."),
        ("It lasts 24 months.", "It lasts two years."),
        ("About 5,000 came.", "5,432 people came."),
        ("About 18% of them.", "17.9% of them"),
        ("The total is 30.", "10 came on Monday and 20 on Tuesday."),
        ("1. Rent\n2. Roof\n12. Gate", "Rent, roof, gate."),
        ("See step 7.", "See the manual."),
        ("It began 30 years ago.", "It began in 1990."),
    ],
)
def test_the_same_value_in_another_dress_is_known(answer: str, given: str) -> None:
    assert list(loose_numbers(answer, given)) == []


@pytest.mark.parametrize(
    ("answer", "given", "number"),
    [
        ("It costs 1,250.", "The price is 1200 dollars.", "1,250"),
        ("It lasts 5 days.", "It lasts 15 days.", "5"),
        ("It falls by 35%.", "It falls by a quarter, to 20.", "35%"),
        ("It was in 2025.", "It was on 19 July 2024.", "2025"),
        ("It costs 1.3 million.", "The price is 1,200,000.", "1.3 million"),
        ("It costs €20.", "The price is 2.", "€20"),
    ],
)
def test_another_value_is_not(answer: str, given: str, number: str) -> None:
    assert [answer[one.start : one.end] for one in loose_numbers(answer, given)] == [number]


def test_names() -> None:
    given = "Pendle Street Trading Ltd leases the shop to Ms Bell."
    assert list(loose_names("Bell rents it from Pendle Ltd, in the United States.", given)) == []
    said = "It belongs to Harwell Estates Ltd and to Patrice Moreau."
    assert {said[one.start : one.end] for one in loose_names(said, given)} >= {"Harwell Estates Ltd"}


@pytest.mark.parametrize("number", [*range(101), 250, 1000, 250_000, 2_000_000])
def test_spelled_numbers_are_distinct(number: int) -> None:
    assert spelled(number)
    assert not set(spelled(number)) & set(spelled(number + 7))


def test_values_are_read_in_several_ways() -> None:
    assert {1200.0, 19.0, 7.0, 2024.0} <= values_of("Es kostet 1.200,00 Euro am 19.07.2024.")


@pytest.mark.parametrize(
    ("prompt", "least", "most"),
    [
        ("Write a 500-word essay on rent.", 500, 500),
        ("Write at least 200 words on rent.", 200, None),
        ("Explain rent in no more than 30 words.", None, 30),
        ("He types 60 words a minute. How many are 500 words?", None, None),
        ("用不少于800字写一篇文章。", 800, None),
        ("Write five titles of under 8 words each.", None, None),
    ],
)
def test_lengths_that_prompts_ask_for(prompt: str, least: int | None, most: int | None) -> None:
    assert wanted(prompt)[:2] == (least, most)


@pytest.mark.parametrize(
    ("right", "of", "low", "high"),
    [(60, 60, 0.9398, 1.0), (0, 10, 0.0, 0.2775), (57, 60, 0.8630, 0.9829), (0, 0, 0.0, 1.0)],
)
def test_score_intervals(right: int, of: int, low: float, high: float) -> None:
    """Figures of Wilson's formula (1927), computed by hand."""
    assert wilson(right, of) == pytest.approx((low, high), abs=5e-5)


@pytest.mark.parametrize("counts", [(-1, 3), (4, 3)])
def test_no_proportion(counts: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="no proportion"):
        wilson(*counts)
