# %% [markdown] lang="en"
# # Can we trust our sales ledger?
#
# What you will know at the end:
#
# - [ ] which rows and which cents of the file stand behind the figures, and which do not
# - [ ] how the columns, numbers and dates of the file were understood
# - [ ] what becomes of total lines, missing customers and amounts that nobody can read
# - [ ] which sales were taken back, and how many purchases the lines amount to
# - [ ] which customer numbers make up one account
#
# > **On your own data.** Change the next code cell and nothing else, or run `kam notebooks SALES`. Needed are three
# > columns: customer, date and net revenue. Order, product, quantity, list revenue and cost are welcome, and so are a
# > customer master and a contact log; without one of them the parts that live on it say so in a sentence, and the rest
# > goes on. What is not recognised is named in `columns`, as `{"customer": "Kd."}`.

# %% [markdown] lang="de"
# # Können wir unseren Umsatzdaten trauen?
#
# Das wissen Sie am Ende:
#
# - [ ] welche Zeilen und welche Cent der Datei hinter den Zahlen stehen und welche nicht
# - [ ] wie Spalten, Zahlen und Daten der Datei verstanden wurden
# - [ ] was aus Summenzeilen, fehlenden Kunden und unlesbaren Beträgen wird
# - [ ] welche Verkäufe zurückgenommen wurden und wie viele Käufe in den Zeilen stecken
# - [ ] welche Kundennummern zusammen ein Kunde sind
#
# > **Mit Ihren eigenen Daten.** Ändern Sie die nächste Codezelle und sonst nichts, oder rufen Sie `kam notebooks
# > UMSAETZE --language de` auf. Nötig sind drei Spalten: Kunde, Datum und Nettoumsatz. Beleg, Artikel, Menge,
# > Listenumsatz und Wareneinsatz sind willkommen, ebenso ein Kundenstamm und ein Kontaktprotokoll; fehlt etwas davon,
# > sagen es die betroffenen Teile in einem Satz, und der Rest läuft weiter. Was nicht erkannt wird, nennen Sie in
# > `columns`, etwa `{"customer": "Kd."}`.

# %% [markdown] lang="en"
# ## A year and a question
#
# Whoever sells to firms usually lives on a handful of customers. How well do we know ours, and what if one goes? Eight
# notebooks lead to the answer, the last one to the board. The next code cell holds all that you would change for a
# firm of your own.

# %% [markdown] lang="en" tags=["shipped"]
# The firm shipped with the package is fictional. It is July 2026. A supplier of machine parts has closed the twelve
# months to 30 June with 42 million euros of revenue, two per cent less than before. "We live on a handful of
# customers", says the managing director.

# %% [markdown] lang="de"
# ## Ein Jahr und eine Frage
#
# Wer an Firmen verkauft, lebt meist von einer Handvoll Kunden. Wie gut kennen wir unsere, und was, wenn einer geht?
# Acht Notebooks führen zur Antwort, das letzte in die Vorstandssitzung. Die nächste Codezelle enthält alles, was Sie
# für Ihre eigene Firma ändern würden.

# %% [markdown] lang="de" tags=["shipped"]
# Die mitgelieferte Firma ist erfunden. Es ist Juli 2026. Ein Zulieferer für Maschinenteile hat die zwölf Monate bis
# zum 30. Juni mit 42 Millionen Euro Umsatz abgeschlossen, zwei Prozent weniger als zuvor. „Wir leben von einer
# Handvoll Kunden“, sagt die Vorstandsvorsitzende.

# %% tags=["parameters"]
sales = None  # CSV, Excel or Parquet; None is the shipped company
customers_file = None  # customer master: name, parent, segment, sector, region, owner
contacts_file = None  # contact log: customer, date, kind, owner, outcome
as_of = None  # last day of the period, as "2025-12-31"; None is the ledger's last day
months = 12
language = "en"  # or "de"
columns = None  # what is not recognised, as {"customer": "Kd.", "revenue": "EUR"}
layout = None  # what the file leaves open, as {"decimal": "comma", "date_order": "dmy"}

