"""
A product of any size: sign-up funnel, visits that fade, an events table of ten columns, seven twists.

About 16 events a user; the shape of what a product's event log looks like, to measure the engine with.
"""

from __future__ import annotations

from casekit.world import story as s
from casekit.world.declare import World

BLOCK = 65_536
HOURS = (
    25,
    26,
    32,
    42,
    54,
    68,
    83,
    98,
    113,
    128,
    142,
    154,
    164,
    171,
    174,
    175,
    174,
    171,
    164,
    154,
    142,
    128,
    98,
    54,
)
WEEKDAYS = (1.05, 1.08, 1.06, 1.03, 0.98, 0.86, 0.94)
COUNTRIES = ["US", "DE", "GB", "FR", "BR", "IN", "PL", "ES", "IT", "JP"]
SEASON = s.Season(hours=HOURS, weekdays=WEEKDAYS, growth=0.6)
STEPS = (
    s.Step("signup", s.rate(0.42, odds={"platform=web": 0.85}), after="90s", sigma=1.0),
    s.Step("activate", s.rate(0.61, odds={"channel=paid_search": 0.8}), after="25m", sigma=1.6),
    s.Step("plan_view", 0.48, after="6h", sigma=1.8),
    s.Step("checkout", 0.37, after="4m", sigma=1.1),
    s.Step("payment", s.rate(0.78, odds={"platform=ios": 1.2}), after="70s", sigma=0.7),
)
ACTIONS = s.mix(home=0.30, search=0.22, item_view=0.26, save=0.08, share=0.04, settings=0.05, help=0.05)
ARRIVAL_S, RETRY = 2, "7s"


def session_of_person(events: s.Frame) -> s.Whole:
    """The session in which a person signs up: the first of 64 numbers that are theirs."""
    return events["user_id"] << 6


def session(visits: s.Frame) -> s.Whole:
    """One of the 64 numbers of a person's sessions."""
    return (visits["user_id"] << 6) + visits["nth"] + 1


def moment(actions: s.Frame) -> s.Whole:
    """One action after the other, at the pace of the visit."""
    return actions["started_at"] + actions["nth"] * actions["pace_s"]


PARTS = (
    s.Population("people", number="user_id", columns={
        "platform": s.mix(web=0.45, ios=0.30, android=0.25).each(),
        "country": s.mix({name: 1 / (place + 1) ** 0.9 for place, name in enumerate(COUNTRIES)}).each(),
        "channel": s.mix(organic=0.40, paid_search=0.25, social=0.20, referral=0.10, partner=0.05).each(),
        "variant": s.mix(A=0.5, B=0.5).each(),
        "first_seen": s.start(SEASON),
    }),
    s.Rollout("app_version", of="people", at="first_seen", people="people", tracks={"": (
        s.Release("5.0"),
        s.Release("5.1", on="2026-01-20", lag="3d", sigma=1.9, never=0.12),
        s.Release("5.2", on="2026-03-05", lag="3d", sigma=1.9, never=0.12),
        s.Release("5.3", on="2026-04-10", lag="3d", sigma=1.9, never=0.12),
    )}),
    s.Funnel("onboarding", of="people", starts="first_seen", steps=STEPS, exact=False),
    s.Events("milestones", of="people", at="ts", what="event", number="", in_time=False, columns={
        "session_id": s.derived("integer", session_of_person),
    }, moments=(
        s.Moment("visit", at="first_seen"),
        *s.taken("onboarding", "signup", "activate", "plan_view", "checkout", "payment"),
    )),
    s.Returns("sessions", of="people", starts="signup_at", where="onboarding>=1", in_time=False,
              count=s.count(9.0, heavy=True), retention=(0.33, 0.05), season=SEASON, columns={
        "n_events": s.count(6.0, most=40),
        "pace_s": s.spread("35s", 0.8),
        "session_id": s.derived("integer", session),
    }),
    s.Many("actions", of="sessions", count="n_events", columns={
        "event": ACTIONS.each(),
        "ts": s.derived("timestamp", moment),
    }),
    s.Merged("events", of="people", frames=("milestones", "actions"), at="ts", number="event_id",
             keeps=("event", "session_id"), values={"event": ("purchase",)}, in_time=False, columns={
        "received_at": s.derived("timestamp", lambda events: events["ts"] + ARRIVAL_S),
    }),
    s.Rollout("app_version", of="events", at="ts", people="people", tracks={"": (
        s.Release("5.0"),
        s.Release("5.1", on="2026-01-20", lag="3d", sigma=1.9, never=0.12),
        s.Release("5.2", on="2026-03-05", lag="3d", sigma=1.9, never=0.12),
        s.Release("5.3", on="2026-04-10", lag="3d", sigma=1.9, never=0.12),
    )}),
    s.Events("exposures", of="people", at="exposed_at", what="", number="", in_time=False, moments=(
        s.Moment("exposed", at="signup_at", where="onboarding>=1"),
    )),
    s.Events("subscriptions", of="people", at="started_at", what="", number="subscription_id",
             in_time=False, moments=s.taken("onboarding", "payment"), columns={
        "plan": s.mix(month=2 / 3, year=1 / 3).each(),
        "price_eur": s.lookup("plan", {"month": 990, "year": 9_900}, "money"),
    }),
)  # fmt: skip

