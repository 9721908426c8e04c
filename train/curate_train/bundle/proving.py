"""``train bundle --test``: does a bundle answer in a clean place, without the network, as its model did?"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path

from curate.core.errors import CurateError
from curate_train.bundle.making import SMOKE
from curate_train.bundle.manifest import differences, read_manifest
from curate_train.bundle.platforms import ARCHIVE

REPLAY = Path(__file__).with_name("replay.py")


class BundleError(CurateError):
    """A bundle does not hold together, or its server does not start."""


@dataclass(frozen=True)
class Replayed:
    """What a bundle said to its smoke prompts.

    Attributes:
        target: the platform.
        expected: what the model said when the bundle was made.
        found: what the bundle says now.
    """

    target: str
    expected: tuple[str, ...]
    found: tuple[str, ...]

    @property
    def wrong(self) -> list[int]:
        """Numbers of the prompts whose answers differ, from 0."""
        return [
            at for at, (one, other) in enumerate(zip(self.expected, self.found, strict=True)) if one != other
        ]


def prove(bundle: Path) -> Replayed:
    """Copy a bundle to an empty folder and replay its smoke prompts in a new process.

    The process gets no cache of the hub, is told to stay offline, and every connection it tries is refused. It imports
    the bundle's own code as the platform does, and nothing of curate.

    Raises:
        BundleError: files differ from the manifest, or the server does not start.
        UnreadableError: it is no bundle.
    """
    manifest = read_manifest(bundle)
    wrong = differences(bundle, manifest)
    if wrong:
        raise BundleError("is not what was bundled: " + "; ".join(wrong), where=str(bundle))
    lines = (bundle / SMOKE).read_text("utf-8").splitlines()
    expected = tuple(json.loads(line)["expected"] for line in lines)
    with tempfile.TemporaryDirectory() as scratch:
        place = Path(scratch) / "bundle"
        _lay_out(bundle, place)
        found = _replay(manifest["target"], place, Path(scratch) / "home")
    return Replayed(manifest["target"], expected, tuple(found))


def _lay_out(bundle: Path, place: Path) -> None:
    """The files as the platform lays them out."""
    if not (bundle / ARCHIVE).is_file():
        shutil.copytree(bundle, place)
        return
    with tarfile.open(bundle / ARCHIVE) as tar:
        tar.extractall(place, filter="data")
    shutil.copyfile(bundle / SMOKE, place / SMOKE)


def _replay(target: str, place: Path, home: Path) -> list[str]:
    home.mkdir()
    kept = {
        name: os.environ[name]
        for name in ("PATH", "LD_LIBRARY_PATH", "OMP_NUM_THREADS")
        if name in os.environ
    }
    offline = {"HF_HUB_OFFLINE": "1", "TRANSFORMERS_OFFLINE": "1", "HF_HOME": str(home), "HOME": str(home)}
    done = subprocess.run(  # noqa: S603 (our own script)
        [sys.executable, "-I", str(REPLAY), target, str(place)],
        cwd=place,
        env={**kept, **offline},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["it said nothing"])[-1]
        raise BundleError(f"its server does not answer: {last}", where=target)
    answers: list[str] = json.loads(done.stdout.splitlines()[-1])
    return answers
