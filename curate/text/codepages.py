"""UTF-8 that was read in one of many code pages, turned back where only one page can have done it.

:mod:`curate.text.mojibake` knows Windows-1252 and Latin-1 by rules of our own. For other code pages ftfy (R. Speer,
2019) judges whether a line is garbled. Of its repairs only those are taken that encode the line in one page and decode
it as UTF-8, nothing else, and that give back the line when they are undone. That alone proves nothing: "zustĆ¤ndig" is
"zuständig" read as Windows-1257 or another word read as Windows-1250. So a repair is certain only where all pages
that can hold the run say the same; that another run of the line is certain does not help.
"""

from __future__ import annotations

import re
from typing import NamedTuple

_RUN = re.compile("[^\x00-\x7f]+")
_SHORTEST = 2
_PAGES = (
    *("sloppy-windows-1252", "latin-1", "sloppy-windows-1250", "sloppy-windows-1251", "sloppy-windows-1253"),
    *("sloppy-windows-1254", "sloppy-windows-1257", "iso8859-2", "macroman", "cp437", "cp850"),
)
"""Pages in which files were read by mistake; ftfy's names, whose sloppy ones leave no byte without a character."""


class Restored(NamedTuple):
    """A garbled run, what it was, and whether no page gives anything else."""

    start: int
    end: int
    fix: str
    sure: bool


def restored(text: str) -> list[Restored]:
    """The garbled runs of a text beyond ASCII, in order."""
    from ftfy.badness import is_bad  # noqa: PLC0415 (few texts need it)

    found, at = [], 0
    for line in text.split("\n"):
        if not line.isascii() and is_bad(line):
            found += [run._replace(start=at + run.start, end=at + run.end) for run in _of_line(line)]
        at += len(line) + 1
    return found


def _of_line(line: str) -> list[Restored]:
    """ASCII stands for itself in all these encodings, so that the runs between it pair off in order."""
    fixed = _lossless(line)
    if fixed is None or _RUN.split(line) != _RUN.split(fixed):
        return []
    return [
        Restored(*hit.span(), now, sure=_readings(hit[0]) == {now})
        for hit, now in zip(_RUN.finditer(line), _RUN.findall(fixed), strict=True)
        if hit[0] != now and len(hit[0]) >= _SHORTEST
    ]


def _lossless(line: str) -> str | None:
    """The line before it was garbled, if going there and back again gives the line."""
    import ftfy  # noqa: PLC0415 (few texts need it)

    fixed, steps = ftfy.fix_encoding_and_explain(line)
    done = [(step.action, step.parameter) for step in steps or ()]
    pages = [parameter for action, parameter in done if action == "encode"]
    if not done or done != [step for page in pages for step in (("encode", page), ("decode", "utf-8"))]:
        return None
    back = fixed
    for page in reversed(pages):
        try:
            back = back.encode().decode(page)
        except UnicodeError:
            return None
    return fixed if back == line else None


def _readings(run: str) -> set[str]:
    """What a run may have been, by every page that has its characters and whose bytes for them are UTF-8."""
    found = set()
    for page in _PAGES:
        try:
            found.add(run.encode(page).decode())
        except UnicodeError:
            continue
    return found
