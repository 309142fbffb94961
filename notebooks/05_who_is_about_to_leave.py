# ---
# jupyter:
#   jupytext:
#     formats: ipynb,py:percent
#     notebook_metadata_filter: -jupytext.text_representation.jupytext_version
#     text_representation:
#       extension: .py
#       format_name: percent
#       format_version: '1.3'
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Who is about to leave?
#
# What you will know at the end:
#
# - [ ] why ninety days without an order mean nothing by themselves
# - [ ] what we call a loss, and how long one has to wait for it
# - [ ] how good such forecasts were in the past, beside rules of thumb
# - [ ] which key accounts are likely to leave, and why
# - [ ] who only looks lost
# - [ ] who still orders, but less and less
#
# > **On your own data.** Give the files in the next cell, or run `kam notebooks SALES`. Customer, day and amount are
# > enough. How much can be said depends on the years: two and a half are needed to test a forecast for a whole year,
# > and two to tell a decline from a season. A shorter ledger gets a shorter horizon, and what is lacking is said.

# %% [markdown]
# ## What to read
#
# Without a contract nobody gives notice. A customer who has gone to a competitor looks, for a while, like one on
# holiday, and when the missing revenue shows in the annual report, the new supplier is already settled. This notebook
# looks for the silence that is too long, given how the account used to order, and tests on past years whether such a
# judgement is worth anything. The account managers' own judgement comes after it, not instead of it.

# %% tags=["parameters"]
sales = None  # CSV, Excel or Parquet; None is the shipped company
customers_file = None  # customer master: name, parent, segment, sector, region, owner
contacts_file = None  # contact log: customer, date, kind, owner, outcome
as_of = None  # last day of the period, as "2025-12-31"; None is the ledger's last day
months = 12
language = "en"  # or "de"
columns = None  # what is not recognised, as {"customer": "Kd.", "revenue": "EUR"}
layout = None  # what the file leaves open, as {"decimal": "comma", "date_order": "dmy"}

# %% [markdown]
# ## Who has been silent?
#
# The first idea is a list of all who haven't ordered for three months, the largest first. Many firms have such a list.
# It is quickly made, and somebody telephones his way down from the top until something more urgent comes up. Look at
# the two columns on the right before you pick up the telephone: for how many days has the account been silent, and how
# many days lie between two of its orders, usually?

# %%
import datetime as dt

import pandas as pd

from kamlib import btyd, checks, churn, customers, datasets, exhibits, keyaccounts

own = datasets.read(sales, customers=customers_file, contacts=contacts_file, columns=columns, layout=layout)
setting = exhibits.setting(own, as_of=as_of or own.last_day, months=months, language=language)
table = customers.table(own, as_of=setting.end, months=months)
keys = keyaccounts.key_accounts(table).index
table.query("days_since > 90")[["name", "revenue", "usual_interval", "days_since"]].head(8)

# %% [markdown]
# **What you see.** On the shipped data more than a hundred accounts have been silent for so long. The first is a giant
# that used to order every two weeks. The second orders twice a year, so its 146 days are nothing. The third has a
# rhythm of twelve days and a silence of 127; keep it in mind.

# %% [markdown]
# ## Ninety days mean nothing without a rhythm
#
# A purchase model weighs silence against rhythm. Each customer buys at a pace of its own, more or less regularly, and
# after some purchase it stops for good; how many do so, the model learns from all of them. The table asks it about five
# invented customers of two years. A row is a rhythm, a column is a silence, and inside is the probability that this is
# still a customer. Find the column of thirteen weeks, which is ninety days, and read it downwards.

# %%
known = btyd.summary(own, as_of=setting.end)
times, gaps = [known[name] for name in ("frequency", "recency", "T")], known["log_intervals"]
model = exhibits.or_lacking(btyd.MBGCNBDk().fit, *times, log_intervals=gaps)
shown = model
if not isinstance(model, exhibits.Lacking):
    weeks = pd.Index([1, 2, 4, 13, 26], name="orders every ... weeks, silent for")
    alive = {f"{gap} weeks": model.p_alive(104 / weeks, [104] * 5, [104 + gap] * 5) for gap in (2, 4, 8, 13, 26, 52)}
    shown = pd.DataFrame(alive, index=weeks).map(setting.words.percent)
shown

# %% [markdown]
# **What you see.** On the shipped data ninety days are the end of a customer who orders each week, an even chance for
# one who orders each month, and nothing at all for one who orders twice a year. The giant would be in the second row.

# %% [markdown]
# ## The trap: what is a loss?
#
# A forecast needs an outcome that can be checked. Ours is: no purchase within the horizon, counted from a fixed day.
# But how long should that be? The next cell goes back to a day whose whole following year is known, and calls lost who
# bought nothing in 90, 180 and 365 days. Who came back within that year was not lost; it was slow, or out of season.
# The horizon has to be longer than the rhythm, or else the model learns to predict holidays.

