# %% [markdown] lang="en"
# # What are they worth, and where do we give in?
#
# What you will know at the end:
#
# - [ ] what becomes of a euro at list price on its way to contribution margin
# - [ ] which large customers bring revenue and no margin
# - [ ] where the change in revenue came from, and which part of the business does not hold
# - [ ] how much of it was price, how much volume, how much the mix of products
# - [ ] who won a lower price, and what that costs a year
# - [ ] whether more volume followed, and whether it would have come anyway
#
# > **On your own data.** Change the next code cell and nothing else, or run `kam notebooks SALES`. Beside customer,
# > date and net revenue, this notebook lives on columns that a plain sales list doesn't have: cost, product and
# > quantity, and revenue at list price (or unit price and discount). Without cost there is no margin, without product
# > and quantity no price, volume and mix, without list price no concession. Each part says so, and the others go on.

# %% [markdown] lang="de"
# # Was sind sie wert, und wo geben wir nach?
#
# Das wissen Sie am Ende:
#
# - [ ] was aus einem Euro zum Listenpreis auf dem Weg zum Deckungsbeitrag wird
# - [ ] welche großen Kunden Umsatz bringen und keinen Deckungsbeitrag
# - [ ] woher die Veränderung des Umsatzes kam und welcher Teil des Geschäfts nicht hält
# - [ ] wie viel davon Preis war, wie viel Menge, wie viel Mix der Artikel
# - [ ] wer einen niedrigeren Preis erreichte und was das im Jahr kostet
# - [ ] ob mehr Menge folgte und ob sie ohnehin gekommen wäre
#
# > **Mit Ihren eigenen Daten.** Ändern Sie die nächste Codezelle und sonst nichts, oder rufen Sie `kam notebooks
# > UMSAETZE --language de` auf. Neben Kunde, Datum und Nettoumsatz lebt dieses Notebook von Spalten, die eine einfache
# > Umsatzliste nicht hat: Kosten, Artikel und Menge sowie Umsatz zum Listenpreis (oder Stückpreis und Rabatt). Ohne
# > Kosten gibt es keinen Deckungsbeitrag, ohne Artikel und Menge weder Preis noch Menge noch Mix, ohne Listenpreis
# > kein Zugeständnis. Jeder Teil sagt es, und die anderen laufen weiter.

# %% [markdown] lang="en"
# ## Where we stand
#
# `03_who_are_our_key_accounts` made the list. This notebook asks what the accounts are worth once their goods are paid
# for, and who was given a lower price for nothing in return. Both are uncomfortable questions, so the figures have to
# be beyond doubt; each of them adds up to the cent.

# %% [markdown] lang="en" tags=["shipped"]
# One member of the shipped company's list was odd: Vördekamp, the fifth largest by revenue and far from the list by
# score.

# %% [markdown] lang="de"
# ## Wo wir stehen
#
# `03_who_are_our_key_accounts` hat die Liste aufgestellt. Dieses Notebook fragt, was die Kunden wert sind, wenn ihre
# Ware bezahlt ist, und wer ohne Gegenleistung einen niedrigeren Preis bekam. Beides sind unbequeme Fragen; die Zahlen
# müssen deshalb über jeden Zweifel erhaben sein, und jede von ihnen geht auf den Cent auf.

# %% [markdown] lang="de" tags=["shipped"]
# Ein Mitglied auf der Liste der mitgelieferten Firma war seltsam: Vördekamp, der fünftgrößte nach Umsatz und nach
# Punkten weit von der Liste entfernt.

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
# ## The list, with what it earns
#
# Here are the key accounts by the rule of the last notebook: the largest that bring 80 % of the revenue, 25 at most.
# Beside the revenue stand two ratios. One is what the account paid of the list price, credit notes deducted; the
# other, the margin of revenue, is what is left after the variable cost of the goods. Read down the columns and look
# for the one that doesn't fit.

# %% [markdown] lang="de"
# ## Die Liste und was sie einbringt
#
# Hier stehen die Schlüsselkunden nach der Regel des letzten Notebooks: die größten, die 80 % des Umsatzes bringen,
# höchstens 25. Neben dem Umsatz stehen zwei Verhältnisse. Das eine ist, was der Kunde vom Listenpreis bezahlt hat,
# Gutschriften abgezogen; das andere, der Deckungsbeitrag vom Umsatz, ist das, was nach den variablen Kosten der Ware
# bleibt. Lesen Sie die Spalten von oben nach unten und suchen Sie die Zeile, die nicht passt.

