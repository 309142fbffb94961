# %% [markdown] lang="en"
# # Whom do we neglect?
#
# What you will know at the end:
#
# - [ ] which key accounts nobody has been in touch with for too long
# - [ ] how much of that answer is the plan's, and how much is true whatever the plan
# - [ ] whether attention follows what is at stake, or habit
# - [ ] where visits go on although the orders have stopped
# - [ ] which promises were not kept
# - [ ] what hangs on one person
#
# > **On your own data.** Change the next code cell and nothing else, or run `kam notebooks SALES --customers FILE
# > --contacts FILE`. The contact log is an export from the CRM with customer and date, and better with kind, owner and
# > outcome. Without it, only the part on account managers has something to say, provided that the customer master has
# > a column `owner`; without an outcome no promises are known.

# %% [markdown] lang="de"
# # Wen vernachlässigen wir?
#
# Das wissen Sie am Ende:
#
# - [ ] welche Schlüsselkunden zu lange niemand kontaktiert hat
# - [ ] wie viel von dieser Antwort am Plan liegt und wie viel bei jedem Plan gilt
# - [ ] ob Aufmerksamkeit dem folgt, was auf dem Spiel steht, oder der Gewohnheit
# - [ ] wo Besuche weitergehen, obwohl die Bestellungen aufgehört haben
# - [ ] welche Zusagen nicht gehalten wurden
# - [ ] was an einer Person hängt
#
# > **Mit Ihren eigenen Daten.** Ändern Sie die nächste Codezelle und sonst nichts, oder rufen Sie `kam notebooks
# > UMSAETZE --customers DATEI --contacts DATEI --language de` auf. Das Kontaktprotokoll ist ein Export aus dem CRM mit
# > Kunde und Datum, besser auch mit Kontaktart, Betreuer und Ergebnis. Ohne es hat nur der Teil über die Betreuer
# > etwas zu sagen, sofern der Kundenstamm eine Spalte `Betreuer` hat; ohne Ergebnis sind keine Zusagen bekannt.

# %% [markdown] lang="en"
# ## Where we stand
#
# We know who the key accounts are, what they earn, who may be about to leave, and, from `06_what_would_it_cost`, what
# that would cost. All of it is of no use if nobody picks up the telephone. This notebook holds the contact log against
# what is at stake. It is a delicate subject, as it speaks of colleagues: the figures show where attention is missing,
# but not why. Ask before you show them around.

# %% [markdown] lang="de"
# ## Wo wir stehen
#
# Wir wissen, wer die Schlüsselkunden sind, was sie einbringen, wer vielleicht geht und, aus `06_what_would_it_cost`,
# was das kosten würde. Alles das nützt nichts, wenn niemand zum Hörer greift. Dieses Notebook hält das
# Kontaktprotokoll gegen das, was auf dem Spiel steht. Das Thema ist heikel, denn es spricht von Kolleginnen und
# Kollegen: Die Zahlen zeigen, wo Aufmerksamkeit fehlt, aber nicht, warum. Fragen Sie nach, bevor Sie sie herumzeigen.

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
# ## The contact log
#
# A contact is a line of the log: a visit, a call, a talk at a trade fair, a complaint. That is all it is. A visit of
# five minutes counts as much as a day of negotiation, and what was not written down did not happen. Look at the last
# lines and ask yourself whether people log out of conviction or because they are paid by the line; both leave traces
# in everything below.

# %% [markdown] lang="de"
# ## Das Kontaktprotokoll
#
# Ein Kontakt ist eine Zeile des Protokolls: ein Besuch, ein Anruf, ein Messegespräch, eine Reklamation. Mehr ist er
# nicht. Ein Besuch von fünf Minuten zählt so viel wie ein Verhandlungstag, und was nicht aufgeschrieben wurde, hat
# nicht stattgefunden. Sehen Sie sich die letzten Zeilen an und fragen Sie sich, ob Ihre Leute aus Überzeugung
# eintragen oder weil sie nach Zeilen bezahlt werden; beides hinterlässt Spuren in allem, was folgt.

# %%
import pandas as pd

from kamlib import checks, coverage, customers, datasets, exhibits, walkthrough

