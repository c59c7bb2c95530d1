"""Arrivals: as many as the size says, in the rhythm of the calendar; twists add and take away only."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from casekit.errors import AuthorError
from casekit.world import story as s
from casekit.world.calendar import day, second, weekday
from casekit.world.draws import Draws
from casekit.world.story.scene import Scene
from retold import retold

BEGINS, ENDS, LAUNCH = "2025-09-01", "2025-10-12", "2025-09-22"
SLUG, PEOPLE = "somewhere", 6_000
GROWTH = s.MixShift("growth", of="people", sources=("ads",), times=3.0, since=LAUNCH)
SHRINK = s.MixShift("shrink", of="people", sources=("search",), times=0.7, since=LAUNCH)
FAIR = s.Decoy("fair", of="people", times=1.5, since="2025-09-10", until="2025-09-12")
ROBOTS = s.Bots(
    "robots",
    of="people",
    share=0.1,
    source="ads",
    days={"2025-09-24": 3, "2025-09-27": 1},
    sets={"country": "NL"},
    because="a script signs up",
)
MORE_ROBOTS = s.Bots("more_robots", of="people", share=0.05, source="ads", days={"2025-09-24": 1})
ALL = (GROWTH, SHRINK, FAIR, ROBOTS, MORE_ROBOTS)
MIX = s.mix(search=0.6, ads=0.1, friends=0.3)


def people(**changes: Any) -> s.Arrivals:
    told = {
        "source": "source",
        "sources": MIX,
        "begins": "joined_at",
        "season": s.Season(weekend=0.25, swing=0.05),
        "columns": {
            "country": s.mix(DE=0.5, NL=0.2, FR=0.3).each(),
            "keen": s.share(0.4, exact=False),
            "visits": s.count(2.0, heavy=True),
        },
        "number": "person_id",
    }
    return s.Arrivals("people", **{**told, **changes})


def parts(**changes: Any) -> tuple[Any, ...]:
    return (
        people(**changes),
        s.Funnel(
            "joining",
            of="people",
            starts="joined_at",
            steps=(s.Step("pays", s.by("source", {"search": 0.4, "ads": 0.1, "friends": 0.5}), after="2d"),),
            cells=("source",),
        ),
        s.Returns("visits", of="people", starts="joined_at", count="visits"),
    )


def world(*twists: Any, begins: str = BEGINS, ends: str = ENDS, **changes: Any) -> Any:
    table = s.Table("people", "one row per person", {"joined_at": "when", "source": "by what"})
    made = parts(**changes)
    return s.tell(
        begins=begins, ends=ends, parts=made, twists=twists, tables=(table,), sizes={"default": PEOPLE}
    )


def played(*twists: Any, people: int = PEOPLE, seed: int = 7, **changes: Any) -> Scene:
    return world(*twists, **changes).story.play(Draws(SLUG, seed), people)


def problems(*twists: Any, **changes: Any) -> list[str]:
    with pytest.raises(AuthorError) as caught:
        world(*twists, **changes)
    return [f"{problem.where} › {problem.field}: {problem.message}" for problem in caught.value.problems]


@pytest.mark.parametrize("size", [60, 500, 6_000])
@pytest.mark.parametrize("twists", [(), ALL], ids=["calm", "twisted"])
def test_size_is_kept(twists: tuple[Any, ...], size: int):
    """About as many come as the size says, bots and growth included, also where a day has less than one."""
    came = [len(played(*twists, people=size, seed=seed).frames["people"]) for seed in range(8)]

    assert size == pytest.approx(np.mean(came), rel=0.05)
    assert size == pytest.approx(min(came), rel=0.25)


def test_calendar_is_kept():
    """Everybody comes in the window, on a weekend a quarter as many as else, numbered in order."""
    made = played().frames["people"]
    at, weekend = made["joined_at"], weekday(made["day"]) >= 5

    assert (at >= second(BEGINS)).all()
    assert (at < second("2025-10-13")).all()
    assert (np.diff(at) >= 0).all()
    assert np.arange(1, len(made) + 1).tolist() == made["person_id"].tolist()
    assert (at // 86_400).tolist() == made["day"].tolist()
    assert (weekend.sum() / 2) / ((~weekend).sum() / 5) == pytest.approx(0.25, rel=0.1)


def test_sources_are_kept():
    """Each source brings its share, and grows or shrinks by its factor from the day on."""
    made = played(GROWTH, SHRINK).frames["people"]
    after = made["day"] >= day(LAUNCH)
    ratio = {
        source: (made.is_value("source", source) & after).sum()
        / (made.is_value("source", source) & ~after).sum()
        for source in MIX.values
    }

    assert ratio["search"] == pytest.approx(0.7, rel=0.05)
    assert ratio["ads"] == pytest.approx(3.0, rel=0.08)
    assert ratio["friends"] == pytest.approx(1.0, rel=0.05)


def test_growth_hurries_nobody():
    """The day and hour of two frames of arrivals are not the same draws, though their keys are."""
    other = s.Arrivals("firms", source="source", sources=MIX)
    story = s.tell(
        begins=BEGINS,
        ends=ENDS,
        parts=(people(), other),
        tables=(s.Table("firms", "one row per firm", {"began_at": "when"}),),
        sizes={"default": PEOPLE},
    ).story
    scene = story.play(Draws(SLUG, 7), PEOPLE)
    found = [dict(zip(made.key, made[at], strict=True)) for made, at in (
        (scene.frames["people"], "joined_at"), (scene.frames["firms"], "began_at"))]  # fmt: skip
    both = found[0].keys() & found[1].keys()

    assert len(both) > PEOPLE / 2
    assert sum(found[0][key] == found[1][key] for key in both) < len(both) / 100


@pytest.mark.parametrize("company", [(), ALL], ids=["alone", "among others"])
@pytest.mark.parametrize("twist", ALL, ids=lambda twist: twist.name)
def test_twist_is_undone(twist: Any, company: tuple[Any, ...]):
    """Without it just those who hang on it are missing (or come back), and the ledger counts them."""
    told = retold(world(*(company or [twist])).story, SLUG, PEOPLE, twist.name)
    added, gone = told.added("people"), told.gone("people")
    marks = {one.name for one in company} | {twist.name}

    assert told.entry.actual - told.entry.base == len(added) - len(gone) != 0
    assert not (added and gone)
    assert set() == told.changed("people", numbers=("person_id",))
    for frame in ("visits",):
        assert set() == told.changed(frame, numbers=("visit_id", "person_id"))
        assert told.owners(frame, "people") <= added | gone
    scene = told.told if added else told.other
    made = scene.frames["people"]
    assert added | gone <= set(made.key[made[twist.name].astype(bool)].tolist())
    assert marks <= made.columns.keys()


def test_bots_are_where_told():
    """Bots come on their days in their shares, by their source, with what they have, at any hour."""
    made = played(*ALL).frames["people"]
    bots = made.taken(made["robots"])
    days, counts = np.unique(bots["day"], return_counts=True)

    assert [day("2025-09-24"), day("2025-09-27")] == days.tolist()
    assert [450, 150] == counts.tolist()
    assert bots.is_value("source", "ads").all()
    assert bots.is_value("country", "NL").all()
    assert len(np.unique(bots["joined_at"] % 86_400 // 3_600)) == 24
    assert not (made["robots"] & made["more_robots"]).any()
    assert not (made["robots"] & made["growth"]).any()


def test_bots_are_told():
    """The ledger says in words what was declared."""
    (line,) = (line for line in played(ROBOTS).ledger if line.twist == "robots")

    assert "bots" == line.kind
    assert line.declared == (
        "10 % of people are bots by ads, on 2025-09-24, 2025-09-27 where country=NL: a script signs up"
    )


def test_cells_keep_apart():
    """A funnel dealt among arrivals stays exact for those who hang on a twist and for the others."""
    made = played(GROWTH).frames["people"]
    for hangs in (False, True):
        here = made.is_value("source", "ads") & (made["growth"] == hangs) & (made["day"] < day("2025-10-08"))
        assert (made["joining"][here] > 0).mean() == pytest.approx(0.1, abs=0.01)


@pytest.mark.parametrize("name", ["country", "keen"])
def test_dealt_column_is_told(name: str):
    """What is dealt among arrivals would move with a twist: the author reads what to write."""
    column = {"country": s.mix(DE=1, NL=1), "keen": s.share(0.4)}[name]

    told = problems(columns={"visits": s.count(1.0), name: column})

    assert [f"people › {name}: is dealt among arrivals"] == [line.split(",")[0] for line in told]
    assert "mix(...).each(), share(x, exact=False)" in told[0]


def test_bad_arrivals_are_told():
    """Seasons, shares and sources that cannot be are told at once."""
    told = problems(
        sources=s.mix(search=-1, ads=0.1),
        season=s.Season(weekend=0, swing=2, growth=-1, weekdays=(1, 1), hours=(0,) * 24),
    )

    assert "people › source: has a negative share; give each value a share of 0 or more" in told
    assert 6 == len([line for line in told if line.startswith("people")])


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"share": 0}, "robots › share: is 0; it lies between 0 and 1"),
        ({"share": 1.5}, "robots › share: is 1.5; it lies between 0 and 1"),
        ({"days": {}}, "robots › days: needs weights of 0 or more that do not sum to nothing"),
        ({"days": {"2025-09-24": -1, "2025-09-25": 2}}, "robots › days: needs weights of 0 or more"),
        ({"days": {"2025-09-31": 1}}, "robots 2025-09-31 › since: '2025-09-31' is no date or moment"),
        ({"days": {"2026-09-24": 1}}, "robots 2026-09-24 › since: '2026-09-24' to '' lies outside"),
        ({"days": {"2025-08-24": 1}}, "robots › days: '2025-08-24' lies before the world's window"),
        ({"of": "peple"}, "robots › of: there is no frame of arrivals 'peple'; did you mean 'people'?"),
        ({"of": "visits"}, "robots › of: there is no frame of arrivals 'visits'; there is: people"),
        ({"source": "add"}, "robots › source: there is no value 'add'; did you mean 'ads'?"),
        ({"sets": {"contry": "NL"}}, "robots › sets: there is no column of people 'contry'; did you mean"),
        ({"sets": {"country": "NI"}}, "robots › sets: there is no value 'NI'; there is: DE, NL, FR"),
        ({"sets": {"visits": "3"}}, "robots › sets: 'visits' holds no text; bots have values of text"),
    ],
)  # fmt: skip
def test_bad_bots_are_told(change: dict[str, Any], said: str):
    """Whatever is wrong with bots is told before anything is drawn."""
    told = {"share": 0.1, "source": "ads", "days": {"2025-09-24": 1}, "sets": {}, "of": "people"}

    (line,) = problems(s.Bots("robots", **{**told, **change}))

    assert line.startswith(said)


def test_many_bots_leave_room():
    """However many twists bring bots, each takes its share of what is left, and the size is kept."""
    half = {"of": "people", "share": 0.5, "source": "ads", "days": {"2025-09-24": 1}}

    made = played(*(s.Bots(name, **half) for name in ("some", "others", "more"))).frames["people"]

    assert [3_000, 1_500, 750] == [made[name].sum() for name in ("some", "others", "more")]
    assert pytest.approx(PEOPLE, rel=0.02) == len(made)


def test_growth_needs_sources():
    """A mix shift bends frames that traffic brings, not others."""
    shift = s.MixShift("growth", of="visits", times=2.0)

    assert ["growth › of: there is no frame with sources 'visits'; there is: people"] == problems(shift)
