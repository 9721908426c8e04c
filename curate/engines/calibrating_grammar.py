"""How often grammar's edits would be right on one's own data: errors are injected into its answers, and counted."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from curate.core.plan import Plan
from curate.engines.staging import editable
from curate.fixing.grammar import HARPER, Grammar
from curate.formats.parse import parse_chunk
from curate.formats.read import open_sources
from curate.formats.sources import discover
from curate.grammar.calibrating import BOTH, agreed_changes, all_changes, count
from curate.grammar.engine import ENGLISH
from curate.grammar.evidence import Injected, inject
from curate.grammar.looking import look

if TYPE_CHECKING:
    from collections.abc import Iterator

    from curate.grammar.trust import Evidence

LONGEST = 4000
"""Characters of a text that errors are injected into: longer ones take long and say no more."""


def calibrate(*inputs: object, editor: Grammar, rows: int, plan: Plan | None = None) -> list[Evidence]:
    """Inject errors into the first English answers of some data, and count which edits take them back.

    The answers are taken to be right as they are.

    Args:
        *inputs: paths, globs, folders, or data frames.
        editor: names the engines.
        rows: how many answers are taken, at most.
        plan: how data is read.

    Returns:
        A line for each engine, rule and guard that had anything to say; what spoils right text is not in them.
    """
    injected = _injected(_answers(inputs, plan or Plan()), rows)
    with editor.opened() as ready:
        engines = [engine for engine, _ in ready.running]
        lines = [line for engine in engines for line in count(injected, partial(all_changes, engine))]
        if editor.engine == BOTH:
            one, two = engines
            lines += count(injected, partial(agreed_changes, one, two))
    return sorted(lines)


def whole(engine: str, url: str = "", *, allow_remote: bool = False) -> Grammar:
    """The editor that runs all rules of an engine."""
    return Grammar(engine or HARPER, language_tool=url, allow_remote=allow_remote, suggest=True)


def _injected(texts: Iterator[str], most: int) -> list[Injected]:
    """The first English texts that have room for an error, with errors."""
    made: list[Injected] = []
    for text in texts:
        if len(made) == most:
            break
        for seen in look([(text, "")]):
            one = inject(text, seen.masked.spans)
            if seen.masked.language == ENGLISH and one.errors:
                made.append(one)
    return made


def _answers(inputs: tuple[object, ...], plan: Plan) -> Iterator[str]:
    """The distinct answers that ``fix`` would look at."""
    seen: set[str] = set()
    for opened in open_sources(discover(inputs).sources, plan.encoding, plan.mapping):
        for chunk in opened.chunks():
            for part, text in editable(parse_chunk(chunk).batch).select("part", "text").iter_rows():
                if part in Grammar.parts and len(text) <= LONGEST and text not in seen:
                    seen.add(text)
                    yield text
