# %% [markdown] lang="en"
# # Who are our key accounts?
#
# What you will know at the end:
#
# - [ ] which customer numbers are one key account
# - [ ] where the list ends, and what that choice costs
# - [ ] why each account is on the list
# - [ ] which names hang on the weights, and which stay whatever the weights
# - [ ] who entered and who left since the period before
# - [ ] with whom there is more to win, and where we are the weaker side
#
# > **On your own data.** Change the next code cell and nothing else, or run `kam notebooks SALES --customers FILE`.
# > Customer, date and net revenue make a list. The customer master pays most here: without the column `parent` a group
# > falls apart into its companies; without `potential` and `share_of_wallet` we know the accounts from our own books
# > alone. What is missing is left out or said in one sentence.

# %% [markdown] lang="de"
# # Wer sind unsere Schlüsselkunden?
#
# Das wissen Sie am Ende:
#
# - [ ] welche Kundennummern zusammen ein Schlüsselkunde sind
# - [ ] wo die Liste endet und was diese Wahl kostet
# - [ ] warum jeder Kunde auf der Liste steht
# - [ ] welche Namen an den Gewichten hängen und welche bei jeder Gewichtung bleiben
# - [ ] wer seit dem Zeitraum davor hinzukam und wer herausfiel
# - [ ] bei wem mehr zu gewinnen ist und wo wir die schwächere Seite sind
#
# > **Mit Ihren eigenen Daten.** Ändern Sie die nächste Codezelle und sonst nichts, oder rufen Sie `kam notebooks
# > UMSAETZE --customers DATEI --language de` auf. Kunde, Datum und Nettoumsatz ergeben eine Liste. Der Kundenstamm
# > zahlt sich hier am meisten aus: Ohne die Spalte `Konzern` zerfällt ein Konzern in seine Gesellschaften; ohne
# > `Potenzial` und `Lieferanteil` kennen wir die Kunden nur aus den eigenen Büchern. Was fehlt, wird weggelassen oder
# > in einem Satz gesagt.

# %% [markdown] lang="en"
# ## Where we stand
#
# `02_how_concentrated` asked how few customers bring how much. This notebook puts names to them, for management wants
# a list. Such a list decides who gets visits, special terms and the board's telephone number. So each name needs a
# reason that stands up in a meeting, also before the colleague whose customer is not on it.

# %% [markdown] lang="en" tags=["shipped"]
# At the shipped company sixty per cent of the revenue comes from some two dozen accounts.

# %% [markdown] lang="de"
# ## Wo wir stehen
#
# `02_how_concentrated` hat gefragt, wie wenige Kunden wie viel bringen. Dieses Notebook gibt ihnen Namen, denn die
# Leitung will eine Liste. Eine solche Liste entscheidet, wer Besuche, Sonderkonditionen und die Telefonnummer des
# Vorstands bekommt. Jeder Name braucht also einen Grund, der einer Sitzung standhält, auch vor der Kollegin, deren
# Kunde nicht darauf steht.

# %% [markdown] lang="de" tags=["shipped"]
# In der mitgelieferten Firma kommen sechzig Prozent des Umsatzes von rund zwei Dutzend Kunden.

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
# Everything starts from the same table as before: one row an account, net of credit notes, largest first. A list made
# by hand usually is the top of this table, as somebody remembers it from last year. That is a fair beginning. Before
# we cut it anywhere, note what it does not show: what an account earns, whether it grows, and what it buys from
# others.

# %% [markdown] lang="de"
# ## Eine Zeile je Kunde
#
# Alles beginnt mit derselben Tabelle wie zuvor: eine Zeile je Kunde, abzüglich Gutschriften, der größte zuerst. Eine
# von Hand gemachte Liste ist meist der Anfang dieser Tabelle, so wie ihn jemand vom letzten Jahr in Erinnerung hat.
# Das ist ein brauchbarer Anfang. Bevor wir sie irgendwo abschneiden, halten Sie fest, was sie nicht zeigt: was ein
# Kunde einbringt, ob er wächst und was er bei anderen kauft.

# %%
import pandas as pd

from kamlib import checks, customers, datasets, exhibits, keyaccounts, walkthrough

own = datasets.read(sales, customers=customers_file, contacts=contacts_file, columns=columns, layout=layout)
setting = exhibits.setting(own, as_of=as_of or own.last_day, months=months, language=language)
words = setting.words
table = customers.table(own, as_of=setting.end, months=months)
walkthrough.table(table.head(10), ["name", "customers", "revenue", "growth"], setting=setting)

