"""The lives of subscriptions: what is due when, who pauses, who is billed, and what ends them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from casekit.world.declare import NULL
from casekit.world.story.frames import Frame, Mask, Whole
from casekit.world.story.people import KEY_BITS
from casekit.world.story.periods import moment_after
from casekit.world.story.scene import Scene

__all__ = ["REASONS", "Life", "Renewal", "invoice_key"]

REASONS = ("chosen", "payment", "trial")


def invoice_key(subscriptions: Frame, rows: Whole, nth: Whole | int) -> Whole:
    """The key of the nth invoice of each of the subscriptions *rows*."""
    return (subscriptions.key[rows] << KEY_BITS) + nth


@dataclass(frozen=True)
class Renewal:
    """Subscriptions whose next period begins: their rows, the period's number from 0, and when it is due."""

    rows: Whole
    nth: int
    due: Whole

    def of(self, chosen: Mask) -> Renewal:
        """Those *chosen* of them."""
        return Renewal(self.rows[chosen], self.nth, self.due[chosen])


class Life:
    """
    What happens to subscriptions, renewal by renewal: who is billed, and who ends when and why.

    Attributes:
        pause_at: The renewal in whose place each one pauses; beyond all renewals for never.
        skipped: The periods it pauses for.
        ended, reason: When and why each ended; NULL and -1 while it goes on.
    """

    def __init__(self, frame: Frame, pause_at: Whole, skipped: Whole) -> None:
        self.pause_at, self.skipped = pause_at, skipped
        self.ended = frame["ended_at"].copy()
        self.reason = np.where(self.ended == NULL, -1, REASONS.index("trial"))
        self._billed: list[tuple[Whole, Whole, Whole, Mask, Mask]] = []

    def steps(self, rows: Whole, nth: int) -> Whole:
        """How many periods after its start the nth period of each subscription begins."""
        return np.where(nth >= self.pause_at[rows], nth + self.skipped[rows], nth)

    def end(self, rows: Whole, at: Whole, reason: str) -> None:
        """These subscriptions end."""
        self.ended[rows], self.reason[rows] = at, REASONS.index(reason)

    def bill(self, renewal: Renewal, fails: Mask, lost: Mask) -> None:
        """Notes an invoice for each."""
        nth = np.full(len(renewal.rows), renewal.nth)
        self._billed.append((renewal.rows, nth, renewal.due, fails, lost))

    def columns(self, scene: Scene, frame: Frame) -> dict[str, Whole]:
        """When each paused, went on and ended, why, and how many invoices it got."""
        n_invoices = np.bincount(self.row, minlength=len(frame)).astype(np.int64)
        there = self.ended < scene.scope.end_s
        ended = np.where(there, self.ended, NULL)
        active, period = frame["active_at"], frame["period"]
        known = active != NULL
        begun = np.where(known, active, 0)
        at = moment_after(begun, period, np.where(self.pause_at <= n_invoices, self.pause_at, 0))
        pauses = known & (n_invoices >= self.pause_at) & (at < scene.scope.end_s)
        pauses &= ~self._is_lost_at(n_invoices)
        return {
            "ended_at": ended,
            "end_reason": np.where(ended == NULL, -1, self.reason),
            "n_invoices": n_invoices,
            "paused_at": np.where(pauses, at, NULL),
            "resumed_at": self._resumed(begun, period, pauses & (n_invoices > self.pause_at)),
        }

    def _is_lost_at(self, n_invoices: Whole) -> Mask:
        """Who would have paused next, but never paid."""
        return np.asarray((self.reason == REASONS.index("payment")) & (n_invoices == self.pause_at))

    def _resumed(self, begun: Whole, period: Whole, resumes: Mask) -> Whole:
        steps = np.where(resumes, self.pause_at + self.skipped, 0)
        return np.where(resumes, moment_after(begun, period, steps), NULL)

    @cached_property
    def row(self) -> Whole:
        """The subscription of each invoice."""
        return self._column(0)

    @cached_property
    def nth(self) -> Whole:
        """Which of its subscription's it is, from 0."""
        return self._column(1)

    @cached_property
    def due(self) -> Whole:
        """When each is due."""
        return self._column(2)

    @cached_property
    def fails(self) -> Mask:
        """On which the card fails at first."""
        return self._column(3).astype(np.bool_)

    @cached_property
    def lost(self) -> Mask:
        """Which are never paid."""
        return self._column(4).astype(np.bool_)

    def _column(self, place: int) -> Whole:
        parts = [np.asarray(one[place]) for one in self._billed]
        return np.concatenate(parts) if parts else np.zeros(0, np.int64)
