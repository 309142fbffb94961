# %% [markdown] lang="en"
# # Can we trust this export?
#
# **Exercise 1, 40 minutes.** Sales control has sent half a year of sales, straight from the system. Before anybody
# reckons a share with it, you find out what must be true of a file before any figure is. At the end you can
#
# - [ ] say which rows of a file are used, which are not, and why
# - [ ] name the revenue that is missing until somebody completes the lines
# - [ ] find what is there twice, and say who may delete it
# - [ ] reconcile the file with accounting, to the cent
# - [ ] explain why a credit note must never be dropped
#
# Each task has a cell for your answer and a check below it. A check says what is wrong in words; run it as often as
# you like. Nothing is marked.

# %% [markdown] lang="de"
# # Können wir diesem Export trauen?
#
# **Übung 1, 40 Minuten.** Der Vertriebsinnendienst schickt ein halbes Jahr Umsätze, so wie sie aus dem System kommen.
# Bevor jemand einen Anteil damit rechnet, klären Sie, was für eine Datei gelten muss, ehe irgendeine Zahl gilt. Am
# Ende können Sie
#
# - [ ] sagen, welche Zeilen einer Datei verwendet werden, welche nicht, und warum
# - [ ] den Umsatz benennen, der fehlt, bis jemand die Zeilen ergänzt
# - [ ] finden, was doppelt vorhanden ist, und sagen, wer es löschen darf
# - [ ] die Datei mit der Buchhaltung abstimmen, auf den Cent
# - [ ] erklären, warum man eine Gutschrift nie weglassen darf
#
# Jede Aufgabe hat eine Zelle für Ihre Antwort und darunter eine Prüfung. Die Prüfung sagt in Worten, was nicht stimmt;
# führen Sie sie aus, so oft Sie wollen. Noten gibt es keine.

# %% tags=["parameters"]
language = "en"  # or "de"

# %% [markdown] lang="en"
# ## The file
#
# The next cell puts the export into a temporary folder and shows its first and last lines, as an editor would. Look
# closely before you go on: where does the table begin, what is a decimal comma here, what stands below the last sale?

# %% [markdown] lang="de"
# ## Die Datei
#
# Die nächste Zelle legt den Export in einen temporären Ordner und zeigt seine ersten und letzten Zeilen, wie ein Editor
# es täte. Sehen Sie genau hin, bevor Sie weitergehen: Wo beginnt die Tabelle, was ist hier das Dezimalzeichen, was
# steht unter dem letzten Verkauf?

# %%
import tempfile
from pathlib import Path

from kamlib import ledger, workshop

exercise = workshop.exercise(1, language=language)
path = Path(tempfile.mkdtemp()) / "sales.csv"
path.write_bytes(workshop.messy_export())
text = path.read_text(encoding="cp1252").splitlines()
text[:8] + text[-4:]

# %% [markdown] lang="en"
# ## Task 1: which rows are used?
#
# `ledger.read` reads the file and keeps an account of it, `own.audit`. Each row is used or set aside for a reason. How
# many rows are set aside? Look at the reasons as well, and look up one line of each in the file.

# %% [markdown] lang="de"
# ## Aufgabe 1: Welche Zeilen werden verwendet?
#
# `ledger.read` liest die Datei und führt darüber Buch, in `own.audit`. Jede Zeile wird verwendet oder aus einem
# bestimmten Grund zur Seite gelegt. Wie viele Zeilen liegen auf der Seite? Sehen Sie sich auch die Gründe an und
# suchen Sie zu jedem eine Zeile in der Datei auf.

# %% [markdown] lang="en" tags=["hint"]
# `own.audit.set_aside` has one row a reason, `own.audit.examples` shows the lines themselves.

# %% [markdown] lang="de" tags=["hint"]
# `own.audit.set_aside` hat eine Zeile je Grund, `own.audit.examples` zeigt die Zeilen selbst.

# %%
own = ledger.read(path)
own.audit.set_aside

# %% tags=["solution"]
set_aside = own.audit.set_aside["rows"].sum()

# %%
exercise.check(set_aside=set_aside)

# %% [markdown] lang="en"
# ## Task 2: what is missing?
#
# Some of the rows set aside are sales all the same: somebody bought something, but a customer number or a date was
# lost on the way. How much revenue is missing from every figure until somebody completes these lines? The amounts that
# can be read are meant; the one that can't comes later.

# %% [markdown] lang="de"
# ## Aufgabe 2: Was fehlt?
#
# Manche der zur Seite gelegten Zeilen sind trotzdem Verkäufe: Jemand hat etwas gekauft, aber eine Kundennummer oder ein
# Datum ging unterwegs verloren. Wie viel Umsatz fehlt in jeder Zahl, bis jemand diese Zeilen ergänzt? Gemeint sind die
# lesbaren Beträge; der unlesbare kommt später.

# %% [markdown] lang="en" tags=["hint"]
# The audit knows the revenue set aside by reason, too. A sum line carries no revenue of its own.

# %% [markdown] lang="de" tags=["hint"]
# Das Prüfprotokoll kennt zu jedem Grund auch den Umsatz. Eine Summenzeile hat keinen eigenen Umsatz.

# %% tags=["solution"]
missing = own.audit.revenue_set_aside

# %%
exercise.check(missing=missing)

# %% [markdown] lang="en"
# ## Task 3: what is there twice?
#
# Lines that agree in every column may be a double booking or two honest sales. The library counts them and keeps them,
# because nobody can tell from the file. Find the lines that repeat an earlier one, see which day they are from, and add
# up their revenue.

