"""``training.json``: what an adapter was made from, complete enough to make it again."""

from __future__ import annotations

import hashlib
import platform
import subprocess
from collections import Counter
from dataclasses import asdict
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from curate import __version__
from curate_train.base_models import place_of
from curate_train.evaluate_folder import fingerprint

if TYPE_CHECKING:
    from collections.abc import Iterable

    from curate_train.encode import Rejected
    from curate_train.examples import Dataset
    from curate_train.precision import Precision
    from curate_train.recipe import Recipe

SCHEMA = "curate.training/1"
"""The version of the format; a field is only ever added within one version."""

PACKAGES = (
    "torch",
    "transformers",
    "peft",
    "accelerate",
    "bitsandbytes",
    "tokenizers",
    "safetensors",
    "numpy",
)


def versions() -> dict[str, str]:
    """Of Python, of curate, and of each package that has a part in the result."""
    found = {"python": platform.python_version(), "curate": __version__}
    for name in PACKAGES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found


def git_state(folder: str | Path = ".") -> dict[str, Any] | None:
    """The commit of the working directory and whether files differ from it; None outside a repository."""
    commit = _git(folder, "rev-parse", "HEAD")
    return {"commit": commit, "changed": bool(_git(folder, "status", "--porcelain"))} if commit else None


def _git(folder: str | Path, *arguments: str) -> str:
    try:
        done = subprocess.run(  # noqa: S603 (fixed words)
            ["git", "-C", str(folder), *arguments],  # noqa: S607 (found as a shell would)
            capture_output=True,
            text=True,
            check=False,
            timeout=30,
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""


def data_part(data: Dataset) -> dict[str, Any]:
    """What is recorded of a data set: hashes and the gate's word, no text and no path but the names of its files."""
    return {
        "sha256": data.sha256,
        "rows": len(data.examples),
        "split": data.split,
        "verdict": data.verdict,
        "forced": data.forced,
        "against": data.why,
        "files": [{"name": one.path.name, "sha256": one.sha256} for one in data.files],
        "lock_sha256": hashlib.sha256(data.lock.read_bytes()).hexdigest() if data.lock else None,
    }


def left_out(data: Dataset, rejected: Iterable[Rejected]) -> dict[str, int]:
    """How many rows are not trained on, by reason."""
    reasons = Counter(one.reason for one in data.unusable) + Counter(one.reason for one in rejected)
    return dict(sorted(reasons.items()))


def identity(data: Dataset, held_out: Dataset | None, recipe: Recipe) -> str:
    """What makes two runs the same: SHA-256 of the data, of the held-out part and of the recipe."""
    parts = (data.sha256, held_out.sha256 if held_out else "", recipe.hash)
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def beginning(data: Dataset, held_out: Dataset | None, recipe: Recipe, how: Precision) -> dict[str, Any]:
    """The part of the record that is known before the first step."""
    return {
        "schema": SCHEMA,
        "identity": identity(data, held_out, recipe),
        "base": recipe.model,
        "data": data_part(data),
        "held_out": data_part(held_out) if held_out else None,
        "recipe": asdict(recipe),
        "recipe_sha256": recipe.hash,
        "precision": {"asked": how.asked, "compute": how.compute, "device": how.device, "note": how.note},
        "versions": versions(),
        "git": git_state(),
    }


def weights_sha256(name: str) -> str | None:
    """What tells the base's files apart, where they lie in a folder; None for a hub's id."""
    place = Path(place_of(name))
    return fingerprint(place) if place.is_dir() else None
