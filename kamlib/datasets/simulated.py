"""A fictional machine-parts supplier whose secrets are known.

`make_company` draws 42 months of sales, the customer master, the contact log and the fixed costs from a seed. Some
accounts have a story (`PLANTS`); ``truth`` tells it, so that a method can be held against what was planted.
Times inside this module are days since `FIRST`.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from statistics import NormalDist
from typing import Any, Final

import numpy as np
import pandas as pd

from kamlib import checks

FIRST: Final = dt.date(2023, 1, 1)
LAST: Final = dt.date(2026, 6, 30)
SECTORS: Final = {  # and what a German firm of the sector calls itself
    "automotive": "Fahrzeugtechnik", "food machinery": "Lebensmitteltechnik", "packaging": "Verpackungsmaschinen",
    "energy": "Energieanlagen", "chemicals": "Verfahrenstechnik", "construction": "Baumaschinen",
    "medical": "Medizingeräte", "logistics": "Fördertechnik",
}  # fmt: skip
PRODUCT_GROUPS: Final = (
    "Bearings", "Seals", "Gears", "Belts", "Chains", "Couplings", "Valves", "Sensors", "Motors", "Custom",
)  # fmt: skip
REGIONS: Final = {  # the account manager at home there, share of the accounts, how firms there end
    "Germany North": ("Jana Petersen", 0.14, ("{} GmbH", "{} GmbH & Co. KG")),
    "Germany West": ("Murat Öztürk", 0.18, ("{} GmbH", "{} AG")),
    "Germany South": ("Korbinian Maierhofer", 0.20, ("{} GmbH", "{} GmbH & Co. KG")),
    "Germany East": ("Anke Lehnigk", 0.10, ("{} GmbH", "{} KG")),
    "Austria": ("Theresa Gruber-Pölz", 0.12, ("{} GmbH", "{} Ges.m.b.H.")),
    "Switzerland": ("Reto Zgraggen", 0.10, ("{} AG", "{} GmbH")),
    "Netherlands": ("Maaike Terpstra", 0.08, ("Techniek B.V.", "Machines B.V.")),
    "Italy": ("Lucia Bonfadelli", 0.08, ("Meccanica S.r.l.", "Impianti S.p.A.")),
}
_STEMS: Final = {  # beginnings and endings of family names
    "Netherlands": ("Aker Broek Duin Elst Gors Heem Kwel Loos Rijs Sluis Vels", "huizen dijk stra water beek kamp"),
    "Italy": ("Bav Cal Dov Fil Gov Lom Mar Nov Pav Rud Sal Tor", "anelli etti onati ussi avero igiani"),
    "": ("Ahrel Bils Brenz Derg Dorst Eschl Fähl Glem Grims Hölz Ittel Kolm Lüns Morsch Nürt Ostr Pfahl Quern Röth",
         "acker au born brück feld hausen kamp egger loh mann oder rieder rode städt tal wanger weiler wies"),
}  # fmt: skip


def _day(year: int, month: int, day: int = 1) -> int:
    return (dt.date(year, month, day) - FIRST).days


DAYS: Final = (LAST - FIRST).days + 1
_STEP: Final = _day(2025, 1)  # two accounts win better prices
_FALTER: Final = _day(2025, 7)  # one sector begins to falter; half a year later it is down
FALTERING_SECTOR: Final = "automotive"
_FALTERING_RANKS: Final = (4, 9, 17, 26, 40)  # its large accounts; those after the second leave
_CUSTOM_RANKS: Final = (0, 1, 4, 7, 8, 12)  # each has a custom part made for nobody else

# The planted accounts by rank in size (0 is the largest), with what sets them apart from ordinary ones.
PLANTS: Final[dict[str, dict[str, Any]]] = {
    "group_of_three": {
        "rank": 3, "sector": "packaging", "account": "Sandhalden Beteiligungen AG", "growth": 0.01, "entities": 3,
    },
    "silent_churner": {
        "rank": 2, "sector": "food machinery", "account": "Ulmenrieder Lebensmitteltechnik GmbH & Co. KG",
        "interval": 17.0, "regularity": 12.0, "leaves": _day(2026, 3, 10),
    },
    "unprofitable_giant": {
        "rank": 6, "sector": "logistics", "account": "Vördekamp Fördertechnik AG",
        "discount": 0.31, "cost_factor": 1.13, "cost_drift": 0.065, "growth": 0.03,
    },
    "concession_without_volume": {
        "rank": 8, "sector": "energy", "account": "Zirlbrunner Energieanlagen GmbH",
        "discount": 0.12, "discount_step": 0.042, "growth": 0.0, "interval": 7.0, "regularity": 20.0,
    },
    "shrinking_basket": {
        "rank": 11, "sector": "chemicals", "account": "Eschenlohr Verfahrenstechnik GmbH & Co. KG", "growth": 0.0,
        "interval": 11.0, "lines": 9.0, "breadth": 9, "fades_until": DAYS - 60, "fade_days": 400, "narrows_to": 3.4,
    },
    "concession_with_volume": {
        "rank": 13, "sector": "medical", "account": "Tierskamp Medizingeräte AG",
        "discount": 0.11, "discount_step": 0.035, "volume_step": 0.5, "growth": 0.0, "interval": 7.0,
        "regularity": 20.0,
    },
    "neglected_account": {
        "rank": 15, "sector": "construction", "account": "Querntaler Baumaschinen GmbH",
        "visited_until": _day(2025, 3, 20),
    },
    "seasonal": {
        "rank": 22, "sector": "food machinery", "account": "Steirische Obstpresserei Kernegg GmbH", "seasonal": True,
        "interval": 12.0, "regularity": 6.0, "region": "Austria",
    },
    "slow_rhythm": {
        "rank": 34, "sector": "energy", "account": "Kwelwater Gemalen B.V.", "region": "Netherlands",
        "interval": 182.0, "regularity": 2000.0, "phase": 34 / 182, "lines": 20.0, "breadth": 7,
    },
} | {  # their last order comes back in the year after
    f"credit_notes_only_{year}": {
        "rank": rank, "sector": "medical", "interval": 40.0, "regularity": 6.0, "leaves": _day(year - 1, 12, 10),
        "credited_on": _day(year, 1, 15),
    }
    for year, rank in ((2024, 150), (2025, 180), (2026, 210))
}  # fmt: skip
_ENTITIES: Final = ("Wembrich Verpackungsmaschinen GmbH", "Abfülltechnik Seelhofer GmbH", "Lechtal Palettierer AG")


@dataclass(frozen=True)
class Company:
    """A company as its analyst gets it, and what is known about it.

    Attributes
    ----------
    sales, customers, contacts, fixed_costs : DataFrame
        Ledger lines, one row per customer number, one row per contact, one row per year; columns in data/README.md.
    truth : dict
        What was planted: for each story the customers, the account and the figures.
    """

    sales: pd.DataFrame
    customers: pd.DataFrame
    contacts: pd.DataFrame
    fixed_costs: pd.DataFrame
    truth: dict[str, Any]


def make_company(*, seed: int = 7) -> Company:
    """Simulate the company; every seed gives another one with the same stories.

    Parameters
    ----------
    seed : int
        The same seed gives the same company.

    Returns
    -------
    Company
        Amounts in EUR, rounded to cents; dates from 2023-01-01 to 2026-06-30.

    Examples
    --------
    >>> make_company(seed=7).truth["silent_churner"]["account"]
    'Ulmenrieder Lebensmitteltechnik GmbH & Co. KG'
    """
    rng = np.random.default_rng(checks.whole(seed, name="seed", minimum=0))
    firms = _firms(rng, _accounts(rng))
    sales, contacts = _sales(rng, firms), _contacts(rng, firms)
    public = "customer name parent segment sector region owner potential share_of_wallet strategic_fit payment_days"
    customers = firms[public.split()].sort_values("customer", ignore_index=True)
    return Company(sales, customers, contacts, _fixed_costs(sales), _truth(firms, sales))


def _accounts(rng: np.random.Generator) -> pd.DataFrame:
    """Draw the accounts, the largest first: size, sector, life and habits."""
    n = 350
    # Sizes are the quantiles of a lognormal: with this spread a fifth of the accounts brings four fifths of revenue.
    size = np.exp([1.62 * NormalDist().inv_cdf(1 - (i + 0.5) / n) for i in range(n)])
    rank = np.arange(n)
    joins = np.where((rank < 16) | (rng.random(n) < 0.78), -1.0, rng.uniform(20, DAYS - 60, n))
    yearly_loss_rate = np.clip(0.10 * size**-0.2, 0.03, 0.17)
    leaves = np.maximum(joins, 0) + 60 + 365.25 * rng.exponential(1 / yearly_loss_rate)
    sector = rng.choice(list(SECTORS), n)
    sector[list(_FALTERING_RANKS)] = FALTERING_SECTOR
    sector[[0, 1]] = "packaging", "logistics"
    falters = sector == FALTERING_SECTOR
    together = np.isin(rank, _FALTERING_RANKS[2:]) | (falters & (rank > 60) & (rng.random(n) < 0.25))
    joins[together] = -1.0
    leaves[(rank < 16) | (falters & (leaves > _FALTER))] = np.inf
    leaves[together] = rng.uniform(_FALTER + 60, _FALTER + 240, n)[together]
    region = rng.choice(list(REGIONS), n, p=[share for _, share, _ in REGIONS.values()])
    stems = {land: iter(rng.permutation([a + b for a in heads.split() for b in tails.split()]).tolist())
             for land, (heads, tails) in _STEMS.items()}  # fmt: skip
    accounts = pd.DataFrame({
        "account": [next(stems.get(land, stems[""])) for land in region], "story": "", "size": size,
        "sector": sector, "region": region, "segment": rng.choice(["OEM", "Distributor", "Maintenance"], n),
        "entities": 1 + (rng.random(n) < 0.13 * size**0.1) * (1 + (rng.random(n) < 0.25)),
        "joins": joins, "leaves": leaves, "credited_on": np.nan, "visited_until": np.inf, "seasonal": False,
        "pause": np.where((rank > 60) & (rng.random(n) < 0.03), rng.uniform(150, 500, n), np.inf),
        "interval": np.nan, "lines": np.nan, "phase": np.nan,
        "regularity": np.where((rank > 20) & (rng.random(n) < 0.15), 1.2, np.clip(rng.normal(7, 3, n), 2, 25)),
        "growth": rng.normal(0.01, 0.05, n) * ~falters, "falters": rng.uniform(0.17, 0.31, n) * falters,
        "volume_step": 0.0, "discount": np.clip(0.06 + 0.02 * np.log(size) + rng.normal(0, 0.02, n), 0.01, 0.2),
        "discount_drift": np.clip(rng.normal(0.002, 0.004, n), -0.008, 0.009), "discount_step": 0.0,
        "cost_factor": np.exp(rng.normal(0, 0.05, n)) * np.where((rank > 30) & (rng.random(n) < 0.06), 1.6, 1.0),
        "cost_drift": 0.0, "breadth": np.clip(np.rint(3 + 1.1 * np.log(size) + rng.normal(0, 1, n)), 1, 9),
        # Three in four order less often and less broadly before they leave, the others leave without a sign.
        "fades_until": np.where(rng.random(n) < 0.75, leaves, np.inf), "fade_days": np.nan, "thins_to": 0.25,
        "narrows_to": 1.0,
    })  # fmt: skip
    ordinary: dict[str, Any] = {
        "joins": -1.0, "leaves": np.inf, "fades_until": np.inf, "thins_to": 1.0, "falters": 0.0, "pause": np.inf,
        "entities": 1, "region": "Germany South", "segment": "OEM", "discount_drift": 0.0, "cost_factor": 1.0,
        "regularity": 8.0,
    }  # fmt: skip
    for story, plant in PLANTS.items():
        for column, value in (ordinary | plant | {"story": story}).items():
            if column != "rank":
                accounts.loc[plant["rank"], column] = value
    return accounts


def _firms(rng: np.random.Generator, accounts: pd.DataFrame) -> pd.DataFrame:
    """Split the accounts into legal entities, each with a number, a name, an owner and a rhythm of its own."""
    firms = accounts.loc[accounts.index.repeat(accounts["entities"])].reset_index(names="rank")
    n, nth = len(firms), firms.groupby("rank").cumcount().to_numpy()
    share = 1 - nth * np.where(firms["story"] == "", 0.3, 0.03)
    size = firms["size"].to_numpy() * share / pd.Series(share).groupby(firms["rank"]).transform("sum").to_numpy()
    invented = [
        f"{stem} {('', 'Service ', 'Export ')[k]}{REGIONS[land][2][ending].format(SECTORS[sector])}"
        for stem, sector, land, k, ending in zip(
            firms["account"], firms["sector"], firms["region"], nth, rng.integers(0, 2, n), strict=True
        )
    ]
    named = firms["rank"].isin([plant["rank"] for plant in PLANTS.values() if "account" in plant])
    names = firms["account"].where(named, pd.Series(invented))
    names[firms["story"] == "group_of_three"] = _ENTITIES
    parents = (firms["account"] + np.where(named, "", " Gruppe")).where(firms["entities"] > 1, "")
    wallet = np.clip(rng.beta(3, 3, n), 0.1, 0.95)
    known = np.where(rng.random(n) < 0.55, np.clip(wallet + rng.normal(0, 0.05, n), 0.05, 1), np.nan)
    yearly = size * 60e6 / accounts["size"].sum()
    owner = firms["region"].map({land: owner for land, (owner, _, _) in REGIONS.items()})
    anyone = rng.choice(owner.unique(), n)
    firms = firms.assign(
        customer=[f"{10_000 + 7 * number:07d}" for number in rng.permutation(3 * n)[:n].tolist()],
        name=names, parent=parents, account=parents.where(parents != "", names),
        owner=owner.where(rng.random(n) < 0.85, pd.Series(anyone)), yearly=yearly,
        potential=np.rint(yearly / wallet / 1000).clip(1) * 1000, share_of_wallet=known.round(2),
        strategic_fit=np.clip(np.rint(2.6 + 0.35 * np.log(size) + rng.normal(0, 1, n)), 1, 5).astype(np.int64),
        payment_days=rng.choice([14, 30, 45, 60, 90], n, p=[0.15, 0.45, 0.2, 0.15, 0.05]),
        interval=firms["interval"].fillna(
            pd.Series(np.clip(36 * size**-0.33 * np.exp(rng.normal(0, 0.3, n)), 6, 240))),
        lines=firms["lines"].fillna(pd.Series(np.clip(5.0 * size**0.2, 1.2, 12))),
        phase=firms["phase"].fillna(pd.Series(rng.random(n))),
    )  # fmt: skip
    firms["fade_days"] = firms["fade_days"].fillna((8 * firms["interval"]).clip(240, 500))
    return firms


def _arrivals(rng: np.random.Generator, firms: pd.DataFrame) -> pd.DataFrame:
    """Draw events at gamma-distributed intervals while a firm is there: which firm (its row), which day."""
    interval, regularity = (firms[column].to_numpy()[:, None] for column in ("interval", "regularity"))
    width = int(1.5 * DAYS / interval.min()) + 10
    steps = rng.gamma(regularity, interval / regularity, size=(len(firms), width))
    steps[:, 0] *= firms["phase"]
    times = firms["joins"].to_numpy().clip(0)[:, None] + steps.cumsum(axis=1)
    firm, nth = np.nonzero(times < firms["leaves"].to_numpy().clip(max=DAYS)[:, None])
    day = times[firm, nth].astype(np.int64)
    to_weekday = np.array([0, 0, 0, 0, 0, -1, 1])  # Saturdays to Friday, Sundays to Monday
    return pd.DataFrame({"firm": firm, "day": day + to_weekday[(day + FIRST.weekday()) % 7]})


def _dates(day: Any) -> Any:
    return (np.datetime64(FIRST) + np.asarray(day)).astype("datetime64[us]")


def _orders(rng: np.random.Generator, firms: pd.DataFrame) -> pd.DataFrame:
    """Draw the orders: each with the habits of its firm, and how much of a fading firm is ``left`` (1 to 0)."""
    orders = _arrivals(rng, firms).sort_values("day", kind="stable", ignore_index=True)
    orders = orders.join(firms, on="firm")
    day, month = orders["day"], pd.Series(_dates(orders["day"])).dt.month
    orders["left"] = ((orders["fades_until"] - day) / orders["fade_days"]).clip(0, 1)
    placed = rng.random(len(orders)) < orders["thins_to"] + (1 - orders["thins_to"]) * orders["left"]
    placed &= ~orders["seasonal"] | (month >= 9) | (month <= 2)
    placed &= ~day.between(orders["pause"], orders["pause"] + 450)
    return orders[placed].reset_index(names="order")


def _lines(rng: np.random.Generator, firms: pd.DataFrame) -> pd.DataFrame:
    """Draw what is ordered: a firm ranks the product groups and buys those up to its breadth."""
    orders = _orders(rng, firms)
    lines = orders.loc[orders.index.repeat(1 + rng.poisson(orders["lines"] - 1))].reset_index(drop=True)
    n, firm, custom = len(lines), lines["firm"].to_numpy(), len(PRODUCT_GROUPS) - 1
    liking = rng.random((len(firms), len(PRODUCT_GROUPS)))
    liking[:, custom] = np.where(firms["rank"].isin(_CUSTOM_RANKS), 0.25, 2.0)  # 2: for nobody else
    place = (lines["breadth"] * rng.random(n) ** 1.6).astype(np.int64)
    group = liking.argsort(axis=1)[firm, place]
    habit = rng.integers(0, 6, liking.shape)[firm, group]
    part = (habit + (4 * rng.random(n) ** 1.5).astype(np.int64)) % 6
    part = np.where(group == custom, np.searchsorted(_CUSTOM_RANKS, lines["rank"]), part)
    lines["product"] = 6 * group + part
    # A fading firm drops the groups that it likes least first.
    breadth = lines["narrows_to"] + (lines["breadth"] - lines["narrows_to"]) * lines["left"]
    bought = (place < breadth) | (lines["left"] == 1)
    return lines[bought].drop_duplicates(["order", "product"], ignore_index=True)  # an order names a product once


def _sales(rng: np.random.Generator, firms: pd.DataFrame) -> pd.DataFrame:
    """Draw the ledger: lines with quantity, prices and cost, and the credit notes among them."""
    lines = _lines(rng, firms)
    n, day, product = len(lines), lines["day"], lines["product"].to_numpy()
    years = day / 365.25
    base_price = np.exp(rng.uniform(np.log(5), np.log(250), 60)).round(2)
    raised = np.array([[1.0], [1.045], [1.078], [1.11]])  # list prices rise each January
    year = np.searchsorted([_day(2024, 1), _day(2025, 1), _day(2026, 1)], day, side="right")
    lines["list_price"] = (base_price * raised).round(2)[year, product]
    discount = lines["discount"] + lines["discount_drift"] * years + lines["discount_step"] * (day >= _STEP)
    lines["price"] = lines["list_price"] * (1 - (discount + rng.normal(0, 0.012, n)).clip(0, 0.6))
    unit_cost = (base_price * rng.uniform(0.49, 0.65, 60))[product] * 1.03**years
    lines["unit_cost"] = unit_cost * (lines["cost_factor"] + lines["cost_drift"] * years)
    usual = lines["yearly"] * lines["interval"] / 365.25 / lines["lines"] / (1 - lines["discount"])
    value = usual * _demand(rng, lines) * np.exp(rng.normal(-0.125, 0.5, n))
    lines["quantity"] = (value / base_price[product]).round().clip(1).astype(np.int64)

    # Two fifths of the credit notes reverse a line in full, the others a part of it.
    planned = lines["credited_on"].mask(lines.duplicated("firm", keep="last"))
    back_on = planned.fillna(day + 7 * rng.integers(1, 4, n)).astype(np.int64)  # a week to three later
    returned = (rng.random(n) < 0.024) & (back_on < lines["leaves"].clip(upper=DAYS)) | planned.notna()
    part = np.where(rng.random(n) < 0.4, 1.0, rng.uniform(0.1, 0.6, n))
    back = lines.assign(day=back_on, quantity=-np.ceil(lines["quantity"] * part).astype(np.int64))[returned]
    lines = pd.concat([lines.assign(number=80_000_000), back.assign(number=85_000_000)])
    lines = lines.sort_values(["day", "number", "order"], kind="stable", ignore_index=True)
    return pd.DataFrame({
        "customer": lines["customer"], "date": _dates(lines["day"]),
        "order": (lines["number"] + lines["order"]).astype(str), "product": "P" + (1001 + lines["product"]).astype(str),
        "product_group": np.array(PRODUCT_GROUPS)[lines["product"] // 6], "quantity": lines["quantity"],
        "list_revenue": (lines["quantity"] * lines["list_price"]).round(2),
        "revenue": (lines["quantity"] * lines["price"]).round(2),
        "cost": (lines["quantity"] * lines["unit_cost"]).round(2), "currency": "EUR",
    })  # fmt: skip


def _demand(rng: np.random.Generator, lines: pd.DataFrame) -> Any:
    """Return demand relative to a normal day: own growth, the economy, the sector, its season, planted steps."""
    months, names, day = 42, list(SECTORS), lines["day"]
    shocks = rng.normal(0, 1, (months, 1 + len(names))) * ([0.010] + [0.014] * len(names))
    for t in range(1, months):  # monthly factors, in logs, remember most of the month before
        shocks[t] += 0.85 * shocks[t - 1]
    peak, swing = rng.uniform(0, 1, len(names)), rng.uniform(0.04, 0.15, len(names))
    sector = lines["sector"].map({name: i for i, name in enumerate(names)}).to_numpy()
    month = (day * months // DAYS).to_numpy()
    season = 1 + swing[sector] * np.cos(2 * np.pi * (day / 365.25 - peak[sector]))
    falter = 1 - lines["falters"] * ((day - _FALTER) / 182).clip(0, 1)
    step = 1 + lines["volume_step"] * (day >= _STEP)
    common = np.exp(lines["growth"] * day / 365.25 + shocks[month, 0] + shocks[month, 1 + sector])
    return common * season * falter * step


def _contacts(rng: np.random.Generator, firms: pd.DataFrame) -> pd.DataFrame:
    """Draw the contact log: large accounts are seen monthly, small ones yearly; some promises are not kept."""
    rank, silent = firms["rank"], firms["story"] == "silent_churner"
    until = firms[["leaves", "visited_until"]].add([60, 0]).min(axis=1)
    visits = firms.assign(
        interval=np.select([rank < 25, rank < 75, rank < 170], [26.0, 40.0, 95.0], 270.0), regularity=4.0,
        phase=rng.random(len(firms)), leaves=until.mask(silent, np.inf),  # one goes on calling on the silent churner
    )  # fmt: skip
    log = _arrivals(rng, visits)
    n = len(log)
    log["kind"] = rng.choice(["visit", "call", "trade fair", "complaint"], n, p=[0.4, 0.45, 0.06, 0.09])
    settled = rng.choice(["complaint settled", "complaint open"], n, p=[0.85, 0.15])
    outcome = rng.choice(["order", "follow-up agreed", "no result"], n, p=[0.25, 0.35, 0.4])
    log["outcome"] = np.where(log["kind"] == "complaint", settled, outcome)
    kept_on = log["day"] + 7 * rng.integers(1, 4, n)  # the same weekday one to three weeks later
    kept = (log["outcome"] == "follow-up agreed") & (rng.random(n) < 0.75) & (kept_on < DAYS)
    answers = log.assign(day=kept_on, kind="call", outcome=rng.choice(["order", "no result"], n))[kept]
    log = pd.concat([log, answers]).sort_values(["day", "firm"], kind="stable", ignore_index=True)
    log = log.join(firms[["customer", "owner"]], on="firm").assign(date=_dates(log["day"]))
    return log[["customer", "date", "kind", "owner", "outcome"]]


def _fixed_costs(sales: pd.DataFrame) -> pd.DataFrame:
    """Set fixed costs, 3 % dearer each year, so that 7.5 % of the revenue of the three full years are left."""
    full = sales[sales["date"].dt.year < 2026]
    dearer = 1.03 ** np.arange(4)
    first = (0.925 * full["revenue"].sum() - full["cost"].sum()) / dearer[:3].sum()
    return pd.DataFrame({"year": range(2023, 2027), "fixed_costs": (first * dearer).round(-4)})


def _truth(firms: pd.DataFrame, sales: pd.DataFrame) -> dict[str, Any]:
    """Tell what was planted."""
    told: dict[str, Any] = {}
    for story, of in firms[firms["story"] != ""].groupby("story"):
        told[str(story)] = {"account": of["account"].iloc[0], "customers": sorted(of["customer"])}
    sector = firms[firms["sector"] == FALTERING_SECTOR]
    gone = sector[np.isfinite(sector["leaves"]) & (sector["leaves"] > _FALTER)]
    ordered = sales[(sales["customer"] == told["silent_churner"]["customers"][0]) & (sales["quantity"] > 0)]
    facts: dict[str, dict[str, Any]] = {
        "silent_churner": {"last_order": str(ordered["date"].max().date()), "usual_interval_days": 17},
        "shrinking_basket": {"from": "2025-03-28", "groups_before": 9, "groups_after": 4},
        "unprofitable_giant": {"discount": 0.31, "cost_above_usual_2023": 0.13, "cost_added_a_year": 0.065},
        "concession_without_volume": {"from": "2025-01-01", "points": 4.2, "volume_change": 0.0},
        "concession_with_volume": {"from": "2025-01-01", "points": 3.5, "volume_change": 0.5},
        "neglected_account": {"no_contact_after": "2025-04-10"},
        "group_of_three": {"names": list(_ENTITIES)},
        "seasonal": {"orders_in_months": [9, 10, 11, 12, 1, 2]},
        "slow_rhythm": {"usual_interval_days": 182},
    }
    told = {story: told[story] | facts[story] for story in facts}
    by_story = firms.set_index("story")["customer"]
    told["credit_notes_only"] = {story[-4:]: by_story[story] for story in PLANTS if story.startswith("credit")}
    told["faltering_sector"] = {
        "sector": FALTERING_SECTOR, "from": "2025-07-01", "down_by": "2025-12-30",
        "customers": sorted(sector["customer"]), "customers_that_leave": sorted(gone["customer"]),
    }  # fmt: skip
    return told