# %%
from kamlib import bridge, checks, customers, datasets, exhibits, keyaccounts, plots, style, walkthrough

own = datasets.read(sales, customers=customers_file, contacts=contacts_file, columns=columns, layout=layout)
setting = exhibits.setting(own, as_of=as_of or own.last_day, months=months, language=language)
words = setting.words
table = customers.table(own, as_of=setting.end, months=months)
keys = keyaccounts.key_accounts(table).index
names = ["name", "revenue", "price_realisation", "margin", "margin_share"]
walkthrough.table(table.loc[keys].head(10), names, setting=setting)

# %% [markdown] lang="en" tags=["shipped"]
# **What you see.** On the shipped data most of the ten pay between 82 % and 91 % of the list price and leave a margin
# of about a third. Vördekamp Fördertechnik AG pays 69 %, and its margin is below zero.

# %% [markdown] lang="de" tags=["shipped"]
# **Was Sie sehen.** In den mitgelieferten Daten zahlen die meisten der zehn zwischen 82 % und 91 % des Listenpreises
# und lassen einen Deckungsbeitrag von etwa einem Drittel. Die Vördekamp Fördertechnik AG zahlt 69 %, und ihr
# Deckungsbeitrag liegt unter null.

# %% [markdown] lang="en"
# ## From list price to margin
#
# The waterfall follows the money of all customers. It starts with what the goods would have brought at list price;
# discounts are agreed beforehand, credit notes come afterwards, and cost is what the goods have cost us. What remains
# is the contribution margin, which has to pay for everything else, from the warehouse to the board. A point of
# discount looks small beside the revenue. Compare it with the last bar instead.

# %% [markdown] lang="de"
# ## Vom Listenpreis zum Deckungsbeitrag
#
# Das Wasserfalldiagramm folgt dem Geld aller Kunden. Es beginnt mit dem, was die Ware zum Listenpreis gebracht hätte;
# Rabatte werden vorher vereinbart, Gutschriften kommen danach, und die Kosten sind das, was uns die Ware gekostet hat.
# Was bleibt, ist der Deckungsbeitrag, der alles Übrige bezahlen muss, vom Lager bis zum Vorstand. Ein Punkt Rabatt
# sieht neben dem Umsatz klein aus. Vergleichen Sie ihn lieber mit dem letzten Balken.

# %%
values = keyaccounts.value(table)
exhibits.value(values, setting=setting)

# %% [markdown] lang="en" tags=["shipped"]
# **What you see.** On the shipped data nearly 7 million of 49 go in discounts and credit notes, half as much as
# remains in the end. One point of the list price, given to everybody, is half a million, or 3.5 % of the margin.

# %% [markdown] lang="de" tags=["shipped"]
# **Was Sie sehen.** In den mitgelieferten Daten gehen fast 7 von 49 Millionen in Rabatte und Gutschriften, halb so
# viel, wie am Ende bleibt. Ein Punkt vom Listenpreis, allen gegeben, ist eine halbe Million oder 3,5 % des
# Deckungsbeitrags.

# %% [markdown] lang="en"
# ## The trap: revenue without margin
#
# A large customer is welcome everywhere: it fills the plant and it leads the ranking. Whether it earns anything is in
# another file, which is why it can lose money for years. The next table has those who lose money first, then the best.
# Before you let one go, ask which of its costs would really disappear. And remember that cost to serve, such as
# special handling or visits, often isn't even in the ledger.

# %% [markdown] lang="de"
# ## Die Falle: Umsatz ohne Deckungsbeitrag
#
# Ein großer Kunde ist überall willkommen: Er füllt das Werk und führt die Rangliste an. Ob er etwas einbringt, steht
# in einer anderen Datei; deshalb kann er jahrelang Geld kosten. Die nächste Tabelle zeigt zuerst die, die Geld
# verlieren, dann die besten. Bevor Sie einen gehen lassen, fragen Sie, welche seiner Kosten wirklich verschwänden. Und
# denken Sie daran, dass Betreuungskosten wie Sonderwünsche oder Besuche oft gar nicht in den Daten stehen.

