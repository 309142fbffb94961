# %% [markdown] lang="en"
# # What would it cost?
#
# What you will know at the end:
#
# - [ ] what is at stake with each account, and how much of it would come back within the year
# - [ ] which loss to expect in a year, and what a bad year costs
# - [ ] who makes up the worst years
# - [ ] by how much it gets worse because customers falter together
# - [ ] which event would hurt most, and how many accounts can go before the year ends at a loss
# - [ ] what keeping an account may cost at most
# - [ ] how far these figures can be trusted, and what to tell the board in three sentences
#
# > **On your own data.** Change the next code cell, also `fixed_costs`, the fixed costs of a year; or run `kam
# > notebooks SALES`. Customer, date and net revenue are enough to begin with. Without cost, what is at stake is
# > revenue; without cost and fixed costs nobody knows how many accounts can go; without sectors all accounts share one
# > common cause, the economy. The notebook then says so, and goes on.

# %% [markdown] lang="de"
# # Was würde es kosten?
#
# Das wissen Sie am Ende:
#
# - [ ] was bei jedem Kunden auf dem Spiel steht und wie viel davon im selben Jahr zurückkäme
# - [ ] welcher Verlust in einem Jahr zu erwarten ist und was ein schlechtes Jahr kostet
# - [ ] wer die schlimmsten Jahre ausmacht
# - [ ] um wie viel es schlimmer wird, weil Kunden gemeinsam schwächeln
# - [ ] welches Ereignis am meisten schmerzte und wie viele Kunden gehen können, bevor das Jahr mit Verlust endet
# - [ ] was es höchstens kosten darf, einen Kunden zu halten
# - [ ] wie weit diesen Zahlen zu trauen ist und was der Vorstand in drei Sätzen wissen muss
#
# > **Mit Ihren eigenen Daten.** Ändern Sie die nächste Codezelle, auch `fixed_costs`, die Fixkosten eines Jahres; oder
# > rufen Sie `kam notebooks UMSAETZE --language de` auf. Für den Anfang genügen Kunde, Datum und Nettoumsatz. Ohne
# > Kosten steht Umsatz auf dem Spiel; ohne Kosten und Fixkosten weiß niemand, wie viele Kunden gehen können; ohne
# > Branchen haben alle Kunden nur eine gemeinsame Ursache, die Konjunktur. Das Notebook sagt es dann und läuft weiter.

# %% [markdown] lang="en"
# ## Where we stand
#
# `05_who_is_about_to_leave` gave each account a probability. A managing director can't do anything with a probability;
# money is another matter. Banks have reckoned for thirty years what a portfolio with a few large names may lose, and a
# list of customers is such a portfolio. The method is theirs: no simulation, but the exact distribution of the loss,
# which says how likely each amount is. What it needs beyond the ledger are assumptions, and each of them is shown.

# %% [markdown] lang="de"
# ## Wo wir stehen
#
# `05_who_is_about_to_leave` hat jedem Kunden eine Wahrscheinlichkeit gegeben. Ein Vorstand kann mit einer
# Wahrscheinlichkeit nichts anfangen; Geld ist etwas anderes. Banken rechnen seit dreißig Jahren, was ein Portfolio mit
# wenigen großen Namen verlieren kann, und eine Kundenliste ist so ein Portfolio. Das Verfahren ist ihres: keine
# Simulation, sondern die genaue Verteilung des Verlusts, also wie wahrscheinlich jeder Betrag ist. Was es außer den
# Umsätzen braucht, sind Annahmen, und jede von ihnen wird gezeigt.

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

# %% [markdown] lang="en"
# ## Who can be lost, and how likely
#
# The first step takes the year's accounts and the probabilities of the last notebook, for a year. Where the ledger
# lets only a shorter horizon be tested, the purchase model carries them on to twelve months; that is an assumption.
# Accounts that bring nothing can't be lost, and accounts without a probability are left out. Compare the two columns
# on the right: the account that would hurt most and the account that will most likely go are seldom the same one, and
# a list by either column alone hides the other.

