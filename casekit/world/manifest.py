"""The committed digests of every case's default dataset: its rows never change by accident."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from casekit.world.chunks import WorldKey
from casekit.world.loading import DEFAULT_SIZE, load_world, read_source

__all__ = ["build_manifest", "describe_cases", "drift"]

DEFAULT_SEED = 7
MANIFEST = Path("data") / "manifest.json"
CASES = Path("casekit") / "cases"


def build_manifest(root: Path, check: bool) -> list[Path]:
    """The manifest's path if it was stale; it has been rewritten unless *check* is set."""
    path = root / MANIFEST
    text = json.dumps(describe_cases(root / CASES), indent=1) + "\n"
    if path.is_file() and path.read_text("utf-8") == text:
        return []
    if not check:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return [path]


def describe_cases(cases: Path) -> dict[str, Any]:
    """For each case folder in *cases*: seed, size, and each table's rows and digests, freshly drawn."""
    return {folder.parent.name: _describe(folder.parent) for folder in sorted(cases.glob("*/world.py"))}


def drift(told: Mapping[str, Any], found: Mapping[str, Any]) -> tuple[str, ...]:
    """What differs between two manifests: one line for each case, table or column."""
    return tuple(_differences(told, found, ""))


def _describe(folder: Path) -> dict[str, Any]:
    from casekit.world.drawing import digest_drawn

    slug = folder.name
    world = load_world(read_source(folder, slug), slug)
    digests = digest_drawn(world, WorldKey(slug, DEFAULT_SEED, world.sizes[DEFAULT_SIZE]))
    tables = {digest.name: {"rows": digest.rows, "columns": digest.columns} for digest in digests}
    return {"seed": DEFAULT_SEED, "size": DEFAULT_SIZE, "tables": tables}


def _differences(told: Any, found: Any, place: str) -> Iterator[str]:
    if not (isinstance(told, Mapping) and isinstance(found, Mapping)):
        if told != found:
            yield f"{place} was {told}, is {found}"
        return
    for name in [*told, *(name for name in found if name not in told)]:
        inner = f"{place} › {name}" if place else name
        if name in told and name in found:
            yield from _differences(told[name], found[name], inner)
        else:
            yield f"{inner} {'is gone' if name in told else 'is new'}"
