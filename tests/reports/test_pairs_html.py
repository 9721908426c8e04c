"""The page of ``curate dedup``: hostile rows, the security policy, what is told without colour, and where it goes."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from html.parser import HTMLParser
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from curate.cli.main import main
from curate.core.pairs import Group, Member, Piece, Removals, Section, Side
from curate.core.report import Place, RowAccount
from curate.reports.pairs_html import render_pairs_html, said, similar
from curate.reports.pairs_json import render_pairs_json

if TYPE_CHECKING:
    from pathlib import Path

ASK = "Explain in plain English what escrow means to the buyer of a house, and write to jo.doe@corp.example for more."
ANSWER = "A third party holds the money until both sides have done their part."
HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "</style><script>1</script>",
    "\u202eevil\u2066",
    "nul \x00 esc \x1b[31m",
    "{{ 7 * 7 }}",
    "e" + "\u0301" * 300,
]


class Page(HTMLParser):
    """The elements and the text of a page; every tag must be closed in order."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.text = ""
        self.stack: list[str] = []
        self.feed(page)
        self.close()
        assert not self.stack

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in {"meta", "path"}:
            self.stack.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.stack.pop() == tag

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))

    def handle_data(self, data: str) -> None:
        if "style" not in self.stack:
            self.text += data

    def names(self) -> set[str]:
        return {tag for tag, _ in self.elements}


def removals(text: str = "so", *, shows_text: bool = True, masked: bool = True) -> Removals:
    def side(line: int, *sections: Section) -> Side:
        return Side(Place(text + ".jsonl", line, line, "00ff"), text if shows_text else "", sections)

    pieces = (Piece("pay "), Piece(text, is_changed=True), Piece("", skipped=1234))
    sections = (Section("user", pieces), Section(text, pieces)) if shows_text else ()
    near = Member(side(2, *sections), 1.0, (("case", text, text),), "asks and answers the same as " + text)
    copy = Member(side(3), 1.0, (), "is a copy", is_exact=True)
    variant = Member(side(5, *sections), 0.999, (("number", text, text), ("number", text, "")))
    return Removals(
        version="1",
        rows=RowAccount(9, 6, 2, 1, 0),
        checks=(("duplicate.exact", 1), ("duplicate.near", 1), (text, 1)),
        variants=2,
        conflicts=1,
        guard=True,
        threshold=0.8,
        ngram=3,
        inputs=(text,),
        outputs=(text,),
        ledger=text,
        near_groups=7,
        copy_groups=1,
        known_rows=1,
        groups=(
            Group("removed", side(1, *sections), (near, copy), more=3, same_turns=2),
            Group("copies", side(6), (copy,)),
        ),
        known=(Group("known", Side(Place(text, None, 4, "")), (near,)),),
        alike=(Group("variant", side(4, *sections), (variant,)),),
        masked=masked,
        shows_text=shows_text,
    )


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_makes_no_element_and_turns_nothing_around(text: str) -> None:
    page, plain = (Page(render_pairs_html(removals(one))) for one in (text, "so"))
    assert page.names() <= plain.names() | {"span"}
    assert not page.names() & {"script", "img", "iframe", "object", "form", "svg:script"}
    assert not [
        name for _, attrs in page.elements for name in attrs if name.startswith("on") or name == "style"
    ]
    assert not re.search("[\x00-\x08\x0b-\x1f\u202a-\u202e\u2066-\u2069]", render_pairs_html(removals(text)))
    assert "49" not in page.text


