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
# # What would it cost?
#
# What you will know at the end:
#
# - [ ] what is at stake with each account, and how much of it would come back within the year
# - [ ] which loss to expect in a year, and what a bad year costs
# - [ ] who makes up the worst years
# - [ ] by how much it gets worse because customers falter together
# - [ ] which event would hurt most, and how many accounts can go before the year ends at a loss
# - [ ] what keeping an account may cost at most
# - [ ] how far these figures can be trusted, and what to tell the board in three sentences
#
# > **On your own data.** Give the files in the next cell, or run `kam notebooks SALES`, and put the fixed costs of a
# > year into `fixed_costs`. Without costs, what is at stake is revenue; without costs and fixed costs nobody knows how
# > many accounts can go. The notebook then says so, and goes on.

# %% [markdown]
# ## What to read
#
# `05_who_is_about_to_leave` gave each account a probability. A managing director can't do anything with a probability;
# money is another matter. Banks have reckoned for thirty years what a portfolio with a few large names may lose, and
# a list of customers is such a portfolio. The method is theirs: no simulation, but the exact law of the loss. What it
# needs beyond the ledger are assumptions, and each of them is shown.

# %% tags=["parameters"]
sales = None  # CSV, Excel or Parquet; None is the shipped company
customers_file = None  # customer master: name, parent, segment, sector, region, owner
contacts_file = None  # contact log: customer, date, kind, owner, outcome
as_of = None  # last day of the period, as "2025-12-31"; None is the ledger's last day
months = 12
language = "en"  # or "de"
columns = None  # what is not recognised, as {"customer": "Kd.", "revenue": "EUR"}
layout = None  # what the file leaves open, as {"decimal": "comma", "date_order": "dmy"}
fixed_costs = None  # of a year; None is those of the shipped company, or not known

# %% [markdown]
# ## Who can be lost, and how likely
#
# The first step takes the year's accounts and the probabilities of the last notebook, for twelve months ahead. Accounts
# that bring nothing can't be lost, and accounts without a probability are left out. The cell shows the largest of
# those that remain. Compare the two columns on the right: the account that would hurt most and the account that will
# most likely go are seldom the same one, and a plain product of both columns would forget the difference.

# %%
from kamlib import churn, customers, datasets, exhibits, exposure, keyaccounts

own = datasets.read(sales, customers=customers_file, contacts=contacts_file, columns=columns, layout=layout)
setting = exhibits.setting(own, as_of=as_of or own.last_day, months=months, language=language)
table = customers.table(own, as_of=setting.end)  # a stake is one of twelve months
earned = "margin" if "margin" in table else "revenue"
risks = exhibits.or_lacking(churn.risk, own, as_of=setting.end)
lacking = isinstance(risks, exhibits.Lacking)
judged = table[table[earned] > 0] if lacking else table[table[earned] > 0].join(risks["p_loss"]).dropna(subset="p_loss")
risks if lacking else judged[["name", earned, "p_loss"]].sort_values(earned, ascending=False).head(8)

# %% [markdown]
# **What you see.** On the shipped data the two largest bring 1.5 and 1.2 million of margin a year, and leave once in a
# thousand years. The fourth, half a million, is as good as gone.

# %% [markdown]
# ## What is at stake
#
# Losing an account on the first day of the year doesn't cost a year's margin for ever: sooner or later other business
# takes its place. Vendors speak of 12 to 18 months for a large account; 15 are assumed here, the last six of them on a
# ramp. So most of a year's margin is gone, and a little returns. These are assumptions, not figures of yours. The table
# lists them, and each is an argument of `exposure.stakes`.

# %%
stakes = risks if lacking else exposure.stakes(judged)
stakes if lacking else stakes.assumptions

# %% [markdown]
# **What you see.** The basis is the contribution margin where the ledger has costs, else the revenue. Everything marked
# as an assumption deserves a minute with those who know how long the last large account took to replace.

# %% [markdown]
# ## Which loss to expect, and what a bad year costs
#
# The expected loss is an average over all years, and no year is average. The curve tells for each amount how likely it
# is to lose more. Read it from the left: nearly every year costs something. Then look where it crosses five and one
# per cent, a bad year and a very bad one. Sums over a handful of giants don't follow a bell curve, so the law is
# computed account by account, with a factor for the economy and one for each sector.

# %%
sectors = judged["sector"] if "sector" in judged and judged["sector"].notna().any() else None
common = {"correlation": 0.1, "sector": sectors, "sector_correlation": 0.0 if sectors is None else 0.1}
law = risks
if not lacking:
    law = exposure.loss_distribution(judged[earned], judged["p_loss"], severity=stakes.table["severity"], **common)
exhibits.or_lacking(exhibits.exposure_curve, law, stakes, setting=setting)

# %% [markdown]
# **What you see.** On the shipped data 849,000 are to be expected, most of it from accounts that are already silent.
# One year in twenty costs more than a million, and the curve has a long tail towards the loss of a giant.

# %% [markdown]
# ## Who makes up the worst years
#
# A risk that is spread over hundreds of accounts is one for the whole firm, and a risk that hangs on one name is one
# for a single conversation. So the mean loss of the worst years is divided up: each account bears what it loses on
# average in just those years, and all parts add up to the whole. Pale is what the account is expected to cost in any
# year. Strong is what comes on top when it gets bad.

# %%
exhibits.or_lacking(exhibits.contributions, law, stakes, setting=setting)

# %% [markdown]
# **What you see.** On the shipped data the silent Ulmenrieder makes up a third, and all of it is pale: that loss has
# happened already, only nobody has written it down. The giants add what is strong.