# %% [markdown] lang="de"
# ## Wen wir verlieren können und wie wahrscheinlich
#
# Der erste Schritt nimmt die Kunden des Jahres und die Wahrscheinlichkeiten des letzten Notebooks, für ein Jahr. Wo
# sich nur ein kürzerer Horizont prüfen lässt, schreibt das Kaufmodell sie auf zwölf Monate fort; das ist eine Annahme.
# Kunden, die nichts einbringen, kann man nicht verlieren, und Kunden ohne Wahrscheinlichkeit bleiben weg. Vergleichen
# Sie die beiden rechten Spalten: Der Kunde, der am meisten schmerzte, und der, der am wahrscheinlichsten geht, sind
# selten derselbe, und eine Liste nach nur einer der Spalten verbirgt die andere.

# %%
from functools import partial

from kamlib import churn, customers, dashboard, datasets, exhibits, exposure, keyaccounts, walkthrough

own = datasets.read(sales, customers=customers_file, contacts=contacts_file, columns=columns, layout=layout)
setting = exhibits.setting(own, as_of=as_of or own.last_day, months=months, language=language)
words, table = setting.words, customers.table(own, as_of=setting.end)  # a stake is one of twelve months
earned = "margin" if "margin" in table else "revenue"
risks = exhibits.or_lacking(churn.risk_in_a_year, own, as_of=setting.end)
lacking = isinstance(risks, exhibits.Lacking)
judged = risks if lacking else table[table[earned] > 0].join(risks["p_loss"]).dropna(subset="p_loss")
walkthrough.table(risks if lacking else judged.nlargest(8, earned), ["name", earned, "p_loss"], setting=setting)

# %% [markdown] lang="en" tags=["shipped"]
# **What you see.** On the shipped data the two largest bring 1.5 and 1.2 million of margin a year, and leave once in a
# thousand years, by the model. The fourth, half a million, is as good as gone: Ulmenrieder.

# %% [markdown] lang="de" tags=["shipped"]
# **Was Sie sehen.** In den mitgelieferten Daten bringen die beiden größten 1,5 und 1,2 Millionen Deckungsbeitrag im
# Jahr und gehen, sagt das Modell, einmal in tausend Jahren. Der vierte, eine halbe Million, ist so gut wie weg:
# Ulmenrieder.

# %% [markdown] lang="en"
# ## What is at stake
#
# Losing an account on the first day of the year doesn't cost a year's margin for ever: sooner or later other business
# takes its place. Vendors speak of 12 to 18 months for a large account; 15 are assumed here, the last six of them on a
# ramp. So most of a year's margin is gone, and a little returns. These are assumptions, not figures of yours. The
# table lists them by name, and each is an argument of `exposure.stakes`.

# %% [markdown] lang="de"
# ## Was auf dem Spiel steht
#
# Einen Kunden am ersten Tag des Jahres zu verlieren, kostet nicht für immer einen Jahresbeitrag: Früher oder später
# tritt anderes Geschäft an seine Stelle. Anbieter sprechen von 12 bis 18 Monaten für einen großen Kunden; hier sind 15
# angenommen, die letzten sechs davon als Anlauf. Der größte Teil des Jahresbeitrags ist also fort, und ein wenig kommt
# zurück. Das sind Annahmen und keine Zahlen von Ihnen. Die Tabelle führt sie mit Namen auf, und jede ist ein Argument
# von `exposure.stakes`.

# %%
risks = walkthrough.said_above(risks, setting=setting)
stakes = risks if lacking else exposure.stakes(judged)
names = [words.text("Assumption"), words.text("Value")]
assumed = stakes
if not lacking:
    assumed = stakes.assumptions.query("source == 'assumption'")[["name", "value"]].astype({"value": float})
    assumed = assumed.set_axis(names, axis=1)
walkthrough.table(assumed, names, setting=setting)

# %% [markdown] lang="en"
# **What you see.** The basis is the contribution margin where the ledger has costs, else the revenue.
# `months_to_replace`, `ramp` and the `horizon` looked at are months; `salvage` is the part that is saved at once,
# `cost_stays` the part of the cost that stays when the account goes. Each deserves a minute with those who know how
# long the last large account took to replace.