own = datasets.read(sales, customers=customers_file, contacts=contacts_file, columns=columns, layout=layout)
setting = exhibits.setting(own, as_of=as_of or own.last_day, months=months, language=language)
words, table = setting.words, customers.table(own, as_of=setting.end, months=months)
nothing = words.text("There is no contact log; give one as contacts_file, or with --contacts on the command line.")
log = exhibits.Lacking(nothing) if own.contacts is None else own.contacts
names = {"kind": words.text("Kind"), "owner": words.text("Account manager"), "outcome": words.text("Outcome")}
shown = log if own.contacts is None else log.tail().rename(columns=names)
walkthrough.table(shown, ["customer", "date", *names.values()], setting=setting)

# %% [markdown] lang="en"
# **What you see.** The last entries: which customer, when, what kind, who was there and what came of it.

# %% [markdown] lang="en" tags=["shipped"]
# On the shipped data there are some 6,000 in three and a half years, most of them calls.

# %% [markdown] lang="de"
# **Was Sie sehen.** Die letzten Einträge: welcher Kunde, wann, welche Art, wer dabei war und was daraus wurde.

# %% [markdown] lang="de" tags=["shipped"]
# In den mitgelieferten Daten sind es rund 6.000 in dreieinhalb Jahren, die meisten davon Anrufe.

# %% [markdown] lang="en"
# ## Who is overdue?
#
# Contacts are held against a plan by class: twelve a year with an A account, four with a B account, one with a C
# account. An account is overdue when the last contact is longer ago than the plan's interval. Companies of one group
# count as one, so that a visit to the parent company is a visit to all. The plan is an assumption, and how much hangs
# on it is the next question.

# %% [markdown] lang="de"
# ## Wer ist überfällig?
#
# Kontakte werden gegen einen Plan nach Klassen gehalten: zwölf im Jahr bei einem A-Kunden, vier bei einem B-Kunden,
# einer bei einem C-Kunden. Ein Kunde ist überfällig, wenn der letzte Kontakt länger her ist als der Abstand des Plans.
# Gesellschaften eines Konzerns gelten als eine, ein Besuch bei der Muttergesellschaft ist also ein Besuch bei allen.
# Der Plan ist eine Annahme, und wie viel an ihm hängt, ist die nächste Frage.

# %%
log = walkthrough.said_above(log, setting=setting)
given = {"as_of": setting.end, "months": months, "customers": own.customers}
covered = exhibits.or_lacking(coverage.coverage, log, table, **given)
exhibits.or_lacking(exhibits.overdue, covered, setting=setting)

# %% [markdown] lang="en" tags=["shipped"]
# **What you see.** On the shipped data 14 of 59 A accounts are overdue. Thirteen of them are late by a day to ten
# weeks; with Querntaler Baumaschinen GmbH, half a million of revenue, nobody has been in touch for 481 days.

# %% [markdown] lang="de" tags=["shipped"]
# **Was Sie sehen.** In den mitgelieferten Daten sind 14 von 59 A-Kunden überfällig. Dreizehn davon um einen Tag bis
# zehn Wochen; mit der Querntaler Baumaschinen GmbH, einer halben Million Umsatz, hatte seit 481 Tagen niemand Kontakt.

# %% [markdown] lang="en"
# ## The trap: overdue by whose plan?
#
# A strict plan makes a long list, and a long list gets ignored, with the one account on it that matters. So see what
# remains when the plan is relaxed: an account that is overdue by every plan is neglected, one that is overdue by the
# strictest alone may have been on holiday. Mind also what counts as a contact. To leave complaints out, filter the log
# before the call: hearing from a customer is not caring for it.

# %% [markdown] lang="de"
# ## Die Falle: überfällig nach wessen Plan?
#
# Ein strenger Plan ergibt eine lange Liste, und eine lange Liste wird übergangen, samt dem einen Kunden darauf, auf
# den es ankommt. Sehen Sie also, was bleibt, wenn der Plan gelockert wird: Wer nach jedem Plan überfällig ist, wird
# vernachlässigt; wer es nur nach dem strengsten ist, war vielleicht im Urlaub. Bedenken Sie auch, was als Kontakt
# zählt. Um Reklamationen wegzulassen, filtern Sie das Protokoll vor dem Aufruf: Von einem Kunden zu hören heißt nicht,
# sich um ihn zu kümmern.