# %% [markdown]
# ## The trap: customers don't leave one at a time
#
# Ten accounts at ten per cent each lose one a year, on average. If they all build cars, they lose none for years and
# then five at once. The mean is the same, the bad year is not. The next table sets the figures for independent
# accounts beside those with common causes, first for all accounts and then for each sector by itself. The correlation
# of 0.1 is an assumption, at the lower end of what banks take for firms.

# %%
exhibits.or_lacking(exhibits.common_factors, law, setting=setting)

# %% [markdown]
# **What you see.** On the shipped data the worst years cost a tenth more than independence would have it. The
# automotive sector, whose accounts really falter together, is by itself raised by 14 %, among the most of all.

# %% [markdown]
# ## Which event would hurt most
#
# A board thinks in events, not in probabilities: what if the largest leaves, what if a sector falters, what if an
# account manager goes and takes customers along? The next cell reckons each of them with the same stakes. Where the
# model can say how likely the event is, it does; an account manager's notice is not in any sales ledger. The result is
# that of the year less fixed costs, where those are known.

# %%
shipped_costs = None if sales else datasets.fixed_costs(as_of=setting.end)
fixed = fixed_costs or shipped_costs
bearable = not lacking and earned == "margin" and fixed is not None
year = exposure.firm(law, contribution=table["margin"].sum(), fixed_costs=fixed) if bearable else None
result = year.result if bearable else float("nan")
events = risks if lacking else exposure.scenarios(law, stakes.table, result=result)
exhibits.or_lacking(exhibits.stress, events, stakes, setting=setting)

# %% [markdown]
# **What you see.** On the shipped data no customer is the dearest event, but the account manager of the south: half of
# what he looks after would cost more than the largest account. `07_whom_do_we_neglect` comes back to that.

# %% [markdown]
# ## How many can go before we make a loss
#
# The result of the year is what the firm has to bear a loss with. In the order of size one counts how many of the
# largest may go. But the largest hardly ever go together, so the second question is turned round: which set of losses
# that uses the result up is the likeliest? Everyone who is as good as gone belongs to it, and somebody else has to come
# on top. Those names are worth a visit.

# %%
unknown = "Without costs and fixed costs it is not known how many accounts can go."
exhibits.break_even(year, stakes, setting=setting) if bearable else unknown

# %% [markdown]
# **What you see.** On the shipped data two of the largest can go. A year at a loss has a probability of less than one
# in a thousand; it would take the largest and another one beside all those that are leaving anyway.

# %% [markdown]
# ## What keeping may cost
#
# An effort to keep an account is worth what it averts: its part of the expected loss, and a return on the reserve for
# its part of the bad years. Half of that is assumed to be averted. The budget is the most that the effort may cost a
# year; beyond it, keeping is dearer than losing. Beside it stands the same amount as a price concession, the currency
# in which customers usually ask for it.

# %%
keys = keyaccounts.key_accounts(table).index
budgets = risks if lacking else exposure.retention(law, revenue=judged["revenue"])
exhibits.or_lacking(exhibits.retention_budget, budgets, stakes, setting=setting, accounts=keys)

# %% [markdown]
# **What you see.** On the shipped data a quarter of a million could go into Ulmenrieder, if that still helps. For the
# two giants a few thousand a year is all that their risk justifies: a tenth or two of a point. Who offers them three
# points out of fear gives away twenty times as much.

# %% [markdown]
# ## How far to trust it, and what to tell the board
#
# The correlation is an assumption, so the line above the table tells what becomes of the worst years with another
# one. Then comes what a board has time for: three sentences, one on the loss to expect, one on a bad year, one on what
# the firm can bear. They are computed like everything else, so they change with the data and say what is not known.
# Read them aloud before you send them.

# %%
moved = risks if lacking else exposure.sensitivity(law, severities=[1.0])
hangs_on = exhibits.or_lacking(exhibits.sensitivity, moved, setting=setting)
print(hangs_on if lacking else hangs_on.message)
exhibits.or_lacking(exhibits.board, law, stakes, setting=setting, firm=year)

# %% [markdown]
# **What you see.** On the shipped data the worst years cost 1.6 million, 2.0 million with a correlation of 0.3. Neither
# uses up the result of 2.7 million. The sentence to begin with is the one about Ulmenrieder.

# %% [markdown]
# ## Facts to rely on
#
# The parts of the accounts have to add up to the whole, or else somebody is blamed for too much. The expected loss can
# be had without any model, as the sum of stake, severity and probability; the law has to agree with it. On the shipped
# data the third check asks whether the planted silent churner is the dearest risk, which no list by size and no list
# by probability would have put on top.

# %%
parts = law.contributions(0.99) if not lacking else None
assert lacking or abs(parts["expected_shortfall"].sum() / law.expected_shortfall(0.99) - 1) < 1e-9
plain = 0.0 if lacking else (stakes.table["loss"] * judged["p_loss"]).sum()
assert lacking or abs(plain / law.expected - 1) < 1e-9
elsewhere = sales or as_of or months != 12
dearest = None if elsewhere else table["name"][parts["expected"].idxmax()]
assert elsewhere or dearest == "Ulmenrieder Lebensmitteltechnik GmbH & Co. KG"

# %% [markdown]
# ## What you know now
#
# - [x] what is at stake with each account, and how much of it would come back within the year
# - [x] which loss to expect in a year, and what a bad year costs
# - [x] who makes up the worst years
# - [x] by how much it gets worse because customers falter together
# - [x] which event would hurt most, and how many accounts can go before the year ends at a loss
# - [x] what keeping an account may cost at most
# - [x] how far these figures can be trusted, and what to tell the board in three sentences
#
# Next: `07_whom_do_we_neglect` asks whether those who are dear to us get the attention that they are worth.
