from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kamlib import checks, coverage, customers, datasets, ledger

if TYPE_CHECKING:
    from kamlib.ledger import Ledger

AS_OF = "2025-12-31"  # twelve months: 2025-01-01 to 2025-12-31, 365 days

MASTER = pd.DataFrame({"customer": ["x1", "x2", "y"], "account": ["X", "X", "Y"]})
TABLE = pd.DataFrame(
    {
        "name": ["Xanten", "Ypern", "Zabern", "Nancy"],
        "owner": ["Ann", "Ann", "Bob", "Bob"],
        "revenue": [80.0, 15.0, 5.0, -3.0],  # A up to 80 of 100, B up to 95, C the rest; N is no customer
        "margin": [40.0, -5.0, 2.0, -1.0],
    },
    index=pd.Index(["X", "Y", "Z", "N"], name="account"),
)


def log(*rows: tuple[str, str, str | None]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["customer", "date", "owner"]).astype({"owner": "str"})
    return frame.assign(date=pd.to_datetime(frame["date"]))


CONTACTS = log(
    ("x1", "2025-01-10", "Ann"),
    ("x2", "2025-11-20", "Ann"),
    ("y", "2025-06-01", "Bob"),
    ("y", "2025-12-01", "Ann"),
    ("Z", "2024-06-30", "Ann"),  # before the period; not in the master, so its own account
    ("prospect", "2025-03-01", "Ann"),  # no account yet
)


@pytest.fixture
def covered() -> pd.DataFrame:
    return coverage.coverage(CONTACTS, TABLE, as_of=AS_OF, customers=MASTER)


@pytest.fixture(scope="module")
def company() -> Ledger:
    files = datasets.company_files()
    return ledger.read(files.sales, customers=files.customers, contacts=files.contacts)


@pytest.fixture(scope="module")
def accounts(company: Ledger) -> pd.DataFrame:
    return customers.table(company, as_of=company.last_day)


@pytest.fixture(scope="module")
def company_covered(company: Ledger, accounts: pd.DataFrame) -> pd.DataFrame:
    return coverage.coverage(company.contacts, accounts, as_of=company.last_day, customers=company.customers)


# --- coverage ---------------------------------------------------------------------------------------------------------


def test_contacts_are_held_against_the_plan_of_the_class(covered: pd.DataFrame) -> None:
    assert covered["class"].to_dict() == {"X": "A", "Y": "B", "Z": "C", "N": "none"}
    assert covered["contacts"].tolist() == [2, 2, 0, 0]
    assert covered["planned"].tolist() == [12, 4, 1, 0]
    assert covered["gap"].tolist() == [10, 2, 1, 0]
    assert covered["interval"].tolist() == [31, 92, 365, pd.NA]  # 365/12 = 30.4, 365/4 = 91.25, 365/1, rounded up


def test_overdue_is_who_has_waited_longer_than_the_plan_allows(covered: pd.DataFrame) -> None:
    # X: 20 November to 31 December are 41 days. Y: 1 to 31 December. Z: 184 days to the end of 2024, and 365.
    assert covered["days_since_contact"].tolist() == [41, 30, 549, pd.NA]
    assert covered["days_overdue"].tolist() == [41 - 31, 0, 549 - 365, 0]
    assert covered["overdue"].tolist() == [True, False, True, False]
    assert covered["last_contact"].dt.strftime("%Y-%m-%d").tolist()[:3] == ["2025-11-20", "2025-12-01", "2024-06-30"]


def test_the_day_on_which_the_interval_ends_is_not_yet_too_late() -> None:
    contacts = log(("X", "2025-11-30", "Ann"))
    assert not coverage.coverage(contacts, TABLE, as_of="2025-12-31").loc["X", "overdue"]  # 31 days
    assert coverage.coverage(contacts, TABLE, as_of="2026-01-01").loc["X", "days_overdue"] == 1


def test_shares_of_contacts_stand_beside_shares_of_revenue_and_margin(covered: pd.DataFrame) -> None:
    assert covered["share_of_contacts"].tolist() == [2 / 4, 2 / 4, 0, 0]  # the prospect's is not among them
    np.testing.assert_allclose(covered["share_of_revenue"], [80 / 100, 15 / 100, 5 / 100, np.nan])
    np.testing.assert_allclose(covered["share_of_margin"], [40 / 36, np.nan, 2 / 36, np.nan])  # of 40 - 5 + 2 - 1


