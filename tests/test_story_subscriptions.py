"""Subscriptions: retention rises with age, invoices follow the calendar, and every life adds up."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from casekit.errors import AuthorError
from casekit.world import World
from casekit.world import story as s
from casekit.world.calendar import DAY_S, second
from casekit.world.declare import NULL
from casekit.world.draws import Draws
from casekit.world.story.periods import moment_after
from casekit.world.story.scene import Scene

BEGINS, ENDS = "2023-01-01", "2025-06-30"
END_S = second("2025-07-01")
PRICES = {
    "basic": {"month": 10.0, "year": 100.0, "week": 3.0},
    "pro": {"month": 30.0, "year": 300.0, "week": 9.0},
}
PEOPLE = s.Population("accounts", {
    "plan": s.mix(basic=0.6, pro=0.4),
    "terms": s.mix(week=0.05, month=0.75, year=0.20).within("plan"),
    "seats": s.whole(1, 5),
    "begins_at": s.whole(second("2022-10-01"), second("2024-09-01"), "timestamp"),
    "someday_at": s.derived("timestamp", lambda f: np.where(f["seats"] == 1, NULL, f["begins_at"])),
}, number="account_id")  # fmt: skip
PLAIN = s.Subscriptions("subs", of="accounts", starts="begins_at", plan="plan", prices=PRICES)
RICH = replace(
    PLAIN, period="terms", churn=s.Churn(0.668, 3.806), trial="14d", converts=0.7, units="seats",
    pauses=s.Pauses(0.3, within=6, lasts=(1, 3)),
    billing=s.Billing(failed=0.05, recovered=0.8, refunded=0.02, number="invoice_id"),
)  # fmt: skip


def world_of(*parts: object, people: int = 8_000) -> World:
    told = (PEOPLE, *parts)
    table = s.Table("accounts", "one row per account", {"account_id": "key"})
    return s.tell(begins=BEGINS, ends=ENDS, sizes={"default": people}, parts=told, tables=(table,))


def played(*parts: object, people: int = 8_000) -> Scene:
    return world_of(*parts, people=people).story.play(Draws("subs", 7), people)


@pytest.fixture(scope="module")
def rich() -> Scene:
    return played(RICH, s.Spells("history", of="subs", stages=s.LIFE))


def test_retention_follows_the_model():
    """The share that stays at each monthly renewal rises with age, as the model says."""
    churn = s.Churn(0.704, 1.182)
    subs = played(replace(PLAIN, churn=churn), people=60_000).frames["subs"]
    old = subs["begins_at"] < second("2024-01-01")  # at least 17 renewals
    n_invoices = subs["n_invoices"][old]
    kept = [(n_invoices > nth).sum() / (n_invoices >= nth).sum() for nth in range(1, 13)]
    expected = [churn.retention(nth) for nth in range(1, 13)]

    assert np.allclose(expected, kept, atol=0.02)
    assert kept[0] < kept[2] < kept[5] < kept[11]


def test_nobody_leaves_without_churn():
    """Without churn and failing cards everybody is billed until the window ends."""
    scene = played(PLAIN)
    subs = scene.frames["subs"]
    last = moment_after(subs["begins_at"], subs["period"], subs["n_invoices"] - 1)

    assert (subs["ended_at"] == NULL).all()
    assert (last < END_S).all()
    assert (moment_after(subs["begins_at"], subs["period"], subs["n_invoices"]) >= END_S).all()


def test_invoices_add_up(rich: Scene):
    """Every subscription's invoices are numbered without a gap, and as many as it counts."""
    subs, invoices = rich.frames["subs"], rich.frames["invoices"]
    counted = np.bincount(invoices.row, minlength=len(subs))

    assert counted.tolist() == subs["n_invoices"].tolist()
    assert (
        np.bincount(invoices.row, invoices["nth"], len(subs)).tolist()
        == (counted * (counted - 1) / 2).tolist()
    )
    assert len(np.unique(invoices.key)) == len(invoices)
    assert invoices["invoice_id"].tolist() == list(range(1, len(invoices) + 1))
    assert (np.diff(invoices["due_at"]) >= 0).all()


