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
# # What are they worth, and where do we give in?
#
# What you will know at the end:
#
# - [ ] what becomes of a euro at list price on its way to contribution margin
# - [ ] which large customers bring revenue and no margin
# - [ ] where the change in revenue came from, and which part of the business does not hold
# - [ ] how much of it was price, how much volume, how much the mix of products
# - [ ] who won a lower price, and what that costs a year
# - [ ] whether more volume followed, and whether it would have come anyway
#
# > **On your own data.** Give the files in the next cell, or run `kam notebooks SALES`. This notebook lives on two
# > columns that a plain sales list doesn't have: cost, and revenue at list price (or unit price and discount). Without
# > them the parts that need them say so in one sentence, and the others go on.

# %% [markdown]
# ## What to read
#
# `03_who_are_our_key_accounts` made the list, and one of its members was odd: the fifth largest by revenue, and far
# from the list by score. This notebook asks what the accounts are worth once their goods are paid for, and who was
# given a lower price for nothing in return. Both are uncomfortable questions, so the figures have to be beyond doubt;
# each of them adds up to the cent.

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
# ## The list, with what it earns
#
# `keys` are the key accounts by the rule of the last notebook: the largest that bring 80 % of the revenue, 25 at most.
# Beside the revenue stand two ratios. `price_realisation` is what the account paid of the list price, credit notes
# deducted; `margin_share` is what is left of its revenue after the variable cost of the goods. Read down the columns
# and look for the one that doesn't fit.

# %%
from kamlib import bridge, checks, customers, datasets, exhibits, keyaccounts, plots, style

own = datasets.read(sales, customers=customers_file, contacts=contacts_file, columns=columns, layout=layout)
setting = exhibits.setting(own, as_of=as_of or own.last_day, months=months, language=language)
table = customers.table(own, as_of=setting.end, months=months)
keys = keyaccounts.key_accounts(table).index
table.loc[keys].filter(["name", "revenue", "price_realisation", "margin", "margin_share"]).head(10)

# %% [markdown]
# **What you see.** On the shipped data most of the ten pay between 82 % and 91 % of the list price and leave a margin
# of about a third. Vördekamp Fördertechnik AG pays 69 %, and its margin is below zero.

# %% [markdown]
# ## From list price to margin
#
# The waterfall follows the money of all customers. It starts with what the goods would have brought at list price;
# discounts are agreed beforehand, credit notes come afterwards, and cost is what the goods have cost us. What remains
# is the contribution margin, which has to pay for everything else, from the warehouse to the board. A point of
# discount looks small beside the revenue. Compare it with the last bar instead.

# %%
values = keyaccounts.value(table)
exhibits.value(values, setting=setting)

# %% [markdown]
# **What you see.** On the shipped data nearly 7 million of 49 go in discounts and credit notes, half as much as remains
# in the end. One point of the list price, given to everybody, is half a million, or 3.5 % of the margin.

# %% [markdown]
# ## The trap: revenue without margin
#
# A large customer is welcome everywhere: it fills the plant and it leads the ranking. Whether it earns anything is in
# another file, which is why it can lose money for years. The next table has those who lose money first, then the best.
# Before you let one go, ask which of its costs would really disappear. And remember that cost to serve, such as
# special handling or visits, often isn't even in the ledger.

# %%
has_costs = "margin" in values
exhibits.worth(values, table, setting=setting) if has_costs else "The ledger has no cost, so it shows no margin."

# %% [markdown]
# **What you see.** On the shipped data Vördekamp loses 163,000 on almost 1.3 million of revenue, after a discount of
# nearly a third. It also grew by a quarter: the more it buys, the more we lose. A bonus on revenue would reward it.

# %% [markdown]
# ## What changed since the period before
#
# Revenue fell or rose by a few per cent, says the annual report. Behind a small total stand large movements in both
# directions. The bridge sorts every account by what it did: it left, shrank, grew, came new or came back. The steps
# add up to the difference. Who shrank is usually the larger loss than who left, and gets less attention, because a
# customer who still orders is a customer nobody worries about.

