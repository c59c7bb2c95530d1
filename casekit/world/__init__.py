"""
The world: each case's dataset, declared in its ``world.py``, built once and verified on every open.

``ensure_dataset`` gives a file that is whole and up to date; ``World``, ``TableSpec``, ``ColumnSpec``
and ``Fact`` are what an author declares with; ``casekit.world.draws.Draws`` draws the rows.
"""

from __future__ import annotations

from casekit.world.declare import ColumnSpec, Fact, TableSpec, World
from casekit.world.manifest import build_manifest
from casekit.world.store import Dataset, data_directory, ensure_dataset

__all__ = [
    "ColumnSpec",
    "Dataset",
    "Fact",
    "TableSpec",
    "World",
    "build_manifest",
    "data_directory",
    "ensure_dataset",
]
