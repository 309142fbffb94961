# %% [markdown] lang="en"
# # Who is about to leave?
#
# What you will know at the end:
#
# - [ ] why ninety days without an order mean nothing by themselves
# - [ ] what we call a loss, and how long one has to wait for it
# - [ ] how good such forecasts were in the past, beside rules of thumb
# - [ ] which key accounts are likely to leave, and why
# - [ ] who only looks lost
# - [ ] who still orders, but less and less
#
# > **On your own data.** Change the next code cell and nothing else, or run `kam notebooks SALES`. Customer, date and
# > net revenue are enough; a product or product group shows baskets that shrink, a contact log and sectors give more
# > reasons. How much can be said depends on the years: two and a half are needed to test a forecast for a whole year,
# > and two to tell a decline from a season. A shorter ledger gets a shorter horizon, and what is lacking is said.

# %% [markdown] lang="de"
# # Wer geht als Nächstes?
#
# Das wissen Sie am Ende:
#
# - [ ] warum neunzig Tage ohne Bestellung für sich genommen nichts bedeuten
# - [ ] was wir einen Verlust nennen und wie lange man auf ihn warten muss
# - [ ] wie gut solche Prognosen in der Vergangenheit waren, neben Faustregeln
# - [ ] welche Schlüsselkunden wahrscheinlich gehen und warum
# - [ ] wer nur verloren aussieht
# - [ ] wer noch bestellt, aber immer weniger
#
# > **Mit Ihren eigenen Daten.** Ändern Sie die nächste Codezelle und sonst nichts, oder rufen Sie `kam notebooks
# > UMSAETZE --language de` auf. Kunde, Datum und Nettoumsatz genügen; Artikel oder Warengruppe zeigen schrumpfende
# > Warenkörbe, Kontaktprotokoll und Branchen liefern weitere Gründe. Wie viel sich sagen lässt, hängt von den Jahren
# > ab: Zweieinhalb braucht es, um eine Prognose für ein ganzes Jahr zu prüfen, zwei, um einen Rückgang von einer
# > Saison zu unterscheiden. Kürzere Daten bekommen einen kürzeren Horizont, und was fehlt, wird gesagt.

# %% [markdown] lang="en"
# ## Where we stand
#
# `04_what_are_they_worth` asked what is lost without anybody leaving. But do we know who left? Without a contract
# nobody gives notice. A customer who has gone to a competitor looks, for a while, like one on holiday, and when the
# missing revenue shows in the annual report, the new supplier is already settled. This notebook looks for the silence
# that is too long, given how the account used to order, and tests on past years whether such a judgement is worth
# anything.

# %% [markdown] lang="de"
# ## Wo wir stehen
#
# `04_what_are_they_worth` hat gefragt, was verloren geht, ohne dass jemand geht. Aber wissen wir, wer gegangen ist?
# Ohne Vertrag kündigt niemand. Ein Kunde, der zum Wettbewerber gewechselt ist, sieht eine Weile aus wie einer im
# Urlaub, und wenn der fehlende Umsatz im Jahresbericht auftaucht, ist der neue Lieferant längst eingerichtet. Dieses
# Notebook sucht die Stille, die zu lang ist, gemessen daran, wie der Kunde sonst bestellte, und prüft an vergangenen
# Jahren, ob ein solches Urteil etwas taugt.

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
# ## Who has been silent?
#
# The first idea is a list of all who haven't ordered for three months, the largest first. Many firms have such a list.
# It is quickly made, and somebody telephones his way down from the top until something more urgent comes up. Look at
# the two columns on the right before you pick up the telephone: for how many days has the account been silent, and how
# many days lie between two of its orders, usually?

# %% [markdown] lang="de"
# ## Wer schweigt?
#
# Die erste Idee ist eine Liste aller, die seit drei Monaten nicht bestellt haben, der größte zuerst. Viele Firmen
# haben so eine Liste. Sie ist schnell gemacht, und jemand telefoniert sich von oben durch, bis etwas Dringenderes
# kommt. Sehen Sie auf die beiden rechten Spalten, bevor Sie zum Hörer greifen: Seit wie vielen Tagen schweigt der
# Kunde, und wie viele Tage liegen gewöhnlich zwischen zwei seiner Bestellungen?

