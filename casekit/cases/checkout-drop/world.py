"""
Marrowby, a fashion app in four countries, from 3 March to 27 April 2025.

Two things happen at once. From 31 March paid social brings three times as many visitors, who seldom
buy. From 1 April Android 5.2.0 rolls out with a payment kit that breaks most card payments. In the
middle of it a tag manager loses two days of web purchase events, and Easter empties the shop.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from casekit.world import story as s
from casekit.world.calendar import day
from casekit.world.facts import read_facts

CAMPAIGN, EASTER, AFTER_EASTER = "2025-03-31", "2025-04-18", "2025-04-22"
CALM_DAYS = [day("2025-03-29"), day(CAMPAIGN), day("2025-04-03")]  # no chance dip just before the real one
HOURS = (14, 8, 5, 4, 4, 7, 18, 31, 41, 47, 51, 57, 60, 54, 50, 50, 53, 59, 68, 78, 84, 76, 51, 30)
SOURCES = s.mix(organic=0.45, paid_search=0.20, email=0.15, affiliate=0.08, paid_social=0.12)
CART_SHARES = {"organic": 0.352, "paid_search": 0.32, "email": 0.48, "affiliate": 0.288, "paid_social": 0.096}
METHODS = ("card", "paypal", "invoice")
ERRORS = ("CARD_DECLINED", "PAYPAL_CANCELLED", "INVOICE_REFUSED", "THREEDS_TIMEOUT")  # one a method, and:
TIMEOUT = 3
PAYING = 3  # the place of add_payment among the events
BUDGETS_EUR_A_DAY = ((900, 900), (520, 1_800))  # paid search and social, before and from the campaign on
ANDROID = (
    s.Release("5.0.3"),
    s.Release("5.1.1", never=0.30),
    s.Release("5.2.0", stages={"2025-04-01": 0.10, "2025-04-03": 0.50, "2025-04-07": 0.92}),
)
IOS = (s.Release("5.9.1"), s.Release("5.10.0", on="2025-03-24", lag="20h", latest=CAMPAIGN))
TRACKS = {"platform=android": ANDROID, "platform=ios": IOS, "platform=web": (s.Release("web"),)}
STEPS = (
    s.Step("view_cart", s.by("channel", CART_SHARES), after="170s", sigma=0.7),
    s.Step("begin_checkout", 0.625, after="55s", sigma=0.7),
    s.Step("add_shipping", 0.88, after="80s", sigma=0.7),
    s.Step("add_payment", 0.90, after="60s", sigma=0.7),
    s.Step("order", s.by("method", {"card": 0.86, "paypal": 0.90, "invoice": 0.84}), after="14s", sigma=0.7),
    s.Step("purchase", after="2s", sigma=0.2),  # the event that reports the order
    s.Step("order_again", 0.03, after="260s", sigma=0.5),
    s.Step("purchase_again", after="2s", sigma=0.2),
)
EVENTS = (
    *s.taken("checkout", "view_cart", "begin_checkout", "add_shipping", "add_payment"),
    s.Moment("payment_error", at="order_at", where="checkout=4"),
    *s.taken("checkout", purchase="purchase", purchase_again="purchase"),
)


def calm(visits: s.Frame) -> s.Whole:
    """Stretches of days in which Android's shares are exact each."""
    return np.where(
        visits.is_value("platform", "android"), np.searchsorted(CALM_DAYS, visits["day"], "right"), 0
    )


def period(visits: s.Frame) -> s.Whole:
    """0 before the campaign, 1 since, 2 at Easter, which changes no rate."""
    easter = (visits["day"] >= day(EASTER)) & (visits["day"] < day(AFTER_EASTER))
    return (visits["day"] >= day(CAMPAIGN)).astype(int) + easter


def method(events: s.Frame) -> s.Whole:
    """How they pay; NULL before add_payment."""
    return np.where(events["event_name"] >= PAYING, events["method"], -1)


def error(events: s.Frame) -> s.Whole:
    """What the payment provider answered; NULL on everything but an error."""
    timed_out = events["payment_sdk"] | (events.is_value("method", "card") & events["slow_bank"])
    answer = np.where(timed_out, TIMEOUT, events["method"])
    return np.where(events.is_value("event_name", "payment_error"), answer, -1)


def spend(days: s.Frame) -> s.Whole:
    """Each day's bill in cents: the budget, less what nobody clicked."""
    since = (days["spend_date"] >= day(CAMPAIGN)).astype(int)
    spent: s.Whole = np.array(BUDGETS_EUR_A_DAY)[days["channel"], since] * days["used_permille"] // 10
    return spent


