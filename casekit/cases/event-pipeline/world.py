"""
Wayfennel, a trip planner in the browser and as an app, in May 2025.

Nothing is wrong with the product: people visit, sign up, save trips and book as ever. Wrong is what became
of their events. Apps send twice, late and with broken clocks; release 7.1 renames the save event; a backfill
copies two days; a load breaks off; and one person is several ids until the devices are stitched.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from casekit.world import story as s
from casekit.world.calendar import DAY_S, second
from casekit.world.declare import NULL, ColumnSpec
from casekit.world.facts import read_facts

MONDAY, HALF_WEEK_S = "2025-04-28", 7 * DAY_S // 2
RELEASE = "2025-05-12"  # app 7.1
MOBILE = "platform=ios|android"
HOURS = (8, 5, 3, 2, 3, 8, 20, 38, 52, 60, 64, 66, 70, 66, 62, 60, 60, 62, 60, 50, 36, 28, 20, 12)  # local
PLATFORMS = s.mix(ios=0.34, android=0.30, web=0.36)
AHEAD_OF_UTC_S = {"Europe/Berlin": 7_200, "Europe/Lisbon": 3_600, "America/New_York": -14_400}  # in May
APPS = (s.Release("7.0"), s.Release("7.1", on=RELEASE, lag="16h"))
TRACKS = {"platform=ios": APPS, "platform=android": APPS, "platform=web": (s.Release("web"),)}
LOYALTY = s.mix({"1": 0.11, "2": 0.24, "3": 0.27, "4": 0.20, "5": 0.11, "6": 0.07})  # sessions of a user
LOOKS = s.mix(search=0.40, trip_viewed=0.40, page_view=0.20)
BROWSING = (
    s.Act("page_view"),
    s.Act(LOOKS, times="looks", after=s.wait("150s", least="5s")),
)
ACTS = (
    *BROWSING,
    s.Act("signup_completed", where="signs and nth=0", after=s.wait("20s", least="40s")),
    s.Act("trip_saved", where="signs and saves", after=s.wait("200s", least="5s")),
    s.Act("booking_started", where="signs and starts_booking", after=s.wait("120s", least="5s")),
    s.Act(
        "booking_completed", where="signs and starts_booking and completes", after=s.wait("240s", least="20s")
    ),
)
GUEST_ACTS = (*BROWSING, s.Act("trip_saved", where="saves", after=s.wait("200s", least="5s")))


def half_week(people: s.Frame) -> s.Whole:
    """The half week in which each turns up: the same people in each, so that saves hardly swing."""
    return (people["first_at"] - second(MONDAY)) // HALF_WEEK_S


def n_sessions(people: s.Frame) -> s.Whole:
    """One, and more for those who sign up."""
    return np.where(people["signs"], people["if_signed"], 1 + people["more"])


def logged_in(acts: s.Frame) -> s.Whole:
    """The user's number from signup on; NULL before, and for whoever never signs up."""
    known = (acts["signed_up_at"] != NULL) & (acts["client_ts"] >= acts["signed_up_at"])
    return np.where(known, acts["user_no"], NULL)


