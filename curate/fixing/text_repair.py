"""Repairs of characters that no check offers: what a reader sees as it is meant, and a tokenizer does not.

Each class of edit is made by itself only where reading it on real data found it right (``tests/evidence/
text_repair``); the others are suggested. Nothing here depends on the meaning of a sentence, so the meaning lock does
not hold; instead no digit changes outside a reference, nothing changes in code, markup and addresses, and no word of
an answer that stands in its prompt as it is there.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, ClassVar, NamedTuple

import polars as pl

from curate.core.errors import ConfigError
from curate.fixing.editor import Editor, Offered, Safety
from curate.fixing.seen import Line, as_batch, offered
from curate.text import codepages, mojibake, typography
from curate.text.entities import LOST, REFERENCE, references, speaks_of_markup
from curate.text.unescape import unescaped

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from curate.text.marks import Mark

FORMS = ("off", "nfc", "nfkc-safe")
SPACES = ("off", "stray", "all")

SAID = {
    "text.entity": "a character reference of HTML stands in prose",
    "text.nbsp": "a no-break space stands where a space belongs",
    "text.line-separator": "a line separator of Unicode stands for a line break",
    "text.normal-form": "a letter is written in pieces, or as a sign that looks like it",
    "text.mojibake": "characters are garbled: UTF-8 was read in another encoding",
    "text.escape": "an escape sequence stands instead of what it means",
}


class Repair(NamedTuple):
    """An edit before it is offered."""

    start: int
    end: int
    after: str
    check: str
    safety: Safety = Safety.AUTO
    engine: str = ""


@dataclass(frozen=True)
class TextRepair(Editor):
    """Offers repairs of single characters.

    Attributes:
        unicode: normal form: ``off``; ``nfc`` of Latin letters; ``nfkc-safe``, which also takes ligatures and
            full-width signs apart, never digits, superscripts and fractions.
        spaces: no-break spaces: ``off``; ``stray`` between words; ``all`` but those of French punctuation.
    """

    kind: ClassVar[str] = "text"
    parts: ClassVar[tuple[str, ...]] = ("prompt", "context", "target", "rejected")
    locked: ClassVar[bool] = False
    by_text: ClassVar[bool] = False

    unicode: str = "nfc"
    spaces: str = "stray"

    def __post_init__(self) -> None:
        """Hold the options.

        Raises:
            ConfigError: one of them has no such value.
        """
        for name, value, known in (("unicode", self.unicode, FORMS), ("spaces", self.spaces, SPACES)):
            if value not in known:
                raise ConfigError(f"there is no {name} '{value}'", hint="one of: " + ", ".join(known))

    def identity(self) -> str:
        """Options, and the version of the package whose judgement counts."""
        return f"{self!r} ftfy={_ftfy()}"

    def offers(self, texts: pl.DataFrame) -> Offered:
        """One offer for each run of characters."""
        texts = texts.unique(["row", "at"], keep="first", maintain_order=True)
        suspects = texts.filter(self._suspect()).select("row").unique()
        if suspects.is_empty():
            return Offered()
        rows = texts.join(suspects, on="row", how="semi", maintain_order="left")
        return offered(
            [
                Line(number, at, *repair[:4], SAID[repair.check], repair.safety.value, repair.engine)
                for row in rows.partition_by("row", maintain_order=True)
                for number, at, repair in self._of_row(row)
            ]
        )

    def _suspect(self) -> pl.Expr:
        """Whether a closer look is worth while."""
        signs = f"{REFERENCE}|{LOST}|{typography.BLANK}|{typography.SEPARATOR}|{typography.IN_PIECES}"
        text = pl.col("text")
        beyond = text.str.len_bytes() != text.str.len_chars()
        garbled = beyond & text.str.contains("[\u0080-\u058f\u2010-\u25ff][\u0080-\u058f\u2010-\u25ff]")
        escaped = (pl.col("part") == "target") & text.str.contains("\\", literal=True)
        return garbled | escaped | text.str.contains(f"{signs}|{typography.COMPATIBLE}")

    def _of_row(self, row: pl.DataFrame) -> Iterator[tuple[int, str, Repair]]:
        """The repairs of a row's texts, those of prompts first, because answers are held against them."""
        asked_of = "\n\n".join(row["given"].unique(maintain_order=True))
        about = speaks_of_markup(asked_of)
        garbled = not mojibake.speaks_of_encoding(asked_of)
        escaped = set(_escaped(row))
        standing = row["given"][0]
        asked = row["part"].is_in(["prompt", "context"])
        for part in (row.filter(asked), row.filter(~asked)):
            for number, at, text in part.select("row", "at", "text").iter_rows():
                repairs = _outside_code(
                    text, self._repairs(text, about=about, escaped=at in escaped, garbled=garbled)
                )
                if part["part"][0] in ("prompt", "context"):
                    standing = standing.replace(text, _applied(text, repairs)) if text else standing
                else:
                    repairs = [one for one in repairs if not _is_copied(text, one, standing)]
                yield from ((number, at, one) for one in repairs)

    def _repairs(self, text: str, *, about: bool, escaped: bool, garbled: bool) -> Iterator[Repair]:
        if not about:
            for one in references(text):
                safety = Safety.AUTO if one.sure else Safety.SUGGEST
                yield Repair(one.start, one.end, one.char, "text.entity", safety)
        if escaped:
            yield from _named("text.escape", unescaped(text), Safety.SUGGEST)
        if text.isascii():
            return
        if self.spaces != "off":
            find = typography.all_blanks if self.spaces == "all" else typography.stray_blanks
            yield from _named("text.nbsp", find(text))
        yield from _named("text.line-separator", typography.separators(text))
        forms: list[Callable[[str], Iterable[Mark]]] = [typography.composed, typography.compatible]
        for form in forms[: FORMS.index(self.unicode)]:
            yield from _named("text.normal-form", form(text))
        if garbled and not mojibake.speaks_of_encoding(text):
            yield from _garbled(text)