# %%
has_costs = "margin" in values
nothing = exhibits.Lacking(words.text("The ledger has no cost, so it shows no margin."))
exhibits.worth(values, table, setting=setting) if has_costs else nothing

# %% [markdown] lang="en" tags=["shipped"]
# **What you see.** On the shipped data Vördekamp loses 163,000 on almost 1.3 million of revenue, after a discount of
# nearly a third. It also grew by a quarter: the more it buys, the more we lose. A bonus on revenue would reward it.

# %% [markdown] lang="de" tags=["shipped"]
# **Was Sie sehen.** In den mitgelieferten Daten verliert Vördekamp 163.000 bei fast 1,3 Millionen Umsatz, nach einem
# Rabatt von fast einem Drittel. Zudem ist der Kunde um ein Viertel gewachsen: Je mehr er kauft, desto mehr verlieren
# wir. Ein Umsatzbonus würde ihn dafür belohnen.

# %% [markdown] lang="en"
# ## What changed since the period before
#
# Behind a small total stand large movements in both directions. The bridge sorts every account by what it did: it
# left, shrank, grew, came new or came back. The steps add up to the difference. Who shrank is usually the larger loss
# than who left, and gets less attention, because a customer who still orders is a customer nobody worries about.

# %% [markdown] lang="en" tags=["shipped"]
# The revenue of the shipped company fell by two per cent, says its annual report.

# %% [markdown] lang="de"
# ## Was sich seit dem Zeitraum davor geändert hat
#
# Hinter einer kleinen Summe stehen große Bewegungen in beide Richtungen. Die Brücke ordnet jeden Kunden danach, was er
# getan hat: Er ging, schrumpfte, wuchs, kam neu hinzu oder kam zurück. Die Stufen ergeben zusammen den Unterschied.
# Wer schrumpft, ist meist der größere Verlust als wer geht, und bekommt weniger Aufmerksamkeit, denn um einen Kunden,
# der noch bestellt, sorgt sich niemand.

# %% [markdown] lang="de" tags=["shipped"]
# Der Umsatz der mitgelieferten Firma ist um zwei Prozent gesunken, sagt ihr Jahresbericht.

# %%
moved = exhibits.or_lacking(bridge.revenue_bridge, table, as_of=setting.end, months=months)
exhibits.or_lacking(exhibits.revenue_bridge, moved, setting=setting)

# %% [markdown] lang="en" tags=["shipped"]
# **What you see.** On the shipped data the total is down by 2 %, but those who shrank cost 6.4 million, more than
# thirteen times what those cost who left. Growth of others hides it.

# %% [markdown] lang="de" tags=["shipped"]
# **Was Sie sehen.** In den mitgelieferten Daten liegt die Summe um 2 % niedriger, aber die Geschrumpften kosteten 6,4
# Millionen, mehr als das Dreizehnfache derer, die gingen. Das Wachstum der anderen verdeckt es.

# %% [markdown] lang="en"
# ## Where revenue doesn't hold
#
# Retention asks what the customers of the period before brought this time. Net counts growth against losses; gross
# counts losses alone, so one good customer can't embellish it. The split shows whether losses come from everywhere or
# from one corner. With a few dozen customers a group the intervals are wide: a group differs only if its interval
# stays away from the rest. Without sectors the split is by the year of the first purchase.

# %% [markdown] lang="de"
# ## Wo der Umsatz nicht hält
#
# Die Bindung fragt, was die Kunden des Zeitraums davor diesmal brachten. Netto rechnet Wachstum gegen Verluste, brutto
# zählt Verluste allein und lässt sich daher nicht durch einen guten Kunden schönen. Die Aufteilung zeigt, ob die
# Verluste von überall kommen oder aus einer Ecke. Bei ein paar Dutzend Kunden je Gruppe sind die Intervalle breit:
# Eine Gruppe unterscheidet sich nur, wenn ihr Intervall vom Rest fernbleibt. Ohne Branchen wird nach dem Jahr des
# ersten Kaufs geteilt.

# %%
by = "sector" if "sector" in table else "cohort"
lacks_before = isinstance(moved, exhibits.Lacking)
moved = walkthrough.said_above(moved, setting=setting)
kept = moved if lacks_before else exhibits.or_lacking(bridge.retention, table, by=by)
exhibits.or_lacking(exhibits.retention, kept, by=by, setting=setting)

