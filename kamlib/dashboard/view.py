"""The dashboard as it is shown: the ledger and the period on top, three tabs below; one language at a time."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Final

import ipywidgets
from babel import Locale

from kamlib import checks, datasets, ledger, style
from kamlib.dashboard import panel, sources
from kamlib.dashboard.model import Model
from kamlib.dashboard.outcome import Assumptions
from kamlib.dashboard.tabs import Desk, Files, KeyAccounts, Losses
from kamlib.exhibits import or_lacking

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from kamlib.checks import DateLike
    from kamlib.dashboard.model import Weighting
    from kamlib.ledger import Ledger

_MONTHS: Final = (3, 6, 12, 24)
_GIVEN, _COMPANY, _UPLOAD = "given", "company", "upload"


def show(
    sales: Ledger | None = None,
    *,
    folder: str | Path | None = None,
    as_of: DateLike | None = None,
    months: int = 12,
    language: str = "en",
    fixed_costs: float | None = None,
) -> ipywidgets.VBox:
    """Show the dashboard: key accounts by weights, what it costs if accounts leave, and files to take along.

    Parameters
    ----------
    sales : Ledger, optional
        By default the shipped, fictional company.
    folder : path, optional
        Whose files can be chosen as ledgers, too; an upload is possible always.
    as_of : date, optional
        Last day of the period; by default the ledger's last.
    months : int
        Length of the period.
    language : {"en", "de"}
        To begin with; it can be switched.
    fixed_costs : float, optional
        Of a year, of the ledger shown first; by default those of the shipped company, else not known.

    Returns
    -------
    VBox
        For a notebook to show as its cell's result, or voila as a page.
    """
    return Dashboard(sales, folder=folder, as_of=as_of, months=months, language=language, fixed_costs=fixed_costs).box


class Dashboard:
    """The widgets of `show`, and what they hold; a tab is filled when it is first looked at."""

    def __init__(
        self,
        sales: Ledger | None,
        *,
        folder: str | Path | None,
        as_of: DateLike | None,
        months: int,
        language: str,
        fixed_costs: float | None,
    ) -> None:
        self._given, self._first = sales, _COMPANY if sales is None else _GIVEN
        self._fixed_costs = None if fixed_costs is None else checks.amount(fixed_costs, name="fixed_costs")
        self._files = sources.files_in(folder) if folder is not None else []
        self._uploads: dict[str, tuple[str, bytes]] = {}
        self._quiet = False
        self.sales = sales or sources.shipped()
        self.model = Model(self.sales, as_of=as_of, months=months)
        self._make_controls(style.Words(language).language)
        self._label()
        self._forget()
        self._render()

    def _make_controls(self, language: str) -> None:
        accept = ",".join(sources.ENDINGS)
        lengths = sorted({*_MONTHS, self.model.months})
        self.title = ipywidgets.HTML()
        self.language = ipywidgets.ToggleButtons(
            options=[(Locale.parse(code).display_name, code) for code in style.LANGUAGES],
            value=language,
            style={"button_width": "6em"},
        )
        self.source = ipywidgets.Dropdown(layout={"width": "20em"}, style={"description_width": "initial"})
        self.upload = ipywidgets.FileUpload(accept=accept, layout={"width": "14em"})
        self.master = ipywidgets.FileUpload(accept=accept, layout={"width": "14em"})
        self.end = ipywidgets.DatePicker(
            value=checks.day(self.model.as_of, name="as_of"),
            layout={"width": "17em"},
            style={"description_width": "initial"},
        )
        self.length = ipywidgets.Dropdown(
            options=lengths, value=self.model.months, layout={"width": "13em"}, style={"description_width": "initial"}
        )
        self.status = ipywidgets.HTML(layout={"min_height": "2em"})
        self.slots = tuple(ipywidgets.VBox(layout={"min_height": "34em"}) for _ in range(3))
        self.tabs = ipywidgets.Tab(self.slots, selected_index=0)
        row = {"align_items": "center", "flex_flow": "row wrap"}
        self.box = ipywidgets.VBox([
            ipywidgets.HBox([self.title, self.language], layout={"justify_content": "space-between", **row}),
            ipywidgets.HBox([self.source, self.upload, self.master, self.end, self.length], layout=row),
            self.status,
            self.tabs,
        ])  # fmt: skip
        self.language.observe(lambda _: self._speak(), names="value")
        self.upload.observe(lambda _: self._take("sales", self.upload), names="value")
        self.master.observe(lambda _: self._take("customers", self.master), names="value")
        for control, answer in {
            self.source: self._open,
            self.end: self._move_period,
            self.length: self._move_period,
            self.tabs: self._fill,
        }.items():
            name = "selected_index" if control is self.tabs else "value"
            control.observe(lambda _, answer=answer: None if self._quiet else answer(), names=name)

    @property
    def desk(self) -> Desk:
        """What the tabs work on."""
        return Desk(self.model, self.language.value, self.status)

    # --- another ledger, another period -------------------------------------------------------------------------------

    def _ledgers(self) -> list[tuple[str, str]]:
        words = self.desk.words
        given = []
        if self._given is not None:
            given = [(self._given.audit.format.get("source", words.text("given ledger")), _GIVEN)]
        files = [(path.name, str(path)) for path in self._files]
        upload = [(self._uploads["sales"][0], _UPLOAD)] if "sales" in self._uploads else []
        return [*given, (words.text("shipped company"), _COMPANY), *files, *upload]

    def _take(self, kind: str, widget: ipywidgets.FileUpload) -> None:
        """Take an upload of sales or customers, and read the ledger as soon as there are sales."""
        if not widget.value:
            return
        file = widget.value[0]
        uploads = self._uploads | {kind: (file["name"], bytes(file["content"]))}
        widget.value = ()  # the same file, corrected, can come again
        if "sales" in uploads:
            self._offer(_UPLOAD, uploads)
            self._open()
        else:
            self._uploads = uploads
            self.status.value = panel.sentence(self.desk.words.text("Now upload the sales of these customers."))

    def _open(self) -> None:
        """Read the ledger chosen, and begin anew with it; if it can't be read, what is shown stays."""
        read: tuple[Ledger, Model] | None = None
        with self.desk.answering(self.desk.words.text("reading the ledger")):
            sales = self._read()
            read = sales, Model(sales, months=self.length.value)
        if read is None:
            self._offer(*self._shown)
            return
        self.sales, self.model = read
        with self._quietly():
            self.end.value = self.sales.last_day
        self._forget()
        self._render()

    def _offer(self, chosen: str, uploads: dict[str, tuple[str, bytes]]) -> None:
        """Offer the ledgers that there are, and show ``chosen`` as the one that is read."""
        self._uploads = uploads
        with self._quietly():
            self.source.options = self._ledgers()
            self.source.value = chosen

    def _read(self) -> Ledger:
        if self.source.value == _UPLOAD:
            return sources.uploaded(self._uploads["sales"], customers=self._uploads.get("customers"))
        if self.source.value == _COMPANY:
            return sources.shipped()
        return self._given if self.source.value == _GIVEN and self._given else ledger.read(self.source.value)

    def _move_period(self) -> None:
        model = None
        with self.desk.answering(self.desk.words.text("one row per customer")):
            end = self.end.value or self.model.as_of  # while half a date is typed there is none
            model = Model(self.sales, as_of=end, months=self.length.value)
        if model is not None:
            self._turn_to(model)
            return
        setting = self.desk.setting  # half of a date may be typed, so the controls stay as they are
        self.status.value += panel.sentence(setting.words.text("Shown is still {period}.", period=setting.period()))

    # --- showing ------------------------------------------------------------------------------------------------------

    def _forget(self) -> None:
        """Begin with the weights of the report, and with the fixed costs given or known."""
        self.key_accounts: KeyAccounts | None = None
        self.losses: Losses | None = None
        self.files: Files | None = None
        self._listed: tuple[Weighting, Assumptions] | None = None  # what the exhibits of the last tab follow from
        self._weighting: Weighting | None = None
        self._picked: tuple[str, ...] = ()
        self._assumed = Assumptions(fixed_costs=self._known_costs())
        self._shown = (self.source.value, self._uploads)

    def _turn_to(self, model: Model) -> None:
        """Show another period of the same ledger; what was moved stays moved, fixed costs that nobody set follow it."""
        self._keep()
        untouched = self._assumed.fixed_costs == self._known_costs()
        self.model = model
        if untouched:
            self._assumed = replace(self._assumed, fixed_costs=self._known_costs())
        self._render()

    def _known_costs(self) -> float | None:
        """Return the fixed costs given or known of the year, in cents and None for 0, as their control holds them."""
        costs = self._fixed_costs if self.source.value == self._first else None
        if costs is None and self.source.value == _COMPANY:
            known = or_lacking(datasets.fixed_costs, as_of=self.model.as_of)
            costs = known if isinstance(known, float) else None
        return round(costs or 0.0, 2) or None

    def _speak(self) -> None:
        """Show everything in another language; a period that could not be shown is given up."""
        with self._quietly():
            self.end.value, self.length.value = checks.day(self.model.as_of, name="as_of"), self.model.months
        self._render()

    def _render(self) -> None:
        """Show everything in the language chosen, from the model as it is; what was moved stays moved."""
        self._keep()
        self._label()
        for slot in self.slots:
            slot.children = ()
        self._fill()

    def _keep(self) -> None:
        """Give up what the tabs show, but keep what was moved in them."""
        if self.key_accounts is not None:
            self._weighting = self.key_accounts.weighting
        if self.losses is not None:
            self._assumed = self.losses.assumed
        if self.files is not None:
            self._picked = self.files.choice.value
        self.key_accounts = self.losses = self.files = None

    def _label(self) -> None:
        words = self.desk.words
        self._offer(self.source.value or self._first, self._uploads)
        with self._quietly():
            months = self.length.value
            self.length.options = [
                (words.plural("{n} month", "{n} months", n), n) for n in sorted({*_MONTHS, self.model.months})
            ]
            self.length.value = months
        self.title.value = panel.heading(words.text("Key accounts"), self.desk.setting.period())
        self.source.description = words.text("Ledger")
        self.upload.description = words.text("Upload sales")
        self.master.description = words.text("Upload customers")
        self.end.description = words.text("Last day")
        self.length.description = words.text("Period")
        self.tabs.titles = (words.text("Key accounts"), words.text("What if they leave?"), words.text("Files"))

    def _fill(self) -> None:
        """Fill the tab that is looked at."""
        if self.tabs.selected_index == 0 and self.key_accounts is None:
            with self._filling(0):
                self.key_accounts = KeyAccounts(self.desk, weighting=self._fitting())
                self.slots[0].children = (self.key_accounts.box,)
        elif self.tabs.selected_index == 1 and self.losses is None:
            with self._filling(1, self.desk.words.text("probability of losing each account, some seconds")):
                self.losses = Losses(self.desk, assumed=self._assumed)
                self.slots[1].children = (self.losses.box,)
        elif self.tabs.selected_index == 2:
            self._fill_files()

    def _fill_files(self) -> None:
        """List the exhibits as they are now; where nothing was moved, the list and the files made of it stay."""
        desk, model = self.desk, self.model
        assumed = self._assumed if self.losses is None else self.losses.assumed
        weighting = (self._fitting() or model.start) if self.key_accounts is None else self.key_accounts.weighting
        if self.files is not None and self._listed == (weighting, assumed):
            return
        if self.files is not None:
            self._picked, self.files = self.files.choice.value, None
        with self._filling(2, desk.words.text("all exhibits, some ten seconds")):
            told = model.reported(desk.language, fixed_costs=assumed.fixed_costs, on_step=desk.tell)
            exhibits = model.on_offer(told, weighting, assumed, language=desk.language)
            self.files, self._listed = Files(desk, exhibits=exhibits, chosen=self._picked), (weighting, assumed)
            self.slots[2].children = (self.files.box,)

    @contextmanager
    def _filling(self, tab: int, doing: str = "") -> Iterator[None]:
        """Fill a tab, or tell in it why that can't be done."""
        place = ipywidgets.HTML()
        self.slots[tab].children = (place,)
        with self.desk.answering(doing, views=(place,)):
            yield

    def _fitting(self) -> Weighting | None:
        """Return the weights as they were moved, unless another ledger has other criteria."""
        criteria = [criterion for criterion, _ in self.model.start.weights]
        kept = self._weighting
        return kept if kept is not None and [c for c, _ in kept.weights] == criteria else None

    @contextmanager
    def _quietly(self) -> Iterator[None]:
        """Set controls without an answer to it."""
        self._quiet = True
        try:
            yield
        finally:
            self._quiet = False