def test_where_margins_sum_to_nothing_there_are_no_shares_of_them() -> None:
    losing = coverage.coverage(CONTACTS, TABLE.assign(margin=[40.0, -50.0, 2.0, -1.0]), as_of=AS_OF)
    assert "share_of_margin" not in losing
    assert losing["share_of_revenue"]["X"] == 0.8


def test_who_alone_knows_an_account(covered: pd.DataFrame) -> None:
    assert covered["people"].tolist() == [1, 2, 0, 0]
    assert covered["sole_contact"].fillna("").tolist() == ["Ann", "", "", ""]
    unsigned = pd.concat([CONTACTS, log(("x1", "2025-05-05", None))])
    later = coverage.coverage(unsigned, TABLE, as_of=AS_OF, customers=MASTER)
    assert later.loc["X", ["contacts", "people"]].tolist() == [3, 1]
    assert pd.isna(later.loc["X", "sole_contact"])  # it may have been somebody else


def test_a_plan_begins_with_the_first_purchase_or_with_the_log() -> None:
    # X came on 2 July: 183 of 365 days. Y bought long before, but the log begins on 1 February: 334 days.
    table = TABLE.assign(first_purchase=pd.to_datetime(["2025-07-02", "2020-01-01", "2025-12-20", None]))
    covered = coverage.coverage(log(("Y", "2025-02-01", "Ann")), table, as_of=AS_OF)
    np.testing.assert_allclose(covered["planned"], [12 * 183 / 365, 4 * 334 / 365, 12 / 365, 0])
    # Nobody ever saw X, who waits for 182 days, nor Z, who has been here for 11 of the 365 that its plan allows.
    assert covered["days_since_contact"].isna().tolist() == [True, False, True, True]
    assert covered["days_overdue"].tolist() == [182 - 31, 333 - 92, 0, 0]


def test_the_period_plan_and_classes_are_arguments() -> None:
    half = coverage.coverage(CONTACTS, TABLE, as_of=AS_OF, months=6, customers=MASTER)
    assert half["contacts"].tolist() == [1, 1, 0, 0]  # from 1 July on
    assert half["planned"].tolist() == [6, 2, 0.5, 0]
    own = coverage.coverage(
        CONTACTS, TABLE, as_of=AS_OF, customers=MASTER, plan={"key": 2}, classes=pd.Series({"Z": "key", "Y": "other"})
    )
    assert own["class"].tolist() == ["none", "other", "key", "none"]
    assert own["planned"].tolist() == [0, 0, 2, 0]
    assert own["overdue"].tolist() == [False, False, True, False]


def test_a_year_without_a_single_contact_is_told_too() -> None:
    covered = coverage.coverage(log(("X", "2024-12-31", "Ann")), TABLE, as_of=AS_OF)
    assert covered[["contacts", "people"]].sum().tolist() == [0, 0]
    assert covered["share_of_contacts"].tolist() == [0, 0, 0, 0]
    assert covered["days_overdue"].tolist() == [365 - 31, 365 - 92, 0, 0]
    assert coverage.by_sole_contact(covered).empty


def test_a_table_without_costs_names_or_owners_will_do() -> None:
    covered = coverage.coverage(CONTACTS[["customer", "date"]], TABLE[["revenue"]], as_of=AS_OF, customers=MASTER)
    assert {"margin", "share_of_margin", "name", "owner", "people", "sole_contact"}.isdisjoint(covered)
    assert coverage.overdue_accounts(covered).index.tolist() == ["X", "Z"]


def test_the_overdue_list_begins_where_most_is_at_stake(covered: pd.DataFrame) -> None:
    turned = covered.assign(margin=[1.0, 2.0, 3.0, 4.0])
    assert coverage.overdue_accounts(turned).index.tolist() == ["Z", "X"]
    assert coverage.overdue_accounts(turned.drop(columns="margin")).index.tolist() == ["X", "Z"]


days = st.dates(min_value=dt.date(2024, 1, 1), max_value=dt.date(2027, 12, 31))
visits = st.tuples(st.sampled_from(["x1", "x2", "y", "Z", "N"]), days, st.sampled_from(["callback", "order"]))


