"""The language of short texts, and code that is in none."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from benchmarks.bar import Outcome, needs_data, real_data
from benchmarks.bars.evidence import shares
from curate.core.plan import Plan
from curate.engines.registry import load_check
from curate.engines.scan import scan
from curate.formats.parse import parse_chunk
from curate.formats.read import open_sources
from curate.formats.sources import discover
from curate.text.codelike import looks_like_code
from curate.text.language import SHORTEST
from tests.evidence.language_measure import TABLE, measure

if TYPE_CHECKING:
    from pathlib import Path

CODE = "code rows of HumanEval, data-juicer and T0 called foreign"
ALL_CODE = ("humaneval/HumanEval.jsonl.gz",)
SOME_CODE = (
    *(
        "datajuicer/alpaca-cot.jsonl",
        "datajuicer/demo-dataset-chatml.jsonl",
        "datajuicer/stack_exchange.jsonl",
    ),
    *("datajuicer/demo-dataset-deduplication.jsonl", "selfinstruct/t0_55k.jsonl.zst"),
)


def run() -> list[Outcome]:
    """Accuracy over languages, and findings in code."""
    return [*_accuracy(), _code(real_data())]


def _accuracy() -> list[Outcome]:
    table = measure()
    texts, right, close, sure, wrong = (
        sum(told[name] for told in table.values())
        for name in ("texts", "right", "close", "sure", "sure but wrong")
    )
    least = min(table, key=lambda name: table[name]["close"] / table[name]["texts"])
    lowest = table[least]["close"] / table[least]["texts"]
    same = table == json.loads(TABLE.read_text("utf-8"))
    return [
        Outcome(
            f"language of texts of {SHORTEST} characters and a little more, in {len(table)} languages",
            f"right or a close relative {shares(close, texts)}, exactly right {right}; lowest {least} {lowest:.2f}",
            ">= 20 languages; accuracy stated, as the page does",
            len(table) >= 20 and same,
        ),
        Outcome("sure (what the check acts on) but wrong", f"{wrong} of {sure}", "0", wrong == 0),
    ]


def _code(folder: Path | None) -> Outcome:
    if folder is None:
        return needs_data(CODE, "0")
    found = sum(_foreign(folder / name) for name in (*ALL_CODE, *SOME_CODE))
    code = sum(_code_rows(folder / name, all_of_it=name in ALL_CODE) for name in (*ALL_CODE, *SOME_CODE))
    figure = f"{found} of {code:,}; {found} in all rows of these files"
    return Outcome(CODE, figure, "0", found == 0 and code > 0)


def _foreign(path: Path) -> int:
    check = load_check("language.mismatch")
    found = scan(discover([str(path)]), (check,), Plan()).found
    return len(found[check.name]) if check.name in found else 0


def _code_rows(path: Path, *, all_of_it: bool) -> int:
    """Rows of which some text holds lines of code."""
    (opened,) = open_sources(discover([str(path)]).sources, None, Plan().mapping)
    code: set[int] = set()
    total = 0
    for chunk in opened.chunks():
        batch = parse_chunk(chunk).batch
        total += len(batch.rows)
        said = batch.turns.select("row", "text").iter_rows()
        code |= {total + row for row, text in said if all_of_it or "```" in text or looks_like_code(text)}
    return len(code)