# %%
import datetime as dt

import pandas as pd

from kamlib import btyd, checks, churn, customers, datasets, exhibits, keyaccounts, walkthrough

own = datasets.read(sales, customers=customers_file, contacts=contacts_file, columns=columns, layout=layout)
setting = exhibits.setting(own, as_of=as_of or own.last_day, months=months, language=language)
words, table = setting.words, customers.table(own, as_of=setting.end, months=months)
keys = keyaccounts.key_accounts(table).index
nothing = words.text("Everybody has ordered within ninety days.")
names = ["name", "revenue", "usual_interval", "days_since"]
walkthrough.table(table.query("days_since > 90").head(8), names, setting=setting, empty=nothing)

# %% [markdown] lang="en" tags=["shipped"]
# **What you see.** On the shipped data 108 accounts have been silent for so long, 41 of them after a purchase within
# the year. The first, Ulmenrieder, is our fourth largest and used to order every two to three weeks. The second,
# Kwelwater, builds pumping stations and orders twice a year, so its 146 days are nothing. The third, Kernegg, a fruit
# press from Styria, has a rhythm of twelve days and a silence of 127; keep it in mind.

# %% [markdown] lang="de" tags=["shipped"]
# **Was Sie sehen.** In den mitgelieferten Daten schweigen 108 Kunden so lange, 41 davon nach einem Kauf im letzten
# Jahr. Der erste, Ulmenrieder, ist unser viertgrößter und bestellte sonst alle zwei bis drei Wochen. Der zweite,
# Kwelwater, baut Pumpwerke und bestellt zweimal im Jahr; seine 146 Tage sind nichts. Die dritte, die Obstpresserei
# Kernegg aus der Steiermark, hat einen Rhythmus von zwölf Tagen und schweigt seit 127; merken Sie sie sich.

# %% [markdown] lang="en"
# ## Ninety days mean nothing without a rhythm
#
# A purchase model weighs silence against rhythm. Each customer buys at a pace of its own, more or less regularly, and
# after some purchase it stops for good; how many do so, the model learns from all of them. The table asks it about five
# invented customers of two years. A row is a rhythm, a column is a silence, and inside is the probability that this is
# still a customer. Find the column of thirteen weeks, which is ninety days, and read it downwards.

# %% [markdown] lang="de"
# ## Neunzig Tage bedeuten nichts ohne einen Rhythmus
#
# Ein Kaufmodell wägt Stille gegen Rhythmus ab. Jeder Kunde kauft in seinem eigenen Takt, mehr oder weniger regelmäßig,
# und nach irgendeinem Kauf hört er für immer auf; wie viele das tun, lernt das Modell von allen. Die Tabelle befragt
# es zu fünf erfundenen Kunden von zwei Jahren. Eine Zeile ist ein Rhythmus, eine Spalte eine Stille, und darin steht
# die Wahrscheinlichkeit, dass dies noch ein Kunde ist. Suchen Sie die Spalte mit dreizehn Wochen, das sind neunzig
# Tage, und lesen Sie sie abwärts.

# %%
known = btyd.summary(own, as_of=setting.end)
times, gaps = [known[name] for name in ("frequency", "recency", "T")], known["log_intervals"]
model = exhibits.or_lacking(btyd.MBGCNBDk().fit, *times, log_intervals=gaps)
shown = model
if not isinstance(model, exhibits.Lacking):
    weeks = pd.Index([1, 2, 4, 13, 26], name=words.text("orders every ... weeks, silent for"))
    silent = {gap: words.text("{n} weeks", n=words.number(gap)) for gap in (2, 4, 8, 13, 26, 52)}
    alive = {title: model.p_alive(104 / weeks, [104] * 5, [104 + gap] * 5) for gap, title in silent.items()}
    shown = pd.DataFrame(alive, index=weeks)
walkthrough.table(shown, setting=setting, kinds="percent")

# %% [markdown] lang="en" tags=["shipped"]
# **What you see.** On the shipped data ninety days are the end of a customer who orders each week, leave four chances
# in ten to one who orders each month, and are nothing at all to one who orders twice a year. Ulmenrieder would be in
# the second row.

