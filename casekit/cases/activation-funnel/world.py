"""
Noteloom, a documents tool for teams, from 1 September to 9 November 2025: ten weeks of signups.

On 6 October it opens a gallery of templates. The gallery brings seven times as many accounts, which seldom
get anywhere, and takes a fifth of the searchers who used to come by themselves. So signups rise by 38 %
while just as many accounts activate and pay as before. In the two weeks after, a script signs up 1,100
times. Nobody who signed up in the last week has had seven days yet.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from casekit.world import story as s
from casekit.world.calendar import DAY_S, day
from casekit.world.facts import read_facts

LAUNCH = "2025-10-06"
HOURS = (5, 3, 2, 2, 3, 6, 14, 32, 62, 84, 92, 88, 72, 80, 90, 92, 84, 66, 44, 34, 30, 24, 16, 9)
SOURCES = ("organic", "gallery", "paid", "referral")
FIRST_DOC = {"organic": 0.62, "gallery": 0.38, "paid": 0.55, "referral": 0.68}
INVITED = {"organic": 0.345, "gallery": 0.07, "paid": 0.26, "referral": 0.40}  # of all accounts, in 7 days
INVITES = {source: INVITED[source] / FIRST_DOC[source] for source in SOURCES}
SEATS_EUR = (12, 40, 150)  # a month: one place, a team of five, a business of ten
WEEKLY_EUR = {
    "organic": (2_600, 2_600),
    "gallery": (340, 2_360),
    "paid": (2_900, 2_900),
    "referral": (1_400, 1_400),
}
MONDAY = 4  # 5 January 1970 was the first


def week(accounts: s.Frame) -> s.Whole:
    """The week of signing up, so that every week's rates are exact."""
    weeks: s.Whole = (accounts["day"] - MONDAY) // 7
    return weeks


def uses(accounts: s.Frame) -> s.Whole:
    """How often they come back, by how far they got."""
    how_often = [accounts[how] for how in ("few", "some", "lots")]
    return np.choose(np.minimum(accounts["activation"], 2), how_often)


def tried(accounts: s.Frame) -> s.Whole:
    """Who tried the demo before, within the window."""
    return accounts["saw_demo"] & (accounts["demo_at"] >= day("2025-09-01") * DAY_S)


def used(uses: s.Frame) -> s.Whole:
    """What they do when they come back: a further document only after the first one."""
    has_doc = (uses["activation"] > 0) & (uses["event_at"] > uses["first_doc_at"])
    return np.where(has_doc & uses["writes"], 0, 1)


def plan(subscriptions: s.Frame) -> s.Whole:
    """An upgrade is one plan further up."""
    return subscriptions["first_plan"] + subscriptions.is_value("what", "upgrades")


def price(subscriptions: s.Frame) -> s.Whole:
    """What the plan costs a month, in cents."""
    return np.array(SEATS_EUR)[subscriptions["plan"]] * 100


def spend(weeks: s.Frame) -> s.Whole:
    """Each week's bill in cents: the budget before and since the launch, less what was not used."""
    budgets_eur = np.array([WEEKLY_EUR[source] for source in SOURCES])
    is_after = (weeks["week"] >= day(LAUNCH)).astype(int)
    cents: s.Whole = budgets_eur[weeks["source"], is_after] * weeks["used_permille"] // 10
    return cents