# %% [markdown] lang="de"
# **Was Sie sehen.** Grundlage ist der Deckungsbeitrag, wo die Daten Kosten enthalten, sonst der Umsatz.
# `months_to_replace` (bis zum Ersatz), `ramp` (Anlauf) und der betrachtete `horizon` sind Monate; `salvage` ist der
# Teil, der sofort gerettet wird, `cost_stays` der Teil der Kosten, der bleibt, wenn der Kunde geht. Jede Annahme
# verdient eine Minute mit denen, die wissen, wie lange es beim letzten großen Kunden dauerte.

# %% [markdown] lang="en"
# ## Which loss to expect, and what a bad year costs
#
# The expected loss is an average over all years, and no year is average. The curve tells for each amount how likely it
# is to lose more. Read it from the left: nearly every year costs something. Then look where it crosses five and one
# per cent, a bad year and a very bad one. Sums over a handful of giants don't follow a bell curve, so the distribution
# is computed account by account, with a factor for the economy and one for each sector.

# %% [markdown] lang="de"
# ## Welcher Verlust zu erwarten ist und was ein schlechtes Jahr kostet
#
# Der erwartete Verlust ist ein Mittel über alle Jahre, und kein Jahr ist das Mittel. Die Kurve sagt zu jedem Betrag,
# wie wahrscheinlich es ist, mehr zu verlieren. Lesen Sie sie von links: Etwas kostet fast jedes Jahr. Sehen Sie dann,
# wo sie fünf und ein Prozent kreuzt, ein schlechtes und ein sehr schlechtes Jahr. Summen über eine Handvoll Riesen
# folgen keiner Glockenkurve; daher wird die Verteilung Kunde für Kunde gerechnet, mit einem Faktor für die Konjunktur
# und einem für jede Branche.

# %%
known = not lacking and "sector" in judged and judged["sector"].notna().any()
common = {"sector": judged["sector"], "sector_correlation": 0.1} if known else {}
law = risks
if not lacking:
    severity = stakes.table["severity"]
    law = exposure.loss_distribution(judged[earned], judged["p_loss"], severity=severity, correlation=0.1, **common)
exhibits.or_lacking(exhibits.exposure_curve, law, stakes, setting=setting)

# %% [markdown] lang="en" tags=["shipped"]
# **What you see.** On the shipped data 849,000 are to be expected, most of it from accounts that are already silent.
# One year in twenty costs more than a million, and the curve has a long tail towards the loss of a giant.

# %% [markdown] lang="de" tags=["shipped"]
# **Was Sie sehen.** In den mitgelieferten Daten sind 849.000 zu erwarten, das meiste davon von Kunden, die bereits
# schweigen. Ein Jahr von zwanzig kostet mehr als eine Million, und die Kurve hat einen langen Ausläufer bis zum
# Verlust eines Riesen.

# %% [markdown] lang="en"
# ## Who makes up the worst years
#
# A risk that is spread over hundreds of accounts is one for the whole firm, and a risk that hangs on one name is one
# for a single conversation. So the mean loss of the worst years is divided up: each account bears what it loses on
# average in just those years, and all parts add up to the whole. Pale is what the account is expected to cost in any
# year. Strong is what comes on top when it gets bad.

# %% [markdown] lang="de"
# ## Wer die schlimmsten Jahre ausmacht
#
# Ein Risiko, das auf Hunderte Kunden verteilt ist, geht die ganze Firma an; eines, das an einem Namen hängt, ein
# einziges Gespräch. Deshalb wird der mittlere Verlust der schlimmsten Jahre aufgeteilt: Jeder Kunde trägt, was er
# gerade in diesen Jahren im Mittel verliert, und alle Teile ergeben das Ganze. Blass ist, was der Kunde in jedem Jahr
# erwarten lässt. Kräftig ist, was hinzukommt, wenn es schlimm wird.

# %%
exhibits.or_lacking(exhibits.contributions, law, stakes, setting=setting)

# %% [markdown] lang="en" tags=["shipped"]
# **What you see.** On the shipped data the silent Ulmenrieder makes up a third, and almost all of it is pale: that
# loss has happened already, only nobody has written it down. The giants add what is strong.