def test_amounts_are_prices(rich: Scene):
    """Each invoice bills its plan's price for its period, seat by seat."""
    invoices = rich.frames["invoices"]
    plans, terms = (invoices.field_of(name).values for name in ("plan", "terms"))
    cents = np.array([[round(100 * PRICES[plan][term]) for term in terms] for plan in plans])

    assert (cents[invoices["plan"], invoices["terms"]] * invoices["seats"]).tolist() == invoices[
        "amount"
    ].tolist()


def test_pause_skips_periods(rich: Scene):
    """Who paused resumes one to three periods later, and is billed nothing in between."""
    subs, invoices = rich.frames["subs"], rich.frames["invoices"]
    back = subs["resumed_at"] != NULL
    started, period, paused = subs["active_at"][back], subs["period"][back], subs["paused_at"][back]
    resumed = subs["resumed_at"][back]
    fits = [
        (moment_after(started, period, nth) == paused) & (moment_after(started, period, nth + n) == resumed)
        for nth in range(1, 7)
        for n in (1, 2, 3)
    ]
    own = subs["paused_at"][invoices.row]
    idle = (
        (own != NULL) & (invoices["due_at"] >= own) & (invoices["due_at"] < subs["resumed_at"][invoices.row])
    )

    assert back.sum() > 300
    assert np.any(fits, axis=0).all()
    assert 0 == idle.sum()


def test_failed_cards_end_it(rich: Scene):
    """About 5 % of cards fail, a fifth of them for good, and those subscriptions end two weeks later."""
    subs, invoices = rich.frames["subs"], rich.frames["invoices"]
    failed = invoices.is_value("status", "failed") & (invoices["due_at"] < END_S - 14 * DAY_S)
    ended = subs["ended_at"][invoices.row[failed]]

    assert 0.007 < failed.mean() < 0.013
    assert (invoices["due_at"][failed] + 14 * DAY_S).tolist() == ended.tolist()
    assert subs.is_value("end_reason", "payment")[invoices.row[failed]].all()
    assert ((invoices["paid_at"] == NULL) == invoices.is_value("status", "failed")).all()
    late = (invoices["paid_at"] > invoices["due_at"])[~invoices.is_value("status", "failed")]
    assert 0.03 < late.mean() < 0.05


def test_refunds_follow_payment(rich: Scene):
    """About 2 % are paid back, after they were paid and inside the window."""
    invoices = rich.frames["invoices"]
    refunded = invoices["refunded_at"] != NULL

    assert 0.015 < refunded.mean() < 0.025
    assert (invoices["refunded_at"][refunded] > invoices["paid_at"][refunded]).all()
    assert (invoices["paid_at"][refunded] != NULL).all()
    assert invoices["refunded_at"].max() < END_S


def test_trials_convert(rich: Scene):
    """Seven in ten go on after 14 days; the others end there without an invoice."""
    subs = rich.frames["subs"]
    quit_early = subs.is_value("end_reason", "trial")

    assert 0.28 < quit_early.mean() < 0.32
    assert (subs["n_invoices"][quit_early] == 0).all()
    assert (subs["ended_at"] - subs["started_at"] == 14 * DAY_S)[quit_early].all()
    assert (subs["active_at"] - subs["started_at"] == 14 * DAY_S)[~quit_early].all()


def test_life_reads_as_history(rich: Scene):
    """Each history begins with the trial, ends open, and no state follows itself."""
    history = rich.frames["history"]
    order = np.lexsort((history["valid_from"], history.row))
    row, status = history.row[order], history["status"][order]
    until = history["valid_to"][order]
    first, last = np.append(True, row[1:] != row[:-1]), np.append(row[1:] != row[:-1], True)

    assert (status[first] == 0).all()
    assert ((until == NULL) == last).all()
    assert (until[~last] == history["valid_from"][order][1:][~last[:-1]]).all()
    assert ((status[1:] != status[:-1]) | first[1:]).all()
    assert {0, 1, 2, 3} == set(status.tolist())


