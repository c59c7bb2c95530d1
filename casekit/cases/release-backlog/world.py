"""
Ledgerfern, payroll software for companies, four squads, from 1 January to 31 August 2025.

The VP Product wants to show that work gets faster, that nine in ten releases are on time, and that
automation saves a third of the release work. In truth mobile's QA has waited since its device farm was
taken away on 1 May, late releases are re-planned to the day they came, and short hotfixes became many in
June, in the very month in which three of nine tasks of one squad's releases were automated.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from casekit.world import story as s
from casekit.world.declare import NULL
from casekit.world.facts import read_facts

FARM_GONE, AUTOMATED = "2025-05-01", "2025-06-01"
OFFICE = (0, 0, 0, 0, 0, 0, 1, 4, 10, 14, 14, 12, 8, 12, 14, 13, 11, 7, 3, 1, 0, 0, 0, 0)
RELEASE_HOURS = (0,) * 9 + (3, 4, 4, 2, 3, 4, 4, 2) + (0,) * 7
SQUADS = (("payroll",), ("core",), ("mobile",), ("integrations",))
TEAMS = s.mix(payroll=0.28, core=0.27, mobile=0.25, integrations=0.20)
POINTS = {"1": 1, "2": 2, "3": 3, "5": 5, "8": 8}
SIZES = s.mix({"1": 0.20, "2": 0.28, "3": 0.27, "5": 0.18, "8": 0.07})
BY_SIZE = {f"story_points={points}": round(0.6 + 0.14 * points, 2) for points in POINTS.values()}
REOPENED = s.by("team", {"payroll": 0.17}, other=0.07)
FLOW = {
    "Backlog": (s.Move("Ready", after="9d", sigma=0.9),),
    "Ready": (s.Move("Cancelled", 0.06, after="6d", sigma=0.8),
              s.Move("In Progress", after="2.5d", sigma=0.7)),
    "In Progress": (s.Move("In Review", after="2.8d", sigma=0.88, longest="16d", times=BY_SIZE, again=0.8),),
    "In Review": (s.Move("QA", after="0.8d", sigma=0.5),),
    "QA": (s.Move("In Progress", REOPENED, after="1.4d", sigma=0.55, at_most=2),
           s.Move("Ready for Release", after="1.4d", sigma=0.55)),
    "Ready for Release": (s.Move("Done", within=("5h", "6d")),),
    "Done": (s.Move("In Progress", 0.05, after="4d", sigma=0.5, at_most=1),),
    "Cancelled": (),
}  # fmt: skip
SLIPS = {0: 5, 2: 1, 4: 1, 7: 1, 9: 1}  # days late, and how many of nine releases
MINUTES = {
    "scheduled": {"release_notes": 35, "regression_check": 95, "ticket_tidy": 35, "env_config": 40,
                  "stakeholder_comms": 45, "approvals": 30, "smoke_test": 40, "flag_audit": 25,
                  "docs_update": 25},
    "hotfix": {"env_config": 25, "stakeholder_comms": 30, "approvals": 25, "smoke_test": 40},
}  # fmt: skip
TASKS = tuple(MINUTES["scheduled"])
LOUD = {"ceo": 14, "community": 12, "sales": 9}  # votes for what they asked for; the others have 1 to 6
ASKERS = ("ceo", "community", "sales", "support", "product", "product_ops", "engineering", "finance",
          "customers", "security", "design")  # fmt: skip
WILD = {2: 2_200, 7: 20, 8: 900}  # items whose machine-made reach is far off, in percent of the measured one
BACKLOG = (  # item, title, team, reach, impact, confidence, effort, key result, asked for by, source
    (1, "Bulk time-off import", "core", 900, 1, 0.8, 3, "KR2", "sales", "jira",
     "Admins import leave once a quarter; several calls mention spreadsheets."),
    (2, "CEO dashboard redesign", "core", 60, 2, 0.5, 8, None, "ceo", "jira",
     "Named in many internal threads, so every account is likely to open it."),
    (3, "Payslip error pre-check", "payroll", 2_400, 2, 0.8, 6, "KR1", "support", "jira",
     "Payslip errors are the most frequent topic of support tickets."),
    (4, "Guided tenant setup", "core", 1_100, 2, 0.8, 7, "KR2", "product", "jira",
     "New tenants stop at the second setup step in session recordings."),
    (5, "Release checklist automation", "core", 140, 2, 1.0, 3, "KR3", "product_ops", "jira",
     "Squads describe the release checklist as slow and repeated."),
    (6, "Mobile QA device farm", "mobile", 380, 2, 0.8, 5, "KR3", "engineering", "jira",
     "Mobile tickets mention waiting for test devices."),
    (7, "Dark mode", "mobile", 5_200, 0.25, 0.8, 6, None, "community", "jira",
     "Few enterprise calls mention it, so few people are likely to use it."),
    (8, "SAP connector", "integrations", 45, 3, 0.5, 12, "KR4", "sales", "jira",
     "Large prospects ask for it; most accounts are assumed to follow."),
    (9, "Self-serve plan upgrade", "core", 700, 2, 0.8, 5, "KR4", "finance", "jira",
     "Accounts near their seat limit write to sales before they upgrade."),
    (10, "Tax table auto-update", "payroll", 1_800, 1, 1.0, 2, "KR1", "support", "jira",
     "Tickets rise in the week after a tax table changes."),
    (11, "Slack approvals", "integrations", 650, 1, 80, 3, "KR2", "customers", "productboard",
     "Approvers say that they miss the e-mail."),
    (12, "Audit-log export", "core", 220, 1, 80, 2, None, "security", "productboard",
     "Asked for in security questionnaires."),
    (13, "Holiday calendar sync", "integrations", 800, 0.5, 100, 2, None, "customers", "productboard",
     "Public holidays are typed in by hand each year."),
    (14, "Contractor payments", "payroll", 350, 3, 50, 10, "KR4", "sales", "productboard",
     "Companies with freelancers run a second tool."),
    (15, "In-app release notes", "core", 3_000, 0.25, 100, 1, "KR2", "product_ops", "productboard",
     "Users learn of new features from colleagues."),
    (16, "SSO enforcement", "core", 160, 2, 80, None, "KR4", "security", "productboard",
     "Procurement checklists ask whether it can be enforced."),
    (17, "Timesheet offline mode", "mobile", 420, 1, 50, 6, None, "customers", "productboard",
     "Field staff report lost entries without a network."),
    (18, "Payroll run rollback", "payroll", 300, 3, 80, 8, "KR1", "support", "productboard",
     "A wrong run is put right by hand, employee by employee."),
    (19, "Empty-state templates", "core", 1_000, 0.5, 80, 0, "KR2", "design", "productboard",
     "First screens are empty for most new tenants."),
    (20, "Legacy API sunset", "integrations", 120, 0.5, 100, 5, "KR3", "engineering", "productboard",
     "Old endpoints still cause a part of the failed builds."),
)  # fmt: skip


def task(tasks: s.Frame) -> s.Whole:
    """Scheduled releases go through all tasks in order, hotfixes through the last steps only."""
    short = np.array([TASKS.index(name) for name in MINUTES["hotfix"]])
    is_hotfix = tasks.is_value("release_type", "hotfix")
    return np.where(is_hotfix, short[tasks["nth"] % len(short)], tasks["nth"])


def by_hand(tasks: s.Frame) -> s.Whole:
    """Minutes of work: the task's usual ones, more or less."""
    usual = np.array([[table.get(name, 0) for name in TASKS] for table in MINUTES.values()])
    is_hotfix = tasks.is_value("release_type", "hotfix").astype(int)
    minutes: s.Whole = (usual[is_hotfix, tasks["task"]] * tasks["percent"] + 50) // 100
    return minutes


