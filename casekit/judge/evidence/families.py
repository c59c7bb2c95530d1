"""Families of DuckDB types, and a value brought into its column's family."""

from __future__ import annotations

from contextlib import suppress
from datetime import date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from typing import Literal

__all__ = ["Family", "family_of", "fitted", "range_of"]

Family = Literal["integer", "float", "decimal", "text", "date", "timestamp", "boolean", "time", "other"]

_BY_NAME: dict[str, Family] = {
    "VARCHAR": "text",
    "DATE": "date",
    "BOOLEAN": "boolean",
    "TIME": "time",
    "FLOAT": "float",
    "DOUBLE": "float",
    "REAL": "float",
}
_BITS = {"TINYINT": 8, "SMALLINT": 16, "BIGINT": 64, "HUGEINT": 128}
_NATIVE: dict[Family, type] = {
    "float": float,
    "text": str,
    "date": date,
    "timestamp": datetime,
    "boolean": bool,
    "decimal": Decimal,
}
_INTEGERS = {f"{sign}{size}INT" for sign in ("", "U") for size in ("TINY", "SMALL", "BIG", "HUGE")}
_INTEGERS |= {"INTEGER", "UINTEGER", "INT"}


def family_of(type_: str) -> Family:
    """The family of a DuckDB type; ``other`` for lists, structs, intervals and the like."""
    name = type_.upper()
    if name in _BY_NAME:
        return _BY_NAME[name]
    if name in _INTEGERS:
        return "integer"
    for start, family in (("DECIMAL", "decimal"), ("TIMESTAMP", "timestamp"), ("ENUM", "text")):
        if name.startswith(start) and not name.endswith("]"):
            return family  # type: ignore[return-value]
    return "other"


def range_of(type_: str) -> tuple[int, int] | None:
    """The smallest and largest whole number a column of *type_* holds; None when it is no number."""
    name = type_.upper()
    if family_of(name) == "integer":
        bits = next((bits for size, bits in _BITS.items() if size in name), 32)
        half = 1 << (min(bits, 53) - 1)  # past 53 bits nothing is gained
        return (0, half * 2 - 1) if name.startswith("U") else (-half, half - 1)
    if family_of(name) == "decimal":
        parts = name[len("DECIMAL") :].strip("()").split(",")
        digits, scale = (int(parts[0]), int(parts[-1])) if parts[0].isdigit() else (18, 3)
        most = 10 ** (digits - (scale if len(parts) > 1 or not parts[0] else 0)) - 1
        return -most, most
    return None


def fitted(value: object, family: Family) -> object:  # noqa: PLR0911 - one line a family
    """*value* as a value of *family*, or None when it has no such form."""
    if value is None or type(value) is _NATIVE.get(family):
        return value
    with suppress(ValueError, InvalidOperation, OverflowError, TypeError):
        match family:
            case "integer":
                return _whole(value)
            case "float":
                return None if isinstance(value, (date, time)) else float(value)  # type: ignore[arg-type]
            case "decimal":
                return None if isinstance(value, (date, time)) else Decimal(str(value))
            case "text":
                return _text(value)
            case "boolean":
                return value if isinstance(value, bool) else None
            case "date":
                return _day(value)
            case "timestamp":
                return _moment(value)
            case "time":
                return value if isinstance(value, time) else time.fromisoformat(str(value))
    return None


def _whole(value: object) -> int | None:
    if type(value) is int:
        return value if abs(value) < 1 << 53 else None
    if isinstance(value, (date, time, timedelta)):
        return None
    number = Decimal(str(value)) if not isinstance(value, bool) else Decimal(int(value))
    whole = int(number)
    return whole if abs(whole) < 1 << 53 else None


def _text(value: object) -> str:
    if isinstance(value, Decimal):
        return format(value, "f")
    return value if isinstance(value, str) else str(value)


def _day(value: object) -> date | None:
    if isinstance(value, datetime):
        return value.date()
    return value if isinstance(value, date) else datetime.fromisoformat(str(value).strip()).date()


def _moment(value: object) -> datetime | None:
    if isinstance(value, datetime):
        return value
    if isinstance(value, date):
        return datetime.combine(value, time.min)
    return datetime.fromisoformat(str(value).strip()).replace(tzinfo=None)