PARTS = (
    s.Population("people", {
        "first_at": s.arrival(),
        "half_week": s.derived("integer", half_week),
        "signs": s.share(0.22).within("half_week"),
        "is_internal": s.share(60 / 5_200).within("signs"),
        "timezone": s.mix({"Europe/Berlin": 0.60, "Europe/Lisbon": 0.25, "America/New_York": 0.15})
                     .within("signs"),
        "ahead_s": s.lookup("timezone", AHEAD_OF_UTC_S),
        "loyalty": LOYALTY.within("signs", "half_week"),
        "if_signed": s.lookup("loyalty", {str(n): n for n in range(1, 7)}),
        "more": s.count(0.7),
        "n_sessions": s.derived("integer", n_sessions),
        "has_second": s.share(s.rate(0.35, times={"not signs": 0.0})),
        "second_after": s.count(1.0, heavy=True),  # sessions on the first device before the second
        "n_devices": s.derived("integer", lambda people: 1 + people["has_second"]),
    }),
    s.Many("devices", of="people", count="n_devices", number="device_no", columns={
        "platform": PLATFORMS.within("nth", "signs", "half_week"),
    }),
    s.Sessions("sessions", of="people", starts="first_at", count="n_sessions",
               pause=s.wait("1800m", least="90m"), season=s.Season(hours=HOURS), clock="ahead_s",
               acts=ACTS, when="client_ts", columns={
        "looks": s.count(2.0),
        "saves": s.share(0.55).within("signs", "half_week", "nth"),
        "starts_booking": s.share(0.30).within("signs"),
        "completes": s.share(0.60).within("signs", "starts_booking"),
        "on_second": s.derived("integer", lambda visits: visits["nth"] > visits["second_after"]),
    }),
    s.Through("sessions", via="devices", nth="on_second"),
    s.Rollout("app_version", of="sessions", at="started_at", people="devices", tracks=TRACKS),
    s.First("signed_up_at", of="people", first_in="acts", at="client_ts",
            where="event_name=signup_completed"),
    s.Events("users", of="people", moments=(s.Moment("signup", at="signed_up_at", where="signed_up_at>0"),),
             what="", at="created_at", number=""),
    s.Numbered("user_no", of="people", first_in="users"),
    s.Added("acts", {"login": s.derived("integer", logged_in)}),
    s.First("linked_at", of="devices", first_in="acts", at="client_ts", where="login>0"),
    s.Guests("guest_sessions", of="devices", people="people", since="linked_at", signed="signed_up_at",
             takes=("user_no",), columns={"looks": s.count(2.0), "saves": s.share(0.55, exact=False)}),
    s.Rollout("app_version", of="guest_sessions", at="linked_at", people="devices", tracks=TRACKS),
    s.Acts("guest_acts", of="guest_sessions", starts="linked_at", acts=GUEST_ACTS, at="client_ts"),
    s.Added("guest_acts", {"login": s.derived("integer", lambda acts: acts["user_no"])}),
    s.Events("logins", of="devices", moments=(s.Moment("login", at="linked_at", where="linked_at>0"),),
             what="", at="linked_at", number=""),
    s.Merged("identity_map", of="devices", frames=("logins", "guest_sessions"), at="linked_at",
             keeps=("user_no",)),
    s.Merged("raw_events", of="devices", frames=("acts", "guest_acts"), at="client_ts", order="server_ts",
             keeps=("event_name", "app_version", "login"),
             values={"event_name": ("itinerary_saved", "tripViewed")}, columns={
        "insert_no": s.serial(),
        "lag_s": s.spread(14, 1.0),
        "server_ts": s.derived("timestamp", lambda events: events["client_ts"] + events["lag_s"]),
        "source": s.mix(sdk=1.0, backfill=0.0),
    }),
    s.Events("bookings", of="acts", moments=(
        s.Moment("booking", at="client_ts", where="event_name=booking_completed"),
    ), what="", at="booked_at", number="", columns={"amount_eur": s.price(164.00, 0.6)}),
    s.Given("tracking_plan", {"event_name": "text", "since_version": "text", "retired_in": "text"}, (
        ("page_view", "7.0", None),
        ("search", "7.0", None),
        ("trip_viewed", "7.0", None),
        ("signup_completed", "7.0", None),
        ("trip_saved", "7.0", "7.1"),
        ("itinerary_saved", "7.1", None),
        ("booking_started", "7.0", None),
        ("booking_completed", "7.0", None),
    )),
    s.Given("exhibit_hours", {"task": "text", "hours_per_week": "number"}, (
        ("explain why yesterday's numbers moved", 4.5),
        ("compare the dashboard with the warehouse by hand", 3.5),
        ("delete duplicates after complaints", 2.0),
        ("look whether last night's load was complete", 1.5),
        ("search for renamed or misspelt events", 1.5),
        ("merge the devices of one person by hand", 1.0),
        ("answer one-off questions", 7.0),
        ("analyses for the product teams", 6.0),
        ("weekly growth review", 3.0),
        ("plan tracking with the app teams", 2.5),
        ("build and mend dashboards", 4.0),
        ("meetings", 3.5),
    )),
)  # fmt: skip

