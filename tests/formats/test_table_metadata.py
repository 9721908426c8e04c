"""What a parquet file says of its columns beside their values stays with its rows: dropped, edited, undone."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest

from curate.cli.main import main
from curate.formats.columnar import write_table
from curate.formats.table_metadata import ARROW_SCHEMA, table_metadata

if TYPE_CHECKING:
    from pathlib import Path

pa = pytest.importorskip("pyarrow")
pq = pytest.importorskip("pyarrow.parquet")

FEATURES = json.dumps({"info": {"features": {"prompt": {"dtype": "string", "_type": "Value"}}}})


def saved(path: Path) -> Any:
    """A table with the types and the metadata that ``datasets`` writes; its second row has a leaked token."""
    schema = pa.schema(
        [("prompt", pa.string()), ("completion", pa.large_string()), ("tags", pa.list_(pa.string()))],
        metadata={"huggingface": FEATURES},
    ).append(pa.field("kind", pa.dictionary(pa.int32(), pa.string())))
    rows = [
        {"prompt": f"Who signs page {n}?", "completion": f"The tenant signs it.{'<|im_end|>' * (n == 1)}"}
        for n in range(3)
    ]
    table = pa.Table.from_pylist([{**row, "tags": ["a"], "kind": "b"} for row in rows], schema=schema)
    pq.write_table(table, path)
    return pq.read_schema(path)


def run(*words: object) -> None:
    with pytest.raises(SystemExit) as end:
        main([*map(str, words)])
    assert not end.value.code


def test_an_edited_table_and_its_undoing_have_the_schema_that_was_read(tmp_path: Path) -> None:
    path, out, back = (tmp_path / f"{name}.parquet" for name in ("data", "out", "back"))
    schema = saved(path)
    run("fix", path, "-o", out)
    run("undo", f"{out}.ledger.jsonl", out, "-o", back)
    assert "<|im_end|>" not in str(pq.read_table(out).to_pylist())
    assert pq.read_table(back).equals(pq.read_table(path))
    for made in (out, back):
        assert pq.read_schema(made).equals(schema, check_metadata=True)


def test_kept_rows_have_the_schema_that_was_read(tmp_path: Path) -> None:
    path, out = tmp_path / "data.parquet", tmp_path / "out.parquet"
    schema = saved(path)
    write_table(path, [0, 2], out)
    assert pq.read_schema(out).equals(schema, check_metadata=True)


def test_a_stored_schema_that_would_misname_values_is_left_out(tmp_path: Path) -> None:
    path, out = tmp_path / "data.parquet", tmp_path / "out.parquet"
    table = pa.table({"took": pa.array([timedelta(seconds=5)], pa.duration("s"))}, metadata={"own": "x"})
    pq.write_table(table, path)
    assert ARROW_SCHEMA not in table_metadata(path, pl.read_parquet_schema(path))
    write_table(path, [0], out)
    made = pq.read_table(out)
    assert made["took"].to_pylist() == [timedelta(seconds=5)]
    assert pl.read_parquet_metadata(out)["own"] == "x"


def test_what_is_no_parquet_file_has_none(tmp_path: Path) -> None:
    (tmp_path / "a.arrow").write_bytes(b"ARROW1")
    for source in (tmp_path / "a.arrow", tmp_path / "none.parquet", pl.DataFrame(), None):
        assert table_metadata(source, {}) == {}
