"""
Marrowby, a fashion app in four countries, from 3 March to 27 April 2025.

Two things happen at once. From 31 March paid social brings three times as many visitors, who seldom
buy. From 1 April Android 5.2.0 rolls out with a payment kit that breaks most card payments. In the
middle of it a tag manager loses two days of web purchase events, and Easter empties the shop.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from casekit.world import ColumnSpec, TableSpec, World
from casekit.world.calendar import DAY_S, day, is_weekend, second
from casekit.world.draws import Draws
from casekit.world.facts import read_facts
from casekit.world.timeline import arrive, hurry, in_time_order, number_by_first

DAYS = np.arange(day("2025-03-03"), day("2025-04-27") + 1)

# Traffic
CHANNELS = ("organic", "paid_search", "email", "affiliate", "paid_social")
CHANNEL_SHARES = (0.45, 0.20, 0.15, 0.08, 0.12)
PAID_SEARCH, PAID_SOCIAL = 1, 4
HOUR_WEIGHTS = (14, 8, 5, 4, 4, 7, 18, 31, 41, 47, 51, 57, 60, 54, 50, 50, 53, 59, 68, 78, 84, 76, 51, 30)
DAY_TO_DAY_SWING = 0.05
WEEKEND_FACTOR = 1.12
EASTER_FACTOR = 0.80
EASTER_DAYS = (day("2025-04-18"), day("2025-04-21"))
CAMPAIGN_DAY = day("2025-03-31")
CAMPAIGN_FACTOR = 3.2
CALM_DAYS = (day("2025-03-29"), CAMPAIGN_DAY, day("2025-04-03"))  # no chance dip just before the real one
BUDGETS_EUR_A_DAY = {PAID_SEARCH: (900, 900), PAID_SOCIAL: (520, 1_800)}  # before, from the campaign on

# People
PEOPLE_PER_DAILY_SESSION = 28
PLATFORMS = ("android", "ios", "web")
PLATFORM_SHARES = (0.42, 0.33, 0.25)
ANDROID, IOS, WEB = range(3)
COUNTRIES = ("DE", "FR", "NL", "ES")
COUNTRY_SHARES = (0.40, 0.25, 0.20, 0.15)
METHODS = ("card", "paypal", "invoice")
METHOD_SHARES = (0.62, 0.28, 0.10)
CARD = 0

# Releases
VERSIONS = ("5.0.3", "5.1.1", "5.2.0", "5.9.1", "5.10.0", "web")
V503, V511, V520, V591, V5100, NO_APP = range(6)
STILL_ON_503_SHARE = 0.30
IOS_RELEASE_S = second("2025-03-24")
IOS_UPDATE_MEDIAN_S = 20 * 3_600
ROLLOUT_S = (second("2025-04-01"), second("2025-04-03"), second("2025-04-07"))
ROLLOUT_PERCENTS = (0, 10, 50, 92)  # of Android users, before and from each stage; 8 % never update
RELEASE_COLUMNS = ("platform", "app_version", "effective_at", "rollout_pct", "notes")
RELEASES = (
    (ANDROID, V511, second("2025-02-24"), 100, "image caching"),
    (IOS, V5100, IOS_RELEASE_S, 100, "faster cart"),
    (ANDROID, V520, ROLLOUT_S[0], 10, "new payment SDK"),
    (ANDROID, V520, ROLLOUT_S[1], 50, "rollout"),
    (ANDROID, V520, ROLLOUT_S[2], 100, "rollout"),
)

# Checkout: the share that passes each step, of those who passed the step before
CART_SHARES = (0.352, 0.320, 0.480, 0.288, 0.096)  # by channel, of all sessions
IOS_CART_LIFT = 1.08
BEGIN_SHARE, SHIPPING_SHARE, PAYMENT_SHARE = 0.625, 0.88, 0.90
SUCCESS_SHARES = (0.86, 0.90, 0.84)  # by payment method
CARD_SUCCESS_ON_520_SHARE = 0.42
SECOND_ORDER_SHARE = 0.03
CANCELLED_SHARE = 0.05
ORDINARY_TIMEOUT_SHARE = 0.06  # of failed card payments on any other version
BASKET_MEDIAN_CENTS, BASKET_SIGMA = 5_400, 0.45
GAP_MEDIANS_S = (170, 55, 80, 60, 14)  # to the cart, and on to each next step
SECOND_ORDER_GAP_S = 260
EVENTS = ("view_cart", "begin_checkout", "add_shipping", "add_payment", "payment_error", "purchase")
ADD_PAYMENT, PAYMENT_ERROR, PURCHASE = 3, 4, 5
ERRORS = ("CARD_DECLINED", "PAYPAL_CANCELLED", "INVOICE_REFUSED", "THREEDS_TIMEOUT")  # one a method, and:
TIMEOUT = 3
LOST_FROM_S, LOST_UNTIL_S = second("2025-04-15 12:00"), second("2025-04-17 06:00")


def build(draws: Draws, sessions_a_day: int) -> dict[str, dict[str, Any]]:
    """Every table's rows: people visit, some check out, some of those buy."""
    visits = _visits(draws, sessions_a_day)
    checkouts = _checkouts(draws, visits)
    return {
        "sessions": {column.name: visits[column.name] for column in SESSIONS.columns},
        "checkout_events": _events(visits, checkouts),
        "orders": _orders(draws, visits, checkouts),
        "app_releases": dict(zip(RELEASE_COLUMNS, zip(*RELEASES, strict=True), strict=True)),
        "marketing_spend": _spend(draws),
    }


