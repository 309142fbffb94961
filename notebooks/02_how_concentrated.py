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
# # How concentrated are we, really?
#
# What you will know at the end:
#
# - [ ] how few customers bring four fifths of the revenue
# - [ ] whether 80/20 is true here, and how sure that is
# - [ ] how much of the answer depends on who and what is counted
# - [ ] where concentration is heading, and who rose and fell on the way
# - [ ] which customers take away again what the others earn
# - [ ] which part of the business hangs on a single customer
#
# > **On your own data.** Give the files in the next cell, or run `kam notebooks SALES`. Read `01_read_your_ledger`
# > first: a figure is as good as the ledger behind it. What your data can't carry (no costs, no sectors, no year
# > before) is said in one sentence where the exhibit would stand.

# %% [markdown]
# ## What to read
#
# As it stands, the next cell reads the shipped company, a fictional supplier of machine parts. The period ends with
# `as_of` and lasts `months` months; twelve is the usual choice, because a shorter period mistakes a season for
# concentration. Choose the last day of a month that is fully booked. A ledger that ends in the middle of a month, or
# before the credit notes have come in, makes the latest customers look larger than they are.

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
# ## One row an account
#
# Everything below is computed from one table: `customers.table` adds up the ledger per account, which is a customer
# or the group of companies that it belongs to, net of credit notes. It is sorted by revenue, so that its top is the
# list that everybody in the firm believes to know. Read the cumulative share downwards: how many lines does it take
# to come to a quarter, or to half, of all that the firm sells?

# %%
import pandas as pd

from kamlib import checks, concentration, customers, datasets, exhibits

own = datasets.read(sales, customers=customers_file, contacts=contacts_file, columns=columns, layout=layout)
setting = exhibits.setting(own, as_of=as_of or own.last_day, months=months, language=language)
table = customers.table(own, as_of=setting.end, months=months)
table[["name", "revenue", "share", "cumulative_share"]].head(10)

# %% [markdown]
# **What you see.** The ten largest accounts. On the shipped data the first two stand out: together they bring a fifth
# of the revenue, and losing either would be felt in every department.

# %% [markdown]
# ## How fast it adds up
#
# The Pareto chart puts the twenty largest accounts side by side and adds their shares up above them. The line goes on
# beyond the chart's edge, and the message says how many accounts it takes until it passes 80 %. The classes A, B and
# C are cut along the same line, by custom at 80 % and 95 % of the revenue. They are a convention and no law of
# nature: an account just below the cut is no less important than the one just above it.

# %%
exhibits.pareto(table, setting=setting)

# %% [markdown]
# **What you see.** On the shipped data two tall bars, then a long, gentle slope: the twenty bring more than half, and
# it takes another forty to come to 80 %. Beyond ten per cent of the revenue, a single customer would have to be
# disclosed under IFRS 8.

# %% [markdown]
# ## Is 80/20 true here?
#
# The Lorenz curve compares the firm with the rule of thumb. If all customers were equal it would be the diagonal; the
# deeper it sags, the fewer bring the more. The revenue of a year is a census, not a sample, so the interval answers
# another question: how would the figure move, if the customer base were drawn again? With a few hundred customers,
# two of whom are giants, it moves a lot, and the second decimal of such a share says nothing.

# %%
revenue = table["revenue"].clip(lower=0)
indices = concentration.indices(revenue)
exhibits.lorenz(table, indices=indices, setting=setting)

# %% [markdown]
# **What you see.** The share of the top fifth with its interval, and a verdict that holds the interval, not the bare
# figure, against 80 %. Quote it with the interval, and nobody will be surprised when it is two points off next year.

# %% [markdown]
# ## One number, or several
#
# Each index answers a question of its own. Shares of the top 1, 5 and 10 are what banks and buyers of firms ask for.
# The Herfindahl index adds up squared shares, so it is ruled by the giants; its inverse, the effective number of
# customers, is the one to explain to a board: as if so many customers of equal size made all the revenue. The Gini
# coefficient tells how unequal customers are, whatever their number.

# %%
exhibits.figures(indices, setting=setting)

# %% [markdown]
# **What you see.** Some hundred customers on paper may be worth a few dozen in spreading risk. Intervals that reach
# far up or down come from the few largest accounts: draw the base again without one of them, and the figure is
# another one.

# %% [markdown]
# ## The trap: the 80/20 that isn't
#
# The same firm has many top-fifth shares, and whoever wants 80/20 finds it. Count legal entities instead of groups,
# and a large account falls apart into three middling ones. Drop the credit notes, and reversed orders count as sales.
# Leave sleeping accounts on the list, and a fifth of a longer list holds more of the same revenue. None of them is a
# lie; each answers another question. The first line is the one used here.

