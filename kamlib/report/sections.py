"""What the report says, section by section, in the order of the questions a manager asks.

A section takes a `Case` and returns its exhibits with the figures of report.json; what the data can't carry is said in
one sentence instead.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from kamlib import bridge, churn, concentration, coverage, customers, exhibits, keyaccounts
from kamlib.checks import KamlibError, months_before

if TYPE_CHECKING:
    from kamlib.exhibits import Exhibit, Setting
    from kamlib.ledger import Ledger

ATTRIBUTES: Final = ("segment", "sector", "region", "owner")
CRITERIA: Final = {"revenue": 3.0, "margin": 2.0, "growth": 1.0, "potential": 1.0}  # of a key account, an assumption
FEW: Final = 10  # customers; of so few, shares of the largest 10 or 20 % say nothing
YEAR: Final = 12  # months
_LARGEST_SPLIT: Final = 40  # groups; an attribute with more of them tells nothing on one chart


@dataclass(frozen=True)
class Case:
    """What every section starts from: the ledger, one row per customer, the setting, and the fixed costs if known."""

    sales: Ledger
    table: pd.DataFrame
    setting: Setting
    fixed_costs: float | None = None  # a year

    @cached_property
    def accounts(self) -> pd.DataFrame:
        """The list of key accounts."""
        return keyaccounts.key_accounts(self.table, criteria=_criteria(self.table))

    @cached_property
    def year(self) -> pd.DataFrame:
        """One row per customer of the twelve months to the same day: a stake and fixed costs are those of a year."""
        if self.setting.months == YEAR:
            return self.table
        return customers.table(self.sales, as_of=self.setting.end, months=YEAR)

    @property
    def at_risk(self) -> pd.DataFrame:
        """The accounts that bring anything within the year, so that something could be lost."""
        basis = "margin" if "margin" in self.year else "revenue"
        return self.year[(self.year[basis] > 0).to_numpy()]

    @cached_property
    def record(self) -> churn.Backtest:
        """How the churn models did in the past, over the longest horizon that the ledger lets be tested."""
        return churn.longest_record(self.sales, as_of=self.setting.end)

    @cached_property
    def risk(self) -> pd.DataFrame:
        """The probability of losing each account within the record's horizon."""
        return churn.risk(self.sales, as_of=self.setting.end, horizon=self.record.horizon, record=self.record)

    @cached_property
    def risk_in_a_year(self) -> pd.DataFrame:
        """The same for a year, of which the record may test a part only."""
        if self.record.horizon == churn.HORIZON:
            return self.risk  # need not be reckoned again
        return churn.risk_in_a_year(self.sales, as_of=self.setting.end, record=self.record)

    @property
    def origin_of_risk(self) -> str:
        """A sentence on where the probabilities for a year come from if they were not tested over a year."""
        words = self.setting.words
        if self.record.scores.empty:
            return words.text("The probabilities could not be tested on the past.")
        if self.record.horizon == churn.HORIZON:
            return ""
        return words.text(
            "The probabilities were tested over {days} days; the rest of the year is the purchase model's, and not "
            "tested.",
            days=words.number(self.record.horizon),
        )


@dataclass(frozen=True)
class Section:
    """One question with the exhibits that answer it, and what the data could not carry."""

    key: str
    title: str
    lead: str
    exhibits: tuple[Exhibit, ...]
    skipped: tuple[str, ...] = ()
    figures: dict[str, Any] = field(default_factory=dict)  # its part of report.json


