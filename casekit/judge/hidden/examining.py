"""A submission examined on hidden databases, in the worker beside the notebook; what it found, in words."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from casekit.compare import Contract
from casekit.judge.evidence.families import family_of, fitted
from casekit.judge.hidden.task import packed
from casekit.judge.hidden.worlds import HiddenWorlds
from casekit.model import Table
from casekit.model.results import Counterexample
from casekit.sandbox import AnswerBox, Failure

__all__ = ["WARM_MODULES", "Examined", "Hidden"]

log = logging.getLogger(__name__)

CROWD = "ds.main"  # the candidate's own data, as the worker attaches it
TASK = "casekit.judge.hidden.task:examine"
WARM_MODULES = ("casekit.judge.hidden.task",)  # for the worker to import before the first answer
MOST_DATABASES = 16
MOST_ROWS = 24  # in all tables together: a counterexample with more is no explanation


@dataclass(frozen=True)
class Examined:
    """
    What hidden databases say of a submission.

    Attributes:
        outcome: ``different``, ``no difference found``, ``not deterministic``, or how one of the two fails.
        words: One sentence on it.
        databases: On how many both queries ran.
        counterexample: A database that tells them apart, when one was found that a person can read.
        agrees: Which of the mistakes asked about give the submission's result on all of them, by place.
    """

    outcome: str
    words: str
    databases: int
    counterexample: Counterexample | None
    agrees: tuple[int, ...]


class Hidden:
    """
    The hidden databases of one case.

    Args:
        worlds: What they are made from.
        box: The worker in which a stranger's query runs.
        dataset: The candidate's data, in which every group has somebody.
    """

    def __init__(self, worlds: HiddenWorlds, box: AnswerBox, dataset: Path) -> None:
        self._box, self._dataset = box, dataset
        tables = worlds.tables
        self._material = packed(
            {
                "schema": tables.schema,
                "laws": tables.laws,
                "databases": worlds.worlds,
                "crowd": CROWD,
                "most": MOST_DATABASES,
            }
        )

    def examine(  # noqa: PLR0913 - what is asked, by name
        self,
        reference: str,
        submission: str,
        contract: Contract,
        *,
        seconds: float,
        is_wrong: bool = False,
        mistakes: Sequence[str] = (),
    ) -> Examined | None:
        """
        What the hidden databases say; None when they cannot say anything, which is no fault of the learner's.

        Args:
            reference: The right query.
            submission: The learner's.
            contract: What the exercise asks of a result.
            seconds: Wall clock for all of it.
            is_wrong: True when the data at hand has shown already that it is not the answer.
            mistakes: Queries that make known mistakes.
        """
        asked = {
            "reference": reference,
            "contract": contract,
            "doubted": not is_wrong,
            "others": tuple(mistakes),
        }
        arguments = {
            "material": self._material,
            "asked": packed(asked),
            "submission": submission,
            "seconds": seconds,
        }
        done = self._box.work(TASK, arguments, self._dataset)
        if isinstance(done, Failure):
            if done.kind not in ("interrupted", "timeout"):
                log.warning("hidden databases could not be tried: %s", done.message)
            return None
        return _examined(done)


def _examined(done: dict[str, Any]) -> Examined | None:
    if done["outcome"] == "reference fails":
        log.error("a reference does not run on hidden databases: %s", done["words"])
        return None
    shown = done["counterexample"]
    counterexample = _counterexample(shown) if shown else None
    return Examined(done["outcome"], done["words"], done["n_tried"], counterexample, tuple(done["agrees"]))


def _counterexample(shown: dict[str, Any]) -> Counterexample | None:
    tables = tuple((name, _table(grid)) for name, grid in shown["tables"].items())
    if sum(len(table.rows) for _, table in tables) > MOST_ROWS:
        return None
    yours = _table(shown["actual"]) if shown["actual"] is not None else str(shown["error"])
    return Counterexample(tables, yours, _table(shown["expected"]), shown["words"])


def _table(grid: dict[str, Any]) -> Table:
    readers = [_reader(str(type_)) for type_ in grid["types"]]
    rows = (tuple(read(value) for read, value in zip(readers, row, strict=True)) for row in grid["rows"])
    return Table(tuple(grid["columns"]), tuple(rows))


def _reader(type_: str) -> Callable[[Any], object]:
    """What JSON has no value for, read back from its text."""
    family = family_of(type_)
    if family in ("date", "timestamp", "decimal", "float"):
        return lambda value: fitted(value, family)
    return lambda value: value
