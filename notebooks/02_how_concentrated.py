# %% [markdown] lang="en"
# # How concentrated are we, really?
#
# What you will know at the end:
#
# - [ ] how few customers bring four fifths of the revenue
# - [ ] whether 80/20 is true here, and how sure that is
# - [ ] how much of the answer depends on who and what is counted
# - [ ] where concentration is heading, and who rose and fell on the way
# - [ ] which customers take away again what the others earn
# - [ ] which part of the business hangs on a single customer
#
# > **On your own data.** Change the next code cell and nothing else, or run `kam notebooks SALES`. Customer, date and
# > net revenue are enough for most of it. Without a customer master each number counts for itself and no sector is
# > shown; without cost there is no whale curve; without a year before there is no direction. Each is said in one
# > sentence where the exhibit would stand.

# %% [markdown] lang="de"
# # Wie konzentriert sind wir wirklich?
#
# Das wissen Sie am Ende:
#
# - [ ] wie wenige Kunden vier Fünftel des Umsatzes bringen
# - [ ] ob 80/20 hier stimmt und wie sicher das ist
# - [ ] wie sehr die Antwort davon abhängt, wer und was gezählt wird
# - [ ] wohin sich die Konzentration bewegt, und wer unterwegs auf- und abstieg
# - [ ] welche Kunden wieder wegnehmen, was die anderen einbringen
# - [ ] welcher Teil des Geschäfts an einem einzigen Kunden hängt
#
# > **Mit Ihren eigenen Daten.** Ändern Sie die nächste Codezelle und sonst nichts, oder rufen Sie `kam notebooks
# > UMSAETZE --language de` auf. Für das meiste genügen Kunde, Datum und Nettoumsatz. Ohne Kundenstamm zählt jede
# > Nummer für sich, und Branchen werden nicht gezeigt; ohne Kosten gibt es keine Walkurve, ohne ein Jahr davor keine
# > Richtung. Das steht jeweils in einem Satz dort, wo die Darstellung stünde.

# %% [markdown] lang="en"
# ## Where we stand
#
# The ledger is read, and we know how far to trust it; that was `01_read_your_ledger`. Now to the customers on whom so
# much is said to hang. The period ends with `as_of` and lasts `months` months. Twelve are the usual choice, because a
# shorter period mistakes a season for concentration; choose a last day whose month is fully booked.

# %% [markdown] lang="en" tags=["shipped"]
# "Eighty per cent of the revenue from twenty per cent of the customers", everybody says in the shipped company, our
# machine-parts supplier, and nobody has ever looked.

# %% [markdown] lang="de"
# ## Wo wir stehen
#
# Die Umsatzdaten sind gelesen, und wir wissen, wie weit ihnen zu trauen ist; das war `01_read_your_ledger`. Nun zu den
# Kunden, an denen so viel hängen soll. Der Zeitraum endet mit `as_of` und dauert `months` Monate. Zwölf sind üblich,
# denn ein kürzerer verwechselt eine Saison mit Konzentration; wählen Sie als letzten Tag einen, dessen Monat
# vollständig gebucht ist.

# %% [markdown] lang="de" tags=["shipped"]
# „Achtzig Prozent des Umsatzes mit zwanzig Prozent der Kunden“, sagen alle in der mitgelieferten Firma, unserem
# Zulieferer, und nachgesehen hat noch niemand.

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
# ## One row an account
#
# Everything below is computed from one table: `customers.table` adds up the ledger per account, which is a customer or
# the group of companies that it belongs to, net of credit notes. It is sorted by revenue, so that its top is the list
# that everybody in the firm believes to know. Read the cumulative share downwards: how many lines does it take to come
# to a quarter, or to half, of all that the firm sells?

# %% [markdown] lang="de"
# ## Eine Zeile je Kunde
#
# Alles Weitere wird aus einer Tabelle gerechnet: `customers.table` addiert die Umsätze je Kunde, also je Kundennummer
# oder je Konzern, zu dem sie gehört, abzüglich der Gutschriften. Sie ist nach Umsatz sortiert; ihr Anfang ist die
# Liste, die jeder in der Firma zu kennen glaubt. Lesen Sie den kumulierten Anteil von oben nach unten: Wie viele
# Zeilen braucht es für ein Viertel, wie viele für die Hälfte dessen, was die Firma verkauft?

