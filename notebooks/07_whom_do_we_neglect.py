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
# # Whom do we neglect?
#
# What you will know at the end:
#
# - [ ] which key accounts nobody has been in touch with for too long
# - [ ] how much of that answer is the plan's, and how much is true whatever the plan
# - [ ] whether attention follows what is at stake, or habit
# - [ ] where visits go on although the orders have stopped
# - [ ] which promises were not kept
# - [ ] what hangs on one person
#
# > **On your own data.** Give the files in the next cell, or run `kam notebooks SALES --contacts FILE`. The contact log
# > is an export from the CRM with customer and date, and better with kind, owner and outcome. Without it, only the last
# > part has something to say, provided that the customer master names account managers.

# %% [markdown]
# ## What to read
#
# The notebooks before this one say who the key accounts are, what they earn and who may be about to leave. All of that
# is of no use, if nobody picks up the telephone. This one holds the contact log against what is at stake. It is a
# delicate subject, as it speaks of colleagues: the figures show where attention is missing, but not why. Ask before
# you show them around.

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
# ## The contact log
#
# A contact is a line of the log: a visit, a call, a talk at a trade fair, a complaint. That is all it is. A visit of
# five minutes counts as much as a day of negotiation, and what was not written down did not happen. Look at the last
# lines and ask yourself whether people log out of conviction or because they are paid by the line; both leave traces
# in everything below.

# %%
import pandas as pd

from kamlib import checks, coverage, customers, datasets, exhibits

own = datasets.read(sales, customers=customers_file, contacts=contacts_file, columns=columns, layout=layout)
setting = exhibits.setting(own, as_of=as_of or own.last_day, months=months, language=language)
table = customers.table(own, as_of=setting.end, months=months)
own.contacts.tail() if own.contacts is not None else "There is no contact log; give one as contacts_file."

# %% [markdown]
# **What you see.** The last entries: which customer, when, what kind, who was there and what came of it. On the shipped
# data there are some 6,000 in three and a half years, most of them calls.

# %% [markdown]
# ## Who is overdue?
#
# Contacts are held against a plan by class: twelve a year with an A account, four with a B account, one with a C
# account. An account is overdue when the last contact is longer ago than the plan's interval. Companies of one group
# count as one, so that a visit to the parent is a visit to all. The plan is an assumption, and how much hangs on it is
# the next question.

# %%
given = {"as_of": setting.end, "months": months, "customers": own.customers}
covered = exhibits.or_lacking(coverage.coverage, own.contacts, table, **given)
exhibits.or_lacking(exhibits.overdue, covered, setting=setting)

# %% [markdown]
# **What you see.** On the shipped data 14 of 59 A accounts are overdue. Thirteen of them by days or weeks; with
# Querntaler Baumaschinen GmbH, half a million of revenue, nobody has been in touch for 481 days.

# %% [markdown]
# ## The trap: overdue by whose plan?
#
# A strict plan makes a long list, and a long list gets ignored, with the one account on it that matters. So see what
# remains when the plan is relaxed: an account that is overdue by every plan is neglected, one that is overdue by the
# strictest alone may have been on holiday. Mind also what counts as a contact. To leave complaints out, filter the log
# before the call: hearing from a customer is not caring for it.

# %%
lacking = isinstance(covered, exhibits.Lacking)
plans = {} if lacking else {f"{rate} a year": {"A": rate} for rate in (12, 6, 4, 2)}
late = {name: coverage.coverage(own.contacts, table, plan=plan, **given) for name, plan in plans.items()}
overdue = {name: found.loc[found["overdue"], "name"] for name, found in late.items()}
rows = [(name, len(who), " ".join(who.head(1))) for name, who in overdue.items()]
covered if lacking else pd.DataFrame(rows, columns=["plan for A accounts", "overdue", "the largest of them"])

# %% [markdown]
# **What you see.** On the shipped data the list shrinks from 14 to one. The strict plan's largest account, one of the
# giants, was a single day late; the one that remains in the end is neglected by any standard.

# %% [markdown]
# ## Does attention follow the stake?
#
# For each of the largest accounts the chart shows two shares: of all contacts, and of all margin (or revenue). The line
# between them is the attention that is missing. Don't expect them to be equal. A customer with a tenth of the margin
# needs no tenth of the calls, and a small one needs a minimum. But where the gap is wide, there should be a reason that
# somebody can name.

# %%
exhibits.or_lacking(exhibits.attention, covered, setting=setting)

# %% [markdown]
# **What you see.** On the shipped data the two giants get hardly more contacts than an account of a tenth of their
# size. Most accounts get between ten and twenty contacts a year, whatever they earn, and Querntaler gets none.

# %% [markdown]
# ## Attention by habit
#
# Why is that so? Because a tour is planned from last year's tour, and because a small customer round the corner is
# easier to visit than a large one that asks difficult questions. The next cell adds up contacts by class and sets them
# beside what the class brings. It is no argument against small customers, as they want to be served as well, by
# telephone or by a shop. It is one about where visits go.

# %%
shown = covered
if not lacking:
    shown = covered.groupby("class")[["contacts", *covered.filter(like="share_of_")]].sum()
    shown.insert(0, "accounts", covered["class"].value_counts())
    shown = shown.assign(**shown.filter(like="share_of_").map(setting.words.percent))
