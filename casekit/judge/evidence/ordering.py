"""The order a reference asks for: its rows in blocks that tie, so that any order within a block passes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from casekit.judge.evidence.arena import Arena, Failed
from casekit.judge.evidence.database import Rows
from casekit.judge.evidence.sameness import canonical_rows, same_rows

__all__ = ["Ordering", "follows", "ordering_of"]


@dataclass(frozen=True)
class Ordering:
    """
    The order of the reference's rows.

    Attributes:
        keyed_sql: The reference, with columns that are not shown but ordered by at its end.
        width: How many columns the reference shows.
        places: Where the order's keys stand in the rows of *keyed_sql*.
    """

    keyed_sql: str
    width: int
    places: tuple[int, ...]

    def blocks(self, arena: Arena, number: int) -> list[Rows] | None:
        """The reference's rows on database *number*, block by block; None when they cannot be had."""
        result = arena.run(self.keyed_sql, number)
        if isinstance(result, Failed):
            return None
        blocks: list[Rows] = []
        last: tuple[object, ...] | None = None
        for row, plain in zip(result.rows, canonical_rows(result.rows), strict=True):
            key = tuple(plain[place] for place in self.places)
            if key != last:
                blocks.append([])
            blocks[-1].append(row[: self.width])
            last = key
        return blocks


def follows(rows: Rows, blocks: Sequence[Rows]) -> bool:
    """True when *rows* come block by block, in whatever order within each."""
    start = 0
    for block in blocks:
        if not same_rows(block, rows[start : start + len(block)]):
            return False
        start += len(block)
    return start == len(rows)


def ordering_of(tree: Any, columns: Sequence[str]) -> Ordering | None:
    """
    The order that the outermost ORDER BY of *tree* asks for, or None when there is none to be read.

    Args:
        tree: The reference, parsed.
        columns: The names of its columns, as DuckDB gives them.
    """
    clause = tree.args.get("order") if tree is not None else None
    if clause is None:
        return None
    names = [name.lower() for name in columns]
    outputs = _outputs(tree)
    keyed = tree.copy()
    places: list[int] = []
    for item in clause.expressions:
        place = _place(item.this, names, outputs)
        if place is None:
            place = _added(keyed, item.this, len(columns))
        if place is None:
            return None
        places.append(place)
    return Ordering(keyed.sql(dialect="duckdb"), len(columns), tuple(places))


def _outputs(tree: Any) -> list[str]:
    return [item.unalias().sql(dialect="duckdb").lower() for item in getattr(tree, "expressions", ())]


def _place(key: Any, names: list[str], outputs: list[str]) -> int | None:
    kind = type(key).__name__
    if kind == "Literal" and not key.is_string and str(key.this).isdigit():
        return int(key.this) - 1 if 0 < int(key.this) <= len(names) else None
    if kind == "Column" and not key.table and names.count(key.name.lower()) == 1:
        return names.index(key.name.lower())
    text = key.sql(dialect="duckdb").lower()
    return outputs.index(text) if text in outputs and len(outputs) == len(names) else None


def _added(keyed: Any, key: Any, width: int) -> int | None:
    """The place of *key* as a further column of *keyed*; None where a column more would change the rows."""
    from sqlglot import exp

    if not isinstance(keyed, exp.Select) or keyed.args.get("distinct"):
        return None
    extra: int = sum(item.alias.startswith("casekit_key") for item in keyed.expressions)
    keyed.select(exp.alias_(key.copy(), f"casekit_key_{extra}"), append=True, copy=False)
    return width + extra