# %% [markdown] lang="de" tags=["shipped"]
# **Was Sie sehen.** In den mitgelieferten Daten sind neunzig Tage das Ende eines Kunden, der jede Woche bestellt,
# lassen einem, der jeden Monat bestellt, vier Chancen von zehn und bedeuten gar nichts bei einem, der zweimal im Jahr
# bestellt. Ulmenrieder stünde in der zweiten Zeile.

# %% [markdown] lang="en"
# ## The trap: what is a loss?
#
# A forecast needs an outcome that can be checked. Ours is: no purchase within the horizon, counted from a fixed day.
# But how long should that be? The next cell goes back to a day whose whole following year is known, and calls lost who
# bought nothing in 90, 180 and 365 days. Who came back within that year was not lost; it was slow, or out of season.
# The horizon has to be longer than the rhythm, or else the model learns to predict holidays.

# %% [markdown] lang="de"
# ## Die Falle: Was ist ein Verlust?
#
# Eine Prognose braucht ein Ergebnis, das sich prüfen lässt. Unseres ist: kein Kauf innerhalb des Horizonts, gerechnet
# von einem festen Tag. Aber wie lang soll er sein? Die nächste Zelle geht zu einem Tag zurück, dessen ganzes Folgejahr
# bekannt ist, und nennt verloren, wer in 90, 180 und 365 Tagen nichts kaufte. Wer in diesem Jahr wiederkam, war nicht
# verloren; er war langsam oder außer Saison. Der Horizont muss länger sein als der Rhythmus, sonst lernt das Modell,
# Ferien vorherzusagen.

# %%
back = churn.cutoffs(own, as_of=setting.end)[-1:]
past = {days: churn.backtest(own, cutoffs=back, horizon=days).cases for days in (90, 180, 365) if back}
lost = {days: cases.query("happened == 1")["account"] for days, cases in past.items()}
stayed = past[365].query("happened == 0")["account"] if back else None
rows = [(days, len(past[days]), len(gone), gone.isin(stayed).sum()) for days, gone in lost.items()]
nothing = words.text("The ledger is too short to look back over a year, so this table is left out.")
names = [words.text("Horizon, days"), words.text("judged"), words.text("called lost"), words.text("but came back")]
walkthrough.table(pd.DataFrame(rows, columns=names), names, setting=setting, empty=nothing)

# %% [markdown] lang="en"
# **What you see.** The shorter the horizon, the more are called lost who come back. A year has every season; hence it
# is our horizon wherever the ledger is long enough, and else the longest that can be tested.

# %% [markdown] lang="en" tags=["shipped"]
# On the shipped data every third customer that 90 days would call lost came back, and the slow ones could not be
# judged at all (272 accounts against 284).

# %% [markdown] lang="de"
# **Was Sie sehen.** Je kürzer der Horizont, desto mehr heißen verloren, die wiederkommen. Ein Jahr enthält jede
# Saison; deshalb ist es unser Horizont, wo immer die Daten lang genug sind, und sonst der längste, der sich prüfen
# lässt.

# %% [markdown] lang="de" tags=["shipped"]
# In den mitgelieferten Daten kam jeder dritte Kunde zurück, den 90 Tage verloren genannt hätten, und die langsamen
# ließen sich gar nicht beurteilen (272 Kunden gegen 284).

# %% [markdown] lang="en"
# ## Was it any good in the past?
#
# A forecast that is not tested is an opinion. So we go back to earlier days, hide everything after them, let all
# models give their probabilities, and then look. Three rules of thumb take part: as many as always, overdue twice its
# usual interval, and bought at this time last year but not now. They must always stand beside the model. If no model
# beats them, use the best rule, which costs nothing. Judge by the log loss, the lower the better: it punishes whoever
# was sure and wrong.

# %% [markdown] lang="de"
# ## War es früher etwas wert?
#
# Eine Prognose, die nicht geprüft wird, ist eine Meinung. Wir gehen also zu früheren Tagen zurück, verbergen alles
# danach, lassen alle Modelle ihre Wahrscheinlichkeiten nennen und sehen dann nach. Drei Faustregeln treten mit an: so
# viele wie immer, überfällig um das Doppelte des üblichen Abstands, und letztes Jahr um diese Zeit gekauft, jetzt aber
# nicht. Sie müssen immer neben dem Modell stehen. Schlägt sie keines, nehmen Sie die beste Regel; sie kostet nichts.
# Urteilen Sie nach dem Log-Loss, je niedriger, desto besser: Er bestraft, wer sicher war und irrte.