# %% [markdown] lang="en"
# ## Read it
#
# A figure is as good as the file behind it, so the file comes first. `ledger.read` takes it as it leaves the system:
# it finds the header below the title lines, the separator, the encoding, the decimal mark and the order of day and
# month, and gives the columns names of its own. What can't be told from the file is never guessed: `03/04/2025` on
# every line is an error that names the argument to settle it. The table shows the first rows of the ledger as all
# later steps see it, one row a sales line.

# %% [markdown] lang="de"
# ## Einlesen
#
# Eine Zahl ist so gut wie die Datei dahinter; deshalb steht die Datei am Anfang. `ledger.read` nimmt sie, wie sie aus
# dem System kommt: Es findet die Kopfzeile unter den Titelzeilen, Trennzeichen, Zeichensatz, Dezimalzeichen und die
# Reihenfolge von Tag und Monat und gibt den Spalten eigene Namen. Was sich der Datei nicht entnehmen lässt, wird nie
# geraten: Steht in jeder Zeile `03/04/2025`, ist das ein Fehler, und die Meldung nennt das Argument, das ihn behebt.
# Die Tabelle zeigt die ersten Zeilen der Umsätze, wie alle späteren Schritte sie sehen: eine Zeile je Position.

# %%
import pandas as pd

from kamlib import checks, customers, datasets, exhibits, ledger, walkthrough

own = datasets.read(sales, customers=customers_file, contacts=contacts_file, columns=columns, layout=layout)
setting = exhibits.setting(own, as_of=as_of or own.last_day, months=months, language=language)
words = setting.words
first = own.table.head().to_pandas()
names = ["customer", "account", "date", "product_group", "product", "revenue"]
walkthrough.table(first, names, setting=setting, kinds={"revenue": "cents"})

# %% [markdown] lang="en"
# **What you see.** Customer numbers are text, so leading zeros are still there. "Belongs to" names the account: the
# group of companies that a customer belongs to, or else the customer itself. Revenue is net, and negative on a credit
# note. The period is always explicit: it ends with `as_of`, that day included, and nothing after it is ever read, so a
# figure that you quote today can be reckoned again next year.

# %% [markdown] lang="de"
# **Was Sie sehen.** Kundennummern sind Text, daher sind führende Nullen noch da. „Gehört zu“ nennt den Kunden, mit dem
# gerechnet wird: den Konzern, dem eine Nummer angehört, oder die Nummer selbst. Der Umsatz ist netto, bei einer
# Gutschrift negativ. Der Zeitraum ist immer ausdrücklich: Er endet mit `as_of`, diesen Tag eingeschlossen, und nichts
# danach wird je gelesen. So lässt sich eine Zahl, die Sie heute nennen, nächstes Jahr nachrechnen.

# %% [markdown] lang="en"
# ## What was recognised
#
# The names in a file are its author's. The next cell sets the names that kamlib uses beside those in the file. Look
# at it once for every new file: a revenue column that was gross, or a date that was the day of delivery, makes every
# later figure wrong without making any of them look wrong. Where two columns fit equally well, reading stops and
# lists both; where one is not recognised at all, you name it yourself.

# %% [markdown] lang="de"
# ## Was erkannt wurde
#
# Die Namen in einer Datei hat deren Verfasser gewählt. Die nächste Zelle stellt die Namen, die kamlib verwendet, neben
# die der Datei. Sehen Sie bei jeder neuen Datei einmal hin: Eine Umsatzspalte, die brutto war, oder ein Datum, das den
# Liefertag meint, macht jede spätere Zahl falsch, ohne dass eine davon falsch aussieht. Passen zwei Spalten gleich
# gut, bricht das Lesen ab und nennt beide; wird eine gar nicht erkannt, benennen Sie sie selbst.

# %%
found = own.audit.format["columns"]
pd.Series(found, name=words.text("in the file")).rename_axis(words.text("in kamlib")).to_frame()

# %% [markdown] lang="en"
# **What you see.** What the file offers, in its own words; in a German export `customer` might stand beside `Debitor`.
# Customer, date and revenue are all that is needed. Order, product, quantity, list revenue and cost make more
# questions answerable: what the account earns, and where price was given away.

# %% [markdown] lang="en" tags=["shipped"]
# The shipped file was written for kamlib, so both columns agree.

