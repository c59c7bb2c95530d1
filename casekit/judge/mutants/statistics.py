"""Means, medians, extremes and ratios: another statistic, another way to divide, another scale."""

from __future__ import annotations

from collections.abc import Iterator

from sqlglot import exp

from casekit.judge.mutants.mutant import Change, each, edited

__all__ = ["statistic_changes"]

MEDIANS = "A mean and a median answer different questions: the median does not see how far the largest reach."
EXTREMES = "The smallest is taken where the largest was asked for, or the other way round."
SPREADS = (
    "The deviation of a sample divides by one less than the number of values; yours divides by all of them."
)
ANY_ALL = "One is enough where all were asked for, or the other way round."
MEANS = "You averaged ratios; busy and quiet periods now weigh the same. Divide the sums instead."
POOLED = "You divided the sums, so busy periods weigh more. The mean of the single ratios was asked for."
WHOLE = (
    "A division of whole numbers cut off what comes after the point. In DuckDB / gives a ratio, // does not."
)
SCALE = "The scale differs: a share lies between 0 and 1, a percentage between 0 and 100."

OTHER: dict[type[exp.Expr], tuple[type[exp.Expr], str, str]] = {
    exp.Min: (exp.Max, "wrong_statistic", EXTREMES),
    exp.Max: (exp.Min, "wrong_statistic", EXTREMES),
    exp.ArgMin: (exp.ArgMax, "wrong_statistic", EXTREMES),
    exp.ArgMax: (exp.ArgMin, "wrong_statistic", EXTREMES),
    exp.Avg: (exp.Median, "mean_or_median", MEDIANS),
    exp.Median: (exp.Avg, "mean_or_median", MEDIANS),
    exp.StddevSamp: (exp.StddevPop, "wrong_statistic", SPREADS),
    exp.Stddev: (exp.StddevPop, "wrong_statistic", SPREADS),
    exp.LogicalOr: (exp.LogicalAnd, "boolean_logic", ANY_ALL),
    exp.LogicalAnd: (exp.LogicalOr, "boolean_logic", ANY_ALL),
}


def statistic_changes(tree: exp.Expr) -> Iterator[Change]:
    """The query with one statistic or ratio changed."""
    for place, node in each(tree, *OTHER):
        _, tag, words = OTHER[type(node)]
        yield Change("another statistic", tag, words, edited(tree, tuple(OTHER), place, _other))
    yield from _means(tree)
    yield from _divisions(tree)
    yield from _scales(tree)


def _other(node: exp.Expr) -> exp.Expr:
    return OTHER[type(node)][0](**{name: value for name, value in node.args.items() if value})


def _means(tree: exp.Expr) -> Iterator[Change]:
    for place, node in each(tree, exp.Div):
        if isinstance(_without_factor(node.this)[1], exp.Sum) and isinstance(node.expression, exp.Sum):
            made = edited(tree, (exp.Div,), place, _mean_of_ratios)
            yield Change("ratio of means", "ratio_of_means", MEANS, made)
    for place, node in each(tree, exp.Avg):
        if isinstance(_bare(node.this), exp.Div) and not isinstance(node.parent, exp.Window | exp.Filter):
            made = edited(tree, (exp.Avg,), place, _ratio_of_sums)
            yield Change("mean of ratios", "ratio_of_means", POOLED, made)


def _mean_of_ratios(node: exp.Expr) -> exp.Expr:
    factor, total = _without_factor(node.this)
    ratio = exp.Div(this=_bracketed(total.this), expression=_bracketed(node.expression.this))
    mean = exp.Avg(this=ratio)
    return exp.Mul(this=factor.copy(), expression=mean) if factor is not None else mean


def _ratio_of_sums(node: exp.Expr) -> exp.Expr:
    ratio = _bare(node.this)
    return exp.Div(this=exp.Sum(this=ratio.this.copy()), expression=exp.Sum(this=ratio.expression.copy()))


def _bare(node: exp.Expr) -> exp.Expr:
    """*node* without brackets around it."""
    while isinstance(node, exp.Paren):
        node = node.this
    return node


def _bracketed(node: exp.Expr) -> exp.Expr:
    return exp.paren(node.copy()) if isinstance(node, exp.Binary) else node.copy()


def _without_factor(node: exp.Expr) -> tuple[exp.Expr | None, exp.Expr]:
    """A number that multiplies, such as the 100.0 of a percentage, and the rest."""
    if isinstance(node, exp.Mul):
        if isinstance(node.this, exp.Literal):
            return node.this, node.expression
        if isinstance(node.expression, exp.Literal):
            return node.expression, node.this
    return None, node


def _divisions(tree: exp.Expr) -> Iterator[Change]:
    """A division that cuts: whole numbers only, since // of anything else is / in DuckDB."""
    for place, node in each(tree, exp.Div):
        factor, rest = _without_factor(node.this)
        if not _may_be_whole(rest) or not _may_be_whole(node.expression):
            continue
        if factor is None or _may_be_whole(factor):
            yield _cut(edited(tree, (exp.Div,), place, _cut_at_end))
        if factor is not None:
            yield _cut(edited(tree, (exp.Div,), place, _cut_at_start))


def _may_be_whole(node: exp.Expr) -> bool:
    """False when something in *node* gives a fraction whatever the data."""
    fractions = (exp.Avg, exp.Median, exp.Stddev, exp.StddevSamp, exp.StddevPop, exp.Sqrt, exp.Div)
    if any(isinstance(one, exp.Literal) and not one.is_int for one in node.find_all(exp.Literal)):
        return False
    return not any(node.find_all(*fractions))


def _cut(made: exp.Expr | None) -> Change:
    return Change("whole-number division", "integer_division", WHOLE, made)


def _cut_at_end(node: exp.Expr) -> exp.Expr:
    return exp.IntDiv(this=node.this.copy(), expression=node.expression.copy())


def _cut_at_start(node: exp.Expr) -> exp.Expr:
    """100 * (a // b): the share is cut to 0 or 1 before it becomes a percentage."""
    factor, rest = _without_factor(node.this)
    share = exp.paren(exp.IntDiv(this=rest.copy(), expression=node.expression.copy()))
    return exp.Mul(this=factor.copy() if factor is not None else exp.Literal.number(1), expression=share)


def _scales(tree: exp.Expr) -> Iterator[Change]:
    for place, node in each(tree, exp.Mul):
        if _is_hundred(node.this) or _is_hundred(node.expression):
            made = edited(tree, (exp.Mul,), place, _unscaled)
            yield Change("share for percent", "unit_scale", SCALE, made)


def _unscaled(node: exp.Expr) -> exp.Expr:
    rest: exp.Expr = node.expression if _is_hundred(node.this) else node.this
    return rest.copy()


def _is_hundred(node: exp.Expr) -> bool:
    return isinstance(node, exp.Literal) and not node.is_string and float(node.this) == 100
