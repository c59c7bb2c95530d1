"""Both queries on one database in several orders of its rows: what differs then is no accident of order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from casekit.judge.evidence.arena import Arena, Failed, Result
from casekit.judge.evidence.database import Database, Row
from casekit.judge.evidence.dice import Dice
from casekit.judge.evidence.sameness import same_rows

__all__ = ["Finding", "Trial", "permuted"]

Outcome = Literal["same", "different", "no reference", "by chance"]


@dataclass(frozen=True)
class Finding:
    """
    What came of a database.

    Attributes:
        outcome: ``different`` only when the two differ whatever the order of the rows; ``by chance``
            when they differ in some orders; ``no reference`` when the reference fails there.
        reference: The reference's result.
        submission: The submission's result, or why it failed.
        firm_reference: True when the reference gives one result in every order.
        firm_submission: True when the submission does.
    """

    outcome: Outcome
    reference: Result | Failed
    submission: Result | Failed
    firm_reference: bool = True
    firm_submission: bool = True

    @property
    def is_firm(self) -> bool:
        """True when neither result depends on the order of rows."""
        return self.firm_reference and self.firm_submission


@dataclass(frozen=True)
class Trial:
    """The two queries and the arena they run in."""

    arena: Arena
    reference: str
    submission: str

    def once(self, number: int) -> Finding:
        """The finding on the database as it stands, in the one order it has."""
        wanted = self.arena.run(self.reference, number)
        if isinstance(wanted, Failed):
            return Finding("no reference", wanted, wanted)
        given = self.arena.run(self.submission, number)
        return Finding("same" if _agree(wanted, given) else "different", wanted, given)

    def thorough(self, database: Database, orders: int) -> Finding:
        """The finding over *orders* orders of the rows of *database*."""
        numbers = self.arena.load(permuted(database, orders))
        found: list[Finding] = []
        for number in numbers:
            found.append(self.once(number))
            if found[-1].outcome == "no reference":
                return found[-1]
        return _gathered(found)


def permuted(database: Database, orders: int) -> list[Database]:
    """*database* with its rows sorted, then backwards, then as they are, then in other orders."""
    ascending = {name: sorted(rows, key=_sort_key) for name, rows in database.items()}
    backwards = {name: rows[::-1] for name, rows in ascending.items()}
    copies = [ascending, backwards, database]
    for order in range(3, orders):
        dice = Dice("order", order)
        copies.append({name: dice.shuffled(rows) for name, rows in database.items()})
    # One row a table lies in one order only.
    return [copy for place, copy in enumerate(copies[:orders]) if copy not in copies[:place]]


def _gathered(found: Sequence[Finding]) -> Finding:
    first = found[0]
    firm_reference = all(_agree(first.reference, other.reference) for other in found[1:])
    firm_submission = all(_agree(first.submission, other.submission) for other in found[1:])
    apart = not any(_agree(one.reference, other.submission) for one in found for other in found)
    if apart:
        outcome: Outcome = "different"
    else:
        outcome = "same" if firm_reference and firm_submission else "by chance"
    return Finding(outcome, first.reference, first.submission, firm_reference, firm_submission)


def _sort_key(row: Row) -> list[tuple[bool, Any]]:
    return [(value is None, 0 if value is None else value) for value in row]


def _agree(one: Result | Failed, other: Result | Failed) -> bool:
    if isinstance(one, Failed) or isinstance(other, Failed):
        return isinstance(one, Failed) and isinstance(other, Failed)
    return same_rows(one.rows, other.rows)
