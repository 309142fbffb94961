"""Sliders above one exhibit, for a notebook: move one, and the chart is drawn again."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

import ipywidgets
import numpy as np

from kamlib import checks, style
from kamlib.dashboard import panel

if TYPE_CHECKING:
    from collections.abc import Callable

    from kamlib.exhibits import Exhibit, Lacking
    from kamlib.style import Words

KINDS: Final = ("number", "percent", "money")
_MOST_STEPS: Final = 1000
_EXACT: Final = 9  # decimals at which a step counts as reached


@dataclass(frozen=True)
class Slider:
    """What can be moved, from ``low`` to ``high`` in steps.

    Parameters
    ----------
    value : float
        Where it stands at first; one of the steps.
    low, high, step : float
    label : str
        What it says beside it, in the reader's language; without one the argument's name.
    kind : {"number", "percent", "money"}
        How its values are written; a percentage is a fraction.

    Examples
    --------
    >>> Slider(0.1, 0.0, 0.2, 0.05).values
    (0.0, 0.05, 0.1, 0.15, 0.2)
    """

    value: float
    low: float
    high: float
    step: float
    label: str = ""
    kind: str = "number"

    def __post_init__(self) -> None:
        checks.choice(self.kind, name="kind", options=KINDS)
        if not (self.step > 0 and self.low < self.high <= self.low + _MOST_STEPS * self.step):
            raise checks.KamlibError(
                f"the slider {self.label!r} must go from low to a larger high in up to {_MOST_STEPS} steps above 0; "
                f"got low={self.low!r}, high={self.high!r}, step={self.step!r}."
            )
        if round(self.value, _EXACT) not in self.values:
            raise checks.KamlibError(f"the slider {self.label!r} stands at {self.value!r}, which is none of its steps.")

    @property
    def values(self) -> tuple[float, ...]:
        """All that it can be moved to."""
        steps = int(np.floor((self.high - self.low) / self.step + 1e-9))
        return tuple(round(self.low + n * self.step, _EXACT) for n in range(steps + 1))

    def written(self, value: float, words: Words) -> str:
        """Write ``value`` with as many decimals as the steps have."""
        if self.kind == "money":
            return words.money(value)
        scale = 100 if self.kind == "percent" else 1
        parts = (Decimal(f"{scale * end:.{_EXACT}f}").normalize().as_tuple().exponent for end in (self.low, self.step))
        digits = max(0, *(-int(part) for part in parts))
        return words.percent(value, digits) if self.kind == "percent" else words.number(value, digits)

    def control(self, words: Words, *, label: str = "20em", width: str = "40em") -> ipywidgets.SelectionSlider:
        """Return the slider as a widget that writes its values as the reader of ``words`` does."""
        return ipywidgets.SelectionSlider(
            options=[(self.written(value, words), value) for value in self.values],
            value=round(self.value, _EXACT),
            description=self.label,
            tooltip=self.label,
            continuous_update=False,
            style={"description_width": label},
            layout={"width": width, "max_width": "100%"},
        )


def explore(draw: Callable[..., Exhibit | Lacking], /, **sliders: Slider) -> ipywidgets.VBox:
    """Show an exhibit below sliders, and draw it again whenever one of them is moved.

    Parameters
    ----------
    draw : callable
        Takes a value for each slider by keyword and returns an `Exhibit`, or what is `Lacking`. What does not depend
        on the sliders is best reckoned before, for a move ought to be answered within half a second.
    **sliders : Slider
        By the name of the argument.

    Returns
    -------
    VBox
        The sliders, and below them the exhibit in an HTML widget; input that can't be used is said in one sentence.

    Examples
    --------
    >>> import pandas as pd
    >>> from kamlib import exhibits
    >>> table = pd.DataFrame({"name": list("xyz"), "revenue": [60.0, 30.0, 10.0]})
    >>> here = exhibits.Setting("2025-12-31")
    >>> box = explore(lambda n: exhibits.pareto(table.head(n), setting=here), n=Slider(3, 2, 3, 1, "Customers"))
    >>> control, view = box.children
    >>> before, control.value = view.value, 2
    >>> view.value == before
    False
    """
    if not sliders:
        raise checks.KamlibError("explore needs at least one slider, such as share=Slider(0.8, 0.5, 0.95, 0.05).")
    given: dict[str, Any] = {name: slider.value for name, slider in sliders.items()}
    view = ipywidgets.HTML()
    words = _show(draw, given, view, style.ENGLISH)
    controls = {name: slider.control(words) for name, slider in _named(sliders).items()}

    def redraw(_: object) -> None:
        _show(draw, {name: control.value for name, control in controls.items()}, view, words)

    for control in controls.values():
        control.observe(redraw, names="value")
    return ipywidgets.VBox([*controls.values(), view])


def _named(sliders: dict[str, Slider]) -> dict[str, Slider]:
    return {n: slider if slider.label else replace(slider, label=n.replace("_", " ")) for n, slider in sliders.items()}


def _show(draw: Callable[..., Exhibit | Lacking], given: dict[str, Any], view: ipywidgets.HTML, words: Words) -> Words:
    """Show what ``draw`` makes of the values given, and return its words; ``words`` tell what can't be used."""
    try:
        shown = draw(**given)
        view.value = panel.exhibit(shown)
    except checks.KamlibError as error:
        view.value = panel.sentence(words.lacking(error), meaning="fault")
        return words
    return shown.words