@settings(max_examples=40)
@given(st.lists(visits, max_size=20), days)
def test_nothing_after_the_day_changes_anything(rows: list[tuple[str, dt.date, str]], as_of: dt.date) -> None:
    rows = [("x1", as_of, "callback"), *rows]
    contacts = pd.DataFrame(rows, columns=["customer", "date", "outcome"]).assign(owner="Ann")
    known = contacts[contacts["date"] <= as_of]
    for function in (
        lambda log: coverage.coverage(log, TABLE, as_of=as_of, customers=MASTER),
        lambda log: coverage.missing_follow_ups(log, as_of=as_of, customers=MASTER),
    ):
        pd.testing.assert_frame_equal(function(contacts), function(known))


# --- follow-ups -------------------------------------------------------------------------------------------------------


def follow_ups(*rows: tuple[str, str, str], **arguments: Any) -> list[tuple[str, int]]:
    contacts = pd.DataFrame(rows, columns=["customer", "date", "outcome"])
    found = coverage.missing_follow_ups(contacts, as_of=AS_OF, **arguments)
    return list(zip(found["account"], found["days_late"], strict=True))


def test_a_promise_is_kept_by_any_contact_within_the_days_allowed() -> None:
    agreed = "follow-up agreed"
    assert follow_ups(("7", "2025-03-01", agreed), ("7", "2025-03-31", "order")) == []  # the thirtieth day
    assert follow_ups(("7", "2025-03-01", agreed), ("7", "2025-04-01", "order")) == [("7", 1)]
    assert follow_ups(("7", "2025-03-01", agreed), ("7", "2025-04-01", "order"), within=31) == []
    assert follow_ups(("7", "2025-03-01", agreed), ("8", "2025-03-05", "order")) == [("7", 275)]  # 31 March to the end
    # A call on the same day is the same contact, and one that promises again keeps the first promise.
    assert follow_ups(("7", "2025-12-01", agreed), ("7", "2025-12-01", "order")) == []  # due on the very last day
    assert follow_ups(("7", "2025-11-30", agreed), ("7", "2025-11-30", "order")) == [("7", 1)]
    assert follow_ups(("7", "2025-11-01", agreed), ("7", "2025-11-20", agreed)) == [("7", 11)]


def test_the_longest_overdue_come_first_and_only_those_promised_in_the_period() -> None:
    rows = [("7", "2025-10-01", "call back"), ("8", "2025-09-01", "call back"), ("9", "2024-12-31", "call back")]
    assert follow_ups(*rows) == [("8", 91), ("7", 61)]
    assert follow_ups(*rows, months=13)[0] == ("9", 335)


def test_another_company_of_the_group_keeps_the_promise() -> None:
    rows = (("x1", "2025-03-01", "Wiedervorlage"), ("x2", "2025-03-05", "Auftrag"))
    assert follow_ups(*rows) == [("x1", 275)]
    assert follow_ups(*rows, customers=MASTER) == []


def test_due_and_next_contact_are_told() -> None:
    contacts = CONTACTS.assign(outcome="Follow up by phone", kind="visit")
    found = coverage.missing_follow_ups(contacts, as_of=AS_OF, customers=MASTER)
    assert list(found) == [
        "account",
        "customer",
        "date",
        "owner",
        "outcome",
        "kind",
        "due",
        "next_contact",
        "days_late",
    ]
    x = found[found["account"] == "X"]
    assert x["due"].dt.strftime("%Y-%m-%d").tolist() == ["2025-02-09", "2025-12-20"]
    assert x["next_contact"].dt.strftime("%Y-%m-%d").fillna("").tolist() == ["2025-11-20", ""]


@pytest.mark.parametrize("words", ["Follow-up agreed", "FOLLOW UP in May", "wants a callback", "Rückruf zugesagt",
                                   "Nachfassen KW 12", "Wiedervorlage", "Termin vereinbart"])  # fmt: skip
def test_words_that_promise(words: str) -> None:
    assert follow_ups(("7", "2025-03-01", words)) == [("7", 275)]


