"""The verdict on numbers: given by name, as one value, or as the one row of a query."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

from casekit.judge.bench import Bench
from casekit.judge.frames import NotATable, is_frame, read_frame
from casekit.judge.tables import judge_table
from casekit.model import Exercise, Table, Verdict
from casekit.model.keys import CodeKey

__all__ = ["judge_numbers"]

RIGHT = "Right: within the tolerance asked for."


def judge_numbers(exercise: Exercise, key: CodeKey, value: object, bench: Bench) -> Verdict:
    """
    The verdict on *value*: a mapping of name to number, a single number, a one-row table.

    Raises:
        AuthorError: The reference does not run.
    """
    try:
        given = _by_name(exercise, value)
    except NotATable as mistake:
        return Verdict(exercise.id, "wrong", str(mistake), (_how_to(exercise),))
    empty = [name for name, number in given.items() if number is None or number is ...]
    if len(empty) == len(given):
        return Verdict(exercise.id, "not attempted", "No answer yet.", (_how_to(exercise),))
    if empty:
        return Verdict(exercise.id, "not attempted", f"{' and '.join(empty)} has no value yet.")
    given = {name: _plain(number) for name, number in given.items()}
    unusable = [line for name, number in given.items() if (line := _why_unusable(name, number))]
    if unusable:
        return Verdict(exercise.id, "wrong", unusable[0], tuple(unusable[1:]))
    row = Table(tuple(given), (tuple(given.values()),))
    verdict = judge_table(exercise, key, row, bench)
    if verdict.status != "correct":
        return verdict
    return replace(verdict, headline=RIGHT)


def _by_name(exercise: Exercise, value: object) -> dict[str, object]:
    names = [column.name for column in exercise.columns]
    if is_frame(value):
        value = read_frame(value, max_rows=2)
    if isinstance(value, Table):
        if len(value.rows) != 1:
            raise NotATable(f"One row is expected; you have {len(value.rows)}.")
        value = dict(zip(value.columns, value.rows[0], strict=True))
    if isinstance(value, Mapping):
        return _matched(names, {str(name): number for name, number in value.items()})
    if len(names) == 1 or value is None or value is ...:
        return dict.fromkeys(names, value)
    raise NotATable(f"{len(names)} numbers are asked for, by name.")


def _matched(names: list[str], given: dict[str, object]) -> dict[str, object]:
    folded = {name.strip().casefold(): number for name, number in given.items()}
    unknown = [name for name in given if name.strip().casefold() not in {n.casefold() for n in names}]
    if unknown and len(given) == len(names) == len(unknown):
        return dict(zip(names, given.values(), strict=True))
    missing = [name for name in names if name.casefold() not in folded]
    if unknown and missing:
        raise NotATable(f"{' and '.join(missing)} cannot be found; you gave {', '.join(unknown)} instead.")
    return {name: folded.get(name.casefold()) for name in names}


def _plain(number: object) -> object:
    """A NumPy number as Python's own; whatever else comes stays as it is."""
    if isinstance(number, int | float | Decimal | str) or getattr(number, "size", 1) != 1:
        return number
    return number.item() if hasattr(number, "item") else number


def _why_unusable(name: str, number: object) -> str:
    if isinstance(number, str):
        return f"{name} is text ({number[:40]!r}). Pass a plain number, without signs or separators."
    if isinstance(number, bool) or not isinstance(number, int | float | Decimal):
        return f"{name} is of type {type(number).__name__}. Pass a plain number."
    try:
        as_float = float(number)
    except (OverflowError, ValueError):
        return f"{name} is beyond every number this data could give."
    if math.isnan(as_float):
        return f"{name} is NaN: somewhere 0 is divided by 0, or a value is missing."
    if math.isinf(as_float):
        return f"{name} is infinite: somewhere a number is divided by 0."
    return ""


def _how_to(exercise: Exercise) -> str:
    numbers = ", ".join(f"{column.name}=…" for column in exercise.columns)
    return f'Pass plain numbers: case.check("{exercise.id}", {numbers})'