def _named(check: str, marks: Iterable[Mark], safety: Safety = Safety.AUTO) -> Iterator[Repair]:
    return (Repair(one.start, one.end, one.fix, check, safety) for one in marks if one.fix is not None)


@lru_cache(maxsize=1)
def _ftfy() -> str:
    """The version of ftfy, which judges what is garbled."""
    from importlib.metadata import version  # noqa: PLC0415 (few texts need it)

    return version("ftfy")


def _garbled(text: str) -> Iterator[Repair]:
    """What ftfy turns back and the check of that name does not offer already."""
    own = mojibake.repairs(text)
    for one in codepages.restored(text):
        if not any(mark.start < one.end and one.start < mark.end for mark in own):
            safety = Safety.AUTO if one.sure else Safety.SUGGEST
            yield Repair(one.start, one.end, one.fix, "text.mojibake", safety, f"ftfy {_ftfy()}")


def _escaped(row: pl.DataFrame) -> list[str]:
    """The answers that the check of escaped answers flags."""
    if not row.filter(pl.col("part") == "target")["text"].str.contains("\\", literal=True).any():
        return []
    from curate.checks.answer.escaped import Escaped  # noqa: PLC0415 (few texts need it)

    found: list[str] = Escaped().examine(as_batch(row))["at"].to_list()
    return found


def _outside_code(text: str, repairs: Iterable[Repair]) -> list[Repair]:
    """Sorted, without overlaps, and none in a place where characters are meant as they stand.

    Where a reference stands in code or in an address, those beside it may be meant, too: they are only suggested.
    """
    found = sorted(repairs)
    if not found:
        return []
    from curate.protect import AS_WRITTEN, protected_spans  # noqa: PLC0415 (few texts need it)

    taken = [(one.start, one.end) for one in protected_spans(text) if one.kind in AS_WRITTEN]
    free = [one for one in found if _is_free(one, taken)]
    doubtful = any(one.check == "text.entity" for one in found if one not in free)
    chosen: list[Repair] = []
    for one in free:
        if not chosen or one.start >= chosen[-1].end:
            is_doubtful = doubtful and one.check == "text.entity"
            chosen.append(one._replace(safety=Safety.SUGGEST) if is_doubtful else one)
    return chosen


def _is_free(repair: Repair, taken: Sequence[tuple[int, int]]) -> bool:
    """Whether it stands outside the guarded places; a text that was escaped twice looks like paths."""
    if repair.check == "text.escape":
        return True
    return not any(start < repair.end and repair.start < end for start, end in taken)


def _applied(text: str, repairs: Sequence[Repair]) -> str:
    pieces, at = [], 0
    for one in repairs:
        if one.safety is Safety.AUTO:
            pieces += [text[at : one.start], one.after]
            at = one.end
    return "".join([*pieces, text[at:]])


_SPACE = re.compile(r"\s")


def _is_copied(text: str, repair: Repair, standing: str) -> bool:
    """Whether the word around a repair stands in the repaired prompt as it is here."""
    start, end = repair.start, repair.end
    while start and not _SPACE.match(text[start - 1]):
        start -= 1
    while end < len(text) and not _SPACE.match(text[end]):
        end += 1
    return text[start:end] in standing
