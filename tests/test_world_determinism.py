"""The same rows wherever and however they are drawn: in a fresh process, in threads, block by block."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

import casekit
from casekit.world.blocks import Block, blocks_of, draw_block, join_rows
from casekit.world.declare import Columns, World
from casekit.world.loading import load_world, read_source
from casekit.world.writing import digest_table

CASES = Path(casekit.__file__).parent / "cases"
SLUGS = sorted(place.parent.name for place in CASES.glob("*/world.py"))
WORLDS = {slug: load_world(read_source(CASES / slug, slug), slug) for slug in SLUGS}
SEED, PEOPLE = 7, 1_200
BLOCKS = (Block(0, PEOPLE), Block(1, PEOPLE), Block(2, PEOPLE // 2))

each_world = pytest.mark.parametrize("slug", SLUGS)


def digests(world: World, rows: dict[str, Columns]) -> list[str]:
    return [digest_table(table, rows[table.name]).sha256 for table in world.tables if table.name in rows]


def drawn(slug: str, blocks: Sequence[Block] = BLOCKS) -> list[list[str]]:
    """The digests of some blocks of a case's world."""
    world = WORLDS[slug]
    return [digests(world, draw_block(world, slug, SEED, block).rows) for block in blocks]


@each_world
@pytest.mark.parametrize(("hash_seed", "threads"), [("1", "1"), ("4242", "4")])
def test_fresh_process_draws_the_same(slug: str, hash_seed: str, threads: str):
    """Neither Python's hashes nor the threads of a numeric library decide a row."""
    code = f"import test_world_determinism as t; print(*map(' '.join, t.drawn({slug!r})), sep='\\n')"
    path = os.pathsep.join([str(Path(__file__).parent), *sys.path])
    env = {**os.environ, "PYTHONPATH": path, "PYTHONHASHSEED": hash_seed}
    env |= {"OMP_NUM_THREADS": threads, "OPENBLAS_NUM_THREADS": threads}

    done = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True, check=True)

    assert drawn(slug) == [line.split() for line in done.stdout.splitlines()]


@each_world
def test_threads_draw_the_same(slug: str):
    """Blocks drawn side by side in two threads, last one first, are those drawn one by one."""
    with ThreadPoolExecutor(2) as pool:
        side_by_side = list(pool.map(lambda block: drawn(slug, [block])[0], reversed(BLOCKS)))

    assert drawn(slug) == side_by_side[::-1]


@each_world
def test_blocks_join_in_any_order(slug: str):
    """A world of several blocks is its blocks one after the other, whatever was drawn first."""
    world = WORLDS[slug]
    again = {block: draw_block(world, slug, SEED, block).rows for block in reversed(BLOCKS)}

    one_by_one = join_rows(world, [draw_block(world, slug, SEED, block).rows for block in BLOCKS])

    assert digests(world, one_by_one) == digests(world, join_rows(world, [again[block] for block in BLOCKS]))


@each_world
def test_larger_world_begins_alike(slug: str):
    """The blocks of a world are those of a larger one, as far as they are whole."""
    world = WORLDS[slug]
    each = world.block

    assert blocks_of(world, 2 * each) == blocks_of(world, 3 * each)[:2]
