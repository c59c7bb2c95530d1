"""The misconceptions that mutants stand for: those of the catalogue first, plain slips of SQL after them."""

from __future__ import annotations

__all__ = ["CATALOGUE", "SLIPS"]

# Tag and what it means; a profile counts them over all cases, so a trap and a mutant share them.
CATALOGUE = {
    "dup_key": "Identical rows are not the only duplicates; choose the business key.",
    "fanout": "One row became several when you joined; check the grain before counting.",
    "outer_to_inner": "The rows without a match are gone.",
    "ratio_of_means": "You averaged ratios; busy and quiet periods now weigh the same.",
    "text_order": "Versions and numbers stored as text sort letter by letter.",
    "tie_cut": "LIMIT cut through equals.",
    "unit_scale": "The same thing was taken in another unit.",
    "wrong_clock": "A moment is not a day, and one clock is not another.",
    "wrong_unit_of_analysis": "You counted one thing where another was asked for.",
    "zero_division": "A zero or missing estimate became an infinite value.",
}
SLIPS = {
    "boolean_logic": "Conditions were put together by the wrong word.",
    "boundary": "The value on the boundary went to the wrong side.",
    "grain": "The rows are of another length of time.",
    "inner_to_outer": "Rows without a match stayed.",
    "integer_division": "What comes after the point was cut off.",
    "mean_or_median": "The mean and the median answer different questions.",
    "missing_partition": "Everybody was compared with everybody.",
    "null_handling": "A missing value was counted, hidden or filled.",
    "order_direction": "The first is where the last should be.",
    "wrong_numerator": "A count or sum takes in more than it should.",
    "wrong_population": "Rows or groups were counted that do not belong, or left out that do.",
    "wrong_statistic": "Another statistic was asked for.",
    "wrong_type": "A value was taken in the type it is stored in.",
    "wrong_window": "The window takes in the wrong rows.",
}
