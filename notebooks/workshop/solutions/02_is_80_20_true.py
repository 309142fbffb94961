# %% [markdown] lang="en"
# # Is 80/20 true here?
#
# **Exercise 2, 40 minutes.** "We live on a fifth of our customers", says the sales director, and quotes 80 %. You
# have the ledger. At the end you can
#
# - [ ] reckon the share of the top fifth, and say what you counted
# - [ ] say how many accounts bring 80 % of the revenue
# - [ ] explain to a board what the effective number of customers is
# - [ ] say how sure the share is
# - [ ] find an account that hides in three numbers
#
# Period: twelve months up to 30 June 2026. The mistyped order of exercise 1 and its credit note are in the ledger.

# %% [markdown] lang="de"
# # Gilt 80/20 auch hier?
#
# **Übung 2, 40 Minuten.** „Wir leben von einem Fünftel unserer Kunden“, sagt die Vertriebsleiterin und nennt 80 %. Sie
# haben die Umsatzdaten. Am Ende können Sie
#
# - [ ] den Anteil des obersten Fünftels berechnen und sagen, was Sie gezählt haben
# - [ ] sagen, wie viele Kunden 80 % des Umsatzes bringen
# - [ ] einem Vorstand erklären, was die effektive Kundenzahl ist
# - [ ] sagen, wie sicher der Anteil ist
# - [ ] einen Kunden finden, der sich hinter drei Nummern verbirgt
#
# Zeitraum: zwölf Monate bis zum 30. Juni 2026. Der Tippfehler-Auftrag aus Übung 1 und seine Gutschrift sind enthalten.

# %% tags=["parameters"]
language = "en"  # or "de"

# %% [markdown] lang="en"
# ## The data
#
# The cell reads the ledger together with the customer master, which knows the groups of companies. `lines` holds the
# sales lines of the period: `customer` is a number, `account` the group that it belongs to, or else the number itself.

# %% [markdown] lang="de"
# ## Die Daten
#
# Die Zelle liest die Umsätze zusammen mit dem Kundenstamm, der die Konzerne kennt. `lines` enthält die Umsatzzeilen des
# Zeitraums: `customer` ist eine Nummer, `account` der Konzern, zu dem sie gehört, sonst die Nummer selbst.

# %%
import pandas as pd

from kamlib import concentration, customers, datasets, exhibits, ledger, workshop

exercise = workshop.exercise(2, language=language)
own = ledger.read(workshop.sales(), customers=datasets.company_files().customers)
setting = exhibits.setting(own, as_of="2026-06-30", language=language)
every_line = own.table.to_pandas()
lines = every_line[pd.to_datetime(every_line["date"]) > "2025-06-30"]
lines.head(3)

# %% [markdown] lang="en"
# ## Task 1: the share of the top fifth
#
# Which share of the revenue do the largest 20 % of the accounts bring? Decide first what you count: numbers or
# accounts, with or without credit notes, and what an account is that bought nothing in the period. Try two ways before
# you settle on one.

# %% [markdown] lang="de"
# ## Aufgabe 1: Der Anteil des obersten Fünftels
#
# Welchen Anteil am Umsatz bringen die größten 20 % der Kunden? Entscheiden Sie zuerst, was Sie zählen: Nummern oder
# Konzerne, mit oder ohne Gutschriften, und was ein Kunde ist, der im Zeitraum nichts gekauft hat. Probieren Sie zwei
# Wege, bevor Sie sich festlegen.

# %% [markdown] lang="en" tags=["hint"]
# `concentration.top_share(revenue, fraction=0.2)` takes one number an account.

# %% [markdown] lang="de" tags=["hint"]
# `concentration.top_share(revenue, fraction=0.2)` erwartet eine Zahl je Kunde.

# %% tags=["solution"]
revenue = lines.groupby("account")["revenue"].sum().clip(lower=0)
top_share = concentration.top_share(revenue, fraction=0.2)

# %%
exercise.check(top_share=top_share)

# %% [markdown] lang="en"
# ## Task 2: how many bring 80 %?
#
# Turn the question round. Count from the top until four fifths of the revenue are reached: how many accounts does it
# take?

# %% [markdown] lang="de"
# ## Aufgabe 2: Wie viele bringen 80 %?
#
# Drehen Sie die Frage um. Zählen Sie von oben, bis vier Fünftel des Umsatzes erreicht sind: Wie viele Kunden braucht
# es?

# %% [markdown] lang="en" tags=["hint"]
# Sort, `cumsum()`, compare with 80 % of the sum. Or `concentration.customers_for(revenue)`.

# %% [markdown] lang="de" tags=["hint"]
# Sortieren, `cumsum()`, mit 80 % der Summe vergleichen. Oder `concentration.customers_for(revenue)`.

# %% tags=["solution"]
accounts_for_80 = concentration.customers_for(revenue, share=0.8)

# %%
exercise.check(accounts_for_80=accounts_for_80)

# %% [markdown] lang="en"
# ## Task 3: as if there were how many?
#
# The Herfindahl index adds up squared shares. One divided by it is the number of customers of equal size that would be
# just as concentrated. Reckon it with pandas alone, in one line.