# %% [markdown] lang="de" tags=["shipped"]
# **Was Sie sehen.** In den mitgelieferten Daten macht der schweigende Ulmenrieder ein Drittel aus, und fast alles
# davon ist blass: Dieser Verlust ist bereits eingetreten, nur hat ihn niemand abgeschrieben. Die Riesen steuern das
# Kräftige bei.

# %% [markdown] lang="en"
# ## The trap: customers don't leave one at a time
#
# Of ten accounts at ten per cent each, one leaves a year, on average. If they all build cars, none leaves for years
# and then five do at once. The mean is the same, the bad year is not. The next table sets the figures for independent
# accounts beside those with common causes, first for all accounts and then for each sector by itself. The correlation
# of 0.1 is an assumption, at the lower end of what banks take for firms.

# %% [markdown] lang="de"
# ## Die Falle: Kunden gehen nicht einer nach dem anderen
#
# Von zehn Kunden mit je zehn Prozent geht im Mittel einer im Jahr. Bauen alle Autos, geht jahrelang keiner, und dann
# gehen fünf auf einmal. Das Mittel ist dasselbe, das schlechte Jahr nicht. Die nächste Tabelle stellt die Zahlen für
# unabhängige Kunden neben die mit gemeinsamen Ursachen, erst für alle Kunden, dann für jede Branche für sich. Die
# Korrelation von 0,1 ist eine Annahme, am unteren Rand dessen, was Banken für Firmen ansetzen.

# %%
exhibits.or_lacking(exhibits.common_factors, law, setting=setting)

# %% [markdown] lang="en" tags=["shipped"]
# **What you see.** On the shipped data the worst years cost a tenth more than independence would have it. The
# automotive sector, whose accounts really falter together, is by itself raised by 14 %, as much as any.

# %% [markdown] lang="de" tags=["shipped"]
# **Was Sie sehen.** In den mitgelieferten Daten kosten die schlimmsten Jahre ein Zehntel mehr, als es bei
# Unabhängigkeit wäre. Die Branche „automotive“, deren Kunden wirklich gemeinsam schwächeln, wird für sich um 14 %
# angehoben; nur bei „energy“ ist es etwas mehr.

# %% [markdown] lang="en"
# ## Move the assumptions yourself
#
# Nobody knows the correlation, and nobody knows how long it takes to replace an account. So don't argue about them:
# move them. The first slider is the correlation through the economy, from none at all to 0.3, which is the upper end
# of what banks use. The second is the number of months until other business has taken the place of a lost account.
# Each move computes the distribution again. (The sliders need a running notebook.)

# %% [markdown] lang="de"
# ## Die Annahmen selbst verschieben
#
# Niemand kennt die Korrelation, und niemand weiß, wie lange es dauert, einen Kunden zu ersetzen. Streiten Sie also
# nicht darüber, verschieben Sie sie. Der erste Regler ist die Korrelation über die Konjunktur, von gar keiner bis 0,3,
# dem oberen Rand dessen, was Banken verwenden. Der zweite ist die Zahl der Monate, bis anderes Geschäft den Platz
# eines verlorenen Kunden eingenommen hat. Jede Bewegung rechnet die Verteilung neu. (Die Regler brauchen ein laufendes
# Notebook.)

# %%
correlation = dashboard.Slider(0.1, 0.0, 0.3, 0.05, words.text("Correlation through the economy"))
replaced = dashboard.Slider(15, 6, 24, 3, words.text("Months until an account is replaced"))
draw = partial(walkthrough.loss, judged, setting=setting)
risks if lacking else dashboard.explore(draw, correlation=correlation, months_to_replace=replaced)

# %% [markdown] lang="en"
# **What you see.** The expected loss stays where it is when the correlation moves, for a mean knows nothing of
# company. Months to replace move everything.

# %% [markdown] lang="en" tags=["shipped"]
# On the shipped data the mean of the worst years goes from 1.4 million without any correlation through the economy to
# 2.0 million with 0.3.

