"""The SQL that makes, fills and shows an arena's tables, where the rows of many databases stand together."""

from __future__ import annotations

from casekit.judge.evidence.schema import TableDef

__all__ = [
    "MANY",
    "NUMBER",
    "cast_columns",
    "correlated",
    "filling",
    "making",
    "names",
    "quoted",
    "taken_over",
    "view",
]

NUMBER = "casekit_database"
MANY = "casekit_many"


def making(table: TableDef) -> str:
    """Statements that make the table of all databases and the view of the one that is on."""
    name = quoted(table.name)
    columns = ", ".join(f"{quoted(column.name)} {column.type}" for column in table.columns)
    return f"CREATE TABLE {MANY}.{name} ({NUMBER} INTEGER, {columns});CREATE {view(table)};"


def view(table: TableDef, selected: str = "") -> str:
    """The view of the rows that are on, as it stands after CREATE."""
    name = quoted(table.name)
    read = selected or f"{names(table)} FROM"
    return f"VIEW {name} AS SELECT {read} {MANY}.{name} WHERE {NUMBER} = getvariable('{NUMBER}')"


def taken_over(table: TableDef) -> str:
    """The name of the arena's own copy of a table that stands elsewhere."""
    return f"{MANY}.{quoted(f'casekit_crowd_{table.name}')}"


def cast_columns(table: TableDef) -> str:
    """The columns of a table elsewhere as this one has them: two ENUM types are strangers to each other."""
    named = ((quoted(column.name), column.type) for column in table.columns)
    return ", ".join(f"{name}::VARCHAR::{kind}" if kind.startswith("ENUM") else name for name, kind in named)


def correlated(table: TableDef) -> str:
    """The common table of a table's rows in one of many databases, inside a lateral join."""
    name = quoted(table.name)
    rows = f"SELECT {names(table)} FROM {MANY}.{name} AS casekit_t"
    return f"{name} AS ({rows} WHERE casekit_t.{NUMBER} = casekit_d.n)"


def filling(table: TableDef) -> str:
    """The statement that adds rows, given column by column."""
    columns = ", ".join(f"unnest(?::{_storable(column.type)}[])" for column in table.columns)
    return f"INSERT INTO {MANY}.{quoted(table.name)} SELECT unnest(?::INTEGER[]), {columns}"


def _storable(type_: str) -> str:
    return "VARCHAR" if type_.startswith("ENUM") else type_


def names(table: TableDef) -> str:
    """The columns, as a list for SELECT."""
    return ", ".join(quoted(column.name) for column in table.columns)


def quoted(name: str) -> str:
    """*name* as SQL writes it whatever it holds."""
    return '"' + name.replace('"', '""') + '"'
