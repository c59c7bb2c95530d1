"""What two queries give away about rows that would tell them apart: conditions, constants, links."""

from __future__ import annotations

from dataclasses import dataclass, field

from casekit.judge.evidence.expressions import Expression, Leaf
from casekit.judge.evidence.schema import TableDef

__all__ = ["BaseColumn", "Clues", "System"]

BaseColumn = tuple[str, int]  # a table's name in lower case and the column's place


@dataclass
class System:
    """
    The conditions of one query over the occurrences of tables in it.

    Attributes:
        occurrences: The table each occurrence reads.
        required: What must hold for a row to come through everywhere.
        probes: Every single comparison, wherever it stands: each wants to be true, false and NULL.
        edges: For every comparison by size, that both sides are equal: its boundary.
        equal: Pairs of columns that some condition sets equal.
    """

    occurrences: list[TableDef] = field(default_factory=list)
    required: list[Expression] = field(default_factory=list)
    probes: list[Expression] = field(default_factory=list)
    edges: list[Expression] = field(default_factory=list)
    equal: list[tuple[Leaf, Leaf]] = field(default_factory=list)


@dataclass
class Clues:
    """
    What is known about the rows.

    Attributes:
        systems: The conditions of each query that could be read.
        constants: Literals by the base column they are held against.
        links: Sets of base columns that are compared with each other.
        thresholds: Whole numbers that counts are held against, and those of LIMIT and OFFSET.
        tables: Names of the tables that are read, in lower case; empty when a query could not be parsed.
        casts: The base columns read as numbers or dates, by the family's name.
    """

    systems: list[System] = field(default_factory=list)
    constants: dict[BaseColumn, list[object]] = field(default_factory=dict)
    links: list[frozenset[BaseColumn]] = field(default_factory=list)
    thresholds: set[int] = field(default_factory=set)
    tables: set[str] = field(default_factory=set)
    casts: dict[BaseColumn, str] = field(default_factory=dict)