@pytest.mark.parametrize(
    "words", ["order", "no follow-up", "Kein Rückruf nötig", "ohne Wiedervorlage", "no result", ""]
)
def test_words_that_promise_nothing(words: str) -> None:
    assert follow_ups(("7", "2025-03-01", words), ("8", "2025-03-01", "follow-up agreed")) == [("8", 275)]


def test_ones_own_words() -> None:
    assert follow_ups(("7", "2025-03-01", "WV (KW 12)"), promises=["wv ("]) == [("7", 275)]  # no pattern, just words
    with pytest.raises(checks.KamlibError, match=r"no outcome .* they say 'WV', 'Auftrag'; name the words"):
        follow_ups(("7", "2025-03-01", "WV"), ("7", "2025-03-02", "Auftrag"))
    with pytest.raises(checks.KamlibError, match="no outcome"):
        follow_ups(("7", "2025-03-01", "follow-up agreed"), promises=[])


# --- who it hangs on --------------------------------------------------------------------------------------------------


def test_what_hangs_on_each_account_manager(covered: pd.DataFrame) -> None:
    table = TABLE.assign(owner=["Ann", "Ann", None, "Bob"])
    found = coverage.by_owner(table, covered=covered).set_index("owner")
    assert found.index.tolist() == ["Ann", ""]  # Bob has nobody with revenue
    assert found.loc["Ann", ["accounts", "key_accounts", "revenue", "margin"]].tolist() == [2, 1, 95, 35]
    assert found.loc["Ann", "share"] == 95 / 100
    assert found.loc["Ann", ["largest_account", "largest_account_share"]].tolist() == ["X", 80 / 95]
    assert found["contacts"].tolist() == [4, 0]
    assert found["contacts_per_account"].tolist() == [2, 0]
    assert found["overdue_accounts"].tolist() == [1, 1]
    assert found["overdue_revenue"].tolist() == [80, 5]


def test_without_contacts_the_account_managers_are_told_apart_all_the_same() -> None:
    found = coverage.by_owner(TABLE.drop(columns="margin"), classes=pd.Series({"Z": "A"}))
    assert list(found) == ["owner", "accounts", "key_accounts", "revenue", "share", "largest_account",
                           "largest_account_share"]  # fmt: skip
    assert found["key_accounts"].tolist() == [0, 1]
    assert found["share"].sum() == 1


def test_what_one_person_would_take_along(covered: pd.DataFrame) -> None:
    # Ann alone knows X; Y knows both; nobody saw Z in the period; N has no revenue.
    found = coverage.by_sole_contact(covered)
    assert found.to_dict("records") == [
        {"person": "Ann", "accounts": 1, "key_accounts": 1, "revenue": 80, "share": 80 / 100, "largest_account": "X"}
    ]


# --- the shipped company ----------------------------------------------------------------------------------------------


def test_the_neglected_account_is_the_most_overdue_key_account_by_far(company_covered: pd.DataFrame) -> None:
    truth = json.loads(datasets.company_files().truth.read_text(encoding="utf-8"))["neglected_account"]
    late = company_covered[company_covered["class"] == "A"].sort_values("days_overdue", ascending=False)
    assert late["name"].iloc[0] == truth["account"]
    assert late["days_overdue"].iloc[0] > 3 * late["days_overdue"].iloc[1]
    assert late["last_contact"].iloc[0] <= pd.Timestamp(truth["no_contact_after"])
    # The only key account without a contact in a year, and on the list that a manager gets.
    assert late.index[late["contacts"] == 0].tolist() == [late.index[0]]
    assert truth["account"] in set(coverage.overdue_accounts(company_covered)["name"])


def test_every_contact_of_the_period_is_counted_once(company: Ledger, company_covered: pd.DataFrame) -> None:
    assert company.contacts is not None
    account_of = dict(zip(company.customers["customer"], company.customers["account"], strict=True))
    counted: dict[str, int] = {}
    for customer, day in zip(company.contacts["customer"], company.contacts["date"], strict=True):
        if pd.Timestamp("2025-07-01") <= day <= pd.Timestamp("2026-06-30"):
            counted[account_of[customer]] = counted.get(account_of[customer], 0) + 1
    assert company_covered["contacts"].to_dict() == {a: counted.get(a, 0) for a in company_covered.index}
    assert company_covered["share_of_contacts"].sum() == pytest.approx(1)
    owners = coverage.by_owner(company_covered, covered=company_covered)
    assert owners["revenue"].sum() == pytest.approx(company_covered["revenue"].clip(lower=0).sum())
    assert owners["share"].sum() == pytest.approx(1)