# %% [markdown] lang="de"
# **Was Sie sehen.** Der erwartete Verlust bleibt, wo er ist, wenn sich die Korrelation bewegt, denn ein Mittelwert
# weiß nichts von Gesellschaft. Die Monate bis zum Ersatz bewegen alles.

# %% [markdown] lang="de" tags=["shipped"]
# In den mitgelieferten Daten steigt das Mittel der schlimmsten Jahre von 1,4 Millionen ohne Korrelation über die
# Konjunktur auf 2,0 Millionen bei 0,3.

# %% [markdown] lang="en"
# ## Which event would hurt most
#
# A board thinks in events, not in probabilities: what if the largest leaves, what if a sector falters, what if an
# account manager goes and takes customers along? The next cell reckons each of them with the same stakes. Where the
# model can say how likely the event is, it does; an account manager's notice is not in any sales ledger. The result is
# that of the year less fixed costs, where those are known.

# %% [markdown] lang="de"
# ## Welches Ereignis am meisten schmerzte
#
# Ein Vorstand denkt in Ereignissen, nicht in Wahrscheinlichkeiten: Was, wenn der Größte geht, wenn eine Branche
# schwächelt, wenn ein Betreuer geht und Kunden mitnimmt? Die nächste Zelle rechnet jedes davon mit denselben Beträgen.
# Wo das Modell sagen kann, wie wahrscheinlich das Ereignis ist, tut es das; die Kündigung eines Betreuers steht in
# keinen Umsatzdaten. Das Ergebnis ist der Deckungsbeitrag des Jahres abzüglich der Fixkosten, wo diese bekannt sind.

# %%
shipped_costs = None if sales else datasets.fixed_costs(as_of=setting.end)
fixed = fixed_costs or shipped_costs
bearable = not lacking and earned == "margin" and fixed is not None
year = exposure.firm(law, contribution=table["margin"].sum(), fixed_costs=fixed) if bearable else None
result = year.result if bearable else float("nan")
events = risks if lacking else exposure.scenarios(law, stakes.table, result=result)
exhibits.or_lacking(exhibits.stress, events, stakes, setting=setting)

# %% [markdown] lang="en" tags=["shipped"]
# **What you see.** On the shipped data no customer is the dearest event, but an account manager, Korbinian Maierhofer:
# half of what he looks after would cost more than the largest account. `07_whom_do_we_neglect` comes back to that.

# %% [markdown] lang="de" tags=["shipped"]
# **Was Sie sehen.** In den mitgelieferten Daten ist das teuerste Ereignis kein Kunde, sondern ein Betreuer, Korbinian
# Maierhofer: Die Hälfte dessen, was er betreut, kostete mehr als der größte Kunde. `07_whom_do_we_neglect` kommt
# darauf zurück.

# %% [markdown] lang="en"
# ## How many can go before we make a loss
#
# The result of the year is what the firm has to bear a loss with. In the order of size one counts how many of the
# largest may go. But the largest hardly ever go together, so the second question is turned round: which set of losses
# that uses the result up is the likeliest? Everyone who is as good as gone belongs to it, and somebody else has to come
# on top. Those names are worth a visit.

# %% [markdown] lang="de"
# ## Wie viele gehen können, bevor wir Verlust machen
#
# Das Ergebnis des Jahres ist das, womit die Firma einen Verlust tragen kann. In der Reihenfolge der Größe zählt man,
# wie viele der Größten gehen dürfen. Aber die Größten gehen fast nie gemeinsam; deshalb wird die zweite Frage
# umgedreht: Welche Menge von Verlusten, die das Ergebnis aufzehrt, ist die wahrscheinlichste? Jeder, der so gut wie
# weg ist, gehört dazu, und jemand muss noch hinzukommen. Diese Namen sind einen Besuch wert.

# %%
unknown = words.text("Without costs and fixed costs it is not known how many accounts can go.")
exhibits.break_even(year, stakes, setting=setting) if bearable else exhibits.Lacking(unknown)

# %% [markdown] lang="en" tags=["shipped"]
# **What you see.** On the shipped data two of the largest can go. A year at a loss has a probability of less than one
# in a thousand; it would take the largest and another one beside all those that are leaving anyway.

