"""Queries read for their clues: every condition, constant and link between columns in them."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from casekit.judge.evidence.blocks import laid_out
from casekit.judge.evidence.clues import BaseColumn, Clues, System
from casekit.judge.evidence.expressions import Expression, Leaf, comparison
from casekit.judge.evidence.layout import Block, Layout
from casekit.judge.evidence.nodes import aggregates, conditions, own_nodes, tables_named, value_of
from casekit.judge.evidence.operations import UnreadError
from casekit.judge.evidence.patterns import delimited, matching
from casekit.judge.evidence.schema import Schema

__all__ = ["clues_of"]

MOST_THRESHOLD = 250  # a group larger than that is left to the databases that come with the call
UNREADABLE = (AttributeError, IndexError, KeyError, RecursionError, TypeError, ValueError, UnreadError)
COMPARISONS = ("EQ", "NEQ", "GT", "GTE", "LT", "LTE", "In", "Between", "Like", "ILike", "Is", "NullSafeEQ")
PATTERNS = ("RegexpLike", "RegexpILike", "RegexpFullMatch", "RegexpExtract", "SimilarTo")
DELIMITERS = ("SplitPart", "Split")
BY_SIZE = ("EQ", "NEQ", "GT", "GTE", "LT", "LTE", "Between")
NO_CONSTANTS = ("Round", "DataType", "DataTypeParam", "TimeToStr", "StrToTime", "Limit", "Offset", "Fetch")


def clues_of(trees: list[Any], schema: Schema) -> Clues:
    """What *trees*, parsed queries, give away; trees that are None give nothing."""
    clues = Clues()
    for tree in trees:
        if tree is None:
            continue
        clues.tables |= tables_named(tree) & {table.name.lower() for table in schema.tables}
        with suppress(*UNREADABLE):  # what is found up to there still steers
            _read(tree, schema, clues)
    return clues


def _read(tree: Any, schema: Schema, clues: Clues) -> None:
    layout = laid_out(tree, schema)
    reader = _Reader(layout, clues)
    clues.systems.append(reader.system)
    for block in layout.blocks:
        reader.read(block)  # which may add blocks that stand for other rows
    reader.hold_together()
    _align_unions(tree, layout, reader)


@dataclass
class _Reader:
    """Reads the blocks of one query into the clues."""

    layout: Layout
    clues: Clues
    system: System = field(default_factory=System)

    def __post_init__(self) -> None:
        self.system.occurrences = self.layout.occurrences

    def read(self, block: Block) -> None:
        for condition in conditions(block.select):
            self._require(condition, block)
        self._require_using(block)
        for node in own_nodes(block.select):
            self._node(node, block)

    def hold_together(self) -> None:
        """Two rows of a window are of one partition."""
        for node, block, other in self.layout.together:
            with suppress(UnreadError, RecursionError):
                self._join(self.layout.read(node, block), self.layout.read(node, other))

    def link(self, leaves: frozenset[Leaf]) -> None:
        columns = frozenset(self._column(leaf) for leaf in leaves)
        if len(columns) > 1:
            self.clues.links.append(columns)

    def _column(self, leaf: Leaf) -> BaseColumn:
        return self.layout.occurrences[leaf[0]].name.lower(), leaf[1]

    def _require(self, condition: Any, block: Block) -> None:
        """Take *condition* as one every row meets; one on a group is met by its rows in many other ways."""
        if condition.find(*aggregates()) is not None:
            return
        try:
            self.system.required.append(self.layout.read(condition, block))
        except (UnreadError, RecursionError):
            return
        if type(condition).__name__ == "EQ":
            self._equal(condition.this, condition.expression, block)

    def _equal(self, one: Any, other: Any, block: Block) -> None:
        try:
            left, right = self.layout.read(one, block), self.layout.read(other, block)
        except (UnreadError, RecursionError):
            return
        if len(left.leaves) == len(right.leaves) == 1:
            self.system.equal.append((*left.leaves, *right.leaves))  # type: ignore[arg-type]

    def _require_using(self, block: Block) -> None:
        sources = list(block.sources)
        for place, join in enumerate(block.select.args.get("joins") or (), start=1):
            names = [item.name for item in join.args.get("using") or ()]
            if join.args.get("method") == "NATURAL" and place < len(sources):
                names = self.layout.shared(block, sources[:place], sources[place])
            for name in names if place < len(sources) else ():
                self._same_name(name, sources[:place], sources[place], block)

    def _same_name(self, name: str, before: list[str], joined: str, block: Block) -> None:
        from sqlglot import exp

        for alias in before:
            try:
                pair = [self.layout.resolve(exp.column(name, table=key), block) for key in (alias, joined)]
            except UnreadError:
                continue
            self._join(pair[0], pair[1])
            return

    def _join(self, one: Expression, other: Expression) -> None:
        condition = comparison("=", one, other)
        both = condition.leaves
        self.system.required.append(condition)
        self.system.probes.append(condition)
        self.link(both)
        if len(one.leaves) == len(other.leaves) == 1:
            self.system.equal.append((*one.leaves, *other.leaves))  # type: ignore[arg-type]

    def _node(self, node: Any, block: Block) -> None:
        kind = type(node).__name__
        if kind in COMPARISONS:
            self._probe(node, block)
        elif kind == "Literal":
            self._constant(node, block)
        elif kind in ("Cast", "TryCast"):
            self._cast(node, block)
        elif kind in ("Coalesce", "Case", "Least", "Greatest"):
            self.link(self.layout.leaves(node, block))

    def _probe(self, node: Any, block: Block) -> None:
        self.link(self.layout.leaves(node.this, block) | self._other_side(node, block))
        try:
            self.system.probes.append(self.layout.read(node, block))
        except (UnreadError, RecursionError):
            self._member(node, block)
            return
        self._edges(node, block)

    def _edges(self, node: Any, block: Block) -> None:
        """The boundaries of a comparison by size, and what its constant side comes to as a constant."""
        bounds = [node.args.get(name) for name in ("expression", "low", "high")]
        for bound in bounds if type(node).__name__ in BY_SIZE else ():
            if bound is not None:
                sides = self.layout.read(node.this, block), self.layout.read(bound, block)
                self._fold(*sides)
                self._fold(*reversed(sides))
                if sides[0].leaves or sides[1].leaves:
                    self.system.edges.append(comparison("=", *sides))

    def _fold(self, one: Expression, other: Expression) -> None:
        value = other.value({}) if not other.leaves else None
        if value is not None:
            self._hold(value, one.leaves)

    def _other_side(self, node: Any, block: Block) -> frozenset[Leaf]:
        query = node.args.get("query") or node.args.get("expression")
        inner = self._inner_block(query, block)
        if inner is not None and inner.select.expressions:
            return self.layout.leaves(inner.select.expressions[0], inner)
        return self.layout.leaves(query, block) if query is not None else frozenset()

    def _member(self, node: Any, block: Block) -> None:
        """``x IN (SELECT y ...)`` and ``x = (SELECT y ...)`` join x to y."""
        inner = self._inner_block(node.args.get("query") or node.args.get("expression"), block)
        if inner is None:
            return
        items = node.this.expressions if type(node.this).__name__ == "Tuple" else [node.this]
        for item, output in zip(items, inner.select.expressions, strict=False):
            try:
                self._join(self.layout.read(item, block), self.layout.read(output.unalias(), inner))
            except (UnreadError, RecursionError):
                continue

    def _inner_block(self, node: Any, block: Block) -> Block | None:
        while type(node).__name__ in ("Subquery", "Paren", "Any", "All"):
            node = node.this
        return self.layout.block_of(node, block)

    def _cast(self, node: Any, block: Block) -> None:
        name = str(node.args["to"]).upper()
        family = "date" if name.startswith(("DATE", "TIMESTAMP")) else "number" if "CHAR" not in name else ""
        leaves = self.layout.leaves(node, block) if family and name != "TEXT" else frozenset()
        for leaf in leaves:
            self.clues.casts[self._column(leaf)] = family

    def _constant(self, literal: Any, block: Block) -> None:
        """Hold *literal* against the columns of the smallest expression around it that has any."""
        value = value_of(literal)
        ancestor = literal
        while ancestor.parent is not None and ancestor is not block.select:
            ancestor = ancestor.parent
            kind = type(ancestor).__name__
            if kind in ("Limit", "Offset", "Fetch"):
                self._threshold(value, 1)
            if kind in NO_CONSTANTS or kind == "Select":
                return
            leaves = self.layout.leaves(ancestor, block)
            counted = ancestor.find(*aggregates()) is not None
            if counted:
                self._threshold(value, 0)
            if leaves or counted:
                for meant in _meant(value, type(literal.parent).__name__):
                    self._hold(meant, leaves)
                return

    def _threshold(self, value: object, more: int) -> None:
        if isinstance(value, int) and 0 <= value <= MOST_THRESHOLD:
            self.clues.thresholds |= {value, value + more}

    def _hold(self, value: object, leaves: frozenset[Leaf]) -> None:
        for leaf in leaves:
            known = self.clues.constants.setdefault(self._column(leaf), [])
            if value not in known:
                known.append(value)


def _meant(value: object, parent: str) -> list[object]:
    """What columns should hold for the literal *value*, an argument of *parent*, to matter."""
    if parent in PATTERNS:
        return list(matching(str(value)))
    if parent in DELIMITERS and isinstance(value, str):
        return list(delimited(value))
    return [value]


def _align_unions(tree: Any, layout: Layout, reader: _Reader) -> None:
    """Columns that stand at one place in the branches of a UNION share their values."""
    from sqlglot import exp

    by_node = {id(block.select): block for block in layout.blocks}
    for union in tree.find_all(exp.SetOperation):
        blocks = [
            by_node[id(part.unnest())] for part in (union.left, union.right) if id(part.unnest()) in by_node
        ]
        for outputs in zip(*(block.select.expressions for block in blocks), strict=False):
            pairs = zip(outputs, blocks, strict=True)
            reader.link(frozenset().union(*(layout.leaves(item, block) for item, block in pairs)))
