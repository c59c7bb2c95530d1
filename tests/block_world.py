"""A toy world of several blocks with whatever a world may hold: all types, NULLs, a list, rollups, twist."""

from __future__ import annotations

from pathlib import Path

SLUG = "toy"
PEOPLE = 2_350  # two blocks and a rest
BLOCKS = 3

BLOCK_WORLD = '''
import numpy as np
from casekit.world.declare import ColumnSpec, Drawn, Entry, TableSpec, World

PLATFORMS = ("web", "it's ios", "android")
PEOPLE = TableSpec("people", "one row per person", (
    ColumnSpec("person_id", "integer", "key"),
    ColumnSpec("platform", "text", "where", values=PLATFORMS),
    ColumnSpec("joined_on", "date", "the day"),
    ColumnSpec("note", "text", "free text; NULL for most"),
    ColumnSpec("is_bot", "boolean", "whether it is one"),
))
EVENTS = TableSpec("events", "one row per event", (
    ColumnSpec("event_id", "integer", "key"),
    ColumnSpec("person_id", "integer", "whose"),
    ColumnSpec("happened_at", "timestamp", "when, UTC"),
    ColumnSpec("name", "text", "what; NULL for some", values=tuple(f"event {n}" for n in range(30))),
    ColumnSpec("amount_eur", "money", "what was paid", unit="EUR"),
))
PLANS = TableSpec("plans", "one row per plan", (
    ColumnSpec("plan", "text", "its name", values=("free", "paid")),
    ColumnSpec("price_eur", "money", "its price", unit="EUR"),
), once=True)
DAILY = TableSpec("daily", "one row per day and platform", (
    ColumnSpec("day", "date", "the day"),
    ColumnSpec("platform", "text", "where", values=PLATFORMS),
    ColumnSpec("first_at", "timestamp", "the first event"),
    ColumnSpec("n_events", "integer", "how many; NULL for fewer than 40"),
    ColumnSpec("amount_eur", "money", "their sum", unit="EUR"),
    ColumnSpec("note", "text", "free text; NULL for the web"),
    ColumnSpec("is_busy", "boolean", "whether there were many"),
), rollup="""
    SELECT happened_at::DATE AS day, platform, min(happened_at) AS first_at,
           CASE WHEN count(*) >= 40 THEN count(*) END AS n_events, sum(amount_eur) AS amount_eur,
           CASE WHEN platform <> 'web' THEN concat('the ', platform) END AS note, count(*) > 60 AS is_busy
    FROM events JOIN people USING (person_id) GROUP BY ALL ORDER BY day, platform""")
WEEKLY = TableSpec("weekly", "one row per week", (
    ColumnSpec("week", "date", "its Monday"),
    ColumnSpec("amount_eur", "money", "the sum of its days", unit="EUR"),
), rollup="""
    SELECT date_trunc('week', day)::DATE AS week, sum(amount_eur) AS amount_eur
    FROM daily GROUP BY ALL ORDER BY week""")


def build(draws, count):
    ids = np.arange(count)
    owner = np.repeat(ids, draws.whole("events", ids, 0, 8))
    event = np.arange(len(owner))
    name = draws.whole("name", event, -1, 29)
    lost = (name == 3) & draws.coin("lost", event, 0.5)
    happened = 1_740_000_000 + np.sort(draws.whole("at", event, 0, 86_400 * 28))
    notes = draws.whole("note", ids, 0, 9).tolist()
    people = {
        "person_id": (draws.block * 1000 + ids).astype(np.int32),
        "platform": draws.pick("platform", ids, (2, 1, 1)).astype(np.int8),
        "joined_on": (20_000 + draws.whole("joined", ids, 0, 99)).astype(np.int32),
        "note": [f"said {value}" if value < 3 else None for value in notes],
        "is_bot": draws.coin("bot", ids, 0.1),
    }
    events = {
        "event_id": (draws.block * 1_000_000 + event)[~lost],
        "person_id": (draws.block * 1000 + owner)[~lost],
        "happened_at": happened[~lost],
        "name": name[~lost].astype(np.int8),
        "amount_eur": draws.whole("amount", event, 0, 99_999)[~lost].astype(np.int32),
    }
    rows = {"people": people, "events": events, "plans": {"plan": [0, 1], "price_eur": [0, 990]}}
    told, n_bots = "half of event 3 is lost", int(people["is_bot"].sum())
    return Drawn(rows, (
        Entry("loss", "outage", told, "events", int((name == 3).sum()), len(event), int((~lost).sum())),
        Entry("loss", "outage", told, "bots", count, n_bots, n_bots),
    ))


WORLD = World((PEOPLE, EVENTS, DAILY, WEEKLY, PLANS), (), build, {"default": 2_350, "tiny": 40}, block=1000)
'''


def write_case(folder: Path, text: str = BLOCK_WORLD) -> Path:
    """A case folder that holds the toy world."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "world.py").write_text(text, encoding="utf-8")
    return folder
