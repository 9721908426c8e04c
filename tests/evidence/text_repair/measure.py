"""How often repairs of characters are right: every edit on public rows, read, and garbled texts turned back.

    CURATE_TEST_DATA=FOLDER python -m tests.evidence.text_repair.measure

Verdicts are kept without the rows' texts: a hash of an edit and 20 characters on each side of it.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import ftfy

from curate.engines.staging import editable
from curate.fixing.text_repair import TextRepair
from curate.formats.parse import parse_chunk
from curate.formats.read import open_source
from curate.formats.sources import discover
from curate.text import mojibake
from curate.text.codepages import restored
from curate.text.wilson import wilson

if TYPE_CHECKING:
    from collections.abc import Iterator

FOLDER = Path(__file__).parent
VERDICTS = FOLDER / "verdicts.jsonl"
DECLARATION = FOLDER.parent / "language_udhr.jsonl"
PAGES = (
    *("cp1252", "latin-1", "cp1250", "cp1251", "cp1253", "cp1254", "cp1257", "iso8859-2", "iso8859-5"),
    *("macroman", "cp437", "cp850", "cp866", "koi8-r", "sloppy-windows-1252"),
)
"""Pages in which the Declaration is misread; four of them the repair does not know."""

_SIDE = 20
_RUN = re.compile("[^\x00-\x7f]+")


class Edit(NamedTuple):
    """An edit on a public row, and the text around it."""

    check: str
    file: str
    before: str
    after: str
    left: str
    right: str

    @property
    def hash(self) -> str:
        """What identifies the edit without its text."""
        told = f"{self.check}\0{self.left}\0{self.before}\0{self.after}\0{self.right}"
        return hashlib.blake2b(told.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()


def edits(folder: Path) -> Iterator[Edit]:
    """Every edit that is made by itself on the files of a folder."""
    editor = TextRepair()
    for source in discover([str(folder)]).sources:
        for chunk in open_source(source, 0).chunks():
            texts = editable(parse_chunk(chunk).batch)
            offers = editor.offers(texts).offers.join(texts.select("row", "at", "text"), on=["row", "at"])
            for one in offers.filter(offers["safety"] == "auto").iter_rows(named=True):
                text, start, end = one["text"], one["start"], one["end"]
                left, right = text[max(0, start - _SIDE) : start], text[end : end + _SIDE]
                yield Edit(one["check"], Path(source.name).name, text[start:end], one["after"], left, right)


def verdicts() -> dict[str, str]:
    """``right``, ``wrong`` or ``unclear`` for each edit that was read, by its hash."""
    lines = map(json.loads, VERDICTS.read_text("utf-8").splitlines())
    return {line["hash"]: line["verdict"] for line in lines}


class Judged(NamedTuple):
    """How the edits of a check were judged: distinct ones, and with their repetitions."""

    check: str
    right: int
    read: int
    all: int

    @property
    def lower(self) -> float:
        """The lower bound of the share that is right (Wilson, 95 %)."""
        return wilson(self.right, self.read).low


def judged(folder: Path) -> list[Judged]:
    """The edits of today on public data, by check; one without a verdict is none that was read."""
    known = verdicts()
    counts: Counter[str] = Counter()
    distinct: dict[str, set[str]] = {}
    for edit in edits(folder):
        counts[edit.check] += 1
        distinct.setdefault(edit.check, set()).add(edit.hash)
    return [
        Judged(check, sum(known.get(one) == "right" for one in hashes), len(hashes), counts[check])
        for check, hashes in sorted(distinct.items())
    ]


class Garbled(NamedTuple):
    """What became of the runs of texts that were misread on purpose, by whether the repair is certain."""

    sure: int
    sure_wrong: int
    unsure: int
    unsure_wrong: int
    clean: int
    clean_changed: int


def garbled() -> Garbled:
    """The Universal Declaration of Human Rights in many languages, as UTF-8 that was read in other pages."""
    assert ftfy.bad_codecs  # its pages are known to Python from here on
    counts: Counter[str] = Counter()
    for line in DECLARATION.read_text("utf-8").splitlines():
        text = json.loads(line)["text"]
        counts["clean"] += 1
        counts["clean changed"] += bool(restored(text))
        for page in PAGES:
            try:
                misread = text.encode().decode(page)
            except UnicodeError:
                continue
            truth = dict(_runs(misread, text))
            own = mojibake.repairs(misread)
            for one in restored(misread):
                if not any(mark.start < one.end and one.start < mark.end for mark in own):
                    word = "sure" if one.sure else "unsure"
                    counts[word] += 1
                    counts[f"{word} wrong"] += truth.get(one.start) != one.fix
    names = ("sure", "sure wrong", "unsure", "unsure wrong", "clean", "clean changed")
    return Garbled(*(counts[name] for name in names))


def _runs(misread: str, text: str) -> Iterator[tuple[int, str]]:
    """Where each misread run begins, and what it was."""
    found, meant = list(_RUN.finditer(misread)), _RUN.findall(text)
    if len(found) == len(meant):
        yield from ((hit.start(), was) for hit, was in zip(found, meant, strict=True))


def main() -> None:
    """Print all figures."""
    folder = os.environ.get("CURATE_TEST_DATA")
    for one in judged(Path(folder)) if folder else ():
        print(f"{one.check}: {one.right} of {one.read} right (from {one.lower:.3f}), {one.all} in all")  # noqa: T201
    print(garbled())  # noqa: T201


if __name__ == "__main__":
    main()
