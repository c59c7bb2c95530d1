"""The verdict on SQL: does it read, does it run, is its result the answer, and if not, why."""

from __future__ import annotations

import re
from dataclasses import replace

from casekit.errors import DataError
from casekit.judge.bench import Bench
from casekit.judge.numbers import judge_numbers
from casekit.judge.proving import Submission, proved
from casekit.judge.tables import failed_trap, judge_table, trap_verdict
from casekit.model import Exercise, Table, Verdict
from casekit.model.keys import CodeKey
from casekit.sandbox import Failure, explain

__all__ = ["is_blank_sql", "judge_query"]

_COMMENTS = re.compile(r"--[^\n]*|/\*.*?\*/", flags=re.S)

WRITE = "Write a query under the first line and run the cell."
HEADLINES = {
    "several": "Only one statement can be an answer.",
    "not-select": "An answer is one SELECT; statements that change or read anything else are not run.",
    "syntax": "DuckDB cannot read the query.",
    "catalog": "The query names something that does not exist.",
    "binder": "The query reads, but its parts do not fit together.",
    "refused": "The query asks for something an answer may not touch.",
    "timeout": "The query was stopped because it took too long.",
    "memory": "The query was stopped because it needed too much memory.",
    "too-large": "The result is too large to be an answer.",
    "crash": "The query brought the database down; nothing else was harmed.",
    "interrupted": "The query was stopped before it was done.",
}


def is_blank_sql(text: object) -> bool:
    """True when there is no SQL in *text*: nothing, an ellipsis, or comments only."""
    if text is None or text is ...:
        return True
    return isinstance(text, str) and not _COMMENTS.sub("", text).strip(" \t\r\n;.…")


def judge_query(exercise: Exercise, key: CodeKey, sql: object, bench: Bench) -> Verdict:
    """
    The verdict on *sql*, run in the sandbox on the candidate's data.

    The steps, of which the first that speaks decides: reads, shape, values, why. Then hidden databases
    are asked: whether a right answer is right by luck, and for one that shows what is wrong.

    Raises:
        AuthorError: The reference does not run.
        DataError: The dataset cannot be read.
    """
    if is_blank_sql(sql):
        return not_attempted(exercise, WRITE)
    if not isinstance(sql, str):
        return not_attempted(exercise, f"Pass the query as text; this is of type {type(sql).__name__}.")
    ran = bench.run(sql)
    if ran.failure is not None:
        return _failed(exercise, key, sql, ran.failure, bench)
    if ran.table is None:
        return not_attempted(exercise, "The query gave no result. Write one SELECT.")
    verdict = _judged(exercise, key, sql, ran.table, bench)
    return proved(verdict, exercise, key, Submission(sql, ran.table, ran.seconds), bench)


def _judged(exercise: Exercise, key: CodeKey, sql: str, table: Table, bench: Bench) -> Verdict:
    if exercise.kind == "number":
        return judge_numbers(exercise, key, table, bench)
    verdict = judge_table(exercise, key, table, bench, code=sql)
    if verdict.status == "correct":
        return verdict
    # What runs and still misleads, such as "= NULL", is told beside whatever differs.
    return replace(verdict, notes=verdict.notes + explain(None, sql, bench.schema))


def not_attempted(exercise: Exercise, advice: str) -> Verdict:
    """The verdict on an answer that is not there yet."""
    return Verdict(exercise.id, "not attempted", "No answer yet.", (advice,))


def _failed(exercise: Exercise, key: CodeKey, sql: str, failure: Failure, bench: Bench) -> Verdict:
    if failure.kind == "empty":
        return not_attempted(exercise, WRITE)
    if failure.kind == "no-data":
        raise DataError(failure.message)
    trap = failed_trap(key, failure, bench)
    if trap is not None:
        return trap_verdict(exercise, trap)
    headline = HEADLINES.get(failure.kind, "The query stopped with an error.")
    if failure.kind == "binder" and re.search(r"not found|does not exist", failure.message):
        headline = HEADLINES["catalog"]
    lines = explain(failure, sql, bench.schema, bench.own_names())
    return Verdict(exercise.id, "wrong", headline, tuple(lines), tag="did_not_run")
