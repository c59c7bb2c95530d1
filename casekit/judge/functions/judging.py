"""The verdict on a function: first on the case's own data, then on small hidden databases."""

from __future__ import annotations

import ast
import logging
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import chain
from types import CodeType
from typing import TYPE_CHECKING, Any

from casekit.compare import compare_tables, same_result
from casekit.errors import AuthorError
from casekit.judge.bench import Bench
from casekit.judge.evidence.database import Database, Rows
from casekit.judge.evidence.schema import TableDef
from casekit.judge.frames import NotATable, frame_table
from casekit.judge.functions.calling import (
    Stop,
    call,
    literals_of,
    outside_frames,
    quiet,
    refusal,
    wanted_tables,
)
from casekit.judge.functions.hunting import Answerer, Found, Hunt
from casekit.judge.functions.rows import Loader
from casekit.judge.functions.variations import variations
from casekit.judge.tables import contract_of, judge_table
from casekit.judge.words import difference_headline, difference_points
from casekit.model import Exercise, Table, Trap, Verdict
from casekit.model.keys import CodeKey
from casekit.model.results import Counterexample

if TYPE_CHECKING:
    from pandas import DataFrame

    from casekit.judge.hidden.worlds import HiddenWorlds

__all__ = ["judge_function"]

log = logging.getLogger(__name__)

UNSTEADY = "Your function gives another answer each time it runs."
MOST_SHOWN = 24  # rows in all tables together: what has more is seldom an explanation
SEARCH_SECONDS = 0.9
SHRINK_SECONDS = 1.0
MAX_ROWS = 100_000
NOT_YET = "Right on your data, but by luck: the same function is wrong on other data of this kind."


@dataclass(frozen=True)
class Tables:
    """The case's own tables as frames, and the hidden ones."""

    frames: Mapping[str, DataFrame]
    hidden: HiddenWorlds


def judge_function(exercise: Exercise, key: CodeKey, function: Any, bench: Bench) -> Verdict:
    """
    The verdict on *function*, which takes tables by the names of its parameters and returns a DataFrame.

    Raises:
        AuthorError: The reference does not run.
    """
    frames = bench.frames()
    refused = refusal(function, frames)
    if refused:
        return _did_not_run(exercise, refused)
    given = call(function, frames)
    if isinstance(given, Stop):
        return _stopped(exercise, given)
    verdict = judge_table(exercise, key, given, bench)
    if verdict.status != "correct" or not bench.evidence_seconds:
        return verdict
    try:
        with quiet():
            return _tried(verdict, exercise, key, function, Tables(frames, bench.hidden_worlds()))
    except AuthorError as error:  # no fault of the learner's: the verdict rests on their data
        log.error("no hidden databases: %s", error)
        return verdict
    except KeyboardInterrupt:
        words = "Stopped while your function was tried on small hidden databases; on this data it is right."
        return _did_not_run(exercise, words)


def _did_not_run(exercise: Exercise, headline: str, *points: str) -> Verdict:
    return Verdict(exercise.id, "wrong", headline, points, tag="did_not_run")


def _stopped(exercise: Exercise, stop: Stop) -> Verdict:
    if stop.ran:
        return Verdict(exercise.id, "wrong", stop.words)
    if stop.interrupted:
        return _did_not_run(exercise, stop.words)
    return _did_not_run(exercise, "Your function stops with an error.", *_error_lines(stop))


def _error_lines(stop: Stop) -> list[str]:
    return [line for line in (stop.words, stop.line and f"In {stop.line}") if line]


def _tried(verdict: Verdict, exercise: Exercise, key: CodeKey, function: Any, tables: Tables) -> Verdict:
    code = compile(_answer_only(key.reference), "<answers>", "exec")
    with _hunt(function, code, exercise, tables) as hunt:
        found = hunt.difference(_databases(tables.hidden, hunt), SEARCH_SECONDS)
        if found is None:
            return replace(verdict, databases=hunt.n_tried)
        small = hunt.shrunk(found, SHRINK_SECONDS)
        return _not_yet(exercise, function, small, hunt, _same_mistake(key, hunt, [found, small]))


def _hunt(function: Any, code: CodeType, exercise: Exercise, tables: Tables) -> Hunt:
    hidden, frames = tables.hidden, tables.frames
    reads = {*(wanted_tables(function, frames) or ()), *literals_of(code)}
    whole = hidden.tables.schema
    schema = whole.only(name for name in frames if name in reads)
    return Hunt(
        lambda given: call(function, given),
        _answerer(code),
        contract_of(exercise),
        Loader(schema, frames),
        schema,
        whole,
        hidden.tables.laws,
        literals_of(code) | literals_of(function),
    )


def _databases(hidden: HiddenWorlds, hunt: Hunt) -> Iterator[Database]:
    """The case's own worlds, then worlds with something moved."""
    return chain(hidden.worlds, variations(hidden.worlds, hunt.schema, hunt.literals))


def _not_yet(exercise: Exercise, function: Any, found: Found, hunt: Hunt, trap: Trap | None) -> Verdict:
    says, points = _words(exercise, found, hunt)
    outside = outside_frames(function)
    verdict = Verdict(exercise.id, "not yet", NOT_YET, tuple(points), databases=hunt.n_tried)
    if outside:  # what it answers from is not there to be seen
        names = ", ".join(f"`{name}`" for name in outside)
        words = f"Your function reads {names} from outside. Let it take every table as a parameter."
        return replace(verdict, points=(words,))
    yours = _shown(found.given) if isinstance(found.given, Table) else "\n".join(_error_lines(found.given))
    told = _among_plenty(exercise, found, hunt) if says != UNSTEADY else ()
    if told:
        verdict = replace(verdict, points=told)
    else:
        shown = Counterexample(_tables(found, hunt, function), yours, _shown(found.expected), says)
        verdict = replace(verdict, counterexample=shown)
    if trap is None:
        return verdict
    return replace(verdict, points=(trap.say,), trap=trap.slug, tag=trap.tag)


