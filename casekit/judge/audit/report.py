"""What an audit found: mistakes noticed and not, traps that look alike, right answers that are refused."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from casekit.errors import Problem
from casekit.model.keys import Equivalent

__all__ = ["LEAST_PERCENT", "CaseAudit", "Coincidence", "ExerciseAudit", "Survivor", "kill_percent"]

LEAST_PERCENT = 98.0


@dataclass(frozen=True)
class Survivor:
    """
    A mistake nobody notices.

    Attributes:
        mutant: Its id, for `answers/equivalents.toml`.
        kind: What was changed, for example ``join kind``.
        changed: The place, before and after.
        sql: The whole query.
    """

    mutant: str
    kind: str
    changed: str
    sql: str

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return {"mutant": self.mutant, "kind": self.kind, "changed": self.changed, "sql": self.sql}


@dataclass(frozen=True)
class Coincidence:
    """
    A trap that gives the same as the reference or as another trap on the case's own data.

    Attributes:
        trap: Its slug.
        other: The other trap's slug, or ``reference``.
        is_told_apart: Whether a hidden database tells the two apart.
    """

    trap: str
    other: str
    is_told_apart: bool

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return {"trap": self.trap, "other": self.other, "told_apart": self.is_told_apart}


@dataclass(frozen=True)
class ExerciseAudit:
    """
    The audit of one exercise that is answered in SQL.

    Attributes:
        exercise: Its id.
        n_mutants: Mistakes made in the reference.
        n_not_running: Those that run on no data at all; whoever makes them is told by DuckDB.
        n_killed_main: Those that change the result on the case's own data.
        n_killed_hidden: Of the rest, those that change it on a hidden database.
        equivalent: Of the rest, those declared to be as right as the reference.
        survivors: The rest.
        n_traps: Traps that are stored.
        coincidences: Traps that cannot be told apart on the case's own data.
        by_chance: Why the reference may answer otherwise on the same rows; empty when it never does.
        refused: Remarks whose right answer a hidden database tells from the reference.
    """

    exercise: str
    n_mutants: int
    n_not_running: int
    n_killed_main: int
    n_killed_hidden: int
    equivalent: tuple[Equivalent, ...] = ()
    survivors: tuple[Survivor, ...] = ()
    n_traps: int = 0
    coincidences: tuple[Coincidence, ...] = ()
    by_chance: str = ""
    refused: tuple[str, ...] = ()

    @property
    def kill_percent(self) -> float:
        """Mistakes noticed, in percent of those that run and are none of the equivalent; 100 when none is."""
        return kill_percent([self])

    @property
    def alike(self) -> tuple[Coincidence, ...]:
        """The traps that no database tells apart."""
        return tuple(one for one in self.coincidences if not one.is_told_apart)

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return {
            "exercise": self.exercise,
            "mutants": self.n_mutants,
            "not_running": self.n_not_running,
            "killed_main": self.n_killed_main,
            "killed_hidden": self.n_killed_hidden,
            "equivalent": [{"mutant": one.mutant, "why": one.why} for one in self.equivalent],
            "survivors": [one.to_dict() for one in self.survivors],
            "kill_percent": round(self.kill_percent, 2),
            "traps": self.n_traps,
            "coincidences": [one.to_dict() for one in self.coincidences],
            "by_chance": self.by_chance,
            "refused": list(self.refused),
        }


@dataclass(frozen=True)
class CaseAudit:
    """
    The audit of a case.

    Attributes:
        case: Its slug.
        seed: The seed of the data that the main results come from.
        exercises: In the case's order; only those answered in SQL.
        problems: What the author declared wrongly in `answers/equivalents.toml`.
    """

    case: str
    seed: int
    exercises: tuple[ExerciseAudit, ...]
    problems: tuple[Problem, ...] = ()

    @property
    def kill_percent(self) -> float:
        """Mistakes noticed over all exercises, in percent."""
        return kill_percent(self.exercises)

    def passes(self, least_percent: float = LEAST_PERCENT) -> bool:
        """True when enough is noticed, traps are told apart, and no right answer is refused or by chance."""
        sound = all(not (one.alike or one.by_chance or one.refused) for one in self.exercises)
        return sound and self.kill_percent >= least_percent

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return {
            "case": self.case,
            "seed": self.seed,
            "kill_percent": round(self.kill_percent, 2),
            "exercises": [one.to_dict() for one in self.exercises],
            "problems": [str(problem) for problem in self.problems],
        }


def kill_percent(exercises: Sequence[ExerciseAudit]) -> float:
    """Mistakes noticed in *exercises*, in percent of those that run and are none of the equivalent."""
    killed = sum(one.n_killed_main + one.n_killed_hidden for one in exercises)
    in_question = killed + sum(len(one.survivors) for one in exercises)
    return 100.0 * killed / in_question if in_question else 100.0
