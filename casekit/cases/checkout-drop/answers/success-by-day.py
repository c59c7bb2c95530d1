# reference
# say: Sum first, divide last. Successes and attempts are each summed over seven days, so a busy Saturday
#   weighs more than a quiet Tuesday, and the first six days stay empty instead of pretending.
import plotly.express as px

pay = checkout_events[
    (checkout_events["event_name"] == "add_payment") & (checkout_events["payment_method"] == "card")
]
pay = pay[["session_id"]].drop_duplicates().merge(sessions[sessions["platform"] == "android"], on="session_id")
pay = pay.assign(day=pay["started_at"].dt.normalize(), bought=pay["session_id"].isin(orders["session_id"]))
daily = pay.groupby("day")["bought"].agg(attempts="size", successes="sum")
last_7d = daily.rolling(7).sum()
daily["success_share"] = daily["successes"] / daily["attempts"]
daily["success_7d_share"] = last_7d["successes"] / last_7d["attempts"]
answer = daily.reset_index()[["day", "attempts", "success_share", "success_7d_share"]]

title = "Android card payments fail more often with every rollout step of 5.2.0"
chart = px.line(answer, x="day", y="success_7d_share", range_y=[0, 1], title=title)
for rollout in ("2025-04-01", "2025-04-03", "2025-04-07"):
    chart.add_vline(x=rollout, line_dash="dot")

# trap: mean-of-daily-rates
# tag: ratio_of_means
# say: Your seven-day line averages seven daily rates. A quiet day then counts as much as a busy one. Sum
#   the successes and the attempts of the seven days, and divide the sums.
import plotly.express as px

pay = checkout_events[
    (checkout_events["event_name"] == "add_payment") & (checkout_events["payment_method"] == "card")
]
pay = pay[["session_id"]].drop_duplicates().merge(sessions[sessions["platform"] == "android"], on="session_id")
pay = pay.assign(day=pay["started_at"].dt.normalize(), bought=pay["session_id"].isin(orders["session_id"]))
daily = pay.groupby("day")["bought"].agg(attempts="size", success_share="mean")
daily["success_7d_share"] = daily["success_share"].rolling(7).mean()
answer = daily.reset_index()
chart = px.line(answer, x="day", y="success_7d_share")

# trap: every-method
# tag: wrong_population
# say: All payment methods are in your line. The healthy ones lift it, and the fall looks far smaller than
#   what a card customer met. Keep card payments only.
import plotly.express as px

pay = checkout_events[checkout_events["event_name"] == "add_payment"]
pay = pay[["session_id"]].drop_duplicates().merge(sessions[sessions["platform"] == "android"], on="session_id")
pay = pay.assign(day=pay["started_at"].dt.normalize(), bought=pay["session_id"].isin(orders["session_id"]))
daily = pay.groupby("day")["bought"].agg(attempts="size", successes="sum")
last_7d = daily.rolling(7).sum()
daily["success_share"] = daily["successes"] / daily["attempts"]
daily["success_7d_share"] = last_7d["successes"] / last_7d["attempts"]
answer = daily.reset_index()[["day", "attempts", "success_share", "success_7d_share"]]
chart = px.line(answer, x="day", y="success_7d_share")

# trap: every-platform
# tag: wrong_population
# say: Your line holds the cards of every platform. The release touched Android alone, and the others
#   dilute it. Keep Android sessions only.
import plotly.express as px

pay = checkout_events[
    (checkout_events["event_name"] == "add_payment") & (checkout_events["payment_method"] == "card")
]
pay = pay[["session_id"]].drop_duplicates().merge(sessions, on="session_id")
pay = pay.assign(day=pay["started_at"].dt.normalize(), bought=pay["session_id"].isin(orders["session_id"]))
daily = pay.groupby("day")["bought"].agg(attempts="size", successes="sum")
last_7d = daily.rolling(7).sum()
daily["success_share"] = daily["successes"] / daily["attempts"]
daily["success_7d_share"] = last_7d["successes"] / last_7d["attempts"]
answer = daily.reset_index()[["day", "attempts", "success_share", "success_7d_share"]]
chart = px.line(answer, x="day", y="success_7d_share")

# trap: short-windows
# tag: wrong_window
# say: Your first six days show a seven-day rate built from fewer days. A line that starts with one day's
#   noise invites a story about the first week. Leave those days empty.
import plotly.express as px

pay = checkout_events[
    (checkout_events["event_name"] == "add_payment") & (checkout_events["payment_method"] == "card")
]
pay = pay[["session_id"]].drop_duplicates().merge(sessions[sessions["platform"] == "android"], on="session_id")
pay = pay.assign(day=pay["started_at"].dt.normalize(), bought=pay["session_id"].isin(orders["session_id"]))
daily = pay.groupby("day")["bought"].agg(attempts="size", successes="sum")
last_7d = daily.rolling(7, min_periods=1).sum()
daily["success_share"] = daily["successes"] / daily["attempts"]
daily["success_7d_share"] = last_7d["successes"] / last_7d["attempts"]
answer = daily.reset_index()[["day", "attempts", "success_share", "success_7d_share"]]
chart = px.line(answer, x="day", y="success_7d_share")

# trap: paid-orders-only
# tag: wrong_numerator
# say: You counted paid orders only. A cancelled order passed its payment first, so your line lies too low
#   on every day, before the release as well as after. Any order placed is a success.
import plotly.express as px

paid = orders.loc[orders["status"] == "paid", "session_id"]
pay = checkout_events[
    (checkout_events["event_name"] == "add_payment") & (checkout_events["payment_method"] == "card")
]
pay = pay[["session_id"]].drop_duplicates().merge(sessions[sessions["platform"] == "android"], on="session_id")
pay = pay.assign(day=pay["started_at"].dt.normalize(), bought=pay["session_id"].isin(paid))
daily = pay.groupby("day")["bought"].agg(attempts="size", successes="sum")
last_7d = daily.rolling(7).sum()
daily["success_share"] = daily["successes"] / daily["attempts"]
daily["success_7d_share"] = last_7d["successes"] / last_7d["attempts"]
answer = daily.reset_index()[["day", "attempts", "success_share", "success_7d_share"]]
chart = px.line(answer, x="day", y="success_7d_share")

# trap: percent-not-share
# tag: unit_scale
# say: The rates are right, in percent. The column asks for a share between 0 and 1. Keep one unit in one
#   notebook, or the next sum of the two will be nonsense.
import plotly.express as px

pay = checkout_events[
    (checkout_events["event_name"] == "add_payment") & (checkout_events["payment_method"] == "card")
]
pay = pay[["session_id"]].drop_duplicates().merge(sessions[sessions["platform"] == "android"], on="session_id")
pay = pay.assign(day=pay["started_at"].dt.normalize(), bought=pay["session_id"].isin(orders["session_id"]))
daily = pay.groupby("day")["bought"].agg(attempts="size", successes="sum")
last_7d = daily.rolling(7).sum()
daily["success_share"] = 100 * daily["successes"] / daily["attempts"]
daily["success_7d_share"] = 100 * last_7d["successes"] / last_7d["attempts"]
answer = daily.reset_index()[["day", "attempts", "success_share", "success_7d_share"]]
chart = px.line(answer, x="day", y="success_7d_share")
