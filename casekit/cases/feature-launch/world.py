"""
Cadenzo, software that automates office work, from 1 May to 10 August 2025: the launch of Smart Rules.

Three waves of workspaces get the feature on 2, 16 and 30 June: first volunteers on the Scale plan, then
customers who asked, then a fair sample of the rest. From 16 June a tooltip opens the panel by itself. So
opens rise by 160 % while habitual use stays where it was, and the first wave promises twice the adoption
that everybody else will show. One region's runs fail twice as often, and large workspaces write three
times the tickets.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from casekit.world import story as s
from casekit.world.calendar import DAY_S, day
from casekit.world.facts import read_facts

TOOLTIP = "2025-06-16"
HABIT, LAUNCH, DUE = "Automation becomes a habit", "Launch Smart Rules", "2025-09-30"
HOURS = (6, 4, 3, 3, 4, 8, 18, 40, 72, 92, 96, 90, 70, 78, 90, 92, 84, 62, 36, 24, 18, 14, 10, 8)
OFFICE = s.Season(hours=HOURS, weekend=0.30)
WAVES = {"volunteers": "2025-06-02", "early": "2025-06-16", "sample": "2025-06-30", "none": "2025-05-01"}
WHO = {  # volunteers are on Scale; the last wave looks like those who are left
    "scale": {"volunteers": 0.500, "early": 0.133, "sample": 0.093, "none": 0.274},
    "team": {"early": 0.222, "sample": 0.185, "none": 0.593},
    "starter": {"early": 0.080, "sample": 0.185, "none": 0.735},
}
ADOPTS = s.by("plan", {"scale": 0.35, "team": 0.226, "starter": 0.141},
              times={"wave_name=volunteers": 1.25, "seats<10": 0.95, "seats>200": 1.05})  # fmt: skip
MOST_RUNS = 4_000  # of one maker
LARGE = 200  # seats; above, tickets come 2.7 times as fast and for longer, three times as many in all
ROLES = ("admin", "maker", "member")


def seats(workspaces: s.Frame) -> s.Whole:
    """Seats paid for, by plan."""
    scale, team, starter = (workspaces[f"{plan}_seats"] for plan in ("scale", "team", "starter"))
    small = np.where(workspaces.is_value("plan", "team"), team, starter)
    return np.where(workspaces.is_value("plan", "scale"), scale, small)


def members(workspaces: s.Frame) -> s.Whole:
    """Who of them has a login: everybody in a small team, few of a large one."""
    paid = workspaces["seats"]
    some: s.Whole = np.clip(paid - 5, 0, 45) * 3 // 10 + np.maximum(paid - 50, 0) // 11
    return np.minimum(paid, 5) + some


def makers(workspaces: s.Frame) -> s.Whole:
    """How many of them make rules, where rules become a habit."""
    needed = np.maximum(1 + workspaces["n_users"] // 6, workspaces["runs"] // MOST_RUNS)
    return np.where(workspaces["is_regular"], np.minimum(needed, workspaces["n_users"]), 0)


def enabled(workspaces: s.Frame) -> s.Whole:
    """When the flag went on: at nine in the morning of the wave's day, and over the next hours."""
    days = np.array([day(one) for one in WAVES.values()])[workspaces["wave_name"]]
    return days * DAY_S + 9 * 3_600 + workspaces["flag_lag"]


def runs(users: s.Frame) -> s.Whole:
    """The workspace's runs, shared out among its makers."""
    each, left = np.divmod(users["runs"], np.maximum(users["n_makers"], 1))
    return np.where(users["nth"] < users["n_makers"], np.minimum(each + (users["nth"] < left), MOST_RUNS), 0)