TWISTS = (
    s.Shared("shared_tablets", of="guest_sessions", share=0.035, after="9d", sigma=0.02,
             because="families plan on one tablet"),
    s.Late("late_mobile", of="raw_events", column="server_ts", share=0.055, delay=("6h", "5d"), where=MOBILE,
           because="phones without a network send when they have one"),
    s.Duplicates("retries", of="raw_events", share=0.06, where=MOBILE, later={"server_ts": "10m"},
                 because="the app sends again when the answer is lost, with the same insert_id"),
    s.Duplicates("backfill", of="raw_events", where="platform=web", clock="client_ts",
                 since="2025-05-18", until="2025-05-20", fresh=("insert_no",),
                 sets={"source": "backfill", "server_ts": "2025-05-22 03:00"},
                 because="two days of web events were loaded again, and the loader gave them new ids"),
    s.PartialLoad("partial_load", of="raw_events", where="source=sdk", clock="server_ts",
                  since="2025-05-24 11:00", until="2025-05-25",
                  because="the loader stopped at 11:00 and went on at midnight"),
    s.Renamed("rename_71", of="raw_events", column="event_name", to="itinerary_saved",
              where="event_name=trip_saved and app_version=7.1",
              because="planned in release 7.1, and nobody told the dashboard"),
    s.Renamed("camel_case", of="raw_events", column="event_name", to="tripViewed", share=0.30,
              where="event_name=trip_viewed and platform=android and app_version=7.1",
              because="one screen of Android 7.1 sends the name as the code spells it"),
    s.Missing("signup_without_user", of="raw_events", column="login", share=0.06,
              where="event_name=signup_completed and platform=ios",
              by="devices", whose="platform=ios and signs and nth=0",
              because="the iOS app sends the event before the log-in is through"),
    s.WrongClock("clock_1970", of="raw_events", column="client_ts", to="1970-01-01 00:00:07", share=0.004,
                 by="devices", where=MOBILE, because="the clock of some phones never leaves nought"),
)  # fmt: skip

RUNS = """
SELECT day AS run_id, 'raw_events' AS table_name, run_date,
       CASE WHEN max(server_ts) < run_date + INTERVAL 16 HOUR THEN 'success_with_warnings'
            ELSE 'success' END AS status,
       count(server_ts) AS rows_loaded
FROM (SELECT day::BIGINT AS day, DATE '2025-04-30' + day::INTEGER AS run_date FROM range(1, 32) days(day))
LEFT JOIN (SELECT server_ts FROM raw_events WHERE source = 'sdk') ON server_ts::DATE = run_date
GROUP BY day, run_date ORDER BY run_id
"""

TABLES = (
    s.Table("raw_events", "one row per delivery of an event; an event may be delivered twice", {
        "insert_id": s.column("id the sender gave the event; a retry has the same", "insert_no", prefix="i"),
        "event_name": "what happened, as the app or browser called it",
        "anonymous_id": s.column("the device or browser", "device_no", prefix="d"),
        "user_id": s.column("the user who is logged in; NULL before", "login", prefix="u", nullable=True),
        "client_ts": "when it happened by the device's clock, UTC",
        "server_ts": "when it arrived, UTC",
        "platform": "ios, android or web",
        "app_version": "app version of the session; 'web' in a browser",
        "source": "sdk: sent by the app or browser; backfill: loaded again later",
    }),
    s.Table("identity_map", "one row per device and user who logged in on it", {
        "anonymous_id": s.column("the device or browser", "device_no", prefix="d"),
        "user_id": s.column("the user", "user_no", prefix="u"),
        "linked_at": "when the user was known there first, UTC",
    }),
    s.Table("users", "one row per user who signed up", {
        "user_id": s.column("key, in order of signup", "user_no", prefix="u"),
        "created_at": "signup, UTC",
        "is_internal": "works at Wayfennel",
        "timezone": "IANA time zone of the user",
    }),
    s.Table("bookings", "one row per booking the backend took", {
        "user_id": s.column("who booked", "user_no", prefix="u"),
        "booked_at": "when, UTC",
        "amount_eur": s.column("price of the booking", unit="EUR"),
    }),
    s.Rollup("pipeline_runs", "one row per nightly load, one a server day", RUNS, (
        ColumnSpec("run_id", "integer", "key, in order of time"),
        ColumnSpec("table_name", "text", "the table loaded"),
        ColumnSpec("run_date", "date", "the server day whose rows it loads, UTC"),
        ColumnSpec("status", "text", "what the loader said",
                   values=("success", "success_with_warnings")),
        ColumnSpec("rows_loaded", "integer", "rows loaded from the SDKs; a backfill is not counted"),
    )),
    s.Table("tracking_plan", "one row per event the plan knows", {
        "event_name": "the event's name",
        "since_version": "app version that sends it first",
        "retired_in": "app version that no longer sends it; NULL: still sent",
    }),
    s.Table("exhibit_hours", "one row per task of the product analyst", {
        "task": "what it is",
        "hours_per_week": s.column("time it takes", unit="hours"),
    }),
)  # fmt: skip

WORLD = s.tell(
    begins="2025-05-01",
    ends="2025-05-31",
    sizes={"default": 15_000, "small": 5_000, "tiny": 600},  # people; 7 events each
    parts=PARTS,
    twists=TWISTS,
    tables=TABLES,
    facts=read_facts(Path(__file__).with_name("facts.sql")),
)