PARTS = (
    s.Population("people", {
        "platform": s.mix(android=0.42, ios=0.33, web=0.25),
        "country": s.mix(DE=0.40, FR=0.25, NL=0.20, ES=0.15).within("platform"),
        "method": s.mix(card=0.62, paypal=0.28, invoice=0.10).within("platform"),
        "activity": s.spread(1_000, 1.0),  # how often they come by themselves
    }),
    s.Visits("sessions", of="people", a_day=1 / 28, source="channel", sources=SOURCES, number="session_id",
             season=s.Season(hours=HOURS, weekend=1.12, swing=0.05),
             weight="activity", newcomers=("paid_social",)),
    s.Numbered("user_id", of="people", first_in="sessions"),
    s.Rollout("app_version", of="sessions", at="started_at", people="people", tracks=TRACKS),
    s.Added("sessions", {
        "period": s.derived("integer", period),
        "on_520": s.derived("boolean", lambda visits: visits.is_value("app_version", "5.2.0")),
        "calm": s.derived("integer", calm),
        "slow_bank": s.share(0.06, exact=False),
    }),
    s.Funnel("checkout", of="sessions", starts="started_at", steps=STEPS, ends="hurry",
             cells=("calm", "platform", "channel", "on_520"), along=("method", "period")),
    s.Events("checkout_events", of="sessions", moments=EVENTS, columns={
        "payment_method": s.derived("text", method, METHODS),
        "error_code": s.derived("text", error, ERRORS),
    }),
    s.Events("orders", of="sessions", moments=s.taken("checkout", "order", "order_again"),
             at="ordered_at", number="order_id", columns={
        "amount_eur": s.price(54.00, 0.45),
        "status": s.mix(paid=0.95, cancelled=0.05).each(),
    }),
    s.Given("app_releases", {"platform": "text", "app_version": "text", "effective_at": "timestamp",
                             "rollout_pct": "integer", "notes": "text"}, (
        ("android", "5.1.1", "2025-02-24", 100, "image caching"),
        ("ios", "5.10.0", "2025-03-24", 100, "faster cart"),
        ("android", "5.2.0", "2025-04-01", 10, "new payment SDK"),
        ("android", "5.2.0", "2025-04-03", 50, "rollout"),
        ("android", "5.2.0", "2025-04-07", 100, "rollout"),
    )),
    s.Daily("marketing_spend", day="spend_date", per="channel", values=("paid_search", "paid_social"),
            columns={
        "used_permille": s.whole(980, 1_000),
        "spend_eur": s.derived("money", spend),
    }),
)  # fmt: skip

TWISTS = (
    s.MixShift("campaign", of="sessions", sources=("paid_social",), times=3.2, since=CAMPAIGN,
               because="paid social's budget went from 520 to 1,800 EUR a day"),
    s.Decoy("easter", of="sessions", times=0.80, since=EASTER, until=AFTER_EASTER,
            because="Easter empties the shop and leaves its rates alone"),
    s.StepChange("ios_rise", step="checkout.view_cart", where="platform=ios", times=1.08, since=CAMPAIGN,
                 because="the faster cart of 5.10.0"),
    s.StepChange("payment_sdk", step="checkout.order", where="app_version=5.2.0 and method=card",
                 times=0.42 / 0.86, because="3-D Secure times out in the new payment SDK"),
    s.Outage("tag_manager", of="checkout_events", where="event_name=purchase and platform=web",
             clock="event_at", since="2025-04-15 12:00", until="2025-04-17 06:00",
             because="the tag manager was touched"),
)  # fmt: skip

TABLES = (
    s.Table("sessions", "one row per session", {
        "session_id": "key, in order of start",
        "user_id": "the person, numbered in order of first session",
        "started_at": "first screen, UTC",
        "platform": "the person's device",
        "app_version": "app version at the start; 'web' in a browser",
        "country": "ISO country code of the person",
        "channel": "what brought this session",
    }),
    s.Table("checkout_events", "one row per event the app or browser sent", {
        "event_id": "key, in order of time",
        "session_id": "the session it happened in",
        "event_name": "the step reached, or payment_error",
        "event_at": "client time, UTC",
        "payment_method": "from add_payment on; NULL before",
        "error_code": "on payment_error only; NULL otherwise",
    }),
    s.Table("orders", "one row per order the server accepted", {
        "order_id": "key, in order of time",
        "session_id": "the session it was placed in; a session may place two",
        "user_id": "the buyer",
        "ordered_at": "server time, UTC",
        "amount_eur": s.column("value of the basket", unit="EUR"),
        "status": "cancelled: taken back after checkout",
    }),
    s.Table("app_releases", "one row per step of a release", {
        "platform": "android or ios",
        "app_version": "the version released",
        "effective_at": "from when, UTC",
        "rollout_pct": s.column("share of users it is offered to", unit="percent"),
        "notes": "the release note",
    }),
    s.Table("marketing_spend", "one row per day and paid channel", {
        "spend_date": "the day, UTC",
        "channel": "paid_search or paid_social",
        "spend_eur": s.column("advertising spend of the day", unit="EUR"),
    }),
)  # fmt: skip

WORLD = s.tell(
    begins="2025-03-03",
    ends="2025-04-27",
    sizes={"default": 28_000, "small": 8_400, "tiny": 1_120},  # people; 28 for each session a day
    parts=PARTS,
    twists=TWISTS,
    tables=TABLES,
    facts=read_facts(Path(__file__).with_name("facts.sql")),
)
