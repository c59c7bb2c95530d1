"""Failures in words that say what to type instead."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence

from casekit.sandbox.advice import MISTAKES, SILENT, advice_for
from casekit.sandbox.outcome import Failure
from casekit.sandbox.statements import code_only
from casekit.sandbox.suggestions import name_advice, syntax_advice

__all__ = ["explain"]

_MOST_ADVICE = 3
_MOST_CHARACTERS = 300
_SQL_KINDS = frozenset({"syntax", "binder", "catalog", "runtime"})
_FRAME = re.compile(r"^LINE \d+: .*\n[ ]*\^+", re.MULTILINE)
_NOISE = re.compile(
    r"\s*(?:You might need to add explicit type casts\.|Please transition .*|Use \"?SET .*"
    r"|For more information.*)"
)
_SLOW_WORDS = (
    "Look for a join without ON, a join on a column that repeats on both sides, or a WITH RECURSIVE "
    "without an end. Trying it on fewer rows (LIMIT in a WITH) shows which."
)


def explain(
    failure: Failure | None,
    sql: str,
    schema: Mapping[str, Sequence[str]],
    own: Collection[str] = (),
) -> tuple[str, ...]:
    """
    Lines for the learner about *failure* of the query *sql*, most useful first.

    The first line says what happened. When DuckDB points into the query the second holds two lines:
    the place, and carets under it. Then come up to three sentences of advice. Without a failure
    the lines are about what runs but seldom means what it says, such as ``= NULL``.

    Args:
        failure: What `run_query` or `AnswerBox.run` gave.
        sql: The query.
        schema: The case's tables with their columns.
        own: Views and tables the learner made while exploring.
    """
    code = code_only(sql)
    if failure is None:
        return tuple(advice_for(SILENT, "", code))
    if failure.kind in {"timeout", "memory"}:
        return (failure.message, _SLOW_WORDS)
    if failure.kind not in _SQL_KINDS:
        return (failure.message,)
    advice = name_advice(failure.message, sql, schema, own)
    advice += advice_for(MISTAKES, failure.message, code)
    if failure.kind == "syntax":
        advice += syntax_advice(failure.message, code, schema)
    return (*_what_happened(failure.message), *list(dict.fromkeys(advice))[:_MOST_ADVICE])


def _what_happened(message: str) -> tuple[str, ...]:
    headline = _NOISE.sub("", message.strip().split("\n", 1)[0])
    if len(headline) > _MOST_CHARACTERS:
        headline = headline[:_MOST_CHARACTERS] + " ..."
    frame = _FRAME.search(message)
    return (headline, frame[0]) if frame else (headline,)
