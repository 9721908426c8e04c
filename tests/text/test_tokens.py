"""Estimates of tokens keep the error that their note states, and a given tokenizer is counted with."""

from __future__ import annotations

import importlib.util
import json
import pickle
import re
from dataclasses import replace
from typing import TYPE_CHECKING

import polars as pl
import pytest

from curate.core.errors import ConfigError, MissingExtraError, UnreadableError
from curate.core.plan import Plan
from curate.engines.local import InlineEngine
from curate.engines.registry import load_check
from curate.engines.scan import scan
from curate.formats.sources import discover
from curate.text.tokenizer import load_counter
from curate.text.tokens import NOTE, WEIGHTS, count_kinds, estimated_tokens
from tests.evidence.language_measure import rows

if TYPE_CHECKING:
    from pathlib import Path

UDHR = rows("language_udhr.jsonl")
FAMILY = pytest.mark.parametrize("family", sorted(WEIGHTS))

WITHIN = {
    "llama3": {
        "he": 0.05,
        "hi": 0.05,
        "th": 0.05,
        "ja": 0.05,
        "ko": 0.05,
        "zh": 0.05,
        "ru": 0.15,
        "de": 0.15,
    },
    "mistral": {
        "he": 0.05,
        "hi": 0.05,
        "th": 0.05,
        "ja": 0.05,
        "ko": 0.05,
        "zh": 0.1,
        "ru": 0.15,
        "de": 0.15,
    },
}
"""How far the sum over a language's paragraphs may be off."""


def estimate(texts: list[str], family: str = "llama3") -> list[int]:
    frame = pl.DataFrame({"text": texts}, schema={"text": pl.String})
    return frame.select(estimated_tokens("text", family))["text"].to_list()


@FAMILY
def test_declaration_is_estimated_as_the_real_tokenizers_count_it(family: str) -> None:
    for language, bound in WITHIN[family].items():
        texts = [row for row in UDHR if row["language"] == language]
        guessed = sum(estimate([row["text"] for row in texts], family))
        true = sum(row[family] for row in texts)
        assert abs(guessed / true - 1) <= bound, language


@FAMILY
def test_no_language_is_estimated_below_half_of_what_the_check_allows_for(family: str) -> None:
    """``length.too-long`` counts exactly what the estimate puts beyond .4 of the context."""
    for language in sorted({row["language"] for row in UDHR}):
        texts = [row for row in UDHR if row["language"] == language]
        ratio = sum(estimate([row["text"] for row in texts], family)) / sum(row[family] for row in texts)
        assert 0.4 < ratio < 1.6, language