# %%
from functools import partial

import pandas as pd

from kamlib import checks, concentration, customers, dashboard, datasets, exhibits, walkthrough

own = datasets.read(sales, customers=customers_file, contacts=contacts_file, columns=columns, layout=layout)
setting = exhibits.setting(own, as_of=as_of or own.last_day, months=months, language=language)
words = setting.words
table = customers.table(own, as_of=setting.end, months=months)
walkthrough.table(table.head(10), ["name", "revenue", "share", "cumulative_share"], setting=setting)

# %% [markdown] lang="en"
# **What you see.** The ten largest accounts.

# %% [markdown] lang="en" tags=["shipped"]
# On the shipped data the first two stand out: Fählau and Morschrode together bring a fifth of the revenue, and losing
# either would be felt in every department.

# %% [markdown] lang="de"
# **Was Sie sehen.** Die zehn größten Kunden.

# %% [markdown] lang="de" tags=["shipped"]
# In den mitgelieferten Daten stechen die ersten beiden heraus: Fählau und Morschrode bringen zusammen ein Fünftel des
# Umsatzes, und den Verlust auch nur eines von ihnen würde jede Abteilung spüren.

# %% [markdown] lang="en"
# ## How fast it adds up
#
# The Pareto chart puts the twenty largest accounts side by side and adds their shares up above them. The line goes on
# beyond the chart's edge, and the message says how many accounts it takes until it passes 80 %. The classes A, B and
# C are cut along the same line, by custom at 80 % and 95 % of the revenue. They are a convention and no law of
# nature: an account just below the cut is no less important than the one just above it.

# %% [markdown] lang="de"
# ## Wie schnell es sich summiert
#
# Das Pareto-Diagramm stellt die zwanzig größten Kunden nebeneinander und summiert darüber ihre Anteile. Die Linie geht
# über den Rand des Bildes hinaus weiter, und die Botschaft sagt, wie viele Kunden es braucht, bis sie 80 %
# überschreitet. Entlang derselben Linie werden die Klassen A, B und C geschnitten, üblicherweise bei 80 % und 95 % des
# Umsatzes. Das ist eine Konvention und kein Naturgesetz: Ein Kunde knapp unter dem Schnitt ist nicht weniger wichtig
# als der knapp darüber.

# %%
exhibits.pareto(table, setting=setting)

# %% [markdown] lang="en"
# **What you see.** The largest accounts, and how much they bring together. From ten per cent of the revenue on, a
# listed firm has to disclose a single customer (IFRS 8).

# %% [markdown] lang="en" tags=["shipped"]
# On the shipped data two tall bars stand before a long, gentle slope: the twenty bring more than half, and it takes
# another 39 to come to 80 %. Fählau is beyond the ten per cent.

# %% [markdown] lang="de"
# **Was Sie sehen.** Die größten Kunden und was sie zusammen bringen. Ab zehn Prozent des Umsatzes muss eine
# börsennotierte Firma einen einzelnen Kunden angeben (IFRS 8).

# %% [markdown] lang="de" tags=["shipped"]
# In den mitgelieferten Daten stehen zwei hohe Säulen vor einem langen, sanften Hang: Die zwanzig bringen mehr als die
# Hälfte, und für 80 % braucht es 39 weitere. Fählau liegt über den zehn Prozent.

# %% [markdown] lang="en"
# ## Move the cut yourself
#
# Why four fifths, and not half, or nine tenths? Because somebody once found that number easy to remember. Move the
# slider and see how many accounts it takes for another share of the revenue. Watch the right-hand end: each further
# point costs more names than the one before, until a whole list of accounts stands for a single per cent. Where would
# you stop calling them key accounts? (The slider needs a running notebook.)

