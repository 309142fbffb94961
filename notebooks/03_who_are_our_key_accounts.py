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
# # Who are our key accounts?
#
# What you will know at the end:
#
# - [ ] which customer numbers are one key account
# - [ ] where the list ends, and what that choice costs
# - [ ] why each account is on the list
# - [ ] which names hang on the weights, and which stay whatever the weights
# - [ ] who entered and who left since the period before
# - [ ] with whom there is more to win, and where we are the weaker side
#
# > **On your own data.** Give the files in the next cell, or run `kam notebooks SALES`. The customer master pays most
# > here: without parents, a group falls apart into its companies; without potential and share of wallet, we know the
# > accounts from our own books alone. What is missing is left out or said in one sentence.

# %% [markdown]
# ## What to read
#
# `02_how_concentrated` found that the larger half of the shipped company's revenue comes from some twenty accounts.
# This notebook puts names to them. A list of key accounts decides who gets visits, special terms and the board's
# telephone number, so each name needs a reason that stands up in a meeting, also with the colleague whose customer is
# not on it.

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
# Everything starts from the same table as before: one row an account, net of credit notes, largest first. A list made
# by hand usually is the top of this table, as somebody remembers it from last year. That is a fair beginning. Before
# we cut it anywhere, note what it does not show: what an account earns, whether it grows, and what it buys from
# others.

# %%
import pandas as pd

from kamlib import checks, customers, datasets, exhibits, keyaccounts

own = datasets.read(sales, customers=customers_file, contacts=contacts_file, columns=columns, layout=layout)
setting = exhibits.setting(own, as_of=as_of or own.last_day, months=months, language=language)
table = customers.table(own, as_of=setting.end, months=months)
table[["name", "customers", "revenue", "growth"]].head(10)

# %% [markdown]
# **What you see.** The ten largest, with the customer numbers behind each. On the shipped data the third has three of
# them, and the fourth has lost almost a third of its revenue.

# %% [markdown]
# ## The trap: three names, one customer
#
# A group buys through its companies and negotiates as a whole: when the head office changes the supplier, all of them
# do. Each company by itself may be too small for the list. The next cell ranks customer numbers one by one and sets
# that rank beside the one they have together. If your customer master has no parents, ask your sales people; nobody
# else knows, and the names won't tell.

# %%
single = customers.table(own, as_of=setting.end, months=months, by="customer").rename(columns={"rank": "rank_alone"})
single["group"] = own.customers.set_index("customer")["account"].reindex(single.index)
companies = single[single["group"].isin(table.index[table["customers"] > 1])]
companies = companies.assign(rank_together=companies["group"].map(table["rank"]))
companies = companies.sort_values(["rank_together", "rank_alone"]).rename_axis("customer")
shown = companies[["name", "revenue", "rank_alone", "group", "rank_together"]].head(9)
shown if len(shown) else "No account has more than one customer number."

# %% [markdown]
# **What you see.** On the shipped data the three companies of Sandhalden Beteiligungen AG rank between 15 and 19 when
# taken alone; together they are the third largest account. Three account managers with a middling customer each would
# have been the wrong answer.

# %% [markdown]
# ## Where does the list end?
#
# Two rules are in use, and they are different things. A share of revenue follows the customers: it makes a long list
# where revenue is spread. A number follows ourselves: as many accounts as a few people can really look after. Whoever
# calls sixty accounts key accounts has none, as nobody gets special care if everybody does. The library takes the
# largest that bring 80 %, but 25 at most; both are arguments.

# %%
cuts = {
    "80% of revenue": keyaccounts.key_accounts(table, size=None),
    "the 25 largest": keyaccounts.key_accounts(table, share=None, size=25),
    "the 10 largest": keyaccounts.key_accounts(table, share=None, size=10),
}
rows = [
    (rule, len(found), setting.words.percent(found["share"].sum()), setting.words.amount(found["revenue"].min()))
    for rule, found in cuts.items()
]
pd.DataFrame(rows, columns=["the list holds", "accounts", "share of revenue", "the smallest"])

# %% [markdown]
# **What you see.** On the shipped data 80 % takes 59 accounts, and the 25 largest still bring more than three fifths.
# The next thirty-four would add 18 points.

# %% [markdown]
# ## Reasons, not size alone
#
# Revenue looks back. A criteria score adds what else makes an account a key account: what it earns, whether it grows,
# what it could buy. Each criterion brings the accounts into an order, and the score is their weighted mean place: 1
# would be the best in everything. The weights are an opinion and belong on the table, not in somebody's head. Change
# them in this cell and run on; a negative weight says that less is better.

# %%
weights = {"revenue": 3, "margin": 2, "growth": 1, "potential": 1}
known = table.columns[table.notna().any()]
criteria = {column: weight for column, weight in weights.items() if column in known}
listed = keyaccounts.key_accounts(table, criteria=criteria)
exhibits.key_accounts(listed, setting=setting)

# %% [markdown]
# **What you see.** The cut by revenue, and beside it what the score says of each account. On the shipped data twelve of
# the 25 hang on the weights. The fifth largest, Vördekamp Fördertechnik AG, is far from any list by this score: it
# brings revenue and no margin.

# %% [markdown]
# ## The trap: a list that changes with the weights
#
# Whoever sets the weights sets the list. The next cell makes it three times by score alone: with the weights from
# above, with revenue alone, and with growth in front. It shows the accounts that are on some of these lists and not on
# others. None of the three is wrong. But when a favourite is missing, weights get shifted until it appears, and nobody
# can tell afterwards which came first, the reason or the name.

