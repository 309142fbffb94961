# %% [markdown] lang="en"
# # Who are the key accounts?
#
# **Exercise 3, 40 minutes.** Everybody has a list. You make one with reasons, and find out how much of it is data and
# how much is opinion. At the end you can
#
# - [ ] set a list by revenue beside one by weighted criteria
# - [ ] say which accounts are open to discussion, and which are not
# - [ ] find the large account that costs more than it brings
# - [ ] say where the firm is the weaker side
#
# Weights for today: revenue 3, margin 2, growth 1, potential 1. The list has 25 places.

# %% [markdown] lang="de"
# # Wer sind die Schlüsselkunden?
#
# **Übung 3, 40 Minuten.** Eine Liste hat jeder. Sie machen eine mit Begründung und finden heraus, wie viel davon Daten
# sind und wie viel Meinung ist. Am Ende können Sie
#
# - [ ] eine Liste nach Umsatz neben eine nach gewichteten Kriterien stellen
# - [ ] sagen, über welche Kunden zu reden ist und über welche nicht
# - [ ] den großen Kunden finden, der mehr kostet, als er bringt
# - [ ] sagen, wo die Firma die schwächere Seite ist
#
# Gewichte für heute: Umsatz 3, Deckungsbeitrag 2, Wachstum 1, Potenzial 1. Die Liste hat 25 Plätze.

# %% tags=["parameters"]
language = "en"  # or "de"

# %% [markdown] lang="en"
# ## The data
#
# One row an account, twelve months up to 30 June 2026, largest revenue first.

# %% [markdown] lang="de"
# ## Die Daten
#
# Eine Zeile je Kunde, zwölf Monate bis zum 30. Juni 2026, nach Umsatz absteigend.

# %%
from kamlib import customers, datasets, exhibits, keyaccounts, workshop

exercise = workshop.exercise(3, language=language)
own = datasets.read()
setting = exhibits.setting(own, as_of="2026-06-30", language=language)
table = customers.table(own, as_of="2026-06-30")
candidates = table[table["revenue"] > 0]
weights = {"revenue": 3, "margin": 2, "growth": 1, "potential": 1}
candidates[["name", "revenue", "margin", "growth", "potential"]].head(5)

# %% [markdown] lang="en"
# ## Task 1: two lists
#
# Make the list of the 25 largest, and the list of the 25 best scores with the weights above. How many accounts are on
# both? Look at the names that are on one of them only, and guess why, before you look.

# %% [markdown] lang="de"
# ## Aufgabe 1: Zwei Listen
#
# Bilden Sie die Liste der 25 größten und die Liste der 25 besten Punktwerte mit den Gewichten von oben. Wie viele
# Kunden stehen auf beiden? Sehen Sie sich die Namen an, die nur auf einer stehen, und raten Sie den Grund, bevor Sie
# nachsehen.

# %% [markdown] lang="en" tags=["hint"]
# `keyaccounts.score(candidates, criteria=weights)` returns the accounts, the best first.

# %% [markdown] lang="de" tags=["hint"]
# `keyaccounts.score(candidates, criteria=weights)` liefert die Kunden, den besten zuerst.

# %% tags=["solution"]
by_score = keyaccounts.score(candidates, criteria=weights).index[:25]
by_revenue = candidates.index[:25]
listed_by_both = len(by_revenue.intersection(by_score))

# %%
exercise.check(listed_by_both=listed_by_both)

# %% [markdown] lang="en"
# ## Task 2: who is open to discussion?
#
# Whoever sets the weights sets the list. So draw them ten thousand times around the given ones, and count how often an
# account makes the list: that is its acceptability. How many accounts make it in 5 to 95 % of the draws?

# %% [markdown] lang="de"
# ## Aufgabe 2: Über wen ist zu reden?
#
# Wer die Gewichte setzt, setzt die Liste. Ziehen Sie sie deshalb zehntausendmal um die gegebenen herum und zählen Sie,
# wie oft ein Kunde auf die Liste kommt: Das ist seine Akzeptanz. Wie viele Kunden schaffen es in 5 bis 95 % der
# Ziehungen?

# %% [markdown] lang="en" tags=["hint"]
# `keyaccounts.stability(candidates, criteria=weights, size=25)` has a column `acceptability`; `between(0.05, 0.95)`.

# %% [markdown] lang="de" tags=["hint"]
# `keyaccounts.stability(candidates, criteria=weights, size=25)` hat eine Spalte `acceptability`; `between(0.05, 0.95)`.

# %% tags=["solution"]
stable = keyaccounts.stability(candidates, criteria=weights, size=25)
disputed = stable["acceptability"].between(0.05, 0.95).sum()

# %%
exercise.check(disputed=disputed)