# %% [markdown] lang="en" tags=["shipped"]
# **What you see.** On the shipped data the automotive customers brought two thirds of what they had brought before,
# and the interval stays below 100 %. That 93 % of them were kept is no comfort: whoever bought once in the year counts
# as kept, and three in four bought less; a dozen of them have fallen silent since last summer. It is their sector that
# falters. No visit will change that; the question is how much of our revenue hangs on it.

# %% [markdown] lang="de" tags=["shipped"]
# **Was Sie sehen.** In den mitgelieferten Daten brachten die Kunden aus „automotive“ zwei Drittel dessen, was sie
# zuvor gebracht hatten, und das Intervall bleibt unter 100 %. Dass 93 % von ihnen gehalten wurden, ist kein Trost: Als
# gehalten gilt, wer im Jahr einmal kaufte, und drei von vieren kauften weniger; ein Dutzend ist seit dem letzten
# Sommer verstummt. Es ist ihre Branche, die schwächelt. Das ändert kein Besuch; die Frage ist, wie viel von unserem
# Umsatz daran hängt.

# %% [markdown] lang="en"
# ## Price, volume, mix
#
# A change in revenue has three reasons. Price: the same goods at another price. Volume: more or fewer pieces. Mix: the
# same number of pieces, but cheaper or dearer ones. They are reckoned per customer over the products bought in both
# periods and add up exactly, beside products and customers that came or went. Pieces of a motor and of a seal are
# added up here, so read volume and mix together.

# %% [markdown] lang="de"
# ## Preis, Menge, Mix
#
# Eine Veränderung des Umsatzes hat drei Gründe. Preis: dieselbe Ware zu einem anderen Preis. Menge: mehr oder weniger
# Stück. Mix: gleich viele Stück, aber billigere oder teurere. Sie werden je Kunde über die Artikel gerechnet, die er
# in beiden Zeiträumen kaufte, und gehen genau auf, neben Artikeln und Kunden, die kamen oder gingen. Stücke von Motor
# und Dichtung werden hier addiert; lesen Sie Menge und Mix also zusammen.

# %%
days = (checks.months_before(setting.end, months), setting.end)
before, now = (exhibits.or_lacking(customers.by_product, own, as_of=day, months=months) for day in days)
effects = moved if lacks_before else exhibits.or_lacking(bridge.price_volume_mix, before, now)
exhibits.or_lacking(exhibits.price_volume_mix, effects, setting=setting)

# %% [markdown] lang="en" tags=["shipped"]
# **What you see.** On the shipped data price brought more than a million: list prices go up each January. Fewer pieces
# took away more than that, and products that customers ceased to buy did so again. It looks as though nobody got a
# lower price.

# %% [markdown] lang="de" tags=["shipped"]
# **Was Sie sehen.** In den mitgelieferten Daten brachte der Preis mehr als eine Million: Die Listenpreise steigen
# jeden Januar. Weniger Stück nahmen mehr als das wieder weg, und Artikel, die Kunden nicht mehr kauften, taten es noch
# einmal. Es sieht so aus, als hätte niemand einen niedrigeren Preis bekommen.

# %% [markdown] lang="en"
# ## The trap: a price rise that isn't one
#
# When all prices rise, a concession doesn't show as a lower price. It shows as a smaller rise. So compare: the next
# table has price, volume and mix of each key account in per cent of its former revenue, and those first whose prices
# rose least. Look also for volume that mix takes away again: a customer who buys more pieces, but of the cheap kind,
# has grown less than its order book.

# %% [markdown] lang="de"
# ## Die Falle: eine Preiserhöhung, die keine ist
#
# Steigen alle Preise, zeigt sich ein Zugeständnis nicht als niedrigerer Preis. Es zeigt sich als geringere Erhöhung.
# Vergleichen Sie also: Die nächste Tabelle hat Preis, Menge und Mix jedes Schlüsselkunden in Prozent seines früheren
# Umsatzes, und zuerst die, deren Preise am wenigsten stiegen. Achten Sie auch auf Menge, die der Mix wieder wegnimmt:
# Wer mehr Stück kauft, aber von der billigen Sorte, ist weniger gewachsen als sein Auftragsbuch.