# %%
record = churn.longest_record(own, as_of=setting.end)
horizon = record.horizon
exhibits.or_lacking(exhibits.record, record, setting=setting)

# %% [markdown] lang="en"
# **What you see.** The first column decides; the others are for specialists.

# %% [markdown] lang="en" tags=["shipped"]
# On the shipped data all learned models are ahead of the rules of thumb, and close together: most of what can be known
# is in the silence, held against the rhythm. The overdue rule gets more than half of the way.

# %% [markdown] lang="de"
# **Was Sie sehen.** Die erste Spalte entscheidet; die übrigen sind für Fachleute.

# %% [markdown] lang="de" tags=["shipped"]
# In den mitgelieferten Daten liegen alle gelernten Modelle vor den Faustregeln und nahe beieinander: Das meiste, was
# sich wissen lässt, steckt in der Stille, gehalten gegen den Rhythmus. Die Überfälligkeitsregel schafft mehr als die
# Hälfte des Weges.

# %% [markdown] lang="en"
# ## The trap: a score is no probability
#
# "Risk 80" from a CRM system means that somebody ranks above somebody else. It doesn't mean that eight of ten such
# accounts leave, and revenue times score is no expected loss. A probability can be held to its word: of all accounts
# that were given 20 %, about one in five should have left. The chart sorts past forecasts into classes and shows what
# was given, what came true, and how much of the difference may be chance. Accounts above the line were underrated.

# %% [markdown] lang="de"
# ## Die Falle: Punkte sind keine Wahrscheinlichkeit
#
# „Risiko 80“ aus einem CRM-System heißt, dass jemand über jemand anderem steht. Es heißt nicht, dass acht von zehn
# solchen Kunden gehen, und Umsatz mal Punkte ist kein erwarteter Verlust. Eine Wahrscheinlichkeit kann man beim Wort
# nehmen: Von allen Kunden, denen 20 % gegeben wurden, sollte etwa jeder fünfte gegangen sein. Das Bild ordnet frühere
# Prognosen in Klassen und zeigt, was gegeben war, was eintraf und wie viel vom Unterschied Zufall sein kann. Kunden
# über der Linie wurden unterschätzt.

# %%
tested = len(record.calibration) > 0
untested = words.text("The ledger is too short to test any model, so nobody knows how far its probabilities hold.")
exhibits.calibration(record, setting=setting) if tested else exhibits.Lacking(untested)

# %% [markdown] lang="en" tags=["shipped"]
# **What you see.** On the shipped data most past forecasts are below 5 %, and even fewer of those accounts left than
# forecast. Higher up rather more left than had been expected, so take a third there as seriously as a half.

# %% [markdown] lang="de" tags=["shipped"]
# **Was Sie sehen.** In den mitgelieferten Daten liegen die meisten früheren Prognosen unter 5 %, und von diesen Kunden
# gingen noch weniger als vorhergesagt. Weiter oben gingen eher mehr als erwartet; nehmen Sie dort ein Drittel so ernst
# wie eine Hälfte.

# %% [markdown] lang="en"
# ## Which key accounts may leave?
#
# Now the same for today, and for the key accounts alone, those on the list of `03_who_are_our_key_accounts`. Beside the
# probability stand its interval, what is at stake a year, and the facts that raised it. Start with the reasons: an
# account manager who reads "orders every 10 days, silent for 80" knows at once whether there is an explanation, and
# won't trust a number that gives none.

# %% [markdown] lang="de"
# ## Welche Schlüsselkunden könnten gehen?
#
# Nun dasselbe für heute und nur für die Schlüsselkunden, also die Liste aus `03_who_are_our_key_accounts`. Neben der
# Wahrscheinlichkeit stehen ihr Intervall, was im Jahr auf dem Spiel steht, und die Tatsachen, die sie erhöht haben.
# Beginnen Sie mit den Gründen: Ein Betreuer, der „bestellt alle 10 Tage, seit 80 stumm“ liest, weiß sofort, ob es
# eine Erklärung gibt, und wird keiner Zahl trauen, die keine nennt.

