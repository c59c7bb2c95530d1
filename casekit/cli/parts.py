"""What can be built, as the words a person types."""

from __future__ import annotations

from enum import StrEnum

__all__ = ["Part"]


class Part(StrEnum):
    """One kind of generated file, or all of them."""

    NOTEBOOKS = "notebooks"
    DOCS = "docs"
    SCHEMAS = "schemas"
    DATA = "data"
    GOLDEN = "golden"
    ALL = "all"