# %%
back = churn.cutoffs(own, as_of=setting.end)[-1:]
past = {days: churn.backtest(own, cutoffs=back, horizon=days).cases for days in (90, 180, 365) if back}
lost = {days: cases.query("happened == 1")["account"] for days, cases in past.items()}
stayed = past[365].query("happened == 0")["account"] if back else None
rows = [(days, len(past[days]), len(gone), gone.isin(stayed).sum()) for days, gone in lost.items()]
too_short = "The ledger is too short to look back over a year, so this table is left out."
pd.DataFrame(rows, columns=["horizon, days", "judged", "called lost", "but came back"]) if back else too_short

# %% [markdown]
# **What you see.** On the shipped data every third customer that 90 days would call lost came back, and the slow ones
# could not be judged at all. A year has every season; hence it is our horizon wherever the ledger is long enough.

# %% [markdown]
# ## Was it any good in the past?
#
# A forecast that is not tested is an opinion. So we go back to earlier days, hide everything after them, let all
# models give their probabilities, and then look. Three rules of thumb take part: as many as always, overdue twice its
# usual interval, and bought at this time last year but not now. They must always stand beside the model. If none of the
# models beats them, use the best rule, which costs nothing and needs no explanation. A lower log loss is better.

# %%
dates = {days: churn.cutoffs(own, as_of=setting.end, horizon=days) for days in (365, 180, 90)}
# A test takes two days to look back from that lie a horizon apart: one to learn from, the other to be tested on.
long_enough = [days for days, found in dates.items() if found and (found[-1] - found[0]).days >= days]
horizon = long_enough[0] if long_enough else min(dates)
record = exhibits.or_lacking(churn.backtest, own, cutoffs=dates[horizon], horizon=horizon)
exhibits.or_lacking(exhibits.record, record, setting=setting)

# %% [markdown]
# **What you see.** On the shipped data all learned models are ahead of the rules of thumb, and close together: most of
# what can be known is in the silence, held against the rhythm. The overdue rule gets more than half of the way.

# %% [markdown]
# ## The trap: a score is no probability
#
# "Risk 80" from a CRM system means that somebody ranks above somebody else. It doesn't mean that eight of ten such
# accounts leave, and revenue times score is no expected loss. A probability can be held to its word: of all accounts
# that were given 20 %, about one in five should have left. The chart sorts past forecasts into classes and shows what
# was given, what came true, and how much of the difference may be chance. Accounts above the line were underrated.

# %%
tested = not isinstance(record, exhibits.Lacking) and len(record.calibration) > 0
untested = "The ledger is too short to test any model, so nobody knows how far its probabilities hold."
exhibits.calibration(record, setting=setting) if tested else untested

# %% [markdown]
# **What you see.** On the shipped data most past forecasts are below 5 %, and few of those accounts left. Higher up
# rather more left than had been expected, so take a third there as seriously as a half.

# %% [markdown]
# ## Which key accounts may leave?
#
# Now the same for today, and for the key accounts alone, those on the list of `03_who_are_our_key_accounts`. Beside the
# probability stand its interval, what is at stake a year, and the facts that raised it. Start with the reasons: an
# account manager who reads "orders every 16 days, silent for 116" knows at once whether there is an explanation, and
# won't trust a number that gives none.

# %%
risks = exhibits.or_lacking(churn.risk, own, as_of=setting.end, horizon=horizon, record=record)
shown = risks
if not isinstance(risks, exhibits.Lacking):
    listed = risks[risks.index.isin(keys)].dropna(subset="p_loss")
    nobody = "For no key account can a probability be given."
    shown = exhibits.risk_list(listed, table, horizon=horizon, setting=setting) if len(listed) else nobody
shown

# %% [markdown]
# **What you see.** On the shipped data two of the 25 stand apart. Ulmenrieder Lebensmitteltechnik is all but lost,
# three months after its last order, and the contact log has a visit in June. With Pfahlfeld Fördertechnik the
# silence is younger. Call there first.

# %% [markdown]
# ## Who only looks lost?
#
# The rule "overdue twice its usual interval" is good enough to be tempting. Here are the largest accounts that it
# would report, although the model gives them better than even chances to stay; on the right, what each of them says.
# False alarms are not free. Whoever has telephoned three customers who were merely out of season will not
# telephone the fourth, who was leaving.