# %% [markdown] lang="de"
# ## Den Schnitt selbst verschieben
#
# Warum vier Fünftel und nicht die Hälfte oder neun Zehntel? Weil sich diese Zahl einmal jemand gut merken konnte.
# Bewegen Sie den Regler und sehen Sie, wie viele Kunden es für einen anderen Anteil am Umsatz braucht. Achten Sie auf
# das rechte Ende: Jeder weitere Punkt kostet mehr Namen als der vorige, bis eine ganze Liste für ein einziges Prozent
# steht. Wo würden Sie aufhören, von Schlüsselkunden zu sprechen? (Der Regler braucht ein laufendes Notebook.)

# %%
share = dashboard.Slider(0.8, 0.3, 0.95, 0.05, words.text("Share of revenue"), kind="percent")
dashboard.explore(partial(walkthrough.cut, table, setting=setting), share=share)

# %% [markdown] lang="en" tags=["shipped"]
# **What you see.** On the shipped data seven accounts bring 35 % of the revenue, fifteen bring half of it, and some
# two dozen bring sixty per cent. For 95 % it takes more than a hundred and thirty.

# %% [markdown] lang="de" tags=["shipped"]
# **Was Sie sehen.** In den mitgelieferten Daten bringen sieben Kunden 35 % des Umsatzes, fünfzehn die Hälfte und rund
# zwei Dutzend sechzig Prozent. Für 95 % braucht es mehr als hundertdreißig.

# %% [markdown] lang="en"
# ## Is 80/20 true here?
#
# The Lorenz curve compares the firm with the rule of thumb. If all customers were equal it would be the diagonal; the
# deeper it sags, the fewer bring the more. The revenue of a year is a census, not a sample, so the interval answers
# another question: how would the figure move, if the customer base were drawn again? With a few hundred customers, and
# some of them very large, it moves a lot, and the decimals of such a share say nothing.

# %% [markdown] lang="de"
# ## Stimmt 80/20 hier?
#
# Die Lorenzkurve hält die Firma gegen die Faustregel. Wären alle Kunden gleich, wäre sie die Diagonale; je tiefer sie
# durchhängt, desto weniger bringen desto mehr. Der Umsatz eines Jahres ist eine Vollerhebung und keine Stichprobe. Das
# Intervall beantwortet daher eine andere Frage: Wie stark würde sich die Zahl bewegen, wenn der Kundenstamm noch
# einmal gezogen würde? Bei einigen hundert Kunden, manche davon sehr groß, bewegt sie sich stark, und die
# Nachkommastellen eines solchen Anteils sagen nichts.

# %%
revenue = table["revenue"].clip(lower=0)
indices = concentration.indices(revenue)
exhibits.lorenz(table, indices=indices, setting=setting)

# %% [markdown] lang="en"
# **What you see.** The share of the top fifth with its interval, and a verdict that holds the interval, not the bare
# figure, against 80 %.

# %% [markdown] lang="en" tags=["shipped"]
# The shipped company has 79 %, somewhere between 71 % and 84 %. Quote it like that, and nobody will be surprised when
# it is two points off next year.

# %% [markdown] lang="de"
# **Was Sie sehen.** Den Anteil des obersten Fünftels mit seinem Intervall und ein Urteil, das nicht die bloße Zahl,
# sondern das Intervall gegen 80 % hält.

# %% [markdown] lang="de" tags=["shipped"]
# Die mitgelieferte Firma kommt auf 79 %, irgendwo zwischen 71 % und 84 %. Nennen Sie es so, und niemand wundert sich,
# wenn es nächstes Jahr zwei Punkte danebenliegt.

# %% [markdown] lang="en"
# ## One number, or several
#
# Each index answers a question of its own. Shares of the top 1, 5 and 10 are what banks and buyers of firms ask for.
# The Herfindahl index adds up squared shares, so it is ruled by the giants; its inverse, the effective number of
# customers, is the one to explain to a board: as if so many customers of equal size made all the revenue. The Gini
# coefficient tells how unequal customers are, whatever their number.