# %% [markdown] lang="en"
# **What you see.** The ten largest, with the customer numbers behind each.

# %% [markdown] lang="en" tags=["shipped"]
# On the shipped data the third has three of them, and the fourth has lost almost a third of its revenue.

# %% [markdown] lang="de"
# **Was Sie sehen.** Die zehn größten, mit der Zahl der Kundennummern dahinter.

# %% [markdown] lang="de" tags=["shipped"]
# In den mitgelieferten Daten hat der dritte drei davon, und der vierte hat fast ein Drittel seines Umsatzes verloren.

# %% [markdown] lang="en"
# ## The trap: three names, one customer
#
# A group buys through its companies and negotiates as a whole: when the head office changes the supplier, all of them
# do. Each company by itself may be too small for the list. The next cell ranks customer numbers one by one and sets
# that rank beside the one they have together. If your customer master has no column `parent`, ask your sales people;
# nobody else knows, and the names won't tell.

# %% [markdown] lang="de"
# ## Die Falle: drei Namen, ein Kunde
#
# Ein Konzern kauft über seine Gesellschaften und verhandelt als Ganzes: Wechselt die Zentrale den Lieferanten,
# wechseln alle. Jede Gesellschaft für sich kann zu klein für die Liste sein. Die nächste Zelle reiht die Kundennummern
# einzeln und stellt diesen Rang neben den gemeinsamen. Hat Ihr Kundenstamm keine Spalte `Konzern`, fragen Sie Ihren
# Vertrieb; sonst weiß es niemand, und die Namen verraten es nicht.

# %%
single = customers.table(own, as_of=setting.end, months=months, by="customer").rename(columns={"rank": "rank_alone"})
single["account"] = own.customers.set_index("customer")["account"].reindex(single.index)
companies = single[single["account"].isin(table.index[table["customers"] > 1])]
companies = companies.assign(rank_together=companies["account"].map(table["rank"]))
companies = companies.sort_values(["rank_together", "rank_alone"])
names = ["name", "revenue", "rank_alone", "account", "rank_together"]
nothing = words.text("No account has more than one customer number.")
walkthrough.table(companies.head(9), names, setting=setting, empty=nothing)

# %% [markdown] lang="en" tags=["shipped"]
# **What you see.** On the shipped data the three companies of Sandhalden Beteiligungen AG rank between 15 and 19 when
# taken alone; together they are the third largest account. Three account managers with a middling customer each would
# have been the wrong answer.

# %% [markdown] lang="de" tags=["shipped"]
# **Was Sie sehen.** In den mitgelieferten Daten liegen die drei Gesellschaften der Sandhalden Beteiligungen AG einzeln
# zwischen Rang 15 und 19; zusammen sind sie der drittgrößte Kunde. Drei Betreuer mit je einem mittleren Kunden wären
# die falsche Antwort gewesen.

# %% [markdown] lang="en"
# ## Where does the list end?
#
# Two rules are in use, and they are different things. A share of revenue follows the customers: it makes a long list
# where revenue is spread. A number follows ourselves: as many accounts as a few people can really look after. Whoever
# calls sixty accounts key accounts has none, as nobody gets special care if everybody does. The library takes the
# largest that bring 80 %, but 25 at most; both are arguments.

# %% [markdown] lang="de"
# ## Wo endet die Liste?
#
# Zwei Regeln sind üblich, und sie sind nicht dasselbe. Ein Anteil am Umsatz richtet sich nach den Kunden: Wo der
# Umsatz gestreut ist, wird die Liste lang. Eine Anzahl richtet sich nach uns selbst: so viele Kunden, wie sich ein
# paar Menschen wirklich kümmern können. Wer sechzig Kunden Schlüsselkunden nennt, hat keine, denn niemand wird
# besonders betreut, wenn es alle werden. Die Bibliothek nimmt die größten, die 80 % bringen, höchstens aber 25; beides
# sind Argumente.

# %%
cuts = {
    words.text("80% of revenue"): keyaccounts.key_accounts(table, size=None),
    words.text("the 25 largest"): keyaccounts.key_accounts(table, share=None, size=25),
    words.text("the 10 largest"): keyaccounts.key_accounts(table, share=None, size=10),
}
rows = [(rule, len(found), found["share"].sum(), found["revenue"].min()) for rule, found in cuts.items()]
smallest = words.text("the smallest of them")
names = [words.text("The list holds"), "accounts", "share", smallest]
walkthrough.table(pd.DataFrame(rows, columns=names), names, setting=setting)

