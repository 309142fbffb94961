# %% [markdown] lang="en"
# # What would it cost?
#
# **Exercise 5, 40 minutes.** Probabilities are for analysts; a board asks for money. At the end you can
#
# - [ ] reckon the loss to expect within a year, of margin and not of revenue
# - [ ] say what a bad year costs
# - [ ] explain why customers that falter together are dearer than the same ones apart
# - [ ] say how many of the largest can go before the year ends at a loss
# - [ ] say what keeping an account may cost at most

# %% [markdown] lang="de"
# # Was würde es kosten?
#
# **Übung 5, 40 Minuten.** Wahrscheinlichkeiten sind für Analysten; ein Vorstand fragt nach Geld. Am Ende können Sie
#
# - [ ] den zu erwartenden Verlust eines Jahres berechnen, als Deckungsbeitrag und nicht als Umsatz
# - [ ] sagen, was ein schlechtes Jahr kostet
# - [ ] erklären, warum Kunden, die gemeinsam schwächeln, teurer sind als dieselben einzeln
# - [ ] sagen, wie viele der größten gehen können, ehe das Jahr mit Verlust endet
# - [ ] sagen, was es höchstens kosten darf, einen Kunden zu halten

# %% tags=["parameters"]
language = "en"  # or "de"

# %% [markdown] lang="en"
# ## The data
#
# The accounts that bring a margin, with the probabilities of exercise 4. `severity` is the part of a year's margin that
# is not replaced within the year: other business takes the place of a lost account in 15 months, an assumption.

# %% [markdown] lang="de"
# ## Die Daten
#
# Die Kunden, die einen Deckungsbeitrag (`margin`) bringen, mit den Wahrscheinlichkeiten aus Übung 4. `severity` ist
# der Teil eines Jahresbeitrags, der binnen eines Jahres nicht ersetzt wird: Anderes Geschäft tritt in 15 Monaten an
# die Stelle eines verlorenen Kunden, eine Annahme.

# %%
from kamlib import customers, datasets, exhibits, exposure, workshop

exercise = workshop.exercise(5, language=language)
own = datasets.read()
setting = exhibits.setting(own, as_of="2026-06-30", language=language)
table = customers.table(own, as_of="2026-06-30")
_, risks = workshop.chances()
book = table[table["margin"] > 0].join(risks["p_loss"]).dropna(subset="p_loss")
stakes = exposure.stakes(book)
severity = stakes.table["severity"]
book[["name", "revenue", "margin", "p_loss"]].head(5)

# %% [markdown] lang="en"
# ## Task 1: which loss is to be expected?
#
# For each account a stake, a part that is not replaced, and a probability. Which loss of margin is to be expected
# within a year, over all accounts? No library is needed.

# %% [markdown] lang="de"
# ## Aufgabe 1: Welcher Verlust ist zu erwarten?
#
# Für jeden Kunden ein Einsatz, ein nicht ersetzter Teil und eine Wahrscheinlichkeit. Welcher Verlust an
# Deckungsbeitrag ist binnen eines Jahres über alle Kunden zu erwarten? Dazu braucht es keine Bibliothek.

# %% [markdown] lang="en" tags=["hint"]
# Three columns multiplied, then added up.

# %% [markdown] lang="de" tags=["hint"]
# Drei Spalten multiplizieren, dann summieren.

# %% tags=["solution"]
expected_loss = (book["margin"] * severity * book["p_loss"]).sum()

# %%
exercise.check(expected_loss=expected_loss)

# %% [markdown] lang="en"
# ## Task 2: what does a bad year cost?
#
# Sums over a handful of giants follow no bell curve, so the distribution is reckoned account by account. Use a
# correlation of 0.1 through the economy and 0.1 within a sector. Which loss is exceeded in one year out of twenty?

# %% [markdown] lang="de"
# ## Aufgabe 2: Was kostet ein schlechtes Jahr?
#
# Summen über eine Handvoll Riesen folgen keiner Glockenkurve, deshalb wird die Verteilung Kunde für Kunde berechnet.
# Nehmen Sie eine Korrelation von 0,1 über die Konjunktur und 0,1 innerhalb einer Branche. Welcher Verlust wird in einem
# von zwanzig Jahren übertroffen?

# %% [markdown] lang="en" tags=["hint"]
# `exposure.loss_distribution(stake, p_loss, severity=..., correlation=..., sector=..., sector_correlation=...)`, then
# `.value_at_risk(...)`.

# %% [markdown] lang="de" tags=["hint"]
# `exposure.loss_distribution(stake, p_loss, severity=..., correlation=..., sector=..., sector_correlation=...)`, dann
# `.value_at_risk(...)`.

# %% tags=["solution"]
common = {"correlation": 0.1, "sector": book["sector"], "sector_correlation": 0.1}
law = exposure.loss_distribution(book["margin"], book["p_loss"], severity=severity, **common)
bad_year = law.value_at_risk(0.95)

# %%
exercise.check(bad_year=bad_year)

# %%
exhibits.exposure_curve(law, stakes, setting=setting)

# %% [markdown] lang="en"
# ## Task 3: they don't leave one at a time
#
# Reckon the distribution once more without any correlation. By how much are the worst hundredth of years dearer, on
# average, because customers falter together? And by how much is the average year dearer?

