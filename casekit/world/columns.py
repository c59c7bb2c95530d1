"""How a declared column is stored: its SQL type, the SQL that stores it and the SQL that reads it back."""

from __future__ import annotations

from collections.abc import Sequence

from casekit.world.declare import NULL, ColumnSpec, TableSpec

__all__ = [
    "declaring",
    "is_enum",
    "is_free_text",
    "quoted",
    "reading",
    "sql_name",
    "sql_type",
    "storing",
    "type_name",
]

SQL_TYPES = {
    "integer": "BIGINT",
    "number": "DOUBLE",
    "timestamp": "TIMESTAMP",
    "date": "DATE",
    "money": "DECIMAL(12, 2)",
    "boolean": "BOOLEAN",
    "text": "VARCHAR",
}


def is_enum(column: ColumnSpec) -> bool:
    """True for text whose values are declared."""
    return column.type == "text" and bool(column.values)


def is_free_text(column: ColumnSpec) -> bool:
    """True for text that is built as strings."""
    return column.type == "text" and not column.values and not column.prefix


def type_name(table: TableSpec, column: ColumnSpec) -> str:
    """The name of the column's own ENUM type, quoted."""
    return sql_name(f"{table.name}_{column.name}")


def sql_type(table: TableSpec, column: ColumnSpec) -> str:
    """The type the column is stored in."""
    return type_name(table, column) if is_enum(column) else SQL_TYPES[column.type]


def declaring(table: TableSpec) -> str:
    """The columns and types of a table, as they stand in CREATE TABLE."""
    return ", ".join(f"{sql_name(column.name)} {sql_type(table, column)}" for column in table.columns)


def storing(table: TableSpec, column: ColumnSpec) -> str:
    """
    SQL that turns a built value into the stored one.

    A place is looked up in a list of the values, which costs the same for three of them or for
    three hundred; -1 finds nothing there and is NULL.
    """
    name = sql_name(column.name)
    if is_enum(column):
        return f"({_list(column.values)}::{type_name(table, column)}[])[{name} + 1]"
    if column.nullable and column.type == "number":
        return f"CASE WHEN isnan({name}) THEN NULL ELSE {name} END"
    if column.nullable and not is_free_text(column):
        name = f"nullif({name}, {NULL})"
    if column.prefix:
        return f"{quoted(column.prefix)} || {name}"
    return {
        "integer": f"{name}::BIGINT",
        "timestamp": f"make_timestamp({name}::BIGINT * 1000000)",
        "date": f"DATE '1970-01-01' + {name}::INTEGER",
        "money": f"({name}::DECIMAL(12, 0) * 0.01)::DECIMAL(12, 2)",
        "boolean": f"{name}::BOOLEAN",
    }.get(column.type, name)


def reading(column: ColumnSpec) -> str:
    """SQL that turns a stored value back into the built one; a number that is NULL becomes the lowest."""
    name = sql_name(column.name)
    if is_enum(column):
        return f"coalesce(list_position({_list(column.values)}, {name}::VARCHAR), 0) - 1"
    if column.prefix:
        return f"coalesce(substr({name}, {len(column.prefix) + 1})::BIGINT, {NULL})"
    if column.type == "text":
        return name
    if column.type == "number":
        return f"coalesce({name}, 'nan'::DOUBLE)"
    number = {
        "timestamp": f"epoch_us({name}) // 1000000",
        "date": f"({name} - DATE '1970-01-01')",
        "money": f"({name} * 100)",
    }.get(column.type, name)
    return f"coalesce({number}::BIGINT, {NULL})"


def sql_name(identifier: str) -> str:
    """*identifier* as SQL takes any name."""
    return f'"{identifier}"'


def quoted(text: str) -> str:
    """*text* as an SQL literal."""
    return "'" + text.replace("'", "''") + "'"


def _list(values: Sequence[str]) -> str:
    return f"[{', '.join(map(quoted, values))}]"
