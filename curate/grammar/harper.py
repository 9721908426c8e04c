"""Harper (https://writewithharper.com), embedded: English grammar without a server, in a process beside each worker.

The package ``harper-py`` holds it. It runs in a child process because some inputs abort the process it is in: then that
one text is unchecked, and a new child goes on with the next one.
"""

from __future__ import annotations

import importlib.util
import json
import os
import re
import signal
import subprocess
import sys
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from weakref import finalize

from curate.core.errors import CurateError, MissingExtraError
from curate.grammar.engine import ENGLISH, Lint, Masked, Unchecked, Verdict, package_version
from curate.grammar.harper_child import READY, TOO_SLOW

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

PACKAGE = "harper-py"
LONGEST_RUN = 64
"""Characters without a space that are still shown to Harper: its search for similar words grows with their square."""

LONGEST_BLOCK = 20_000
"""Characters of a text that are looked at together."""

CONFIRMING = (
    *(
        "AnA",
        "Cant",
        "CapitalizePersonalPronouns",
        "DiscourseMarkers",
        "MassNouns",
        "ModalOf",
        "OpenCompounds",
    ),
    *("PronounInflectionBe", "PronounVerbAgreement", "RepeatedWords", "SentenceCapitalization", "SpellCheck"),
    *("SplitWords", "ThenThan"),
)
"""The rules that confirm what curated lists propose; to run no others makes most of the speed."""

_RUN = re.compile(rf"\S{{{LONGEST_RUN + 1},}}")
_NOT_LINE = re.compile(r"[^\n]")
_FROM_OUTSIDE = (-signal.SIGTERM, -9)
"""Exit codes of a child that somebody else ended: its text is given to the next one."""

_PER_LINE = -1


