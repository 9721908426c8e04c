"""What can go wrong, drawn as a tree.

CurateError              shown to the user without a traceback, exit code 2
├── UsageError           a flag, argument or combination that makes no sense
├── ConfigError          the plan file: unknown key, wrong type
├── UnreadableError      a file that cannot be read at all
├── MissingExtraError    a feature whose packages are not installed
└── CheckError           a check broke its contract or crashed: exit code 3
"""

from __future__ import annotations

from curate.core.names import DISTRIBUTION


class CurateError(Exception):
    """A user-facing error: what was found, where, and what to do about it."""

    exit_code = 2
    options = ""
    """What the command that was typed lacks, ready for a shell; empty where nothing is known."""

    def __init__(self, what: str, *, where: str = "", hint: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.where = where
        self.hint = hint

    def __str__(self) -> str:
        place = f"{self.where}: " if self.where else ""
        hint = f"\n  {self.hint}" if self.hint else ""
        return f"{place}{self.what}{hint}"


class UsageError(CurateError):
    """A flag, argument or combination that makes no sense."""


class ConfigError(CurateError):
    """The plan file says something that curate does not know."""


class UnreadableError(CurateError):
    """A file that cannot be read at all; rows that cannot be read go to quarantine instead."""


class MissingExtraError(CurateError):
    """A feature whose packages are not installed."""

    def __init__(self, feature: str, extra: str) -> None:
        super().__init__(
            f"{feature} needs packages that are not installed",
            hint=f'run: pip install "{DISTRIBUTION}[{extra}]"',
        )


class CheckError(CurateError):
    """A check broke its contract or crashed; nothing is claimed about the data."""

    exit_code = 3
