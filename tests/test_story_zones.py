"""Local clocks: the offsets are those that DuckDB knows, whatever the machine."""

from __future__ import annotations

import duckdb
import numpy as np
import pytest

from casekit.world.story.zones import ZONES, utc_offset_s

DAY_S = 86_400


@pytest.mark.parametrize("zone", ZONES)
def test_offsets_are_true(zone: str):
    """At noon of every day from 2021 to 2027 each clock shows what DuckDB says."""
    days = np.arange(18_628, 21_184)
    mine = utc_offset_s([zone], np.zeros(len(days), np.int64), days)
    with duckdb.connect() as con:
        con.register("noons", {"day": days, "utc_s": days * DAY_S + DAY_S // 2 - mine})
        wrong = con.execute(
            """SELECT day FROM noons
            WHERE (make_timestamp(utc_s * 1000000) AT TIME ZONE 'UTC') AT TIME ZONE $1
            <> make_timestamp((day * 86400 + 43200) * 1000000)""",
            [zone],
        ).fetchall()

    assert [] == wrong


def test_each_day_has_its_zone():
    """Each day is reckoned by the zone at its own place."""
    place, days = np.array([0, 1, 0]), np.array([20_240, 20_240, 20_100])  # June 2025 twice, January

    assert [-14_400, 36_000, -18_000] == utc_offset_s(
        ["America/New_York", "Australia/Sydney"], place, days
    ).tolist()


def test_unknown_zone_is_named():
    """A zone that is not written down is no silent zero."""
    with pytest.raises(KeyError, match="Europe/Nowhere"):
        utc_offset_s(["Europe/Nowhere"], np.zeros(1, np.int64), np.array([20_000]))
