"""What a story may name: its frames, their columns and its steps, known before a row is drawn."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from numbers import Integral, Real
from typing import TypeGuard

from casekit.errors import Problem, near_names
from casekit.world.calendar import second, seconds_of
from casekit.world.story.frames import Field
from casekit.world.story.where import read_where

__all__ = ["Known", "Scope", "Trial", "is_number"]

WORLD_FILE = "world.py"
FOREVER_S = 1 << 40


@dataclass(frozen=True)
class Known:
    """
    A frame as it is declared.

    Attributes:
        parent: The frame it belongs to; empty for none.
        once: It is drawn with the first block only.
        fixed: Others hang on its rows, so no twist may take, double or change them.
    """

    parent: str
    fields: dict[str, Field]
    once: bool = False
    fixed: bool = False


@dataclass(frozen=True)
class Trial:
    """An experiment as it is declared: whom it is about, and its window in seconds since 1970."""

    frame: str
    begin_s: int
    end_s: int


@dataclass
class Scope:
    """
    Every name declared so far, and every problem found so far.

    Attributes:
        begin_s: The window's first second, since 1970, UTC.
        end_s: The second after its last.
        is_dated: The window is the author's; False when it cannot be read, and one stands in for it.
        frames: By name.
        steps: The steps of each funnel, by the funnel's name.
        funnels: The frame each funnel is about.
        answers: The frame of each column of answers, by ``frame.column``.
        sources: The column that says what brought each, by frame, where traffic brings them.
        trials: The experiments, by name.
        exposures: The experiment each frame of exposures is about.
        schedules: The frames whose rows have a plan that may be moved.
        doubled: By frame the twist that copies its rows.
        renumbered: By frame the twist whose copies have new numbers.
        unread: What a part that cannot be read would have declared, or bent: not told about again.
    """

    begin_s: int
    end_s: int
    is_dated: bool = True
    frames: dict[str, Known] = field(default_factory=dict)
    steps: dict[str, tuple[str, ...]] = field(default_factory=dict)
    funnels: dict[str, str] = field(default_factory=dict)
    answers: dict[str, str] = field(default_factory=dict)
    sources: dict[str, str] = field(default_factory=dict)
    trials: dict[str, Trial] = field(default_factory=dict)
    exposures: dict[str, str] = field(default_factory=dict)
    schedules: list[str] = field(default_factory=list)
    doubled: dict[str, str] = field(default_factory=dict)
    renumbered: dict[str, str] = field(default_factory=dict)
    unread: set[str] = field(default_factory=set)
    problems: list[Problem] = field(default_factory=list)

    def tell(self, where: str, field_name: str, message: str) -> None:
        """Notes a problem; the check goes on, so that the author reads all of them at once."""
        self.problems.append(Problem(WORLD_FILE, str(where), str(field_name), message))

    def add_frame(  # noqa: PLR0913  what is not usual is told apart by keyword
        self,
        name: str,
        parent: str,
        fields: Mapping[str, Field],
        where: str,
        *,
        once: bool = False,
        fixed: bool = False,
    ) -> None:
        """
        Declares a frame; *parent* is empty for people and others that belong to nobody.

        What belongs to something drawn once is drawn once.
        """
        if name in self.frames:
            self.tell(where, "", f"there are two frames called {name!r}; give one another name")
        if parent and parent not in self.frames:
            self.unknown(where, "of", "frame", parent, self.frames)
        if parent in self.doubled:
            message = f"is {parent!r}, whose rows {self.doubled[parent]!r} doubles; double these instead"
            self.tell(where, "of", message)
        owner = self.frames.get(parent)
        once = once or (owner is not None and owner.once)
        self.frames[name] = Known(parent, dict(fields), once, fixed)

    def add_field(self, frame: str, name: str, made: Field, where: str) -> None:
        """Declares a column of a frame that is there; one of the same name already is told."""
        if frame not in self.frames:
            self.unknown(where, "of", "frame", frame, self.frames)
            return
        fields = self.frames[frame].fields
        if name in fields:
            message = f"there is a column of this name in {frame} already; give one another name"
            self.tell(where, "" if where == name else name, message)
        fields[name] = made

    def lineage(self, frame: str) -> list[str]:
        """The frame, the one it belongs to, and so on, by name."""
        found: list[str] = []
        while frame in self.frames and frame not in found:
            found.append(frame)
            frame = self.frames[frame].parent
        return found

    def fields_of(self, frame: str) -> dict[str, Field]:
        """Every column an entity of *frame* knows: its own and those of what it belongs to."""
        found: dict[str, Field] = {}
        for owner in self.lineage(frame):
            found = self.frames[owner].fields | found
        return found

    def field_of(self, frame: str, name: str, where: str, field_name: str = "") -> Field | None:
        """The field of a column, or None: the problem is told, with the near misses."""
        if frame not in self.frames:
            self.unknown(where, field_name or "of", "frame", frame, self.frames)
            return None
        fields = self.fields_of(frame)
        if name not in fields and self.unread.isdisjoint(self.lineage(frame)):
            self.unknown(where, field_name, f"column of {frame}", name, fields)
        return fields.get(name)

    def check_where(self, frame: str, text: str, where: str, field_name: str = "where") -> None:
        """Tells what is wrong with a condition on a frame: its grammar, its columns, its values."""
        try:
            clauses = read_where(text)
        except ValueError as error:
            self.tell(where, field_name, str(error))
            return
        for clause in clauses:
            known = self.field_of(frame, clause.column, where, field_name)
            if known is not None and known.type == "text" and not clause.compare:
                self.tell(where, field_name, f"{clause.column!r} holds text; write {clause.column}=a value")
            elif known is not None and known.type == "text":
                self.check_values(known, clause.values, where, field_name)
                if clause.compare not in {"=", "!="}:
                    self.tell(where, field_name, f"{clause.column!r} holds text; compare it by = or !=")
            elif known is not None and clause.compare and not _is_number(clause.values):
                self.tell(where, field_name, f"{clause.column!r} holds numbers, not {clause.values[0]!r}")

    def check_values(self, known: Field, values: Iterable[str], where: str, field_name: str) -> None:
        """Tells which of *values* a text column never holds."""
        if known.type != "text":
            self.tell(where, field_name, f"names a column of type {known.type}, which holds no text")
            return
        for value in values:
            if value not in known.values:
                self.unknown(where, field_name, "value", value, known.values)

    def check_share(self, share: float, where: str, field_name: str) -> None:
        """Tells when a share is none."""
        if not is_number(share) or not 0 <= share <= 1:
            self.tell(where, field_name, f"is {share!r}; a share lies between 0 and 1")

    def check_over_nought(self, value: float, where: str, field_name: str) -> None:
        """Tells when a factor, a mean or a count is no number, endless, negative or nought."""
        if not is_number(value):
            self.tell(where, field_name, f"is {value!r}; write a number greater than 0")
        elif value <= 0:
            self.tell(where, field_name, f"is {value!r}; it must be greater than 0")

    def check_whole(self, value: int, where: str, field_name: str, least: int = 1) -> None:
        """Tells when what is counted is no whole number from *least* up."""
        if isinstance(value, bool) or not isinstance(value, Integral) or value < least:
            self.tell(where, field_name, f"is {value!r}; write a whole number from {least} up")

    def check_span(self, span: str, where: str, field_name: str, least: int = 0) -> None:
        """Tells when a span of time is none, or is shorter than *least* seconds."""
        try:
            is_long = seconds_of(span) >= least
        except ValueError as error:
            self.tell(where, field_name, str(error))
        except AttributeError:
            self.tell(where, field_name, f"is {span!r}; write a span of time, for example '25m'")
        else:
            if not is_long:
                self.tell(where, field_name, f"is {span!r}; it must be at least {least} s")

    def check_sigma(self, sigma: float, where: str, field_name: str) -> None:
        """Tells when a spread, that of a logarithm, is no number, endless or negative."""
        if not is_number(sigma):
            self.tell(where, field_name, f"has the spread {sigma!r}; write a number from 0 up")
        elif sigma < 0:
            self.tell(where, field_name, f"has the spread {sigma!r}; it cannot be negative")

    def window(self, since: str, until: str, where: str) -> tuple[int, int]:
        """The seconds from *since* up to *until*; empty words mean always. Dates out of order are told."""
        begin, end = self._moment(since, 0, where, "since"), self._moment(until, FOREVER_S, where, "until")
        if begin >= end:
            self.tell(where, "until", f"{until!r} does not lie after {since!r}; put the dates in order")
        elif self.is_dated and ((since and begin >= self.end_s) or (until and end <= self.begin_s)):
            self.tell(where, "since", f"{since!r} to {until!r} lies outside the world's window")
        return begin, end

    def unknown(self, where: str, field_name: str, noun: str, name: str, known: Iterable[str]) -> None:
        """Tells that a name is unknown, with the near misses or everything there is."""
        if name.partition(".")[0] in self.unread:
            return
        choices = list(known)
        near = near_names(name, choices)
        advice = (
            f"did you mean {' or '.join(map(repr, near))}?" if near else f"there is: {', '.join(choices)}"
        )
        self.tell(where, field_name, f"there is no {noun} {name!r}; {advice}")

    def _moment(self, text: str, empty: int, where: str, field_name: str) -> int:
        try:
            return second(text) if text else empty
        except (TypeError, ValueError):
            self.tell(where, field_name, f"{text!r} is no date or moment; write it as '2025-03-31 12:00'")
            return empty


def is_number(value: object) -> TypeGuard[float]:
    """Whether *value* is a number, and not NaN or endless."""
    return isinstance(value, Real) and math.isfinite(value)


def _is_number(values: tuple[str, ...]) -> bool:
    try:
        float(values[0])
    except ValueError:
        return False
    return len(values) == 1
