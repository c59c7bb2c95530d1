"""
Brightkettle, a meal kit in four countries, from 4 March to 1 July 2025.

Monday's review of 30 June shows three numbers of active customers. All three are right, each in its own
words, and at the default size the way from one to the next is, to the customer:

====================================  =======  ==========================================================
growth: any status but cancelled       41,200  whoever has an id
 test accounts                           -600  of them 420 active, 100 paused, 80 on trial
 paused                                -2,900  120 of them since that very day
 on trial                                -400
 active, no box in 28 days               -400  in days of UTC
finance: active, a box, no test        36,900
 nothing but a trial box               -5,400  3,000 of them new, 2,400 won back
 the box came on 2 June, local time      -600  western evenings: 3 June in UTC
 the box came on 3 or 30 June, local     +200  2 June and 1 July in UTC, so finance has no box of theirs
 second ids of people counted already  -1,700  of 1,900 links; the other 200 lead to cancelled or paused ids
ops: households with a box             29,400
====================================  =======  ==========================================================

Every customer has one fate, dealt in these numbers and in the same proportion at every size, so no two
components overlap. One more thing is planted: between 31 March and 30 June the share of active customers
who open the app rises from 55 to 60 %, and not one customer more opens it: there are 3,320 fewer to divide
by, and those who stayed open it less than before.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import numpy as np

from casekit.world import story as s
from casekit.world.calendar import DAY_S, day, second
from casekit.world.declare import NULL
from casekit.world.facts import read_facts

Span = tuple[str, int]  # a first day, and how many days there are to choose from

THAT_DAY, QUARTER_START, FIRST_DAY = "2025-06-30", "2025-03-31", "2025-03-04"
TODAY, WINDOW_DAYS = day(THAT_DAY), 28
LONG_AGO, SPRING = ("2023-07-01", 600), ("2025-04-05", 46)
FIRST_TRIAL, TRIAL_DAYS = "2024-03-01", 10
CHANCES = 10_000


class Fate(NamedTuple):
    """What becomes of some customers: how many of 48,000, when they come, pause and go, and how it counts."""

    people: int
    joined: Span = LONG_AGO
    paused: Span | None = None
    back: Span | None = None
    cancelled: Span | None = None
    move: str = "stayed"  # among active customers, from 31 March to 30 June


FATES = {
    # operations counts them: active, and a regular box in the last 28 local days
    "steady": Fate(26_760),
    "back": Fate(600, paused=("2025-03-10", 15), back=("2025-04-08", 28), move="came"),
    "spring": Fate(1_680, SPRING, move="came"),
    "leaving": Fate(160, cancelled=("2025-07-01", 1)),
    "second": Fate(1_700),  # the person is counted already
    "edge_in_west": Fate(100),  # 30 June at night, 1 July in UTC
    "edge_in_east": Fate(100),  # 3 June in the morning, 2 June in UTC
    # finance counts them: active, and any box in the last 28 days of UTC
    "edge_out": Fate(600),  # 2 June at night, 3 June in UTC
    "won_back": Fate(2_400),
    "fresh": Fate(3_000, ("2025-05-30", 18), move="came"),
    # only growth counts them
    "skipping": Fate(200),
    "trial": Fate(400, ("2025-06-21", 10), move="none"),
    "paused": Fate(2_700, paused=("2025-04-10", 80), move="left"),
    "paused_that_day": Fate(120, paused=(THAT_DAY, 1), move="left"),
    "second_paused": Fate(80, paused=("2025-05-05", 50), move="left"),
    # nobody does
    "gone": Fate(5_520, cancelled=("2025-04-02", 88), move="left"),
    "gone_that_day": Fate(60, cancelled=(THAT_DAY, 1), move="left"),
    "second_gone": Fate(120, cancelled=("2025-04-02", 88), move="left"),
    "gone_early": Fate(200, cancelled=("2025-03-08", 23), move="none"),
    "gone_spring": Fate(800, SPRING, cancelled=("2025-06-02", 27), move="none"),
    # growth counts all but the last
    "test": Fate(420, move="none"),
    "test_paused": Fate(100, paused=("2025-04-10", 80), move="none"),
    "test_trial": Fate(80, ("2025-06-21", 10), move="none"),
    "test_gone": Fate(100, cancelled=("2025-04-02", 88), move="none"),
}
NAMES = tuple(FATES)
TESTS = tuple(name for name in NAMES if name.startswith("test"))
SECONDS = tuple(name for name in NAMES if name.startswith("second"))
WEST_SHARES = {"America/New_York": 0.6, "America/Los_Angeles": 0.4}
ZONES = (*WEST_SHARES, "Europe/London", "Europe/Berlin", "Australia/Sydney")
ONE_CLOCK = {"GB": {"Europe/London": 1}, "DE": {"Europe/Berlin": 1}, "AU": {"Australia/Sydney": 1}}
FOUR_WEEKLY = ("edge_out", "edge_in_west", "edge_in_east", "skipping", "won_back")
BOXES_EUR = {"classic": 42.90, "veggie": 39.90, "family": 58.90, "trial": 9.90}
PERIODS = ((FIRST_DAY, QUARTER_START), ("2025-04-01", "2025-06-02"), ("2025-06-03", THAT_DAY))  # of app opens
OPENED = (19_800 / 32_020, 18_420 / 32_020)  # of those active on both days: by 31 March, by 30 June
METRICS = (  # metric, owner, grain, whose day, measure and filter
    ("active_customers_growth", "growth", "customer", "UTC",
     "count(DISTINCT customer_id) WHERE status <> 'cancelled'"),
    ("active_customers_finance", "finance", "customer", "UTC",
     "count(DISTINCT customer_id) WHERE status = 'active' AND NOT is_test AND box in 28 days"),
    ("active_customers_ops", "operations", "person", "local",
     "count(DISTINCT person) WHERE status = 'active' AND NOT is_test AND regular box in 28 days"),
    ("engaged_active_share", "product", "customer", "UTC",
     "avg(opened in 28 days) WHERE status = 'active' AND NOT is_test"),
    ("app_openers_28d", "product", "customer", "UTC", "count(DISTINCT customer_id) WHERE opened in 28 days"),
    ("trial_customers", "growth", "customer", "UTC", "count(*) WHERE status = 'trial'"),
    ("paused_customers", "growth", "customer", "UTC", "count(*) WHERE status = 'paused'"),
    ("new_customers_q2", "growth", "customer", "UTC", "count(*) WHERE created_at in Q2"),
    ("cancellations_q2", None, "customer", "UTC", "count(*) WHERE status = 'cancelled' AND valid_from in Q2"),
    ("boxes_28d", "operations", "box", "local", "count(*) WHERE status = 'delivered'"),
    ("cancelled_boxes_share", None, "box", "UTC", "avg(status = 'cancelled')"),
    ("revenue_28d_eur", "finance", "box", "UTC", "sum(amount_eur) WHERE status = 'delivered'"),
    ("average_box_eur", None, "box", "UTC", "avg(amount_eur) WHERE status = 'delivered'"),
    ("double_ids", None, "id", "UTC", "count(*)"),
)  # fmt: skip


def has_fate(frame: s.Frame, *names: str) -> s.Mask:
    """Who has one of these fates."""
    return np.isin(frame["fate"], [NAMES.index(name) for name in names])


def by_chance(label: str) -> s.Measure:
    """The day on which customers join, pause, come back or cancel; NULL where their fate has none."""
    spans: list[Span | None] = [getattr(fate, label) for fate in FATES.values()]
    first = np.array([day(span[0]) if span else NULL for span in spans])
    n_days = np.array([span[1] if span else 0 for span in spans])
    return s.derived("date", lambda f: first[f["fate"]] + n_days[f["fate"]] * f[f"{label}_chance"] // CHANCES)


def known(days: s.Whole, otherwise: int) -> s.Whole:
    """The days, with another one in place of NULL."""
    return np.where(days == NULL, otherwise, days)


def active_on(customers: s.Frame) -> s.Whole:
    """The day after the trial; at once for those who joined before there were trials."""
    return np.where(
        customers["trial_on"] == NULL, customers["joined_on"], customers["joined_on"] + TRIAL_DAYS
    )


def rest_on(customers: s.Frame) -> s.Whole:
    """Some pause over the holidays; NULL for the others."""
    early = customers["joined_on"] < day("2024-10-01")
    return np.where(customers["rests"] & early, day("2024-12-10") + customers["box_chance"] % 20, NULL)


def last_box(customers: s.Frame) -> s.Whole:
    """The local day of the last box planned: of the 25 days up to 30 June, or before a pause or the end."""
    pause = np.where(customers["back_on"] == NULL, known(customers["paused_on"], TODAY + 1), TODAY + 1)
    stop = np.minimum(np.minimum(pause, known(customers["cancelled_on"], TODAY + 1)), TODAY + 1)
    usual = stop - 1 - np.minimum(customers["step"], 25) * customers["box_chance"] // CHANCES
    late = np.where(has_fate(customers, "edge_out", "edge_in_west"), TODAY, usual)
    return np.where(has_fate(customers, "edge_in_east"), TODAY - WINDOW_DAYS + 1, late)


def n_regular(customers: s.Frame) -> s.Whole:
    """How many boxes are planned, counted back from the last to the window's begin, or the customer's."""
    first = np.maximum(day(FIRST_DAY), customers["active_on"] + 2)
    planned = (customers["last_box"] - first) // customers["step"] + 1
    return np.where(has_fate(customers, "fresh", "trial", "test_trial"), 0, np.maximum(planned, 0))


def trial_box_on(customers: s.Frame) -> s.Whole:
    """The local day of the trial box of those who joined in the window or were won back; NULL: none."""
    new = customers["joined_on"] + 5 + 3 * customers["box_chance"] // CHANCES
    won_back = TODAY - 5 - 19 * customers["box_chance"] // CHANCES
    at = np.where(has_fate(customers, "won_back"), won_back, new)
    has_one = (customers["joined_on"] >= day(FIRST_DAY)) | has_fate(customers, "won_back")
    return np.where(has_one & (at <= TODAY), at, NULL)


def first_open(customers: s.Frame, period: int) -> s.Whole:
    """The first day of a period on which a customer may open the app."""
    return np.asarray(np.maximum(day(PERIODS[period][0]), customers["joined_on"] + 1))


def n_opens(period: int) -> s.Measure:
    """How often each customer opens the app in a period: at least once, or never."""
    last = day(PERIODS[period][1])
    return s.derived("integer", lambda f: np.where(
        f[f"opened_{period}"] & (first_open(f, period) <= last), 1 + f[f"more_{period}"], 0))  # fmt: skip


def ahead_s(frame: s.Frame, local_day: s.Whole) -> s.Whole:
    """How far each one's clock is ahead of UTC on a day."""
    return s.utc_offset_s(ZONES, frame["timezone"], local_day)