# %% [markdown] lang="de"
# ## Eine Zahl oder mehrere
#
# Jedes Maß beantwortet seine eigene Frage. Nach den Anteilen der größten 1, 5 und 10 fragen Banken und Käufer von
# Firmen. Der Herfindahl-Index addiert quadrierte Anteile, daher beherrschen ihn die Riesen; sein Kehrwert, die
# effektive Kundenzahl, lässt sich einem Vorstand am besten erklären: als machten so viele gleich große Kunden den
# ganzen Umsatz. Der Gini-Koeffizient sagt, wie ungleich Kunden sind, wie viele es auch sein mögen.

# %%
exhibits.figures(indices, setting=setting)

# %% [markdown] lang="en"
# **What you see.** Intervals that reach far up or down come from the few largest: draw the base again without one of
# them, and the figure is another one. The last rows (Theil, Hall-Tideman, entropy) are there for those who compare
# with other reports.

# %% [markdown] lang="en" tags=["shipped"]
# On the shipped data, of 277 accounts on paper 30 are left when it comes to spreading risk.

# %% [markdown] lang="de"
# **Was Sie sehen.** Intervalle, die weit nach oben oder unten reichen, kommen von den wenigen größten: Zieht man den
# Kundenstamm noch einmal ohne einen von ihnen, ist die Zahl eine andere. Die letzten Zeilen (Theil, Hall-Tideman,
# Entropie) sind für alle da, die mit anderen Berichten vergleichen.

# %% [markdown] lang="de" tags=["shipped"]
# In den mitgelieferten Daten bleiben von 277 Kunden auf dem Papier 30, wenn es um die Streuung des Risikos geht.

# %% [markdown] lang="en"
# ## The trap: the 80/20 that isn't
#
# The same firm has many top-fifth shares, and whoever wants 80/20 finds it. Count legal entities instead of groups,
# and a large account falls apart into three middling ones. Drop the credit notes, and reversed orders count as sales.
# Leave sleeping accounts on the list, and a fifth of a longer list holds more of the same revenue. None of them is a
# lie; each answers another question. The first line is the one used here.

# %% [markdown] lang="de"
# ## Die Falle: das 80/20, das keines ist
#
# Dieselbe Firma hat viele Anteile des obersten Fünftels, und wer 80/20 will, findet es. Zählt man Rechtsträger statt
# Konzerne, zerfällt ein großer Kunde in drei mittlere. Lässt man Gutschriften weg, gelten stornierte Aufträge als
# Verkäufe. Lässt man schlafende Kunden auf der Liste, hält ein Fünftel einer längeren Liste mehr vom selben Umsatz.
# Nichts davon ist gelogen; jedes beantwortet eine andere Frage. Die erste Zeile ist die hier verwendete.

# %%
single = customers.table(own, as_of=setting.end, months=months, by="customer")["revenue"].clip(lower=0)
sold = (table["revenue"] - table["credit_notes"]).clip(lower=0)
asleep = max(1, round(0.2 * len(table)))
ways = {
    words.text("accounts with revenue, net"): concentration.top_share(revenue),
    words.text("each customer number by itself"): concentration.top_share(single),
    words.text("credit notes dropped"): concentration.top_share(sold),
    words.text("sleeping accounts counted, too"): concentration.top_share(revenue, count=asleep),
}
walkthrough.table(pd.Series(ways, name=words.text("the top 20% bring")), setting=setting, kinds="percent")

# %% [markdown] lang="en"
# **What you see.** Four questions to one ledger. Say what was counted before you quote a share.

# %% [markdown] lang="en" tags=["shipped"]
# On the shipped data the sleeping accounts are worth more than four points, and the entities decide on which side of
# 80 % the firm stands. Its credit notes spread over all accounts alike, so they hardly move the share; a single
# reversed giant order would.

# %% [markdown] lang="de"
# **Was Sie sehen.** Vier Fragen an dieselben Daten. Sagen Sie, was gezählt wurde, bevor Sie einen Anteil nennen.

