"""The part of the judge that runs a stranger's SQL many times: called in the locked worker, never beside it."""

from __future__ import annotations

import base64
import pickle
from typing import Any

from casekit.judge.evidence import Evidence, compare_queries

__all__ = ["examine", "packed"]


def packed(material: dict[str, Any]) -> str:
    """Keyword arguments of `compare_queries` as text, for the worker; they are the judge's own, never a stranger's."""
    return base64.b64encode(pickle.dumps(material, protocol=5)).decode("ascii")


def examine(connection: Any, arguments: dict[str, Any]) -> dict[str, Any]:
    """
    The evidence on a submission, as plain JSON.

    Args:
        connection: An empty DuckDB in memory, locked.
        arguments: ``material`` from `packed`, and ``submission``, the text that is judged.
    """
    # Comes through the pipe from the notebook's own process, which started this one.
    material = pickle.loads(base64.b64decode(arguments["material"]))  # noqa: S301
    evidence: Evidence = compare_queries(
        submission=arguments["submission"],
        seconds=arguments["seconds"],
        connection=connection,
        **material,
    )
    return evidence.to_dict()