# %% [markdown] lang="de"
# **Was Sie sehen.** Was die Datei bietet, in ihren eigenen Worten; in einem deutschen Export stünde neben `customer`
# etwa `Debitor`. Kunde, Datum und Umsatz genügen. Beleg, Artikel, Menge, Listenumsatz und Wareneinsatz machen weitere
# Fragen beantwortbar: was ein Kunde einbringt und wo Preis nachgegeben wurde.

# %% [markdown] lang="de" tags=["shipped"]
# Die mitgelieferte Datei ist für kamlib geschrieben, daher stimmen beide Spalten überein.

# %% [markdown] lang="en"
# ## Every row and every cent
#
# Totals that don't match end a meeting. The audit therefore accounts for each row that was read: it is used, or it is
# set aside for a reason that is counted, summed up and shown with its line numbers. Read equals used plus set aside,
# in rows as well as in revenue. Compare the revenue read with the total that the accounting system shows for the same
# days; if they differ, stop here and find out why.

# %% [markdown] lang="de"
# ## Jede Zeile und jeder Cent
#
# Summen, die nicht stimmen, beenden jede Sitzung. Die Prüfung weist deshalb jede gelesene Zeile nach: Sie wird
# verwendet, oder sie wird aus einem Grund beiseitegelegt, der gezählt, summiert und mit Zeilennummern gezeigt wird.
# Gelesen ist gleich verwendet plus beiseitegelegt, in Zeilen wie in Umsatz. Vergleichen Sie den gelesenen Umsatz mit
# der Summe, die die Buchhaltung für dieselben Tage zeigt; weichen sie voneinander ab, halten Sie hier an und klären
# Sie, warum.

# %%
exhibits.audit(own.audit, words=words)

# %% [markdown] lang="en"
# **What you see.** First the reckoning, then what is remarkable among the rows used.

# %% [markdown] lang="en" tags=["shipped"]
# The shipped ledger is complete: nothing had to be set aside. Ledgers made by hand rarely are, as the next one shows.

# %% [markdown] lang="de"
# **Was Sie sehen.** Zuerst die Rechnung, dann das Auffällige unter den verwendeten Zeilen.

# %% [markdown] lang="de" tags=["shipped"]
# Die mitgelieferten Umsätze sind vollständig: Nichts musste beiseitegelegt werden. Von Hand geführte Listen sind das
# selten, wie die nächste zeigt.

# %% [markdown] lang="en"
# ## The trap: what a total line adds
#
# Here are five lines with all that goes wrong in practice: an amount that is no number, a line without a customer, one
# without a date, and a total at the foot, which a careless program adds to the rest. Other tools either refuse the
# whole file or turn what they can't read into a blank, which then counts as zero. Here a cell that can't be understood
# sets its row aside, and the row keeps its line number, so that somebody can look it up and mend it at the source.

# %% [markdown] lang="de"
# ## Die Falle: was eine Summenzeile hinzufügt
#
# Fünf Zeilen mit allem, was in der Praxis schiefgeht: ein Betrag, der keine Zahl ist, eine Zeile ohne Kunde, eine ohne
# Datum und am Fuß eine Summe, die ein achtloses Programm zum Rest addiert. Andere Werkzeuge verweigern die ganze
# Datei, oder sie machen aus dem, was sie nicht lesen können, eine Lücke, die dann als null zählt. Hier legt eine
# unverständliche Zelle ihre Zeile beiseite, und die Zeile behält ihre Nummer, damit jemand sie nachschlagen und an der
# Quelle berichtigen kann.

# %%
by_hand = pd.DataFrame(
    {
        "Kunde": ["007", "007", "", "012", "Summe"],
        "Belegdatum": ["05.01.2026", "06.01.2026", "07.01.2026", "", ""],
        "Nettoumsatz": ["1.200,00", "siehe oben", "300,00", "80,00", "1.580,00"],
    }
)
exhibits.audit(ledger.read(by_hand).audit, words=words)

# %% [markdown] lang="en"
# **What you see.** One line of five is used, and four are explained. The total line carries no revenue of its own; the
# two lines without a customer or a date carry 380, which is missing from the figures until somebody completes them.

