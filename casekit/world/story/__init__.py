"""
What an author tells a world with: people, what they do, the twists, and the tables a candidate sees.

See ``docs/world.md`` for the whole language, and any ``world.py`` for how it reads.
"""

from __future__ import annotations

from casekit.world.story.arrivals import Arrivals, Bots
from casekit.world.story.automation import Automation
from casekit.world.story.billing import Billing
from casekit.world.story.changes import Late, Missing, Renamed, WrongClock
from casekit.world.story.churn import Churn
from casekit.world.story.days import Daily
from casekit.world.story.even import evenly
from casekit.world.story.events import Events, Merged, Moment, taken
from casekit.world.story.experiment_twists import NoveltyDecay, SampleRatioMismatch, Uplift
from casekit.world.story.experiments import Experiment, Exposures
from casekit.world.story.frames import Frame, Mask, Whole
from casekit.world.story.funnels import Funnel, Step
from casekit.world.story.identity import First, Guests, Shared, Through
from casekit.world.story.laps import Lap
from casekit.world.story.links import DoubleIds, Links
from casekit.world.story.measures import Measure, count, derived, price, serial, share, spread, whole
from casekit.world.story.mixes import lookup, mix, zipf
from casekit.world.story.offices import Office, SlowAnswers, answer, later
from casekit.world.story.people import Added, Given, Many, Numbered, Population
from casekit.world.story.price_changes import PriceChange
from casekit.world.story.queues import QueueDelay
from casekit.world.story.rates import by, rate
from casekit.world.story.returns import Returns
from casekit.world.story.rollouts import Release, Rollout
from casekit.world.story.row_twists import Duplicates, Lost, Outage, PartialLoad
from casekit.world.story.schedules import Replanned, Schedule, Sporadic
from casekit.world.story.sessions import Act, Acts, Sessions
from casekit.world.story.spells import Spells
from casekit.world.story.starts import start
from casekit.world.story.step_twists import StepChange
from casekit.world.story.subscriptions import LIFE, Pauses, Subscriptions
from casekit.world.story.tables import Rollup, Table, column
from casekit.world.story.telling import Story, tell
from casekit.world.story.visits import Decoy, MixShift, Season, Visits
from casekit.world.story.waits import arrival, wait
from casekit.world.story.walks import Move
from casekit.world.story.workflows import Workflow
from casekit.world.story.zones import utc_offset_s

__all__ = [
    "LIFE",
    "Act",
    "Acts",
    "Added",
    "Arrivals",
    "Automation",
    "Billing",
    "Bots",
    "Churn",
    "Daily",
    "Decoy",
    "DoubleIds",
    "Duplicates",
    "Events",
    "Experiment",
    "Exposures",
    "First",
    "Frame",
    "Funnel",
    "Given",
    "Guests",
    "Lap",
    "Late",
    "Links",
    "Lost",
    "Many",
    "Mask",
    "Measure",
    "Merged",
    "Missing",
    "MixShift",
    "Moment",
    "Move",
    "NoveltyDecay",
    "Numbered",
    "Office",
    "Outage",
    "PartialLoad",
    "Pauses",
    "Population",
    "PriceChange",
    "QueueDelay",
    "Release",
    "Renamed",
    "Replanned",
    "Returns",
    "Rollout",
    "Rollup",
    "SampleRatioMismatch",
    "Schedule",
    "Season",
    "Sessions",
    "Shared",
    "SlowAnswers",
    "Spells",
    "Sporadic",
    "Step",
    "StepChange",
    "Story",
    "Subscriptions",
    "Table",
    "Through",
    "Uplift",
    "Visits",
    "Whole",
    "Workflow",
    "WrongClock",
    "answer",
    "arrival",
    "by",
    "column",
    "count",
    "derived",
    "evenly",
    "later",
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
    "utc_offset_s",
    "wait",
    "whole",
    "zipf",
]
