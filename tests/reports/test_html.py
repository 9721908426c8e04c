"""The HTML report: hostile text, the security policy, structure, and how it looks at the edges."""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import replace
from html.parser import HTMLParser
from importlib.resources import files
from itertools import pairwise

import pytest

from curate.core.report import (
    Bin,
    DataFacts,
    Distribution,
    Example,
    Excerpt,
    Harm,
    InputFile,
    Place,
    Problem,
    Report,
    RowAccount,
    Unreadable,
    Verdict,
)
from curate.reports.html import number, percent, place_name, render_html, size

VOID = {"meta", "link", "br", "img", "input", "hr", "path", "rect", "line"}
LOADING = {
    "src",
    "srcset",
    "href",
    "xlink:href",
    "action",
    "formaction",
    "poster",
    "data",
    "background",
    "ping",
}


class Page(HTMLParser):
    """The elements of a page, their texts, and whether every tag is closed in order."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.texts: dict[str, list[str]] = {}
        self.stack: list[str] = []
        self.parents: list[list[str]] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))
        self.parents.append(list(self.stack))
        self.texts.setdefault(tag, [])
        if tag not in VOID:
            self.stack.append(tag)
            self.texts[tag].append("")

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            assert self.stack.pop() == tag, f"</{tag}> closes nothing"

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))
        self.parents.append(list(self.stack))

    def handle_data(self, data: str) -> None:
        for tag in set(self.stack):
            self.texts[tag][-1] += data

    def all(self, tag: str) -> list[dict[str, str]]:
        return [attrs for name, attrs in self.elements if name == tag]

    def classed(self, name: str) -> list[dict[str, str]]:
        return [attrs for _, attrs in self.elements if name in attrs.get("class", "").split()]


def problem(check: str = "answer.empty", **fields: object) -> Problem:
    plain = Problem(
        check=check,
        title="The answer is empty",
        why="The model learns to say nothing.",
        mend=f"Set them aside: `curate drop a.jsonl --select {check} -o b.jsonl`.",
        command=f"curate drop a.jsonl --select {check} -o b.jsonl",
        severity="error",
        blocks=True,
        budget="0 rows",
        findings=3,
        rows=3,
        share=0.03,
        harm=Harm(0, 0.04),
    )
    return replace(plain, **fields)  # type: ignore[arg-type]


def example(text: str = "a fault here", **fields: object) -> Example:
    shown = Example(
        Place("a.jsonl", 7, 8, "00ff", "/output", (2, 7), (100, 105)),
        "what is wrong",
        text=Excerpt(text, (2, 7)),
    )
    return replace(shown, **fields)  # type: ignore[arg-type]


def report(*problems: Problem, **fields: object) -> Report:
    plain = Report(
        version="1.2.3",
        verdict=Verdict("unfit", 1, "Not fit to train on", tuple(f"{one.check}: 3 rows" for one in problems)),
        files=(
            InputFile(
                "a.jsonl",
                "jsonl",
                encoding="utf-8",
                size=1000,
                records=100,
                rows=100,
                row_bytes=900,
                separator_bytes=100,
            ),
        ),
        rows=RowAccount(100, 100, 0, 0, 0),
        problems=problems,
        passed=("schema.empty-row", "text.mojibake"),
        quarantine=(),
        quarantine_reasons=(),
        data=DataFacts(10, 20, "estimated", CHARTS),
    )
    return replace(plain, **fields)  # type: ignore[arg-type]


CHARTS = (
    Distribution(
        "Target length",
        "tokens",
        (Bin("0", 1, 0, 1), Bin("1", 0, 1, 2), Bin("2–3", 5, 2, 4), Bin("≥ 4", 2, 4, None)),
        2,
        4,
        90,
    ),
    Distribution("Layout", "rows", (Bin("alpaca", 60), Bin("<b>messages</b>", 40)), note="3 more"),
)
NOTHING = Report(
    "1",
    Verdict("nothing", 3, "Nothing was evaluated"),
    (),
    RowAccount(0, 0, 0, 0, 0),
    (),
    (),
    (),
    (),
    DataFacts(),
)
HOSTILE = (
    "</script><script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '"><svg onload=alert(1)>',
    "javascript:alert(1)",
    "{{ 7 * 7 }}{% raw %}",
    "</style><!-- ]]> &lt;",
)


def hostile_report(text: str) -> Report:
    """The text wherever a report has room for one."""
    place = Place(text, None, 1, text, text)
    cut = Excerpt(text, (0, 3))
    shown = Example(place, text, text, cut, cut, Excerpt(text + "2"), place, Excerpt(text + "3"))
    one = problem(
        text,
        title=text,
        why=text,
        mend=text,
        command=text,
        severity=text,
        budget=text,
        top=((text, 1),),
        examples=(shown,),
    )
    file = InputFile(text, text, text, text, text, sha256=text, layouts={text: 1}, notes=(text,))
    chart = Distribution(text, text, (Bin(text, 1),), note=text)
    bands = Distribution(text, text, (Bin(text, 1, 0, 1),), 0, 0, 0, text)
    return Report(
        text,
        Verdict("unfit", 1, text, (text,)),
        (file,),
        RowAccount(1, 1, 0, 1, 0),
        (one,),
        (text,),
        (Unreadable(text, 1, 1, (0, 1), text),),
        ((text, 1),),
        DataFacts(1, 1, text, (chart, bands)),
        ((text, text),),
    )


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_makes_no_element_and_no_attribute(text: str) -> None:
    harmless = Page(render_html(hostile_report("harmless, really")))
    page = Page(render_html(hostile_report(text)))
    assert page.stack == []
    assert [tag for tag, _ in page.elements if tag in {"script", "style", "img"}] == ["style", "script"]
    names = {name for _, attrs in page.elements for name in attrs}
    assert names <= {name for _, attrs in harmless.elements for name in attrs} | {"hidden"}
    assert any(text in shown for shown in page.texts["dd"])


@pytest.mark.parametrize("text", [*HOSTILE, "plain"])
def test_nothing_is_loaded_and_nothing_is_inline(text: str) -> None:
    page = Page(render_html(hostile_report(text)))
    for tag, attrs in page.elements:
        assert not [name for name in attrs if name.startswith("on") or name == "style"], tag
        assert all(attrs[name].startswith("#") for name in LOADING & set(attrs)), (tag, attrs)
    style, script = page.texts["style"][0], page.texts["script"][0]
    assert not re.search(r"url\(|@import|https?:", style)
    assert not re.search(r"fetch|XMLHttp|import\(|https?:|innerHTML|eval", script)


def test_policy_hashes_are_those_of_the_inline_blocks() -> None:
    page = Page(render_html(report(problem())))
    policy = next(
        meta["content"] for meta in page.all("meta") if meta.get("http-equiv") == "Content-Security-Policy"
    )
    assert policy.startswith("default-src 'none';")
    assert "unsafe" not in policy
    for kind in ("style", "script"):
        (block,) = page.texts[kind]
        digest = base64.b64encode(hashlib.sha256(block.encode()).digest()).decode()
        assert f"{kind}-src 'sha256-{digest}'" in policy


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("a\u202eb", "U+202E"),
        ("a\x00b", "NUL"),
        ("a\x1b[31m", "ESC"),
        ("a\x7f", "DEL"),
        ("a\u200bb", "U+200B"),
        ("a\ud800b", "U+D800"),
        ("a\U000e0041b", "U+E0041"),
        ("ab\u200dc", "U+200D"),
        ("a" + "\u0301" * 99, "+95 marks"),
        ("\x00" * 5000, "NUL ×"),
    ],
)
def test_what_cannot_be_seen_is_named(text: str, named: str) -> None:
    page = render_html(report(problem(title=text, examples=(example(text, message=text),))))
    assert named in "".join(Page(page).texts["span"])
    page.encode("utf-8")
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202e\u200b\U000e0041]", page)


def test_signs_that_shape_a_script_stay() -> None:
    page = render_html(report(problem(title="می\u200cخواهم 👩\u200d👧 Tiếng Việt e\u0302\u0301 नमस्ते")))
    assert "می\u200cخواهم 👩\u200d👧 Tiếng Việt e\u0302\u0301 नमस्ते" in page


def test_hidden_signs_in_names_and_titles_reach_no_attribute() -> None:
    page = render_html(hostile_report("a\u202eb\ud800"))
    assert "\u202e" not in page
    assert "a[U+202E]b[U+D800]" in Page(page).texts["title"][0]


def test_a_command_that_hides_something_has_no_copy_button() -> None:
    assert Page(render_html(report(problem()))).all("button")
    assert not Page(render_html(report(problem(command="curate drop 'a\u202e.jsonl'")))).all("button")


def test_a_command_that_leaves_files_out_has_no_copy_button() -> None:
    assert not Page(render_html(report(problem(command="curate drop a.jsonl b.jsonl … -o c")))).all("button")


def test_an_empty_answer_is_shown_as_empty_but_not_that_of_a_row_without_turns() -> None:
    row = example(text="", target=Excerpt(""))
    asked = replace(row, text=None, prompt=Excerpt("Why?"))
    assert "empty" in Page(render_html(report(problem(examples=(asked,))))).texts["i"]
    bare = replace(row, text=None, prompt=Excerpt(""))
    assert "i" not in Page(render_html(report(problem(examples=(bare,))))).texts


def test_the_command_is_shown_once_and_copied_from_whole() -> None:
    page = Page(render_html(report(problem())))
    (button,) = page.all("button")
    (code,) = [attrs for attrs in page.all("code") if "id" in attrs]
    assert button["data-copy"] == code["id"]
    assert "curate drop a.jsonl --select answer.empty -o b.jsonl" in page.texts["code"]
    assert "What to do Set them aside:" in page.texts["p"]


def test_headings_are_in_order_and_named_parts_exist() -> None:
    many = [problem(f"answer.fault-{at}", examples=(example(),)) for at in range(6)]
    page = Page(render_html(report(*many)))
    levels = [int(tag[1]) for tag, _ in page.elements if re.fullmatch(r"h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(later <= before + 1 for before, later in pairwise(levels))
    ids = [attrs["id"] for _, attrs in page.elements if "id" in attrs]
    assert len(ids) == len(set(ids))
    wanted = [attrs["href"][1:] for attrs in page.all("a")]
    wanted += [name for _, attrs in page.elements for name in attrs.get("aria-labelledby", "").split()]
    assert set(wanted) <= set(ids)
    assert len(page.all("main")) == len(page.all("nav")) == 1


def test_every_chart_is_named_and_has_its_table() -> None:
    page = Page(render_html(report()))
    figures = [at for at, (tag, _) in enumerate(page.elements) if tag == "figure"]
    assert len(figures) == len(CHARTS)
    for start, end in zip(figures, [*figures[1:], len(page.elements)], strict=True):
        tags = [tag for tag, _ in page.elements[start:end]]
        assert tags.count("svg") >= 1
        assert {"title", "desc", "table", "details"} <= set(tags)
    table = "\n".join(page.texts["tr"])
    for chart in CHARTS:
        for one in chart.bins:
            assert f"{one.label}{one.count}" in table.replace("\n", "")


def test_the_marked_span_is_the_finding() -> None:
    page = Page(render_html(report(problem(examples=(example("a fault here"),)))))
    assert page.texts["mark"] == ["fault"]


def test_a_long_text_is_folded_around_its_span() -> None:
    text = "word " * 2000 + "FAULT" + " more" * 2000
    shown = example(text, place=Place("a", 1, 1, "00"))
    shown = replace(shown, text=Excerpt(text, (10000, 10005)))
    page = Page(render_html(report(problem(examples=(shown,)))))
    assert page.texts["mark"] == ["FAULT", "FAULT"]
    assert any(summary.startswith("Show 4,000 of 20,005") for summary in page.texts["summary"])
    assert max(map(len, page.texts["dd"])) < 6000


def test_answers_stand_side_by_side_or_once() -> None:
    other = Place("b.jsonl", 9, 9, "11")
    differ = example(text="", target=Excerpt("left"), related=other, related_text=Excerpt("right"))
    differ = replace(differ, text=None)
    page = Page(render_html(report(problem(examples=(differ,)))))
    assert len(page.classed("pair")) == 1
    page = Page(render_html(report(problem(examples=(replace(differ, related_text=Excerpt("left")),)))))
    assert not page.classed("pair")
    assert page.texts["dd"].count("left") == 1
    assert "Same answer in this row and in b.jsonl:9" in page.texts["dt"]


def test_all_optional_parts_may_be_missing() -> None:
    bare = Example(Place("a.jsonl", None, 1, "00"), "wrong")
    one = problem(why="", mend="", command="", budget="", severity="info", blocks=False, examples=(bare,))
    page = Page(render_html(report(one, files=(), data=DataFacts(), passed=())))
    assert page.stack == []
    assert not page.all("figure")
    assert "a.jsonl, row 1" in page.texts["code"]


def test_nothing_evaluated_praises_nothing() -> None:
    page = Page(render_html(NOTHING))
    assert page.texts["h1"] == ["Nothing was evaluated"]
    assert not page.classed("good")


@pytest.mark.parametrize("count", [0, 1, 3, 4, 60])
def test_any_number_of_problems(count: int) -> None:
    shown = [problem(f"answer.fault-{at}", blocks=at < 2, examples=(example(),)) for at in range(count)]
    page = Page(render_html(report(*shown)))
    assert len(page.all("article")) == count
    assert len(page.classed("overview")) == (count >= 4)
    opened = [attrs for attrs in page.classed("examples") if "open" in attrs]
    assert len(opened) == min(count, 5)


def test_two_thousand_files_are_folded_and_the_noted_come_first() -> None:
    names = [f"part-{at:04d}.jsonl" for at in range(2000)]
    inputs = tuple(InputFile(name, "jsonl", quarantined=int(name == "part-1999.jsonl")) for name in names)
    page = render_html(report(files=inputs))
    assert page.index("part-1999.jsonl") < page.index("part-0003.jsonl")
    assert len(page) < 300_000
    assert "The JSON report lists them all." in page


def test_bytes_that_are_lost_are_said_to_be_lost() -> None:
    assert "Every byte accounted for." in render_html(report())
    lost = InputFile("a.jsonl", "jsonl", size=1000, row_bytes=900, separator_bytes=93)
    assert "7 bytes not accounted for." in render_html(report(files=(lost,)))
    assert "Does not add up." in render_html(report(rows=RowAccount(100, 98, 0, 1, 0)))
    assert "Of the kept, 2 are edited." in render_html(report(rows=RowAccount(100, 100, 0, 0, 2)))


def test_unmasked_data_is_said_to_be_unmasked() -> None:
    assert "not masked" not in render_html(report())
    assert "not masked" in render_html(report(masked=False))


def test_a_typical_report_is_small_and_the_same_every_time() -> None:
    text = "It is a long established fact that a reader is distracted. " * 10
    shown = example(
        text,
        prompt=Excerpt(text[:280]),
        target=Excerpt(text[:280] + "!"),
        related=Place("b", 1, 1, "1"),
        related_text=Excerpt(text[:280]),
    )
    one = report(*(problem(f"answer.fault-{at}", examples=(shown,) * 3) for at in range(20)))
    page = render_html(one)
    assert page == render_html(one)
    assert len(page.encode()) < 300_000


@pytest.mark.parametrize(
    ("share", "words"),
    [
        (0, "0%"),
        (1, "100%"),
        (1e-9, "< 0.01%"),
        (0.0012, "0.12%"),
        (0.036, "3.6%"),
        (0.99999, "> 99.9%"),
        (0.5, "50.0%"),
    ],
)
def test_a_share_is_never_rounded_to_nothing_or_all(share: float, words: str) -> None:
    assert percent(share) == words


def test_numbers_sizes_and_places() -> None:
    assert number(55185) == "55,185"
    assert [size(count) for count in (0, 1, 999, 65_132_933)] == ["0 bytes", "1 byte", "999 bytes", "65.1 MB"]
    assert place_name(Place("x" * 100 + ".jsonl", 3, 3, "0")) == "…" + "x" * 58 + ".jsonl:3"


TEXT_ON = {
    "page": ("ink", "soft", "link", "good", "bad"),
    "card": ("ink", "soft", "link", "good", "bad", "warn"),
    "sunk": ("ink", "soft", "link"),
    "bad-soft": ("bad",),
    "warn-soft": ("warn",),
    "good-soft": ("good",),
    "info-soft": ("info",),
    "mark": ("mark-ink",),
    "chip": ("chip-ink",),
    "bad": ("card",),
}


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
def test_text_has_the_contrast_of_wcag_aa(scheme: int) -> None:
    css = files("curate.reports").joinpath("assets/report.css").read_text(encoding="utf-8")
    colours = dict(
        re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", css.split(":root {")[scheme + 1].split("}")[0])
    )
    for ground, inks in TEXT_ON.items():
        for ink in inks:
            assert contrast(colours[ground], colours[ink]) >= 4.5, (ink, ground)
    assert contrast(colours["card"], colours["fill"]) >= 3


def contrast(one: str, other: str) -> float:
    """The contrast ratio of WCAG 2.2, section 1.4.3."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