# %%
moved = exhibits.or_lacking(bridge.revenue_bridge, table, as_of=setting.end, months=months)
exhibits.or_lacking(exhibits.revenue_bridge, moved, setting=setting)

# %% [markdown]
# **What you see.** On the shipped data the total is down by 2 %, but those who shrank cost 6.4 million, more than
# thirteen times what those cost who left. Growth of others hides it.

# %% [markdown]
# ## Where revenue doesn't hold
#
# Retention asks what the customers of the period before brought this time. Net counts growth against losses, gross
# counts losses alone, so it can't be embellished by one good customer. The split shows whether losses come from
# everywhere or from one corner. With a few dozen customers a group the intervals are wide: a group differs only if its
# interval stays away from the rest. Without sectors the split is by the year of the first purchase.

# %%
by = "sector" if "sector" in table else "cohort"
kept = exhibits.or_lacking(bridge.retention, table, by=by)
exhibits.or_lacking(exhibits.retention, kept, by=by, setting=setting)

# %% [markdown]
# **What you see.** On the shipped data the automotive customers brought two thirds of what they had brought before, and
# the interval stays below 100 %. Few of them have left, but three in four bought less: not our customers falter, their
# sector does. No visit will change that; the question is how much of our revenue hangs on it.

# %% [markdown]
# ## Price, volume, mix
#
# A change in revenue has three reasons. Price: the same goods at another price. Volume: more or fewer pieces. Mix: the
# same number of pieces, but cheaper or dearer ones. They are reckoned per customer over the products bought in both
# periods and add up exactly, beside products and customers that came or went. Pieces of a motor and of a seal are
# added up here, so read volume and mix together.

# %%
days = (checks.months_before(setting.end, months), setting.end)
before, now = (exhibits.or_lacking(customers.by_product, own, as_of=day, months=months) for day in days)
# Where the period before is not covered, the bridge above has already said so.
lacks_before = isinstance(moved, exhibits.Lacking)
effects = moved if lacks_before else exhibits.or_lacking(bridge.price_volume_mix, before, now)
exhibits.or_lacking(exhibits.price_volume_mix, effects, setting=setting)

# %% [markdown]
# **What you see.** On the shipped data price brought more than a million: list prices go up each January. Fewer pieces
# took away more than that, and products that customers ceased to buy did so again. It looks as though nobody got a
# lower price.

# %% [markdown]
# ## The trap: a price rise that isn't one
#
# When all prices rise, a concession doesn't show as a lower price. It shows as a smaller rise. So compare: the next
# table has price, volume and mix of each key account in per cent of its former revenue, and those first whose prices
# rose least. Look also for volume that mix takes away again: a customer who buys more pieces, but of the cheap kind,
# has grown less than its order book.

# %%
shown = effects
if not isinstance(effects, exhibits.Lacking):
    known = effects.loc[effects.index.intersection(keys)].query("revenue_before > 0")
    parts = known[["price", "volume", "mix"]].div(known["revenue_before"], axis=0).sort_values("price")
    shown = table[["name"]].join(parts.map(setting.words.percent), how="right").head(10)
shown

# %% [markdown]
# **What you see.** On the shipped data Zirlbrunner Energieanlagen GmbH stands on top with half a per cent, while half
# of the key accounts pay three per cent more. With Tierskamp Medizingeräte AG mix takes away half of what volume
# brought. These are suspicions; the next cell tests the first.

# %% [markdown]
# ## Who won a lower price?
#
# For each key account, the share of the list price that it paid is followed month by month. A concession is a step
# down that neither a slow drift nor chance would make; the test allows for having looked at all accounts and at every
# month. What it cost is the step times the sales at list price of the last twelve months. Only accounts with a step
# are shown, and none is a possible result.

# %%
monthly = customers.by_period(own, as_of=setting.end)
tested = exhibits.or_lacking(bridge.concessions, monthly, accounts=keys)
exhibits.or_lacking(exhibits.concessions, tested, table, setting=setting)

# %% [markdown]
# **What you see.** On the shipped data two of the 25 won about four points since January 2025, some 40,000 a year each.
# They look alike, but only one of them bought more for it.