# %% [markdown] lang="de" tags=["shipped"]
# In den mitgelieferten Daten machen die schlafenden Kunden mehr als vier Punkte aus, und die Rechtsträger entscheiden,
# auf welcher Seite von 80 % die Firma steht. Ihre Gutschriften verteilen sich auf alle Kunden gleich und bewegen den
# Anteil daher kaum; ein einziger stornierter Riesenauftrag täte es.

# %% [markdown] lang="en"
# ## Where is it heading?
#
# A single year can't tell whether the firm is growing more dependent. The next chart reckons the share of the ten
# largest accounts again for every quarter that the ledger covers in full, each time over the whole period before it.
# The ten are not always the same. The band is the interval of each point: a rise that stays within the band of its
# predecessor may be nothing, one that goes on for a year is worth a question.

# %% [markdown] lang="de"
# ## Wohin bewegt es sich?
#
# Ein einzelnes Jahr kann nicht sagen, ob die Firma abhängiger wird. Das nächste Diagramm rechnet den Anteil der zehn
# größten Kunden für jedes Quartal neu, das die Daten ganz abdecken, jeweils über den vollen Zeitraum davor. Es sind
# nicht immer dieselben zehn. Das Band ist das Intervall jedes Punktes: Ein Anstieg, der im Band seines Vorgängers
# bleibt, kann nichts bedeuten; einer, der ein Jahr lang anhält, ist eine Frage wert.

# %%
if own.covers(checks.months_before(setting.end, months)):
    shown = exhibits.over_time(concentration.over_time(own, as_of=setting.end, months=months), setting=setting)
else:
    shown = exhibits.Lacking(words.text("The ledger does not cover one full period, so it shows no direction."))
shown

# %% [markdown] lang="en" tags=["shipped"]
# **What you see.** On the shipped data, the share falls for a year and a half and has risen since, and all of it stays
# well within the band. The direction is worth watching; a message such as "we are ever more dependent" is not covered.

# %% [markdown] lang="de" tags=["shipped"]
# **Was Sie sehen.** In den mitgelieferten Daten sinkt der Anteil anderthalb Jahre lang und steigt seitdem, und das
# alles bleibt weit innerhalb des Bandes. Die Richtung verdient Beobachtung; eine Botschaft wie „wir werden immer
# abhängiger“ ist nicht gedeckt.

# %% [markdown] lang="en"
# ## Who rose, who fell
#
# A stable total hides movement. The next exhibit counts how many accounts moved from which class to which since the
# period before, and what revenue they took along. Look at the row of the former A accounts: those who fell are the
# ones to call, and those who are gone should have been called earlier. New A accounts are good news that makes the
# list longer for those who care for it.

# %% [markdown] lang="de"
# ## Wer aufstieg, wer abstieg
#
# Eine stabile Summe verbirgt Bewegung. Die nächste Darstellung zählt, wie viele Kunden seit dem Zeitraum davor aus
# welcher Klasse in welche gewandert sind und welchen Umsatz sie mitnahmen. Sehen Sie auf die Zeile der früheren
# A-Kunden: Wer abgestiegen ist, gehört angerufen, und wer weg ist, hätte früher angerufen werden sollen. Neue A-Kunden
# sind eine gute Nachricht, die die Liste für alle verlängert, die sie betreuen.

# %%
before = table["revenue_before"].notna().any()
nothing = exhibits.Lacking(words.text("The ledger does not reach back to the period before."))
exhibits.migration(table, setting=setting) if before else nothing

# %% [markdown] lang="en" tags=["shipped"]
# **What you see.** On the shipped data most accounts stay where they were. As many leave class A as enter it, so the
# number of A accounts stands still, while a quarter of the names behind it has changed.

# %% [markdown] lang="de" tags=["shipped"]
# **Was Sie sehen.** In den mitgelieferten Daten bleiben die meisten Kunden, wo sie waren. So viele verlassen die
# Klasse A, wie in sie aufsteigen; die Zahl der A-Kunden steht also still, während ein Viertel der Namen dahinter
# gewechselt hat.