def concentrated(case: Case) -> Section:
    """Answer how concentrated the firm is, how sure that is, and where it is heading."""
    table, setting, words = case.table, case.setting, case.setting.words
    counted = table[table["revenue"] > 0]
    if counted.empty:
        raise KamlibError(f"no customer has net revenue above 0 in the period {setting.period()}.")
    indices = concentration.indices(counted["revenue"])
    shown = [
        exhibits.pareto(table, setting=setting),
        exhibits.lorenz(table, indices=indices, setting=setting),
        exhibits.figures(indices, setting=setting),
    ]
    skipped = []
    history = _history(case)
    if history is None:
        skipped.append(words.text("The ledger is too short to show where concentration is heading."))
    else:
        index = "top_10" if history["customers"].min() > FEW else "top_1"  # of ten, all are always the largest
        shown.append(exhibits.over_time(history, setting=setting, index=index))
    if _reaches_back(table):
        shown.append(exhibits.migration(table, setting=setting))
    else:
        skipped.append(words.text("The ledger does not reach back to the period before, so no changes are shown."))
    if "margin" not in table:
        skipped.append(words.text("The ledger has no cost, so what customers earn is not shown."))
    elif table["margin"].sum() > 0:
        shown.append(exhibits.whale(table, setting=setting))
    else:
        skipped.append(words.text("All customers together earn no contribution margin, so no shares of it are shown."))
    shown += [exhibits.share_by_group(table, by=by, setting=setting) for by in ATTRIBUTES if _splits(counted, by)]
    left_out = table[(table["lines"] > 0) & (table["revenue"] <= 0)]
    figures = {
        "customers": len(counted),
        "customers_not_positive": len(left_out),
        "revenue_not_positive": float(left_out["revenue"].sum()),
        "revenue": float(counted["revenue"].sum()),
    }
    for index, *values in indices[["index", "value", "low", "high"]].itertuples(index=False):
        figures |= {f"{index}{suffix}": value for suffix, value in zip(("", "_low", "_high"), values, strict=True)}
    return Section(
        key="concentration",
        title=words.text("How concentrated are we?"),
        lead=words.text("Few customers bring much of the revenue: how much, how sure is it, where is it heading?"),
        exhibits=tuple(shown),
        skipped=tuple(skipped),
        figures={"concentration": figures},
    )


def _history(case: Case) -> pd.DataFrame | None:
    """Return the indices over time; None where there are not two periods, or no customers in one."""
    try:
        history = concentration.over_time(case.sales, as_of=case.setting.end, months=case.setting.months)
    except KamlibError:
        return None
    return history if len(history["period_end"].unique()) > 1 else None


def listed(case: Case) -> Section:
    """Answer who the key accounts are, by which criteria, and where the firm is the weaker side."""
    table, setting, words, accounts = case.table, case.setting, case.setting.words, case.accounts
    shown = [exhibits.key_accounts(accounts, setting=setting)]
    skipped = []
    if _reaches_back(table):
        start = months_before(setting.end, setting.months)
        before = customers.table(case.sales, as_of=start, months=setting.months)
        changes = keyaccounts.changes(before, table)
        shown.append(exhibits.list_changes(changes, setting=setting))
    else:
        skipped.append(words.text("The ledger does not reach back to the period before, so no changes are shown."))
    matrix = keyaccounts.portfolio(table)
    if len(matrix.filter(regex="^attractiveness_(?!missing)").columns) > 1:
        shown.append(exhibits.portfolio(matrix, setting=setting, accounts=accounts.index))
    else:  # it would be the ranking by revenue once more
        skipped.append(words.text("Of customers only revenue is known, so how attractive they are is not shown."))
    if "margin" in table and not table["margin"].sum() > 0:
        skipped.append(words.text("All customers together earn no contribution margin, so no shares of it are shown."))
    elif case.sales.has("product"):
        bought = customers.by_product(case.sales, as_of=setting.end, months=setting.months)
        shown.append(exhibits.dependence(keyaccounts.dependence(table, bought), setting=setting))
    elif "share_of_wallet" in table:
        shown.append(exhibits.dependence(keyaccounts.dependence(table), setting=setting))
    else:
        skipped.append(
            words.text("The ledger has no products and no share of wallet, so dependence on us is not shown.")
        )
    said = [
        {
            "customer": account,
            "name": row["name"],
            "revenue": row["revenue"],
            "share": row["share"],
            "rank": row["rank"],
            "growth": row.get("growth"),
            "score": row.get("score"),
            "acceptability": row.get("acceptability"),
            "reason": exhibits.reason_of(row, words),
        }
        for account, row in zip(accounts.index, accounts.to_dict("records"), strict=True)
    ]
    return Section(
        key="key_accounts",
        title=words.text("Who are our key accounts?"),
        lead=words.text(
            "The list with its reasons, how far it depends on the weights, and where a customer could do without us."
        ),
        exhibits=tuple(shown),
        skipped=tuple(skipped),
        figures={"key_accounts": said},
    )


