"""Did-you-mean: names and keywords a failing query probably meant."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence

from casekit.errors import near_names
from casekit.sandbox.advice import MISSING_FUNCTIONS

__all__ = ["name_advice", "syntax_advice"]

_COLUMN = re.compile(
    r'Referenced column "([^"]+)" (?:was )?not found'
    r'|does not have a column named "([^"]+)"'
)
_USING = re.compile(r'Column "([^"]+)" does not exist on (left|right) side')
_TABLE = re.compile(r'Table with name "?([^\s"]+?)"? does not exist')
_ALIAS = re.compile(r'Referenced table "([^"]+)" not found!\s*(?:Candidate tables: (.+))?')
_FUNCTION = re.compile(r'Function with name "?(\w+)"? does not exist')
_NEAR = re.compile(r'syntax error at or near "(.*)"')
_SUGGESTED = re.compile(r'Did you mean "([^"]+)"')

_KEYWORDS = (
    *("SELECT", "FROM", "WHERE", "GROUP", "ORDER", "HAVING", "LIMIT", "OFFSET", "QUALIFY", "UNION"),
    *("JOIN", "LEFT", "RIGHT", "INNER", "OUTER", "USING", "DISTINCT", "BETWEEN", "PARTITION", "OVER"),
    *("WITH", "WHEN", "THEN", "ELSE", "FILTER"),
)


def name_advice(
    message: str, sql: str, schema: Mapping[str, Sequence[str]], own: Collection[str]
) -> list[str]:
    """What a column, table, alias or function that *message* does not know was meant to be."""
    if found := _COLUMN.search(message):
        name = next(group for group in found.groups() if group)
        return [_about_column(name, message, sql, schema)]
    if found := _USING.search(message):
        return [f"USING needs the column in both tables, and {found[1]} is not in the {found[2]} one."]
    if found := _TABLE.search(message):
        return _about_table(found[1], schema, own)
    if found := _ALIAS.search(message):
        return _about_alias(found[1], found[2] or "", schema)
    if found := _FUNCTION.search(message):
        return _about_function(found[1].lower(), message)
    return []


def syntax_advice(message: str, code: str, schema: Mapping[str, Sequence[str]]) -> list[str]:
    """What is probably wrong with *code*, a query without its texts and comments."""
    advice = _misspelt_keyword(message, code, schema)
    missing = code.count("(") - code.count(")")
    if missing > 0:
        advice.append(f"{missing} opening bracket{'s are' if missing > 1 else ' is'} never closed.")
    if missing < 0:
        advice.append(f"There {'are' if missing < -1 else 'is'} {-missing} closing bracket(s) too many.")
    if _count("CASE", code) > _count("END", code):
        advice.append("Every CASE needs an END.")
    near = _NEAR.search(message)
    if not advice and near and code.rstrip(" \n\t;").upper().endswith(near[1].upper()):
        advice.append(f"The query stops too early: something is missing at or after {near[1]}.")
    return advice


def _about_column(name: str, message: str, sql: str, schema: Mapping[str, Sequence[str]]) -> str:
    if "the FROM clause is missing" in message:
        return f"{name} needs a table to come from: add FROM."
    owners = [table for table, columns in schema.items() if name.casefold() in map(str.casefold, columns)]
    if owners:
        return f"{name} is a column of {' and of '.join(owners)}: join that table, or use its alias."
    if re.search(rf'\bAS\s+"?{re.escape(name)}\b', sql, re.IGNORECASE):
        return (
            f"{name} is a name given in SELECT, and it is not known here: repeat the expression, "
            "or put the SELECT into a WITH and go on from there."
        )
    everywhere = {column: table for table, columns in schema.items() for column in columns}
    near = near_names(name, everywhere)
    if near:
        return "Did you mean " + " or ".join(f"{column} (in {everywhere[column]})" for column in near) + "?"
    if f'"{name}"' in sql:
        return f"Double quotes name a column. Text takes single quotes: '{name}'."
    return f"No table of the case has a column {name}. case.tables() lists them all."


def _about_table(name: str, schema: Mapping[str, Sequence[str]], own: Collection[str]) -> list[str]:
    bare = name.rsplit(".", 1)[-1]
    if bare.casefold() in map(str.casefold, own):
        return [f"An answer stands alone: put your view or table {bare} into a WITH in front of it."]
    near = near_names(bare, schema)
    if near:
        return ["Did you mean " + " or ".join(near) + "?"]
    return [
        "The case's tables are " + ", ".join(schema) + "." if schema else "No table is open yet.",
        f"If {bare} is a view you made while exploring: an answer stands alone, put it into a WITH.",
    ]


def _about_alias(name: str, candidates: str, schema: Mapping[str, Sequence[str]]) -> list[str]:
    known = re.findall(r'"([^"]+)"', candidates)
    if known and name.casefold() in map(str.casefold, schema):
        return [f"Once {name} has an alias, only the alias works. Known here: {', '.join(known)}."]
    if known:
        return [f"No table here goes by {name}. Known here: {', '.join(known)}."]
    return [f"{name} is not in this query's FROM: add it, or check the alias."]


def _about_function(name: str, message: str) -> list[str]:
    if name in MISSING_FUNCTIONS:
        return [f"DuckDB has no {name}(). Use {MISSING_FUNCTIONS[name]}."]
    suggested = _SUGGESTED.search(message)
    close = near_names(name, [suggested[1]]) if suggested else []
    return [f"Did you mean {close[0]}()?"] if close else []


def _misspelt_keyword(message: str, code: str, schema: Mapping[str, Sequence[str]]) -> list[str]:
    near = _NEAR.search(message)
    if not near:
        return []
    names = {part.casefold() for table, columns in schema.items() for part in (table, *columns)}
    for word in re.findall(r"[A-Za-z_]+", code):
        if word.upper() in _KEYWORDS or word.casefold() in names:
            continue
        keyword = _swapped_or_missing(word.upper())
        if keyword:
            return [f"Did you mean {keyword} where it says {word}?"]
    return []


def _swapped_or_missing(word: str) -> str:
    """The keyword that *word* is one typing slip away from: a swap, or a letter more or less."""
    for keyword in _KEYWORDS:
        if word != keyword and (sorted(word) == sorted(keyword) or _one_off(word, keyword)):
            return keyword
    return ""


def _one_off(word: str, keyword: str) -> bool:
    short, long = sorted((word, keyword), key=len)
    return len(long) - len(short) == 1 and any(
        long[:place] + long[place + 1 :] == short for place in range(len(long))
    )


def _count(keyword: str, code: str) -> int:
    return len(re.findall(rf"\b{keyword}\b", code, re.IGNORECASE))
