"""The ledger of twists: what each did to the rows, in a file beside the data and never in it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, replace
from pathlib import Path

from casekit.errors import DataError
from casekit.world.declare import Entry

__all__ = ["entries_of", "join_ledgers", "read_truth", "truth_path", "truth_text"]

TRUTH_NAME = "truth.json"


def join_ledgers(ledgers: Iterable[Sequence[Entry]]) -> tuple[Entry, ...]:
    """One ledger from those of many blocks: what a twist did to one count is summed over them."""
    joined: dict[tuple[str, str], Entry] = {}
    for entry in (entry for ledger in ledgers for entry in ledger):
        key = (entry.twist, entry.counts)
        joined[key] = _sum(joined[key], entry) if key in joined else entry
    return tuple(joined.values())


def truth_path(data: Path) -> Path:
    """Where the ledger of a dataset lies: in a folder of Parquet files, or beside a DuckDB file."""
    return data / TRUTH_NAME if data.is_dir() else data.with_suffix(f".{TRUTH_NAME}")


def truth_text(entries: Iterable[Entry]) -> str:
    """The ledger as its file holds it."""
    return json.dumps([asdict(entry) for entry in entries], indent=1) + "\n"


def entries_of(told: Iterable[dict[str, object]]) -> tuple[Entry, ...]:
    """The entries that *told* writes down, as read from JSON."""
    return tuple(Entry(**entry) for entry in told)  # type: ignore[arg-type]


def read_truth(data: Path) -> tuple[Entry, ...]:
    """
    The ledger of the dataset at *data*, a DuckDB file or a folder; empty when its world has no twists.

    Raises:
        DataError: The ledger is there and cannot be read.
    """
    path = truth_path(data)
    try:
        return entries_of(json.loads(path.read_text("utf-8")))
    except FileNotFoundError:
        return ()
    except (OSError, ValueError, TypeError, AttributeError) as error:
        said = f"the ledger of twists {path} cannot be read: {error}"
        raise DataError(f"{said}. Build the dataset again; its rows tell the ledger anew.") from error


def _sum(left: Entry, right: Entry) -> Entry:
    return replace(
        left,
        exposed=left.exposed + right.exposed,
        base=left.base + right.base,
        actual=left.actual + right.actual,
    )
