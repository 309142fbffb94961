"""What an exhibit is called where there is room for two or three words, such as the tab of a sheet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kamlib.export.characters import legal

if TYPE_CHECKING:
    from kamlib.style import Words


def title(key: str, words: Words) -> str:
    """Return the short title of the exhibit ``key``; an exhibit of one's own is called by its key."""
    known = {
        "pareto": words.text("Pareto"),
        "lorenz": words.text("Lorenz curve"),
        "figures": words.text("Indices"),
        "over_time": words.text("Concentration over time"),
        "migration": words.text("Migration of classes"),
        "whale": words.text("Whale curve"),
        "share_by_segment": words.text("Revenue by segment"),
        "share_by_sector": words.text("Revenue by sector"),
        "share_by_region": words.text("Revenue by region"),
        "share_by_owner": words.text("Revenue by account manager"),
        "key_accounts": words.text("Key accounts"),
        "list_changes": words.text("Changes of the list"),
        "portfolio": words.text("Portfolio"),
        "dependence": words.text("Dependence"),
        "risk_list": words.text("Risk of loss"),
        "churn_record": words.text("Record of the models"),
        "calibration": words.text("Calibration"),
        "signals": words.text("Decline"),
        "board": words.text("Answers for the board"),
        "exposure_curve": words.text("Loss curve"),
        "contributions": words.text("Contributions to the loss"),
        "common_factors": words.text("Common causes"),
        "stake_matrix": words.text("Loss and probability"),
        "stress": words.text("Stress scenarios"),
        "break_even": words.text("Break-even"),
        "retention_budget": words.text("Retention budget"),
        "loss_range": words.text("Range of the loss"),
        "sensitivity": words.text("Sensitivity"),
        "value": words.text("List price to margin"),
        "worth": words.text("Margin by customer"),
        "revenue_bridge": words.text("Revenue bridge"),
        "retention_by_cohort": words.text("Retention by first year"),
        "retention_by_segment": words.text("Retention by segment"),
        "price_volume_mix": words.text("Price, volume, mix"),
        "concessions": words.text("Price concessions"),
        "overdue": words.text("Overdue contacts"),
        "attention": words.text("Attention"),
        "follow_ups": words.text("Follow-ups"),
        "owners": words.text("Account managers"),
        "audit": words.text("Audit of the data"),
    }
    return known.get(key) or legal(key)