def _visits(draws: Draws, sessions_a_day: int) -> dict[str, Any]:
    """One entry per session in start order, with what its person brings along."""
    arrivals = arrive(draws, int(DAYS[0]), _traffic(draws, sessions_a_day), HOUR_WEIGHTS)
    people = _people(draws, sessions_a_day * PEOPLE_PER_DAILY_SESSION)
    regular = draws.owner("visitor", arrivals.entity, people["activity"])
    reached = draws.whole("sees an advertisement", arrivals.entity, 0, len(people["activity"]) - 1)
    person = np.where(arrivals.group == PAID_SOCIAL, reached, regular)
    theirs = {name: values[person] for name, values in people.items()}
    return theirs | {
        "visit": arrivals.entity,
        "session_id": np.arange(1, len(person) + 1),
        "user_id": number_by_first(person),
        "started_at": arrivals.at,
        "channel": arrivals.group,
        "app_version": _version(arrivals.at, theirs),
        "calm": np.searchsorted(CALM_DAYS, arrivals.day, side="right"),
        "period": (arrivals.day >= CAMPAIGN_DAY).astype(np.int64) + _is_easter(arrivals.day),
    }


def _traffic(draws: Draws, sessions_a_day: int) -> Any:
    """Expected sessions: one row a day, one column a channel."""
    cell = DAYS[:, None] * len(CHANNELS) + np.arange(len(CHANNELS))
    swing = 1 + DAY_TO_DAY_SWING * (2 * draws.uniform("traffic", cell) - 1)
    mood = np.where(is_weekend(DAYS), WEEKEND_FACTOR, 1.0) * np.where(_is_easter(DAYS), EASTER_FACTOR, 1.0)
    expected = sessions_a_day * mood[:, None] * np.array(CHANNEL_SHARES) * swing
    expected[DAYS >= CAMPAIGN_DAY, PAID_SOCIAL] *= CAMPAIGN_FACTOR
    return expected


def _people(draws: Draws, count: int) -> dict[str, Any]:
    """What belongs to a person and not to a visit; activity is how often they come by themselves."""
    person = np.arange(count)
    platform = draws.deal("platform", person, (), PLATFORM_SHARES)
    place, of = draws.rank("place in the rollout", person, platform)
    return {
        "platform": platform,
        "country": draws.deal("country", person, platform, COUNTRY_SHARES),
        "method": draws.deal("payment method", person, platform, METHOD_SHARES),
        "activity": draws.lognormal("activity", person, 1_000, 1.0),
        "rollout_percent": place * 100 // of,
        "on_503": draws.quota("still on 5.0.3", person, platform, STILL_ON_503_SHARE),
        "ios_lag_s": draws.lognormal("update lag", person, IOS_UPDATE_MEDIAN_S, 1.0),
    }