# %%
shown = walkthrough.said_above(effects, setting=setting)
if not isinstance(effects, exhibits.Lacking):
    known = effects.loc[effects.index.intersection(keys)].query("revenue_before > 0")
    parts = known[["price", "volume", "mix"]].div(known["revenue_before"], axis=0).sort_values("price")
    shown = table[["name"]].join(parts, how="right").head(10)
nothing = words.text("No key account bought anything in the period before.")
walkthrough.table(shown, ["name", "price", "volume", "mix"], setting=setting, empty=nothing)

# %% [markdown] lang="en" tags=["shipped"]
# **What you see.** On the shipped data Zirlbrunner Energieanlagen GmbH stands on top with half a per cent, while half
# of the key accounts pay three per cent more. With Tierskamp Medizingeräte AG mix takes away half of what volume
# brought. These are suspicions; the next cell tests the first.

# %% [markdown] lang="de" tags=["shipped"]
# **Was Sie sehen.** In den mitgelieferten Daten steht die Zirlbrunner Energieanlagen GmbH mit einem halben Prozent
# ganz oben, während die Hälfte der Schlüsselkunden drei Prozent mehr zahlt. Bei der Tierskamp Medizingeräte AG nimmt
# der Mix die Hälfte dessen weg, was die Menge brachte. Das sind Verdachtsmomente; die nächste Zelle prüft das erste.

# %% [markdown] lang="en"
# ## Who won a lower price?
#
# For each key account, the share of the list price that it paid is followed month by month. A concession is a step
# down that neither a slow drift nor chance would make; the test allows for having looked at all accounts and at every
# month. What it cost is the step times the sales at list price of the last twelve months. Only accounts with a step
# are shown, and none is a possible result.

# %% [markdown] lang="de"
# ## Wer hat einen niedrigeren Preis erreicht?
#
# Für jeden Schlüsselkunden wird der Anteil am Listenpreis, den er gezahlt hat, Monat für Monat verfolgt. Ein
# Zugeständnis ist eine Stufe nach unten, die weder langsames Abgleiten noch Zufall ergäbe; der Test berücksichtigt,
# dass alle Kunden und jeder Monat angesehen wurden. Was es gekostet hat, ist die Stufe mal dem Umsatz zu Listenpreisen
# der letzten zwölf Monate. Gezeigt werden nur Kunden mit einer Stufe, und keiner ist ein mögliches Ergebnis.

# %%
monthly = customers.by_period(own, as_of=setting.end)
tested = exhibits.or_lacking(bridge.concessions, monthly, accounts=keys)
exhibits.or_lacking(exhibits.concessions, tested, table, setting=setting)

# %% [markdown] lang="en" tags=["shipped"]
# **What you see.** On the shipped data two of the 25 have paid three to four points less since January 2025, some
# 40,000 a year each. They look alike, but only one of them bought more for it.

# %% [markdown] lang="de" tags=["shipped"]
# **Was Sie sehen.** In den mitgelieferten Daten zahlen seit Januar 2025 zwei der 25 drei bis vier Punkte weniger;
# jeder kostet uns damit etwa 40.000 im Jahr. Sie sehen gleich aus, aber nur einer von ihnen hat dafür mehr gekauft.

# %% [markdown] lang="en"
# ## One account's price, month by month
#
# Before you bring such a figure to a meeting, look at the months behind it. The next cell draws the account whose
# concession costs most: each dot is a month, the line is the level before and after the step. A true step is sudden
# and stays. A single cheap month is a credit note or a special offer, and a slope is something else again: a discount
# scale that the customer climbs, or a mix of products that shifts.

# %% [markdown] lang="de"
# ## Der Preis eines Kunden, Monat für Monat
#
# Bevor Sie eine solche Zahl in eine Sitzung tragen, sehen Sie sich die Monate dahinter an. Die nächste Zelle zeichnet
# den Kunden, dessen Zugeständnis am meisten kostet: Jeder Punkt ist ein Monat, die Linie ist das Niveau vor und nach
# der Stufe. Eine echte Stufe ist plötzlich und bleibt. Ein einzelner billiger Monat ist eine Gutschrift oder eine
# Aktion, und ein Gefälle ist wieder etwas anderes: eine Rabattstaffel, die der Kunde hinaufsteigt, oder ein Sortiment,
# das sich verschiebt.

