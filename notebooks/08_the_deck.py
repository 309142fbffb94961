# %% [markdown] lang="en"
# # What do we tell the board?
#
# What you will know at the end:
#
# - [ ] which of all exhibits carry the story, and which stay in the drawer
# - [ ] in which order they are told
# - [ ] how to put a message into your own words without promising more than the table holds
# - [ ] what the notation check finds before somebody in the meeting does
# - [ ] how a picture, a workbook and a deck with native charts come out of it
#
# > **On your own data.** Change the next code cell, also `fixed_costs` and `folder`, where the files shall lie; or run
# > `kam notebooks SALES`, which puts them beside the notebooks. Customer, date and net revenue make a short deck; each
# > further column (cost, list price, parent, contact log) adds exhibits to choose from. What your data can't carry is
# > not among them, and the story is told without it.

# %% [markdown] lang="de"
# # Was sagen wir dem Vorstand?
#
# Das wissen Sie am Ende:
#
# - [ ] welche der Darstellungen die Geschichte tragen und welche in der Schublade bleiben
# - [ ] in welcher Reihenfolge sie erzählt werden
# - [ ] wie Sie eine Botschaft in eigene Worte fassen, ohne mehr zu versprechen, als die Tabelle hält
# - [ ] was die Notationsprüfung findet, bevor es jemand in der Sitzung tut
# - [ ] wie daraus ein Bild, eine Arbeitsmappe und ein Foliensatz mit nativen Diagrammen werden
#
# > **Mit Ihren eigenen Daten.** Ändern Sie die nächste Codezelle, auch `fixed_costs` und `folder`, den Ort der
# > Dateien; oder rufen Sie `kam notebooks UMSAETZE --language de` auf, das sie neben die Notebooks legt. Kunde, Datum
# > und Nettoumsatz ergeben einen kurzen Foliensatz; jede weitere Spalte (Kosten, Listenpreis, Konzern,
# > Kontaktprotokoll) bringt Darstellungen zur Auswahl hinzu. Was Ihre Daten nicht tragen, ist nicht darunter, und die
# > Geschichte wird ohne es erzählt.

# %% [markdown] lang="en"
# ## Where we stand
#
# Seven notebooks have found more than anybody can hear in half an hour; `07_whom_do_we_neglect` said that it is enough
# for a board. A board has twenty minutes on the agenda and wants half a dozen slides, with charts that an assistant
# can still edit. Deciding what to leave out is the work of this notebook; the rest is done by the machine.

# %% [markdown] lang="en" tags=["shipped"]
# At the shipped company it is the giants, the loss-maker, the silent one, the neglected one, and what all of that
# costs.

# %% [markdown] lang="de"
# ## Wo wir stehen
#
# Sieben Notebooks haben mehr gefunden, als jemand in einer halben Stunde hören kann; `07_whom_do_we_neglect` schloss
# damit, dass es für einen Vorstand reicht. Ein Vorstand hat zwanzig Minuten auf der Tagesordnung und will ein halbes
# Dutzend Folien, mit Diagrammen, die seine Assistenz noch bearbeiten kann. Zu entscheiden, was wegbleibt, ist die
# Arbeit dieses Notebooks; den Rest macht die Maschine.

# %% [markdown] lang="de" tags=["shipped"]
# In der mitgelieferten Firma sind es die Riesen, der Verlustbringer, der Schweigende, der Vernachlässigte und was das
# alles kostet.

# %% tags=["parameters"]
sales = None  # CSV, Excel or Parquet; None is the shipped company
customers_file = None  # customer master: name, parent, segment, sector, region, owner
contacts_file = None  # contact log: customer, date, kind, owner, outcome
as_of = None  # last day of the period, as "2025-12-31"; None is the ledger's last day
months = 12
language = "en"  # or "de"
columns = None  # what is not recognised, as {"customer": "Kd.", "revenue": "EUR"}
layout = None  # what the file leaves open, as {"decimal": "comma", "date_order": "dmy"}
fixed_costs = None  # of a year; None is those of the shipped company, or not known
folder = None  # for the files that are written; None is a temporary one