# %%
lacking = isinstance(covered, exhibits.Lacking)
covered = walkthrough.said_above(covered, setting=setting)
plans = {} if lacking else {words.text("{n} a year", n=words.number(rate)): {"A": rate} for rate in (12, 6, 4, 2)}
late = {name: coverage.coverage(log, table, plan=plan, **given) for name, plan in plans.items()}
overdue = {name: found.loc[found["overdue"], "name"] for name, found in late.items()}
rows = [(name, len(who), " ".join(who.head(1))) for name, who in overdue.items()]
names = [words.text("Plan for A accounts"), words.text("overdue"), words.text("the largest of them")]
walkthrough.table(covered if lacking else pd.DataFrame(rows, columns=names), names, setting=setting)

# %% [markdown] lang="en" tags=["shipped"]
# **What you see.** On the shipped data the list shrinks from 14 to one. The strict plan's largest account, one of the
# giants, was a single day late; the one that remains in the end is neglected by any standard.

# %% [markdown] lang="de" tags=["shipped"]
# **Was Sie sehen.** In den mitgelieferten Daten schrumpft die Liste von 14 auf einen. Der größte Kunde des strengen
# Plans, einer der Riesen, war einen einzigen Tag zu spät; der, der am Ende bleibt, ist nach jedem Maßstab
# vernachlässigt.

# %% [markdown] lang="en"
# ## Does attention follow the stake?
#
# For each of the largest accounts the chart shows two shares: of all contacts, and of all margin (or revenue). The line
# between them is the attention that is missing. Don't expect them to be equal. A customer with a tenth of the margin
# needs no tenth of the calls, and a small one needs a minimum. But where the gap is wide, there should be a reason that
# somebody can name.

# %% [markdown] lang="de"
# ## Folgt Aufmerksamkeit dem, was auf dem Spiel steht?
#
# Für jeden der größten Kunden zeigt das Bild zwei Anteile: an allen Kontakten und am gesamten Deckungsbeitrag (oder
# Umsatz). Die Linie dazwischen ist die Aufmerksamkeit, die fehlt. Erwarten Sie nicht, dass beide gleich sind. Ein
# Kunde mit einem Zehntel des Deckungsbeitrags braucht nicht ein Zehntel der Anrufe, und ein kleiner braucht ein
# Mindestmaß. Wo die Lücke aber groß ist, sollte es einen Grund geben, den jemand nennen kann.

# %%
exhibits.or_lacking(exhibits.attention, covered, setting=setting)

# %% [markdown] lang="en" tags=["shipped"]
# **What you see.** On the shipped data the two giants, Fählau and Morschrode, get no more contacts than accounts of a
# tenth of their size. Most accounts get between ten and twenty contacts a year, whatever they earn, and Querntaler
# gets none.

# %% [markdown] lang="de" tags=["shipped"]
# **Was Sie sehen.** In den mitgelieferten Daten bekommen die beiden Riesen, Fählau und Morschrode, nicht mehr Kontakte
# als Kunden von einem Zehntel ihrer Größe. Die meisten Kunden bekommen zehn bis zwanzig Kontakte im Jahr, was immer
# sie einbringen, und Querntaler keinen.

# %% [markdown] lang="en"
# ## Attention by habit
#
# Why is that so? Because a tour is planned from last year's tour, and because a small customer round the corner is
# easier to visit than a large one that asks difficult questions. The next cell adds up contacts by class and sets them
# beside what the class brings. It is no argument against small customers, as they want to be served as well, by
# telephone or by a shop. It is one about where visits go.

# %% [markdown] lang="de"
# ## Aufmerksamkeit aus Gewohnheit
#
# Warum ist das so? Weil eine Tour nach der Tour des letzten Jahres geplant wird und weil ein kleiner Kunde um die Ecke
# leichter zu besuchen ist als ein großer, der schwierige Fragen stellt. Die nächste Zelle summiert die Kontakte nach
# Klassen und stellt sie neben das, was die Klasse bringt. Das spricht nicht gegen kleine Kunden, denn auch sie wollen
# betreut sein, per Telefon oder im Webshop. Es spricht darüber, wohin Besuche gehen.

# %%
shown = covered
if not lacking:
    amounts = covered.columns.intersection(["revenue", "margin"])
    sums = covered.assign(accounts=1).groupby("class")[["accounts", "contacts", "share_of_contacts", *amounts]].sum()
    shown = sums.drop(columns=amounts).join((sums[amounts] / sums[amounts].sum()).add_prefix("share_of_"))
walkthrough.table(shown, setting=setting)