# %% [markdown] lang="en" tags=["shipped"]
# **What you see.** On the shipped data 80 % takes 59 accounts, and the 25 largest still bring more than three fifths.
# The next thirty-four would add 18 points.

# %% [markdown] lang="de" tags=["shipped"]
# **Was Sie sehen.** In den mitgelieferten Daten braucht es für 80 % 59 Kunden, und schon die 25 größten bringen mehr
# als drei Fünftel. Die nächsten vierunddreißig brächten 18 Punkte mehr.

# %% [markdown] lang="en"
# ## Reasons, not size alone
#
# Revenue looks back. A criteria score adds what else makes an account a key account: what it earns, whether it grows,
# what it could buy. Each criterion brings the accounts into an order, and the score is their weighted mean place: 1
# would be the best in everything. The weights are an opinion and belong on the table, not in somebody's head. Change
# them in this cell and run on; a negative weight says that less is better.

# %% [markdown] lang="de"
# ## Gründe, nicht nur Größe
#
# Umsatz blickt zurück. Eine Bewertung nach Kriterien ergänzt, was einen Schlüsselkunden sonst noch ausmacht: was er
# einbringt, ob er wächst, was er kaufen könnte. Jedes Kriterium bringt die Kunden in eine Reihenfolge, und die
# Punktzahl ist ihr gewichteter mittlerer Platz: 1 wäre der Beste in allem. Die Gewichte sind eine Meinung und gehören
# auf den Tisch, nicht in jemandes Kopf. Ändern Sie sie in dieser Zelle und lassen Sie weiterrechnen; ein negatives
# Gewicht heißt: weniger ist besser.

# %%
weights = {"revenue": 3, "margin": 2, "growth": 1, "potential": 1}
known = table.columns[table.notna().any()]
criteria = {column: weight for column, weight in weights.items() if column in known}
listed = keyaccounts.key_accounts(table, criteria=criteria)
exhibits.key_accounts(listed, setting=setting)

# %% [markdown] lang="en"
# **What you see.** The cut by revenue, and beside it what the score says of each account.

# %% [markdown] lang="en" tags=["shipped"]
# On the shipped data nine of the 25 depend on the weights. The fifth largest, Vördekamp Fördertechnik AG, is far from
# any list by this score: it brings revenue and no margin.

# %% [markdown] lang="de"
# **Was Sie sehen.** Den Schnitt nach Umsatz und daneben, was die Punkte von jedem Kunden sagen.

# %% [markdown] lang="de" tags=["shipped"]
# In den mitgelieferten Daten hängen neun der 25 von den Gewichten ab. Der fünftgrößte, die Vördekamp Fördertechnik AG,
# ist nach Punkten weit von jeder Liste entfernt: Er bringt Umsatz und keinen Deckungsbeitrag.

# %% [markdown] lang="en"
# ## The trap: a list that changes with the weights
#
# Whoever sets the weights sets the list. The next cell makes it three times by score alone: with the weights from
# above, with revenue alone, and with growth in front. It shows the accounts that are on some of these lists and not on
# others. None of the three is wrong. But when a favourite is missing, weights get shifted until it appears, and nobody
# can tell afterwards which came first, the reason or the name.

# %% [markdown] lang="de"
# ## Die Falle: eine Liste, die sich mit den Gewichten ändert
#
# Wer die Gewichte setzt, setzt die Liste. Die nächste Zelle stellt sie dreimal allein nach Punkten auf: mit den
# Gewichten von oben, nur nach Umsatz und mit dem Wachstum an der Spitze. Sie zeigt die Kunden, die auf manchen dieser
# Listen stehen und auf anderen nicht. Keine der drei ist falsch. Fehlt aber ein Liebling, werden Gewichte verschoben,
# bis er erscheint, und hinterher weiß niemand, was zuerst da war, der Grund oder der Name.

# %%
candidates = table[table["revenue"] > 0]
size = min(keyaccounts.SIZE, len(candidates))
growing = criteria | {"growth": 4}
names = [words.text("as above"), words.text("revenue alone"), words.text("growth first")]
scores = [keyaccounts.score(candidates, criteria=given) for given in (criteria, {"revenue": 1}, growing)]
best = {name: candidates.index.isin(score.index[:size]) for name, score in zip(names, scores, strict=True)}
on = pd.DataFrame(best, index=candidates["name"])
torn = on[on.any(axis=1) & ~on.all(axis=1)].replace({True: words.text("on the list"), False: ""})
nothing = words.text("All three lists hold the same accounts.")
walkthrough.table(torn, setting=setting, empty=nothing)

