"""One small, typical change to a reference, and the words for whoever made it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from sqlglot import exp

__all__ = ["Change", "Mutant", "conjuncts", "each", "edited", "joined"]


@dataclass(frozen=True)
class Mutant:
    """
    A query that makes one mistake.

    Attributes:
        kind: What was changed, for example ``join kind``.
        tag: The misconception, one of the catalogue.
        say: What to tell whoever's result is this query's: the mistake and its consequence.
        sql: The query.
    """

    kind: str
    tag: str
    say: str
    sql: str


@dataclass(frozen=True)
class Change:
    """
    A mutant in the making: what it is, and the changed tree; None when the change does not apply.

    Attributes:
        tree: The whole query, changed.
    """

    kind: str
    tag: str
    say: str
    tree: exp.Expr | None


Edit = Callable[[exp.Expr], exp.Expr | None]


def each(tree: exp.Expr, *kinds: type[exp.Expr]) -> Iterator[tuple[int, exp.Expr]]:
    """Every node of these kinds with its place, for ``edited``."""
    return enumerate(tree.find_all(*kinds))


def edited(tree: exp.Expr, kinds: tuple[type[exp.Expr], ...], place: int, edit: Edit) -> exp.Expr | None:
    """
    A copy of the query in which the node at *place* among those of *kinds* is changed.

    *edit* changes the node itself and returns it, or returns what stands in its place, or None when
    nothing can be changed.
    """
    copy = tree.copy()
    node = next(node for nth, node in each(copy, *kinds) if nth == place)
    made = edit(node)
    if made is None:
        return None
    if made is not node:
        if node is copy:
            return made
        node.replace(made)
    return copy


def conjuncts(condition: exp.Expr | None) -> list[exp.Expr]:
    """The parts of a condition that are joined by AND."""
    if condition is None:
        return []
    return list(condition.flatten()) if isinstance(condition, exp.And) else [condition]


def joined(parts: list[exp.Expr]) -> exp.Expr | None:
    """The condition that all of *parts* make; None for none."""
    return exp.and_(*(part.copy() for part in parts), copy=False) if parts else None