# %%
risks = exhibits.or_lacking(churn.risk, own, as_of=setting.end, horizon=horizon, record=record)
lacks = isinstance(risks, exhibits.Lacking)
listed = risks if lacks else risks[risks.index.isin(keys)].dropna(subset="p_loss")
nobody = exhibits.Lacking(words.text("For no key account can a probability be given."))
shown = listed if lacks or len(listed) else nobody
exhibits.or_lacking(exhibits.risk_list, shown, table, horizon=horizon, setting=setting)

# %% [markdown] lang="en" tags=["shipped"]
# **What you see.** On the shipped data two of the 25 stand apart. Ulmenrieder Lebensmitteltechnik is all but lost,
# nearly four months after its last order, and the contact log has a visit in June. With Pfahlfeld Fördertechnik the
# silence is younger. Call there first.

# %% [markdown] lang="de" tags=["shipped"]
# **Was Sie sehen.** In den mitgelieferten Daten stehen zwei der 25 für sich. Ulmenrieder Lebensmitteltechnik ist so
# gut wie verloren, fast vier Monate nach der letzten Bestellung, und das Kontaktprotokoll verzeichnet einen Besuch im
# Juni. Bei Pfahlfeld Fördertechnik ist die Stille jünger. Rufen Sie dort zuerst an.

# %% [markdown] lang="en"
# ## The trap: who is merely out of season
#
# The rule "overdue twice its usual interval" is good enough to be tempting. Here are the largest accounts that it
# would report, although the model gives them better than even chances to stay; on the right, what each of them says.
# False alarms are not free. Whoever has telephoned three customers who were merely out of season will not telephone
# the fourth, who was leaving.

# %% [markdown] lang="de"
# ## Die Falle: wer nur außer Saison ist
#
# Die Regel „überfällig um das Doppelte des üblichen Abstands“ ist gut genug, um zu verführen. Hier stehen die größten
# Kunden, die sie melden würde, obwohl das Modell ihnen bessere Aussichten zu bleiben gibt als zu gehen; rechts steht,
# was beide sagen. Fehlalarme sind nicht umsonst. Wer drei Kunden angerufen hat, die nur außer Saison waren, ruft den
# vierten nicht mehr an, der wirklich geht.

# %%
shown = walkthrough.said_above(risks, setting=setting)
if not isinstance(risks, exhibits.Lacking):
    differ = risks.query("overdue and p_loss < 0.5").sort_values("revenue", ascending=False).head(6)
    shown = table[["name"]].join(differ, how="right")
names = ["name", "revenue", "usual_interval", "days_since", "naive", "p_loss"]
nothing = words.text("Nobody is overdue by the rule and likely to stay by the model.")
walkthrough.table(shown, names, setting=setting, empty=nothing)

# %% [markdown] lang="en" tags=["shipped"]
# **What you see.** On the shipped data the first two had been as silent a year ago, and then came back. One of them is
# the fruit press from Styria, which orders from September to February. Kwelwater's pumping stations with two orders a
# year, second on the list we began with, aren't even overdue.

# %% [markdown] lang="de" tags=["shipped"]
# **Was Sie sehen.** In den mitgelieferten Daten hatten die ersten beiden vor einem Jahr ebenso lange geschwiegen und
# kamen dann zurück. Eine davon ist die Obstpresserei aus der Steiermark, die von September bis Februar bestellt.
# Kwelwater mit seinen Pumpwerken und zwei Bestellungen im Jahr, Zweiter der Liste vom Anfang, ist nicht einmal
# überfällig.

# %% [markdown] lang="en"
# ## Who still orders, but less?
#
# Silence comes last. Before it, orders get rarer, the basket gets narrower, the spend falls. A probability of silence
# is no measure of that: who still orders each week, but half as much, won't be silent. The next test holds each month
# against the same month of the year before, so that a season can't deceive it, and flags an account that did not
# change in one of a hundred cases. It says that something changed; whether that is our fault or the sector's, it
# doesn't know.

