# %% [markdown] lang="en"
# # Who is about to leave?
#
# **Exercise 4, 40 minutes.** Without a contract nobody gives notice. You look for the silence that is too long, and
# learn what a probability promises. At the end you can
#
# - [ ] hold silence against rhythm, instead of against 90 days
# - [ ] tell who only looks lost
# - [ ] say how many accounts will be lost in a year, without knowing which
# - [ ] hold a forecast to its word
# - [ ] say whom to call first

# %% [markdown] lang="de"
# # Wer ist auf dem Sprung?
#
# **Übung 4, 40 Minuten.** Ohne Vertrag kündigt niemand. Sie suchen die Stille, die zu lang ist, und lernen, was eine
# Wahrscheinlichkeit verspricht. Am Ende können Sie
#
# - [ ] Stille am Rhythmus messen statt an 90 Tagen
# - [ ] erkennen, wer nur verloren aussieht
# - [ ] sagen, wie viele Kunden in einem Jahr verloren gehen, ohne zu wissen, welche
# - [ ] eine Prognose beim Wort nehmen
# - [ ] sagen, wen man zuerst anruft

# %% tags=["parameters"]
language = "en"  # or "de"

# %% [markdown] lang="en"
# ## The data
#
# One row an account. `days_since` is how long it has been silent, `usual_interval` the median of days between its
# purchases. The column `class` is the usual one by revenue: A accounts bring the first 80 %.

# %% [markdown] lang="de"
# ## Die Daten
#
# Eine Zeile je Kunde. `days_since` sagt, wie lange er schon schweigt, `usual_interval` ist der Median der Tage zwischen
# seinen Käufen. Die Spalte `class` ist die übliche nach Umsatz: A-Kunden bringen die ersten 80 %.

# %%
import pandas as pd

from kamlib import customers, datasets, exhibits, keyaccounts, workshop

exercise = workshop.exercise(4, language=language)
own = datasets.read()
setting = exhibits.setting(own, as_of="2026-06-30", language=language)
table = customers.table(own, as_of="2026-06-30")
table["class"] = keyaccounts.abc(table)
table.query("days_since > 90")[["name", "revenue", "usual_interval", "days_since"]].head(5)

# %% [markdown] lang="en"
# ## Task 1: who is overdue?
#
# Among the accounts with revenue in the year, how many have been silent for more than twice their usual interval? And
# how many for more than 90 days? Compare the two lists: who is on one and not on the other?

# %% [markdown] lang="de"
# ## Aufgabe 1: Wer ist überfällig?
#
# Wie viele der Kunden mit Umsatz im Jahr schweigen länger als das Doppelte ihres üblichen Abstands? Und wie viele
# länger als 90 Tage? Vergleichen Sie die beiden Listen: Wer steht auf der einen und nicht auf der anderen?

# %% [markdown] lang="en" tags=["hint"]
# `table["revenue"] > 0` first, then compare the two columns.

# %% [markdown] lang="de" tags=["hint"]
# Erst `table["revenue"] > 0`, dann die beiden Spalten vergleichen.

# %% tags=["solution"]
active = table[table["revenue"] > 0]
late = active[active["days_since"] > 2 * active["usual_interval"]]
overdue = len(late)

# %%
exercise.check(overdue=overdue)

# %% [markdown] lang="en"
# ## Task 2: who only looks lost?
#
# Look at the A accounts that are overdue. One of them buys in one half of the year only, every year. Which one?

# %% [markdown] lang="de"
# ## Aufgabe 2: Wer sieht nur verloren aus?
#
# Sehen Sie sich die überfälligen A-Kunden an. Einer von ihnen kauft jedes Jahr nur in einer Hälfte des Jahres. Welcher?

# %% [markdown] lang="en" tags=["hint"]
# Count purchases by calendar month: `pd.crosstab(lines["account"], lines["date"].dt.month)`, for the overdue ones.

# %% [markdown] lang="de" tags=["hint"]
# Zählen Sie die Käufe nach Kalendermonat: `pd.crosstab(lines["account"], lines["date"].dt.month)`, für die
# überfälligen.

# %%
lines = own.table.to_pandas()
lines["date"] = pd.to_datetime(lines["date"])
table[(table["class"] == "A") & (table["days_since"] > 2 * table["usual_interval"])]["name"]

# %% tags=["solution"]
of_class_a = late.index[late["class"] == "A"]
theirs = lines[lines["account"].isin(of_class_a) & (lines["revenue"] > 0)]
by_month = pd.crosstab(theirs["account"], theirs["date"].dt.month)
out_of_season = by_month[[4, 5, 6, 7]].sum(axis=1).idxmin()

# %%
exercise.check(out_of_season=out_of_season)

# %% [markdown] lang="en"
# ## Task 3: how many will go?
#
# The library lets several models compete on past years and gives each account a probability to be lost within a year.
# The next cell takes some seconds. How many accounts will be lost, on average? Not: how many are likely to be.

