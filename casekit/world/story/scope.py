"""What a story may name: its frames, their columns and its steps, known before a row is drawn."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from casekit.errors import Problem, near_names
from casekit.world.calendar import second, seconds_of
from casekit.world.story.frames import Field
from casekit.world.story.where import read_where

__all__ = ["Known", "Scope", "Trial"]

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
        frames: By name.
        steps: The steps of each funnel, by the funnel's name.
        funnels: The frame each funnel is about.
        answers: The frame of each column of answers, by ``frame.column``.
        sources: The column that says what brought each, by frame, where traffic brings them.
        trials: The experiments, by name.
        exposures: The experiment each frame of exposures is about.
        schedules: The frames whose rows have a plan that may be moved.
    """

    begin_s: int
    end_s: int
    frames: dict[str, Known] = field(default_factory=dict)
    steps: dict[str, tuple[str, ...]] = field(default_factory=dict)
    funnels: dict[str, str] = field(default_factory=dict)
    answers: dict[str, str] = field(default_factory=dict)
    sources: dict[str, str] = field(default_factory=dict)
    trials: dict[str, Trial] = field(default_factory=dict)
    exposures: dict[str, str] = field(default_factory=dict)
    schedules: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def tell(self, where: str, field_name: str, message: str) -> None:
        """Notes a problem; the check goes on, so that the author reads all of them at once."""
        self.problems.append(Problem(WORLD_FILE, where, field_name, message))

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
        owner = self.frames.get(parent)
        once = once or (owner is not None and owner.once)
        self.frames[name] = Known(parent, dict(fields), once, fixed)

    def add_field(self, frame: str, name: str, made: Field, where: str) -> None:
        """Declares a column of a frame that is there."""
        if frame not in self.frames:
            self.unknown(where, "of", "frame", frame, self.frames)
        else:
            self.frames[frame].fields[name] = made

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
        if name not in fields:
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
        if not 0 <= share <= 1:
            self.tell(where, field_name, f"is {share!r}; a share lies between 0 and 1")

    def check_over_nought(self, value: float, where: str, field_name: str) -> None:
        """Tells when a factor, a mean or a count is negative, or nought where it may not be."""
        if not value > 0:
            self.tell(where, field_name, f"is {value!r}; it must be greater than 0")

    def check_span(self, span: str, where: str, field_name: str, least: int = 0) -> None:
        """Tells when a span of time is none, or is shorter than *least* seconds."""
        try:
            is_long = seconds_of(span) >= least
        except ValueError as error:
            self.tell(where, field_name, str(error))
        else:
            if not is_long:
                self.tell(where, field_name, f"is {span!r}; it must be at least {least} s")

    def window(self, since: str, until: str, where: str) -> tuple[int, int]:
        """The seconds from *since* up to *until*; empty words mean always. Dates out of order are told."""
        begin, end = self._moment(since, 0, where, "since"), self._moment(until, FOREVER_S, where, "until")
        if begin >= end:
            self.tell(where, "until", f"{until!r} does not lie after {since!r}; put the dates in order")
        elif (since and begin >= self.end_s) or (until and end <= self.begin_s):
            self.tell(where, "since", f"{since!r} to {until!r} lies outside the world's window")
        return begin, end

    def unknown(self, where: str, field_name: str, noun: str, name: str, known: Iterable[str]) -> None:
        """Tells that a name is unknown, with the near misses or everything there is."""
        choices = list(known)
        near = near_names(name, choices)
        advice = (
            f"did you mean {' or '.join(map(repr, near))}?" if near else f"there is: {', '.join(choices)}"
        )
        self.tell(where, field_name, f"there is no {noun} {name!r}; {advice}")

    def _moment(self, text: str, empty: int, where: str, field_name: str) -> int:
        try:
            return second(text) if text else empty
        except ValueError:
            self.tell(where, field_name, f"{text!r} is no date or moment; write it as '2025-03-31 12:00'")
            return empty


def _is_number(values: tuple[str, ...]) -> bool:
    try:
        float(values[0])
    except ValueError:
        return False
    return len(values) == 1
