"""Differences put into words: which column, which row, which way it is off, and never the expected value."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from casekit.compare import Comparison, Difference
from casekit.model import Exercise

__all__ = ["difference_headline", "difference_points", "matching_notes", "plural"]

DIRECTIONS = {
    "high": "is too high",
    "low": "is too low",
    "null": "is empty and should hold a value",
    "filled": "holds a value and should be empty",
    "early": "is too early",
    "late": "is too late",
    "kind": "is of another type than asked for",
    "other": "is not the expected value",
}

# A cause that explains every value says more than the first value that is off.
PATTERNS = {
    "all-null": "every value is empty. Look for a join that matches nothing, or a sum over NULL",
    "number-as-text": "the values are text. Leave numbers as numbers; formatting belongs to the display",
    "share-for-percent": "the values are shares from 0 to 1, and percent is asked for",
    "percent-for-share": "the values are percent, and shares from 0 to 1 are asked for",
    "sign": "all values have the opposite sign. Check what is subtracted from what",
    "cut-decimals": "the decimals are cut off instead of rounded",
    "coarse-rounding": "the values are rounded to fewer decimals than asked for",
    "case-or-blanks": "the text differs only in letter case or in blanks around it",
}
KEY_PATTERNS = {
    "key-case": "Your keys differ from the expected ones only in letter case or in blanks around them.",
    "key-type": "Your keys are of another type than asked for: check the types of the key columns.",
}


def difference_headline(comparison: Comparison, exercise: Exercise) -> str:  # noqa: PLR0911 - one a kind
    """One sentence that names the first thing that differs."""
    difference = comparison.difference
    if difference is None:
        return ""
    match difference.kind:
        case "columns":
            return _columns_headline(comparison)
        case "rows":
            more = "more than " if difference.pattern == "truncated" else ""
            return f"You have {more}{plural(difference.rows, 'row')}; {_grain(exercise)} is expected."
        case "grain":
            return f"{_row_name(difference.key)} comes more than once; {_grain(exercise)} is expected."
        case "keys":
            return _keys_headline(difference, exercise)
        case "values":
            return _values_headline(difference)
        case "order":
            return f"The rows are right, their order is not: sort by {_order(exercise)}."


def difference_points(comparison: Comparison, exercise: Exercise) -> tuple[str, ...]:
    """What else helps to find the mistake, most useful first."""
    difference = comparison.difference
    if difference is None:
        return ()
    points = [KEY_PATTERNS[difference.pattern]] if difference.pattern in KEY_PATTERNS else []
    match difference.kind:
        case "columns":
            points.append("Asked for: " + ", ".join(column.name for column in exercise.columns) + ".")
        case "rows" if difference.rows == 0:
            points.append(
                "Your result is empty: take the conditions away one by one to see which drops all rows."
            )
        case "rows" | "grain" if difference.rows > difference.rows_expected and exercise.key:
            points.append(
                "Too many rows usually come from a join that repeats rows, or a column too many in GROUP BY."
            )
        case "values":
            points += _value_points(difference)
        case "order":
            points.append(f"The first row out of place is number {difference.wrong}.")
    return tuple(points)


def matching_notes(comparison: Comparison) -> tuple[str, ...]:
    """What was overlooked while matching columns, so that the learner knows."""
    matching = comparison.matching
    notes = []
    if matching.renamed:
        pairs = ", ".join(f"{given!r} as {wanted}" for wanted, given in matching.renamed)
        notes.append(f"Columns taken by position: {pairs}. An interviewer would ask for the names agreed on.")
    if matching.extra and not matching.missing:
        notes.append(f"Not asked for and not judged: {', '.join(matching.extra)}.")
    return tuple(notes)


def plural(count: int, noun: str) -> str:
    """*count* with its noun: ``1 row``, ``1,200 rows``."""
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


def _columns_headline(comparison: Comparison) -> str:
    matching = comparison.matching
    if matching.repeated:
        return (
            f"The column {', '.join(matching.repeated)} stands more than once; give each column its own name."
        )
    noun = "column" if len(matching.missing) == 1 else "columns"
    have = f"; you have {', '.join(matching.extra)} instead" if matching.extra else ""
    return f"The {noun} {', '.join(matching.missing)} cannot be found in your result{have}."


def _keys_headline(difference: Difference, exercise: Exercise) -> str:
    # How many rows the answer has may be the finding itself, so only the candidate's own are counted.
    first = _row_name(difference.key)
    extra = plural(difference.wrong, "row")
    if difference.wrong and difference.missing:
        return f"{extra} should not be there, first {first}, and others are missing."
    if difference.wrong:
        return f"{extra} too many: {first} does not belong here. {_sentence(_grain(exercise))} is expected."
    return f"Rows are missing: you have {difference.rows:,}. {_sentence(_grain(exercise))} is expected."


def _values_headline(difference: Difference) -> str:
    if not difference.column:
        return "Some values are not the expected ones."
    if difference.pattern:
        return f"{difference.column}: {PATTERNS[difference.pattern]}."
    where = f" for {_row_name(difference.key)}" if difference.key else ""
    return f"{difference.column}{where} {DIRECTIONS[difference.direction]}."


def _value_points(difference: Difference) -> list[str]:
    points = []
    if difference.column and difference.rows_expected > 1:
        points.append(f"In {difference.column}, {_share(difference.wrong, difference.rows_expected)}.")
    if difference.also:
        points.append(f"Also different: {', '.join(difference.also)}.")
    if difference.direction == "kind":
        points.append("Check the type asked for in the exercise.")
    return points


def _share(wrong: int, rows: int) -> str:
    if wrong == rows:
        return f"all {rows:,} rows differ"
    return f"{wrong:,} of {rows:,} rows " + ("differs" if wrong == 1 else "differ")


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def _grain(exercise: Exercise) -> str:
    return exercise.grain or "one row"


def _order(exercise: Exercise) -> str:
    return ", then ".join(item.replace(" desc", ", largest first") for item in exercise.ordered_by)


def _row_name(key: Mapping[str, object] | None) -> str:
    if not key:
        return "the first row"
    return ", ".join(f"{name} {_shown(value)}" for name, value in key.items())


def _shown(value: object) -> str:
    if value is None:
        return "NULL"
    if isinstance(value, datetime):
        return value.isoformat(" ", "seconds")
    return value.isoformat() if isinstance(value, date) else str(value)
