"""Price changes: the ledger counts cents, and a rebuild without the change differs by exactly that."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from casekit.errors import AuthorError
from casekit.world import World
from casekit.world import story as s
from casekit.world.calendar import second
from casekit.world.declare import Entry
from casekit.world.draws import Draws
from casekit.world.story.frames import Frame

PEOPLE = s.Population("accounts", {
    "plan": s.mix(basic=0.6, pro=0.4),
    "begins_at": s.whole(second("2023-01-01"), second("2025-05-01"), "timestamp"),
}, number="account_id")  # fmt: skip
SUBS = s.Subscriptions(
    "subs", of="accounts", starts="begins_at", plan="plan",
    prices={"basic": {"month": 9.99}, "pro": {"month": 29.99}}, churn=s.Churn(0.7, 5.0),
    billing=s.Billing(failed=0.04, recovered=0.7, refunded=0.02),
)  # fmt: skip
ORDERS = s.Many("orders", of="accounts", count=s.count(2.0), columns={
    "ordered_at": s.whole(second("2024-01-01"), second("2024-12-31"), "timestamp"),
    "amount": s.price(25.00, 0.4),
})  # fmt: skip
SINCE = "2024-09-01"
PLAIN = s.PriceChange("dearer", of="invoices", times=1.1, since=SINCE)
KEPT = s.PriceChange("new_only", of="invoices", times=1.25, since="2024-05-01", spares="started_at")
HARD = s.PriceChange("hard", of="invoices", times=1.3, since=SINCE, churn=2.0, where="plan=pro",
                     because="costs rose")  # fmt: skip
SHOP = s.PriceChange(
    "sale", of="orders", times=0.8, clock="ordered_at", since="2024-07-01", until="2024-08-01"
)
PEOPLE_N = 4_000


def world_of(*twists: s.PriceChange) -> World:
    table = s.Table("accounts", "one row per account", {"account_id": "key"})
    return s.tell(begins="2023-01-01", ends="2025-06-30", sizes={"default": PEOPLE_N},
                  parts=(PEOPLE, SUBS, ORDERS), twists=twists, tables=(table,))  # fmt: skip


def frames(world: World, frame: str, *off: str) -> tuple[Frame, list[Entry]]:
    scene = world.story.without(*off).play(Draws("prices", 7), PEOPLE_N)
    return scene.frames[frame], scene.ledger


TOGETHER = {
    "plain": (PLAIN,),
    "kept": (KEPT,),
    "hard": (HARD,),
    "shop": (SHOP,),
    "all": (KEPT, HARD, PLAIN, SHOP),
}


@pytest.mark.parametrize("told", TOGETHER)
def test_ledger_is_the_difference(told: str):
    """Each change's cents, and invoices, are what a rebuild without it lacks, whatever else is on."""
    world = world_of(*TOGETHER[told])
    for twist in TOGETHER[told]:
        (there, ledger), (bare, bare_ledger) = (frames(world, twist.of, *off) for off in ((), (twist.name,)))
        lines = {entry.counts: entry for entry in ledger if entry.twist == twist.name}
        cents = lines[f"cents of {twist.of}"]
        rows = lines.get(twist.of)

        assert there["amount"].sum() - bare["amount"].sum() == cents.actual - cents.base != 0
        assert len(there) - len(bare) == (rows.actual - rows.base if rows else 0)
        assert all(entry.actual == entry.base for entry in bare_ledger if entry.twist == twist.name)
        assert (rows is not None) == (twist.churn != 1)


@pytest.mark.parametrize("twist", [PLAIN, KEPT, SHOP], ids=["plain", "kept", "shop"])
def test_only_amounts_change(twist: s.PriceChange):
    """Without churn the rows, their keys and all other columns stay, and the touched are as many as told."""
    world = world_of(twist)
    (there, (entry,)), (bare, _) = (frames(world, twist.of, *off) for off in ((), (twist.name,)))
    touched = there["amount"] != bare["amount"]

    assert there.key.tolist() == bare.key.tolist()
    assert entry.exposed == touched.sum()
    assert entry.actual == there["amount"][touched].sum()
    assert entry.base == bare["amount"][touched].sum()
    assert np.rint(bare["amount"][touched] * twist.times).tolist() == there["amount"][touched].tolist()
    for name in there.fields.keys() - {"amount"}:
        assert there[name].tolist() == bare[name].tolist()