def votes(items: s.Frame) -> s.Whole:
    """How many votes each item got: the loud get theirs, whatever it is worth."""
    return np.where(items["loud"] > 0, items["loud"], items["quiet"])


def voter(votes: s.Frame) -> s.Whole:
    """Who asked for it and sales, in turn."""
    return np.where(votes["nth"] % 2 == 0, votes["requested_by"], ASKERS.index("sales"))


def guess(items: s.Frame) -> s.Whole:
    """The machine's reach: about right, but for three items."""
    percent = np.array([WILD.get(item, 0) for item in items["item_id"].tolist()])
    return (items["reach_per_quarter"] * np.where(percent > 0, percent, items["off"]) + 50) // 100


NEVER = s.derived("date", lambda rows: np.full(len(rows), NULL))  # a hotfix has no plan
PARTS = (
    s.Population("issues", {
        "created_at": s.start(s.Season(hours=OFFICE, weekend=0.12)),
        "stretch": s.derived("integer", lambda issues: issues.key // 40),  # each has the same teams and sizes
        "team": TEAMS.within("stretch"),
        "issue_type": s.mix(story=0.48, bug=0.30, chore=0.12, escalation=0.10).within("stretch"),
        "size": SIZES.within("stretch"),
        "story_points": s.lookup("size", POINTS),
    }, number="issue_id"),
    s.Workflow("issue_transitions", of="issues", starts="created_at", states=FLOW, cells=("team",),
               lap=s.Lap("In Progress", "Done", within="14d"), number="transition_id"),
    s.Given("squads", {"team": "text"}, SQUADS),
    s.Schedule("scheduled", of="squads", every=14, first="2025-01-08", apart=4, slips=SLIPS,
               hours=RELEASE_HOURS, at="released_at", columns={
        "release_type": s.mix(scheduled=1),
        "rolled_back": s.share(0.05),
    }),
    s.Sporadic("hotfixes", of="squads", a_month=0.4, hours=OFFICE, at="released_at", columns={
        "release_type": s.mix(hotfix=1),
        "rolled_back": s.share(0.10, exact=False),
        "original_planned_date": NEVER,
        "planned_date": NEVER,
    }),
    s.Merged("releases", of="squads", frames=("scheduled", "hotfixes"), at="released_at", number="release_id",
             keeps=("release_type", "original_planned_date", "planned_date", "rolled_back")),
    s.Many("release_tasks", of="releases",
           count=s.lookup("release_type", {kind: len(table) for kind, table in MINUTES.items()}), columns={
        "task": s.derived("text", task, TASKS),
        "mode": s.mix(manual=1, automated=0),
        "percent": s.spread(100, 0.12),
        "minutes": s.derived("integer", by_hand),
    }),
    s.Given("okrs", {"kr_id": "text", "key_result": "text", "baseline": "number", "target": "number",
                     "unit": "text"}, (
        ("KR1", "Fewer payroll-run support tickets per 1,000 runs", 42, 25, "tickets"),
        ("KR2", "More new tenants active in week 4", 31, 40, "percent"),
        ("KR3", "Shorter lead time, 85th percentile", 24, 14, "days"),
        ("KR4", "Higher net revenue retention", 103, 108, "percent"),
    )),
    s.Given("backlog_items", {
        "item_id": "integer", "title": "text", "team": "text", "reach_per_quarter": "integer",
        "impact": "number", "confidence": "number", "effort_pw": "integer", "kr_id": "text",
        "requested_by": "text", "source": "text", "ai_rationale": "text",
    }, BACKLOG, values={"requested_by": ASKERS}, extra={
        "off": s.whole(75, 130),
        "ai_reach": s.derived("integer", guess),
        "ai_impact": s.whole(1, 3),
        "loud": s.lookup("requested_by", dict.fromkeys(ASKERS, 0) | LOUD),
        "quiet": s.whole(1, 6),
        "votes": s.derived("integer", votes),
    }),
    s.Many("stakeholder_votes", of="backlog_items", count="votes", number="vote_id", columns={
        "stakeholder": s.derived("text", voter, ASKERS),
        "arr_at_risk_eur": s.spread(10_500, 0.7, least=500, most=60_000),
    }),
)  # fmt: skip

TWISTS = (
    s.QueueDelay("device_farm", of="issue_transitions", state="QA", where="team=mobile", times=2.6,
                 since=FARM_GONE, because="the device farm was taken away, and testers share four phones"),
    s.Replanned("moved_plans", of="scheduled", share=0.80,
                because="a late release gets the day it came as its plan"),
    s.MixShift("hotfix_wave", of="hotfixes", times=5.7, since=AUTOMATED,
               because="releases are followed by small repairs"),
    s.Automation("checklist_bot", of="release_tasks", where="team=core and release_type=scheduled and "
                 "task=release_notes|regression_check|ticket_tidy", clock="released_at", since=AUTOMATED,
                 effort="minutes", takes=4, sets={"mode": "automated"},
                 because="three of nine tasks of core's scheduled releases run by themselves"),
)  # fmt: skip

TABLES = (
    s.Table("issues", "one row per issue", {
        "issue_id": "key, in order of creation",
        "team": "the squad that works on it",
        "issue_type": "story, bug, chore or escalation",
        "created_at": "when it was written down, UTC",
        "story_points": s.column("the squad's estimate of its size", unit="points"),
    }),
    s.Table("issue_transitions", "one row per move of an issue from one status to the next", {
        "transition_id": "key, in order of time",
        "issue_id": "the issue that moved",
        "from_status": "the status it left; every issue begins in Backlog",
        "to_status": "the status it entered",
        "changed_at": "when, UTC; the export was made on 1 September at 00:00",
    }),
    s.Table("releases", "one row per release", {
        "release_id": "key, in order of release",
        "team": "the squad that released",
        "release_type": "scheduled every 14 days, or an unplanned hotfix",
        "original_planned_date": s.column("the day first promised; NULL for hotfixes", nullable=True),
        "planned_date": s.column("the day planned at last; NULL for hotfixes", nullable=True),
        "released_at": "when it went out, UTC",
        "rolled_back": "whether it was taken back",
    }),
    s.Table("release_tasks", "one row per release and task", {
        "release_id": "the release",
        "task": "the step of the release checklist",
        "mode": "manual or automated",
        "minutes": s.column("how long it took", unit="minutes"),
    }),
    s.Table("okrs", "one row per key result", {
        "kr_id": "key",
        "key_result": "what should change",
        "baseline": "where it stood in January",
        "target": "where it should be in December",
        "unit": "what baseline and target count",
    }),
    s.Table("backlog_items", "one row per item of the backlog", {
        "item_id": "key",
        "title": "what it is",
        "team": "the squad that would build it",
        "reach_per_quarter": s.column("users it reaches a quarter, measured", unit="users"),
        "impact": "how much it helps each: 0.25, 0.5, 1, 2 or 3",
        "confidence": "how sure the estimate is",
        "effort_pw": s.column("estimated effort", unit="person-weeks", nullable=True),
        "kr_id": "the key result it serves; NULL for none",
        "requested_by": "who asked for it",
        "source": "the tool it was written down in",
    }),
    s.Table("stakeholder_votes", "one row per vote", {
        "vote_id": "key",
        "item_id": "the item voted for",
        "stakeholder": "who voted",
        "arr_at_risk_eur": s.column("yearly revenue they say hangs on it", unit="EUR"),
    }),
    s.Table("ai_suggestions", "one row per item of the backlog", {
        "item_id": "the item",
        "ai_reach": s.column("users it reaches a quarter, as a language model reads tickets and call notes",
                             unit="users"),
        "ai_impact": "its guess of the impact, from 1 to 3",
        "ai_rationale": "the reason it gives",
    }, of="backlog_items"),
)  # fmt: skip

WORLD = s.tell(
    begins="2025-01-01",
    ends="2025-08-31",
    sizes={"default": 1_600, "small": 500, "tiny": 80},  # issues; releases and the backlog are always whole
    parts=PARTS,
    twists=TWISTS,
    tables=TABLES,
    facts=read_facts(Path(__file__).with_name("facts.sql")),
    block=16_000,  # ten times the default: times are shared out among 24 neighbours, not over the block
)
