"""
What an author tells a world with: people, what they do, the twists, and the tables a candidate sees.

See ``docs/world.md`` for the whole language, and any ``world.py`` for how it reads.
"""

from __future__ import annotations

from casekit.world.story.automation import Automation
from casekit.world.story.days import Daily
from casekit.world.story.events import Events, Merged, Moment, taken
from casekit.world.story.frames import Frame, Whole
from casekit.world.story.funnels import Funnel, Step, StepChange
from casekit.world.story.laps import Lap
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
from casekit.world.story.queues import QueueDelay
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
from casekit.world.story.schedules import Replanned, Schedule, Sporadic
from casekit.world.story.starts import start
from casekit.world.story.tables import Rollup, Table, column
from casekit.world.story.telling import Story, tell
from casekit.world.story.visits import Decoy, MixShift, Season, Visits
from casekit.world.story.walks import Move
from casekit.world.story.workflows import Workflow

__all__ = [
    "Added",
    "Automation",
    "Daily",
    "Decoy",
    "Duplicates",
    "Events",
    "Frame",
    "Funnel",
    "Given",
    "Lap",
    "Late",
    "Lost",
    "Many",
    "Merged",
    "Missing",
    "MixShift",
    "Moment",
    "Move",
    "Numbered",
    "Outage",
    "PartialLoad",
    "Population",
    "QueueDelay",
    "Release",
    "Renamed",
    "Replanned",
    "Returns",
    "Rollout",
    "Rollup",
    "Schedule",
    "Season",
    "Sporadic",
    "Step",
    "StepChange",
    "Story",
    "Table",
    "Visits",
    "Whole",
    "Workflow",
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