def test_it_loads_nothing_and_its_style_is_the_one_allowed() -> None:
    html = render_pairs_html(removals())
    (style,) = re.findall("<style>(.*?)</style>", html, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    page = Page(html)
    (policy,) = [a["content"] for _, a in page.elements if a.get("http-equiv") == "Content-Security-Policy"]
    assert policy == f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    assert all(attrs["href"].startswith("#") for _, attrs in page.elements if "href" in attrs)
    assert not [attrs for _, attrs in page.elements if "src" in attrs]
    assert "url(" not in style
    assert "@import" not in style


def test_links_lead_somewhere_and_parts_are_named_once() -> None:
    page = Page(render_pairs_html(removals()))
    ids = [attrs["id"] for _, attrs in page.elements if "id" in attrs]
    assert len(ids) == len(set(ids))
    wanted = {attrs["href"][1:] for _, attrs in page.elements if "href" in attrs}
    wanted |= {attrs["aria-labelledby"] for _, attrs in page.elements if "aria-labelledby" in attrs}
    assert wanted <= set(ids)
    levels = [int(tag[1]) for tag, _ in page.elements if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_differences_are_told_without_colour() -> None:
    pieces = (
        Piece("pay "),
        Piece("5", is_changed=True),
        Piece("  \n", is_changed=True),
        Piece("", skipped=1),
    )
    assert re.sub("<[^>]+>", "", said(pieces, goes=True)) == "pay [-5-][-␣␣⏎-] … 1 character … "
    assert re.sub("<[^>]+>", "", said(pieces, goes=False)) == "pay {+5+}{+␣␣⏎+} … 1 character … "
    assert "<del " in said(pieces, goes=True)
    assert "<ins " in said(pieces, goes=False)
    assert said((), goes=True) == "<i>empty</i>"


def test_what_is_shown_and_what_is_not_is_said() -> None:
    text = " ".join(Page(render_pairs_html(removals())).text.split())
    for told in (
        "9 in = 6 kept + 2 dropped + 1 quarantined",
        "1 of 7 groups, spread over the data",
        "5 rows removed for so.jsonl:1",
        "And 3 more rows, which the ledger names.",
        "2 turns that are the same in all of them are left out.",
        "It asks and answers the same as so.",
        "similarity 0.99 · number (2 times)",
        "Both stay: they share most of their words",
        "Removed so.jsonl:2 Known so, row 4",
        "Secrets and personal data that curate recognises are masked.",
    ):
        assert told in text


def test_what_is_not_quite_the_same_never_reads_as_one() -> None:
    side = Side(Place("a", 1, 1, ""))
    assert [similar(Member(side, value, ())) for value in (1.0, 0.9999, 0.5)] == [
        "similarity 1.00",
        "similarity 0.99",
        "similarity 0.50",
    ]


def test_without_masks_or_text_the_page_says_so() -> None:
    assert "not masked" in Page(render_pairs_html(removals(masked=False))).text
    page = Page(render_pairs_html(removals(shows_text=False)))
    assert "No text of any row is shown." in page.text
    assert not page.names() & {"ins", "del"}


def test_the_same_facts_give_the_same_bytes() -> None:
    assert render_pairs_html(removals()) == render_pairs_html(removals())
    assert render_pairs_json(removals()) == render_pairs_json(removals())


@pytest.mark.parametrize("text", HOSTILE)
def test_json_is_ascii_and_holds_what_it_was_given(text: str) -> None:
    told = render_pairs_json(removals(text))
    assert told.isascii()
    assert not re.search("[\x00-\x09\x0b-\x1f]", told)
    assert json.loads(told)["groups"][0]["removed"][0]["differences"] == [
        {"kind": "case", "here": text, "there": text}
    ]
    assert "differences" not in render_pairs_json(removals(text, shows_text=False))


@pytest.fixture
def data(tmp_path: Path) -> Path:
    asks = [ASK, ASK, "Please " + ASK, ASK.replace("buyer", "seller"), "What is rent? <script>\u202e"]
    path = tmp_path / "data.jsonl"
    path.write_text(
        "".join(json.dumps({"instruction": ask, "output": ANSWER}) + "\n" for ask in asks), "utf-8"
    )
    return path


def run(*arguments: object) -> int:
    with pytest.raises(SystemExit) as ended:
        main([str(one) for one in ("dedup", *arguments, "-q", "--threshold", "0.6")])
    return int(ended.value.code or 0)


def test_the_command_writes_the_page(data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    page = tmp_path / "new" / "page.html"
    assert run(data, "-o", tmp_path / "o.jsonl", "--html", page) == 0
    assert f"The page: {page}" in capsys.readouterr().out
    read = Page(page.read_text("utf-8"))
    assert "5 in = 3 kept + 2 dropped + 0 quarantined" in read.text
    assert "{+buyer+}" in read.text
    assert "{+seller+}" in read.text
    assert "[-Please -]" in read.text
    assert "jo.doe@corp.example" not in read.text
    assert sorted(path.name for path in page.parent.iterdir()) == ["page.html"]


def test_no_text_shows_none_anywhere(data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    page = tmp_path / "page.html"
    run(data, "-o", tmp_path / "o.jsonl", "--html", page, "--no-text", "--json")
    for told in (page.read_text("utf-8"), capsys.readouterr().out):
        assert "escrow" not in told
        assert "seller" not in told
        assert "data.jsonl" in told


def test_json_is_all_that_is_printed(data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(data, "-o", tmp_path / "o.jsonl", "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert told["schema"] == "curate.dedup/1"
    assert told["rows"] == {"in": 5, "kept": 3, "dropped": 2, "quarantined": 0}
    assert told["dropped"] == {"duplicate.exact": 1, "duplicate.near": 1}
    (group,) = told["groups"]
    assert group["kept"]["line"] == 1
    assert [(one["line"], one["is_exact"], one["kinds"]) for one in group["removed"]] == [
        (3, False, ["courtesy"]),
        (2, True, []),
    ]
    assert told["alike"][0]["kind"] == "variant"
    assert told["ledger"] == str(tmp_path / "o.jsonl.ledger.jsonl")


@pytest.mark.parametrize(
    "name", ["data.jsonl", "o.jsonl", "o.jsonl.ledger.jsonl", "there.html", ".", "/dev/null"]
)
def test_the_page_takes_no_other_files_place(
    data: Path, tmp_path: Path, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "there.html").write_text("mine", "utf-8")
    before = data.read_bytes()
    assert run(data, "-o", tmp_path / "o.jsonl", "--html", tmp_path / name) == 2
    assert "Traceback" not in capsys.readouterr().err
    assert not (tmp_path / "o.jsonl").exists()
    assert (data.read_bytes(), (tmp_path / "there.html").read_text("utf-8")) == (before, "mine")


def test_an_input_of_a_folder_is_not_overwritten(data: Path, tmp_path: Path) -> None:
    before = data.read_bytes()
    assert run(tmp_path / "*.jsonl", "-o", tmp_path / "out" / "o.jsonl", "--html", data, "--force") == 2
    assert data.read_bytes() == before
    assert not (tmp_path / "out").exists()
