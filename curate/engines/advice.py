"""Commands that mend, filled in for the data at hand, so that they can be pasted and run as they are."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from curate.core.manual import Manual, filled, manual_of
from curate.formats.sources import PACKED_SUFFIXES, TEXT_SUFFIXES
from curate.text.visible import shell_word

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from curate.core.check import Check
    from curate.core.plan import Plan
    from curate.engines.scan import Scan
    from curate.formats.read import Opened
    from curate.formats.sources import Source


def advice_on(scan: Scan, plan: Plan) -> Callable[[Check], Manual]:
    """A function from a check to its page, with the inputs and fitting outputs in the commands.

    Outputs have the suffixes of the input, so that the command can write them and curate can read them again; of
    several inputs they are folders. No output has the name of an input. After the inputs stands how own tables among
    them are read.
    """
    sources = [one.source for one in scan.opened]
    suffix = _suffix(scan.opened[0]) if len(scan.opened) == 1 else "/"
    files = " ".join(shell_word(name) for name in scan.inputs.arguments) or f"data{suffix.rstrip('/')}"
    if plan.mapping:
        files = f"{files} {plan.mapping.options}"
    kept, fixed = (_free(stem, suffix, sources) for stem in ("kept", "fixed"))
    return lambda check: filled(manual_of(check), files, kept, fixed)


def _suffix(opened: Opened) -> str:
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
