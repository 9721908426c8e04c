"""A LanguageTool server of our own: found, started once, its last words kept, and ended with us in every case.

The package ``language_tool_python`` downloads LanguageTool, and we look where it puts it. We do not let it start the
server: its start polls a dead port for minutes and throws away what Java said (seen in 3.4.0).
"""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from curate.grammar.languagetool import keeper
from curate.grammar.languagetool.client import Client
from curate.grammar.languagetool.errors import (
    NoJavaError,
    NoServerError,
    OldJavaError,
    RequestError,
    StartError,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

JAR = "languagetool-server.jar"
PLACE = "LTP_PATH"
"""The variable by which language_tool_python is told where LanguageTool lies."""

OLDEST_JAVA = 17
STARTS_WITHIN = 60.0
"""Seconds that a start may take, and the first check after it; an idle machine needs 2 to 3 for each."""

HEAP = "1g"
"""Java's heap: 6.8 with English and Spanish holds about 400 MB."""

_DOWNLOADS = Path("~/.cache/language_tool_python")
_FOLDERS = "LanguageTool-*"
_DOWNLOAD = "python -c \"import language_tool_python as l; l.LanguageTool('en-US').close()\""
_GET_IT = f"set {PLACE} to LanguageTool's folder, or download it: {_DOWNLOAD}"
_VERSION = re.compile(r'version "(\d+)(?:\.(\d+))?')
_RELEASE = re.compile(r"\d+(?:\.\d+)+(?:-\w+)?")
_NUMBER = re.compile(r"\d+")
_QUIET = '<configuration><root level="OFF"/></configuration>\n'
_SETTINGS = "pipelineCaching=true\nmaxPipelinePoolSize=16\npipelineExpireTimeInSeconds=86400\n"
"""LanguageTool loads its rules for each request unless it may keep them (``pipelineCaching``)."""

_TAKEN = ("Address already in use", "BindException")
_LAST_WORDS = 6
_LONGEST_LINE = 300


@dataclass(frozen=True)
class Local:
    """A server of our own.

    Attributes:
        url: where it listens.
        folder: of its keeper.
    """

    url: str
    folder: str

    def has_ended(self) -> bool:
        """Whether no server is to be expected there any more."""
        return not keeper.is_kept(self.folder)


def find_jar() -> Path:
    """The server's jar: where ``LTP_PATH`` points, or where language_tool_python puts what it downloads.

    Raises:
        NoServerError: neither holds one.
    """
    told = os.environ.get(PLACE, "")
    place = Path(told) if told else _DOWNLOADS.expanduser()
    if place.name == JAR and place.is_file():
        return place
    inside = sorted(place.glob(_FOLDERS), key=_numbers, reverse=True) if place.is_dir() else []
    for folder in (place, *inside):
        if (folder / JAR).is_file():
            return folder / JAR
    raise NoServerError(f"no LanguageTool in {place}: looked for {JAR}", hint=_GET_IT)


def release_of(jar: Path) -> str:
    """The version of LanguageTool that lies around a jar; empty if nothing there says it."""
    beside = sorted((jar.parent / "libs").glob("languagetool-core*.jar"))
    for told in (*(path.stem for path in beside), jar.parent.name):
        number = _RELEASE.search(told)
        if number:
            return number.group()
    return ""


def _numbers(path: Path) -> list[int]:
    return [int(number) for number in _NUMBER.findall(path.name)]


def find_java() -> str:
    """Java, as ``JAVA_HOME`` or the path has it, late enough for LanguageTool.

    Raises:
        NoJavaError: there is none, or it does not run.
        OldJavaError: there is one, but too old.
    """
    home = os.environ.get("JAVA_HOME", "")
    found = shutil.which("java", path=str(Path(home) / "bin")) if home else None
    java = found or shutil.which("java")
    hint = f"install a Java runtime, {OLDEST_JAVA} or later, such as the package default-jre-headless"
    if java is None:
        raise NoJavaError("LanguageTool needs Java, and there is none on the path", hint=hint)
    try:
        told = subprocess.run([java, "-version"], capture_output=True, check=True, timeout=10)  # noqa: S603
    except (OSError, subprocess.SubprocessError) as error:
        raise NoJavaError(f"{java} does not run", hint=hint) from error
    version = _VERSION.search(told.stderr.decode("utf-8", "replace"))
    if version is None:
        raise NoJavaError(f"{java} does not say its version", hint=hint)
    first, second = version.groups()
    number = int(second or 0) if first == "1" else int(first)
    if number < OLDEST_JAVA:
        raise OldJavaError(f"LanguageTool needs Java {OLDEST_JAVA} or later; {java} is {number}", hint=hint)
    return java


@contextmanager
def local_server(heap: str = HEAP) -> Iterator[Local]:
    """A server of our own while this is open.

    Raises:
        NoServerError: no jar.
        NoJavaError: no Java; OldJavaError: too old.
        StartError: it ended before it answered, or never answered.
    """
    if sys.platform == "win32":
        raise StartError("LanguageTool is not started on Windows", hint="start it, and give its address")
    jar = find_jar()
    java = find_java()
    with tempfile.TemporaryDirectory(prefix="curate-languagetool-", ignore_cleanup_errors=True) as folder:
        (Path(folder) / "logback.xml").write_text(_QUIET)
        (Path(folder) / "server.properties").write_text(_SETTINGS)
        kept, port = _started(_command(java, jar, heap, folder), folder)
        try:
            yield Local(f"http://127.0.0.1:{port}", folder)
        finally:
            _end(kept)


def _command(java: str, jar: Path, heap: str, folder: str) -> list[str]:
    return [
        *(java, f"-Xmx{heap}", "-XX:+UseSerialGC", "-XX:+DisplayVMOutputToStderr", "-Dfile.encoding=UTF-8"),
        "-Dsun.net.httpserver.nodelay=true",  # otherwise each answer waits 40 ms for an acknowledgement
        f"-Dlogback.configurationFile={folder}/logback.xml",
        *("-cp", str(jar), "org.languagetool.server.HTTPServer", "--config", f"{folder}/server.properties"),
    ]


def _started(command: list[str], folder: str) -> tuple[subprocess.Popen[bytes], int]:
    """The keeper of a server that has answered; another port is tried once if somebody was quicker."""
    for is_last in (False, True):
        port = _free_port()
        kept = _keeper([*command, "--port", str(port)], folder)
        said = ""
        try:
            if _answers(f"http://127.0.0.1:{port}", kept):
                return kept, port
            said = (Path(folder) / keeper.LOG).read_text("utf-8", "replace")
        except BaseException:
            _end(kept)
            raise
        _end(kept)
        if is_last or not any(words in said for words in _TAKEN):
            break
    raise StartError("LanguageTool does not start", hint=_last_words(said))


def _keeper(command: list[str], folder: str) -> subprocess.Popen[bytes]:
    # A session of its own: an interrupt from the keyboard is ours to handle. -I -S: it starts in 20 ms.
    return subprocess.Popen(  # noqa: S603 (a script of this package)
        [sys.executable, "-I", "-S", keeper.__file__, folder, *command],
        stdin=subprocess.PIPE,
        start_new_session=True,
    )


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def _answers(url: str, kept: subprocess.Popen[bytes]) -> bool:
    """Whether the server answered before it ended and in time; tells its keeper so."""
    until = time.monotonic() + STARTS_WITHIN
    client = Client(url)
    while kept.poll() is None and time.monotonic() < until:
        with suppress(RequestError):
            client.languages()
            client.close()
            if kept.stdin is not None:
                kept.stdin.write(b"\n")
                kept.stdin.flush()
            return kept.poll() is None
        time.sleep(keeper.EVERY)
    return False


def _end(kept: subprocess.Popen[bytes]) -> None:
    """End the keeper, and it the server."""
    with suppress(OSError):
        if kept.stdin is not None:
            kept.stdin.close()
    try:
        kept.wait(5)
    except subprocess.TimeoutExpired:
        kept.kill()
        kept.wait()


def _last_words(said: str) -> str:
    """What Java said last: no row was sent yet, so none can be quoted."""
    lines = [line[:_LONGEST_LINE] for line in said.splitlines() if line.strip() and "\tat " not in line]
    return "Java said: " + "\n  ".join(lines[-_LAST_WORDS:]) if lines else "Java said nothing"
