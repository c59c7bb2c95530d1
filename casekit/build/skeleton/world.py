"""Exampleton in March 2025: phones bring two of three visits and convert half as well as laptops."""

from __future__ import annotations

from casekit.world import Fact
from casekit.world import story as s

PARTS = (
    s.Population("people", {"device": s.mix(phone=2, laptop=1)}),
    s.Visits("visits", of="people", a_day=0.1, source="channel", sources=s.mix(search=0.7, ads=0.3)),
    s.Funnel(
        "shop",
        of="visits",
        starts="started_at",
        steps=(
            s.Step("order", 0.08, after="5m", sigma=0.6),
            s.Step("order_again", 0.15, after="9m", sigma=0.6),
        ),
        ends="hurry",
    ),
    s.Events(
        "orders",
        of="visits",
        moments=s.taken("shop", "order", "order_again"),
        at="ordered_at",
        number="order_id",
        columns={"amount_eur": s.price(45.00, 0.5)},
    ),
)

TWISTS = (
    s.StepChange("covered_button", step="shop.order", where="device=phone", times=0.5,
                 because="on phones the keyboard covers the button"),
)  # fmt: skip

TABLES = (
    s.Table("visits", "one row per visit", {
        "visit_id": "number of the visit",
        "day": s.column("day of the visit, UTC", source="started_at", type="date"),
        "device": "device of the visit",
    }),
    s.Table("orders", "one row per order; a visit may have none or several", {
        "order_id": "number of the order",
        "visit_id": "the visit it was placed in",
        "amount_eur": s.column("value of the order", unit="EUR"),
    }),
)  # fmt: skip

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

WORLD = s.tell(
    begins="2025-03-01",
    ends="2025-03-31",
    sizes={"default": 1_000, "tiny": 400},  # people
    parts=PARTS,
    twists=TWISTS,
    tables=TABLES,
    facts=FACTS,
)