# %% [markdown] lang="de"
# **Was Sie sehen.** Eine von fünf Zeilen wird verwendet, vier werden erklärt. Die Summenzeile trägt keinen eigenen
# Umsatz; die beiden Zeilen ohne Kunde oder Datum tragen 380, und die fehlen in den Zahlen, bis jemand sie ergänzt.

# %% [markdown] lang="en"
# ## The trap: sales that were taken back
#
# A credit note stays in the ledger as negative revenue. Whoever drops credit notes, because a negative sale looks like
# an error, counts revenue that never was: a mistyped order of a million that is reversed ten minutes later makes its
# buyer the largest customer. The audit pairs each credit note with the sale that it takes back in full, where
# customer, product and amount agree and no more than thirty days lie between the two.

# %% [markdown] lang="de"
# ## Die Falle: zurückgenommene Verkäufe
#
# Eine Gutschrift bleibt als negativer Umsatz in den Daten. Wer Gutschriften weglässt, weil ein negativer Verkauf nach
# einem Fehler aussieht, zählt Umsatz, den es nie gab: Ein Auftrag über eine Million, vertippt und nach zehn Minuten
# storniert, macht seinen Käufer zum größten Kunden. Die Prüfung stellt jede Gutschrift neben den Verkauf, den sie ganz
# zurücknimmt, sofern Kunde, Artikel und Betrag übereinstimmen und höchstens dreißig Tage dazwischenliegen.

# %%
pairs = own.audit.reversed_pairs.head(10)
nothing = words.text("No sale was taken back in full.")
shown = ["customer", "product", "date", "reversed_on", "revenue"]
walkthrough.table(pairs, shown, setting=setting, empty=nothing)

# %% [markdown] lang="en"
# **What you see.** Each row is a sale and the day on which it was taken back; the pair sums to nothing. The largest
# comes first. They need no repair, as both lines are used; a customer with many of them deserves a question, though.

# %% [markdown] lang="de"
# **Was Sie sehen.** Jede Zeile ist ein Verkauf mit dem Tag, an dem er zurückgenommen wurde; zusammen ergibt das Paar
# null. Das größte steht zuerst. Zu berichtigen ist nichts, denn beide Zeilen werden verwendet; ein Kunde mit vielen
# solchen Paaren ist aber eine Nachfrage wert.

# %% [markdown] lang="en"
# ## Lines, purchases, duplicates
#
# A ledger has a line for each item, while a customer decides once a day at most. Lines of one customer on one day are
# therefore one purchase wherever rhythm matters, for instance in "orders every two weeks". Lines that agree in every
# column may be a double booking or two honest sales of the same thing. Nobody can tell from the file, so they are
# kept, counted and shown; you decide, with somebody who knows the business.

# %% [markdown] lang="de"
# ## Zeilen, Käufe, Doppelte
#
# Die Umsatzdaten haben eine Zeile je Artikel, ein Kunde aber entscheidet höchstens einmal am Tag. Wo es auf den
# Rhythmus ankommt, etwa bei „bestellt alle zwei Wochen“, gelten die Zeilen eines Kunden an einem Tag daher als ein
# Kauf. Zeilen, die in jeder Spalte übereinstimmen, können eine Doppelbuchung sein oder zwei ehrliche Verkäufe
# derselben Sache. Aus der Datei kann das niemand erkennen; deshalb bleiben sie, werden gezählt und gezeigt, und Sie
# entscheiden mit jemandem, der das Geschäft kennt.

# %%
counts = own.audit.counts
rows = {
    words.text("lines used"): own.audit.rows_used,
    words.text("purchases, one a customer and day"): counts["purchases"],
    words.text("credit notes"): counts["credit_notes"],
    words.text("lines identical to another"): counts["duplicates"],
}
walkthrough.table(pd.Series(rows, name=words.text("Number")), setting=setting)

# %% [markdown] lang="en"
# **What you see.** If lines and purchases are equal, the file is probably a list of invoices rather than of items, and
# questions about products can't be answered from it.

# %% [markdown] lang="en" tags=["shipped"]
# On the shipped data four or five lines make one purchase, and no line agrees with another.

