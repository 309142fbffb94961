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
# # Can we trust our sales ledger?
#
# What you will know at the end:
#
# - [ ] which rows and which cents of the file stand behind the figures, and which do not
# - [ ] how the columns, numbers and dates of the file were understood
# - [ ] what becomes of total lines, missing customers and amounts that nobody can read
# - [ ] which sales were taken back, and how many purchases the lines amount to
# - [ ] which customer numbers make up one account
# - [ ] that a German export and its English twin give the same figures
#
# > **On your own data.** Give the files in the next cell, or run `kam notebooks SALES`. A column that is not
# > recognised is named in the cell after it: `ledger.read(..., columns={"customer": "Kd."})`. Customer master and
# > contact log are optional.

# %% [markdown]
# ## What to read
#
# The next cell holds everything that you may want to change. As it stands, the shipped company is read: a fictional
# supplier of machine parts with some 400 customers and three and a half years of sales. The period is always
# explicit: it ends with `as_of`, that day included, and lasts `months` months. Nothing after that day is ever read,
# so a figure that you quote today can be reckoned again next year.

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
# ## Read it
#
# `ledger.read` takes a file as it comes from the system: it finds the header below the title lines, the separator,
# the encoding, the decimal mark and the order of day and month, and it gives the columns canonical names. What can't
# be told from the file is never guessed: `03/04/2025` on every line is an error that names the argument which settles
# it. The table below is the ledger as all later steps see it, one row a sales line.

# %%
import pandas as pd

from kamlib import checks, customers, datasets, exhibits, ledger

own = datasets.read(sales, customers=customers_file, contacts=contacts_file, columns=columns, layout=layout)
setting = exhibits.setting(own, as_of=as_of or own.last_day, months=months, language=language)
own.table.head().to_pandas()

# %% [markdown]
# **What you see.** Customer numbers are text, so leading zeros are still there. `account` is the group of companies
# that a customer belongs to, or the customer itself. `revenue` is net, and negative on a credit note.

# %% [markdown]
# ## What was recognised
#
# The names in a file are its author's. The next cell sets the names that kamlib uses beside those in the file. Look
# at it once for every new file: a revenue column that was gross, or a date that was the day of delivery, makes every
# later figure wrong without making any of them look wrong. Where two columns fit equally well, reading stops and
# lists both; where one is not recognised at all, you name it yourself.

# %%
pd.Series(own.audit.format["columns"], name="in the file").rename_axis("in kamlib").to_frame()

# %% [markdown]
# **What you see.** Customer, date and revenue are all that is needed. Order, product, quantity, list revenue and cost
# make more questions answerable: what the account earns, and where price was given away.

# %% [markdown]
# ## Every row and every cent
#
# Totals that don't match end a meeting. The audit therefore accounts for each row that was read: it is used, or it is
# set aside for a reason that is counted, summed up and shown with its line numbers. Read equals used plus set aside,
# in rows as well as in revenue. Compare the revenue read with the total that the accounting system shows for the same
# days; if they differ, stop here and find out why.

# %%
exhibits.audit(own.audit, words=setting.words)

# %% [markdown]
# **What you see.** First the reckoning, then what is remarkable among the rows used. The shipped ledger is complete:
# nothing had to be set aside. Ledgers made by hand rarely are, as the next one shows.

# %% [markdown]
# ## What is set aside
#
# Five lines with all that goes wrong in practice: an amount that is no number, a line without a customer, one without
# a date, and a total below. Other tools either refuse the whole file or turn what they can't read into a blank, which
# then counts as zero. Here a cell that can't be understood sets its row aside, and the row keeps its line number and
# its text, so that somebody can look it up and mend it at the source.

# %%
by_hand = pd.DataFrame(
    {
        "Kunde": ["007", "007", "", "012", "Summe"],
        "Belegdatum": ["05.01.2026", "06.01.2026", "07.01.2026", "", ""],
        "Nettoumsatz": ["1.200,00", "siehe oben", "300,00", "80,00", "1.580,00"],
    }
)
found = ledger.read(by_hand).audit
found.examples[["reason", "line", "text"]]

# %% [markdown]
# **What you see.** One line of five is used, and four are explained. The total line carries no revenue of its own;
# the two lines without a customer or a date carry 380, which is missing from the figures until somebody completes
# them.

