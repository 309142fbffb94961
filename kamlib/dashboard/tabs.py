"""The three tabs of the dashboard: controls on the left, and what follows from them on the right."""

from __future__ import annotations

import logging
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import ipywidgets

from kamlib.checks import KamlibError
from kamlib.dashboard import panel
from kamlib.dashboard.explore import Slider
from kamlib.dashboard.model import FORMATS, Weighting, files
from kamlib.dashboard.outcome import Assumptions
from kamlib.exhibits.keyaccounts import criterion_title

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kamlib.dashboard.model import Model
    from kamlib.dashboard.outcome import Outcome
    from kamlib.exhibits import Exhibit, Setting
    from kamlib.style import Words

LOG: Final = logging.getLogger(__name__)
_SIDE: Final = "30em"  # what the controls take of the screen's width
_WEIGHTS: Final = (0.0, 5.0, 0.5)
_SIZES: Final = (5, 50, 1)


@dataclass(frozen=True)
class Desk:
    """What all tabs work on: the model, the reader's language, and the line that tells what is being done."""

    model: Model
    language: str
    status: ipywidgets.HTML

    @property
    def setting(self) -> Setting:
        """The setting of the exhibits."""
        return self.model.setting(self.language)

    @property
    def words(self) -> Words:
        """Texts and numbers in the reader's language."""
        return self.setting.words

    def tell(self, doing: str) -> None:
        """Say what is being done."""
        self.status.value = panel.sentence(self.words.text("Working: {doing} ...", doing=doing), meaning="work")

    @contextmanager
    def answering(self, doing: str = "", *, views: tuple[ipywidgets.HTML, ...] = ()) -> Iterator[None]:
        """Say what is being done meanwhile, and afterwards nothing or, in one sentence, why it can't be done.

        That sentence takes the place of what the first of ``views`` shows, for it is no answer to the controls any
        more; the others are emptied. Without views, it stands where was said what is being done.
        """
        if doing:
            self.tell(doing)
        fault = ""
        try:
            yield
        except KamlibError as error:
            fault = self.words.lacking(error)
        except Exception:
            LOG.exception("the dashboard could not answer")
            fault = self.words.text(
                "Something went wrong that nobody foresaw: undo the last change, and if that does not help, load the "
                "page anew; the log tells more."
            )
        finally:  # whoever stops the work by hand ends it, too
            self.status.value = ""
        if fault:
            told, *others = views or (self.status,)
            told.value = panel.sentence(fault, meaning="fault")
            for other in others:
                other.value = ""


