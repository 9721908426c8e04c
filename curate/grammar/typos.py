"""A curated list of misspellings: the one inside ``typos`` (https://github.com/crate-ci/typos, MIT or Apache-2.0).

An edit distance finds a similar word for every name and every term it does not know. A list knows what people
really write, and says nothing of the rest. The package brings a program; it is given many words at once.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from functools import cache
from importlib.metadata import PackageNotFoundError, distribution
from typing import TYPE_CHECKING

from curate.core.errors import CurateError, MissingExtraError
from curate.grammar.engine import package_version

if TYPE_CHECKING:
    from collections.abc import Iterable

PACKAGE = "typos"
ENTRIES = 400_000
"""Words that a process remembers the answer for; then it forgets them all."""

AMISS = frozenset(
    {"inspite", "youre", "whos", "payed", "formes", "guage", "childs", "womens", "mens", "peoples", "todays"}
    | {"migrans", "discernable", "vermillion"}
)
"""Entries that are wrong, or right in too many other ways: the list takes "inspite" for "inspire"."""

_POSSESSIVE = re.compile(r"[^aeiou]ys$")
_LEAST, _MOST = 4, 30
_SHORT = frozenset({"teh", "hte", "adn", "taht"})
"""Words of three letters that are nothing else; others are abbreviations somewhere."""

_KNOWN: dict[str, str] = {}
"""The correction of each word that was asked for in this process; empty if there is none, or more than one."""


def corrections(words: Iterable[str]) -> dict[str, str]:
    """The misspelled ones of some lower-case words, each with the only correction that the list has for it."""
    asked = {word for word in words if (_LEAST <= len(word) <= _MOST or word in _SHORT) and word not in AMISS}
    new = sorted(word for word in asked if word not in _KNOWN)
    if new:
        if len(_KNOWN) + len(new) > ENTRIES:
            _KNOWN.clear()
            new = sorted(asked)
        _KNOWN.update(dict.fromkeys(new, ""))
        _KNOWN.update(_asked(new))
    return {word: _KNOWN[word] for word in asked if _KNOWN[word]}


def list_version() -> str:
    """The package and its version."""
    return package_version(PACKAGE)


@cache
def _program() -> str:
    """The program of the package, wherever it was installed to."""
    try:
        files = distribution(PACKAGE).files or []
    except PackageNotFoundError:
        raise MissingExtraError("grammar", "grammar") from None
    own = next((str(file.locate()) for file in files if file.name in {"typos", "typos.exe"}), None)
    program = own or shutil.which("typos")
    if program is None:
        raise CurateError(
            "the program of the package typos is not there", hint="run: pip install --force-reinstall typos"
        )
    return program


def _asked(words: list[str]) -> dict[str, str]:
    """One process for all of them: a word a line; ``--isolated`` keeps it from reading files of its own."""
    command = [_program(), "--isolated", "--locale", "en", "--format", "json", "-"]
    done = subprocess.run(  # noqa: S603 (the program of a package, and no argument of the user)
        command, input="\n".join(words), capture_output=True, text=True, encoding="utf-8", check=False
    )
    if done.returncode not in {0, 2}:
        raise CurateError(
            f"typos failed: {done.stderr.strip()}", hint="run: pip install --force-reinstall typos"
        )
    hits = [json.loads(line) for line in done.stdout.splitlines()]
    known = set(words)
    return {
        hit["typo"]: hit["corrections"][0]
        for hit in hits
        if hit["type"] == "typo" and hit["typo"] in known and _is_one_word(hit["typo"], hit["corrections"])
    }


def _is_one_word(word: str, found: list[str]) -> bool:
    """Whether there is one correction, of the same number; "companys" is a plural or a possessive, nobody can say."""
    return (
        len(found) == 1 and word.endswith("s") == found[0].endswith("s") and _POSSESSIVE.search(word) is None
    )
