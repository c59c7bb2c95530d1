"""A new price: what is billed from a moment on costs more or less, and may drive customers away."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from casekit.world.story.changes import changed
from casekit.world.story.frames import Frame, Mask, Whole
from casekit.world.story.parts import in_words
from casekit.world.story.row_twists import RowTwist
from casekit.world.story.scene import Scene
from casekit.world.story.scope import Scope

__all__ = ["CHURN", "PriceChange", "repriced"]

CHURN = "churn_ppm"  # the column of whoever renews: the chance to leave, in millionths


@dataclass(frozen=True, kw_only=True)
class PriceChange(RowTwist):
    """
    Invoices or orders cost a factor more, or less, from a moment on; the ledger counts cents.

    Attributes:
        of: The frame of what is paid, for example the invoices of ``Subscriptions``.
        times: The factor on *column*; amounts are rounded to whole cents.
        since: The first moment on *clock*, until: the moment after the last; always when empty.
        where: Condition on what is paid; on the subscriptions when the change bears on *churn*.
        column: The amount.
        clock: The column *since* and *until* are about.
        spares: A column that says when the customer began: who began before *since* keeps the old price.
            Empty: the new price is for all.
        churn: Factor on the chance to leave at every renewal at the new price; for invoices of
            ``Subscriptions`` only. The ledger then counts invoices as well.
    """

    times: float
    column: str = "amount"
    clock: str = "due_at"
    spares: str = ""
    churn: float = 1.0

    kind: ClassVar[str] = "price change"

    def declare(self, scope: Scope) -> None:
        """Tells what is wrong with it."""
        super().declare(scope)
        scope.check_over_nought(self.times, self.name, "times")
        if self.times == 1:
            scope.tell(self.name, "times", "is 1, which changes nothing; write for example 1.1")
        if self.share != 1:
            scope.tell(
                self.name, "share", "a price is the same for all; use where to say for whom it changes"
            )
        known = scope.field_of(self.of, self.column, self.name, "column")
        if known is not None and known.type not in {"money", "integer"}:
            scope.tell(self.name, "column", f"{self.column!r} holds {known.type}; a price is money")
        if self.spares:
            scope.field_of(self.of, self.spares, self.name, "spares")
        if self.churn != 1:
            self._check_churn(scope)

    def told(self) -> str:
        """For example ``invoices x 1.1, from 2025-04-01``."""
        chance = f", chance to leave x {self.churn:g}" if self.churn != 1 else ""
        effect = f"{self.column} of {self.of} x {self.times:g}{chance}"
        return in_words(effect, self.where, self.since, self.until, self.because)

    def exposed(self, scene: Scene, frame: Frame) -> Mask:
        """What costs the new price."""
        met = super().exposed(scene, frame)
        if self.spares:
            met &= frame[self.spares] >= scene.scope.window(self.since, self.until, self.name)[0]
        return met

    def bend(self, _scene: Scene, frame: Frame, hit: Mask) -> Frame:
        """The rows with their new amounts."""
        return changed(frame, self.column, hit, lambda amounts, _key: self.bent(amounts))

    def write(self, scene: Scene, frame: Frame, hit: Mask) -> None:
        """What costs the new price, in cents before and after; with churn the subscriptions tell it."""
        if self.churn == 1:
            changes = list(scene.bending(PriceChange, self.of))
            later = changes[changes.index(self) + 1 :]
            both = (frame, self.bend(scene, frame, hit))
            base, actual = (_bent(scene, one, later, scene.off) for one in both)
            cents = (one[self.column][hit].sum() for one in (base, actual))
            scene.write(self, self.counts, hit.sum(), *cents)

    @property
    def counts(self) -> str:
        """What its line of the ledger counts."""
        return f"cents of {self.of}"

    def bent(self, amounts: Whole) -> Whole:
        """The new amounts, in whole cents."""
        return np.rint(amounts * self.times).astype(np.int64)

    def _check_churn(self, scope: Scope) -> None:
        scope.check_over_nought(self.churn, self.name, "churn")
        parent = scope.frames[self.of].parent if self.of in scope.frames else ""
        if CHURN not in scope.fields_of(parent):
            scope.tell(self.name, "churn", f"{self.of!r} are no invoices of Subscriptions; leave churn out")
            return
        scope.check_where(parent, self.where, self.name)
        if self.clock != "due_at":
            scope.tell(self.name, "clock", "is 'due_at' when the change bears on churn")
        if self.spares:
            scope.field_of(parent, self.spares, self.name, "spares")


def repriced(scene: Scene, frame: Frame, off: frozenset[str]) -> Frame:
    """The frame at the prices of every change that is not *off*."""
    return _bent(scene, frame, scene.bending(PriceChange, frame.name), off)


def _bent(scene: Scene, frame: Frame, changes: Iterable[PriceChange], off: frozenset[str]) -> Frame:
    for change in changes:
        if change.name not in off:
            frame = change.bend(scene, frame, change.exposed(scene, frame))
    return frame