# %% [markdown] lang="en"
# **What you see.** What each class brings and how many of the contacts it gets. Where the class is `none`, nothing was
# bought in the period.

# %% [markdown] lang="en" tags=["shipped"]
# On the shipped data C accounts bring 5 % of the margin and get a fifth of the contacts; A accounts bring 78 % and get
# half.

# %% [markdown] lang="de"
# **Was Sie sehen.** Was jede Klasse bringt und wie viele der Kontakte sie bekommt. Wo die Klasse `none` heißt, wurde
# im Zeitraum nichts gekauft.

# %% [markdown] lang="de" tags=["shipped"]
# In den mitgelieferten Daten bringen C-Kunden 5 % des Deckungsbeitrags und bekommen ein Fünftel der Kontakte; A-Kunden
# bringen 78 % und bekommen die Hälfte.

# %% [markdown] lang="en"
# ## The trap: visited, but silent
#
# Contacts are no orders. A customer that still receives us kindly may already buy elsewhere, and the log, full of
# visits, says that all is well. The next cell looks for A accounts that were contacted but haven't bought for three
# times their usual interval. Some have a reason: who buys for a season is silent out of season, and looks lost each
# time. Ask; a question about the last order is the best reason for a call.

# %% [markdown] lang="de"
# ## Die Falle: besucht, aber still
#
# Kontakte sind keine Bestellungen. Ein Kunde, der uns noch freundlich empfängt, kauft vielleicht längst anderswo, und
# das Protokoll, voller Besuche, sagt, dass alles gut sei. Die nächste Zelle sucht A-Kunden, die kontaktiert wurden,
# aber seit dem Dreifachen ihres üblichen Abstands nichts gekauft haben. Manche haben einen Grund: Wer für eine Saison
# kauft, schweigt außerhalb und sieht jedes Mal verloren aus. Fragen Sie; die Frage nach der letzten Bestellung ist der
# beste Anlass für einen Anruf.

# %%
silent = table[table["days_since"] > 3 * table["usual_interval"]]
shown = covered
if not lacking:
    seen = covered.loc[(covered["class"] == coverage.KEY) & (covered["contacts"] > 0), ["contacts", "last_contact"]]
    shown = silent[["name", "revenue", "usual_interval", "days_since"]].join(seen, how="inner")
names = ["name", "revenue", "usual_interval", "days_since", "contacts", "last_contact"]
nothing = words.text("No A account that was contacted is silent for so long.")
walkthrough.table(shown, names, setting=setting, empty=nothing)

# %% [markdown] lang="en" tags=["shipped"]
# **What you see.** On the shipped data Ulmenrieder Lebensmitteltechnik ordered every two to three weeks and has not
# for almost four months; of its seventeen contacts in the year four came after the last order, and none of them led to
# a new one. Pfahlfeld we know from `05_who_is_about_to_leave`. The fruit press from Styria is silent from March to
# August each year.

# %% [markdown] lang="de" tags=["shipped"]
# **Was Sie sehen.** In den mitgelieferten Daten bestellte Ulmenrieder Lebensmitteltechnik alle zwei bis drei Wochen
# und seit fast vier Monaten nicht mehr; von den siebzehn Kontakten des Jahres kamen vier nach der letzten Bestellung,
# und keiner führte zu einer neuen. Pfahlfeld kennen wir aus `05_who_is_about_to_leave`. Die Obstpresserei aus der
# Steiermark schweigt jedes Jahr von März bis August.

# %% [markdown] lang="en"
# ## Promises
#
# "Follow-up agreed" is what people write when the talk went well. Then the follow-up has to come. The next exhibit
# lists the contacts that promised another one which did not follow within thirty days, the longest overdue first.
# For the customer, a promise not kept is worse than none. An outcome counts as a promise by the words in it; give your
# own words with `promises=` if your log says it otherwise.

# %% [markdown] lang="de"
# ## Zusagen
#
# „Follow-up agreed“, Folgekontakt vereinbart, schreibt man, wenn das Gespräch gut lief. Dann muss er auch kommen. Die
# nächste Darstellung nennt die Kontakte, die einen weiteren versprachen, der nicht binnen dreißig Tagen folgte, die am
# längsten überfälligen zuerst. Für den Kunden ist eine nicht gehaltene Zusage schlimmer als keine. Ein Ergebnis gilt
# als Zusage nach den Wörtern darin; nennen Sie mit `promises=` Ihre eigenen, wenn Ihr Protokoll es anders ausdrückt.

