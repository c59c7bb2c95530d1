"""A query taken apart: every SELECT with the tables it reads, and where each of its columns comes from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from casekit.judge.evidence.expressions import Expression, Leaf, expression
from casekit.judge.evidence.operations import UnreadError
from casekit.judge.evidence.schema import Schema, TableDef

__all__ = ["Block", "Layout", "laid_out"]

MOST_DEPTH = 40


@dataclass
class Block:
    """
    One SELECT.

    Attributes:
        select: The sqlglot node.
        sources: What its FROM reads, by alias in lower case: an occurrence or the blocks of a subquery.
        outer: The block around it, whose columns it may use.
        outputs: Its columns by name in lower case.
    """

    select: Any
    outer: Block | None
    sources: dict[str, int | list[Block]] = field(default_factory=dict)
    outputs: dict[str, Any] = field(default_factory=dict)


@dataclass
class Layout:
    """
    A query's blocks and the occurrences of tables in them.

    Attributes:
        schema: The tables.
        occurrences: The table each occurrence reads; its place in the list is its number.
        blocks: Every SELECT, outer before inner.
    """

    schema: Schema
    occurrences: list[TableDef] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)

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
        return expression(node, lambda column: self.resolve(column, block, depth + 1))

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
            inner = self._block_of(item) if kind == "Select" else None
            if kind == "Column":
                found |= self._origins(item, place, 0)
            elif inner is not None:  # a scalar subquery is worth its first column
                left += [(output, inner) for output in item.expressions[:1]]
            elif kind != "Select":
                left += [(child, place) for child in item.iter_expressions()]
        return frozenset(found)

    def _block_of(self, select: Any) -> Block | None:
        return next((block for block in self.blocks if block.select is select), None)

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


def laid_out(tree: Any, schema: Schema) -> Layout:
    """The blocks of the query *tree*."""
    layout = Layout(schema)
    _blocks(tree, layout, None, {})
    return layout


def _blocks(node: Any, layout: Layout, outer: Block | None, known: Mapping[str, list[Block]]) -> list[Block]:
    """The blocks whose rows *node* gives: one for a SELECT, several for a UNION."""
    from sqlglot import exp

    if isinstance(node, (exp.Subquery, exp.Paren)):
        return _blocks(node.this, layout, outer, {**known, **_named(node, layout, outer, known)})
    known = {**known, **_named(node, layout, outer, known)}
    if isinstance(node, exp.SetOperation):
        left = _blocks(node.left, layout, outer, known)
        return left + _blocks(node.right, layout, outer, known)
    if not isinstance(node, exp.Select):
        return []
    block = Block(node, outer)
    layout.blocks.append(block)
    for alias, source in _sources(node, layout, block, known):
        block.sources[alias] = source
    block.outputs.update(_outputs(node))
    for inner in _inner_queries(node):
        _blocks(inner, layout, block, known)
    return [block]


def _named(
    node: Any, layout: Layout, outer: Block | None, known: Mapping[str, list[Block]]
) -> dict[str, list[Block]]:
    clause = node.args.get("with_")
    made = dict(known)
    for cte in clause.expressions if clause else ():
        blocks = _blocks(cte.this, layout, outer, made)
        names = cte.args["alias"].args.get("columns") or []
        made[cte.alias.lower()] = _renamed(blocks, [item.name for item in names])
    return made


def _renamed(blocks: list[Block], names: list[str]) -> list[Block]:
    for block in blocks[:1] if names else ():
        for name, item in zip(names, block.select.expressions, strict=False):
            block.outputs[name.lower()] = item.unalias()
    return blocks


def _sources(
    select: Any, layout: Layout, block: Block, known: Mapping[str, list[Block]]
) -> Iterator[tuple[str, int | list[Block]]]:
    start = select.args.get("from_")
    items = [start.this] if start else []
    items += [join.this for join in select.args.get("joins") or ()]
    while items:
        item = items.pop(0)
        items[:0] = [join.this for join in item.args.get("joins") or ()]
        if type(item).__name__ == "Paren" or (type(item).__name__ == "Subquery" and _is_wrap(item)):
            items.insert(0, item.this)
            continue
        yield from _source(item, layout, block, known)


def _is_wrap(item: Any) -> bool:
    """True for brackets around a table or a join."""
    return type(item.this).__name__ in ("Table", "Subquery") and not item.alias


def _source(
    item: Any, layout: Layout, block: Block, known: Mapping[str, list[Block]]
) -> Iterator[tuple[str, int | list[Block]]]:
    from sqlglot import exp

    if isinstance(item, exp.Lateral):
        item = item.this
    alias = (item.alias_or_name or f"#{len(block.sources)}").lower()
    if isinstance(item, exp.Subquery):
        blocks = _blocks(item.this, layout, block, {**known, **_named(item, layout, block, known)})
        names = item.args["alias"].args.get("columns") if item.args.get("alias") else None
        yield alias, _renamed(blocks, [name.name for name in names or []])
    elif isinstance(item, exp.Table):
        table = layout.schema.table(item.name)
        if item.name.lower() in known:
            yield alias, known[item.name.lower()]
        elif table is not None:
            layout.occurrences.append(table)
            yield alias, len(layout.occurrences) - 1


def _outputs(select: Any) -> Iterator[tuple[str, Any]]:
    for item in select.expressions:
        name = item.alias_or_name.lower()
        if name and name != "*":
            yield name, item.unalias()


def _inner_queries(select: Any) -> Iterator[Any]:
    """The subqueries in a SELECT's own expressions: IN, EXISTS and scalar ones, not those in FROM."""
    from sqlglot import exp

    skipped = {"from_", "with_"}
    for name, part in select.args.items():
        for node in part if isinstance(part, list) else [part]:
            if name in skipped or not isinstance(node, exp.Expression):
                continue
            root = node.args.get("on") if isinstance(node, exp.Join) else node
            if root is not None:
                yield from _topmost_queries(root)


def _topmost_queries(root: Any) -> Iterator[Any]:
    from sqlglot import exp

    if isinstance(root, (exp.Select, exp.SetOperation)):
        yield root
        return
    for child in root.iter_expressions():
        yield from _topmost_queries(child)
