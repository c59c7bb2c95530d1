"""What went wrong in a rehearsal: the same fault on several seeds is told once, with its seeds."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from casekit.errors import Problem

__all__ = ["Findings", "Spot", "first_line"]


class Findings:
    """
    Problems as they are found, seed by seed.

    Args:
        seeds: Every seed of the rehearsal.
    """

    def __init__(self, seeds: Sequence[int]) -> None:
        self._seeds = seeds
        self._found: dict[Problem, dict[int | None, str]] = {}

    def add(self, problem: Problem, seed: int | None = None, detail: str = "") -> None:
        """Note *problem*; *detail* is what may read differently from seed to seed."""
        self._found.setdefault(problem, {}).setdefault(seed, detail)

    def add_all(self, problems: Iterable[Problem], seed: int | None = None) -> None:
        """Note problems that others found, each by the first line of its message."""
        for problem in problems:
            self.add(replace(problem, message=first_line(problem.message)), seed)

    def problems(self) -> list[Problem]:
        """Every problem once, in the order they were found."""
        return [
            replace(problem, message=problem.message + self._ending(details))
            for problem, details in self._found.items()
        ]

    def _ending(self, details: dict[int | None, str]) -> str:
        seeds_of: dict[str, list[int | None]] = {}
        for seed, detail in details.items():
            seeds_of.setdefault(detail, []).append(seed)
        is_everywhere = None in details or len(details) == len(self._seeds)
        if is_everywhere and len(seeds_of) == 1:
            told = [*seeds_of]
        else:
            told = [f"{detail} {_named(seeds)}".strip() for detail, seeds in seeds_of.items()]
        ending = "; ".join(told)
        return f": {ending}" if any(seeds_of) else f" {ending}".rstrip()


@dataclass(frozen=True)
class Spot:
    """Where in the case, and on which seed, something is being tried."""

    findings: Findings
    seed: int | None
    file: str
    where: str

    def tell(self, field: str, message: str, detail: str = "") -> None:
        """Note that something here is wrong."""
        self.findings.add(Problem(self.file, self.where, field, message), self.seed, detail)


def first_line(message: str) -> str:
    """The first line of a message; the rest of DuckDB's draws the query."""
    return message.strip().partition("\n")[0]


def _named(seeds: list[int | None]) -> str:
    return f"({'seed' if len(seeds) == 1 else 'seeds'} {', '.join(map(str, seeds))})"
