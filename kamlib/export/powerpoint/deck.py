"""A whole deck: its slides in order, its sections, its bytes."""

from __future__ import annotations

import datetime as dt
import io
import uuid
import zipfile
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

from pptx.opc.constants import RELATIONSHIP_TYPE
from pptx.oxml import parse_xml

from kamlib.checks import KamlibError
from kamlib.export.powerpoint import template as templates
from kamlib.export.powerpoint.slides import Slides
from kamlib.export.powerpoint.text import clean

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from kamlib.exhibits import Exhibit
    from kamlib.style import Words

_LONG_AGO: Final = dt.datetime(2000, 1, 1)  # noqa: DTZ001  # the same deck gives the same bytes, so it bears no date
_ZIPPED: Final = (1980, 1, 1, 0, 0, 0)
_DROPPED: Final = (  # what tells of the file that the template was, not of the deck
    RELATIONSHIP_TYPE.THUMBNAIL,
    RELATIONSHIP_TYPE.EXTENDED_PROPERTIES,
    RELATIONSHIP_TYPE.PRINTER_SETTINGS,
)
_SECTIONS: Final = "{521415D9-36F7-43E2-AB2F-B90AF26B5E84}"  # how PowerPoint marks its list of sections
_TABLES: Final = "tables.xlsx"


def presentation(
    content: Mapping[str, Any], *, words: Words, template: str | Path | None = None, notes: bool = False
) -> bytes:
    """Return a whole report as a deck.

    Parameters
    ----------
    content : mapping
        ``title``, ``subtitle``, ``source`` (a sentence for the foot, may be empty), ``findings`` (sentences),
        ``figures`` (pairs of a label and a figure as text), ``sections`` (each with ``title``, ``exhibits`` and
        ``skipped``, sentences on what the data could not carry) and ``appendix`` (exhibits that are no answer, such
        as the audit).
    words : Words
    template : path, optional
        The firm's own .pptx or .potx.
    notes : bool
        Write method and assumptions beside each exhibit in full, for a deck that is read alone.
    """
    slides = Slides(templates.opened(template), words, notes, content["source"], _TABLES)
    slides.cover(content["title"], content["subtitle"])
    slides.summary(content["findings"], content["figures"])
    sections = [(words.text("Summary"), 2)]
    shown = []
    for section in content["sections"]:
        made = [(slides.exhibit(exhibit), exhibit) for exhibit in section.exhibits]
        sections.append((section.title, len(made)))
        shown += made
    slides.assumptions(shown)
    lacking = [section for section in content["sections"] if section.skipped or not section.exhibits]
    slides.missing([(section.title, section.skipped) for section in lacking])
    for exhibit in content["appendix"]:
        slides.exhibit(exhibit)
    deck = slides.template.presentation
    rest = len(deck.slides) - sum(count for _, count in sections)
    _name_sections(deck, [*sections, (words.text("Appendix"), rest)])
    return _packed(deck, content["title"])


def selection(
    exhibits: Sequence[Exhibit],
    *,
    title: str | None = None,
    template: str | Path | None = None,
    notes: bool = False,
    source: str = "",
) -> bytes:
    """Return chosen exhibits as a deck, in their order, after a first page if there is a ``title``."""
    if not isinstance(exhibits, Sequence):
        raise KamlibError(f"a deck is made of a list of exhibits, not of one {type(exhibits).__name__}.")
    if not exhibits:
        raise KamlibError("a deck needs at least one exhibit; the list of exhibits is empty.")
    for number, one in enumerate(exhibits, 1):
        if not hasattr(one, "native"):  # such as what stands in the place of an exhibit that the data can't carry
            raise KamlibError(f"number {number} of the exhibits is none: {str(one)!r}; leave it out.")
    made = Slides(templates.opened(template), exhibits[0].words, notes, source)
    if title:
        made.cover(title, "")
    for exhibit in exhibits:
        made.exhibit(exhibit)
    return _packed(made.template.presentation, title or exhibits[0].message)


def _name_sections(deck: Any, sections: Sequence[tuple[str, int]]) -> None:
    """Group the slides as PowerPoint's overview shows them; ``sections`` are titles and how many slides each has."""
    space = "http://schemas.microsoft.com/office/powerpoint/2010/main"
    numbers = iter([slide.slide_id for slide in deck.slides])
    listed = parse_xml(f'<p14:sectionLst xmlns:p14="{space}"/>')
    for place, (title, count) in enumerate(sections):
        if not count:
            continue
        section = listed.makeelement(f"{{{space}}}section")
        number = uuid.uuid5(uuid.NAMESPACE_OID, f"{place} {clean(title)}")
        section.attrib.update({"name": clean(title), "id": f"{{{str(number).upper()}}}"})
        held = section.makeelement(f"{{{space}}}sldIdLst")
        for _ in range(count):
            held.append(held.makeelement(f"{{{space}}}sldId", {"id": str(next(numbers))}))
        section.append(held)
        listed.append(section)
    main = "http://schemas.openxmlformats.org/presentationml/2006/main"
    extension = parse_xml(f'<p:extLst xmlns:p="{main}"><p:ext uri="{_SECTIONS}"/></p:extLst>')
    extension[0].append(listed)
    deck.element.append(extension)


def _packed(deck: Any, title: str) -> bytes:
    """Return the deck as a file that tells nothing of the machine it was made on."""
    about = deck.core_properties
    about.title, about.created, about.modified, about.revision = clean(title)[:255], _LONG_AGO, _LONG_AGO, 1
    about.author = about.last_modified_by = about.comments = about.keywords = about.subject = about.category = ""
    for holder in (deck.part.package, deck.part):
        for number, relation in list(holder._rels.items()):  # noqa: SLF001  # python-pptx has no door to them
            if relation.reltype in _DROPPED:
                holder._rels.pop(number)  # noqa: SLF001
    buffer, fixed = io.BytesIO(), io.BytesIO()
    deck.save(buffer)
    with zipfile.ZipFile(buffer) as loose, zipfile.ZipFile(fixed, "w", zipfile.ZIP_DEFLATED) as packed:
        for part in loose.infolist():
            entry = zipfile.ZipInfo(part.filename, _ZIPPED)
            entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o600 << 16
            packed.writestr(entry, loose.read(part))
    return fixed.getvalue()