def opened_at(opens: s.Frame) -> s.Whole:
    """A moment of its period, at local hours from 7 to 23 and most around 15."""
    until = np.stack([opens["opens_0"], opens["opens_0"] + opens["opens_1"]])
    period = (opens["nth"] >= until).sum(axis=0)
    first = np.maximum(np.array([day(begin) for begin, _ in PERIODS])[period], opens["joined_on"] + 1)
    last = np.array([day(end) for _, end in PERIODS])[period]
    at = first + (last + 1 - first) * opens["day_chance"] // CHANCES
    local_s = 7 * 3_600 + opens["early_s"] + opens["late_s"]
    return np.asarray(at * DAY_S + (local_s - ahead_s(opens, at)) % DAY_S)


def planned_at(boxes: s.Frame) -> s.Whole:
    """
    When a box is due: from 7 to 11 or 17 to 22, local time; at the edges from 7 to 9 or 20 to 22.

    On the last day all others come in the morning, when it is 30 June in UTC as well.
    """
    west = has_fate(boxes, "edge_out", "edge_in_west")
    early = boxes["morning"] | (boxes["box_day"] == TODAY)
    morning = has_fate(boxes, "edge_in_east") | (early & ~west)
    begin_h = np.where(west, 20, np.where(morning, 7, 17))
    hours = np.where(has_fate(boxes, "edge_out", "edge_in_west", "edge_in_east"), 2, 4 + ~morning)
    local_s = begin_h * 3_600 + hours * 3_600 * boxes["hour_chance"] // CHANCES
    return np.asarray(boxes["box_day"] * DAY_S + local_s - ahead_s(boxes, boxes["box_day"]))