# %% [markdown] lang="en"
# ## All that could be said
#
# `report.build` reckons everything that the ledger can carry: the exhibits of all seven notebooks and some more. Each
# has a key, by which it is called below, and a message, one sentence computed from its own table. Read the list as a
# first draft of the meeting, and strike out as you go. Whatever makes you say "interesting" is a candidate for the
# drawer; what makes you say "then we must ..." is a candidate for a slide.

# %% [markdown] lang="de"
# ## Alles, was zu sagen wäre
#
# `report.build` rechnet alles, was die Daten tragen: die Darstellungen aller sieben Notebooks und noch einige mehr.
# Jede hat einen Schlüssel, mit dem sie unten aufgerufen wird, und eine Botschaft, einen Satz, der aus ihrer eigenen
# Tabelle gerechnet ist. Lesen Sie die Liste als ersten Entwurf der Sitzung und streichen Sie im Kopf mit. Wozu Sie
# „interessant“ sagen, ist ein Fall für die Schublade; wozu Sie „dann müssen wir ...“ sagen, einer für eine Folie.

# %%
import pandas as pd

from kamlib import datasets, exhibits, export, report, walkthrough

own = datasets.read(sales, customers=customers_file, contacts=contacts_file, columns=columns, layout=layout)
setting = exhibits.setting(own, as_of=as_of or own.last_day, months=months, language=language)
words = setting.words
costs = fixed_costs or (None if sales else datasets.fixed_costs(as_of=setting.end))
built = report.build(own, as_of=setting.end, months=months, language=language, fixed_costs=costs)
found = {exhibit.key: exhibit for exhibit in built.exhibits}
said = {key: exhibit.message for key, exhibit in found.items()}
walkthrough.table(pd.Series(said, name=words.text("Message")).rename_axis(words.text("Key")), setting=setting)

# %% [markdown] lang="en"
# **What you see.** All that the data carry, a sentence each. A meeting that hears forty true sentences decides
# nothing.

# %% [markdown] lang="en" tags=["shipped"]
# On the shipped data there are some forty of them.

# %% [markdown] lang="de"
# **Was Sie sehen.** Alles, was die Daten tragen, in je einem Satz. Eine Sitzung, die vierzig wahre Sätze hört,
# entscheidet nichts.

# %% [markdown] lang="de" tags=["shipped"]
# Mit den mitgelieferten Daten sind es rund vierzig.

# %% [markdown] lang="en"
# ## Choose and order
#
# A story has a situation, a complication and a question to decide. Six keys tell one, in this order: who carries us,
# what they bring, who may leave, what that would cost, whether we could bear it, and whom nobody calls. Change the
# list as you like; what is not among the exhibits of your data is left out.

# %% [markdown] lang="en" tags=["shipped"]
# At the shipped company, the situation: few customers carry us. The complication: one of them costs us money, one is
# silent, and nobody calls a third. The question: what would losing them cost?

# %% [markdown] lang="de"
# ## Auswählen und ordnen
#
# Eine Geschichte hat eine Lage, eine Verwicklung und eine Frage, die zu entscheiden ist. Sechs Schlüssel erzählen
# eine, in dieser Reihenfolge: wer uns trägt, was diese Kunden bringen, wer gehen könnte, was das kosten würde, ob wir
# es tragen könnten und wen niemand anruft. Ändern Sie die Liste nach Belieben; was Ihre Daten nicht hergeben, wird
# ausgelassen.

# %% [markdown] lang="de" tags=["shipped"]
# In der mitgelieferten Firma ist die Lage: Wenige Kunden tragen uns. Die Verwicklung: Einer davon kostet uns Geld,
# einer schweigt, und einen dritten ruft niemand an. Die Frage: Was würde ihr Verlust kosten?

# %%
story = ["pareto", "worth", "risk_list", "exposure_curve", "break_even", "overdue"]
chosen = [found[key] for key in story if key in found]
chosen[0]

# %% [markdown] lang="en"
# **What you see.** What will be the first slide: message, measure and chart, with the table behind them. The order of
# the others is that of the notebooks: who, what they bring, who leaves, what it costs, what we bear, and whom to call
# tomorrow.

