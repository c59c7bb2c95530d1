"""Counts, sums and means: what is counted, how often, and over what."""

from __future__ import annotations

from collections.abc import Iterator

from sqlglot import exp

from casekit.judge.mutants.mutant import Change, each, edited

__all__ = ["counting_changes"]

TWICE = (
    "Something is counted more than once: one of it has several rows. "
    "Count DISTINCT, or reduce the rows first."
)
ONCE = "Repeats are counted once where each of them counts."
ROWS = "count(*) counts rows, also those in which the value is missing; count(column) counts values."
VALUES = "count(column) leaves out the rows in which it is NULL; count(*) counts every row."
PLASTER = "SELECT DISTINCT removed rows that belong: two rows may be alike and still be two."
REPEATED = "The result repeats rows. Say what one row is, and keep one of each."
MEANS = "You averaged ratios; busy and quiet periods now weigh the same. Divide the sums instead."
SWAPPED = "Another statistic was asked for: the smallest is not the largest, and the mean is not the median."
WHOLE = "Whole-number division (//) cuts off what comes after the point. Use / for a ratio."
SCALE = "The scale differs: a share lies between 0 and 1, a percentage between 0 and 100."

OTHER: dict[type[exp.Expr], type[exp.Expr]] = {
    exp.Min: exp.Max,
    exp.Max: exp.Min,
    exp.Median: exp.Avg,
    exp.StddevSamp: exp.StddevPop,
    exp.Stddev: exp.StddevPop,
}


def counting_changes(tree: exp.Expr) -> Iterator[Change]:
    """The query with one count, sum, mean or DISTINCT changed."""
    yield from _counts(tree)
    yield from _distinct(tree)
    yield from _statistics(tree)
    yield from _ratios(tree)


def _counts(tree: exp.Expr) -> Iterator[Change]:
    for place, node in each(tree, exp.Count):
        inner = node.this
        if isinstance(inner, exp.Distinct):
            yield Change("DISTINCT left out of a count", "fanout", TWICE, _count_of(tree, place, _plain))
        elif isinstance(inner, exp.Star) or inner is None:
            for column in _candidates(node):
                made = _count_of(tree, place, lambda _one, column=column: column.copy())
                yield Change("count(column) for count(*)", "null_handling", VALUES, made)
        else:
            yield Change("count(*) for count(column)", "null_handling", ROWS, _count_of(tree, place, _star))
            yield Change(
                "DISTINCT put into a count", "wrong_denominator", ONCE, _count_of(tree, place, _unique)
            )


def _candidates(node: exp.Expr) -> list[exp.Column]:
    """A column of each table the count runs over, as a person would name one."""
    select = node.find_ancestor(exp.Select)
    found: dict[str, exp.Column] = {}
    for column in select.find_all(exp.Column) if select else ():
        found.setdefault(column.table, column)
    return list(found.values())[:3]


def _plain(count: exp.Expr) -> exp.Expr | None:
    inner = count.this.expressions
    return inner[0].copy() if len(inner) == 1 else None


def _star(_count: exp.Expr) -> exp.Expr:
    return exp.Star()


def _unique(count: exp.Expr) -> exp.Expr:
    return exp.Distinct(expressions=[count.this.copy()])


def _count_of(tree: exp.Expr, place: int, inner: object) -> exp.Expr | None:
    def edit(node: exp.Expr) -> exp.Expr | None:
        made = inner(node)  # type: ignore[operator]
        if made is None:
            return None
        node.set("this", made)
        return node

    return edited(tree, (exp.Count,), place, edit)


def _distinct(tree: exp.Expr) -> Iterator[Change]:
    for place, node in each(tree, exp.Select):
        if node.args.get("distinct"):
            yield Change("DISTINCT left out", "fanout", REPEATED, _select_with(tree, place, None))
        elif not node.args.get("group") and not any(node.find_all(exp.AggFunc)):
            yield Change(
                "DISTINCT put in", "distinct_plaster", PLASTER, _select_with(tree, place, exp.Distinct())
            )


def _select_with(tree: exp.Expr, place: int, distinct: exp.Expr | None) -> exp.Expr | None:
    def edit(node: exp.Expr) -> exp.Expr:
        node.set("distinct", distinct)
        return node

    return edited(tree, (exp.Select,), place, edit)


def _statistics(tree: exp.Expr) -> Iterator[Change]:
    for place, _ in each(tree, *OTHER):
        made = edited(tree, tuple(OTHER), place, lambda node: OTHER[type(node)](this=node.this.copy()))
        yield Change("another statistic", "wrong_statistic", SWAPPED, made)
    for place, _ in each(tree, exp.Avg):
        made = edited(tree, (exp.Avg,), place, lambda node: exp.Median(this=node.this.copy()))
        yield Change("another statistic", "wrong_statistic", SWAPPED, made)


def _ratios(tree: exp.Expr) -> Iterator[Change]:
    for place, node in each(tree, exp.Div):
        yield Change(
            "whole-number division", "integer_division", WHOLE, edited(tree, (exp.Div,), place, _cut)
        )
        if isinstance(node.this, exp.Sum) and isinstance(node.expression, exp.Sum):
            made = edited(tree, (exp.Div,), place, _mean_of_ratios)
            yield Change("ratio of means", "ratio_of_means", MEANS, made)
    for place, node in each(tree, exp.Mul):
        if _is_hundred(node.this) or _is_hundred(node.expression):
            yield Change("share for percent", "unit_scale", SCALE, edited(tree, (exp.Mul,), place, _unscaled))


def _cut(node: exp.Expr) -> exp.Expr:
    return exp.IntDiv(this=node.this.copy(), expression=node.expression.copy())


def _mean_of_ratios(node: exp.Expr) -> exp.Expr:
    ratio = exp.Div(this=node.this.this.copy(), expression=node.expression.this.copy())
    return exp.Avg(this=ratio)


def _unscaled(node: exp.Expr) -> exp.Expr:
    rest: exp.Expr = node.expression if _is_hundred(node.this) else node.this
    return rest.copy()


def _is_hundred(node: exp.Expr) -> bool:
    return isinstance(node, exp.Literal) and not node.is_string and float(node.this) == 100
