"""What could stand at the cursor of a ``%%sql`` cell: exercise ids, tables, columns, CTE names, keywords."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

__all__ = ["Schema", "Suggestion", "suggest"]

Schema = Mapping[str, Sequence[tuple[str, str]]]  # table -> (column, type), in order

_FIRST_LINE = re.compile(r"\s*%%sql[ \t]+([\w-]*)\Z")
_WORD = re.compile(r"(?:([A-Za-z_]\w*)\.)?(\w*)\Z")
_WANTS_TABLE = re.compile(
    r"\b(?:FROM|JOIN|DESCRIBE|SUMMARIZE)\s+\w*\Z|\bFROM\s+[\w\s,.]*,\s*\w*\Z", re.IGNORECASE
)
_SOURCE = re.compile(
    r"(?:\b(?:FROM|JOIN)\s+|,\s*)(?:ds\.)?([A-Za-z_]\w*)(?:\s+(?:AS\s+)?([A-Za-z_]\w*))?", re.IGNORECASE
)
_CTE = re.compile(
    r"(?:\bWITH\s+(?:RECURSIVE\s+)?|\)\s*,\s*)([A-Za-z_]\w*)\s*(?:\([^()]*\)\s*)?AS\s*(?:MATERIALIZED\s*)?\(",
    re.IGNORECASE,
)
_OUT_NAME = re.compile(r"(?:\bAS\s+|\.|^)([A-Za-z_]\w*)\s*\Z", re.IGNORECASE)
_COMMENT_OR_TEXT = re.compile(r"--[^\n]*|'(?:[^']|'')*'?")

# written as text: a list of one word a line hides what is there
_KEYWORD_TEXT = """
SELECT FROM WHERE GROUP ORDER BY HAVING LIMIT OFFSET JOIN LEFT RIGHT INNER FULL CROSS ASOF ON USING AS
WITH RECURSIVE CASE WHEN THEN ELSE END DISTINCT UNION ALL EXCEPT INTERSECT AND OR NOT NULL IS IN EXISTS
BETWEEN LIKE ILIKE OVER PARTITION ROWS RANGE PRECEDING FOLLOWING CURRENT ROW UNBOUNDED QUALIFY FILTER
DESC ASC NULLS FIRST LAST CAST INTERVAL DATE TIMESTAMP TRUE FALSE DESCRIBE SUMMARIZE CREATE VIEW TEMP TABLE
"""
_FUNCTION_TEXT = """
abs any_value avg bool_and bool_or ceil coalesce count count_if date_diff date_part date_trunc day
dense_rank first_value floor greatest ifnull lag last_value lead least length list list_transform lower
max median min month nullif ntile percent_rank quantile_cont rank regexp_matches replace round row_number
split_part sqrt starts_with stddev_samp strftime string_split substr sum trim try_cast upper week year
"""
_KEYWORDS = tuple(_KEYWORD_TEXT.split())
_FUNCTIONS = tuple(_FUNCTION_TEXT.split())


@dataclass(frozen=True)
class Suggestion:
    """One completion: the text, and what it is (shown beside it)."""

    text: str
    kind: str


def suggest(
    before: str, whole: str, schema: Schema, exercises: Iterable[str]
) -> tuple[str, list[Suggestion]]:
    """
    What could stand where the cursor is.

    Args:
        before: The cell up to the cursor.
        whole: The whole cell.
        schema: Tables with their columns.
        exercises: Ids that may follow ``%%sql``.

    Returns:
        The word being typed, and the suggestions that begin with it.
    """
    if "\n" not in before:
        first = _FIRST_LINE.match(before)
        if first is None:
            return "", []
        return first[1], _fitting(first[1], [Suggestion(name, "exercise") for name in exercises])
    found = _WORD.search(before)
    owner, typed = (found[1], found[2]) if found else (None, "")
    if _is_inside_text(before):
        return typed, []
    return typed, _fitting(typed, _candidates(before, whole.partition("\n")[2], owner, typed, schema))


def _candidates(before: str, sql: str, owner: str | None, typed: str, schema: Schema) -> list[Suggestion]:
    tables = _known_tables(_COMMENT_OR_TEXT.sub(" ", sql), schema)
    aliases = _aliases(_COMMENT_OR_TEXT.sub(" ", sql), tables)
    if owner is not None:
        return [Suggestion(name, kind) for name, kind in aliases.get(owner.casefold(), ())]
    sources = [Suggestion(name, "table") for name in tables]
    if _WANTS_TABLE.search(before):
        return sources
    columns = [Suggestion(name, kind) for listed in (aliases or tables).values() for name, kind in listed]
    if not typed:
        return _unique([*columns, *sources])
    words = [Suggestion(_cased(word, typed), "keyword") for word in _KEYWORDS]
    calls = [Suggestion(f"{name}(", "function") for name in _FUNCTIONS]
    return _unique([*columns, *sources, *words, *calls])


def _fitting(typed: str, suggestions: Iterable[Suggestion]) -> list[Suggestion]:
    return [one for one in suggestions if one.text.casefold().startswith(typed.casefold())]


def _unique(suggestions: Iterable[Suggestion]) -> list[Suggestion]:
    return list({one.text: one for one in reversed(list(suggestions))}.values())[::-1]


def _cased(keyword: str, typed: str) -> str:
    return keyword.lower() if typed.islower() else keyword


def _is_inside_text(before: str) -> bool:
    """True inside a quoted string or a comment, where nothing should pop up."""
    sql = before.partition("\n")[2]
    rest = re.sub(r"'(?:[^']|'')*'|--[^\n]*\n", "", sql)
    return "'" in rest or "--" in rest


def _known_tables(sql: str, schema: Schema) -> dict[str, Sequence[tuple[str, str]]]:
    named = {match[1]: _output_columns(sql, match.end()) for match in _CTE.finditer(sql)}
    return {**named, **schema}


def _output_columns(sql: str, start: int) -> list[tuple[str, str]]:
    """The columns a CTE puts out, as far as its SELECT list names them."""
    body = _balanced(sql, start)
    chosen = re.match(r"\s*SELECT\s+(?:DISTINCT\s+)?(.*?)\sFROM\s", body, re.IGNORECASE | re.DOTALL)
    parts = _split_commas(chosen[1]) if chosen else []
    names = [found[1] for part in parts if (found := _OUT_NAME.search(part.strip()))]
    return [(name, "column") for name in names]


def _balanced(sql: str, start: int) -> str:
    depth = 1
    for at in range(start, len(sql)):
        depth += {"(": 1, ")": -1}.get(sql[at], 0)
        if depth == 0:
            return sql[start:at]
    return sql[start:]


def _split_commas(text: str) -> list[str]:
    parts, depth, last = [], 0, 0
    for at, char in enumerate(text):
        depth += {"(": 1, ")": -1}.get(char, 0)
        if char == "," and depth == 0:
            parts.append(text[last:at])
            last = at + 1
    return [*parts, text[last:]]


def _aliases(
    sql: str, tables: Mapping[str, Sequence[tuple[str, str]]]
) -> dict[str, Sequence[tuple[str, str]]]:
    by_fold = {name.casefold(): columns for name, columns in tables.items()}
    aliases: dict[str, Sequence[tuple[str, str]]] = {}
    for table, alias in _SOURCE.findall(sql):
        columns = by_fold.get(table.casefold())
        if columns is None:
            continue
        named = alias.casefold() if alias and alias.upper() not in _KEYWORDS else table.casefold()
        aliases.setdefault(named, columns)
        aliases.setdefault(table.casefold(), columns)
    return aliases
