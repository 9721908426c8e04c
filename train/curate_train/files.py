"""Files that are written whole or not at all, and what tells a file's bytes apart."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


def write_text(file: Path, text: str) -> None:
    """Write a file whole or not at all: what is killed leaves the old one."""
    unfinished = file.with_name(file.name + ".part")
    unfinished.write_text(text, "utf-8")
    unfinished.replace(file)


def write_json(file: Path, said: object) -> None:
    """The same for a value of JSON."""
    write_text(file, json.dumps(said, indent=1, ensure_ascii=False) + "\n")


def sha256_of(file: Path) -> str:
    """Of all its bytes."""
    with file.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()