def _among_plenty(exercise: Exercise, found: Found, hunt: Hunt) -> tuple[str, ...]:
    """
    What differs with the candidate's data beside the rows, where the rows alone would mislead; else nothing.

    Many rows that differ in another way than they do among plenty show what they lack, not what is wrong.
    """
    if sum(len(found.rows[table.name]) for table in hunt.schema.tables) <= MOST_SHOWN:
        return ()
    plenty = hunt.among_plenty(found)
    if plenty is None or isinstance(plenty.given, Stop) or hunt.gist(plenty) == hunt.gist(found):
        return ()
    says, points = _told(exercise, plenty.expected, plenty.given, hunt)
    return (f"With a few other rows beside your data: {says}", *points)


def _tables(found: Found, hunt: Hunt, function: Any) -> tuple[tuple[str, Table], ...]:
    """The tables of *found* with the columns that either answer names; all where that cannot be seen."""
    read = hunt.literals if hasattr(function, "__code__") else None
    return tuple((table.name, _cut(table, found.rows[table.name], read)) for table in hunt.schema.tables)


def _cut(table: TableDef, rows: Rows, read: set[object] | None) -> Table:
    names = [column.name for column in table.columns]
    places = [place for place, name in enumerate(names) if read is None or name in read]
    places = places or list(range(len(names)))
    return Table(
        tuple(names[place] for place in places), tuple(tuple(row[place] for place in places) for row in rows)
    )


def _shown(table: Table) -> Table:
    """*table* with NULL for NaN: in a DataFrame of numbers the one stands for the other."""
    rows = (
        tuple(None if isinstance(value, float) and math.isnan(value) else value for value in row)
        for row in table.rows
    )
    return replace(table, rows=tuple(rows))


def _words(exercise: Exercise, found: Found, hunt: Hunt) -> tuple[str, list[str]]:
    if isinstance(found.given, Stop):
        says = "Your function stops with an error on these rows."
        return (found.given.words if found.given.ran else says), []
    again = hunt.on(found.rows)
    if again is None or isinstance(again.given, Stop) or _differ(found.given, again.given, hunt):
        return UNSTEADY, []
    return _told(exercise, found.expected, found.given, hunt)


def _told(exercise: Exercise, expected: Table, given: Table, hunt: Hunt) -> tuple[str, list[str]]:
    comparison = compare_tables(expected, given, hunt.contract)
    return difference_headline(comparison, exercise), list(difference_points(comparison, exercise))


def _differ(one: Table, other: Table, hunt: Hunt) -> bool:
    return compare_tables(one, other, hunt.contract) != compare_tables(one, one, hunt.contract)


def _same_mistake(key: CodeKey, hunt: Hunt, found: list[Found]) -> Trap | None:
    """The one trap that gives what the function gives on every database found; None for none or several."""
    alike = []
    for trap in key.traps:
        answer = _answerer(compile(_answer_only(trap.submission), "<answers>", "exec"))
        if all(_gives(answer(hunt.loader.frames(item.rows)), item, hunt) for item in found):
            alike.append(trap)
    return alike[0] if len(alike) == 1 else None


def _gives(stored: Table | Stop, found: Found, hunt: Hunt) -> bool:
    both = isinstance(stored, Table) and isinstance(found.given, Table)
    return both and same_result(stored, found.given, hunt.contract)  # type: ignore[arg-type]


def _answerer(code: CodeType) -> Answerer:
    """The author's code as a function from frames to its answer."""
    import numpy as np
    import pandas as pd

    def answer(frames: Mapping[str, DataFrame]) -> Table | Stop:
        names: dict[str, Any] = {name: frame.copy() for name, frame in frames.items()} | {"pd": pd, "np": np}
        try:
            exec(code, names)  # noqa: S102 - the case author's own code
            return frame_table(names["answer"], MAX_ROWS)
        except NotATable as error:
            return Stop(str(error), ran=True)
        except Exception as error:  # noqa: BLE001 - where the author's code has no answer, none is expected
            return Stop(f"{type(error).__name__}: {error}")

    return answer


def _answer_only(code: str) -> str:
    """*code* up to its answer, without the chart that follows and without what only the chart imports."""
    tree = ast.parse(code)
    ends = [place for place, node in enumerate(tree.body) if "answer" in _assigned(node)]
    body = tree.body[: ends[-1] + 1] if ends else tree.body
    used = {name.id for node in body for name in ast.walk(node) if isinstance(name, ast.Name)}
    kept = [node for node in body if not isinstance(node, ast.Import | ast.ImportFrom) or _bound(node) & used]
    return ast.unparse(ast.Module(kept, []))


def _assigned(node: ast.stmt) -> set[str]:
    return {
        name.id for name in ast.walk(node) if isinstance(name, ast.Name) and isinstance(name.ctx, ast.Store)
    } | ({"answer"} if _sets_item(node) else set())


def _sets_item(node: ast.stmt) -> bool:
    """True for ``answer[...] = ...``."""
    targets = node.targets if isinstance(node, ast.Assign) else []
    return any(
        isinstance(item, ast.Subscript) and isinstance(item.value, ast.Name) and item.value.id == "answer"
        for item in targets
    )


def _bound(node: ast.Import | ast.ImportFrom) -> set[str]:
    return {(item.asname or item.name).partition(".")[0] for item in node.names}
