"""One small, typical change to a reference, and the words for whoever made it."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from sqlglot import exp

__all__ = ["Change", "Mutant", "aggregated", "conjuncts", "each", "edited", "joined"]

DIGEST = 8


@dataclass(frozen=True)
class Mutant:
    """
    A query that makes one mistake.

    Attributes:
        kind: What was changed, for example ``join kind``.
        tag: The misconception, one of `casekit.judge.mutants.tags`.
        say: What to tell whoever's result is this query's: the mistake and its consequence.
        sql: The query.
    """

    kind: str
    tag: str
    say: str
    sql: str

    @property
    def id(self) -> str:
        """A name that stays while the query does, for example ``join-kind-3f2a9c01``."""
        words = re.sub(r"[^a-z]+", "-", self.kind.casefold()).strip("-")
        return f"{words}-{hashlib.sha256(self.sql.encode()).hexdigest()[:DIGEST]}"


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
        node.replace(_bracketed(made, node))
    return copy


def _bracketed(made: exp.Expr, node: exp.Expr) -> exp.Expr:
    """*made* as it must be written in *node*'s place: ``coalesce(a - b, 0) * c`` becomes ``(a - b) * c``."""
    binds = isinstance(node.parent, exp.Binary | exp.Unary | exp.Between | exp.In)
    had_none = isinstance(node, exp.Binary | exp.Not) or isinstance(node.parent, exp.Paren)
    loose = isinstance(made, exp.Binary | exp.Not | exp.In | exp.Between)
    return exp.paren(made) if binds and loose and not had_none else made


def conjuncts(condition: exp.Expr | None) -> list[exp.Expr]:
    """The parts of a condition that are joined by AND."""
    if condition is None:
        return []
    return list(condition.flatten()) if isinstance(condition, exp.And) else [condition]


def joined(parts: list[exp.Expr]) -> exp.Expr | None:
    """The condition that all of *parts* make; None for none."""
    return exp.and_(*(part.copy() for part in parts), copy=False) if parts else None


def aggregated(node: exp.Expr) -> bool:
    """Whether a SELECT counts or sums its rows: it groups them, or holds an aggregate that is no window."""
    own = (one for item in node.expressions for one in item.find_all(exp.AggFunc))
    return bool(node.args.get("group")) or any(_is_plain(one) for one in own)


def _is_plain(call: exp.Expr) -> bool:
    above = call.parent.parent if isinstance(call.parent, exp.Filter) else call.parent
    return not isinstance(above, exp.Window)
