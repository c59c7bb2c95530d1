"""Both queries on one database in several orders of its rows: what differs then is no accident of order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from casekit.compare import Contract
from casekit.judge.evidence.agreement import asked_difference, same_bags
from casekit.judge.evidence.arena import Arena, Failed, Result
from casekit.judge.evidence.database import Database, Row, Rows
from casekit.judge.evidence.dice import Dice
from casekit.judge.evidence.ordering import Ordering, follows
from casekit.judge.evidence.sameness import same_rows

__all__ = ["Finding", "Trial", "permuted"]

Outcome = Literal["same", "different", "misordered", "no reference", "by chance"]


@dataclass(frozen=True)
class Finding:
    """
    What came of a database.

    Attributes:
        outcome: ``different`` only when the two differ whatever the order of the rows; ``misordered``
            when the rows are right and come in a wrong order; ``by chance`` when the results differ in
            some orders of the database's rows; ``no reference`` when the reference fails there.
        reference: The reference's result.
        submission: The submission's result, or why it failed.
        database: The rows in the order that gave these results.
        firm_reference: True when the reference gives one result in every order.
        firm_submission: True when the submission does.
    """

    outcome: Outcome
    reference: Result | Failed
    submission: Result | Failed
    database: Database = field(default_factory=dict)
    firm_reference: bool = True
    firm_submission: bool = True

    @property
    def is_firm(self) -> bool:
        """True when neither result depends on the order of rows."""
        return self.firm_reference and self.firm_submission

    @property
    def tells_apart(self) -> bool:
        """True when the database shows that the submission is another answer."""
        return self.outcome in ("different", "misordered")


@dataclass(frozen=True)
class Trial:
    """
    The two queries and the arena they run in.

    Attributes:
        arena: Where they run.
        reference: SQL of the right answer.
        submission: SQL of the answer to be judged.
        ordering: The order asked for; None when any will do.
        places: For each column of the reference its place in the submission; empty when they stand alike.
        contract: What an exercise asks of the result; None to hold plain rows against each other.
        names: The reference's columns and the submission's; only a contract needs them.
    """

    arena: Arena
    reference: str
    submission: str
    ordering: Ordering | None = None
    places: tuple[int, ...] = ()
    contract: Contract | None = None
    names: tuple[tuple[str, ...], tuple[str, ...]] = ((), ())

    def once(self, number: int) -> Finding:
        """The finding on database *number*, in the one order its rows have."""
        wanted = self.arena.run(self.reference, number)
        if isinstance(wanted, Failed):
            return Finding("no reference", wanted, wanted)
        given = self.arena.run(self.submission, number)
        if isinstance(given, Failed) and given.stopped:  # says nothing of what it would have given
            return Finding("no reference", given, given)
        if not isinstance(given, Failed):
            given = replace(given, rows=self.placed(given.rows))
        if not self._alike(wanted, given):
            return Finding("different", wanted, given)
        return Finding(self._order(wanted, given, number), wanted, given)

    def thorough(self, database: Database, orders: int) -> Finding:
        """The finding over *orders* orders of the rows of *database*."""
        copies = permuted(database, orders)
        found: list[Finding] = []
        for copy, number in zip(copies, self.arena.load(copies), strict=True):
            found.append(replace(self.once(number), database=copy))
            if found[-1].outcome == "no reference":
                return found[-1]
        return self._gathered(found)

    @property
    def asks_order(self) -> bool:
        """True when the order of the rows is part of the answer."""
        return bool(self.contract.ordered_by) if self.contract is not None else self.ordering is not None

    def same_rows(self, wanted: Rows, given: Rows) -> bool:
        """True when the submission's rows are the reference's, in whatever order."""
        if self.contract is None or wanted == given:
            return same_rows(wanted, given)
        if any(len(row) != len(self.names[1]) for row in given):  # the mark of a submission that fails
            return False
        return same_bags(self.contract, self.names, wanted, given)

    def placed(self, rows: Rows) -> Rows:
        """The submission's *rows* with the columns where the reference has them."""
        return [tuple(row[place] for place in self.places) for row in rows] if self.places else rows

    def _order(self, wanted: Result, given: Result | Failed, number: int) -> Outcome:
        if isinstance(given, Failed) or len(given.rows) < 2:
            return "same"
        if self.contract is not None:
            asked = asked_difference(self.contract, wanted, given)
            return "misordered" if asked == "order" else "same"
        if self.ordering is None:
            return "same"
        blocks = self.ordering.blocks(self.arena, number)
        if blocks is None or not same_rows([row for block in blocks for row in block], given.rows):
            return "same"
        return "same" if follows(given.rows, blocks) else "misordered"

    def _alike(self, wanted: Result | Failed, given: Result | Failed) -> bool:
        if self.contract is None or isinstance(wanted, Failed) or isinstance(given, Failed):
            return _agree(wanted, given)
        return self.same_rows(wanted.rows, given.rows)

    def _gathered(self, found: Sequence[Finding]) -> Finding:
        firm_reference = all(_agree(found[0].reference, other.reference) for other in found[1:])
        firm_submission = all(_agree(found[0].submission, other.submission) for other in found[1:])

        def gathered(outcome: Outcome, finding: Finding) -> Finding:
            return replace(
                finding, outcome=outcome, firm_reference=firm_reference, firm_submission=firm_submission
            )

        if not any(self._alike(one.reference, other.submission) for one in found for other in found):
            return gathered("different", found[0])
        # An order is asked for whatever order the rows lie in: one wrong one is enough.
        misordered = [finding for finding in found if finding.outcome == "misordered"]
        if misordered and firm_reference and firm_submission:
            return gathered("misordered", misordered[0])
        differs = [finding for finding in found if finding.outcome == "different"]
        outcome: Outcome = "same" if firm_reference and firm_submission else "by chance"
        return gathered(outcome, (differs or list(found))[0])


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


def _sort_key(row: Row) -> list[tuple[bool, Any]]:
    return [(value is None, 0 if value is None else value) for value in row]


def _agree(one: Result | Failed, other: Result | Failed) -> bool:
    if isinstance(one, Failed) or isinstance(other, Failed):
        return isinstance(one, Failed) and isinstance(other, Failed)
    return len(one.columns) == len(other.columns) and same_rows(one.rows, other.rows)
