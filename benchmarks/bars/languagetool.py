"""LanguageTool: many rows in a request with the same lints, Spanish in Spanish, failures that are told, no orphans."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import time
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from itertools import islice
from typing import TYPE_CHECKING

import psutil  # type: ignore[import-untyped]
import zstandard

from benchmarks.bar import ROOT, Outcome, needs_data, own_cpu, real_data
from curate.grammar.engine import Masked, Unchecked
from curate.grammar.languagetool.client import Client
from curate.grammar.languagetool.engine import LanguageTool
from curate.grammar.languagetool.errors import RequestError
from curate.grammar.languagetool.server import PLACE, find_jar, find_java
from curate.protect import protected_spans
from tests.languagetool_lab import free_port, javas, real_texts, server_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

SAME = "lints of packed rows that rows alone have not, or the other way round"
RATE = "20 rows a request against one row a request: {}"
SPANISH = "Spanish targets: mistakes found in Spanish, and words of Spanish called mistakes"
FAILURES = "failures at the start and in the middle: told in time, by a typed error or as unchecked"
ORPHANS = "servers left behind by ends of every kind (exit, exception, signals, kill -9, a killed keeper)"
RATIO = 2.0
MARK = "CURATE_BAR_RUN"
BLOCK, BLOCKS, WARM = 40, 5, 400
"""Rows measured at a time, times for each way, and rows before anything is measured: Java compiles what is used."""

WRONG_SPANISH = (
    ("El a dicho que vendrá mañana.", "a"),
    ("Quiza llueva por la tarde.", "Quiza"),
    ("Los niño juegan en el parque.", "Los niño"),
    ("No se que hacer con esto.", "que"),
    ("Tu no vienes nunca a verme.", "Tu"),
    ("Lo ha echo muy bien.", "echo"),
    ("El informacion llegó tarde.", "informacion"),
    ("Haber si nos vemos pronto.", "Haber si"),
)
"""A mistake of every learner in each, and where it stands."""

RIGHT_SPANISH = (
    "El paciente debe tomar el medicamento con agua después de comer.",
    "¿Qué síntomas tiene la enfermedad y cómo se diagnostica?",
    "La ley establece que el contrato será nulo si falta una de las firmas.",
    "Los resultados muestran que el tratamiento reduce el riesgo de recaída.",
)


def run() -> list[Outcome]:
    """With the server at hand; nothing is measured without."""
    if not os.environ.get(PLACE) or shutil.which("java") is None:
        return [Outcome(SAME, f"not run: {PLACE} names no folder, or no Java", "0", None), _told()]
    folder = real_data()
    with LanguageTool().opened() as engine:
        same = _same(engine, folder)
        spanish = _spanish(engine)
        own = _Server(engine, server_of(engine))
        ours = _spent(own, _short(folder, 0)) if folder else None
        longer = _spent(own, _long(folder)) if folder else None
    if folder is None or ours is None or longer is None:
        return [same, needs_data(RATE.format("short rows"), ">= 2x by both"), spanish, _told(), _orphans()]
    with _plain_server() as plain:
        theirs = _spent(plain, _short(folder, 1))
        theirs_longer = _spent(plain, _long(folder))
    told = {"its longer rows": theirs_longer, "curate's server, short rows": ours, "longer rows": longer}
    return [
        same,
        _rate("a server as its manual starts it, short rows", *theirs, told),
        _against(ours[0], theirs[1]),
        spanish,
        _told(),
        _orphans(),
    ]


def _masked(texts: Sequence[str]) -> list[Masked]:
    return [Masked(text, tuple((one.start, one.end) for one in protected_spans(text))) for text in texts]


def _same(engine: LanguageTool, folder: Path | None) -> Outcome:
    """Rows of four sets, as they are and with their protected places."""
    if folder is None:
        return needs_data(SAME, "0")
    texts = real_texts(folder, 480)
    given = [*map(Masked, texts), *_masked(texts), *(Masked(text, (), "es") for text in texts[:80])]
    packed, alone = engine.lint(given), replace(engine, texts=1).lint(given)
    differ = sum(one != other for one, other in zip(packed, alone, strict=True))
    lints = sum(len(one) for one in packed if not isinstance(one, Unchecked))
    unchecked = sum(isinstance(one, Unchecked) for one in packed)
    figure = f"{differ} of {len(given):,} rows with {lints:,} lints; {unchecked} unchecked"
    return Outcome(SAME, figure, "0, on >= 400 real rows", differ == unchecked == 0 and len(texts) >= 400)


def _short(folder: Path, part: int) -> list[str]:
    """Answers of GSM8K and completions of T0, up to 300 characters; two parts that share no row."""
    sums = [json.loads(line)["answer"] for line in (folder / "gsm8k/train.jsonl").open(encoding="utf-8")]
    with zstandard.open(folder / "selfinstruct/t0_55k.jsonl.zst", "rt", encoding="utf-8") as lines:
        said = [json.loads(line)["completion"] for line in islice(lines, 0, None, 9)]
    short = (
        [text for text in dict.fromkeys(texts) if 40 <= len(text.strip()) <= 300] for texts in (sums, said)
    )
    return [text for pair in [*zip(*short, strict=False)][part::2] for text in pair]


def _long(folder: Path) -> list[str]:
    """The first 700 characters of answers of MedQuAD."""
    with (folder / "medquad/medquad_health.jsonl").open(encoding="utf-8") as lines:
        texts = [json.loads(line)["output"][:700] for line in lines]
    return [text for text in dict.fromkeys(texts) if len(text) > 400][1::2]


@dataclass(frozen=True)
class _Server:
    engine: LanguageTool
    pid: int

    def cpu(self) -> float:
        """CPU seconds of server and client so far."""
        used = psutil.Process(self.pid).cpu_times()
        return float(used.user + used.system) + own_cpu()


@dataclass
class _Spent:
    """What some rows took: seconds by the clock, and CPU seconds of server and client."""

    rows: int = 0
    letters: int = 0
    clock: float = 0.0
    cpu: float = 0.0

    def __str__(self) -> str:
        mean = self.letters / self.rows
        return (
            f"{self.rows / self.clock:.0f} rows/s, {self.rows / self.cpu:.0f} a CPU s ({mean:.0f} characters)"
        )


def _spent(server: _Server, texts: Sequence[str]) -> tuple[_Spent, _Spent]:
    """Rows that were not seen before, packed and alone by turns: what else runs here hits both alike."""
    packed, alone = _Spent(), _Spent()
    ways = ((packed, server.engine), (alone, replace(server.engine, texts=1)))
    for _, engine in ways:
        engine.lint([Masked(text) for text in texts[: WARM // 2]])
    rows = iter(texts[WARM:])
    for _ in range(BLOCKS):
        for spent, engine in ways:
            block = [Masked(text) for text in islice(rows, BLOCK)]
            clock, cpu = time.monotonic(), server.cpu()
            engine.lint(block)
            spent.clock += time.monotonic() - clock
            spent.cpu += server.cpu() - cpu
            spent.rows += len(block)
            spent.letters += sum(len(one.text) for one in block)
    return packed, alone


def _gain(packed: _Spent, alone: _Spent) -> tuple[float, float]:
    """How many times the rows of the other way, by the clock and by CPU."""
    clock = (alone.clock / alone.rows) / (packed.clock / packed.rows)
    return clock, (alone.cpu / alone.rows) / (packed.cpu / packed.rows)


def _rate(name: str, packed: _Spent, alone: _Spent, told: Mapping[str, tuple[_Spent, _Spent]]) -> Outcome:
    """The bar, and what is only told.

    A server as curate starts it keeps its rules loaded and answers without delay, so that a request itself costs little
    and packing has little to gain; the same holds for longer rows, where the text costs more than the request.
    """
    clock, cpu = _gain(packed, alone)
    others = "".join(
        "; {}: {:.1f}x by the clock, {:.1f}x by CPU ({} against {})".format(what, *_gain(*spent), *spent)
        for what, spent in told.items()
    )
    figure = f"{clock:.1f}x by the clock, {cpu:.1f}x by CPU: {packed} against {alone}. Told{others}"
    return Outcome(RATE.format(name), figure, ">= 2x by both", min(clock, cpu) >= RATIO)


def _against(ours: _Spent, theirs: _Spent) -> Outcome:
    """By CPU alone: the two were not measured by turns, and the clock tells what else was going on."""
    _, cpu = _gain(ours, theirs)
    name = "curate and its server against the manual's, short rows"
    return Outcome(RATE.format(name), f"{cpu:.1f}x by CPU: {ours} against {theirs}", ">= 2x", cpu >= RATIO)


@contextmanager
def _plain_server() -> Iterator[_Server]:
    """A server with the settings it comes with, as somebody else's would be."""
    port = free_port()
    command = [
        find_java(),
        "-Xmx1g",
        "-cp",
        str(find_jar()),
        "org.languagetool.server.HTTPServer",
        "--port",
        str(port),
    ]
    engine = LanguageTool(f"http://127.0.0.1:{port}")
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as java:
        try:
            _await(engine.url)
            with engine.opened() as opened:
                yield _Server(opened, java.pid)
        finally:
            java.kill()


