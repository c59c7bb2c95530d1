"""The databases worth trying, in order: built from both queries' conditions, with chance on top."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count

from casekit.judge.evidence.clues import Clues
from casekit.judge.evidence.database import Database, Row
from casekit.judge.evidence.dice import Dice
from casekit.judge.evidence.filling import Filler, Profile
from casekit.judge.evidence.pools import Pools
from casekit.judge.evidence.rules import rules_of
from casekit.judge.evidence.schema import Schema
from casekit.judge.evidence.witnesses import Goal, Witness, Witnesses

__all__ = ["Plans"]

PROFILES = (
    Profile(),
    Profile(values=2, sharpness=80, nulls=0, twins=40),
    Profile(values=4, sharpness=50, nulls=25),
    Profile(values=3, sharpness=0, nulls=10, twins=10),
    Profile(values=2, sharpness=60, nulls=5, twins=60, runs=30),
    Profile(values=5, sharpness=70, nulls=0, twins=20, runs=50),
)
SIZES = (0, 0, 1, 1, 2, 3)
CROWDS = (0, 2, 3, 4, 5, 7, 10)
MOST_COPIES = 13
MOST_TOWERS = 8
FIRST_TOWER = 60
TOWER = Profile(values=1, sharpness=60, nulls=0, twins=100, runs=50)


@dataclass
class Plans:
    """
    Databases for one pair of queries, the same ones every time.

    Args:
        schema: The tables the queries read, parents first.
        clues: What the queries give away.
    """

    schema: Schema
    clues: Clues

    def __post_init__(self) -> None:
        self.pools = Pools(self.schema, self.clues)
        self.rules = rules_of(self.schema)
        systems = [system for system in self.clues.systems if system.required or system.probes]
        self._witnesses = [Witnesses(system, self.pools, self.rules) for system in systems]
        self._goals = [(maker, goal) for maker in self._witnesses for goal in maker.goals()]
        copies = sorted({n + step for n in self.clues.thresholds for step in (-1, 0, 1)} - {-1, 0, 1})
        self._copies = [n for n in copies if n <= MOST_COPIES]
        self._towers = [n for n in copies if n > MOST_COPIES][:MOST_TOWERS]
        self._crowds = (*CROWDS, *self._copies)

    def databases(self) -> Iterator[Database]:
        """Without end; the first is empty."""
        yield {table.name: [] for table in self.schema.tables}
        for number in count(1):
            yield self._database(number)
            if number == FIRST_TOWER:
                yield from self._all_towers()

    def varied(self, database: Database, number: int) -> Database:
        """*database* with a row less, a row more or a value changed here and there."""
        dice = Dice("varied", number)
        filler = Filler(self.schema, self.rules, self.pools, PROFILES[number % len(PROFILES)], dice)
        for table in self.schema.tables:
            for row in database[table.name]:
                for copy in _variations(row, dice):
                    filler.add(table.name, copy)
        return filler.finished()

    def _all_towers(self) -> Iterator[Database]:
        """Databases in which a row of one table comes as often as a count that no small database reaches."""
        for height in self._towers:
            for place, table in enumerate(self.schema.tables):
                dice = Dice("tower", height, place)
                filler = Filler(self.schema, self.rules, self.pools, TOWER, dice)
                maker = dice.pick(self._witnesses) if self._witnesses else None
                if maker is not None:
                    _put(filler, maker, maker.find(Goal(None), dice))
                filler.stack(table.name, height)
                yield filler.finished()

    def _database(self, number: int) -> Database:
        dice = Dice("database", number)
        filler = Filler(self.schema, self.rules, self.pools, PROFILES[number % len(PROFILES)], dice)
        built = bool(self._goals) and number % 3 != 0
        if built:
            place = (number - 1) // 3 * 2 + number % 3 - 1
            self._build(filler, place, dice)
            for table in dice.some(self.schema.tables, dice.pick((0, 1, 1, 2))):
                filler.twin(table.name)
        for table in self.schema.tables:
            filler.fill(table.name, dice.pick(SIZES if built else self._crowds))
        return filler.finished()

    def _build(self, filler: Filler, place: int, dice: Dice) -> None:
        maker, goal = self._goals[place % len(self._goals)]
        witness = maker.find(Goal(None), dice)
        alone = dice.chance(30)
        if not alone:
            for copy in self._crowd(maker, witness, dice):
                _put(filler, maker, copy)
        _put(filler, maker, maker.find(goal, dice, witness))

    def _crowd(self, maker: Witnesses, witness: Witness, dice: Dice) -> Iterator[Witness]:
        yield witness
        copies = dice.pick((0, 0, 1, 2))
        if self._copies and dice.chance(50):
            copies = min(MOST_COPIES, dice.pick(self._copies) - 1)
        for _ in range(copies):
            yield maker.find(Goal(None), dice, witness)


def _variations(row: Row, dice: Dice) -> Iterator[dict[int, object]]:
    """*row* as it is or with values left open, once, twice or not at all."""
    copies = 0 if dice.chance(6) else 2 if dice.chance(20) else 1
    for copy in range(copies):
        values = dict(enumerate(row))
        if copy or dice.chance(20):
            for place in dice.some(range(len(row)), dice.between(1, 2)):
                del values[place]
        yield values


def _put(filler: Filler, maker: Witnesses, witness: Witness) -> None:
    for table, fixed in maker.rows(witness):
        filler.add(table, fixed)