# %% [markdown]
# ## One account's price, month by month
#
# Before you bring such a figure to a meeting, look at the months behind it. The next cell draws the account whose
# concession costs most: each dot is a month, the line is the level before and after the step. A true step is sudden
# and stays. A single cheap month is a credit note or a special offer, and a slope is something else again: a discount
# scale that the customer climbs, or a mix of products that shifts.

# %%
shown = tested
if not isinstance(tested, exhibits.Lacking):
    account = tested.sort_values("cost_a_year", ascending=False).index[0]
    path = bridge.realisation(monthly, accounts=[account])
    with style.use():
        ax = plots.price_path(path, step=tested.loc[account], words=setting.words)
        style.finish(ax, message=table["name"][account], measure=setting.words.text("price paid, of list price"))
    shown = None  # the figure shows itself
shown

# %% [markdown]
# **What you see.** On the shipped data the price of Zirlbrunner steps down at the turn of the year and stays there.
# Somebody signed that. Put another account's number in place of the largest to see a price without a step.

# %% [markdown]
# ## Did volume follow, and would it have come anyway?
#
# A lower price may be a good bargain, if it buys volume. But volume moves for many reasons, so the account is compared
# with others of its size over the same months: only what it gained beyond them can be due to the price.
# Beside it stands the break-even: the gain that leaves the margin as it was. The verdict is `more_volume` where the
# interval (80 %) stays above zero, `no_more_volume` where it rules out a gain of a quarter, and else unclear. It says
# how much more, not why.

# %%
shown = tested
if not isinstance(tested, exhibits.Lacking):
    names = {"volume_change": "volume", "peers_volume_change": "of peers", "relative_volume_low": "beyond them, low"}
    names |= {"relative_volume_high": "high", "break_even_volume": "break-even"}
    given = tested[tested["since"].notna()].filter(list(names)).rename(columns=names)
    compared = given.map(setting.words.figure, kind="percent").assign(verdict=tested["verdict"])
    shown = table[["name"]].join(compared, how="right") if len(given) else "No key account won a lower price."
shown

# %% [markdown]
# **What you see.** On the shipped data Tierskamp Medizingeräte AG bought half as much again, at least 32 % beyond its
# peers, and 12 % would have been enough: the concession paid. Zirlbrunner bought 13 % more, its peers 5 %, and the
# difference may be chance. It had to gain 17 % to leave the margin as it was, and nothing shows that it did.

# %% [markdown]
# ## Facts to rely on
#
# Steps that don't add up are opinions. The first check adds up the movements of the bridge, the second price, volume
# and mix of each single account; both must come to the change in revenue, to the cent. On the shipped data the third
# asks whether the two planted accounts were found: the large customer that loses money, and the concession without
# volume. It speaks of the year that the shipped ledger ends with.

# %%
lacking = isinstance(effects, exhibits.Lacking)
gaps = [] if lacking else effects[[*bridge.EFFECTS]].sum(axis=1) - (effects["revenue"] - effects["revenue_before"])
assert lacks_before or abs(moved["change"].sum() - (table["revenue"] - table["revenue_before"]).sum()) < 0.005
assert all(abs(gap) < 0.005 for gap in gaps)
elsewhere = sales or as_of or months != 12
found = [] if elsewhere else [values["margin"].idxmin(), *tested.index[tested["verdict"] == "no_more_volume"]]
planted = ["Vördekamp Fördertechnik AG", "Zirlbrunner Energieanlagen GmbH"]
assert elsewhere or table.loc[found, "name"].tolist() == planted

# %% [markdown]
# ## What you know now
#
# - [x] what becomes of a euro at list price on its way to contribution margin
# - [x] which large customers bring revenue and no margin
# - [x] where the change in revenue came from, and which part of the business does not hold
# - [x] how much of it was price, how much volume, how much the mix of products
# - [x] who won a lower price, and what that costs a year
# - [x] whether more volume followed, and whether it would have come anyway
#
# Next: the notebooks after this one ask who is about to leave. `07_whom_do_we_neglect` asks what we do about it.