# %% [markdown] lang="de"
# **Was Sie sehen.** Sind Zeilen und Käufe gleich viele, ist die Datei wohl eine Liste von Rechnungen statt von
# Positionen, und Fragen nach Artikeln lassen sich daraus nicht beantworten.

# %% [markdown] lang="de" tags=["shipped"]
# In den mitgelieferten Daten ergeben vier bis fünf Zeilen einen Kauf, und keine gleicht einer anderen.

# %% [markdown] lang="en"
# ## Who is one customer
#
# Purchasing decisions are made in a group, while the ledger numbers its legal entities. Companies of one group count
# as one account, in every ranking and every index, as accounting standards do when they ask for customers above ten
# per cent of revenue. Who belongs to which group is written in the customer master, in the column `parent`. Without
# it, each number stands for itself, and the largest dependence may stay hidden in three lines of the middle of the
# list.

# %% [markdown] lang="de"
# ## Wer ein Kunde ist
#
# Eingekauft wird im Konzern, die Buchhaltung aber nummeriert Rechtsträger. Gesellschaften eines Konzerns gelten als
# ein Kunde, in jeder Rangliste und jedem Maß, so wie es auch Rechnungslegungsregeln tun, wenn sie nach Kunden über
# zehn Prozent des Umsatzes fragen. Wer zu welchem Konzern gehört, steht im Kundenstamm, in der Spalte `Konzern`. Ohne
# ihn steht jede Nummer für sich, und die größte Abhängigkeit bleibt womöglich in drei Zeilen aus der Mitte der Liste
# verborgen.

# %%
accounts = customers.table(own, as_of=setting.end, months=months)
groups = accounts[accounts["customers"] > 1].head(10)
nothing = words.text("No account has more than one customer number.")
walkthrough.table(groups, ["name", "customers", "revenue", "rank"], setting=setting, empty=nothing)

# %% [markdown] lang="en"
# **What you see.** Accounts with more than one customer number, by revenue of the period.

# %% [markdown] lang="en" tags=["shipped"]
# On the shipped data, three machine builders with nothing in their names to connect them belong to Sandhalden
# Beteiligungen AG.

# %% [markdown] lang="de"
# **Was Sie sehen.** Kunden mit mehr als einer Kundennummer, nach Umsatz des Zeitraums.

# %% [markdown] lang="de" tags=["shipped"]
# In den mitgelieferten Daten gehören drei Maschinenbauer, deren Namen nichts verbindet, zur Sandhalden Beteiligungen
# AG.

# %% [markdown] lang="en" tags=["shipped"]
# ## The German twin
#
# The shipped sales also lie beside the Parquet file as a German system exports them: semicolons, an old encoding,
# `1.234,56`, the minus behind the number, `31.12.2025`, title lines above the header and a total line below. Reading
# must come to the same figures, to the cent. The file's own total line is a welcome witness, as another program wrote
# it: the audit sets it aside, but remembers what it says.

# %% [markdown] lang="de" tags=["shipped"]
# ## Der deutsche Zwilling
#
# Die mitgelieferten Umsätze liegen neben der Parquet-Datei auch so, wie ein deutsches System sie ausgibt: Semikolons,
# ein alter Zeichensatz, `1.234,56`, das Minus hinter der Zahl, `31.12.2025`, Titelzeilen über dem Kopf und eine
# Summenzeile am Ende. Beim Einlesen müssen dieselben Zahlen herauskommen, auf den Cent. Die eigene Summenzeile der
# Datei ist eine willkommene Zeugin, denn ein anderes Programm hat sie geschrieben: Die Prüfung legt sie beiseite,
# merkt sich aber, was sie sagt.

# %% tags=["shipped"]
here = datasets.company_path()
german = here.with_name("company_sales_de.csv"), here.with_name("company_customers_de.csv")
twin = ledger.read(german[0], customers=german[1]).audit
english = datasets.read().audit
total_line = twin.format["control_total"]["revenue"]
names = ["Parquet", words.text("German CSV"), words.text("its total line")]
figures = pd.Series([english.revenue_used, twin.revenue_used, total_line], index=names, name="revenue")
walkthrough.table(figures, setting=setting, kinds="cents")