def cancelled(boxes: s.Frame) -> s.Whole:
    """Which boxes were taken back: some by chance, all in a pause, and those that make the edges."""
    nth, at = boxes["nth"], boxes["box_day"]
    paused = (at >= known(boxes["paused_on"], TODAY)) & (at < known(boxes["back_on"], 0))
    lazy = has_fate(boxes, "skipping", "won_back") & (at > TODAY - 30)
    edge = (has_fate(boxes, "edge_out") & (nth == 0)) | (has_fate(boxes, "edge_in_west") & (nth == 1))
    return np.asarray(((nth >= 2) & boxes["unlucky"] | paused | lazy | edge) & ~boxes["is_trial"])


def amount(boxes: s.Frame) -> s.Whole:
    """The price of the box and its extras, in cents; tests pay nothing."""
    cents = np.array([round(100 * price) for price in BOXES_EUR.values()])[boxes["box_type"]]
    return np.where(boxes["is_test"], 0, cents + 450 * boxes["extras"])


DAYS: dict[str, s.Measure] = {}
for event in ("joined", "paused", "back", "cancelled"):
    DAYS |= {f"{event}_chance": s.whole(0, CHANCES - 1), f"{event}_on": by_chance(event)}

PARTS = (
    s.Population("customers", number="customer_id", order="created_at", columns={
        "fate": s.mix({name: fate.people for name, fate in FATES.items()}),
        "is_test": s.derived("boolean", lambda f: has_fate(f, *TESTS)),
        "move": s.lookup("fate", {name: fate.move for name, fate in FATES.items()}, "text"),
        "country": s.mix(US=0.40, DE=0.28, GB=0.20, AU=0.12).per("fate", {
            "edge_out": {"US": 1}, "edge_in_west": {"US": 1}, "edge_in_east": {"AU": 1}}),
        "timezone": s.mix({zone: WEST_SHARES.get(zone, 0) for zone in ZONES}).per("country", ONE_CLOCK),
        "brand": s.mix(brightkettle=0.78, dailypan=0.22).per(
            "fate", {name: {"dailypan": 1} for name in SECONDS}),
        **DAYS,
        "joined_s": s.whole(6 * 3_600, 22 * 3_600),
        "created_at": s.derived("timestamp", lambda f: f["joined_on"] * DAY_S + f["joined_s"]),
        "trial_on": s.derived("date", lambda f: np.where(
            f["joined_on"] >= day(FIRST_TRIAL), f["joined_on"], NULL)),
        "active_on": s.derived("date", active_on),
        "rests": s.share(0.10, exact=False),
        "box_chance": s.whole(0, CHANCES - 1),
        "rest_on": s.derived("date", rest_on),
        "rested_on": s.derived("date", lambda f: np.where(f["rest_on"] == NULL, NULL, f["rest_on"] + 28)),
        "rhythm": s.mix(weekly=0.03, fortnightly=0.15, monthly=0.82).per(
            "fate", {name: {"monthly": 1} for name in FOUR_WEEKLY}),
        "step": s.lookup("rhythm", {"weekly": 7, "fortnightly": 14, "monthly": 28}),
        "last_box": s.derived("date", last_box),
        "n_regular": s.derived("integer", n_regular),
        "trial_box_on": s.derived("date", trial_box_on),
        "n_boxes": s.derived("integer", lambda f: f["n_regular"] + (f["trial_box_on"] != NULL)),
        "opened_0": s.share(s.by("move", {"stayed": OPENED[0], "left": 0.3, "none": 0.2})),
        "opened_1": s.share(0.60, exact=False),
        "opened_2": s.share(s.by("move", {"stayed": OPENED[1], "came": 0.75, "left": 0.1, "none": 0.5})),
        "more_0": s.count(2.0, heavy=True),
        "more_1": s.count(5.0, heavy=True),
        "more_2": s.count(2.0, heavy=True),
        **{f"opens_{period}": n_opens(period) for period in range(len(PERIODS))},
        "n_opens": s.derived("integer", lambda f: f["opens_0"] + f["opens_1"] + f["opens_2"]),
    }),
    s.Spells("subscription_history", of="customers", stages=(
        ("trial", "trial_on"), ("active", "active_on"), ("paused", "rest_on"), ("active", "rested_on"),
        ("paused", "paused_on"), ("active", "back_on"), ("cancelled", "cancelled_on"))),
    s.Many("orders", of="customers", count="n_boxes", order="planned_at", number="order_id", columns={
        "is_trial": s.derived("boolean", lambda f: f["nth"] == f["n_regular"]),
        "box_day": s.derived("date", lambda f: np.where(
            f["is_trial"], f["trial_box_on"], f["last_box"] - f["nth"] * f["step"])),
        "morning": s.share(0.35, exact=False),
        "hour_chance": s.whole(0, CHANCES - 1),
        "unlucky": s.share(0.04, exact=False),
        "planned_at": s.derived("timestamp", planned_at),
        "is_cancelled": s.derived("boolean", cancelled),
        "status": s.derived("text", lambda f: f["is_cancelled"].astype(int), ("delivered", "cancelled")),
        "delivered_at": s.derived("timestamp", lambda f: np.where(f["is_cancelled"], NULL, f["planned_at"])),
        "menu": s.mix(classic=0.50, veggie=0.30, family=0.20).each(),
        "box_type": s.derived("text", lambda f: np.where(f["is_trial"], 3, f["menu"]), tuple(BOXES_EUR)),
        "extras": s.count(0.5, most=6),
        "amount_eur": s.derived("money", amount),
    }),
    s.Many("app_opens", of="customers", count="n_opens", order="opened_at", columns={
        "day_chance": s.whole(0, CHANCES - 1),
        "early_s": s.whole(0, 8 * 3_600 - 1),
        "late_s": s.whole(0, 8 * 3_600 - 1),
        "opened_at": s.derived("timestamp", opened_at),
    }),
    s.Links("id_links", of="customers", second=f"fate={'|'.join(SECONDS)}",
            first="fate=steady and brand=brightkettle", within=("timezone",),
            shows="customer_id", partner="linked_customer_id",
            columns={"linked_at": s.whole(second("2025-03-05"), second("2025-06-25"), "timestamp")}),
    s.Given("metric_catalog", {"metric_id": "text", "owner": "text", "grain": "text", "timezone": "text",
                               "sql_text": "text"}, METRICS),
)  # fmt: skip