# %% [markdown] lang="de"
# **Was Sie sehen.** Die künftige erste Folie: Botschaft, Messgröße und Diagramm, dahinter die Tabelle. Die Reihenfolge
# der übrigen ist die der Notebooks: wer, was sie bringen, wer geht, was es kostet, was wir tragen und wen wir morgen
# anrufen.

# %% [markdown] lang="en"
# ## Say it in your own words
#
# A computed message is correct and rarely memorable. Your own may be better, if it takes its figures from the table,
# as the next cell does: `reworded` changes the sentence and nothing else, and the figures in it are looked up, not
# typed. So it stays true next month, when somebody runs the notebook again. Write it as you would say it to somebody
# in the lift, with the subject first and the number that matters.

# %% [markdown] lang="de"
# ## In eigenen Worten
#
# Eine gerechnete Botschaft ist richtig und selten einprägsam. Ihre eigene kann besser sein, wenn sie ihre Zahlen aus
# der Tabelle nimmt, wie es die nächste Zelle tut: `reworded` ändert den Satz und sonst nichts, und die Zahlen darin
# sind nachgeschlagen, nicht getippt. So bleibt er auch nächsten Monat wahr, wenn jemand das Notebook wieder laufen
# lässt. Schreiben Sie ihn, wie Sie ihn im Aufzug sagen würden: mit der Zahl, auf die es ankommt.

# %%
first = chosen[0].table.iloc[0]
known = {"share": words.percent(first["share"]), "name": first["name"]}
chosen[0] = chosen[0].reworded(words.text("{share} of our revenue hangs on {name} alone", **known))
chosen[0]

# %% [markdown] lang="en"
# **What you see.** The same chart with another title. A sentence of your own is not computed, so nobody but you
# vouches for it: "hangs on" is a judgement, the share is not.

# %% [markdown] lang="de"
# **Was Sie sehen.** Dasselbe Diagramm mit einem anderen Titel. Ein eigener Satz ist nicht gerechnet, also bürgt
# niemand für ihn außer Ihnen: „hängt an“ ist ein Urteil, der Anteil ist keines.

# %% [markdown] lang="en"
# ## The trap: two messages on one slide
#
# With little room there is a temptation to get more out of a slide: a second sentence, a third decimal. Then one half
# of the board discusses the first sentence, the other half the second one, and somebody asks where the decimals come
# from. The check knows the rules of business notation (ISO 24896, IBCS): one message, whole measure, no truncated
# bars, no false precision. Here it reads a title that tries too hard.

# %% [markdown] lang="de"
# ## Die Falle: zwei Botschaften auf einer Folie
#
# Wo wenig Platz ist, lockt es, mehr aus einer Folie herauszuholen: einen zweiten Satz, eine dritte Nachkommastelle.
# Dann bespricht die eine Hälfte des Vorstands den ersten Satz, die andere den zweiten, und jemand fragt, woher die
# Nachkommastellen kommen. Die Prüfung kennt die Regeln der Geschäftsnotation (ISO 24896, IBCS): eine Botschaft,
# vollständige Messgröße, keine gekappten Balken, keine Scheingenauigkeit. Hier liest sie einen Titel, der zu viel
# will.

# %%
exact = words.number(first["value"], 4)
crowded = words.text("{name} brings {exact} of revenue. It must not be lost.", name=first["name"], exact=exact)
exhibits.check(chosen[0].reworded(crowded))

# %% [markdown] lang="en"
# **What you see.** Two faults, each with the rule that it breaks (in capitals, as IBCS calls it) and with what to do.
# The first asks you to decide what you want to say; the second to round.

# %% [markdown] lang="de"
# **Was Sie sehen.** Zwei Fehler, jeder mit der verletzten Regel (in Großbuchstaben, wie IBCS sie nennt) und mit dem,
# was zu tun ist. Der erste verlangt, dass Sie sich entscheiden, was Sie sagen wollen; der zweite, dass Sie runden.

# %% [markdown] lang="en"
# ## Check the choice
#
# Now those chosen, as they will be shown. The check draws each chart once at the size of a slide and reads it as a
# colleague with a ruler would: does each bar begin at zero, is every text large enough and free of its neighbours, are
# the bars sorted, does the table carry what the chart shows? It can't tell whether the message is the right one. That
# stays with you, and with whomever you show the draft.