class Tab:
    """Controls beside what they move; moves while it is ``quiet`` are answered once, at its end."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.view = ipywidgets.HTML(layout={"flex": "1 1 0", "min_width": "20em"})
        self._quiet = False

    def beside(self, *controls: ipywidgets.Widget) -> ipywidgets.HBox:
        """Return the box that holds both."""
        side = ipywidgets.VBox(controls, layout={"width": _SIDE, "flex": f"0 0 {_SIDE}"})
        return ipywidgets.HBox([side, self.view], layout={"align_items": "flex-start"})

    def follow(self, *controls: ipywidgets.Widget) -> None:
        """Answer whenever one of the controls is moved."""
        for control in controls:
            control.observe(self._moved, names="value")

    def _moved(self, _: object) -> None:
        if not self._quiet:
            self.answer()

    @contextmanager
    def quiet(self) -> Iterator[None]:
        """Move several controls at once."""
        self._quiet = True
        try:
            yield
        finally:
            self._quiet = False
        self.answer()

    def answer(self) -> None:
        """Show what follows from the controls."""
        raise NotImplementedError


def slider(label: str, value: float, ends: tuple[float, float, float], words: Words, kind: str = "number") -> Any:
    """Return a slider for the left side; what it begins at may lie between its steps."""
    low, high, step = ends
    at = min(max(low, low + round((value - low) / step) * step), high)
    return Slider(at, low, high, step, label, kind).control(words, label="15em", width="29em")


class KeyAccounts(Tab):
    """The list of key accounts and how far it hangs on the weights."""

    def __init__(self, desk: Desk, *, weighting: Weighting | None = None) -> None:
        super().__init__(desk)
        words, start = desk.words, desk.model.start
        shown = weighting or start
        own = desk.model.own_criteria
        low, high, step = _WEIGHTS
        self.sliders = {
            criterion: slider(
                criterion_title(criterion, words), weight, (-high if criterion in own else low, high, step), words
            )
            for criterion, weight in shown.weights
        }
        self.by = ipywidgets.Dropdown(
            options=[
                (words.text("the best by score"), "score"),
                (words.text("the largest by revenue"), "cut"),
                (words.text("whoever is either"), "both"),
            ],
            value=shown.by,
            description=words.text("On the list"),
            style={"description_width": "15em"},
            layout={"width": "28em"},
        )
        self.size = slider(words.text("Accounts at most"), shown.size, _SIZES, words)
        self.reset = ipywidgets.Button(description=words.text("As at the start"), layout={"margin": "4px 0 0 15.5em"})
        self.reset.on_click(lambda _: self._restart())
        heading = panel.sentence(words.text("Weights of the score; 0 leaves a criterion out, below 0 less is better."))
        self.box = self.beside(ipywidgets.HTML(heading), *self.sliders.values(), self.by, self.size, self.reset)
        for control in self.sliders.values():
            control.observe(self._weigh, names="value")
        self.follow(self.by, self.size)
        self.answer()

    @property
    def weighting(self) -> Weighting:
        """How the list is made now."""
        weights = tuple((criterion, float(control.value)) for criterion, control in self.sliders.items())
        return Weighting(weights, by=self.by.value, size=int(self.size.value))

    def _weigh(self, _: object) -> None:
        """Answer to a weight: none moves the largest by revenue, so whoever moves one asks for the best by score."""
        if self._quiet:
            return
        with self.quiet():
            if self.by.value == "cut":
                self.by.value = "score"

    def _restart(self) -> None:
        start = self.desk.model.start
        with self.quiet():
            for criterion, weight in start.weights:
                self.sliders[criterion].value = weight
            self.by.value, self.size.value = start.by, start.size

    def answer(self) -> None:
        """Show the list under the weights, with its stability."""
        with self.desk.answering(views=(self.view,)):
            shown = self.desk.model.list_exhibit(self.weighting, language=self.desk.language)
            moved = self.desk.model.moved(shown, words=self.desk.words)
            self.view.value = panel.sentence(moved) + panel.exhibit(shown, bars=["acceptability"])


class Losses(Tab):
    """Who leaves, and what is assumed: the firm's result, how many more can go, and the law of the loss."""

    def __init__(self, desk: Desk, *, assumed: Assumptions | None = None) -> None:
        super().__init__(desk)
        words, shown = desk.words, assumed or Assumptions()
        model = desk.model
        self.ticks = {
            account: ipywidgets.Checkbox(
                value=account in shown.leaving, description=name, indent=False, layout={"width": "95%", "margin": "0"}
            )
            for account, name in model.candidates.items()
        }
        self.months = slider(words.text("Months until replaced"), shown.months_to_replace, (1, 36, 1), words)
        self.hit = slider(words.text("Months of the year hit"), shown.months_hit, (1, 12, 1), words)
        self.saved = slider(words.text("Saved at once"), shown.saved, (0.0, 0.9, 0.05), words, "percent")
        self.economy = slider(words.text("Correlation, economy"), shown.correlation, (0.0, 0.4, 0.05), words)
        self.sector = slider(words.text("Correlation, sector"), shown.sector_correlation, (0.0, 0.3, 0.05), words)
        self.sector.disabled = model.book.sector is None
        self.fixed = ipywidgets.FloatText(
            value=shown.fixed_costs or 0.0,
            description=words.text("Fixed costs of a year"),
            tooltip=words.text("0: not known"),
            continuous_update=False,
            disabled=model.book.contribution is None,
            style={"description_width": "15em"},
            layout={"width": "24em"},
        )
        titles = {
            "departures": words.text("Who leaves"),
            "break_even": words.text("Break-even"),
            "exposure_curve": words.text("Loss of a year"),
        }
        self.slide = ipywidgets.ToggleButtons(
            options=[(title, key) for key, title in titles.items()],
            style={"button_width": "12em"},
            layout={"margin": "0 0 .4em .4em"},
        )
        self.told = ipywidgets.HTML()
        moved = (self.months, self.hit, self.saved, self.economy, self.sector, self.fixed)
        side = (
            ipywidgets.HTML(panel.sentence(words.text("Tick the accounts that leave."))),
            ipywidgets.VBox(list(self.ticks.values()), layout={"height": "15em", "overflow": "auto", "width": "28em",
                                                              "border": "1px solid #d5dae0", "padding": "4px",
                                                              "display": "block"}),
            *moved,
        )  # fmt: skip
        self.box = self.beside(*side)
        right = ipywidgets.VBox([self.told, self.slide, self.view], layout={"flex": "1 1 0", "min_width": "20em"})
        self.box.children = (self.box.children[0], right)
        self.follow(*self.ticks.values(), *moved, self.slide)
        self.answer()

    @property
    def assumed(self) -> Assumptions:
        """What is assumed now."""
        return Assumptions(
            leaving=frozenset(account for account, tick in self.ticks.items() if tick.value),
            months_to_replace=float(self.months.value),
            months_hit=float(self.hit.value),
            saved=float(self.saved.value),
            correlation=float(self.economy.value),
            sector_correlation=float(self.sector.value),
            fixed_costs=float(self.fixed.value) or None,
        )

    def answer(self) -> None:
        """Show the figures and the slide that follow."""
        with self.desk.answering(views=(self.view, self.told)):
            outcome = self.desk.model.outcome(self.assumed)
            self.told.value = panel.figures(outcome.headline(setting=self.desk.setting))
            if self.slide.value in outcome.slides:
                self.view.value = panel.exhibit(outcome.slide(self.slide.value, setting=self.desk.setting))
            else:
                self.view.value = panel.sentence(self._lacking(outcome))

    def _lacking(self, outcome: Outcome) -> str:
        words = self.desk.words
        if not outcome.book.judged:
            return words.text("There are too few purchases for a probability of losing a customer.")
        if outcome.firm is None:
            return words.text("Without costs and fixed costs it is not known what the firm can bear.")
        return words.text(
            "Break-even is that of all accounts; what the firm can bear without those ticked is told above and under "
            "'Who leaves'."
        )


