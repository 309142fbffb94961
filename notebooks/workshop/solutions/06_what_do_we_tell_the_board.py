# %% [markdown] lang="en"
# # What do we tell the board?
#
# **Exercise 6, 40 minutes.** Where did we give in, whom do we neglect, and which three sentences does the board hear?
# At the end you can
#
# - [ ] tell a concession that bought volume from one that bought nothing
# - [ ] say what a concession costs a year
# - [ ] find the key account that nobody looks after, whatever the plan
# - [ ] see why a full contact log proves nothing
# - [ ] choose three exhibits, say them in your own words, and put them into a deck

# %% [markdown] lang="de"
# # Was sagen wir dem Vorstand?
#
# **Übung 6, 40 Minuten.** Wo haben wir nachgegeben, wen vernachlässigen wir, und welche drei Sätze hört der Vorstand?
# Am Ende können Sie
#
# - [ ] ein Zugeständnis, das Menge gebracht hat, von einem unterscheiden, das nichts gebracht hat
# - [ ] sagen, was ein Zugeständnis im Jahr kostet
# - [ ] den Schlüsselkunden finden, um den sich niemand kümmert, gleich nach welchem Plan
# - [ ] erkennen, warum ein volles Kontaktprotokoll nichts beweist
# - [ ] drei Darstellungen auswählen, in eigene Worte fassen und in einen Foliensatz bringen

# %% tags=["parameters"]
language = "en"  # or "de"

# %% [markdown] lang="en"
# ## The data
#
# The shipped company again, with prices by month and the contact log.

# %% [markdown] lang="de"
# ## Die Daten
#
# Wieder die mitgelieferte Firma, mit Preisen nach Monat und dem Kontaktprotokoll.

# %%
from kamlib import bridge, coverage, customers, datasets, exhibits, export, keyaccounts, workshop

exercise = workshop.exercise(6, language=language)
own = datasets.read()
setting = exhibits.setting(own, as_of="2026-06-30", language=language)
table = customers.table(own, as_of="2026-06-30")
keys = keyaccounts.key_accounts(table).index
monthly = customers.by_period(own, as_of="2026-06-30")
monthly.head(3)

# %% [markdown] lang="en"
# ## Task 1: where did we give in?
#
# `bridge.concessions` looks for steps down in the share of the list price that an account pays, and asks whether more
# volume followed than with its peers. To which of the key accounts did we give a lower price and get no volume for it?

# %% [markdown] lang="de"
# ## Aufgabe 1: Wo haben wir nachgegeben?
#
# `bridge.concessions` sucht Stufen nach unten in dem Anteil des Listenpreises, den ein Kunde zahlt, und fragt, ob mehr
# Menge folgte als bei seinesgleichen. Welchem Schlüsselkunden haben wir einen niedrigeren Preis gegeben und keine Menge
# dafür bekommen?

# %% [markdown] lang="en" tags=["hint"]
# `bridge.concessions(monthly, accounts=keys)` has a column `verdict`.

# %% [markdown] lang="de" tags=["hint"]
# `bridge.concessions(monthly, accounts=keys)` hat eine Spalte `verdict`.

# %% tags=["solution"]
conceded = bridge.concessions(monthly, accounts=keys)
gave_in = conceded.index[conceded["verdict"] == "no_more_volume"][0]

# %%
exercise.check(gave_in=gave_in)

# %% [markdown] lang="en"
# ## Task 2: what does it cost?
#
# What does this concession cost a year, in the ledger's currency? And how much more would the account have to buy for
# it to pay?

# %% [markdown] lang="de"
# ## Aufgabe 2: Was kostet es?
#
# Was kostet dieses Zugeständnis im Jahr, in der Währung der Umsatzdaten? Und wie viel mehr müsste der Kunde kaufen,
# damit es sich lohnt?

# %% [markdown] lang="en" tags=["hint"]
# Columns `cost_a_year` and `break_even_volume`.

# %% [markdown] lang="de" tags=["hint"]
# Spalten `cost_a_year` und `break_even_volume`.

# %% tags=["solution"]
cost_a_year = conceded.loc[gave_in, "cost_a_year"]
conceded.loc[gave_in, ["change", "cost_a_year", "volume_change", "break_even_volume"]]

# %%
exercise.check(cost_a_year=cost_a_year)

# %% [markdown] lang="en"
# ## Task 3: whom do we neglect?
#
# Contacts are held against a plan of twelve a year for an A account. Some are late by days. With which A account has
# nobody been in touch for a whole year?

# %% [markdown] lang="de"
# ## Aufgabe 3: Wen vernachlässigen wir?
#
# Die Kontakte werden an einem Plan von zwölf im Jahr je A-Kunde gemessen. Manche sind um Tage zu spät. Mit welchem
# A-Kunden war ein ganzes Jahr lang niemand in Kontakt?

# %% [markdown] lang="en" tags=["hint"]
# `covered` has the columns `class`, `contacts`, `days_since_contact` and `days_overdue`.

# %% [markdown] lang="de" tags=["hint"]
# `covered` hat die Spalten `class`, `contacts`, `days_since_contact` und `days_overdue`.

# %%
covered = coverage.coverage(own.contacts, table, as_of="2026-06-30", customers=own.customers)
exhibits.overdue(covered, setting=setting)

# %% tags=["solution"]
neglected = covered[covered["class"] == "A"]["days_since_contact"].idxmax()

# %%
exercise.check(neglected=neglected)