# %% [markdown] lang="en"
# ## The trap: revenue is not profit
#
# Concentration of revenue says what would be missing at the top of the income statement. What would be missing at the
# bottom may be a different list: a large account with a large discount and special handling can cost more than it
# brings. The whale curve (so called for its shape) adds up contribution margins from the best account to the worst. It
# rises above 100 % and comes down again, by what the loss-makers take away from what the others have earned.

# %% [markdown] lang="de"
# ## Die Falle: Umsatz ist nicht Gewinn
#
# Die Konzentration des Umsatzes sagt, was oben in der Gewinn- und Verlustrechnung fehlen würde. Was unten fehlen
# würde, kann eine andere Liste sein: Ein großer Kunde mit großem Rabatt und Sonderwünschen kann mehr kosten, als er
# bringt. Die Walkurve (nach ihrer Form) summiert die Deckungsbeiträge vom besten Kunden bis zum schlechtesten. Sie
# steigt über 100 % und kommt wieder herunter, um das, was die Verlustbringer von dem wegnehmen, was die anderen
# eingebracht haben.

# %%
costs_known = "margin" in table and table["margin"].sum() > 0
nothing = exhibits.Lacking(words.text("The ledger shows no margin, so no whale curve."))
exhibits.whale(table, setting=setting) if costs_known else nothing

# %% [markdown] lang="en" tags=["shipped"]
# **What you see.** On the shipped data one of the five largest accounts by revenue, Vördekamp Fördertechnik AG, is the
# largest loss-maker of all. Without it the firm would be smaller and earn more, provided that its costs go when it
# goes. `04_what_are_they_worth` looks into that.

# %% [markdown] lang="de" tags=["shipped"]
# **Was Sie sehen.** In den mitgelieferten Daten ist einer der fünf umsatzgrößten Kunden, die Vördekamp Fördertechnik
# AG, zugleich der größte Verlustbringer. Ohne ihn wäre die Firma kleiner und verdiente mehr, vorausgesetzt, seine
# Kosten gehen mit ihm. `04_what_are_they_worth` geht dem nach.

# %% [markdown] lang="en"
# ## What hangs on one customer
#
# A firm may look well spread as a whole, while a single customer carries one of its markets: with that customer, the
# firm would lose the reason to be in it. The next exhibit splits the revenue by sector and shows how much of each is
# the largest account's. The note says how much of the inequality lies between the sectors and how much within them.
# Try `by="region"`, `"segment"` or `"owner"`, whatever your customer master has.

# %% [markdown] lang="de"
# ## Was an einem Kunden hängt
#
# Eine Firma kann im Ganzen gut gestreut aussehen, während ein einziger Kunde einen ihrer Märkte trägt: Mit ihm verlöre
# sie den Grund, dort zu sein. Die nächste Darstellung teilt den Umsatz nach Branchen und zeigt, wie viel davon jeweils
# auf den größten Kunden entfällt. Die Anmerkung sagt, wie viel der Ungleichheit zwischen den Branchen liegt und wie
# viel in ihnen. Versuchen Sie auch `by="region"`, `"segment"` oder `"owner"`, je nachdem, was Ihr Kundenstamm hergibt.

# %%
sectors_known = "sector" in table and table["sector"].notna().any()
nothing = exhibits.Lacking(words.text("No customer has a sector."))
exhibits.share_by_group(table, by="sector", setting=setting) if sectors_known else nothing

# %% [markdown] lang="en"
# **What you see.** Sectors by revenue, with the part of the largest account in each. Where it comes to half, the
# sector is an account with company.

# %% [markdown] lang="en" tags=["shipped"]
# On the shipped data that is true of packaging, which is half Fählau; Morschrode and Ulmenrieder carry almost half of
# logistics and food machinery.

# %% [markdown] lang="de"
# **Was Sie sehen.** Die Branchen nach Umsatz, jede mit dem Anteil ihres größten Kunden. Wo er die Hälfte erreicht, ist
# die Branche ein Kunde mit Begleitung.

