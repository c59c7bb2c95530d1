"""Rows built on purpose: a row of every table in a query such that its conditions hold, or one fails."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import islice
from typing import Any, Literal

from casekit.judge.evidence.clues import System
from casekit.judge.evidence.dice import Dice
from casekit.judge.evidence.expressions import Expression, Leaf
from casekit.judge.evidence.families import family_of, fitted
from casekit.judge.evidence.pools import Pools
from casekit.judge.evidence.rules import TableRules
from casekit.judge.evidence.turning import turning_points

__all__ = ["Goal", "Witness", "Witnesses"]

Outcome = Literal["true", "false", "null", "edge"]
Witness = dict[Leaf, Any]
Wanted = tuple[Expression, bool | None]  # a condition and what it should come to

STEPS = 24
PATIENCE = 8
KEPT_PERCENT = 75
MOST_CANDIDATES = 14


@dataclass(frozen=True)
class Goal:
    """
    One comparison and what is wanted of it while everything else holds.

    Attributes:
        probe: The comparison's number, among the edges for ``edge``; None wants all to hold.
        outcome: ``edge`` wants both sides equal, whether or not that makes the comparison true.
    """

    probe: int | None
    outcome: Outcome = "true"


class Witnesses:
    """
    Makes witnesses for the conditions of one query.

    Args:
        system: The conditions.
        pools: The values to draw from.
        rules: What each table's rows must keep, by the table's name in lower case.
    """

    def __init__(self, system: System, pools: Pools, rules: dict[str, TableRules]) -> None:
        self.system, self.pools, self.rules = system, pools, rules
        self._alike = _classes(system)
        self._leaves = sorted({leaf for condition in self._conditions() for leaf in condition.leaves})
        self._together = _members(self._leaves, self._alike)
        self._kinds = {leaf: family_of(self._rules(leaf).types[leaf[1]]) for leaf in self._leaves}

    def goals(self) -> Iterator[Goal]:
        """Everything true, then each comparison false, true and NULL."""
        yield Goal(None)
        kinds: tuple[Outcome, ...] = ("false", "edge", "true", "null")
        for outcome in kinds:
            for number in range(len(self.system.edges if outcome == "edge" else self.system.probes)):
                yield Goal(number, outcome)

    def find(self, goal: Goal, dice: Dice, start: Witness | None = None) -> Witness:
        """
        Values for the columns in the conditions that meet *goal* as far as could be found.

        Args:
            goal: What is wanted.
            dice: Every choice.
            start: An earlier witness, most of whose values are kept.
        """
        values = self._first(dice, start)
        wanted = self._wanted(goal)
        fewest, patience = len(wanted) + 1, PATIENCE
        for _ in range(STEPS):
            broken = [other for other in wanted if not _is_met(other, values)]
            patience = PATIENCE if len(broken) < fewest else patience - 1
            fewest = min(fewest, len(broken))
            if not broken or not patience:
                break
            self._mend(dice.pick(broken), values, wanted, dice)
        return values

    def rows(self, witness: Witness) -> Iterator[tuple[str, dict[int, Any]]]:
        """The rows the witness is about, as table name and values by place, in the order of the tables."""
        for number, table in enumerate(self.system.occurrences):
            fixed = {place: value for (own, place), value in witness.items() if own == number}
            yield table.name, fixed

    def _conditions(self) -> list[Expression]:
        return [*self.system.required, *self.system.probes, *self.system.edges]

    def _wanted(self, goal: Goal) -> list[Wanted]:
        if goal.probe is None:
            return [(condition, True) for condition in self.system.required]
        aim = (self.system.edges if goal.outcome == "edge" else self.system.probes)[goal.probe]
        wanted: list[Wanted] = [
            (condition, True)
            for condition in self.system.required
            # What reads nothing but the columns aimed at would only be in the way.
            if goal.outcome == "true" or not aim.leaves >= condition.leaves
        ]
        return [*wanted, (aim, {"false": False, "null": None}.get(goal.outcome, True))]

    def _first(self, dice: Dice, start: Witness | None) -> Witness:
        values: Witness = {}
        by_class: dict[Leaf, Any] = {}
        for leaf in self._leaves:
            head = self._alike.get(leaf, leaf)
            if start is not None and leaf in start and dice.chance(KEPT_PERCENT):
                values[leaf] = start[leaf]
                by_class.setdefault(head, start[leaf])
            else:
                if head not in by_class:
                    by_class[head] = self._drawn(leaf, dice)
                values[leaf] = self._fitted(leaf, by_class[head])
        return values

    def _mend(self, aim: Wanted, values: Witness, wanted: list[Wanted], dice: Dice) -> None:
        """Change one column so that *aim* comes out right and as little else as possible breaks."""
        leaves = sorted(aim[0].leaves)
        if not leaves:
            return
        leaf = dice.pick(leaves)
        moved = self._together[leaf] if dice.chance(50) else [leaf]
        touched = [other for other in wanted if not other[0].leaves.isdisjoint(moved)]
        tried, best, fewest = dict(values), Witness(), len(touched) + 1
        for candidate in islice(self._candidates(leaf, aim, values, dice), MOST_CANDIDATES):
            change = {other: self._fitted(other, candidate) for other in moved}
            tried.update(change)
            broken = sum(not _is_met(other, tried) for other in touched) if _is_met(aim, tried) else fewest
            if broken < fewest:
                best, fewest = change, broken
            if not fewest:
                break
        values.update(best)

    def _candidates(self, leaf: Leaf, aim: Wanted, values: Witness, dice: Dice) -> Iterator[Any]:
        condition, outcome = aim
        rules = self._rules(leaf)
        if outcome is None and rules.nullable[leaf[1]]:
            yield None
        for other in sorted(condition.leaves):
            if other != leaf:
                yield from _near(values.get(other))
        if outcome is not None and dice.chance(50):
            yield from _turns(leaf, condition, values)
        pool = self._pool(leaf)
        yield from dice.shuffled([*pool.sharp, *pool.near, *pool.plain])
        yield from _near(values.get(leaf))

    def _drawn(self, leaf: Leaf, dice: Dice) -> Any:
        pool = self._pool(leaf)
        return dice.pick(pool.sharp if pool.sharp and dice.chance(50) else pool.everything)

    def _pool(self, leaf: Leaf) -> Any:
        return self.pools.of((self.system.occurrences[leaf[0]].name.lower(), leaf[1]))

    def _rules(self, leaf: Leaf) -> TableRules:
        return self.rules[self.system.occurrences[leaf[0]].name]

    def _fitted(self, leaf: Leaf, value: Any) -> Any:
        rules = self._rules(leaf)
        if value is None:
            return None if rules.nullable[leaf[1]] else self._pool(leaf).everything[0]
        made = fitted(value, self._kinds[leaf])
        return rules.within(leaf[1], made, self._pool(leaf).everything[0])


def _is_met(wanted: Wanted, values: Witness) -> bool:
    return wanted[0].holds(values) is wanted[1]


def _turns(leaf: Leaf, condition: Expression, values: Witness) -> Iterator[Any]:
    """Values of *leaf* just where *condition* turns, the other columns staying as they are."""
    if condition.gap is None or values.get(leaf) is None:
        return
    tried = dict(values)

    def gap(value: Any) -> float | None:
        tried[leaf] = value
        return condition.gap_at(tried)

    yield from turning_points(gap, values[leaf])


def _near(value: Any) -> Iterator[Any]:
    """*value* itself and what is a step or two from it."""
    if value is None:
        return
    yield value
    if isinstance(value, bool):
        yield not value
    elif isinstance(value, (int, float, Decimal)):
        yield from (value + 1, value - 1, value + 2, value - 2)
    elif isinstance(value, date):
        yield from (value + timedelta(days=count) for count in (1, -1, 2, -2, 6, 7, 8, 29, 30, 31))


def _members(leaves: list[Leaf], alike: dict[Leaf, Leaf]) -> dict[Leaf, list[Leaf]]:
    """For each column itself and those the conditions set equal to it."""
    heads: dict[Leaf, list[Leaf]] = {}
    for leaf in leaves:
        heads.setdefault(alike.get(leaf, leaf), []).append(leaf)
    return {leaf: heads[alike.get(leaf, leaf)] for leaf in leaves}


def _classes(system: System) -> dict[Leaf, Leaf]:
    """Columns that the conditions set equal, each with the one that stands for them."""
    roots: dict[Leaf, Leaf] = {}

    def root(leaf: Leaf) -> Leaf:
        while roots.get(leaf, leaf) != leaf:
            leaf = roots[leaf]
        return leaf

    for one, other in system.equal:
        first, second = sorted((root(one), root(other)))
        roots[second] = first
        roots.setdefault(first, first)
    return {leaf: root(leaf) for leaf in roots}
