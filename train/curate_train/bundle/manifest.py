"""``manifest.json``: every file of a bundle with its size and SHA-256."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from curate import __version__
from curate.core.errors import UnreadableError
from curate_train.files import sha256_of, write_json

if TYPE_CHECKING:
    from pathlib import Path

NAME = "manifest.json"
SCHEMA = "curate.bundle/1"


def write_manifest(folder: Path, target: str) -> int:
    """Write it, and tell how many bytes the files have."""
    files = [
        {"name": file.relative_to(folder).as_posix(), "size": file.stat().st_size, "sha256": sha256_of(file)}
        for file in sorted(folder.rglob("*"))
        if file.is_file() and file.name != NAME
    ]
    write_json(folder / NAME, {"schema": SCHEMA, "curate": __version__, "target": target, "files": files})
    return sum(int(str(one["size"])) for one in files)


def read_manifest(folder: Path) -> dict[str, Any]:
    """The manifest of a bundle.

    Raises:
        UnreadableError: there is none, or it is damaged.
    """
    file = folder / NAME
    try:
        found = json.loads(file.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise UnreadableError(
            f"is no manifest of a bundle: {error}",
            where=str(file),
            hint="name a folder that train bundle wrote",
        ) from error
    if not isinstance(found, dict) or found.get("schema") != SCHEMA:
        raise UnreadableError(f"is no manifest of the version {SCHEMA}", where=str(file))
    return found


def differences(folder: Path, manifest: dict[str, Any]) -> list[str]:
    """What is not as the manifest says, in words."""
    told = []
    for one in manifest["files"]:
        file = folder / one["name"]
        if not file.is_file():
            told.append(f"{one['name']} is missing")
        elif file.stat().st_size != one["size"] or sha256_of(file) != one["sha256"]:
            told.append(f"{one['name']} was changed")
    known = {one["name"] for one in manifest["files"]} | {NAME}
    here = (file.relative_to(folder).as_posix() for file in sorted(folder.rglob("*")) if file.is_file())
    return told + [f"{name} is not in the manifest" for name in here if name not in known]