def role(users: s.Frame) -> s.Whole:
    """The first of a workspace is its admin; makers are marked whether or not they make rules."""
    makers = np.maximum(1 + users["n_users"] // 6, users["n_makers"])
    return np.where(users["nth"] == 0, 0, np.where(users["nth"] < makers, 1, 2))


def tickets(workspaces: s.Frame) -> s.Whole:
    """How many tickets each writes in any case."""
    return np.where(workspaces["seats"] > LARGE, workspaces["busy_tickets"], workspaces["calm_tickets"])


def questions(workspaces: s.Frame) -> s.Whole:
    """How many more it writes about rules, once one has run."""
    return np.where(workspaces["seats"] > LARGE, workspaces["busy_questions"], workspaces["calm_questions"])


PARTS = (
    s.Population("workspaces", number="workspace_id", columns={
        "plan": s.mix(scale=0.20, team=0.30, starter=0.50),
        "scale_seats": s.evenly(s.spread(80, 0.95, 12, 2_000), "plan"),
        "team_seats": s.evenly(s.spread(12, 0.7, 4, 120), "plan"),
        "starter_seats": s.evenly(s.spread(4, 0.7, 1, 40), "plan"),
        "seats": s.derived("integer", seats),
        "n_users": s.derived("integer", members),
        "wave_name": s.mix(volunteers=1, early=1, sample=1, none=1).per("plan", WHO),
        "region": s.mix(APAC=0.15, EU=0.42, NA=0.33, LATAM=0.10).within("plan", "wave_name"),
        "wave": s.lookup("wave_name", {"volunteers": 1, "early": 2, "sample": 3, "none": 0}),
        "flag_lag": s.whole(0, 4 * 3_600),
        "enabled_at": s.derived("timestamp", enabled),
        "is_exposed": s.derived("boolean", lambda one: one["wave"] > 0),
        "calm_tickets": s.count(0.71),
        "busy_tickets": s.count(1.92),
        "calm_questions": s.count(2.9),
        "busy_questions": s.count(7.8),
        "n_tickets": s.derived("integer", tickets),
        "n_questions": s.derived("integer", questions),
        "opened": s.derived("timestamp", lambda one: np.full(len(one), day("2025-05-01") * DAY_S)),
    }),
    s.Funnel("adoption", of="workspaces", starts="enabled_at", where="is_exposed",
             cells=("wave_name",), along=("region", "plan"), steps=(
        s.Step("creates", ADOPTS, after="20h", sigma=0.7),
        s.Step("first_run", after="3h", sigma=0.8),
    )),
    s.Funnel("attempt", of="workspaces", starts="enabled_at", where="is_exposed and adoption=0", exact=False,
             steps=(s.Step("tries", 0.05, after="30h", sigma=0.8),)),  # a rule that never runs
    s.Added("workspaces", {
        "is_habit": s.share(0.80).within("adoption", "wave", "region"),
        "is_regular": s.derived("boolean", lambda one: one["is_habit"] & (one["adoption"] > 0)),
        "runs": s.evenly(s.spread(92, 2.11, 60, 30_000), "is_regular", "wave"),  # in 102 days, all alike
        "n_makers": s.derived("integer", makers),
    }),
    s.Many("users", of="workspaces", count="n_users", number="user_id", columns={
        "role": s.derived("text", role, ROLES),
        "joined_on": s.whole(day("2023-03-01"), day("2025-04-30"), "date"),
        "n_runs": s.derived("integer", runs),
    }),
    s.Returns("looks", of="users", starts="enabled_at", count=s.count(17.5, heavy=True, most=200),
              where="is_exposed", retention=(0.2, 0.2), season=OFFICE, at="looked_at", in_time=False),
    s.Funnel("look", of="looks", starts="looked_at", exact=False, steps=(s.Step("opened_panel", 0.35),)),
    s.Returns("more_rules", of="users", starts="first_run_at", where="n_runs>0",
              count=s.count(1.6, heavy=True), retention=(0.3, 0.1), season=OFFICE, at="made_at",
              in_time=False),
    s.Returns("trials", of="users", starts="first_run_at", count="n_runs", retention=(0.2, 0.2),
              season=OFFICE, at="ran_at", in_time=False),
    s.Funnel("trial", of="trials", starts="ran_at", exact=False, steps=(
        s.Step("fails", 0.05, after="6s", sigma=0.8),
    )),
    s.Events("opens", of="looks", number="", moments=s.taken("look", opened_panel="rule_opened")),
    s.Events("firsts", of="users", number="", moments=(
        s.Moment("rule_created", step="adoption.creates", where="nth=0"),
        s.Moment("rule_created", step="attempt.tries", where="nth=0"),
        s.Moment("rule_run", step="adoption.first_run", where="nth=0"),
    )),
    s.Events("further", of="more_rules", number="", moments=(s.Moment("rule_created", at="made_at"),)),
    s.Events("runs_seen", of="trials", number="", moments=(
        s.Moment("rule_run", at="ran_at"), *s.taken("trial", fails="rule_failed"),
    )),
    s.Merged("feature_events", of="users", frames=("opens", "firsts", "further", "runs_seen"), at="event_at",
             keeps=("event_name",), number="event_id"),
    s.Returns("other_tickets", of="workspaces", starts="opened", count="n_tickets", retention=(0.2, 0.2),
              season=OFFICE, at="opened_at", columns={
        "topic": s.mix(billing=3, login=3, integrations=2, other=2).each(),
    }),
    s.Returns("questions", of="workspaces", starts="first_run_at", count="n_questions", where="adoption>0",
              retention=(0.3, 0.1), season=OFFICE, at="opened_at", columns={
        "topic": s.mix({"rules": 3, "rule errors": 2}).each(),
    }),
    s.Merged("tickets", of="workspaces", frames=("other_tickets", "questions"), at="opened_at",
             keeps=("topic",), number="ticket_id"),
    s.Given("okrs", {"okr_id": "integer", "objective": "text", "key_result": "text", "baseline": "number",
                     "target": "number", "due_on": "date", "owner": "text"}, (
        (1, HABIT, "exposed workspaces with runs in 2 of 4 weeks, %", 15, 25, DUE, "Head of Product"),
        (2, HABIT, "median days from flag to first run", 1.2, 0.8, DUE, "Growth lead"),
        (3, LAUNCH, "ship Smart Rules to 100 % of workspaces", None, 100, "2025-07-31", None),
        (4, LAUNCH, "triple the number of rule panels opened", None, None, DUE, "Marketing lead"),
        (5, "Support stays calm", "tickets about rules a day, at most", 9, 14, DUE, "Head of Support"),
        (6, "Runs are reliable", "failed runs of all runs, %, at most", 5.5, 4, None, "Platform lead"),
    )),
)  # fmt: skip

TWISTS = (
    s.StepChange("tooltip", step="look.opened_panel", times=2.6, since=TOOLTIP,
                 because="a tooltip opens the panel by itself"),
    s.StepChange("apac_failures", step="trial.fails", where="region=APAC", times=2.0,
                 because="calls from the region time out at the gateway"),
)  # fmt: skip

TABLES = (
    s.Table("workspaces", "one row per workspace", {
        "workspace_id": "key",
        "plan": "the plan it pays for",
        "seats": s.column("seats paid for", unit="seats"),
        "region": "where it is hosted",
    }),
    s.Table("users", "one row per person with a login", {
        "user_id": "key, workspace by workspace",
        "workspace_id": "the workspace",
        "role": "admin, maker (may make rules) or member",
        "joined_on": "day of the first login, UTC",
    }),
    s.Table("flag_exposures", "one row per workspace that got Smart Rules", {
        "workspace_id": "the workspace",
        "wave": "1, 2 or 3",
        "enabled_at": "when the flag went on, UTC",
    }, of="workspaces", where="is_exposed"),
    s.Table("feature_events", "one row per event of Smart Rules", {
        "event_id": "key, in order of time",
        "user_id": "who did it, or whose rule it is",
        "workspace_id": "the user's workspace",
        "event_name": "the panel opened, a rule created, a rule run, or a run that failed",
        "event_at": "when, UTC",
    }),
    s.Table("tickets", "one row per support ticket", {
        "ticket_id": "key, in order of time",
        "workspace_id": "the workspace that wrote",
        "opened_at": "when, UTC",
        "topic": "what it is about",
    }),
    s.Table("okrs", "one row per key result", {
        "okr_id": "key",
        "objective": "the objective it belongs to",
        "key_result": "what is measured",
        "baseline": s.column("value on 1 June", nullable=True),
        "target": s.column("value to reach", nullable=True),
        "due_on": s.column("by when", nullable=True),
        "owner": "who answers for it; NULL for nobody",
    }),
)  # fmt: skip

WORLD = s.tell(
    begins="2025-05-01",
    ends="2025-08-10",
    sizes={"default": 3_000, "small": 1_000, "tiny": 120},  # workspaces
    parts=PARTS,
    twists=TWISTS,
    tables=TABLES,
    facts=read_facts(Path(__file__).with_name("facts.sql")),
)