class Files(Tab):
    """Exhibits to choose, and the files that carry them away."""

    def __init__(self, desk: Desk, *, exhibits: list[Exhibit], chosen: tuple[str, ...] = ()) -> None:
        super().__init__(desk)
        words = desk.words
        self.exhibits = {exhibit.key: exhibit for exhibit in exhibits}
        self.choice = ipywidgets.SelectMultiple(
            options=[(exhibit.message, exhibit.key) for exhibit in exhibits],
            value=tuple(key for key in chosen if key in self.exhibits),
            rows=20,
            description=words.text("Exhibits"),
            style={"description_width": "initial"},
            layout={"width": "98%"},
        )
        self.formats = {
            form: ipywidgets.Checkbox(value=form == "pptx", description=title, indent=False, layout={"width": "auto"})
            for form, title in zip(
                FORMATS,
                (words.text("Deck (.pptx)"), words.text("Tables (.xlsx)"), words.text("Charts (.png)")),
                strict=True,
            )
        }
        self.title = ipywidgets.Text(
            value=words.text("Key accounts"), description=words.text("Title"), style={"description_width": "4em"}
        )
        self.make = ipywidgets.Button(description=words.text("Make the files"), button_style="primary")
        self.make.on_click(lambda _: self.answer())
        how = panel.sentence(words.text("Choose exhibits: Ctrl with a click adds one, Shift several in a row."))
        self.box = ipywidgets.VBox([
            ipywidgets.HTML(how),
            self.choice,
            ipywidgets.HBox([self.title, *self.formats.values(), self.make], layout={"grid_gap": "1em"}),
            self.view,
        ])  # fmt: skip

    def answer(self) -> None:
        """Make the files, and show the links that carry them."""
        words = self.desk.words
        with self.desk.answering(words.text("files"), views=(self.view,)):
            self.view.value = ""
            chosen = [self.exhibits[key] for key in self.exhibits if key in self.choice.value]
            formats = [form for form, tick in self.formats.items() if tick.value]
            made = files(chosen, formats, title=self.title.value, words=words)
            self.view.value = panel.links(made, words=words)