# %% [markdown] lang="de" tags=["shipped"]
# In den mitgelieferten Daten gilt das für „packaging“, zur Hälfte Fählau; Morschrode und Ulmenrieder tragen fast die
# Hälfte von „logistics“ und „food machinery“.

# %% [markdown] lang="en"
# ## Facts to rely on
#
# The figures above come out of one library; the next cell comes to two of them by another way. It adds up sorted
# revenue and squared shares with nothing but pandas, which takes three lines and is a good exercise for anybody who
# wants to know what the indices mean.

# %% [markdown] lang="de"
# ## Worauf Verlass ist
#
# Die Zahlen oben kommen aus einer Bibliothek; die nächste Zelle gelangt zu zweien von ihnen auf einem anderen Weg. Sie
# summiert sortierte Umsätze und quadrierte Anteile mit nichts als pandas. Das sind drei Zeilen und eine gute Übung für
# jeden, der wissen will, was die Maße bedeuten.

# %%
largest_first = revenue[revenue > 0].sort_values(ascending=False)
before = largest_first.cumsum() - largest_first
assert concentration.customers_for(revenue) == (before < 0.8 * largest_first.sum() * (1 - 1e-9)).sum()
assert abs(concentration.hhi(revenue) - ((largest_first / largest_first.sum()) ** 2).sum()) < 1e-12

# %% [markdown] lang="en" tags=["shipped"]
# In the shipped data an account was planted: three legal entities that are nobody when taken alone, and among the five
# largest when taken together.

# %% [markdown] lang="de" tags=["shipped"]
# In den mitgelieferten Daten ist ein Kunde versteckt: drei Rechtsträger, die einzeln niemand sind und zusammen zu den
# fünf größten gehören.

# %% tags=["shipped"]
assert sales or "Sandhalden Beteiligungen AG" in set(table["name"].head(5))

# %% [markdown] lang="en"
# ## What you know now
#
# - [x] how few customers bring four fifths of the revenue
# - [x] whether 80/20 is true here, and how sure that is
# - [x] how much of the answer depends on who and what is counted
# - [x] where concentration is heading, and who rose and fell on the way
# - [x] which customers take away again what the others earn
# - [x] which part of the business hangs on a single customer
#
# **What we hand on:** a verdict on 80/20 with its interval, and how few accounts bring most of the revenue.

# %% [markdown] lang="en" tags=["shipped"]
# At the shipped company 80/20 is neither proved nor refuted, with 79 % somewhere between 71 and 84; two giants bring a
# fifth of the revenue, some two dozen accounts bring sixty per cent, 59 bring four fifths, and one of the five largest
# loses money.

# %% [markdown] lang="en"
# The handful is a list of names by now, but not yet one that anybody decided on. Next, `03_who_are_our_key_accounts`
# makes it.

# %% [markdown] lang="de"
# ## Was Sie jetzt wissen
#
# - [x] wie wenige Kunden vier Fünftel des Umsatzes bringen
# - [x] ob 80/20 hier stimmt und wie sicher das ist
# - [x] wie sehr die Antwort davon abhängt, wer und was gezählt wird
# - [x] wohin sich die Konzentration bewegt, und wer unterwegs auf- und abstieg
# - [x] welche Kunden wieder wegnehmen, was die anderen einbringen
# - [x] welcher Teil des Geschäfts an einem einzigen Kunden hängt
#
# **Was wir weitergeben:** ein Urteil über 80/20 mit seinem Intervall, und wie wenige Kunden das meiste bringen.

# %% [markdown] lang="de" tags=["shipped"]
# Bei der mitgelieferten Firma ist 80/20 weder bewiesen noch widerlegt, mit 79 % irgendwo zwischen 71 und 84; zwei
# Riesen bringen ein Fünftel des Umsatzes, rund zwei Dutzend Kunden sechzig Prozent, 59 vier Fünftel, und einer der
# fünf größten bringt Verlust.

# %% [markdown] lang="de"
# Aus der Handvoll sind Namen geworden, aber noch keine Liste, für die sich jemand entschieden hat. Als Nächstes stellt
# `03_who_are_our_key_accounts` sie auf.