# %%
shown = walkthrough.said_above(tested, setting=setting)
if not isinstance(tested, exhibits.Lacking):
    account = tested.sort_values("cost_a_year", ascending=False).index[0]
    path = bridge.realisation(monthly, accounts=[account])
    with style.use():
        ax = plots.price_path(path, step=tested.loc[account], words=words)
        style.finish(ax, message=table["name"][account], measure=words.text("price paid, of list price"))
    shown = None  # the figure shows itself
shown

# %% [markdown] lang="en" tags=["shipped"]
# **What you see.** On the shipped data the price of Zirlbrunner steps down at the turn of the year and stays there.
# Somebody signed that. Put another account's number in place of the largest to see a price without a step.

# %% [markdown] lang="de" tags=["shipped"]
# **Was Sie sehen.** In den mitgelieferten Daten fällt der Preis von Zirlbrunner zum Jahreswechsel und bleibt dort.
# Jemand hat das unterschrieben. Setzen Sie die Nummer eines anderen Kunden ein, um einen Preis ohne Stufe zu sehen.

# %% [markdown] lang="en"
# ## Did volume follow, and would it have come anyway?
#
# A lower price may be a good bargain, if it buys volume. But volume moves for many reasons, so the account is compared
# with others of its size over the same months: only the gain beyond theirs can be due to the price. Beside it stands
# the break-even: the gain that leaves the margin as it was. The verdict is "more volume" where the interval (80 %)
# stays above zero, "no clear gain in volume" where it rules out a gain of a quarter, and else unclear.

# %% [markdown] lang="de"
# ## Folgte Menge, und wäre sie ohnehin gekommen?
#
# Ein niedrigerer Preis kann ein gutes Geschäft sein, wenn er Menge bringt. Aber Menge bewegt sich aus vielen Gründen;
# deshalb wird der Kunde mit anderen seiner Größe über dieselben Monate verglichen: Nur was er über sie hinaus gewann,
# kann am Preis liegen. Daneben steht die Schwelle: der Zuwachs, der den Deckungsbeitrag lässt, wie er war. Das Urteil
# lautet „mehr Menge“, wo das Intervall (80 %) über null bleibt, „kein klares Mengenplus“, wo es einen Zuwachs um ein
# Viertel ausschließt, sonst unklar.

# %%
shown = walkthrough.said_above(tested, setting=setting)
if not isinstance(tested, exhibits.Lacking):
    verdicts = [words.text(verdict.replace("_", " ")) for verdict in tested["verdict"]]
    shown = table[["name"]].join(tested.assign(verdict=verdicts).query("since.notna()"), how="right")
names = ["name", "volume_change", "peers_volume_change", "relative_volume_low", "relative_volume_high"]
names += ["break_even_volume", "verdict"]
nothing = words.text("No key account won a lower price.")
walkthrough.table(shown, names, setting=setting, empty=nothing)

# %% [markdown] lang="en" tags=["shipped"]
# **What you see.** On the shipped data Tierskamp Medizingeräte AG bought half as much again, at least 32 % beyond its
# peers, and 12 % would have been enough: the concession paid. Zirlbrunner bought 13 % more (since the step, so it can
# be more here and less in the last year), its peers 5 %, and the difference may be chance. It had to gain 17 % to
# leave the margin as it was, and nothing shows that it did.

# %% [markdown] lang="de" tags=["shipped"]
# **Was Sie sehen.** In den mitgelieferten Daten kaufte die Tierskamp Medizingeräte AG noch einmal halb so viel,
# mindestens 32 % über Vergleichbare hinaus, und 12 % hätten genügt: Das Zugeständnis hat sich gelohnt. Zirlbrunner
# kaufte 13 % mehr (seit der Stufe gerechnet; deshalb hier mehr und im letzten Jahr weniger), Vergleichbare 5 %, und
# der Unterschied kann Zufall sein. Der Kunde hätte 17 % gewinnen müssen, damit der Deckungsbeitrag bleibt, wie er war,
# und nichts zeigt, dass er es tat.

# %% [markdown] lang="en"
# ## Facts to rely on
#
# Steps that don't add up are opinions. The first check adds up the movements of the bridge, the second price, volume
# and mix of each single account; both must come to the change in revenue, to the cent. Where a column is missing that
# a step needs, there is nothing to add up, and its check is left out.

