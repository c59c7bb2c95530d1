"""A query taken apart into its SELECTs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from casekit.judge.evidence.layout import MOST_OCCURRENCES, Block, Layout
from casekit.judge.evidence.schema import Schema

__all__ = ["laid_out"]


@dataclass
class _Named:
    """
    A CTE, laid out anew wherever it is read, since two readings of it are two sets of rows.

    Attributes:
        cte: The sqlglot node.
        known: The CTEs it may read.
        outer: The block around it.
        blocks: How it was laid out last.
    """

    cte: Any
    known: Mapping[str, _Named]
    outer: Block | None
    blocks: list[Block] | None = None


def laid_out(tree: Any, schema: Schema) -> Layout:
    """The blocks of the query *tree*."""
    layout = Layout(schema)
    _blocks(tree, layout, None, {})
    return layout


def _blocks(node: Any, layout: Layout, outer: Block | None, known: Mapping[str, _Named]) -> list[Block]:
    """The blocks whose rows *node* gives: one for a SELECT, several for a UNION."""
    from sqlglot import exp

    known = _with_named(node, outer, known)
    if isinstance(node, (exp.Subquery, exp.Paren)):
        return _blocks(node.this, layout, outer, known)
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


def _with_named(node: Any, outer: Block | None, known: Mapping[str, _Named]) -> Mapping[str, _Named]:
    clause = node.args.get("with_")
    made = dict(known)
    for cte in clause.expressions if clause else ():
        made[cte.alias.lower()] = _Named(cte, dict(made), outer)
    return made


def _read_named(named: _Named, layout: Layout) -> list[Block]:
    if named.blocks is None or len(layout.occurrences) < MOST_OCCURRENCES:
        names = named.cte.args["alias"].args.get("columns") or []
        blocks = _blocks(named.cte.this, layout, named.outer, named.known)
        named.blocks = _renamed(blocks, [item.name for item in names])
    return named.blocks


def _renamed(blocks: list[Block], names: list[str]) -> list[Block]:
    for block in blocks[:1] if names else ():
        for name, item in zip(names, block.select.expressions, strict=False):
            block.outputs[name.lower()] = item.unalias()
    return blocks


def _sources(
    select: Any, layout: Layout, block: Block, known: Mapping[str, _Named]
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
    item: Any, layout: Layout, block: Block, known: Mapping[str, _Named]
) -> Iterator[tuple[str, int | list[Block]]]:
    from sqlglot import exp

    if isinstance(item, exp.Lateral):
        item = item.this
    alias = (item.alias_or_name or f"#{len(block.sources)}").lower()
    if isinstance(item, exp.Subquery):
        blocks = _blocks(item.this, layout, block, _with_named(item, block, known))
        names = item.args["alias"].args.get("columns") if item.args.get("alias") else None
        yield alias, _renamed(blocks, [name.name for name in names or []])
    elif isinstance(item, exp.Table):
        table = layout.schema.table(item.name)
        if item.name.lower() in known:
            yield alias, _read_named(known[item.name.lower()], layout)
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
