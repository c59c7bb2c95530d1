"""What to type instead, for the mistakes people bring from other databases and older DuckDBs."""

from __future__ import annotations

import re
from dataclasses import dataclass

__all__ = ["MISSING_FUNCTIONS", "MISTAKES", "SILENT", "Mistake", "advice_for"]


@dataclass(frozen=True)
class Mistake:
    """
    A mistake known by its error and its text.

    Attributes:
        message: Regular expression DuckDB's error must match; empty for any.
        sql: Regular expression the query must match; empty for any.
        say: What to type instead.
    """

    message: str
    sql: str
    say: str


MISTAKES: tuple[Mistake, ...] = (
    Mistake(
        "lambda arrow", "", "Write a small function as `lambda x: x + 1`; the arrow `x -> x + 1` is gone."
    ),
    Mistake(
        r'syntax error at or near "(year|quarter|month|week|day|hour|minute|second)"',
        "",
        "year, month, week, day and the like are keywords: a column of that name needs AS, as in `AS week`.",
    ),
    Mistake(
        r"'avg\(BOOLEAN\)'",
        "",
        "avg() takes numbers, not true and false: write avg(flag::INT), or count_if(flag) / count(*).",
    ),
    Mistake(
        r"'(avg|sum|median|stddev\w*|var\w*|quantile\w*)\(VARCHAR",
        "",
        "That column is text: cast it first, for example column::DOUBLE.",
    ),
    Mistake(
        "must appear in the GROUP BY",
        "",
        "Beside an aggregate, every other column must be in GROUP BY. GROUP BY ALL does it for you.",
    ),
    Mistake(
        "WHERE clause cannot contain aggregates",
        "",
        "WHERE looks at single rows, before they are grouped: move that condition to HAVING.",
    ),
    Mistake(
        "WHERE clause cannot contain window",
        "",
        "WHERE runs before window functions: move that condition to QUALIFY, after WHERE and GROUP BY.",
    ),
    Mistake(
        "aggregate function calls cannot be nested",
        "",
        "Take two steps: the inner aggregate in a WITH, the outer one over it.",
    ),
    Mistake(
        "but the expression has a subquery",
        "",
        "A name whose expression holds a subquery cannot be used again beside it: compute it in a WITH.",
    ),
    Mistake(
        "Ambiguous reference",
        "",
        "Two tables have that column: put the table or its alias in front, or join with USING (column).",
    ),
    Mistake(
        "same number of result columns",
        "",
        "Both sides of a UNION need the same columns, in the same order.",
    ),
    Mistake(
        "More than one row returned by a subquery",
        "",
        "A subquery used as one value gave several rows: aggregate it, tie it to the outer row, or use IN.",
    ),
    Mistake(r"Subquery returns \d+ columns", "", "A subquery used as one value needs exactly one column."),
    Mistake(
        r"'date_?trunc\((TIMESTAMP|DATE)",
        "",
        "The unit comes first: date_trunc('week', started_at). It gives a TIMESTAMP; add ::DATE for a date.",
    ),
    Mistake(
        r"'date_?diff\(",
        "",
        "date_diff takes the unit first: date_diff('day', first, last).",
    ),
    Mistake(r"'date_?sub\(", "", "Subtract an interval: started_at - INTERVAL 7 DAY."),
    Mistake(
        r"'[-+]\((TIMESTAMP|DATE)[^,]*, (INTEGER|DECIMAL)",
        "",
        "Add or subtract an interval, not a number: started_at - INTERVAL 7 DAY.",
    ),
    Mistake(
        "extract specifier",
        "",
        "The unit is one of 'second', 'minute', 'hour', 'day', 'week', 'month', 'quarter', 'year'.",
    ),
    Mistake(
        r"(date|timestamp) field (format|value)|Cannot compare values of type (DATE|TIMESTAMP) and type INT",
        "",
        "A date is text with the year first: '2025-03-31', or DATE '2025-03-31'.",
    ),
    Mistake(
        r"Conversion Error: (?!extract specifier)",
        "",
        "TRY_CAST(column AS type) gives NULL where a value does not fit, so that you can find it.",
    ),
    Mistake(
        "", r"\bSELECT\s+(?:DISTINCT\s+)?TOP\s*\(?\s*\d", "There is no TOP: put LIMIT 5 at the end instead."
    ),
    Mistake("syntax error", r"\bLIMIT\s+\d+\s*,\s*\d", "LIMIT 5, 10 is written LIMIT 10 OFFSET 5."),
    Mistake("syntax error", "[‘’“”„]", "There are typographic quotes in the query: type ' for text."),
    Mistake("unterminated", "", "A quote is never closed. A quote inside text is written twice: 'it''s'."),
    Mistake(
        "Values were not provided",
        "",
        "?, $1 and $name stand for values that nobody fills in here: write the values themselves.",
    ),
    Mistake('"rownum"', r"\browNum\b", "There is no ROWNUM: use row_number() OVER (ORDER BY ...), or LIMIT."),
    Mistake('"sysdate"', r"\bsysdate\b", "There is no SYSDATE: use current_timestamp or current_date."),
    Mistake("expression depth", "", "The expression is nested too deeply: split it over a few WITH steps."),
)

