"""What a parquet file says of its columns beside their values, so that a file made of its rows says the same.

Libraries keep their own types in the metadata of the schema: ``huggingface`` holds the features of ``datasets``, and
``ARROW:schema`` the Arrow types (``string`` or ``large_string``, the index of a dictionary) that parquet itself does
not tell apart (arrow.apache.org/docs/cpp/parquet.html, "Serialization details").
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from collections.abc import Mapping

ARROW_SCHEMA = "ARROW:schema"

_PARQUET = b"PAR1"
_ALIKE = (pl.String, pl.Binary, pl.Boolean, pl.Categorical, pl.Enum, pl.Null, pl.Date, pl.Datetime)
"""Types that polars writes as it read them; durations get another unit, which the stored schema would misname."""


def table_metadata(source: object, schema: Mapping[str, pl.DataType]) -> dict[str, str]:
    """The metadata to write with rows of a source; empty if it is no parquet file.

    Args:
        source: as :func:`curate.formats.columnar.table_chunks` takes it.
        schema: of the rows that are written.
    """
    path = Path(source) if isinstance(source, str | Path) else None
    if path is None or not path.is_file():
        return {}
    with path.open("rb") as file:
        if file.read(len(_PARQUET)) != _PARQUET:
            return {}
    found = dict(pl.read_parquet_metadata(path))
    if not all(map(_is_alike, schema.values())):
        found.pop(ARROW_SCHEMA, None)
    return found


def _is_alike(dtype: pl.DataType) -> bool:
    if isinstance(dtype, pl.Struct):
        return all(_is_alike(inner.dtype) for inner in dtype.fields)  # type: ignore[arg-type]
    if isinstance(dtype, pl.List | pl.Array):
        return _is_alike(dtype.inner)  # type: ignore[arg-type]
    return dtype.is_integer() or dtype.is_float() or isinstance(dtype, _ALIKE)