def test_follow_ups_by_a_slower_way(company: Ledger) -> None:
    assert company.contacts is not None
    contacts = company.contacts.tail(1500)
    account_of = dict(zip(company.customers["customer"], company.customers["account"], strict=True))
    rows = [(account_of[c], d, o) for c, d, o in contacts[["customer", "date", "outcome"]].itertuples(index=False)]
    end = pd.Timestamp("2026-06-30")
    expected = []
    for account, day, outcome in rows:
        later = [d for a, d, _ in rows if a == account and day < d]
        late = (min(later, default=end) - day).days - 30
        if outcome == "follow-up agreed" and day > pd.Timestamp("2025-06-30") and late > 0:
            expected.append((account, day, late))
    found = coverage.missing_follow_ups(contacts, as_of=end, customers=company.customers)
    assert sorted(found[["account", "date", "days_late"]].itertuples(index=False, name=None)) == sorted(expected)
    assert expected


# --- what can't be used -----------------------------------------------------------------------------------------------


def test_without_contacts_one_sentence_says_so() -> None:
    for function in (lambda c: coverage.coverage(c, TABLE, as_of=AS_OF),
                     lambda c: coverage.missing_follow_ups(c, as_of=AS_OF)):  # fmt: skip
        with pytest.raises(checks.KamlibError, match=r"^there is no contact log; give one with .*\.$"):
            function(None)
        with pytest.raises(checks.KamlibError, match="no contact up to 2025-12-31"):
            function(log(("x1", "2026-01-01", "Ann")))
        with pytest.raises(checks.KamlibError, match="2 of 3 contacts lack a customer or a date"):
            function(pd.DataFrame({"customer": ["x1", "x2", None], "date": ["soon", "2025-01-01", "2025-01-01"]}))
        with pytest.raises(checks.KamlibError, match="contacts lacks the column 'date'"):
            function(pd.DataFrame({"customer": ["x1"]}))


def test_what_a_log_or_a_table_lacks_is_named(covered: pd.DataFrame) -> None:
    with pytest.raises(checks.KamlibError, match="contacts lacks the column 'outcome'"):
        coverage.missing_follow_ups(CONTACTS, as_of=AS_OF)
    with pytest.raises(checks.KamlibError, match="table lacks the column 'owner'"):
        coverage.by_owner(TABLE.drop(columns="owner"))
    with pytest.raises(checks.KamlibError, match="covered lacks the column 'sole_contact'"):
        coverage.by_sole_contact(covered.drop(columns="sole_contact"))
    with pytest.raises(checks.KamlibError, match="customers lacks the column 'account'"):
        coverage.coverage(CONTACTS, TABLE, as_of=AS_OF, customers=MASTER[["customer"]])
    with pytest.raises(checks.KamlibError, match="nothing that could be concentrated"):
        coverage.by_owner(TABLE.assign(revenue=0.0))


@pytest.mark.parametrize("plan", [{}, {"A": -1.0}, {"A": 0.0}, {"A": 12.0, "B": -4.0}])
def test_a_plan_says_contacts_a_year(plan: dict[str, float]) -> None:
    with pytest.raises(checks.KamlibError, match="plan must say contacts a year by class"):
        coverage.coverage(CONTACTS, TABLE, as_of=AS_OF, plan=plan)


def test_arguments_are_left_as_they_were(covered: pd.DataFrame) -> None:
    contacts, classes = CONTACTS.assign(outcome="callback"), pd.Series({"X": "A"})
    given = (contacts, TABLE, MASTER, classes, covered)
    before = [one.copy(deep=True) for one in given]
    coverage.coverage(contacts, TABLE, as_of=AS_OF, customers=MASTER, classes=classes)
    coverage.missing_follow_ups(contacts, as_of=AS_OF, customers=MASTER)
    coverage.by_owner(TABLE, covered=covered, classes=classes)
    coverage.by_sole_contact(covered)
    coverage.overdue_accounts(covered)
    for one, copy in zip(given, before, strict=True):
        assert one.equals(copy)
