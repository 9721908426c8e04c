"""Fixing data: checks and editors offer edits, the safe ones are made in place, every other byte stays.

Two passes over each file. The first edits chunk by chunk, anywhere, and keeps of each changed row the few bytes that
differ; the second copies the file with these bytes put in. The ledger says how it came about.
"""

from __future__ import annotations

import tempfile
from contextlib import ExitStack, contextmanager, nullcontext
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from curate.core.check import RowCheck
from curate.core.errors import UsageError
from curate.core.fix_plan import KINDS
from curate.core.plan import Plan
from curate.engines.dropping import outputs_of
from curate.engines.editors import equip
from curate.engines.local import POOL_FROM, PoolEngine, choose_engine
from curate.engines.registry import check_names, load_checks
from curate.engines.repairing_rows import repair
from curate.engines.repairing_told import SAMPLES, Fixed, Gathered, Target
from curate.engines.repairing_writing import Writing
from curate.engines.staging import stages_of
from curate.formats.keep_output import refuse_suffixes
from curate.formats.read import open_sources
from curate.formats.sources import discover
from curate.text.visible import shell_word

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from contextlib import AbstractContextManager
    from pathlib import Path

    from curate.engines.local import Engine
    from curate.engines.scan import Progress
    from curate.fixing.editor import Editor

__all__ = ["Fixed", "fix"]

SLOW = ("grammar",)
"""Kinds of edit that cost so much that even little data pays for several workers."""

SHARE = 1024 * 1024
"""Bytes of a share of a chunk where editors are slow: each worker reads the chunk and edits its share of the rows."""


def fix(  # noqa: PLR0913 (the options of the command)
    *inputs: object,
    out: str | Path | None,
    plan: Plan | None = None,
    ledger: str | Path | None = None,
    force: bool = False,
    engine: Engine | None = None,
    progress: Progress | None = None,
    editors: tuple[Editor, ...] | None = None,
    samples: int | None = None,
) -> Fixed:
    """Write data again with the edits that checks and editors offer; every other byte is copied.

    A repair of characters is made only if the text then still says something, has the same digits, and is read again
    as what was meant. Terminology and grammar must also leave alone what is protected, what carries meaning, and what
    an answer copies from what is given. What a lock holds back stands in the ledger as a suggestion.

    Records that cannot be read are copied as they are, and so are those that the plan's mapping leaves out. In own
    tables the one cell is repaired.

    Args:
        *inputs: paths, globs, folders, or data frames.
        out: the file to write; a folder if there are several inputs, in which they keep their names. None for a
            dry run, which writes nothing and gives samples.
        plan: the checks, and ``plan.fix``, what may be changed; the defaults if None.
        ledger: the ledger's path; ``out`` with ``.ledger.jsonl`` if None.
        force: overwrite files, though never an input.
        engine: where tasks run; chosen by the size of the input if None.
        progress: told how far the reading is.
        editors: what offers edits beside the checks; those that the plan asks for if None.
        samples: edits, and suggestions, of each class that are given with their texts; ten in a dry run and none else
            if None.

    Raises:
        UsageError: an output would destroy something, or has a name that does not suit; nothing that was chosen
            offers edits; or the plan groups the lines of own tables.
        CurateError: an input cannot be read at all, the plan is wrong, or a check crashed.
    """
    plan = plan or Plan()
    found = discover(inputs)
    _refuse_grouping(plan, found.arguments)
    target = Target(*outputs_of(found.sources, out, ledger, force=force)) if out is not None else None
    checks = _checks(plan)
    made, notes = (editors, ()) if editors is not None else _equipped(plan)
    if not checks and not made:
        raise UsageError(
            "no check is left that offers repairs", hint="name one: --select template.leaked-token"
        )
    opened = open_sources(found.sources, plan.encoding, plan.mapping)
    if target is not None:
        refuse_suffixes(target.files, found.sources, [one.container for one in opened])
    most = samples if samples is not None else SAMPLES if target is None else 0
    with tempfile.TemporaryFile() as spool:
        gathered = Gathered(opened, spool, progress, most)
        _gather(gathered, checks, made, plan, engine)
        if target is not None:
            Writing(gathered, plan, checks, made, target).run()
    return gathered.fixed(plan, target, notes)


def _gather(
    gathered: Gathered,
    checks: tuple[RowCheck, ...],
    editors: tuple[Editor, ...],
    plan: Plan,
    engine: Engine | None,
) -> None:
    """The first pass."""
    with _opened(editors) as ready:
        task = partial(
            repair,
            stages=stages_of(checks, ready, plan.fix.kinds),
            plan=plan,
            encodings=[one.survey.encoding if one.survey else "utf-8" for one in gathered.opened],
            samples=gathered.most,
        )
        is_slow = any(editor.kind in SLOW for editor in ready)
        with nullcontext(engine) if engine else _engine(gathered.total, plan, is_slow=is_slow) as one:
            gathered.run(task, one, SHARE if is_slow and one.partitions > 1 else None)


def _checks(plan: Plan) -> tuple[RowCheck, ...]:
    """The checks whose repairs are wanted; classes of edits that ``select`` and ``ignore`` name are no checks."""
    if "text" not in plan.fix.kinds:
        return ()
    names = check_names(plan.checks)
    known = {*names, *(name.partition(".")[0] for name in names)}

    def of_checks(chosen: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(one for one in chosen if one in known or one.partition(".")[0] not in KINDS)

    select = of_checks(plan.select)
    if plan.select and not select:
        return ()
    asked = replace(plan, select=select, ignore=of_checks(plan.ignore))
    return tuple(check for check in load_checks(asked) if isinstance(check, RowCheck))


def _equipped(plan: Plan) -> tuple[tuple[Editor, ...], tuple[str, ...]]:
    equipped = equip(plan)
    return equipped.editors, equipped.notes


@contextmanager
def _opened(editors: Sequence[Editor]) -> Iterator[tuple[Editor, ...]]:
    """What the editors' workers share is there within; gives the editors that workers are sent."""
    with ExitStack() as stack:
        yield tuple(stack.enter_context(editor.opened()) for editor in editors)


def _engine(size: int, plan: Plan, *, is_slow: bool) -> AbstractContextManager[Engine]:
    """Where editors are slow, two shares are enough for two workers."""
    if is_slow and (plan.workers or 1) > 1 and 2 * SHARE <= size < POOL_FROM:
        return PoolEngine(plan.workers or 1, plan.checks)
    return choose_engine(size, plan.workers, plan.checks)


def _refuse_grouping(plan: Plan, arguments: Sequence[str]) -> None:
    """Conversations of several lines are made rows of first: a line may be repaired only with its conversation.

    Raises:
        UsageError: the plan groups the lines of own tables.
    """
    if plan.mapping.group is not None:
        files = " ".join(map(shell_word, arguments)) or "DATA"
        rows = f"curate convert {files} {plan.mapping.options} --to messages -o rows.jsonl"
        raise UsageError(
            "lines that are grouped are not repaired in place",
            hint=f"make rows of them and repair these: {rows} && curate fix rows.jsonl -o fixed.jsonl",
        )
