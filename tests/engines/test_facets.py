"""Facets: what each says of rows, whatever the layout, the order and the number of processes."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest

from curate.config.load import load_plan
from curate.core.coverage_plan import FACETS, OwnFacet, bands
from curate.core.errors import ConfigError, CurateError, UsageError
from curate.core.plan import Plan
from curate.engines.facets import facet_frame, read_facets
from curate.engines.facets_own import own_values
from curate.engines.local import InlineEngine, PoolEngine
from curate.engines.scan import scan
from curate.formats.sources import discover

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from curate.engines.scan import Scan

ROWS: list[dict[str, Any]] = [
    {"instruction": "Summarise the text.", "input": "A long story.", "output": "A story.", "source": "forum"},
    {
        "instruction": "Fasse den folgenden Text über die Kündigung eines Vertrages zusammen.",
        "input": "",
        "output": "Der Vertrag kann von beiden Seiten mit einer Frist von drei Monaten gekündigt werden.",
        "source": "mail",
    },
    {"instruction": "List three injunctions.", "input": "", "output": "- One Injunction\n- damages\n- two"},
    {"instruction": "中国的首都是哪里？", "input": "", "output": "中国的首都是北京，它也是全国的政治中心。"},
    {
        "messages": [
            {"role": "user", "content": "Hi"},
            {"role": "assistant", "content": "Hello"},
            {"role": "user", "content": "Is it open?"},
            {"role": "assistant", "content": "yes"},
        ]
    },
]


def scanned(tmp_path: Path, rows: Sequence[dict[str, Any]] = tuple(ROWS)) -> Scan:
    path = tmp_path / "rows.jsonl"
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), "utf-8")
    return scan(discover([str(path)]), (), Plan(), InlineEngine())


def test_every_row_has_one_line_with_its_facets(tmp_path: Path) -> None:
    names = ["task", "language", "script", "answer_format", "layout", "turns", "meta.source", "file"]
    frame = facet_frame(scanned(tmp_path), names, Plan())
    assert frame.columns[:4] == ["row_number", "file", "line", "key"]
    assert frame["row_number"].to_list() == [0, 1, 2, 3, 4]
    assert frame["line"].to_list() == [1, 2, 3, 4, 5]
    assert frame["task"].to_list()[0] == "summarise"
    assert frame["language"].to_list()[1] == "de"
    assert frame["script"].to_list() == ["Latin", "Latin", "Latin", "Chinese", "Latin"]
    assert frame["answer_format"].to_list()[2:] == ["list", "sentence", "yes/no"]
    assert frame["layout"].to_list()[-1] == "messages"
    assert frame["turns"].to_list()[-1] == "4"
    assert frame["meta.source"].to_list() == ["forum", "mail", None, None, None]


def test_lengths_are_bands_with_every_edge_in_one_of_them(tmp_path: Path) -> None:
    plan = load_plan("[coverage]\nlengths = [4, 8]", "p.toml")
    frame = facet_frame(scanned(tmp_path), ["target_length"], plan)
    assert set(frame["target_length"]) <= set(bands((4, 8))) == {"0-3", "4-7", "8+"}
    assert frame["target_length"].to_list()[-2:] == ["8+", "0-3"]
    assert bands((1, 2)) == ("0", "1", "2+")


def test_own_facets_may_have_several_values(tmp_path: Path) -> None:
    glossary = tmp_path / "terms.yaml"
    glossary.write_text("terms:\n  - preferred: contract\n    variants: [Vertrag, Vertrages]\n", "utf-8")
    plan = load_plan(
        "[coverage.facets]\n"
        'remedy = { pattern = "(?i)damages|injunction", in = "target" }\n'
        "style = { patterns = { dash = '(?m)^- ', dot = '[.]$' } }\n"
        f'term = {{ glossary = "{glossary}", in = "prompt" }}\n',
        "p.toml",
    )
    frame = facet_frame(scanned(tmp_path), ["remedy", "style", "term"], plan)
    assert frame["remedy"].to_list() == [None, None, ["damages", "injunction"], None, None]
    assert frame["style"].to_list() == [["dot"], ["dot"], ["dash", "dot"], None, None]
    assert frame["term"].to_list() == [None, ["contract"], None, None, None]


def test_a_field_that_no_row_has_is_a_slip(tmp_path: Path) -> None:
    seen = scanned(tmp_path)
    with pytest.raises(UsageError, match="no row has the field 'sorce'"):
        read_facets(seen, ["meta.sorce"], Plan())
    plan = load_plan('[[coverage.cells]]\n"meta.sorce" = "x"\nminimum = 1', "p.toml")
    with pytest.raises(ConfigError, match=r"p.toml:2: no row has the field 'sorce'"):
        read_facets(seen, plan.coverage.names, plan)


def test_a_glossary_that_is_not_there_is_said_so(tmp_path: Path) -> None:
    plan = load_plan('[coverage.facets]\nterm = { glossary = "nowhere.yaml" }', "p.toml")
    with pytest.raises(CurateError, match=r"nowhere.yaml"):
        facet_frame(scanned(tmp_path), ["term"], plan)


def test_neither_order_nor_processes_change_a_row(tmp_path: Path) -> None:
    pytest.importorskip("sklearn")
    rows = [
        {
            "instruction": f"{verb} the {thing} number {number}.",
            "output": f"It is the {thing}, {number} times.",
        }
        for number in range(60)
        for verb, thing in (("Describe", "river"), ("Explain", "contract"), ("List", "recipe"))
    ]
    names = [name for name in FACETS if name != "file"]
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    forth, back = scanned(tmp_path / "a", rows), scanned(tmp_path / "b", rows[::-1])
    first = facet_frame(forth, names, Plan()).select("key", *names).sort("key")
    other = facet_frame(back, names, Plan()).select("key", *names).sort("key")
    assert first.equals(other)
    with PoolEngine(2) as engine:
        topics = read_facets(forth, names, Plan()).topics
        pooled = read_facets(forth, names, Plan(), topics=topics, engine=engine, with_said=True)
    alone = read_facets(forth, names, Plan(), topics=topics, with_said=True)
    assert pooled.rows.equals(alone.rows)
    assert pooled.said is not None
    assert alone.said is not None
    assert pooled.said.openings.equals(alone.said.openings)
    assert pooled.said.pairs.equals(alone.said.pairs)


def test_nothing_is_a_frame_without_lines(tmp_path: Path) -> None:
    frame = facet_frame(scanned(tmp_path, []), ["task", "language", "turns"], Plan())
    assert frame.is_empty()
    assert frame.schema["task"] == pl.String


def test_no_expression_takes_more_than_linear_time() -> None:
    facets = (
        OwnFacet("slow", pattern=re.compile("(a+)+$")),
        OwnFacet("slow", patterns=(("found", re.compile("(a+)+$")), ("other", re.compile("b(?:x|y)")))),
    )
    texts = pl.DataFrame({"prompt": ["a" * 5000 + "!", None, "Aa by"], "target": ["aaa", "", "B"]})
    assert own_values(facets[0], texts, None).to_list() == [["aaa"], None, None]
    assert own_values(facets[1], texts, None).to_list() == [["found"], None, ["other"]]


def test_a_group_names_the_value() -> None:
    facet = OwnFacet("clause", pattern=re.compile(r"clause (\w+)", re.IGNORECASE))
    texts = pl.DataFrame({"prompt": ["Clause Rent, clause  x; CLAUSE rent"], "target": [""]})
    assert own_values(facet, texts, None).to_list() == [["rent"]]