# %% [markdown]
# ## Sales that were taken back
#
# A credit note stays in the ledger as negative revenue. Whoever drops credit notes, because a negative sale looks
# like an error, counts revenue that never was: a mistyped order of a million that is reversed ten minutes later makes
# its buyer the largest customer. The audit pairs each credit note with the sale that it takes back in full, where
# customer, product and amount agree and no more than thirty days lie between the two.

# %%
own.audit.reversed_pairs.head(10)

# %% [markdown]
# **What you see.** Each row is a pair that sums to nothing, the largest first. They need no repair, as both lines are
# used; a customer with many of them deserves a question, though.

# %% [markdown]
# ## Lines, purchases, duplicates
#
# A ledger has a line for each item, while a customer decides once a day at most. Lines of one customer on one day are
# therefore one purchase wherever rhythm matters, for instance in "orders every two weeks". Lines that agree in every
# column may be a double booking or two honest sales of the same thing. Nobody can tell from the file, so they are
# kept, counted and shown; you decide, with somebody who knows the business.

# %%
counts = own.audit.counts
rows = {
    "lines used": own.audit.rows_used,
    "purchases, one a customer and day": counts["purchases"],
    "credit notes": counts["credit_notes"],
    "lines identical to another": counts["duplicates"],
}
pd.Series(rows, name="count").to_frame()

# %% [markdown]
# **What you see.** Several lines make one purchase. If lines and purchases are equal on your data, your file is
# probably a list of invoices rather than of items, and questions about products can't be answered from it.

# %% [markdown]
# ## Who is one customer
#
# Purchasing decisions are made in a group, while the ledger numbers its legal entities. Companies with one parent
# count as one account, in every ranking and every index, as accounting standards do when they ask for customers above
# ten per cent of revenue. The parents come from the customer master. Without it, each number stands for itself, and
# the largest dependence may stay hidden in three lines of the middle of the list.

# %%
accounts = customers.table(own, as_of=setting.end, months=months)
accounts.loc[accounts["customers"] > 1, ["name", "customers", "revenue", "rank"]].head(10)

# %% [markdown]
# **What you see.** Accounts with more than one customer number, by revenue of the period. On the shipped data, three
# machine builders with nothing in their names to connect them belong to Sandhalden Beteiligungen AG.

# %% [markdown]
# ## The German twin
#
# The shipped sales also lie beside the Parquet file as a German system exports them: semicolons, an old encoding,
# `1.234,56`, the minus behind the number, `31.12.2025`, title lines above the header and a total line below. Reading
# must come to the same figures, to the cent. The file's own total line is a welcome witness, as another program wrote
# it: the audit sets it aside, but remembers what it says.

# %%
here = datasets.company_path()
german = here.with_name("company_sales_de.csv"), here.with_name("company_customers_de.csv")
twin = ledger.read(german[0], customers=german[1]).audit
english = datasets.read().audit
total_line = twin.format["control_total"]["revenue"]
figures = {"Parquet": english.revenue_used, "German CSV": twin.revenue_used, "its total line": total_line}
pd.Series(figures, name="revenue").map("{:,.2f}".format).to_frame()

# %% [markdown]
# **What you see.** Both readings come to the same revenue, which is also what the export says of itself. Ask for a
# total line whenever you order an export.

# %% [markdown]
# ## Facts to rely on
#
# A notebook that runs through is no proof that it is right, so each of ours ends with facts that it holds itself to.
# The first adds up the rows and the cents of the reading once more. The second reckons the revenue of the period a
# second way, with plain pandas on the lines, beside the table by account. The third holds the German file against its
# twin. If one of them fails on your data, trust none of the figures.

# %%
audit, lines = own.audit, own.table.to_pandas()
day, start = pd.to_datetime(lines["date"]), pd.Timestamp(checks.months_before(setting.end, months))
period = lines[(day > start) & (day <= pd.Timestamp(setting.end))]
assert audit.rows_read == audit.rows_used + audit.set_aside["rows"].sum()
assert abs(period["revenue"].sum() - accounts["revenue"].sum()) < 0.005
assert (twin.rows_used, twin.revenue_used) == (english.rows_used, english.revenue_used)

# %% [markdown]
# ## What you know now
#
# - [x] which rows and which cents of the file stand behind the figures, and which do not
# - [x] how the columns, numbers and dates of the file were understood
# - [x] what becomes of total lines, missing customers and amounts that nobody can read
# - [x] which sales were taken back, and how many purchases the lines amount to
# - [x] which customer numbers make up one account
# - [x] that a German export and its English twin give the same figures
#
# Next: `02_how_concentrated` asks how much of the revenue hangs on how few of these accounts.