# %% [markdown] lang="de"
# ## Aufgabe 3: Was ist doppelt?
#
# Zeilen, die in jeder Spalte übereinstimmen, können eine Doppelbuchung sein oder zwei ehrliche Verkäufe. Die Bibliothek
# zählt sie und behält sie, denn aus der Datei allein ist es nicht zu erkennen. Suchen Sie die Zeilen, die eine frühere
# wiederholen, sehen Sie nach, von welchem Tag sie stammen, und zählen Sie ihren Umsatz zusammen.

# %% [markdown] lang="en" tags=["hint"]
# `lines.duplicated()` is true for each line that repeats an earlier one.

# %% [markdown] lang="de" tags=["hint"]
# `lines.duplicated()` ist wahr für jede Zeile, die eine frühere wiederholt.

# %%
lines = own.table.to_pandas()
lines.head()

# %% tags=["solution"]
copies = lines[lines.duplicated()]
booked_twice = copies["revenue"].sum()
copies["date"].value_counts()

# %%
exercise.check(booked_twice=booked_twice)

# %% [markdown] lang="en"
# ## Task 4: does it agree with accounting?
#
# The last line of the file is the total of the accounting system, and it is right. The rows used come to another
# figure. Find a name for every part of the difference: the copies, the lines that were set aside, and one line whose
# amount nobody can read. What must that amount be?

# %% [markdown] lang="de"
# ## Aufgabe 4: Stimmt sie mit der Buchhaltung überein?
#
# Die letzte Zeile der Datei ist die Summe aus der Buchhaltung, und sie stimmt. Die verwendeten Zeilen ergeben eine
# andere Zahl. Geben Sie jedem Teil der Differenz einen Namen: den doppelten Zeilen, den zur Seite gelegten und der
# einen Zeile, deren Betrag niemand lesen kann. Wie hoch muss dieser Betrag sein?

# %% [markdown] lang="en" tags=["hint"]
# Total line = rows used - copies + lines set aside with an amount + the amount that you look for. The cell above your
# own shows the total line.

# %% [markdown] lang="de" tags=["hint"]
# Summenzeile = verwendete Zeilen - doppelte Zeilen + zur Seite gelegte mit Betrag + der gesuchte Betrag. Die Zelle
# über Ihrer eigenen zeigt die Summenzeile.

# %%
total_line = own.audit.format["control_total"]["revenue"]
total_line

# %% tags=["solution"]
unreadable = total_line - (own.audit.revenue_used - booked_twice + missing)

# %%
exercise.check(unreadable=unreadable)

# %% [markdown] lang="en"
# ## Task 5: who is the largest customer?
#
# An easy one, or so it seems. Many analysts drop negative lines first, "because a negative sale is an error". Do it
# once that way and once with everything in. Who is the largest customer of the half-year, and who would have been?

# %% [markdown] lang="de"
# ## Aufgabe 5: Wer ist der größte Kunde?
#
# Eine leichte Frage, scheint es. Viele lassen zuerst die negativen Zeilen weg, „weil ein negativer Umsatz ein Fehler
# ist“. Rechnen Sie einmal so und einmal mit allem. Wer ist der größte Kunde des Halbjahrs, und wer wäre es gewesen?

# %% [markdown] lang="en" tags=["hint"]
# Group by `customer`, add up `revenue`, take `idxmax()`. Then look at `own.audit.reversed_pairs`.

# %% [markdown] lang="de" tags=["hint"]
# Gruppieren Sie nach `customer`, summieren Sie `revenue`, nehmen Sie `idxmax()`. Sehen Sie dann in
# `own.audit.reversed_pairs` nach.

# %% tags=["solution"]
largest = lines.groupby("customer")["revenue"].sum().idxmax()
sold = lines[lines["revenue"] > 0].groupby("customer")["revenue"].sum().nlargest(3)
sold

# %%
exercise.check(largest=largest)

# %% [markdown] lang="en"
# ## To discuss
#
# 1. Who in your firm may delete the lines that are there twice, and who must not?
# 2. Which check of today could be made each month, without anybody thinking of it?
# 3. "We use the figures of the data warehouse, so they are right." What would you ask?

# %% [markdown] lang="de"
# ## Zum Besprechen
#
# 1. Wer in Ihrem Haus darf die doppelten Zeilen löschen, und wer auf keinen Fall?
# 2. Welche Prüfung von heute könnte jeden Monat laufen, ohne dass jemand daran denken muss?
# 3. „Wir nehmen die Zahlen aus dem Data-Warehouse, also stimmen sie.“ Was würden Sie fragen?

# %% [markdown] lang="en" tags=["solution"]
# 1. Whoever owns the source, with accounting; never the analyst in a copy of the file, because the next export brings
#    them back.
# 2. Read equals used plus set aside; the file's total line against accounting; new reasons among the rows set aside.
# 3. Whether its total agrees with the profit and loss statement of the same months, credit notes included, and who
#    looked last.

# %% [markdown] lang="de" tags=["solution"]
# 1. Wer die Quelle verantwortet, zusammen mit der Buchhaltung; nie der Analyst in einer Kopie der Datei, denn der
#    nächste Export bringt sie wieder.
# 2. Gelesen gleich verwendet plus zur Seite gelegt; die Summenzeile gegen die Buchhaltung; neue Gründe unter den zur
#    Seite gelegten Zeilen.
# 3. Ob ihre Summe mit der Gewinn- und Verlustrechnung derselben Monate übereinstimmt, Gutschriften eingeschlossen, und
#    wer zuletzt nachgesehen hat.
