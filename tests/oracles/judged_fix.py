"""Judges what ``curate fix`` wrote, from its input, its output and its ledger, with nothing of curate's own."""

from __future__ import annotations

import gzip
import json
import re
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tests.oracles.second_lexer import HARD, changed, language, numbers, touched, unseen

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

ENCODING = ("text.", "template.", "answer.")
"""Checks whose edits mend how a text is stored; a quotation or a name may be garbled like anything else."""

_EAST_ASIAN = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")


@dataclass
class Judged:
    """What was found in one file."""

    rows: int = 0
    edits: Counter[str] = field(default_factory=Counter)
    inside: list[str] = field(default_factory=list)
    meaning: list[str] = field(default_factory=list)
    foreign: int = 0
    spoken: Counter[str] = field(default_factory=Counter)
    european: list[str] = field(default_factory=list)
    unlike: list[str] = field(default_factory=list)


def judge(source: Path, output: Path, ledger: Path) -> Judged:
    """Every edit and every edited text of a step."""
    before, after = records(source), records(output)
    found = Judged(rows=len(before))
    if len(before) != len(after):
        found.unlike.append(f"{len(before)} rows became {len(after)}")
        return found
    found.spoken.update(filter(None, (language(text) for row in before for text in texts_of(row))))
    for (row, at), edits in _edits(ledger).items():
        was, now = text_at(before[row - 1], at), text_at(after[row - 1], at)
        place = f"{source.name} row {row} {at}"
        for edit in edits:
            _judge_edit(found, edit, was, place)
        if _applied(was, edits) != now:
            found.unlike.append(f"{place}: the ledger's edits do not give the output")
        if numbers(was) != numbers(now):
            found.meaning.append(f"{place}: numbers")
        elif differs := changed(_mended(was, edits), now):
            found.meaning.append(f"{place}: {differs}")
    return found


def _judge_edit(found: Judged, edit: dict[str, Any], text: str, place: str) -> None:
    found.edits[edit["check"]] += 1
    start, end = edit["span"]
    is_mend = edit["check"].startswith(ENCODING)
    hard = frozenset({"code"}) if edit["check"].startswith("template.") else HARD
    hit = touched(text, start, end, hard if is_mend else None)
    if hit:
        found.inside.append(f"{place} {edit['check']} {edit['before']!r} -> {edit['after']!r}: {hit[0].kind}")
    if not is_mend and len(_EAST_ASIAN.findall(text)) > len(text) / 10:
        found.foreign += 1
    if edit["check"].startswith("grammar.") and (spoken := language(text)):
        found.european.append(f"{place} ({spoken}): {edit['before']!r} -> {edit['after']!r}")


def _edits(ledger: Path) -> dict[tuple[int, str], list[dict[str, Any]]]:
    texts: dict[tuple[int, str], list[dict[str, Any]]] = {}
    for line in filter(None, ledger.read_text("utf-8").split("\n")):
        entry = json.loads(line)
        if entry.get("action") == "edit":
            texts.setdefault((entry["row"], entry["at"]), []).append(entry)
    return texts


def _applied(text: str, edits: Iterable[dict[str, Any]]) -> str:
    for edit in sorted(edits, key=lambda one: one["span"], reverse=True):
        start, end = edit["span"]
        text = text[:start] + edit["after"] + text[end:]
    return text


def _mended(text: str, edits: Iterable[dict[str, Any]]) -> str:
    """The text with its encoding mended and nothing else: what the meaning is compared with.

    What nobody sees becomes a blank where it is taken out, so that words which it kept apart stay two.
    """
    mends = [edit for edit in edits if edit["check"].startswith(ENCODING)]
    return _applied(
        text, [{**one, "after": " "} if unseen(one["before"]) and not one["after"] else one for one in mends]
    )


def texts_of(record: Any) -> Iterator[str]:
    """All strings of a record."""
    if isinstance(record, str):
        yield record
    elif isinstance(record, (list, dict)):
        for value in record.values() if isinstance(record, dict) else record:
            yield from texts_of(value)


def records(path: Path) -> list[Any]:
    """The rows of a file, read plainly."""
    data = path.read_bytes()
    data = gzip.decompress(data) if path.suffix == ".gz" else data
    text = data.decode("utf-8-sig")
    if ".jsonl" in path.name:
        return [json.loads(line) for line in text.split("\n") if line.strip()]
    whole = json.loads(text)
    return list(whole.values()) if isinstance(whole, dict) else whole


def text_at(record: Any, pointer: str) -> str:
    """What stands at an RFC 6901 pointer."""
    for word in pointer.split("/")[1:]:
        name = word.replace("~1", "/").replace("~0", "~")
        record = record[int(name)] if isinstance(record, list) else record[name]
    return str(record)
