"""Which known mistakes a submission makes: those that give its result wherever they are tried."""

from __future__ import annotations

from collections.abc import Sequence

from casekit.compare import same_result
from casekit.judge.evidence.arena import Failed, Result
from casekit.judge.evidence.database import Database
from casekit.judge.evidence.sameness import same_rows
from casekit.judge.evidence.trial import Trial
from casekit.model import Table

__all__ = ["agreeing"]


def agreeing(trial: Trial, others: Sequence[str], databases: Sequence[Database]) -> list[int]:
    """
    Places of the *others* whose result is the submission's on every one of *databases*.

    Time that runs out leaves none: what was not tried everywhere is not known to agree.
    """
    left = list(range(len(others)))
    for number in trial.arena.load(databases):
        given = trial.arena.run(trial.submission, number)
        left = [place for place in left if _agrees(trial, others[place], number, given)]
    return left


def _agrees(trial: Trial, sql: str, number: int, given: Result | Failed) -> bool:
    if trial.arena.seconds_left <= 0:
        return False
    told = trial.arena.run(sql, number)
    if isinstance(told, Failed) or isinstance(given, Failed):
        return isinstance(told, Failed) and isinstance(given, Failed) and not told.binding
    if trial.contract is None:
        return len(told.columns) == len(given.columns) and same_rows(told.rows, given.rows)
    return same_result(_table(told), _table(given), trial.contract)


def _table(result: Result) -> Table:
    return Table(result.columns, tuple(result.rows))
