"""``curate fix`` on every public file, judged by a second lexer that shares no code with the locks."""

from __future__ import annotations

import tempfile
from collections import Counter
from pathlib import Path

from benchmarks.bar import ROOT, Outcome, curate, measure, needs_data, real_data
from tests.oracles.judged_fix import Judged, judge

LINE = "public files whose edits stay out of protected places and keep the meaning"
GLOSSARY = ROOT / "data" / "glossaries" / "medical.yaml"
CODE = ("HumanEval", "stack_exchange")
SPARED = ("grammar.", "terms.")


def run() -> list[Outcome]:
    """All edits of all files, by who made them."""
    folder = real_data()
    if folder is None:
        return [needs_data(LINE, "0 touched")]
    judged: dict[str, Judged] = {}
    trouble: list[str] = []
    with tempfile.TemporaryDirectory() as kept:
        for source in files(folder, Path(kept)):
            out = Path(kept) / f"{len(judged)}-{source.name.removesuffix('.gz')}"
            flags = ["--glossary", str(GLOSSARY)] if GLOSSARY.exists() else []
            done = measure(curate("fix", str(source), "-o", str(out), *flags))
            if done.code not in (0, 1) or not out.exists():
                trouble.append(f"{source.name}: exit {done.code} {done.stderr[:200]}")
                continue
            judged[source.name] = judge(source, out, out.with_name(out.name + ".ledger.jsonl"))
    return _outcomes(judged, trouble)


def files(folder: Path, kept: Path) -> list[Path]:
    """Every file with rows; T0 is unpacked."""
    import zstandard  # noqa: PLC0415 (kept beside its use)

    found = sorted(
        path
        for path in folder.glob("*/*")
        if path.name.endswith((".json", ".jsonl", ".jsonl.gz")) and path.name != "dataset_info.json"
    )
    for packed in folder.glob("*/*.zst"):
        plain = kept / packed.name.removesuffix(".zst")
        with packed.open("rb") as source, plain.open("wb") as target:
            zstandard.ZstdDecompressor().copy_stream(source, target)
        found.append(plain)
    return found


def _outcomes(judged: dict[str, Judged], trouble: list[str]) -> list[Outcome]:
    edits = sum((one.edits for one in judged.values()), Counter[str]())
    inside = [place for one in judged.values() for place in one.inside]
    meaning = [place for one in judged.values() for place in one.meaning]
    unlike = [*trouble, *(place for one in judged.values() for place in one.unlike)]
    rows = sum(one.rows for one in judged.values())
    code = Counter(
        {name: one.edits.total() for name, one in judged.items() if name.startswith(CODE) and one.edits}
    )
    maths = {
        name: spared
        for name, one in judged.items()
        if name in ("train.jsonl", "test.jsonl")
        and (spared := sum(count for check, count in one.edits.items() if check.startswith(SPARED)))
    }
    foreign = sum(one.foreign for one in judged.values())
    spoken = sum((one.spoken for one in judged.values()), Counter[str]())
    european = [place for one in judged.values() for place in one.european]
    seen = ", ".join(f"{name} {count:,}" for name, count in sorted(spoken.items()))
    told = ", ".join(f"{check} {count:,}" for check, count in edits.most_common())
    return [
        Outcome(
            f"edits of {rows:,} rows in {len(judged)} files",
            told or "none",
            "told",
            None if trouble else True,
        ),
        Outcome("edits inside protected places", _some(inside), "0", not inside),
        Outcome("texts with other digits, URLs, negations, modals", _some(meaning), "0", not meaning),
        Outcome("outputs that are not what the ledger says", _some(unlike), "0", not unlike),
        Outcome("edits in files of code", f"{code.total()} {dict(code) or ''}", "0", not code),
        Outcome("grammar and terminology edits in GSM8K", f"{sum(maths.values())}", "0", not maths),
        Outcome("grammar and terminology edits in East Asian texts", str(foreign), "0", not foreign),
        Outcome(
            "grammar edits in Spanish, German and French texts",
            f"{_some(european)} (texts: {seen or 'none'})",
            "0",
            bool(spoken) and not european,
        ),
    ]


def _some(places: list[str]) -> str:
    return f"{len(places)}" + (f": {'; '.join(places[:5])}" if places else "")