# %%
shown = risks
if not isinstance(risks, exhibits.Lacking):
    differ = risks.query("overdue and p_loss < 0.5").sort_values("revenue", ascending=False)
    shown = differ[["revenue", "usual_interval", "days_since", "naive", "p_loss"]].head(6)
    shown = table[["name"]].join(shown.assign(**shown[["naive", "p_loss"]].map(setting.words.percent)), how="right")
    shown = shown if len(shown) else "Nobody is overdue by the rule and likely to stay by the model."
shown

# %% [markdown]
# **What you see.** On the shipped data the first two had been as silent a year ago, and then came back. One of them is
# the fruit press from Styria, which orders from September to February. The pumping stations with two orders a year,
# second on the list we began with, aren't even overdue.

# %% [markdown]
# ## Who still orders, but less?
#
# Silence comes last. Before it, orders get rarer, the basket gets narrower, the spend falls. A probability of silence
# is no measure of that: who still orders each week, but half as much, won't be silent. The next test holds each month
# against the same month of the year before, so that a season can't deceive it, and flags an account that did not
# change in one of a hundred cases. It says that something changed; whether that is our fault or the sector's, it
# doesn't know.

# %%
signals = exhibits.or_lacking(churn.decline_signals, own, as_of=setting.end)
of_keys = signals if isinstance(signals, exhibits.Lacking) else signals[signals["account"].isin(keys)]
exhibits.or_lacking(exhibits.signals, of_keys, table, setting=setting)

# %% [markdown]
# **What you see.** On the shipped data Pfahlfeld, which may be leaving, had declined in all three measures for most of
# a year; somebody could have asked. Kwelstra Machines belongs to automotive, where everybody buys less. And Eschenlohr
# Verfahrenstechnik orders as often as ever, but fewer things.

# %% [markdown]
# ## What is missing from the basket?
#
# An account that drops one product group after the other may be trying out a competitor. Its revenue may even hold for
# a while. So take the clearest case among the key accounts that are likely to stay, and look at what it bought in each
# of the last four half-years. The groups that fall to zero hint at who the competitor is, and they are what to talk
# about: not "how is business?", but "who makes your gears now?"

# %%
lacks = isinstance(signals, exhibits.Lacking) or isinstance(risks, exhibits.Lacking)
narrower = [] if lacks else of_keys.query("signal and measure == 'basket'")["account"]
shrinking = [account for account in narrower if risks["p_loss"][account] < 0.5]
kind = "product_group" if own.has("product_group") else "product"
halves = [checks.months_before(setting.end, ago) for ago in (18, 12, 6, 0)] if shrinking else []
sold = {day: customers.by_product(own, as_of=day, months=6) for day in halves}
bought = {day: part[part["account"] == shrinking[0]].groupby(kind)["revenue"].sum() for day, part in sold.items()}
nobody = "No key account that stays has a narrower basket beyond chance."
pd.DataFrame(bought).fillna(0).map(setting.words.amount) if shrinking else nobody

# %% [markdown]
# **What you see.** On the shipped data four of Eschenlohr's nine groups are gone, and belts may be the next. The risk
# list gives it one per cent at most, and rightly so: it isn't about to stop ordering. It is leaving in parts.

# %% [markdown]
# ## Facts to rely on
#
# A test that has seen the future is worthless, so the first check is that each day looked back from lies a full horizon
# before the last day. On the shipped data the second asks whether the planted silent churner leads the list of
# key accounts, while the slow and the seasonal customer stay below one half; the third, whether the shrinking basket
# was found where the risk list sees nothing.

# %%
looked_back = [] if isinstance(record, exhibits.Lacking) else record.cutoffs
assert all(day + dt.timedelta(days=horizon) <= setting.end for day in looked_back)
elsewhere = sales or as_of or months != 12
chances = {} if elsewhere else risks["p_loss"].groupby(table["name"]).first()
look_alikes = ["Kwelwater Gemalen B.V.", "Steirische Obstpresserei Kernegg GmbH"]
first = "Ulmenrieder Lebensmitteltechnik GmbH & Co. KG"
assert elsewhere or (table["name"][listed.index[0]] == first and chances[look_alikes].max() < 0.5)
names = [] if elsewhere else [table["name"][account] for account in shrinking]
assert elsewhere or (names == ["Eschenlohr Verfahrenstechnik GmbH & Co. KG"] and chances[names].max() < 0.1)

# %% [markdown]
# ## What you know now
#
# - [x] why ninety days without an order mean nothing by themselves
# - [x] what we call a loss, and how long one has to wait for it
# - [x] how good such forecasts were in the past, beside rules of thumb
# - [x] which key accounts are likely to leave, and why
# - [x] who only looks lost
# - [x] who still orders, but less and less
#
# Next: `06_what_would_it_cost` turns these probabilities into money. `07_whom_do_we_neglect` asks what we do about it.