# %% [markdown] lang="en"
# **What you see.** Who comes and goes with the weights, the largest first. Where growth isn't known, because an
# account is new, the criterion is left out, and the others decide.

# %% [markdown] lang="en" tags=["shipped"]
# On the shipped data Sandhalden and Ulmenrieder, third and fourth by revenue, leave the list when growth comes first:
# both shrank. Accounts with a quarter of their revenue and less take the places, because they grew or are new.

# %% [markdown] lang="de"
# **Was Sie sehen.** Wer mit den Gewichten kommt und geht, der größte zuerst. Wo das Wachstum nicht bekannt ist, weil
# ein Kunde neu ist, wird das Kriterium weggelassen, und die anderen entscheiden.

# %% [markdown] lang="de" tags=["shipped"]
# In den mitgelieferten Daten verlassen Sandhalden und Ulmenrieder, Dritter und Vierter nach Umsatz, die Liste, wenn
# Wachstum vorangeht: Beide sind geschrumpft. Ihre Plätze nehmen Kunden mit einem Viertel des Umsatzes und weniger ein,
# weil sie gewachsen sind oder neu.

# %% [markdown] lang="en"
# ## How far does the list depend on the weights?
#
# Instead of arguing about one set of weights, draw ten thousand around the given ones and count: in what share of the
# draws is an account among the best? Near 100 % it is a key account whatever the weights, near 0 % it is none. In
# between is where judgement is needed, and where it may be honestly used. This is known as stochastic multicriteria
# acceptability analysis. The next cell shows those in between.

# %% [markdown] lang="de"
# ## Wie sehr hängt die Liste an den Gewichten?
#
# Statt über einen Satz Gewichte zu streiten, ziehen Sie zehntausend um die gegebenen herum und zählen: In welchem
# Anteil der Ziehungen gehört ein Kunde zu den besten? Nahe 100 % ist er bei jeder Gewichtung ein Schlüsselkunde, nahe
# 0 % bei keiner. Dazwischen ist Urteil gefragt, und dort darf es ehrlich gebraucht werden. Das Verfahren ist als
# stochastische multikriterielle Akzeptanzanalyse bekannt. Die nächste Zelle zeigt die Kunden dazwischen.

# %%
stable = keyaccounts.stability(candidates, criteria=criteria, size=size)
between = stable["acceptability"].between(0.05, 0.95)
open_to_debate = candidates[["name", "revenue"]].join(stable[between].drop(columns="score"), how="right")
names = ["name", "revenue", "acceptability", "rank", "rank_low", "rank_high"]
nothing = words.text("No account hangs on the weights.")
walkthrough.table(open_to_debate, names, setting=setting, empty=nothing)

# %% [markdown] lang="en"
# **What you see.** The share of the draws in which an account is on the list, its rank by the given weights, and the
# range of its ranks in nine draws of ten.

# %% [markdown] lang="en" tags=["shipped"]
# On the shipped data nineteen accounts are open to discussion, and no one has to discuss the others.

# %% [markdown] lang="de"
# **Was Sie sehen.** Den Anteil der Ziehungen, in denen ein Kunde auf der Liste steht, seinen Rang nach den gegebenen
# Gewichten und die Spanne seiner Ränge in neun von zehn Ziehungen.

# %% [markdown] lang="de" tags=["shipped"]
# In den mitgelieferten Daten stehen neunzehn Kunden zur Diskussion, und über die anderen muss niemand reden.

# %% [markdown] lang="en"
# ## Who entered, who left
#
# The same rule applied to the period before gives last year's list. It is a better comparison than the list that was
# then decided, because only the customers have changed and not the rule. Every account that left deserves an answer to
# one question: did we notice at the time? A list that never changes is as suspicious as one that changes by half; the
# first is a habit, the second a lottery.

# %% [markdown] lang="de"
# ## Wer hinzukam, wer herausfiel
#
# Dieselbe Regel, auf den Zeitraum davor angewandt, ergibt die Liste des Vorjahres. Das ist ein besserer Vergleich als
# die Liste, die damals beschlossen wurde, denn geändert haben sich nur die Kunden und nicht die Regel. Jeder Kunde,
# der herausfiel, verdient eine Antwort auf eine Frage: Haben wir es damals gemerkt? Eine Liste, die sich nie ändert,
# ist so verdächtig wie eine, die sich zur Hälfte ändert; die erste ist Gewohnheit, die zweite Lotterie.