# %%
missing = covered if lacking else exhibits.or_lacking(coverage.missing_follow_ups, log, **given)
exhibits.or_lacking(exhibits.follow_ups, missing, table, setting=setting)

# %% [markdown] lang="en" tags=["shipped"]
# **What you see.** On the shipped data 65 follow-ups came late or never, and every account manager has some. That is
# no matter of persons, but of a missing reminder.

# %% [markdown] lang="de" tags=["shipped"]
# **Was Sie sehen.** In den mitgelieferten Daten kamen 65 Folgekontakte zu spät oder nie, und jeder Betreuer hat
# welche. Das ist keine Frage von Personen, sondern die einer fehlenden Erinnerung.

# %% [markdown] lang="en"
# ## What hangs on one person
#
# We speak of the firm's customers, but many of them are somebody's. When that person falls ill, retires or goes to a
# competitor, what they knew goes too. The next exhibit adds up revenue, key accounts and overdue contacts by account
# manager. Read it as a question of load before you read it as one of diligence: who looks after a third of the revenue
# can't be everywhere.

# %% [markdown] lang="de"
# ## Was an einer Person hängt
#
# Wir sprechen von den Kunden der Firma, aber viele von ihnen sind die von jemandem. Wird dieser Mensch krank, geht in
# Rente oder zum Wettbewerber, geht auch, was er wusste. Die nächste Darstellung summiert Umsatz, Schlüsselkunden und
# überfällige Kontakte je Betreuer. Lesen Sie sie als Frage der Last, bevor Sie sie als eine des Fleißes lesen: Wer ein
# Drittel des Umsatzes betreut, kann nicht überall sein.

# %%
owners = None
if "owner" in table and table["owner"].notna().any():
    owners = coverage.by_owner(table, covered=None if lacking else covered)
nobody = words.text("No account managers are known, so what hangs on one person is not shown.")
exhibits.Lacking(nobody) if owners is None else exhibits.owners(owners, table, setting=setting)

# %% [markdown] lang="en" tags=["shipped"]
# **What you see.** On the shipped data three tenths of the revenue and 18 A accounts hang on Korbinian Maierhofer.
# Eight of his accounts are overdue, and the neglected one is among them: it is his load that should be looked at.

# %% [markdown] lang="de" tags=["shipped"]
# **Was Sie sehen.** In den mitgelieferten Daten hängen drei Zehntel des Umsatzes und 18 A-Kunden an Korbinian
# Maierhofer. Acht seiner Kunden sind überfällig, und der vernachlässigte ist darunter: Anzusehen ist seine Last.

# %% [markdown] lang="en"
# ## Accounts that know only one of us
#
# The customer master says who is responsible; the log says who was really there. If all contacts of a year were with
# one person, the account knows nobody else, and no handover was ever begun. A second face is the cheapest insurance
# there is: take a colleague along twice a year, from engineering or from the office. Begin where the most revenue
# hangs on a single face.

# %% [markdown] lang="de"
# ## Kunden, die nur einen von uns kennen
#
# Der Kundenstamm sagt, wer zuständig ist; das Kontaktprotokoll sagt, wer wirklich da war. Liefen alle Kontakte eines
# Jahres über eine Person, kennt der Kunde sonst niemanden, und eine Übergabe hat nie begonnen. Ein zweites Gesicht ist
# die billigste Versicherung, die es gibt: Nehmen Sie zweimal im Jahr jemanden mit, aus der Technik oder dem
# Innendienst. Fangen Sie dort an, wo der meiste Umsatz an einem einzigen Gesicht hängt.

# %%
alone = exhibits.or_lacking(coverage.by_sole_contact, covered)
shown = alone
if not isinstance(alone, exhibits.Lacking):
    shown = alone.assign(largest_account=table["name"].reindex(alone["largest_account"]).to_numpy())
names = ["person", "accounts", "key_accounts", "revenue", "share", "largest_account"]
nothing = words.text("Every account that was contacted knows at least two of us.")
walkthrough.table(shown, names, setting=setting, empty=nothing)

# %% [markdown] lang="en" tags=["shipped"]
# **What you see.** On the shipped data nearly every account knows one person alone, the two giants included. If
# Korbinian Maierhofer went, three tenths of the revenue would have nobody left who knows them.