# %% [markdown] lang="de"
# ## Aufgabe 3: Sie gehen nicht einer nach dem anderen
#
# Berechnen Sie die Verteilung noch einmal ohne jede Korrelation. Um wie viel ist das schlechteste Hundertstel der
# Jahre im Mittel teurer, weil Kunden gemeinsam schwächeln? Und um wie viel ist das durchschnittliche Jahr teurer?

# %% [markdown] lang="en" tags=["hint"]
# The mean of the worst hundredth is `.expected_shortfall(0.99)`.

# %% [markdown] lang="de" tags=["hint"]
# Das Mittel des schlechtesten Hundertstels ist `.expected_shortfall(0.99)`.

# %% tags=["solution"]
alone = exposure.loss_distribution(book["margin"], book["p_loss"], severity=severity)
together = law.expected_shortfall(0.99) - alone.expected_shortfall(0.99)

# %%
exercise.check(together=together)

# %% [markdown] lang="en"
# ## Task 4: how many can go?
#
# What bears a loss is the result: the contribution of all accounts less the fixed costs. Take the losses of the largest
# accounts (by margin) away, one after the other. How many can go before the result is below 0?

# %% [markdown] lang="de"
# ## Aufgabe 4: Wie viele können gehen?
#
# Einen Verlust trägt das Ergebnis: der Deckungsbeitrag aller Kunden minus die Fixkosten. Ziehen Sie die Verluste der
# größten Kunden (nach Deckungsbeitrag) nacheinander ab. Wie viele können gehen, ehe das Ergebnis unter 0 fällt?

# %% [markdown] lang="en" tags=["hint"]
# The loss of an account is margin times severity: `cumsum()`, and compare with the result.

# %% [markdown] lang="de" tags=["hint"]
# Der Verlust eines Kunden ist Deckungsbeitrag mal `severity`: `cumsum()`, und mit dem Ergebnis vergleichen.

# %%
fixed_costs = datasets.fixed_costs(as_of="2026-06-30")
contribution = table["margin"].sum()
setting.words.amount(contribution), setting.words.amount(fixed_costs)

# %% tags=["solution"]
losses = (book["margin"] * severity).sort_values(ascending=False).cumsum()
can_go = (losses <= contribution - fixed_costs).sum()

# %%
exercise.check(can_go=can_go)

# %% [markdown] lang="en"
# ## Task 5: what may keeping cost?
#
# The largest account asks for three points off the price, or it will look around. An effort is worth what it averts.
# How much of its price may keeping it cost at most, as a fraction of its revenue?

# %% [markdown] lang="de"
# ## Aufgabe 5: Was darf das Halten kosten?
#
# Der größte Kunde verlangt drei Prozentpunkte Nachlass, sonst sehe er sich um. Ein Aufwand ist so viel wert, wie er
# abwendet. Wie viel von seinem Preis darf es höchstens kosten, ihn zu halten, als Bruchteil seines Umsatzes?

# %% [markdown] lang="en" tags=["hint"]
# `exposure.retention(law, revenue=book["revenue"])` has a column `concession`.

# %% [markdown] lang="de" tags=["hint"]
# `exposure.retention(law, revenue=book["revenue"])` hat eine Spalte `concession`.

# %% tags=["solution"]
budgets = exposure.retention(law, revenue=book["revenue"])
points = budgets.loc[book["revenue"].idxmax(), "concession"]

# %%
exercise.check(points=points)

# %% [markdown] lang="en"
# ## To discuss
#
# 1. Which assumption of today would you have to defend first, and how would you find its value in your firm?
# 2. More than half of the expected loss is one account. Is an average the right figure, then?
# 3. The largest account means its threat. What changes in task 5?

# %% [markdown] lang="de"
# ## Zum Besprechen
#
# 1. Welche Annahme von heute müssten Sie zuerst verteidigen, und wie fänden Sie ihren Wert in Ihrem Haus?
# 2. Mehr als die Hälfte des erwarteten Verlusts ist ein einziger Kunde. Ist ein Mittelwert dann die richtige Zahl?
# 3. Der größte Kunde meint seine Drohung ernst. Was ändert sich in Aufgabe 5?

# %% [markdown] lang="en" tags=["solution"]
# 1. The months until a lost account is replaced, and the correlation. Ask how long it took with the last three large
#    accounts that left; for the correlation, reckon with 0 and 0.3 and show both.
# 2. For a budget, yes. For a decision, name the account: that loss has all but happened, and averaging hides it.
# 3. Its probability. With one in five instead of one in a thousand, the loss to expect is 200 times as large and the
#    budget 26 times: 4.0 % of the account's revenue instead of 0.2 %, so three points would pay. The talk should be
#    about how likely that is, not about the points.

# %% [markdown] lang="de" tags=["solution"]
# 1. Die Monate, bis ein verlorener Kunde ersetzt ist, und die Korrelation. Fragen Sie, wie lange es bei den letzten
#    drei großen Abgängen gedauert hat; bei der Korrelation rechnen Sie mit 0 und 0,3 und zeigen beides.
# 2. Für ein Budget ja. Für eine Entscheidung nennen Sie den Kunden: Dieser Verlust ist so gut wie eingetreten, und ein
#    Mittelwert verdeckt ihn.
# 3. Seine Wahrscheinlichkeit. Mit einem Fünftel statt einem Tausendstel steigt der erwartete Verlust auf das 200-Fache
#    und das Budget auf das 26-Fache: 4,0 % vom Umsatz des Kunden statt 0,2 %, drei Punkte würden sich also lohnen. Zu
#    reden ist darüber, wie wahrscheinlich das ist, nicht über die Punkte.