# %%
candidates = table[table["revenue"] > 0]
size = min(keyaccounts.SIZE, len(candidates))
weightings = {"as above": criteria, "revenue alone": {"revenue": 1}, "growth first": criteria | {"growth": 4}}
lists = {name: keyaccounts.score(candidates, criteria=given).index[:size] for name, given in weightings.items()}
on = pd.DataFrame({name: candidates.index.isin(best) for name, best in lists.items()}, index=candidates["name"])
on[on.any(axis=1) & ~on.all(axis=1)].replace({True: "on the list", False: ""}).head(20)

# %% [markdown]
# **What you see.** Who comes and goes with the weights, the largest first. On the shipped data Sandhalden and
# Ulmenrieder, third and fourth by revenue, leave the list when growth comes first: both shrank. Accounts with a
# quarter of their revenue and less take the places, because they grew. For some of them growth isn't even known, as
# they are new: a missing criterion is left out, and the others decide.

# %% [markdown]
# ## How far does the list depend on the weights?
#
# Instead of arguing about one set of weights, draw ten thousand around the given ones and count: in what share of the
# draws is an account among the best? Near 100 % it is a key account whatever the weights, near 0 % it is none. In
# between is where judgement is needed, and where it may be honestly used. This is known as stochastic multicriteria
# acceptability analysis. The next cell shows those in between.

# %%
stable = keyaccounts.stability(candidates, criteria=criteria, size=size)
between = stable["acceptability"].between(0.05, 0.95)
shown = candidates[["name", "revenue"]].join(stable[between].drop(columns="score"), how="right")
shown.assign(acceptability=shown["acceptability"].map(setting.words.percent))

# %% [markdown]
# **What you see.** `acceptability` is the share of the draws, `rank_low` to `rank_high` the range of places in nine
# draws of ten. On the shipped data nineteen accounts are open to discussion, and no one has to discuss the others.

# %% [markdown]
# ## Who entered, who left
#
# The same rule applied to the period before gives last year's list. It is a better comparison than the list that was
# then decided, because only the customers have changed and not the rule. Every account that left deserves an answer to
# one question: did we notice at the time? A list that never changes is as suspicious as one that changes by half; the
# first is a habit, the second a lottery.

# %%
if table["revenue_before"].notna().any():
    before = customers.table(own, as_of=checks.months_before(setting.end, months), months=months)
    shown = exhibits.list_changes(keyaccounts.changes(before, table), setting=setting)
else:
    shown = "The ledger does not reach back over the period before, so no changes are shown."
shown

# %% [markdown]
# **What you see.** On the shipped data two entered and two left. One of those who left shrank by more than four fifths:
# it makes parts for cars, and `04_what_are_they_worth` will come back to its sector.

# %% [markdown]
# ## Where is more to win?
#
# Key accounts are not all alike. The portfolio matrix sets how attractive an account is against how strong our own
# position is: our share of what it buys, where that is known, and else the breadth of products, tenure, regularity and
# price. Top right is to be developed together. Top left is the place for an offensive: attractive, but buying mostly
# from others. The axes are places among all accounts, so half of them are always low.

# %%
exhibits.portfolio(keyaccounts.portfolio(table), setting=setting, accounts=listed.index)

# %% [markdown]
# **What you see.** The key accounts, with bubbles as large as their revenue. On the shipped data about half of them
# stand on the left: attractive, but we are one supplier among several. Ask for the share of wallet before you believe
# it where the note says that it was not known.

# %% [markdown]
# ## Where are we the weaker side?
#
# Dependence has two sides. A customer with a tenth of our margin can ask for a lot, unless it would find it as hard to
# do without us: because we supply most of what it buys, over many product groups, or parts that are made for nobody
# else. Before the next price talk, look up on which side of the line the customer stands. The table under the chart
# says what holds each of them.

# %%
bought = exhibits.or_lacking(customers.by_product, own, as_of=setting.end, months=months)
balance = exhibits.or_lacking(keyaccounts.dependence, table, bought)
exhibits.or_lacking(exhibits.dependence, balance, setting=setting)

# %% [markdown]
# **What you see.** On the shipped data we need three accounts more than they need us, the two giants before all. The
# way out is not a lower price, but whatever makes us hard to replace: more product groups, and parts of their own.

# %% [markdown]
# ## Facts to rely on
#
# Three checks of the method. A score of one criterion must bring the accounts into that criterion's order. However the
# weights are drawn, every draw fills the list exactly once, so the shares of all accounts must sum to its length. And
# on the shipped data the planted group has to be found: on the list as one account, while none of its companies is
# among the ten largest customers.

# %%
by_revenue = keyaccounts.score(candidates, criteria={"revenue": 1}).index
assert candidates.loc[by_revenue, "revenue"].is_monotonic_decreasing
assert abs(stable["acceptability"].sum() - size) < 1e-9
group = companies.loc[companies["group"] == "Sandhalden Beteiligungen AG", "rank_alone"]
assert sales or ("Sandhalden Beteiligungen AG" in listed.index and len(group) == 3 and group.min() > 10)

# %% [markdown]
# ## What you know now
#
# - [x] which customer numbers are one key account
# - [x] where the list ends, and what that choice costs
# - [x] why each account is on the list
# - [x] which names hang on the weights, and which stay whatever the weights
# - [x] who entered and who left since the period before
# - [x] with whom there is more to win, and where we are the weaker side
#
# Next: `04_what_are_they_worth` asks what these accounts earn, and where we gave in on price.