def _version(at: Any, person: dict[str, Any]) -> Any:
    """The version a person runs at a moment; who got 5.2.0 keeps it."""
    reach = np.array(ROLLOUT_PERCENTS)[np.searchsorted(ROLLOUT_S, at, side="right")]
    android = np.where(person["rollout_percent"] < reach, V520, np.where(person["on_503"], V503, V511))
    ios = np.where(at >= np.minimum(IOS_RELEASE_S + person["ios_lag_s"], CAMPAIGN_DAY * DAY_S), V5100, V591)
    return np.where(person["platform"] == ANDROID, android, np.where(person["platform"] == IOS, ios, NO_APP))


def _checkouts(draws: Draws, visits: dict[str, Any]) -> dict[str, Any]:
    """How far each session gets, whether 5.2.0 stops its payment, whether it orders again, and when."""
    visit, platform, period, method = (visits[name] for name in ("visit", "platform", "period", "method"))
    on_520 = visits["app_version"] == V520
    lift = np.where((platform == IOS) & (period > 0), IOS_CART_LIFT, 1.0)
    carts, success = np.array(CART_SHARES)[visits["channel"]] * lift, np.array(SUCCESS_SHARES)[method]
    calm = np.where(platform == ANDROID, visits["calm"], 0)
    cells = (period, calm, platform, visits["channel"], on_520, method)
    steps = (carts, BEGIN_SHARE, SHIPPING_SHARE, PAYMENT_SHARE, success)
    passed = draws.funnel("checkout", visit, cells, steps)

    able, is_card = passed == len(steps), method == CARD
    at_risk = able & on_520 & is_card
    stopped_share = 1 - CARD_SUCCESS_ON_520_SHARE / SUCCESS_SHARES[CARD]
    stopped = at_risk & draws.quota("3-D Secure times out", visit, (period, at_risk), stopped_share)
    bought = able & ~stopped
    timed_out = stopped | (is_card & draws.coin("ordinary timeout", visit, ORDINARY_TIMEOUT_SHARE))
    return {
        "passed": passed,
        "bought": bought,
        "again": bought & draws.quota("orders again", visit, (period, bought), SECOND_ORDER_SHARE),
        "error": np.where(timed_out, TIMEOUT, method),
        "times": _times(draws, visit, visits["started_at"]),
    }


def _times(draws: Draws, visit: Any, started: Any) -> list[Any]:
    """When each session would reach cart, begin, shipping, payment, outcome, its event, and both again."""
    gaps = [draws.lognormal(f"gap {step}", visit, s, 0.7) for step, s in enumerate(GAP_MEDIANS_S)]
    gaps.append(draws.whole("event lag", visit, 1, 4))
    gaps.append(draws.lognormal("gap to second order", visit, SECOND_ORDER_GAP_S, 0.5))
    gaps.append(draws.whole("second event lag", visit, 1, 4))
    return hurry(started, gaps, (int(DAYS[-1]) + 1) * DAY_S)


def _events(visits: dict[str, Any], checkouts: dict[str, Any]) -> dict[str, Any]:
    """What apps and browsers sent, in time order, without the purchases the tag manager lost."""
    passed, bought, times = checkouts["passed"], checkouts["bought"], checkouts["times"]
    steps = [(step, passed > step, times[step]) for step in range(PAYMENT_ERROR)]
    steps.append((PAYMENT_ERROR, (passed > ADD_PAYMENT) & ~bought, times[4]))
    steps += [(PURCHASE, bought, times[5]), (PURCHASE, checkouts["again"], times[7])]
    found = in_time_order(steps)
    lost = (found.at >= LOST_FROM_S) & (found.at < LOST_UNTIL_S) & (visits["platform"][found.row] == WEB)
    kept = ~(lost & (found.what == PURCHASE))
    row, what = found.row[kept], found.what[kept]
    return {
        "event_id": np.arange(1, len(row) + 1),
        "session_id": visits["session_id"][row],
        "event_name": what,
        "event_at": found.at[kept],
        "payment_method": np.where(what >= ADD_PAYMENT, visits["method"][row], -1),
        "error_code": np.where(what == PAYMENT_ERROR, checkouts["error"][row], -1),
    }


def _orders(draws: Draws, visits: dict[str, Any], checkouts: dict[str, Any]) -> dict[str, Any]:
    """What the server accepted, in time order."""
    times = checkouts["times"]
    found = in_time_order([(0, checkouts["bought"], times[4]), (1, checkouts["again"], times[6])])
    order = visits["visit"][found.row] * 2 + found.what
    cancelled = draws.quota("cancelled", order, visits["period"][found.row], CANCELLED_SHARE)
    return {
        "order_id": np.arange(1, len(order) + 1),
        "session_id": visits["session_id"][found.row],
        "user_id": visits["user_id"][found.row],
        "ordered_at": found.at,
        "amount_eur": draws.lognormal("basket", order, BASKET_MEDIAN_CENTS, BASKET_SIGMA),
        "status": cancelled.astype(np.int64),
    }