def _await(url: str) -> None:
    until = time.monotonic() + 60
    with closing(Client(url)) as client:
        while True:
            try:
                client.languages()
            except RequestError:
                if time.monotonic() > until:
                    raise
                time.sleep(0.1)
            else:
                return


def _spanish(engine: LanguageTool) -> Outcome:
    wrong = [Masked(text, (), "es") for text, _ in WRONG_SPANISH]
    right = [Masked(text, (), "es") for text in RIGHT_SPANISH]
    found = 0
    for lints, (text, place) in zip(engine.lint(wrong), WRONG_SPANISH, strict=True):
        at = re.search(rf"\b{place}\b", text)
        found += at is not None and any(
            lint.start < at.end() and lint.end > at.start()
            for lint in ([] if isinstance(lints, Unchecked) else lints)
        )
    false = sum(len(lints) for lints in engine.lint(right) if not isinstance(lints, Unchecked))
    figure = f"{found} of {len(wrong)} sentences; {false} in {len(right)} right ones"
    return Outcome(SPANISH, figure, ">= .75 found, 0 false", found >= 0.75 * len(wrong) and not false)


def _pytest(*arguments: str, **variables: str) -> tuple[int, str]:
    """Exit code and last line of some tests."""
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, **variables},
    )
    return done.returncode, done.stdout.strip().rpartition("\n")[2]


def _told() -> Outcome:
    code, last = _pytest("tests/grammar/test_languagetool_failures.py")
    return Outcome(FAILURES, last, "all pass, absence in < 2 s each", code == 0)


def _orphans() -> Outcome:
    """Of the servers that the tests start, which inherit a mark of this run; others may run some of their own."""
    mark = f"{os.getpid()} {time.monotonic_ns()}"
    code, last = _pytest(
        "tests/grammar/test_languagetool_server.py", "-k", "left_behind or killed", **{MARK: mark}
    )
    left = sum(_mark_of(pid) == mark for pid in javas())
    return Outcome(ORPHANS, f"{left}; {last}", "0, all pass", not code and not left and "skipped" not in last)


def _mark_of(pid: int) -> str:
    try:
        return str(psutil.Process(pid).environ().get(MARK, ""))
    except psutil.Error:
        return ""