def worth(case: Case) -> Section:
    """Answer what customers are worth after their cost."""
    table, setting, words = case.table, case.setting, case.setting.words
    values = keyaccounts.value(table)
    if "margin" not in values and "list_revenue" not in values:
        lacking = words.text("The ledger has neither cost nor list revenue, so what customers are worth is not shown.")
        return nothing("value", words.text("What are they worth to us?"), lacking)
    shown = [exhibits.value(values, setting=setting)]
    skipped = []
    if "margin" in values:
        shown.append(exhibits.worth(values, table, setting=setting))
    else:
        skipped.append(words.text("The ledger has no cost, so what customers earn is not shown."))
    steps = keyaccounts.waterfall(values)
    return Section(
        key="value",
        title=words.text("What are they worth to us?"),
        lead=words.text("From list price to contribution margin, and who loses money after its cost."),
        exhibits=tuple(shown),
        skipped=tuple(skipped),
        figures={"value": dict(zip(steps["step"], steps["amount"], strict=True))},
    )


def bridged(case: Case) -> Section:
    """Answer where revenue came from and went, and where the firm gave in on price."""
    table, setting, words, sales = case.table, case.setting, case.setting.words, case.sales
    title = words.text("What changed, and where did we give in on price?")
    if not _reaches_back(table):
        lacking = words.text("The ledger does not reach back to the period before, so no changes are shown.")
        return nothing("bridge", title, lacking)
    moved = bridge.revenue_bridge(table, as_of=setting.end, months=setting.months)
    total = bridge.retention(table)
    shown = [exhibits.revenue_bridge(moved, setting=setting)]
    # Who came during the period before had no full period then, and would seem to have grown.
    full = table[table["first_purchase"] <= pd.Timestamp(months_before(setting.end, 2 * setting.months))]
    bases = {"cohort": full} | ({"segment": table} if _splits(table, "segment") else {})
    kept = {by: bridge.retention(base, by=by) for by, base in bases.items() if (base["revenue_before"] > 0).any()}
    kept = {by: found for by, found in kept.items() if len(found) > 1}  # of one group there is nothing to compare
    if kept:
        ends = exhibits.retention_ends(*kept.values())  # charts to be compared share a scale
        shown += [exhibits.retention(found, by=by, setting=setting, ends=ends) for by, found in kept.items()]
    skipped = []
    if sales.has("product") and sales.has("quantity"):
        start = months_before(setting.end, setting.months)
        before, now = (customers.by_product(sales, as_of=day, months=setting.months) for day in (start, setting.end))
        shown.append(exhibits.price_volume_mix(bridge.price_volume_mix(before, now), setting=setting))
    else:
        skipped.append(words.text("The ledger has no products or quantities, so price and volume are not told apart."))
    figures = total.iloc[0].to_dict() | bridge.movements(moved)["change"].to_dict()
    conceded: list[Any] = []
    if sales.has("list_revenue"):
        monthly = customers.by_period(sales, as_of=setting.end)
        tested = bridge.concessions(monthly, accounts=case.accounts.index)
        shown.append(exhibits.concessions(tested, table, setting=setting))
        found = tested[tested["since"].notna()]
        conceded = found.rename_axis("customer").reset_index().to_dict("records")
    else:
        skipped.append(words.text("The ledger has no list prices, so concessions are not shown."))
    return Section(
        key="bridge",
        title=title,
        lead=words.text("Revenue from one period to the next: who came, grew, shrank and left; price, volume and mix."),
        exhibits=tuple(shown),
        skipped=tuple(skipped),
        figures={"bridge": figures | {"concessions": conceded}},
    )


