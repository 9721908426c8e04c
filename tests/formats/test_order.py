"""Cells that order the lines of a conversation."""

from __future__ import annotations

import polars as pl
import pytest

from curate.core.errors import UsageError
from curate.formats.order import order_keys


def keys(*cells: str | None) -> list[float | None]:
    return order_keys(pl.Series("c", cells, pl.String), "created")[0].to_list()


def told(*cells: str | None) -> tuple[str, ...]:
    return order_keys(pl.Series("c", cells, pl.String), "created")[1]


@pytest.mark.parametrize(
    "cells",
    [
        ("9", "10", "11.5"),
        ("2024-03-01", "2024-03-01T09:59:59", "2024-03-01 10:00", "2024-03-01 10:00:00.250"),
        ("2024-03-01T10:00:00+02:00", "2024-03-01T09:00:00Z", "2024-03-01T05:00:00-05:00"),
        ("31.3.2024 23:59", "01.04.2024 00:01", "1.10.2024"),
        ("12/31/2024 11:59 PM", "1/1/2025 12:05 AM", "1/1/2025 1:00 AM", "1/1/2025 12:00 p.m."),
        ("31/12/2024 10:00", "02/01/2025 09:00"),
    ],
)
def test_they_sort_by_time(cells: tuple[str, ...]) -> None:
    found = keys(*cells)
    assert None not in found
    assert found == sorted(found, key=float)
    assert len(set(found)) == len(cells)


def test_zones_are_one_clock() -> None:
    first, second = keys("2024-03-01T10:00:00.5-05:30", "2024-03-01 15:30:00.5 UTC")
    assert first == second == 1_709_307_000.5


def ordered(*cells: str, groups: str, form: str = "") -> tuple[list[float | None], tuple[str, ...]]:
    found, notes = order_keys(pl.Series("c", cells, pl.String), "created", form, pl.Series(list(groups)))
    return found.to_list(), notes


def test_a_slash_date_that_could_be_both_is_refused_where_the_order_depends_on_it() -> None:
    with pytest.raises(UsageError, match="the dates in 'created' may be day/month or month/day") as caught:
        ordered("03/04/2024", "01/06/2024", "02/05/2024", "01/02/2024", groups="AAAB")
    assert "--order-by created:dmy or --order-by created:mdy" in caught.value.hint


def test_the_order_of_the_file_decides_if_it_agrees_with_one_reading_only() -> None:
    days, said = ordered("03/04/2024", "02/05/2024", groups="AA")
    assert (sorted(days, key=float), said) == (days, ("'created' is read as day/month/year",))  # type: ignore[arg-type]
    months, said = ordered("02/05/2024", "03/04/2024", groups="AA")
    assert (sorted(months, key=float), said) == (months, ("'created' is read as month/day/year",))  # type: ignore[arg-type]


def test_the_lines_of_other_conversations_decide_nothing() -> None:
    assert ordered("03/04/2024", "02/05/2024", groups="AB")[1] == ("'created' is read as day/month/year",)


def test_the_user_says_how_dates_are_read() -> None:
    cells = ("03/04/2024", "02/05/2024", "01/06/2024")
    days, said = ordered(*cells, groups="AAA", form="dmy")
    assert (sorted(days, key=float), said) == (days, ())  # type: ignore[arg-type]
    months, said = ordered(*cells, groups="AAA", form="mdy")
    assert (sorted(months, key=float, reverse=True), said) == (months, ())  # type: ignore[arg-type]
    assert ordered("13/04/2024", groups="A", form="mdy")[0] == [None]


def test_a_slash_date_that_could_be_both_is_told() -> None:
    assert told("1/2/2024", "3/4/2024") == ("'created' is read as day/month/year",)
    assert told("1/2/2024 1:00 PM", "3/4/2024 2:00 AM") == ("'created' is read as month/day/year",)
    assert told("1/2/2024", "3/13/2024") == ()


def test_what_is_no_time_has_no_key_and_is_told() -> None:
    assert keys("2024-01-02", "soon", None, "2024-13-40")[1:] == [None, None, None]
    assert told("2024-01-02", "soon", None, "2024-13-40") == (
        "2 cells of 'created' are no time or number: their lines stay where they are",
    )


def test_without_a_column_nothing_is_said() -> None:
    found, notes = order_keys(pl.Series("c", ["2024-01-02"], pl.String), "")
    assert (found.to_list(), notes) == ([None], ())
