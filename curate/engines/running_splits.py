"""The splits of a run: dealt from what is left, in a folder of their own."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from curate.engines.dealing import NAMES, Dealing
from curate.engines.splitting import MANIFEST, split
from curate.formats.keep_output import whole

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from curate.core.run_plan import SplitPlan
    from curate.engines.running_steps import Step, Work

SPLITS = "splits"
"""The folder of the splits, in the folder of the run."""


def dealing_of(plan: SplitPlan) -> Dealing:
    """How rows are dealt; two shares are training and test."""
    ratio = tuple(int(share) for share in plan.ratio.split("/"))
    names = NAMES if len(ratio) == len(NAMES) else (NAMES[0], NAMES[-1])
    return Dealing(names, ratio, plan.by, plan.stratify, plan.seed)


def split_step(folder: Path, clean: Sequence[Path], work: Work) -> Step:
    """Deal the rows, and name files in the manifest as they are named in the run."""
    assert work.plan.run.split is not None  # noqa: S101 (asked before)
    done = split(
        *clean,
        out=folder,
        dealing=dealing_of(work.plan.run.split),
        plan=work.plan,
        engine=work.engine,
        progress=work.progress,
    )
    names = {str(path): name.as_posix() for path, name in zip(clean, work.names, strict=True)}
    names |= {str(path): f"{SPLITS}/{path.relative_to(folder).as_posix()}" for path in done.outputs}
    _rename(folder / MANIFEST, names)
    return done.outputs, dict(done.counts)


def _rename(manifest: Path, names: dict[str, str]) -> None:
    with manifest.open("rb") as lines, whole(manifest) as place, place.open("wb") as handle:
        for line in lines:
            fields = json.loads(line)
            handle.write(
                json.dumps(_named(fields, names), ensure_ascii=False).encode("utf-8", "backslashreplace")
                + b"\n"
            )


def _named(fields: dict[str, Any], names: dict[str, str]) -> dict[str, Any]:
    """A line of the manifest with the names of the run."""
    if "file" in fields:
        return fields | {"file": names[fields["file"]]}
    if "inputs" in fields:
        inputs = [one | {"name": names[one["name"]]} for one in fields["inputs"]]
        return fields | {"inputs": inputs, "outputs": [names[one] for one in fields["outputs"]]}
    return fields
