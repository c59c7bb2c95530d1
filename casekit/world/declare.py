"""What an author declares about a case's data: tables, columns and the facts planted in them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from casekit.world.draws import Draws

__all__ = ["ColumnSpec", "Columns", "DataType", "Fact", "Rows", "TableSpec", "World"]

DataType = Literal["integer", "timestamp", "date", "money", "text", "boolean"]
Columns = Mapping[str, Any]
Rows = Mapping[str, Columns]


@dataclass(frozen=True)
class ColumnSpec:
    """
    One column of a table, and how ``World.build`` hands over its values.

    ==========  =========================================  ===============
    type        an array of                                stored as
    ==========  =========================================  ===============
    integer     whole numbers                              BIGINT
    timestamp   whole seconds since 1970, UTC              TIMESTAMP
    date        whole days since 1970                      DATE
    money       whole cents                                DECIMAL(12, 2)
    boolean     True and False                             BOOLEAN
    text        places in *values*, -1 for NULL            ENUM
    text        strings, when *values* is empty            VARCHAR
    ==========  =========================================  ===============

    Attributes:
        name: The column's name, snake_case.
        type: What the values are.
        what: One phrase that defines the column.
        unit: For example ``EUR``; empty for none.
        values: Every value a text column may hold, in the order the case tells them.
    """

    name: str
    type: DataType
    what: str
    unit: str = ""
    values: tuple[str, ...] = ()


@dataclass(frozen=True)
class TableSpec:
    """
    One table: its name, what one row is, and its columns in order.

    Attributes:
        grain: For example ``one row per session``.
    """

    name: str
    grain: str
    columns: tuple[ColumnSpec, ...]


@dataclass(frozen=True)
class Fact:
    """
    Something planted in the data: a number that must fall between two bounds on every seed.

    Attributes:
        name: snake_case; the last word is the unit, as in the ledger.
        low: Smallest value that still tells the story.
        high: Largest value that still tells the story.
        sql: A query on the case's tables that gives one row with one number.
        says: The fact in one sentence.
        sizes: Sizes it holds at; a fact about a single day needs more rows than one about a month.
    """

    name: str
    low: float
    high: float
    sql: str
    says: str
    sizes: tuple[str, ...] = ("default",)


@dataclass(frozen=True)
class World:
    """
    The dataset of a case: what it looks like, what is planted, and how its rows are drawn.

    Attributes:
        tables: Every table, in the order a learner should meet them.
        facts: What must be true of the rows, whatever the seed.
        build: Gives the rows of every table, column by column, from the draws and a scale.
        sizes: Scale by name, in the world's own unit, for example sessions a day; ``default`` is needed.
    """

    tables: tuple[TableSpec, ...]
    facts: tuple[Fact, ...]
    build: Callable[[Draws, int], Rows]
    sizes: Mapping[str, int] = field(default_factory=dict)
