"""What running a query gave: a table, nothing, or a failure with its kind."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

from casekit.model import Table

__all__ = ["FAILURE_KINDS", "Failure", "FailureKind", "Ran"]

FailureKind = Literal[
    "empty",
    "several",
    "not-select",
    "syntax",
    "binder",
    "catalog",
    "runtime",
    "refused",
    "timeout",
    "memory",
    "too-large",
    "crash",
    "interrupted",
    "no-data",
]

FAILURE_KINDS: frozenset[str] = frozenset(get_args(FailureKind))


@dataclass(frozen=True)
class Failure:
    """
    Why a query gave no result.

    Attributes:
        kind: What sort of failure it is.
        message: What happened: DuckDB's own text for `syntax`, `binder`, `catalog` and `runtime`,
            else a sentence of ours.
        error_class: Name of DuckDB's exception, for example ``BinderException``; empty when the
            query never reached DuckDB.
    """

    kind: FailureKind
    message: str
    error_class: str = ""


@dataclass(frozen=True)
class Ran:
    """
    One query that was run.

    Attributes:
        table: The result; None for a failure and for statements without one (CREATE VIEW).
        failure: Why there is no result; None when the query worked.
        seconds: How long it took, in seconds of wall clock.
    """

    table: Table | None
    failure: Failure | None
    seconds: float
