"""
What an author tells a world with: people, what they do, the twists, and the tables a candidate sees.

See ``docs/world.md`` for the whole language, and any ``world.py`` for how it reads.
"""

from __future__ import annotations

from casekit.world.story.days import Daily
from casekit.world.story.events import Events, Merged, Moment, taken
from casekit.world.story.frames import Frame, Whole
from casekit.world.story.funnels import Funnel, Step, StepChange
from casekit.world.story.measures import (
    count,
    derived,
    lookup,
    mix,
    price,
    serial,
    share,
    spread,
    whole,
)
from casekit.world.story.people import Added, Given, Many, Numbered, Population
from casekit.world.story.rates import by, rate
from casekit.world.story.returns import Returns
from casekit.world.story.rollouts import Release, Rollout
from casekit.world.story.row_twists import (
    Duplicates,
    Late,
    Lost,
    Missing,
    Outage,
    PartialLoad,
    Renamed,
    WrongClock,
)
from casekit.world.story.starts import start
from casekit.world.story.tables import Rollup, Table, column
from casekit.world.story.telling import Story, tell
from casekit.world.story.visits import Decoy, MixShift, Season, Visits

__all__ = [
    "Added",
    "Daily",
    "Decoy",
    "Duplicates",
    "Events",
    "Frame",
    "Funnel",
    "Given",
    "Late",
    "Lost",
    "Many",
    "Merged",
    "Missing",
    "MixShift",
    "Moment",
    "Numbered",
    "Outage",
    "PartialLoad",
    "Population",
    "Release",
    "Renamed",
    "Returns",
    "Rollout",
    "Rollup",
    "Season",
    "Step",
    "StepChange",
    "Story",
    "Table",
    "Visits",
    "Whole",
    "WrongClock",
    "by",
    "column",
    "count",
    "derived",
    "lookup",
    "mix",
    "price",
    "rate",
    "serial",
    "share",
    "spread",
    "start",
    "taken",
    "tell",
    "whole",
]
