"""The process in which Harper runs; a script, started by :mod:`curate.grammar.harper` and never imported.

Harper aborts the whole process on some inputs (a word of 20,000 characters asks it for 6 GB), and an abort cannot be
caught. So it gets a process of its own, with little in it and a bound on its memory.

    python harper_child.py FOLDER_OF_HARPER DIALECT MEMORY_MIB SECONDS

Each line that comes in is a JSON array of a text and of the rules to run (null: the default ones). Each line that goes
out answers one: a JSON array of lints ``[start, end, suggestions, rule, category, message]``. It ends when its parent
does, however that ends, and when one text takes longer than it may.
"""

from __future__ import annotations

import json
import os
import queue
import sys
import threading
import time
from typing import Any

READY = "ready"
TOO_SLOW = 75
"""Exit code after a text that took too long."""

_PARENT_GONE = 76
_LOOK = 0.5
"""Seconds between two looks at the clock and at the parent."""

_INSERT_AFTER = 2


class _Clock:
    """Ends the process when the text at hand takes too long, or when nobody waits for it any more."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.began = 0.0
        self._parent = os.getppid()
        threading.Thread(target=self._watch, daemon=True).start()

    def _watch(self) -> None:
        while True:
            time.sleep(_LOOK)
            if self.began and time.monotonic() - self.began > self.seconds:
                os._exit(TOO_SLOW)
            if os.getppid() != self._parent:
                os._exit(_PARENT_GONE)


def _bound_memory(mib: int) -> None:
    """The system refuses more than this, where it can."""
    try:
        import resource  # noqa: PLC0415 (not on every system)
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_AS, (mib << 20, mib << 20))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _read(requests: queue.SimpleQueue[str]) -> None:
    """All that comes in is taken at once, so that the parent never waits to write; its end is the end of this."""
    for line in sys.stdin:
        requests.put(line)
    os._exit(0)


def _whole(problem: str, suggestion: Any) -> str:  # noqa: ANN401 (harper is not imported by the type checker)
    """What would stand in place of the span."""
    return (problem if suggestion.kind == _INSERT_AFTER else "") + str(suggestion.replacement_text)


def _lints(linter: Any, text: str) -> list[list[Any]]:  # noqa: ANN401
    """Each rule's lints, whether or not another rule has something to say there."""
    found = [
        [
            lint.span.start,
            lint.span.end,
            [_whole(lint.problem_text, suggestion) for suggestion in lint.suggestions],
            rule,
            lint.lint_kind,
            lint.message,
        ]
        for rule, lints in linter.organized_lints(text, language="plaintext", dedup=False).items()
        for lint in lints
    ]
    return sorted(found, key=lambda lint: (lint[0], lint[1], lint[3]))


def _configured(linter: Any, rules: list[str] | None) -> None:  # noqa: ANN401
    """Only these rules run, or the default ones."""
    default = linter.get_default_lint_config()
    wanted = set(rules or ())
    linter.set_lint_config(default if rules is None else {name: name in wanted for name in default})


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def main(folder: str, dialect: str, memory: str, seconds: str) -> None:
    """Answer until the parent is done."""
    _bound_memory(int(memory))
    sys.path.insert(0, folder)
    import harper  # noqa: PLC0415 (found in the folder that was named)

    linter = harper.Linter(harper.Dialect[dialect])
    requests: queue.SimpleQueue[str] = queue.SimpleQueue()
    threading.Thread(target=_read, args=(requests,), daemon=True).start()
    clock, running = _Clock(float(seconds)), object()
    _say(READY)
    while True:
        text, rules = json.loads(requests.get())
        if rules != running:
            _configured(linter, rules)
            running = rules
        clock.began = time.monotonic()
        answer = json.dumps(_lints(linter, text))
        clock.began = 0.0
        _say(answer)


if __name__ == "__main__":
    main(*sys.argv[1:])