# %% [markdown] lang="de"
# ## Aufgabe 3: Wie viele werden gehen?
#
# Die Bibliothek lässt mehrere Modelle auf vergangenen Jahren gegeneinander antreten und gibt jedem Kunden eine
# Wahrscheinlichkeit, binnen eines Jahres verloren zu gehen. Die nächste Zelle dauert einige Sekunden. Wie viele Kunden
# werden im Mittel verloren gehen? Nicht: Wie viele sind wahrscheinlich verloren.

# %% [markdown] lang="en" tags=["hint"]
# Ten accounts at 0.1 each lose one.

# %% [markdown] lang="de" tags=["hint"]
# Zehn Kunden mit je 0,1 ergeben einen Verlust.

# %%
record, risks = workshop.chances()
risks[["p_loss", "naive", "overdue"]].head()

# %% tags=["solution"]
expected_leavers = risks["p_loss"].sum()

# %%
exercise.check(expected_leavers=expected_leavers)

# %% [markdown] lang="en"
# ## Task 4: did it keep its word?
#
# `record.predictions` has every forecast that was made on past days, and what happened. Take those of the winning model
# from 20 to under 50 %. Which share of these accounts was lost? Compare it with what was forecast.

# %% [markdown] lang="de"
# ## Aufgabe 4: Hat es Wort gehalten?
#
# `record.predictions` enthält jede Prognose, die an früheren Tagen gemacht wurde, und was dann geschah. Nehmen Sie die
# des Siegers von 20 bis unter 50 %. Welcher Anteil dieser Kunden ging verloren? Vergleichen Sie mit dem Vorhergesagten.

# %% [markdown] lang="en" tags=["hint"]
# Columns: `model`, `p`, `happened` (1 is lost). The winner is `record.winner`.

# %% [markdown] lang="de" tags=["hint"]
# Spalten: `model`, `p`, `happened` (1 heißt verloren). Der Sieger ist `record.winner`.

# %% tags=["solution"]
past = record.predictions[record.predictions["model"] == record.winner]
chosen = past[(past["p"] >= 0.2) & (past["p"] < 0.5)]
came_true = chosen["happened"].mean()

# %%
exercise.check(came_true=came_true)

# %% [markdown] lang="en"
# All classes at once, with how much of the difference may be chance:

# %% [markdown] lang="de"
# Alle Klassen auf einmal, mit dem, was davon Zufall sein kann:

# %%
exhibits.calibration(record, setting=setting)

# %% [markdown] lang="en"
# ## Task 5: whom to call first?
#
# The likeliest to leave is small, the largest is safe. With which account is the most margin likely to be lost?

# %% [markdown] lang="de"
# ## Aufgabe 5: Wen zuerst anrufen?
#
# Der Wahrscheinlichste ist klein, der Größte ist sicher. Bei welchem Kunden geht voraussichtlich am meisten
# Deckungsbeitrag verloren?

# %% [markdown] lang="en" tags=["hint"]
# Margin times probability; both have the account as their index.

# %% [markdown] lang="de" tags=["hint"]
# Deckungsbeitrag (`margin`) mal Wahrscheinlichkeit; beide haben den Kunden als Index.

# %% tags=["solution"]
at_risk = (table["margin"] * risks["p_loss"]).sort_values(ascending=False)
first_call = at_risk.index[0]
table.loc[at_risk.index[:3], ["name", "margin"]].join(risks["p_loss"])

# %%
exercise.check(first_call=first_call)

# %% [markdown] lang="en"
# ## To discuss
#
# 1. Your CRM shows "risk score 80". What do you ask its vendor?
# 2. In the class of task 4, more left than had been forecast. Is the model bad?
# 3. What do you say on the telephone to the first account of your list?

# %% [markdown] lang="de"
# ## Zum Besprechen
#
# 1. Ihr CRM zeigt „Risiko-Score 80“. Was fragen Sie den Anbieter?
# 2. In der Klasse von Aufgabe 4 gingen mehr, als vorhergesagt war. Ist das Modell schlecht?
# 3. Was sagen Sie dem ersten Kunden Ihrer Liste am Telefon?

# %% [markdown] lang="en" tags=["solution"]
# 1. How many of those with 80 were lost, within which time, and beside which rule of thumb. Without an answer it is an
#    order, not a probability, and can't be multiplied by revenue.
# 2. Not necessarily: there are few cases, and the interval is wide. It is a reason to take the class more seriously,
#    and to look again in a year.
# 3. Not "you are on our list". Ask about something real: the last order, the product group that went missing, the
#    complaint that is still open.

# %% [markdown] lang="de" tags=["solution"]
# 1. Wie viele derer mit 80 verloren gingen, in welcher Zeit, und neben welcher Faustregel. Ohne Antwort ist es eine
#    Reihenfolge und keine Wahrscheinlichkeit und darf nicht mit Umsatz multipliziert werden.
# 2. Nicht unbedingt: Es sind wenige Fälle, und das Intervall ist breit. Es ist ein Grund, die Klasse ernster zu nehmen
#    und in einem Jahr wieder nachzusehen.
# 3. Nicht „Sie stehen auf unserer Liste“. Fragen Sie nach etwas Wirklichem: der letzten Bestellung, der Warengruppe,
#    die fehlt, der Reklamation, die noch offen ist.