def test_lives_have_one_end(rich: Scene):
    """A reason where there is an end, and nothing happens after it."""
    subs, invoices = rich.frames["subs"], rich.frames["invoices"]
    over = subs["ended_at"] != NULL

    assert (over == (subs["end_reason"] >= 0)).all()
    ended = np.where(over, subs["ended_at"], END_S)[invoices.row]
    assert (invoices["due_at"] < ended).all()
    for name in ("active_at", "paused_at", "resumed_at"):
        assert (subs[name][over] <= subs["ended_at"][over]).all()
        assert subs[name].max() < END_S


def test_who_never_begins_has_none():
    """A start that is NULL, or a customer outside where, makes no subscription."""
    scene = played(replace(PLAIN, starts="someday_at", where="plan=pro"))
    people, subs = scene.frames["accounts"], scene.frames["subs"]

    assert ((people["seats"] > 1) & people.is_value("plan", "pro")).sum() == len(subs)


def test_months_keep_their_day():
    """The 31st becomes the last of a shorter month and comes back in a longer one."""
    start = np.full(5, second("2024-01-31 09:30"))
    due = moment_after(start, np.array([1, 1, 1, 2, 0]), np.array([1, 2, 3, 1, 2]))
    told = [
        "2024-02-29 09:30",
        "2024-03-31 09:30",
        "2024-04-30 09:30",
        "2025-01-31 09:30",
        "2024-02-14 09:30",
    ]

    assert [second(moment) for moment in told] == due.tolist()


def test_lives_do_not_mix():
    """A subscription lives the same life whether or not others exist."""
    some, all_of_them = (played(replace(RICH, where=where)).frames["subs"] for where in ("plan=pro", ""))
    pro = all_of_them.taken(all_of_them.is_value("plan", "pro"))

    assert some.key.tolist() == pro.key.tolist()
    for name in ("active_at", "paused_at", "resumed_at", "ended_at", "n_invoices", "churn_ppm"):
        assert some[name].tolist() == pro[name].tolist()


def test_churn_may_hang_on_the_plan():
    """Each plan may have its own chances; a plan without any is never left by choice."""
    subs = played(replace(PLAIN, churn={"basic": s.Churn(1.0, 4.0)})).frames["subs"]
    left = subs.is_value("end_reason", "chosen")

    assert left[subs.is_value("plan", "basic")].mean() > 0.5
    assert 0 == left[subs.is_value("plan", "pro")].sum()


def test_problems_are_told():
    """Everything that is wrong comes out at once, with the near misses."""
    wrong = s.Subscriptions(
        "subs", of="accounts", starts="begin_at", plan="plan", period="fortnight", where="plan=prp",
        prices={"basic": {"month": 10.0}, "pri": {"month": 3.0}}, churn=s.Churn(0.0, -1.0), trial="two weeks",
        converts=1.5, units="seat", pauses=s.Pauses(1.2, within=0, lasts=(3, 1)),
        billing=s.Billing(failed=-0.1, recovered=2.0, refunded=7.0, retry="soon",
                          grace="1x", refund_after=""),
    )  # fmt: skip
    with pytest.raises(AuthorError) as caught:
        world_of(wrong)
    told = " | ".join(problem.message for problem in caught.value.problems)

    for said in (
        "did you mean 'begins_at'?", "'prp'", "did you mean 'seats'?", "fortnight", "did you mean 'pro'?",
        "'two weeks' is no span", "is 1.5; a share", "is 1.2; a share", "is -0.1; a share", "is 2.0; a share",
        "is 7.0; a share", "'soon' is no span", "'1x' is no span", "'' is no span",
        "is 0.0; it must be greater than 0", "is -1.0; it must be greater than 0", "is 0; it must be greater",
        "last (3, 1) periods; write the fewest, then the most",
    ):  # fmt: skip
        assert said in told


def test_missing_prices_are_told():
    """A plan needs a price for every period somebody may choose, and it is not negative."""
    prices = {"basic": {"month": 10.0, "year": -1.0}, "pro": {"month": 30.0, "year": 300.0}}
    with pytest.raises(AuthorError) as caught:
        world_of(replace(PLAIN, period="terms", prices=prices))

    assert {
        "say None for basic a week; write 0 or more",
        "say -1.0 for basic a year; write 0 or more",
        "say None for pro a week; write 0 or more",
    } == {problem.message for problem in caught.value.problems}