PARTS = (
    s.Arrivals("accounts", source="source", begins="signup_at", number="account_id",
               sources=s.mix(organic=0.50, gallery=0.08, paid=0.25, referral=0.17),
               season=s.Season(hours=HOURS, weekend=0.25, swing=0.05), columns={
        "country": s.mix(US=0.28, DE=0.20, GB=0.15, IN=0.14, FR=0.12, NL=0.11).each(),
        "company_size": s.mix({"1": 0.30, "2-10": 0.34, "11-50": 0.20, "51-200": 0.11, "201+": 0.05}).each(),
        "email_type": s.mix(business=0.51, freemail=0.36, disposable=0.13).per("source", {
            "gallery": {"business": 0.45, "freemail": 0.50, "disposable": 0.05},
        }).each(),
        "week": s.derived("integer", week),
        "saw_demo": s.share(0.08, exact=False),
        "demo_lead": s.spread("2d", 0.9),
        "demo_at": s.derived("timestamp", lambda accounts: accounts["signup_at"] - accounts["demo_lead"]),
        "demo_view_at": s.derived("timestamp", lambda demo: demo["demo_at"] + demo["demo_lead"] // 9),
        "tried": s.derived("boolean", tried),
        "few": s.count(0.8, heavy=True),
        "some": s.count(26.0, heavy=True, most=240),
        "lots": s.count(66.0, heavy=True, most=250),
        "first_plan": s.mix(solo=0.45, team=0.55).each(),
    }),
    s.Funnel("activation", of="accounts", starts="signup_at", where="not bots",
             cells=("source",), along=("week",), steps=(
        s.Step("first_doc", s.by("source", FIRST_DOC), after="20m", sigma=1.4),  # at most 34 hours
        s.Step("first_invite", s.by("source", INVITES), after="72h", sigma=0.18),  # at most 5.5 days
        s.Step("pays", 0.185, after="4h", sigma=0.9),
        s.Step("upgrades", 0.31, after="14d", sigma=0.6),
    )),
    s.Funnel("late", of="accounts", starts="signup_at", where="activation=1", exact=False, steps=(
        s.Step("late_invite", 0.14, after="14d", sigma=0.2),  # at the earliest on the eighth day
    )),
    s.Funnel("answer", of="accounts", starts="first_invite_at", where="activation>=2", exact=False, steps=(
        s.Step("accepted", 0.58, after="5h", sigma=1.2),
    )),
    s.Added("accounts", {"uses": s.derived("integer", uses)}),
    s.Returns("comebacks", of="accounts", starts="signup_at", count="uses", where="not bots", at="event_at",
              retention=(0.30, 0.08), season=s.Season(hours=HOURS, weekend=0.35), columns={
        "writes": s.share(0.16, exact=False),
        "event_name": s.derived("text", used, ("doc_created", "doc_viewed")),
    }),
    s.Returns("more_invites", of="accounts", starts="first_invite_at", count=s.count(2.4, heavy=True),
              where="activation>=2", at="invited_at", retention=(0.30, 0.04), season=s.Season(hours=HOURS)),
    s.Funnel("answers", of="more_invites", starts="invited_at", exact=False, steps=(
        s.Step("accepts", 0.52, after="5h", sigma=1.2),
    )),
    s.Events("firsts", of="accounts", number="", moments=(
        *s.taken("activation", first_doc="doc_created"),
        s.Moment("doc_created", at="demo_at", where="tried and not bots"),
        s.Moment("doc_viewed", at="demo_view_at", where="tried and not bots"),
        *s.taken("activation", first_invite="invite_sent"),
        *s.taken("late", late_invite="invite_sent"),
        *s.taken("answer", accepted="invite_accepted"),
    )),
    s.Events("invites", of="more_invites", number="", moments=(
        s.Moment("invite_sent", at="invited_at"),
        *s.taken("answers", accepts="invite_accepted"),
    )),
    s.Merged("product_events", of="accounts", frames=("firsts", "comebacks", "invites"), at="event_at",
             keeps=("event_name",), number="event_id"),
    s.Events("subscriptions", of="accounts", moments=s.taken("activation", "pays", "upgrades"), what="what",
             at="started_at", number="", columns={
        "plan": s.derived("text", plan, ("solo", "team", "business")),
        "mrr_eur": s.derived("money", price),
    }),
    s.Daily("spend", day="week", every=7, per="source", values=SOURCES, columns={
        "used_permille": s.whole(960, 1_000),
        "eur": s.derived("money", spend),
    }),
)  # fmt: skip

TWISTS = (
    s.MixShift("gallery_launch", of="accounts", sources=("gallery",), times=7.0, since=LAUNCH,
               because="the gallery of templates opened and is advertised"),
    s.MixShift("search_overlap", of="accounts", sources=("organic",), times=0.8, since=LAUNCH,
               because="the gallery's pages outrank the home page in search"),
    s.Bots("bots", of="accounts", share=1_100 / 12_000, source="gallery",
           sets={"country": "NL", "email_type": "disposable"},
           days={"2025-10-07": 300, "2025-10-09": 500, "2025-10-11": 60, "2025-10-14": 150, "2025-10-18": 90},
           because="a script on rented servers signs up and does nothing"),
)  # fmt: skip

TABLES = (
    s.Table("accounts", "one row per account that signed up", {
        "account_id": "key, in order of signing up",
        "signup_at": "when the account was opened, UTC",
        "source": "what brought the signup",
        "country": "ISO country code of the address it came from",
        "company_size": "people in the company, as told at signup",
        "email_type": "business, freemail, or disposable: an address of a throw-away service",
    }),
    s.Table("product_events", "one row per event the product sent", {
        "event_id": "key, in order of time",
        "account_id": "the account; the demo's events are joined to it at signup",
        "event_name": "what was done",
        "event_at": "when, UTC; before signup in the demo",
    }),
    s.Table("subscriptions", "one row per plan an account took", {
        "account_id": "the account; an upgrade is a second row",
        "started_at": "when the plan was taken, UTC",
        "plan": "the plan",
        "mrr_eur": s.column("what the plan pays a month", unit="EUR"),
    }),
    s.Table("spend", "one row per week and source", {
        "week": "Monday of the week",
        "source": "the source the money was spent on",
        "eur": s.column("spend of the week", unit="EUR"),
    }),
)  # fmt: skip

WORLD = s.tell(
    begins="2025-09-01",
    ends="2025-11-09",
    sizes={"default": 12_000, "small": 4_000, "tiny": 500},  # accounts, bots included
    parts=PARTS,
    twists=TWISTS,
    tables=TABLES,
    facts=read_facts(Path(__file__).with_name("facts.sql")),
)