def test_note_states_the_error_on_texts_that_nothing_was_fitted_to(real_data: Path) -> None:
    pytest.importorskip("llama_models.llama3.tokenizer")
    pytest.importorskip("sentencepiece")
    pytest.importorskip("mistral_common")
    from benchmarks.calibrate_tokens import tokenizers, unseen  # noqa: PLC0415 (needs these packages)

    count = tokenizers()["llama3"]
    half, most, whole = (int(stated) / 100 + 0.005 for stated in re.findall(r"within (\d+) %", NOTE))
    for name, texts in unseen(real_data):
        true = [count(text) for text in texts]
        guessed = estimate(texts)
        wrong = sorted(abs(g / t - 1) for g, t in zip(guessed, true, strict=True) if t >= 32)
        assert wrong[len(wrong) // 2] <= half, name
        assert wrong[int(0.95 * len(wrong))] <= most, name
        assert abs(sum(guessed) / sum(true) - 1) <= whole, name


def test_edges() -> None:
    assert estimate([]) == []
    assert estimate([""]) == [0]
    assert estimate(["a", "é", "字", " "]) == [1, 1, 1, 1]
    frame = pl.DataFrame({"text": [None, "word"]}, schema={"text": pl.String})
    assert frame.select(estimated_tokens("text"))["text"].to_list() == [0, 1]


def test_estimate_of_each_text_is_its_own() -> None:
    texts = [row["text"] for row in UDHR[::17]]
    assert estimate(texts) == [estimate([text])[0] for text in texts]


def test_typographic_marks_do_not_make_english_foreign() -> None:
    counts = count_kinds(
        pl.Series(["The tenant’s rent — “cold” rent — is due on the first day of each month."])
    )
    assert counts["foreign"][0] == 0
    assert count_kinds(pl.Series(["Le propriétaire répare la toiture délabrée."]))["foreign"][0] > 0


CHATML = (
    "{{ bos_token }}{% for m in messages %}<s>{{ m['role'] }}\n{{ m['content'] }}</s>\n{% endfor %}"
    "{% if messages[0]['role'] == 'system' %}{{ raise_exception('no system') }}{% endif %}"
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A tokenizer that makes a token of each word, with a chat template."""
    tokenizers = pytest.importorskip("tokenizers")
    one = tokenizers.Tokenizer(tokenizers.models.WordLevel({"?": 0}, unk_token="?"))  # noqa: S106 (no password)
    one.pre_tokenizer = tokenizers.pre_tokenizers.WhitespaceSplit()
    one.add_special_tokens(["<s>", "</s>", "<bos>"])
    one.save(str(tmp_path / "tokenizer.json"))
    config = {"chat_template": CHATML, "bos_token": {"content": "<bos>"}}
    (tmp_path / "tokenizer_config.json").write_text(json.dumps(config))
    return tmp_path


def test_template_is_measured(folder: Path) -> None:
    counter = load_counter(str(folder))
    assert (counter.start, counter.turn) == (1, 3)  # <bos>; <s>, the role, </s>
    assert counter.count(["one two three", ""]) == [3, 0]


def test_template_beside_the_tokenizer_wins(folder: Path) -> None:
    (folder / "chat_template.jinja").write_text("{% for m in messages %}{{ m['content'] }} end {% endfor %}")
    counter = load_counter(str(folder))
    assert (counter.start, counter.turn) == (0, 1)


def found_in(path: Path, **options: object) -> list[tuple[int, str, str]]:
    check = replace(load_check("length.too-long"), **options)
    assert pickle.loads(pickle.dumps(check)) == check  # noqa: S301 (our own bytes)
    result = scan(discover([str(path)]), (check,), Plan(), InlineEngine())
    frame = result.found.get(check.name)
    return [] if frame is None else frame.select("row", "message", "evidence").rows()


def test_rows_are_counted_with_the_given_tokenizer(folder: Path) -> None:
    data = folder / "data.jsonl"
    answers = ["word " * 89, "word " * 90, "word " * 140]  # 1 + 3 + 3 + 4 tokens stand around each
    data.write_text(
        "".join(json.dumps({"prompt": "a b c d", "completion": answer}) + "\n" for answer in answers)
    )
    found = found_in(data, context=100, tokenizer=str(folder))
    assert found == [
        (1, "101 tokens; lost of the answer: 2 % at 100", "over 100"),
        (2, "151 tokens; lost of the answer: 36 % at 100", "over 100"),
    ]


def test_limits_below_the_context_are_told(tmp_path: Path) -> None:
    data = tmp_path / "data.jsonl"
    data.write_text(json.dumps({"prompt": "Copy it.", "completion": "The rent is due. " * 4000}) + "\n")
    ((_, message, evidence),) = found_in(data)
    assert evidence == "over 8,192"
    assert re.fullmatch(
        r"about \d{5} tokens; lost of the answer: \d\d % at 1,024, \d\d % at 2,048, \d\d % at 4,096", message
    )


def test_wrong_options_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    check = load_check("length.too-long")
    with pytest.raises(ConfigError, match="no family 'gpt'"):
        replace(check, family="gpt")
    with pytest.raises(UnreadableError, match=r"holds no tokenizer\.json"):
        replace(check, tokenizer=str(tmp_path))
    (tmp_path / "tokenizer.json").write_text("{}")
    with pytest.raises(UnreadableError, match="can read"):
        replace(check, tokenizer=str(tmp_path))
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)
    with pytest.raises(MissingExtraError, match=r"\[hf\]"):
        replace(check, tokenizer=str(tmp_path / "other"))


def test_template_that_fails_is_refused(folder: Path) -> None:
    (folder / "chat_template.jinja").write_text("{{ raise_exception('never') }}")
    with pytest.raises(UnreadableError, match="never"):
        load_counter(str(folder))