TWISTS = (
    s.PriceChange("june_prices", of="orders", column="amount_eur", clock="planned_at", since="2025-06-02",
                  times=1.06, where="not is_trial and not is_test",
                  because="ingredients cost more; trial boxes keep their price"),
    s.DoubleIds("double_ids", of="id_links", because="dailypan was bought, and its customers kept their ids"),
)  # fmt: skip

TABLES = (
    s.Table("customers", "one row per customer id; a person may have two", {
        "customer_id": "key, in order of created_at",
        "created_at": "when the account was opened, UTC",
        "country": "ISO country code",
        "timezone": "where the boxes go, IANA name",
        "brand": "the brand it was opened with",
        "is_test": "an account of our own",
    }),
    s.Table("subscription_history", "one row per customer and stretch of one status", {
        "customer_id": "whose status",
        "status": "trial, active, paused or cancelled",
        "valid_from": "first day of the status, UTC",
        "valid_to": s.column("the day after its last; NULL when it is the current one", nullable=True),
    }),
    s.Table("orders", "one row per box planned for delivery", {
        "order_id": "key, in order of planned delivery",
        "customer_id": "who it is for",
        "delivered_at": s.column("when it was handed over, UTC; NULL for a cancelled box", nullable=True),
        "box_type": "the menu, or trial: a first box at a low price",
        "status": "delivered, or cancelled: skipped by the customer or taken back",
        "amount_eur": s.column("value of the box with its extras; 0 for test accounts", unit="EUR"),
    }),
    s.Table("app_opens", "one row per time the app was opened", {
        "customer_id": "who opened it",
        "opened_at": "when, UTC",
    }),
    s.Table("id_links", "one row per customer id that belongs to a person with another one", {
        "customer_id": "the second id, from the other brand",
        "linked_customer_id": "the id the person is known by",
        "linked_at": "when the match was found, UTC",
    }),
    s.Table("metric_catalog", "one row per metric on any dashboard", {
        "metric_id": "key",
        "owner": "the team that answers for it; NULL for nobody",
        "sql_text": "measure and filter as the dashboard has them; joins and dates left out",
        "grain": "what is counted",
        "timezone": "whose day: UTC, or local to the customer",
    }),
)  # fmt: skip

WORLD = s.tell(
    begins="2025-03-03",
    ends="2025-07-01",
    sizes={"default": 48_000, "small": 12_000, "tiny": 2_400},  # customers; 20 parts make 48,000 exact
    parts=PARTS,
    twists=TWISTS,
    tables=TABLES,
    facts=read_facts(Path(__file__).with_name("facts.sql")),
)
