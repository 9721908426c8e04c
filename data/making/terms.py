"""Corpora for the glossaries: forms that are to be replaced, and forms that only look so, each told in the truth."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from making.dice import Dice
from making.plant import dump

if TYPE_CHECKING:
    from collections.abc import Iterator

FOLDER = Path(__file__).parent.parent

ROWS = {"legal": 320, "medical": 420}
"""Rows of each corpus."""

MASS = ("ing", "ness", "loss", "care", "relief", "sight", "ache", "pain", "ears", "skin")
"""Endings of nouns that are not counted: no plural of them is planted, and no article."""

YOU = ("uterus", "uremia", "uraemia")
"""Words with a vowel letter first that take *a*."""

SLOT = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True)
class Pair:
    """A variant and what becomes of it."""

    variant: str
    preferred: str
    plural: str
    unless: str
    has_plural: bool


def make(name: str) -> tuple[bytes, list[dict[str, Any]]]:
    """The corpus and the truth of a glossary."""
    texts = tomllib.loads((FOLDER / "sample_text" / "terms.toml").read_text("utf-8"))
    dice = Dice(f"terms/{name}")
    pairs = _pairs(name)
    rows, truth = [], []
    queue: list[Pair] = []
    for line in range(1, ROWS[name] + 1):
        queue = queue if len(queue) > 3 else queue + dice.child(f"queue{line}").shuffled(pairs)  # noqa: PLR2004
        row = _Row(texts, name, line, dice.child(line))
        row.plant(queue.pop(0))
        if line % 3:
            row.plant(queue.pop(0))
        if line % 2:
            row.trap(queue.pop(0))
        else:
            row.keep(queue.pop(0))
        rows.append(dump({"prompt": row.prompt, "completion": row.text}))
        truth += [{"line": line, "at": "/completion", **entry} for entry in row.truth]
    return b"\n".join(rows) + b"\n", truth


def _pairs(name: str) -> list[Pair]:
    glossary = yaml.safe_load((FOLDER / "glossaries" / f"{name}.yaml").read_text("utf-8"))
    return [
        Pair(
            variant,
            term["preferred"],
            term.get("plural", {}).get(term["preferred"], ""),
            next((phrase for phrase in term.get("unless", []) if variant in phrase), ""),
            term.get("inflection") != "none",
        )
        for term in glossary["terms"]
        for variant in term["variants"]
    ]


class _Row:
    """A row that grows sentence by sentence."""

    def __init__(self, texts: dict[str, Any], name: str, line: int, dice: Dice) -> None:
        self._texts, self._own, self._dice = texts, texts[name], dice
        self._number = str(1000 + 7 * line)
        self.prompt = dice.pick(self._own["prompts"]).replace("{n}", self._number)
        self.text = dice.pick(self._own["filler"])
        self.truth: list[dict[str, Any]] = []

    def plant(self, pair: Pair) -> None:
        """One form that is to be replaced."""
        shapes = {"plain": self._own["plain"], **self._texts["shapes"]}
        suited = [shape for shape in shapes if _is_suited(shape, pair)]
        weighted = suited + ["plain"] * 4
        shape = self._dice.pick(weighted)
        sentence = self._dice.pick(shapes[shape])
        slot = SLOT.search(sentence)
        assert slot is not None  # noqa: S101 (every sentence has one)
        found, after = dict(_forms(pair))[slot[1]]
        self._say(sentence, slot, found, {"check": "terms.variant", "after": after, "note": shape})

    def trap(self, pair: Pair) -> None:
        """One form that must stay."""
        kinds = [
            kind for kind in self._texts["traps"] if kind != "inside" or re.fullmatch("[a-z]+", pair.variant)
        ]
        kind = self._dice.pick([*kinds, *(["unless"] * 6 if pair.unless else [])])
        if kind == "copied":
            self.prompt = self._own["about"].replace("{n}", self._number).replace("{x}", pair.variant)
        sentence = (
            f"We follow the {pair.unless}."
            if kind == "unless"
            else self._dice.pick(self._texts["traps"][kind])
        )
        slot = SLOT.search(sentence) or re.search(re.escape(pair.variant), sentence)
        assert slot is not None  # noqa: S101 (the same)
        words = re.findall("[a-z]+", pair.variant)
        written = {
            "x": pair.variant,
            "Title": pair.variant.title(),
            "slug": "-".join(words),
            "snake": "_".join(words),
            "glue": "".join(words),
        }
        found = written[slot[1]] if slot.re is SLOT else pair.variant
        self._say(sentence, slot, found, {"check": "none", "after": None, "note": kind})

    def keep(self, pair: Pair) -> None:
        """One preferred form, as it should be."""
        sentence = self._dice.pick(self._own["plain"])
        slot = SLOT.search(sentence)
        assert slot is not None  # noqa: S101 (every sentence has one)
        self._say(sentence, slot, pair.preferred, {"check": "none", "after": None, "note": "preferred"})

    def _say(self, sentence: str, slot: re.Match[str], found: str, entry: dict[str, Any]) -> None:
        self.text += "\n" if "\n" in sentence else " "
        start = len(self.text) + slot.start()
        self.text += sentence[: slot.start()] + found + sentence[slot.end() :]
        self.text += ("\n" if "\n" in sentence else " ") + self._dice.pick(self._own["filler"])
        self.truth.append({"start": start, "span": found, **entry})


def _is_suited(shape: str, pair: Pair) -> bool:
    """Whether a form of that shape is regular: plurals of mass nouns and irregular ones are not planted."""
    if shape not in ("article", "plural", "possessive"):
        return True
    is_counted = pair.has_plural and not any(form.endswith(MASS) for form in (pair.variant, pair.preferred))
    is_regular = all(
        re.search("[^sxyh]$", form) and " of " not in form for form in (pair.variant, pair.preferred)
    )
    return is_counted and (shape == "article" or is_regular) and " in " not in pair.variant


def _forms(pair: Pair) -> Iterator[tuple[str, tuple[str, str]]]:
    """By slot, what stands there and what is to stand there."""
    old, new = pair.variant, pair.preferred
    yield "x", (old, new)
    yield "X", (old[0].upper() + old[1:], new[0].upper() + new[1:])
    yield "xs", (old + "s", pair.plural or new + "s")
    # The edit reaches over the article only where it changes; the truth has it always.
    yield "an", (f"{_article(old)} {old}", f"{_article(new)} {new}")


def _article(word: str) -> str:
    return "an" if word[0] in "aeiou" and not word.startswith(YOU) else "a"