# %% [markdown] lang="de" tags=["shipped"]
# **Was Sie sehen.** In den mitgelieferten Daten können die beiden größten gehen. Ein Jahr mit Verlust hat eine
# Wahrscheinlichkeit von weniger als eins zu tausend; dazu müssten der größte und noch einer zu all denen kommen, die
# ohnehin gehen.

# %% [markdown] lang="en"
# ## What keeping may cost
#
# An effort to keep an account is worth what it averts: its part of the expected loss, and a return on the reserve for
# its part of the bad years. Half of that is assumed to be averted. The budget is the most that the effort may cost a
# year; beyond it, keeping is dearer than losing. Beside it stands the same amount as a price concession, the currency
# in which customers usually ask for it.

# %% [markdown] lang="de"
# ## Was Halten kosten darf
#
# Eine Anstrengung, einen Kunden zu halten, ist wert, was sie abwendet: ihren Teil des erwarteten Verlusts und eine
# Verzinsung der Reserve für ihren Teil der schlechten Jahre. Angenommen ist, dass sie die Hälfte davon abwendet. Das
# Budget ist das Höchste, was die Anstrengung im Jahr kosten darf; darüber ist Halten teurer als Verlieren. Daneben
# steht derselbe Betrag als Preiszugeständnis, die Währung, in der Kunden meist danach fragen.

# %%
keys = keyaccounts.key_accounts(table).index
budgets = risks if lacking else exposure.retention(law, revenue=judged["revenue"])
exhibits.or_lacking(exhibits.retention_budget, budgets, stakes, setting=setting, accounts=keys)

# %% [markdown] lang="en" tags=["shipped"]
# **What you see.** On the shipped data a quarter of a million could go into Ulmenrieder, if that still helps. For the
# two giants a few thousand a year is all that their risk justifies: a tenth or two of a point. Who offers them three
# points out of fear gives away some twenty times as much.

# %% [markdown] lang="de" tags=["shipped"]
# **Was Sie sehen.** In den mitgelieferten Daten könnte eine Viertelmillion in Ulmenrieder fließen, falls das noch
# hilft. Bei den beiden Riesen rechtfertigt ihr Risiko nur ein paar Tausend im Jahr, ein bis zwei Zehntel eines
# Punktes. Wer ihnen aus Angst drei Punkte anbietet, verschenkt rund das Zwanzigfache.

# %% [markdown] lang="en"
# ## What to tell the board
#
# A board has time for three sentences: one on the loss to expect, one on a bad year, one on what the firm can bear.
# They are computed like everything else, so they change with the data and say what is not known. Below them stand the
# assumptions, which belong into the same breath: the same sentences with other assumptions would be just as true. Read
# them aloud before you send them.

# %% [markdown] lang="de"
# ## Was der Vorstand wissen muss
#
# Ein Vorstand hat Zeit für drei Sätze: einen über den zu erwartenden Verlust, einen über ein schlechtes Jahr, einen
# darüber, was die Firma tragen kann. Sie werden gerechnet wie alles andere; sie ändern sich also mit den Daten und
# sagen, was nicht bekannt ist. Darunter stehen die Annahmen, die in denselben Atemzug gehören: Mit anderen Annahmen
# wären dieselben Sätze ebenso wahr. Lesen Sie sie laut, bevor Sie sie verschicken.

# %%
exhibits.or_lacking(exhibits.board, law, stakes, setting=setting, firm=year)

# %% [markdown] lang="en" tags=["shipped"]
# **What you see.** On the shipped data the worst year of a hundred costs 1.6 million on average, and that does not use
# up the result of 2.7 million. The sentence to begin with is the one about Ulmenrieder.

# %% [markdown] lang="de" tags=["shipped"]
# **Was Sie sehen.** In den mitgelieferten Daten kostet das schlimmste von hundert Jahren im Mittel 1,6 Millionen, und
# das zehrt das Ergebnis von 2,7 Millionen nicht auf. Der Satz, mit dem man beginnt, ist der über Ulmenrieder.

