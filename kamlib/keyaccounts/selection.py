"""The list of key accounts: by a cut, by score or by both, why each is on it, and what changed since last year."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from kamlib import checks, concentration
from kamlib.keyaccounts import criteria as scoring

if TYPE_CHECKING:
    from kamlib.keyaccounts.criteria import Criteria

BY: Final = ("cut", "score", "both")
SHARE: Final = 0.8  # where class A ends by custom
SIZE: Final = 25  # as many as a few people can look after; an assumption


@dataclass(frozen=True)
class _Rule:
    """How a list is made; the fields are arguments of `key_accounts`."""

    by: str
    value: str
    share: float | None
    size: int | None
    criteria: Criteria | None
    scaling: str

    def __post_init__(self) -> None:
        checks.choice(self.by, name="by", options=BY)
        if self.by != "cut" and self.criteria is None:
            raise checks.KamlibError(f"by={self.by!r} needs criteria, such as {{'revenue': 2, 'growth': 1}}.")
        if self.share is None and self.size is None:
            raise checks.KamlibError("the list needs an end: give share, size or both.")
        if self.share is not None:
            checks.fraction(self.share, name="share")
        if self.size is not None:
            checks.whole(self.size, name="size")


def abc(
    table: pd.DataFrame,
    *,
    value: str = "revenue",
    shares: tuple[float, float] | None = None,
    counts: tuple[int, int] | None = None,
) -> pd.Series[str]:
    """Return the ABC class of each account, by share of the total or by rank.

    Parameters
    ----------
    table : DataFrame
        One row an account.
    value : str
        Column that is classified, such as revenue or margin.
    shares : (float, float), default (0.8, 0.95) where ``counts`` is not given
        Where A and B end as shares of the total; see `concentration.abc_classes`.
    counts : (int, int), optional
        Where A and B end by rank: (10, 40) makes the ten largest A and the next thirty B.

    Returns
    -------
    Series
        "A", "B", "C", and "none" where the value is not above 0, in the order of ``table``. Equal values get the same,
        better class, so that a class may hold more than its count.

    Examples
    --------
    >>> table = pd.DataFrame({"revenue": [60.0, 20.0, 20.0, 0.0]}, index=["x", "y", "z", "v"])
    >>> abc(table, counts=(1, 2)).to_dict()
    {'x': 'A', 'y': 'B', 'z': 'B', 'v': 'none'}
    """
    checks.columns(table, [value])
    if counts is None:
        return concentration.abc_classes(table[value], shares=shares or concentration.ABC_SHARES)
    if shares is not None:
        raise checks.KamlibError("abc takes either shares or counts, not both; leave one out.")
    if len(counts) != 2 or not 0 < counts[0] < counts[1]:
        raise checks.KamlibError(f"counts must be two rising whole numbers such as (10, 40), got {counts!r}.")
    checks.positive(table[value], name=f"values in {value!r}")
    rank = table[value].rank(ascending=False, method="min")
    classes = np.select([table[value] <= 0, rank <= counts[0], rank <= counts[1]], ["none", "A", "B"], default="C")
    return pd.Series(classes, index=table.index, name="abc", dtype="str")


def key_accounts(
    table: pd.DataFrame,
    *,
    by: str = "cut",
    value: str = "revenue",
    share: float | None = SHARE,
    size: int | None = SIZE,
    criteria: Criteria | None = None,
    scaling: str = "rank",
    seed: int = 0,
) -> pd.DataFrame:
    """Return the list of key accounts, and for each the figures that put it there.

    Parameters
    ----------
    table : DataFrame
        One row an account; those whose ``value`` is not above 0 are no candidates.
    by : {"cut", "score", "both"}
        The largest by ``value``, the best by ``criteria``, or whoever is either.
    share, size
        The cut: the largest that bring ``share`` of the total, but no more than the first ``size``; None lifts a
        limit. A list by score has ``size``, or without it as many as the cut. Equal figures go together.
    criteria, scaling, seed
        As for `score` and `stability`; without criteria there is no score.

    Returns
    -------
    DataFrame
        The best first: name, the value, growth (where known), rank, share, cumulative_share, in_cut, limit (which of
        "share" and "size" ended the cut), reason ("cut", "score", "both"). With criteria: score, score_rank, missing,
        in_score, acceptability, rank_low, rank_high, best_criterion and second_criterion (where it stands out most
        from the mean of the list; the second is missing where it stands out in one at most).

    Examples
    --------
    >>> table = pd.DataFrame({"revenue": [50.0, 30.0, 15.0, 5.0]}, index=["x", "y", "z", "v"])
    >>> key_accounts(table)[["rank", "cumulative_share", "limit", "reason"]]
       rank  cumulative_share  limit reason
    x     1               0.5  share    cut
    y     2               0.8  share    cut
    """
    rated = _rated(table, _Rule(by, value, share, size, criteria, scaling))
    if criteria is not None:
        length = min(size or int(rated["in_cut"].sum()), int(rated["score"].count()))
        candidates = table.loc[rated.index]
        stable = scoring.stability(candidates, criteria=criteria, size=length, scaling=scaling, seed=seed)
        rated = rated.join(stable[["acceptability", "rank_low", "rank_high"]])
    listed = rated[rated["listed"]].drop(columns="listed")
    return listed.sort_values("score_rank", kind="stable") if by == "score" else listed


def _rated(table: pd.DataFrame, rule: _Rule) -> pd.DataFrame:
    """Return every candidate, largest first, with the figures of `key_accounts` and whether it is ``listed``."""
    checks.columns(table, [rule.value])
    scoring.accounts(table)
    candidates = table[checks.numbers(table[rule.value], name=f"values in {rule.value!r}") > 0]
    if candidates.empty:
        raise checks.DataLacks("no account has {value!r} above 0, so there is nobody to list.", value=rule.value)
    candidates = candidates.sort_values(rule.value, ascending=False, kind="stable")
    amount = candidates[rule.value]
    rated = candidates[[column for column in ("name", rule.value, "growth") if column in candidates]].assign(
        rank=amount.rank(ascending=False, method="min").astype(np.int64),
        share=amount / amount.sum(),
        cumulative_share=amount.cumsum() / amount.sum(),
    )
    rated["in_cut"], rated["limit"] = _cut(candidates, rated["rank"], rule)
    in_cut, in_score = rated["in_cut"], pd.Series(data=False, index=rated.index)
    if rule.criteria is not None:
        scores = scoring.score(candidates, criteria=rule.criteria, scaling=rule.scaling)
        scores = scores.rename(columns={"rank": "score_rank"})
        rated = rated.join(scores[["score", "score_rank", "missing"]])
        last = rule.size or int(in_cut.sum())
        rated["in_score"] = in_score = rated["score_rank"].fillna(last + 1).le(last).astype(bool)
    rated["reason"] = np.select([in_cut & in_score, in_cut, in_score], ["both", "cut", "score"], default="")
    rated["listed"] = {"cut": in_cut, "score": in_score, "both": in_cut | in_score}[rule.by]
    if rule.criteria is None:
        return rated
    return rated.join(_best(scores[list(rule.criteria)], rated["listed"]))


def _cut(candidates: pd.DataFrame, rank: pd.Series[int], rule: _Rule) -> tuple[pd.Series[bool], str]:
    """Return who is in the cut, and whether share or size ended it."""
    everybody = pd.Series(data=True, index=candidates.index)
    in_size = everybody if rule.size is None else rank <= rule.size
    if rule.share is None:
        return in_size, "size"
    in_share = abc(candidates, value=rule.value, shares=(rule.share, (1 + rule.share) / 2)) == "A"
    return in_share & in_size, "size" if in_size.sum() < in_share.sum() else "share"


def _best(places: pd.DataFrame, listed: pd.Series[bool]) -> pd.DataFrame:
    """Name the two criteria in which each account stands out most from the mean of the list.

    Its place counts, not the weight: by the heaviest criterion all of the list are good, so it tells them not apart.
    """
    above = places - places[listed.reindex(places.index)].mean()
    order = np.argsort(-above.fillna(-np.inf).to_numpy(), axis=1, kind="stable")
    ranked = np.take_along_axis(above.to_numpy(), order, axis=1)
    told = np.isfinite(ranked) & ((ranked > 0) | (np.arange(ranked.shape[1]) == 0))
    names = np.array(list(places), dtype=object)[order]
    best = pd.DataFrame(names, index=places.index).where(told).reindex(columns=[0, 1]).astype("str")
    return best.set_axis(["best_criterion", "second_criterion"], axis=1)


def changes(
    before: pd.DataFrame,
    now: pd.DataFrame,
    *,
    by: str = "cut",
    value: str = "revenue",
    share: float | None = SHARE,
    size: int | None = SIZE,
    criteria: Criteria | None = None,
    scaling: str = "rank",
) -> pd.DataFrame:
    """Return who entered, left and stayed on the list when one rule is applied to two years, and why.

    Parameters
    ----------
    before, now : DataFrame
        The accounts as of last year and as of now; both lists are made as by `key_accounts`.
    by, value, share, size, criteria, scaling
        As for `key_accounts`.

    Returns
    -------
    DataFrame
        One row for each account on either list, those that entered first, then those that left, the larger value
        first: name, change ("entered", "left", "stayed"), reason, then value, share, rank and, with criteria, score
        and score_rank, each as X_before and X_now (missing for who was no candidate), and growth of the value.
        Reasons to enter: "new" (nothing before), "grew", "others_shrank" (in the cut without having grown) and
        "score_rose" (not in the cut); to leave: "gone" (nothing now), "shrank", "others_grew", "score_fell". Who
        stayed "grew", "shrank" or is "unchanged".

    Examples
    --------
    >>> before = pd.DataFrame({"revenue": [60.0, 40.0, 5.0]}, index=["x", "y", "z"])
    >>> now = pd.DataFrame({"revenue": [60.0, 45.0, 55.0]}, index=["x", "y", "z"])
    >>> changes(before, now, share=None, size=2)[["change", "reason", "rank_before", "rank_now"]]
        change       reason  rank_before  rank_now
    z  entered         grew            3         2
    y     left  others_grew            2         3
    x   stayed    unchanged            1         1
    """
    rule = _Rule(by, value, share, size, criteria, scaling)
    sides = {"before": _rated(before, rule), "now": _rated(now, rule)}
    accounts = sides["now"].index.union(sides["before"].index, sort=False)
    moved = pd.DataFrame(index=accounts)
    for figure in [value, "share", "rank", *(["score", "score_rank"] if criteria is not None else [])]:
        for side, rated in sides.items():
            column = rated[figure].reindex(accounts)
            name = "value" if figure == value else figure
            moved[f"{name}_{side}"] = column.astype("Int64" if figure.endswith("rank") else "float64")
    moved["growth"] = moved["value_now"] / moved["value_before"] - 1
    listed, in_cut = (
        pd.DataFrame({side: rated[flag].reindex(accounts, fill_value=False) for side, rated in sides.items()})
        for flag in ("listed", "in_cut")
    )
    change, reason = _why(moved, listed, in_cut & (by != "score"))
    moved.insert(0, "change", change)
    moved.insert(1, "reason", reason)
    if "name" in now and "name" in before:
        moved.insert(0, "name", now["name"].reindex(accounts).fillna(before["name"].reindex(accounts)))
    moved = moved[listed.any(axis=1)]
    larger = moved[["value_before", "value_now"]].max(axis=1)
    return moved.loc[moved.assign(larger=-larger).sort_values(["change", "larger"], kind="stable").index]


def _why(moved: pd.DataFrame, listed: pd.DataFrame, in_cut: pd.DataFrame) -> tuple[pd.Series[str], pd.Series[str]]:
    """Return what happened to each account and why; who is on the list by its score alone moved by its score."""
    old, new = moved["value_before"].fillna(0.0), moved["value_now"].fillna(0.0)
    entered, left = listed["now"] & ~listed["before"], listed["before"] & ~listed["now"]
    reason = {
        "new": entered & (old == 0),
        "gone": left & (new == 0),
        "score_rose": entered & ~in_cut["now"],
        "score_fell": left & ~in_cut["before"],
        "others_shrank": entered & (new <= old),
        "others_grew": left & (new >= old),
        "grew": new > old,
        "shrank": new < old,
    }
    change = np.select([entered, left], ["entered", "left"], default="stayed")
    why = np.select(list(reason.values()), list(reason), default="unchanged")
    return pd.Series(change, moved.index, dtype="str"), pd.Series(why, moved.index, dtype="str")