# %%
if table["revenue_before"].notna().any():
    before = customers.table(own, as_of=checks.months_before(setting.end, months), months=months)
    shown = exhibits.list_changes(keyaccounts.changes(before, table), setting=setting)
else:
    shown = exhibits.Lacking(words.text("The ledger does not reach back to the period before."))
shown

# %% [markdown] lang="en" tags=["shipped"]
# **What you see.** On the shipped data two entered and two left. One of those who left shrank by more than four
# fifths: it makes parts for cars, and `04_what_are_they_worth` will come back to its sector.

# %% [markdown] lang="de" tags=["shipped"]
# **Was Sie sehen.** In den mitgelieferten Daten kamen zwei hinzu, und zwei fielen heraus. Einer der beiden schrumpfte
# um mehr als vier Fünftel: Er fertigt Teile für Autos, und `04_what_are_they_worth` kommt auf seine Branche zurück.

# %% [markdown] lang="en"
# ## Where is more to win?
#
# Key accounts are not all alike. The portfolio matrix sets how attractive an account is against how strong our own
# position is: our share of what it buys, where that is known, and else the breadth of products, tenure, regularity and
# price. Top right, "strategic", is to be developed together. Top left, "star", is to be won over: attractive, but
# buying mostly from others. The axes are places among all accounts, so half of them are always low.

# %% [markdown] lang="de"
# ## Wo ist mehr zu gewinnen?
#
# Schlüsselkunden sind nicht alle gleich. Die Portfoliomatrix hält, wie attraktiv ein Kunde ist, gegen die Stärke
# unserer eigenen Stellung: unseren Anteil an dem, was er kauft, wo er bekannt ist, sonst Breite des Sortiments, Dauer,
# Regelmäßigkeit und Preis. Rechts oben, „strategisch“, wird gemeinsam ausgebaut. Links oben, „Star“, ist zu gewinnen:
# attraktiv, kauft aber meist bei anderen. Die Achsen sind Plätze unter allen Kunden, deshalb liegt immer die Hälfte
# niedrig.

# %%
exhibits.portfolio(keyaccounts.portfolio(table), setting=setting, accounts=listed.index)

# %% [markdown] lang="en"
# **What you see.** The key accounts, with bubbles as large as their revenue. Where our share of what an account buys,
# the share of wallet, is not known, ask for it before you believe its place.

# %% [markdown] lang="en" tags=["shipped"]
# On the shipped data about half of them stand on the left: attractive, but we are one supplier among several. The
# share of wallet is known for twelve of the 25 only.

# %% [markdown] lang="de"
# **Was Sie sehen.** Die Schlüsselkunden, die Blase so groß wie ihr Umsatz. Wo unser Lieferanteil nicht bekannt ist,
# fragen Sie nach, bevor Sie dem Platz glauben.

# %% [markdown] lang="de" tags=["shipped"]
# In den mitgelieferten Daten steht etwa die Hälfte links: attraktiv, aber wir sind ein Lieferant unter mehreren. Der
# Lieferanteil ist nur für zwölf der 25 bekannt.

# %% [markdown] lang="en"
# ## Where are we the weaker side?
#
# Dependence has two sides. A customer with a tenth of our margin can ask for a lot, unless it would find it as hard to
# do without us: because we supply most of what it buys, over many product groups, or parts that are made for nobody
# else. Before the next price talk, look up on which side of the line the customer stands. The table under the chart
# says what holds each of them.

# %% [markdown] lang="de"
# ## Wo sind wir die schwächere Seite?
#
# Abhängigkeit hat zwei Seiten. Ein Kunde mit einem Zehntel unseres Deckungsbeitrags kann viel verlangen, es sei denn,
# er käme ebenso schwer ohne uns aus: weil wir das meiste liefern, was er kauft, über viele Warengruppen hinweg, oder
# Teile, die für niemanden sonst gemacht werden. Sehen Sie vor dem nächsten Preisgespräch nach, auf welcher Seite der
# Linie der Kunde steht. Die Tabelle unter dem Bild sagt, was jeden von ihnen hält.

# %%
bought = exhibits.or_lacking(customers.by_product, own, as_of=setting.end, months=months)
balance = exhibits.or_lacking(keyaccounts.dependence, table, bought)
exhibits.or_lacking(exhibits.dependence, balance, setting=setting)

