"""Invoices: what a subscription is billed, whose card fails, who pays later, and what is paid back."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from casekit.world.calendar import seconds_of
from casekit.world.declare import NULL
from casekit.world.quantiles import lognormal_nodes
from casekit.world.story.events import settle
from casekit.world.story.frames import Field, Frame, Mask, Whole
from casekit.world.story.lives import Life, Renewal, invoice_key
from casekit.world.story.measures import Columns, declare_columns
from casekit.world.story.price_changes import repriced
from casekit.world.story.rates import Rate, Ratio
from casekit.world.story.scene import Scene
from casekit.world.story.scope import Scope

__all__ = ["Billing"]

PAID, FAILED = 0, 1
DELAY_SIGMA = 0.6


@dataclass(frozen=True)
class Billing:
    """
    How subscriptions are paid: one invoice a period.

    The frame has ``nth`` (from 0), ``due_at``, ``amount`` (cents), ``status`` (paid or failed),
    ``paid_at`` (NULL when it failed, or was not yet paid at the window's end) and ``refunded_at`` (NULL).

    Attributes:
        name: What the frame of the invoices is called.
        failed: On which the card fails at first.
        recovered: Which of those are paid at a later try; the subscription ends with the others.
        retry: Median time until then.
        grace: After how long an unpaid subscription ends; nobody pays later than that.
        refunded: Which of the paid ones are paid back in full.
        refund_after: Median time until then.
        columns: What else each has, in order.
        number: Name of a column that numbers them from 1, in order of due_at; empty for none.
    """

    name: str = "invoices"
    failed: Ratio = 0.0
    recovered: Ratio = 1.0
    retry: str = "3d"
    grace: str = "14d"
    refunded: Ratio = 0.0
    refund_after: str = "5d"
    columns: Columns = field(default_factory=dict)
    number: str = ""

    def declare(self, scope: Scope, subscriptions: str) -> None:
        """Adds the frame and its columns."""
        for label in ("failed", "recovered", "refunded"):
            self._rate(label).check(scope, subscriptions, self.name, label)
        for label in ("retry", "grace", "refund_after"):
            scope.check_span(getattr(self, label), self.name, label)
        own = {"nth": Field("integer"), "due_at": Field("timestamp"), "amount": Field("money")}
        own |= {"status": Field("text", ("paid", "failed"))}
        own |= {"paid_at": Field("timestamp"), "refunded_at": Field("timestamp")}
        if self.number:
            own[self.number] = Field("integer")
        scope.add_frame(self.name, subscriptions, own, self.name)
        declare_columns(scope, self.name, self.columns)

    def play(self, scene: Scene, subscriptions: Frame, life: Life) -> None:
        """Writes the invoices of those lives, bends them, and puts them in order of due_at."""
        frame = self.bills(scene, subscriptions, life, None)
        paid_at = self._paid_at(scene, frame, life.fails, life.lost)
        frame.columns |= {"paid_at": paid_at, "status": np.where(paid_at == NULL, FAILED, PAID)}
        frame.columns["refunded_at"] = self._refunded_at(scene, frame, paid_at)
        settle(scene, frame, self.columns, "due_at", self.number)

    def bills(self, scene: Scene, subscriptions: Frame, life: Life, off: frozenset[str] | None) -> Frame:
        """What is billed when, at the prices of all changes but those in *off*; None: at the first price."""
        key = invoice_key(subscriptions, life.row, life.nth)
        frame = scene.children(self.name, subscriptions.name, life.row, key)
        frame.columns |= {"nth": life.nth, "due_at": life.due, "amount": subscriptions["price"][life.row]}
        return frame if off is None else repriced(scene, frame, off)

    def fails(self, scene: Scene, subscriptions: Frame, renewal: Renewal) -> tuple[Mask, Mask]:
        """On which invoices the card fails, and which of them are never paid."""
        key = invoice_key(subscriptions, renewal.rows, renewal.nth)
        fails = self._coin(scene, "failed", subscriptions, renewal.rows, key)
        return fails, fails & ~self._coin(scene, "recovered", subscriptions, renewal.rows, key)

    def _paid_at(self, scene: Scene, frame: Frame, fails: Mask, lost: Mask) -> Whole:
        delay = scene.draws.quantile(f"{self.name}: retry", frame.key, self._nodes(self.retry))
        later = frame["due_at"] + np.minimum(delay, seconds_of(self.grace))
        at = np.where(fails, later, frame["due_at"])
        return np.where(lost | (at >= scene.scope.end_s), NULL, at)

    def _refunded_at(self, scene: Scene, frame: Frame, paid_at: Whole) -> Whole:
        rows = np.arange(len(frame))
        refunded = self._coin(scene, "refunded", frame, rows, frame.key) & (paid_at != NULL)
        delay = scene.draws.quantile(f"{self.name}: refund", frame.key, self._nodes(self.refund_after))
        at = np.where(refunded, paid_at + delay, NULL)
        return np.where(at < scene.scope.end_s, at, NULL)

    def _coin(self, scene: Scene, label: str, frame: Frame, rows: Whole, key: Whole) -> Mask:
        return scene.draws.coin(f"{self.name}: {label}", key, self._rate(label).of(frame)[rows])

    def _nodes(self, span: str) -> tuple[int, ...]:
        return lognormal_nodes(seconds_of(span), DELAY_SIGMA)

    def _rate(self, label: str) -> Rate:
        share: Ratio = getattr(self, label)
        return share if isinstance(share, Rate) else Rate(share)