# %% [markdown] lang="en"
# ## Task 3: large, and a loss
#
# One of the ten largest accounts costs more than it brings, before a cent of fixed cost. Which one? And what became of
# it in the list by score?

# %% [markdown] lang="de"
# ## Aufgabe 3: Groß und ein Verlust
#
# Einer der zehn größten Kunden kostet mehr, als er bringt, noch vor dem ersten Cent Fixkosten. Welcher? Und was ist in
# der Liste nach Punkten aus ihm geworden?

# %% [markdown] lang="en" tags=["hint"]
# `margin` is revenue less cost of the period. Sort the ten largest by it.

# %% [markdown] lang="de" tags=["hint"]
# `margin` ist Umsatz minus Kosten des Zeitraums. Sortieren Sie die zehn größten danach.

# %% tags=["solution"]
loses_money = candidates.head(10)["margin"].idxmin()
candidates.loc[loses_money, ["name", "revenue", "margin", "price_realisation"]]

# %%
exercise.check(loses_money=loses_money)

# %% [markdown] lang="en"
# The list with its reasons, as a manager would see it. Its message counts those on the list that depend on the weights;
# task 2 counts those off the list as well.

# %% [markdown] lang="de"
# Die Liste mit ihren Gründen, wie eine Führungskraft sie sähe. Ihre Botschaft zählt, wer auf der Liste von den
# Gewichten abhängt; Aufgabe 2 zählt auch die, die nicht auf ihr stehen.

# %%
listed = keyaccounts.key_accounts(table, criteria=weights)
exhibits.key_accounts(listed, setting=setting)

# %% [markdown] lang="en"
# ## Task 4: where are we the weaker side?
#
# A customer with a tenth of our margin can ask for a lot, unless it would find it as hard to do without us. How many
# accounts do we need more than they need us?

# %% [markdown] lang="de"
# ## Aufgabe 4: Wo sind wir die schwächere Seite?
#
# Ein Kunde mit einem Zehntel unseres Deckungsbeitrags kann viel verlangen, es sei denn, er käme ebenso schwer ohne uns
# aus. Wie viele Kunden brauchen wir mehr als sie uns?

# %% [markdown] lang="en" tags=["hint"]
# `keyaccounts.dependence(table, bought)`, with `bought = customers.by_product(own, as_of="2026-06-30")`, has a column
# `balance`: our dependence less theirs.

# %% [markdown] lang="de" tags=["hint"]
# `keyaccounts.dependence(table, bought)`, mit `bought = customers.by_product(own, as_of="2026-06-30")`, hat eine Spalte
# `balance`: unsere Abhängigkeit minus ihre.

# %% tags=["solution"]
bought = customers.by_product(own, as_of="2026-06-30")
balance = keyaccounts.dependence(table, bought)
weaker_side = (balance["balance"] > 0).sum()

# %%
exercise.check(weaker_side=weaker_side)

# %% [markdown] lang="en"
# ## To discuss
#
# 1. An account on the list of the sales director is missing from yours. He proposes to raise the weight of growth. What
#    do you say?
# 2. What should be done with the large account that loses money?
# 3. What, other than a lower price, makes a supplier hard to replace?

# %% [markdown] lang="de"
# ## Zum Besprechen
#
# 1. Ein Kunde von der Liste des Vertriebsleiters fehlt auf Ihrer. Er schlägt vor, das Wachstum höher zu gewichten. Was
#    sagen Sie?
# 2. Was soll mit dem großen Kunden geschehen, der Verlust bringt?
# 3. Was außer einem niedrigeren Preis macht einen Lieferanten schwer ersetzbar?

# %% [markdown] lang="en" tags=["solution"]
# 1. Weights first, names afterwards. If the reason is good, it holds for all accounts; then see who else comes in. An
#    exception with a name beside it is more honest than a weight made to measure.
# 2. Look at why first: a discount of 31 % and special handling. Prices for the handling, a smaller range, a higher
#    price at the next renewal. Leaving is the last step, and only if its costs go as well.
# 3. Parts made for that customer, more product groups, being in its planning, a technician on the spot.

# %% [markdown] lang="de" tags=["solution"]
# 1. Erst die Gewichte, dann die Namen. Ist der Grund gut, gilt er für alle Kunden; sehen Sie dann nach, wer noch
#    hereinkommt. Eine Ausnahme mit Namen daneben ist ehrlicher als ein Gewicht nach Maß.
# 2. Zuerst nach dem Warum sehen: 31 % Rabatt und Sonderabwicklung. Die Abwicklung bepreisen, das Sortiment straffen,
#    beim nächsten Abschluss einen höheren Preis. Die Trennung kommt zuletzt, und nur wenn auch die Kosten gehen.
# 3. Teile, die nur für diesen Kunden gefertigt werden, mehr Warengruppen, ein Platz in seiner Planung, ein Techniker
#    vor Ort.
