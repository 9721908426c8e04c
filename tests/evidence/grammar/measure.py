"""Counts the table of trust anew: ``python -m tests.evidence.grammar.measure [harper] [languagetool]``.

Errors are injected into targets of public sets, and the engines' edits are held against them. The edits of the targets
as they are were read: ``read_edits.jsonl`` has each with its verdict. One that is not there is printed, for the file it
belongs to, and nothing is written before all are read. Needs ``CURATE_TEST_DATA``.
"""

from __future__ import annotations

import json
import os
import sys
from collections import Counter
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from curate.grammar.calibrating import (
    BOTH,
    Change,
    agreed_changes,
    all_changes,
    count,
    listed_changes,
    looked,
    shown,
)
from curate.grammar.harper import CONFIRMING, Harper
from curate.grammar.trust import ALONE, TABLE, Evidence, dump, load
from tests.evidence.grammar.corpora import clean, with_errors, words_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from contextlib import AbstractContextManager

    from curate.grammar.calibrating import Way
    from curate.grammar.engine import Engine, Masked, Verdict
    from curate.grammar.looking import Looked

READ = Path(__file__).with_name("read_edits.jsonl")
OF_SET, OF_SET_WHOLE = 2000, 110
"""Texts of each set that are given errors: for lists that Harper confirms in single sentences, and for whole texts."""

CLEAN_OF_SET = 250
"""Targets of each set that are looked at as they are with all rules of an engine; the lists with Harper see all."""

RIGHT, WRONG = "right", "wrong"

Unread = set[tuple[str, str]]
"""Lists, and edits in the words around them, that nobody has read."""


def verdicts(path: Path = READ) -> dict[tuple[str, str], str]:
    """What a reader said of each edit, by its list and the words around it."""
    lines = [json.loads(line) for line in path.read_text("utf-8").splitlines()] if path.exists() else []
    return {(line["guard"], line["edit"]): line["verdict"] for line in lines}


class Clean(NamedTuple):
    """Targets as they are, looked at, and their words."""

    texts: list[Looked]
    words: int


def clean_texts(data: Path, of_set: int | None = None) -> Clean:
    """The targets of all sets, or some of each, spread over it."""
    texts = [
        text
        for several in clean(data).values()
        for text in (several if of_set is None else several[:: max(len(several) // of_set, 1)])
    ]
    return Clean(looked(texts), sum(map(words_of, texts)))


def judged(
    lines: Sequence[Evidence],
    right_text: Clean,
    changes: Sequence[Sequence[Change]],
    unread: Unread,
) -> list[Evidence]:
    """The lines, with what a reader said of the changes of right text; what nobody has read is added to ``unread``."""
    said, kept, spoilt = verdicts(), Counter[tuple[str, str, str]](), Counter[tuple[str, str, str]]()
    for text, several in zip(right_text.texts, changes, strict=True):
        for change in several:
            key = change.guard, shown(text.masked.text, change).edit
            if key not in said:
                unread.add(key)
            counter = kept if said.get(key) == RIGHT else spoilt
            counter[change.engine, change.rule, change.guard] += 1
    by_key = {(line.engine, line.rule, line.guard): line for line in lines}
    for missing in {*kept, *spoilt} - by_key.keys():
        by_key[missing] = Evidence(*missing)
    return [
        replace(line, words=right_text.words, kept=kept[key], spoilt=spoilt[key])
        for key, line in by_key.items()
    ]


class Remembered:
    """An engine that is asked once for each text, however many ways of finding edits ask it."""

    def __init__(self, engine: Engine) -> None:
        """Nothing has been asked yet."""
        self.name = engine.name
        self._engine = engine
        self._said: dict[Masked, Verdict] = {}

    def version(self) -> str:
        """The engine's."""
        return self._engine.version()

    def checks(self, language: str) -> bool:
        """Whether the engine does."""
        return self._engine.checks(language)

    def opened(self) -> AbstractContextManager[Engine]:
        """The engine, which remembers nothing."""
        return self._engine.opened()

    def lint(self, texts: Sequence[Masked]) -> list[Verdict]:
        """What the engine says of each text."""
        new = [text for text in dict.fromkeys(texts) if text not in self._said]
        self._said.update(zip(new, self._engine.lint(new), strict=True))
        return [self._said[text] for text in texts]


def of_harper(data: Path, unread: Unread) -> list[Evidence]:
    """The lines of Harper: what lists propose, and its own first suggestions, which nobody has read."""
    with Harper(CONFIRMING).opened() as engine:
        listed = count(with_errors(data, OF_SET), partial(listed_changes, engine))
        right_text = clean_texts(data)
        read = judged(listed, right_text, listed_changes(engine, right_text.texts), unread)
    with Harper().opened() as whole:
        alone = count(with_errors(data, OF_SET_WHOLE), partial(all_changes, whole))
    return [*read, *(line for line in alone if line.guard == ALONE)]


def of_whole_texts(way: Way, data: Path, unread: Unread) -> list[Evidence]:
    """The lines of a way of finding edits in whole texts; what engines say alone is not read."""
    lines = count(with_errors(data, OF_SET_WHOLE), way)
    right_text = clean_texts(data, CLEAN_OF_SET)
    listed = [[one for one in several if one.guard != ALONE] for several in way(right_text.texts)]
    alone = [line for line in lines if line.guard == ALONE]
    return [*alone, *judged([line for line in lines if line.guard != ALONE], right_text, listed, unread)]


def of_language_tool(data: Path, unread: Unread) -> list[Evidence]:
    """The lines of LanguageTool, and the line of what it and Harper propose alike."""
    from curate.grammar.languagetool.engine import LanguageTool  # noqa: PLC0415 (needs Java)

    with LanguageTool().opened() as server, Harper().opened() as harper:
        one, two = Remembered(harper), Remembered(server)
        lines = of_whole_texts(partial(all_changes, two), data, unread)
        return [*lines, *of_whole_texts(partial(agreed_changes, one, two), data, unread)]


MEASURED = {"harper": ("harper",), "languagetool": ("languagetool", BOTH)}
"""The engines of the lines that are counted anew."""


def main(wanted: Sequence[str]) -> int:
    """Measure the engines that are named, keep the lines of the others."""
    folder = os.environ.get("CURATE_TEST_DATA", "")
    if not folder:
        sys.stderr.write("CURATE_TEST_DATA names no folder\n")
        return 2
    data = Path(folder)
    unread: Unread = set()
    names = {name for engine in wanted for name in MEASURED[engine]}
    lines = [line for line in load().lines if line.engine not in names]
    if "harper" in wanted:
        lines += of_harper(data, unread)
    if "languagetool" in wanted:
        lines += of_language_tool(data, unread)
    for guard, edit in sorted(unread):
        sys.stdout.write(json.dumps({"guard": guard, "edit": edit, "verdict": ""}, ensure_ascii=False) + "\n")
    if unread:
        sys.stderr.write(
            f"{len(unread)} edits are to be read: add them to {READ.name} with a verdict, right or wrong\n"
        )
        return 1
    TABLE.write_text(dump(lines), "utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:] or ["harper"]))
