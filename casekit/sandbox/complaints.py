"""DuckDB's exceptions as failures with a kind."""

from __future__ import annotations

import re

from casekit.sandbox.outcome import Failure, FailureKind

__all__ = ["MOST_CHARACTERS", "failure_from", "unopened"]

MOST_CHARACTERS = 2_000
_CANDIDATES = re.compile(r"\n\tCandidate functions:(?:\n\t[^\n]*)*")  # pages of overloads

_KIND_OF: dict[str, FailureKind] = {
    "ParserException": "syntax",
    "SyntaxException": "syntax",
    "BinderException": "binder",
    "CatalogException": "catalog",
    "PermissionException": "refused",
    "HTTPException": "refused",
    "ResourceInUseException": "refused",
    "IOException": "refused",
    "InterruptException": "timeout",
    "OutOfMemoryException": "memory",
    "MemoryError": "memory",
    "RecursionError": "too-large",
    "FatalException": "crash",
    "InternalException": "crash",
}

_REFUSALS = (
    "has been locked",
    "disabled by configuration",
    "disabled through configuration",
    "attached in read-only mode",
    "Persistent secrets are disabled",
)

_READS_ONLY = "Only the case's tables can be read here: no files, no network, no extensions, no settings."
_READ_ONLY_TABLES = (
    "The case's tables are read-only: nothing can be added, changed or dropped. "
    "Build a view or table of your own from them."
)


def failure_from(error: BaseException) -> Failure:
    """The failure that *error*, raised while running a query, stands for."""
    name = type(error).__name__
    text = _CANDIDATES.sub("", str(error))[:MOST_CHARACTERS]
    kind = _kind(name, text)
    return Failure(kind, _words(kind, text), name)


def _kind(name: str, text: str) -> FailureKind:
    if any(sign in text for sign in _REFUSALS):
        return "refused"
    return _KIND_OF.get(name, "runtime")


def _words(kind: FailureKind, text: str) -> str:
    if "is busy with another call" in text:
        return "The query before this one is still stopping. Wait a moment, then run this one again."
    if kind == "refused":
        return _READ_ONLY_TABLES if "read-only mode" in text else _READS_ONLY
    if kind == "timeout":
        return "The query took too long and was stopped."
    if kind == "memory":
        return "The query needed more memory than one query may use and was stopped."
    return text


def unopened(error: Exception) -> Failure:
    """The failure of a dataset that cannot be opened."""
    words = f"The dataset cannot be opened ({error}). Open the case again to have it rebuilt."
    return Failure("no-data", words, type(error).__name__)