# %% [markdown] lang="de" tags=["shipped"]
# **Was Sie sehen.** In den mitgelieferten Daten kennt fast jeder Kunde nur eine Person, auch die beiden Riesen. Ginge
# Korbinian Maierhofer, bliebe für drei Zehntel des Umsatzes niemand, der die Kunden kennt.

# %% [markdown] lang="en"
# ## Facts to rely on
#
# The contacts of the period are counted once more, from the lines of the log with plain pandas. What hangs on the
# account managers must sum to the revenue of all customers, so that nobody's accounts are forgotten. A fact about data
# that are not there is left out, as it can't be checked.

# %% [markdown] lang="de"
# ## Worauf Verlass ist
#
# Die Kontakte des Zeitraums werden noch einmal gezählt, aus den Zeilen des Protokolls mit einfachem pandas. Was an den
# Betreuern hängt, muss den Umsatz aller Kunden ergeben, damit niemandes Kunden vergessen werden. Eine Tatsache über
# Daten, die nicht da sind, entfällt, denn sie lässt sich nicht prüfen.

# %%
start, end = pd.Timestamp(checks.months_before(setting.end, months)), pd.Timestamp(setting.end)
days = pd.Series(dtype="datetime64[s]") if lacking else pd.to_datetime(own.contacts["date"])
inside = None if lacking else own.contacts.loc[(days > start) & (days <= end), "customer"]
ours = own.customers.loc[own.customers["account"].isin(table.index), "customer"]
assert lacking or inside.isin(ours).sum() == covered["contacts"].sum()
sold = table["revenue"].clip(lower=0).sum()
assert owners is None or abs(owners["revenue"].sum() - sold) < 0.005

# %% [markdown] lang="en" tags=["shipped"]
# On the shipped data there has to be exactly one A account without a contact in its last year, the one that was
# planted.

# %% [markdown] lang="de" tags=["shipped"]
# In den mitgelieferten Daten darf es genau einen A-Kunden ohne Kontakt in ihrem letzten Jahr geben, den versteckten.

# %% tags=["shipped"]
elsewhere = sales or as_of or months != 12
alone = [] if elsewhere else covered.query("`class` == 'A' and contacts == 0")["name"].tolist()
assert elsewhere or alone == ["Querntaler Baumaschinen GmbH"]

# %% [markdown] lang="en"
# ## What you know now
#
# - [x] which key accounts nobody has been in touch with for too long
# - [x] how much of that answer is the plan's, and how much is true whatever the plan
# - [x] whether attention follows what is at stake, or habit
# - [x] where visits go on although the orders have stopped
# - [x] which promises were not kept
# - [x] what hangs on one person
#
# **What we hand on:** who waits for a call, which visits no longer lead to orders, and how much hangs on one of us.

# %% [markdown] lang="en" tags=["shipped"]
# At the shipped company nobody has spoken for 481 days to Querntaler, half a million of revenue; four contacts with
# Ulmenrieder since its last order did not lead to a new one; and one colleague has too much on his plate.

# %% [markdown] lang="en"
# That is enough for a board. Next, `08_the_deck` puts it on slides.

# %% [markdown] lang="de"
# ## Was Sie jetzt wissen
#
# - [x] welche Schlüsselkunden zu lange niemand kontaktiert hat
# - [x] wie viel von dieser Antwort am Plan liegt und wie viel bei jedem Plan gilt
# - [x] ob Aufmerksamkeit dem folgt, was auf dem Spiel steht, oder der Gewohnheit
# - [x] wo Besuche weitergehen, obwohl die Bestellungen aufgehört haben
# - [x] welche Zusagen nicht gehalten wurden
# - [x] was an einer Person hängt
#
# **Was wir weitergeben:** wer auf einen Anruf wartet, welche Besuche zu keinen Bestellungen mehr führen und wie viel
# an einem von uns hängt.

# %% [markdown] lang="de" tags=["shipped"]
# In der mitgelieferten Firma hat seit 481 Tagen niemand mit Querntaler gesprochen, einer halben Million Umsatz; vier
# Kontakte mit Ulmenrieder seit dessen letzter Bestellung führten zu keiner neuen; und ein Kollege hat zu viel auf dem
# Tisch.

# %% [markdown] lang="de"
# Das reicht für einen Vorstand. Als Nächstes bringt `08_the_deck` es auf Folien.
