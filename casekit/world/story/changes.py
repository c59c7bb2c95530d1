"""What happens to values on their way: they come late, misdated, renamed, or not at all."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, ClassVar

import numpy as np

from casekit.world.calendar import seconds_of
from casekit.world.story.codes import check_code, code_of
from casekit.world.story.frames import Frame, Mask, Whole
from casekit.world.story.row_twists import RowTwist
from casekit.world.story.scene import Scene
from casekit.world.story.scope import Scope

__all__ = ["Late", "Missing", "Renamed", "WrongClock"]


@dataclass(frozen=True, kw_only=True)
class Changed(RowTwist):
    """
    Rows in which one column holds something else; they all stay.

    Attributes:
        column: Which.
    """

    column: str

    effect: ClassVar[str] = "changed"

    def check(self, scope: Scope) -> None:
        """Tells what is wrong with it."""
        super().check(scope)
        scope.field_of(self.of, self.column, self.name, "column")

    def write(self, scene: Scene, frame: Frame, hit: Mask) -> None:
        """
        Its line of the ledger: how many rows are not what they would be, of those exposed.

        They are counted after the twists that come later, and where the value really is another one.
        """
        exposed, rows = self.exposed(scene, frame).sum(), frame.taken(hit)
        with_it = self.followed(scene, self.touched(scene, rows))
        other = self.followed(scene, rows)
        moved = set(_told(with_it, self.column)) - set(_told(other, self.column))
        scene.write(self, f"{self.of} {self.effect}", exposed, 0, len(moved))


@dataclass(frozen=True, kw_only=True)
class Late(Changed):
    """
    Rows that arrive long after they were sent, out of order.

    Attributes:
        column: The time of arrival.
        delay: Least and greatest delay, all equally likely, for example ``("6h", "5d")``.
    """

    delay: tuple[str, str]

    kind: ClassVar[str] = "late arrival"
    effect: ClassVar[str] = "late"

    def check(self, scope: Scope) -> None:
        """Tells what is wrong with it."""
        super().check(scope)
        told = len(scope.problems)
        for span in self.delay:
            scope.check_span(span, self.name, "delay")
        if told == len(scope.problems) and seconds_of(self.delay[0]) > seconds_of(self.delay[1]):
            scope.tell(self.name, "delay", f"is {self.delay!r}; put the least one first")

    def bend(self, scene: Scene, frame: Frame, hit: Mask) -> Frame:
        """The rows with their new times of arrival."""
        low, high = (seconds_of(span) for span in self.delay)
        return changed(frame, self.column, hit, lambda rows, key: rows + self._delay(scene, key, low, high))

    def _delay(self, scene: Scene, key: Whole, low: int, high: int) -> Whole:
        return scene.draws.whole(f"{self.name}: delay", key, low, high)


@dataclass(frozen=True, kw_only=True)
class Overwritten(Changed):
    """
    Rows in which one column holds the same other value.

    Attributes:
        to: What it holds instead; empty for NULL.
    """

    to: str = ""

    effect: ClassVar[str] = "overwritten"
    is_content: ClassVar[bool] = True
    needs_value: ClassVar[bool] = False

    def check(self, scope: Scope) -> None:
        """Tells what is wrong with it."""
        super().check(scope)
        if self.needs_value and not self.to:
            scope.tell(self.name, "to", f"is empty; say what {self.column!r} holds instead")
        check_code(scope, scope.fields_of(self.of).get(self.column), self.to, self.name, "to")

    def bend(self, _scene: Scene, frame: Frame, hit: Mask) -> Frame:
        """The rows afterwards."""
        value = code_of(frame.field_of(self.column), self.to)
        return changed(frame, self.column, hit, lambda rows, _key: np.full(len(rows), value))


@dataclass(frozen=True, kw_only=True)
class WrongClock(Overwritten):
    """Devices whose clock shows another time, for example 1970."""

    kind: ClassVar[str] = "wrong clock"
    effect: ClassVar[str] = "misdated"
    needs_value: ClassVar[bool] = True


@dataclass(frozen=True, kw_only=True)
class Renamed(Overwritten):
    """Events that are sent under another name, for example from a release on."""

    kind: ClassVar[str] = "renamed event"
    effect: ClassVar[str] = "renamed"
    needs_value: ClassVar[bool] = True


@dataclass(frozen=True, kw_only=True)
class Missing(Overwritten):
    """Rows in which a column is NULL that should not be."""

    kind: ClassVar[str] = "missing value"
    effect: ClassVar[str] = "without a value"


def changed(frame: Frame, column: str, hit: Mask, of: Any) -> Frame:
    """The frame with other values of one column in the rows hit."""
    values = frame[column].copy()
    values[hit] = of(values[hit], frame.key[hit])
    return replace(frame, columns={**frame.columns, column: values})


def _told(frame: Frame, column: str) -> Iterator[tuple[int, Any]]:
    """The key of each row and its value of one column; NaN as None, so that it equals itself."""
    values = frame[column]
    is_float = values.dtype.kind == "f"
    kept = (None if is_float and math.isnan(value) else value for value in values.tolist())
    return zip(frame.key.tolist(), kept, strict=True)
