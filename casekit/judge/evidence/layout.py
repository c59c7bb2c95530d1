"""The SELECTs of a query and the tables they read, and where each column comes from."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from casekit.judge.evidence.evaluating import expression
from casekit.judge.evidence.expressions import Expression, Leaf
from casekit.judge.evidence.operations import UnreadError
from casekit.judge.evidence.schema import Schema, TableDef

__all__ = ["MOST_OCCURRENCES", "Block", "Layout"]

MOST_DEPTH = 40
MOST_OCCURRENCES = 24
FROM_OTHER_ROWS = ("Lag", "Lead", "FirstValue", "LastValue", "NthValue", "Min", "Max", "Avg", "Sum")


@dataclass
class Block:
    """
    One SELECT.

    Attributes:
        select: The sqlglot node.
        sources: What its FROM reads, by alias in lower case: an occurrence or the blocks of a subquery.
        outer: The block around it, whose columns it may use.
        outputs: Its columns by name in lower case.
        is_copy: True when it stands for a second row of another block.
        other: The block that stands for another row of this one, once a window asks for it.
    """

    select: Any
    outer: Block | None
    sources: dict[str, int | list[Block]] = field(default_factory=dict)
    outputs: dict[str, Any] = field(default_factory=dict)
    is_copy: bool = False
    other: Block | None = None


@dataclass
class Layout:
    """
    A query's blocks and the occurrences of tables in them.

    Attributes:
        schema: The tables.
        occurrences: The table each occurrence reads; its place in the list is its number.
        blocks: Every SELECT, outer before inner, then those that stand for other rows.
        together: What is equal in a block and in the one that stands for another row of its partition.
    """

    schema: Schema
    occurrences: list[TableDef] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)
    together: list[tuple[Any, Block, Block]] = field(default_factory=list)

    def resolve(self, column: Any, block: Block, depth: int = 0) -> Expression:
        """
        What *column* stands for in *block*.

        Raises:
            UnreadError: It is not known, or it is an aggregate.
        """
        if depth > MOST_DEPTH:
            raise UnreadError(column.name)
        name, alias = column.name.lower(), column.table.lower()
        level: Block | None = block
        while level is not None:
            for key, source in level.sources.items():
                if alias in ("", key):
                    found = self._in_source(name, source, depth)
                    if found is not None:
                        return found
            own = level.outputs.get(name) if not alias and level is block else None
            if own is not None and own is not column and type(own).__name__ != "Column":
                return self.read(own, level, depth + 1)
            level = level.outer
        raise UnreadError(name)

    def read(self, node: Any, block: Block, depth: int = 0) -> Expression:
        """
        *node* of *block* as a function of columns of occurrences.

        Raises:
            UnreadError: It holds something that is not evaluated.
        """
        return expression(node, lambda inner: self._meant(inner, block, depth + 1))

    def _meant(self, node: Any, block: Block, depth: int) -> Expression:
        """
        A column, or what stands for many rows: an aggregate is worth its value in a group of one row.

        Raises:
            UnreadError: It is none of these.
        """
        kind = type(node).__name__
        if kind == "Column":
            return self.resolve(node, block, depth)
        if depth > MOST_DEPTH:
            raise UnreadError(kind)
        if kind == "Subquery":
            return self._scalar(node, block, depth)
        if kind == "Window":
            return self._windowed(node, block, depth)
        return self.read(node.this, block, depth)

    def _scalar(self, node: Any, block: Block, depth: int) -> Expression:
        inner = self.block_of(node.this, block)
        if inner is None or len(inner.select.expressions) != 1:
            raise UnreadError("subquery")
        return self.read(inner.select.expressions[0].unalias(), inner, depth)

    def _windowed(self, node: Any, block: Block, depth: int) -> Expression:
        """A value of another row of the same block: the rows of a second reading of its tables."""
        if type(node.this).__name__ not in FROM_OTHER_ROWS:
            raise UnreadError("window")
        other = self._other_row(block)
        for item in _partition(node, block):
            if (item, block, other) not in self.together:
                self.together.append((item, block, other))
        return self.read(node.this.this, other, depth)

    def _other_row(self, block: Block) -> Block:
        if block.is_copy or len(self.occurrences) >= MOST_OCCURRENCES:
            raise UnreadError("window")
        if block.other is None:
            block.other = self._copy(block)
        return block.other

    def _copy(self, block: Block) -> Block:
        copy = Block(block.select, block.outer, outputs=block.outputs, is_copy=True)
        self.blocks.append(copy)
        for alias, source in block.sources.items():
            if isinstance(source, int):
                self.occurrences.append(self.occurrences[source])
                copy.sources[alias] = len(self.occurrences) - 1
            else:
                copy.sources[alias] = [self._copy(inner) for inner in source]
        return copy

    def shared(self, block: Block, before: list[str], joined: str) -> list[str]:
        """The names of columns that *joined* shares with a source *before* it."""
        names = [self._names(block.sources[alias], 0) for alias in (joined, *before)]
        return [name for name in names[0] if any(name in others for others in names[1:])]

    def _names(self, source: int | list[Block], depth: int) -> list[str]:
        if isinstance(source, int):
            return [column.name.lower() for column in self.occurrences[source].columns]
        if not source or depth > MOST_DEPTH:
            return []
        inner = source[0]
        names = list(inner.outputs)
        if any(type(item).__name__ == "Star" for item in inner.select.expressions):
            names += [name for own in inner.sources.values() for name in self._names(own, depth + 1)]
        return names

    def leaves(self, node: Any, block: Block) -> frozenset[Leaf]:
        """The base columns that *node* reads, through aggregates and functions as well."""
        found: set[Leaf] = set()
        left = [(node, block)]
        while left:
            item, place = left.pop()
            kind = type(item).__name__
            inner = self.block_of(item, place) if kind == "Select" else None
            if kind == "Column":
                found |= self._origins(item, place, 0)
            elif inner is not None:  # a scalar subquery is worth its first column
                left += [(output, inner) for output in item.expressions[:1]]
            elif kind != "Select":
                left += [(child, place) for child in item.iter_expressions()]
        return frozenset(found)

    def block_of(self, select: Any, outer: Block) -> Block | None:
        """The block of *select*, a subquery in *outer*; a CTE read twice has it twice."""
        blocks = [block for block in self.blocks if block.select is select]
        return next((block for block in blocks if block.outer is outer), blocks[0] if blocks else None)

    def _origins(self, column: Any, block: Block, depth: int) -> set[Leaf]:
        from sqlglot import exp

        try:
            return set(self.resolve(column, block).leaves)
        except (UnreadError, RecursionError):
            pass
        inner = self._inner_output(column, block) if depth < MOST_DEPTH else None
        if inner is None:
            return set()
        found: set[Leaf] = set()
        for other in inner[0].find_all(exp.Column):
            if other is not column:
                found |= self._origins(other, inner[1], depth + 1)
        return found

    def _inner_output(self, column: Any, block: Block) -> tuple[Any, Block] | None:
        name, alias = column.name.lower(), column.table.lower()
        level: Block | None = block
        while level is not None:
            for key, source in level.sources.items():
                if isinstance(source, list) and source and alias in ("", key) and name in source[0].outputs:
                    return source[0].outputs[name], source[0]
            if not alias and name in level.outputs and level.outputs[name] is not column:
                return level.outputs[name], level
            level = level.outer
        return None

    def _in_source(self, name: str, source: int | list[Block], depth: int) -> Expression | None:
        if isinstance(source, int):
            table = self.occurrences[source]
            places = [item.name.lower() for item in table.columns]
            if name not in places:
                return None
            leaf = (source, places.index(name))
            return Expression(lambda values: values.get(leaf), frozenset({leaf}))
        if not source:
            return None
        inner = source[0]
        if name in inner.outputs:
            return self.read(inner.outputs[name], inner, depth + 1)
        if any(type(item).__name__ == "Star" or item.name == "*" for item in inner.select.expressions):
            found = (self._in_source(name, own, depth + 1) for own in inner.sources.values())
            return next((item for item in found if item is not None), None)
        return None


def _partition(window: Any, block: Block) -> list[Any]:
    """What *window* partitions by, itself or by the name of a WINDOW clause."""
    own = list(window.args.get("partition_by") or ())
    named = [item for item in block.select.args.get("windows") or () if item.name == window.alias]
    return own or [part for item in named for part in item.args.get("partition_by") or ()]