# %% [markdown] lang="en"
# ## Facts to rely on
#
# The parts of the accounts have to add up to the whole, or else somebody is blamed for too much. The expected loss can
# be had without any model, as the sum of stake times severity times probability; the distribution has to agree with
# it. Both must hold to nine figures, whatever was assumed.

# %% [markdown] lang="de"
# ## Worauf Verlass ist
#
# Die Teile der Kunden müssen das Ganze ergeben, sonst wird jemandem zu viel angelastet. Der erwartete Verlust ist ohne
# jedes Modell zu haben, als Summe der Produkte aus Betrag, Schwere und Wahrscheinlichkeit; die Verteilung muss damit
# übereinstimmen. Beides muss auf neun Stellen gelten, was auch angenommen wurde.

# %%
parts = law.contributions(0.99) if not lacking else None
assert lacking or abs(parts["expected_shortfall"].sum() / law.expected_shortfall(0.99) - 1) < 1e-9
plain = 0.0 if lacking else (stakes.table["loss"] * judged["p_loss"]).sum()
assert lacking or abs(plain / law.expected - 1) < 1e-9

# %% [markdown] lang="en" tags=["shipped"]
# On the shipped data the planted silent churner must be the dearest risk, which no list by size and no list by
# probability would have put on top.

# %% [markdown] lang="de" tags=["shipped"]
# In den mitgelieferten Daten muss der versteckte stille Abwanderer das teuerste Risiko sein, was keine Liste nach
# Größe und keine nach Wahrscheinlichkeit obenan gestellt hätte.

# %% tags=["shipped"]
elsewhere = sales or as_of or months != 12
dearest = None if elsewhere else table["name"][parts["expected"].idxmax()]
assert elsewhere or dearest == "Ulmenrieder Lebensmitteltechnik GmbH & Co. KG"

# %% [markdown] lang="en"
# ## What you know now
#
# - [x] what is at stake with each account, and how much of it would come back within the year
# - [x] which loss to expect in a year, and what a bad year costs
# - [x] who makes up the worst years
# - [x] by how much it gets worse because customers falter together
# - [x] which event would hurt most, and how many accounts can go before the year ends at a loss
# - [x] what keeping an account may cost at most
# - [x] how far these figures can be trusted, and what to tell the board in three sentences
#
# **What we hand on:** the loss to expect, that of a bad year, and who makes it up.

# %% [markdown] lang="en" tags=["shipped"]
# At the shipped company 849,000 are to be expected, more than half of it from Ulmenrieder alone, and more hangs on an
# account manager than on any customer.

# %% [markdown] lang="en"
# Money is at stake where nobody may be looking. Next, `07_whom_do_we_neglect` asks whether those who are dear to us
# get the attention that they are worth.

# %% [markdown] lang="de"
# ## Was Sie jetzt wissen
#
# - [x] was bei jedem Kunden auf dem Spiel steht und wie viel davon im selben Jahr zurückkäme
# - [x] welcher Verlust in einem Jahr zu erwarten ist und was ein schlechtes Jahr kostet
# - [x] wer die schlimmsten Jahre ausmacht
# - [x] um wie viel es schlimmer wird, weil Kunden gemeinsam schwächeln
# - [x] welches Ereignis am meisten schmerzte und wie viele Kunden gehen können, bevor das Jahr mit Verlust endet
# - [x] was es höchstens kosten darf, einen Kunden zu halten
# - [x] wie weit diesen Zahlen zu trauen ist und was der Vorstand in drei Sätzen wissen muss
#
# **Was wir weitergeben:** den Verlust, der zu erwarten ist, den eines schlechten Jahres und wer ihn ausmacht.

# %% [markdown] lang="de" tags=["shipped"]
# In der mitgelieferten Firma sind 849.000 zu erwarten, mehr als die Hälfte davon Ulmenrieder allein, und an einem
# Betreuer hängt mehr als an jedem Kunden.

# %% [markdown] lang="de"
# Geld steht auf dem Spiel, wo vielleicht niemand hinsieht. Als Nächstes fragt `07_whom_do_we_neglect`, ob die, die uns
# teuer sind, die Aufmerksamkeit bekommen, die sie wert sind.