shown

# %% [markdown]
# **What you see.** On the shipped data C accounts bring 5 % of the margin and get a fifth of the contacts; A accounts
# bring 78 % and get half. Class `none` bought nothing in the period.

# %% [markdown]
# ## Visited, but silent
#
# Contacts are no orders. A customer that still receives us kindly may already buy elsewhere, and the log, full of
# visits, says that all is well. The next cell looks for A accounts that were contacted but haven't bought for three
# times their usual interval. Some have a reason: who buys for a season is silent out of season, and looks lost each
# time. Ask; a question about the last order is the best reason for a call.

# %%
silent = table[table["days_since"] > 3 * table["usual_interval"]]
shown = covered
if not lacking:
    seen = covered.loc[(covered["class"] == coverage.KEY) & (covered["contacts"] > 0), ["contacts", "last_contact"]]
    shown = silent[["name", "revenue", "usual_interval", "days_since"]].join(seen, how="inner")
    shown = shown if len(shown) else "No A account that was contacted is silent for so long."
shown

# %% [markdown]
# **What you see.** On the shipped data Ulmenrieder Lebensmitteltechnik ordered every two to three weeks and has not for
# almost four months, with seventeen contacts on record. The fruit press from Styria is silent from March to
# August each year.

# %% [markdown]
# ## Promises
#
# "Follow-up agreed" is what people write when the talk went well. Then the follow-up has to come. The next exhibit
# lists the contacts that promised another one which did not follow within thirty days, the longest overdue first.
# For the customer, a promise not kept is worse than none. An outcome counts as a promise by the words in it; give your
# own words with `promises=` if your log says it otherwise.

# %%
missing = exhibits.or_lacking(coverage.missing_follow_ups, own.contacts, **given)
exhibits.or_lacking(exhibits.follow_ups, missing, table, setting=setting)

# %% [markdown]
# **What you see.** On the shipped data 65 follow-ups came late or never, and every account manager has some. That is no
# matter of persons, but of a missing reminder.

# %% [markdown]
# ## What hangs on one person
#
# We speak of the firm's customers, but many of them are somebody's. When that person falls ill, retires or goes to a
# competitor, what they knew goes too. The next exhibit adds up revenue, key accounts and overdue contacts by account
# manager. Read it as a question of load before you read it as one of diligence: who looks after a third of the revenue
# can't be everywhere.

# %%
owners = None
if "owner" in table and table["owner"].notna().any():
    owners = coverage.by_owner(table, covered=None if lacking else covered)
nobody = "The customer master names no account managers, so what hangs on one person is not shown."
nobody if owners is None else exhibits.owners(owners, table, setting=setting)

# %% [markdown]
# **What you see.** On the shipped data three tenths of the revenue and 18 A accounts hang on Korbinian Maierhofer.
# Eight of his accounts are overdue, and the neglected one is among them: it is his load that should be looked at.

# %% [markdown]
# ## Accounts that know only one of us
#
# The customer master says who is responsible; the log says who was really there. If all contacts of a year were with
# one person, the account knows nobody else, and no handover was ever begun. A second face is the cheapest insurance
# there is: take a colleague along twice a year, from engineering or from the office. Begin where the most revenue
# hangs on a single face.

# %%
alone = exhibits.or_lacking(coverage.by_sole_contact, covered)
shown = alone
if not isinstance(alone, exhibits.Lacking):
    largest = table["name"].reindex(alone["largest_account"]).to_numpy()
    shown = alone.assign(share=alone["share"].map(setting.words.percent), largest_account=largest)
shown

# %% [markdown]
# **What you see.** On the shipped data nearly every account knows one person alone, the two giants included. For a
# fifth of the revenue, two resignations would be enough.

# %% [markdown]
# ## Facts to rely on
#
# The contacts of the period are counted once more, from the lines of the log with plain pandas. What hangs on the
# account managers must sum to the revenue of all customers, so that nobody's accounts are forgotten. And on the shipped
# data there has to be exactly one A account without a contact in its last year, the one that was planted. A fact about
# data that are not there is left out.

# %%
start, end = pd.Timestamp(checks.months_before(setting.end, months)), pd.Timestamp(setting.end)
days = pd.Series(dtype="datetime64[s]") if lacking else pd.to_datetime(own.contacts["date"])
inside = None if lacking else own.contacts.loc[(days > start) & (days <= end), "customer"]
ours = own.customers.loc[own.customers["account"].isin(table.index), "customer"]
assert lacking or inside.isin(ours).sum() == covered["contacts"].sum()
sold = table["revenue"].clip(lower=0).sum()
assert owners is None or abs(owners["revenue"].sum() - sold) < 0.005
elsewhere = sales or as_of or months != 12
alone = [] if elsewhere else covered.query("`class` == 'A' and contacts == 0")["name"].tolist()
assert elsewhere or alone == ["Querntaler Baumaschinen GmbH"]

# %% [markdown]
# ## What you know now
#
# - [x] which key accounts nobody has been in touch with for too long
# - [x] how much of that answer is the plan's, and how much is true whatever the plan
# - [x] whether attention follows what is at stake, or habit
# - [x] where visits go on although the orders have stopped
# - [x] which promises were not kept
# - [x] what hangs on one person
