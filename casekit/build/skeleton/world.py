"""Exampleton in March 2025: phones bring two of three visits and convert half as well as laptops."""

from __future__ import annotations

from typing import TYPE_CHECKING

from casekit.world import ColumnSpec, Fact, TableSpec, World

if TYPE_CHECKING:
    from casekit.world.declare import Rows
    from casekit.world.draws import Draws

FIRST_DAY = 20_148  # 1 March 2025, in days since 1970
DAYS = 31
DEVICES = ("phone", "laptop")
DEVICE_WEIGHTS = (2, 1)
ORDER_SHARE = {"phone": 0.04, "laptop": 0.08}
SECOND_ORDER_SHARE = 0.15

VISITS = TableSpec(
    "visits",
    "one row per visit",
    (
        ColumnSpec("visit_id", "integer", "number of the visit"),
        ColumnSpec("day", "date", "day of the visit, UTC"),
        ColumnSpec("device", "text", "device of the visit", values=DEVICES),
    ),
)
ORDERS = TableSpec(
    "orders",
    "one row per order; a visit may have none or several",
    (
        ColumnSpec("order_id", "integer", "number of the order"),
        ColumnSpec("visit_id", "integer", "the visit it was placed in"),
        ColumnSpec("amount_eur", "money", "value of the order", unit="EUR"),
    ),
)

CONVERSION_SQL = """
SELECT 100.0 * count(DISTINCT o.visit_id) / count(DISTINCT v.visit_id)
FROM visits v LEFT JOIN orders o USING (visit_id) WHERE v.device = '{device}'
"""
FACTS = (
    Fact(
        "phone_conversion_percent",
        3.9,
        4.1,
        CONVERSION_SQL.format(device="phone"),
        "One phone visit in 25 leads to an order.",
    ),
    Fact(
        "laptop_conversion_percent",
        7.9,
        8.1,
        CONVERSION_SQL.format(device="laptop"),
        "One laptop visit in 12 leads to an order.",
    ),
)


def build(draws: Draws, visits_a_day: int) -> Rows:
    """The rows of both tables; who buys is dealt out exactly, so the story holds on every seed."""
    import numpy as np

    visit_id = np.arange(1, visits_a_day * DAYS + 1)
    device = draws.pick("device", visit_id, DEVICE_WEIGHTS)
    share = np.array([ORDER_SHARE[name] for name in DEVICES])[device]
    buyers = visit_id[draws.quota("buys", visit_id, device, share)]
    twice = buyers[draws.quota("buys-twice", buyers, np.zeros(len(buyers)), SECOND_ORDER_SHARE)]
    owners = np.sort(np.concatenate([buyers, twice]))
    order_id = np.arange(1, len(owners) + 1)
    return {
        "visits": {"visit_id": visit_id, "day": FIRST_DAY + (visit_id - 1) // visits_a_day, "device": device},
        "orders": {
            "order_id": order_id,
            "visit_id": owners,
            "amount_eur": draws.lognormal("amount", order_id, median=4_500, sigma=0.5),
        },
    }


WORLD = World(tables=(VISITS, ORDERS), facts=FACTS, build=build, sizes={"default": 100, "tiny": 40})
