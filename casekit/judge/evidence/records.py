"""A schema from its JSON form, the form public collections of query pairs come in."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from casekit.judge.evidence.checks import with_bound, with_values
from casekit.judge.evidence.schema import ColumnDef, ForeignKey, Schema, TableDef

__all__ = ["schema_from_record"]

SIGNS = {"gt": ">", "gte": ">=", "lt": "<", "lte": "<="}


def schema_from_record(schema: Mapping[str, Any], constraints: Mapping[str, Any]) -> Schema:
    """
    The tables of *schema* with *constraints*.

    Args:
        schema: ``{"tables": [{"name": ..., "columns": [{"name": ..., "type": ...}]}]}``.
        constraints: ``pk``, ``unique``, ``fk``, ``not_null``, ``check``, ``enum``, ``must_contain`` and
            ``consecutive``, each a list that names table and columns; what is not known is left out.
    """
    return Schema(tuple(_table(table, constraints) for table in schema["tables"]))


def _table(record: Mapping[str, Any], constraints: Mapping[str, Any]) -> TableDef:
    name = record["name"]
    pk = list(constraints.get("pk", {}).get(name, []))
    required = {column for table, column in constraints.get("not_null", []) if table == name} | set(pk)
    columns = [
        ColumnDef(column["name"], column["type"], nullable=column["name"] not in required)
        for column in record["columns"]
    ]
    uniques = [tuple(entry[1]) for entry in constraints.get("unique", []) if entry[0] == name]
    table = TableDef(name, tuple(columns), tuple([tuple(pk)] * bool(pk) + uniques), _keys(name, constraints))
    return _with_limits(table, constraints)


def _keys(name: str, constraints: Mapping[str, Any]) -> tuple[ForeignKey, ...]:
    return tuple(
        ForeignKey(_listed(columns), parent, _listed(others))
        for table, columns, parent, others in constraints.get("fk", [])
        if table == name
    )


def _listed(columns: str | list[str]) -> tuple[str, ...]:
    return (columns,) if isinstance(columns, str) else tuple(columns)


def _with_limits(table: TableDef, constraints: Mapping[str, Any]) -> TableDef:
    columns = {column.name: column for column in table.columns}
    checks: list[str] = []
    for owner, name, values in constraints.get("enum", []):
        if owner == table.name and name in columns:
            columns[name] = with_values(columns[name], values)
    for owner, name, sign, value in constraints.get("check", []):
        if owner == table.name and name in columns:
            columns[name] = _bounded(columns[name], sign, value, checks)
    own: dict[str, list[Any]] = defaultdict(list)
    for kind in ("must_contain", "consecutive"):
        own[kind] = [entry[1:] for entry in constraints.get(kind, []) if entry[0] == table.name]
    return replace(
        table,
        columns=tuple(columns.values()),
        checks=tuple(checks),
        consecutive=tuple(name for (name,) in own["consecutive"]),
        required=tuple((name, value) for name, values in own["must_contain"] for value in values),
    )


def _bounded(column: ColumnDef, sign: str, value: Any, checks: list[str]) -> ColumnDef:
    operator = SIGNS.get(sign, {"eq": "=", "neq": "<>", "ne": "<>"}.get(sign))
    if operator is None or not isinstance(value, Mapping):
        return column
    if "value" in value:
        literal = value["value"]
        written = str(literal) if isinstance(literal, (int, float)) else f"'{literal}'"
        checks.append(f'"{column.name}" {operator} {written}')
        return with_bound(column, operator, literal) if sign in SIGNS else column
    if "column" in value:
        other = value["column"]
        name = other.split(".")[-1] if isinstance(other, str) else other[-1]
        checks.append(f'"{column.name}" {operator} "{name}"')
    return column
