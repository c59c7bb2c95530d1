"""Digests: the same for the same values, however they come, and joined from blocks drawn anywhere."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from casekit.world.declare import ColumnSpec, TableSpec
from casekit.world.digests import TableHash, digest_table, join_digests

TABLE = TableSpec(
    "events",
    "one row per event",
    (
        ColumnSpec("event_id", "integer", "key"),
        ColumnSpec("name", "text", "what", values=("a", "b")),
        ColumnSpec("note", "text", "free text"),
        ColumnSpec("is_late", "boolean", "whether it is"),
    ),
)
ROWS = {
    "event_id": [3, 1, 2],
    "name": [0, -1, 1],
    "note": ["it's", None, 'a "word", told'],
    "is_late": [True, False, True],
}


def rows(first: int, last: int) -> dict[str, list[object]]:
    return {name: values[first:last] for name, values in ROWS.items()}


@pytest.mark.parametrize("cuts", [(0, 3), (0, 1, 3), (0, 1, 2, 3), (0, 0, 3), (0, 3, 3)])
def test_pieces_change_nothing(cuts: tuple[int, ...]):
    """Rows taken in piece by piece have the digest of all of them at once."""
    found = TableHash(TABLE)
    for first, last in pairwise(cuts):
        found.add(rows(first, last))

    assert digest_table(TABLE, ROWS) == found.finish()


@pytest.mark.parametrize("kind", [np.int8, np.int32, np.uint16, ">i8"])
def test_width_changes_nothing(kind: object):
    """Narrow, wide and foreign-endian arrays of the same numbers have one digest."""
    narrow = {**ROWS, "event_id": np.array(ROWS["event_id"], kind)}

    assert digest_table(TABLE, ROWS) == digest_table(TABLE, narrow)


def test_empty_table_has_digest():
    """No rows are digested too, the same in no piece or in two."""
    found = TableHash(TABLE)
    found.add(rows(0, 0))
    found.add(rows(0, 0))

    assert (0, digest_table(TABLE, rows(0, 0))) == ((told := found.finish()).rows, told)


@pytest.mark.parametrize(
    ("column", "value"), [("event_id", 4), ("name", 0), ("note", "None"), ("is_late", True)]
)
def test_any_value_counts(column: str, value: object):
    """One other value changes its column's digest and the table's, and no other column's."""
    other = {**ROWS, column: [ROWS[column][0], value, ROWS[column][2]]}
    before, after = digest_table(TABLE, ROWS), digest_table(TABLE, other)

    assert before.sha256 != after.sha256
    assert {column} == {name for name in ROWS if before.columns[name] != after.columns[name]}


def test_one_block_is_itself():
    """The digest of a table of one block is the block's own: small worlds keep theirs."""
    block = digest_table(TABLE, ROWS)

    assert block == join_digests([block])


def test_blocks_join_in_order():
    """Several blocks have a digest over theirs: rows add up, and their order counts."""
    first, second = digest_table(TABLE, rows(0, 1)), digest_table(TABLE, rows(1, 3))
    joined = join_digests([first, second])

    assert ("events", 3) == (joined.name, joined.rows)
    assert joined != join_digests([second, first])
    assert joined.columns["note"] != digest_table(TABLE, ROWS).columns["note"]
