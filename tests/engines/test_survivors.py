"""``--keep``: values are compared as what they are, or it is said what they are not."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest

from curate.core.errors import UsageError
from curate.engines.deduping import Rules, dedup
from curate.engines.survivors import Policy

if TYPE_CHECKING:
    from pathlib import Path

ASK = "Explain what escrow means to the buyer of a house."
ASKS = (ASK, ASK + " ", "Please " + ASK)


def kept_of(folder: Path, policy: str, values: list[Any]) -> list[Any]:
    """The values of ``day`` in the rows that stay, of rows that ask and teach the same."""
    path, out = folder / "data.jsonl", folder / "out.jsonl"
    rows = [
        {"instruction": ask, "output": "A third party holds the money.", "day": value}
        for ask, value in zip(ASKS, values, strict=False)
    ]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    dedup(path, out=out, rules=Rules(keep=Policy.parse(policy)))
    return [json.loads(line)["day"] for line in out.read_text("utf-8").splitlines()]


@pytest.mark.parametrize(
    ("policy", "values", "kept"),
    [
        ("newest:day", [9, 10, 8], 1),
        ("oldest:day", ["1e3", "999", "1000.5"], 1),
        ("newest:day", ["2024-05-01T12:00:00+02:00", "2024-05-01T11:00:00Z", "2024-05-01T10:30:00"], 1),
        ("newest:day", ["2024-05-01", "2024-04-30T23:59:59", None], 0),
        ("newest:day", [1700000000000000001, 1700000000000000002, 1700000000000000000], 1),
        ("highest:day", ["nan", "unknown", "-3"], 2),
        ("lowest:day", ["inf", None, 7], 2),
    ],
)
def test_fields_are_compared_as_numbers_or_times(
    tmp_path: Path, policy: str, values: list[Any], kept: int
) -> None:
    assert kept_of(tmp_path, policy, values) == [values[kept]]


@pytest.mark.parametrize(
    ("policy", "values", "told"),
    [
        ("newest:day", ["2024-05-01", "31.12.2023"], "has '31.12.2023', which is no time"),
        ("oldest:day", ["2024-05-01", "jo.doe@corp.example"], "has '█{19}', which is no time"),
        (
            "newest:day",
            ["2024-05-01", "1714521600"],
            "has '1714521600', .* beside values that are no numbers",
        ),
        ("newest:day", ["nan", "1"], "has 'nan', which is no time"),
        ("highest:day", ["jo.doe@corp.example", "good"], "no row has a number in the field 'day'"),
        ("day=human", ["jo.doe@corp.example", "model"], "(?s)no row has 'human'.*█{19}.*'model'"),
    ],
)
def test_values_that_the_rule_does_not_understand_are_an_error(
    tmp_path: Path, policy: str, values: list[Any], told: str
) -> None:
    with pytest.raises(UsageError) as raised:
        kept_of(tmp_path, policy, values)
    assert re.search(told, str(raised.value))
    assert "doe" not in str(raised.value)