# %% [markdown] lang="de"
# ## Die Auswahl prüfen
#
# Nun die Auswahl, wie sie gezeigt wird. Die Prüfung zeichnet jedes Diagramm einmal in Foliengröße und liest es wie
# eine Kollegin mit Lineal: Beginnt jeder Balken bei null, ist jeder Text groß genug und frei von seinen Nachbarn, sind
# die Balken sortiert, trägt die Tabelle, was das Diagramm zeigt? Ob die Botschaft die richtige ist, kann sie nicht
# sagen. Das bleibt bei Ihnen und bei der Person, der Sie den Entwurf zeigen.

# %%
faults = {exhibit.key: exhibits.check(exhibit) for exhibit in chosen}
counted = {key: len(list_of_faults) for key, list_of_faults in faults.items()}
walkthrough.table(pd.Series(counted, name=words.text("Faults")).rename_axis(words.text("Key")), setting=setting)

# %% [markdown] lang="en"
# **What you see.** A column of zeros, if all is well. Where there is another figure, `faults["..."]` says what is
# wrong.

# %% [markdown] lang="de"
# **Was Sie sehen.** Eine Spalte voller Nullen, wenn alles gut ist. Wo eine andere Zahl steht, sagt `faults["..."]`,
# was nicht stimmt.

# %% [markdown] lang="en"
# ## One exhibit to hand on
#
# Not everything becomes a slide. A picture goes into a letter, a workbook to controlling, who will want to add up the
# figures again. `save` takes the format from the ending: `.png` for print, `.svg` for the web with text that stays
# text, `.xlsx` with real numbers, `.pptx` for a deck of one. The files lie in `folder`, or in a temporary one that
# your system clears away some day; copy what you want to keep.

# %% [markdown] lang="de"
# ## Eine Darstellung zum Weitergeben
#
# Nicht alles wird eine Folie. Ein Bild kommt in einen Brief, eine Arbeitsmappe ins Controlling, das die Zahlen noch
# einmal addieren will. `save` erkennt das Format an der Endung: `.png` für den Druck, `.svg` fürs Web mit Text, der
# Text bleibt, `.xlsx` mit echten Zahlen, `.pptx` für einen Foliensatz aus einer Folie. Die Dateien liegen in `folder`
# oder in einem vorläufigen Ordner, den Ihr System irgendwann aufräumt; kopieren Sie, was Sie behalten wollen.

# %%
import tempfile
from pathlib import Path

place = Path(folder or tempfile.mkdtemp(prefix="kamlib-"))
files = [chosen[0].save(place / f"{chosen[0].key}.{ending}") for ending in ("png", "svg", "xlsx")]
[str(file) for file in files]

# %% [markdown] lang="en"
# **What you see.** Three files of one exhibit. Open the workbook: the figures are numbers, not pictures of numbers.

# %% [markdown] lang="de"
# **Was Sie sehen.** Drei Dateien einer Darstellung. Öffnen Sie die Arbeitsmappe: Die Zahlen sind Zahlen, keine Bilder
# von Zahlen.

# %% [markdown] lang="en"
# ## The deck
#
# `export.deck` puts the choice on slides in the given order, one exhibit each: the message as title, below it what is
# measured, then the chart. The charts are PowerPoint's own. A click on "Edit data" opens the figures behind them, so
# that a colleague can change a colour without asking you. Method and assumptions stand in the speaker notes.
# `template="firm.pptx"` takes your firm's layouts, colours and fonts instead of the plain ones.

# %% [markdown] lang="de"
# ## Der Foliensatz
#
# `export.deck` bringt die Auswahl in der gegebenen Reihenfolge auf Folien, je eine Darstellung: die Botschaft als
# Titel, darunter, was gemessen wird, dann das Diagramm. Die Diagramme sind PowerPoints eigene. Ein Klick auf „Daten
# bearbeiten“ öffnet die Zahlen dahinter, und eine Kollegin kann eine Farbe ändern, ohne Sie zu fragen. Verfahren und
# Annahmen stehen in den Notizen. `template="firma.pptx"` nimmt statt der schlichten die Layouts, Farben und Schriften
# Ihrer Firma.

