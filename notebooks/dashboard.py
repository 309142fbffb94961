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

# %% tags=["parameters"]
sales = None  # CSV, Excel or Parquet; None is the shipped company
customers_file = None  # customer master: name, parent, segment, sector, region, owner
contacts_file = None  # contact log: customer, date, kind, owner, outcome
folder = None  # whose ledgers can be chosen, too
as_of = None  # last day of the period, as "2025-12-31"; None is the ledger's last day
months = 12
language = "en"  # or "de"
columns = None  # what is not recognised, as {"customer": "Kd.", "revenue": "EUR"}
layout = None  # what the file leaves open, as {"decimal": "comma", "date_order": "dmy"}
fixed_costs = None  # of a year; None is those of the shipped company, or not known

# %%
from kamlib import dashboard, ledger

files = {"customers": customers_file, "contacts": contacts_file, "columns": columns, "layout": layout}
own = ledger.read(sales, **files) if sales else None

# %%
dashboard.show(own, folder=folder, as_of=as_of, months=months, language=language, fixed_costs=fixed_costs)
