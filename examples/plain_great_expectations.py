"""Suites of ``expectations/`` in plain Great Expectations, without curate.

    curate expectations frame data.jsonl -o rows.parquet
    python examples/plain_great_expectations.py rows.parquet --suite expectations/sft.json

Prints a line of JSON for each expectation: the frame, the suite, the expectation with its columns, whether it holds,
how many values it looked at, and the ``row_number`` of each row that breaks it.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

import great_expectations as gx
import pandas as pd

FORM = {
    "result_format": "COMPLETE",
    "unexpected_index_column_names": ["row_number"],
    "include_unexpected_rows": False,
}


def validated(frame: Path, suites: list[Path]) -> list[dict[str, Any]]:
    """What the suites say of a frame."""
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False}
    asset = context.data_sources.add_pandas("pandas").add_dataframe_asset("rows")
    batch = asset.add_batch_definition_whole_dataframe("all").get_batch({"dataframe": pd.read_parquet(frame)})
    told = []
    for path in suites:
        suite = gx.ExpectationSuite(**json.loads(path.read_text("utf-8")))
        for result in batch.validate(suite, result_format=FORM).results:
            found, asked = result.result, result.expectation_config
            rows = sorted(int(one["row_number"]) for one in found.get("unexpected_index_list") or ())
            looked = int(found.get("element_count", 1)) - int(found.get("missing_count") or 0)
            told.append(
                {
                    "frame": frame.stem,
                    "suite": path.stem,
                    "expectation": asked.type,
                    "columns": asked.kwargs.get("column") or asked.kwargs.get("column_list"),
                    "success": bool(result.success),
                    "looked": looked,
                    "rows": [] if result.success else rows,
                }
            )
    return told


def main() -> None:
    """Read the command line, and print what is said."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("frames", nargs="+", type=Path, metavar="FRAME")
    parser.add_argument("--suite", action="append", required=True, type=Path, metavar="SUITE")
    given = parser.parse_args()
    for frame in given.frames:
        for line in validated(frame, given.suite):
            print(json.dumps(line))  # noqa: T201 (what it is for)


if __name__ == "__main__":
    main()
