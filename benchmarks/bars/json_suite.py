"""JSONTestSuite (MIT): every document through the reader."""

from __future__ import annotations

import base64
import json
import tempfile
from pathlib import Path

from benchmarks.bar import ROOT, Outcome
from curate.api import report
from curate.core.errors import CurateError


def run() -> list[Outcome]:
    """Valid documents give rows or "not a row"; invalid ones are refused or quarantined; none crashes."""
    lines = (ROOT / "tests" / "data" / "jsontestsuite.jsonl").read_text("utf-8").splitlines()
    documents = [json.loads(line) for line in lines]
    wrong = []
    with tempfile.TemporaryDirectory() as folder:
        for document in documents:
            path = Path(folder) / "document.json"
            path.write_bytes(base64.b64decode(document["base64"]))
            if not _right(document["name"], path):
                wrong.append(document["name"])
    done = len(documents) - len(wrong)
    figure = f"{done} of {len(documents)}" + (f"; wrong: {', '.join(wrong[:9])}" if wrong else "")
    return [
        Outcome(
            "JSONTestSuite documents handled as their names say",
            figure,
            "all of 318",
            not wrong and len(documents) == 318,
        )
    ]


def _right(name: str, path: Path) -> bool:
    """``y_`` must be read, ``n_`` must not, ``i_`` may be either; nothing may crash.

    A document whose objects are in no layout is refused as a whole; if it is valid, the error names its fields.
    """
    try:
        result = report(str(path))
    except CurateError as error:
        return bool(error.what) and ("no layout fits" in error.what or not name.startswith("y_"))
    refused = [item for item in result.quarantine if "not a row" not in item.reason]
    found = {problem.check for problem in result.problems} & {"schema.nonfinite", "schema.duplicate-key"}
    balanced = (
        result.rows.balanced
        and sum(f.row_bytes + f.quarantined_bytes + f.separator_bytes for f in result.files)
        == result.files[0].size
    )
    if name.startswith("y_"):
        return balanced and not refused
    if name.startswith("n_"):
        return balanced and (bool(refused) or bool(found) or result.verdict.exit_code == 3)
    return balanced