SILENT: tuple[Mistake, ...] = (
    Mistake(
        "",
        r"(?:=|<>|!=)\s*NULL\b",
        "Nothing equals NULL, not even NULL: write IS NULL or IS NOT NULL.",
    ),
    Mistake(
        "",
        r"\bNOT\s+IN\s*\(\s*(?:SELECT|FROM|WITH)\b",
        "NOT IN keeps no row at all when the subquery holds a NULL: NOT EXISTS or ANTI JOIN is safe.",
    ),
)

# Functions of other databases that DuckDB does not have, and what does the same here.
MISSING_FUNCTIONS: dict[str, str] = {
    "nvl": "coalesce(a, b)",
    "isnull": "coalesce(a, b), or a IS NULL",
    "zeroifnull": "coalesce(a, 0)",
    "nullifzero": "nullif(a, 0)",
    "iif": "CASE WHEN ... THEN ... ELSE ... END",
    "safe_divide": "a / nullif(b, 0)",
    "div0": "a / nullif(b, 0)",
    "convert": "CAST(a AS type), or a::type",
    "safe_cast": "TRY_CAST(a AS type)",
    "to_number": "a::DOUBLE",
    "date_format": "strftime(moment, '%Y-%m')",
    "format_date": "strftime(moment, '%Y-%m')",
    "to_char": "strftime(moment, '%Y-%m')",
    "str_to_date": "strptime(text, '%d.%m.%Y')",
    "parse_date": "strptime(text, '%d.%m.%Y')::DATE",
    "to_date": "strptime(text, '%d.%m.%Y')::DATE, or text::DATE",
    "dateadd": "moment + INTERVAL 7 DAY",
    "adddate": "moment + INTERVAL 7 DAY",
    "timestampadd": "moment + INTERVAL 7 DAY",
    "timestamp_add": "moment + INTERVAL 7 DAY",
    "timestampdiff": "date_diff('day', first, last)",
    "timestamp_diff": "date_diff('day', first, last)",
    "months_between": "date_diff('month', first, last)",
    "timestamp_trunc": "date_trunc('week', moment)",
    "unix_timestamp": "epoch(moment)",
    "from_unixtime": "to_timestamp(seconds)",
    "curdate": "current_date",
    "getdate": "current_timestamp",
    "sysdate": "current_timestamp",
    "rand": "random()",
    "charindex": "strpos(text, part)",
    "locate": "strpos(text, part)",
    "regexp_contains": "regexp_matches(text, pattern)",
    "regexp_like": "regexp_matches(text, pattern)",
    "sumif": "sum(a) FILTER (WHERE condition)",
    "avgif": "avg(a) FILTER (WHERE condition)",
    "approx_percentile": "approx_quantile(a, 0.5)",
    "percentile": "quantile_cont(a, 0.5)",
    "percentile_approx": "approx_quantile(a, 0.5)",
    "array_size": "len(list)",
    "collect_list": "list(a)",
    "erf": "math.erf in Python on the number your query gives",
    "erfc": "math.erfc in Python on the number your query gives",
}


def advice_for(mistakes: tuple[Mistake, ...], message: str, code: str) -> list[str]:
    """What to say about each of *mistakes* that fits the error's *message* and the query's *code*."""
    return [
        mistake.say
        for mistake in mistakes
        if re.search(mistake.message, message, re.IGNORECASE) and re.search(mistake.sql, code, re.IGNORECASE)
    ]