def test_window_decides():
    """Only what is due at the new price's time costs it."""
    (there, _), (bare, _) = (frames(world_of(SHOP), "orders", *off) for off in ((), ("sale",)))
    inside = (there["ordered_at"] >= second("2024-07-01")) & (there["ordered_at"] < second("2024-08-01"))

    assert inside.tolist() == (there["amount"] < bare["amount"]).tolist()


def test_old_customers_are_spared():
    """Who began before the change pays the old price for ever."""
    (there, _), (bare, _) = (frames(world_of(KEPT), "invoices", *off) for off in ((), ("new_only",)))
    new = there["started_at"] >= second("2024-05-01")

    assert 0 < new.sum() < len(new)
    assert new.tolist() == (there["amount"] != bare["amount"]).tolist()


def test_dearer_drives_away():
    """At twice the chance fewer invoices follow; those that are left are the same but for their price."""
    (there, ledger), (bare, _) = (frames(world_of(HARD), "invoices", *off) for off in ((), ("hard",)))
    rows, cents = ledger
    place = np.searchsorted(np.sort(bare.key), there.key)
    common = bare.taken(np.argsort(bare.key)[place])
    pro = common.is_value("plan", "pro")
    exposed = bare.is_value("plan", "pro") & (bare["due_at"] >= second(SINCE))

    assert there.key.tolist() == common.key.tolist()
    assert (rows.exposed, rows.base) == (exposed.sum(), exposed.sum())
    assert 0.5 * rows.base < rows.actual < 0.95 * rows.base
    assert cents.exposed == rows.actual
    assert not (common["amount"] != there["amount"])[~pro].any()
    for name in ("nth", "due_at", "status", "paid_at", "refunded_at", "churn_ppm"):
        assert there[name].tolist() == common[name].tolist()


def test_others_live_on():
    """Subscriptions the change does not touch keep every moment of their lives."""
    (there, _), (bare, _) = (frames(world_of(HARD), "subs", *off) for off in ((), ("hard",)))
    basic = there.is_value("plan", "basic")

    assert there.key.tolist() == bare.key.tolist()
    assert (there["ended_at"] != bare["ended_at"])[~basic].any()
    for name in ("ended_at", "end_reason", "n_invoices", "paused_at"):
        assert there[name][basic].tolist() == bare[name][basic].tolist()


def test_declared_in_words():
    """The ledger says what changes, for whom, from when and why."""
    assert (
        "amount of invoices x 1.3, chance to leave x 2 where plan=pro, from 2024-09-01: costs rose"
        == HARD.told()
    )


@pytest.mark.parametrize(
    ("twist", "said"),
    [
        (replace(PLAIN, times=0), "is 0; it must be greater than 0"),
        (replace(PLAIN, times=1), "is 1, which changes nothing"),
        (replace(PLAIN, share=0.5), "a price is the same for all"),
        (replace(PLAIN, column="amout"), "did you mean 'amount'?"),
        (replace(PLAIN, column="status"), "'status' holds text; a price is money"),
        (replace(PLAIN, clock="due"), "did you mean 'due_at'?"),
        (replace(PLAIN, spares="start_at"), "did you mean 'started_at'?"),
        (replace(PLAIN, where="plan=prp"), "did you mean 'pro'?"),
        (replace(PLAIN, since="2024-09-31"), "is no date or moment"),
        (replace(PLAIN, until="2024-01-01"), "put the dates in order"),
        (replace(PLAIN, of="invoice"), "did you mean 'invoices'?"),
        (replace(HARD, churn=-1.0), "is -1.0; it must be greater than 0"),
        (replace(HARD, where="status=paid"), "no column of subs 'status'"),
        (replace(HARD, clock="paid_at"), "is 'due_at' when the change bears on churn"),
        (replace(SHOP, churn=2.0), "'orders' are no invoices of Subscriptions"),
    ],
    ids=lambda one: one.split(";")[0] if isinstance(one, str) else "",
)  # fmt: skip
def test_problems_are_told(twist: s.PriceChange, said: str):
    """What cannot be is told before a row is drawn."""
    with pytest.raises(AuthorError) as caught:
        world_of(twist)

    assert said in " | ".join(problem.message for problem in caught.value.problems)