# %% [markdown] lang="en"
# **What you see.** Whom we need more than they need us, and whom not. The way out is not a lower price, but whatever
# makes us hard to replace: more product groups, and parts of their own.

# %% [markdown] lang="en" tags=["shipped"]
# On the shipped data we need three accounts more than they need us: the two giants, Fählau and Morschrode, and by a
# little Ulmenrieder.

# %% [markdown] lang="de"
# **Was Sie sehen.** Wen wir mehr brauchen als er uns, und wen nicht. Der Ausweg ist kein niedrigerer Preis, sondern
# was uns schwer ersetzbar macht: mehr Warengruppen und eigens gefertigte Teile.

# %% [markdown] lang="de" tags=["shipped"]
# In den mitgelieferten Daten brauchen wir drei Kunden mehr als sie uns: die beiden Riesen, Fählau und Morschrode, und
# knapp auch Ulmenrieder.

# %% [markdown] lang="en"
# ## Facts to rely on
#
# Two checks of the method. A score of one criterion must bring the accounts into that criterion's order. And however
# the weights are drawn, every draw fills the list exactly once, so the shares of the draws in which each account is on
# the list must sum, over all accounts, to the length of the list.

# %% [markdown] lang="de"
# ## Worauf Verlass ist
#
# Zwei Prüfungen des Verfahrens. Eine Bewertung mit nur einem Kriterium muss die Kunden in dessen Reihenfolge bringen.
# Und wie auch immer die Gewichte gezogen werden, jede Ziehung füllt die Liste genau einmal; die Anteile der Ziehungen,
# in denen ein Kunde auf der Liste steht, müssen daher über alle Kunden ihre Länge ergeben.

# %%
by_revenue = keyaccounts.score(candidates, criteria={"revenue": 1}).index
assert candidates.loc[by_revenue, "revenue"].is_monotonic_decreasing
assert abs(stable["acceptability"].sum() - size) < 1e-9

# %% [markdown] lang="en" tags=["shipped"]
# On the shipped data the planted group has to be found: on the list as one account, while none of its companies is
# among the ten largest customers.

# %% [markdown] lang="de" tags=["shipped"]
# In den mitgelieferten Daten muss der versteckte Konzern gefunden sein: als ein Kunde auf der Liste, während keine
# seiner Gesellschaften zu den zehn größten Kunden gehört.

# %% tags=["shipped"]
group = companies.loc[companies["account"] == "Sandhalden Beteiligungen AG", "rank_alone"]
assert sales or ("Sandhalden Beteiligungen AG" in listed.index and len(group) == 3 and group.min() > 10)

# %% [markdown] lang="en"
# ## What you know now
#
# - [x] which customer numbers are one key account
# - [x] where the list ends, and what that choice costs
# - [x] why each account is on the list
# - [x] which names hang on the weights, and which stay whatever the weights
# - [x] who entered and who left since the period before
# - [x] with whom there is more to win, and where we are the weaker side
#
# **What we hand on:** a list of key accounts with a reason in each row.

# %% [markdown] lang="en" tags=["shipped"]
# That of the shipped company has 25 names and one member that doesn't fit: Vördekamp Fördertechnik AG, fifth by
# revenue and far from the list by score.

# %% [markdown] lang="en"
# Next, `04_what_are_they_worth` asks what these accounts earn, and where we gave in on price.

# %% [markdown] lang="de"
# ## Was Sie jetzt wissen
#
# - [x] welche Kundennummern zusammen ein Schlüsselkunde sind
# - [x] wo die Liste endet und was diese Wahl kostet
# - [x] warum jeder Kunde auf der Liste steht
# - [x] welche Namen an den Gewichten hängen und welche bei jeder Gewichtung bleiben
# - [x] wer seit dem Zeitraum davor hinzukam und wer herausfiel
# - [x] bei wem mehr zu gewinnen ist und wo wir die schwächere Seite sind
#
# **Was wir weitergeben:** eine Liste der Schlüsselkunden mit einem Grund in jeder Zeile.

# %% [markdown] lang="de" tags=["shipped"]
# Die der mitgelieferten Firma hat 25 Namen und ein Mitglied, das nicht passt: die Vördekamp Fördertechnik AG, Fünfter
# nach Umsatz und nach Punkten weit von der Liste entfernt.

# %% [markdown] lang="de"
# Als Nächstes fragt `04_what_are_they_worth`, was diese Kunden einbringen und wo wir im Preis nachgegeben haben.