# %%
single = customers.table(own, as_of=setting.end, months=months, by="customer")["revenue"].clip(lower=0)
sold = (table["revenue"] - table["credit_notes"]).clip(lower=0)
ways = {
    "accounts with revenue, net": concentration.top_share(revenue),
    "each customer number by itself": concentration.top_share(single),
    "credit notes dropped": concentration.top_share(sold),
    "sleeping accounts counted, too": concentration.top_share(revenue, count=max(1, round(0.2 * len(table)))),
}
pd.Series(ways, name="the top 20% bring").map(setting.words.percent).to_frame()

# %% [markdown]
# **What you see.** Four questions to one ledger. On the shipped data the sleeping accounts are worth more than four
# points, and the entities decide on which side of 80 % the firm stands. Its credit notes spread over all accounts
# alike, so they hardly move the share; a single reversed giant order would. Say what was counted before you quote a
# share.

# %% [markdown]
# ## Where is it heading?
#
# A single year can't tell whether the firm is growing more dependent. The next chart reckons the share of the ten
# largest accounts again for every quarter that the ledger covers in full, each time over the whole period before it.
# The ten are not always the same. The band is the interval of each point: a rise that stays within the band of its
# predecessor may be nothing, one that goes on for a year is worth a question.

# %%
if own.covers(checks.months_before(setting.end, months)):
    shown = exhibits.over_time(concentration.over_time(own, as_of=setting.end, months=months), setting=setting)
else:
    shown = "The ledger does not cover one full period, so it shows no direction."
shown

# %% [markdown]
# **What you see.** On the shipped data, the share falls for a year and a half and has risen since, and all of it
# stays well within the band. The direction is worth watching; a message such as "we are ever more dependent" is not
# covered.

# %% [markdown]
# ## Who rose, who fell
#
# A stable total hides movement. The next exhibit counts how many accounts moved from which class to which since the
# period before, and what revenue they took along. Look at the row of the former A accounts: those who fell are the
# ones to call, and those who are gone should have been called earlier. New A accounts are good news that makes the
# list longer for those who care for it.

# %%
known = table["revenue_before"].notna().any()
exhibits.migration(table, setting=setting) if known else "The ledger does not reach back to the period before."

# %% [markdown]
# **What you see.** Most accounts stay where they were. On the shipped data as many leave class A as enter it, so the
# number of A accounts stands still, while a quarter of the names behind it has changed.

# %% [markdown]
# ## Revenue is not profit
#
# Concentration of revenue says what would be missing at the top of the income statement. What would be missing at the
# bottom may be a different list: a large account with a large discount and special handling can cost more than it
# brings. The whale curve adds up contribution margins from the best account to the worst. It rises above 100 % and
# comes down again, by what the loss-makers take away from what the others have earned.

# %%
costs_known = "margin" in table and table["margin"].sum() > 0
exhibits.whale(table, setting=setting) if costs_known else "The ledger shows no margin, so no whale curve."

# %% [markdown]
# **What you see.** On the shipped data, one of the five largest accounts by revenue is the largest loss-maker of all.
# Without it the firm would be smaller and earn more, provided that its costs go when it goes.

# %% [markdown]
# ## What hangs on one customer
#
# A firm may look well spread as a whole, while a single customer carries one of its markets: with that customer, the
# firm would lose the reason to be in it. The next exhibit splits the revenue by sector and shows how much of each is
# the largest account's. The note says how much of the inequality lies between the sectors and how much within them.
# Try `by="region"`, `"segment"` or `"owner"`, whatever your customer master has.

# %%
known = "sector" in table and table["sector"].notna().any()
exhibits.share_by_group(table, by="sector", setting=setting) if known else "No customer has a sector."

# %% [markdown]
# **What you see.** Sectors by revenue, with the part of the largest account in each. Where it comes to half, the
# sector is an account with company.

# %% [markdown]
# ## Facts to rely on
#
# The figures above come out of one library; the next cell comes to them by another way. It adds up sorted revenue and
# squared shares with nothing but pandas, which takes three lines and is a good exercise for anybody who wants to know
# what the indices mean. On the shipped data it also looks for an account that was planted: three legal entities that
# are nobody when taken alone, and among the five largest when taken together.

# %%
largest_first = revenue[revenue > 0].sort_values(ascending=False)
before = largest_first.cumsum() - largest_first
assert concentration.customers_for(revenue) == (before < 0.8 * largest_first.sum() * (1 - 1e-9)).sum()
assert abs(concentration.hhi(revenue) - ((largest_first / largest_first.sum()) ** 2).sum()) < 1e-12
assert sales or "Sandhalden Beteiligungen AG" in set(table["name"].head(5))

# %% [markdown]
# ## What you know now
#
# - [x] how few customers bring four fifths of the revenue
# - [x] whether 80/20 is true here, and how sure that is
# - [x] how much of the answer depends on who and what is counted
# - [x] where concentration is heading, and who rose and fell on the way
# - [x] which customers take away again what the others earn
# - [x] which part of the business hangs on a single customer
