"""What can go wrong with a LanguageTool server, drawn as a tree.

LanguageToolError            shown to the user without a traceback, exit code 2
├── NoServerError            there is no LanguageTool on this machine
├── NoJavaError              there is no Java
├── OldJavaError             there is one, but LanguageTool needs a later one
├── StartError               the server ended before it answered; its last words are quoted
├── RemoteError              the server is another machine and nobody allowed that
├── UnknownLanguageError     the server does not check a language that was asked for
└── RequestError             a request failed
    ├── UnreachableError     connection refused or broken off
    ├── TimedOutError        no answer in time
    ├── NotLanguageToolError an answer that LanguageTool would not give
    ├── IncompleteError      the server says that it did not look at everything
    └── StatusError          an HTTP status other than 200
        ├── BadRequestError  400
        ├── ForbiddenError   401, 403
        ├── TooLongError     413
        ├── FailedError      500: it crashed on the text, or ran out of time
        └── BusyError        429, 502, 503, 504, and still so after some waiting

At the start they are the user's to mend. Later a :class:`RequestError` becomes the reason for which texts are
unchecked. No message holds any text of a row; what the server said is quoted only where no row had been sent yet.
"""

from __future__ import annotations

from curate.core.errors import CurateError


class LanguageToolError(CurateError):
    """Something is wrong with LanguageTool, and not with the data."""


class NoServerError(LanguageToolError):
    """There is no LanguageTool on this machine."""


class NoJavaError(LanguageToolError):
    """There is no Java."""


class OldJavaError(LanguageToolError):
    """There is a Java that is too old for LanguageTool."""


class StartError(LanguageToolError):
    """The server ended, or did not answer, when it was started."""


class RemoteError(LanguageToolError):
    """A server that is not this machine, and nobody allowed that."""


class UnknownLanguageError(LanguageToolError):
    """The server does not check a language that was asked for."""


class RequestError(LanguageToolError):
    """A request failed."""


class UnreachableError(RequestError):
    """Nobody listens, or the connection broke off."""


class TimedOutError(RequestError):
    """No answer in time."""


class NotLanguageToolError(RequestError):
    """The answer is none that LanguageTool gives."""


class IncompleteError(RequestError):
    """The server says that it did not look at everything."""


class StatusError(RequestError):
    """An HTTP status other than 200.

    Attributes:
        status: the status.
    """

    def __init__(self, status: int, *, hint: str = "") -> None:
        super().__init__(f"LanguageTool answered {status}: {MEANINGS.get(status, 'not expected')}", hint=hint)
        self.status = status


class BadRequestError(StatusError):
    """400."""


class ForbiddenError(StatusError):
    """401 or 403."""


class TooLongError(StatusError):
    """413."""


class FailedError(StatusError):
    """500."""


class BusyError(StatusError):
    """429, 502, 503 or 504, and still so after some waiting."""


MEANINGS = {
    400: "it does not take the request, or finds too many errors in the text",
    401: "it wants a key",
    403: "it does not let this machine ask",
    413: "the text is longer than it takes",
    429: "too many requests",
    500: "it failed on the text, or ran out of time",
    502: "a gateway before it cannot reach it",
    503: "its queue is full",
    504: "a gateway before it ran out of time",
}
"""What the server means by a status, as its documentation and its source have it."""

STATUSES: dict[int, type[StatusError]] = {
    400: BadRequestError,
    401: ForbiddenError,
    403: ForbiddenError,
    413: TooLongError,
    500: FailedError,
    **dict.fromkeys((429, 502, 503, 504), BusyError),
}


def status_error(status: int, *, hint: str = "") -> StatusError:
    """The error that a status stands for."""
    return STATUSES.get(status, StatusError)(status, hint=hint)