# %% [markdown] lang="de"
# ## Wer bestellt noch, aber weniger?
#
# Die Stille kommt zuletzt. Vorher werden Bestellungen seltener, der Warenkorb enger, die Ausgaben kleiner. Eine
# Wahrscheinlichkeit der Stille misst das nicht: Wer noch jede Woche bestellt, aber halb so viel, wird nicht
# verstummen. Der nächste Test hält jeden Monat gegen denselben Monat des Vorjahres, damit keine Saison täuschen kann,
# und meldet einen Kunden, der sich nicht verändert hat, in einem von hundert Fällen. Er sagt, dass sich etwas geändert
# hat; ob es an uns liegt oder an der Branche, weiß er nicht.

# %%
signals = exhibits.or_lacking(churn.decline_signals, own, as_of=setting.end)
of_keys = signals if isinstance(signals, exhibits.Lacking) else signals[signals["account"].isin(keys)]
exhibits.or_lacking(exhibits.signals, of_keys, table, setting=setting)

# %% [markdown] lang="en" tags=["shipped"]
# **What you see.** On the shipped data Pfahlfeld, which may be leaving, had declined in all three measures for most of
# a year; somebody could have asked. Kwelstra Machines belongs to automotive, where everybody buys less. And Eschenlohr
# Verfahrenstechnik orders as often as ever, but fewer things.

# %% [markdown] lang="de" tags=["shipped"]
# **Was Sie sehen.** In den mitgelieferten Daten war Pfahlfeld, der vielleicht geht, den größten Teil eines Jahres in
# allen drei Maßen zurückgegangen; jemand hätte fragen können. Kwelstra Machines gehört zu „automotive“, wo alle
# weniger kaufen. Und Eschenlohr Verfahrenstechnik bestellt so oft wie immer, aber weniger Verschiedenes.

# %% [markdown] lang="en"
# ## What is missing from the basket?
#
# An account that drops one product group after the other may be trying out a competitor. Its revenue may even hold for
# a while. So take the clearest case among the key accounts that are likely to stay, and look at what it bought in each
# of the last four half-years (the headings are their last days). The groups that fall to zero hint at who the
# competitor is, and they are what to talk about: not "how is business?", but "who makes your gears now?"

# %% [markdown] lang="de"
# ## Was fehlt im Warenkorb?
#
# Ein Kunde, der eine Warengruppe nach der anderen fallen lässt, probiert vielleicht einen Wettbewerber aus. Sein
# Umsatz kann sich sogar eine Weile halten. Nehmen Sie also den klarsten Fall unter den Schlüsselkunden, die
# wahrscheinlich bleiben, und sehen Sie, was er in den letzten vier Halbjahren kaufte (überschrieben mit ihrem letzten
# Tag). Die Gruppen, die auf null fallen, deuten auf den Wettbewerber, und über sie sollte man sprechen: nicht „wie
# läuft das Geschäft?“, sondern „wer macht jetzt Ihre Getriebe?“

# %%
lacking = [one for one in (signals, risks) if isinstance(one, exhibits.Lacking)]
narrower = [] if lacking else of_keys.query("signal and measure == 'basket'")["account"]
shrinking = [account for account in narrower if risks["p_loss"][account] < 0.5]
kind = "product_group" if own.has("product_group") else "product"
halves = [checks.months_before(setting.end, ago) for ago in (18, 12, 6, 0)] if shrinking else []
sold = {words.date(day): customers.by_product(own, as_of=day, months=6) for day in halves}
bought = {day: part[part["account"] == shrinking[0]].groupby(kind)["revenue"].sum() for day, part in sold.items()}
nothing = words.text("No key account that stays has a narrower basket beyond chance.")
shown = walkthrough.said_above(lacking[0], setting=setting) if lacking else pd.DataFrame(bought).fillna(0)
walkthrough.table(shown, setting=setting, empty=nothing)

# %% [markdown] lang="en" tags=["shipped"]
# **What you see.** On the shipped data four of Eschenlohr's nine groups are gone, and belts may be the next. The risk
# list gives it far less than one per cent, and rightly so: it isn't about to stop ordering. It is leaving in parts.

# %% [markdown] lang="de" tags=["shipped"]
# **Was Sie sehen.** In den mitgelieferten Daten sind vier von Eschenlohrs neun Gruppen verschwunden, und Riemen
# könnten die nächsten sein. Die Risikoliste gibt dem Kunden weit weniger als ein Prozent, und das zu Recht: Er wird
# nicht aufhören zu bestellen. Er geht in Teilen.

