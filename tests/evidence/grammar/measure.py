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
from contextlib import contextmanager
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
from curate.grammar.trust import TABLE, Evidence, dump, load
from tests.evidence.grammar.corpora import clean, with_errors, words_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from curate.grammar.engine import Engine
    from curate.grammar.looking import Looked

READ = Path(__file__).with_name("read_edits.jsonl")
OF_SET = {"harper": 2000, "languagetool": 250}
OF_SET_ALONE = 100
"""Texts of each set that are given errors: for what lists and engines say together, and for an engine's other rules."""

RIGHT, WRONG = "right", "wrong"


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
    unread: set[tuple[str, str]],
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


def of_engine(
    engine: Engine, whole: Engine, data: Path, right_text: Clean, unread: set[tuple[str, str]]
) -> list[Evidence]:
    """The lines of one engine: what lists propose, and its own first suggestions, which nobody has read."""
    listed = count(with_errors(data, OF_SET[engine.name]), partial(listed_changes, engine))
    alone = count(with_errors(data, OF_SET_ALONE), partial(all_changes, whole))
    read = judged(listed, right_text, listed_changes(engine, right_text.texts), unread)
    return [*read, *(line for line in alone if not line.guard)]


def of_both(one: Engine, two: Engine, data: Path, unread: set[tuple[str, str]]) -> list[Evidence]:
    """The line of what two engines propose alike."""
    lines = count(with_errors(data, OF_SET_ALONE), partial(agreed_changes, one, two))
    right_text = clean_texts(data, OF_SET_ALONE)
    return judged(lines, right_text, agreed_changes(one, two, right_text.texts), unread)


@contextmanager
def _language_tool() -> Iterator[Engine]:
    from curate.grammar.languagetool.engine import LanguageTool  # noqa: PLC0415 (needs Java)

    with LanguageTool().opened() as engine:
        yield engine


def main(wanted: Sequence[str]) -> int:
    """Measure the engines that are named, keep the lines of the others."""
    folder = os.environ.get("CURATE_TEST_DATA", "")
    if not folder:
        sys.stderr.write("CURATE_TEST_DATA names no folder\n")
        return 2
    data = Path(folder)
    lines = [line for line in load().lines if line.engine not in {*wanted, BOTH}]
    unread: set[tuple[str, str]] = set()
    right_text = clean_texts(data)
    with Harper(CONFIRMING).opened() as harper:
        if "harper" in wanted:
            lines += of_engine(harper, Harper(), data, right_text, unread)
        if "languagetool" in wanted:
            with _language_tool() as server:
                lines += of_engine(server, server, data, right_text, unread)
                lines += of_both(Harper(), server, data, unread)
        else:
            lines += [line for line in load().lines if line.engine == BOTH]
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
