"""Texts and glossaries made for measuring: words of the sample corpora, and what makes matching hard."""

from __future__ import annotations

import json
import random
import re
from collections import Counter
from itertools import pairwise
from pathlib import Path

from curate.terms.term import Term

DATA = Path(__file__).parents[2] / "data"
LENGTH = 600
HARD = (
    "İ",
    "ß",
    "e\u0301",
    "’s",
    "'s",
    "-",
    "‑",
    "_",
    "/",
    ".",
    "@",
    "\u200d",
    "🙂",
    "中文",
    "\xa0",
    "ǅ",
    "x",
)
"""What stands beside a form now and then."""


def words() -> list[str]:
    """The words of the contracts, in their order."""
    lines = (DATA / "contracts.jsonl").read_bytes().splitlines()
    rows = []
    for line in lines:
        try:
            rows.append(json.loads(line))
        except ValueError:
            continue
    said = " ".join(
        str(row.get("input", "")) + " " + str(row.get("output", "")) for row in rows if isinstance(row, dict)
    )
    return re.findall(r"[A-Za-z]{2,}", said)


def make_terms(count: int, seed: int = 6) -> list[Term]:
    """So many terms; the variants of half of them occur somewhere, the others are made of words that occur."""
    dice = random.Random(seed)  # noqa: S311 (a sample)
    known = [word.lower() for word in words()]
    often = Counter(known)
    pairs = Counter(pairwise(known))
    rare = sorted(word for word, n in often.items() if len(word) > 5 and n < 4)
    seldom = sorted(" ".join(pair) for pair, n in pairs.items() if n < 3 and min(map(len, pair)) > 4)
    strange = [f"{dice.choice(rare)} {dice.choice(rare)}" for _ in range(count)]
    pool = list(dict.fromkeys([*rare[: count // 4], *dice.sample(seldom, count // 3), *strange]))
    assert len(pool) >= count
    return [
        Term(
            preferred=f"zq{number} {form[:3]}q",
            variants=(form, form.replace(" ", "-")) if " " in form and dice.random() < 0.3 else (form,),
        )
        for number, form in enumerate(pool[:count])
    ]


def make_texts(count: int, seed: int = 7, terms: list[Term] | None = None) -> list[str]:
    """So many texts of ``LENGTH`` characters; with terms, forms of them are put in, with hard neighbours."""
    dice = random.Random(seed)  # noqa: S311 (a sample)
    said = " ".join(words())
    texts = []
    for _ in range(count):
        at = dice.randrange(len(said) - LENGTH)
        text = said[at : at + LENGTH]
        for _ in range(dice.randrange(5) if terms else 0):
            text = planted(text, dice, terms or [])
        texts.append(text)
    return texts


def planted(text: str, dice: random.Random, terms: list[Term]) -> str:
    term = dice.choice(terms)
    form = dice.choice((*term.variants, term.preferred))
    form = dice.choice(
        (form, form.upper(), form.capitalize(), form.title(), form + "s", form.replace("-", "‑"))
    )
    place = dice.randrange(len(text))
    sides = [dice.choice(HARD) if dice.random() < 0.3 else " " for _ in range(2)]
    return text[:place] + sides[0] + form + sides[1] + text[place:]