# %%
deck = export.deck(chosen, place / "deck.pptx", title=words.text("What our key accounts mean for us"))
str(deck)

# %% [markdown] lang="en"
# **What you see.** Where the deck lies. Open it, read the titles one after the other, and nothing else: they are the
# story. If one of them could be left out, leave it out.

# %% [markdown] lang="de"
# **Was Sie sehen.** Wo der Foliensatz liegt. Öffnen Sie ihn und lesen Sie die Titel nacheinander, sonst nichts: Sie
# sind die Geschichte. Könnte einer davon entfallen, lassen Sie ihn weg.

# %% [markdown] lang="en"
# ## Facts to rely on
#
# A deck that somebody can't open is worse than none, so the last check looks into the file: it has to be a whole
# archive with a slide for each exhibit at least, and one of the slides has to carry the sentence that we put into our
# own words.

# %% [markdown] lang="de"
# ## Worauf Verlass ist
#
# Ein Foliensatz, den jemand nicht öffnen kann, ist schlimmer als keiner; deshalb sieht die letzte Prüfung in die Datei
# hinein: Sie muss ein vollständiges Archiv mit mindestens einer Folie je Darstellung sein, und eine der Folien muss
# den Satz tragen, den wir in eigene Worte gefasst haben.

# %%
import zipfile

with zipfile.ZipFile(deck) as archive:
    slides = [name for name in archive.namelist() if name.startswith("ppt/slides/slide")]
    told = [archive.read(name).decode() for name in slides]
assert len(slides) >= len(chosen)
assert any(known["share"] in slide for slide in told)

# %% [markdown] lang="en" tags=["shipped"]
# On the shipped data the check of the notation must have found nothing at all, so that nobody in the meeting finds it.

# %% [markdown] lang="de" tags=["shipped"]
# Mit den mitgelieferten Daten darf die Notationsprüfung nichts gefunden haben, damit auch in der Sitzung niemand etwas
# findet.

# %% tags=["shipped"]
assert sales or not any(faults.values())

# %% [markdown] lang="en"
# ## What you know now
#
# - [x] which of all exhibits carry the story, and which stay in the drawer
# - [x] in which order they are told
# - [x] how to put a message into your own words without promising more than the table holds
# - [x] what the notation check finds before somebody in the meeting does
# - [x] how a picture, a workbook and a deck with native charts come out of it
#
# **What we hand on:** the answer to the question with which it all began: how well do we know the handful of customers
# on whom we live, and what if one goes?

# %% [markdown] lang="en" tags=["shipped"]
# Better than last week, at the shipped company: two giants whom we can bear to lose once, one that costs us money, one
# that has gone already, one that nobody called.

# %% [markdown] lang="en"
# What to do about it is for the board to say. With another ledger, begin again at `01_read_your_ledger`.

# %% [markdown] lang="de"
# ## Was Sie jetzt wissen
#
# - [x] welche der Darstellungen die Geschichte tragen und welche in der Schublade bleiben
# - [x] in welcher Reihenfolge sie erzählt werden
# - [x] wie Sie eine Botschaft in eigene Worte fassen, ohne mehr zu versprechen, als die Tabelle hält
# - [x] was die Notationsprüfung findet, bevor es jemand in der Sitzung tut
# - [x] wie daraus ein Bild, eine Arbeitsmappe und ein Foliensatz mit nativen Diagrammen werden
#
# **Was wir weitergeben:** die Antwort auf die Frage, mit der alles anfing: Wie gut kennen wir die Handvoll Kunden, von
# der wir leben, und was, wenn einer geht?

# %% [markdown] lang="de" tags=["shipped"]
# In der mitgelieferten Firma besser als letzte Woche: zwei Riesen, deren Verlust wir einmal tragen können, einen, der
# uns Geld kostet, einen, der schon gegangen ist, und einen, den niemand angerufen hat.

# %% [markdown] lang="de"
# Was daraus folgt, sagt der Vorstand. Mit anderen Daten beginnen Sie wieder bei `01_read_your_ledger`.