def leaving(case: Case) -> Section:
    """Answer who is about to leave or to shrink, and how good such answers were in the past."""
    table, setting, words = case.table, case.setting, case.setting.words
    title = words.text("Who is about to leave?")
    try:
        record, risk = case.record, case.risk
    except KamlibError:
        lacking = words.text("There are too few purchases for a probability of losing a customer.")
        return nothing("churn", title, lacking)
    listed = risk[risk.index.isin(case.accounts.index) & risk["p_loss"].notna()]
    shown, skipped = [], []
    if len(listed):
        shown.append(exhibits.risk_list(listed, table, horizon=record.horizon, setting=setting))
    else:
        skipped.append(words.text("For none of the key accounts can a probability be given within the horizon."))
    if record.scores.empty:
        skipped.append(words.text("The ledger is too short to test the probabilities on the past."))
    else:
        shown += [exhibits.record(record, setting=setting), exhibits.calibration(record, setting=setting)]
    try:
        declining = churn.decline_signals(case.sales, as_of=setting.end)
        shown.append(exhibits.signals(declining, table, setting=setting))
    except KamlibError:
        skipped.append(words.text("The ledger does not reach back two years, so no decline is told from the season."))
    judged = risk[risk["p_loss"].notna()]
    said = judged[["p_loss", "p_low", "p_high", "naive", "reasons"]].rename_axis("customer").reset_index()
    scores = record.scores.rename_axis("model").reset_index()
    return Section(
        key="churn",
        title=title,
        lead=words.text(
            "A probability per account with its reasons, its record on past years, and who declines already."
        ),
        exhibits=tuple(shown),
        skipped=tuple(skipped),
        figures={
            "churn": {
                "horizon_days": record.horizon,
                "model": record.winner,
                "backtest": {
                    "why": record.why,
                    "beats_naive": record.beats_naive,
                    "tested": list(record.tested),
                    "notes": list(record.notes),
                    "scores": scores,
                },
                "customers": said,
            }
        },
    )


def covered(case: Case) -> Section:
    """Answer which accounts are under-served, and what hangs on one person."""
    table, setting, words, sales = case.table, case.setting, case.setting.words, case.sales
    title = words.text("Whom do we neglect?")
    shown, skipped, figures = [], [], {}
    visits = None
    if sales.contacts is None or sales.contacts.empty:
        skipped.append(words.text("There is no contact log, so contacts are not held against a plan."))
    else:
        given: dict[str, Any] = {"as_of": setting.end, "months": setting.months, "customers": sales.customers}
        visits = coverage.coverage(sales.contacts, table, **given)
        shown += [exhibits.overdue(visits, setting=setting), exhibits.attention(visits, setting=setting)]
        late = coverage.overdue_accounts(visits[visits["class"] == coverage.KEY])["days_overdue"]
        figures["overdue"] = [{"customer": account, "days_overdue": days} for account, days in late.items()]
        try:
            promised = coverage.missing_follow_ups(sales.contacts, **given)
            shown.append(exhibits.follow_ups(promised, table, setting=setting))
        except KamlibError:
            skipped.append(words.text("The contact log tells no outcome that promises a follow-up."))
    if "owner" in table:
        shown.append(exhibits.owners(coverage.by_owner(table, covered=visits), table, setting=setting))
    else:
        skipped.append(words.text("No account managers are known, so what hangs on one person is not shown."))
    if not shown:
        return nothing("coverage", title, " ".join(skipped))
    return Section(
        key="coverage",
        title=title,
        lead=words.text(
            "Contacts against a plan and against what is at stake, promises not kept, and what hangs on one person."
        ),
        exhibits=tuple(shown),
        skipped=tuple(skipped),
        figures={"coverage": figures},
    )


def trusted(case: Case) -> Section:
    """Answer whether the figures can be trusted: the account of the reading."""
    words = case.setting.words
    return Section(
        key="audit",
        title=words.text("Can the figures be trusted?"),
        lead=words.text("Every row of the ledger and every cent is either used or listed here."),
        exhibits=(exhibits.audit(case.sales.audit, words=words),),
    )


def nothing(key: str, title: str, lacking: str) -> Section:
    """Return a section that says what the data lack for it."""
    return Section(key, title, "", (), (lacking,), {key: {"skipped": lacking}})


def _reaches_back(table: pd.DataFrame) -> bool:
    return bool((table["revenue_before"] > 0).any())


def _splits(table: pd.DataFrame, by: str) -> bool:
    return by in table and 1 < table[by].nunique() <= _LARGEST_SPLIT


def _criteria(table: pd.DataFrame) -> dict[str, float]:
    known = [c for c in CRITERIA if c in table and pd.api.types.is_numeric_dtype(table[c])]
    return {criterion: CRITERIA[criterion] for criterion in known if table[criterion].notna().any()}