# %% [markdown] lang="de"
# ## Aufgabe 3: Als wären es wie viele?
#
# Der Herfindahl-Index summiert die quadrierten Anteile. Eins geteilt durch ihn ist die Zahl gleich großer Kunden, die
# ebenso konzentriert wären. Rechnen Sie sie allein mit pandas, in einer Zeile.

# %% [markdown] lang="en" tags=["hint"]
# `share = revenue / revenue.sum()`, then squares.

# %% [markdown] lang="de" tags=["hint"]
# `share = revenue / revenue.sum()`, dann quadrieren.

# %% tags=["solution"]
effective = 1 / ((revenue / revenue.sum()) ** 2).sum()

# %%
exercise.check(effective=effective)

# %% [markdown] lang="en"
# ## Task 4: how sure is that?
#
# The revenue of a year is a census. The interval answers another question: how would the share move if the customer
# base were drawn again? Where does the 95 % interval of the top fifth's share begin, and does 80 % lie inside it?

# %% [markdown] lang="de"
# ## Aufgabe 4: Wie sicher ist das?
#
# Der Umsatz eines Jahres ist eine Vollerhebung. Das Intervall beantwortet eine andere Frage: Wie würde sich der Anteil
# bewegen, wenn der Kundenstamm noch einmal gezogen würde? Wo beginnt das 95-%-Intervall für den Anteil des obersten
# Fünftels, und liegen 80 % darin?

# %% [markdown] lang="en" tags=["hint"]
# `concentration.indices(revenue)` has a row `top_20_percent_share` with the columns `low` and `high`.

# %% [markdown] lang="de" tags=["hint"]
# `concentration.indices(revenue)` hat eine Zeile `top_20_percent_share` mit den Spalten `low` und `high`.

# %% tags=["solution"]
found = concentration.indices(revenue).set_index("index")
low = found.loc["top_20_percent_share", "low"]

# %%
exercise.check(low=low)

# %% [markdown] lang="en"
# The same as a chart, which says it in a sentence. Would you show it to the sales director?

# %% [markdown] lang="de"
# Dasselbe als Diagramm, das es in einem Satz sagt. Würden Sie es der Vertriebsleiterin zeigen?

# %%
table = customers.table(own, as_of="2026-06-30")
indices = concentration.indices(table["revenue"].clip(lower=0))
exhibits.lorenz(table, indices=indices, setting=setting)

# %% [markdown] lang="en"
# ## Task 5: who hides in three numbers?
#
# One of the ten largest accounts is made of several customer numbers, none of which is among the ten largest numbers.
# Which account is it, and what would have become of it in a list by number?

# %% [markdown] lang="de"
# ## Aufgabe 5: Wer verbirgt sich hinter drei Nummern?
#
# Einer der zehn größten Kunden besteht aus mehreren Kundennummern, von denen keine zu den zehn größten gehört. Welcher
# ist es, und was wäre in einer Liste nach Nummern aus ihm geworden?

# %% [markdown] lang="en" tags=["hint"]
# The table of accounts has a column `customers`: how many numbers belong to the account.

# %% [markdown] lang="de" tags=["hint"]
# Die Kundentabelle hat eine Spalte `customers`: wie viele Nummern zum Kunden gehören.

# %% tags=["solution"]
largest = table.head(10)
hidden_group = largest.index[largest["customers"] > 1][0]

# %%
exercise.check(hidden_group=hidden_group)

# %% [markdown] lang="en"
# ## To discuss
#
# 1. With credit notes dropped the share is almost exactly 80 %. Why is that the most dangerous of all wrong answers?
# 2. Is 79 % less than 80 %?
# 3. Which of the figures of today would you put on a slide, and which one never?

# %% [markdown] lang="de"
# ## Zum Besprechen
#
# 1. Ohne Gutschriften kommen fast genau 80 % heraus. Warum ist das die gefährlichste aller falschen Antworten?
# 2. Sind 79 % weniger als 80 %?
# 3. Welche Zahl von heute würden Sie auf eine Folie setzen, und welche nie?

# %% [markdown] lang="en" tags=["solution"]
# 1. It is what everybody expected, so nobody looks again. A wrong figure that surprises gets checked.
# 2. Not for this firm: the interval from 71 to 84 % holds both. The rule of thumb is neither proved nor refuted.
# 3. The number of accounts for 80 %, as everybody understands it, or the effective number with one sentence. Never a
#    share without saying of what, and never with a second decimal.

# %% [markdown] lang="de" tags=["solution"]
# 1. Sie ist, was alle erwartet haben, also sieht niemand noch einmal nach. Eine falsche Zahl, die überrascht, wird
#    geprüft.
# 2. Nicht für diese Firma: Das Intervall von 71 bis 84 % enthält beide. Die Faustregel ist weder bewiesen noch
#    widerlegt.
# 3. Die Zahl der Kunden für 80 %, denn sie versteht jeder, oder die effektive Kundenzahl mit einem Satz dazu. Nie einen
#    Anteil, ohne zu sagen, wovon, und nie mit zweiter Nachkommastelle.