# %% [markdown] lang="de"
# ## Worauf Verlass ist
#
# Stufen, die nicht aufgehen, sind Meinungen. Die erste Prüfung addiert die Bewegungen der Brücke, die zweite Preis,
# Menge und Mix jedes einzelnen Kunden; beide müssen auf den Cent die Veränderung des Umsatzes ergeben. Wo eine Spalte
# fehlt, die eine Stufe braucht, gibt es nichts zu addieren, und die Prüfung entfällt.

# %%
lacking = isinstance(effects, exhibits.Lacking)
gaps = [] if lacking else effects[[*bridge.EFFECTS]].sum(axis=1) - (effects["revenue"] - effects["revenue_before"])
assert lacks_before or abs(moved["change"].sum() - (table["revenue"] - table["revenue_before"]).sum()) < 0.005
assert all(abs(gap) < 0.005 for gap in gaps)

# %% [markdown] lang="en" tags=["shipped"]
# On the shipped data two accounts were planted, the large customer that loses money and the concession without volume,
# and must have been found. This check speaks of the year that the shipped ledger ends with.

# %% [markdown] lang="de" tags=["shipped"]
# In den mitgelieferten Daten sind zwei Kunden versteckt, der große, der Geld verliert, und das Zugeständnis ohne
# Menge, und sie müssen gefunden sein. Diese Prüfung spricht von dem Jahr, mit dem die mitgelieferten Umsätze enden.

# %% tags=["shipped"]
elsewhere = sales or as_of or months != 12
found = [] if elsewhere else [values["margin"].idxmin(), *tested.index[tested["verdict"] == "no_more_volume"]]
planted = ["Vördekamp Fördertechnik AG", "Zirlbrunner Energieanlagen GmbH"]
assert elsewhere or table.loc[found, "name"].tolist() == planted

# %% [markdown] lang="en"
# ## What you know now
#
# - [x] what becomes of a euro at list price on its way to contribution margin
# - [x] which large customers bring revenue and no margin
# - [x] where the change in revenue came from, and which part of the business does not hold
# - [x] how much of it was price, how much volume, how much the mix of products
# - [x] who won a lower price, and what that costs a year
# - [x] whether more volume followed, and whether it would have come anyway
#
# **What we hand on:** who brings revenue and no margin, who won a lower price, and where revenue does not hold.

# %% [markdown] lang="en" tags=["shipped"]
# At the shipped company these are one large account that costs 163,000 a year (Vördekamp), one concession that bought
# nothing (Zirlbrunner) and one that paid (Tierskamp), and a sector, automotive, that brings two thirds of what it
# brought. And 6.4 million went without anybody leaving.

# %% [markdown] lang="en"
# Next, `05_who_is_about_to_leave` asks who will leave.

# %% [markdown] lang="de"
# ## Was Sie jetzt wissen
#
# - [x] was aus einem Euro zum Listenpreis auf dem Weg zum Deckungsbeitrag wird
# - [x] welche großen Kunden Umsatz bringen und keinen Deckungsbeitrag
# - [x] woher die Veränderung des Umsatzes kam und welcher Teil des Geschäfts nicht hält
# - [x] wie viel davon Preis war, wie viel Menge, wie viel Mix der Artikel
# - [x] wer einen niedrigeren Preis erreichte und was das im Jahr kostet
# - [x] ob mehr Menge folgte und ob sie ohnehin gekommen wäre
#
# **Was wir weitergeben:** wer Umsatz bringt und keinen Deckungsbeitrag, wer einen niedrigeren Preis erreichte und wo
# der Umsatz nicht hält.

# %% [markdown] lang="de" tags=["shipped"]
# In der mitgelieferten Firma sind das ein großer Kunde, der 163.000 im Jahr kostet (Vördekamp), ein Zugeständnis, das
# nichts brachte (Zirlbrunner), eines, das sich lohnte (Tierskamp), und eine Branche, „automotive“, die zwei Drittel
# von dem bringt, was sie brachte. Dazu gingen 6,4 Millionen, ohne dass jemand ging.

# %% [markdown] lang="de"
# Als Nächstes fragt `05_who_is_about_to_leave`, wer gehen wird.
