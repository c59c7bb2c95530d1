"""Two tables side by side: whether they are the same answer and, if not, what first sets them apart."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from casekit.compare.columns import Matching, match_columns
from casekit.compare.patterns import direction_of, key_pattern, pattern_of
from casekit.compare.values import is_number, normal, same, shown_decimals
from casekit.model import Column, Table

__all__ = ["Comparison", "Contract", "Difference", "compare_tables", "same_result"]

Row = tuple[object, ...]


@dataclass(frozen=True)
class Contract:
    """What an answer must look like: its columns, the key that names a row, and the order if one is asked."""

    columns: tuple[Column, ...]
    key: tuple[str, ...] = ()
    ordered_by: tuple[str, ...] = ()

    def places(self, names: Sequence[str]) -> list[int]:
        """The indices of the columns called *names*."""
        order = [column.name for column in self.columns]
        return [order.index(name) for name in names]


@dataclass(frozen=True)
class Difference:
    """
    What sets a submission apart from the reference, never with an expected value in it.

    Attributes:
        kind: ``columns``, ``rows``, ``grain``, ``keys``, ``values`` or ``order``.
        rows: How many rows the submission has.
        rows_expected: How many rows the reference has.
        column: For values and order: the first column concerned.
        wrong: For values: rows with a wrong value in that column. For keys: rows too many.
        missing: For keys: rows of the reference that are not there.
        key: The first row concerned, as key column to value.
        direction: For values: which way the first one is off, see `casekit.compare.patterns`.
        pattern: What the wrong values have in common, see `casekit.compare.patterns`; for rows
            ``truncated`` when there are more than were read.
        also: For values: the other columns with wrong values.
    """

    kind: Literal["columns", "rows", "grain", "keys", "values", "order"]
    rows: int
    rows_expected: int
    column: str = ""
    wrong: int = 0
    missing: int = 0
    key: Mapping[str, object] | None = None
    direction: str = ""
    pattern: str = ""
    also: tuple[str, ...] = ()


@dataclass(frozen=True)
class Comparison:
    """The difference, if there is one, and how the columns were matched."""

    difference: Difference | None
    matching: Matching


def compare_tables(expected: Table, actual: Table, contract: Contract) -> Comparison:
    """
    What first sets *actual* apart from *expected*, the reference's result, under *contract*.

    Columns, then rows and grain, then every value of every row, then the order if one is asked for.
    """
    names = [column.name for column in contract.columns]
    matching = match_columns(names, actual.columns)
    if matching.failed:
        return Comparison(Difference("columns", len(actual.rows), len(expected.rows)), matching)
    wanted = _picked(expected, match_columns(names, expected.columns), contract)
    given = _picked(actual, matching, contract)
    checks = [_grain_difference, _key_difference, _value_difference, _order_difference]
    if not contract.key:
        checks = [_bag_difference, _order_difference]
    if wanted and not given:
        return Comparison(Difference("rows", 0, len(wanted)), matching)
    if actual.truncated:
        return Comparison(Difference("rows", len(given), len(wanted), pattern="truncated"), matching)
    found = (check(wanted, given, contract) for check in checks)
    return Comparison(next((difference for difference in found if difference), None), matching)


def same_result(stored: Table, actual: Table, contract: Contract) -> bool:
    """
    True when *actual* is the result *stored*, a typical wrong answer, in any row order.

    A submission that shows fewer decimals than asked still matches at the decimals it shows.
    """
    matching = match_columns(stored.columns, actual.columns)
    alike = len(stored.columns) == len(actual.columns) and len(stored.rows) == len(actual.rows)
    if matching.failed or actual.truncated or not alike:
        return False
    columns = tuple(
        _shown_column(name, [row[place] for row in actual.rows], contract)
        for name, place in zip(stored.columns, matching.places, strict=True)
    )
    loose = Contract(columns)
    plain = Matching(tuple(range(len(columns))))
    wanted, given = _picked(stored, plain, loose), _picked(actual, matching, loose)
    return _bag_difference(wanted, given, loose) is None


def _shown_column(name: str, values: Sequence[object], contract: Contract) -> Column:
    shown = shown_decimals(values)
    known = {column.name.casefold(): column for column in contract.columns}.get(name.casefold())
    if known is None:
        return Column(name, "number", "", decimals=shown)
    if known.decimals is not None and shown < known.decimals:
        return replace(known, decimals=shown)
    return known


def _picked(table: Table, matching: Matching, contract: Contract) -> list[Row]:
    wanted = list(zip(matching.places, contract.columns, strict=True))
    return [tuple(normal(row[place], column.type) for place, column in wanted) for row in table.rows]


def _grain_difference(wanted: list[Row], given: list[Row], contract: Contract) -> Difference | None:
    counts = Counter(_key(row, contract) for row in given)
    repeated = [key for key, count in counts.items() if count > 1]
    if not repeated:
        return None
    named = _named(repeated[0], given, contract)
    return Difference("grain", len(given), len(wanted), wrong=len(repeated), key=named)


def _key_difference(wanted: list[Row], given: list[Row], contract: Contract) -> Difference | None:
    expected = {_key(row, contract) for row in wanted}
    actual = {_key(row, contract) for row in given}
    extra = [key for key in (_key(row, contract) for row in given) if key not in expected]
    missing = len(expected - actual)
    if not extra and not missing:
        return None
    # A missing row is counted, never named: naming it would give part of the answer away.
    named = _named(extra[0], given, contract) if extra else None
    pattern = key_pattern(expected, actual)
    return Difference(
        "keys", len(given), len(wanted), wrong=len(extra), missing=missing, key=named, pattern=pattern
    )


def _value_difference(wanted: list[Row], given: list[Row], contract: Contract) -> Difference | None:
    by_key = {_key(row, contract): row for row in given}
    pairs = [(row, by_key[_key(row, contract)]) for row in wanted]
    return _first_wrong_column(pairs, len(given), contract)


def _bag_difference(wanted: list[Row], given: list[Row], contract: Contract) -> Difference | None:
    if len(wanted) != len(given):
        return Difference("rows", len(given), len(wanted))
    if len(wanted) == 1:
        return _first_wrong_column([(wanted[0], given[0])], 1, contract)
    spare: dict[Row, list[Row]] = defaultdict(list)
    for row in sorted(given, key=_sort_key):
        spare[_exact_part(row)].append(row)
    groups = sorted(wanted, key=_sort_key)
    pairs = []
    for row in groups:
        candidates = spare[_exact_part(row)]
        if not candidates:
            return Difference("values", len(given), len(wanted), wrong=1, direction="other")
        pairs.append((row, candidates.pop(0)))
    return _first_wrong_column(pairs, len(given), contract)


def _first_wrong_column(pairs: list[tuple[Row, Row]], rows: int, contract: Contract) -> Difference | None:
    wrong: dict[int, list[tuple[Row, Row]]] = {}
    for place, column in enumerate(contract.columns):
        misses = [(want, got) for want, got in pairs if not same(want[place], got[place], column)]
        if misses:
            wrong[place] = misses
    if not wrong:
        return None
    place = next(iter(wrong))
    column = contract.columns[place]
    want, got = wrong[place][0]
    return Difference(
        "values",
        rows,
        len(pairs),
        column=column.name,
        wrong=len(wrong[place]),
        key=_named(_key(want, contract), [got], contract) if contract.key else None,
        direction=direction_of(want[place], got[place]),
        pattern=pattern_of([(w[place], g[place]) for w, g in pairs], column),
        also=tuple(contract.columns[other].name for other in wrong if other != place),
    )


def _order_difference(wanted: list[Row], given: list[Row], contract: Contract) -> Difference | None:
    for place, descending in reversed(_order(contract)):
        wanted = _sorted_by(wanted, place, descending)
    for rank, (want, got) in enumerate(zip(wanted, given, strict=True)):
        for place, _ in _order(contract):
            if not same(want[place], got[place], contract.columns[place]):
                name = contract.columns[place].name
                named = _named(_key(got, contract), [got], contract) if contract.key else None
                return Difference("order", len(given), len(wanted), column=name, wrong=rank + 1, key=named)
    return None


def _order(contract: Contract) -> list[tuple[int, bool]]:
    words = [item.split() for item in contract.ordered_by]
    places = contract.places([word[0] for word in words])
    return [(place, word[-1].casefold() == "desc") for place, word in zip(places, words, strict=True)]


def _sorted_by(rows: list[Row], place: int, descending: bool) -> list[Row]:
    filled = [row for row in rows if row[place] is not None]
    empty = [row for row in rows if row[place] is None]
    # NULLs come last both ways, as in DuckDB.
    return sorted(filled, key=lambda row: _sort_key((row[place],)), reverse=descending) + empty


def _key(row: Row, contract: Contract) -> Row:
    return tuple(_hashable(row[place]) for place in contract.places(contract.key))


def _named(key: Row, rows: list[Row], contract: Contract) -> Mapping[str, object]:
    row = next((row for row in rows if _key(row, contract) == key), None)
    values = key if row is None else tuple(row[place] for place in contract.places(contract.key))
    return dict(zip(contract.key, values, strict=True))


def _exact_part(row: Row) -> Row:
    return tuple("number" if is_number(value) else _hashable(value) for value in row)


def _hashable(value: object) -> object:
    return str(value) if isinstance(value, list | dict | set) else value


def _sort_key(row: Row) -> tuple[tuple[str, float, str], ...]:
    return tuple(_ranked(value) for value in row)


def _ranked(value: object) -> tuple[str, float, str]:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return ("~" if value is None else type(value).__name__, 0.0, str(value))
    return ("0", float(value), "")