TWISTS = (
    s.StepChange("pay_drop", step="onboarding.payment", where="platform=android and app_version=5.2",
                 odds=0.45, since="2026-03-10", because="3-D Secure fails in the web view"),
    s.StepChange("onboarding_v2", step="onboarding.activate", where="variant=B", odds=1.12,
                 since="2026-02-01", because="the shorter tour"),
    s.Outage("outage", of="events", where="event=activate", share=0.9, clock="ts",
             since="2026-02-24", until="2026-02-27"),
    s.Renamed("renamed", of="events", where="event=payment", column="event", to="purchase", clock="ts",
              since="2026-04-20"),
    s.Late("late", of="events", column="received_at", delay=("1h", "2d"), share=0.02),
    s.Duplicates("dups", of="events", share=0.06, clock="ts", since="2026-03-20", until="2026-03-27",
                 later={"received_at": RETRY}),
    s.Lost("mismatch", of="exposures", where="platform=android and variant=B", share=0.12),
)  # fmt: skip

TABLES = (
    s.Table("users", "one row per person", {
        "user_id": "key, in order of first visit",
        "first_seen": "first visit, UTC",
        "platform": "the person's device",
        "country": "ISO country code",
        "channel": "what brought the first visit",
    }, of="people"),
    s.Table("sessions", "one row per later visit", {
        "session_id": "key",
        "user_id": "whose visit it is",
        "started_at": "first screen, UTC",
        "n_events": "actions in it",
    }),
    s.Table("events", "one row per event", {
        "event_id": "key",
        "user_id": "who did it",
        "session_id": "in which visit",
        "ts": "client time, UTC",
        "received_at": "server time, UTC",
        "event": "what happened",
        "platform": "the person's device",
        "country": "ISO country code",
        "app_version": "version at that time",
        "variant": "arm of the experiment",
    }),
    s.Table("exposures", "one row per person in the experiment", {
        "user_id": "who",
        "exposed_at": "sign-up, UTC",
        "variant": "arm of the experiment",
    }),
    s.Table("subscriptions", "one row per subscription", {
        "subscription_id": "key",
        "user_id": "who pays",
        "started_at": "first payment, UTC",
        "price_eur": s.column("price of the plan", unit="EUR"),
    }),
)  # fmt: skip

WORLD: World = s.tell(
    begins="2026-01-01",
    ends="2026-04-30",
    sizes={"default": 20_000, "small": 6_000, "tiny": 3_000},
    parts=PARTS,
    twists=TWISTS,
    tables=TABLES,
    block=BLOCK,
)