# %% [markdown] lang="en"
# ## Task 4: visited, but silent
#
# The account that you would have called first in exercise 4 is number 0014606. How many contacts does the log have with
# it since its last order? Read what came of them.

# %% [markdown] lang="de"
# ## Aufgabe 4: Besucht, aber stumm
#
# Der Kunde, den Sie in Übung 4 zuerst angerufen hätten, hat die Nummer 0014606. Wie viele Kontakte verzeichnet das
# Protokoll seit seiner letzten Bestellung? Lesen Sie, was dabei herauskam.

# %% [markdown] lang="en" tags=["hint"]
# `table.loc["0014606", "last_purchase"]`, and `own.contacts` with `customer` and `date`.

# %% [markdown] lang="de" tags=["hint"]
# `table.loc["0014606", "last_purchase"]`, und `own.contacts` mit `customer` und `date`.

# %% tags=["solution"]
log = own.contacts[own.contacts["customer"] == "0014606"]
after = log[log["date"] > table.loc["0014606", "last_purchase"]]
after_the_last_order = len(after)
after

# %%
exercise.check(after_the_last_order=after_the_last_order)

# %% [markdown] lang="en"
# ## Task 5: three sentences
#
# A board remembers three messages. Choose three exhibits of today, say each in your own words (one sentence, one
# figure, no heading), and put them into `board`. The next cell makes two; make a third, and reword all of them. Every
# exhibit of the six exercises is allowed.

# %% [markdown] lang="de"
# ## Aufgabe 5: Drei Sätze
#
# Ein Vorstand behält drei Botschaften. Wählen Sie drei Darstellungen von heute, sagen Sie jede in eigenen Worten (ein
# Satz, eine Zahl, keine Überschrift) und legen Sie sie in `board`. Die nächste Zelle erzeugt zwei; erzeugen Sie eine
# dritte und formulieren Sie alle um. Jede Darstellung der sechs Übungen ist erlaubt.

# %% [markdown] lang="en" tags=["hint"]
# `exhibit.reworded("...")` returns the same exhibit with your sentence; `board = [first, second, third]`.

# %% [markdown] lang="de" tags=["hint"]
# `exhibit.reworded("...")` liefert dieselbe Darstellung mit Ihrem Satz; `board = [erste, zweite, dritte]`.

# %%
prices = exhibits.concessions(bridge.concessions(monthly, accounts=keys), table, setting=setting)
care = exhibits.overdue(covered, setting=setting)
prices.message, care.message

# %% tags=["solution"]
who = exhibits.key_accounts(keyaccounts.key_accounts(table), setting=setting)
english = "Our 25 key accounts bring 62% of our revenue.", "One price cut costs 44,500 a year, for nothing."
english += ("One key account has not heard from us for 481 days.",)
german = "Unsere 25 Schlüsselkunden bringen 62 % des Umsatzes.", "Ein Nachlass kostet 44.500 im Jahr und bringt nichts."
german += ("Ein Schlüsselkunde hat seit 481 Tagen nichts von uns gehört.",)
said = german if language == "de" else english
board = [one.reworded(mine) for one, mine in zip((who, prices, care), said, strict=True)]
board[1]

# %%
exercise.check(board=board)

# %% [markdown] lang="en"
# The deck, with native charts that whoever gets it can open and edit. Look at its notes as well: method and assumptions
# stand there.

# %% [markdown] lang="de"
# Der Foliensatz, mit nativen Diagrammen, die jeder Empfänger öffnen und bearbeiten kann. Sehen Sie auch in die Notizen:
# Dort stehen Methode und Annahmen.

# %%
import tempfile
from pathlib import Path

path = export.deck(board, Path(tempfile.mkdtemp()) / "board.pptx", title="Key accounts")
path.name

# %% [markdown] lang="en"
# ## To discuss
#
# 1. Read your three sentences to your neighbour. What is asked back first?
# 2. The account manager of the neglected account has the most key accounts of all. What do you recommend?
# 3. What will you do with your own ledger on Monday?

# %% [markdown] lang="de"
# ## Zum Besprechen
#
# 1. Lesen Sie Ihre drei Sätze Ihrer Nachbarin vor. Was fragt sie zuerst zurück?
# 2. Der Betreuer des vernachlässigten Kunden hat die meisten Schlüsselkunden von allen. Was empfehlen Sie?
# 3. Was machen Sie am Montag mit Ihren eigenen Daten?

# %% [markdown] lang="en" tags=["solution"]
# 1. Usually "since when?", "how sure is that?" and "what do you propose?". A sentence that answers one of them is a
#    better one.
# 2. Look at his load first: three tenths of the revenue. Hand over accounts before you hand out reminders, and take a
#    colleague along to the two that would hurt most.
# 3. Start with exercise 1: export, audit, reconcile. `kam report` does the rest.

# %% [markdown] lang="de" tags=["solution"]
# 1. Meist „seit wann?“, „wie sicher ist das?“ und „was schlagen Sie vor?“. Ein Satz, der eines davon beantwortet, ist
#    der bessere.
# 2. Zuerst seine Last ansehen: drei Zehntel des Umsatzes. Kunden übergeben, bevor man Mahnungen verteilt, und zu den
#    beiden, die am meisten schmerzen würden, eine Kollegin mitnehmen.
# 3. Mit Übung 1 anfangen: Export, Prüfung, Abstimmung. Den Rest macht `kam report`.