class _Child:
    """One process that runs Harper."""

    def __init__(self, folder: str, engine: Harper) -> None:
        script = Path(__file__).with_name("harper_child.py")
        # -I -S: nothing but the standard library and the folder of Harper is on its path.
        command = [sys.executable, "-I", "-S", str(script), folder, engine.dialect.upper()]
        self._process = subprocess.Popen(  # noqa: S603 (a script of this package)
            [*command, str(engine.memory), str(engine.seconds)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            bufsize=_PER_LINE,
        )
        self._in, self._out = self._process.stdin, self._process.stdout
        self._end = finalize(self, _ended, self._process)
        if self._answer() != READY:
            told = self._process.communicate()[1].strip().rpartition("\n")[2]
            raise CurateError(
                f"Harper does not start: {told}", hint=f"run: pip install --force-reinstall {PACKAGE}"
            )

    @property
    def pid(self) -> int:
        """Of the process."""
        return self._process.pid

    def close(self) -> int:
        """End it; gives its exit code."""
        self._end()
        return self._process.wait()

    def ask(self, blocks: Sequence[str], rules: tuple[str, ...] | None) -> Iterator[Any]:
        """The answers, in order; stops early if the process ends."""
        with suppress(BrokenPipeError):
            for block in blocks:
                self._write(json.dumps([block, rules]))
        for _ in blocks:
            line = self._answer()
            if not line:
                return
            yield json.loads(line)

    def _write(self, line: str) -> None:
        if self._in is not None:
            self._in.write(line + "\n")
            self._in.flush()

    def _answer(self) -> str:
        return self._out.readline().rstrip("\n") if self._out is not None else ""


def _ended(process: subprocess.Popen[str]) -> None:
    """The end of its input is the end of a child; one that does not see it is killed."""
    with suppress(BrokenPipeError, OSError):
        if process.stdin is not None:
            process.stdin.close()
    try:
        process.wait(0.2)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    for pipe in (process.stdout, process.stderr):
        if pipe is not None:
            pipe.close()


_CHILDREN: dict[tuple[int, Harper], _Child] = {}
"""The child of this process for each set of options; a fork must not talk to the child of its parent."""


@cache
def _folder() -> str:
    """Where the package lies, without importing it."""
    spec = importlib.util.find_spec("harper")
    if spec is None or not spec.submodule_search_locations:
        raise MissingExtraError("grammar", "grammar")
    return str(Path(spec.submodule_search_locations[0]).parent)


@dataclass(frozen=True)
class Harper:
    """The embedded engine. It checks English; texts in other languages have no lints.

    Attributes:
        rules: run only these; None for the package's default, which are nearly all.
        dialect: ``american``, ``british``, ``australian``, ``canadian`` or ``indian``.
        memory: MiB of address space that the child may have.
        seconds: how long one block of a text may take.
    """

    rules: tuple[str, ...] | None = None
    dialect: str = "american"
    memory: int = 1024
    seconds: float = 30.0

    @property
    def name(self) -> str:
        """As the plan writes it."""
        return "harper"

    def checks(self, language: str) -> bool:
        """English alone."""
        return language == ENGLISH

    def version(self) -> str:
        """The package and its version."""
        return package_version(PACKAGE)

    @contextmanager
    def opened(self) -> Iterator[Harper]:
        """Nothing is shared: each worker has its own child. Says early if the package is missing."""
        _folder()
        try:
            yield self
        finally:
            self.close()

    def close(self) -> None:
        """End the child of this process; the next text starts another one."""
        child = _CHILDREN.pop((os.getpid(), self._alone()), None)
        if child is not None:
            child.close()

    def _alone(self) -> Harper:
        """The options that decide which child answers; rules can be changed in a running one."""
        return Harper(dialect=self.dialect, memory=self.memory, seconds=self.seconds)

    def _child(self) -> _Child:
        key = os.getpid(), self._alone()
        if key not in _CHILDREN:
            _CHILDREN[key] = _Child(_folder(), self)
        return _CHILDREN[key]

    def lint(self, texts: Sequence[Masked]) -> list[Verdict]:
        """What Harper says of each English text."""
        work = [list(_blocks(text)) if text.language == ENGLISH else [] for text in texts]
        answers = iter(self._answers([block for blocks in work for _, block in blocks]))
        return [
            _verdict(text, [(start, next(answers)) for start, _ in blocks])
            for text, blocks in zip(texts, work, strict=True)
        ]

    def _answers(self, blocks: Sequence[str]) -> list[Any]:
        """One answer a block; a string where there is none says why."""
        answers: list[Any] = []
        again = False
        while len(answers) < len(blocks):
            child = self._child()
            answers.extend(child.ask(blocks[len(answers) :], self.rules))
            if len(answers) == len(blocks):
                break
            code = child.close()
            del _CHILDREN[os.getpid(), self._alone()]
            again = code in _FROM_OUTSIDE and not again
            if not again:
                answers.append(_reason(code, self))
        return answers


def _reason(code: int, engine: Harper) -> str:
    """Why a text was not looked at."""
    if code == TOO_SLOW:
        return f"Harper took longer than {engine.seconds:g} seconds"
    return f"Harper ended without an answer ({signal.strsignal(-code) if code < 0 else f'exit code {code}'})"


def _verdict(text: Masked, answers: Sequence[tuple[int, Any]]) -> Verdict:
    """The lints of a text's blocks, in places of the text; none where a block has no answer."""
    lints: list[Lint] = []
    for start, answer in answers:
        if isinstance(answer, str):
            return Unchecked(answer)
        for first, last, suggestions, rule, category, message in answer:
            lints.append(Lint(start + first, start + last, tuple(suggestions), rule, category, message))
    hidden = [hit.span() for hit in _RUN.finditer(text.text)]
    runs = Masked(text.text, tuple(hidden))
    return [
        lint
        for lint in lints
        if not text.touches(lint.start, lint.end) and not runs.touches(lint.start, lint.end)
    ]


def _blocks(text: Masked) -> Iterator[tuple[int, str]]:
    """Pieces that Harper can take, with their starts: they end where a sentence does, or at least a word."""
    plain = _hide(text)
    start = 0
    while start < len(plain):
        end = start + LONGEST_BLOCK
        if end < len(plain):
            end = _last_end(plain, start, end)
        if not plain[start:end].isspace():
            yield start, plain[start:end]
        start = end


def _last_end(text: str, start: int, end: int) -> int:
    """The last place before ``end`` where a sentence ends, else a line, else a word."""
    ends = [hit.end() for hit in re.finditer(r"[.!?]\s+|\n+", text[start:end])]
    if not ends:
        ends = [hit.end() for hit in re.finditer(r"\s+", text[start:end])]
    return start + ends[-1] if ends else end


def _hide(text: Masked) -> str:
    """The text with long protected places and long runs made a short word and spaces; places stay as they are."""
    if len(text.text) <= LONGEST_RUN:
        return text.text
    pieces, at = [], 0
    for start, end in text.spans:
        if end - start > LONGEST_RUN:
            pieces += [text.text[at:start], _blank(text.text[start:end])]
            at = end
    return _RUN.sub(lambda hit: _blank(hit[0]), "".join([*pieces, text.text[at:]]))


def _blank(hidden: str) -> str:
    """Something that reads like a name, as long as what it stands for, with its lines."""
    return "X" + _NOT_LINE.sub(" ", hidden[1:])
