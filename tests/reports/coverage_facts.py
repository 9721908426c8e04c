"""A made-up coverage report that has everything a page can show."""

from __future__ import annotations

from dataclasses import replace

from curate.core.coverage_report import (
    Cell,
    CoverageReport,
    CrossTable,
    Drift,
    Earlier,
    Facet,
    Lengths,
    Number,
    Openings,
    Sample,
    Shift,
    Topic,
    Value,
    VerbObject,
    Work,
    WorkList,
)
from curate.core.report import Excerpt, Place

CLAUSES = (
    "termination",
    "confidentiality",
    "limitation of liability",
    "indemnity",
    "governing law",
    "assignment",
)
LANGUAGES = ("en", "de", "fr", "zh")
ROWS = (
    (412, 198, 64, 0),
    (388, 240, 12, 3),
    (260, 0, 0, 0),
    (1, 41, 55, 7),
    (520, 310, 205, 90),
    (77, 9, 0, 2),
)
VERBS = (
    ("write", ("story", "poem", "email", "function", "summary", "letter"), 900),
    ("explain", ("concept", "difference", "clause", "process"), 640),
    ("list", ("ways", "reasons", "examples", "steps", "ingredients"), 500),
    ("translate", ("sentence", "contract", "paragraph"), 330),
    ("summarise", ("judgment", "article"), 210),
    ("classify", ("email", "statement"), 150),
    ("draft", ("clause", "notice"), 90),
    ("名词解释", ("合同",), 60),
)
TERMS = (
    "contract breach damages",
    "patient dose treatment",
    "python function list",
    "translate sentence german",
    "recipe butter oven",
    "court judge appeal",
    "poem rhyme autumn",
    "合同 条款 法律",
    "email customer refund",
    "number sum equation",
    "history war empire",
    "planet star orbit",
)


def shown(number: int, prompt: str = "Draft a clause that ends the contract.") -> Sample:
    """A row with a prompt and an answer."""
    place = Place("legal.jsonl", number, number, "0123456789abcdef", "", None, (0, 1))
    return Sample(
        place, Excerpt(prompt), Excerpt("Either party may terminate this agreement …", cut_after=True)
    )


def cells() -> tuple[Cell, ...]:
    """Six clauses in four languages, with a minimum of 40 and a maximum of 400."""
    made = []
    total = sum(map(sum, ROWS))
    for clause, line in zip(CLAUSES, ROWS, strict=True):
        for language, rows in zip(LANGUAGES, line, strict=True):
            where = (("clause", clause), ("language", language))
            short, over = max(40 - rows, 0), max(rows - 400, 0)
            made.append(
                Cell(where, rows, rows / total, 40, 400, ("40", "400"), short, over, place="curate.toml:7")
            )
    return tuple(made)


def topics() -> tuple[Topic, ...]:
    """A dozen, of which each has fewer rows than the one before."""
    return tuple(
        Topic(
            terms,
            (*terms.split(), "further", "terms"),
            700 // (at + 1),
            0.2 / (at + 1),
            (at * 37) % 11,
            (at * 23) % 7,
            (shown(at + 1),),
        )
        for at, terms in enumerate(TERMS)
    )


def facets() -> tuple[Facet, ...]:
    """One with rows that have none, and one with several values a row."""
    languages = (("en", 1658), ("de", 798), ("fr", 336), ("zh", 102))
    clauses = [(name, sum(line)) for name, line in zip(CLAUSES, ROWS, strict=True)]
    shares = [
        tuple(Value(name, rows, rows / TOTAL) for name, rows in named) for named in (languages, clauses)
    ]
    return (
        Facet("language", "Language of the answer", shares[0], 4, without=3),
        Facet("clause", "Clause", shares[1], 9, others=12, is_multiple=True),
    )


def worklist(asked: tuple[Cell, ...]) -> WorkList:
    """What is missing of each cell."""
    lacking = sorted((one for one in asked if one.deficit), key=lambda one: -one.deficit)
    items = tuple(
        Work(one.where, one.deficit, (asked.index(one),), one.deficit / 40, (shown(3),) if one.rows else ())
        for one in lacking
    )
    missing = sum(one.rows for one in items)
    return WorkList(items, missing, missing, missing)


TOTAL = 2894
NUMBERS = (
    Number("distinct-2", 0.412, 0.401, 0.425, 1000, TOTAL, "Li et al. 2016", ("length", "language")),
    Number("Vendi score", 61.4, 57.2, 66.0, 1000, TOTAL, "Friedman & Dieng 2023", ()),
    Number("effective number of prompts", 1612.0, 1580.0, 1650.0, 2000, TOTAL, "Hill 1973", ("length",)),
    Number("share of near duplicates", 0.0, 0.0, 0.002, 1000, TOTAL, "Broder 1997", ()),
)
SHIFTS = (
    Shift("de", 0.41, 0.28, 900, 798, 0.05, ()),
    Shift("zh", 0.001, 0.035, 2, 102, 0.12, (shown(9, "合同是什么？"),)),
)
EARLIER = Earlier(
    ("release-1.jsonl",),
    2200,
    1800,
    (
        Drift("language", 0.31, 0.01, 0.22, "moved far", SHIFTS),
        Drift("clause", 0.12, 0.02, 0.1, "shifted", SHIFTS[:1]),
        Drift("answer_format", 0.7, 0.03, 0.4, "moved far", ()),
        Drift("target_length", 0.01, 0.02, 0.03, "stable", SHIFTS),
    ),
)
EDGES = (0, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096, 6120)
LENGTHS = (
    Lengths("prompt", EDGES, (40, 210, 640, 900, 600, 300, 130, 50, 20, 4), 92, 610, 6120, 4096, 4),
    Lengths("target", EDGES[:9], (900, 640, 400, 300, 250, 240, 120, 44), 33, 700, 1900, None, 0),
)
OPENINGS = Openings(
    tuple(1 + (at**3) // 40000 for at in range(200)),
    811,
    2890,
    0.67,
    (("what is the", 240), ("write a poem", 121), ("translate the following", 88)),
)


def coverage_facts(**changes: object) -> CoverageReport:
    """The report; ``changes`` replace fields."""
    asked = cells()
    places = tuple(tuple(line * 4 + column for column in range(4)) for line in range(6))
    made = CoverageReport(
        files=("legal.jsonl", "more/contracts.jsonl"),
        rows=TOTAL,
        unreadable=2,
        facets=facets(),
        cells=asked,
        work=worklist(asked),
        unplaced=211,
        unplaced_examples=(shown(17),),
        tables=(CrossTable("clause by language", "clause", "language", CLAUSES, LANGUAGES, ROWS, places),),
        earlier=EARLIER,
        numbers=NUMBERS,
        topics=topics(),
        verbs=tuple(
            VerbObject(verb, noun, rows // (at + 1))
            for verb, nouns, rows in VERBS
            for at, noun in enumerate(nouns)
        ),
        lengths=LENGTHS,
        openings=OPENINGS,
        plan="curate.toml",
        status="fail",
        reasons=tuple(f"{one.name}: {one.deficit:,} short of 40" for one in asked if one.deficit),
        notes=("Tokens are estimated.",),
    )
    return replace(made, **changes)  # type: ignore[arg-type]
