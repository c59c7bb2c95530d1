"""Subscriptions: who has one, at what price, how often it renews, and what ends it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from casekit.world.calendar import seconds_of
from casekit.world.cells import SHARE_UNITS
from casekit.world.declare import NULL
from casekit.world.story.billing import Billing
from casekit.world.story.churn import Churn
from casekit.world.story.frames import Field, Frame, Mask, Whole
from casekit.world.story.lives import REASONS, Life, Renewal, invoice_key
from casekit.world.story.measures import Columns, declare_columns, draw_columns
from casekit.world.story.periods import PERIODS, moment_after
from casekit.world.story.price_changes import CHURN, PriceChange
from casekit.world.story.rates import Rate, Ratio
from casekit.world.story.scene import Scene
from casekit.world.story.scope import Scope
from casekit.world.story.where import matches

__all__ = ["LIFE", "Pauses", "Subscriptions"]

LIFE = (
    ("trial", "started_at"),
    ("active", "active_at"),
    ("paused", "paused_at"),
    ("active", "resumed_at"),
    ("cancelled", "ended_at"),
)


@dataclass(frozen=True)
class Pauses:
    """
    Some subscriptions are paused once, in place of a renewal, and take it up again some periods later.

    Attributes:
        share: Which would pause if they lived long enough; each by a coin.
        within: The renewal at which it happens, at the latest; all up to it are equally likely.
        lasts: Fewest and most periods it takes.
    """

    share: Ratio = 0.0
    within: int = 12
    lasts: tuple[int, int] = (1, 3)

    @property
    def rate(self) -> Rate:
        """The share as a rate."""
        return self.share if isinstance(self.share, Rate) else Rate(self.share)

    def check(self, scope: Scope, frame: str, where: str) -> None:
        """Tells what is wrong with it."""
        self.rate.check(scope, frame, where, "pauses")
        scope.check_over_nought(self.within, where, "pauses within")
        if not 1 <= self.lasts[0] <= self.lasts[1]:
            scope.tell(where, "pauses", f"last {self.lasts!r} periods; write the fewest, then the most")


@dataclass(frozen=True)
class Subscriptions:
    """
    One subscription for each entity of another frame that ever begins one, and its invoices.

    The first invoice is due when the trial is over, the next a period later each time. At every renewal
    a subscription may be left by choice (``Churn``), and when a card fails for good it ends as well. What
    would come after the window never happens.

    The frame has ``started_at``, ``active_at`` (the trial is over; NULL when it never became active),
    ``paused_at``, ``resumed_at``, ``ended_at`` (NULL: not in the window), ``end_reason`` (chosen, payment,
    trial; NULL), ``price`` (cents a period), ``period``, ``churn_ppm`` (its own chance to leave, in
    millionths) and ``n_invoices``. ``Spells(of=..., stages=LIFE)`` shows it as a history.

    Attributes:
        of: The frame of the customers.
        starts: Their column that says when they begin; NULL or after the window: never.
        plan: Their text column that says which plan.
        prices: For each plan the price in whole units of the currency by period: week, month or year.
        period: The period, the same for all, or the customers' text column that says which.
        churn: Chances to leave; None: nobody leaves by choice. Or by plan.
        units: A column of the customers that multiplies the price, for example seats; empty for none.
        trial: How long it is free at first; empty for not at all.
        converts: Which go on after the trial, each by a coin.
        pauses: Who pauses.
        billing: How it is paid.
        where: Condition on the customers; the others never subscribe.
        columns: What else each has, in order.
    """

    name: str
    of: str
    starts: str
    plan: str
    prices: Mapping[str, Mapping[str, float]]
    period: str = "month"
    churn: Churn | Mapping[str, Churn] | None = None
    units: str = ""
    trial: str = ""
    converts: Ratio = 1.0
    pauses: Pauses = field(default_factory=Pauses)
    billing: Billing = field(default_factory=Billing)
    where: str = ""
    columns: Columns = field(default_factory=dict)

    def declare(self, scope: Scope) -> None:
        """Adds the frame, and that of the invoices."""
        scope.field_of(self.of, self.starts, self.name, "starts")
        scope.check_where(self.of, self.where, self.name)
        self._rate.check(scope, self.of, self.name, "converts")
        self.pauses.check(scope, self.of, self.name)
        if self.trial:
            scope.check_span(self.trial, self.name, "trial")
        if self.units:
            scope.field_of(self.of, self.units, self.name, "units")
        self._check_prices(scope)
        self._check_churn(scope)
        moments = ("started_at", "active_at", "paused_at", "resumed_at", "ended_at")
        own = {name: Field("timestamp") for name in moments}
        own |= {"end_reason": Field("text", REASONS), "period": Field("text", PERIODS)}
        own |= {"price": Field("money"), CHURN: Field("integer"), "n_invoices": Field("integer")}
        scope.add_frame(self.name, self.of, own, self.name)
        declare_columns(scope, self.name, self.columns)
        self.billing.declare(scope, self.name)

    def play(self, scene: Scene) -> None:
        """Draws the subscriptions, lives them, bills them, and tells what new prices did."""
        owners = scene.frames[self.of]
        begun = (owners[self.starts] != NULL) & (owners[self.starts] < scene.scope.end_s)
        row = np.flatnonzero(begun & matches(owners, self.where))
        frame = scene.children(self.name, self.of, row, owners.key[row])
        self._begin(scene, frame)
        draw_columns(scene, frame, self.columns)
        self._write_churn(scene, frame)
        life = self._live(scene, frame, scene.off)
        frame.columns |= life.columns(scene, frame)
        self.billing.play(scene, frame, life)

    # --- how each begins -------------------------------------------------------------------

    def _begin(self, scene: Scene, frame: Frame) -> None:
        started = frame[self.starts]
        frame.columns |= {"started_at": started, "period": self._periods(frame)}
        frame.columns["price"] = self._prices(frame)
        frame.columns[CHURN] = self._chances(scene, frame)
        converts = scene.draws.coin(f"{self.name}: converts", frame.key, self._rate.of(frame))
        active = started + (seconds_of(self.trial) if self.trial else 0)
        goes_on = converts | (active == started)
        frame.columns["active_at"] = np.where(goes_on & (active < scene.scope.end_s), active, NULL)
        frame.columns["ended_at"] = np.where(goes_on, NULL, active)

    def _periods(self, frame: Frame) -> Whole:
        if self.period in PERIODS:
            return np.full(len(frame), PERIODS.index(self.period))
        values = frame.field_of(self.period).values
        return np.array([PERIODS.index(value) for value in values], np.int64)[frame[self.period]]

    def _prices(self, frame: Frame) -> Whole:
        plans = frame.field_of(self.plan).values
        table = [[round(self.prices[plan].get(period, 0) * 100) for period in PERIODS] for plan in plans]
        prices: Whole = np.array(table, np.int64)[frame[self.plan], frame["period"]]
        return prices * frame[self.units] if self.units else prices

    def _chances(self, scene: Scene, frame: Frame) -> Whole:
        chances = np.zeros(len(frame), np.int64)
        for place, plan in enumerate(frame.field_of(self.plan).values):
            churn = self.churn.get(plan) if isinstance(self.churn, Mapping) else self.churn
            if churn is not None:
                mine = frame[self.plan] == place
                chances[mine] = scene.draws.quantile(f"{self.name}: churn", frame.key[mine], churn.nodes())
        return chances

    # --- how it goes on --------------------------------------------------------------------

    def _live(self, scene: Scene, frame: Frame, off: frozenset[str]) -> Life:
        """Every subscription's life without the twists in *off*: the same chances, whatever is on."""
        life, nth = Life(frame, *self._pauses(scene, frame)), 0
        rows = np.flatnonzero(frame["active_at"] != NULL)
        while len(rows):
            due = moment_after(frame["active_at"][rows], frame["period"][rows], life.steps(rows, nth))
            renewal = Renewal(rows, nth, due).of(due < scene.scope.end_s)
            if nth:
                stays = self._stays(scene, frame, renewal, off)
                life.end(renewal.rows[~stays], renewal.due[~stays], "chosen")
                renewal = renewal.of(stays)
            fails, lost = self.billing.fails(scene, frame, renewal)
            life.bill(renewal, fails, lost)
            life.end(renewal.rows[lost], renewal.due[lost] + seconds_of(self.billing.grace), "payment")
            rows, nth = renewal.rows[~lost], nth + 1
        return life

    def _pauses(self, scene: Scene, frame: Frame) -> tuple[Whole, Whole]:
        """The renewal at which each pauses, far off for most, and for how many periods."""
        paused = scene.draws.coin(f"{self.name}: pauses", frame.key, self.pauses.rate.of(frame))
        at = scene.draws.whole(f"{self.name}: pause", frame.key, 1, self.pauses.within)
        lasts = scene.draws.whole(f"{self.name}: pause lasts", frame.key, *self.pauses.lasts)
        return np.where(paused, at, 1 << 30), lasts

    def _stays(self, scene: Scene, frame: Frame, renewal: Renewal, off: frozenset[str]) -> Mask:
        """Who renews: the same chances with and without the twists, against odds that they raise."""
        chances = frame[CHURN][renewal.rows]
        for twist in self._driving(scene):
            if twist.name not in off:
                exposed = self._exposed(scene, frame, renewal.rows, renewal.due, twist)
                dearer = np.minimum(np.rint(chances * twist.churn), SHARE_UNITS).astype(np.int64)
                chances = np.where(exposed, dearer, chances)
        key = invoice_key(frame, renewal.rows, renewal.nth)
        stays: Mask = scene.draws.whole(f"{self.name}: renewal", key, 0, SHARE_UNITS - 1) >= chances
        return stays

    # --- what new prices do ----------------------------------------------------------------

    def _driving(self, scene: Scene) -> list[PriceChange]:
        """The price changes that make customers leave."""
        changes = scene.bending(PriceChange, self.billing.name)
        return [twist for twist in changes if twist.churn != 1]

    def _exposed(self, scene: Scene, frame: Frame, rows: Whole, due: Whole, twist: PriceChange) -> Mask:
        """Which of the subscriptions *rows*, due at *due*, are billed at the new price."""
        begin, end = scene.scope.window(twist.since, twist.until, twist.name)
        exposed = matches(frame, twist.where)[rows] & (due >= begin) & (due < end)
        if twist.spares:
            exposed &= frame[twist.spares][rows] >= begin
        return exposed

    def _write_churn(self, scene: Scene, frame: Frame) -> None:
        """How many invoices and cents each of them leaves, of those at the new price."""
        for twist in self._driving(scene):
            others = scene.off - {twist.name}
            counts = []
            for off in (others | {twist.name}, others):
                life = self._live(scene, frame, off)
                exposed = self._exposed(scene, frame, life.row, life.due, twist)
                bills = self.billing.bills(scene, frame, life, off)
                counts.append((exposed.sum(), bills["amount"][exposed].sum()))
            (n_base, base), (n_actual, actual) = counts
            scene.write(twist, self.billing.name, n_base, n_base, n_actual)
            scene.write(twist, twist.counts, n_actual if scene.is_on(twist) else n_base, base, actual)

    # --- what may be wrong -----------------------------------------------------------------

    @property
    def _rate(self) -> Rate:
        return self.converts if isinstance(self.converts, Rate) else Rate(self.converts)

    def _check_prices(self, scope: Scope) -> None:
        known = scope.field_of(self.of, self.plan, self.name, "plan")
        periods: tuple[str, ...] = (self.period,)
        if self.period not in PERIODS:
            column = scope.field_of(self.of, self.period, self.name, "period")
            periods = column.values if column is not None else ()
        for period in set(periods) - set(PERIODS):
            scope.unknown(self.name, "period", "period", period, PERIODS)
        if known is not None:
            scope.check_values(known, self.prices, self.name, "prices")
        for plan in known.values if known is not None else ():
            for period in periods:
                price = self.prices.get(plan, {}).get(period)
                if price is None or price < 0:
                    scope.tell(self.name, "prices", f"say {price!r} for {plan} a {period}; write 0 or more")

    def _check_churn(self, scope: Scope) -> None:
        by_plan = self.churn if isinstance(self.churn, Mapping) else {"": self.churn}
        known = scope.fields_of(self.of).get(self.plan)
        if isinstance(self.churn, Mapping) and known is not None:
            scope.check_values(known, self.churn, self.name, "churn")
        for churn in by_plan.values():
            if churn is not None:
                churn.check(scope, self.name)
