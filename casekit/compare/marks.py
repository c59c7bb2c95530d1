"""Two small results side by side: which rows and cells a reader should look at."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from casekit.compare.columns import match_columns
from casekit.compare.tables import Contract, compare_tables
from casekit.compare.values import normal, same
from casekit.model import Column, Table

__all__ = ["Marks", "RowMark", "mark_differences"]

LOOSE = Contract(())
MOST_ROWS = 60  # beyond so many rows nobody looks for the one that differs
RowKind = Literal["cells", "surplus", "again", "missing", "order"]
Row = tuple[object, ...]


@dataclass(frozen=True)
class RowMark:
    """
    What is to be seen in one row.

    Attributes:
        kind: ``cells``: some of its values differ. ``surplus``: it should not be there. ``again``: it
            is right, but it is there once too often. ``missing``: the other result lacks it.
            ``order``: it is the first that stands in the wrong place.
        places: For ``cells``: the columns that differ, by their place in this table, and each one's
            place in the other table.
        partner: For ``cells``: the row of the other table it is compared with.
    """

    kind: RowKind
    places: Mapping[int, int] = field(default_factory=dict)
    partner: int = -1


@dataclass(frozen=True)
class Marks:
    """
    What to look at in two results; rows are named by their place, from 0.

    Attributes:
        actual: Rows of the given result.
        expected: Rows of the expected result.
        columns: Columns of the expected result that the given one lacks, by place.
    """

    actual: dict[int, RowMark]
    expected: dict[int, RowMark]
    columns: frozenset[int] = frozenset()


@dataclass(frozen=True)
class _Sides:
    """Both results reduced to the columns they share, and where these stand in each."""

    wanted: list[Row]
    given: list[Row]
    columns: tuple[Column | None, ...]
    wanted_places: tuple[int, ...]
    given_places: tuple[int, ...]
    key: tuple[int, ...]

    def unlike(self, want: int, got: int) -> list[int]:
        """The shared columns in which two rows differ."""
        cells = zip(self.wanted[want], self.given[got], self.columns, strict=True)
        return [place for place, (one, other, column) in enumerate(cells) if not same(one, other, column)]

    def can_pair(self, unlike: list[int]) -> bool:
        """True when two rows are about the same thing: one key or, without one, some value in common."""
        if self.key:
            return not set(self.key) & set(unlike)
        return not unlike or len(unlike) < len(self.columns) or len(self.wanted) == len(self.given) == 1


def mark_differences(expected: Table, actual: Table, contract: Contract = LOOSE) -> Marks:
    """
    What sets *actual* apart from *expected*, row by row.

    Without a contract's columns, values are compared within floating-point noise and rows are paired
    with those most like them.
    """
    names = [column.name for column in contract.columns] or list(expected.columns)
    wanted, given = match_columns(names, expected.columns), match_columns(names, actual.columns)
    if wanted.failed or given.failed:
        return Marks({}, {}, _lacking(expected, given.missing))
    columns = contract.columns or (None,) * len(names)
    sides = _Sides(
        _picked(expected, wanted.places, columns),
        _picked(actual, given.places, columns),
        columns,
        wanted.places,
        given.places,
        tuple(contract.places(contract.key)) if contract.columns else (),
    )
    marks = _paired(sides)
    if marks.actual or marks.expected or not contract.ordered_by:
        return marks
    return Marks(_out_of_place(expected, actual, contract), {})


def _lacking(expected: Table, missing: Sequence[str]) -> frozenset[int]:
    folds = {name.casefold() for name in missing}
    return frozenset(place for place, name in enumerate(expected.columns) if name.casefold() in folds)


def _picked(table: Table, places: Sequence[int], columns: Sequence[Column | None]) -> list[Row]:
    wanted = list(zip(places, columns, strict=True))
    return [
        tuple(normal(row[place], column.type if column else None) for place, column in wanted)
        for row in table.rows[:MOST_ROWS]
    ]


def _paired(sides: _Sides) -> Marks:
    """Equal rows have each other; of the others, those most alike are compared, and the rest is alone."""
    wanted, given = range(len(sides.wanted)), range(len(sides.given))
    unlike = {(want, got): sides.unlike(want, got) for want in wanted for got in given}
    pairs: dict[int, int] = {}
    free = set(given)
    for want, got in sorted(unlike, key=lambda pair: (len(unlike[pair]), pair)):
        if want not in pairs and got in free and sides.can_pair(unlike[want, got]):
            pairs[want] = got
            free.discard(got)
    ours = {got: RowMark("again" if _is_again(got, wanted, unlike) else "surplus") for got in sorted(free)}
    theirs = {want: RowMark("missing") for want in wanted if want not in pairs}
    for want, got in pairs.items():
        if unlike[want, got]:
            there = {sides.given_places[place]: sides.wanted_places[place] for place in unlike[want, got]}
            ours[got] = RowMark("cells", there, want)
            theirs[want] = RowMark("cells", {place: here for here, place in there.items()}, got)
    return Marks(ours, theirs)


def _is_again(got: int, wanted: range, unlike: dict[tuple[int, int], list[int]]) -> bool:
    return any(not unlike[want, got] for want in wanted)


def _out_of_place(expected: Table, actual: Table, contract: Contract) -> dict[int, RowMark]:
    difference = compare_tables(expected, actual, contract).difference
    if difference is None or difference.kind != "order":
        return {}
    return {difference.wrong - 1: RowMark("order")}
