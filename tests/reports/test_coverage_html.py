"""The page of coverage: closed to the network, hostile text, geometry, and figures beside every picture."""

from __future__ import annotations

import base64
import hashlib
import math
import re
from dataclasses import replace
from html.parser import HTMLParser
from itertools import combinations, pairwise

import pytest

from curate.core.coverage_report import CoverageReport, Lengths, Number, Openings, Topic, VerbObject
from curate.reports import coverage_html_charts as charts
from curate.reports.coverage_html import NARROW, WIDE, headline, render_coverage_html
from curate.reports.coverage_html_map import topic_map
from curate.reports.coverage_html_treemap import OBJECTS, VERBS, Box, squarified, treemap, verbs_of
from tests.reports.coverage_facts import TERMS, coverage_facts, shown

EVIL = "<script>alert(1)</script>\"' onload=x\u202e"
LOADING = {"src", "srcset", "href", "xlink:href", "action", "data", "poster"}
VOID = {"meta"}


class Page(HTMLParser):
    """Tags in their order, and whether they are closed in order."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.wrong: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.wrong.append(tag)


PAGE = render_coverage_html(coverage_facts())


def test_it_is_well_formed_and_the_same_each_time() -> None:
    page = Page(PAGE)
    assert not page.wrong
    assert not page.open
    assert render_coverage_html(coverage_facts()) == PAGE


def test_it_loads_and_runs_nothing() -> None:
    page = Page(PAGE)
    assert "script" not in {tag for tag, _ in page.tags}
    for _, attributes in page.tags:
        assert not {name for name in attributes if name.startswith("on") or name == "style"}
        assert all((attributes[name] or "").startswith("#") for name in LOADING & set(attributes))
    style = re.search(r"<style>(.*?)</style>", PAGE, re.DOTALL)
    assert style is not None
    digest = base64.b64encode(hashlib.sha256(style[1].encode()).digest()).decode()
    policy = next(a["content"] for _, a in page.tags if a.get("http-equiv") == "Content-Security-Policy")
    assert policy == f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    assert "url(" not in style[1]
    assert "@import" not in style[1]


def test_ids_are_there_once_and_links_lead_somewhere() -> None:
    tags = Page(PAGE).tags
    ids = [attributes["id"] for _, attributes in tags if "id" in attributes]
    assert len(ids) == len(set(ids))
    for _, attributes in tags:
        wanted = (attributes.get("aria-labelledby") or "").split()
        wanted += [(attributes["href"] or "")[1:]] if "href" in attributes else []
        assert set(wanted) <= set(ids)


def test_text_of_rows_does_no_harm() -> None:
    facts = coverage_facts(
        files=(EVIL,),
        reasons=(EVIL,),
        verbs=(VerbObject(EVIL, EVIL, 5),),
        topics=(Topic(EVIL, (EVIL,), 3, 0.1, 0, 0, (shown(1, EVIL),)),),
        openings=Openings((1, 2), 2, 3, 0.2, ((EVIL, 2),)),
        notes=(EVIL,),
        plan=EVIL,
    )
    text = render_coverage_html(facts)
    page = Page(text)
    assert not page.wrong
    assert "script" not in {tag for tag, _ in page.tags}
    assert not [a for _, a in page.tags if "onload" in a]
    assert "\u202e" not in text


def test_every_picture_has_a_name_and_its_figures() -> None:
    page = Page(PAGE)
    pictures = [a for tag, a in page.tags if tag == "svg" and a.get("role") == "img"]
    assert len(pictures) >= 7
    assert all(len((picture["aria-labelledby"] or "").split()) == 2 for picture in pictures)
    for figure in re.findall(r"<figure.*?</figure>", PAGE, re.DOTALL):
        assert "<table" in figure or 'class="topics"' in figure
    assert '<table class="overview plainly stack topics">' in PAGE
    for one in coverage_facts().cells:
        assert f">{one.rows:,}</span>" in PAGE


@pytest.mark.parametrize("status", ["pass", "fail", "none"])
def test_a_page_of_nothing(status: str) -> None:
    page = Page(render_coverage_html(CoverageReport((), 0, status=status)))
    assert not page.wrong


def test_the_headline_counts_cells() -> None:
    facts = coverage_facts()
    assert headline(facts) == "13 of 24 cells out of bounds: 11 short, 2 over"
    assert headline(replace(facts, status="pass")) == "The contract is kept"


def test_heat_says_what_a_cell_is_without_colour() -> None:
    facts = coverage_facts()
    cells = [cell for _, line in charts.heat_map(facts.tables[0], facts.cells).lines for cell in line]
    assert (cells[0].state, cells[0].short) == ("over", "+12")
    assert (cells[3].state, cells[3].short, cells[3].shade) == ("short", "−40", 0)
    assert (cells[1].state, cells[1].said) == ("kept", "within bounds")
    free = replace(facts.tables[0], cells=())
    assert charts.heat_map(free, ()).lines[0][1][3].state == "empty"
    shades = [charts.shade_of(rows, 500) for rows in (0, 1, 5, 50, 499, 500)]
    assert shades == sorted(shades)
    assert shades[:2] == [0, 1]
    assert shades[-1] == charts.SHADES


def test_areas_are_rows_and_fill_the_box() -> None:
    sizes = [50, 30, 9, 5, 3, 2, 1]
    boxes = squarified(sizes, Box(0, 0, 600, 300))
    for size, box in zip(sizes, boxes, strict=True):
        assert box.width * box.height == pytest.approx(180_000 * size / 100)
        assert -1e-6 <= box.x <= box.x + box.width <= 600 + 1e-6
        assert -1e-6 <= box.y <= box.y + box.height <= 300 + 1e-6
    for one, other in combinations(boxes, 2):
        wide = min(one.x + one.width, other.x + other.width) - max(one.x, other.x)
        high = min(one.y + one.height, other.y + other.height) - max(one.y, other.y)
        assert min(wide, high) < 1e-6


def test_the_example_of_the_paper() -> None:
    """Areas 6, 6, 4, 3, 2, 2, 1 in a 6 by 4 box (figure 4 of Bruls et al. 2000)."""
    boxes = squarified([6, 6, 4, 3, 2, 2, 1], Box(0, 0, 6, 4))
    assert boxes[:2] == [Box(0, 0, 3, 2), Box(0, 2, 3, 2)]
    assert boxes[2] == pytest.approx(Box(3, 0, 12 / 7, 7 / 3))


def test_many_verbs_and_objects_are_taken_together() -> None:
    pairs = [VerbObject(f"verb{at}", f"thing{noun}", 40 - at) for at in range(30) for noun in range(30)]
    verbs = verbs_of(pairs)
    assert len(verbs) == VERBS + 1
    assert len(verbs[0].objects) == OBJECTS + 1
    assert sum(verb.rows for verb in verbs) == sum(pair.rows for pair in pairs)
    for width in (WIDE, NARROW):
        for frame in treemap(verbs, width, 500).frames:
            assert len(frame.label) * 6 < frame.box.width or not frame.label
            assert frame.label or all(
                not line.startswith("thing") for tile in frame.tiles for line in tile.lines
            )


@pytest.mark.parametrize("width", [WIDE, NARROW])
@pytest.mark.parametrize("many", [1, 12, 50])
def test_bubbles_and_labels_lie_apart_and_inside(width: int, many: int) -> None:
    topics = [
        Topic(TERMS[at % 12], (), 1 + 5000 // (at + 1), 0.1, math.sin(at), math.cos(3 * at))
        for at in range(many)
    ]
    drawn = topic_map(topics, width, 500).bubbles
    assert [bubble.number for bubble in drawn] == list(range(1, many + 1))
    assert any(bubble.label for bubble in drawn)
    for one, other in combinations(drawn, 2):
        distance = math.hypot(one.x - other.x, one.y - other.y)
        assert distance > 0.9 * (one.radius + other.radius)
    for one in drawn:
        assert one.radius - 1 <= one.x <= width - one.radius + 1
        assert one.radius - 1 <= one.y <= 500 - one.radius + 1


def test_topics_in_one_place_part() -> None:
    topics = [Topic(str(at), (), 10, 0.1, 0, 0) for at in range(8)]
    places = {(round(one.x), round(one.y)) for one in topic_map(topics, WIDE, 500).bubbles}
    assert len(places) == 8


def test_intervals_lie_on_their_axis() -> None:
    for number in coverage_facts().numbers:
        drawn = charts.whisker(number)
        places = [float(one.rstrip("%")) for one in (drawn.low, drawn.value, drawn.high)]
        assert 0 <= places[0] <= places[1] <= places[2] <= 100
        assert float(drawn.end) >= number.high
    assert charts.whisker(Number("distinct-1", 0.3, 0.2, 0.4, 9, 9, "")).end == "1"
    assert charts.whisker(Number("Vendi score", 61.0, 57.0, 66.0, 9, 9, "")).end == "100"


def test_lengths_show_the_budget_and_no_empty_beginning() -> None:
    lengths = Lengths("row", (0, 16, 32, 64, 128), (0, 0, 5, 2), 40, 90, 120, 60, 2)
    drawn = charts.lengths_chart(lengths)
    assert [label for label, _, _ in drawn.table] == ["32–63", "64–128"]
    assert [line.label for line in drawn.figures] == ["longest 120", "95% up to 90", "budget 60", "median 40"]
    assert drawn.figures[2].style == "budget"
    assert drawn.note == "2 rows are longer than 60 tokens"
    beyond = charts.lengths_chart(replace(lengths, budget=900, over=0))
    assert beyond.figures[0].label == "budget 900 →"
    assert charts.lengths_chart(Lengths("row", (0, 16), (0,), 0, 0, 0)).rects


def test_the_curve_of_lorenz_hangs_below_the_diagonal() -> None:
    drawn = charts.lorenz(Openings((1, 1, 2, 6), 4, 10, 0.5))
    shares = [share for _, share in drawn.table]
    assert shares[-1] == pytest.approx(1)
    assert all(low <= high for low, high in pairwise(shares))
    assert all(share <= tenth / 10 + 1e-9 for tenth, share in enumerate(shares, 1))
    assert drawn.said == "The most frequent tenth of 4 openings begins 24% of 10 rows."
    even = charts.lorenz(Openings((3, 3), 2, 6, 0.0))
    assert [share for _, share in even.table] == pytest.approx([tenth / 10 for tenth in range(1, 11)])


def test_drift_beyond_the_axis_says_so() -> None:
    earlier = coverage_facts().earlier
    assert earlier is not None
    drawn = [charts.moved(one) for one in earlier.drift]
    assert [one.is_cut for one in drawn] == [False, False, True, False]
    assert drawn[0].width == "62%"
    assert "0.700 →" in PAGE