# %% [markdown] lang="en" tags=["shipped"]
# **What you see.** Both readings of the shipped sales come to the same revenue, which is also what the export says of
# itself. Ask for a total line whenever you order an export.

# %% [markdown] lang="de" tags=["shipped"]
# **Was Sie sehen.** Beide Lesarten der mitgelieferten Umsätze kommen auf denselben Betrag, und genau den nennt auch
# der Export selbst. Verlangen Sie eine Summenzeile, wann immer Sie einen Export bestellen.

# %% [markdown] lang="en"
# ## Facts to rely on
#
# A notebook that runs through is no proof that it is right, so each of ours ends with facts that it holds itself to.
# The first adds up the rows of the reading once more. The second reckons the revenue of the period a second way, with
# plain pandas on the lines, beside the table by account. If one of them fails on your data, trust none of the figures.

# %% [markdown] lang="de"
# ## Worauf Verlass ist
#
# Dass ein Notebook durchläuft, beweist nicht, dass es stimmt; deshalb endet jedes mit Tatsachen, an denen es sich
# messen lässt. Die erste addiert die gelesenen Zeilen noch einmal. Die zweite rechnet den Umsatz des Zeitraums auf
# einem zweiten Weg, mit einfachem pandas über die Zeilen, neben der Tabelle nach Kunden. Scheitert eine davon an Ihren
# Daten, trauen Sie keiner der Zahlen.

# %%
audit, lines = own.audit, own.table.to_pandas()
day, start = pd.to_datetime(lines["date"]), pd.Timestamp(checks.months_before(setting.end, months))
period = lines[(day > start) & (day <= pd.Timestamp(setting.end))]
assert audit.rows_read == audit.rows_used + audit.set_aside["rows"].sum()
assert abs(period["revenue"].sum() - accounts["revenue"].sum()) < 0.005

# %% [markdown] lang="en" tags=["shipped"]
# A third fact holds the German file of the shipped company against its twin.

# %% [markdown] lang="de" tags=["shipped"]
# Eine dritte Tatsache hält die deutsche Datei der mitgelieferten Firma gegen ihren Zwilling.

# %% tags=["shipped"]
assert (twin.rows_used, twin.revenue_used) == (english.rows_used, english.revenue_used)

# %% [markdown] lang="en"
# ## What you know now
#
# - [x] which rows and which cents of the file stand behind the figures, and which do not
# - [x] how the columns, numbers and dates of the file were understood
# - [x] what becomes of total lines, missing customers and amounts that nobody can read
# - [x] which sales were taken back, and how many purchases the lines amount to
# - [x] which customer numbers make up one account
#
# **What we hand on:** a ledger that is accounted for to the cent, and accounts in place of customer numbers.

# %% [markdown] lang="en" tags=["shipped"]
# For the shipped company these are 59,954 lines and 147 million euros of three and a half years, and 344 accounts in
# place of 405 customer numbers.

# %% [markdown] lang="en"
# Next, `02_how_concentrated` asks how much of the last year hangs on how few of them.

# %% [markdown] lang="de"
# ## Was Sie jetzt wissen
#
# - [x] welche Zeilen und welche Cent der Datei hinter den Zahlen stehen und welche nicht
# - [x] wie Spalten, Zahlen und Daten der Datei verstanden wurden
# - [x] was aus Summenzeilen, fehlenden Kunden und unlesbaren Beträgen wird
# - [x] welche Verkäufe zurückgenommen wurden und wie viele Käufe in den Zeilen stecken
# - [x] welche Kundennummern zusammen ein Kunde sind
#
# **Was wir weitergeben:** Umsatzdaten, die auf den Cent nachgewiesen sind, und Kunden statt Kundennummern.

# %% [markdown] lang="de" tags=["shipped"]
# Für die mitgelieferte Firma sind das 59.954 Zeilen und 147 Millionen Euro aus dreieinhalb Jahren und 344 Kunden statt
# 405 Kundennummern.

# %% [markdown] lang="de"
# Als Nächstes fragt `02_how_concentrated`, wie viel vom letzten Jahr an wie wenigen von ihnen hängt.
