"""The tables a candidate sees: which frame each shows, and what every column is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from casekit.world.calendar import DAY_S
from casekit.world.declare import Columns, ColumnSpec, DataType, TableSpec
from casekit.world.story.frames import Field, Frame, Whole
from casekit.world.story.scope import Scope

__all__ = ["Column", "Rollup", "Shown", "Table", "column"]


@dataclass(frozen=True)
class Column:
    """
    One column of a table.

    Attributes:
        what: One phrase that defines it.
        source: The column of the frame it shows; its own name when empty.
        unit: For example ``EUR``.
        prefix: Turns a number into the text of an id: ``u`` makes ``u17``.
        type: Another type than the frame's, for example a ``date`` of a moment.
        nullable: Whether some of its values may be NULL; text columns tell by themselves.
    """

    what: str
    source: str = ""
    unit: str = ""
    prefix: str = ""
    type: DataType | None = None
    nullable: bool = False


def column(  # noqa: PLR0913  told apart by keyword
    what: str,
    source: str = "",
    *,
    unit: str = "",
    prefix: str = "",
    type: DataType | None = None,  # noqa: A002
    nullable: bool = False,
) -> Column:
    """A column: what it is, and what it shows when that has another name."""
    return Column(what, source, unit, prefix, type, nullable)


@dataclass(frozen=True)
class Table:
    """
    A table that shows a frame, one row an entity.

    Attributes:
        of: The frame; its name when empty.
        grain: For example ``one row per session``.
        columns: In order; a text stands for a column that only says what it is.
        where: Column of yes or no: only these entities; all when empty.
    """

    name: str
    grain: str
    columns: Mapping[str, Column | str]
    of: str = ""
    where: str = ""

    @property
    def frame(self) -> str:
        """The frame it shows."""
        return self.of or self.name

    def spec(self, scope: Scope) -> TableSpec:
        """What the dictionary says about it; what is wrong with it is told."""
        if self.where:
            scope.field_of(self.frame, self.where, self.name, "where")
        once = self.frame in scope.frames and scope.frames[self.frame].once
        specs = [self._spec(scope, name, made) for name, made in self._columns().items()]
        return TableSpec(self.name, self.grain, tuple(specs), once=once)

    def rows(self, frame: Frame, kept: Whole | None) -> Columns:
        """The columns' values for the entities *kept*, all when None."""
        keep = None if not self.where else frame[self.where] != 0
        if kept is not None:
            keep = kept if keep is None else keep & kept
        made = {name: self._values(frame, name, column) for name, column in self._columns().items()}
        return made if keep is None else {name: values[keep] for name, values in made.items()}

    def _columns(self) -> dict[str, Column]:
        told = self.columns.items()
        return {name: Column(made) if isinstance(made, str) else made for name, made in told}

    def _spec(self, scope: Scope, name: str, made: Column) -> ColumnSpec:
        known = scope.field_of(self.frame, made.source or name, self.name, name) or Field("integer")
        kind: DataType = "text" if made.prefix else made.type or known.type
        values = known.values if kind == "text" and not made.prefix else ()
        return ColumnSpec(name, kind, made.what, made.unit, values, made.prefix, made.nullable)

    def _values(self, frame: Frame, name: str, made: Column) -> Whole:
        source = made.source or name
        values = frame[source]
        if made.type == "date" and frame.field_of(source).type == "timestamp":
            return np.asarray(values // DAY_S)
        return values


@dataclass(frozen=True)
class Rollup:
    """
    A table computed by SQL from the others once all rows are there.

    Attributes:
        sql: A SELECT with one expression a column, in order, that ends in ORDER BY on a key.
        columns: Type, meaning and unit of each.
    """

    name: str
    grain: str
    sql: str
    columns: Sequence[ColumnSpec] = field(default_factory=tuple)

    def spec(self, _scope: Scope) -> TableSpec:
        """What the dictionary says about it."""
        return TableSpec(self.name, self.grain, tuple(self.columns), rollup=self.sql)


Shown = Table | Rollup
