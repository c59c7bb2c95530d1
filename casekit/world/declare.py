"""What an author declares about a case's data: tables, columns and the facts planted in them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from casekit.world.draws import Draws

__all__ = [
    "NULL",
    "ColumnSpec",
    "Columns",
    "DataType",
    "Drawn",
    "Entry",
    "Fact",
    "Rows",
    "TableSpec",
    "World",
]

DataType = Literal["integer", "number", "timestamp", "date", "money", "text", "boolean"]
NULL = -(2**63)
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
    number      floats, rounded where they were computed   DOUBLE
    timestamp   whole seconds since 1970, UTC              TIMESTAMP
    date        whole days since 1970                      DATE
    money       whole cents                                DECIMAL(12, 2)
    boolean     True and False                             BOOLEAN
    text        places in *values*, -1 for NULL            ENUM
    text        whole numbers, when there is a *prefix*    VARCHAR
    text        strings, when there is neither             VARCHAR
    ==========  =========================================  ===============

    ``NULL`` stands for NULL in a column of whole numbers, NaN in one of floats.

    Attributes:
        name: The column's name, snake_case.
        type: What the values are.
        what: One phrase that defines the column.
        unit: For example ``EUR``; empty for none.
        values: Every value a text column may hold, in the order the case tells them.
        prefix: What stands before the number in a text column of ids, such as ``u`` in ``u17``.
        nullable: Whether some of its values may be NULL.
    """

    name: str
    type: DataType
    what: str
    unit: str = ""
    values: tuple[str, ...] = ()
    prefix: str = ""
    nullable: bool = False


@dataclass(frozen=True)
class TableSpec:
    """
    One table: its name, what one row is, and its columns in order.

    Attributes:
        grain: For example ``one row per session``.
        once: The same rows whatever the size, drawn with the first block: releases, plans, prices.
        rollup: SQL over the other tables that gives these rows once all of them are there; empty when
            they are drawn. It ends in an ORDER BY on a key, so that its rows have one order.
    """

    name: str
    grain: str
    columns: tuple[ColumnSpec, ...]
    once: bool = False
    rollup: str = ""


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
class Entry:
    """
    What one twist did to the rows: a line of the ledger that is kept beside the data, never in it.

    Attributes:
        twist: The twist's name, snake_case.
        kind: What sort of twist it is, for example ``outage``.
        declared: What the author wrote: effect, where and window, in words.
        counts: What is counted, plural, for example ``purchase events``.
        exposed: How many the twist could have touched.
        base: How many of what is counted there would be without it, all other twists on.
        actual: How many there are.
    """

    twist: str
    kind: str
    declared: str
    counts: str
    exposed: int
    base: int
    actual: int


@dataclass(frozen=True)
class Drawn:
    """The rows of one block of people, and what its twists did there."""

    rows: Rows
    ledger: tuple[Entry, ...] = ()


@dataclass(frozen=True)
class World:
    """
    The dataset of a case: what it looks like, what is planted, and how its rows are drawn.

    Attributes:
        tables: Every table, in the order a learner should meet them.
        facts: What must be true of the rows, whatever the seed.
        build: Gives the rows of every table that is not a rollup, column by column, from the draws of one
            block and how many people (or accounts, or issues) it holds.
        sizes: How many people by name; ``default`` is needed.
        block: People a block; a larger world is drawn block by block, each from its own draws. 0: the
            world is one block, whatever its size, and cannot be built in parts.
        story: What the world was told with, when it was; ``casekit.world.story`` knows more.
    """

    tables: tuple[TableSpec, ...]
    facts: tuple[Fact, ...]
    build: Callable[[Draws, int], Rows | Drawn]
    sizes: Mapping[str, int] = field(default_factory=dict)
    block: int = 0
    story: Any = None