def _spend(draws: Draws) -> dict[str, Any]:
    """Each day's advertising bill: the budget, less what nobody clicked."""
    channel, days = (grid.ravel() for grid in np.meshgrid(list(BUDGETS_EUR_A_DAY), DAYS, indexing="ij"))
    before, after = (np.array(budgets)[:, None] for budgets in zip(*BUDGETS_EUR_A_DAY.values(), strict=True))
    budget_eur = np.where(DAYS < CAMPAIGN_DAY, before, after).ravel()
    used_permille = draws.whole("budget used", days * len(CHANNELS) + channel, 980, 1_000)
    return {"spend_date": days, "channel": channel, "spend_eur": budget_eur * used_permille // 10}


def _is_easter(days: Any) -> Any:
    return (days >= EASTER_DAYS[0]) & (days <= EASTER_DAYS[1])


SESSIONS = TableSpec(
    "sessions",
    "one row per session",
    (
        ColumnSpec("session_id", "integer", "key, in order of start"),
        ColumnSpec("user_id", "integer", "the person, numbered in order of first session"),
        ColumnSpec("started_at", "timestamp", "first screen, UTC"),
        ColumnSpec("platform", "text", "the person's device", values=PLATFORMS),
        ColumnSpec("app_version", "text", "app version at the start; 'web' in a browser", values=VERSIONS),
        ColumnSpec("country", "text", "ISO country code of the person", values=COUNTRIES),
        ColumnSpec("channel", "text", "what brought this session", values=CHANNELS),
    ),
)
CHECKOUT_EVENTS = TableSpec(
    "checkout_events",
    "one row per event the app or browser sent",
    (
        ColumnSpec("event_id", "integer", "key, in order of time"),
        ColumnSpec("session_id", "integer", "the session it happened in"),
        ColumnSpec("event_name", "text", "the step reached, or payment_error", values=EVENTS),
        ColumnSpec("event_at", "timestamp", "client time, UTC"),
        ColumnSpec("payment_method", "text", "from add_payment on; NULL before", values=METHODS),
        ColumnSpec("error_code", "text", "on payment_error only; NULL otherwise", values=ERRORS),
    ),
)
ORDERS = TableSpec(
    "orders",
    "one row per order the server accepted",
    (
        ColumnSpec("order_id", "integer", "key, in order of time"),
        ColumnSpec("session_id", "integer", "the session it was placed in; a session may place two"),
        ColumnSpec("user_id", "integer", "the buyer"),
        ColumnSpec("ordered_at", "timestamp", "server time, UTC"),
        ColumnSpec("amount_eur", "money", "value of the basket", unit="EUR"),
        ColumnSpec("status", "text", "cancelled: taken back after checkout", values=("paid", "cancelled")),
    ),
)
APP_RELEASES = TableSpec(
    "app_releases",
    "one row per step of a release",
    (
        ColumnSpec("platform", "text", "android or ios", values=PLATFORMS),
        ColumnSpec("app_version", "text", "the version released", values=VERSIONS),
        ColumnSpec("effective_at", "timestamp", "from when, UTC"),
        ColumnSpec("rollout_pct", "integer", "share of users it is offered to", unit="percent"),
        ColumnSpec("notes", "text", "the release note"),
    ),
)
MARKETING_SPEND = TableSpec(
    "marketing_spend",
    "one row per day and paid channel",
    (
        ColumnSpec("spend_date", "date", "the day, UTC"),
        ColumnSpec("channel", "text", "paid_search or paid_social", values=CHANNELS),
        ColumnSpec("spend_eur", "money", "advertising spend of the day", unit="EUR"),
    ),
)

WORLD = World(
    tables=(SESSIONS, CHECKOUT_EVENTS, ORDERS, APP_RELEASES, MARKETING_SPEND),
    facts=read_facts(Path(__file__).with_name("facts.sql")),
    build=build,
    sizes={"default": 1_000, "small": 300, "tiny": 40},
)
