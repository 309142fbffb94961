"""The theory of the day as a deck: exhibits of the shipped company, each with the sentence that it teaches."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from kamlib import checks, datasets, export, report
from kamlib.style import LANGUAGES, Words
from kamlib.workshop import material

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from kamlib.exhibits import Exhibit

# One row an exercise, which these slides sum up; shown before it, they would give its answers away.
ORDER: Final = (
    "audit",
    "pareto", "lorenz", "over_time", "share_by_sector",
    "key_accounts", "dependence", "worth",
    "calibration", "risk_list",
    "exposure_curve", "common_factors",
    "concessions", "attention",
)  # fmt: skip


def slides(path: str | Path, *, language: str = "en") -> Path:
    """Write the deck of the theory to ``path``, a .pptx: native charts, each with its lesson and a question.

    Parameters
    ----------
    path : str or Path
    language : {"en", "de"}

    Returns
    -------
    Path
        The file written.
    """
    checks.choice(language, name="language", options=LANGUAGES)
    fixed = datasets.fixed_costs(as_of=material.AS_OF)
    told = report.build(datasets.read(), as_of=material.AS_OF, language=language, fixed_costs=fixed)
    words = told.setting.words
    title = words.text("Key accounts: what the exercises are about")
    return export.deck(lessons(told.exhibits, words=words), path, title=title)


def lessons(exhibits: Iterable[Exhibit], *, words: Words) -> list[Exhibit]:
    """Return the exhibits that teach something, in the order of the day, each with its lesson and a question.

    The lesson takes the place of the exhibit's own message, which would give away what the exercises look for.
    """
    by_key = {exhibit.key: exhibit for exhibit in exhibits}
    said = _sentences(words)
    return [
        replace(by_key[key], message=said[key][0], note=f"{by_key[key].note} {said[key][1]}".strip()) for key in ORDER
    ]


def _sentences(words: Words) -> dict[str, tuple[str, str]]:
    """Return the lesson of each exhibit, and the question that it puts to the group."""
    return {
        "audit": (
            words.text("No figure is better than the rows behind it"),
            words.text("Who of you has ever been asked why two totals differ?"),
        ),
        "pareto": (
            words.text("Few customers carry a firm; the question is how few"),
            words.text("How many accounts bring 80% in your firm? Write down a number before you count."),
        ),
        "lorenz": (
            words.text("80/20 is a rule of thumb, and only an interval can contradict it"),
            words.text("Where would your own firm's curve run?"),
        ),
        "over_time": (
            words.text("A trend that stays within its band is no trend"),
            words.text("What would you have reported a year ago, with one point and no band?"),
        ),
        "share_by_sector": (
            words.text("A firm that is well spread may still hang on one customer in each of its markets"),
            words.text("What would be left of a market without its largest account?"),
        ),
        "key_accounts": (
            words.text("A list of key accounts is worth as much as the reasons that stand on it"),
            words.text("Who sets the weights in your firm, and who may see them?"),
        ),
        "dependence": (
            words.text("Dependence has two sides, and the weaker one pays"),
            words.text("Above the line we need the customer more. What but the price makes us hard to replace?"),
        ),
        "worth": (
            words.text("Revenue is not profit: a large customer may cost more than it brings"),
            words.text("Which of your largest customers would you look up first?"),
        ),
        "calibration": (
            words.text("A score puts customers in an order; a probability can be held to its word"),
            words.text("Of ten accounts at 20%, two should leave: does your score keep such a word?"),
        ),
        "risk_list": (
            words.text("Silence means something only beside the rhythm in which a customer buys"),
            words.text("For which of your customers are ninety days nothing, and for which the end?"),
        ),
        "exposure_curve": (
            words.text("Nobody lives through the average year: plan for a bad one"),
            words.text("Read from the left: nearly every year costs something. Which loss could you bear?"),
        ),
        "common_factors": (
            words.text("Customers that falter together are dearer than the same ones one at a time"),
            words.text("Ten accounts at 10% lose one a year. And if all of them build cars?"),
        ),
        "concessions": (
            words.text("A concession is paid for each year, whether or not it bought volume"),
            words.text("What did your last concession buy, and would that have come anyway?"),
        ),
        "attention": (
            words.text("Attention follows habit, unless somebody plans it by what is at stake"),
            words.text("The figures show where attention is missing, not why: whom would you ask?"),
        ),
    }  # fmt: skip
