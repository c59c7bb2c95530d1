"""What a build may be asked for, checked before anything is written."""

from __future__ import annotations

import re

from casekit.errors import UsageError
from casekit.world.declare import World

__all__ = ["check_chunk_blocks", "check_format", "check_memory", "check_parts"]

FORMATS = ("parquet", "duckdb")
MEMORY = re.compile(r"(\d{1,6}(?:\.\d{1,3})?) ?([KMGT])i?B", re.ASCII | re.IGNORECASE)
POWERS = {"K": 1, "M": 2, "G": 3, "T": 4}
LEAST_MEMORY_BYTES = 64_000_000


def check_format(format: str, part: tuple[int, int] | None, dask: str) -> None:  # noqa: A002
    """
    Lets the formats there are pass, and only that one in parts that many processes can write.

    Raises:
        UsageError: It is another one, or a DuckDB file in parts.
    """
    if format not in FORMATS:
        raise UsageError(f"there is no format {format!r}. Type --format parquet or --format duckdb")
    if format == "duckdb" and (part or dask):
        raise UsageError("one process writes a DuckDB file. To build in parts, type --format parquet")


def check_parts(world: World, slug: str, part: tuple[int, int] | None, dask: str) -> None:
    """
    Lets a world pass that can be built in parts, if parts are asked for.

    Raises:
        UsageError: It is drawn in one piece.
    """
    if world.block == 0 and (part or dask):
        raise UsageError(f"the world of {slug!r} is drawn in one piece. Leave out --part and --dask")


def check_chunk_blocks(chunk_blocks: object) -> None:
    """
    Lets a plain whole number of blocks pass; 0 leaves it to casekit.

    Raises:
        UsageError: It is anything else.
    """
    if type(chunk_blocks) is not int or chunk_blocks < 0:
        said = "chunk_blocks is a whole number of blocks, 1 or more, or 0 for about a million rows a chunk"
        raise UsageError(f"{said}; you gave {chunk_blocks!r:.60}. Leave it out, or type chunk_blocks=0")


def check_memory(memory_limit: object) -> None:
    """
    Lets a limit pass that DuckDB understands and can write with; empty leaves it to casekit.

    Raises:
        UsageError: It is written another way, or less than 64MB.
    """
    if memory_limit == "":
        return
    found = MEMORY.fullmatch(memory_limit) if isinstance(memory_limit, str) else None
    if found is None or float(found[1]) * 1000 ** POWERS[found[2].upper()] < LEAST_MEMORY_BYTES:
        said = f"a memory limit is a number and its unit, 64MB or more; you gave {memory_limit!r:.60}"
        raise UsageError(f"{said}. Type for example memory_limit='2GB'")
