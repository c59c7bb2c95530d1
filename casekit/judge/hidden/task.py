"""The part of the judge that runs a stranger's SQL many times: called in the locked worker only."""

from __future__ import annotations

import base64
import pickle
from typing import Any

# A locked worker can open no file, and sqlglot imports a dialect only when it is first asked for.
import sqlglot.dialects.duckdb  # noqa: F401

from casekit.judge.evidence import Evidence, compare_queries

__all__ = ["examine", "packed"]


def packed(material: dict[str, Any]) -> str:
    """Keyword arguments of `compare_queries` as text for the worker: the judge's own, never a stranger's."""
    return base64.b64encode(pickle.dumps(material, protocol=5)).decode("ascii")


def examine(connection: Any, arguments: dict[str, Any]) -> dict[str, Any]:
    """
    The evidence on a submission, as plain JSON.

    Args:
        connection: An empty DuckDB in memory, locked.
        arguments: ``material`` and ``asked`` from `packed`, ``submission``, the text that is judged, and
            ``seconds`` for all of it.
    """
    evidence: Evidence = compare_queries(
        submission=arguments["submission"],
        seconds=arguments["seconds"],
        connection=connection,
        **_unpacked(arguments["material"]),
        **_unpacked(arguments["asked"]),
    )
    return evidence.to_dict()


def _unpacked(text: str) -> dict[str, Any]:
    # Comes through the pipe from the notebook's own process, which started this one.
    unpacked: dict[str, Any] = pickle.loads(base64.b64decode(text))  # noqa: S301
    return unpacked