# %% [markdown] lang="en"
# ## Facts to rely on
#
# A test that has seen the future is worthless. Whoever judges a forecast by what came true must be sure that nothing
# of it was known when the forecast was made, and that enough time has passed to know who came back. So the check is
# that each day looked back from lies a full horizon before the last day.

# %% [markdown] lang="de"
# ## Worauf Verlass ist
#
# Ein Test, der die Zukunft gesehen hat, ist wertlos. Wer eine Prognose an dem misst, was eintraf, muss sicher sein,
# dass davon nichts bekannt war, als sie entstand, und dass genug Zeit vergangen ist, um zu wissen, wer wiederkam.
# Geprüft wird daher, dass jeder Tag, von dem zurückgeblickt wurde, einen vollen Horizont vor dem letzten Tag liegt.

# %%
assert all(day + dt.timedelta(days=horizon) <= setting.end for day in record.cutoffs)

# %% [markdown] lang="en" tags=["shipped"]
# On the shipped data the planted silent churner must lead the list of key accounts, while the slow and the seasonal
# customer stay below one half; and the shrinking basket must have been found where the risk list sees nothing.

# %% [markdown] lang="de" tags=["shipped"]
# In den mitgelieferten Daten muss der versteckte stille Abwanderer die Liste der Schlüsselkunden anführen, während der
# langsame und der saisonale Kunde unter der Hälfte bleiben; und der schrumpfende Warenkorb muss dort gefunden sein, wo
# die Risikoliste nichts sieht.

# %% tags=["shipped"]
elsewhere = sales or as_of or months != 12
chances = {} if elsewhere else risks["p_loss"].groupby(table["name"]).first()
look_alikes = ["Kwelwater Gemalen B.V.", "Steirische Obstpresserei Kernegg GmbH"]
first = "Ulmenrieder Lebensmitteltechnik GmbH & Co. KG"
assert elsewhere or (table["name"][listed.index[0]] == first and chances[look_alikes].max() < 0.5)
names = [] if elsewhere else [table["name"][account] for account in shrinking]
assert elsewhere or (names == ["Eschenlohr Verfahrenstechnik GmbH & Co. KG"] and chances[names].max() < 0.1)

# %% [markdown] lang="en"
# ## What you know now
#
# - [x] why ninety days without an order mean nothing by themselves
# - [x] what we call a loss, and how long one has to wait for it
# - [x] how good such forecasts were in the past, beside rules of thumb
# - [x] which key accounts are likely to leave, and why
# - [x] who only looks lost
# - [x] who still orders, but less and less
#
# **What we hand on:** a probability for each account, held against past years as far as the ledger goes back.

# %% [markdown] lang="en" tags=["shipped"]
# At the shipped company Ulmenrieder is all but gone, Pfahlfeld may follow, Eschenlohr leaves in parts; the fruit press
# and Kwelwater stay.

# %% [markdown] lang="en"
# Next, `06_what_would_it_cost` turns probabilities into money.

# %% [markdown] lang="de"
# ## Was Sie jetzt wissen
#
# - [x] warum neunzig Tage ohne Bestellung für sich genommen nichts bedeuten
# - [x] was wir einen Verlust nennen und wie lange man auf ihn warten muss
# - [x] wie gut solche Prognosen in der Vergangenheit waren, neben Faustregeln
# - [x] welche Schlüsselkunden wahrscheinlich gehen und warum
# - [x] wer nur verloren aussieht
# - [x] wer noch bestellt, aber immer weniger
#
# **Was wir weitergeben:** für jeden Kunden eine Wahrscheinlichkeit, gemessen an vergangenen Jahren, soweit die Daten
# zurückreichen.

# %% [markdown] lang="de" tags=["shipped"]
# In der mitgelieferten Firma ist Ulmenrieder so gut wie weg, Pfahlfeld könnte folgen, Eschenlohr geht in Teilen;
# Obstpresserei und Kwelwater bleiben.

# %% [markdown] lang="de"
# Als Nächstes macht `06_what_would_it_cost` aus Wahrscheinlichkeiten Geld.
